//! The Poisson distribution.
//!
//! ```text
//! log p(x) = x log(mu) - mu - log Gamma(x + 1)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 4.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::{Condition, Distribution, Support};

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
        x_log_y(x, &self.mu.log()) - &self.mu - (x + 1.0).lgamma()
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
}
