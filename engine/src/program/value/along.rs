//! Reductions and running sums along one axis that the tape has no operation for.
//!
//! They are made of elementwise steps over halves of the axis, so that `n` elements take about `log2(n)` operations.

use super::{Kind, Subscript, Turn, Value, ValueError, shape};

/// The most running sums that one loop makes; more are made by doubling steps, each over all of them.
const MOST_CARRIED: usize = 64;

impl Value {
    /// The value with an axis of length one put in.
    pub fn insert_axis(&self, axis: usize) -> Value {
        let mut shape = self.shape().to_vec();
        shape.insert(axis.min(shape.len()), 1);
        self.reshape(&shape)
    }

    /// The elements `start .. stop` of an axis.
    pub fn narrow(&self, axis: usize, start: usize, stop: usize) -> Value {
        let full = Subscript::Range { start: None, stop: None, step: 1 };
        let part = Subscript::Range { start: Some(start as i64), stop: Some(stop as i64), step: 1 };
        self.index(&[vec![full; axis], vec![part]].concat())
    }

    /// The axes in another order: axis `k` of the result is axis `order[k]`.
    pub fn permute(&self, order: &[usize]) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if sorted.into_iter().ne(0..self.rank()) {
            let expected = format!("the order {order:?} must name every axis once");
            return self.misshapen("permute", expected);
        }
        let strides = shape::strides(self.shape());
        let (sizes, strides): (Vec<usize>, Vec<usize>) =
            order.iter().map(|&axis| (self.shape()[axis], strides[axis])).unzip();
        self.take(shape::strided_index(&sizes, &strides, 0), sizes)
    }

    /// An axis moved to another place; the others keep their order.
    pub fn move_axis(&self, from: usize, to: usize) -> Value {
        let mut order: Vec<usize> = (0..self.rank()).filter(|&axis| axis != from).collect();
        order.insert(to.min(order.len()), from);
        self.permute(&order)
    }

    /// Largest elements along an axis, which goes.
    pub fn max_axis(&self, axis: usize) -> Value {
        self.folded("max", axis, true, Value::maximum)
    }

    /// Smallest elements along an axis, which goes.
    pub fn min_axis(&self, axis: usize) -> Value {
        self.folded("min", axis, true, Value::minimum)
    }

    /// Products along an axis, which goes.
    pub fn product_axis(&self, axis: usize) -> Value {
        self.folded("prod", axis, false, |a, b| a * b)
    }

    /// Means along an axis, which goes.
    pub fn mean_axis(&self, axis: usize) -> Value {
        let count = self.shape().get(axis).copied().unwrap_or(1);
        self.sum_axis(axis) / Value::from(count as f64)
    }

    /// `log(sum of e^x)` along an axis, which goes.
    pub fn log_sum_exp(&self, axis: usize) -> Value {
        // Where all are minus infinity, so is the result.
        let largest = self.max_axis(axis).maximum(&Value::from(f64::MIN));
        let sum = (self - largest.insert_axis(axis)).exp().sum_axis(axis);
        largest + sum.log()
    }

    /// `e^x` over its sum along an axis.
    pub fn softmax(&self, axis: usize) -> Value {
        self.log_softmax(axis).exp()
    }

    /// Logarithm of [`Value::softmax`].
    pub fn log_softmax(&self, axis: usize) -> Value {
        self - self.log_sum_exp(axis).insert_axis(axis)
    }

    /// Sums of the elements up to each along an axis.
    pub fn running_sum(&self, axis: usize) -> Value {
        self.running("cumsum", axis, 0.0, |a, b| a + b)
    }

    /// Products of the elements up to each along an axis.
    pub fn running_product(&self, axis: usize) -> Value {
        self.running("cumprod", axis, 1.0, |a, b| a * b)
    }

    /// An axis folded by an operation that associates: halves on halves until one element is left. Halves of an odd
    /// number of elements share one where that changes nothing (`shares`), or else leave one over.
    fn folded(&self, name: &str, axis: usize, shares: bool, run: fn(&Value, &Value) -> Value) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        if self.shape().get(axis).is_none_or(|&count| count == 0) {
            return self.misshapen(name, format!("axis {axis} must have at least one element"));
        }
        let mut value = self.clone();
        loop {
            let count = value.shape()[axis];
            if count == 1 {
                let mut shape = value.shape().to_vec();
                shape.remove(axis);
                return value.reshape(&shape);
            }
            let half = if shares { count.div_ceil(2) } else { count / 2 };
            let start = if shares { count - half } else { half };
            let folded = run(&value.narrow(axis, 0, half), &value.narrow(axis, start, start + half));
            value = match count - start - half {
                0 => folded,
                _ => Value::concatenate(&[folded, value.narrow(axis, 2 * half, count)], axis),
            };
            if value.error().is_some() {
                return value;
            }
        }
    }

    /// What `run` makes of each element and all before it: a loop, or steps that combine every element with the one 1,
    /// 2, 4, ... places before it.
    ///
    /// # References
    /// - Hillis and Steele (1986), Data parallel algorithms. Communications of the ACM 29 (12)
    fn running(&self, name: &str, axis: usize, neutral: f64, run: fn(&Value, &Value) -> Value) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        let Some(&count) = self.shape().get(axis) else {
            return self.misshapen(name, format!("at least {} axes", axis + 1));
        };
        let kind = self.kind().max(Kind::Int);
        let neutral = Value::from(neutral).with_kind(kind);
        if self.is_random() && count > 1 && self.len() / count <= MOST_CARRIED {
            let front = self.move_axis(axis, 0);
            let initial = neutral.broadcast_to(&front.shape()[1..]);
            let scanned = Value::scan(&[initial], &[front], count, |before, rows| {
                Ok::<_, ValueError>(Turn { next: vec![run(&before[0], &rows[0])], emitted: vec![] })
            });
            // Inside of another loop there is none; there the doubling steps do.
            if let Ok(scanned) = scanned {
                return scanned.states[0].move_axis(0, axis);
            }
        }
        let mut value = self.clone();
        value.kind = kind;
        let mut distance = 1;
        while distance < count {
            let mut shape = value.shape().to_vec();
            shape[axis] = distance;
            let before = [neutral.broadcast_to(&shape), value.narrow(axis, 0, count - distance)];
            value = run(&Value::concatenate(&before, axis), &value);
            distance *= 2;
        }
        value
    }

    fn misshapen(&self, operation: &str, expected: String) -> Value {
        let shape = self.shape().to_vec();
        Value::invalid(ValueError::Shape { operation: operation.into(), shape, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_numbers().map(|n| n.to_vec()).unwrap_or_default()
    }

    #[test]
    fn reductions_and_running_sums_follow_numpy() {
        let x = Value::data(vec![1.0, 5.0, 2.0, 7.0, 3.0, 6.0], vec![2, 3], Kind::Float);
        assert_eq!(numbers(&x.max_axis(1)), [5.0, 7.0]);
        assert_eq!(numbers(&x.min_axis(0)), [1.0, 3.0, 2.0]);
        assert_eq!(numbers(&x.product_axis(1)), [10.0, 126.0]);
        assert_eq!(numbers(&x.mean_axis(0)), [4.0, 4.0, 4.0]);
        assert_eq!(numbers(&x.running_sum(1)), [1.0, 6.0, 8.0, 7.0, 10.0, 16.0]);
        assert_eq!(numbers(&x.running_product(0)), [1.0, 5.0, 2.0, 7.0, 15.0, 12.0]);
        assert_eq!(numbers(&x.permute(&[1, 0])), numbers(&x.transpose()));
        let at_point = Value::at_point(vec![1.0, 5.0, 2.0], [3]);
        assert_eq!(numbers(&at_point.running_sum(0)), [1.0, 6.0, 8.0]);
    }

    #[test]
    fn shares_of_exponentials_stay_finite() {
        let x = Value::from([1000.0, 1000.0, f64::NEG_INFINITY]);
        assert_eq!(numbers(&x.log_sum_exp(0)), [1000.0 + 2f64.ln()]);
        assert_eq!(numbers(&x.softmax(0))[2], 0.0);
        assert!((numbers(&x.softmax(0))[0] - 0.5).abs() < 1e-12);
        let none = Value::from([f64::NEG_INFINITY; 2]);
        assert_eq!(numbers(&none.log_sum_exp(0)), [f64::NEG_INFINITY]);
    }

    #[test]
    fn axes_that_there_are_not_are_told() {
        let x = Value::from([1.0, 2.0]);
        for wrong in [x.max_axis(1), x.running_sum(1), x.permute(&[1]), Value::from([0.0; 0]).min_axis(0)] {
            assert!(matches!(wrong.error(), Some(ValueError::Shape { .. })));
        }
    }
}
