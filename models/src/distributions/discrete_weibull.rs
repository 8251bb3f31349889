//! The discrete Weibull distribution.
//!
//! ```text
//! log p(x) = log(q^(x^beta) - q^((x + 1)^beta))      x in {0, 1, ...}
//! ```
//!
//! # References
//! - Nakagawa, Osaki (1975), The discrete Weibull distribution. doi:10.1109/TR.1975.5214915

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Discrete Weibull with survival `q` past 0 and shape `beta`.
#[derive(Clone, Debug)]
pub struct DiscreteWeibull {
    q: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "DiscreteWeibull",
    aliases: &[],
    positional: &["q", "beta"],
    keyword_only: &[],
    signature: "q, beta",
    summary: "Weibull distribution on counts",
    support: "0, 1, 2, ...",
    parameters: &[("q", "probability to pass 0, between 0 and 1"), ("beta", "shape, above 0")],
    example: r#"pm.DiscreteWeibull("y", q=0.7, beta=1.2, observed=[0, 2, 1])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(DiscreteWeibull::new(arguments.require("q")?, arguments.require("beta")?)))
    },
};

impl DiscreteWeibull {
    /// Discrete Weibull with survival `q` past 0 and shape `beta`.
    pub fn new(q: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { q: q.into(), beta: beta.into() }
    }

    /// Log of the probability of `k` or more: `k^beta log(q)`.
    fn log_above(&self, k: &Value) -> Value {
        let (zero, one) = (Value::from(0.0), Value::from(1.0));
        let power = (&self.beta * k.maximum(&one).log()).exp();
        k.greater(&zero).select(&(power * self.q.log()), &zero)
    }
}

impl Distribution for DiscreteWeibull {
    fn name(&self) -> &'static str {
        "DiscreteWeibull"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("q", &self.q), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (below, above) = (self.log_above(x), self.log_above(&(x + 1.0)));
        let gap = above - &below;
        below + log1m_exp(&gap)
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "0 < q < 1, beta > 0";
        vec![
            Condition::positive(rule, &self.q),
            Condition { rule, holds: self.q.lower(&Value::from(1.0)) },
            Condition::positive(rule, &self.beta),
        ]
    }

    fn support_point(&self) -> Value {
        let median = ((LN_2.ln() - (-self.q.log()).log()) * self.beta.recip()).exp() - 1.0;
        median.maximum(&Value::from(0.0)).floor()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|survival| log1m_exp(&survival))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(self.log_above(&(x + 1.0)))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.q, &self.beta], shape, stream, |[q, beta], stream| {
            ((stream.uniform().ln() / q.ln()).powf(1.0 / beta)).ceil() - 1.0
        })
    }
}
