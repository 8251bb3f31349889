//! Distances between the rows of matrices, as `scipy.spatial.distance` has them.

use chainfire_engine::program::{Kind, Value};

use super::{DI, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Functions of `scipy.spatial.distance`.
pub(super) const ROWS: &[Row] = &[
    ("cdist", DI, Run::Call(between)),
    ("pdist", DI, Run::Call(within)),
    ("squareform", DI, Run::Call(squared_form)),
    ("distance_matrix", DI, Run::Call(between)),
];

/// A distance of two rows.
type Metric = fn(&[f64], &[f64]) -> f64;

fn metric(e: &Evaluator<'_>, argument: Option<&Argument>) -> Outcome<Metric> {
    let Some(argument) = argument else { return Ok(euclidean) };
    Ok(match &*e.text(argument, "a metric")? {
        "euclidean" => euclidean,
        "sqeuclidean" => |a, b| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum(),
        "cityblock" => |a, b| a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum(),
        "chebyshev" => |a, b| a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max),
        other => {
            let known = "euclidean, sqeuclidean, cityblock and chebyshev";
            return fault(argument.range, format!("there is no metric \"{other}\" here; there are {known}"));
        }
    })
}

fn euclidean(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
}

/// The rows of a known matrix.
fn rows(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Vec<Vec<f64>>> {
    let value = e.known_value(argument, "what distances are taken of")?;
    match (value.shape(), value.as_data()) {
        ([_, width], Some(numbers)) if *width > 0 => {
            Ok(numbers.chunks(*width).map(<[f64]>::to_vec).collect())
        }
        _ => fault(
            argument.range,
            "distances are between the rows of a matrix: make a column with `[:, None]`",
        ),
    }
}

/// `cdist(a, b, metric)`
fn between(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, named] = call.bind(["XA", "XB", "metric"])?;
    let (first, second) = (call.required(a, "XA")?, call.required(b, "XB")?);
    let (a, b) = (rows(e, first)?, rows(e, second)?);
    let metric = metric(e, named)?;
    let widths = (a.first().map(Vec::len), b.first().map(Vec::len));
    if widths.0 != widths.1 {
        return fault(call.range, "both matrices need the same number of columns");
    }
    e.budget.shape(&[a.len(), b.len()], call.range)?;
    e.budget.work((a.len() * b.len()).saturating_mul(widths.0.unwrap_or(1)), call.range)?;
    let numbers: Vec<f64> = a.iter().flat_map(|x| b.iter().map(|y| metric(x, y))).collect();
    Ok(Item::Number(Value::data(numbers, vec![a.len(), b.len()], Kind::Float)))
}

/// `pdist(x, metric)`: each pair of rows once.
fn within(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, named] = call.bind(["X", "metric"])?;
    let x = rows(e, call.required(x, "X")?)?;
    let metric = metric(e, named)?;
    let width = x.first().map_or(1, Vec::len);
    e.budget.work((x.len() * x.len()).saturating_mul(width), call.range)?;
    let pairs = (0..x.len()).flat_map(|i| (i + 1..x.len()).map(move |j| (i, j)));
    Ok(Item::Number(Value::from(pairs.map(|(i, j)| metric(&x[i], &x[j])).collect::<Vec<f64>>())))
}

/// `squareform(x)`: the distances of pairs as a matrix, or the other way round.
fn squared_form(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["X"])?;
    let x = call.required(x, "X")?;
    let value = e.known_value(x, "distances")?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    match *value.shape() {
        [n, m] if n == m => {
            let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| i * n + j));
            Ok(Item::Number(Value::from(pairs.map(|place| numbers[place]).collect::<Vec<f64>>())))
        }
        [count] => {
            let n = (1.0 + (1.0 + 8.0 * count as f64).sqrt()) as usize / 2;
            if n * n.saturating_sub(1) / 2 != count {
                return fault(x.range, format!("{count} distances are not those of all pairs of some rows"));
            }
            e.budget.shape(&[n, n], call.range)?;
            let mut matrix = vec![0.0; n * n];
            let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
            for ((i, j), x) in pairs.zip(numbers) {
                (matrix[i * n + j], matrix[j * n + i]) = (x, x);
            }
            Ok(Item::Number(Value::data(matrix, vec![n, n], Kind::Float)))
        }
        _ => fault(x.range, "a vector of the distances of all pairs is needed, or a square matrix"),
    }
}
