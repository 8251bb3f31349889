//! The log-normal distribution: the exponential of a normal.
//!
//! ```text
//! log p(x) = -((log x - mu) / sigma)^2 / 2 - log(sigma) - log(2 pi) / 2 - log x      x > 0
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 14.

use chainfire_engine::program::Value;

use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::{from_precision, sigma_or};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support, normal};

/// Log-normal: `log x` is normal with mean `mu` and standard deviation `sigma`.
#[derive(Clone, Debug)]
pub struct LogNormal {
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "LogNormal",
    aliases: &["Lognormal"],
    positional: &["mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "mu=0, sigma=1 | tau",
    summary: "Exponential of a normal variable",
    support: "numbers above 0",
    parameters: &[
        ("mu", "mean of the logarithm"),
        ("sigma", "standard deviation of the logarithm, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.LogNormal("x", mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        let mu = arguments.get("mu").unwrap_or(Value::from(0.0));
        Ok(Box::new(LogNormal::new(mu, sigma_or("tau", arguments)?)))
    },
};

impl LogNormal {
    /// Log-normal: `log x` is normal with mean `mu` and standard deviation `sigma`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into() }
    }

    /// Log-normal: `log x` is normal with mean `mu` and standard deviation `tau^(-1/2)`.
    pub fn with_precision(mu: impl Into<Value>, tau: impl Into<Value>) -> Self {
        Self::new(mu, from_precision(&tau.into()))
    }
}

impl Distribution for LogNormal {
    fn name(&self) -> &'static str {
        "LogNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let log_x = x.log();
        normal::log_density(&(&log_x - &self.mu), &self.sigma) - log_x
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        (&self.mu + self.sigma.square() * 0.5).exp()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&((x.log() - &self.mu) * self.sigma.recip())))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&((&self.mu - x.log()) * self.sigma.recip())))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some((&self.mu + &self.sigma * share.normal_quantile()).exp())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma], shape, stream, |[mu, sigma], stream| {
            (mu + sigma * stream.normal()).exp()
        })
    }
}
