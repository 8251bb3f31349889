//! Split every chain into halves, so that a chain that drifts disagrees with itself.
//!
//! A chain with an odd number of draws loses its middle one.
//!
//! # References
//! - Gelman et al. (2013), Bayesian data analysis, third edition, section 11.4.

use super::scalar_draws::{ScalarDraws, sum};

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
        let mean = sum(&self.means) / self.halves() as f64;
        let squares: f64 = self.means.iter().map(|value| (value - mean) * (value - mean)).sum();
        squares / (self.halves() - 1) as f64
    }

    /// Mean over the halves of their autocovariances, `1/n sum_t x[t] x[t + lag]`.
    pub(super) fn autocovariance(&self, lag: usize) -> f64 {
        let halves = self.centered.chunks_exact(self.length);
        let products: f64 = halves.map(|half| dot(&half[..self.length - lag], &half[lag..])).sum();
        products / self.count() as f64
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

/// The sum of products, over eight interleaved partial sums.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut partial = [0.0; 8];
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<8>(), right.as_chunks::<8>());
    for (left, right) in left.iter().zip(right) {
        for lane in 0..8 {
            partial[lane] += left[lane] * right[lane];
        }
    }
    partial.iter().sum::<f64>() + left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum::<f64>()
}
