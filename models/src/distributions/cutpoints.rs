//! Points that cut a line into categories.

use chainfire_engine::program::Value;

use super::counts::pick;
use super::last_axis::columns;
use super::{Condition, Distribution, Support};

/// Stands for the ends of the line: finite, so that derivatives are zero and not undefined.
const END: f64 = 1e18;

/// Increasing points along the last axis, which make one category more than there are points.
#[derive(Clone, Debug)]
pub(super) struct Cutpoints {
    columns: Vec<Value>,
    /// The points with both ends of the line, along the last axis.
    padded: Value,
}

impl Cutpoints {
    pub(super) fn new(points: &Value) -> Self {
        let axis = points.rank().saturating_sub(1);
        let mut kept = points.shape().to_vec();
        if let Some(last) = kept.last_mut() {
            *last = 1;
        }
        let end = |x: f64| Value::from(x).broadcast_to(&kept);
        let padded = Value::concatenate(&[end(-END), points.clone(), end(END)], axis);
        Self { columns: columns(points), padded }
    }

    /// Number of points, and the last category.
    pub(super) fn count(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.columns.iter().map(|column| ("cutpoints", column))
    }

    /// The points below and above the categories `x`.
    pub(super) fn around(&self, x: &Value) -> (Value, Value) {
        (pick(&self.padded, x), pick(&self.padded, &(x + 1.0)))
    }

    pub(super) fn support(&self) -> Support {
        Support::IntegerUpTo(Value::from(self.count() as f64))
    }

    pub(super) fn conditions(&self) -> Vec<Condition> {
        let rule = "cutpoints are increasing";
        self.columns.windows(2).map(|pair| Condition { rule, holds: pair[0].lower(&pair[1]) }).collect()
    }

    /// The probabilities of all categories, along a new last axis.
    pub(super) fn probabilities(&self, distribution: &dyn Distribution) -> Value {
        let of = |k: usize| distribution.log_density(&Value::from(k as f64)).exp();
        let all: Vec<Value> = (0..=self.count()).map(of).collect();
        let axis = all.first().map_or(0, Value::rank);
        Value::stack(&all, axis)
    }

    /// The most probable category.
    pub(super) fn mode(&self, distribution: &dyn Distribution) -> Value {
        let start = (Value::from(f64::NEG_INFINITY), Value::from(0.0));
        let (_, mode) = (0..=self.count()).fold(start, |(best, mode), k| {
            let category = Value::from(k as f64);
            let density = distribution.log_density(&category);
            (best.maximum(&density), density.greater(&best).select(&category, &mode))
        });
        mode
    }
}
