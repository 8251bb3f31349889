//! Functions that join, reshape, repeat and multiply arrays.

use chainfire_engine::program::value::{Subscript, shape};
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::reduce::axis;
use super::{Modules, NP, PM, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, multiply};
use crate::language::item::{Item, Sequence};

const ALL: Modules = NP | PM | PT;

/// Functions that keep or combine elements.
pub(super) const ROWS: &[Row] = &[
    ("stack", ALL, Run::Call(stack)),
    ("concatenate", ALL, Run::Call(concatenate)),
    ("concat", NP, Run::Call(concatenate)),
    ("join", PT, Run::Call(|e, call| concatenate(e, &axis_last(call)?))),
    ("specify_shape", PT, Run::Call(specified)),
    ("set_subtensor", PT, Run::Call(whole)),
    ("inc_subtensor", PT, Run::Call(whole)),
    ("column_stack", NP, Run::Call(column_stack)),
    ("hstack", NP, Run::Call(|e, call| join(e, call, |rank| usize::from(rank > 1)))),
    ("vstack", NP, Run::Call(vertical)),
    ("reshape", NP | PT, Run::Call(reshape)),
    ("ravel", NP, Run::Call(flatten)),
    ("flatten", PM | PT, Run::Call(flatten)),
    ("transpose", NP | PT, Run::Call(transpose)),
    ("permute_dims", NP, Run::Call(transpose)),
    ("swapaxes", NP | PT, Run::Call(swap)),
    ("expand_dims", NP | PT, Run::Call(expand)),
    ("squeeze", NP | PT, Run::Call(squeeze)),
    ("broadcast_to", ALL, Run::Call(broadcast)),
    ("atleast_1d", NP, Run::Call(at_least_one)),
    ("repeat", NP | PT, Run::Call(repeat)),
    ("tile", NP | PT, Run::Call(tile)),
    ("dot", ALL, Run::Call(dot)),
    ("matmul", ALL, Run::Call(dot)),
    ("outer", NP | PT, Run::Call(outer)),
    ("diag", NP | PT, Run::Call(diagonal)),
    ("fill_diagonal", PT, Run::Call(fill_diagonal)),
    ("ix_", NP, Run::Call(open_mesh)),
    ("shape", NP, Run::Call(|e, call| of_shape(e, call, "shape"))),
    ("size", NP, Run::Call(|e, call| of_shape(e, call, "size"))),
    ("ndim", NP, Run::Call(|e, call| of_shape(e, call, "ndim"))),
];

/// `pt.set_subtensor(x, y)` where `x` is not what an index takes.
fn whole(_: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    fault(
        call.range,
        "the first argument says which elements are new, by an index: `pt.set_subtensor(x[1:], y)`",
    )
}

/// `value` with its axes in another order.
pub(super) fn permuted(
    e: &mut Evaluator<'_>,
    value: &Value,
    order: &[usize],
    range: TextRange,
) -> Outcome<Value> {
    e.finish_value(value.permute(order), range)
}

/// The arrays of a call's first argument, a list or tuple of them, and the axis given.
fn parts<'c>(e: &mut Evaluator<'_>, call: &'c Call) -> Outcome<(Vec<Value>, Option<&'c Argument>)> {
    // NumPy's name, and PyTensor's of `stack` and `concatenate`.
    let [arrays, axis, tensors, tensor_list] = call.bind(["arrays", "axis", "tensors", "tensor_list"])?;
    let arrays = call.required(arrays.or(tensors).or(tensor_list), "arrays")?;
    let items = e.iterate(&arrays.item, arrays.range)?;
    let mut values = Vec::with_capacity(items.len());
    for item in &items {
        values.push(e.item_value(item, arrays.range)?);
    }
    if values.is_empty() {
        return fault(arrays.range, format!("`{}` needs at least one array", call.name));
    }
    e.budget.elements(values.iter().map(Value::len).sum(), call.range)?;
    Ok((values, axis))
}

