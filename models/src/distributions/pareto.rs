//! The Pareto distribution.
//!
//! ```text
//! log p(x) = log(alpha) + alpha log(m) - (alpha + 1) log(x)      x >= m
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 20.

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::{Stream, each};
use super::support::within;
use super::{Condition, Distribution, DistributionError, Support};

/// Pareto with shape `alpha` and scale `m`, the least value.
#[derive(Clone, Debug)]
pub struct Pareto {
    alpha: Value,
    m: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Pareto",
    aliases: &[],
    positional: &["alpha", "m"],
    keyword_only: &[],
    signature: "alpha, m",
    summary: "Pareto distribution",
    support: "numbers from m on",
    parameters: &[("alpha", "shape, above 0"), ("m", "least value, above 0")],
    example: r#"pm.Pareto("x", alpha=3, m=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Pareto::new(arguments.require("alpha")?, arguments.require("m")?)))
    },
};

impl Pareto {
    /// Pareto with shape `alpha` and scale `m`, the least value.
    pub fn new(alpha: impl Into<Value>, m: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), m: m.into() }
    }
}

impl Distribution for Pareto {
    fn name(&self) -> &'static str {
        "Pareto"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("m", &self.m)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let inside = self.alpha.log() + &self.alpha * (self.m.log() - x.log()) - x.log();
        within(x, &self.m, &Value::from(f64::INFINITY), inside)
    }

    fn support(&self) -> Support {
        Support::Interval { lower: self.m.clone(), upper: Value::from(f64::INFINITY) }
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, m > 0";
        vec![Condition::positive(rule, &self.alpha), Condition::positive(rule, &self.m)]
    }

    fn support_point(&self) -> Value {
        &self.m * (self.alpha.recip() * LN_2).exp()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|survival| log1m_exp(&survival))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(&self.alpha * (self.m.log() - x.log()))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.m * (-((-share).log1p() * self.alpha.recip())).exp())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.m], shape, stream, |[alpha, m], stream| {
            m * (stream.exponential() / alpha).exp()
        })
    }
}
