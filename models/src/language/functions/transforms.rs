//! Transforms of free variables, by the names that `pm.distributions.transforms` gives them.

use super::{Row, Run, TR};
use crate::Transform;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Longest chain: beyond any use, and far below what would take memory.
const MOST_IN_CHAIN: usize = 20;

/// Classes of transforms, which are called.
pub(super) const ROWS: &[Row] = &[
    ("Interval", TR, Run::Call(interval)),
    ("ZeroSumTransform", TR, Run::Call(zero_sum)),
    ("Chain", TR, Run::Call(chain)),
    ("Ordered", TR, Run::Call(ordered)),
    ("LogExpM1", TR, Run::Call(|_, call| plain(call, "log_exp_m1"))),
    ("SumTo1", TR, Run::Call(|_, call| plain(call, "sum_to_1"))),
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
        "ordered" | "univariate_ordered" | "multivariate_ordered" => Transform::ordered(),
        "log_exp_m1" => Transform::LogExpM1,
        "sum_to_1" => Transform::SumTo1,
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

fn ordered(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [positive, ascending] = call.bind(["positive", "ascending"])?;
    let is_set = |argument: Option<&Argument>, default: bool| {
        argument.map_or(Ok(default), |argument| e.truth(&argument.item, argument.range))
    };
    Ok(Item::Transform(Transform::Ordered {
        positive: is_set(positive, false)?,
        ascending: is_set(ascending, true)?,
    }))
}

/// `Chain([first, second, ...])`: from constrained to unconstrained.
fn chain(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [list] = call.bind(["transform_list"])?;
    let list = call.required(list, "transform_list")?;
    let mut whole = Transform::Identity;
    for item in e.iterate(&list.item, list.range)? {
        whole = whole.then(of(&Argument { item, range: list.range })?);
        if whole.parts() > MOST_IN_CHAIN {
            return fault(list.range, format!("at most {MOST_IN_CHAIN} transforms can follow one another"));
        }
    }
    Ok(Item::Transform(whole))
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
