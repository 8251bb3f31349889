//! The half-Cauchy distribution: a Cauchy around zero, folded at zero.
//!
//! ```text
//! log p(x) = log(2) - log(pi) - log(beta) - log(1 + (x / beta)^2)      x >= 0
//! ```
//!
//! # References
//! - Gelman (2006), Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1(3).

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::{Condition, Distribution, Support, cauchy};

/// Half-Cauchy with scale `beta`.
#[derive(Clone, Debug)]
pub struct HalfCauchy {
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "HalfCauchy",
    aliases: &[],
    positional: &["beta"],
    keyword_only: &[],
    signature: "beta",
    build: |arguments: &Arguments| Ok(Box::new(HalfCauchy::new(arguments.require("beta")?))),
};

impl HalfCauchy {
    /// Half-Cauchy with scale `beta`.
    pub fn new(beta: impl Into<Value>) -> Self {
        Self { beta: beta.into() }
    }
}

impl Distribution for HalfCauchy {
    fn name(&self) -> &'static str {
        "HalfCauchy"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        cauchy::log_density(x, &self.beta) + LN_2
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("beta > 0", &self.beta)]
    }

    fn support_point(&self) -> Value {
        self.beta.clone()
    }
}
