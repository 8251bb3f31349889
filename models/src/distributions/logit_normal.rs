//! The logit-normal distribution.
//!
//! ```text
//! log p(x) = log N(log(x / (1 - x)) | mu, sigma) - log(x) - log(1 - x)      0 < x < 1
//! ```
//!
//! # References
//! - Aitchison, Shen (1980), Logistic-normal distributions: some properties and uses. doi:10.1093/biomet/67.2.261

use chainfire_engine::program::Value;

use super::normal;
use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Normal with mean `mu` and scale `sigma` on the scale of log odds.
#[derive(Clone, Debug)]
pub struct LogitNormal {
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "LogitNormal",
    aliases: &[],
    positional: &["mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "mu=0, sigma=1 | tau",
    summary: "Logistic function of a normal variable",
    support: "numbers between 0 and 1",
    parameters: &[
        ("mu", "mean of the log odds"),
        ("sigma", "standard deviation of the log odds, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.LogitNormal("p", mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(LogitNormal::new(arguments.get_or("mu", 0.0), sigma_or("tau", arguments)?)))
    },
};

impl LogitNormal {
    /// Normal with mean `mu` and scale `sigma` on the scale of log odds.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into() }
    }

    fn standardised(&self, x: &Value) -> Value {
        (x.log() - (-x).log1p() - &self.mu) * self.sigma.recip()
    }
}

impl Distribution for LogitNormal {
    fn name(&self) -> &'static str {
        "LogitNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (log_x, log_rest) = (x.log(), (-x).log1p());
        normal::log_density(&(&log_x - &log_rest - &self.mu), &self.sigma) - log_x - log_rest
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        self.mu.sigmoid()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&self.standardised(x)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&-self.standardised(x)))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some((&self.mu + &self.sigma * share.normal_quantile()).sigmoid())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma], shape, stream, |[mu, sigma], stream| {
            1.0 / (1.0 + (-mu - sigma * stream.normal()).exp())
        })
    }
}
