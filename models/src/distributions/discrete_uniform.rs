//! The uniform distribution on whole numbers.
//!
//! ```text
//! log p(x) = -log(upper - lower + 1)      x in {lower, ..., upper}
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, section 6.10.1.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::stream::{Stream, each};
use super::support::within;
use super::{Condition, Distribution, DistributionError, Support};

/// Uniform on the whole numbers from `lower` to `upper`; fractions of the bounds are cut off.
#[derive(Clone, Debug)]
pub struct DiscreteUniform {
    lower: Value,
    upper: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "DiscreteUniform",
    aliases: &[],
    positional: &["lower", "upper"],
    keyword_only: &[],
    signature: "lower, upper",
    summary: "Whole numbers of equal probability",
    support: "lower, ..., upper",
    parameters: &[("lower", "least value"), ("upper", "largest value")],
    example: r#"pm.DiscreteUniform("y", lower=1, upper=6, observed=[3, 5])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(DiscreteUniform::new(arguments.require("lower")?, arguments.require("upper")?)))
    },
};

impl DiscreteUniform {
    /// Uniform on the whole numbers from `lower` to `upper`; fractions of the bounds are cut off.
    pub fn new(lower: impl Into<Value>, upper: impl Into<Value>) -> Self {
        Self { lower: lower.into().floor(), upper: upper.into().floor() }
    }
}

impl Distribution for DiscreteUniform {
    fn name(&self) -> &'static str {
        "DiscreteUniform"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("lower", &self.lower), ("upper", &self.upper)]
    }

    fn log_density(&self, x: &Value) -> Value {
        within(x, &self.lower, &self.upper, zeros_like(x) - (&self.upper - &self.lower + 1.0).log())
    }

    fn support(&self) -> Support {
        Support::IntegerBetween { lower: self.lower.clone(), upper: self.upper.clone() }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition { rule: "lower <= upper", holds: self.lower.lower_equal(&self.upper) }]
    }

    fn support_point(&self) -> Value {
        ((&self.lower + &self.upper) * 0.5).floor()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(((x - &self.lower + 1.0) / (&self.upper - &self.lower + 1.0)).log())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(((&self.upper - x) / (&self.upper - &self.lower + 1.0)).log())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.lower, &self.upper], shape, stream, |[lower, upper], stream| {
            lower + (stream.inside() * (upper - lower + 1.0)).floor()
        })
    }
}
