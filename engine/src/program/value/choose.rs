//! Elements named by an index that is not known from the data, such as the action of a turn of a loop.
//!
//! ```text
//! x[i]            = select(i == 0, x[0], select(i == 1, x[1], ...))        NaN where i is outside
//! x with x[p]=y   = select(0..n == p, y, x)                                for every place p in turn
//! ```
//!
//! The cost is that of all elements that could be meant, so the axis has to be short.

use super::{Kind, Subscript, Value, ValueError};

/// The longest axis that is chosen from.
const LONGEST: usize = 1000;

impl Value {
    /// `self[subscripts]` where the array at `place` of the subscripts holds whole numbers that are not known.
    pub(super) fn chosen(&self, subscripts: &[Subscript], place: usize, index: &Value) -> Value {
        if let Some(error) = index.error() {
            return Value::invalid(error.clone());
        }
        if index.kind() != Kind::Int {
            return Value::invalid(ValueError::NotData { what: "an index other than whole numbers".into() });
        }
        let axis = subscripts[..place].iter().filter(|s| !matches!(s, Subscript::NewAxis)).count();
        let size = match self.shape().get(axis) {
            Some(&size) if (1..=LONGEST).contains(&size) => size,
            _ => {
                return Value::invalid(ValueError::Shape {
                    operation: "indexing by numbers that are not data".into(),
                    shape: self.shape().to_vec(),
                    expected: format!("1 to {LONGEST} elements along axis {axis}"),
                });
            }
        };
        let with = |numbers: Vec<f64>| {
            let mut known = subscripts.to_vec();
            known[place] = Subscript::Array(Value::data(numbers, index.shape(), Kind::Int));
            known
        };
        // The index itself, repeated and laid out as the elements that it takes.
        let mut shape = self.shape().to_vec();
        shape[axis] = index.len();
        let mut line = vec![1; shape.len()];
        line[axis] = index.len();
        let laid = index.reshape(&line).broadcast_to(&shape);
        let laid = laid.index(&with((0..index.len()).map(|k| k as f64).collect()));
        let from_end = laid.lower(&Value::from(0_i64)).select(&(&laid + Value::from(size as i64)), &laid);
        (0..size).rev().fold(Value::from(f64::NAN), |rest, k| {
            let element = self.index(&with(vec![k as f64; index.len()]));
            let chosen = from_end.equal(&Value::from(k as i64)).select(&element, &rest);
            Value { kind: self.kind, ..chosen }
        })
    }

    /// The value with `new` at flat positions that need not be known, or with `new` added there.
    ///
    /// # Shapes
    /// - `positions` and `new`: the same
    pub fn with_elements(&self, positions: &Value, new: &Value, adds: bool) -> Value {
        let all = (0..self.len()).map(|k| k as f64).collect::<Vec<_>>();
        let all = Value::data(all, self.shape(), Kind::Int);
        (0..positions.len()).fold(self.clone(), |value, k| {
            let [place, new] = [positions, new].map(|v| v.take(vec![k as u32], vec![]));
            let new = if adds { &value + new } else { new };
            all.equal(&place).select(&new, &value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_numbers().map(|n| n.to_vec()).unwrap_or_default()
    }

    fn unknown(numbers: Vec<f64>, shape: Vec<usize>) -> Value {
        Value { kind: Kind::Int, ..Value::at_point(numbers, shape) }
    }

    fn table() -> Value {
        Value::data((0..12).map(f64::from).collect::<Vec<_>>(), vec![3, 4], Kind::Float)
    }

    #[test]
    fn an_unknown_index_takes_what_a_known_one_takes() {
        let full = Subscript::from(..);
        for (places, shape) in [(vec![2.0], vec![]), (vec![0.0, -1.0, 2.0, 1.0], vec![2, 2])] {
            let known = Subscript::Array(Value::data(places.clone(), shape.clone(), Kind::Int));
            let hidden = Subscript::Array(unknown(places, shape));
            let rows = Subscript::Array(Value::data([1.0, 2.0], [2], Kind::Int));
            for (with, expected) in [
                (vec![hidden.clone()], vec![known.clone()]),
                (vec![full.clone(), hidden.clone()], vec![full.clone(), known.clone()]),
                (vec![rows.clone(), hidden.clone()], vec![rows, known.clone()]),
                (
                    vec![hidden.clone(), Subscript::NewAxis, hidden],
                    vec![known.clone(), Subscript::NewAxis, known],
                ),
            ] {
                let (seen, expected) = (table().index(&with), table().index(&expected));
                assert_eq!(
                    (seen.shape(), numbers(&seen)),
                    (expected.shape(), numbers(&expected)),
                    "{with:?}"
                );
            }
        }
    }

    #[test]
    fn outside_of_the_axis_is_no_number() {
        let taken = Value::from([1.0, 2.0]).at(&unknown(vec![2.0, -2.0, -3.0], vec![3]));
        let taken = numbers(&taken);
        assert!(taken[0].is_nan() && taken[1] == 1.0 && taken[2].is_nan(), "{taken:?}");
    }

    #[test]
    fn elements_are_put_and_added_at_unknown_positions() {
        let (x, new) = (Value::from([1.0, 2.0, 3.0]), Value::from([10.0, 20.0]));
        let twice = unknown(vec![1.0, 1.0], vec![2]);
        assert_eq!(numbers(&x.with_elements(&twice, &new, false)), [1.0, 20.0, 3.0]);
        assert_eq!(numbers(&x.with_elements(&twice, &new, true)), [1.0, 32.0, 3.0]);
    }
}
