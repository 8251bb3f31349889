//! Sums, means and other reductions over one axis, several or all; and running sums.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::{Modules, NP, PL, PM, PT, Row, Run, SP};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Library};
use crate::language::item::Item;

const ALL: Modules = NP | PM | PT;

/// Reductions.
pub(super) const ROWS: &[Row] = &[
    ("sum", ALL, Run::Call(|e, call| reduce(e, call, "sum"))),
    ("mean", ALL, Run::Call(|e, call| reduce(e, call, "mean"))),
    ("average", NP, Run::Call(average)),
    ("prod", ALL, Run::Call(|e, call| reduce(e, call, "prod"))),
    ("max", ALL, Run::Call(|e, call| reduce(e, call, "max"))),
    ("min", ALL, Run::Call(|e, call| reduce(e, call, "min"))),
    ("amax", NP, Run::Call(|e, call| reduce(e, call, "max"))),
    ("amin", NP, Run::Call(|e, call| reduce(e, call, "min"))),
    ("std", NP | PT, Run::Call(|e, call| reduce(e, call, "std"))),
    ("var", NP | PT, Run::Call(|e, call| reduce(e, call, "var"))),
    ("any", NP | PT, Run::Call(|e, call| reduce(e, call, "any"))),
    ("all", NP | PT, Run::Call(|e, call| reduce(e, call, "all"))),
    ("median", NP | PT, Run::Call(|e, call| reduce(e, call, "median"))),
    ("nanmax", NP, Run::Call(|e, call| reduce(e, call, "nanmax"))),
    ("nanmin", NP, Run::Call(|e, call| reduce(e, call, "nanmin"))),
    ("nanprod", NP, Run::Call(|e, call| reduce(e, call, "nanprod"))),
    ("nanmedian", NP, Run::Call(|e, call| reduce(e, call, "nanmedian"))),
    ("nanvar", NP, Run::Call(|e, call| reduce(e, call, "nanvar"))),
    ("nanmean", NP, Run::Call(|e, call| reduce(e, call, "nanmean"))),
    ("nansum", NP, Run::Call(|e, call| reduce(e, call, "nansum"))),
    ("nanstd", NP, Run::Call(|e, call| reduce(e, call, "nanstd"))),
    ("logsumexp", PM | PT | SP, Run::Call(|e, call| reduce(e, call, "logsumexp"))),
    ("argmax", NP | PT, Run::Call(|e, call| reduce(e, call, "argmax"))),
    ("argmin", NP | PT, Run::Call(|e, call| reduce(e, call, "argmin"))),
    ("ptp", NP | PT, Run::Call(|e, call| reduce(e, call, "ptp"))),
    ("nanquantile", NP, Run::Call(|e, call| quantile(e, call, 1.0))),
    ("nanpercentile", NP, Run::Call(|e, call| quantile(e, call, 0.01))),
    ("fsum", PL, Run::Call(|e, call| reduce(e, call, "sum"))),
    ("quantile", NP, Run::Call(|e, call| quantile(e, call, 1.0))),
    ("percentile", NP, Run::Call(|e, call| quantile(e, call, 0.01))),
    ("softmax", PM | PT | SP, Run::Call(|e, call| softmax(e, call, Value::softmax))),
    ("log_softmax", PM | PT | SP, Run::Call(|e, call| softmax(e, call, Value::log_softmax))),
    ("cumsum", ALL, Run::Call(|e, call| running(e, call, Value::running_sum))),
    ("cumulative_sum", NP, Run::Call(|e, call| running(e, call, Value::running_sum))),
    ("cumprod", ALL, Run::Call(|e, call| running(e, call, Value::running_product))),
    ("diff", ALL, Run::Call(difference)),
];

