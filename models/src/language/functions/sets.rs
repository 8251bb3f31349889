//! Arrays as sets, sorted; and small functions of vectors of data: ranks, slopes, polynomials.

use std::cmp::Ordering;

use chainfire_engine::program::{Kind, Value};

use super::unique::Labels;
use super::{NP, Row, Run, ST, columns};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Sets, ranks, slopes and polynomials.
pub(super) const ROWS: &[Row] = &[
    ("union1d", NP, Run::Call(|e, call| together(e, call, |_, _| true))),
    ("intersect1d", NP, Run::Call(|e, call| together(e, call, |a, b| a && b))),
    ("setdiff1d", NP, Run::Call(|e, call| together(e, call, |a, b| a && !b))),
    ("setxor1d", NP, Run::Call(|e, call| together(e, call, |a, b| a != b))),
    ("in1d", NP, Run::Call(super::is_in)),
    ("rankdata", ST, Run::Call(ranks)),
    ("sem", ST, Run::Call(standard_error)),
    ("iqr", ST, Run::Call(quarters)),
    ("gradient", NP, Run::Call(gradient)),
    ("ediff1d", NP, Run::Call(differences)),
    ("polyfit", NP, Run::Call(fitted)),
    ("polyval", NP, Run::Call(polynomial)),
    ("argpartition", NP, Run::Call(|e, call| first_argument(e, call, "argsort"))),
    ("partition", NP, Run::Call(|e, call| first_argument(e, call, "sort"))),
    ("lexsort", NP, Run::Call(by_keys)),
];

/// The sorted labels of two arrays that are in the sets that `wanted` says.
fn together(e: &mut Evaluator<'_>, call: &Call, wanted: fn(bool, bool) -> bool) -> Outcome<Item> {
    let [a, b, _unique] = call.bind(["ar1", "ar2", "assume_unique"])?;
    let (a, b) = (call.required(a, "ar1")?, call.required(b, "ar2")?);
    let (first, second) = (Labels::new(e, a)?, Labels::new(e, b)?);
    let (count, other) = (first.len(), second.len());
    e.budget.work((count + other).saturating_mul(8), call.range)?;
    let parts = [first.take(&(0..count).collect::<Vec<_>>()), second.take(&(0..other).collect::<Vec<_>>())];
    let all = match super::arrange::joined_texts(e, &parts, call.range)? {
        Some(texts) => texts,
        None => {
            let [a, b] = parts;
            let both = [e.item_value(&a, call.range)?, e.item_value(&b, call.range)?];
            let both: Vec<Value> = both.into_iter().filter(|part| !part.is_empty()).collect();
            if both.is_empty() {
                return Ok(Item::Number(Value::data(Vec::new(), vec![0], Kind::Float)));
            }
            Item::Number(e.finish_value(Value::concatenate(&both, 0), call.range)?)
        }
    };
    let labels = Labels::new(e, &Argument { item: all, range: call.range })?;
    let found = labels.sorted();
    let mut is_in = vec![(false, false); found.first.len()];
    for (k, code) in found.codes.iter().enumerate() {
        if k < count { is_in[*code].0 = true } else { is_in[*code].1 = true }
    }
    let kept: Vec<usize> =
        found.first.iter().zip(is_in).filter(|(_, (a, b))| wanted(*a, *b)).map(|(k, _)| *k).collect();
    Ok(labels.take(&kept))
}

fn ranks(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, method] = call.bind(["a", "method"])?;
    let x = e.known_value(call.required(x, "a")?, "what is ranked")?;
    let method = method.map_or(Ok("average".into()), |method| e.text(method, "`method`"))?;
    columns::ranks(e, x, &method, call).map(Item::Number)
}

fn vector(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<Vec<f64>> {
    let value = e.known_value(argument, what)?;
    match (value.rank(), value.as_data()) {
        (1, Some(numbers)) if !numbers.is_empty() => Ok(numbers.to_vec()),
        _ => fault(
            argument.range,
            format!("{what} is a vector with elements, not {}", argument.item.describe()),
        ),
    }
}

fn standard_error(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["a"])?;
    let x = vector(e, call.required(x, "a")?, "the sample")?;
    let count = x.len() as f64;
    let mean = x.iter().sum::<f64>() / count;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Ok(Item::Number(Value::from((variance / count).sqrt())))
}

fn quarters(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["x"])?;
    let mut x = vector(e, call.required(x, "x")?, "the sample")?;
    let quantile = super::reduce::quantile_of;
    Ok(Item::Number(Value::from(quantile(&mut x, 0.75) - quantile(&mut x, 0.25))))
}

