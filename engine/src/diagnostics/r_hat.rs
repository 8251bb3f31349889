//! Compare the spread between chains with the spread within them.
//!
//! ```text
//! R-hat = sqrt((B/W + n - 1) / n),  B/n variance of the means of halves of chains, W mean of their variances
//! ```
//!
//! The larger one of two values is reported: for the normal scores of the draws, and for those of their distances
//! from the median, which notices chains that differ in scale.
//!
//! # Differences from the paper
//! As in ArviZ's summary the median is that of all draws, also when an odd number of draws leaves the middle one of
//! each chain out of everything else. (ArviZ's `rhat` alone takes it out of the median too.)
//!
//! # References
//! - Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and localization: an improved
//!   R-hat for assessing convergence of MCMC, equations 1-4, 14-15. arXiv:1903.08008

use super::half_chains::HalfChains;
use super::order::Order;
use super::rank_normalize::NormalScores;
use super::scalar_draws::ScalarDraws;

/// Rank-normalised split R-hat; NaN for one chain, below four draws, with a NaN among them or when all are equal.
pub fn r_hat(draws: ScalarDraws<'_>) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    let (order, scores) = (Order::of(draws), NormalScores::for_halves(draws.chains(), draws.draws()));
    let bulk = scores.halves(draws, &order);
    of_bulk_and_tail(draws, &order, &mut Order::default(), &scores, &bulk)
}

/// R-hat from the draws' order and the normal scores of their ranks; `folded` is overwritten.
pub(super) fn of_bulk_and_tail(
    draws: ScalarDraws<'_>,
    order: &Order,
    folded: &mut Order,
    scores: &NormalScores,
    bulk: &HalfChains,
) -> f64 {
    if draws.chains() < 2 {
        return f64::NAN;
    }
    folded.fold(order, order.median());
    let (bulk, tail) = (split_r_hat(bulk), split_r_hat(&scores.halves(draws, folded)));
    if tail > bulk { tail } else { bulk }
}

fn split_r_hat(chains: &HalfChains) -> f64 {
    let length = chains.length() as f64;
    let within = chains.autocovariances(0).0 * length / (length - 1.0);
    let between = length * chains.variance_of_means();
    ((between / within + length - 1.0) / length).sqrt()
}
