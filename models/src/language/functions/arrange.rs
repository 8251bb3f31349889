//! Functions that put the elements of arrays elsewhere: turned, shifted, cut, filled up, taken by place.

use chainfire_engine::program::value::{Subscript, shape};
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::reduce::axis;
use super::unique::{integers, nonzero};
use super::{NP, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions that keep the elements and change their places.
pub(super) const ROWS: &[Row] = &[
    ("flip", NP | PT, Run::Call(|e, call| flip(e, call, None))),
    ("flipud", NP, Run::Call(|e, call| flip(e, call, Some(0)))),
    ("fliplr", NP, Run::Call(|e, call| flip(e, call, Some(1)))),
    ("roll", NP | PT, Run::Call(roll)),
    ("moveaxis", NP | PT, Run::Call(move_axis)),
    ("take", NP | PT, Run::Call(take)),
    ("take_along_axis", NP | PT, Run::Call(take_along)),
    ("compress", NP | PT, Run::Call(compress)),
    ("extract", NP, Run::Call(compress)),
    ("array_split", NP, Run::Call(|e, call| split(e, call, 0, false))),
    ("hsplit", NP, Run::Call(|e, call| split(e, call, 1, true))),
    ("vsplit", NP, Run::Call(|e, call| split(e, call, 0, true))),
    ("split", NP, Run::Call(|e, call| split(e, call, 0, true))),
    ("split", PT, Run::Call(parts)),
    ("append", NP, Run::Call(append)),
    ("insert", NP, Run::Call(insert)),
    ("delete", NP, Run::Call(delete)),
    ("atleast_2d", NP | PT, Run::Call(at_least_two)),
    ("dstack", NP, Run::Call(depth_stack)),
    ("broadcast_arrays", NP | PT, Run::Call(broadcast)),
    ("pad", NP | PT, Run::Call(pad)),
    ("flatnonzero", NP | PT, Run::Call(flat_places)),
    ("argwhere", NP, Run::Call(places)),
    ("count_nonzero", NP, Run::Call(count)),
    ("unravel_index", NP, Run::Call(unravel)),
    ("ravel_multi_index", NP, Run::Call(ravel)),
    ("select", NP, Run::Call(select)),
    (
        "diagonal",
        NP | PT,
        Run::Call(|e, call| {
            let [x, offset] = call.bind(["a", "offset"])?;
            let mut inner = call.nothing();
            inner.positional = vec![call.required(x, "a")?.clone()];
            inner.positional.extend(offset.cloned());
            super::rearrange::diagonal(e, &inner)
        }),
    ),
    ("extract_diag", PT, Run::Call(super::rearrange::diagonal)),
    ("diagflat", NP, Run::Call(super::rearrange::diagonal)),
    ("shape_padleft", PT, Run::Call(|e, call| padded_shape(e, call, true))),
    ("shape_padright", PT, Run::Call(|e, call| padded_shape(e, call, false))),
];

const ALL: Subscript = Subscript::Range { start: None, stop: None, step: 1 };

/// The elements of `value` in another shape: `place` says which one stands at some indices.
fn gathered(
    e: &mut Evaluator<'_>,
    value: &Value,
    shape: &[usize],
    range: TextRange,
    place: impl Fn(&[usize]) -> usize,
) -> Outcome<Value> {
    e.budget.shape(shape, range)?;
    let mut at = vec![0; shape.len()];
    let mut index = Vec::with_capacity(shape::elements(shape));
    for _ in 0..shape::elements(shape) {
        index.push(place(&at) as u32);
        for axis in (0..shape.len()).rev() {
            at[axis] += 1;
            if at[axis] < shape[axis] {
                break;
            }
            at[axis] = 0;
        }
    }
    e.finish_value(value.take(index, shape.to_vec()), range)
}

/// The place among all elements of some indices, each of which an axis of `strides` has.
fn flat(at: impl IntoIterator<Item = usize>, strides: &[usize]) -> usize {
    at.into_iter().zip(strides).map(|(k, stride)| k * stride).sum()
}

/// The elements of `value` at some places of an axis.
fn along(
    e: &mut Evaluator<'_>,
    value: &Value,
    axis: usize,
    places: Value,
    range: TextRange,
) -> Outcome<Value> {
    let mut subscripts = vec![ALL; axis];
    subscripts.push(Subscript::Array(places));
    e.index(value, subscripts, range)
}

/// The whole numbers of an argument: one, or several.
fn whole_numbers(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<Vec<i64>> {
    let value = e.known_value(argument, what)?;
    if value.kind() == Kind::Float && !value.is_empty() {
        return fault(argument.range, format!("{what} must be whole numbers"));
    }
    Ok(value.as_data().map(|x| x.iter().map(|x| *x as i64).collect()).unwrap_or_default())
}

/// The axis of an argument, if it is given and not None.
fn axis_of(e: &Evaluator<'_>, argument: Option<&Argument>, rank: usize) -> Outcome<Option<usize>> {
    match argument.filter(|argument| !matches!(argument.item, Item::None)) {
        Some(argument) => axis(e, &argument.item, rank, argument.range).map(Some),
        None => Ok(None),
    }
}

fn flip(e: &mut Evaluator<'_>, call: &Call, fixed: Option<usize>) -> Outcome<Item> {
    let [x, along] = call.bind(["m", "axis"])?;
    let x = call.required(x, "m")?;
    if let Item::Texts(texts) = &x.item {
        return Ok(Item::Texts(texts.iter().rev().cloned().collect()));
    }
    let value = e.value(x)?;
    let turned: Vec<usize> = match (fixed, along.map(|along| &along.item)) {
        (Some(axis), _) if axis < value.rank() => vec![axis],
        (Some(_), _) => return fault(call.range, "there are too few axes to turn this one"),
        (None, None | Some(Item::None)) => (0..value.rank()).collect(),
        (None, Some(item @ (Item::Tuple(_) | Item::List(_)))) => {
            let items = e.iterate(item, call.range)?;
            items.iter().map(|item| axis(e, item, value.rank(), call.range)).collect::<Outcome<_>>()?
        }
        (None, Some(item)) => vec![axis(e, item, value.rank(), call.range)?],
    };
    let (shape, strides) = (value.shape().to_vec(), shape::strides(value.shape()));
    let place = |at: &[usize]| {
        let turn = |(axis, k): (usize, &usize)| if turned.contains(&axis) { shape[axis] - 1 - k } else { *k };
        flat(at.iter().enumerate().map(turn), &strides)
    };
    Ok(Item::Number(gathered(e, &value, &shape, call.range, place)?))
}

/// `np.roll(x, shift, axis)`: of all elements one after the other where no axis is given.
fn roll(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, shift, axis] = call.bind(["a", "shift", "axis"])?;
    let value = e.value(call.required(x, "a")?)?;
    let shift = call.required(shift, "shift")?;
    let shift = e.integer(&shift.item, "a shift", shift.range)?;
    let axis = axis_of(e, axis, value.rank())?;
    let moved = if axis.is_some() { value.clone() } else { value.reshape(&[value.len()]) };
    let axis = axis.unwrap_or(0);
    let (shape, strides) = (moved.shape().to_vec(), shape::strides(moved.shape()));
    let place = |at: &[usize]| {
        let back = |(a, k): (usize, &usize)| match a == axis {
            true => (*k as i64 - shift).rem_euclid(shape[axis] as i64) as usize,
            false => *k,
        };
        flat(at.iter().enumerate().map(back), &strides)
    };
    let rolled = gathered(e, &moved, &shape, call.range, place)?;
    Ok(Item::Number(rolled.reshape(value.shape())))
}

fn move_axis(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, from, to] = call.bind(["a", "source", "destination"])?;
    let value = e.value(call.required(x, "a")?)?;
    let (from, to) = (call.required(from, "source")?, call.required(to, "destination")?);
    let mut axes = |argument: &Argument| {
        let items = match &argument.item {
            several @ (Item::Tuple(_) | Item::List(_)) => e.iterate(several, argument.range)?,
            one => vec![one.clone()],
        };
        items.iter().map(|item| axis(e, item, value.rank(), argument.range)).collect::<Outcome<Vec<usize>>>()
    };
    let (sources, targets) = (axes(from)?, axes(to)?);
    if sources.len() != targets.len() {
        return fault(to.range, "`source` and `destination` name as many axes");
    }
    let mut order: Vec<usize> = (0..value.rank()).filter(|axis| !sources.contains(axis)).collect();
    let mut moves: Vec<(usize, usize)> = targets.into_iter().zip(sources).collect();
    moves.sort_unstable();
    for (to, from) in moves {
        if to > order.len() || order.contains(&from) {
            return fault(call.range, "an axis is named twice");
        }
        order.insert(to, from);
    }
    Ok(Item::Number(super::rearrange::permuted(e, &value, &order, call.range)?))
}

