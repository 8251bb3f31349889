//! The Poisson distribution.
//!
//! ```text
//! log p(x) = x log(mu) - mu - log Gamma(x + 1)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 4.

use chainfire_engine::program::Value;

use super::counts::from_zero;
use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Poisson with mean `mu`.
#[derive(Clone, Debug)]
pub struct Poisson {
    mu: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Poisson",
    aliases: &[],
    positional: &["mu"],
    keyword_only: &[],
    signature: "mu",
    summary: "Poisson distribution",
    support: "0, 1, 2, ...",
    parameters: &[("mu", "mean, from 0 on")],
    example: r#"pm.Poisson("y", mu=3, observed=[2, 4, 1])"#,
    build: |arguments: &Arguments| Ok(Box::new(Poisson::new(arguments.require("mu")?))),
};

impl Poisson {
    /// Poisson with mean `mu`.
    pub fn new(mu: impl Into<Value>) -> Self {
        Self { mu: mu.into() }
    }
}

impl Distribution for Poisson {
    fn name(&self) -> &'static str {
        "Poisson"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu)]
    }

    fn log_density(&self, x: &Value) -> Value {
        x_log_y(x, &self.mu, Value::log) - &self.mu - (x + 1.0).lgamma()
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition { rule: "mu >= 0", holds: self.mu.greater_equal(&Value::from(0.0)) }]
    }

    fn support_point(&self) -> Value {
        self.mu.floor()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(from_zero(x, f64::NEG_INFINITY, |x| self.mu.log_gamma_q(&(x + 1.0))))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(from_zero(x, 0.0, |x| self.mu.log_gamma_p(&(x + 1.0))))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu], shape, stream, |[mu], stream| stream.poisson(mu))
    }
}
