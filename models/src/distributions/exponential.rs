//! The exponential distribution.
//!
//! ```text
//! log p(x) = log(lam) - lam x      x >= 0, scale = 1 / lam
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 19.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Exponential with rate `lam`.
#[derive(Clone, Debug)]
pub struct Exponential {
    lam: Value,
    log_lam: Value,
    scale: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Exponential",
    aliases: &[],
    positional: &["lam"],
    keyword_only: &["scale"],
    signature: "lam | scale=1",
    summary: "Exponential distribution",
    support: "numbers from 0 on",
    parameters: &[("lam", "rate, above 0"), ("scale", "mean, in place of lam")],
    example: r#"pm.Exponential("x", lam=2)"#,
    build: |arguments: &Arguments| match (arguments.get("lam"), arguments.get("scale")) {
        (Some(_), Some(_)) => {
            Err(arguments.error("Incompatible parametrization. Can't specify both lam and scale."))
        }
        (Some(lam), None) => Ok(Box::new(Exponential::new(lam))),
        (None, scale) => Ok(Box::new(Exponential::with_scale(scale.unwrap_or(Value::from(1.0))))),
    },
};

impl Exponential {
    /// Exponential with rate `lam`.
    pub fn new(lam: impl Into<Value>) -> Self {
        let lam = lam.into();
        Self { log_lam: lam.log(), scale: lam.recip(), lam }
    }

    /// Exponential with mean `scale`.
    pub fn with_scale(scale: impl Into<Value>) -> Self {
        let scale = scale.into();
        Self { lam: scale.recip(), log_lam: -scale.log(), scale }
    }
}

impl Distribution for Exponential {
    fn name(&self) -> &'static str {
        "Exponential"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("scale", &self.scale)]
    }

    fn log_density(&self, x: &Value) -> Value {
        &self.log_lam - x * &self.lam
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        let holds = self.scale.greater_equal(&Value::from(0.0));
        vec![Condition { rule: "mu >= 0 (mu is the scale, 1 / lam)", holds }]
    }

    fn support_point(&self) -> Value {
        self.scale.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log1m_exp(&-(x * &self.lam)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(-(x * &self.lam))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(-((-share).log1p() * self.lam.recip()))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.scale], shape, stream, |[scale], stream| scale * stream.exponential())
    }
}
