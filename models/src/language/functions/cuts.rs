//! Columns cut into intervals: `pd.cut(x, bins, labels=...)`.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::pandas;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Categorical, Item, Sequence};

/// The codes and categories of a column cut into intervals: `pd.cut(x, bins, labels=...)`.
pub(super) fn cut(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, bins, right, labels, return_edges, _precision, include, _duplicates, _ordered] = call.bind([
        "x",
        "bins",
        "right",
        "labels",
        "retbins",
        "precision",
        "include_lowest",
        "duplicates",
        "ordered",
    ])?;
    let x = call.required(x, "x")?;
    let of_array = matches!(x.item, Item::Number(_));
    let x = e.known_value(x, "what is cut")?;
    let bins = call.required(bins, "bins")?;
    let right = right.map_or(Ok(true), |right| e.truth(&right.item, right.range))?;
    let include = include.map_or(Ok(false), |include| e.truth(&include.item, include.range))?;
    let numbers = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let edges = e.known_value(bins, "the edges of intervals")?;
    let edges = match edges.rank() {
        0 => {
            let count = e.integer(&bins.item, "a number of intervals", bins.range)?;
            e.budget.elements(count.max(0) as usize, bins.range)?;
            equal_edges(&numbers, count, right, bins.range)?
        }
        1 if edges.len() > 1 => edges.as_data().map(|x| x.to_vec()).unwrap_or_default(),
        _ => return fault(bins.range, "`pd.cut` takes a number of intervals, or a list of their edges"),
    };
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        return fault(bins.range, "the edges of intervals must increase");
    }
    let code = |x: f64| {
        let place = match right {
            true => edges.partition_point(|edge| *edge < x),
            false => edges.partition_point(|edge| *edge <= x),
        };
        let lowest = include && right && x == edges[0];
        match place {
            _ if x.is_nan() => -1.0,
            _ if lowest => 0.0,
            0 => -1.0,
            place if place == edges.len() => -1.0,
            place => place as f64 - 1.0,
        }
    };
    let codes: Vec<f64> = numbers.iter().map(|&x| code(x)).collect();
    let shape = vec![codes.len()];
    let codes = Value::data(codes, shape, Kind::Int);
    let column = match labels.map(|labels| &labels.item) {
        Some(Item::Number(value)) if value.rank() == 0 && value.kind() == Kind::Bool => {
            Item::numbers(codes, !of_array)
        }
        Some(given) if !matches!(given, Item::None) => {
            let categories = pandas::label_item(e, given.clone(), call.range)?;
            if categories.size() + 1 != edges.len() {
                return fault(
                    call.range,
                    format!("{} labels for {} intervals", categories.size(), edges.len() - 1),
                );
            }
            Item::Categorical(Rc::new(Categorical { codes, categories }))
        }
        _ => {
            let text = |pair: &[f64]| match right {
                true => format!("({}, {}]", pair[0], pair[1]),
                false => format!("[{}, {})", pair[0], pair[1]),
            };
            let categories = Item::Texts(edges.windows(2).map(text).collect());
            Item::Categorical(Rc::new(Categorical { codes, categories }))
        }
    };
    if !return_edges.map_or(Ok(false), |wanted| e.truth(&wanted.item, wanted.range))? {
        return Ok(column);
    }
    let edges = Item::Number(Value::from(edges));
    Ok(Item::Tuple(Sequence::new(vec![column, edges], call.range)?))
}

/// The edges of intervals of one width from the least number to the largest, and a bit further where it is left out.
fn equal_edges(numbers: &[f64], count: i64, right: bool, range: TextRange) -> Outcome<Vec<f64>> {
    let known = || numbers.iter().copied().filter(|x| x.is_finite());
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    if count < 1 || low > high {
        return fault(range, "`pd.cut` takes at least one interval, and a finite number");
    }
    let bit = |x: f64| if x == 0.0 { 0.001 } else { 0.001 * x.abs() };
    let is_single = low == high;
    let (low, high) = if is_single { (low - bit(low), high + bit(high)) } else { (low, high) };
    let step = (high - low) / count as f64;
    let mut edges: Vec<f64> =
        (0..=count).map(|k| if k == count { high } else { low + k as f64 * step }).collect();
    let further = if is_single { 0.0 } else { 0.001 * (high - low) };
    match right {
        true => edges[0] -= further,
        false => edges[count as usize] += further,
    }
    Ok(edges)
}
