//! The chi-squared distribution.
//!
//! ```text
//! log p(x) = (nu / 2 - 1) log(x) - x / 2 - (nu / 2) log(2) - log Gamma(nu / 2)      x > 0
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 18.

use chainfire_engine::program::Value;

use super::gamma::Gamma;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Chi-squared with `nu` degrees of freedom.
#[derive(Clone, Debug)]
pub struct ChiSquared {
    nu: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "ChiSquared",
    aliases: &[],
    positional: &["nu"],
    keyword_only: &[],
    signature: "nu",
    summary: "Chi-squared distribution",
    support: "numbers above 0",
    parameters: &[("nu", "degrees of freedom, above 0")],
    example: r#"pm.ChiSquared("x", nu=3)"#,
    build: |arguments: &Arguments| Ok(Box::new(ChiSquared::new(arguments.require("nu")?))),
};

impl ChiSquared {
    /// Chi-squared with `nu` degrees of freedom.
    pub fn new(nu: impl Into<Value>) -> Self {
        Self { nu: nu.into() }
    }

    fn gamma(&self) -> Gamma {
        Gamma::new(&self.nu * 0.5, 0.5)
    }
}

impl Distribution for ChiSquared {
    fn name(&self) -> &'static str {
        "ChiSquared"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu)]
    }

    fn log_density(&self, x: &Value) -> Value {
        self.gamma().log_density(x)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("nu > 0", &self.nu)]
    }

    fn support_point(&self) -> Value {
        self.nu.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.gamma().log_cdf(x)
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        self.gamma().log_survival(x)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.nu], shape, stream, |[nu], stream| 2.0 * stream.gamma(nu / 2.0))
    }
}
