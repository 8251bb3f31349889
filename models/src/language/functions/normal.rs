//! Density, distribution function and quantiles of normal distributions, as `scipy.stats.norm` has them.

use chainfire_engine::program::Value;
use ruff_text_size::TextRange;

use super::elementwise::normal_cdf;
use crate::distributions::log_normal_cdf;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Evaluator, add, divide, multiply, subtract};

/// A function of `x`, or of the probability `x`.
pub(super) fn function(
    e: &mut Evaluator<'_>,
    name: &str,
    x: &Value,
    location: &Value,
    scale: &Value,
    range: TextRange,
) -> Outcome<Value> {
    if name == "ppf" {
        let z = e.finish_value(x.normal_quantile(), range)?;
        let scaled = e.binary(multiply, &z, scale, range)?;
        return e.binary(add, &scaled, location, range);
    }
    let distance = e.binary(subtract, x, location, range)?;
    let z = e.binary(divide, &distance, scale, range)?;
    let value = match name {
        "pdf" => log_density(&z, scale).exp(),
        "logpdf" => log_density(&z, scale),
        "cdf" => normal_cdf(&z),
        "logcdf" => log_normal_cdf(&z),
        "sf" => normal_cdf(&-z),
        "logsf" => log_normal_cdf(&-z),
        _ => return fault(range, format!("normal distributions have no `{name}`")),
    };
    e.finish_value(value, range)
}

fn log_density(z: &Value, scale: &Value) -> Value {
    z.square() * -0.5 - scale.log() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}
