//! The exponentially modified normal distribution: a normal plus an exponential number.
//!
//! ```text
//! log p(x) = -log(nu) - z r + r^2 / 2 + log Phi(z - r)              z = (x - mu) / sigma,  r = sigma / nu
//!          = -log(nu) - z^2 / 2 + log Phi(z - r) + (z - r)^2 / 2    where z < r: nothing cancels as nu goes to 0
//! ```
//!
//! # References
//! - Grushka (1972), Characterization of exponentially modified Gaussian peaks. doi:10.1021/ac60319a011

use chainfire_engine::program::Value;

use super::normal_cdf::{log_normal_cdf, log_scaled_normal_cdf};
use super::registry::{Arguments, Entry};
use super::special::{log_add_exp, log1m_exp};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Normal with mean `mu` and scale `sigma`, plus an exponential with mean `nu`.
#[derive(Clone, Debug)]
pub struct ExGaussian {
    mu: Value,
    sigma: Value,
    nu: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "ExGaussian",
    aliases: &[],
    positional: &["mu", "sigma"],
    keyword_only: &["nu"],
    signature: "mu=0, sigma=1, nu",
    summary: "Sum of a normal and an exponential variable",
    support: "real numbers",
    parameters: &[
        ("mu", "mean of the normal part"),
        ("sigma", "standard deviation of the normal part, above 0"),
        ("nu", "mean of the exponential part, above 0"),
    ],
    example: r#"pm.ExGaussian("x", mu=0, sigma=1, nu=2)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(ExGaussian::new(
            arguments.get_or("mu", 0.0),
            arguments.get_or("sigma", 1.0),
            arguments.require("nu")?,
        )))
    },
};

impl ExGaussian {
    /// Normal with mean `mu` and scale `sigma`, plus an exponential with mean `nu`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>, nu: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into(), nu: nu.into() }
    }

    fn standardised(&self, x: &Value) -> Value {
        (x - &self.mu) * self.sigma.recip()
    }

    /// `r^2 / 2 - z r + log Phi(z - r)`
    fn exponential_part(&self, z: &Value, r: &Value) -> Value {
        let w = z - r;
        let zero = Value::from(0.0);
        let near = log_scaled_normal_cdf(&w.minimum(&zero)) - z.square() * 0.5;
        let far = log_normal_cdf(&w.maximum(&zero)) + r * (r * 0.5 - z);
        w.greater(&zero).select(&far, &near)
    }
}

impl Distribution for ExGaussian {
    fn name(&self) -> &'static str {
        "ExGaussian"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma), ("nu", &self.nu)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (z, r) = (self.standardised(x), &self.sigma * self.nu.recip());
        self.exponential_part(&z, &r) - self.nu.log()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "nu > 0, sigma > 0";
        vec![Condition::positive(rule, &self.nu), Condition::positive(rule, &self.sigma)]
    }

    fn support_point(&self) -> Value {
        &self.mu + &self.nu
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (z, r) = (self.standardised(x), &self.sigma * self.nu.recip());
        let normal = log_normal_cdf(&z);
        let ratio = self.exponential_part(&z, &r) - &normal;
        Some(log1m_exp(&ratio.minimum(&Value::from(-1e-37))) + normal)
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (z, r) = (self.standardised(x), &self.sigma * self.nu.recip());
        Some(log_add_exp(&log_normal_cdf(&-&z), &self.exponential_part(&z, &r)))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma, &self.nu], shape, stream, |[mu, sigma, nu], stream| {
            mu + sigma * stream.normal() + nu * stream.exponential()
        })
    }
}
