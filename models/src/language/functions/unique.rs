//! Sorting, searching and labels: the functions that turn columns of labels to indices.

use std::collections::HashMap;
use std::sync::Arc;

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::{NP, PT, Row, Run};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Library};
use crate::language::item::{Item, Sequence};
use crate::language::limits::SORTED;

/// Functions of sorted and of distinct elements.
pub(super) const ROWS: &[Row] = &[
    ("unique", NP | PT, Run::Call(unique)),
    ("sort", NP | PT, Run::Call(sort)),
    ("argsort", NP | PT, Run::Call(sorting)),
    ("isin", NP, Run::Call(is_in)),
    ("bincount", NP | PT, Run::Call(count_each)),
    ("searchsorted", NP | PT, Run::Call(search)),
    (
        "nonzero",
        NP | PT,
        Run::Call(|e, call| {
            let [x] = call.bind(["a"])?;
            nonzero(&e.known_value(call.required(x, "a")?, "what is searched")?, call.range)
        }),
    ),
];

/// Most parameters that are sorted: each is compared with each.
pub(super) const MOST_PARAMETERS: usize = 256;

/// A column of labels: texts or numbers.
pub(in crate::language) enum Labels {
    Texts(Arc<[String]>),
    Numbers(Value),
}

/// Labels in order, and which of them each element has.
pub(super) struct Levels {
    /// First element of each label.
    pub(super) first: Vec<usize>,
    /// Number of each element's label.
    pub(super) codes: Vec<usize>,
}

impl Labels {
    /// The elements of a column, to be sorted: categories stand in their own order.
    pub(super) fn in_order_of(e: &mut Evaluator<'_>, column: &Item, range: TextRange) -> Outcome<Self> {
        match column.bare() {
            Item::Categorical(categorical) => {
                let codes = &categorical.codes;
                let absent = codes.lower(&Value::from(0_i64));
                let codes = absent.select(&Value::from(f64::NAN), &codes.with_kind(Kind::Float));
                Ok(Labels::Numbers(e.finish_value(codes, range)?))
            }
            other => Labels::new(e, &Argument { item: other.clone(), range }),
        }
    }

