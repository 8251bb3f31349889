//! A function of each number of a draw.
//!
//! ```text
//! log p(y) = log(sum over x with f(x) = y of q(x)) + log |dx/dy|
//! ```
//!
//! # References
//! - Casella, Berger (2002), Statistical Inference, theorems 2.1.5 and 2.1.8.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::map::{Direction, Map};
use super::{NAME, anything_like, density_of, drawn};
use crate::distributions::last_axis;
use crate::distributions::special::{log_sum_exp, log1m_exp};
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};

/// A function of each number of a draw of `base`.
#[derive(Clone, Debug)]
pub struct Mapped {
    base: Rc<dyn Distribution>,
    map: Map,
}

impl Mapped {
    /// A function of each number of a draw.
    ///
    /// # Errors
    /// When the parameter of the function has more elements than the draw, which would repeat it.
    pub fn new(base: Rc<dyn Distribution>, map: Map) -> Result<Self, ValueError> {
        if let Some((operation, parameter)) = map.parameter() {
            if let Some(error) = parameter.error() {
                return Err(error.clone());
            }
            let seen = base.shape()?;
            if shape::broadcast(&seen, parameter.shape()).as_deref() != Some(&seen) {
                let other = shape::display(parameter.shape());
                return Err(ValueError::Shape {
                    operation: format!("{operation} of a draw"),
                    shape: seen,
                    expected: format!(
                        "a draw for every element of {other}, or one number would stand in several places; give the \
                         distribution `size=size`"
                    ),
                });
            }
        }
        Ok(Self { base, map })
    }
}

impl Distribution for Mapped {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters().into_iter().chain(self.map.parameter()).collect()
    }

    fn log_density(&self, y: &Value) -> Value {
        let reached = self.map.reaches(y);
        let inside = match &reached {
            Some((holds, inside)) => holds.select(y, &Value::from(*inside)),
            None => y.clone(),
        };
        let inverses = self.map.inverses(&inside);
        let densities: Vec<Value> = inverses.iter().map(|x| density_of(&*self.base, x)).collect();
        let density = match &densities[..] {
            [one] => one.clone(),
            _ => log_sum_exp(&densities),
        };
        let mut slope = self.map.log_slope(&inside);
        if let Some((holds, _)) = &reached {
            let known = slope.unwrap_or(Value::from(0.0));
            slope = Some(holds.select(&known, &Value::from(f64::NEG_INFINITY)));
        }
        match slope {
            None => density,
            Some(slope) => {
                let slope = slope.broadcast_to(y.shape());
                density + last_axis::sum_of(&slope, self.event_rank())
            }
        }
    }

    /// Anything: what the function does not reach has no density.
    fn support(&self) -> Support {
        anything_like(&*self.base)
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        self.map.forward(&self.base.support_point())
    }

    fn event_rank(&self) -> usize {
        self.base.event_rank()
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.base.shape()
    }

    fn log_cdf(&self, y: &Value) -> Option<Value> {
        self.log_probability(y, true)
    }

    fn log_survival(&self, y: &Value) -> Option<Value> {
        self.log_probability(y, false)
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        if self.event_rank() > 0 || self.base.support().is_discrete() {
            return None;
        }
        let of = |share: &Value| self.base.quantile(share).map(|x| self.map.forward(&x));
        match self.direction() {
            Direction::Up => of(share),
            Direction::Down => of(&(1.0 - share)),
            Direction::BySign(factor) => {
                Some(factor.greater(&Value::from(0.0)).select(&of(share)?, &of(&(1.0 - share))?))
            }
            Direction::None => None,
        }
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        numbers(NAME, &self.map.forward(&drawn(&*self.base, shape, stream)?), shape)
    }
}

impl Mapped {
    /// The direction of the function over the numbers that are drawn.
    fn direction(&self) -> Direction {
        let (lower, _) = self.base.support().bounds();
        self.map.direction(lower.as_data().is_some_and(|numbers| numbers.iter().all(|&x| x >= 0.0)))
    }

    fn log_probability(&self, y: &Value, below: bool) -> Option<Value> {
        if self.event_rank() > 0 {
            return None;
        }
        let (lower, upper) = self.map.bounds();
        let is_low = y.lower_equal(&Value::from(lower));
        let is_high = y.greater_equal(&Value::from(upper));
        let inside = match self.map.reaches(&y.maximum(&Value::from(lower))) {
            Some((_, inside)) => {
                is_low.select(&Value::from(inside), &is_high.select(&Value::from(inside), y))
            }
            None => y.clone(),
        };
        let probability = self.log_probability_inside(&inside, below)?;
        let sides = |low: f64, high: f64| {
            let high = is_high.select(&Value::from(high), &probability);
            is_low.select(&Value::from(low), &high)
        };
        let none = f64::NEG_INFINITY;
        Some(match (lower.is_finite(), below) {
            (false, _) => probability,
            (true, true) => sides(none, 0.0),
            (true, false) => sides(0.0, none),
        })
    }

    /// At values that the function has.
    fn log_probability_inside(&self, y: &Value, below: bool) -> Option<Value> {
        // The inverse that is drawn comes last: of two it is the one from 0 on.
        let inverses = self.map.inverses(y);
        let x = inverses.last()?;
        // The numbers below a whole number end at the one before it when they are counted from above.
        let turned = if self.base.support().is_discrete() { x - 1.0 } else { x.clone() };
        let run = |x: &Value, below: bool| log_probability_anywhere(&*self.base, x, below);
        match self.direction() {
            Direction::Up => run(x, below),
            Direction::Down => run(&turned, !below),
            Direction::BySign(factor) => {
                let (up, down) = (run(x, below)?, run(&turned, !below)?);
                Some(factor.greater(&Value::from(0.0)).select(&up, &down))
            }
            // Even functions: what lies between the two inverses, or outside of them.
            Direction::None if inverses.len() == 2 && !self.base.support().is_discrete() => {
                let outside = log_sum_exp(&[run(&inverses[0], true)?, run(x, false)?]);
                Some(if below { log1m_exp(&outside.minimum(&Value::from(0.0))) } else { outside })
            }
            Direction::None => None,
        }
    }
}
