//! The half-normal distribution: a normal around zero, folded at zero.
//!
//! ```text
//! log p(x) = log(2) - (x / sigma)^2 / 2 - log(sigma) - log(2 pi) / 2      x >= 0
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 13.

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::scale::{from_precision, sigma_or};
use super::{Condition, Distribution, Support, normal};

/// Half-normal with scale `sigma`.
#[derive(Clone, Debug)]
pub struct HalfNormal {
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "HalfNormal",
    aliases: &[],
    positional: &["sigma", "tau"],
    keyword_only: &[],
    signature: "sigma=1 | tau",
    build: |arguments: &Arguments| Ok(Box::new(HalfNormal::new(sigma_or("tau", arguments)?))),
};

impl HalfNormal {
    /// Half-normal with scale `sigma`.
    pub fn new(sigma: impl Into<Value>) -> Self {
        Self { sigma: sigma.into() }
    }

    /// Half-normal with scale `tau^(-1/2)`.
    pub fn with_precision(tau: impl Into<Value>) -> Self {
        Self::new(from_precision(&tau.into()))
    }
}

impl Distribution for HalfNormal {
    fn name(&self) -> &'static str {
        "HalfNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        normal::log_density(x, &self.sigma) + LN_2
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        self.sigma.clone()
    }
}