/// The arrays of texts of a call's first argument, one after the other.
fn texts(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Option<Item>> {
    match call.positional.first().map(|arrays| &arrays.item) {
        Some(Item::List(arrays) | Item::Tuple(arrays)) => {
            super::arrange::joined_texts(e, arrays.items(), call.range)
        }
        _ => Ok(None),
    }
}

fn stack(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (values, along) = parts(e, call)?;
    if let Some(other) = values.iter().find(|v| v.shape() != values[0].shape()) {
        let (first, other) = (shape::display(values[0].shape()), shape::display(other.shape()));
        return fault(
            call.range,
            format!("`{}` needs arrays of one shape, not {first} and {other}", call.name),
        );
    }
    let axis = along.map_or(Ok(0), |along| axis(e, &along.item, values[0].rank() + 1, along.range))?;
    Ok(Item::Number(e.finish_value(Value::stack(&values, axis), call.range)?))
}

fn concatenate(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    if let Some(texts) = texts(e, call)? {
        return Ok(texts);
    }
    let (values, along) = parts(e, call)?;
    if values[0].rank() == 0 {
        return fault(
            call.range,
            format!("`{}` joins arrays; single numbers go into a list or `stack`", call.name),
        );
    }
    let axis = along.map_or(Ok(0), |along| axis(e, &along.item, values[0].rank(), along.range))?;
    Ok(Item::Number(e.finish_value(Value::concatenate(&values, axis), call.range)?))
}

/// `pt.join(axis, a, b, ...)` as `pt.concatenate([a, b, ...], axis=axis)`
pub(super) fn axis_last(call: &Call) -> Outcome<Call> {
    let Some((axis, arrays)) = call.positional.split_first().filter(|(_, arrays)| !arrays.is_empty()) else {
        return fault(call.range, "`pt.join` takes an axis and arrays, as in `pt.join(0, a, b)`");
    };
    let arrays = arrays.iter().map(|array| array.item.clone()).collect();
    let mut inner = call.alone(Item::List(Sequence::new(arrays, call.range)?));
    inner.keywords = vec![("axis".to_owned(), axis.clone())];
    Ok(inner)
}

/// `pt.specify_shape(x, shape)`: the array, which must have this shape, with `None` for any length.
fn specified(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, lengths] = call.bind(["x", "shape"])?;
    let (value, lengths) = (e.value(call.required(x, "x")?)?, call.required(lengths, "shape")?);
    let items = match &lengths.item {
        item @ (Item::List(_) | Item::Tuple(_)) => e.iterate(item, lengths.range)?,
        item => vec![item.clone()],
    };
    let mut fits = items.len() == value.rank();
    for (item, &length) in items.iter().zip(value.shape()) {
        fits &= matches!(item, Item::None) || e.integer(item, "a length", lengths.range)? == length as i64;
    }
    match fits {
        true => Ok(Item::Number(value)),
        false => {
            let seen = shape::display(value.shape());
            fault(call.range, format!("the array has shape {seen}, and another is specified"))
        }
    }
}

fn join(e: &mut Evaluator<'_>, call: &Call, axis: fn(usize) -> usize) -> Outcome<Item> {
    if let Some(texts) = texts(e, call)? {
        return Ok(texts);
    }
    let (values, _) = parts(e, call)?;
    let values: Vec<Value> =
        values.iter().map(|v| if v.rank() == 0 { v.insert_axis(0) } else { v.clone() }).collect();
    let axis = axis(values[0].rank());
    Ok(Item::Number(e.finish_value(Value::concatenate(&values, axis), call.range)?))
}

fn column_stack(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (values, _) = parts(e, call)?;
    let columns: Vec<Value> =
        values.iter().map(|v| if v.rank() < 2 { v.reshape(&[v.len(), 1]) } else { v.clone() }).collect();
    Ok(Item::Number(e.finish_value(Value::concatenate(&columns, 1), call.range)?))
}

fn vertical(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (values, _) = parts(e, call)?;
    let rows: Vec<Value> =
        values.iter().map(|v| if v.rank() < 2 { v.reshape(&[1, v.len()]) } else { v.clone() }).collect();
    Ok(Item::Number(e.finish_value(Value::concatenate(&rows, 0), call.range)?))
}

