//! Some draws of a distribution of vectors or matrices, in another order.
//!
//! ```text
//! log p(y)[k] = log q(x)[draw k]      x has y at the places of the chosen draws, typical values elsewhere
//! ```
//!
//! Where the numbers of a draw are no longer side by side, the array has one density, the sum.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/tensor.py` (`dimshuffle`), `pymc/logprob/rewriting.py` (indexing)

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::{anything_like, density_of};
use crate::distributions::stream::Stream;
use crate::distributions::{Condition, Distribution, DistributionError, Support};

/// Some draws of a distribution of vectors or matrices.
#[derive(Clone, Debug)]
pub struct Events {
    base: Rc<dyn Distribution>,
    whole: Vec<usize>,
    /// Flat places of the elements in the whole.
    places: Vec<u32>,
    shape: Vec<usize>,
    /// The chosen draws, in the order in which they come first.
    draws: Vec<u32>,
    /// Axes of one draw; all of them where the draws are not side by side.
    rank: usize,
}

impl Events {
    /// The elements at these flat places of a variable of the shape `whole`, as an array of another shape; `None` where
    /// they are not all elements of some draws.
    pub fn new(
        base: Rc<dyn Distribution>,
        whole: Vec<usize>,
        places: Vec<u32>,
        shape: Vec<usize>,
    ) -> Option<Self> {
        let event = &whole[whole.len().checked_sub(base.event_rank())?..];
        let size = shape::elements(event);
        let mut seen = std::collections::HashSet::new();
        let draws: Vec<u32> =
            places.iter().map(|&place| place / size as u32).filter(|&draw| seen.insert(draw)).collect();
        if draws.len() * size != places.len() {
            return None;
        }
        let runs = draws.iter().flat_map(|draw| (0..size as u32).map(move |k| draw * size as u32 + k));
        let is_side_by_side = shape.ends_with(event) && runs.eq(places.iter().copied());
        let rank = if is_side_by_side { event.len() } else { shape.len() };
        Some(Self { base, whole, places, shape, draws, rank })
    }

    fn is_side_by_side(&self) -> bool {
        self.rank == self.base.event_rank()
    }

    /// The values of the chosen draws, of which the base has one each.
    fn of(&self, value: &Value) -> Value {
        if value.len() == 1 {
            return value.reshape(&[]);
        }
        let batch = &self.whole[..self.whole.len() - self.base.event_rank()];
        let chosen = value.broadcast_to(batch).take(self.draws.clone(), vec![self.draws.len()]);
        match self.is_side_by_side() {
            true => chosen.reshape(&self.shape[..self.shape.len() - self.rank]),
            false => chosen,
        }
    }
}

impl Distribution for Events {
    fn name(&self) -> &'static str {
        self.base.name()
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, y: &Value) -> Value {
        let count = shape::elements(&self.whole);
        let others = self.base.typical(&self.whole).broadcast_to(&self.whole).reshape(&[count]);
        let mut index: Vec<u32> = (0..count as u32).collect();
        self.places.iter().enumerate().for_each(|(k, &place)| index[place as usize] = (count + k) as u32);
        let x = Value::concatenate(&[others, y.reshape(&[y.len()])], 0).take(index, self.whole.clone());
        let density = density_of(&*self.base, &x);
        let batch = &self.whole[..self.whole.len() - self.base.event_rank()];
        let chosen = self.of(&density.broadcast_to(batch));
        if self.is_side_by_side() { chosen } else { chosen.sum() }
    }

    fn support(&self) -> Support {
        if self.is_side_by_side() { self.base.support() } else { anything_like(&*self.base) }
    }

    fn conditions(&self) -> Vec<Condition> {
        let of = |condition: Condition| {
            let holds = self.of(&condition.holds);
            match self.is_side_by_side() {
                true => Condition { holds, ..condition },
                false => {
                    let count = Value::from(holds.len() as f64 - 0.5);
                    Condition { holds: holds.sum().greater(&count), ..condition }
                }
            }
        };
        self.base.conditions().into_iter().map(of).collect()
    }

    fn support_point(&self) -> Value {
        let whole = self.base.typical(&self.whole).broadcast_to(&self.whole);
        whole.take(self.places.clone(), self.shape.clone())
    }

    fn event_rank(&self) -> usize {
        self.rank
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.shape.clone())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, _shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let whole = self.base.draw(&self.whole, stream)?;
        Ok(self.places.iter().map(|&place| whole[place as usize]).collect())
    }
}
