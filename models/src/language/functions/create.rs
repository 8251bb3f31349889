//! New arrays: of lists, of one number, of ranges.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::{CF, Modules, NP, PM, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, Sequence};

const ALL: Modules = NP | PM | PT;

/// Functions that make arrays.
pub(super) const ROWS: &[Row] = &[
    ("array", NP, Run::Call(array)),
    ("asarray", NP, Run::Call(array)),
    ("asanyarray", NP, Run::Call(array)),
    (
        "ndarray",
        NP,
        Run::Call(|_, call| fault(call.range, "`np.ndarray` is a type; `np.zeros(shape)` makes an array")),
    ),
    ("ascontiguousarray", NP, Run::Call(array)),
    ("asfortranarray", NP, Run::Call(array)),
    ("fromiter", NP, Run::Call(array)),
    ("stacklists", PT, Run::Call(array)),
    ("cast", PT, Run::Call(array)),
    ("tri", NP | PT, Run::Call(lower_ones)),
    ("logspace", NP | PT, Run::Call(|e, call| spaced(e, call, true))),
    ("geomspace", NP | PT, Run::Call(|e, call| spaced(e, call, false))),
    (
        "identity_like",
        PT,
        Run::Call(|e, call| {
            let [x] = call.bind(["x"])?;
            let x = e.value(call.required(x, "x")?)?;
            let sizes: Vec<Item> = x.shape().iter().map(|n| Item::integer(*n as i64)).collect();
            let mut inner = call.nothing();
            inner.positional = sizes.into_iter().map(|item| Argument { item, range: call.range }).collect();
            eye(e, &inner)
        }),
    ),
    ("copy", CF, Run::Call(copied)),
    ("deepcopy", CF, Run::Call(copied_deeply)),
    ("finfo", NP, Run::Call(|_, call| limits(call))),
    ("as_tensor_variable", PT, Run::Call(array)),
    ("as_tensor", PT | PM, Run::Call(array)),
    ("shared", super::SH, Run::Call(shared)),
    ("constant", PT | PM, Run::Call(array)),
    ("copy", NP, Run::Call(array)),
    ("zeros", ALL, Run::Call(|e, call| full(e, call, Some(0.0)))),
    ("ones", ALL, Run::Call(|e, call| full(e, call, Some(1.0)))),
    ("full", ALL, Run::Call(|e, call| full(e, call, None))),
    ("zeros_like", ALL, Run::Call(|e, call| full_like(e, call, Some(0.0)))),
    ("ones_like", ALL, Run::Call(|e, call| full_like(e, call, Some(1.0)))),
    ("full_like", NP | PT | PM, Run::Call(|e, call| full_like(e, call, None))),
    ("fill", PT, Run::Call(|e, call| full_like(e, call, None))),
    ("empty", NP | PT, Run::Call(|e, call| full(e, call, Some(0.0)))),
    ("empty_like", NP | PT, Run::Call(|e, call| full_like(e, call, Some(0.0)))),
    ("eye", NP | PT, Run::Call(eye)),
    ("identity", NP | PT, Run::Call(eye)),
    ("arange", NP | PT, Run::Call(arange)),
    ("linspace", NP | PT, Run::Call(linspace)),
    ("vander", NP, Run::Call(powers)),
    ("meshgrid", NP, Run::Call(grid)),
];

/// `np.array(x)`: numbers, or a column of texts.
pub(super) fn array(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, dtype, _copy, _order] = call.bind(["a", "dtype", "copy", "order"])?;
    let x = call.required(x, "a")?;
    let is_text = match &x.item {
        Item::Texts(_) => true,
        Item::List(items) | Item::Tuple(items) => {
            items.numbers().is_none() && items.items().iter().any(|item| matches!(item, Item::Text(_)))
        }
        _ => false,
    };
    if is_text
        && let Some(dtype) = dtype
        && let Item::Type(kind) = dtype.item
    {
        let texts = Item::Texts(e.texts(x, "the elements of an array of texts")?.into());
        return super::method(e, &texts, "astype", call.alone(Item::Type(kind)));
    }
    if is_text {
        return Ok(Item::Texts(e.texts(x, "the elements of an array of texts")?.into()));
    }
    let value = e.value(x)?;
    Ok(Item::Number(match dtype.filter(|dtype| !matches!(dtype.item, Item::None)) {
        Some(dtype) => {
            let kind = e.kind(dtype)?;
            e.cast(&value, kind, call.range)?
        }
        None => value,
    }))
}

/// `pytensor.shared(x)`: data; what would be put there later is left to new data.
fn shared(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, _name, _strict, _downcast, _borrow] =
        call.bind(["value", "name", "strict", "allow_downcast", "borrow"])?;
    array(e, &call.alone(call.required(x, "value")?.item.clone()))
}