/// `np.take(x, indices, axis)`
fn take(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, indices, axis, _mode] = call.bind(["a", "indices", "axis", "mode"])?;
    let (x, indices) = (call.required(x, "a")?, call.required(indices, "indices")?);
    if let Item::Texts(texts) = &x.item {
        let places = whole_numbers(e, indices, "indices")?;
        let found = places.iter().map(|&k| {
            let k = if k < 0 { k + texts.len() as i64 } else { k };
            usize::try_from(k).ok().and_then(|k| texts.get(k)).cloned()
        });
        let missing = || fault(indices.range, format!("an index is out of range for {} texts", texts.len()));
        return found.collect::<Option<Vec<_>>>().map_or_else(missing, |texts| Ok(Item::Texts(texts.into())));
    }
    let value = e.value(x)?;
    let indices = e.known_value(indices, "indices")?;
    let axis = axis_of(e, axis, value.rank())?;
    let value = if axis.is_some() { value } else { value.reshape(&[value.len()]) };
    Ok(Item::Number(along(e, &value, axis.unwrap_or(0), indices, call.range)?))
}

/// `np.take_along_axis(x, indices, axis)`
fn take_along(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, indices, axis] = call.bind(["arr", "indices", "axis"])?;
    let value = e.value(call.required(x, "arr")?)?;
    let indices = e.known_value(call.required(indices, "indices")?, "indices")?;
    let axis = axis_of(e, axis, value.rank())?.unwrap_or(value.rank().saturating_sub(1));
    let size = value.shape().get(axis).copied().unwrap_or(0);
    let numbers = indices.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let fits = |(a, (n, m)): (usize, (&usize, &usize))| a == axis || n == m;
    if indices.rank() != value.rank()
        || !value.shape().iter().zip(indices.shape()).enumerate().all(fits)
        || numbers.iter().any(|k| *k >= size as f64 || *k < -(size as f64))
    {
        return fault(
            call.range,
            "the indices need the shape of the array but for the axis, and places of it",
        );
    }
    let (strides, own) = (shape::strides(value.shape()), shape::strides(indices.shape()));
    let place = |at: &[usize]| {
        let k = numbers[flat(at.iter().copied(), &own)] as i64;
        let there =
            |(a, at): (usize, &usize)| if a == axis { k.rem_euclid(size as i64) as usize } else { *at };
        flat(at.iter().enumerate().map(there), &strides)
    };
    Ok(Item::Number(gathered(e, &value, indices.shape(), call.range, place)?))
}

