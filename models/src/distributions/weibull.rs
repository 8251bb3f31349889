//! The Weibull distribution.
//!
//! ```text
//! log p(x) = log(alpha / beta) + (alpha - 1) log(x / beta) - (x / beta)^alpha      x > 0
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 21.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::{log1m_exp, x_log_y};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Weibull with shape `alpha` and scale `beta`.
#[derive(Clone, Debug)]
pub struct Weibull {
    alpha: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Weibull",
    aliases: &[],
    positional: &["alpha", "beta"],
    keyword_only: &[],
    signature: "alpha, beta",
    summary: "Weibull distribution",
    support: "numbers from 0 on",
    parameters: &[("alpha", "shape, above 0"), ("beta", "scale, above 0")],
    example: r#"pm.Weibull("x", alpha=2, beta=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Weibull::new(arguments.require("alpha")?, arguments.require("beta")?)))
    },
};

impl Weibull {
    /// Weibull with shape `alpha` and scale `beta`.
    pub fn new(alpha: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), beta: beta.into() }
    }
}

impl Distribution for Weibull {
    fn name(&self) -> &'static str {
        "Weibull"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let log_ratio = x.log() - self.beta.log();
        let kernel =
            x_log_y(&(&self.alpha - 1.0), &log_ratio, Value::clone) - (&self.alpha * log_ratio).exp();
        kernel + (self.alpha.log() - self.beta.log())
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "alpha > 0, beta > 0";
        vec![Condition::positive(rule, &self.alpha), Condition::positive(rule, &self.beta)]
    }

    fn support_point(&self) -> Value {
        &self.beta * (self.alpha.recip() + 1.0).lgamma().exp()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|survival| log1m_exp(&survival))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(-(&self.alpha * (x.log() - self.beta.log())).exp())
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.beta * ((-(-share).log1p()).log() * self.alpha.recip()).exp())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.alpha, &self.beta], shape, stream, |[alpha, beta], stream| {
            beta * stream.exponential().powf(1.0 / alpha)
        })
    }
}