fn full(e: &mut Evaluator<'_>, call: &Call, constant: Option<f64>) -> Outcome<Item> {
    let [shape, fill, dtype] = match constant {
        None => call.bind(["shape", "fill_value", "dtype"])?,
        Some(_) => {
            let [shape, dtype] = call.bind(["shape", "dtype"])?;
            [shape, None, dtype]
        }
    };
    let shape = e.shape(call.required(shape, "shape")?)?;
    let fill = match constant {
        Some(x) => Value::from(x),
        None => e.value(call.required(fill, "fill_value")?)?,
    };
    finish_full(e, call, &fill, &shape, dtype)
}

fn full_like(e: &mut Evaluator<'_>, call: &Call, constant: Option<f64>) -> Outcome<Item> {
    let [x, fill, dtype] = match constant {
        None => call.bind(["a", "fill_value", "dtype"])?,
        Some(_) => {
            let [x, dtype] = call.bind(["a", "dtype"])?;
            [x, None, dtype]
        }
    };
    let x = e.value(call.required(x, "a")?)?;
    let fill = match constant {
        Some(x) => Value::from(x),
        None => e.value(call.required(fill, "fill_value")?)?,
    };
    let fill = e.cast(&fill, x.kind(), call.range)?;
    finish_full(e, call, &fill, x.shape(), dtype)
}

fn finish_full(
    e: &mut Evaluator<'_>,
    call: &Call,
    fill: &Value,
    shape: &[usize],
    dtype: Option<&crate::language::evaluate::Argument>,
) -> Outcome<Item> {
    let fill = match dtype {
        Some(dtype) => {
            let kind = e.kind(dtype)?;
            e.cast(fill, kind, call.range)?
        }
        None => fill.clone(),
    };
    Ok(Item::Number(e.finish_value(fill.broadcast_to(shape), call.range)?))
}

/// `np.eye(n, m, k)`: ones on a diagonal.
fn eye(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n, m, k, _dtype] = call.bind(["N", "M", "k", "dtype"])?;
    let n = call.required(n, "N")?;
    let rows = e.integer(&n.item, "the size", n.range)?;
    let columns = match m {
        Some(m) => e.integer(&m.item, "the size", m.range)?,
        None => rows,
    };
    let above = k.map_or(Ok(0), |k| e.integer(&k.item, "the number of a diagonal", k.range))?;
    let (Ok(rows), Ok(columns)) = (usize::try_from(rows), usize::try_from(columns)) else {
        return fault(call.range, "a shape must not be negative");
    };
    e.budget.shape(&[rows, columns], call.range)?;
    let mut numbers = vec![0.0; rows * columns];
    for row in 0..rows {
        let column = (row as i64).checked_add(above).and_then(|column| usize::try_from(column).ok());
        if let Some(column) = column.filter(|&column| column < columns) {
            numbers[row * columns + column] = 1.0;
        }
    }
    Ok(Item::Number(Value::data(numbers, vec![rows, columns], Kind::Float)))
}

/// `copy.copy(x)`: what is changed afterwards is one of the two.
fn copied(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["x"])?;
    let x = call.required(x, "x")?;
    e.budget.elements(x.item.size(), call.range)?;
    let items = |items: &Sequence| Sequence::new(items.items().to_vec(), call.range);
    Ok(match &x.item {
        Item::List(set) if set.is_set() => Item::List(Rc::new((**set).clone())),
        Item::List(list) => Item::List(items(list)?),
        Item::Dict(dict) => Item::Dict(Rc::new((**dict).clone())),
        Item::Table(table) => Item::Table(Rc::new((**table).clone())),
        Item::Object(_) => return fault(x.range, "objects are not copied: make another one"),
        item => match item.as_value().and_then(|value| Some((value, value.as_data()?))) {
            Some((value, numbers)) => {
                Item::numbers(Value::data(numbers.to_vec(), value.shape(), value.kind()), item.is_series())
            }
            None => item.clone(),
        },
    })
}

/// `copy.deepcopy(x)`: a copy also of all that `x` holds.
fn copied_deeply(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, _memo] = call.bind(["x", "memo"])?;
    let x = call.required(x, "x")?;
    deep_copy(e, &x.item, x.range)
}

/// Elements that a copy counts as besides those of its item.
const COPY: usize = 20;