/// `np.reshape(x, (2, -1))` and `x.reshape(2, -1)`.
pub(super) fn reshape(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((x, sizes)) = call.positional.split_first() else {
        return fault(call.range, format!("`{}` needs an array", call.name));
    };
    let value = e.value(x)?;
    let order = call.keywords.iter().find(|(name, _)| name == "order").map(|(_, order)| order);
    let by_column = match order.map(|order| e.text(order, "`order`")).transpose()?.as_deref() {
        None | Some("C" | "A") => false,
        Some("F") => true,
        Some(other) => return fault(call.range, format!("`order` is \"C\" or \"F\", not \"{other}\"")),
    };
    let named: Vec<&Argument> =
        call.keywords.iter().filter(|(name, _)| name != "order").map(|(_, argument)| argument).collect();
    let mut shape = Vec::new();
    for size in sizes.iter().chain(named) {
        match &size.item {
            item @ (Item::Tuple(_) | Item::List(_)) => {
                for item in e.iterate(item, size.range)? {
                    shape.push(e.integer(&item, "a shape", size.range)?);
                }
            }
            item => shape.push(e.integer(item, "a shape", size.range)?),
        }
    }
    let known = shape
        .iter()
        .filter(|&&n| n >= 0)
        .try_fold(1_i64, |product, &n| product.checked_mul(n))
        .unwrap_or(i64::MAX);
    let open = shape.iter().filter(|&&n| n < 0).count();
    if open > 1 || (open == 1 && (known == 0 || value.len() as i64 % known != 0)) {
        return fault(call.range, format!("{} elements cannot take the shape {shape:?}", value.len()));
    }
    let shape: Vec<usize> =
        shape.iter().map(|&n| if n < 0 { value.len() / known as usize } else { n as usize }).collect();
    if shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n)) != Some(value.len()) {
        return fault(
            call.range,
            format!("{} elements cannot take the shape {}", value.len(), shape::display(&shape)),
        );
    }
    if by_column {
        let turned: Vec<usize> = shape.iter().rev().copied().collect();
        let columns = e.finish_value(value.transpose(), call.range)?.reshape(&turned);
        return Ok(Item::Number(e.finish_value(columns.transpose(), call.range)?));
    }
    Ok(Item::Number(value.reshape(&shape)))
}

/// All elements along one axis.
pub(super) fn flatten(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, order] = call.bind(["a", "order"])?;
    let value = e.value(call.required(x, "a")?)?;
    let order = order.map_or(Ok("C".into()), |order| e.text(order, "`order`"))?;
    let value = match &*order {
        "C" | "K" | "A" => value,
        "F" => e.finish_value(value.transpose(), call.range)?,
        other => return fault(call.range, format!("`order` is C or F, not \"{other}\"")),
    };
    Ok(Item::Number(value.reshape(&[value.len()])))
}

pub(super) fn transpose(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    // `x.transpose(1, 0)`
    if let [x, axes @ ..] = &call.positional[..]
        && axes.iter().all(|axis| matches!(&axis.item, Item::Number(axis) if axis.rank() == 0))
        && !axes.is_empty()
    {
        let order = axes.iter().map(|axis| axis.item.clone()).collect();
        let order = Item::Tuple(Sequence::new(order, call.range)?);
        let order = Argument { item: order, range: call.range };
        let mut inner = call.nothing();
        inner.positional = vec![x.clone(), order];
        return transpose(e, &inner);
    }
    let [x, axes] = call.bind(["a", "axes"])?;
    let value = e.value(call.required(x, "a")?)?;
    let Some(axes) = axes.filter(|axes| !matches!(axes.item, Item::None)) else {
        return Ok(Item::Number(e.finish_value(value.transpose(), call.range)?));
    };
    let mut order = Vec::new();
    for item in e.iterate(&axes.item, axes.range)? {
        order.push(axis(e, &item, value.rank(), axes.range)?);
    }
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..value.rank()) {
        return fault(axes.range, "every axis must be named once");
    }
    Ok(Item::Number(permuted(e, &value, &order, call.range)?))
}

