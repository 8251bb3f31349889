//! Elementwise functions, by the names that NumPy, PyTensor and `pm.math` give them.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::{Binary, Unary};
use ruff_text_size::TextRange;

use super::{NP, PM, PT, Row, Run, SP};
use crate::distributions::{log_normal_cdf, log_scaled_normal_cdf};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{self, Call, Evaluator};
use crate::language::item::Item;

const ALL: u32 = NP | PM | PT;

/// Functions of one array and of two.
pub(super) const ROWS: &[Row] = &[
    ("exp", ALL, Run::Unary(Value::exp)),
    ("log", ALL, Run::Unary(Value::log)),
    ("log1p", NP | PT, Run::Unary(Value::log1p)),
    ("expm1", NP | PT, Run::Unary(Value::expm1)),
    (
        "log2",
        NP | PT,
        Run::Unary(|x| host(x, f64::log2).unwrap_or_else(|| x.log() * std::f64::consts::LOG2_E)),
    ),
    (
        "log10",
        NP | PT,
        Run::Unary(|x| host(x, f64::log10).unwrap_or_else(|| x.log() * std::f64::consts::LOG10_E)),
    ),
    ("sqrt", ALL, Run::Unary(Value::sqrt)),
    ("abs", ALL, Run::Unary(Value::abs)),
    ("absolute", NP, Run::Unary(Value::abs)),
    ("sqr", PM | PT, Run::Unary(Value::square)),
    ("square", NP | PT, Run::Unary(Value::square)),
    ("sgn", PM | PT, Run::Unary(|x| x.unary(Unary::Sign))),
    ("sign", NP | PT, Run::Unary(|x| x.unary(Unary::Sign))),
    ("sin", ALL, Run::Unary(|x| x.unary(Unary::Sin))),
    ("cos", ALL, Run::Unary(|x| x.unary(Unary::Cos))),
    ("tan", ALL, Run::Unary(|x| x.unary(Unary::Tan))),
    ("sinh", ALL, Run::Unary(|x| x.unary(Unary::Sinh))),
    ("cosh", ALL, Run::Unary(|x| x.unary(Unary::Cosh))),
    ("tanh", ALL, Run::Unary(Value::tanh)),
    ("arctan", ALL, Run::Unary(|x| x.unary(Unary::Atan))),
    ("arcsin", ALL, Run::Host(f64::asin)),
    ("arccos", ALL, Run::Host(f64::acos)),
    ("arcsinh", ALL, Run::Host(f64::asinh)),
    ("arccosh", ALL, Run::Host(f64::acosh)),
    ("arctanh", ALL, Run::Host(f64::atanh)),
    ("floor", ALL, Run::Unary(|x| rounded(x, Unary::Floor))),
    ("ceil", ALL, Run::Unary(|x| rounded(x, Unary::Ceil))),
    ("rint", NP, Run::Unary(|x| rounded(x, Unary::Round))),
    ("round", ALL, Run::Call(round)),
    ("negative", NP, Run::Unary(|x| x.unary(Unary::Neg))),
    ("reciprocal", NP | PT, Run::Unary(Value::recip)),
    ("isnan", NP | PT, Run::Unary(|x| x.unary(Unary::IsNan))),
    ("isfinite", NP, Run::Unary(|x| x.abs().lower(&Value::from(f64::INFINITY)))),
    ("isinf", NP, Run::Unary(|x| x.abs().equal(&Value::from(f64::INFINITY)))),
    ("logical_not", NP, Run::Unary(|x| x.unary(Unary::Not))),
    ("erf", PM | PT | SP, Run::Unary(Value::erf)),
    ("erfc", PM | PT | SP, Run::Unary(Value::erfc)),
    ("erfcx", PT | SP, Run::Unary(scaled_erfc)),
    ("erfinv", PM | PT | SP, Run::Unary(Value::erfinv)),
    ("erfcinv", PM | PT | SP, Run::Unary(|x| (x * 0.5).normal_quantile() * -FRAC_1_SQRT_2)),
    ("ndtr", SP, Run::Unary(normal_cdf)),
    ("ndtri", SP, Run::Unary(Value::normal_quantile)),
    ("log_ndtr", SP, Run::Unary(log_normal_cdf)),
    ("sigmoid", PM | PT, Run::Unary(Value::sigmoid)),
    ("invlogit", PM, Run::Unary(Value::sigmoid)),
    ("expit", PT | SP, Run::Unary(Value::sigmoid)),
    ("logit", PM | SP, Run::Unary(logit)),
    ("probit", PM, Run::Unary(Value::normal_quantile)),
    ("invprobit", PM, Run::Unary(normal_cdf)),
    ("log1pexp", PM | PT, Run::Unary(Value::softplus)),
    ("softplus", PT, Run::Unary(Value::softplus)),
    ("log1mexp", PM | PT, Run::Unary(log1mexp)),
    ("logdiffexp", PM, Run::Binary(|a, b| a + log1mexp(&(b - a)))),
    ("gammaln", PT | SP, Run::Unary(Value::lgamma)),
    ("gamma", PT | SP, Run::Unary(|x| x.lgamma().exp())),
    ("betaln", PT | SP, Run::Binary(log_beta)),
    ("gammainc", PT | SP, Run::Binary(|k, x| x.log_gamma_p(k).exp())),
    ("gammaincc", PT | SP, Run::Binary(|k, x| x.log_gamma_q(k).exp())),
    ("betainc", PT | SP, Run::Call(incomplete_beta)),
    ("polygamma", PT | SP, Run::Call(polygamma)),
    ("digamma", PT | SP, Run::Unary(|x| x.unary(Unary::Digamma))),
    ("psi", PT | SP, Run::Unary(|x| x.unary(Unary::Digamma))),
    ("tri_gamma", PT, Run::Unary(|x| x.unary(Unary::Trigamma))),
    ("deg2rad", ALL, Run::Unary(|x| x * (std::f64::consts::PI / 180.0))),
    ("rad2deg", ALL, Run::Unary(|x| x * (180.0 / std::f64::consts::PI))),
    ("add", NP | PT, Run::Binary(evaluate::add)),
    ("subtract", NP, Run::Binary(evaluate::subtract)),
    ("sub", PT, Run::Binary(evaluate::subtract)),
    ("multiply", NP, Run::Binary(evaluate::multiply)),
    ("mul", PT, Run::Binary(evaluate::multiply)),
    ("divide", NP, Run::Binary(evaluate::divide)),
    ("true_divide", NP, Run::Binary(evaluate::divide)),
    ("floor_divide", NP, Run::Binary(evaluate::floor_divide)),
    ("mod", NP | PT, Run::Binary(evaluate::remainder)),
    ("power", NP | PT, Run::Binary(evaluate::power)),
    ("pow", PT, Run::Binary(evaluate::power)),
    ("maximum", ALL, Run::Binary(Value::maximum)),
    ("minimum", ALL, Run::Binary(Value::minimum)),
    ("logaddexp", NP | PM | PT, Run::Binary(logaddexp)),
    ("hypot", NP, Run::Binary(|a, b| (a.square() + b.square()).sqrt())),
    ("eq", PM | PT, Run::Binary(Value::equal)),
    ("neq", PM | PT, Run::Binary(not_equal)),
    ("gt", PM | PT, Run::Binary(Value::greater)),
    ("ge", PM | PT, Run::Binary(Value::greater_equal)),
    ("lt", PM | PT, Run::Binary(Value::lower)),
    ("le", PM | PT, Run::Binary(Value::lower_equal)),
    ("equal", NP, Run::Binary(Value::equal)),
    ("not_equal", NP, Run::Binary(not_equal)),
    ("greater", NP, Run::Binary(Value::greater)),
    ("greater_equal", NP, Run::Binary(Value::greater_equal)),
    ("less", NP, Run::Binary(Value::lower)),
    ("less_equal", NP, Run::Binary(Value::lower_equal)),
    ("and_", PM | PT, Run::Binary(Value::and)),
    ("or_", PM | PT, Run::Binary(Value::or)),
    ("logical_and", NP, Run::Binary(Value::and)),
    ("logical_or", NP, Run::Binary(Value::or)),
    ("switch", PM | PT, Run::Call(switch)),
    ("where", ALL, Run::Call(switch)),
    ("clip", ALL, Run::Call(clip)),
    ("nan_to_num", NP, Run::Call(nan_to_num)),
];