/// `np.average(x, axis, weights)`
fn average(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, axis, weights, _returned, keep] = call.bind(["a", "axis", "weights", "returned", "keepdims"])?;
    let x = call.required(x, "a")?;
    let of = |item: Item| {
        let mut inner = call.alone(item);
        let named = [("axis", axis), ("keepdims", keep)];
        inner.keywords =
            named.into_iter().filter_map(|(name, x)| Some((name.to_owned(), x?.clone()))).collect();
        inner
    };
    let Some(weights) = weights.filter(|weights| !matches!(weights.item, Item::None)) else {
        return reduce(e, &of(x.item.clone()), "mean");
    };
    let (value, mut weights) = (e.value(x)?, e.value(weights)?);
    if weights.rank() == 1 && value.rank() > 1 {
        let along = axis.map_or(Ok(0), |along| self::axis(e, &along.item, value.rank(), along.range))?;
        let mut shape = vec![1; value.rank()];
        shape[along] = weights.len();
        weights = weights.reshape(&shape);
    }
    let weights = e.finish_value(weights.broadcast_to(value.shape()), call.range)?;
    let weighted = e.binary(|a, b| a * b, &value, &weights, call.range)?;
    let (sum, total) =
        (reduce(e, &of(Item::Number(weighted)), "sum")?, reduce(e, &of(Item::Number(weights)), "sum")?);
    e.operation(ruff_python_ast::Operator::Div, &sum, &total, call.range)
}

/// The axes an argument names, from the last to the first; `None` for all.
fn axes(e: &mut Evaluator<'_>, argument: Option<&Argument>, rank: usize) -> Outcome<Option<Vec<usize>>> {
    let Some(argument) = argument else {
        return Ok(None);
    };
    let items = match &argument.item {
        Item::None => return Ok(None),
        item @ (Item::Tuple(_) | Item::List(_)) => e.iterate(item, argument.range)?,
        other => vec![other.clone()],
    };
    let mut axes = Vec::new();
    for item in items {
        axes.push(axis(e, &item, rank, argument.range)?);
    }
    axes.sort_unstable_by(|a, b| b.cmp(a));
    axes.dedup();
    Ok(Some(axes))
}

/// An axis, from the end when negative.
pub(super) fn axis(e: &Evaluator<'_>, item: &Item, rank: usize, range: TextRange) -> Outcome<usize> {
    let axis = e.integer(item, "an axis", range)?;
    let place = if axis < 0 { axis + rank as i64 } else { axis };
    match usize::try_from(place) {
        Ok(place) if place < rank => Ok(place),
        _ => fault(range, format!("axis {axis} is out of range for an array with {rank} axes")),
    }
}

/// A reduction of the call's first argument.
pub(super) fn reduce(e: &mut Evaluator<'_>, call: &Call, name: &str) -> Outcome<Item> {
    let [x, axis, keep, ddof] = match name {
        "std" | "var" | "nanstd" | "nanvar" => call.bind(["a", "axis", "keepdims", "ddof"])?,
        _ => {
            let [x, axis, keep, dtype, _accumulated] =
                call.bind(["a", "axis", "keepdims", "dtype", "acc_dtype"])?;
            if let Some(dtype) = dtype
                && e.kind(dtype)? != Kind::Float
            {
                return fault(dtype.range, "sums and the like are counted in float64: leave `dtype` out");
            }
            [x, axis, keep, None]
        }
    };
    let x = call.required(x, "a")?;
    let ddof = match ddof {
        Some(ddof) => e.float(&ddof.item, "`ddof`", ddof.range)?,
        None => 0.0,
    };
    let keep = keep.map_or(Ok(false), |keep| e.truth(&keep.item, keep.range))?;
    // NumPy leaves a column of a table to pandas.
    let mut value = match without_missing(&x.item).filter(|_| !name.starts_with("nan")) {
        Some(present) => present,
        None => e.value(x)?,
    };
    let all = axes(e, axis, value.rank())?;
    let axes = match all {
        Some(axes) => axes,
        None => {
            let kept = vec![1; if keep { value.rank() } else { 0 }];
            let flat = value.reshape(&[value.len()]);
            return Ok(Item::Number(along(e, &flat, 0, name, ddof, call.range)?.reshape(&kept)));
        }
    };
    // Several axes become one, at the end.
    let shape = value.shape().to_vec();
    let count: usize = axes.iter().map(|&axis| shape[axis]).product();
    let rest: Vec<usize> = (0..shape.len()).filter(|axis| !axes.contains(axis)).collect();
    let order: Vec<usize> = rest.iter().copied().chain(axes.iter().rev().copied()).collect();
    if order.iter().enumerate().any(|(i, axis)| i != *axis) {
        value = super::rearrange::permuted(e, &value, &order, call.range)?;
    }
    let mut grouped: Vec<usize> = rest.iter().map(|&axis| shape[axis]).collect();
    grouped.push(count);
    let last = grouped.len() - 1;
    let result = along(e, &value.reshape(&grouped), last, name, ddof, call.range)?;
    let kept: Vec<usize> =
        (0..shape.len()).map(|axis| if axes.contains(&axis) { 1 } else { shape[axis] }).collect();
    Ok(Item::Number(if keep { result.reshape(&kept) } else { result }))
}

