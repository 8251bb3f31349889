//! The half-Cauchy distribution: a Cauchy around zero, folded at zero.
//!
//! ```text
//! log p(x) = log(2) - log(pi) - log(beta) - log(1 + (x / beta)^2)      x >= 0
//! ```
//!
//! # References
//! - Gelman (2006), Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1(3).

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, PI};

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support, cauchy};

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
    summary: "Size of a Cauchy variable",
    support: "numbers from 0 on",
    parameters: &[("beta", "scale, above 0")],
    example: r#"pm.HalfCauchy("x", beta=1)"#,
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

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(((x * self.beta.recip()).unary(Unary::Atan) * FRAC_2_PI).log())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(((&self.beta * x.recip()).unary(Unary::Atan) * FRAC_2_PI).log())
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(
            &self.beta
                * (share * FRAC_PI_2).unary(Unary::Sin)
                * (share * FRAC_PI_2).unary(Unary::Cos).recip(),
        )
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.beta], shape, stream, |[beta], stream| {
            beta * (PI * (stream.inside() - 0.5)).tan().abs()
        })
    }
}
