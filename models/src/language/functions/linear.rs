//! Linear algebra, by the names that PyTensor (`linalg`, `slinalg`, `nlinalg`), NumPy, SciPy and `pm.math` give it.

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::elimination::{Eliminated, eliminate};
use super::{LA, NP, PM, PMC, PT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Factored, multiply};
use crate::language::item::{Item, Sequence};

/// Functions of matrices.
pub(super) const ROWS: &[Row] = &[
    ("cholesky", LA, Run::Matrices(cholesky)),
    ("solve_triangular", LA | PM, Run::Call(solve_triangular)),
    ("cho_solve", LA, Run::Call(solve_with_factor)),
    ("solve", LA, Run::Matrices(solve)),
    ("det", LA, Run::Matrices(determinant)),
    ("slogdet", LA, Run::Matrices(log_determinant_with_sign)),
    ("logdet", PM, Run::Call(log_determinant)),
    ("inv", LA, Run::Matrices(inverse)),
    ("matrix_inverse", LA | PM, Run::Call(inverse)),
    ("trace", LA | NP | PT, Run::Call(trace)),
    ("kron", LA | NP, Run::Call(kronecker)),
    ("kronecker", PM, Run::Call(kronecker)),
    ("block_diag", LA, Run::Call(block_diagonal)),
    ("block_diagonal", PM, Run::Call(block_diagonal)),
    ("expand_packed_triangular", PM | PMC, Run::Call(expand_packed)),
];

/// A square matrix and its rows.
fn square_of(e: &mut Evaluator<'_>, call: &Call, argument: Option<&Argument>) -> Outcome<(Value, usize)> {
    let argument = call.required(argument, "a")?;
    let value = e.value(argument)?;
    match *value.shape() {
        // SciPy takes a number for a matrix of one row.
        [] => Ok((value.reshape(&[1, 1]), 1)),
        [rows, columns] if rows == columns && rows > 0 => Ok((value, rows)),
        _ => {
            let seen = shape::display(value.shape());
            fault(argument.range, format!("`{}` takes a square matrix, not shape {seen}", call.name))
        }
    }
}

/// A right side: a vector, or the columns of a matrix.
fn right_side(
    e: &mut Evaluator<'_>,
    call: &Call,
    argument: Option<&Argument>,
    rows: usize,
) -> Outcome<Value> {
    let argument = call.required(argument, "b")?;
    let value = e.value(argument)?;
    match *value.shape() {
        [n] | [n, _] if n == rows && !value.is_empty() => Ok(value),
        _ => fault(
            argument.range,
            format!(
                "the right side of a system of {rows} equations needs a first axis of length {rows}, not shape {}",
                shape::display(value.shape())
            ),
        ),
    }
}

fn is_true(e: &Evaluator<'_>, argument: Option<&Argument>, default: bool) -> Outcome<bool> {
    argument.map_or(Ok(default), |argument| e.truth(&argument.item, argument.range))
}

fn number(e: &mut Evaluator<'_>, value: Value, range: TextRange) -> Outcome<Item> {
    Ok(Item::Number(e.finish_value(value, range)?))
}

/// The lower triangular factor of a square matrix.
pub(super) fn factored(e: &mut Evaluator<'_>, matrix: &Value, range: TextRange) -> Outcome<Value> {
    charge_factor(e, matrix, range)?;
    e.finish_value(matrix.cholesky(), range)
}

