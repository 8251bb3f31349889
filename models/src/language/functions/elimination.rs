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
use faer::Mat;
use faer::prelude::Solve;
use ruff_text_size::TextRange;

use crate::language::error::Outcome;
use crate::language::evaluate::Evaluator;

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
pub(super) fn eliminate(
    e: &mut Evaluator<'_>,
    a: &Value,
    b: &Value,
    range: TextRange,
) -> Outcome<Eliminated> {
    let n = a.shape()[0];
    let count = if b.as_data().is_some() { b.len() / n } else { n };
    let products = n.saturating_pow(2).saturating_mul(n / 3 + count);
    match a.as_data() {
        Some(_) => e.budget.products(products, range)?,
        None => e.budget.work(products, range)?,
    }
    Ok(eliminated(a, b, n))
}

fn eliminated(a: &Value, b: &Value, n: usize) -> Eliminated {
    if let Some(known) = a.as_data() {
        return eliminate_known(known, b, n);
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

fn eliminate_known(a: &[f64], b: &Value, n: usize) -> Eliminated {
    let factors = Mat::from_fn(n, n, |i, j| a[i * n + j]).partial_piv_lu();
    let solve = |b: &[f64], count: usize| {
        let solution = factors.solve(Mat::from_fn(n, count, |i, j| b[i * count + j]));
        (0..n * count).map(|k| solution[(k / count, k % count)]).collect::<Vec<_>>()
    };
    let solution = match b.as_data() {
        Some(known) => Value::data(solve(known, b.len() / n), b.shape(), Kind::Float),
        None => {
            let identity: Vec<f64> = (0..n * n).map(|k| f64::from(u8::from(k % (n + 1) == 0))).collect();
            Value::data(solve(&identity, n), [n, n], Kind::Float).matmul(b)
        }
    };
    let mut pivots: Vec<f64> = (0..n).map(|k| factors.U()[(k, k)]).collect();
    if is_odd(factors.P().arrays().0) {
        pivots[0] = -pivots[0];
    }
    Eliminated { solution, pivots: Value::from(pivots) }
}

/// Whether a permutation takes an odd number of exchanges, which turn the sign of a determinant.
fn is_odd(order: &[usize]) -> bool {
    let (mut seen, mut odd) = (vec![false; order.len()], false);
    for start in 0..order.len() {
        let mut next = start;
        while !seen[next] {
            seen[next] = true;
            next = order[next];
            odd ^= next != start; // a cycle takes one exchange less than it has elements
        }
    }
    odd
}
