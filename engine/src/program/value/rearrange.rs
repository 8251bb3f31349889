//! Taking elements: broadcasting, reshaping, indexing, joining. All are one gather by a known index.

use super::{Kind, Repr, Value, ValueError, scan, shape};
use crate::program::tensor_ops;

/// One entry of a subscript, as in `x[1, :, idx, None]`.
#[derive(Clone, Debug)]
pub enum Subscript {
    /// One element of an axis, from the end when negative; the axis goes.
    At(i64),
    /// `start:stop:step` as in Python; `None` is what Python leaves out.
    Range {
        /// First element.
        start: Option<i64>,
        /// End, not included.
        stop: Option<i64>,
        /// Distance.
        step: i64,
    },
    /// A new axis of length one.
    NewAxis,
    /// Elements named by an array of integers; its axes replace the axis. A mask of truth values, which has to be
    /// known from the data, names the elements where it is true.
    Array(Value),
}

impl From<i32> for Subscript {
    fn from(place: i32) -> Self {
        Subscript::At(place.into())
    }
}

impl From<std::ops::Range<i64>> for Subscript {
    fn from(range: std::ops::Range<i64>) -> Self {
        Subscript::Range { start: Some(range.start), stop: Some(range.end), step: 1 }
    }
}

impl From<std::ops::RangeFrom<i64>> for Subscript {
    fn from(range: std::ops::RangeFrom<i64>) -> Self {
        Subscript::Range { start: Some(range.start), stop: None, step: 1 }
    }
}

impl From<std::ops::RangeTo<i64>> for Subscript {
    fn from(range: std::ops::RangeTo<i64>) -> Self {
        Subscript::Range { start: None, stop: Some(range.end), step: 1 }
    }
}

impl From<std::ops::RangeFull> for Subscript {
    fn from(_: std::ops::RangeFull) -> Self {
        Subscript::Range { start: None, stop: None, step: 1 }
    }
}

impl From<&Value> for Subscript {
    fn from(places: &Value) -> Self {
        Subscript::Array(places.clone())
    }
}

impl Value {
    /// `self[subscript]` along the first axis: an element (`-1` is the last), a range, or the elements that an array of
    /// integers names, such as the row of each group.
    ///
    /// ```
    /// use chainfire_engine::program::{Kind, Value};
    ///
    /// let effects = Value::from([0.1, 0.2, 0.3]);
    /// let group = Value::data([2.0, 0.0], [2], Kind::Int);
    /// assert_eq!(effects.at(&group).as_data().unwrap()[..], [0.3, 0.1]);
    /// assert_eq!(effects.at(-1).as_data().unwrap()[..], [0.3]);
    /// assert_eq!(effects.at(1..).shape(), [2]);
    /// ```
    pub fn at(&self, subscript: impl Into<Subscript>) -> Value {
        self.index(&[subscript.into()])
    }

    /// The elements at flat positions `index`, under a new shape.
    pub fn take(&self, index: Vec<u32>, shape: Vec<usize>) -> Value {
        let repr = match &self.repr {
            Repr::Data { values, fixed } => {
                Repr::Data { values: index.iter().map(|&i| values[i as usize]).collect(), fixed: *fixed }
            }
            Repr::Tensor(tensor) => Repr::tensor(tensor_ops::gather((**tensor).clone(), &index)),
            Repr::Invalid(error) => Repr::Invalid(error.clone()),
        };
        Value { shape, kind: self.kind, repr }
    }

    /// Puts numbers at flat positions of data; what is not data stays as it is.
    ///
    /// # Panics
    /// When a position is beyond the last element.
    pub fn set(&mut self, elements: impl IntoIterator<Item = (usize, f64)>) {
        if let Repr::Data { values, .. } = &mut self.repr {
            let values = std::sync::Arc::make_mut(values);
            elements.into_iter().for_each(|(place, x)| values[place] = x);
        }
    }

    /// The value repeated along axes until it has `shape`.
    pub fn broadcast_to(&self, shape: &[usize]) -> Value {
        if self.error().is_some() || self.shape == shape {
            return self.clone();
        }
        if shape::broadcast(&self.shape, shape).as_deref() != Some(shape) {
            return Value::invalid(ValueError::Broadcast {
                operation: "broadcast_to".into(),
                left: self.shape.clone(),
                right: shape.to_vec(),
            });
        }
        self.take(shape::broadcast_index(&self.shape, shape), shape.to_vec())
    }

