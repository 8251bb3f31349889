//! The beta distribution.
//!
//! ```text
//! log p(x) = (alpha - 1) log(x) + (beta - 1) log(1 - x) + log Gamma(alpha + beta) - log Gamma(alpha) - log Gamma(beta)
//! from mean and standard deviation:  nu = mu (1 - mu) / sigma^2 - 1
//! from mean and sample size:         alpha = mu nu,  beta = (1 - mu) nu
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 25.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Beta with shapes `alpha` and `beta`.
#[derive(Clone, Debug)]
pub struct Beta {
    alpha: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Beta",
    aliases: &[],
    positional: &["alpha", "beta", "mu", "sigma", "nu"],
    keyword_only: &[],
    signature: "alpha, beta | mu, sigma | mu, nu",
    summary: "Beta distribution",
    support: "numbers between 0 and 1",
    parameters: &[
        ("alpha", "first shape, above 0"),
        ("beta", "second shape, above 0"),
        ("mu", "mean, with sigma or nu in place of the shapes"),
        ("sigma", "standard deviation, with mu"),
        ("nu", "alpha + beta, with mu"),
    ],
    example: r#"pm.Beta("p", alpha=2, beta=5)"#,
    build: |arguments: &Arguments| match ["alpha", "beta", "mu", "sigma", "nu"]
        .map(|name| arguments.get(name))
    {
        [Some(alpha), Some(beta), None, None, None] => Ok(Box::new(Beta::new(alpha, beta))),
        [None, None, Some(mu), Some(sigma), None] => Ok(Box::new(Beta::from_mean(mu, sigma))),
        [None, None, Some(mu), None, Some(nu)] => Ok(Box::new(Beta::with_sample_size(mu, nu))),
        _ => Err(arguments.error(
            "Incompatible parameterization. Either use alpha and beta, mu and sigma or mu and nu to specify \
                 distribution.",
        )),
    },
};

impl Beta {
    /// Beta with shapes `alpha` and `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into() }
    }

    /// Beta with mean `mu` and standard deviation `sigma`. A negative `sigma` makes negative shapes.
    pub fn from_mean(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        let (mu, sigma) = (mu.into(), sigma.into());
        let nu = &mu * (1.0 - &mu) * (&sigma * sigma.abs()).recip() - 1.0;
        Self::with_sample_size(mu, nu)
    }

    /// Beta with mean `mu` and `nu = alpha + beta`.
    pub fn with_sample_size(mu: impl Into<Value>, nu: impl Into<Value>) -> Self {
        let (mu, nu) = (mu.into(), nu.into());
        Self::new(&mu * &nu, (1.0 - mu) * nu)
    }
}

impl Distribution for Beta {
    fn name(&self) -> &'static str {
        "Beta"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let normaliser = (&self.alpha + &self.beta).lgamma() - self.alpha.lgamma() - self.beta.lgamma();
        x_log_y(&(&self.alpha - 1.0), x, Value::log)
            + x_log_y(&(&self.beta - 1.0), x, |x| (-x).log1p())
            + normaliser
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, beta > 0";
        vec![Condition::positive(rule, &self.alpha), Condition::positive(rule, &self.beta)]
    }

    fn support_point(&self) -> Value {
        &self.alpha / (&self.alpha + &self.beta)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some((x / (1.0 - x)).log_beta_cdf(&self.alpha, &self.beta))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(((1.0 - x) / x).log_beta_cdf(&self.beta, &self.alpha))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta], shape, stream, |[alpha, beta], stream| {
            stream.beta(alpha, beta)
        })
    }
}
