//! Factors of small matrices and triangular systems; what is above the diagonal of a triangular matrix is not read.
//!
//! A matrix that is not positive definite has NaN in its factor, and nothing else goes wrong.

use chainfire_kernels::tape::Factor;

use super::{Kind, Repr, Value, ValueError, scan};
use crate::program::tensor_ops;

impl Value {
    /// The lower triangular factor of every matrix along the last two axes.
    ///
    /// # Shapes
    /// - `[..., n, n]`
    pub fn cholesky(&self) -> Value {
        let n = match self.matrix_rows("cholesky") {
            Ok(n) => n,
            Err(error) => return error,
        };
        self.by_matrix(n * n, |matrix| {
            let repr = match &matrix.repr {
                Repr::Data { values, fixed } => {
                    Repr::Data { values: Factor::Cholesky.compute(&[values]).into(), fixed: *fixed }
                }
                Repr::Tensor(tensor) => Repr::tensor(tensor_ops::cholesky((**tensor).clone())),
                Repr::Invalid(error) => Repr::Invalid(error.clone()),
            };
            Value { shape: vec![n, n], kind: Kind::Float, repr }
        })
    }

    /// `L^-1 b`, or `L^-T b`, for a lower triangular `self`.
    ///
    /// # Shapes
    /// - `self`: `[n, n]`
    /// - `sides` and the result: `[n]` or `[n, count]`
    pub fn solve_triangular(&self, sides: &Value, is_transposed: bool) -> Value {
        if let Some(pair) = scan::imported(&[self, sides]) {
            return pair[0].solve_triangular(&pair[1], is_transposed);
        }
        let n = match self.matrix_rows("a triangular system") {
            Ok(n) if self.rank() == 2 => n,
            Ok(_) => {
                return Value::invalid(ValueError::Shape {
                    operation: "a triangular system".into(),
                    shape: self.shape.clone(),
                    expected: "one square matrix".into(),
                });
            }
            Err(error) => return error,
        };
        if sides.error().is_some() {
            return sides.clone();
        }
        if !(1..=2).contains(&sides.rank()) || sides.shape[0] != n || sides.is_empty() {
            return Value::invalid(ValueError::Shape {
                operation: format!("the right side of a system of {n} equations"),
                shape: sides.shape.clone(),
                expected: format!("a first axis of length {n}"),
            });
        }
        let op = if is_transposed { Factor::SolveTransposed } else { Factor::SolveLower };
        let like = [self, sides].into_iter().find_map(|v| match &v.repr {
            Repr::Tensor(tensor) => Some((**tensor).clone()),
            _ => None,
        });
        let repr = match (like, self.as_numbers(), sides.as_numbers()) {
            (Some(like), ..) => {
                let (lower, sides) = (self.as_tensor(&like), sides.as_tensor(&like));
                Repr::tensor(tensor_ops::solve_triangular(lower, sides, is_transposed))
            }
            (None, Some(lower), Some(numbers)) => Repr::Data {
                values: op.compute(&[lower, numbers]).into(),
                fixed: !self.is_random() && !sides.is_random(),
            },
            (None, ..) => return self.clone(),
        };
        Value { shape: sides.shape.clone(), kind: Kind::Float, repr }
    }

    /// Rows of the square matrices along the last two axes.
    fn matrix_rows(&self, operation: &str) -> Result<usize, Value> {
        match self.shape[..] {
            _ if self.error().is_some() => Err(self.clone()),
            [.., rows, columns] if rows == columns && rows > 0 => Ok(rows),
            _ => Err(Value::invalid(ValueError::Shape {
                operation: operation.into(),
                shape: self.shape.clone(),
                expected: "a square matrix".into(),
            })),
        }
    }

    /// Applies `f` to every run of `size` elements, the matrices of a batch; `f` keeps the shape.
    fn by_matrix(&self, size: usize, f: impl Fn(&Value) -> Value) -> Value {
        if self.len() == size {
            return Value { shape: self.shape.clone(), ..f(self) };
        }
        let matrix = |k: usize| {
            let run = (k * size) as u32..((k + 1) * size) as u32;
            f(&self.take(run.collect(), self.shape[self.rank() - 2..].to_vec())).reshape(&[size])
        };
        let all: Vec<Value> = (0..self.len() / size).map(matrix).collect();
        Value::concatenate(&all, 0).reshape(&self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_numbers().map(|n| n.to_vec()).unwrap_or_default()
    }

    #[test]
    fn every_matrix_of_a_batch_is_factored() {
        let x = Value::data(vec![4.0, 2.0, 2.0, 5.0, 9.0, 0.0, 0.0, 1.0], vec![2, 2, 2], Kind::Float);
        assert_eq!(numbers(&x.cholesky()), [2.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 1.0]);
        assert!(Value::from([1.0, 2.0]).cholesky().error().is_some());
    }

    #[test]
    fn systems_are_solved_for_vectors_and_for_columns_of_a_matrix() {
        let lower = Value::data(vec![2.0, f64::NAN, 1.0, 2.0], vec![2, 2], Kind::Float);
        assert_eq!(numbers(&lower.solve_triangular(&Value::from([4.0, 6.0]), false)), [2.0, 2.0]);
        assert_eq!(numbers(&lower.solve_triangular(&Value::from([4.0, 6.0]), true)), [0.5, 3.0]);
        let sides = Value::data(vec![4.0, 2.0, 6.0, 3.0], vec![2, 2], Kind::Float);
        assert_eq!(numbers(&lower.solve_triangular(&sides, false)), [2.0, 1.0, 2.0, 1.0]);
        assert!(lower.solve_triangular(&Value::from([1.0; 3]), false).error().is_some());
    }
}
