//! Factors of matrices and triangular systems, for the covariances of densities.
//!
//! ```text
//! cholesky:  column k of what is left, over the root of its first element; then its outer product is taken off
//! solve:     z[k] = b[k] / L[k, k], then b -= L[:, k] z[k]
//! ```
//!
//! Each step is one operation on all of what is left, so the number of operations grows with the rows alone.
//! Matrices that are known from the data are factored once, when the model is read.
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, algorithms 3.1.3 and 4.2.2 (outer product form).

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value, ValueError};

use super::last_axis;

/// Lower triangular factor `L` with `L L' = matrix`; not a number where the matrix is not positive definite.
pub(super) fn cholesky(matrix: &Value) -> Value {
    let n = match square(matrix, "cholesky") {
        Ok(n) => n,
        Err(error) => return error,
    };
    let (mut rest, mut columns) = (matrix.clone(), Vec::with_capacity(n));
    for k in 0..n {
        let left = n - k;
        let first = part(&rest, left, 0..left, 0..1).reshape(&[left]);
        let root = part(&rest, left, 0..1, 0..1).reshape(&[]).sqrt();
        let column = first * root.recip();
        let above = Value::data(vec![0.0; k], [k], Kind::Float);
        columns.push(Value::concatenate(&[above, column.clone()], 0));
        if left > 1 {
            let below = last_axis::range(&column, 1, left);
            let outer = below.reshape(&[left - 1, 1]) * below.reshape(&[1, left - 1]);
            rest = part(&rest, left, 1..left, 1..left) - outer;
        }
    }
    Value::stack(&columns, 1)
}

/// `L^-1 b` for every vector along the last axis of `b`.
///
/// # Shapes
/// - `lower`: `[n, n]`; what is above its diagonal is not read
/// - `b` and the result: `[..., n]`
pub(super) fn solve_lower(lower: &Value, b: &Value) -> Value {
    let n = match square(lower, "a triangular system") {
        Ok(n) => n,
        Err(error) => return error,
    };
    if b.shape().last() != Some(&n) {
        return mismatch(b, n);
    }
    if lower.as_data().is_some() && !is_single(b) {
        return apply(&inverse_lower(lower, n), b);
    }
    substituted(lower, b, n)
}

/// `M v` for every vector `v` along the last axis of `b`.
///
/// # Shapes
/// - `matrix`: `[m, n]`, `b`: `[..., n]`, result: `[..., m]`
pub(super) fn apply(matrix: &Value, b: &Value) -> Value {
    let Some((&n, batch)) = b.shape().split_last() else { return mismatch(b, matrix.shape()[0]) };
    if batch.is_empty() {
        return matrix.matmul(b);
    }
    let rows: usize = batch.iter().product();
    let flat = b.reshape(&[rows, n]);
    let shape = [batch, &matrix.shape()[..1]].concat();
    if rows == 1 {
        return matrix.matmul(&flat.reshape(&[n])).reshape(&shape);
    }
    // One product of matrices by columns of the matrix: n operations on all vectors.
    let columns = last_axis::columns(&flat);
    let terms = columns.iter().enumerate().map(|(k, column)| {
        let of_matrix = matrix.index(&[all(), Subscript::At(k as i64)]);
        column.reshape(&[rows, 1]) * of_matrix.reshape(&[1, matrix.shape()[0]])
    });
    terms.reduce(|a, b| a + b).map_or(mismatch(b, n), |sum| sum.reshape(&shape))
}

/// The diagonal of a square matrix.
pub(super) fn diagonal(matrix: &Value) -> Value {
    let n = match square(matrix, "diagonal") {
        Ok(n) => n,
        Err(error) => return error,
    };
    matrix.take((0..n as u32).map(|k| k * (n as u32 + 1)).collect(), vec![n])
}

/// Whether a value holds at most one vector along its last axis.
fn is_single(b: &Value) -> bool {
    b.shape().last().is_none_or(|&n| b.len() <= n)
}

fn substituted(lower: &Value, b: &Value, n: usize) -> Value {
    let (mut rest, mut solved) = (b.clone(), Vec::with_capacity(n));
    for k in 0..n {
        let pivot = part(lower, n, k..k + 1, k..k + 1).reshape(&[]);
        let z = last_axis::range(&rest, 0, 1) * pivot.recip();
        if k + 1 < n {
            let column = part(lower, n, k + 1..n, k..k + 1).reshape(&[n - k - 1]);
            rest = last_axis::range(&rest, 1, n - k) - &z * column;
        }
        solved.push(z);
    }
    Value::concatenate(&solved, b.rank() - 1)
}

/// The inverse of a lower triangular matrix.
fn inverse_lower(lower: &Value, n: usize) -> Value {
    let identity: Vec<f64> = (0..n * n).map(|i| f64::from(u8::from(i % (n + 1) == 0))).collect();
    substituted(lower, &Value::data(identity, [n, n], Kind::Float), n).transpose()
}

/// Rows and columns of a matrix with `width` columns.
fn part(
    matrix: &Value,
    width: usize,
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
) -> Value {
    let shape = vec![rows.len(), columns.len()];
    let index = rows.flat_map(|row| columns.clone().map(move |column| (row * width + column) as u32));
    matrix.take(index.collect(), shape)
}

fn all() -> Subscript {
    Subscript::Range { start: None, stop: None, step: 1 }
}

/// The rows of a square matrix.
fn square(matrix: &Value, operation: &str) -> Result<usize, Value> {
    if matrix.error().is_some() {
        return Err(matrix.clone());
    }
    match *matrix.shape() {
        [rows, columns] if rows == columns && rows > 0 => Ok(rows),
        _ => Err(Value::invalid(ValueError::Shape {
            operation: operation.into(),
            shape: matrix.shape().to_vec(),
            expected: "one square matrix".into(),
        })),
    }
}

fn mismatch(b: &Value, n: usize) -> Value {
    Value::invalid(ValueError::Shape {
        operation: "a product or system with a matrix".into(),
        shape: b.shape().to_vec(),
        expected: format!("a last axis of length {n}, the size of the matrix"),
    })
}
