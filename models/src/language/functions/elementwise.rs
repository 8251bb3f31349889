//! Elementwise functions, by the names that NumPy, PyTensor and `pm.math` give them.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::{Binary, Unary};
use ruff_python_ast::Operator;
use ruff_text_size::TextRange;

use super::{Modules, NP, PL, PM, PT, Row, Run, SH, SP};
use crate::distributions::{log_normal_cdf, log_scaled_normal_cdf};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{self, Argument, Call, Evaluator};
use crate::language::item::Item;

const ALL: Modules = NP | PM | PT;

/// Functions of one array and of two.
pub(super) const ROWS: &[Row] = &[
    ("exp", ALL, Run::Unary(Value::exp)),
    ("log", ALL, Run::Unary(Value::log)),
    ("log1p", ALL | SP, Run::Unary(Value::log1p)),
    ("expm1", ALL | SP, Run::Unary(Value::expm1)),
    ("log2", ALL, Run::Unary(|x| host(x, f64::log2).unwrap_or_else(|| x.log() * std::f64::consts::LOG2_E))),
    (
        "log10",
        ALL,
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
    ("arcsin", ALL, Run::Unary(arcsin)),
    ("arccos", ALL, Run::Unary(arccos)),
    ("arcsinh", ALL, Run::Unary(area_sinh)),
    ("arccosh", ALL, Run::Unary(area_cosh)),
    ("arctanh", ALL, Run::Unary(area_tanh)),
    ("arctan2", NP | PT, Run::Binary(angle)),
    ("atan", NP, Run::Unary(|x| x.unary(Unary::Atan))),
    ("asin", NP, Run::Unary(arcsin)),
    ("acos", NP, Run::Unary(arccos)),
    ("asinh", NP, Run::Unary(area_sinh)),
    ("acosh", NP, Run::Unary(area_cosh)),
    ("atanh", NP, Run::Unary(area_tanh)),
    ("atan2", NP, Run::Binary(angle)),
    ("floor", ALL, Run::Unary(|x| rounded(x, Unary::Floor))),
    ("ceil", ALL, Run::Unary(|x| rounded(x, Unary::Ceil))),
    ("rint", NP, Run::Unary(|x| rounded(x, Unary::Round))),
    ("trunc", NP | PT, Run::Unary(truncated)),
    ("fix", NP, Run::Unary(truncated)),
    ("exp2", NP | PT | SP, Run::Unary(|x| (x * std::f64::consts::LN_2).exp())),
    ("exp10", SP, Run::Unary(|x| (x * std::f64::consts::LN_10).exp())),
    ("cbrt", NP | SP, Run::Unary(|x| x.unary(Unary::Sign) * x.abs().pow(&Value::from(1.0 / 3.0)))),
    ("sinc", NP, Run::Unary(sinc)),
    ("positive", NP, Run::Unary(Value::clone)),
    ("neg", PT, Run::Unary(|x| x.unary(Unary::Neg))),
    ("fabs", NP | PL, Run::Unary(Value::abs)),
    ("factorial", SP, Run::Unary(factorial)),
    ("factorial", PL, Run::Unary(|x| factorial(x).with_kind(Kind::Int))),
    ("xlogy", SP, Run::Binary(|x, y| no_times(x, &y.log()))),
    ("xlog1py", SP, Run::Binary(|x, y| no_times(x, &y.log1p()))),
    ("entr", SP, Run::Unary(|x| -no_times(x, &x.log()))),
    ("rel_entr", SP, Run::Binary(|x, y| no_times(x, &(x / y).log()))),
    ("kl_div", SP, Run::Binary(|x, y| no_times(x, &(x / y).log()) - x + y)),
    ("log_expit", SP, Run::Unary(|x| -(-x).softplus())),
    ("softplus", SP, Run::Unary(Value::softplus)),
    ("boxcox", SP, Run::Binary(power_transform)),
    ("inv_boxcox", SP, Run::Binary(from_power_transform)),
    ("beta", SP, Run::Binary(|a, b| log_beta(a, b).exp())),
    ("binom", SP, Run::Binary(choices)),
    ("comb", SP, Run::Call(|e, call| counted(e, call, choices, false))),
    ("perm", SP, Run::Call(|e, call| counted(e, call, arrangements, false))),
    ("comb", PL, Run::Call(|e, call| counted(e, call, choices, true))),
    ("perm", PL, Run::Call(|e, call| counted(e, call, arrangements, true))),
    ("poch", SP, Run::Binary(|x, n| ((x + n).lgamma() - x.lgamma()).exp())),
    ("loggamma", SP, Run::Unary(Value::lgamma)),
    ("lgamma", PL, Run::Unary(Value::lgamma)),
    ("gamma", PL, Run::Unary(|x| x.lgamma().exp())),
    ("erf", PL, Run::Unary(Value::erf)),
    ("erfc", PL, Run::Unary(Value::erfc)),
    (
        "gcd",
        NP,
        Run::Call(|e, call| divisor(e, call, |a, b, common| if common == 0.0 { a + b } else { common })),
    ),
    (
        "lcm",
        NP,
        Run::Call(|e, call| {
            divisor(e, call, |a, b, common| if common == 0.0 { 0.0 } else { a * b / common })
        }),
    ),
    ("isclose", NP | PL | PT, Run::Call(|e, call| close(e, call).map(Item::Number))),
    ("allclose", NP | PT, Run::Call(all_close)),
    ("array_equal", NP, Run::Call(equal_arrays)),
    ("isfinite", PL, Run::Unary(|x| x.abs().lower(&Value::from(f64::INFINITY)))),
    ("round", ALL, Run::Call(round)),
    ("negative", NP, Run::Unary(|x| x.unary(Unary::Neg))),
    ("reciprocal", NP | PT, Run::Unary(Value::recip)),
    ("isnan", NP | PT, Run::Unary(|x| x.unary(Unary::IsNan))),
    ("isfinite", NP, Run::Unary(|x| x.abs().lower(&Value::from(f64::INFINITY)))),
    ("isinf", NP | PT, Run::Unary(|x| x.abs().equal(&Value::from(f64::INFINITY)))),
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
    ("tri_gamma", PT, Run::Unary(trigamma)),
    ("radians", NP, Run::Unary(|x| x * (std::f64::consts::PI / 180.0))),
    ("degrees", NP, Run::Unary(|x| x * (180.0 / std::f64::consts::PI))),
    ("deg2rad", ALL, Run::Unary(|x| x * (std::f64::consts::PI / 180.0))),
    ("rad2deg", ALL, Run::Unary(|x| x * (180.0 / std::f64::consts::PI))),
    ("add", NP | PT, Run::Binary(evaluate::add)),
    ("subtract", NP, Run::Binary(evaluate::subtract)),
    ("sub", PT, Run::Binary(evaluate::subtract)),
    ("multiply", NP, Run::Binary(evaluate::multiply)),
    ("mul", PT, Run::Binary(evaluate::multiply)),
    ("divide", NP, Run::Binary(evaluate::divide)),
    ("true_divide", NP, Run::Binary(evaluate::divide)),
    ("true_div", PT, Run::Binary(evaluate::divide)),
    ("int_div", PT, Run::Binary(evaluate::floor_divide)),
    ("floor_div", PT, Run::Binary(evaluate::floor_divide)),
    ("remainder", NP, Run::Binary(evaluate::remainder)),
    ("fmod", PL, Run::Binary(evaluate::remainder)),
    ("float_power", NP, Run::Binary(|x, y| evaluate::power(&x.with_kind(Kind::Float), y))),
    ("floor_divide", NP, Run::Binary(evaluate::floor_divide)),
    ("mod", NP | PT, Run::Binary(evaluate::remainder)),
    ("power", NP | PT, Run::Binary(evaluate::power)),
    ("pow", NP, Run::Binary(evaluate::power)),
    ("pow", PT, Run::Binary(evaluate::power)),
    (
        "fmax",
        NP,
        Run::Binary(|a, b| a.unary(Unary::IsNan).select(b, &b.unary(Unary::IsNan).select(a, &a.maximum(b)))),
    ),
    (
        "fmin",
        NP,
        Run::Binary(|a, b| a.unary(Unary::IsNan).select(b, &b.unary(Unary::IsNan).select(a, &a.minimum(b)))),
    ),
    (
        "heaviside",
        NP,
        Run::Binary(|x, at| (x.unary(Unary::Sign) + 1.0) * 0.5 + x.equal(&Value::from(0.0)) * (at - 0.5)),
    ),
    (
        "copysign",
        NP | PL,
        Run::Binary(|x, y| {
            x.abs() * y.lower(&Value::from(0.0)).select(&Value::from(-1.0), &Value::from(1.0))
        }),
    ),
    ("maximum", ALL, Run::Binary(Value::maximum)),
    ("minimum", ALL, Run::Binary(Value::minimum)),
    ("logaddexp", NP | PM | PT, Run::Binary(logaddexp)),
    (
        "logaddexp2",
        NP,
        Run::Binary(|a, b| {
            logaddexp(&(a * std::f64::consts::LN_2), &(b * std::f64::consts::LN_2)) * std::f64::consts::LOG2_E
        }),
    ),
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
    (
        "logical_xor",
        NP,
        Run::Binary(|a, b| not_equal(&not_equal(a, &Value::from(0.0)), &not_equal(b, &Value::from(0.0)))),
    ),
    ("xor", PT, Run::Binary(not_equal)),
    ("bitwise_and", NP | PT, Run::Call(|e, call| bitwise(e, call, Operator::BitAnd))),
    ("bitwise_or", NP | PT, Run::Call(|e, call| bitwise(e, call, Operator::BitOr))),
    ("left_shift", NP, Run::Call(|e, call| bitwise(e, call, Operator::LShift))),
    ("right_shift", NP, Run::Call(|e, call| bitwise(e, call, Operator::RShift))),
    ("invert", NP | PT, Run::Unary(|x| x.unary(Unary::Not))),
    ("bitwise_invert", NP, Run::Unary(|x| x.unary(Unary::Not))),
    ("equal", PT, Run::Binary(Value::equal)),
    ("not_equal", PT, Run::Binary(not_equal)),
    ("greater", PT, Run::Binary(Value::greater)),
    ("greater_equal", PT, Run::Binary(Value::greater_equal)),
    ("less", PT, Run::Binary(Value::lower)),
    ("less_equal", PT, Run::Binary(Value::lower_equal)),
    ("switch", PM | PT, Run::Call(switch)),
    ("where", ALL, Run::Call(switch)),
    ("ifelse", SH, Run::Call(switch)),
    ("clip", ALL, Run::Call(clip)),
    ("nan_to_num", NP | PT, Run::Call(nan_to_num)),
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

/// A known function of data; `in_program` of what depends on parameters.
fn known(x: &Value, run: fn(f64) -> f64, in_program: impl Fn(&Value) -> Value) -> Value {
    host(x, run).unwrap_or_else(|| in_program(x))
}

fn arcsin(x: &Value) -> Value {
    known(x, f64::asin, |x| (x / (1.0 - x.square()).sqrt()).unary(Unary::Atan))
}

fn arccos(x: &Value) -> Value {
    known(x, f64::acos, |x| std::f64::consts::FRAC_PI_2 - arcsin(x))
}

/// The area functions; that of the sine is odd, and loses no digits on its negative side.
fn area_sinh(x: &Value) -> Value {
    known(x, f64::asinh, |x| {
        let size = x.abs();
        x.unary(Unary::Sign) * (&size + (size.square() + 1.0).sqrt()).log()
    })
}

fn area_cosh(x: &Value) -> Value {
    known(x, f64::acosh, |x| (x + (x.square() - 1.0).sqrt()).log())
}

fn area_tanh(x: &Value) -> Value {
    known(x, f64::atanh, |x| (x.log1p() - (-x).log1p()) * 0.5)
}

/// The angle of the point `(x, y)`: that of its quotient, and half a turn on the left side.
fn angle(y: &Value, x: &Value) -> Value {
    use std::f64::consts::{FRAC_PI_2, PI};
    let zero = Value::from(0.0);
    let above = y.lower(&zero).select(&Value::from(-1.0), &Value::from(1.0));
    let is_upright = x.equal(&zero);
    let quotient = y / is_upright.select(&Value::from(1.0), x);
    let turned = quotient.unary(Unary::Atan) + x.lower(&zero).select(&(&above * PI), &zero);
    let upright = y.equal(&zero).select(&zero, &(&above * FRAC_PI_2));
    is_upright.select(&upright, &turned)
}

fn truncated(x: &Value) -> Value {
    match x.kind() {
        Kind::Float => x.abs().unary(Unary::Floor) * x.unary(Unary::Sign),
        _ => x.clone(),
    }
}

/// `sin(pi x) / (pi x)`, 1 at zero.
fn sinc(x: &Value) -> Value {
    let is_zero = x.equal(&Value::from(0.0));
    let there = is_zero.select(&Value::from(1.0), &(x * std::f64::consts::PI));
    is_zero.select(&Value::from(1.0), &(there.unary(Unary::Sin) / &there))
}

/// `x * y`, which is zero where `x` is, whatever `y`.
fn no_times(x: &Value, y: &Value) -> Value {
    x.equal(&Value::from(0.0)).select(&Value::from(0.0), &(x * y))
}

/// Products up to a number, by multiplication where that is whole and they are exact.
fn factorial(x: &Value) -> Value {
    known(
        x,
        |x| match x {
            x if x < 0.0 => f64::NAN,
            x if x.fract() == 0.0 && x <= 170.0 => (2..=x as u64).map(|k| k as f64).product(),
            x => statistics_gamma(x + 1.0),
        },
        |x| (x + 1.0).lgamma().exp(),
    )
}

fn statistics_gamma(x: f64) -> f64 {
    Value::from(x).lgamma().exp().as_data().map_or(f64::NAN, |x| x[0])
}

/// How many ways there are to choose `k` of `n`.
fn choices(n: &Value, k: &Value) -> Value {
    ((n + 1.0).lgamma() - (k + 1.0).lgamma() - (n - k + 1.0).lgamma()).exp()
}

/// How many ways there are to line up `k` of `n`.
fn arrangements(n: &Value, k: &Value) -> Value {
    ((n + 1.0).lgamma() - (n - k + 1.0).lgamma()).exp()
}

/// `comb(n, k)` and `perm(n, k)`: without rounding where both are whole; zero where there are too few.
fn counted(
    e: &mut Evaluator<'_>,
    call: &Call,
    run: fn(&Value, &Value) -> Value,
    exact: bool,
) -> Outcome<Item> {
    let [n, k, exactly] = call.bind(["N", "k", "exact"])?;
    let exact = exactly.map_or(Ok(exact), |exactly| e.truth(&exactly.item, exactly.range))?;
    let (n, k) = (e.value(call.required(n, "N")?)?, e.value(call.required(k, "k")?)?);
    let is_whole = n.kind() != Kind::Float && k.kind() != Kind::Float;
    let ways = e.binary(run, &n, &k, call.range)?;
    let ways = if is_whole && !ways.is_random() { ways.unary(Unary::Round) } else { ways };
    let ways = e.binary(Value::lower, &n, &k, call.range)?.select(&Value::from(0.0), &ways);
    Ok(Item::Number(if is_whole && exact { ways.with_kind(Kind::Int) } else { ways }))
}

/// Something of the greatest common divisor of whole numbers.
fn divisor(e: &mut Evaluator<'_>, call: &Call, run: fn(f64, f64, f64) -> f64) -> Outcome<Item> {
    let [a, b] = call.bind(["a", "b"])?;
    let a = e.known_value(call.required(a, "a")?, "a whole number")?;
    let b = e.known_value(call.required(b, "b")?, "a whole number")?;
    if a.kind() == Kind::Float || b.kind() == Kind::Float {
        return fault(call.range, "divisors are those of whole numbers");
    }
    let common = |a: f64, b: f64| {
        let (mut a, mut b) = (a.abs(), b.abs());
        while b != 0.0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let Some(shape) = chainfire_engine::program::value::shape::broadcast(a.shape(), b.shape()) else {
        return fault(call.range, "these shapes do not fit each other");
    };
    e.budget.shape(&shape, call.range)?;
    let (a, b) = (a.broadcast_to(&shape), b.broadcast_to(&shape));
    let pairs = a.as_data().into_iter().zip(b.as_data()).flat_map(|(a, b)| a.iter().zip(b.iter()));
    let numbers: Vec<f64> = pairs.map(|(a, b)| run(a.abs(), b.abs(), common(*a, *b))).collect();
    Ok(Item::Number(Value::data(numbers, shape, Kind::Int)))
}

/// `(x ** lambda - 1) / lambda`, and the logarithm where that is zero.
fn power_transform(x: &Value, lambda: &Value) -> Value {
    let is_zero = lambda.equal(&Value::from(0.0));
    let there = is_zero.select(&Value::from(1.0), lambda);
    is_zero.select(&x.log(), &((&there * x.log()).expm1() / &there))
}

fn from_power_transform(y: &Value, lambda: &Value) -> Value {
    let is_zero = lambda.equal(&Value::from(0.0));
    let there = is_zero.select(&Value::from(1.0), lambda);
    is_zero.select(&y.exp(), &((&there * y).log1p() / &there).exp())
}

/// `np.isclose(a, b, rtol, atol)`
fn close(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Value> {
    let [a, b, relative, absolute, _nan] = call.bind(["a", "b", "rtol", "atol", "equal_nan"])?;
    let (a, b) = (e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?);
    let relative = relative.map_or(Ok(1e-5), |x| e.float(&x.item, "`rtol`", x.range))?;
    let absolute = absolute.map_or(Ok(1e-8), |x| e.float(&x.item, "`atol`", x.range))?;
    let distance = e.binary(|a, b| (a - b).abs(), &a, &b, call.range)?;
    let is_near = distance.lower_equal(&(b.abs() * relative + absolute));
    let is_same = e.binary(Value::equal, &a, &b, call.range)?;
    e.finish_value(is_near.or(&is_same), call.range)
}

fn all_close(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let near = close(e, call)?;
    if near.as_data().is_none() {
        let flat = near.reshape(&[near.len()]);
        return Ok(Item::Number(super::reduce::along(e, &flat, 0, "all", 0.0, call.range)?));
    }
    Ok(Item::truth(near.as_data().is_some_and(|near| near.iter().all(|x| *x != 0.0))))
}

/// `np.bitwise_and(a, b)`: the operator `&` of truth values and whole numbers, and the others of its kind.
fn bitwise(e: &mut Evaluator<'_>, call: &Call, op: Operator) -> Outcome<Item> {
    let [a, b] = call.bind(["x1", "x2"])?;
    let (a, b) = (call.required(a, "x1")?, call.required(b, "x2")?);
    let a = Item::Number(e.value(a)?);
    let b = Item::Number(e.value(b)?);
    e.operation(op, &a, &b, call.range)
}

fn equal_arrays(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, _nan] = call.bind(["a1", "a2", "equal_nan"])?;
    let (a, b) = (call.required(a, "a1")?, call.required(b, "a2")?);
    if let (Item::Texts(a), Item::Texts(b)) = (&a.item, &b.item) {
        return Ok(Item::truth(a == b));
    }
    let (a, b) = (e.known_value(a, "what is compared")?, e.known_value(b, "what is compared")?);
    Ok(Item::truth(a.shape() == b.shape() && a.as_data() == b.as_data()))
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
    let result = match evaluator.integer(&n.item, "the order", n.range)? {
        0 => x.unary(Unary::Digamma),
        1 => trigamma(&x),
        other => {
            return fault(n.range, format!("`polygamma` of order {other} is not supported: 0 and 1 are"));
        }
    };
    Ok(Item::Number(evaluator.finish_value(result, call.range)?))
}

/// The derivative of digamma; of parameters by recurrence and asymptotic series, which have derivatives themselves.
///
/// Abramowitz and Stegun (1964), 6.4.6 and 6.4.12.
fn trigamma(x: &Value) -> Value {
    const SHIFT: usize = 12;
    const SERIES: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    if x.as_data().is_some() {
        return x.unary(Unary::Trigamma);
    }
    let small = (0..SHIFT).map(|k| (x + k as f64).square().recip()).reduce(|a, b| a + b);
    let inverse = (x + SHIFT as f64).recip();
    let square = inverse.square();
    let series = SERIES.iter().rev().fold(Value::from(0.0), |sum, term| (sum + *term) * &square);
    let large = &inverse * (series + 1.0) + square * 0.5;
    small.into_iter().fold(large, |sum, part| sum + part)
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
    let condition = call.required(condition, "condition")?;
    if let (Some(a), Some(b)) = (a, b)
        && [a, b].iter().all(|side| matches!(side.item, Item::Text(_) | Item::Texts(_)))
    {
        let condition = evaluator.known_value(condition, "what chooses texts")?;
        return chosen_texts(evaluator, &condition, a, b, call.range);
    }
    let condition = evaluator.value(condition)?;
    let a = evaluator.value(call.required(a, "x")?)?;
    let b = evaluator.value(call.required(b, "y")?)?;
    Ok(Item::Number(select(evaluator, &condition, &a, &b, call.range)?))
}

/// `np.where(condition, "yes", "no")`: one or as many texts on either side.
fn chosen_texts(
    e: &mut Evaluator<'_>,
    condition: &Value,
    a: &Argument,
    b: &Argument,
    range: TextRange,
) -> Outcome<Item> {
    let Some(truths) = condition.as_data().filter(|_| condition.rank() == 1) else {
        return fault(range, "texts are chosen by a column of truth values");
    };
    e.budget.texts(truths.len(), range)?;
    let side = |side: &Argument| match &side.item {
        Item::Texts(texts) if texts.len() == truths.len() => Ok(texts.to_vec()),
        Item::Text(text) => Ok(vec![text.to_string(); truths.len()]),
        other => fault(side.range, format!("{} for {} truth values", other.describe(), truths.len())),
    };
    let sides = [side(a)?, side(b)?];
    let text = |(k, &truth): (usize, &f64)| sides[usize::from(truth == 0.0)][k].clone();
    Ok(Item::Texts(truths.iter().enumerate().map(text).collect()))
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
    let has = |part: &str| call.keywords.iter().any(|(name, _)| name.contains(part));
    let [x, low, high] = match (has("a_m"), has("er")) {
        (true, _) => call.bind(["a", "a_min", "a_max"])?,
        (_, true) => call.bind(["x", "lower", "upper"])?, // as pandas has it
        _ => call.bind(["x", "min", "max"])?,
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
    let value = evaluator.value(x)?;
    let fill = match nan {
        Some(nan) => evaluator.float(&nan.item, "what missing numbers become", nan.range)?,
        None => 0.0,
    };
    if value.as_data().is_none() {
        let finite = value.maximum(&Value::from(f64::MIN)).minimum(&Value::from(f64::MAX));
        let filled = value.unary(Unary::IsNan).select(&Value::from(fill), &finite);
        return Ok(Item::Number(evaluator.finish_value(filled, call.range)?));
    }
    let numbers = value.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let numbers: Vec<f64> =
        numbers.into_iter().map(|x| if x.is_nan() { fill } else { x.clamp(f64::MIN, f64::MAX) }).collect();
    Ok(Item::numbers(Value::data(numbers, value.shape(), value.kind()), x.item.is_series()))
}