/// `np.swapaxes(x, 0, 1)`
fn swap(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, first, second] = call.bind(["a", "axis1", "axis2"])?;
    let value = e.value(call.required(x, "a")?)?;
    let (first, second) = (call.required(first, "axis1")?, call.required(second, "axis2")?);
    let mut order: Vec<usize> = (0..value.rank()).collect();
    order.swap(
        axis(e, &first.item, value.rank(), first.range)?,
        axis(e, &second.item, value.rank(), second.range)?,
    );
    Ok(Item::Number(permuted(e, &value, &order, call.range)?))
}

/// `x.dimshuffle(1, "x", 0)`: the axes in another order, and new ones of length 1.
pub(super) fn shuffle(e: &mut Evaluator<'_>, value: &Value, call: &Call) -> Outcome<Item> {
    let mut pattern = Vec::new();
    for argument in &call.positional {
        match &argument.item {
            item @ (Item::Tuple(_) | Item::List(_)) => {
                for item in e.iterate(item, argument.range)? {
                    pattern.push((item, argument.range));
                }
            }
            item => pattern.push((item.clone(), argument.range)),
        }
    }
    let (mut order, mut shape) = (Vec::new(), Vec::new());
    for (item, range) in pattern {
        if matches!(&item, Item::Text(text) if &**text == "x") {
            shape.push(1);
            continue;
        }
        let axis = axis(e, &item, value.rank(), range)?;
        if order.contains(&axis) {
            return fault(range, "every axis must be named once");
        }
        order.push(axis);
        shape.push(value.shape()[axis]);
    }
    let dropped: Vec<usize> = (0..value.rank()).filter(|axis| !order.contains(axis)).collect();
    if let Some(axis) = dropped.iter().find(|&&axis| value.shape()[axis] != 1) {
        return fault(call.range, format!("axis {axis} is left out, but is longer than 1"));
    }
    order.extend(dropped);
    Ok(Item::Number(permuted(e, value, &order, call.range)?.reshape(&shape)))
}

fn expand(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, along] = call.bind(["a", "axis"])?;
    let value = e.value(call.required(x, "a")?)?;
    let along = call.required(along, "axis")?;
    let items = match &along.item {
        several @ (Item::Tuple(_) | Item::List(_)) => e.iterate(several, along.range)?,
        one => vec![one.clone()],
    };
    let rank = value.rank() + items.len();
    let mut places = Vec::new();
    for item in items {
        places.push(axis(e, &item, rank, along.range)?);
    }
    places.sort_unstable();
    Ok(Item::Number(places.into_iter().fold(value, |value, place| value.insert_axis(place))))
}

pub(super) fn squeeze(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, along] = call.bind(["a", "axis"])?;
    let value = e.value(call.required(x, "a")?)?;
    let mut shape = value.shape().to_vec();
    match along {
        None => shape.retain(|n| *n != 1),
        Some(along) => {
            let axis = axis(e, &along.item, value.rank(), along.range)?;
            if shape.remove(axis) != 1 {
                return fault(along.range, format!("axis {axis} is longer than 1"));
            }
        }
    }
    Ok(Item::Number(value.reshape(&shape)))
}

fn broadcast(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, shape] = call.bind(["a", "shape"])?;
    let value = e.value(call.required(x, "a")?)?;
    let shape = e.shape(call.required(shape, "shape")?)?;
    Ok(Item::Number(e.finish_value(value.broadcast_to(&shape), call.range)?))
}

fn at_least_one(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let value = e.value(call.required(x, "a")?)?;
    Ok(Item::Number(if value.rank() == 0 { value.insert_axis(0) } else { value }))
}

/// A column of texts, or a list of them, as a column.
fn texts_of(e: &mut Evaluator<'_>, x: &Argument) -> Outcome<Option<Item>> {
    match &x.item {
        Item::Texts(_) => Ok(Some(x.item.clone())),
        Item::Text(text) => Ok(Some(Item::Texts([text.to_string()].into()))),
        Item::List(items) | Item::Tuple(items) if matches!(items.items().first(), Some(Item::Text(_))) => {
            Ok(Some(Item::Texts(e.texts(x, "the elements of an array of texts")?.into())))
        }
        _ => Ok(None),
    }
}

