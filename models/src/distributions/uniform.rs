//! The uniform distribution on an interval.
//!
//! ```text
//! log p(x) = -log(upper - lower)      lower <= x <= upper
//! ```
//!
//! Data is compared with bounds that depend on parameters here, for only there can it leave the interval while
//! sampling; variables are inside by their transform, and known bounds are checked when the model is built.
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 26.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::{Condition, Distribution, Support};

/// Uniform between `lower` and `upper`.
#[derive(Clone, Debug)]
pub struct Uniform {
    lower: Value,
    upper: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Uniform",
    aliases: &[],
    positional: &["lower", "upper"],
    keyword_only: &[],
    signature: "lower=0, upper=1",
    build: |arguments: &Arguments| {
        let bound = |name, default: f64| arguments.get(name).unwrap_or(Value::from(default));
        Ok(Box::new(Uniform::new(bound("lower", 0.0), bound("upper", 1.0))))
    },
};

impl Uniform {
    /// Uniform between `lower` and `upper`.
    pub fn new(lower: impl Into<Value>, upper: impl Into<Value>) -> Self {
        Self { lower: lower.into(), upper: upper.into() }
    }
}

impl Distribution for Uniform {
    fn name(&self) -> &'static str {
        "Uniform"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("lower", &self.lower), ("upper", &self.upper)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let inside = zeros_like(x) - (&self.upper - &self.lower).log();
        let random_bounds = self.lower.is_random() || self.upper.is_random();
        if !random_bounds || x.is_random() {
            return inside;
        }
        let holds = x.greater_equal(&self.lower).and(&x.lower_equal(&self.upper));
        holds.select(&inside, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        Support::Interval { lower: self.lower.clone(), upper: self.upper.clone() }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition { rule: "lower <= upper", holds: self.lower.lower_equal(&self.upper) }]
    }

    fn support_point(&self) -> Value {
        (&self.lower + &self.upper) * 0.5
    }
}
