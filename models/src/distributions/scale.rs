//! Scale parameters, given by themselves or by a precision.
//!
//! ```text
//! sigma = precision^(-1/2)
//! ```
//!
//! # References
//! - PyMC 5.28, `get_tau_sigma` (the rule for what is given).

use chainfire_engine::program::Value;

use super::DistributionError;
use super::registry::Arguments;

/// `log(2 pi) / 2`
pub(super) const HALF_LOG_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// The scale of a precision; not a number, and so against every rule, when the precision is negative.
pub(super) fn from_precision(precision: &Value) -> Value {
    precision.sqrt().recip()
}

/// The argument `sigma`, or the scale of the argument named `precision`; 1 when there is neither.
///
/// # Errors
/// When both are given.
pub(super) fn sigma_or(precision: &str, arguments: &Arguments) -> Result<Value, DistributionError> {
    match (arguments.get("sigma"), arguments.get(precision)) {
        (Some(_), Some(_)) if precision == "tau" => Err(arguments.error("Can't pass both tau and sigma")),
        (Some(_), Some(_)) => {
            Err(arguments.error(format!("Can't pass both tau and sigma (tau is `{precision}` here)")))
        }
        (Some(sigma), None) => Ok(sigma),
        (None, Some(precision)) => Ok(from_precision(&precision)),
        (None, None) => Ok(Value::from(1.0)),
    }
}