/// `np.compress(condition, x, axis)`, `np.extract(condition, x)`
fn compress(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [condition, x, axis] = call.bind(["condition", "a", "axis"])?;
    let condition = e.known_value(call.required(condition, "condition")?, "what is kept")?;
    let value = e.value(call.required(x, "a")?)?;
    let axis = axis_of(e, axis, value.rank())?;
    let value = if axis.is_some() { value } else { value.reshape(&[value.len()]) };
    let kept = condition.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let places = integers((0..kept.len()).filter(|&k| kept[k] != 0.0));
    Ok(Item::Number(along(e, &value, axis.unwrap_or(0), places, call.range)?))
}

/// Parts of an axis between some places.
fn cut(e: &mut Evaluator<'_>, value: &Value, axis: usize, ends: &[usize], range: TextRange) -> Outcome<Item> {
    let mut start = 0;
    let mut parts = Vec::with_capacity(ends.len());
    for &end in ends {
        parts.push(Item::Number(e.finish_value(value.narrow(axis, start.min(end), end), range)?));
        start = end;
    }
    Ok(Item::List(Sequence::new(parts, range)?))
}

/// `np.split(x, sections, axis)`, which insists on equal parts, and `np.array_split`; `sections` is a number or places.
fn split(e: &mut Evaluator<'_>, call: &Call, usual: usize, is_even: bool) -> Outcome<Item> {
    let [x, sections, along] = call.bind(["ary", "indices_or_sections", "axis"])?;
    let value = e.value(call.required(x, "ary")?)?;
    let sections = call.required(sections, "indices_or_sections")?;
    let axis = axis_of(e, along, value.rank())?.unwrap_or(usual.min(value.rank().saturating_sub(1)));
    let Some(&size) = value.shape().get(axis) else {
        return fault(call.range, "a single number has no parts");
    };
    let places = whole_numbers(e, sections, "the sections")?;
    let ends: Vec<usize> = match (&sections.item, places.as_slice()) {
        (Item::Number(number), &[count]) if number.rank() == 0 => {
            let count = usize::try_from(count).unwrap_or(0);
            if count == 0 || (is_even && size % count != 0) || count > 100_000 {
                return fault(sections.range, format!("{size} elements have no {count} equal parts"));
            }
            (1..=count).map(|k| size / count * k + k.min(size % count)).collect()
        }
        _ => {
            let inner = places
                .iter()
                .map(|&k| if k < 0 { k + size as i64 } else { k }.clamp(0, size as i64) as usize);
            inner.chain([size]).collect()
        }
    };
    cut(e, &value, axis, &ends, call.range)
}

