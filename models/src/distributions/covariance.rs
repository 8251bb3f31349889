//! The covariance of a multivariate distribution, given by itself, by a factor of it, or by its inverse.
//!
//! ```text
//! z = L^-1 d        where L L' is the covariance
//! z = M' d          where M M' is the precision: nothing is inverted
//! ```
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, section 4.2.

use chainfire_engine::program::{Value, ValueError};

use super::linear_algebra::{apply, diagonal, solve_lower};
use super::registry::Arguments;
use super::stream::{Stream, numbers};
use super::{Condition, DistributionError};
use crate::finding::Rule;

/// A covariance or precision with its lower triangular factor.
#[derive(Clone, Debug)]
pub(super) struct Covariance {
    name: &'static str,
    given: Value,
    factor: Factor,
}

#[derive(Clone, Debug)]
enum Factor {
    OfCovariance(Value),
    OfPrecision(Value),
}

impl Covariance {
    pub(super) fn new(covariance: &Value) -> Self {
        let factor = Factor::OfCovariance(covariance.cholesky());
        Self { name: "cov", given: covariance.clone(), factor }
    }

    pub(super) fn of_precision(precision: &Value) -> Self {
        Self { name: "tau", given: precision.clone(), factor: Factor::OfPrecision(precision.cholesky()) }
    }

    /// From a triangular factor of the covariance; what is on the other side of its diagonal is not read.
    pub(super) fn of_factor(factor: &Value, is_lower: bool) -> Self {
        let lower = if is_lower { factor.clone() } else { factor.transpose() };
        Self { name: "chol", given: factor.clone(), factor: Factor::OfCovariance(lower) }
    }

    /// From the arguments `tau`, `chol` with `lower`, and the covariance under one of `names`.
    ///
    /// # Errors
    /// When not exactly one is given.
    pub(super) fn given(arguments: &Arguments, names: &[&str]) -> Result<Self, DistributionError> {
        let covariances: Vec<Value> = names.iter().filter_map(|name| arguments.get(name)).collect();
        let is_lower = arguments
            .get("lower")
            .is_none_or(|lower| lower.as_data().is_none_or(|x| x.first() != Some(&0.0)));
        match (&covariances[..], arguments.get("tau"), arguments.get("chol")) {
            ([covariance], None, None) => Ok(Self::new(covariance)),
            ([], Some(precision), None) => Ok(Self::of_precision(&precision)),
            ([], None, Some(factor)) => Ok(Self::of_factor(&factor, is_lower)),
            _ => Err(arguments.breach(
                Rule::OneOf,
                "Incompatible parameterization. Specify exactly one of tau, cov, or chol.",
            )),
        }
    }

    pub(super) fn parameter(&self) -> (&'static str, &Value) {
        (self.name, &self.given)
    }

    /// The lower triangular factor of the covariance, unless the precision was given.
    pub(super) fn factor(&self) -> Option<&Value> {
        match &self.factor {
            Factor::OfCovariance(lower) => Some(lower),
            Factor::OfPrecision(_) => None,
        }
    }

    fn lower(&self) -> &Value {
        match &self.factor {
            Factor::OfCovariance(lower) | Factor::OfPrecision(lower) => lower,
        }
    }

    /// Rows of the matrix.
    ///
    /// # Errors
    /// When it is not one square matrix.
    pub(super) fn size(&self) -> Result<usize, ValueError> {
        match (self.lower().error(), self.given.shape()) {
            (Some(error), _) => Err(error.clone()),
            (None, &[rows, columns]) if rows == columns => Ok(rows),
            (None, shape) => Err(ValueError::Shape {
                operation: self.name.into(),
                shape: shape.to_vec(),
                expected: "one square matrix".into(),
            }),
        }
    }

    /// The vectors along the last axis in the scale of the covariance.
    pub(super) fn whiten(&self, distance: &Value) -> Value {
        match &self.factor {
            Factor::OfCovariance(lower) => solve_lower(lower, distance),
            Factor::OfPrecision(lower) => apply(&lower.transpose(), distance),
        }
    }

    /// Half the logarithm of the determinant of the covariance.
    pub(super) fn half_log_det(&self) -> Value {
        let sum = diagonal(self.lower()).log().sum();
        match &self.factor {
            Factor::OfCovariance(_) => sum,
            Factor::OfPrecision(_) => -sum,
        }
    }

    /// That the matrix is positive definite.
    pub(super) fn condition(&self) -> Condition {
        let rule = match &self.factor {
            Factor::OfCovariance(_) => "posdef covariance",
            Factor::OfPrecision(_) => "posdef precision",
        };
        let pivots = diagonal(self.lower());
        let count = Value::from(pivots.len() as f64);
        Condition { rule, holds: pivots.greater(&Value::from(0.0)).sum().equal(&count) }
    }

    /// A vector around 0 with this covariance.
    pub(super) fn draw(
        &self,
        name: &'static str,
        stream: &mut Stream,
    ) -> Result<Vec<f64>, DistributionError> {
        let lower = numbers(name, self.lower(), self.given.shape())?;
        let n = self.given.shape().first().copied().unwrap_or(0);
        let z: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        Ok(match &self.factor {
            Factor::OfCovariance(_) => multiply_lower(&lower, &z),
            Factor::OfPrecision(_) => {
                let mut x = z;
                for i in (0..n).rev() {
                    let known: f64 = (i + 1..n).map(|k| lower[k * n + i] * x[k]).sum();
                    x[i] = (x[i] - known) / lower[i * n + i];
                }
                x
            }
        })
    }
}

/// `L z` for a lower triangular matrix.
pub(super) fn multiply_lower(lower: &[f64], z: &[f64]) -> Vec<f64> {
    let n = z.len();
    (0..n).map(|i| (0..=i).map(|k| lower[i * n + k] * z[k]).sum()).collect()
}
