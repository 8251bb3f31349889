//! The largest or least of independent draws of one distribution.
//!
//! ```text
//! log p(y) = log n + (n - 1) log F(y) + log q(y)            the largest of n numbers
//!          = log(F(y)^n - F(y - 1)^n)                       of n whole numbers
//! ```
//!
//! and with `1 - F` for the least.
//!
//! # References
//! - Casella, Berger (2002), Statistical Inference, theorems 5.4.3 and 5.4.4.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::{NAME, density_of, drawn, no_distribution_function};
use crate::distributions::special::log1m_exp;
use crate::distributions::stream::Stream;
use crate::distributions::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};

/// The largest or least of `count` draws of `base`.
#[derive(Clone, Debug)]
pub struct Extreme {
    base: Rc<dyn Distribution>,
    count: usize,
    is_largest: bool,
}

impl Extreme {
    /// The largest or least of the numbers of a draw of a univariate distribution with one value of every parameter.
    ///
    /// # Errors
    /// When the parameters have several values, so that the numbers have several distributions.
    pub fn new(base: Rc<dyn Distribution>, is_largest: bool) -> Result<Self, ValueError> {
        let whole = base.shape()?;
        if let Some((name, parameter)) = base.parameters().into_iter().find(|(_, p)| p.len() != 1) {
            return Err(ValueError::Shape {
                operation: if is_largest { "max" } else { "min" }.into(),
                shape: parameter.shape().to_vec(),
                expected: format!(
                    "the parameter `{name}` of the draws must be one number: they must have one distribution"
                ),
            });
        }
        Ok(Self { base, count: shape::elements(&whole), is_largest })
    }
}

impl Extreme {
    /// What `run` makes of the numbers `y` as values of one of the draws, which all have one distribution.
    fn of_one(&self, y: &Value, run: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
        let rank = self.base.shape().map_or(0, |whole| whole.len());
        let all = run(&y.reshape(&[y.shape(), &vec![1; rank]].concat()))?;
        if all.error().is_some() || y.is_empty() {
            return Some(all);
        }
        let every = all.len() / y.len();
        Some(all.take((0..y.len()).map(|i| (i * every) as u32).collect(), y.shape().to_vec()))
    }
}

impl Distribution for Extreme {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        Vec::new()
    }

    fn log_density(&self, y: &Value) -> Value {
        let n = self.count as f64;
        let one = |y: &Value| log_probability_anywhere(&*self.base, y, self.is_largest);
        let beyond = |y: &Value| self.of_one(y, one);
        if !self.base.support().is_discrete() {
            let Some(others) = beyond(y) else { return no_distribution_function(&*self.base) };
            let Some(density) = self.of_one(y, |y| Some(density_of(&*self.base, y))) else { return others };
            let density = density + n.ln();
            // No others: nothing times minus infinity is no number.
            return if self.count > 1 { density + others * (n - 1.0) } else { density };
        }
        let (here, before) = if self.is_largest { (y.clone(), y - 1.0) } else { (y - 1.0, y.clone()) };
        let (Some(here), Some(before)) = (beyond(&here), beyond(&before)) else {
            return no_distribution_function(&*self.base);
        };
        let is_none = here.equal(&Value::from(f64::NEG_INFINITY));
        let ratio = is_none.select(&Value::from(-1.0), &((before - &here) * n));
        here * n + log1m_exp(&ratio)
    }

    fn support(&self) -> Support {
        self.base.support()
    }

    fn conditions(&self) -> Vec<Condition> {
        let one = |condition: Condition| match condition.holds.len() {
            1 => Condition { holds: condition.holds.reshape(&[]), ..condition },
            _ => condition,
        };
        self.base.conditions().into_iter().map(one).collect()
    }

    fn support_point(&self) -> Value {
        let point = self.base.support_point();
        point.take(vec![0], Vec::new())
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(Vec::new())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let all = drawn(&*self.base, &[shape, &[self.count]].concat(), stream)?;
        let numbers = all.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default();
        let (run, start): (fn(f64, f64) -> f64, f64) =
            if self.is_largest { (f64::max, f64::NEG_INFINITY) } else { (f64::min, f64::INFINITY) };
        Ok(numbers.chunks(self.count).map(|some| some.iter().copied().fold(start, run)).collect())
    }
}
