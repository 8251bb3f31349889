//! The beta-binomial distribution: a binomial whose probability is beta distributed.
//!
//! ```text
//! log p(x) = log C(n, x) + log B(x + alpha, n - x + beta) - log B(alpha, beta)
//!          = log C(n, x) + x log(alpha / (alpha + beta)) + (n - x) log(beta / (alpha + beta))
//!            + r(alpha, x) + r(beta, n - x) - r(alpha + beta, n)      r(a, x) = log Gamma(a + x) - log Gamma(a) - x log(a)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, section 6.2.2.

use chainfire_engine::program::Value;

use super::counts::log_cdf_by_sum;
use super::registry::{Arguments, Entry};
use super::special::log_gamma_ratio;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Binomial with `n` trials whose probability is beta with shapes `alpha` and `beta`.
#[derive(Clone, Debug)]
pub struct BetaBinomial {
    alpha: Value,
    beta: Value,
    n: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "BetaBinomial",
    aliases: &[],
    positional: &["alpha", "beta", "n"],
    keyword_only: &[],
    signature: "alpha, beta, n",
    summary: "Successes of n trials whose probability is beta distributed",
    support: "0, 1, ..., n",
    parameters: &[
        ("alpha", "first shape of the probability, above 0"),
        ("beta", "second shape of the probability, above 0"),
        ("n", "number of trials"),
    ],
    example: r#"pm.BetaBinomial("y", alpha=2, beta=3, n=10, observed=[4, 2, 7])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(BetaBinomial::new(
            arguments.require("alpha")?,
            arguments.require("beta")?,
            arguments.require("n")?,
        )))
    },
};

impl BetaBinomial {
    /// Binomial with `n` trials whose probability is beta with shapes `alpha` and `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>, n: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into(), n: n.into() }
    }
}

impl Distribution for BetaBinomial {
    fn name(&self) -> &'static str {
        "BetaBinomial"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta), ("n", &self.n)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let failures = &self.n - x;
        let total = &self.alpha + &self.beta;
        let coefficient = (&self.n + 1.0).lgamma() - (x + 1.0).lgamma() - (&failures + 1.0).lgamma();
        let kernel = x * (self.alpha.log() - total.log()) + &failures * (self.beta.log() - total.log());
        let ratios = log_gamma_ratio(&self.alpha, x) + log_gamma_ratio(&self.beta, &failures);
        coefficient + kernel + (ratios - log_gamma_ratio(&total, &self.n))
    }

    fn support(&self) -> Support {
        Support::IntegerUpTo(self.n.clone())
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "n >= 0, alpha > 0, beta > 0";
        vec![
            Condition::positive(rule, &self.alpha),
            Condition::positive(rule, &self.beta),
            Condition { rule, holds: self.n.greater_equal(&Value::from(0.0)) },
        ]
    }

    fn support_point(&self) -> Value {
        (&self.n * &self.alpha / (&self.alpha + &self.beta)).round()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta, &self.n], shape, stream, |[alpha, beta, n], stream| {
            let p = stream.beta(alpha, beta);
            stream.binomial(n, p)
        })
    }
}
