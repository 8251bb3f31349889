//! An array of independent parts: draws and numbers, stacked or put one after the other.
//!
//! ```text
//! log p(y)[k] = log q_k(y[places of k])
//! ```
//!
//! Where a part is a vector or matrix, the array has one density.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/tensor.py`.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::{NAME, density_of};
use crate::distributions::stream::Stream;
use crate::distributions::{Condition, Distribution, DistributionError, Support};

#[derive(Clone, Debug)]
struct Piece {
    distribution: Rc<dyn Distribution>,
    shape: Vec<usize>,
    /// Flat places of its elements in the whole.
    places: Vec<u32>,
}

/// An array of independent parts.
#[derive(Clone, Debug)]
pub struct Joined {
    pieces: Vec<Piece>,
    shape: Vec<usize>,
}

impl Joined {
    /// Parts one after the other along an axis; they share nothing.
    ///
    /// # Errors
    /// When their shapes do not fit.
    pub fn concatenated(parts: Vec<Rc<dyn Distribution>>, axis: usize) -> Result<Self, ValueError> {
        Self::new(parts, |numbers| Value::concatenate(numbers, axis))
    }

    /// Parts of one shape along a new axis; they share nothing.
    ///
    /// # Errors
    /// When their shapes do not fit.
    pub fn stacked(parts: Vec<Rc<dyn Distribution>>, axis: usize) -> Result<Self, ValueError> {
        Self::new(parts, |numbers| Value::stack(numbers, axis))
    }

    fn new(
        parts: Vec<Rc<dyn Distribution>>,
        join: impl FnOnce(&[Value]) -> Value,
    ) -> Result<Self, ValueError> {
        let mut pieces = Vec::with_capacity(parts.len());
        let (mut numbered, mut first) = (Vec::with_capacity(parts.len()), 0);
        for distribution in parts {
            let shape = distribution.shape()?;
            let count = shape::elements(&shape);
            let numbers: Vec<f64> = (first..first + count).map(|i| i as f64).collect();
            numbered.push(Value::data(numbers, shape.clone(), chainfire_engine::program::Kind::Int));
            pieces.push(Piece { distribution, shape, places: vec![0; count] });
            first += count;
        }
        let whole = join(&numbered);
        if let Some(error) = whole.error() {
            return Err(error.clone());
        }
        let numbers = whole.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
        let mut places = vec![0; first];
        numbers.iter().enumerate().for_each(|(place, &number)| places[number as usize] = place as u32);
        let mut rest = &places[..];
        for piece in &mut pieces {
            let (own, others) = rest.split_at(piece.places.len());
            piece.places = own.to_vec();
            rest = others;
        }
        Ok(Self { pieces, shape: whole.shape().to_vec() })
    }

    /// The values of the pieces, put where they belong.
    fn assemble(&self, of: impl Fn(&Piece) -> Value) -> Value {
        let flat = |piece: &Piece| of(piece).broadcast_to(&piece.shape).reshape(&[piece.places.len()]);
        let values: Vec<Value> = self.pieces.iter().map(flat).collect();
        let mut index = vec![0; shape::elements(&self.shape)];
        let places = self.pieces.iter().flat_map(|piece| &piece.places);
        places.enumerate().for_each(|(k, &place)| index[place as usize] = k as u32);
        Value::concatenate(&values, 0).take(index, self.shape.clone())
    }
}

impl Distribution for Joined {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        Vec::new()
    }

    fn log_density(&self, y: &Value) -> Value {
        if y.shape() != self.shape {
            return Value::invalid(ValueError::Shape {
                operation: "the density of joined parts".into(),
                shape: y.shape().to_vec(),
                expected: format!("the parts fill the shape {}", shape::display(&self.shape)),
            });
        }
        let density = |piece: &Piece| {
            let y = y.take(piece.places.clone(), piece.shape.clone());
            density_of(&*piece.distribution, &y)
        };
        if self.event_rank() == 0 {
            return self.assemble(density);
        }
        let sums = self.pieces.iter().map(|piece| density(piece).sum());
        sums.reduce(|a, b| a + b).unwrap_or(Value::from(0.0))
    }

    fn support(&self) -> Support {
        let infinity = f64::INFINITY;
        match self.pieces.iter().all(|piece| piece.distribution.support().is_discrete()) {
            true => Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) },
            false => Support::Real,
        }
    }

    /// Rules of one truth value each: the parts have no shape in common.
    fn conditions(&self) -> Vec<Condition> {
        let all = self.pieces.iter().flat_map(|piece| piece.distribution.conditions());
        let one = |condition: Condition| {
            let count = Value::from(condition.holds.len() as f64 - 0.5);
            Condition { holds: condition.holds.sum().greater(&count), ..condition }
        };
        all.map(one).collect()
    }

    fn support_point(&self) -> Value {
        self.assemble(|piece| piece.distribution.support_point())
    }

    fn event_rank(&self) -> usize {
        let is_vector = self.pieces.iter().any(|piece| piece.distribution.event_rank() > 0);
        if is_vector { self.shape.len() } else { 0 }
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.shape.clone())
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        self.pieces.iter().map(|piece| &*piece.distribution).collect()
    }

    fn draw(&self, _shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let mut drawn = vec![0.0; shape::elements(&self.shape)];
        for piece in &self.pieces {
            let numbers = piece.distribution.draw(&piece.shape, stream)?;
            piece.places.iter().zip(numbers).for_each(|(&place, x)| drawn[place as usize] = x);
        }
        Ok(drawn)
    }
}
