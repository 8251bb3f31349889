//! Running sums of a draw along an axis.
//!
//! ```text
//! log p(y) = log q(x)      x[0] = y[0], x[t] = y[t] - y[t-1]
//! ```
//!
//! The axis and those after it are the axes of one draw.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/cumsum.py`.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError};

use super::{NAME, anything_like, density_of, drawn};
use crate::distributions::last_axis;
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support};

/// Running sums of a draw of `base`.
#[derive(Clone, Debug)]
pub struct Cumulated {
    base: Rc<dyn Distribution>,
    /// Axes from the one of the sums to the last.
    from_last: usize,
}

impl Cumulated {
    /// Running sums of a draw along an axis of it.
    ///
    /// # Errors
    /// When the draw has no such axis.
    pub fn new(base: Rc<dyn Distribution>, axis: usize) -> Result<Self, ValueError> {
        let whole = base.shape()?;
        if axis >= whole.len() {
            return Err(ValueError::Shape {
                operation: "cumsum".into(),
                shape: whole,
                expected: format!("an axis {axis}; give the distribution a `size=` or `shape=`"),
            });
        }
        Ok(Self { base, from_last: whole.len() - axis })
    }

    fn sums(&self, mut numbers: Vec<f64>, shape: &[usize]) -> Vec<f64> {
        let axis = shape.len().saturating_sub(self.from_last);
        let (length, stride) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
        for i in 0..numbers.len() {
            if i / stride % length > 0 {
                numbers[i] += numbers[i - stride];
            }
        }
        numbers
    }

    /// Every element less the one before it on the axis, the first as it is.
    fn steps(&self, y: &Value) -> Value {
        let axis = y.rank().saturating_sub(self.from_last);
        let stride: usize = y.shape()[axis + 1..].iter().product();
        let length = y.shape()[axis];
        let position = |i: usize| i / stride % length;
        let before = (0..y.len()).map(|i| if position(i) == 0 { i } else { i - stride } as u32).collect();
        let has_one = (0..y.len()).map(|i| f64::from(u8::from(position(i) > 0))).collect::<Vec<_>>();
        y - y.take(before, y.shape().to_vec()) * Value::data(has_one, y.shape(), Kind::Float)
    }
}

impl Distribution for Cumulated {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, y: &Value) -> Value {
        let density = density_of(&*self.base, &self.steps(y));
        let rest = self.event_rank() - self.base.event_rank();
        last_axis::sum_of(&density, rest)
    }

    fn support(&self) -> Support {
        anything_like(&*self.base)
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        let Ok(whole) = self.base.shape() else { return self.base.support_point() };
        let point = self.base.support_point().broadcast_to(&whole);
        // Only where it is known: it is what sampling starts from.
        match point.as_numbers() {
            Some(numbers) => Value::at_point(self.sums(numbers.to_vec(), &whole), whole),
            None => point,
        }
    }

    fn event_rank(&self) -> usize {
        self.from_last.max(self.base.event_rank())
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.base.shape()
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        Ok(self.sums(numbers(NAME, &drawn(&*self.base, shape, stream)?, shape)?, shape))
    }
}