/// `pt.split(x, splits_size, n_splits, axis)`: parts of these sizes.
fn parts(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, sizes, _count, along] = call.bind(["x", "splits_size", "n_splits", "axis"])?;
    let value = e.value(call.required(x, "x")?)?;
    let sizes = whole_numbers(e, call.required(sizes, "splits_size")?, "the sizes")?;
    let axis = axis_of(e, along, value.rank())?.unwrap_or(0);
    let mut end = 0_i64;
    let ends: Vec<usize> = sizes
        .iter()
        .map(|size| {
            end += size.max(&0);
            end as usize
        })
        .collect();
    if value.shape().get(axis).copied() != ends.last().copied() {
        return fault(call.range, "the sizes must add up to the length of the axis");
    }
    cut(e, &value, axis, &ends, call.range)
}

/// Texts one after the other, if there are any among some items.
pub(super) fn joined_texts(e: &mut Evaluator<'_>, parts: &[Item], range: TextRange) -> Outcome<Option<Item>> {
    if !parts.iter().any(|part| matches!(part, Item::Texts(_))) {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for part in parts {
        texts.extend(e.texts(&Argument { item: part.clone(), range }, "the elements of an array of texts")?);
    }
    e.budget.texts(texts.len(), range)?;
    Ok(Some(Item::Texts(texts.into())))
}

/// `np.append(x, values, axis)`
fn append(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, values, axis] = call.bind(["arr", "values", "axis"])?;
    let (x, values) = (call.required(x, "arr")?, call.required(values, "values")?);
    if let Some(texts) = joined_texts(e, &[x.item.clone(), values.item.clone()], call.range)? {
        return Ok(texts);
    }
    let (x, values) = (e.value(x)?, e.value(values)?);
    let axis = axis_of(e, axis, x.rank())?;
    let flat = |value: &Value| if axis.is_some() { value.clone() } else { value.reshape(&[value.len()]) };
    let both = Value::concatenate(&[flat(&x), flat(&values)], axis.unwrap_or(0));
    Ok(Item::Number(e.finish_value(both, call.range)?))
}

/// The array of a call that is changed along an axis, flat where no axis is given.
fn changed(e: &mut Evaluator<'_>, x: &Argument, axis: Option<&Argument>) -> Outcome<(Value, usize)> {
    let value = e.value(x)?;
    Ok(match axis_of(e, axis, value.rank())? {
        Some(axis) => (value, axis),
        None => (value.reshape(&[value.len()]), 0),
    })
}

