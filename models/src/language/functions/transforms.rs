//! Transforms of free variables, by the names that `pm.distributions.transforms` gives them.

use super::{Row, Run, TR};
use crate::Transform;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Classes of transforms, which are called.
pub(super) const ROWS: &[Row] = &[
    ("Interval", TR, Run::Call(interval)),
    ("ZeroSumTransform", TR, Run::Call(zero_sum)),
    ("Ordered", TR, Run::Call(|_, call| plain(call, "ordered"))),
    ("LogTransform", TR, Run::Call(|_, call| plain(call, "log"))),
    ("LogOddsTransform", TR, Run::Call(|_, call| plain(call, "logodds"))),
    ("SimplexTransform", TR, Run::Call(|_, call| plain(call, "simplex"))),
    ("CircularTransform", TR, Run::Call(|_, call| plain(call, "circular"))),
];

/// A transform that has no arguments.
pub(super) fn find(name: &str) -> Option<Item> {
    Some(Item::Transform(match name {
        "log" => Transform::Log,
        "logodds" => Transform::LogOdds,
        "ordered" | "univariate_ordered" | "multivariate_ordered" => Transform::Ordered,
        "simplex" => Transform::Simplex,
        "circular" => Transform::Circular,
        _ => return None,
    }))
}

/// The transform that an argument names; None for no transform.
pub(super) fn of(argument: &Argument) -> Outcome<Transform> {
    match &argument.item {
        Item::Transform(transform) => Ok(transform.clone()),
        Item::None => Ok(Transform::Identity),
        other => fault(
            argument.range,
            format!(
                "a transform is needed here, such as `pm.distributions.transforms.ordered`, not {}",
                other.describe()
            ),
        ),
    }
}

fn plain(call: &Call, name: &str) -> Outcome<Item> {
    let [] = call.bind([])?;
    Ok(find(name).unwrap_or(Item::None))
}

fn interval(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [lower, upper] = call.bind(["lower", "upper"])?;
    let mut bound = |argument: Option<&Argument>, none: f64| match argument {
        Some(argument) if !matches!(argument.item, Item::None) => e.value(argument),
        _ => Ok(none.into()),
    };
    let (lower, upper) = (bound(lower, f64::NEG_INFINITY)?, bound(upper, f64::INFINITY)?);
    Ok(Item::Transform(Transform::Interval { lower, upper }))
}

fn zero_sum(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [axes] = call.bind(["zerosum_axes"])?;
    let axes = call.required(axes, "zerosum_axes")?;
    let mut places = Vec::new();
    for item in e.iterate(&axes.item, axes.range)? {
        places.push(e.integer(&item, "an axis", axes.range)?);
    }
    places.sort_unstable();
    if places.iter().rev().zip(1..).any(|(place, k)| *place != -k) {
        return fault(axes.range, "the axes must be the last ones, counted from the end: [-1] or [-2, -1]");
    }
    Ok(Item::Transform(Transform::ZeroSum { axes: places.len() }))
}