    /// The labels of an argument.
    pub(in crate::language) fn new(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Self> {
        // Whatever they are wanted for, they are hashed or sorted.
        e.budget.work(argument.item.size().saturating_mul(SORTED), argument.range)?;
        match argument.item.bare() {
            Item::Texts(texts) => Ok(Labels::Texts(texts.clone())),
            Item::Categorical(categorical) => {
                let places = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
                if places.iter().any(|code| *code < 0.0) {
                    return fault(
                        argument.range,
                        "a categorical column with missing entries; use its `.codes`",
                    );
                }
                let places: Vec<usize> = places.into_iter().map(|code| code as usize).collect();
                let item = super::take(e, &categorical.categories, &places, argument.range)?;
                Labels::new(e, &Argument { item, range: argument.range })
            }
            Item::List(items) | Item::Tuple(items)
                if matches!(items.items().first(), Some(Item::Text(_))) =>
            {
                Ok(Labels::Texts(e.texts(argument, "labels")?.into()))
            }
            // The values of a table of texts, row by row.
            Item::Table(table)
                if table.entries().iter().all(|(_, column)| matches!(column, Item::Texts(_))) =>
            {
                let rows = super::rows(table);
                e.budget.texts(rows.saturating_mul(table.entries().len()), argument.range)?;
                let columns = table.entries().iter().filter_map(|(_, column)| match column {
                    Item::Texts(texts) => Some(texts),
                    _ => None,
                });
                let columns: Vec<&Arc<[String]>> = columns.collect();
                let texts = (0..rows).flat_map(|row| columns.iter().map(move |column| column[row].clone()));
                Ok(Labels::Texts(texts.collect()))
            }
            _ => {
                let value = e.known_value(argument, "labels")?;
                Ok(Labels::Numbers(value.reshape(&[value.len()])))
            }
        }
    }

    /// Number of elements.
    pub(in crate::language) fn len(&self) -> usize {
        match self {
            Labels::Texts(texts) => texts.len(),
            Labels::Numbers(value) => value.len(),
        }
    }

    /// Whether a label is missing.
    pub(super) fn is_missing(&self, place: usize) -> bool {
        match self {
            Labels::Texts(texts) => texts[place] == MISSING_TEXT,
            Labels::Numbers(value) => value.as_data().is_some_and(|x| x[place].is_nan()),
        }
    }

    /// The distinct labels in order of appearance.
    pub(super) fn factorize(&self) -> Levels {
        match self {
            Labels::Texts(texts) => levels(texts.iter().map(String::as_str)),
            Labels::Numbers(value) => {
                levels(value.as_data().map(|x| &**x).unwrap_or_default().iter().map(|x| (x + 0.0).to_bits()))
            }
        }
    }

    /// The distinct labels, sorted.
    pub(super) fn sorted(&self) -> Levels {
        let found = self.factorize();
        let mut order: Vec<usize> = (0..found.first.len()).collect();
        order.sort_unstable_by(|&a, &b| self.compare(found.first[a], found.first[b]));
        let mut rank = vec![0; order.len()];
        for (k, &label) in order.iter().enumerate() {
            rank[label] = k;
        }
        Levels {
            first: order.iter().map(|&label| found.first[label]).collect(),
            codes: found.codes.iter().map(|&label| rank[label]).collect(),
        }
    }

    pub(super) fn compare(&self, a: usize, b: usize) -> std::cmp::Ordering {
        match self {
            Labels::Texts(texts) => texts[a].cmp(&texts[b]),
            Labels::Numbers(value) => {
                value.as_data().map_or(std::cmp::Ordering::Equal, |x| x[a].total_cmp(&x[b]))
            }
        }
    }

    /// The elements at some places.
    pub(in crate::language) fn take(&self, places: &[usize]) -> Item {
        match self {
            Labels::Texts(texts) => Item::Texts(places.iter().map(|&i| texts[i].clone()).collect()),
            Labels::Numbers(value) => {
                Item::Number(value.take(places.iter().map(|&i| i as u32).collect(), vec![places.len()]))
            }
        }
    }
}

fn levels<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Levels {
    let mut known = HashMap::new();
    let mut first = Vec::new();
    let codes = keys
        .enumerate()
        .map(|(i, key)| {
            *known.entry(key).or_insert_with(|| {
                first.push(i);
                first.len() - 1
            })
        })
        .collect();
    Levels { first, codes }
}

/// Whole numbers as an array of one axis.
pub(super) fn integers(numbers: impl IntoIterator<Item = usize>) -> Value {
    let numbers: Vec<f64> = numbers.into_iter().map(|x| x as f64).collect();
    let shape = vec![numbers.len()];
    Value::data(numbers, shape, Kind::Int)
}

fn unique(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, index, inverse, counts] = call.bind(["ar", "return_index", "return_inverse", "return_counts"])?;
    let x = call.required(x, "ar")?;
    let labels = Labels::new(e, x)?;
    match &labels {
        Labels::Numbers(value) => e.complete(value, x.range)?,
        Labels::Texts(texts) => e.complete_texts(texts, x.range)?,
    }
    let wanted = |argument: Option<&Argument>| argument.map_or(Ok(false), |a| e.truth(&a.item, a.range));
    let (index, inverse, counts) = (wanted(index)?, wanted(inverse)?, wanted(counts)?);
    let found = labels.sorted();
    let mut results = vec![labels.take(&found.first)];
    if index {
        results.push(Item::Number(integers(found.first.iter().copied())));
    }
    if inverse {
        let codes = integers(found.codes.iter().copied());
        // NumPy 2 gives the inverse the shape of the array.
        let shape = x.item.as_value().map_or(vec![codes.len()], |value| value.shape().to_vec());
        results.push(Item::Number(codes.reshape(&shape)));
    }
    if counts {
        let mut count = vec![0; found.first.len()];
        found.codes.iter().for_each(|&code| count[code] += 1);
        results.push(Item::Number(integers(count)));
    }
    match results.len() {
        1 => Ok(results.remove(0)),
        _ => Ok(Item::Tuple(Sequence::new(results, call.range)?)),
    }
}

/// The order that sorts labels; equal ones keep theirs.
pub(in crate::language) fn order(labels: &Labels) -> Vec<usize> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels.compare(a, b));
    order
}

/// The order of pandas' `sort_values`: what is missing comes last, whichever way the others are sorted.
pub(super) fn missing_last(labels: &Labels, ascending: bool) -> Vec<usize> {
    let mut order = order(labels);
    if !ascending {
        order.reverse();
    }
    order.sort_by_key(|&place| labels.is_missing(place));
    order
}

