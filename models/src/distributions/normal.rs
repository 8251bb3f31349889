//! The normal distribution.
//!
//! ```text
//! log p(x) = -((x - mu) / sigma)^2 / 2 - log(sigma) - log(2 pi) / 2
//! ```
//!
//! The square is taken before the division by `sigma^2`: with one `sigma` for many rows, a sum over rows needs a
//! subtraction and a square per row.
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 13.

use chainfire_engine::program::Value;

use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::{HALF_LOG_TWO_PI, from_precision, sigma_or};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Normal with mean `mu` and standard deviation `sigma`.
#[derive(Clone, Debug)]
pub struct Normal {
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Normal",
    aliases: &[],
    positional: &["mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "mu=0, sigma=1 | tau",
    summary: "Normal distribution",
    support: "real numbers",
    parameters: &[
        ("mu", "location, and mean"),
        ("sigma", "standard deviation, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.Normal("x", mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        let mu = arguments.get("mu").unwrap_or(Value::from(0.0));
        Ok(Box::new(Normal::new(mu, sigma_or("tau", arguments)?)))
    },
};

impl Normal {
    /// Normal with mean `mu` and standard deviation `sigma`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into() }
    }

    /// Normal with mean `mu` and standard deviation `tau^(-1/2)`.
    pub fn with_precision(mu: impl Into<Value>, tau: impl Into<Value>) -> Self {
        Self::new(mu, from_precision(&tau.into()))
    }
}

/// Log density at a distance from the mean.
pub(super) fn log_density(distance: &Value, sigma: &Value) -> Value {
    distance.square() * (sigma.recip().square() * -0.5) - (sigma.log() + HALF_LOG_TWO_PI)
}

impl Distribution for Normal {
    fn name(&self) -> &'static str {
        "Normal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        log_density(&(x - &self.mu), &self.sigma)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&((x - &self.mu) * self.sigma.recip())))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&((&self.mu - x) * self.sigma.recip())))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.mu + &self.sigma * share.normal_quantile())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma], shape, stream, |[mu, sigma], stream| {
            mu + sigma * stream.normal()
        })
    }
}