/// A function of the numbers of data; `None` for what depends on parameters.
fn host(x: &Value, run: fn(f64) -> f64) -> Option<Value> {
    let numbers: Vec<f64> = x.as_data()?.iter().map(|&x| run(x)).collect();
    Some(Value::data(numbers, x.shape(), Kind::Float))
}

fn rounded(x: &Value, op: Unary) -> Value {
    if x.kind() == Kind::Float { x.unary(op) } else { x.clone() }
}

fn not_equal(a: &Value, b: &Value) -> Value {
    a.binary(Binary::NotEqual, b)
}

fn logit(p: &Value) -> Value {
    p.log() - (-p).log1p()
}

/// `log(1 - e^x)` for negative `x`, by the form that loses no digits on either side of `-log(2)`.
fn log1mexp(x: &Value) -> Value {
    let near = x.greater(&Value::from(-std::f64::consts::LN_2));
    near.select(&(-x.expm1()).log(), &(-x.exp()).log1p())
}

fn logaddexp(a: &Value, b: &Value) -> Value {
    a.maximum(b) + (-(a - b).abs()).exp().log1p()
}

/// The standard normal distribution function, with all digits in its lower tail.
pub(super) fn normal_cdf(x: &Value) -> Value {
    (x * -FRAC_1_SQRT_2).erfc() * 0.5
}