/// The order of each row of an axis, by its places, as `run` makes of the row's elements and of their order.
fn by_rows(
    e: &mut Evaluator<'_>,
    call: &Call,
    kind: Option<Kind>,
    run: fn(&[f64], &[usize]) -> Vec<f64>,
) -> Outcome<Item> {
    let [x, along, _kind, _order, _stable] = call.bind(["a", "axis", "kind", "order", "stable"])?;
    let x = call.required(x, "a")?;
    if x.item.as_value().is_some_and(Value::is_random) {
        return of_parameters(e, x, along, kind.is_some(), call.range);
    }
    let value = e.known_value(x, "what is sorted")?;
    e.budget.work(value.len().saturating_mul(SORTED), call.range)?;
    let (value, axis) = match along {
        Some(along) if matches!(along.item, Item::None) => (value.reshape(&[value.len()]), 0),
        Some(along) => (value.clone(), super::reduce::axis(e, &along.item, value.rank(), along.range)?),
        None if value.rank() == 0 => return fault(x.range, "a single number has no order"),
        None => (value.clone(), value.rank() - 1),
    };
    let moved = e.finish_value(value.move_axis(axis, value.rank() - 1), call.range)?;
    let count = value.shape()[axis].max(1);
    let numbers = moved.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let mut sorted = Vec::with_capacity(numbers.len());
    for row in numbers.chunks(count) {
        let mut order: Vec<usize> = (0..row.len()).collect();
        order.sort_by(|&a, &b| row[a].total_cmp(&row[b]));
        sorted.extend(run(row, &order));
    }
    let sorted = Value::data(sorted, moved.shape(), kind.unwrap_or(value.kind()));
    let back = e.finish_value(sorted.move_axis(value.rank() - 1, axis), call.range)?;
    Ok(Item::numbers(back, x.item.is_series()))
}

/// The rows of an axis of parameters in order, or the places of their elements in that order.
fn of_parameters(
    e: &mut Evaluator<'_>,
    x: &Argument,
    along: Option<&Argument>,
    is_places: bool,
    range: TextRange,
) -> Outcome<Item> {
    let value = e.value(x)?;
    let (value, axis) = match along {
        Some(along) if matches!(along.item, Item::None) => (value.reshape(&[value.len()]), 0),
        Some(along) => (value.clone(), super::reduce::axis(e, &along.item, value.rank(), along.range)?),
        None if value.rank() == 0 => return fault(x.range, "a single number has no order"),
        None => (value.clone(), value.rank() - 1),
    };
    let last = value.rank() - 1;
    let count = value.shape()[axis];
    if count > MOST_PARAMETERS {
        let message = format!("up to {MOST_PARAMETERS} parameters can be sorted, not {count}");
        return fault(x.range, message);
    }
    e.budget.elements(value.len().saturating_mul(count), range)?;
    let moved = Item::Number(e.finish_value(value.move_axis(axis, last), range)?);
    let callee = e.written(Library::Linalg, if is_places { "argsort" } else { "sort" }, range)?;
    let sorted = e.called(&callee, moved, range)?;
    let back = e.item_value(&sorted, range)?.move_axis(last, axis);
    Ok(Item::Number(e.finish_value(back, range)?))
}

/// The texts of a call's first argument, if it is a column of them.
fn texts_of(call: &Call) -> Option<Labels> {
    match call.positional.first().map(|x| &x.item) {
        Some(Item::Texts(texts)) => Some(Labels::Texts(texts.clone())),
        Some(Item::List(items)) if matches!(items.items().first(), Some(Item::Text(_))) => {
            let text = |item: &Item| match item {
                Item::Text(text) => Some(text.to_string()),
                _ => None,
            };
            Some(Labels::Texts(items.items().iter().filter_map(text).collect()))
        }
        _ => None,
    }
}

fn sort(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    match texts_of(call) {
        Some(labels) => Ok(labels.take(&order(&labels))),
        None => by_rows(e, call, None, |row, order| order.iter().map(|&k| row[k]).collect()),
    }
}

fn sorting(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    match texts_of(call) {
        Some(labels) => Ok(Item::Number(integers(order(&labels)))),
        None => by_rows(e, call, Some(Kind::Int), |_, order| order.iter().map(|&k| k as f64).collect()),
    }
}