/// The axis of `value` reduced.
pub(super) fn along(
    e: &mut Evaluator<'_>,
    value: &Value,
    axis: usize,
    name: &str,
    ddof: f64,
    range: TextRange,
) -> Outcome<Value> {
    let count = value.shape().get(axis).copied().unwrap_or(1);
    e.budget.work(value.len(), range)?;
    if count == 0 && !matches!(name, "sum" | "prod" | "any" | "all" | "nansum" | "nanprod") {
        return fault(range, format!("the `{name}` of no elements is not defined"));
    }
    let value = if value.kind() == Kind::Bool && !matches!(name, "any" | "all") {
        e.cast(value, Kind::Int, range)?
    } else {
        value.clone()
    };
    let result = match name {
        "sum" => value.sum_axis(axis),
        "mean" => value.mean_axis(axis),
        "max" => value.max_axis(axis),
        "min" => value.min_axis(axis),
        "prod" if count == 0 => return sequence_result(&value, axis, |_| 1.0, range),
        "prod" => value.product_axis(axis),
        "var" | "std" => {
            let mean = value.mean_axis(axis).insert_axis(axis);
            let distance = e.binary(|a, b| a - b, &value, &mean, range)?;
            let variance = distance.square().sum_axis(axis) / Value::from(count as f64 - ddof);
            if name == "std" { variance.sqrt() } else { variance }
        }
        "nanstd" | "nanvar" => {
            let variance = |x: &[f64]| {
                let (x, centre) = (present(x), mean_of(&present(x)));
                x.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (x.len() as f64 - ddof)
            };
            let variance = sequence_result(&value, axis, variance, range)?.with_kind(Kind::Float);
            return Ok(if name == "nanstd" { variance.sqrt() } else { variance });
        }
        "argmax" | "argmin" | "median" if value.as_data().is_none() => {
            if count > super::unique::MOST_PARAMETERS {
                return fault(range, format!("the `{name}` of {count} parameters is not supported"));
            }
            e.budget.elements(value.len().saturating_mul(count), range)?;
            let moved = Item::Number(e.finish_value(value.move_axis(axis, value.rank() - 1), range)?);
            let callee = e.written(Library::Linalg, name, range)?;
            let found = e.called(&callee, moved, range)?;
            let found = e.item_value(&found, range)?;
            if name == "median" { found } else { found.as_whole() }
        }
        "any" | "all" if value.as_data().is_none() => {
            let zeros = value.equal(&Value::from(0.0)).sum_axis(axis);
            match name {
                "all" => zeros.lower(&Value::from(0.5)),
                _ => zeros.lower(&Value::from(count as f64 - 0.5)),
            }
        }
        "logsumexp" => value.log_sum_exp(axis),
        "ptp" => value.max_axis(axis) - value.min_axis(axis),
        _ => {
            let kind = match name {
                "any" | "all" => Kind::Bool,
                "argmax" | "argmin" => Kind::Int,
                _ => Kind::Float,
            };
            let summary: fn(&[f64]) -> f64 = match name {
                "any" => |x| f64::from(x.iter().any(|x| *x != 0.0)),
                "all" => |x| f64::from(x.iter().all(|x| *x != 0.0)),
                "median" => |x| quantile_of(&mut x.to_vec(), 0.5),
                "nanmean" => |x| mean_of(&present(x)),
                "nansum" => |x| present(x).iter().sum(),
                "nanprod" => |x| present(x).iter().product(),
                "nanmedian" => |x| quantile_of(&mut present(x), 0.5),
                "nanmax" => |x| present(x).into_iter().reduce(f64::max).unwrap_or(f64::NAN),
                "nanmin" => |x| present(x).into_iter().reduce(f64::min).unwrap_or(f64::NAN),
                "argmax" => |x| first_best(x, |a, b| a > b),
                _ => |x| first_best(x, |a, b| a < b),
            };
            return sequence_result(&value, axis, summary, range).map(|value| value.with_kind(kind));
        }
    };
    e.finish_value(result, range)
}

