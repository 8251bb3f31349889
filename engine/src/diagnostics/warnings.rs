//! Warn when draws should not be trusted, with the texts PyMC's users know and the names they gave.
//!
//! Each text begins as PyMC's does; then it says which quantities or chains are worst, and what to do.
//!
//! # Differences from PyMC
//! Low E-BFMI is warned of, as Stan does. Chains that reach the maximum tree depth share one warning. From 32 chains
//! on fewer draws of each are asked for, because what is judged is an average over many chains: an effective size of
//! 10 a chain, and where chains share their starts nested R-hat instead of the classical one.
//!
//! # References
//! - PyMC 5.28, `pymc/stats/convergence.py`, `run_convergence_checks`: conditions, order and texts.
//! - Stan Development Team, CmdStan's `diagnose`: the limit of E-BFMI.

use std::fmt::{self, Display};

use super::divergences::{Concentration, divergence_concentrations};
use super::e_bfmi::e_bfmi;
use super::nested_r_hat::{LARGEST_R_HAT, chains_per_start, nested_r_hat_limit};
use super::scalar_draws::ScalarDraws;
use super::summary::{MANY_CHAINS, SummaryRow};
use crate::draws::{Coordinate, Group, InferenceData, Values};

/// Share of a chain's draws that may reach the maximum tree depth.
const TREE_DEPTH_SHARE: f64 = 0.05;

/// E-BFMI below which the tails are hardly explored.
const SMALLEST_E_BFMI: f64 = 0.3;

/// Draws below which convergence is not judged.
const FEWEST_DRAWS: usize = 100;

/// Draws below which nothing but nested R-hat is known.
const FEWEST_DRAWS_OF_MANY_CHAINS: usize = 4;

/// Chains that are recommended.
const FEWEST_CHAINS: usize = 4;

/// Effective draws of a chain below which the diagnostics themselves are not reliable: for a few chains, for many.
const SMALLEST_ESS_PER_CHAIN: [f64; 2] = [100.0, 10.0];

/// Most quantities or chains that a text names.
const MOST_NAMED: usize = 3;

/// A reason not to trust draws. Its text is PyMC's, followed by names and advice.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ConvergenceWarning {
    /// There is nothing to check.
    NoPosterior,
    /// The integrator diverged.
    Divergences {
        /// How often, over all chains.
        count: usize,
        /// The quantities that tell these draws from others, the clearest first.
        concentrations: Vec<Concentration>,
    },
    /// Trajectories were cut off.
    MaximumTreeDepth {
        /// Labels of the chains in which this was frequent.
        chains: Vec<i64>,
        /// The largest share of a chain's draws.
        largest_share: f64,
    },
    /// Fresh momenta hardly change the energy.
    LowEnergyFraction {
        /// Labels of the chains.
        chains: Vec<i64>,
        /// The smallest E-BFMI.
        smallest: f64,
    },
    /// There are too few draws to say more.
    TooFewDraws,
    /// One chain cannot disagree with another.
    OnlyOneChain,
    /// There are fewer chains than recommended.
    FewChains,
    /// Chains disagree.
    LargeRHat {
        /// Quantities above the limit with their R-hat, the largest first.
        worst: Vec<(String, f64)>,
    },
    /// Chains remember where they started.
    LargeNestedRHat {
        /// Quantities above the limit with their nested R-hat, the largest first.
        worst: Vec<(String, f64)>,
        /// The limit, which depends on how many chains share how many starts.
        limit: f64,
    },
    /// There is too little information in a chain.
    SmallEffectiveSize {
        /// Quantities below the limit with their bulk effective size over all chains, the smallest first.
        worst: Vec<(String, f64)>,
        /// The limit for each chain.
        limit: f64,
    },
}

