//! The Cauchy distribution.
//!
//! ```text
//! log p(x) = -log(pi) - log(beta) - log(1 + ((x - alpha) / beta)^2)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 16.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::{Condition, Distribution, Support};

/// Cauchy around `alpha` with half width `beta`.
#[derive(Clone, Debug)]
pub struct Cauchy {
    alpha: Value,
    beta: Value,
}

/// `log(pi)`
const LOG_PI: f64 = 1.144_729_885_849_400_2;

pub(super) const ENTRY: Entry = Entry {
    name: "Cauchy",
    aliases: &[],
    positional: &["alpha", "beta"],
    keyword_only: &[],
    signature: "alpha, beta",
    build: |arguments: &Arguments| {
        Ok(Box::new(Cauchy::new(arguments.require("alpha")?, arguments.require("beta")?)))
    },
};

impl Cauchy {
    /// Cauchy around `alpha` with half width `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into() }
    }
}

/// Log density at a distance from the centre.
pub(super) fn log_density(distance: &Value, beta: &Value) -> Value {
    -(distance * beta.recip()).square().log1p() - (beta.log() + LOG_PI)
}

impl Distribution for Cauchy {
    fn name(&self) -> &'static str {
        "Cauchy"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        log_density(&(x - &self.alpha), &self.beta)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("beta > 0", &self.beta)]
    }

    fn support_point(&self) -> Value {
        self.alpha.clone()
    }
}