/// A column without the rows whose number is missing; `None` where there are none, or this is no column.
pub(super) fn without_missing(column: &Item) -> Option<Value> {
    let value = column.as_value().filter(|value| column.is_series() && value.rank() == 1)?;
    let numbers = value.as_data()?;
    if !numbers.iter().any(|x| x.is_nan()) {
        return None;
    }
    let present = present(numbers);
    let shape = vec![present.len()];
    Some(Value::data(present, shape, value.kind()))
}

/// The numbers that are not missing.
fn present(x: &[f64]) -> Vec<f64> {
    x.iter().copied().filter(|x| !x.is_nan()).collect()
}

fn mean_of(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

fn first_best(numbers: &[f64], better: fn(f64, f64) -> bool) -> f64 {
    (1..numbers.len()).fold(0, |best, i| if better(numbers[i], numbers[best]) { i } else { best }) as f64
}

/// `run` of the numbers along an axis of data.
fn sequence_result(
    value: &Value,
    axis: usize,
    run: impl Fn(&[f64]) -> f64,
    range: TextRange,
) -> Outcome<Value> {
    let Some(numbers) = value.as_data() else {
        return fault(range, "this reduction is supported for data only, not for the model's parameters");
    };
    let shape = value.shape();
    let (count, inner) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let outer: usize = shape[..axis].iter().product();
    let mut results = Vec::with_capacity(outer * inner);
    for o in 0..outer {
        for i in 0..inner {
            let row: Vec<f64> = (0..count).map(|k| numbers[(o * count + k) * inner + i]).collect();
            results.push(run(&row));
        }
    }
    let kept = [&shape[..axis], &shape[axis + 1..]].concat();
    Ok(Value::data(results, kept, value.kind()))
}

/// Running sums or products; of all elements one after the other where no axis is given.
fn running(e: &mut Evaluator<'_>, call: &Call, run: fn(&Value, usize) -> Value) -> Outcome<Item> {
    let [x, along] = call.bind(["a", "axis"])?;
    let x = call.required(x, "a")?;
    let mut value = e.value(x)?;
    let axis = match along.filter(|axis| !matches!(axis.item, Item::None)) {
        Some(along) => axis(e, &along.item, value.rank(), along.range)?,
        None => {
            value = value.reshape(&[value.len()]);
            0
        }
    };
    // Each of the doubling steps of an axis goes over all elements.
    let steps = usize::BITS - value.shape()[axis].leading_zeros();
    e.budget.work(value.len().saturating_mul(steps as usize), call.range)?;
    Ok(Item::numbers(e.finish_value(run(&value, axis), call.range)?, x.item.is_series()))
}

fn difference(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, order, along, before, after] = call.bind(["a", "n", "axis", "prepend", "append"])?;
    let mut x = e.value(call.required(x, "a")?)?;
    let order = order.map_or(Ok(1), |n| e.integer(&n.item, "the order", n.range))?;
    if x.rank() == 0 || !(0..=10).contains(&order) {
        return fault(call.range, "differences need an array, and an order from 0 to 10");
    }
    let axis = match along {
        Some(along) => axis(e, &along.item, x.rank(), along.range)?,
        None => x.rank() - 1,
    };
    for (more, is_first) in [(before, true), (after, false)] {
        let Some(more) = more.filter(|more| !matches!(more.item, Item::None)) else { continue };
        let mut more = e.value(more)?;
        if more.rank() == 0 {
            let mut shape = x.shape().to_vec();
            shape[axis] = 1;
            more = more.broadcast_to(&shape);
        }
        let parts = if is_first { [more, x] } else { [x, more] };
        x = e.finish_value(Value::concatenate(&parts, axis), call.range)?;
    }
    let mut value = x;
    for _ in 0..order {
        let count = value.shape()[axis];
        let next = value.narrow(axis, 1.min(count), count) - value.narrow(axis, 0, count.saturating_sub(1));
        value = e.finish_value(next, call.range)?;
    }
    Ok(Item::Number(value))
}

fn softmax(e: &mut Evaluator<'_>, call: &Call, run: fn(&Value, usize) -> Value) -> Outcome<Item> {
    let [x, along] = call.bind(["x", "axis"])?;
    let x = e.value(call.required(x, "x")?)?;
    let (flat, axis) = match along.filter(|axis| !matches!(axis.item, Item::None)) {
        Some(along) => (x.clone(), axis(e, &along.item, x.rank(), along.range)?),
        None => (x.reshape(&[x.len()]), 0),
    };
    e.budget.work(x.len(), call.range)?;
    Ok(Item::Number(e.finish_value(run(&flat, axis).reshape(x.shape()), call.range)?))
}

