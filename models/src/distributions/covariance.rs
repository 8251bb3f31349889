//! The covariance of a multivariate distribution, given by itself, by a factor of it, or by its inverse.
//!
//! ```text
//! z = L^-1 d        where L L' is the covariance
//! z = M' d          where M M' is the precision: nothing is inverted
//! ```
//!
//! There may be several, along axes before those of the matrix: each is of the vectors at its place.
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, section 4.2.

use chainfire_engine::program::{Kind, Value, ValueError, value::shape};

use super::linear_algebra::{apply, diagonal, solve_lower};
use super::registry::Arguments;
use super::stream::{Stream, numbers};
use super::{Condition, DistributionError, joint_shape};
use crate::finding::Rule;

/// A covariance or precision with its lower triangular factor, or several of them.
#[derive(Clone, Debug)]
pub(super) struct Covariance {
    name: &'static str,
    given: Value,
    /// One for each matrix, in C order.
    factors: Vec<Factor>,
}

#[derive(Clone, Debug)]
enum Factor {
    OfCovariance(Value),
    OfPrecision(Value),
}

impl Covariance {
    pub(super) fn new(covariance: &Value) -> Self {
        Self::with("cov", covariance, |covariance| Factor::OfCovariance(covariance.cholesky()))
    }

    pub(super) fn of_precision(precision: &Value) -> Self {
        Self::with("tau", precision, |precision| Factor::OfPrecision(precision.cholesky()))
    }

    /// From a triangular factor of the covariance; what is on the other side of its diagonal is not read.
    pub(super) fn of_factor(factor: &Value, is_lower: bool) -> Self {
        let lower = |factor: &Value| if is_lower { factor.clone() } else { factor.transpose() };
        Self::with("chol", factor, |factor| Factor::OfCovariance(lower(factor)))
    }