    /// The same elements in C order under another shape.
    pub fn reshape(&self, shape: &[usize]) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        if shape::elements(shape) != self.len() {
            return Value::invalid(ValueError::Shape {
                operation: format!("reshape to {}", shape::display(shape)),
                shape: self.shape.clone(),
                expected: format!("the new shape must hold {} elements", self.len()),
            });
        }
        Value { shape: shape.to_vec(), ..self.clone() }
    }

    /// All axes reversed, as NumPy's `.T`.
    pub fn transpose(&self) -> Value {
        if self.rank() < 2 || self.error().is_some() {
            return self.clone();
        }
        let shape: Vec<usize> = self.shape.iter().rev().copied().collect();
        let strides: Vec<usize> = shape::strides(&self.shape).into_iter().rev().collect();
        self.take(shape::strided_index(&shape, &strides, 0), shape)
    }

    /// `self[subscripts]` as NumPy reads it (integer arrays and masks broadcast together).
    pub fn index(&self, subscripts: &[Subscript]) -> Value {
        if self.error().is_some() {
            return self.clone();
        }
        let unknown = subscripts.iter().enumerate().find_map(|(place, subscript)| match subscript {
            Subscript::Array(index) if index.as_data().is_none() && index.kind() != Kind::Bool => {
                Some((place, index))
            }
            _ => None,
        });
        if let Some((place, index)) = unknown {
            return self.chosen(subscripts, place, index);
        }
        match plan_index(self, subscripts) {
            Ok((index, shape)) => {
                let contiguous =
                    index.len() == self.len() && index.iter().enumerate().all(|(i, &k)| i as u32 == k);
                if contiguous { Value { shape, ..self.clone() } } else { self.take(index, shape) }
            }
            Err(error) => Value::invalid(error),
        }
    }

    /// Values of equal shape joined along a new axis.
    pub fn stack(values: &[Value], axis: usize) -> Value {
        let widened: Vec<Value> = values
            .iter()
            .map(|v| {
                let mut shape = v.shape.clone();
                shape.insert(axis.min(shape.len()), 1);
                v.reshape(&shape)
            })
            .collect();
        Value::concatenate(&widened, axis)
    }

    /// Values joined along an axis; the other axes must agree.
    pub fn concatenate(values: &[Value], axis: usize) -> Value {
        if let Some(bad) = values.iter().find(|v| v.error().is_some()) {
            return bad.clone();
        }
        if let Some(values) = scan::imported(&values.iter().collect::<Vec<_>>()) {
            return Value::concatenate(&values, axis);
        }
        let fits = |v: &Value| {
            v.rank() == values[0].rank()
                && axis < v.rank()
                && (0..v.rank()).all(|k| k == axis || v.shape[k] == values[0].shape[k])
        };
        let Some(first) = values.first() else {
            return Value::invalid(ValueError::Shape {
                operation: "concatenate".into(),
                shape: vec![0],
                expected: "at least one array".into(),
            });
        };
        if let Some(bad) = values.iter().find(|v| !fits(v)) {
            return Value::invalid(ValueError::Shape {
                operation: format!("concatenate along axis {axis}"),
                shape: bad.shape.clone(),
                expected: format!("every axis but {axis} as in {}", shape::display(&first.shape)),
            });
        }
        let mut shape = first.shape.clone();
        shape[axis] = values.iter().map(|v| v.shape[axis]).sum();
        let kind = values.iter().map(Value::kind).max().unwrap_or(Kind::Float);
        let flat = join_flat(values, kind);
        // Element order of the joined flat parts -> C order of the result.
        let outer: usize = first.shape[..axis].iter().product();
        let mut index = Vec::with_capacity(shape::elements(&shape));
        for row in 0..outer {
            let mut start = 0;
            for value in values {
                let run = value.len() / outer.max(1);
                index.extend((start + row * run..start + (row + 1) * run).map(|i| i as u32));
                start += value.len();
            }
        }
        if outer <= 1 { Value { shape, ..flat } } else { flat.take(index, shape) }
    }
}

fn join_flat(values: &[Value], kind: Kind) -> Value {
    let len: usize = values.iter().map(Value::len).sum();
    let like = values.iter().find_map(|v| match &v.repr {
        Repr::Tensor(tensor) => Some((**tensor).clone()),
        _ => None,
    });
    let repr = match like {
        Some(like) => Repr::tensor(tensor_ops::concat(values.iter().map(|v| v.as_tensor(&like)).collect())),
        None => Repr::Data {
            values: values.iter().filter_map(Value::as_numbers).flat_map(|n| n.iter().copied()).collect(),
            fixed: !values.iter().any(Value::is_random),
        },
    };
    Value { shape: vec![len], kind, repr }
}

