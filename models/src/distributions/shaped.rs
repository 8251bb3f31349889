//! A distribution repeated to a shape: independent values of the same parameters.
//!
//! ```text
//! log p(x) = log q(x)      element by element, with the batch axes of the shape
//! ```
//!
//! # References
//! - PyMC 5.28, `Distribution.dist(..., shape=)`.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// A distribution of a shape that its own broadcasts to.
#[derive(Clone, Debug)]
pub struct Shaped {
    base: Rc<dyn Distribution>,
    shape: Vec<usize>,
}

impl Shaped {
    /// A distribution of a shape, which the shape of `base` broadcasts to.
    pub fn new(base: Rc<dyn Distribution>, shape: Vec<usize>) -> Self {
        Self { base, shape }
    }
}

impl Distribution for Shaped {
    fn name(&self) -> &'static str {
        self.base.name()
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, x: &Value) -> Value {
        self.base.log_density(x)
    }

    fn normal_factor(&self) -> Option<&Value> {
        self.base.normal_factor()
    }

    fn support(&self) -> Support {
        self.base.support()
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        self.base.typical(&self.shape).broadcast_to(&self.shape)
    }

    fn typical(&self, shape: &[usize]) -> Value {
        self.base.typical(shape)
    }

    fn event_rank(&self) -> usize {
        self.base.event_rank()
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.shape.clone())
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.base.log_cdf(x)
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        self.base.log_survival(x)
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        self.base.quantile(share)
    }

    fn derived(&self, x: &Value) -> Vec<(&'static str, Value)> {
        self.base.derived(x)
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        self.base.draw(shape, stream)
    }
}
