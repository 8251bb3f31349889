//! A draw rounded to whole numbers.
//!
//! ```text
//! log p(k) = log(F(k + 1) - F(k))             floor
//!          = log(F(k) - F(k - 1))             ceil
//!          = log(F(k + 1/2) - F(k - 1/2))     round
//! ```
//!
//! The difference is taken of probabilities on the side of the nearer tail, where fewer digits cancel.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/censoring.py`.

use std::f64::consts::LN_2;
use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::{NAME, drawn, no_distribution_function};
use crate::distributions::special::log1m_exp;
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};

/// Which whole number a number becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The largest not above it.
    Floor,
    /// The least not below it.
    Ceil,
    /// The nearest.
    Nearest,
}

/// A draw of `base`, rounded.
#[derive(Clone, Debug)]
pub struct Rounded {
    base: Rc<dyn Distribution>,
    rounding: Rounding,
}

impl Rounded {
    /// A draw of a univariate distribution whose distribution function is known, rounded.
    pub fn new(base: Rc<dyn Distribution>, rounding: Rounding) -> Self {
        Self { base, rounding }
    }

    fn round(&self, x: &Value) -> Value {
        match self.rounding {
            Rounding::Floor => x.floor(),
            Rounding::Ceil => -(-x).floor(),
            Rounding::Nearest => x.round(),
        }
    }
}

impl Distribution for Rounded {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, k: &Value) -> Value {
        let (low, high) = match self.rounding {
            Rounding::Floor => (k.clone(), k + 1.0),
            Rounding::Ceil => (k - 1.0, k.clone()),
            Rounding::Nearest => (k - 0.5, k + 0.5),
        };
        let run = |x: &Value, below: bool| log_probability_anywhere(&*self.base, x, below);
        let all = (run(&low, true), run(&high, true), run(&low, false), run(&high, false));
        let (Some(to_low), Some(to_high), Some(from_low), Some(from_high)) = all else {
            return no_distribution_function(&*self.base);
        };
        let is_above = to_low.greater(&Value::from(-LN_2));
        let larger = is_above.select(&from_low, &to_high);
        let smaller = is_above.select(&from_high, &to_low);
        // Both are minus infinity where there is nothing; a difference of infinities is no number.
        let is_none = larger.equal(&Value::from(f64::NEG_INFINITY));
        let ratio = is_none.select(&Value::from(-1.0), &(smaller - &larger));
        larger + log1m_exp(&ratio)
    }

    fn support(&self) -> Support {
        let infinity = f64::INFINITY;
        Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) }
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        self.round(&self.base.support_point())
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.base.shape()
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        numbers(NAME, &self.round(&drawn(&*self.base, shape, stream)?), shape)
    }
}
