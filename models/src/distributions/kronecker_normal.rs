//! The multivariate normal distribution whose covariance is a Kronecker product, with noise on top.
//!
//! ```text
//! covariance = K1 x K2 x ... + sigma^2 I
//! known factors, K = Q diag(l) Q':   log p(x) = -(sum of y^2 / v + log(v) + log(2 pi)) / 2
//!                                    y = (Q1 x Q2 x ...)' (x - mu),  v = l1 x l2 x ... + sigma^2
//! else, without noise, K = L L':     log p(x) = -(z'z + N log(2 pi)) / 2 - sum over i of N / n[i] log det(L[i])
//!                                    z = (L1 x L2 x ...)^-1 (x - mu)
//! ```
//!
//! Products with one factor after the other never make the matrix of all.
//!
//! # References
//! - Saatçi (2011), Scalable inference for structured Gaussian process models, chapter 5.

use chainfire_engine::program::{Kind, Value, ValueError};

use super::eigen::decompose;
use super::linear_algebra::{apply, diagonal, solve_lower};
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, vector_shape};

/// Multivariate normal with mean `mu`, a Kronecker product of covariances, and noise of scale `sigma`.
#[derive(Clone, Debug)]
pub struct KroneckerNormal {
    mu: Value,
    sigma: Value,
    factors: Factors,
    size: usize,
}

#[derive(Clone, Debug)]
enum Factors {
    /// Transposed eigenvectors of every factor, and the products of their eigenvalues.
    Known { vectors: Vec<Value>, values: Value },
    /// Lower triangular factors, without noise.
    Lower(Vec<Value>),
}

pub(super) const ENTRY: Entry = Entry {
    name: "KroneckerNormal",
    aliases: &[],
    positional: &["mu", "covs", "chols", "evds", "sigma"],
    keyword_only: &[],
    signature: "mu, covs | chols, sigma=0",
    summary: "Multivariate normal whose covariance is a Kronecker product, with noise",
    support: "real vectors",
    parameters: &[
        ("mu", "mean"),
        ("covs", "list of covariances"),
        ("chols", "list of lower triangular factors of the covariances"),
        ("evds", "list of eigenvalues and eigenvectors of the covariances, as np.linalg.eigh gives them"),
        ("sigma", "standard deviation of the noise"),
    ],
    example: r#"pm.KroneckerNormal("x", mu=np.zeros(4), covs=[np.array([[2.0, 1.0], [1.0, 2.0]]), np.eye(2)], sigma=0.5)"#,
    build: |arguments: &Arguments| {
        let matrices = match (arguments.has("covs"), arguments.has("chols"), arguments.has("evds")) {
            (true, false, false) => arguments.values("covs")?,
            (false, true, false) => arguments.values("chols")?,
            _ => {
                return Err(arguments.error(
                    "Incompatible parameterization. Specify exactly one of covs, chols, or evds (evds is not supported)",
                ));
            }
        };
        let is_factor = arguments.has("chols");
        if matrices.iter().any(|m| m.rank() != 2 || m.shape()[0] != m.shape()[1] || m.is_empty()) {
            return Err(arguments.error("every covariance must be a square matrix"));
        }
        let sigma = arguments.get_or("sigma", 0.0);
        let size = matrices.iter().map(|m| m.shape()[0]).product();
        let is_noiseless = sigma.as_data().is_some_and(|s| s.iter().all(|&s| s == 0.0));
        let is_known = matrices.iter().all(|m| m.as_data().is_some());
        let factors = match (is_known, is_noiseless) {
            (true, _) => known(&matrices, is_factor),
            (false, true) if is_factor => Factors::Lower(matrices),
            (false, true) => Factors::Lower(matrices.iter().map(Value::cholesky).collect()),
            (false, false) => {
                return Err(arguments.error("with `sigma` the covariances must be known from the data"));
            }
        };
        Ok(Box::new(KroneckerNormal { mu: arguments.require("mu")?, sigma, factors, size }))
    },
};