/// `np.insert(x, place, values, axis)`, for one place.
fn insert(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, place, values, axis] = call.bind(["arr", "obj", "values", "axis"])?;
    let (value, axis) = changed(e, call.required(x, "arr")?, axis)?;
    let place = call.required(place, "obj")?;
    let size = value.shape()[axis];
    let k = e.integer(&place.item, "the place of what is inserted", place.range)?;
    let Some(k) = usize::try_from(if k < 0 { k + size as i64 } else { k }).ok().filter(|k| *k <= size) else {
        return fault(place.range, format!("the place {k} is out of range for {size} elements"));
    };
    let values = e.value(call.required(values, "values")?)?;
    let mut shape = value.shape().to_vec();
    shape[axis] = match values.rank() {
        0 => 1,
        rank if rank == value.rank() => values.shape()[axis],
        _ => 1,
    };
    let values = match values.len() == shape::elements(&shape) {
        true => values.reshape(&shape),
        false => e.finish_value(values.broadcast_to(&shape), call.range)?,
    };
    let all = [value.narrow(axis, 0, k), values, value.narrow(axis, k, size)];
    let all: Vec<Value> = all.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Item::Number(e.finish_value(Value::concatenate(&all, axis), call.range)?))
}

/// `np.delete(x, places, axis)`: places, or a mask of them.
fn delete(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, places, axis] = call.bind(["arr", "obj", "axis"])?;
    let x = call.required(x, "arr")?;
    let places = call.required(places, "obj")?;
    let texts = match &x.item {
        Item::Texts(texts) => Some(texts.clone()),
        _ => None,
    };
    let (value, axis) = match &texts {
        Some(texts) => (integers(0..texts.len()), 0),
        None => changed(e, x, axis)?,
    };
    let size = value.shape()[axis] as i64;
    let is_mask = places.item.as_value().is_some_and(|value| value.kind() == Kind::Bool && value.rank() == 1);
    let numbers = whole_numbers(e, places, "the places that are deleted")?;
    let gone: std::collections::HashSet<i64> = match is_mask {
        true => (0..numbers.len() as i64).filter(|&k| numbers[k as usize] != 0).collect(),
        false => numbers.iter().map(|&k| if k < 0 { k + size } else { k }).collect(),
    };
    if let Some(k) = gone.iter().find(|k| !(0..size).contains(*k)) {
        return fault(places.range, format!("the place {k} is out of range for {size} elements"));
    }
    let kept: Vec<usize> = (0..size).filter(|k| !gone.contains(k)).map(|k| k as usize).collect();
    match texts {
        Some(_) => super::take(e, &x.item, &kept, call.range),
        None => Ok(Item::Number(along(e, &value, axis, integers(kept), call.range)?)),
    }
}

fn at_least_two(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let value = e.value(call.required(x, "a")?)?;
    Ok(Item::Number(if value.rank() < 2 { value.reshape(&[1, value.len()]) } else { value }))
}

fn depth_stack(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["tup"])?;
    let x = call.required(x, "tup")?;
    let mut values = Vec::new();
    for item in e.iterate(&x.item, x.range)? {
        let value = e.item_value(&item, x.range)?;
        values.push(match *value.shape() {
            [] | [_] => value.reshape(&[1, value.len(), 1]),
            [rows, columns] => value.reshape(&[rows, columns, 1]),
            _ => value,
        });
    }
    Ok(Item::Number(e.finish_value(Value::concatenate(&values, 2), call.range)?))
}

fn broadcast(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let values = call.positional.iter().map(|x| e.value(x)).collect::<Outcome<Vec<_>>>()?;
    let joint = values.iter().try_fold(Vec::new(), |joint, value| shape::broadcast(&joint, value.shape()));
    let Some(joint) = joint else {
        return fault(call.range, "these shapes do not fit each other");
    };
    e.budget.shape(&joint, call.range)?;
    let items =
        values.iter().map(|value| e.finish_value(value.broadcast_to(&joint), call.range).map(Item::Number));
    let items = items.collect::<Outcome<Vec<_>>>()?;
    Ok(Item::Tuple(Sequence::new(items, call.range)?))
}

