//! Some elements of a distribution: those that are missing in observed data, and the others.
//!
//! ```text
//! log p(x[k]) = log q(y)[place k]      y has x at the places of the part, typical values elsewhere
//! ```
//!
//! The elements are independent, so what stands elsewhere does not matter.
//!
//! # References
//! - PyMC 5.28, `pymc.distributions.distribution.PartialObservedRV`.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// The elements of a distribution of numbers at some flat places of a shape.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    base: Rc<dyn Distribution>,
    shape: Vec<usize>,
    places: Vec<u32>,
    seen_as: Vec<usize>,
}

impl Part {
    /// The elements at `places`, flat and increasing, of a variable of `shape`.
    pub(crate) fn new(base: Rc<dyn Distribution>, shape: Vec<usize>, places: Vec<u32>) -> Self {
        let seen_as = vec![places.len()];
        Self { base, shape, places, seen_as }
    }

    /// The same elements as an array of a shape, which they fill in order.
    pub(crate) fn seen_as(mut self, shape: Vec<usize>) -> Self {
        self.seen_as = shape;
        self
    }

    /// Elements of the part among typical values, in the shape of the whole.
    fn whole(&self, x: &Value) -> Value {
        let count = shape::elements(&self.shape);
        let others = self.base.support_point().broadcast_to(&self.shape).reshape(&[count]);
        let mut index: Vec<u32> = (0..count as u32).collect();
        self.places.iter().enumerate().for_each(|(k, &place)| index[place as usize] = (count + k) as u32);
        Value::concatenate(&[others, x.reshape(&[x.len()])], 0).take(index, self.shape.clone())
    }

    /// The elements of a value of the whole that the part has; one number stands for all.
    fn of(&self, value: &Value) -> Value {
        if value.len() == 1 {
            return value.reshape(&[]);
        }
        value.broadcast_to(&self.shape).take(self.places.clone(), self.seen_as.clone())
    }
}

impl Distribution for Part {
    fn name(&self) -> &'static str {
        self.base.name()
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, x: &Value) -> Value {
        self.of(&self.base.log_density(&self.whole(x)).broadcast_to(&self.shape))
    }

    fn support(&self) -> Support {
        match self.base.support() {
            Support::Interval { lower, upper } => {
                Support::Interval { lower: self.of(&lower), upper: self.of(&upper) }
            }
            Support::IntegerUpTo(most) => Support::IntegerUpTo(self.of(&most)),
            Support::IntegerBetween { lower, upper } => {
                Support::IntegerBetween { lower: self.of(&lower), upper: self.of(&upper) }
            }
            other => other,
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let conditions = self.base.conditions().into_iter();
        conditions.map(|c| Condition { rule: c.rule, holds: self.of(&c.holds) }).collect()
    }

    fn support_point(&self) -> Value {
        self.of(&self.base.support_point()).broadcast_to(&self.seen_as)
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.seen_as.clone())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, _shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let whole = self.base.draw(&self.shape, stream)?;
        Ok(self.places.iter().map(|&place| whole[place as usize]).collect())
    }
}
