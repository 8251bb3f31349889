//! The uniform distribution on an interval.
//!
//! ```text
//! log p(x) = -log(upper - lower)      lower <= x <= upper
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 26.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::stream::{Stream, each};
use super::support::within;
use super::{Condition, Distribution, DistributionError, Support};

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
    summary: "Uniform distribution",
    support: "between lower and upper",
    parameters: &[("lower", "lower bound"), ("upper", "upper bound")],
    example: r#"pm.Uniform("x", lower=0, upper=1)"#,
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
        within(x, &self.lower, &self.upper, zeros_like(x) - (&self.upper - &self.lower).log())
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

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(((x - &self.lower) / (&self.upper - &self.lower)).log())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(((&self.upper - x) / (&self.upper - &self.lower)).log())
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.lower + (&self.upper - &self.lower) * share)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.lower, &self.upper], shape, stream, |[lower, upper], stream| {
            lower + (upper - lower) * stream.uniform()
        })
    }
}
