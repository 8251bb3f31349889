//! Whether a draw lies above or below a limit.
//!
//! ```text
//! log p(1) = log(1 - F(c)),  log p(0) = log F(c)      X > c
//! ```
//!
//! For whole numbers `X > c` is `X > floor(c)`, `X >= c` is `X > ceil(c) - 1`, and the others are their opposites.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/binary.py`.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::{NAME, drawn, no_distribution_function};
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};

/// How a draw is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `X > c`
    Greater,
    /// `X >= c`
    GreaterEqual,
    /// `X < c`
    Lower,
    /// `X <= c`
    LowerEqual,
}

/// Whether a draw of `base` lies above or below `limit`.
#[derive(Clone, Debug)]
pub struct Compared {
    base: Rc<dyn Distribution>,
    comparison: Comparison,
    limit: Value,
}

impl Compared {
    /// A comparison of a draw of a univariate distribution whose distribution function is known.
    pub fn new(base: Rc<dyn Distribution>, comparison: Comparison, limit: impl Into<Value>) -> Self {
        Self { base, comparison, limit: limit.into() }
    }

    fn compare(&self, x: &Value) -> Value {
        match self.comparison {
            Comparison::Greater => x.greater(&self.limit),
            Comparison::GreaterEqual => x.greater_equal(&self.limit),
            Comparison::Lower => x.lower(&self.limit),
            Comparison::LowerEqual => x.lower_equal(&self.limit),
        }
    }
}

impl Distribution for Compared {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters().into_iter().chain([("limit", &self.limit)]).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let is_strict = matches!(self.comparison, Comparison::Greater | Comparison::LowerEqual);
        let limit = match (self.base.support().is_discrete(), is_strict) {
            (false, _) => self.limit.clone(),
            (true, true) => self.limit.floor(),
            (true, false) => -(-&self.limit).floor() - 1.0,
        };
        let run = |below: bool| log_probability_anywhere(&*self.base, &limit, below);
        let (Some(below), Some(above)) = (run(true), run(false)) else {
            return no_distribution_function(&*self.base);
        };
        let is_above = matches!(self.comparison, Comparison::Greater | Comparison::GreaterEqual);
        let (holds, fails) = if is_above { (above, below) } else { (below, above) };
        x.greater(&Value::from(0.5)).select(&holds, &fails)
    }

    fn support(&self) -> Support {
        Support::Binary
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        self.compare(&self.base.support_point())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.base.shape()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        numbers(NAME, &self.compare(&drawn(&*self.base, shape, stream)?), shape)
    }
}