/// Flat index and shape of a subscript.
fn plan_index(value: &Value, subscripts: &[Subscript]) -> Result<(Vec<u32>, Vec<usize>), ValueError> {
    let shape = value.shape();
    let too_many = || ValueError::Shape {
        operation: "indexing".into(),
        shape: shape.to_vec(),
        expected: format!("at most {} subscripts", shape.len()),
    };
    let strides = shape::strides(shape);
    // Basic part: every kept axis with its size and stride; array subscripts keep their axis for the second part.
    let (mut sizes, mut steps, mut offset): (Vec<usize>, Vec<i64>, i64) = Default::default();
    let mut arrays: Vec<(usize, Vec<usize>, Vec<u32>)> = Vec::new(); // (kept axis, shape of the index, rows)
    let mut axis = 0;
    for subscript in subscripts {
        if let Subscript::NewAxis = subscript {
            sizes.push(1);
            steps.push(0);
            continue;
        }
        let size = *shape.get(axis).ok_or_else(too_many)?;
        match subscript {
            Subscript::At(index) => offset += (wrap(*index, axis, shape)? * strides[axis]) as i64,
            Subscript::Range { start, stop, step } => {
                let (first, count) = python_range(*start, *stop, *step, size);
                offset += if count == 0 { 0 } else { (first * strides[axis]) as i64 };
                sizes.push(count);
                steps.push(strides[axis] as i64 * *step);
            }
            Subscript::Array(index) => {
                let numbers =
                    index.as_data().ok_or_else(|| ValueError::NotData { what: "an index".into() })?;
                if index.kind() == Kind::Bool {
                    if index.len() != size || index.rank() != 1 {
                        return Err(ValueError::Shape {
                            operation: "indexing by a mask".into(),
                            shape: index.shape().to_vec(),
                            expected: format!("a mask of shape ({size},), the length of axis {axis}"),
                        });
                    }
                    let rows: Vec<u32> = numbers
                        .iter()
                        .enumerate()
                        .filter(|(_, m)| **m != 0.0)
                        .map(|(i, _)| i as u32)
                        .collect();
                    arrays.push((sizes.len(), vec![rows.len()], rows));
                } else {
                    let rows: Result<Vec<u32>, _> =
                        numbers.iter().map(|&i| wrap(i as i64, axis, shape).map(|i| i as u32)).collect();
                    arrays.push((sizes.len(), index.shape().to_vec(), rows?));
                }
                sizes.push(size);
                steps.push(strides[axis] as i64);
            }
            Subscript::NewAxis => {}
        }
        axis += 1;
    }
    sizes.extend_from_slice(&shape[axis..]);
    steps.extend(strides[axis..].iter().map(|&s| s as i64));
    if arrays.is_empty() {
        return Ok((flat_index(&sizes, &steps, offset), sizes));
    }
    // Advanced part: index arrays broadcast together; their axes stand where the first of them stood when they are
    // neighbours, else in front.
    let mut joint: Vec<usize> = Vec::new();
    for (_, index_shape, _) in &arrays {
        joint = shape::broadcast(&joint, index_shape).ok_or_else(|| ValueError::Broadcast {
            operation: "indexing".into(),
            left: joint.clone(),
            right: index_shape.clone(),
        })?;
    }
    let axes: Vec<usize> = arrays.iter().map(|(kept, ..)| *kept).collect();
    let neighbours = axes.windows(2).all(|w| w[1] == w[0] + 1);
    let place = if neighbours { axes[0] } else { 0 };
    let mut joint_offsets = vec![0u32; shape::elements(&joint)];
    for (kept, index_shape, rows) in &arrays {
        for (out, &source) in joint_offsets.iter_mut().zip(&shape::broadcast_index(index_shape, &joint)) {
            *out += rows[source as usize] * steps[*kept] as u32;
        }
    }
    let rest = |range: std::ops::Range<usize>| -> (Vec<usize>, Vec<i64>) {
        range.filter(|k| !axes.contains(k)).map(|k| (sizes[k], steps[k])).unzip()
    };
    let (before_sizes, before_steps) = rest(0..place);
    let (after_sizes, after_steps) = rest(place..sizes.len());
    let before = flat_index(&before_sizes, &before_steps, offset);
    let after = signed_index(&after_sizes, &after_steps, 0);
    let mut index = Vec::with_capacity(before.len() * joint_offsets.len() * after.len());
    for &b in &before {
        for &j in &joint_offsets {
            index.extend(after.iter().map(|&a| (i64::from(b + j) + a) as u32));
        }
    }
    Ok((index, [before_sizes, joint, after_sizes].concat()))
}

/// `offset + sum_axis position[axis] * steps[axis]` for every position in C order; steps may be negative.
fn signed_index(sizes: &[usize], steps: &[i64], offset: i64) -> Vec<i64> {
    sizes.iter().zip(steps).fold(vec![offset], |out, (&size, &step)| {
        out.iter().flat_map(|&base| (0..size as i64).map(move |k| base + k * step)).collect()
    })
}

/// Indices that are known to lie inside the array.
fn flat_index(sizes: &[usize], steps: &[i64], offset: i64) -> Vec<u32> {
    signed_index(sizes, steps, offset).into_iter().map(|i| i as u32).collect()
}

