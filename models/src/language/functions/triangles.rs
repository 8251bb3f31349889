//! Triangles of matrices: the part below or above a diagonal, and its indices.

use chainfire_engine::program::{Kind, Value};

use super::{NP, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, multiply};
use crate::language::item::{Item, Sequence};

/// Functions of triangles.
pub(super) const ROWS: &[Row] = &[
    ("tril", NP | PT, Run::Call(|e, call| part(e, call, true))),
    ("triu", NP | PT, Run::Call(|e, call| part(e, call, false))),
    ("tril_indices", NP | PT, Run::Call(|e, call| indices(e, call, true))),
    ("triu_indices", NP | PT, Run::Call(|e, call| indices(e, call, false))),
    ("tril_indices_from", NP | PT, Run::Call(|e, call| indices_from(e, call, true))),
    ("triu_indices_from", NP | PT, Run::Call(|e, call| indices_from(e, call, false))),
    ("diag_indices", NP, Run::Call(diagonal)),
    ("diag_indices_from", NP, Run::Call(diagonal_from)),
];

/// Whether a triangle that ends at diagonal `k` holds a place.
fn holds(row: usize, column: usize, k: i64, lower: bool) -> bool {
    let distance = column as i64 - row as i64;
    if lower { distance <= k } else { distance >= k }
}

fn offset(e: &Evaluator<'_>, k: Option<&Argument>) -> Outcome<i64> {
    k.map_or(Ok(0), |k| e.integer(&k.item, "the number of a diagonal", k.range))
}

/// `np.tril(m, k)`: the elements beyond diagonal `k` become zero, in every matrix of the last two axes.
fn part(e: &mut Evaluator<'_>, call: &Call, lower: bool) -> Outcome<Item> {
    let [m, k] = call.bind(["m", "k"])?;
    let value = e.value(call.required(m, "m")?)?;
    let k = offset(e, k)?;
    let [.., rows, columns] = *value.shape() else {
        return fault(call.range, format!("`{}` needs a matrix", call.name));
    };
    let mask: Vec<f64> =
        (0..rows * columns).map(|at| f64::from(holds(at / columns, at % columns, k, lower))).collect();
    let mask = Value::data(mask, vec![rows, columns], Kind::Int);
    Ok(Item::Number(e.binary(multiply, &value, &mask, call.range)?))
}

/// `np.tril_indices(n, k, m)`: rows and columns of a triangle of `n` rows.
fn indices(e: &mut Evaluator<'_>, call: &Call, lower: bool) -> Outcome<Item> {
    let [n, k, m] = call.bind(["n", "k", "m"])?;
    let n = call.required(n, "n")?;
    let rows = size(e, n)?;
    let columns = m.map_or(Ok(rows), |m| size(e, m))?;
    let k = offset(e, k)?;
    e.budget.shape(&[rows, columns], call.range)?;
    triangle(call, rows, columns, k, lower)
}

fn triangle(call: &Call, rows: usize, columns: usize, k: i64, lower: bool) -> Outcome<Item> {
    let places = (0..rows * columns).map(|at| (at / columns, at % columns));
    pair(call, places.filter(|&(row, column)| holds(row, column, k, lower)))
}

/// `np.tril_indices_from(a, k)`: those of a triangle of a matrix.
fn indices_from(e: &mut Evaluator<'_>, call: &Call, lower: bool) -> Outcome<Item> {
    let [a, k] = call.bind(["a", "k"])?;
    let a = call.required(a, "a")?;
    let &[rows, columns] = e.value(a)?.shape() else {
        return fault(a.range, format!("`{}` needs a matrix", call.name));
    };
    triangle(call, rows, columns, offset(e, k)?, lower)
}

/// `np.diag_indices(n)`: rows and columns of the diagonal.
fn diagonal(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n] = call.bind(["n"])?;
    let n = size(e, call.required(n, "n")?)?;
    e.budget.elements(n, call.range)?;
    pair(call, (0..n).map(|k| (k, k)))
}

/// `np.diag_indices_from(a)`: those of the diagonal of a square matrix.
fn diagonal_from(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a] = call.bind(["arr"])?;
    let a = call.required(a, "arr")?;
    match *e.value(a)?.shape() {
        [rows, columns] if rows == columns => pair(call, (0..rows).map(|k| (k, k))),
        _ => fault(a.range, format!("`{}` takes a square matrix, not {}", call.name, a.item.describe())),
    }
}

fn size(e: &Evaluator<'_>, argument: &Argument) -> Outcome<usize> {
    match usize::try_from(e.integer(&argument.item, "the size of a matrix", argument.range)?) {
        Ok(size) => Ok(size),
        Err(_) => fault(argument.range, "the size of a matrix must not be negative"),
    }
}

/// Two columns of indices.
fn pair(call: &Call, places: impl Iterator<Item = (usize, usize)>) -> Outcome<Item> {
    let (rows, columns): (Vec<f64>, Vec<f64>) = places.map(|(i, k)| (i as f64, k as f64)).unzip();
    let column = |numbers: Vec<f64>| {
        let len = numbers.len();
        Item::Number(Value::data(numbers, vec![len], Kind::Int))
    };
    Ok(Item::Tuple(Sequence::new(vec![column(rows), column(columns)], call.range)?))
}
