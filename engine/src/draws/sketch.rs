//! Keep quantiles of numbers that come one after another, in memory that does not grow with their count.
//!
//! ```text
//! centroids (mean, weight) in order of the mean; from rank q to rank r may be one centroid when
//! k(r) - k(q) <= 1,  k(q) = size / (2 pi) asin(2 q - 1)
//! ```
//!
//! Centroids are small near the ends, so that quantiles there are sharpest. What is found depends a little, within the
//! error of the sketch, on the order in which the numbers came.
//!
//! # References
//! - Dunning, Ertl (2019), Computing extremely accurate quantiles using t-digests, algorithm 1 (merging), scale function
//!   k1. arXiv:1902.04023

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The paper's delta: there are at most about twice as many centroids.
const SIZE: f64 = 200.0;
/// Numbers that are collected before they are merged.
const COLLECTED: usize = 500;

/// A sketch of a distribution.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Sketch {
    /// Mean and weight, in order.
    centroids: Vec<(f64, f64)>,
    collected: Vec<f64>,
    least: f64,
    largest: f64,
    /// Whether there was a number that is not finite.
    is_broken: bool,
}

impl Sketch {
    /// Takes in a number.
    pub(super) fn push(&mut self, value: f64) {
        if !value.is_finite() {
            self.is_broken = true;
            return;
        }
        if self.centroids.is_empty() && self.collected.is_empty() {
            (self.least, self.largest) = (value, value);
        }
        (self.least, self.largest) = (self.least.min(value), self.largest.max(value));
        self.collected.push(value);
        if self.collected.len() == COLLECTED {
            self.merge();
        }
    }

    fn merge(&mut self) {
        let mut all: Vec<(f64, f64)> = self.collected.drain(..).map(|value| (value, 1.0)).collect();
        all.append(&mut self.centroids);
        all.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let total: f64 = all.iter().map(|(_, weight)| weight).sum();
        let scale = |rank: f64| SIZE / (2.0 * PI) * (2.0 * rank - 1.0).clamp(-1.0, 1.0).asin();
        let mut before = 0.0;
        for (mean, weight) in all {
            let fits = |(_, so_far): &(f64, f64)| {
                scale((before + so_far + weight) / total) - scale(before / total) <= 1.0
            };
            match self.centroids.last_mut().filter(|last| fits(last)) {
                Some((center, so_far)) => {
                    *so_far += weight;
                    *center += (mean - *center) * weight / *so_far;
                }
                None => {
                    before += self.centroids.last().map_or(0.0, |(_, weight)| *weight);
                    self.centroids.push((mean, weight));
                }
            }
        }
    }

    /// The quantile at probability `q`, linear between the centres of the centroids; NaN when there is no number or one
    /// that is not finite.
    pub(super) fn quantile(&self, q: f64) -> f64 {
        let mut whole = self.clone();
        whole.merge();
        if whole.is_broken || whole.centroids.is_empty() {
            return f64::NAN;
        }
        let total: f64 = whole.centroids.iter().map(|(_, weight)| weight).sum();
        let wanted = q * total;
        let (mut rank, mut value, mut before) = (0.0, whole.least, 0.0);
        for &(mean, weight) in &whole.centroids {
            let center = before + weight / 2.0;
            if wanted < center {
                return value + (mean - value) * (wanted - rank) / (center - rank);
            }
            (rank, value) = (center, mean);
            before += weight;
        }
        value + (whole.largest - value) * (wanted - rank) / (total - rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of a heavy-tailed, skewed distribution in no order.
    fn numbers(count: u64) -> Vec<f64> {
        let uniform = |at: u64| {
            let mixed = (at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            ((mixed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        (0..count).map(|at| 1e6 + (-uniform(at).ln()).powi(3)).collect()
    }

    #[test]
    fn quantiles_are_those_of_the_sorted_numbers_within_a_thousandth_in_rank() {
        for count in [1, 2, 499, 500, 501, 30_000] {
            let mut sorted = numbers(count);
            let mut sketch = Sketch::default();
            sorted.iter().for_each(|&value| sketch.push(value));
            sorted.sort_by(f64::total_cmp);
            for q in [0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0] {
                let seen = sketch.quantile(q);
                let below = sorted.partition_point(|&value| value < seen) as f64;
                let to = sorted.partition_point(|&value| value <= seen) as f64;
                let error = (below - q * count as f64).max(q * count as f64 - to).max(0.0);
                assert!(error <= 1.0 + 1e-3 * count as f64, "{count} numbers, {q}: {seen} is off by {error}");
            }
        }
    }

    #[test]
    fn memory_does_not_grow_with_the_count() {
        let mut sketch = Sketch::default();
        numbers(200_000).into_iter().for_each(|value| sketch.push(value));
        assert!(sketch.centroids.len() <= 2 * SIZE as usize, "{} centroids", sketch.centroids.len());
    }

    #[test]
    fn nothing_and_numbers_that_are_not_finite_have_no_quantile() {
        let mut sketch = Sketch::default();
        assert!(sketch.quantile(0.5).is_nan());
        [1.0, f64::INFINITY].into_iter().for_each(|value| sketch.push(value));
        assert!(sketch.quantile(0.5).is_nan());
    }
}
