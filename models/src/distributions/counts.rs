//! What distributions on whole numbers share: distribution functions by summing, draws by weights.
//!
//! ```text
//! log P(x) = log(p(first) + p(first + 1) + ... + p(x))
//! ```
//!
//! where there is no incomplete gamma or beta function for it.
//!
//! # References
//! - Folklore. Sums of positive terms lose nothing, and their derivatives are those of the terms.

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::special::{log_sum_exp, zeros_like};
use super::stream::{Stream, numbers};
use super::{Distribution, DistributionError};

/// Most terms that are summed.
const TERMS: f64 = 10_000.0;

/// Log of the probability of `first` to `x`; `None` where `x` is not known from the data or too large.
pub(super) fn log_cdf_by_sum(distribution: &dyn Distribution, x: &Value, first: f64) -> Option<Value> {
    let mut distinct = x.as_data()?.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let largest = *distinct.last()?;
    if largest == f64::INFINITY && distinct.len() == 1 {
        return Some(zeros_like(x));
    }
    if largest.is_nan() || largest - first > TERMS {
        return None;
    }
    let mut terms: Vec<Value> = Vec::new();
    let mut result = Value::from(f64::NEG_INFINITY);
    for value in distinct {
        while first + terms.len() as f64 <= value {
            terms.push(distribution.log_density(&Value::from(first + terms.len() as f64)));
        }
        if !terms.is_empty() {
            let total = log_sum_exp(&terms).minimum(&Value::from(0.0));
            result = x.equal(&Value::from(value)).select(&total, &result);
        }
    }
    Some(result)
}

/// From here on nothing is left of the distributions on counts.
const PAST_ALL: f64 = 1e15;

/// `log_share` of counts `x` from 0 on, a distribution or survival function; `before` for what is below 0.
pub(super) fn from_zero(x: &Value, before: f64, log_share: impl Fn(&Value) -> Value) -> Value {
    let zero = Value::from(0.0);
    let inside = log_share(&x.maximum(&zero).minimum(&Value::from(PAST_ALL)));
    match x.as_data() {
        Some(numbers) if numbers.iter().all(|&n| n >= 0.0) => inside,
        _ => x.lower(&zero).select(&Value::from(before), &inside),
    }
}

/// Draws of whole numbers from 0 to `most`, by their weights.
pub(super) fn draw_by_weights(
    distribution: &dyn Distribution,
    most: usize,
    shape: &[usize],
    stream: &mut Stream,
) -> Result<Vec<f64>, DistributionError> {
    let mut columns = Vec::with_capacity(most + 1);
    for k in 0..=most {
        let log_weight = distribution.log_density(&Value::from(k as f64));
        columns.push(numbers(distribution.name(), &log_weight, shape)?);
    }
    let weights = |i: usize| columns.iter().map(|column| column[i].exp()).collect::<Vec<_>>();
    Ok((0..shape::elements(shape)).map(|i| stream.index(&weights(i)) as f64).collect())
}

/// The entry of the last axis of `table` that `x` names, for every element of both together; `x` has to be known, and
/// is moved to the nearest entry where it lies outside.
pub(super) fn pick(table: &Value, x: &Value) -> Value {
    let Some((&count, batch)) = table.shape().split_last() else { return table.clone() };
    let Some(place) = x.as_numbers() else {
        return Value::invalid(ValueError::NotData { what: "a category".into() });
    };
    let Some(joint) = shape::broadcast(batch, x.shape()) else {
        return Value::invalid(ValueError::Broadcast {
            operation: "categories".into(),
            left: batch.to_vec(),
            right: x.shape().to_vec(),
        });
    };
    let rows = shape::broadcast_index(batch, &joint);
    let places = shape::broadcast_index(x.shape(), &joint);
    let last = count.saturating_sub(1) as f64;
    let index = rows.iter().zip(&places).map(|(&row, &k)| {
        let place = place[k as usize].clamp(0.0, last);
        row * count as u32 + place as u32
    });
    table.take(index.collect(), joint)
}
