//! Estimate a diagonal metric from moments of draws and of gradients.
//!
//! ```text
//! Fisher:    s^2 = sqrt(var(q) / var(g))        g: gradient of the log density at q
//! variance:  s^2 = n/(n + 5) var(q) + 5/(n + 5) 1e-3
//! first:     s^2 = 1 / |g|   at one position
//! ```
//!
//! The Fisher metric minimises the Fisher divergence between the target and a normal with diagonal covariance. It is
//! exact for a normal with independent elements after two draws, from wherever they come.
//!
//! # References
//! - Seyboldt, Carlson, Carpenter (2026), Fisher divergence for mass matrix adaptation. arXiv:2603.18845
//! - nutpie's `nuts-rs` 0.18, `transform/adapt/diagonal.rs` (the first metric).
//! - Stan Development Team, `var_adaptation.hpp` (the shrinkage of the variance).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use crate::mcmc::{SampleError, named};

/// How the metric is estimated, and when during warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metric {
    /// The identity.
    Unit,
    /// Diagonal, from the variances of draws; Stan's schedule.
    VarianceDiagonal,
    /// Diagonal, from the variances of draws and of gradients; nutpie's schedule.
    FisherDiagonal,
    /// The covariance of draws; Stan's schedule.
    Dense,
    /// Diagonal with a correction of low rank, from draws and gradients; nutpie's schedule.
    LowRank,
}

impl Metric {
    /// Every metric under its name.
    pub const NAMES: [(&str, Self); 5] = [
        ("unit", Self::Unit),
        ("variance", Self::VarianceDiagonal),
        ("fisher", Self::FisherDiagonal),
        ("dense", Self::Dense),
        ("low_rank", Self::LowRank),
    ];

    /// Whether it is a number for each element of a position.
    pub fn is_diagonal(self) -> bool {
        matches!(self, Self::Unit | Self::VarianceDiagonal | Self::FisherDiagonal)
    }
}

impl FromStr for Metric {
    type Err = SampleError;

    fn from_str(name: &str) -> Result<Self, SampleError> {
        named("metric", name, &Self::NAMES)
    }
}

/// Smallest and largest element of a metric.
const LIMITS: [f64; 2] = [1e-20, 1e20];

/// Writes the square root of the first metric.
///
/// # Shapes
/// - `gradient`, `scale`: `[dim]`
pub(super) fn write_first_scale(gradient: &[f64], scale: &mut [f64]) {
    for (scale, g) in scale.iter_mut().zip(gradient) {
        *scale = root(1.0 / g.abs());
    }
}

/// Writes the square root of the Fisher metric.
///
/// # Shapes
/// - `scale`: `[dim]`
pub(crate) fn write_fisher_scale(position: &Moments, gradient: &Moments, scale: &mut [f64]) {
    for ((scale, q), g) in scale.iter_mut().zip(&position.squares).zip(&gradient.squares) {
        *scale = root((q / g).sqrt());
    }
}

/// Writes the square root of the variance metric.
///
/// # Shapes
/// - `scale`: `[dim]`
pub(super) fn write_variance_scale(position: &Moments, scale: &mut [f64]) {
    let count = position.count;
    let weight = count / (count + 5.0);
    for (scale, q) in scale.iter_mut().zip(&position.squares) {
        *scale = root(weight * q / (count - 1.0) + (1.0 - weight) * 1e-3);
    }
}

/// Square root of an element of a metric; 1 where it is not defined.
fn root(element: f64) -> f64 {
    let [least, most] = LIMITS;
    if element.is_nan() { 1.0 } else { element.clamp(least, most).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments<const N: usize>(rows: &[[f64; N]]) -> Moments {
        let mut moments = Moments::new(N);
        rows.iter().for_each(|row| moments.add(row));
        moments
    }

    #[test]
    fn fisher_metric_of_a_normal_is_exact_after_two_draws_from_anywhere() {
        let precisions = [1e-3, 1.0, 1e4];
        let draws = [[5.0, 1.0, -3.0], [4.0, 7.0, 0.5]];
        let gradients =
            draws.map(|draw| std::array::from_fn::<f64, 3, _>(|i| -precisions[i] * (draw[i] - 2.0)));
        let mut scale = [0.0; 3];
        write_fisher_scale(&moments(&draws), &moments(&gradients), &mut scale);
        for (scale, precision) in scale.iter().zip(precisions) {
            assert!((scale * scale * precision - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn variance_metric_is_shrunk_as_stan_shrinks_it() {
        let mut scale = [0.0];
        write_variance_scale(&moments(&[[1.0], [2.0], [3.0], [6.0]]), &mut scale);
        let expected = 4.0 / 9.0 * (14.0 / 3.0) + 1e-3 * 5.0 / 9.0;
        assert!((scale[0] * scale[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn elements_that_never_moved_keep_the_metric_finite_and_positive() {
        let mut scale = [0.0; 3];
        write_first_scale(&[0.0, 4.0, -1e-300], &mut scale);
        assert_eq!(scale, [1e10, 0.5, 1e10]);
        let draws = moments(&[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 2.0, 0.0]]);
        let gradients = moments(&[[0.0, 4.0, -1e-300], [0.0, 4.0, 1.0], [0.0, 4.0, 2.0]]);
        write_fisher_scale(&draws, &gradients, &mut scale);
        assert_eq!(scale, [1.0, 1e10, 1e-10]);
    }

    #[test]
    fn every_metric_is_known_by_its_name() {
        for (name, metric) in Metric::NAMES {
            assert_eq!(name.parse::<Metric>().unwrap(), metric);
        }
        let error = "euclid".parse::<Metric>().unwrap_err().to_string();
        assert!(Metric::NAMES.iter().all(|(name, _)| error.contains(name)), "{error}");
    }
}
