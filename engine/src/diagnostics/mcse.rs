//! Say how far the mean and the standard deviation of the draws may be off because there are finitely many.
//!
//! ```text
//! mcse_mean = sd / sqrt(ess_mean)
//! mcse_sd   = sqrt((E[c^2] - E[c]^2) / ess / (4 E[c])),  c = (x - mean)^2, ess that of the mean of c
//! ```
//!
//! # References
//! - Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and localization: an improved
//!   R-hat for assessing convergence of MCMC, section 4.4. arXiv:1903.08008
//! - Kenney, Keeping (1951), Mathematics of statistics, part 2, on the variance of a standard deviation.

use super::ess::{ess_mean, ess_sd};
use super::scalar_draws::{ScalarDraws, sum};

/// Standard error of the mean of the draws; NaN below four draws or with a NaN among them.
pub fn mcse_mean(draws: ScalarDraws<'_>) -> f64 {
    let squares = draws.squared_distances(draws.mean());
    of_mean(&squares, ess_mean(draws))
}

/// Standard error of the standard deviation of the draws; NaN as in [`mcse_mean`] and when all draws are equal.
pub fn mcse_sd(draws: ScalarDraws<'_>) -> f64 {
    of_sd(&draws.squared_distances(draws.mean()), ess_sd(draws))
}

/// Standard error of the mean from squared distances to it and the effective size for the mean.
pub(super) fn of_mean(squares: &[f64], ess: f64) -> f64 {
    (sum(squares) / (squares.len() as f64 - 1.0) / ess).sqrt()
}

/// Standard error of the standard deviation from squared distances to the mean and the effective size for theirs.
pub(super) fn of_sd(squares: &[f64], ess: f64) -> f64 {
    let count = squares.len() as f64;
    let mean = sum(squares) / count;
    let mean_square = squares.iter().map(|square| square * square).sum::<f64>() / count;
    ((mean_square - mean * mean) / ess / mean / 4.0).sqrt()
}
