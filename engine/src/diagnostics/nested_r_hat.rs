//! Compare groups of chains that started at one point, when there are many chains and each is short.
//!
//! ```text
//! superchain k = M chains from one start, each of N draws
//! B = variance over k of the superchains' means
//! W = mean over k of (variance of its chains' means, if M > 1) + (mean of its chains' variances, if N > 1)
//! nested R-hat = sqrt(1 + B / W)
//! ```
//!
//! A chain that is too short to know its own mean makes the classical R-hat large whether or not it has forgotten its
//! start. Here M chains average that noise away, and what is left between superchains is the memory of their starts;
//! one draw of each chain is enough. Where nothing is remembered, B is `1/M` of the variance of the chains' means, so
//! nested R-hat stays at `sqrt(1 + 1/M)` for N = 1 and falls towards 1 as the chains grow long.
//!
//! Which chains share a start is for the run to say: the attribute `chains_per_start` of the posterior is M, and
//! chains `kM .. (k + 1) M` start together. Without it every chain is its own superchain (M = 1), because chains with
//! starts of their own must not be grouped: their starts would be averaged inside the groups, B would be `1/M` of what
//! W holds whatever the chains remember, and the diagnostic would be blind. For M = 1 it is the plain R-hat of whole
//! chains, and it is the classical one that is judged.
//!
//! # References
//! - Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari, Gelman (2024), Nested R-hat: assessing the convergence of
//!   Markov chain Monte Carlo when running many short chains, equations 15-19. doi:10.1214/24-BA1453
//! - Bürkner, Gabry, Kay, Vehtari, R package posterior, `rhat_nested`.

use super::scalar_draws::{ScalarDraws, sum, variance};
use crate::draws::{Attribute, Group};

/// What R-hat may be above 1 where chains agree.
pub(super) const LARGEST_R_HAT: f64 = 1.01;

/// Attribute of a posterior: how many chains, one after another, started from each point.
const CHAINS_PER_START: &str = "chains_per_start";

/// Nested R-hat of superchains of `chains_per_start` chains each; chains left over at the end are passed over. NaN below
/// two superchains, when a draw is not finite or when all are equal.
pub fn nested_r_hat(draws: ScalarDraws<'_>, chains_per_start: usize) -> f64 {
    let superchains = draws.chains().checked_div(chains_per_start).unwrap_or(0);
    let values = &draws.values()[..superchains * chains_per_start * draws.draws()];
    let is_usable = superchains > 1
        && values.iter().all(|value| value.is_finite())
        && values.iter().any(|value| *value != values[0]);
    if !is_usable {
        return f64::NAN;
    }
    let draws = ScalarDraws::new(values, superchains * chains_per_start);
    let means: Vec<f64> = draws.each_chain().map(ScalarDraws::mean).collect();
    let variances: Vec<f64> = draws.each_chain().map(|chain| variance(chain.values())).collect();
    nested_r_hat_of_chains(&means, &variances, chains_per_start)
}

/// Nested R-hat from the mean and the variance of each chain; variances are NaN where each chain has one draw. Chains
/// left over at the end are passed over. NaN below two superchains.
///
/// # Shapes
/// - `means`, `variances`: `[chains]`
pub(crate) fn nested_r_hat_of_chains(means: &[f64], variances: &[f64], chains_per_start: usize) -> f64 {
    let average = |values: &[f64]| sum(values) / values.len() as f64;
    let superchains = means.chunks_exact(chains_per_start);
    let used = superchains.len() * chains_per_start;
    let own = average(&variances[..used]);
    let mut within = if own.is_nan() { 0.0 } else { own };
    if chains_per_start > 1 {
        within += average(&superchains.clone().map(variance).collect::<Vec<_>>());
    }
    (1.0 + variance(&superchains.map(average).collect::<Vec<_>>()) / within).sqrt()
}

/// Nested R-hat above which starts are remembered: the classical limit, raised by what chance alone may add.
///
/// ```text
/// sqrt(1.01^2 + (1 + 4 sqrt(2 / (K - 1))) / M),  K superchains of M chains
/// ```
///
/// Where nothing is remembered B/W is at most `1/M`, and an estimate of B from K means is off by `sqrt(2 / (K - 1))` of
/// itself; four of these errors are let pass. 16 x 16 chains: 1.08; 8 x 128: 1.02; 32 x 32: 1.04.
pub fn nested_r_hat_limit(superchains: usize, chains_per_start: usize) -> f64 {
    let chance = 1.0 + 4.0 * (2.0 / (superchains as f64 - 1.0)).sqrt();
    (LARGEST_R_HAT * LARGEST_R_HAT + chance / chains_per_start as f64).sqrt()
}

/// How many chains the run of a posterior started from each point.
pub(super) fn chains_per_start(posterior: &Group) -> usize {
    let attribute = posterior.attributes().iter().find(|(name, _)| name == CHAINS_PER_START);
    match attribute {
        Some((_, Attribute::Int(chains))) => usize::try_from(*chains).unwrap_or(1).max(1),
        _ => 1,
    }
}
