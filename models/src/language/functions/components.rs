//! Distributions without a name: parts of other distributions, and densities at a value.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};

use super::variables::{make, parameter, split};
use crate::Distribution;
use crate::distributions::{Entry, Shaped, log_probability_anywhere, possible_density};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// `pm.Normal.dist(0, 1)`
pub(in crate::language) fn component(
    e: &mut Evaluator<'_>,
    entry: &'static Entry,
    call: &Call,
) -> Outcome<Item> {
    let (keywords, usage) = split(&call.keywords)?;
    if let Some(observed) = usage.observed {
        return fault(observed.range, "a distribution without a name has no observed data");
    }
    let distribution = make(e, entry, call, None, &call.positional, &keywords)?;
    let shape = usage.shape_of(e, &*distribution)?;
    Ok(Item::Component(match shape {
        Some(shape) => Rc::new(Shaped::new(distribution, shape)),
        None => distribution,
    }))
}

/// The distribution that an argument must be.
fn distribution_of(argument: &Argument) -> Outcome<Rc<dyn Distribution>> {
    match &argument.item {
        Item::Component(distribution) => Ok(distribution.clone()),
        other => {
            let message = format!(
                "a distribution such as `pm.Normal.dist(0, 1)` is needed here, not {}",
                other.describe()
            );
            Err(Fault::new(argument.range, message).rule(Rule::DistributionNeeded))
        }
    }
}

/// `pm.logp(pm.Normal.dist(0, 1), x)`
pub(super) fn log_density(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [distribution, x] = call.bind(["rv", "value"])?;
    let distribution = distribution_of(call.required(distribution, "rv")?)?;
    let x = parameter(e, call.required(x, "value")?)?;
    Ok(Item::Number(e.finish_value(possible_density(&*distribution, &x), call.range)?))
}

/// `pm.logcdf(pm.Normal.dist(0, 1), x)`, and `pm.logccdf` for what lies above.
pub(super) fn log_probability(e: &mut Evaluator<'_>, call: &Call, below: bool) -> Outcome<Item> {
    let [distribution, x] = call.bind(["rv", "value"])?;
    let distribution = distribution_of(call.required(distribution, "rv")?)?;
    let x = parameter(e, call.required(x, "value")?)?;
    match log_probability_anywhere(&*distribution, &x, below) {
        Some(value) => Ok(Item::Number(e.finish_value(value, call.range)?)),
        None => fault(
            call.range,
            format!("the distribution function of {} is not supported yet", distribution.name()),
        ),
    }
}

/// `check_parameters(x, condition, ..., msg="")`: `x` where the conditions hold, else minus infinity.
pub(super) fn check_parameters(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((x, conditions)) = call.positional.split_first() else {
        return fault(call.range, format!("`{}` needs an expression and conditions", call.name));
    };
    if let Some((name, argument)) = call.keywords.iter().find(|(name, _)| name != "msg") {
        return fault(argument.range, format!("`{}` has no argument `{name}`", call.name));
    }
    let mut value = e.value(x)?;
    for condition in conditions {
        let holds = e.value(condition)?;
        value = e.finish_value(holds.select(&value, &Value::from(f64::NEG_INFINITY)), condition.range)?;
    }
    Ok(Item::Number(value))
}

/// `pm.expand_packed_triangular(n, packed, lower=True)`: the triangular matrix of its rows, one after the other.
pub(super) fn unpacked(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n, packed, lower, diagonal_only] = call.bind(["n", "packed", "lower", "diagonal_only"])?;
    let n = call.required(n, "n")?;
    let rows = e.integer(&n.item, "the size of the matrix", n.range)?;
    let packed = e.value(call.required(packed, "packed")?)?;
    let is_on = |argument: Option<&Argument>, default: bool| {
        argument.map_or(Ok(default), |argument| e.truth(&argument.item, argument.range))
    };
    let (lower, diagonal_only) = (is_on(lower, true)?, is_on(diagonal_only, false)?);
    let Ok(n) = usize::try_from(rows) else {
        return fault(n.range, "the size of the matrix must not be negative");
    };
    if packed.rank() != 1 || packed.len() != n.saturating_mul(n.saturating_add(1)) / 2 {
        let seen = packed.len();
        return fault(call.range, format!("a triangle of {n} rows has n (n + 1) / 2 numbers, not {seen}"));
    }
    e.budget.shape(&[n, n], call.range)?;
    let place = |i: usize, k: usize| match lower {
        true => i * (i + 1) / 2 + k,
        false => i * n - i * (i + 1) / 2 + k,
    };
    let value = if diagonal_only {
        packed.take((0..n).map(|i| place(i, i) as u32).collect(), vec![n])
    } else {
        let padded = Value::concatenate(&[packed.clone(), Value::data(vec![0.0], vec![1], Kind::Float)], 0);
        let inside = |i: usize, k: usize| if lower { k <= i } else { k >= i };
        let index = |at: usize| match (at / n, at % n) {
            (i, k) if inside(i, k) => place(i, k) as u32,
            _ => packed.len() as u32,
        };
        padded.take((0..n * n).map(index).collect(), vec![n, n])
    };
    Ok(Item::Number(e.finish_value(value, call.range)?))
}