/// A copy of an item and of all that it holds, in which what is held twice is held twice again.
pub(in crate::language) fn deep_copy(e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<Item> {
    copy_of(e, item, &mut HashMap::new(), range)
}

/// The same with the copies of containers that were made, by their places.
fn copy_of(
    e: &mut Evaluator<'_>,
    item: &Item,
    known: &mut HashMap<usize, Item>,
    range: TextRange,
) -> Outcome<Item> {
    e.budget.elements(item.size() + COPY, range)?;
    let address = match item {
        Item::List(items) | Item::Tuple(items) => Rc::as_ptr(items).addr(),
        Item::Dict(dict) | Item::Table(dict) => Rc::as_ptr(dict).addr(),
        Item::Object(_) => return fault(range, "objects are not copied: make another one"),
        item => {
            return Ok(match item.as_value().and_then(|value| Some((value, value.as_data()?))) {
                Some((value, numbers)) => {
                    let own = Value::data(numbers.to_vec(), value.shape(), value.kind());
                    Item::numbers(own, item.is_series())
                }
                None => item.clone(),
            });
        }
    };
    if let Some(copy) = known.get(&address) {
        return Ok(copy.clone());
    }
    let copy = match item {
        Item::List(items) | Item::Tuple(items) => {
            let mut own = (**items).clone();
            for item in own.items_mut() {
                *item = copy_of(e, item, known, range)?;
            }
            if let Item::Tuple(_) = item { Item::Tuple(Rc::new(own)) } else { Item::List(Rc::new(own)) }
        }
        Item::Dict(dict) | Item::Table(dict) => {
            let mut own = (**dict).clone();
            for item in own.items_mut() {
                *item = copy_of(e, item, known, range)?;
            }
            if let Item::Table(_) = item { Item::Table(Rc::new(own)) } else { Item::Dict(Rc::new(own)) }
        }
        other => other.clone(),
    };
    known.insert(address, copy.clone());
    Ok(copy)
}

/// `np.finfo(float)`: the limits of double precision.
fn limits(call: &Call) -> Outcome<Item> {
    let mut table = Dict::default();
    let members = [
        ("eps", f64::EPSILON),
        ("max", f64::MAX),
        ("min", f64::MIN),
        ("tiny", f64::MIN_POSITIVE),
        ("resolution", 1e-15),
    ];
    for (name, number) in members {
        table.insert(Key::Text(name.into()), Item::Number(Value::from(number)), call.range)?;
    }
    Ok(Item::Table(table.into()))
}

/// `np.tri(n, m, k)`: ones on and below a diagonal.
fn lower_ones(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n, m, k] = call.bind(["N", "M", "k"])?;
    let n = call.required(n, "N")?;
    let size = |e: &Evaluator<'_>, argument: &Argument| e.integer(&argument.item, "a size", argument.range);
    let rows = size(e, n)?.max(0);
    let columns = m.map_or(Ok(rows), |m| size(e, m))?.max(0);
    let above = k.map_or(Ok(0), |k| size(e, k))?;
    e.budget.shape(&[rows as usize, columns as usize], call.range)?;
    let entry = |place: i64| f64::from(place % columns.max(1) <= place / columns.max(1) + above);
    let numbers: Vec<f64> = (0..rows * columns).map(entry).collect();
    Ok(Item::Number(Value::data(numbers, vec![rows as usize, columns as usize], Kind::Float)))
}

/// `np.logspace(a, b, n, base=10)`, whose ends are powers, and `np.geomspace(a, b, n)`.
fn spaced(e: &mut Evaluator<'_>, call: &Call, by_power: bool) -> Outcome<Item> {
    let [start, stop, count, endpoint, base] = call.bind(["start", "stop", "num", "endpoint", "base"])?;
    let base = base.map_or(Ok(10.0), |base| e.float(&base.item, "the base", base.range))?;
    let mut inner = call.nothing();
    for bound in [call.required(start, "start")?, call.required(stop, "stop")?] {
        let number = e.float(&bound.item, "the bound of a range", bound.range)?;
        let item = Item::Number(Value::from(if by_power { number } else { number.log10() }));
        inner.positional.push(Argument { item, range: bound.range });
    }
    inner.positional.extend(count.cloned());
    inner.keywords.extend(endpoint.map(|endpoint| ("endpoint".to_owned(), endpoint.clone())));
    let Item::Number(powers) = linspace(e, &inner)? else {
        return fault(call.range, "the bounds of a range are numbers");
    };
    let base = if by_power { base } else { 10.0 };
    let numbers: Vec<f64> =
        powers.as_data().map(|x| x.iter().map(|x| base.powf(*x)).collect()).unwrap_or_default();
    Ok(Item::Number(Value::from(numbers)))
}

