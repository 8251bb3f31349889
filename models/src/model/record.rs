//! Records: declared variables with their values and terms.

use std::rc::Rc;

use chainfire_engine::program::Value;

use super::layout::Variable;
use crate::distributions::{Distribution, DistributionError};

/// A declared variable with its value and its terms of the log density.
pub(crate) struct Record {
    pub variable: Variable,
    pub value: Value,
    /// Unconstrained value of a free variable.
    pub unconstrained: Option<Value>,
    /// Log density of every element, Jacobian included.
    pub log_density: Option<Value>,
    /// The first rule of its distribution that the parameters break, where they are known.
    pub broken_rule: Option<DistributionError>,
    /// Its distribution.
    pub distribution: Option<Rc<dyn Distribution>>,
    /// Rules of one truth value that must hold for the density not to be zero.
    pub rules: Vec<Value>,
    /// How often the log density counts: more than once where the data stand for more rows than they have.
    pub weight: f64,
}

impl Record {
    /// Sum of the log density over its rows, times its weight; -inf where a rule is broken.
    pub fn total(&self) -> Option<Value> {
        let mut sum = self.log_density.as_ref()?.sum();
        if self.weight != 1.0 {
            sum = sum * self.weight;
        }
        let impossible = Value::from(f64::NEG_INFINITY);
        Some(self.rules.iter().fold(sum, |sum, rule| rule.reshape(&[]).select(&sum, &impossible)))
    }
}
