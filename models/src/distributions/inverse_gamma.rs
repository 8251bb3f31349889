//! The inverse gamma distribution: the reciprocal of a gamma.
//!
//! ```text
//! log p(x) = alpha log(beta) - log Gamma(alpha) - (alpha + 1) log x - beta / x      x > 0
//! from mean and standard deviation:  alpha = 2 + mu^2 / sigma^2,  beta = mu (1 + mu^2 / sigma^2)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 17.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Inverse gamma with shape `alpha` and scale `beta`.
#[derive(Clone, Debug)]
pub struct InverseGamma {
    alpha: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "InverseGamma",
    aliases: &[],
    positional: &["alpha", "beta", "mu", "sigma"],
    keyword_only: &[],
    signature: "alpha, beta=1 | mu, sigma",
    summary: "Reciprocal of a gamma variable",
    support: "numbers above 0",
    parameters: &[
        ("alpha", "shape, above 0"),
        ("beta", "scale, above 0"),
        ("mu", "mean, with sigma in place of alpha and beta"),
        ("sigma", "standard deviation, with mu"),
    ],
    example: r#"pm.InverseGamma("x", alpha=3, beta=1)"#,
    build: |arguments: &Arguments| {
        match ["alpha", "beta", "mu", "sigma"].map(|name| arguments.get(name)) {
            [Some(alpha), beta, None, None] => {
                Ok(Box::new(InverseGamma::new(alpha, beta.unwrap_or(Value::from(1.0)))))
            }
            [None, None, Some(mu), Some(sigma)] => Ok(Box::new(InverseGamma::from_mean(mu, sigma))),
            _ => Err(arguments.error(
                "Incompatible parameterization. Either use alpha and (optionally) beta, or mu and sigma to specify \
                 distribution.",
            )),
        }
    },
};

impl InverseGamma {
    /// Inverse gamma with shape `alpha` and scale `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into() }
    }

    /// Inverse gamma with mean `mu` and standard deviation `sigma`. A negative `sigma` makes a negative shape.
    pub fn from_mean(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        let (mu, sigma) = (mu.into(), sigma.into());
        let sign = &sigma * sigma.abs().recip();
        let ratio = (&mu * sigma.recip()).square();
        Self::new((&ratio + 2.0) * sign, mu * (ratio + 1.0))
    }
}

impl Distribution for InverseGamma {
    fn name(&self) -> &'static str {
        "InverseGamma"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let normaliser = &self.alpha * self.beta.log() - self.alpha.lgamma();
        normaliser - ((&self.alpha + 1.0) * x.log() + &self.beta * x.recip())
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, beta > 0";
        vec![Condition::positive(rule, &self.alpha), Condition::positive(rule, &self.beta)]
    }

    fn support_point(&self) -> Value {
        let one = Value::from(1.0);
        let (mean, mode) = (&self.beta / (&self.alpha - 1.0), &self.beta / (&self.alpha + 1.0));
        self.alpha.greater(&one).select(&mean, &mode)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some((&self.beta * x.recip()).log_gamma_q(&self.alpha))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some((&self.beta * x.recip()).log_gamma_p(&self.alpha))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta], shape, stream, |[alpha, beta], stream| {
            beta * (-stream.log_gamma(alpha)).exp()
        })
    }
}
