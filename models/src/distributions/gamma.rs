//! The gamma distribution, with a rate.
//!
//! ```text
//! log p(x) = alpha log(beta) - log Gamma(alpha) + (alpha - 1) log x - beta x      x > 0
//! P(x)     = regularised incomplete gamma function of alpha and beta x
//! from mean and standard deviation:  alpha = mu^2 / sigma^2,  beta = mu / sigma^2
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 17.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Gamma with shape `alpha` and rate `beta`.
#[derive(Clone, Debug)]
pub struct Gamma {
    alpha: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Gamma",
    aliases: &[],
    positional: &["alpha", "beta", "mu", "sigma"],
    keyword_only: &[],
    signature: "alpha, beta | mu, sigma",
    summary: "Gamma distribution",
    support: "numbers above 0",
    parameters: &[
        ("alpha", "shape, above 0"),
        ("beta", "rate, above 0"),
        ("mu", "mean, with sigma in place of alpha and beta"),
        ("sigma", "standard deviation, with mu"),
    ],
    example: r#"pm.Gamma("x", alpha=2, beta=1)"#,
    build: |arguments: &Arguments| {
        match ["alpha", "beta", "mu", "sigma"].map(|name| arguments.get(name)) {
            [Some(alpha), Some(beta), None, None] => Ok(Box::new(Gamma::new(alpha, beta))),
            [None, None, Some(mu), Some(sigma)] => Ok(Box::new(Gamma::from_mean(mu, sigma))),
            _ => Err(arguments.error(
                "Incompatible parameterization. Either use alpha and beta, or mu and sigma to specify distribution.",
            )),
        }
    },
};

impl Gamma {
    /// Gamma with shape `alpha` and rate `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into() }
    }

    /// Gamma with mean `mu` and standard deviation `sigma`. A negative `sigma` makes a negative shape.
    pub fn from_mean(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        let (mu, sigma) = (mu.into(), sigma.into());
        Self::new(mu.square() * (&sigma * sigma.abs()).recip(), mu * sigma.square().recip())
    }
}

impl Distribution for Gamma {
    fn name(&self) -> &'static str {
        "Gamma"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let normaliser = &self.alpha * self.beta.log() - self.alpha.lgamma();
        x_log_y(&(&self.alpha - 1.0), x, Value::log) - &self.beta * x + normaliser
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, beta > 0";
        vec![Condition::positive(rule, &self.alpha), Condition::positive(rule, &self.beta)]
    }

    fn support_point(&self) -> Value {
        &self.alpha * self.beta.recip()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some((x * &self.beta).log_gamma_p(&self.alpha))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some((x * &self.beta).log_gamma_q(&self.alpha))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta], shape, stream, |[alpha, beta], stream| {
            stream.gamma(alpha) / beta
        })
    }
}
