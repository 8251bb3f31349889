//! The improper uniform density on the positive half of the real line.
//!
//! ```text
//! log p(x) = 0      x >= 0
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 2.8 (improper priors).

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Flat from zero on.
#[derive(Clone, Debug)]
pub struct HalfFlat;

pub(super) const ENTRY: Entry = Entry {
    name: "HalfFlat",
    aliases: &[],
    positional: &[],
    keyword_only: &[],
    signature: "no parameters",
    summary: "Density 1 above 0; not a probability",
    support: "numbers from 0 on",
    parameters: &[],
    example: r#"pm.HalfFlat("x")"#,
    build: |_: &Arguments| Ok(Box::new(HalfFlat)),
};

impl Distribution for HalfFlat {
    fn name(&self) -> &'static str {
        "HalfFlat"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        Vec::new()
    }

    fn log_density(&self, x: &Value) -> Value {
        zeros_like(x)
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }

    fn support_point(&self) -> Value {
        Value::from(1.0)
    }

    fn draw(&self, _: &[usize], _: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        Err(DistributionError::CannotDraw {
            distribution: self.name(),
            reason: "Cannot sample from half_flat variable".into(),
        })
    }
}
