//! The matrix normal distribution.
//!
//! ```text
//! log p(X) = -(sum of squares of Z) / 2 - n log det(R) - m log det(C) - m n log(2 pi) / 2      Z = R^-1 (X - mu) C'^-1
//! ```
//!
//! `R R'` is the covariance of the `m` rows, `C C'` that of the `n` columns.
//!
//! # References
//! - Dawid (1981), Some matrix-variate distribution theory. doi:10.1093/biomet/68.1.265

use chainfire_engine::program::{Value, ValueError};

use super::linear_algebra::{diagonal, solve_lower};
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, joint_shape};

/// Matrix normal with lower triangular factors of the covariances of rows and columns.
#[derive(Clone, Debug)]
pub struct MatrixNormal {
    mu: Value,
    rows: Value,
    columns: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "MatrixNormal",
    aliases: &[],
    positional: &["mu", "rowcov", "rowchol", "colcov", "colchol"],
    keyword_only: &[],
    signature: "mu, rowcov | rowchol, colcov | colchol",
    summary: "Matrix of normal variables with covariances of rows and of columns",
    support: "real matrices",
    parameters: &[
        ("mu", "mean"),
        ("rowcov", "covariance of the rows"),
        ("rowchol", "lower triangular factor of rowcov, in place of it"),
        ("colcov", "covariance of the columns"),
        ("colchol", "lower triangular factor of colcov, in place of it"),
    ],
    example: r#"pm.MatrixNormal("x", mu=np.zeros((2, 3)), rowcov=np.eye(2), colcov=np.eye(3))"#,
    build: |arguments: &Arguments| {
        let factor = |covariance: &str, factor: &str| match (arguments.get(covariance), arguments.get(factor))
        {
            (Some(matrix), None) => Ok(matrix.cholesky()),
            (None, Some(factor)) => Ok(factor),
            _ => Err(arguments.error(format!(
                "Incompatible parameterization. Specify exactly one of {covariance}, or {factor}."
            ))),
        };
        let (rows, columns) = (factor("rowcov", "rowchol")?, factor("colcov", "colchol")?);
        Ok(Box::new(MatrixNormal::with_factors(arguments.require("mu")?, rows, columns)))
    },
};

impl MatrixNormal {
    /// Matrix normal around `mu` with covariances of the rows and of the columns.
    pub fn new(mu: impl Into<Value>, rows: impl Into<Value>, columns: impl Into<Value>) -> Self {
        Self::with_factors(mu, rows.into().cholesky(), columns.into().cholesky())
    }

    /// Matrix normal around `mu` with lower triangular factors of the covariances of the rows and of the columns.
    pub fn with_factors(mu: impl Into<Value>, rows: impl Into<Value>, columns: impl Into<Value>) -> Self {
        Self { mu: mu.into(), rows: rows.into(), columns: columns.into() }
    }
}

impl Distribution for MatrixNormal {
    fn name(&self) -> &'static str {
        "MatrixNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("rowchol", &self.rows), ("colchol", &self.columns)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = solve_lower(&self.columns, &(x - &self.mu));
        let z = solve_lower(&self.rows, &z.transpose());
        let log_det = |factor: &Value| diagonal(factor).log().sum();
        let &[n, m] = z.shape() else { return z };
        let (n, m) = (n as f64, m as f64);
        let normaliser = log_det(&self.rows) * n + log_det(&self.columns) * m + m * n * HALF_LOG_TWO_PI;
        z.square().sum() * -0.5 - normaliser
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let holds = |factor: &Value| {
            let count = factor.shape().first().copied().unwrap_or(0) as f64;
            diagonal(factor).greater(&Value::from(0.0)).sum().greater_equal(&Value::from(count))
        };
        vec![
            Condition { rule: "posdef row covariance", holds: holds(&self.rows) },
            Condition { rule: "posdef column covariance", holds: holds(&self.columns) },
        ]
    }

    fn support_point(&self) -> Value {
        self.shape().map_or_else(Value::invalid, |shape| self.mu.broadcast_to(&shape))
    }

    fn event_rank(&self) -> usize {
        2
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        let size = |factor: &Value| match factor.error() {
            Some(error) => Err(error.clone()),
            None => Ok(factor.shape().first().copied().unwrap_or(0)),
        };
        let zeros = Value::from(0.0).broadcast_to(&[size(&self.rows)?, size(&self.columns)?]);
        joint_shape([&self.mu, &zeros])
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let rows = numbers(self.name(), &self.rows, self.rows.shape())?;
        let columns = numbers(self.name(), &self.columns, self.columns.shape())?;
        let (m, n) = (self.rows.shape()[0], self.columns.shape()[0]);
        let mut drawn = numbers(self.name(), &self.mu, shape)?;
        for matrix in drawn.chunks_mut((m * n).max(1)) {
            let z: Vec<f64> = (0..m * n).map(|_| stream.normal()).collect();
            // R Z C'
            let left = |i: usize, k: usize| (0..=i).map(|j| rows[i * m + j] * z[j * n + k]).sum::<f64>();
            let wide: Vec<f64> = (0..m * n).map(|at| left(at / n, at % n)).collect();
            for (at, x) in matrix.iter_mut().enumerate() {
                *x += (0..=at % n).map(|j| wide[at / n * n + j] * columns[at % n * n + j]).sum::<f64>();
            }
        }
        Ok(drawn)
    }
}
