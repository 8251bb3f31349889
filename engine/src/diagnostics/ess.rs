//! Count how many independent draws would tell as much.
//!
//! ```text
//! rho[t] = 1 - (W - autocovariance[t]) / var+          over halves of chains, var+ = W (n-1)/n + var(means)
//! tau    = -1 + 2 sum_t rho[t]                          while rho[2k] + rho[2k+1] > 0, made to decrease
//! ess    = S / max(tau, 1 / log10 S)
//! ```
//!
//! The bulk size is that of the rank-normalised draws; the tail size is the smaller one of the indicators
//! `draw <= quantile` at 5 % and 95 %. Autocovariances are computed lag by lag, because the sum stops after a few lags for
//! chains that mix; for others all that remain come from a Fourier transform.
//!
//! # References
//! - Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and localization: an improved
//!   R-hat for assessing convergence of MCMC, section 3.2 and 4.3. arXiv:1903.08008
//! - Geyer (1992), Practical Markov chain Monte Carlo, section 3.3. doi:10.1214/ss/1177011137

use super::fourier::Fourier;
use super::half_chains::HalfChains;
use super::order::Order;
use super::rank_normalize::NormalScores;
use super::scalar_draws::ScalarDraws;

/// Lags that are computed one by one; a transform costs about as much as these.
const DIRECT_LAGS: usize = 16;

/// Effective number of draws for the centre of the distribution; NaN below four draws or with a NaN among them.
pub fn ess_bulk(draws: ScalarDraws<'_>) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    let scores = NormalScores::for_halves(draws.chains(), draws.draws());
    effective_sample_size(&scores.halves(draws, &Order::of(draws)), &mut Fourier::new())
}

/// Effective number of draws for the 5 % and 95 % quantiles, the smaller one; NaN as in [`ess_bulk`].
pub fn ess_tail(draws: ScalarDraws<'_>) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    tail_of(draws, &Order::of(draws), &mut Fourier::new())
}

/// Effective number of draws for a quantile; NaN as in [`ess_bulk`].
pub fn ess_quantile(draws: ScalarDraws<'_>, probability: f64) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    quantile_of(draws, &Order::of(draws), probability, &mut Fourier::new())
}

/// Effective number of draws for the mean; NaN as in [`ess_bulk`].
pub fn ess_mean(draws: ScalarDraws<'_>) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    effective_sample_size(&HalfChains::split(draws, draws.values().iter().copied()), &mut Fourier::new())
}

/// Effective number of draws for the standard deviation; NaN as in [`ess_bulk`].
pub fn ess_sd(draws: ScalarDraws<'_>) -> f64 {
    if draws.is_unusable() {
        return f64::NAN;
    }
    let squares = draws.squared_distances(draws.mean());
    effective_sample_size(&HalfChains::split(draws, squares.into_iter()), &mut Fourier::new())
}

/// The smaller effective size of the 5 % and the 95 % quantile.
pub(super) fn tail_of(draws: ScalarDraws<'_>, order: &Order, fourier: &mut Fourier) -> f64 {
    let [lower, upper] = [0.05, 0.95].map(|probability| quantile_of(draws, order, probability, fourier));
    if upper < lower { upper } else { lower }
}

/// The effective size for a quantile.
pub(super) fn quantile_of(
    draws: ScalarDraws<'_>,
    order: &Order,
    probability: f64,
    fourier: &mut Fourier,
) -> f64 {
    let quantile = order.quantile(probability);
    let indicators = draws.values().iter().map(|value| f64::from(u8::from(*value <= quantile)));
    effective_sample_size(&HalfChains::split(draws, indicators), fourier)
}

/// Effective number of values of halves of chains.
pub(super) fn effective_sample_size(chains: &HalfChains, fourier: &mut Fourier) -> f64 {
    let count = chains.count() as f64;
    if chains.is_constant() {
        return count;
    }
    let length = chains.length();
    let (lag_zero, lag_one) = chains.autocovariances(0);
    let within = lag_zero * length as f64 / (length as f64 - 1.0);
    let between = if chains.halves() > 1 { chains.variance_of_means() } else { 0.0 };
    let total = lag_zero + between;
    let correlation = |autocovariance: f64| 1.0 - (within - autocovariance) / total;

    // Initial positive sequence: pairs of correlations while their sums are positive.
    let mut pair = (1.0, correlation(lag_one));
    if pair.1.is_nan() {
        return f64::NAN;
    }
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    let mut transformed = None;
    while 2 * pairs.len() + 4 < length && pair.0 + pair.1 > 0.0 {
        pairs.push(pair);
        let lag = 2 * pairs.len();
        let (even, odd) = if lag < DIRECT_LAGS {
            chains.autocovariances(lag)
        } else {
            let all = transformed.get_or_insert_with(|| fourier.autocovariances(chains));
            (all[lag], all[lag + 1])
        };
        pair = (correlation(even), correlation(odd));
    }
    // Of the pair that ends the sequence, the even correlation still counts, once.
    let last = if pair.0 + pair.1 >= 0.0 { pair.0 } else { pair.0.max(0.0) };

    // Initial monotone sequence: no pair is larger than the one before.
    for index in 1..pairs.len() {
        let (before, here) = (pairs[index - 1], pairs[index]);
        if here.0 + here.1 > before.0 + before.1 {
            let half = (before.0 + before.1) / 2.0;
            pairs[index] = (half, half);
        }
    }
    let tau = -1.0 + 2.0 * pairs.iter().map(|pair| pair.0 + pair.1).sum::<f64>() + last;
    count / tau.max(1.0 / count.log10())
}
