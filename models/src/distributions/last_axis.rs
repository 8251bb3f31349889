//! Reductions and parts along the last axis of values.

use chainfire_engine::program::{Value, value::shape};

/// The elements `from .. to` of the last axis.
pub(crate) fn range(x: &Value, from: usize, to: usize) -> Value {
    let Some((&count, kept)) = x.shape().split_last() else { return x.clone() };
    let (to, from) = (to.min(count), from.min(to.min(count)));
    let rows = x.len().checked_div(count).unwrap_or(0);
    let index = (0..rows).flat_map(|row| (from..to).map(move |k| (row * count + k) as u32));
    x.take(index.collect(), [kept, &[to - from]].concat())
}

/// The slices along the last axis, without that axis.
pub(crate) fn columns(x: &Value) -> Vec<Value> {
    let Some((&count, kept)) = x.shape().split_last() else { return vec![x.clone()] };
    (0..count).map(|k| range(x, k, k + 1).reshape(kept)).collect()
}

/// Sums, with a last axis of length one.
pub(crate) fn sum(x: &Value) -> Value {
    let Some((_, kept)) = x.shape().split_last() else { return x.clone() };
    x.sum_axis(kept.len()).reshape(&[kept, &[1]].concat())
}

/// Largest elements, with a last axis of length one; by halves.
pub(crate) fn largest(x: &Value) -> Value {
    let mut x = x.clone();
    while let Some(&count) = x.shape().last()
        && count > 1
    {
        x = range(&x, 0, count.div_ceil(2)).maximum(&range(&x, count / 2, count));
    }
    x
}

/// `log(sum of e^x)`, with a last axis of length one.
pub(crate) fn log_sum_exp(x: &Value) -> Value {
    let largest = largest(x).maximum(&Value::from(f64::MIN));
    sum(&(x - &largest).exp()).log() + largest
}

/// Axis `axis` moved to the front.
pub(crate) fn to_front(x: &Value, axis: usize) -> Value {
    moved(x, [&[axis], &(0..x.rank()).filter(|&k| k != axis).collect::<Vec<_>>()[..]].concat())
}

/// The first axis moved to place `axis`.
pub(crate) fn from_front(x: &Value, axis: usize) -> Value {
    let mut axes: Vec<usize> = (1..x.rank()).collect();
    axes.insert(axis, 0);
    moved(x, axes)
}

/// The axes in another order.
fn moved(x: &Value, axes: Vec<usize>) -> Value {
    let strides = shape::strides(x.shape());
    let (sizes, strides): (Vec<usize>, Vec<usize>) = axes.iter().map(|&k| (x.shape()[k], strides[k])).unzip();
    x.take(shape::strided_index(&sizes, &strides, 0), sizes)
}
