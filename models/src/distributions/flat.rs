//! The improper uniform density on the real line.
//!
//! ```text
//! log p(x) = 0
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 2.8 (improper priors).

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Flat on the real line.
#[derive(Clone, Debug)]
pub struct Flat;

pub(super) const ENTRY: Entry = Entry {
    name: "Flat",
    aliases: &[],
    positional: &[],
    keyword_only: &[],
    signature: "no parameters",
    summary: "Density 1 everywhere; not a probability",
    support: "real numbers",
    parameters: &[],
    example: r#"pm.Flat("x")"#,
    build: |_: &Arguments| Ok(Box::new(Flat)),
};

impl Distribution for Flat {
    fn name(&self) -> &'static str {
        "Flat"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        Vec::new()
    }

    fn log_density(&self, x: &Value) -> Value {
        zeros_like(x)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }

    fn support_point(&self) -> Value {
        Value::from(0.0)
    }

    fn draw(&self, _: &[usize], _: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        Err(DistributionError::CannotDraw {
            distribution: self.name(),
            reason: "Cannot sample from flat variable".into(),
        })
    }
}
