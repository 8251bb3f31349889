//! The probability of success of a trial, given by itself or by its logit.
//!
//! ```text
//! probability: k log(p) + (n - k) log(1 - p)
//! logit:       k eta - n log(1 + e^eta)           p = 1 / (1 + e^-eta)
//! ```
//!
//! The logit form never makes the probability, which would lose what tells it from 0 or 1.
//!
//! # References
//! - McCullagh and Nelder (1989), Generalized Linear Models, section 4.4 (the canonical form).

use chainfire_engine::program::Value;

use super::registry::Arguments;
use super::{Condition, DistributionError};

/// Probability of success.
#[derive(Clone, Debug)]
pub(super) enum Success {
    /// The probability.
    Probability(Value),
    /// `log(p / (1 - p))`
    Logit(Value),
}

impl Success {
    /// From the arguments `p` and `logit_p`.
    ///
    /// # Errors
    /// When both or none are given.
    pub(super) fn given(arguments: &Arguments) -> Result<Self, DistributionError> {
        match (arguments.get("p"), arguments.get("logit_p")) {
            (Some(p), None) => Ok(Success::Probability(p)),
            (None, Some(eta)) => Ok(Success::Logit(eta)),
            (Some(_), Some(_)) => {
                Err(arguments.error("Incompatible parametrization. Can't specify both p and logit_p."))
            }
            (None, None) => {
                Err(arguments.error("Incompatible parametrization. Must specify either p or logit_p."))
            }
        }
    }

    /// Name and value of what was given.
    pub(super) fn parameter(&self) -> (&'static str, &Value) {
        match self {
            Success::Probability(p) => ("p", p),
            Success::Logit(eta) => ("logit_p", eta),
        }
    }

    /// The probability.
    pub(super) fn probability(&self) -> Value {
        match self {
            Success::Probability(p) => p.clone(),
            Success::Logit(eta) => eta.sigmoid(),
        }
    }

    /// The probability over that of failure.
    pub(super) fn odds(&self) -> Value {
        match self {
            Success::Probability(p) => p / (1.0 - p),
            Success::Logit(eta) => eta.exp(),
        }
    }

    /// `0 <= p <= 1`, which every logit fulfils.
    pub(super) fn conditions(&self, rule: &'static str) -> Vec<Condition> {
        match self {
            Success::Probability(p) => vec![
                Condition { rule, holds: p.greater_equal(&Value::from(0.0)) },
                Condition { rule, holds: p.lower_equal(&Value::from(1.0)) },
            ],
            Success::Logit(_) => Vec::new(),
        }
    }
}