/// The quantile of numbers by linear interpolation between neighbours.
pub(super) fn quantile_of(numbers: &mut [f64], q: f64) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let Some(last) = numbers.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = q * last as f64;
    let (low, weight) = (place.floor() as usize, place.fract());
    let (a, b) = (numbers[low], numbers[(low + 1).min(last)]);
    if numbers.iter().any(|x| x.is_nan()) { f64::NAN } else { a + (b - a) * weight }
}

/// Where among n sorted numbers a quantile stands, from 0, by the methods of `np.quantile`.
type Place = fn(f64, f64) -> f64;
const RULES: &[(&str, Place)] = &[
    ("linear", |q, n| q * (n - 1.0)),
    ("lower", |q, n| (q * (n - 1.0)).floor()),
    ("higher", |q, n| (q * (n - 1.0)).ceil()),
    ("nearest", |q, n| (q * (n - 1.0)).round_ties_even()),
    ("midpoint", |q, n| ((q * (n - 1.0)).floor() + (q * (n - 1.0)).ceil()) / 2.0),
    ("hazen", |q, n| q * n - 0.5),
    ("weibull", |q, n| q * (n + 1.0) - 1.0),
    ("median_unbiased", |q, n| q * (n + 1.0 / 3.0) - 2.0 / 3.0),
    ("normal_unbiased", |q, n| q * (n + 0.25) - 0.625),
    ("interpolated_inverted_cdf", |q, n| q * n - 1.0),
];

/// `np.quantile(x, q, axis)`: the axes of `q` stand first.
fn quantile(e: &mut Evaluator<'_>, call: &Call, unit: f64) -> Outcome<Item> {
    let [x, q, along, method] = call.bind(["a", "q", "axis", "method"])?;
    let method = method.map_or(Ok("linear".into()), |method| e.text(method, "`method`"))?;
    let Some(rule) = RULES.iter().find(|(name, _)| *name == &*method).map(|(_, rule)| rule) else {
        return fault(call.range, format!("quantiles have no method \"{method}\" here"));
    };
    let x = e.known_value(call.required(x, "a")?, "a quantile")?;
    let q = e.known_value(call.required(q, "q")?, "the share of a quantile")?;
    let shares = q.as_data().map(|q| q.to_vec()).unwrap_or_default();
    if x.is_empty() || shares.is_empty() || shares.iter().any(|q| !(0.0..=1.0).contains(&(q * unit))) {
        return fault(call.range, format!("quantiles need data, and shares from 0 to {}", 1.0 / unit));
    }
    let (x, axis) = match along.filter(|axis| !matches!(axis.item, Item::None)) {
        Some(along) => (x.clone(), axis(e, &along.item, x.rank(), along.range)?),
        None => (x.reshape(&[x.len()]), 0),
    };
    e.budget.work(x.len().saturating_mul(shares.len()), call.range)?;
    let skips_missing = call.name.contains("nan");
    let mut results = Vec::with_capacity(shares.len());
    for share in shares {
        let one = |x: &[f64]| {
            let mut numbers = if skips_missing { present(x) } else { x.to_vec() };
            if *method == *"linear" {
                return quantile_of(&mut numbers, share * unit);
            }
            numbers.sort_unstable_by(f64::total_cmp);
            let (Some(last), false) = (numbers.len().checked_sub(1), numbers.iter().any(|x| x.is_nan()))
            else {
                return f64::NAN;
            };
            let place = rule(share * unit, numbers.len() as f64).clamp(0.0, last as f64);
            let (low, weight) = (place.floor() as usize, place.fract());
            numbers[low] + (numbers[(low + 1).min(last)] - numbers[low]) * weight
        };
        results.push(sequence_result(&x, axis, one, call.range)?.with_kind(Kind::Float));
    }
    let shape = [q.shape(), results.first().map_or(&[][..], Value::shape)].concat();
    Ok(Item::Number(
        e.finish_value(
            Value::concatenate(&results.iter().map(|r| r.reshape(&[r.len()])).collect::<Vec<_>>(), 0)
                .reshape(&shape),
            call.range,
        )?,
    ))
}
