//! The binomial distribution: successes of `n` trials.
//!
//! ```text
//! log p(x) = log C(n, x) + x log(p) + (n - x) log(1 - p) = log C(n, x) + x eta - n log(1 + e^eta)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 3.

use chainfire_engine::program::{Kind, Value};

use super::counts::from_zero;
use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, each};
use super::success::Success;
use super::{Condition, Distribution, DistributionError, Support};

/// Binomial with `n` trials and a probability or its logit.
#[derive(Clone, Debug)]
pub struct Binomial {
    n: Value,
    success: Success,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Binomial",
    aliases: &[],
    positional: &["n", "p", "logit_p"],
    keyword_only: &[],
    signature: "n, p | logit_p",
    summary: "Successes of n trials",
    support: "0, 1, ..., n",
    parameters: &[
        ("n", "number of trials"),
        ("p", "probability of success"),
        ("logit_p", "log odds of success, in place of p"),
    ],
    example: r#"pm.Binomial("y", n=10, p=0.4, observed=[4, 2, 7])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Binomial::with(arguments.require("n")?, Success::given(arguments)?)))
    },
};

impl Binomial {
    /// Binomial with `n` trials of probability `p`.
    pub fn new(n: impl Into<Value>, p: impl Into<Value>) -> Self {
        Self::with(n, Success::Probability(p.into()))
    }

    /// Binomial with `n` trials of probability `1 / (1 + e^-eta)`.
    pub fn logit(n: impl Into<Value>, eta: impl Into<Value>) -> Self {
        Self::with(n, Success::Logit(eta.into()))
    }

    /// The number of trials has to be known; its fraction is cut off, as in PyMC.
    fn with(n: impl Into<Value>, success: Success) -> Self {
        Self { n: n.into().with_kind(Kind::Int), success }
    }
}

impl Binomial {
    /// Trials that are left after `x` successes, at least one.
    fn left(&self, x: &Value) -> Value {
        (&self.n - x).maximum(&Value::from(1.0))
    }
}

impl Distribution for Binomial {
    fn name(&self) -> &'static str {
        "Binomial"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("n", &self.n), self.success.parameter()]
    }

    fn log_density(&self, x: &Value) -> Value {
        let failures = &self.n - x;
        let coefficient = (&self.n + 1.0).lgamma() - ((x + 1.0).lgamma() + (&failures + 1.0).lgamma());
        let kernel = match &self.success {
            Success::Probability(p) => x_log_y(x, p, Value::log) + x_log_y(&failures, p, |p| (-p).log1p()),
            Success::Logit(eta) => x * eta - &self.n * eta.softplus(),
        };
        kernel + coefficient
    }

    fn support(&self) -> Support {
        Support::IntegerUpTo(self.n.clone())
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "n >= 0, 0 <= p <= 1";
        let mut conditions = self.success.conditions(rule);
        conditions.push(Condition { rule, holds: self.n.greater_equal(&Value::from(0.0)) });
        conditions
    }

    fn support_point(&self) -> Value {
        (&self.n * self.success.probability()).round()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let against = self.success.odds().recip();
        let below = |x: &Value| against.log_beta_cdf(&self.left(x), &(x + 1.0));
        let all = x.greater_equal(&self.n);
        Some(all.select(&Value::from(0.0), &from_zero(x, f64::NEG_INFINITY, below)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let odds = self.success.odds();
        let above = |x: &Value| odds.log_beta_cdf(&(x + 1.0), &self.left(x));
        let all = x.greater_equal(&self.n);
        Some(all.select(&Value::from(f64::NEG_INFINITY), &from_zero(x, 0.0, above)))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let p = self.success.probability();
        each(self.name(), [&self.n, &p], shape, stream, |[n, p], stream| stream.binomial(n, p))
    }
}
