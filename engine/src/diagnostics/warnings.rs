//! Warn when draws should not be trusted, with the texts PyMC's users know.
//!
//! # References
//! - PyMC 5.28, `pymc/stats/convergence.py`, `run_convergence_checks`: conditions, order and texts.

use std::fmt;

use super::summary::SummaryRow;
use crate::draws::{Coordinate, InferenceData};

/// Share of a chain's draws that may reach the maximum tree depth.
const TREE_DEPTH_SHARE: f64 = 0.05;

/// Draws below which convergence is not judged.
const FEWEST_DRAWS: usize = 100;

/// Chains that are recommended.
const FEWEST_CHAINS: usize = 4;

/// R-hat above which chains disagree.
const LARGEST_R_HAT: f64 = 1.01;

/// Effective draws of a chain below which the diagnostics themselves are not reliable.
const SMALLEST_ESS_PER_CHAIN: f64 = 100.0;

/// A reason not to trust draws. Its text is PyMC's.
#[derive(Clone, Debug, PartialEq)]
pub enum ConvergenceWarning {
    /// There is nothing to check.
    NoPosterior,
    /// The integrator diverged.
    Divergences {
        /// How often, over all chains.
        count: usize,
    },
    /// Trajectories were cut off.
    MaximumTreeDepth {
        /// Label of the chain.
        chain: i64,
    },
    /// There are too few draws to say more.
    TooFewDraws,
    /// One chain cannot disagree with another.
    OnlyOneChain,
    /// There are fewer chains than recommended.
    FewChains,
    /// Chains disagree.
    LargeRHat {
        /// The largest value.
        largest: f64,
    },
    /// There is too little information in a chain.
    SmallEffectiveSize {
        /// The smallest bulk effective size divided by the number of chains.
        smallest_per_chain: f64,
    },
}

impl fmt::Display for ConvergenceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoPosterior => "No posterior samples. Unable to run convergence checks",
            Self::Divergences { count } => {
                let (verb, noun) = if *count == 1 { ("was", "divergence") } else { ("were", "divergences") };
                return write!(
                    f,
                    "There {verb} {count} {noun} after tuning. Increase `target_accept` or reparameterize."
                );
            }
            Self::MaximumTreeDepth { chain } => {
                return write!(
                    f,
                    "Chain {chain} reached the maximum tree depth. Increase `max_treedepth`, increase \
                     `target_accept` or reparameterize."
                );
            }
            Self::TooFewDraws => "The number of samples is too small to check convergence reliably.",
            Self::OnlyOneChain => {
                "Only one chain was sampled, this makes it impossible to run some convergence checks"
            }
            Self::FewChains => {
                "We recommend running at least 4 chains for robust computation of convergence diagnostics"
            }
            Self::LargeRHat { .. } => {
                "The rhat statistic is larger than 1.01 for some parameters. This indicates problems during \
                 sampling. See https://arxiv.org/abs/1903.08008 for details"
            }
            Self::SmallEffectiveSize { .. } => {
                "The effective sample size per chain is smaller than 100 for some parameters.  A higher number is \
                 needed for reliable rhat and ess computation. See https://arxiv.org/abs/1903.08008 for details"
            }
        };
        f.write_str(text)
    }
}

/// Checks `sample_stats` and the summary of the parameters, in PyMC's order.
///
/// The rows are those of the free parameters; PyMC does not judge deterministics. NaN in a row is passed over.
pub fn convergence_warnings(data: &InferenceData, parameters: &[SummaryRow]) -> Vec<ConvergenceWarning> {
    let Some(posterior) = data.group("posterior") else {
        return vec![ConvergenceWarning::NoPosterior];
    };
    let mut warnings = sampler_warnings(data);
    let (chains, draws) = (posterior.length("chain"), posterior.length("draw"));
    if draws < FEWEST_DRAWS {
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
    let largest = parameters.iter().map(|row| row.r_hat).fold(f64::NAN, f64::max);
    if largest > LARGEST_R_HAT {
        warnings.push(ConvergenceWarning::LargeRHat { largest });
    }
    let smallest_per_chain =
        parameters.iter().map(|row| row.ess_bulk).fold(f64::NAN, f64::min) / chains as f64;
    if smallest_per_chain < SMALLEST_ESS_PER_CHAIN {
        warnings.push(ConvergenceWarning::SmallEffectiveSize { smallest_per_chain });
    }
    warnings
}

/// Divergences, and chains that reached the maximum tree depth too often.
fn sampler_warnings(data: &InferenceData) -> Vec<ConvergenceWarning> {
    let mut warnings = Vec::new();
    let Some(stats) = data.group("sample_stats") else {
        return warnings;
    };
    let is_set = |variable: &str| {
        let values = stats.variable(variable).map(|variable| &variable.values)?;
        Some(
            (0..values.len())
                .map(|at| values.number(at).is_some_and(|value| value != 0.0))
                .collect::<Vec<_>>(),
        )
    };
    let count = is_set("diverging").map_or(0, |diverging| diverging.iter().filter(|set| **set).count());
    if count > 0 {
        warnings.push(ConvergenceWarning::Divergences { count });
    }
    let draws = stats.length("draw");
    if let (Some(reached), Some(Coordinate::Int(labels))) =
        (is_set("reached_max_treedepth"), stats.coordinate("chain"))
    {
        for (reached, &chain) in reached.chunks(draws.max(1)).zip(labels) {
            let share = reached.iter().filter(|set| **set).count() as f64 / draws as f64;
            if share > TREE_DEPTH_SHARE {
                warnings.push(ConvergenceWarning::MaximumTreeDepth { chain });
            }
        }
    }
    warnings
}