/// Takes what the factor of a matrix costs, where that is computed at once; notes it, where it is computed anew at every
/// place.
pub(super) fn charge_factor(e: &mut Evaluator<'_>, matrix: &Value, range: TextRange) -> Outcome<()> {
    match (matrix.as_data(), matrix.shape()) {
        (Some(_), [.., rows, columns]) if rows == columns => {
            e.budget.products(matrix.len().saturating_mul(*rows) / 6, range)
        }
        (None, &[.., rows, columns]) if rows == columns => {
            e.made.factored.push(Factored { range, rows, count: matrix.len() / (rows * columns).max(1) });
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The solution of a triangular system.
fn solved(
    e: &mut Evaluator<'_>,
    lower: &Value,
    b: &Value,
    is_transposed: bool,
    range: TextRange,
) -> Outcome<Value> {
    if lower.as_data().is_some() && b.as_data().is_some() {
        e.budget.products(b.len().saturating_mul(lower.shape()[0]) / 2, range)?;
    }
    e.finish_value(lower.solve_triangular(b, is_transposed), range)
}

fn cholesky(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, lower] = call.bind(["a", "lower"])?;
    let (a, _) = square_of(e, call, a)?;
    let factor = factored(e, &a, call.range)?;
    let factor = if is_true(e, lower, true)? { factor } else { factor.transpose() };
    number(e, factor, call.range)
}

/// The lower triangular matrix that a call means, and whether the system is its transpose's.
fn triangular(
    e: &mut Evaluator<'_>,
    a: &Value,
    lower: Option<&Argument>,
    trans: Option<&Argument>,
) -> Outcome<(Value, bool)> {
    let is_lower = is_true(e, lower, false)?;
    let is_transposed = match trans {
        None => false,
        Some(trans) => match &trans.item {
            Item::Text(text) if matches!(&**text, "N" | "T") => &**text == "T",
            item => e.integer(item, "`trans`", trans.range)? != 0,
        },
    };
    Ok((if is_lower { a.clone() } else { a.transpose() }, is_lower == is_transposed))
}

fn solve_triangular(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, trans, lower] = call.bind(["a", "b", "trans", "lower"])?;
    let (a, rows) = square_of(e, call, a)?;
    let b = right_side(e, call, b, rows)?;
    let (lower, is_transposed) = triangular(e, &a, lower, trans)?;
    solved(e, &lower, &b, is_transposed, call.range).map(Item::Number)
}

/// `cho_solve((factor, lower), b)`
fn solve_with_factor(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [pair, b] = call.bind(["c_and_lower", "b"])?;
    let pair = call.required(pair, "c_and_lower")?;
    let parts = e.iterate(&pair.item, pair.range)?;
    let [factor, lower] = parts.as_slice() else {
        return fault(
            pair.range,
            "`cho_solve` takes a factor and whether it is lower triangular, `(L, True)`",
        );
    };
    let argument = |item: &Item| Argument { item: item.clone(), range: pair.range };
    let (factor, rows) = square_of(e, call, Some(&argument(factor)))?;
    let b = right_side(e, call, b, rows)?;
    let lower = if is_true(e, Some(&argument(lower)), true)? { factor } else { factor.transpose() };
    solved_by_factor(e, &lower, &b, call.range).map(Item::Number)
}

fn solved_by_factor(e: &mut Evaluator<'_>, lower: &Value, b: &Value, range: TextRange) -> Outcome<Value> {
    let halfway = solved(e, lower, b, false, range)?;
    solved(e, lower, &halfway, true, range)
}

fn solve(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, assumed] = call.bind(["a", "b", "assume_a"])?;
    let (a, rows) = square_of(e, call, a)?;
    let b = right_side(e, call, b, rows)?;
    let is_positive = match assumed {
        None => false,
        Some(assumed) => match &*e.text(assumed, "`assume_a`")? {
            "pos" | "positive definite" => true,
            "gen" | "general" | "sym" | "symmetric" | "her" | "hermitian" => false,
            other => {
                let expected = "`assume_a` must be \"gen\", \"sym\" or \"pos\"";
                return fault(assumed.range, format!("{expected}, not \"{other}\""));
            }
        },
    };
    if is_positive {
        let lower = factored(e, &a, call.range)?;
        return solved_by_factor(e, &lower, &b, call.range).map(Item::Number);
    }
    let solution = eliminate(e, &a, &b, call.range)?.solution;
    number(e, solution, call.range)
}

/// Sign and logarithm of the size of a determinant.
fn determinant_of(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Eliminated> {
    let [a] = call.bind(["a"])?;
    let (a, rows) = square_of(e, call, a)?;
    eliminate(e, &a, &Value::data(vec![0.0; rows], [rows], Kind::Float), call.range)
}

fn determinant(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let all = determinant_of(e, call)?;
    number(e, all.sign() * all.log_size().exp(), call.range)
}

fn log_determinant(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let all = determinant_of(e, call)?;
    number(e, all.log_size(), call.range)
}

fn log_determinant_with_sign(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let all = determinant_of(e, call)?;
    let sign = number(e, all.sign(), call.range)?;
    let size = number(e, all.log_size(), call.range)?;
    Ok(Item::Tuple(Sequence::new(vec![sign, size], call.range)?))
}

fn inverse(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a] = call.bind(["a"])?;
    let (a, _) = square_of(e, call, a)?;
    inverted(e, &a, call.range).map(Item::Number)
}