impl Display for ConvergenceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPosterior => f.write_str("No posterior samples. Unable to run convergence checks"),
            Self::Divergences { count, concentrations } => {
                let (verb, noun) = if *count == 1 { ("was", "divergence") } else { ("were", "divergences") };
                write!(
                    f,
                    "There {verb} {count} {noun} after tuning. Increase `target_accept` or reparameterize."
                )?;
                let place = |place: &Concentration| {
                    let size = if place.is_below > 0.5 { "small" } else { "large" };
                    let [here, elsewhere] = [place.divergent_median, place.other_median].map(short);
                    format!("`{}` is {size} (median {here} against {elsewhere})", place.name)
                };
                if concentrations.is_empty() {
                    return Ok(());
                }
                let places: Vec<String> = concentrations.iter().map(place).collect();
                write!(f, " They happen where {}.", listed(&places))
            }
            Self::MaximumTreeDepth { chains, largest_share } => write!(
                f,
                "{} reached the maximum tree depth. Increase `max_treedepth`, increase `target_accept` or \
                 reparameterize. The largest share of draws is {:.0} %.",
                chains_named(chains),
                100.0 * largest_share
            ),
            Self::LowEnergyFraction { chains, smallest } => write!(
                f,
                "{} explored the energy poorly: E-BFMI is {smallest:.2}, below {SMALLEST_E_BFMI}. The tails may be \
                 missing; reparameterize, first where a scale has draws close to zero.",
                chains_named(chains)
            ),
            Self::TooFewDraws => {
                f.write_str("The number of samples is too small to check convergence reliably.")
            }
            Self::OnlyOneChain => f.write_str(
                "Only one chain was sampled, this makes it impossible to run some convergence checks",
            ),
            Self::FewChains => f.write_str(
                "We recommend running at least 4 chains for robust computation of convergence diagnostics",
            ),
            Self::LargeRHat { worst } => write!(
                f,
                "The rhat statistic is larger than 1.01 for some parameters. This indicates problems during \
                 sampling. See https://arxiv.org/abs/1903.08008 for details. {} {}. Tune or draw longer, look for several \
                 modes, or reparameterize.",
                among(worst, "is", "are"),
                worst_named(worst, |r_hat| format!("{r_hat:.2}"))
            ),
            Self::LargeNestedRHat { worst, limit } => write!(
                f,
                "The nested rhat statistic is larger than {limit:.3} for some parameters. This indicates that chains \
                 remember where they started. See https://arxiv.org/abs/2110.13017 for details. {} {}. Tune or draw \
                 longer, look for several modes, or reparameterize.",
                among(worst, "is", "are"),
                worst_named(worst, |r_hat| format!("{r_hat:.3}"))
            ),
            Self::SmallEffectiveSize { worst, limit } => write!(
                f,
                "The effective sample size per chain is smaller than {limit} for some parameters.  A higher number is \
                 needed for reliable rhat and ess computation. See https://arxiv.org/abs/1903.08008 for details. {} \
                 {} over all chains. Draw more, or reparameterize.",
                among(worst, "is", "are"),
                worst_named(worst, |ess| format!("{ess:.0}"))
            ),
        }
    }
}

/// How a list of the worst begins.
fn among(worst: &[(String, f64)], one: &str, several: &str) -> String {
    match worst.len() {
        1 => format!("It {one}"),
        count if count <= MOST_NAMED => format!("They {several}"),
        count => format!("The worst of {count} {several}"),
    }
}

fn worst_named(worst: &[(String, f64)], number: impl Fn(f64) -> String) -> String {
    let named = |(name, value): &(String, f64)| format!("`{name}` ({})", number(*value));
    listed(&worst.iter().take(MOST_NAMED).map(named).collect::<Vec<_>>())
}

/// `Chain 0`, `Chains 0 and 3`, `Chains 0, 1, 2 and 61 others`.
fn chains_named(chains: &[i64]) -> String {
    let mut names: Vec<String> = chains.iter().map(i64::to_string).collect();
    if names.len() > MOST_NAMED + 1 {
        let others = names.split_off(MOST_NAMED).len();
        names.push(format!("{others} others"));
    }
    format!("{} {}", if chains.len() == 1 { "Chain" } else { "Chains" }, listed(&names))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// Three digits of a number.
fn short(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e4).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        4
    };
    format!("{value:.decimals$}")
}

/// Checks `sample_stats` and the summary of the parameters, in PyMC's order.
///
/// The rows are those of the free parameters; PyMC does not judge deterministics. NaN in a row is passed over.
pub fn convergence_warnings(data: &InferenceData, parameters: &[SummaryRow]) -> Vec<ConvergenceWarning> {
    let Some(posterior) = data.group("posterior") else {
        return vec![ConvergenceWarning::NoPosterior];
    };
    let (chains, draws) = (posterior.length("chain"), posterior.length("draw"));
    let mut warnings = sampler_warnings(data, posterior, parameters);
    let chains_per_start = chains_per_start(posterior);
    let has_many_chains = chains >= MANY_CHAINS;
    let is_nested = has_many_chains && chains_per_start > 1;
    let fewest = match (is_nested, has_many_chains) {
        (true, _) => 1,
        (false, true) => FEWEST_DRAWS_OF_MANY_CHAINS,
        (false, false) => FEWEST_DRAWS,
    };
    if draws < fewest {
        warnings.push(ConvergenceWarning::TooFewDraws);
        return warnings;
    }
    if chains == 1 {
        warnings.push(ConvergenceWarning::OnlyOneChain);
        return warnings;
    }
    if chains < FEWEST_CHAINS {
        warnings.push(ConvergenceWarning::FewChains);
    }
    if is_nested {
        let limit = nested_r_hat_limit(chains / chains_per_start, chains_per_start);
        let worst = worst(parameters, |row| row.r_hat_nested, |r_hat| r_hat - limit);
        if !worst.is_empty() {
            warnings.push(ConvergenceWarning::LargeNestedRHat { worst, limit });
        }
    } else {
        let worst = worst(parameters, |row| row.r_hat, |r_hat| r_hat - LARGEST_R_HAT);
        if !worst.is_empty() {
            warnings.push(ConvergenceWarning::LargeRHat { worst });
        }
    }
    let limit = SMALLEST_ESS_PER_CHAIN[usize::from(has_many_chains)];
    let worst = worst(parameters, |row| row.ess_bulk, |ess| limit - ess / chains as f64);
    if !worst.is_empty() {
        warnings.push(ConvergenceWarning::SmallEffectiveSize { worst, limit });
    }
    warnings
}

