//! Sort a quantity's draws once and read quantiles, median and ranks off the order.
//!
//! Draws are sorted by the leading 33 bits of where they lie between the smallest and the largest, in three stable
//! passes of a radix sort; the few that still tie are sorted by comparison.
//!
//! # References
//! - Hyndman, Fan (1996), Sample quantiles in statistical packages, definition 7. doi:10.2307/2684934
//! - Knuth (1998), The art of computer programming, volume 3, section 5.2.5, algorithm R.

use super::scalar_draws::ScalarDraws;

/// Draws in increasing order, with where each one stands among the draws. Its memory is used again by the next sort.
#[derive(Default)]
pub(super) struct Order {
    /// Increasing; NaN comes last.
    pub(super) values: Vec<f64>,
    /// Index of each of `values` in the draws.
    pub(super) places: Vec<u32>,
    keyed: Vec<(u64, u32)>,
    spare: Vec<(u64, u32)>,
}

impl Order {
    pub(super) fn of(draws: ScalarDraws<'_>) -> Self {
        let mut order = Self::default();
        order.sort(draws);
        order
    }

    /// Becomes the order of these draws.
    pub(super) fn sort(&mut self, draws: ScalarDraws<'_>) {
        self.keyed.clear();
        self.keyed
            .extend(draws.values().iter().zip(0..).map(|(&value, place)| (increasing_key(value), place)));
        sort_by_key(&mut self.keyed, &mut self.spare);
        self.values.clear();
        self.values.extend(self.keyed.iter().map(|&(_, place)| draws.values()[place as usize]));
        self.places.clear();
        self.places.extend(self.keyed.iter().map(|&(_, place)| place));
    }

    pub(super) fn median(&self) -> f64 {
        let count = self.values.len();
        if count.is_multiple_of(2) {
            (self.values[count / 2 - 1] + self.values[count / 2]) / 2.0
        } else {
            self.values[count / 2]
        }
    }

    pub(super) fn quantile(&self, probability: f64) -> f64 {
        let count = self.values.len();
        let position = count as f64 * probability + (1.0 - probability);
        let below = position.clamp(1.0, count as f64 - 1.0).floor();
        let weight = (position - below).clamp(0.0, 1.0);
        let below = below as usize;
        (1.0 - weight) * self.values[below - 1] + weight * self.values[below]
    }

    /// Becomes the order of the distances from `center` of what `order` has, found by merging the values below it,
    /// reversed, with those above.
    pub(super) fn fold(&mut self, order: &Order, center: f64) {
        let count = order.values.len();
        let distance = |at: usize| (order.values[at] - center).abs();
        let mut above = order.values.partition_point(|value| *value < center);
        let mut below = above;
        self.values.resize(count, 0.0);
        self.places.resize(count, 0);
        for (value, place) in self.values.iter_mut().zip(&mut self.places) {
            // Which side is nearer is a coin toss: selected, not branched on.
            let lower = if below > 0 { distance(below - 1) } else { f64::INFINITY };
            let upper = if above < count { distance(above) } else { f64::INFINITY };
            let is_lower = (lower <= upper) & (below > 0) | (above == count);
            *value = if lower < upper { lower } else { upper };
            *place = order.places[if is_lower { below.wrapping_sub(1) } else { above }];
            below -= usize::from(is_lower);
            above += usize::from(!is_lower);
        }
    }
}

/// An integer that orders like the value; NaN is largest.
fn increasing_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_nan() {
        u64::MAX
    } else if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}

/// Bits that one pass of the radix sort looks at.
const DIGIT: u32 = 11;

/// Passes of the radix sort.
const PASSES: u32 = 3;

fn sort_by_key(keyed: &mut Vec<(u64, u32)>, spare: &mut Vec<(u64, u32)>) {
    let smallest = keyed.iter().map(|(key, _)| *key).min().unwrap_or(0);
    let largest = keyed.iter().map(|(key, _)| *key).max().unwrap_or(0);
    let shift = (u64::BITS - (largest - smallest).leading_zeros()).saturating_sub(DIGIT * PASSES);
    let lead = |key: u64| (key - smallest) >> shift;
    spare.resize(keyed.len(), (0, 0));
    for pass in 0..PASSES {
        let digit = |key: u64| (lead(key) >> (DIGIT * pass)) as usize % (1 << DIGIT);
        let mut next = [0_u32; 1 << DIGIT];
        keyed.iter().for_each(|(key, _)| next[digit(*key)] += 1);
        let mut start = 0;
        for count in &mut next {
            (*count, start) = (start, start + *count);
        }
        for entry in keyed.iter() {
            let place = &mut next[digit(entry.0)];
            spare[*place as usize] = *entry;
            *place += 1;
        }
        std::mem::swap(keyed, spare);
    }
    for ties in keyed.chunk_by_mut(|left, right| lead(left.0) == lead(right.0)) {
        if ties.len() > 1 {
            ties.sort_unstable_by_key(|(key, _)| *key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_a_comparison_sort() {
        let waves: Vec<f64> =
            (0..5000).map(|at| (f64::from(at) * 0.37).sin() * 10_f64.powi(at % 40 - 20)).collect();
        let close: Vec<f64> = (0..3000).map(|at| 1e6 + f64::from(at * 7919 % 3001) * 1e-9).collect();
        let ties: Vec<f64> = (0..3000).map(|at| f64::from(at * 7919 % 7) - 3.0).collect();
        let ends = vec![f64::INFINITY, -0.0, f64::NEG_INFINITY, 0.0, f64::MAX, 5e-324, -5e-324, f64::MIN];
        for values in [waves, close, ties, ends, vec![1.0], vec![]] {
            let order = Order::of(ScalarDraws::new(&values, 1));
            let mut expected = values.clone();
            expected.sort_by(f64::total_cmp);
            assert_eq!(order.values, expected);
            let gathered: Vec<f64> = order.places.iter().map(|&place| values[place as usize]).collect();
            assert_eq!(gathered, expected);
            let mut places = order.places;
            places.sort_unstable();
            assert!(places.into_iter().eq(0..values.len() as u32));
        }
    }

    #[test]
    fn folded_order_is_that_of_the_distances() {
        let values: Vec<f64> = (0..1001).map(|at| (f64::from(at) * 0.37).sin()).collect();
        let order = Order::of(ScalarDraws::new(&values, 1));
        for center in [order.median(), -2.0, 2.0, 0.3] {
            let mut expected: Vec<f64> = values.iter().map(|value| (value - center).abs()).collect();
            expected.sort_by(f64::total_cmp);
            let mut folded = Order::default();
            folded.fold(&order, center);
            assert_eq!(folded.values, expected);
            for (distance, place) in folded.values.iter().zip(&folded.places) {
                assert_eq!(*distance, (values[*place as usize] - center).abs());
            }
        }
    }
}
