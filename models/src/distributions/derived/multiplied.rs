//! A matrix times a vector that is drawn.
//!
//! ```text
//! y = A x      log p(y) = log q(A^-1 y) - log |det A|
//! ```
//!
//! The matrix is known from the data, and inverted once.
//!
//! # References
//! - Casella, Berger (2002), Statistical Inference, section 4.6.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError};
use faer::Mat;
use faer::linalg::solvers::DenseSolveCore;

use super::{NAME, density_of, drawn};
use crate::distributions::last_axis;
use crate::distributions::linear_algebra::apply;
use crate::distributions::stream::{Stream, numbers};
use crate::distributions::{Condition, Distribution, DistributionError, Support};

/// A square matrix times a draw of a vector.
#[derive(Clone, Debug)]
pub struct Multiplied {
    base: Rc<dyn Distribution>,
    matrix: Value,
    inverse: Value,
    log_determinant: f64,
}

impl Multiplied {
    /// `matrix` times a draw of `base`, a vector or independent numbers along one axis.
    ///
    /// # Errors
    /// When the matrix is not known from the data, not square, of another size, or has no inverse.
    pub fn new(matrix: &Value, base: Rc<dyn Distribution>) -> Result<Self, ValueError> {
        if let Some(error) = matrix.error() {
            return Err(error.clone());
        }
        let size = base.shape()?;
        let refused = |expected: &str| ValueError::Shape {
            operation: "a matrix times a draw".into(),
            shape: matrix.shape().to_vec(),
            expected: expected.into(),
        };
        let (Some(entries), &[n]) = (matrix.as_data(), &size[..]) else {
            return Err(refused(
                "a draw of one axis and a matrix that is known from the data have a density",
            ));
        };
        if matrix.shape() != [n, n] || n == 0 {
            return Err(refused(&format!("the density needs a square matrix, here of size {n}")));
        }
        let factor = Mat::from_fn(n, n, |i, k| entries[i * n + k]).partial_piv_lu();
        let upper = factor.U();
        let log_determinant = (0..n).map(|k| upper[(k, k)].abs().ln()).sum::<f64>();
        let inverse = factor.inverse();
        let inverse: Vec<f64> = (0..n * n).map(|i| inverse[(i / n, i % n)]).collect();
        if !log_determinant.is_finite() || inverse.iter().any(|x| !x.is_finite()) {
            return Err(refused("a matrix without an inverse gives no density"));
        }
        let inverse = Value::data(inverse, [n, n], Kind::Float);
        Ok(Self { base, matrix: matrix.clone(), inverse, log_determinant })
    }
}

impl Distribution for Multiplied {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.base.parameters()
    }

    fn log_density(&self, y: &Value) -> Value {
        let x = apply(&self.inverse, y);
        if x.error().is_some() {
            return x;
        }
        let density = density_of(&*self.base, &x);
        let density = match self.base.event_rank() {
            0 => last_axis::sum(&density.broadcast_to(x.shape())).reshape(&x.shape()[..x.rank() - 1]),
            _ => density,
        };
        density - self.log_determinant
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        self.base.conditions()
    }

    fn support_point(&self) -> Value {
        let n = self.matrix.shape()[0];
        apply(&self.matrix, &self.base.typical(&[n]).broadcast_to(&[n]))
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.base.shape()
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        numbers(NAME, &apply(&self.matrix, &drawn(&*self.base, shape, stream)?), shape)
    }
}