fn wrap(index: i64, axis: usize, shape: &[usize]) -> Result<usize, ValueError> {
    let size = shape[axis] as i64;
    let wrapped = if index < 0 { index + size } else { index };
    if (0..size).contains(&wrapped) {
        Ok(wrapped as usize)
    } else {
        Err(ValueError::Index { index, axis, size: shape[axis], shape: shape.to_vec() })
    }
}

/// First element and count of a Python range over an axis; `step` is not zero.
fn python_range(start: Option<i64>, stop: Option<i64>, step: i64, size: usize) -> (usize, usize) {
    let n = size as i64;
    let clamp = |i: i64, low: i64, high: i64| (if i < 0 { i + n } else { i }).clamp(low, high);
    let step = if step == 0 { 1 } else { step };
    if step > 0 {
        let (first, end) = (clamp(start.unwrap_or(0), 0, n), clamp(stop.unwrap_or(n), 0, n));
        (first as usize, ((end - first).max(0) as usize).div_ceil(step as usize))
    } else {
        let first = start.map_or(n - 1, |s| clamp(s, -1, n - 1));
        let end = stop.map_or(-1, |s| clamp(s, -1, n - 1));
        (first.max(0) as usize, ((first - end).max(0) as usize).div_ceil(step.unsigned_abs() as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Value {
        Value::data((0..12).map(f64::from).collect::<Vec<_>>(), vec![3, 4], Kind::Int)
    }

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_numbers().map(|n| n.to_vec()).unwrap_or_default()
    }

    fn backwards() -> Subscript {
        Subscript::Range { start: None, stop: None, step: -1 }
    }

    fn range(start: i64, stop: i64) -> Subscript {
        Subscript::Range { start: Some(start), stop: Some(stop), step: 1 }
    }

    #[test]
    fn basic_subscripts_follow_numpy() {
        let x = grid();
        assert_eq!(numbers(&x.index(&[Subscript::At(-1)])), [8.0, 9.0, 10.0, 11.0]);
        let picked = x.index(&[range(1, 3), Subscript::At(0)]);
        assert_eq!((numbers(&picked), picked.shape()), (vec![4.0, 8.0], &[2][..]));
        let wide = x.index(&[Subscript::At(0), Subscript::NewAxis, range(1, 3)]);
        assert_eq!((numbers(&wide), wide.shape()), (vec![1.0, 2.0], &[1, 2][..]));
        let reversed = x.index(&[Subscript::At(0), backwards()]);
        assert_eq!(numbers(&reversed), [3.0, 2.0, 1.0, 0.0]);
        let turned = x.index(&[backwards(), backwards()]);
        assert_eq!(
            (numbers(&turned)[..5].to_vec(), turned.shape()),
            (vec![11.0, 10.0, 9.0, 8.0, 7.0], &[3, 4][..])
        );
        assert!(matches!(x.index(&[Subscript::At(3)]).error(), Some(ValueError::Index { index: 3, .. })));
    }

    #[test]
    fn index_arrays_broadcast_together() {
        let x = grid();
        let rows = Value::data(vec![2.0, 0.0], vec![2], Kind::Int);
        let taken = x.index(&[Subscript::Array(rows.clone())]);
        assert_eq!(taken.shape(), [2, 4]);
        assert_eq!(numbers(&taken)[..4], [8.0, 9.0, 10.0, 11.0]);
        let pairs = x.index(&[Subscript::Array(rows.clone()), Subscript::Array(rows)]);
        assert_eq!(numbers(&pairs), [10.0, 0.0]);
        let crossed =
            x.index(&[backwards(), Subscript::Array(Value::data(vec![1.0, 3.0], vec![2], Kind::Int))]);
        assert_eq!((numbers(&crossed), crossed.shape()), (vec![9.0, 11.0, 5.0, 7.0, 1.0, 3.0], &[3, 2][..]));
        let mask = Value::data(vec![1.0, 0.0, 1.0], vec![3], Kind::Bool);
        assert_eq!(x.index(&[Subscript::Array(mask)]).shape(), [2, 4]);
    }

    #[test]
    fn joining_keeps_c_order() {
        let x = grid();
        assert_eq!(
            numbers(&Value::concatenate(&[x.clone(), x.clone()], 1))[..8],
            [0., 1., 2., 3., 0., 1., 2., 3.]
        );
        let stacked = Value::stack(&[Value::from([1.0, 2.0]), Value::from([3.0, 4.0])], 1);
        assert_eq!((numbers(&stacked), stacked.shape()), (vec![1.0, 3.0, 2.0, 4.0], &[2, 2][..]));
        assert_eq!(numbers(&x.transpose())[..3], [0.0, 4.0, 8.0]);
    }
}