    fn with(name: &'static str, given: &Value, factor: impl Fn(&Value) -> Factor) -> Self {
        let factors = match given.shape() {
            [batch @ .., rows, columns] if !batch.is_empty() => {
                let count = shape::elements(batch);
                let all = given.reshape(&[count, *rows, *columns]);
                (0..count).map(|k| factor(&all.narrow(0, k, k + 1).reshape(&[*rows, *columns]))).collect()
            }
            _ => vec![factor(given)],
        };
        Self { name, given: given.clone(), factors }
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

    /// The lower triangular factor of the covariance, where there is one and the precision was not given.
    pub(super) fn factor(&self) -> Option<&Value> {
        match &self.factors[..] {
            [Factor::OfCovariance(lower)] => Some(lower),
            _ => None,
        }
    }

    /// The axes before those of the matrix.
    fn batch(&self) -> &[usize] {
        let axes = self.given.shape();
        &axes[..axes.len().saturating_sub(2)]
    }

    /// Rows of the matrices.
    ///
    /// # Errors
    /// When they are not square.
    fn size(&self) -> Result<usize, ValueError> {
        let failed = self.factors.iter().find_map(|factor| factor.lower().error());
        match (failed, self.given.shape()) {
            (Some(error), _) => Err(error.clone()),
            (None, &[.., rows, columns]) if rows == columns && !self.factors.is_empty() => Ok(rows),
            (None, shape) => Err(ValueError::Shape {
                operation: self.name.into(),
                shape: shape.to_vec(),
                expected: "a square matrix".into(),
            }),
        }
    }

    /// The shape of vectors around the locations along the last axis of `mu`.
    ///
    /// # Errors
    /// When they do not fit the matrices.
    pub(super) fn shape(&self, mu: &Value) -> Result<Vec<usize>, ValueError> {
        let vector = [self.batch(), &[self.size()?]].concat();
        joint_shape([mu, &Value::from(0.0).broadcast_to(&vector)])
    }

    /// The number of the matrix of every vector, of vectors with these axes before their own.
    fn places(&self, axes: &[usize]) -> Vec<usize> {
        let numbers: Vec<f64> = (0..self.factors.len()).map(|k| k as f64).collect();
        let numbers = Value::data(numbers, self.batch(), Kind::Int).broadcast_to(axes);
        numbers.as_data().map(|numbers| numbers.iter().map(|&k| k as usize).collect()).unwrap_or_default()
    }

    /// The vectors along the last axis in the scale of the covariance.
    pub(super) fn whiten(&self, distance: &Value) -> Value {
        if let [factor] = &self.factors[..] {
            return factor.whiten(distance);
        }
        let whole = match self.shape(distance) {
            Ok(whole) => whole,
            Err(error) => return Value::invalid(error),
        };
        let size = whole[whole.len() - 1];
        let places = self.places(&whole[whole.len() - 1 - self.batch().len()..whole.len() - 1]);
        let rows = shape::elements(&whole) / (places.len() * size).max(1);
        let flat = distance.broadcast_to(&whole).reshape(&[rows, places.len(), size]);
        let of = |(at, &k): (usize, &usize)| {
            self.factors[k].whiten(&flat.narrow(1, at, at + 1).reshape(&[rows, size]))
        };
        let parts: Vec<Value> = places.iter().enumerate().map(of).collect();
        Value::stack(&parts, 1).reshape(&whole)
    }

    /// Half the logarithms of the determinants of the covariances.
    pub(super) fn half_log_det(&self) -> Value {
        self.of_each(|factor| {
            let sum = diagonal(factor.lower()).log().sum();
            match factor {
                Factor::OfCovariance(_) => sum,
                Factor::OfPrecision(_) => -sum,
            }
        })
    }

    /// That the matrices are positive definite.
    pub(super) fn condition(&self) -> Condition {
        let rule = match self.factors.first() {
            Some(Factor::OfPrecision(_)) => "posdef precision",
            _ => "posdef covariance",
        };
        let holds = self.of_each(|factor| {
            let pivots = diagonal(factor.lower());
            let count = Value::from(pivots.len() as f64);
            pivots.greater(&Value::from(0.0)).sum().equal(&count)
        });
        Condition { rule, holds }
    }

    /// A number of each matrix.
    fn of_each(&self, number: impl Fn(&Factor) -> Value) -> Value {
        match &self.factors[..] {
            [factor] if self.batch().is_empty() => number(factor),
            factors => {
                let numbers: Vec<Value> = factors.iter().map(number).collect();
                Value::stack(&numbers, 0).reshape(self.batch())
            }
        }
    }

    /// Vectors around 0 with these covariances, of a shape whose last axis is theirs.
    pub(super) fn draws(
        &self,
        name: &'static str,
        shape: &[usize],
        stream: &mut Stream,
    ) -> Result<Vec<f64>, DistributionError> {
        let n = shape.last().copied().unwrap_or(0);
        let mut lower = Vec::with_capacity(self.factors.len());
        for factor in &self.factors {
            lower.push(numbers(name, factor.lower(), &[n, n])?);
        }
        let places = self.places(&shape[..shape.len().saturating_sub(1)]);
        let one = |k: usize| {
            let z: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            self.factors[k].unwhiten(&lower[k], z)
        };
        Ok(places.into_iter().flat_map(one).collect())
    }
}

impl Factor {
    fn lower(&self) -> &Value {
        match self {
            Factor::OfCovariance(lower) | Factor::OfPrecision(lower) => lower,
        }
    }

    fn whiten(&self, distance: &Value) -> Value {
        match self {
            Factor::OfCovariance(lower) => solve_lower(lower, distance),
            Factor::OfPrecision(lower) => apply(&lower.transpose(), distance),
        }
    }

    /// The vector that is `z` in the scale of the covariance.
    fn unwhiten(&self, lower: &[f64], z: Vec<f64>) -> Vec<f64> {
        let n = z.len();
        match self {
            Factor::OfCovariance(_) => multiply_lower(lower, &z),
            Factor::OfPrecision(_) => {
                let mut x = z;
                for i in (0..n).rev() {
                    let known: f64 = (i + 1..n).map(|k| lower[k * n + i] * x[k]).sum();
                    x[i] = (x[i] - known) / lower[i * n + i];
                }
                x
            }
        }
    }
}

/// `L z` for a lower triangular matrix.
pub(super) fn multiply_lower(lower: &[f64], z: &[f64]) -> Vec<f64> {
    let n = z.len();
    (0..n).map(|i| (0..=i).map(|k| lower[i * n + k] * z[k]).sum()).collect()
}
