//! Maps between a variable's support and the whole real line, with their log Jacobians.
//!
//! ```text
//! log:       x = e^y                    log |dx/dy| = y
//! logodds:   x = 1 / (1 + e^-y)         log |dx/dy| = y - 2 softplus(y)
//! interval:  x = l + (u - l) / (1 + e^-y)   log |dx/dy| = log(u - l) + y - 2 softplus(y)
//! ```
//!
//! where `softplus(y) = log(1 + e^y)`.
//!
//! # References
//! - Stan Reference Manual, chapter "Constraint Transforms"; names and suffixes as PyMC's.

use chainfire_engine::program::Value;

use crate::distributions::Support;

/// A transform of a free variable.
#[derive(Clone, Debug)]
pub enum Transform {
    /// None: the variable is unconstrained.
    Identity,
    /// Positive variables.
    Log,
    /// Variables between 0 and 1.
    LogOdds,
    /// Variables between two bounds.
    Interval {
        /// Lower bound.
        lower: Value,
        /// Upper bound.
        upper: Value,
    },
}

impl Transform {
    /// The default transform of a support, or `None` where the variable is discrete.
    pub fn of(support: &Support) -> Option<Transform> {
        match support {
            Support::Real => Some(Transform::Identity),
            Support::Positive | Support::NonNegative => Some(Transform::Log),
            Support::UnitInterval => Some(Transform::LogOdds),
            Support::Interval { lower, upper } => {
                Some(Transform::Interval { lower: lower.clone(), upper: upper.clone() })
            }
            Support::Binary | Support::NonNegativeInteger | Support::IntegerUpTo(_) => None,
        }
    }

    /// Name as PyMC has it; empty for none.
    pub fn name(&self) -> &'static str {
        match self {
            Transform::Identity => "",
            Transform::Log => "log",
            Transform::LogOdds => "logodds",
            Transform::Interval { .. } => "interval",
        }
    }

    /// Name of the unconstrained variable, such as `tau_log__`.
    pub fn value_name(&self, variable: &str) -> String {
        match self {
            Transform::Identity => variable.to_string(),
            other => format!("{variable}_{}__", other.name()),
        }
    }

    /// Unconstrained to constrained.
    pub fn constrain(&self, y: &Value) -> Value {
        match self {
            Transform::Identity => y.clone(),
            Transform::Log => y.exp(),
            Transform::LogOdds => y.sigmoid(),
            Transform::Interval { lower, upper } => lower + (upper - lower) * y.sigmoid(),
        }
    }

    /// Constrained to unconstrained.
    pub fn unconstrain(&self, x: &Value) -> Value {
        match self {
            Transform::Identity => x.clone(),
            Transform::Log => x.log(),
            Transform::LogOdds => (x / (1.0 - x)).log(),
            Transform::Interval { lower, upper } => (x - lower).log() - (upper - x).log(),
        }
    }

    /// Log of the absolute derivative of `constrain` at `y`, element by element; `None` for no transform.
    pub fn log_jacobian(&self, y: &Value) -> Option<Value> {
        let logistic = || y - y.softplus() * 2.0;
        match self {
            Transform::Identity => None,
            Transform::Log => Some(y.clone()),
            Transform::LogOdds => Some(logistic()),
            Transform::Interval { lower, upper } => Some(logistic() + (upper - lower).log()),
        }
    }
}
