//! Gaussian elimination: systems and determinants of matrices that are not known to be positive definite.
//!
//! ```text
//! row i -= (a[i, k] / a[k, k]) row k       i > k
//! ```
//!
//! What is known from the data exchanges rows so that the largest pivot comes first. What depends on parameters does
//! not: the order has to be the same for every chain and position. Covariances need no exchange; a matrix whose
//! leading blocks are singular is not a number.
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, 3.2.1, 3.4.1; 4.1.1 (definite matrices need no exchange)

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value};

/// A system after elimination.
pub(super) struct Eliminated {
    /// What the matrix takes to the right side.
    pub(super) solution: Value,
    /// The product of these is the determinant.
    pivots: Value,
}

impl Eliminated {
    /// Sign of the determinant.
    pub(super) fn sign(&self) -> Value {
        let negative = self.pivots.lower(&Value::from(0.0)).sum();
        1.0 - 2.0 * (&negative - 2.0 * (&negative * 0.5).floor())
    }

    /// Logarithm of the size of the determinant.
    pub(super) fn log_size(&self) -> Value {
        self.pivots.abs().log().sum()
    }
}

/// Solves `a x = b`.
///
/// # Shapes
/// - `a`: `[n, n]`
/// - `b` and the solution: `[n]` or `[n, count]`
pub(super) fn eliminate(a: &Value, b: &Value) -> Eliminated {
    let n = a.shape()[0];
    if let Some(known) = a.as_data() {
        let (inverse, pivots) = inverted(known.to_vec(), n);
        let inverse = Value::data(inverse, [n, n], Kind::Float);
        return Eliminated { solution: inverse.matmul(b), pivots: Value::from(pivots) };
    }
    let count = b.len() / n;
    let mut rest = Value::concatenate(&[a.clone(), b.reshape(&[n, count])], 1);
    let (mut upper, mut sides, mut pivots) = (Vec::new(), Vec::new(), Vec::new());
    for k in 0..n {
        let width = n - k;
        let row = rest.index(&[Subscript::At(0)]);
        let pivot = row.index(&[Subscript::At(0)]);
        let zeros = Value::data(vec![0.0; k], [k], Kind::Float);
        upper.push(Value::concatenate(&[zeros, row.index(&[range(0, width)])], 0));
        sides.push(row.index(&[range(width, width + count)]));
        pivots.push(pivot.clone());
        if width > 1 {
            let factors = rest.index(&[range(1, width), range(0, 1)]) / pivot;
            let tail = row.index(&[range(1, width + count)]).reshape(&[1, width - 1 + count]);
            rest = rest.index(&[range(1, width), range(1, width + count)]) - factors * tail;
        }
    }
    let (upper, sides) = (Value::stack(&upper, 0), Value::stack(&sides, 0).reshape(b.shape()));
    Eliminated {
        solution: upper.transpose().solve_triangular(&sides, true),
        pivots: Value::stack(&pivots, 0),
    }
}

fn range(start: usize, stop: usize) -> Subscript {
    Subscript::Range { start: Some(start as i64), stop: Some(stop as i64), step: 1 }
}

/// The inverse of known numbers, and pivots whose product is the determinant.
fn inverted(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut inverse: Vec<f64> = (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect();
    let mut pivots = Vec::with_capacity(n);
    for k in 0..n {
        let size = |i: usize| a[i * n + k].abs();
        let best = (k..n).max_by(|&i, &j| size(i).total_cmp(&size(j))).unwrap_or(k);
        for matrix in [&mut a, &mut inverse] {
            (0..n).for_each(|j| matrix.swap(k * n + j, best * n + j));
        }
        let pivot = a[k * n + k];
        // An exchange turns the sign of the determinant.
        pivots.push(if best == k { pivot } else { -pivot });
        for matrix in [&mut a, &mut inverse] {
            (0..n).for_each(|j| matrix[k * n + j] /= pivot);
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i * n + k];
            for matrix in [&mut a, &mut inverse] {
                (0..n).for_each(|j| matrix[i * n + j] -= factor * matrix[k * n + j]);
            }
        }
    }
    (inverse, pivots)
}