pub(super) fn repeat(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, times, along] = call.bind(["a", "repeats", "axis"])?;
    let x = call.required(x, "a")?;
    let times = e.known_value(call.required(times, "repeats")?, "how often elements are repeated")?;
    let times = times.as_data().map(|times| times.to_vec()).unwrap_or_default();
    let total = |count: usize| -> Outcome<f64> {
        if times.iter().any(|n| *n < 0.0 || n.fract() != 0.0)
            || !matches!(times.len(), n if n == 1 || n == count)
        {
            return fault(
                call.range,
                format!("`repeats` must be a whole number, or one for each of the {count} elements"),
            );
        }
        Ok((0..count).map(|i| times[if times.len() == 1 { 0 } else { i }]).sum())
    };
    let rows = |count: usize| -> Vec<f64> {
        (0..count)
            .flat_map(|i| std::iter::repeat_n(i as f64, times[if times.len() == 1 { 0 } else { i }] as usize))
            .collect()
    };
    if let Some(Item::Texts(texts)) = texts_of(e, x)? {
        e.budget.texts(total(texts.len())? as usize, call.range)?;
        return Ok(Item::Texts(rows(texts.len()).into_iter().map(|i| texts[i as usize].clone()).collect()));
    }
    let mut value = e.value(x)?;
    let axis = match along {
        Some(along) => axis(e, &along.item, value.rank(), along.range)?,
        None => {
            value = value.reshape(&[value.len()]);
            0
        }
    };
    let count = value.shape()[axis];
    let total = total(count)?;
    let others = value.len() / count.max(1);
    e.budget.shape(&[total as usize, others.max(1)], call.range)?;
    let index = rows(count);
    let shape = vec![index.len()];
    let mut subscripts = vec![Subscript::Range { start: None, stop: None, step: 1 }; axis];
    subscripts.push(Subscript::Array(Value::data(index, shape, Kind::Int)));
    Ok(Item::Number(e.finish_value(value.index(&subscripts), call.range)?))
}

fn tile(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, times] = call.bind(["A", "reps"])?;
    if let Some(Item::Texts(texts)) = texts_of(e, call.required(x, "A")?)? {
        let [times] = *e.shape(call.required(times, "reps")?)? else {
            return fault(call.range, "texts are repeated along one axis");
        };
        e.budget.texts(texts.len().saturating_mul(times), call.range)?;
        return Ok(Item::Texts((0..times).flat_map(|_| texts.iter().cloned()).collect()));
    }
    let mut value = e.value(call.required(x, "A")?)?;
    let times = e.shape(call.required(times, "reps")?)?;
    let rank = value.rank().max(times.len());
    let mut shape = vec![1; rank - value.rank()];
    shape.extend_from_slice(value.shape());
    value = value.reshape(&shape);
    for (axis, &count) in times.iter().enumerate().map(|(k, count)| (rank - times.len() + k, count)) {
        e.budget.shape(&[value.len(), count], call.range)?;
        let size = value.shape()[axis];
        let index: Vec<f64> = (0..count).flat_map(|_| (0..size).map(|i| i as f64)).collect();
        let length = vec![index.len()];
        let mut subscripts = vec![Subscript::Range { start: None, stop: None, step: 1 }; axis];
        subscripts.push(Subscript::Array(Value::data(index, length, Kind::Int)));
        value = e.finish_value(value.index(&subscripts), call.range)?;
    }
    Ok(Item::Number(value))
}

/// `np.dot(a, b)`: a product of matrices or vectors, or of a number and an array.
pub(super) fn dot(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b] = call.bind(["a", "b"])?;
    let (a, b) = (e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?);
    let product = match (a.rank(), b.rank()) {
        (0, _) | (_, 0) => e.binary(multiply, &a, &b, call.range)?,
        _ => e.matrix_product(&a, &b, call.range)?,
    };
    Ok(Item::Number(product))
}

