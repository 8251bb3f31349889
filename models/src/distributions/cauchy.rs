//! The Cauchy distribution.
//!
//! ```text
//! log p(x) = -log(pi) - log(beta) - log(1 + ((x - alpha) / beta)^2)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 16.

use std::f64::consts::{FRAC_1_PI, PI};

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

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
    summary: "Cauchy distribution",
    support: "real numbers",
    parameters: &[("alpha", "location, and median"), ("beta", "scale, above 0")],
    example: r#"pm.Cauchy("x", alpha=0, beta=1)"#,
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

/// Log of the probability below a standardised value.
fn lower_tail(z: &Value) -> Value {
    let edge = Value::from(-1.0);
    let left = ((-z.minimum(&edge).recip()).unary(Unary::Atan) * FRAC_1_PI).log();
    let right = (z.maximum(&edge).unary(Unary::Atan) * FRAC_1_PI + 0.5).log();
    z.lower(&edge).select(&left, &right)
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

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(lower_tail(&((x - &self.alpha) * self.beta.recip())))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(lower_tail(&((&self.alpha - x) * self.beta.recip())))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(
            &self.alpha
                + &self.beta
                    * ((share - 0.5) * PI).unary(Unary::Sin)
                    * ((share - 0.5) * PI).unary(Unary::Cos).recip(),
        )
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta], shape, stream, |[alpha, beta], stream| {
            alpha + beta * (PI * (stream.inside() - 0.5)).tan()
        })
    }
}
