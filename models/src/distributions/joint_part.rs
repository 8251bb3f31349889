//! The missing and the present elements of vectors, whose density is that of both together.
//!
//! ```text
//! log p(missing) = 0,   log p(present | missing) = log q(y)      y has the elements of both at their places
//! ```
//!
//! # References
//! - PyMC 5.28, `pymc.distributions.distribution.PartialObservedRV`: for vectors the whole density is that of the
//!   present elements.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::special::zeros_like;
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Vectors some of whose elements are missing.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    base: Rc<dyn Distribution>,
    shape: Vec<usize>,
    /// Flat places of the missing elements, and of the others.
    missing: Vec<u32>,
    present: Vec<u32>,
}

impl Whole {
    /// Vectors of `shape`, whose elements at these places are missing and present.
    pub(crate) fn new(
        base: Rc<dyn Distribution>,
        shape: Vec<usize>,
        missing: Vec<u32>,
        present: Vec<u32>,
    ) -> Self {
        Self { base, shape, missing, present }
    }

    /// Both kinds of elements at their places.
    pub(crate) fn joined(&self, missing: &Value, present: &Value) -> Value {
        let mut index = vec![0; self.missing.len() + self.present.len()];
        let places = self.missing.iter().chain(&self.present).enumerate();
        places.for_each(|(k, &place)| index[place as usize] = k as u32);
        Value::concatenate(&[missing.clone(), present.clone()], 0).take(index, self.shape.clone())
    }

    /// The elements at these places of new vectors.
    fn draw(&self, places: &[u32], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let whole = self.base.draw(&self.shape, stream)?;
        Ok(places.iter().map(|&place| whole[place as usize]).collect())
    }

    fn typical(&self, places: &[u32]) -> Value {
        self.base.typical(&self.shape).broadcast_to(&self.shape).take(places.to_vec(), vec![places.len()])
    }
}

/// The missing elements of vectors.
#[derive(Clone, Debug)]
pub(crate) struct Missing(pub(crate) Whole);

impl Distribution for Missing {
    fn name(&self) -> &'static str {
        self.0.base.name()
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.0.base.parameters()
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
        self.0.typical(&self.0.missing)
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(vec![self.0.missing.len()])
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.0.base]
    }

    fn draw(&self, _: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        self.0.draw(&self.0.missing, stream)
    }
}

/// The present elements of vectors, beside the missing ones.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    pub(crate) whole: Whole,
    /// The missing elements.
    pub(crate) beside: Value,
}

impl Distribution for Present {
    fn name(&self) -> &'static str {
        self.whole.base.name()
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.whole.base.parameters()
    }

    fn log_density(&self, x: &Value) -> Value {
        self.whole.base.log_density(&self.whole.joined(&self.beside, x)).sum()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        self.whole.base.conditions()
    }

    fn support_point(&self) -> Value {
        self.whole.typical(&self.whole.present)
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(vec![self.whole.present.len()])
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.whole.base]
    }

    fn draw(&self, _: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        self.whole.draw(&self.whole.present, stream)
    }
}