/// `np.gradient(y, x)`: slopes of second order, of first order at the ends.
fn gradient(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [y, x] = call.bind(["f", "varargs"])?;
    let y = vector(e, call.required(y, "f")?, "what has a slope")?;
    let n = y.len();
    let places = match x {
        None => (0..n).map(|k| k as f64).collect(),
        Some(x) if x.item.as_value().is_some_and(|x| x.rank() == 0) => {
            let step = e.float(&x.item, "a step", x.range)?;
            (0..n).map(|k| k as f64 * step).collect()
        }
        Some(x) => vector(e, x, "the places")?,
    };
    if n < 2 || places.len() != n {
        return fault(call.range, "slopes need at least two elements, and a place for each");
    }
    let slope = |k: usize| (y[k + 1] - y[k]) / (places[k + 1] - places[k]);
    let inner = |k: usize| {
        let (before, after) = (places[k] - places[k - 1], places[k + 1] - places[k]);
        (before * slope(k) + after * slope(k - 1)) / (before + after)
    };
    let at = |k: usize| match k {
        0 => slope(0),
        k if k == n - 1 => slope(n - 2),
        k => inner(k),
    };
    Ok(Item::Number(Value::from((0..n).map(at).collect::<Vec<f64>>())))
}

fn differences(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["ary"])?;
    let x = e.value(call.required(x, "ary")?)?;
    let flat = x.reshape(&[x.len()]);
    let count = flat.len();
    let between = flat.narrow(0, 1.min(count), count) - flat.narrow(0, 0, count.saturating_sub(1));
    Ok(Item::Number(e.finish_value(between, call.range)?))
}

/// `np.polyfit(x, y, degree)`: coefficients by least squares, the highest power first.
fn fitted(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, y, degree] = call.bind(["x", "y", "deg"])?;
    let x = vector(e, call.required(x, "x")?, "the places")?;
    let y = vector(e, call.required(y, "y")?, "the values")?;
    let degree = call.required(degree, "deg")?;
    let degree = e.integer(&degree.item, "the degree", degree.range)?;
    let Some(degree) = usize::try_from(degree).ok().filter(|degree| *degree <= 50 && x.len() == y.len())
    else {
        return fault(call.range, "a polynomial needs as many values as places, and a degree from 0 to 50");
    };
    e.budget.work(x.len().saturating_mul((degree + 1) * (degree + 1)), call.range)?;
    // Columns of length one, as NumPy scales them, keep the digits.
    let powers: Vec<Vec<f64>> =
        (0..=degree).rev().map(|k| x.iter().map(|x| x.powi(k as i32)).collect()).collect();
    let lengths: Vec<f64> =
        powers.iter().map(|column| column.iter().map(|x| x * x).sum::<f64>().sqrt()).collect();
    let design = faer::Mat::from_fn(x.len(), degree + 1, |i, k| powers[k][i] / lengths[k]);
    let Ok(found) = design.thin_svd() else {
        return fault(call.range, "this polynomial is not found");
    };
    let (u, s, v) = (found.U(), found.S().column_vector(), found.V());
    let bound = f64::EPSILON * x.len() as f64 * s.iter().copied().fold(0.0, f64::max);
    let mut coefficients = vec![0.0; degree + 1];
    for k in 0..s.nrows() {
        if s[k] > bound {
            let along: f64 = (0..x.len()).map(|i| u[(i, k)] * y[i]).sum::<f64>() / s[k];
            (0..=degree).for_each(|j| coefficients[j] += v[(j, k)] * along / lengths[j]);
        }
    }
    Ok(Item::Number(Value::from(coefficients)))
}

/// `np.polyval(coefficients, x)`, by Horner's rule.
fn polynomial(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [coefficients, x] = call.bind(["p", "x"])?;
    let coefficients = call.required(coefficients, "p")?;
    let x = e.value(call.required(x, "x")?)?;
    let mut sum = Value::from(0.0);
    for coefficient in e.iterate(&coefficients.item, coefficients.range)? {
        let next = e.item_value(&coefficient, coefficients.range)?;
        let product = e.binary(|a, b| a * b, &sum, &x, call.range)?;
        sum = e.binary(|a, b| a + b, &product, &next, call.range)?;
    }
    Ok(Item::Number(sum))
}

/// A function of the first argument alone: a whole order is one of the partial orders that are asked for.
fn first_argument(e: &mut Evaluator<'_>, call: &Call, name: &str) -> Outcome<Item> {
    let [x, _place, _axis] = call.bind(["a", "kth", "axis"])?;
    let inner = call.alone(call.required(x, "a")?.item.clone());
    match super::Module::NumPy.member(name, call.range)? {
        Item::Function(function) => function.run(e, &inner),
        _ => fault(call.range, "there is no such function"),
    }
}

/// `np.lexsort((second, first))`: the order by several keys, the last of which counts most.
fn by_keys(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [keys] = call.bind(["keys"])?;
    let keys = call.required(keys, "keys")?;
    let mut columns = Vec::new();
    for item in e.iterate(&keys.item, keys.range)? {
        columns.push(Labels::new(e, &Argument { item, range: keys.range })?);
    }
    let count = columns.first().map_or(0, Labels::len);
    if columns.iter().any(|column| column.len() != count) {
        return fault(keys.range, "the keys must be as long as each other");
    }
    e.budget.work(count.saturating_mul(8 * columns.len()), call.range)?;
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| {
        columns
            .iter()
            .rev()
            .map(|column| column.compare(a, b))
            .find(|found| found.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    Ok(Item::Number(super::unique::integers(order)))
}
