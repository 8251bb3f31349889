//! The Bernoulli distribution: one trial.
//!
//! ```text
//! log p(x) = x log(p) + (1 - x) log(1 - p) = x eta - log(1 + e^eta)      x in {0, 1}
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 3.

use chainfire_engine::program::Value;

use super::counts::log_cdf_by_sum;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::success::Success;
use super::{Condition, Distribution, DistributionError, Support};

/// Bernoulli with a probability or its logit.
#[derive(Clone, Debug)]
pub struct Bernoulli {
    success: Success,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Bernoulli",
    aliases: &[],
    positional: &["p", "logit_p"],
    keyword_only: &[],
    signature: "p | logit_p",
    summary: "One trial",
    support: "0 or 1",
    parameters: &[("p", "probability of 1"), ("logit_p", "log odds of 1, in place of p")],
    example: r#"pm.Bernoulli("y", p=0.3, observed=[0, 1, 0])"#,
    build: |arguments: &Arguments| Ok(Box::new(Bernoulli { success: Success::given(arguments)? })),
};

impl Bernoulli {
    /// Bernoulli with probability `p`.
    pub fn new(p: impl Into<Value>) -> Self {
        Self { success: Success::Probability(p.into()) }
    }

    /// Bernoulli with probability `1 / (1 + e^-eta)`.
    pub fn logit(eta: impl Into<Value>) -> Self {
        Self { success: Success::Logit(eta.into()) }
    }
}

impl Distribution for Bernoulli {
    fn name(&self) -> &'static str {
        "Bernoulli"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![self.success.parameter()]
    }

    fn log_density(&self, x: &Value) -> Value {
        match &self.success {
            Success::Probability(p) => x.select(&p.log(), &(-p).log1p()),
            Success::Logit(eta) => x * eta - eta.softplus(),
        }
    }

    fn support(&self) -> Support {
        Support::Binary
    }

    fn conditions(&self) -> Vec<Condition> {
        self.success.conditions("0 <= p <= 1")
    }

    fn support_point(&self) -> Value {
        self.success.probability().greater_equal(&Value::from(0.5))
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let p = self.success.probability();
        each(self.name(), [&p], shape, stream, |[p], stream| f64::from(stream.inside() < p))
    }
}
