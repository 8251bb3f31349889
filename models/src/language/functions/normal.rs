//! `scipy.stats.norm`: density, distribution function and quantiles of normal distributions.

use chainfire_engine::program::Value;

use super::elementwise::normal_cdf;
use super::{Row, Run, SN};
use crate::distributions::log_normal_cdf;
use crate::language::error::Outcome;
use crate::language::evaluate::{Call, Evaluator, add, divide, multiply, subtract};
use crate::language::item::Item;

/// Functions of `scipy.stats.norm`.
pub(super) const ROWS: &[Row] = &[
    ("pdf", SN, Run::Call(|e, call| standard(e, call, |z, scale| log_density(z, scale).exp()))),
    ("logpdf", SN, Run::Call(|e, call| standard(e, call, log_density))),
    ("cdf", SN, Run::Call(|e, call| standard(e, call, |z, _| normal_cdf(z)))),
    ("logcdf", SN, Run::Call(|e, call| standard(e, call, |z, _| log_normal_cdf(z)))),
    ("sf", SN, Run::Call(|e, call| standard(e, call, |z, _| normal_cdf(&-z)))),
    ("ppf", SN, Run::Call(quantile)),
];

fn log_density(z: &Value, scale: &Value) -> Value {
    z.square() * -0.5 - scale.log() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

/// A function of the standardised first argument and the scale.
fn standard(e: &mut Evaluator<'_>, call: &Call, run: fn(&Value, &Value) -> Value) -> Outcome<Item> {
    let [x, location, scale] = call.bind(["x", "loc", "scale"])?;
    let x = call.required(x, "x")?;
    let location = location.map_or(Ok(Value::from(0.0)), |location| e.value(location))?;
    let scale = scale.map_or(Ok(Value::from(1.0)), |scale| e.value(scale))?;
    let value = e.value(x)?;
    let distance = e.binary(subtract, &value, &location, call.range)?;
    let z = e.binary(divide, &distance, &scale, call.range)?;
    Ok(Item::numbers(e.finish_value(run(&z, &scale), call.range)?, x.item.is_series()))
}

/// `norm.ppf(q, loc, scale)`
fn quantile(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [q, location, scale] = call.bind(["q", "loc", "scale"])?;
    let z = e.value(call.required(q, "q")?)?.normal_quantile();
    let z = e.finish_value(z, call.range)?;
    let location = location.map_or(Ok(Value::from(0.0)), |location| e.value(location))?;
    let scale = scale.map_or(Ok(Value::from(1.0)), |scale| e.value(scale))?;
    let scaled = e.binary(multiply, &z, &scale, call.range)?;
    Ok(Item::Number(e.binary(add, &scaled, &location, call.range)?))
}