/// `np.pad(x, width, mode, constant_values)` with the modes "constant", "edge", "reflect" and "wrap".
fn pad(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, width, mode, constant] = call.bind(["array", "pad_width", "mode", "constant_values"])?;
    let value = e.value(call.required(x, "array")?)?;
    let width = call.required(width, "pad_width")?;
    let widths = whole_numbers(e, width, "the width")?;
    let sides: Vec<(usize, usize)> = match widths.as_slice() {
        [both] => vec![(*both as usize, *both as usize); value.rank()],
        [before, after] => vec![(*before as usize, *after as usize); value.rank()],
        several if several.len() == 2 * value.rank() => {
            several.chunks(2).map(|pair| (pair[0] as usize, pair[1] as usize)).collect()
        }
        _ => return fault(width.range, "the width is a number, a pair, or a pair for each axis"),
    };
    if widths.iter().any(|width| !(0..=1 << 24).contains(width)) {
        return fault(width.range, "the width must not be negative, nor huge");
    }
    let mode = mode.map_or(Ok("constant".into()), |mode| e.text(mode, "`mode`"))?;
    let shape: Vec<usize> =
        value.shape().iter().zip(&sides).map(|(size, (before, after))| size + before + after).collect();
    let fill =
        constant.map_or(Ok(0.0), |constant| e.float(&constant.item, "what is filled in", constant.range))?;
    let inner: fn(i64, i64) -> Option<i64> = match &*mode {
        "constant" => |k, n| (0..n).contains(&k).then_some(k),
        "edge" => |k, n| Some(k.clamp(0, n - 1)),
        "wrap" => |k, n| Some(k.rem_euclid(n)),
        "reflect" => |k, n| match n {
            1 => Some(0),
            _ => {
                let k = k.rem_euclid(2 * n - 2);
                Some(k.min(2 * n - 2 - k))
            }
        },
        other => {
            return fault(
                call.range,
                format!("`pad` has the modes constant, edge, reflect and wrap, not \"{other}\""),
            );
        }
    };
    if value.is_empty() {
        return fault(call.range, "an array without elements cannot be padded");
    }
    // What is filled in stands after the elements.
    let all = Value::concatenate(&[value.reshape(&[value.len()]), Value::from([fill])], 0);
    let all = if value.kind() == Kind::Int && fill.fract() == 0.0 { all.with_kind(Kind::Int) } else { all };
    let (sizes, strides) = (value.shape().to_vec(), shape::strides(value.shape()));
    let place = |at: &[usize]| {
        let places =
            at.iter().enumerate().map(|(a, k)| inner(*k as i64 - sides[a].0 as i64, sizes[a] as i64));
        let places: Option<Vec<usize>> = places.map(|k| k.map(|k| k as usize)).collect();
        places.map_or(value.len(), |places| flat(places, &strides))
    };
    Ok(Item::Number(gathered(e, &all, &shape, call.range, place)?))
}

fn flat_places(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let value = e.known_value(call.required(x, "a")?, "what is searched")?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    Ok(Item::Number(integers((0..numbers.len()).filter(|&k| numbers[k] != 0.0))))
}

/// `np.argwhere(x)`: a row of indices for each element that is not zero.
fn places(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let value = e.known_value(call.required(x, "a")?, "what is searched")?;
    let columns = nonzero(&value, call.range)?;
    let matrix = e.item_value(&columns, call.range)?;
    Ok(Item::Number(e.finish_value(matrix.transpose(), call.range)?))
}

fn count(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, axis, keep] = call.bind(["a", "axis", "keepdims"])?;
    let value = e.known_value(call.required(x, "a")?, "what is counted")?;
    let holds =
        value.binary(chainfire_kernels::tape::Binary::NotEqual, &Value::from(0.0)).with_kind(Kind::Int);
    let mut sum = call.alone(Item::Number(holds));
    let named = [("axis", axis), ("keepdims", keep)];
    sum.keywords = named.into_iter().filter_map(|(name, x)| Some((name.to_owned(), x?.clone()))).collect();
    super::reduce::reduce(e, &sum, "sum")
}

/// `np.unravel_index(places, shape)`: an array of indices for each axis.
fn unravel(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [places, shape] = call.bind(["indices", "shape"])?;
    let places = e.known_value(call.required(places, "indices")?, "places")?;
    let shape = e.shape(call.required(shape, "shape")?)?;
    let numbers = places.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if numbers.iter().any(|k| *k < 0.0 || *k >= shape::elements(&shape) as f64) {
        return fault(call.range, "a place lies outside of the shape");
    }
    let strides = shape::strides(&shape);
    let index = strides.iter().zip(&shape).map(|(stride, size)| {
        let index: Vec<f64> = numbers.iter().map(|k| (*k as usize / stride % size) as f64).collect();
        Item::Number(Value::data(index, places.shape(), Kind::Int))
    });
    Ok(Item::Tuple(Sequence::new(index.collect(), call.range)?))
}

