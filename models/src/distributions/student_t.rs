//! Student's t distribution.
//!
//! ```text
//! log p(x) = log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu pi) / 2 - log(sigma)
//!            - (nu + 1) / 2 log(1 + ((x - mu) / sigma)^2 / nu)
//! ```
//!
//! The three terms of `nu` alone are `log_gamma_ratio(nu / 2, 1 / 2) - log(2 pi) / 2`, which stays exact as the
//! distribution becomes normal.
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 28.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::scale::{HALF_LOG_TWO_PI, from_precision, sigma_or};
use super::special::{log_gamma_ratio, log1m_exp};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Student's t with `nu` degrees of freedom, location `mu` and scale `sigma`.
#[derive(Clone, Debug)]
pub struct StudentT {
    nu: Value,
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "StudentT",
    aliases: &[],
    positional: &["nu", "mu"],
    keyword_only: &["sigma", "lam"],
    signature: "nu, mu=0, sigma=1 | lam",
    summary: "Student's t distribution",
    support: "real numbers",
    parameters: &[
        ("nu", "degrees of freedom, above 0"),
        ("mu", "location"),
        ("sigma", "scale, above 0"),
        ("lam", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.StudentT("x", nu=4, mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        let mu = arguments.get("mu").unwrap_or(Value::from(0.0));
        Ok(Box::new(StudentT::new(arguments.require("nu")?, mu, sigma_or("lam", arguments)?)))
    },
};

impl StudentT {
    /// Student's t with `nu` degrees of freedom, location `mu` and scale `sigma`.
    pub fn new(nu: impl Into<Value>, mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { nu: nu.into(), mu: mu.into(), sigma: sigma.into() }
    }

    /// Student's t with `nu` degrees of freedom, location `mu` and scale `lam^(-1/2)`.
    pub fn with_precision(nu: impl Into<Value>, mu: impl Into<Value>, lam: impl Into<Value>) -> Self {
        Self::new(nu, mu, from_precision(&lam.into()))
    }
}

/// Log density at a distance from the location.
pub(super) fn log_density(distance: &Value, nu: &Value, sigma: &Value) -> Value {
    let half_nu = nu * 0.5;
    let normaliser = log_gamma_ratio(&half_nu, &Value::from(0.5)) - (sigma.log() + HALF_LOG_TWO_PI);
    let kernel = (distance.square() * (sigma.square() * nu).recip()).log1p();
    normaliser - kernel * (half_nu + 0.5)
}

/// The square of a distance that counts as none: the odds of the tails stay finite.
const NEAREST: f64 = 1e-290;

/// Logs of the probabilities that the distance from the location is smaller, and that it is larger.
///
/// ```text
/// P(|T| < t) = I_u(1 / 2, nu / 2),  P(|T| > t) = I_(1 - u)(nu / 2, 1 / 2),  u / (1 - u) = t^2 / nu
/// ```
pub(super) fn log_both_sides(distance: &Value, nu: &Value, sigma: &Value) -> [Value; 2] {
    let (half, half_nu) = (Value::from(0.5), nu * 0.5);
    let square = (distance / sigma).square().maximum(&Value::from(NEAREST));
    [(&square / nu).log_beta_cdf(&half, &half_nu), (nu / square).log_beta_cdf(&half_nu, &half)]
}

/// A draw around 0 with scale 1.
pub(super) fn standard(nu: f64, stream: &mut Stream) -> f64 {
    let normal = stream.normal();
    normal * (0.5 * ((nu / 2.0).ln() - stream.log_gamma(nu / 2.0))).exp()
}

impl Distribution for StudentT {
    fn name(&self) -> &'static str {
        "StudentT"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu), ("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        log_density(&(x - &self.mu), &self.nu, &self.sigma)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "lam > 0, nu > 0";
        vec![Condition::positive(rule, &self.sigma), Condition::positive(rule, &self.nu)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let distance = x - &self.mu;
        let tail = log_both_sides(&distance, &self.nu, &self.sigma)[1].clone() - std::f64::consts::LN_2;
        Some(distance.lower(&Value::from(0.0)).select(&tail, &log1m_exp(&tail)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Self { mu: -&self.mu, ..self.clone() }.log_cdf(&-x)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.nu, &self.mu, &self.sigma], shape, stream, |[nu, mu, sigma], stream| {
            mu + sigma * standard(nu, stream)
        })
    }
}
