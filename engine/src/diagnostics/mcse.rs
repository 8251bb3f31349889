//! Say how far mean, standard deviation and quantiles of the draws may be off because there are finitely many.
//!
//! ```text
//! mcse_mean = sd / sqrt(ess_mean)
//! mcse_sd   = sqrt((E[c^2] - E[c]^2) / ess / (4 E[c])),  c = (x - mean)^2, ess that of the mean of c
//! mcse_quantile = half the distance of the draws of rank S b, b the 16 % and 84 % quantiles of
//!                 Beta(ess p + 1, ess (1 - p) + 1), ess that of the quantile
//! mcse_across   = sqrt(variance of the chains' means / chains)
//! ```
//!
//! The last one needs no autocorrelations: independent chains are independent draws of their mean, however short they
//! are. It is off by a share of about `1 / sqrt(2 chains)`, so it takes many chains.
//!
//! # References
//! - Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and localization: an improved
//!   R-hat for assessing convergence of MCMC, sections 4.3 and 4.4. arXiv:1903.08008
//! - Kenney, Keeping (1951), Mathematics of statistics, part 2, on the variance of a standard deviation.
//! - Margossian et al. (2024), Nested R-hat: assessing the convergence of Markov chain Monte Carlo when running many
//!   short chains (variance over independent chains). doi:10.1214/24-BA1453

use statrs::distribution::{Beta, ContinuousCDF};

use super::ess::{ess_mean, ess_sd, quantile_of};
use super::fourier::Fourier;
use super::order::Order;
use super::scalar_draws::{ScalarDraws, sum, variance};

/// Probabilities of a normal variable one deviation below and above its mean, with ArviZ's digits.
const ONE_DEVIATION: [f64; 2] = [0.1586553, 0.8413447];

/// Standard error of the mean of the draws; NaN below four draws or with a NaN among them.
pub fn mcse_mean(draws: ScalarDraws<'_>) -> f64 {
    let squares = draws.squared_distances(draws.mean());
    of_mean(&squares, ess_mean(draws))
}

/// Standard error of the standard deviation of the draws; NaN as in [`mcse_mean`] and when all draws are equal.
pub fn mcse_sd(draws: ScalarDraws<'_>) -> f64 {
    of_sd(&draws.squared_distances(draws.mean()), ess_sd(draws))
}

/// Standard error of a quantile of the draws; NaN as in [`mcse_mean`].
///
/// # Panics
/// When the probability is not in `[0, 1]`.
pub fn mcse_quantile(draws: ScalarDraws<'_>, probability: f64) -> f64 {
    assert!(
        (0.0..=1.0).contains(&probability),
        "the probability of a quantile must be in [0, 1], not {probability}"
    );
    if draws.is_unusable() {
        return f64::NAN;
    }
    let order = Order::of(draws);
    let ess = quantile_of(draws, &order, probability, &mut Fourier::new());
    let Ok(beta) = Beta::new(ess * probability + 1.0, ess * (1.0 - probability) + 1.0) else {
        return f64::NAN;
    };
    let count = order.values.len() as f64;
    let [below, above] = ONE_DEVIATION.map(|deviation| beta.inverse_cdf(deviation) * count - 1.0);
    let (below, above) = (below.max(0.0).floor(), above.min(count - 1.0).ceil());
    (order.values[above as usize] - order.values[below as usize]) / 2.0
}

/// Standard error of the mean of the draws from the spread of the chains' means; NaN for one chain.
pub fn mcse_across(draws: ScalarDraws<'_>) -> f64 {
    let means: Vec<f64> = draws.each_chain().map(ScalarDraws::mean).collect();
    (variance(&means) / means.len() as f64).sqrt()
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
