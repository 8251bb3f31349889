//! Grids of points and Kronecker products of matrices, by the names of `pm.math`.
//!
//! ```text
//! kron_dot([A, B, ...], m) = (A x B x ...) m,  one factor after the other: the product is never made
//! ```
//!
//! # References
//! - Saatci (2011), Scalable inference for structured Gaussian process models, algorithm 14.
//! - PyMC 5.28, `pymc/math.py`

use chainfire_engine::program::Value;
use chainfire_engine::program::value::shape;
use ruff_text_size::TextRange;

use super::{PM, Row, Run};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Functions of grids.
pub(super) const ROWS: &[Row] = &[
    ("cartesian", PM, Run::Call(grid)),
    ("kron_dot", PM, Run::Call(|e, call| product(e, call, Value::matmul))),
    ("kron_solve_lower", PM, Run::Call(|e, call| product(e, call, |a, b| a.solve_triangular(b, false)))),
    (
        "kron_solve_upper",
        PM,
        Run::Call(|e, call| product(e, call, |a, b| a.transpose().solve_triangular(b, true))),
    ),
    ("kron_diag", PM, Run::Call(diagonal)),
];

/// `pm.math.cartesian(a, b, ...)`
fn grid(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut axes = Vec::new();
    for argument in &call.positional {
        let value = e.value(argument)?;
        match value.rank() {
            1 => axes.push(value.reshape(&[value.len(), 1])),
            2 => axes.push(value),
            _ => return fault(argument.range, format!("`{}` takes vectors and matrices", call.name)),
        }
    }
    cartesian(e, &axes, call.range).map(Item::Number)
}

/// All combinations of the rows of matrices, the last changing fastest.
pub(super) fn cartesian(e: &mut Evaluator<'_>, axes: &[Value], range: TextRange) -> Outcome<Value> {
    let rows = axes.iter().fold(1, |rows: usize, axis| rows.saturating_mul(axis.shape()[0]));
    let width: usize = axes.iter().map(|axis| axis.shape()[1]).sum();
    if rows == 0 || width == 0 {
        return fault(range, "all combinations are of at least one array, each with at least one row");
    }
    e.budget.shape(&[rows, width], range)?;
    let (mut after, mut columns) = (rows, Vec::with_capacity(axes.len()));
    for axis in axes {
        let (count, width) = (axis.shape()[0], axis.shape()[1]);
        after /= count;
        let place = |row: usize| (0..width).map(move |k| (row / after % count * width + k) as u32);
        columns.push(axis.take((0..rows).flat_map(place).collect(), vec![rows, width]));
    }
    e.finish_value(Value::concatenate(&columns, 1), range)
}

fn product(e: &mut Evaluator<'_>, call: &Call, run: fn(&Value, &Value) -> Value) -> Outcome<Item> {
    let [factors, m] = call.bind(["krons", "m"])?;
    let factors = call.required(factors, "krons")?;
    let mut matrices = Vec::new();
    for item in e.iterate(&factors.item, factors.range)? {
        matrices.push(e.value(&Argument { item, range: factors.range })?);
    }
    let m = e.value(call.required(m, "m")?)?;
    kronecker_apply(e, &matrices, &m, run, call.range).map(Item::Number)
}

/// What `run` of the Kronecker product of square matrices makes of the columns of `m`, `[rows, columns]`.
pub(super) fn kronecker_apply(
    e: &mut Evaluator<'_>,
    factors: &[Value],
    m: &Value,
    run: fn(&Value, &Value) -> Value,
    range: TextRange,
) -> Outcome<Value> {
    let is_square = |factor: &Value| matches!(*factor.shape(), [n, k] if n == k && n > 0);
    let rows = factors
        .iter()
        .fold(1, |rows: usize, factor| rows.saturating_mul(factor.shape().first().copied().unwrap_or(0)));
    let columns = match *m.shape() {
        [n] if n == rows => 1,
        [n, columns] if n == rows => columns,
        _ => 0,
    };
    if !factors.iter().all(is_square) || columns == 0 {
        let message = format!(
            "square matrices whose sizes multiply to the rows are needed, {rows} here, not rows of shape {}",
            shape::display(m.shape())
        );
        return Err(Fault::new(range, message).rule(Rule::ShapeMismatch));
    }
    let mut flat = m.reshape(&[rows, columns]);
    for factor in factors {
        let n = factor.shape()[0];
        e.budget.work(rows.saturating_mul(columns).saturating_mul(n), range)?;
        let next = run(factor, &flat.reshape(&[n, rows / n * columns]));
        flat = e.finish_value(next.transpose().reshape(&[rows, columns]), range)?;
    }
    e.finish_value(flat.reshape(&[columns, rows]).transpose(), range)
}

/// `pm.math.kron_diag(a, b, ...)`: the diagonal of the Kronecker product of diagonal matrices.
fn diagonal(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut product = Value::from(1.0).reshape(&[1]);
    for argument in &call.positional {
        let value = e.value(argument)?;
        let (n, m) = (product.len(), value.len());
        e.budget.shape(&[n, m], argument.range)?;
        let pairs = product.reshape(&[n, 1]) * value.reshape(&[1, m]);
        product = e.finish_value(pairs, argument.range)?.reshape(&[n * m]);
    }
    Ok(Item::Number(product))
}
