//! Sums over axes and products of matrices.

use super::{Kind, Repr, Value, ValueError, scan, shape};
use crate::program::tensor_ops;

impl Value {
    /// Sum of all elements; a scalar.
    pub fn sum(&self) -> Value {
        let repr = match &self.repr {
            Repr::Data { values, fixed } => {
                Repr::Data { values: [values.iter().sum()].into(), fixed: *fixed }
            }
            Repr::Tensor(tensor) => Repr::tensor((**tensor).clone().sum()),
            Repr::Invalid(error) => Repr::Invalid(error.clone()),
        };
        Value { shape: vec![], kind: self.kind.max(Kind::Int), repr }
    }

    /// Sum over one axis, which goes.
    pub fn sum_axis(&self, axis: usize) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        if axis >= self.rank() {
            return Value::invalid(ValueError::Shape {
                operation: format!("sum over axis {axis}"),
                shape: self.shape.clone(),
                expected: format!("at least {} axes", axis + 1),
            });
        }
        let mut kept = self.shape.clone();
        kept.remove(axis);
        if shape::elements(&kept) == 1 {
            return self.sum().reshape(&kept);
        }
        let mut group_strides = shape::strides(&kept);
        group_strides.insert(axis, 0);
        let group = shape::strided_index(&self.shape, &group_strides, 0);
        let count = shape::elements(&kept);
        let repr = match &self.repr {
            Repr::Data { values, fixed } => {
                let mut sums = vec![0.0; count];
                for (&g, x) in group.iter().zip(values.iter()) {
                    sums[g as usize] += x;
                }
                Repr::Data { values: sums.into(), fixed: *fixed }
            }
            Repr::Tensor(tensor) => Repr::tensor(tensor_ops::segment_sum((**tensor).clone(), &group, count)),
            Repr::Invalid(error) => Repr::Invalid(error.clone()),
        };
        Value { shape: kept, kind: self.kind.max(Kind::Int), repr }
    }

    /// Mean of all elements; a scalar.
    pub fn mean(&self) -> Value {
        self.sum() * (1.0 / self.len() as f64)
    }

    /// Matrix product as NumPy's `@` for vectors and matrices.
    pub fn matmul(&self, rhs: &Value) -> Value {
        for side in [self, rhs] {
            if side.error().is_some() {
                return side.clone();
            }
        }
        let agree = match (self.rank(), rhs.rank()) {
            (1 | 2, 1 | 2) => self.shape[self.rank() - 1] == rhs.shape[0],
            _ => false,
        };
        if !agree {
            return Value::invalid(ValueError::Shape {
                operation: format!("matrix product with {}", shape::display(&rhs.shape)),
                shape: self.shape.clone(),
                expected:
                    "vectors or matrices whose last axis is as long as the first axis of the right operand"
                        .into(),
            });
        }
        match (self.rank(), rhs.rank()) {
            (1, 1) => (self * rhs).sum(),
            (2, 1) => self.matrix_vector(rhs),
            (1, 2) => rhs.transpose().matrix_vector(self),
            _ => {
                let columns: Vec<Value> = (0..rhs.shape[1])
                    .map(|j| {
                        let index = (0..rhs.shape[0]).map(|i| (i * rhs.shape[1] + j) as u32).collect();
                        self.matrix_vector(&rhs.take(index, vec![rhs.shape[0]]))
                    })
                    .collect();
                Value::stack(&columns, 1)
            }
        }
    }

    fn matrix_vector(&self, vector: &Value) -> Value {
        if let Some(pair) = scan::imported(&[self, vector]) {
            return pair[0].matrix_vector(&pair[1]);
        }
        match (&self.repr, &vector.repr) {
            (Repr::Data { values, .. }, Repr::Tensor(v)) => {
                let product = tensor_ops::matrix_vector(values, self.shape[0], self.shape[1], (**v).clone());
                Value::tensor(product, vec![self.shape[0]])
            }
            _ => (self * vector).sum_axis(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_follow_numpy() {
        let x = Value::data(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], vec![2, 3], Kind::Float);
        let numbers = |v: Value| v.as_numbers().map(|n| n.to_vec()).unwrap_or_default();
        assert_eq!(numbers(x.sum_axis(0)), [5.0, 7.0, 9.0]);
        assert_eq!(numbers(x.sum_axis(1)), [6.0, 15.0]);
        assert_eq!(numbers(x.matmul(&Value::from([1.0, 0.0, -1.0]))), [-2.0, -2.0]);
        assert_eq!(numbers(Value::from([1.0, 2.0]).matmul(&x)), [9.0, 12.0, 15.0]);
        assert_eq!(numbers(x.matmul(&x.transpose())), [14.0, 32.0, 32.0, 77.0]);
        assert!(x.matmul(&x).error().is_some());
    }
}