/// The factors of covariances that are known, or of their lower triangular factors.
fn known(matrices: &[Value], is_factor: bool) -> Factors {
    let mut products = vec![1.0];
    let mut transposed = Vec::with_capacity(matrices.len());
    for matrix in matrices {
        let n = matrix.shape()[0];
        let covariance = if is_factor { matrix.matmul(&matrix.transpose()) } else { matrix.clone() };
        let (values, vectors) = decompose(covariance.as_data().map(|x| x.to_vec()).unwrap_or_default(), n);
        products = products.iter().flat_map(|p| values.iter().map(move |v| p * v)).collect();
        transposed.push(Value::data(vectors, [n, n], Kind::Float).transpose());
    }
    Factors::Known { vectors: transposed, values: Value::from(products) }
}

/// The product of a Kronecker product with the vectors along the last axis of `x`, `step` for each factor on vectors of
/// its size.
fn product(factors: &[Value], x: &Value, step: fn(&Value, &Value) -> Value) -> Value {
    let Some((&size, batch)) = x.shape().split_last() else { return x.clone() };
    let rows: usize = batch.iter().product();
    let all = (0..rows).map(|row| {
        let mut y = x.take((0..size).map(|k| (row * size + k) as u32).collect(), vec![size]);
        for factor in factors.iter().rev() {
            let n = factor.shape()[0];
            // The axis of this factor is the last; it goes to the front.
            y = step(factor, &y.reshape(&[size / n, n])).transpose().reshape(&[size]);
        }
        y
    });
    Value::stack(&all.collect::<Vec<_>>(), 0).reshape(x.shape())
}

impl Distribution for KroneckerNormal {
    fn name(&self) -> &'static str {
        "KroneckerNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let (distance, size) = (x - &self.mu, self.size as f64);
        match &self.factors {
            Factors::Known { vectors, values } => {
                let variances = values + self.sigma.square();
                let square = product(vectors, &distance, apply).square() * variances.recip();
                (over(&square) + variances.log().sum()) * -0.5 - size * HALF_LOG_TWO_PI
            }
            Factors::Lower(lower) => {
                let log_det = lower.iter().map(|l| diagonal(l).log().sum() * (size / l.shape()[0] as f64));
                let log_det = log_det.reduce(|a, b| a + b).unwrap_or(Value::from(0.0));
                over(&product(lower, &distance, solve_lower).square()) * -0.5
                    - log_det
                    - size * HALF_LOG_TWO_PI
            }
        }
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "posdef covariance";
        let zero = Value::from(0.0);
        match &self.factors {
            Factors::Known { values, .. } => {
                let least =
                    values.as_data().map_or(f64::NAN, |v| v.iter().copied().fold(f64::INFINITY, f64::min));
                vec![Condition { rule, holds: (self.sigma.square() + least).greater(&zero) }]
            }
            Factors::Lower(lower) => {
                let positive = |l: &Value| {
                    let count = Value::from(l.shape()[0] as f64);
                    diagonal(l).greater(&zero).sum().greater_equal(&count)
                };
                lower.iter().map(|l| Condition { rule, holds: positive(l) }).collect()
            }
        }
    }

    fn support_point(&self) -> Value {
        self.shape().map_or_else(Value::invalid, |shape| self.mu.broadcast_to(&shape))
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        if let Factors::Lower(lower) = &self.factors
            && let Some(error) = lower.iter().find_map(Value::error)
        {
            return Err(error.clone());
        }
        vector_shape(&self.mu, self.size)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let mean = numbers(self.name(), &self.mu, shape)?;
        let normals: Vec<f64> = mean.iter().map(|_| stream.normal()).collect();
        let normals = Value::data(normals, shape, Kind::Float);
        let drawn = match &self.factors {
            Factors::Known { vectors, values } => {
                let scales = (values + self.sigma.square()).sqrt();
                let back: Vec<Value> = vectors.iter().map(Value::transpose).collect();
                product(&back, &(normals * scales), apply)
            }
            Factors::Lower(lower) => {
                let below = |l: &Value| {
                    let n = l.shape()[0];
                    let kept = (0..n * n).map(|i| f64::from(u8::from(i % n <= i / n))).collect::<Vec<_>>();
                    l * Value::data(kept, [n, n], Kind::Float)
                };
                product(&lower.iter().map(below).collect::<Vec<_>>(), &normals, apply)
            }
        };
        numbers(self.name(), &(drawn + &self.mu), shape)
    }
}
