//! LKJ distributed correlations.
//!
//! ```text
//! log p(R) = c(eta, n) + (eta - 1) log det(R)      c as for LKJCholeskyCov, with PyMC's sign
//! ```
//!
//! The value is the upper triangle of `R` without the diagonal, row by row; matrices that are not positive definite
//! have density zero.
//!
//! # References
//! - Lewandowski, Kurowicka, Joe (2009), Generating random correlation matrices based on vines and extended onion
//!   method. doi:10.1016/j.jmva.2009.04.008

use chainfire_engine::program::{Kind, Value, ValueError};

use super::linear_algebra::diagonal;
use super::lkj_cholesky_cov::{draw_factor, log_integral};
use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// The upper triangle of a correlation matrix of `n` variables, with concentration `eta`.
#[derive(Clone, Debug)]
pub struct LkjCorr {
    n: usize,
    eta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "LKJCorr",
    aliases: &[],
    positional: &["n", "eta"],
    keyword_only: &["return_matrix"],
    signature: "n, eta, return_matrix=False",
    summary: "Correlations of Lewandowski, Kurowicka and Joe",
    support: "correlations above the diagonal, by rows",
    parameters: &[
        ("n", "number of variables"),
        ("eta", "concentration at 0, above 0"),
        ("return_matrix", "whether the matrix is given back"),
    ],
    example: r#"pm.LKJCorr("corr", n=3, eta=2)"#,
    build: |arguments: &Arguments| {
        let (n, eta) = (arguments.whole("n")?, arguments.require("eta")?);
        if n < 2 || eta.as_data().is_none_or(|eta| eta.len() != 1) {
            return Err(
                arguments.error("`n` and `eta` must be numbers that are known from the data, `n` above 1")
            );
        }
        Ok(Box::new(LkjCorr { n, eta }))
    },
};

impl LkjCorr {
    /// Correlations of `n` variables with concentration `eta`.
    pub fn new(n: usize, eta: f64) -> Self {
        Self { n, eta: Value::from(eta) }
    }

    fn concentration(&self) -> f64 {
        self.eta.as_data().map_or(f64::NAN, |eta| eta[0])
    }

    /// The symmetric matrix of an upper triangle.
    ///
    /// # Shapes
    /// `upper`: `[n (n - 1) / 2]`, result: `[n, n]`
    pub fn matrix(upper: &Value, n: usize) -> Value {
        let padded = Value::concatenate(&[upper.clone(), Value::data(vec![1.0], [1], Kind::Float)], 0);
        let place = |i: usize, k: usize| {
            let (i, k) = (i.min(k), i.max(k));
            if i == k { upper.len() as u32 } else { (i * (2 * n - i - 1) / 2 + k - i - 1) as u32 }
        };
        padded.take((0..n * n).map(|at| place(at / n, at % n)).collect(), vec![n, n])
    }
}

impl Distribution for LkjCorr {
    fn name(&self) -> &'static str {
        "LKJCorr"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("eta", &self.eta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let eta = self.concentration();
        let log_det = diagonal(&Self::matrix(x, self.n).cholesky()).log().sum() * 2.0;
        let density = &log_det * (eta - 1.0) + log_integral(eta, self.n);
        log_det.equal(&log_det).select(&density, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        Support::Interval { lower: Value::from(-1.0), upper: Value::from(1.0) }
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("eta > 0", &self.eta)]
    }

    fn support_point(&self) -> Value {
        Value::from(0.0)
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(vec![self.n * (self.n - 1) / 2])
    }

    fn derived(&self, x: &Value) -> Vec<(&'static str, Value)> {
        vec![("matrix", Self::matrix(x, self.n))]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let count: usize = shape[..shape.len().saturating_sub(1)].iter().product();
        let mut drawn = Vec::new();
        for _ in 0..count {
            let rows = draw_factor(self.concentration(), self.n, stream);
            let product = |i: usize, k: usize| rows[i].iter().zip(&rows[k]).map(|(a, b)| a * b).sum::<f64>();
            drawn.extend(
                (0..self.n).flat_map(|i| (i + 1..self.n).map(move |k| (i, k))).map(|(i, k)| product(i, k)),
            );
        }
        Ok(drawn)
    }
}