/// Logarithm of the beta function.
fn log_beta(a: &Value, b: &Value) -> Value {
    a.lgamma() + b.lgamma() - (a + b).lgamma()
}

/// `e^(x^2) erfc(x)`, which neither over- nor underflows for positive `x`.
fn scaled_erfc(x: &Value) -> Value {
    let is_positive = x.greater(&Value::from(0.0));
    let size = x.abs();
    let tail = log_scaled_normal_cdf(&(&size * -SQRT_2)).exp() * 2.0;
    is_positive.select(&tail, &(x.square().exp() * 2.0 - &tail))
}

fn incomplete_beta(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, x] = call.bind(["a", "b", "x"])?;
    let a = evaluator.value(call.required(a, "a")?)?;
    let b = evaluator.value(call.required(b, "b")?)?;
    let x = evaluator.value(call.required(x, "x")?)?;
    Ok(Item::Number(evaluator.finish_value((&x / (1.0 - &x)).log_beta_cdf(&a, &b).exp(), call.range)?))
}

/// `polygamma(n, x)` for the first two orders.
fn polygamma(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n, x] = call.bind(["n", "x"])?;
    let n = call.required(n, "n")?;
    let x = evaluator.value(call.required(x, "x")?)?;
    let op = match evaluator.integer(&n.item, "the order", n.range)? {
        0 => Unary::Digamma,
        1 => Unary::Trigamma,
        other => {
            return fault(n.range, format!("`polygamma` of order {other} is not supported: 0 and 1 are"));
        }
    };
    Ok(Item::Number(evaluator.finish_value(x.unary(op), call.range)?))
}

fn round(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, digits] = call.bind(["a", "decimals"])?;
    let x = call.required(x, "a")?;
    let value = evaluator.value(x)?;
    let digits = match digits {
        Some(digits) => evaluator.integer(&digits.item, "the number of digits", digits.range)?,
        None => 0,
    };
    let result = match digits {
        0 => rounded(&value, Unary::Round),
        _ => {
            let scale = 10_f64.powi(digits.clamp(-300, 300) as i32);
            let Some(numbers) = value.as_data() else {
                return fault(call.range, "rounding model parameters to digits is not supported");
            };
            let numbers: Vec<f64> = numbers.iter().map(|x| (x * scale).round_ties_even() / scale).collect();
            Value::data(numbers, value.shape(), value.kind())
        }
    };
    Ok(Item::numbers(evaluator.finish_value(result, call.range)?, x.item.is_series()))
}

fn switch(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    if let ([condition], []) = (call.positional.as_slice(), call.keywords.as_slice()) {
        let condition = evaluator.known_value(condition, "what is searched")?;
        return super::unique::nonzero(&condition, call.range);
    }
    let [condition, a, b] = call.bind(["condition", "x", "y"])?;
    let condition = evaluator.value(call.required(condition, "condition")?)?;
    let a = evaluator.value(call.required(a, "x")?)?;
    let b = evaluator.value(call.required(b, "y")?)?;
    Ok(Item::Number(select(evaluator, &condition, &a, &b, call.range)?))
}

fn select(
    e: &mut Evaluator<'_>,
    condition: &Value,
    a: &Value,
    b: &Value,
    range: TextRange,
) -> Outcome<Value> {
    let joint = chainfire_engine::program::value::shape::broadcast(a.shape(), b.shape())
        .and_then(|shape| chainfire_engine::program::value::shape::broadcast(&shape, condition.shape()));
    if let Some(shape) = joint {
        e.budget.shape(&shape, range)?;
    }
    e.finish_value(condition.select(a, b), range)
}

fn clip(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, low, high] = match call.keywords.iter().any(|(name, _)| name.starts_with("a_")) {
        true => call.bind(["a", "a_min", "a_max"])?,
        false => call.bind(["x", "min", "max"])?,
    };
    let x = call.required(x, "x")?;
    let mut value = evaluator.value(x)?;
    for (bound, run) in [(low, Value::maximum as fn(&Value, &Value) -> Value), (high, Value::minimum)] {
        if let Some(bound) = bound.filter(|bound| !matches!(bound.item, Item::None)) {
            let bound = evaluator.value(bound)?;
            value = evaluator.binary(run, &value, &bound, call.range)?;
        }
    }
    Ok(Item::numbers(value, x.item.is_series()))
}

fn nan_to_num(evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, nan] = call.bind(["x", "nan"])?;
    let x = call.required(x, "x")?;
    let value = evaluator.known_value(x, "what is filled")?;
    let fill = match nan {
        Some(nan) => evaluator.float(&nan.item, "what missing numbers become", nan.range)?,
        None => 0.0,
    };
    let numbers = value.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let numbers: Vec<f64> =
        numbers.into_iter().map(|x| if x.is_nan() { fill } else { x.clamp(f64::MIN, f64::MAX) }).collect();
    Ok(Item::numbers(Value::data(numbers, value.shape(), value.kind()), x.item.is_series()))
}
