//! The beta-negative binomial distribution, of `pymc_extras`: failures before `r` successes of a probability that is
//! beta distributed.
//!
//! ```text
//! log p(x) = log B(r + x, alpha + beta) - log B(r, alpha) + log Gamma(x + beta) - log x! - log Gamma(beta)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, section 6.2.3.

use chainfire_engine::program::Value;

use super::counts::log_cdf_by_sum;
use super::registry::{Arguments, Entry};
use super::special::log_beta;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Negative binomial with `r` successes whose probability is beta with shapes `alpha` and `beta`.
#[derive(Clone, Debug)]
pub struct BetaNegativeBinomial {
    alpha: Value,
    beta: Value,
    r: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "BetaNegativeBinomial",
    aliases: &[],
    positional: &["alpha", "beta", "r"],
    keyword_only: &[],
    signature: "alpha, beta, r",
    summary: "Failures before r successes whose probability is beta distributed (pymc_extras)",
    support: "0, 1, 2, ...",
    parameters: &[
        ("alpha", "first shape of the probability, above 0"),
        ("beta", "second shape of the probability, above 0"),
        ("r", "number of successes, above 0"),
    ],
    example: r#"pm.BetaNegativeBinomial("y", alpha=4, beta=3, r=5, observed=[4, 2, 7])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(BetaNegativeBinomial::new(
            arguments.require("alpha")?,
            arguments.require("beta")?,
            arguments.require("r")?,
        )))
    },
};

impl BetaNegativeBinomial {
    /// Negative binomial with `r` successes whose probability is beta with shapes `alpha` and `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>, r: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into(), r: r.into() }
    }
}

impl Distribution for BetaNegativeBinomial {
    fn name(&self) -> &'static str {
        "BetaNegativeBinomial"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta), ("r", &self.r)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let shapes = log_beta(&(&self.r + x), &(&self.alpha + &self.beta)) - log_beta(&self.r, &self.alpha);
        shapes + ((x + &self.beta).lgamma() - (x + 1.0).lgamma() - self.beta.lgamma())
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, beta > 0, r > 0";
        [&self.alpha, &self.beta, &self.r].map(|shape| Condition::positive(rule, shape)).to_vec()
    }

    fn support_point(&self) -> Value {
        Value::from(0.0)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta, &self.r], shape, stream, |[alpha, beta, r], stream| {
            let p = stream.beta(alpha, beta);
            let rate = stream.gamma(r) * (1.0 - p) / p;
            stream.poisson(rate)
        })
    }
}