/// Checks a run of which moments are kept: how many of all draws diverged, and nested R-hat of the numbers by name.
pub fn moments_warnings(
    divergences: usize,
    nested_r_hats: Vec<(String, f64)>,
    chains: usize,
    chains_per_start: usize,
) -> Vec<ConvergenceWarning> {
    let mut warnings = Vec::new();
    if divergences > 0 {
        warnings.push(ConvergenceWarning::Divergences { count: divergences, concentrations: Vec::new() });
    }
    let is_nested = chains_per_start > 1;
    let limit = if is_nested {
        nested_r_hat_limit(chains / chains_per_start, chains_per_start)
    } else {
        LARGEST_R_HAT
    };
    let worst = largest(nested_r_hats, |r_hat| r_hat - limit);
    if !worst.is_empty() {
        warnings.push(match is_nested {
            true => ConvergenceWarning::LargeNestedRHat { worst, limit },
            false => ConvergenceWarning::LargeRHat { worst },
        });
    }
    warnings
}

/// The quantities whose number has a positive `excess`, the largest first.
fn worst(
    rows: &[SummaryRow],
    number: impl Fn(&SummaryRow) -> f64,
    excess: impl Fn(f64) -> f64,
) -> Vec<(String, f64)> {
    largest(rows.iter().map(|row| (row.name.clone(), number(row))).collect(), excess)
}

/// Those of the named numbers that have a positive `excess`, the largest first.
fn largest(mut numbers: Vec<(String, f64)>, excess: impl Fn(f64) -> f64) -> Vec<(String, f64)> {
    numbers.retain(|(_, number)| excess(*number) > 0.0);
    numbers.sort_by(|a, b| excess(b.1).total_cmp(&excess(a.1)));
    numbers
}

/// Divergences, chains that reached the maximum tree depth too often, chains whose energy hardly changes.
fn sampler_warnings(
    data: &InferenceData,
    posterior: &Group,
    parameters: &[SummaryRow],
) -> Vec<ConvergenceWarning> {
    let mut warnings = Vec::new();
    let Some(stats) = data.group("sample_stats") else {
        return warnings;
    };
    let (chains, draws) = (stats.length("chain"), stats.length("draw"));
    let numbers = |variable: &str| {
        let values = &stats.variable(variable)?.values;
        (values.len() == chains * draws && !values.is_empty() && !matches!(values, Values::Text(_)))
            .then(|| (0..values.len()).filter_map(|at| values.number(at)).collect::<Vec<f64>>())
    };
    let labels: Vec<i64> = match stats.coordinate("chain") {
        Some(Coordinate::Int(labels)) => labels.clone(),
        _ => (0..chains as i64).collect(),
    };
    if let Some(diverging) = numbers("diverging") {
        let diverging: Vec<bool> = diverging.iter().map(|flag| *flag != 0.0).collect();
        let count = diverging.iter().filter(|flag| **flag).count();
        if count > 0 {
            let has_both = (chains, draws) == (posterior.length("chain"), posterior.length("draw"));
            let names: Vec<&str> = parameters.iter().map(|row| row.name.as_str()).collect();
            let found = has_both.then(|| divergence_concentrations(posterior, &names, &diverging));
            let concentrations = found.and_then(Result::ok).unwrap_or_default();
            warnings.push(ConvergenceWarning::Divergences { count, concentrations });
        }
    }
    // The chains whose number `is_bad`, and the worst of all numbers.
    let judge = |of_chain: Vec<f64>, is_bad: fn(f64) -> bool, worse: fn(f64, f64) -> f64| {
        let bad = of_chain.iter().zip(&labels).filter(|(number, _)| is_bad(**number));
        let bad: Vec<i64> = bad.map(|(_, label)| *label).collect();
        (!bad.is_empty()).then(|| (bad, of_chain.into_iter().fold(f64::NAN, worse)))
    };
    if let Some(reached) = numbers("reached_max_treedepth") {
        let shares = reached.chunks(draws).map(|chain| chain.iter().sum::<f64>() / draws as f64);
        if let Some((chains, largest_share)) =
            judge(shares.collect(), |share| share > TREE_DEPTH_SHARE, f64::max)
        {
            warnings.push(ConvergenceWarning::MaximumTreeDepth { chains, largest_share });
        }
    }
    if let Some(energy) = numbers("energy").filter(|_| draws >= FEWEST_DRAWS) {
        let fractions = e_bfmi(ScalarDraws::new(&energy, chains));
        if let Some((chains, smallest)) = judge(fractions, |fraction| fraction < SMALLEST_E_BFMI, f64::min) {
            warnings.push(ConvergenceWarning::LowEnergyFraction { chains, smallest });
        }
    }
    warnings
}
