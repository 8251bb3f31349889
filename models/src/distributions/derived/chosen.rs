//! One of two draws, by a condition that is known when the value is.
//!
//! ```text
//! log p(y) = log q(y) where the condition holds, log r(y) elsewhere
//! ```
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/mixture.py` (`switch`).

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::{NAME, density_of};
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support, joint_shape};

/// A draw of `when_true` where `condition` holds, of `when_false` elsewhere.
#[derive(Clone, Debug)]
pub struct Chosen {
    condition: Value,
    when_true: Rc<dyn Distribution>,
    when_false: Rc<dyn Distribution>,
    shape: Vec<usize>,
}

impl Chosen {
    /// One of two draws of univariate distributions, element by element.
    ///
    /// # Errors
    /// When the shapes do not broadcast.
    pub fn new(
        condition: impl Into<Value>,
        when_true: Rc<dyn Distribution>,
        when_false: Rc<dyn Distribution>,
    ) -> Result<Self, ValueError> {
        let condition = condition.into();
        let of = |d: &Rc<dyn Distribution>| Ok(Value::from(0.0).broadcast_to(&d.shape()?));
        let shape = joint_shape([&condition, &of(&when_true)?, &of(&when_false)?])?;
        Ok(Self { condition, when_true, when_false, shape })
    }
}

impl Distribution for Chosen {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let both = self.when_true.parameters().into_iter().chain(self.when_false.parameters());
        both.chain([("condition", &self.condition)]).collect()
    }

    fn log_density(&self, y: &Value) -> Value {
        let [a, b] = [&self.when_true, &self.when_false].map(|one| density_of(&**one, y));
        self.condition.select(&a, &b)
    }

    fn support(&self) -> Support {
        let infinity = f64::INFINITY;
        match self.when_true.support().is_discrete() && self.when_false.support().is_discrete() {
            true => Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) },
            false => Support::Real,
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        [self.when_true.conditions(), self.when_false.conditions()].concat()
    }

    fn support_point(&self) -> Value {
        self.condition.select(&self.when_true.support_point(), &self.when_false.support_point())
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.shape.clone())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.when_true, &*self.when_false]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let chosen = numbers(NAME, &self.condition, shape)?;
        let (a, b) = (self.when_true.draw(shape, stream)?, self.when_false.draw(shape, stream)?);
        let pairs = a.into_iter().zip(b);
        Ok(chosen.into_iter().zip(pairs).map(|(c, (a, b))| if c != 0.0 { a } else { b }).collect())
    }
}