fn outer(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b] = call.bind(["a", "b"])?;
    let (a, b) = (e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?);
    let product = e.binary(multiply, &a.reshape(&[a.len(), 1]), &b.reshape(&[1, b.len()]), call.range)?;
    Ok(Item::Number(product))
}

pub(super) fn diagonal(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, k] = call.bind(["v", "k"])?;
    let value = e.value(call.required(x, "v")?)?;
    let k = k.map_or(Ok(0), |k| e.integer(&k.item, "the number of a diagonal", k.range))?;
    let (down, right) = match usize::try_from(k.unsigned_abs()) {
        Ok(away) if k < 0 => (away, 0),
        Ok(away) => (0, away),
        Err(_) => return fault(call.range, format!("there is no diagonal {k}")),
    };
    let result = match *value.shape() {
        [n] if k != 0 => {
            let size = n.saturating_add(down).saturating_add(right);
            e.budget.shape(&[size, size], call.range)?;
            // What is not on the diagonal is the zero behind the last element.
            let place = |at: usize| match (at / size, at % size) {
                (row, column) if row >= down && column >= right && row - down == column - right => row - down,
                _ => n,
            };
            let index = (0..size * size).map(|at| place(at).min(n) as u32).collect();
            Value::concatenate(&[value, Value::from(0.0).reshape(&[1])], 0).take(index, vec![size, size])
        }
        [n] => {
            e.budget.shape(&[n, n], call.range)?;
            let places: Vec<f64> = (0..n * n).map(|k| f64::from(k / n.max(1) == k % n.max(1))).collect();
            let places = Value::data(places, vec![n, n], Kind::Int);
            e.binary(multiply, &places, &value, call.range)?
        }
        [rows, columns] => {
            let count = rows.saturating_sub(down).min(columns.saturating_sub(right));
            let index = (0..count).map(|i| ((i + down) * columns + i + right) as u32).collect();
            value.take(index, vec![count])
        }
        _ => return fault(call.range, "`diag` takes a vector or a matrix"),
    };
    Ok(Item::Number(e.finish_value(result, call.range)?))
}

/// `pt.fill_diagonal(a, val)`: a matrix with a number on its diagonal.
fn fill_diagonal(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [matrix, value] = call.bind(["a", "val"])?;
    let matrix = e.value(call.required(matrix, "a")?)?;
    let value = e.value(call.required(value, "val")?)?;
    let ([rows, columns], 1) = (matrix.shape(), value.len()) else {
        return fault(call.range, format!("`{}` takes a matrix and one number", call.name));
    };
    let places = (0..rows * columns).map(|k| f64::from(k / columns == k % columns)).collect::<Vec<_>>();
    let places = Value::data(places, vec![*rows, *columns], Kind::Bool);
    Ok(Item::Number(e.finish_value(places.select(&value.reshape(&[]), &matrix), call.range)?))
}

/// `np.ix_(rows, columns)`: indices that take every combination.
fn open_mesh(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let count = call.positional.len();
    let mut parts = Vec::with_capacity(count);
    for (axis, argument) in call.positional.iter().enumerate() {
        let value = e.known_value(argument, "an index")?;
        if value.rank() != 1 {
            return fault(argument.range, "`np.ix_` takes lists of indices, one for each axis");
        }
        let value = match (value.kind(), value.as_data()) {
            (Kind::Bool, Some(mask)) => super::unique::integers((0..mask.len()).filter(|&k| mask[k] != 0.0)),
            _ => value,
        };
        let mut shape = vec![1; count];
        shape[axis] = value.len();
        parts.push(Item::Number(value.reshape(&shape)));
    }
    Ok(Item::Tuple(Sequence::new(parts, call.range)?))
}

fn of_shape(e: &mut Evaluator<'_>, call: &Call, name: &str) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let x = call.required(x, "a")?;
    let value = match x.item {
        Item::Texts(_) => x.item.clone(),
        _ => Item::Number(e.value(x)?),
    };
    super::attribute(e, &value, name, call.range)
}
