//! The Dirac delta: all mass on one number.
//!
//! ```text
//! log p(x) = 0 where x = c, else -infinity
//! ```
//!
//! # References
//! - Folklore.

use chainfire_engine::program::{Kind, Value};

use super::registry::{Arguments, Entry};
use super::special::zeros_like;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// All mass on `c`.
#[derive(Clone, Debug)]
pub struct DiracDelta {
    c: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "DiracDelta",
    aliases: &[],
    positional: &["c"],
    keyword_only: &[],
    signature: "c",
    summary: "All mass at one point",
    support: "c",
    parameters: &[("c", "the point")],
    example: r#"pm.DiracDelta("y", c=2, observed=[2, 2])"#,
    build: |arguments: &Arguments| Ok(Box::new(DiracDelta::new(arguments.require("c")?))),
};

impl DiracDelta {
    /// All mass on `c`.
    pub fn new(c: impl Into<Value>) -> Self {
        Self { c: c.into() }
    }
}

impl Distribution for DiracDelta {
    fn name(&self) -> &'static str {
        "DiracDelta"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("c", &self.c)]
    }

    fn log_density(&self, x: &Value) -> Value {
        x.equal(&self.c).select(&zeros_like(x), &Value::from(f64::NEG_INFINITY))
    }

    /// Whole numbers where `c` is one of them by kind.
    fn support(&self) -> Support {
        match self.c.kind() {
            Kind::Float => Support::Real,
            _ => Support::IntegerBetween { lower: self.c.clone(), upper: self.c.clone() },
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }

    fn support_point(&self) -> Value {
        self.c.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(x.greater_equal(&self.c).log())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.c], shape, stream, |[c], _| c)
    }
}