/// `np.ravel_multi_index((rows, columns), shape)`
fn ravel(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [index, shape] = call.bind(["multi_index", "dims"])?;
    let index = call.required(index, "multi_index")?;
    let shape = e.shape(call.required(shape, "dims")?)?;
    let parts = e.iterate(&index.item, index.range)?;
    if parts.len() != shape.len() {
        return fault(index.range, format!("{} indices for {} axes", parts.len(), shape.len()));
    }
    let mut place = Value::from(0_i64);
    for (part, stride) in parts.iter().zip(shape::strides(&shape)) {
        let part = e.known_value(&Argument { item: part.clone(), range: index.range }, "an index")?;
        place = e.finish_value(place + part * Value::from(stride as i64), call.range)?;
    }
    Ok(Item::Number(place))
}

/// `np.select(conditions, choices, default)`: the choice of the first condition that holds.
fn select(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [conditions, choices, default] = call.bind(["condlist", "choicelist", "default"])?;
    let (conditions, choices) =
        (call.required(conditions, "condlist")?, call.required(choices, "choicelist")?);
    let (tests, items) =
        (e.iterate(&conditions.item, conditions.range)?, e.iterate(&choices.item, choices.range)?);
    if tests.len() != items.len() {
        return fault(call.range, format!("{} conditions for {} choices", tests.len(), items.len()));
    }
    let is_text = |item: &Item| matches!(item, Item::Text(_) | Item::Texts(_));
    if items.iter().any(is_text) {
        return select_texts(e, call, &tests, &items, default);
    }
    let mut chosen = default.map_or(Ok(Value::from(0_i64)), |default| e.value(default))?;
    for (test, item) in tests.iter().zip(&items).rev() {
        let (test, item) = (e.item_value(test, conditions.range)?, e.item_value(item, choices.range)?);
        chosen = e.finish_value(test.select(&item, &chosen), call.range)?;
    }
    Ok(Item::Number(chosen))
}

fn select_texts(
    e: &mut Evaluator<'_>,
    call: &Call,
    tests: &[Item],
    items: &[Item],
    default: Option<&Argument>,
) -> Outcome<Item> {
    let mut conditions = Vec::new();
    for test in tests {
        let test = e.known_value(&Argument { item: test.clone(), range: call.range }, "a condition")?;
        conditions.push(test.as_data().map(|x| x.to_vec()).unwrap_or_default());
    }
    let rows = conditions.first().map_or(0, Vec::len);
    let mut columns = Vec::new();
    for item in items.iter().chain(default.map(|default| &default.item)) {
        columns.push(match item {
            Item::Texts(texts) if texts.len() == rows => texts.to_vec(),
            item => vec![e.display(item, call.range)?; rows],
        });
    }
    e.budget.texts(rows.saturating_mul(columns.len()), call.range)?;
    let row = |row: usize| {
        let first = conditions.iter().position(|test| test.get(row).is_some_and(|x| *x != 0.0));
        columns.get(first.unwrap_or(tests.len())).map_or("0".to_owned(), |column| column[row].clone())
    };
    Ok(Item::Texts((0..rows).map(row).collect()))
}

/// `pt.shape_padleft(x, n)`: new axes of length 1 before the others, or after them.
fn padded_shape(e: &mut Evaluator<'_>, call: &Call, left: bool) -> Outcome<Item> {
    let [x, count] = call.bind(["t", "n_ones"])?;
    let value = e.value(call.required(x, "t")?)?;
    let count = count.map_or(Ok(1), |count| e.integer(&count.item, "a number of axes", count.range))?;
    let ones = vec![1; count.clamp(0, 16) as usize];
    let shape = if left { [&ones, value.shape()].concat() } else { [value.shape(), &ones].concat() };
    Ok(Item::Number(value.reshape(&shape)))
}