/// The inverse of a square matrix.
pub(super) fn inverted(e: &mut Evaluator<'_>, a: &Value, range: TextRange) -> Outcome<Value> {
    let rows = a.shape().first().copied().unwrap_or(0);
    let identity = (0..rows * rows).map(|k| f64::from(u8::from(k % (rows + 1) == 0))).collect::<Vec<_>>();
    let identity = Value::data(identity, [rows, rows], Kind::Float);
    let inverse = eliminate(e, a, &identity, range)?.solution;
    e.finish_value(inverse, range)
}

fn trace(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a] = call.bind(["a"])?;
    let (a, rows) = square_of(e, call, a)?;
    let diagonal = (0..rows as u32).map(|k| k * (rows as u32 + 1)).collect();
    number(e, a.take(diagonal, vec![rows]).sum(), call.range)
}

/// The arrays of a call, one after the other or in a list.
fn matrices(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Vec<Value>> {
    let mut all = Vec::new();
    for argument in &call.positional {
        let items = match &argument.item {
            Item::List(_) | Item::Tuple(_) if call.positional.len() == 1 => {
                e.iterate(&argument.item, argument.range)?
            }
            item => vec![item.clone()],
        };
        for item in items {
            let value = e.item_value(&item, argument.range)?;
            if value.rank() != 2 {
                let seen = shape::display(value.shape());
                return fault(argument.range, format!("`{}` takes matrices, not shape {seen}", call.name));
            }
            all.push(value);
        }
    }
    if all.is_empty() {
        fault(call.range, format!("`{}` needs at least one matrix", call.name))
    } else {
        Ok(all)
    }
}

/// The Kronecker product of all matrices.
fn kronecker(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let all = matrices(e, call)?;
    let mut product = all[0].clone();
    for next in &all[1..] {
        let (&[m, n], &[p, q]) = (product.shape(), next.shape()) else { break };
        let pairs =
            e.binary(multiply, &product.reshape(&[m, 1, n, 1]), &next.reshape(&[1, p, 1, q]), call.range)?;
        product = pairs.reshape(&[m * p, n * q]);
    }
    Ok(Item::Number(product))
}

/// Matrices along the diagonal of a larger one.
fn block_diagonal(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let all = matrices(e, call)?;
    let columns: usize = all.iter().map(|block| block.shape()[1]).sum();
    e.budget.shape(&[all.iter().map(|block| block.shape()[0]).sum(), columns], call.range)?;
    let (mut before, mut rows) = (0, Vec::new());
    for block in &all {
        let [height, width] = [block.shape()[0], block.shape()[1]];
        let empty = |width: usize| Value::data(vec![0.0; height * width], [height, width], Kind::Float);
        rows.push(Value::concatenate(&[empty(before), block.clone(), empty(columns - before - width)], 1));
        before += width;
    }
    number(e, Value::concatenate(&rows, 0), call.range)
}

/// The triangular matrix of its entries, which stand row by row.
fn expand_packed(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [n, packed, lower, diagonal_only] = call.bind(["n", "packed", "lower", "diagonal_only"])?;
    let n_at = call.required(n, "n")?;
    let n = e.integer(&n_at.item, "the number of rows", n_at.range)?.max(0) as usize;
    e.budget.shape(&[n, n], call.range)?;
    let packed_at = call.required(packed, "packed")?;
    let packed = e.value(packed_at)?;
    if packed.rank() != 1 || packed.len() != n * (n + 1) / 2 {
        let (seen, expected) = (shape::display(packed.shape()), n * (n + 1) / 2);
        return fault(packed_at.range, format!("{n} rows need {expected} packed entries, not shape {seen}"));
    }
    let is_lower = is_true(e, lower, true)?;
    let place = |i: usize, j: usize| {
        if is_lower { i * (i + 1) / 2 + j } else { i * n + j - i * (i + 1) / 2 }
    };
    if is_true(e, diagonal_only, false)? {
        return number(e, packed.take((0..n).map(|i| place(i, i) as u32).collect(), vec![n]), call.range);
    }
    let with_zero = Value::concatenate(&[packed.clone(), Value::from([0.0])], 0);
    let entry = |k: usize| {
        let (i, j) = (k / n, k % n);
        let is_inside = if is_lower { j <= i } else { j >= i };
        if is_inside { place(i, j) as u32 } else { packed.len() as u32 }
    };
    number(e, with_zero.take((0..n * n).map(entry).collect(), vec![n, n]), call.range)
}
