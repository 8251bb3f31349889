//! Split every chain into halves, so that a chain that drifts disagrees with itself.
//!
//! A chain with an odd number of draws loses its middle one.
//!
//! # References
//! - Gelman et al. (2013), Bayesian data analysis, third edition, section 11.4.

use super::scalar_draws::{ScalarDraws, sum, variance};

/// What NumPy calls the resolution of a double.
const RESOLUTION: f64 = 1e-15;

/// Halves of chains, each with its mean subtracted.
pub(super) struct HalfChains {
    centered: Vec<f64>,
    length: usize,
    means: Vec<f64>,
    is_constant: bool,
}

impl HalfChains {
    /// Splits values that are laid out like `draws`.
    pub(super) fn split(draws: ScalarDraws<'_>, values: impl Iterator<Item = f64>) -> Self {
        let half = draws.draws() / 2;
        let mut kept: Vec<f64> = values.collect();
        if !draws.draws().is_multiple_of(2) {
            let mut at = 0;
            kept.retain(|_| {
                at += 1;
                (at - 1) % (2 * half + 1) != half
            });
        }
        Self::new(kept, half)
    }

    /// Takes halves of `length` values each, one after another.
    pub(super) fn new(values: Vec<f64>, length: usize) -> Self {
        let is_constant = is_constant(&values);
        let mut centered = values;
        let mut means = Vec::with_capacity(centered.len() / length);
        for half in centered.chunks_exact_mut(length) {
            let mean = sum(half) / length as f64;
            half.iter_mut().for_each(|value| *value -= mean);
            means.push(mean);
        }
        Self { centered, length, means, is_constant }
    }

    /// Number of values.
    pub(super) fn count(&self) -> usize {
        self.centered.len()
    }

    /// Half after half, the mean of each subtracted.
    pub(super) fn centered(&self) -> &[f64] {
        &self.centered
    }

    /// Number of values of a half.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Number of halves.
    pub(super) fn halves(&self) -> usize {
        self.means.len()
    }

    /// True when all values are the same to the last digits.
    pub(super) fn is_constant(&self) -> bool {
        self.is_constant
    }

    /// Variance of the means of the halves.
    pub(super) fn variance_of_means(&self) -> f64 {
        variance(&self.means)
    }

    /// Mean over the halves of their autocovariances `1/n sum_t x[t] x[t + lag]` at this lag and the next one.
    ///
    /// # Panics
    /// When the next lag is not below [`length`](Self::length).
    pub(super) fn autocovariances(&self, lag: usize) -> (f64, f64) {
        let (mut here, mut next) = (0.0, 0.0);
        for half in self.centered.chunks_exact(self.length) {
            let both = self.length - lag - 1;
            let products = dot_two(&half[..both], &half[lag..][..both], &half[lag + 1..]);
            here += products.0 + half[both] * half[self.length - 1];
            next += products.1;
        }
        (here / self.count() as f64, next / self.count() as f64)
    }
}

/// True when the range of the values is below the resolution of numbers near one.
fn is_constant(values: &[f64]) -> bool {
    // Almost always the first few values tell.
    let is_near_first = |value: &f64| (value - values[0]).abs() < RESOLUTION;
    values.iter().all(is_near_first) && {
        let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        largest - smallest < RESOLUTION
    }
}

/// The sums of products of `left` with `first` and with `second`, over eight interleaved partial sums each.
fn dot_two(left: &[f64], first: &[f64], second: &[f64]) -> (f64, f64) {
    let mut sums = ([0.0; 8], [0.0; 8]);
    let (left, left_rest) = left.as_chunks::<8>();
    let (first, first_rest) = first.as_chunks::<8>();
    let (second, second_rest) = second.as_chunks::<8>();
    for ((left, first), second) in left.iter().zip(first).zip(second) {
        for lane in 0..8 {
            sums.0[lane] += left[lane] * first[lane];
            sums.1[lane] += left[lane] * second[lane];
        }
    }
    let rest = |other: &[f64]| left_rest.iter().zip(other).map(|(left, other)| left * other).sum::<f64>();
    (sums.0.iter().sum::<f64>() + rest(first_rest), sums.1.iter().sum::<f64>() + rest(second_rest))
}
