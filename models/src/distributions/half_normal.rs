//! The half-normal distribution: a normal around zero, folded at zero.
//!
//! ```text
//! log p(x) = log(2) - (x / sigma)^2 / 2 - log(sigma) - log(2 pi) / 2      x >= 0
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 13.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2};

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;

use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::{from_precision, sigma_or};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support, normal};

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
    summary: "Size of a normal variable around 0",
    support: "numbers from 0 on",
    parameters: &[("sigma", "scale, above 0"), ("tau", "precision 1 / sigma^2, in place of sigma")],
    example: r#"pm.HalfNormal("x", sigma=1)"#,
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

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some((x * (self.sigma.recip() * FRAC_1_SQRT_2)).unary(Unary::Erf).log())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&-(x * self.sigma.recip())) + LN_2)
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.sigma * ((share + 1.0) * 0.5).normal_quantile())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.sigma], shape, stream, |[sigma], stream| sigma * stream.normal().abs())
    }
}