fn arange(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [start, stop, step, dtype] = call.bind(["start", "stop", "step", "dtype"])?;
    let (start, stop) = match stop {
        Some(_) => (start, stop),
        None => (None, start),
    };
    let mut kind = Kind::Int;
    let mut number =
        |e: &mut Evaluator<'_>, argument: Option<&crate::language::evaluate::Argument>, default: f64| {
            let Some(argument) = argument else {
                return Ok(default);
            };
            if let Some(value) = argument.item.as_value() {
                kind = kind.max(value.kind());
            }
            e.float(&argument.item, "the bound of a range", argument.range)
        };
    let stop = number(e, Some(call.required(stop, "stop")?), 0.0)?;
    let (start, step) = (number(e, start, 0.0)?, number(e, step, 1.0)?);
    let count = ((stop - start) / step).ceil();
    if step == 0.0 || count.is_nan() {
        return fault(call.range, "the step of a range must not be 0");
    }
    let count = count.clamp(0.0, 1e15) as usize;
    e.budget.elements(count, call.range)?;
    let numbers: Vec<f64> = (0..count).map(|k| start + k as f64 * step).collect();
    let value = Value::data(numbers, vec![count], kind);
    Ok(Item::Number(match dtype {
        Some(dtype) => {
            let kind = e.kind(dtype)?;
            e.cast(&value, kind, call.range)?
        }
        None => value,
    }))
}

fn linspace(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [start, stop, num, endpoint] = call.bind(["start", "stop", "num", "endpoint"])?;
    let (start, stop) = (call.required(start, "start")?, call.required(stop, "stop")?);
    let bounds = (e.value(start)?, e.value(stop)?);
    let count = num.map_or(Ok(50), |num| e.integer(&num.item, "the number of points", num.range))?;
    let Ok(count) = usize::try_from(count) else {
        return fault(call.range, "the number of points must not be negative");
    };
    e.budget.elements(count, call.range)?;
    let has_end = endpoint.map_or(Ok(true), |x| e.truth(&x.item, x.range))?;
    let steps = if has_end { count.max(2) - 1 } else { count.max(1) };
    if [&bounds.0, &bounds.1].into_iter().any(|bound| bound.is_random() && bound.rank() == 0) {
        let shares: Vec<f64> = (0..count).map(|k| k as f64 / steps as f64).collect();
        let numbers = &bounds.0 + (&bounds.1 - &bounds.0) * Value::from(shares);
        return Ok(Item::Number(e.finish_value(numbers, call.range)?));
    }
    let (a, b) = (
        e.float(&start.item, "the bound of a range", start.range)?,
        e.float(&stop.item, "the bound of a range", stop.range)?,
    );
    let step = (b - a) / steps as f64;
    let mut numbers: Vec<f64> = (0..count).map(|k| a + k as f64 * step).collect();
    if let (Some(last), 2.., true) = (numbers.last_mut(), count, has_end) {
        *last = b;
    }
    Ok(Item::Number(Value::data(numbers, vec![count], Kind::Float)))
}

/// `np.vander(x, n, increasing=...)`: a column per power of `x`.
fn powers(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, n, increasing] = call.bind(["x", "N", "increasing"])?;
    let x = e.known_value(call.required(x, "x")?, "what is raised to powers")?;
    let increasing = increasing.map_or(Ok(false), |i| e.truth(&i.item, i.range))?;
    let n = n.map_or(Ok(x.len() as i64), |n| e.integer(&n.item, "the number of powers", n.range))?;
    let Ok(n) = usize::try_from(n) else {
        return fault(call.range, "the number of powers must not be negative");
    };
    e.budget.shape(&[x.len(), n], call.range)?;
    let power = |k: usize| if increasing { k as i32 } else { (n - 1 - k) as i32 };
    let column = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let numbers = column.iter().flat_map(|x| (0..n).map(|k| x.powi(power(k)))).collect::<Vec<_>>();
    Ok(Item::Number(Value::data(numbers, vec![x.len(), n], x.kind())))
}

/// `np.meshgrid(a, b, indexing=...)`: two matrices with every pair of elements.
fn grid(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, indexing] = call.bind(["a", "b", "indexing"])?;
    let indexing = indexing.map_or(Ok("xy".into()), |text| e.text(text, "`indexing`"))?;
    let a = e.known_value(call.required(a, "a")?, "an axis of a grid")?;
    let b = e.known_value(call.required(b, "b")?, "an axis of a grid")?;
    let (n, m) = (a.len(), b.len());
    e.budget.shape(&[2, n, m], call.range)?;
    let (shape, a, b) = match &*indexing {
        "ij" => ([n, m], a.reshape(&[n, 1]), b.reshape(&[1, m])),
        _ => ([m, n], a.reshape(&[1, n]), b.reshape(&[m, 1])),
    };
    let both = [a, b].map(|x| Item::Number(x.broadcast_to(&shape)));
    Ok(Item::Tuple(Sequence::new(both.to_vec(), call.range)?))
}
