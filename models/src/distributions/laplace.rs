//! The Laplace distribution.
//!
//! ```text
//! log p(x) = -|x - mu| / b - log(2 b)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 24.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::{Condition, Distribution, Support};

/// Laplace around `mu` with scale `b`.
#[derive(Clone, Debug)]
pub struct Laplace {
    mu: Value,
    b: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Laplace",
    aliases: &[],
    positional: &["mu", "b"],
    keyword_only: &[],
    signature: "mu, b",
    build: |arguments: &Arguments| {
        Ok(Box::new(Laplace::new(arguments.require("mu")?, arguments.require("b")?)))
    },
};

impl Laplace {
    /// Laplace around `mu` with scale `b`.
    pub fn new(mu: impl Into<Value>, b: impl Into<Value>) -> Self {
        Self { mu: mu.into(), b: b.into() }
    }
}

impl Distribution for Laplace {
    fn name(&self) -> &'static str {
        "Laplace"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("b", &self.b)]
    }

    fn log_density(&self, x: &Value) -> Value {
        (x - &self.mu).abs() * -self.b.recip() - (&self.b * 2.0).log()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("b > 0", &self.b)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }
}
