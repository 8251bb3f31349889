//! Find the narrowest interval that holds a given share of the draws.
//!
//! # References
//! - Chen, Shao (1999), Monte Carlo estimation of Bayesian credible and HPD intervals, section 3.
//!   doi:10.1080/10618600.1999.10474802

use super::order::Order;
use super::scalar_draws::ScalarDraws;

/// Highest density interval of draws with one mode; NaN when there are no draws.
///
/// # Panics
/// When the probability is not in `[0, 1)`.
pub fn hdi(draws: ScalarDraws<'_>, probability: f64) -> (f64, f64) {
    narrowest(&Order::of(draws).values, probability)
}

/// The first of the narrowest intervals; one that a NaN ends counts as narrowest.
pub(super) fn narrowest(increasing: &[f64], probability: f64) -> (f64, f64) {
    assert!(
        (0.0..1.0).contains(&probability),
        "the probability of an interval must be in [0, 1), not {probability}"
    );
    let inside = (probability * increasing.len() as f64).floor() as usize;
    let mut best = (f64::NAN, f64::NAN);
    let mut width = f64::INFINITY;
    for (lower, upper) in increasing.iter().zip(&increasing[inside..]) {
        let candidate = upper - lower;
        if candidate.is_nan() {
            return (*lower, *upper);
        }
        if candidate < width || best.0.is_nan() {
            (best, width) = ((*lower, *upper), candidate);
        }
    }
    best
}
