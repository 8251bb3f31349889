//! Triangular systems and products with matrices, for the covariances of densities.
//!
//! Matrices that are known from the data are factored, and their factors inverted, once, when the model is read.

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value, ValueError};

use super::last_axis;

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
    let count = b.len() / n;
    if lower.as_data().is_some() && count > 1 {
        return apply(&inverse_lower(lower, n), b);
    }
    let solved = lower.solve_triangular(&b.reshape(&[count, n]).transpose(), false);
    solved.transpose().reshape(b.shape())
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

/// The inverse of a lower triangular matrix.
fn inverse_lower(lower: &Value, n: usize) -> Value {
    let identity: Vec<f64> = (0..n * n).map(|i| f64::from(u8::from(i % (n + 1) == 0))).collect();
    lower.solve_triangular(&Value::data(identity, [n, n], Kind::Float), false)
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
