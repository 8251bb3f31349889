//! Draws several numbers that belong together: counts of categories, proportions, and places by their weights.

use super::Generator;

impl Generator {
    /// A multinomial vector of counts.
    pub(in crate::language) fn multinomial(&mut self, n: f64, proportions: &[f64]) -> Vec<f64> {
        let mut counts = vec![0.0; proportions.len()];
        let (mut rest, mut left) = (1.0, n);
        let Some(last) = proportions.len().checked_sub(1) else {
            return counts;
        };
        for (count, p) in counts.iter_mut().zip(&proportions[..last]) {
            *count = self.binomial(left, (p / rest).clamp(0.0, 1.0));
            left -= *count;
            if left <= 0.0 {
                return counts;
            }
            rest -= p;
        }
        counts[last] = left;
        counts
    }

    /// A Dirichlet vector of proportions.
    pub(in crate::language) fn dirichlet(&mut self, alpha: &[f64]) -> Vec<f64> {
        if !self.is_legacy() && alpha.iter().all(|a| *a < 0.1) {
            return self.dirichlet_by_breaking(alpha);
        }
        let numbers: Vec<f64> = alpha.iter().map(|&a| self.standard_gamma(a)).collect();
        let scale = 1.0 / numbers.iter().fold(0.0, |sum, x| sum + x);
        numbers.into_iter().map(|x| x * scale).collect()
    }

    /// By beta numbers, which do not all become zero where every `alpha` is small.
    fn dirichlet_by_breaking(&mut self, alpha: &[f64]) -> Vec<f64> {
        let mut sums = alpha.to_vec();
        for k in (1..sums.len()).rev() {
            sums[k - 1] = sums[k] + alpha[k - 1];
        }
        let mut proportions = vec![0.0; alpha.len()];
        let mut rest = 1.0;
        for k in 0..alpha.len() {
            if k + 1 == alpha.len() {
                proportions[k] = rest;
            } else if sums[k + 1] == 0.0 {
                proportions[k] = rest;
                break;
            } else if alpha[k] > 0.0 {
                let share = self.beta(alpha[k], sums[k + 1]);
                proportions[k] = rest * share;
                rest *= 1.0 - share;
            }
        }
        proportions
    }

    /// Places drawn by their weights, again and again.
    pub(in crate::language) fn weighted(&mut self, weights: &[f64], size: usize) -> Vec<usize> {
        let cumulative = cumulative(weights);
        (0..size).map(|_| search(&cumulative, self.uniform())).collect()
    }

    /// Different places drawn by their weights.
    pub(in crate::language) fn weighted_subset(&mut self, weights: &[f64], size: usize) -> Vec<usize> {
        let mut weights = weights.to_vec();
        let mut places: Vec<usize> = Vec::with_capacity(size);
        let mut is_taken = vec![false; weights.len()];
        while places.len() < size {
            let drawn: Vec<f64> = (places.len()..size).map(|_| self.uniform()).collect();
            places.iter().for_each(|&place| weights[place] = 0.0);
            let cumulative = cumulative(&weights);
            for u in drawn {
                let place = search(&cumulative, u);
                if !std::mem::replace(&mut is_taken[place], true) {
                    places.push(place);
                }
            }
        }
        places
    }
}

/// Cumulative sums of weights, as parts of their sum.
fn cumulative(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = weights
        .iter()
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect();
    sums.iter_mut().for_each(|x| *x /= sum);
    sums
}

/// The first place whose cumulative sum is above a number below 1.
fn search(cumulative: &[f64], u: f64) -> usize {
    cumulative.partition_point(|sum| *sum <= u).min(cumulative.len() - 1)
}
