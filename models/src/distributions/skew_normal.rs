//! The skew normal distribution.
//!
//! ```text
//! log p(x) = log(2) + log Phi(alpha z) - z^2 / 2 - log(sigma) - log(2 pi) / 2      z = (x - mu) / sigma
//! ```
//!
//! # References
//! - Azzalini (1985), A class of distributions which includes the normal ones. Scandinavian Journal of Statistics 12.

use std::f64::consts::{FRAC_2_PI, LN_2};

use chainfire_engine::program::Value;

use super::normal;
use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Skew normal with shape `alpha`, location `mu` and scale `sigma`.
#[derive(Clone, Debug)]
pub struct SkewNormal {
    alpha: Value,
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "SkewNormal",
    aliases: &[],
    positional: &["alpha", "mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "alpha=1, mu=0, sigma=1 | tau",
    summary: "Skewed normal distribution",
    support: "real numbers",
    parameters: &[
        ("alpha", "skewness; normal at 0"),
        ("mu", "location"),
        ("sigma", "scale, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.SkewNormal("x", alpha=3, mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        let (alpha, mu) = (arguments.get_or("alpha", 1.0), arguments.get_or("mu", 0.0));
        Ok(Box::new(SkewNormal::new(alpha, mu, sigma_or("tau", arguments)?)))
    },
};

impl SkewNormal {
    /// Skew normal with shape `alpha`, location `mu` and scale `sigma`.
    pub fn new(alpha: impl Into<Value>, mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), mu: mu.into(), sigma: sigma.into() }
    }
}

impl Distribution for SkewNormal {
    fn name(&self) -> &'static str {
        "SkewNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let distance = x - &self.mu;
        let skew = log_normal_cdf(&(&distance * (&self.alpha * self.sigma.recip())));
        normal::log_density(&distance, &self.sigma) + skew + LN_2
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        &self.mu + &self.sigma * &self.alpha * FRAC_2_PI.sqrt() * (self.alpha.square() + 1.0).sqrt().recip()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(
            self.name(),
            [&self.alpha, &self.mu, &self.sigma],
            shape,
            stream,
            |[alpha, mu, sigma], stream| {
                let (half, other) = (stream.normal().abs(), stream.normal());
                mu + sigma * (alpha * half + other) / (1.0 + alpha * alpha).sqrt()
            },
        )
    }
}