/// `np.isin(x, [...])` and `x.isin([...])`.
pub(in crate::language) fn is_in(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, wanted, _unique, invert] = call.bind(["element", "test_elements", "assume_unique", "invert"])?;
    let invert = invert.map_or(Ok(false), |invert| e.truth(&invert.item, invert.range))?;
    let x = call.required(x, "element")?;
    let (labels, wanted) = (Labels::new(e, x)?, Labels::new(e, call.required(wanted, "test_elements")?)?);
    e.budget.work(labels.len() + wanted.len(), call.range)?;
    let truths: Vec<f64> = match (&labels, &wanted) {
        (Labels::Texts(texts), Labels::Texts(wanted)) => {
            let wanted: std::collections::HashSet<&String> = wanted.iter().collect();
            texts.iter().map(|text| f64::from(wanted.contains(text))).collect()
        }
        (Labels::Numbers(numbers), Labels::Numbers(wanted)) => {
            let bits = |value: &Value| value.as_data().map(|x| x.to_vec()).unwrap_or_default();
            let wanted: std::collections::HashSet<u64> =
                bits(wanted).iter().map(|x| (x + 0.0).to_bits()).collect();
            // A missing number is found by the method of columns, and never by NumPy.
            let finds_missing = call.name == ".isin" && wanted.iter().any(|x| f64::from_bits(*x).is_nan());
            let is_found = |x: &f64| match x.is_nan() {
                true => finds_missing,
                false => wanted.contains(&(x + 0.0).to_bits()),
            };
            bits(numbers).iter().map(|x| f64::from(is_found(x))).collect()
        }
        _ => return fault(call.range, "texts are looked for among texts, and numbers among numbers"),
    };
    let truths = truths.into_iter().map(|truth| if invert { 1.0 - truth } else { truth }).collect::<Vec<_>>();
    let shape = x.item.as_value().map_or(vec![truths.len()], |value| value.shape().to_vec());
    Ok(Item::numbers(Value::data(truths, shape, Kind::Bool), x.item.is_series()))
}

fn count_each(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, weights, least] = call.bind(["x", "weights", "minlength"])?;
    let x = call.required(x, "x")?;
    let value = e.known_value(x, "what is counted")?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if value.kind() == Kind::Float || numbers.iter().any(|x| *x < 0.0) {
        return fault(x.range, "only whole numbers from 0 on can be counted");
    }
    let weights = match weights {
        Some(weights) => {
            let weights = e.known_value(weights, "weights")?;
            if weights.len() != numbers.len() {
                return fault(call.range, "there must be as many weights as numbers");
            }
            weights.as_data().map(|w| w.to_vec())
        }
        None => None,
    };
    let least = least.map_or(Ok(0), |least| e.integer(&least.item, "a length", least.range))?.max(0) as usize;
    let count = numbers.iter().fold(least, |most, x| most.max(*x as usize + 1));
    e.budget.elements(count, call.range)?;
    let mut counts = vec![0.0; count];
    for (i, x) in numbers.iter().enumerate() {
        counts[*x as usize] += weights.as_ref().map_or(1.0, |w| w[i]);
    }
    let kind = if weights.is_some() { Kind::Float } else { Kind::Int };
    Ok(Item::Number(Value::data(counts, vec![count], kind)))
}

fn search(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [sorted, x, side] = call.bind(["a", "v", "side"])?;
    let sorted = e.known_value(call.required(sorted, "a")?, "the sorted array")?;
    let x = e.known_value(call.required(x, "v")?, "what is looked for")?;
    let right = match side {
        Some(side) => &*e.text(side, "`side`")? == "right",
        None => false,
    };
    let sorted = sorted.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let places: Vec<f64> = x
        .as_data()
        .map(|x| &**x)
        .unwrap_or_default()
        .iter()
        .map(|x| sorted.partition_point(|known| if right { known <= x } else { known < x }) as f64)
        .collect();
    Ok(Item::Number(Value::data(places, x.shape(), Kind::Int)))
}

/// Places of the elements that are not zero, as a tuple with one array.
pub(super) fn nonzero(value: &Value, range: TextRange) -> Outcome<Item> {
    if value.rank() == 0 {
        return fault(range, "places that hold are those of an array, not of a number");
    }
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let places: Vec<usize> =
        numbers.iter().enumerate().filter(|(_, x)| **x != 0.0).map(|(place, _)| place).collect();
    let strides = shape::strides(value.shape());
    let axes = strides
        .iter()
        .zip(value.shape())
        .map(|(stride, size)| Item::Number(integers(places.iter().map(|place| place / stride % size))));
    Ok(Item::Tuple(Sequence::new(axes.collect(), range)?))
}
