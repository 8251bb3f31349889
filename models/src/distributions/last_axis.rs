//! Reductions and parts along the last axis of values.

use chainfire_engine::program::Value;

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
    x.sum_axis(kept.len()).insert_axis(kept.len())
}

/// Sums over the last axes, which go.
pub(crate) fn sum_of(x: &Value, axes: usize) -> Value {
    (0..axes).fold(x.clone(), |sum, _| sum.sum_axis(sum.rank().saturating_sub(1)))
}

/// Largest elements, with a last axis of length one.
pub(crate) fn largest(x: &Value) -> Value {
    let Some((_, kept)) = x.shape().split_last() else { return x.clone() };
    x.max_axis(kept.len()).insert_axis(kept.len())
}
