//! The Maxwell distribution, of `pymc_extras`: the length of a normal vector of three elements.
//!
//! ```text
//! log p(x) = log(2 / pi) / 2 + 2 log(x) - 3 log(a) - x^2 / (2 a^2)      x > 0
//! x / a ~ chi(3)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, section 18.3.

use std::f64::consts::FRAC_2_PI;

use chainfire_engine::program::Value;

use super::chi::Chi;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Maxwell with scale `a`.
#[derive(Clone, Debug)]
pub struct Maxwell {
    a: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Maxwell",
    aliases: &[],
    positional: &["a"],
    keyword_only: &[],
    signature: "a",
    summary: "Speed of a particle of a gas (pymc_extras)",
    support: "numbers above 0",
    parameters: &[("a", "scale, above 0")],
    example: r#"pm.Maxwell("x", a=2)"#,
    build: |arguments: &Arguments| Ok(Box::new(Maxwell::new(arguments.require("a")?))),
};

impl Maxwell {
    /// Maxwell with scale `a`.
    pub fn new(a: impl Into<Value>) -> Self {
        Self { a: a.into() }
    }
}

impl Distribution for Maxwell {
    fn name(&self) -> &'static str {
        "Maxwell"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("a", &self.a)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = x * self.a.recip();
        x.log() * 2.0 - z.square() * 0.5 - self.a.log() * 3.0 + 0.5 * FRAC_2_PI.ln()
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("a > 0", &self.a)]
    }

    /// The root of the mean square.
    fn support_point(&self) -> Value {
        &self.a * 3.0_f64.sqrt()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Chi::new(3.0).log_cdf(&(x * self.a.recip()))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Chi::new(3.0).log_survival(&(x * self.a.recip()))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.a], shape, stream, |[a], stream| a * (2.0 * stream.gamma(1.5)).sqrt())
    }
}
