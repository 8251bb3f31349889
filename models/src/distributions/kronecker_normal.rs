//! The multivariate normal distribution whose covariance is a Kronecker product, with noise on top.
//!
//! ```text
//! covariance = K1 x K2 x ... + sigma^2 I
//! K = Q diag(l) Q':                   log p(x) = -(sum of y^2 / v + log(v) + log(2 pi)) / 2
//!                                    y = (Q1 x Q2 x ...)' (x - mu),  v = l1 x l2 x ... + sigma^2
//! without noise, K = L L':            log p(x) = -(z'z + N log(2 pi)) / 2 - sum over i of N / n[i] log det(L[i])
//!                                    z = (L1 x L2 x ...)^-1 (x - mu)
//! with noise, K of parameters:        as without, of the one factor L of the whole matrix
//! ```
//!
//! Products with one factor after the other never make the matrix of all, unless noise meets covariances that depend on
//! parameters: eigenvectors have no derivative where eigenvalues are equal, and those of a smooth covariance nearly are.
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

/// Most rows of a matrix that is made as a whole.
const DENSE: usize = 2048;

#[derive(Clone, Debug)]
enum Factors {
    /// Transposed eigenvectors of every factor, and the products of their eigenvalues.
    Spectral { vectors: Vec<Value>, values: Value },
    /// Lower triangular factors, without noise or with the noise inside of the only one.
    Lower(Vec<Value>),
}

pub(super) const ENTRY: Entry = Entry {
    name: "KroneckerNormal",
    aliases: &[],
    positional: &["mu", "covs", "chols", "evds", "sigma"],
    keyword_only: &[],
    signature: "mu, covs | chols | evds, sigma=0",
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
        let (mu, sigma) = (arguments.require("mu")?, arguments.get_or("sigma", 0.0));
        let given = |name| arguments.values(name);
        let factors = match (arguments.has("covs"), arguments.has("chols"), arguments.has("evds")) {
            (true, false, false) => of_covariances(&given("covs")?, &sigma),
            (false, true, false) => of_factors(&given("chols")?, &sigma),
            (false, false, true) => {
                let parts = given("evds")?;
                let pairs: Vec<_> = parts.chunks_exact(2).map(|p| (p[0].clone(), p[1].clone())).collect();
                of_eigen(&pairs)
            }
            _ => {
                let reason = "Incompatible parameterization. Specify exactly one of covs, chols, or evds.";
                return Err(arguments.error(reason));
            }
        };
        let (factors, size) = factors.map_err(|reason| arguments.error(reason))?;
        Ok(Box::new(KroneckerNormal { mu, sigma, factors, size }))
    },
};

impl KroneckerNormal {
    /// Normal around `mu` whose covariance is the Kronecker product of `covariances`, with noise of scale `sigma`.
    /// What does not make a covariance is told when the variable is declared.
    pub fn new(mu: impl Into<Value>, covariances: &[Value], sigma: impl Into<Value>) -> Self {
        let sigma = sigma.into();
        let factors = of_covariances(covariances, &sigma);
        Self::of(mu.into(), covariances, sigma, factors)
    }

    /// As [`KroneckerNormal::new`], of lower triangular factors of the covariances.
    pub fn with_factors(mu: impl Into<Value>, factors: &[Value], sigma: impl Into<Value>) -> Self {
        let sigma = sigma.into();
        let lower = of_factors(factors, &sigma);
        Self::of(mu.into(), factors, sigma, lower)
    }

    /// As [`KroneckerNormal::new`], of the eigenvalues of the covariances and the eigenvectors in the columns of
    /// matrices.
    pub fn with_eigen(mu: impl Into<Value>, pairs: &[(Value, Value)], sigma: impl Into<Value>) -> Self {
        let vectors: Vec<Value> = pairs.iter().map(|(_, vectors)| vectors.clone()).collect();
        Self::of(mu.into(), &vectors, sigma.into(), of_eigen(pairs))
    }

    fn of(mu: Value, given: &[Value], sigma: Value, factors: Result<(Factors, usize), &'static str>) -> Self {
        match factors {
            Ok((factors, size)) => Self { mu, sigma, factors, size },
            Err(reason) => {
                let shape = given.first().map_or(Vec::new(), |matrix| matrix.shape().to_vec());
                let (operation, expected) = ("KroneckerNormal".into(), reason.into());
                let mu = Value::invalid(ValueError::Shape { operation, shape, expected });
                Self { mu, sigma, factors: Factors::Lower(Vec::new()), size: 1 }
            }
        }
    }
}

/// Number of rows of the product of square matrices.
fn size_of(matrices: &[Value]) -> Result<usize, &'static str> {
    match matrices.iter().all(|m| m.rank() == 2 && m.shape()[0] == m.shape()[1] && !m.is_empty()) {
        true => Ok(matrices.iter().map(|m| m.shape()[0]).product()),
        false => Err("every covariance must be a square matrix"),
    }
}

/// With noise the eigenvalues of the covariances are needed, which are computed of data alone, or the whole matrix.
fn of_covariances(covariances: &[Value], sigma: &Value) -> Result<(Factors, usize), &'static str> {
    let size = size_of(covariances)?;
    let is_noiseless = sigma.as_data().is_some_and(|s| s.iter().all(|&s| s == 0.0));
    let known: Option<Vec<(Value, Value)>> = covariances.iter().map(spectrum).collect();
    match (known, is_noiseless) {
        (Some(pairs), _) => of_eigen(&pairs),
        (None, true) => Ok((Factors::Lower(covariances.iter().map(Value::cholesky).collect()), size)),
        (None, false) if size > DENSE => Err(
            "with `sigma` and more than 2048 rows the covariances must be known from the data, or given by their \
             eigenvalues, `evds=`",
        ),
        (None, false) => {
            let products = |a: Value, b: &Value| {
                let (n, m) = (a.shape()[0], b.shape()[0]);
                (a.reshape(&[n, 1, n, 1]) * b.reshape(&[1, m, 1, m])).reshape(&[n * m, n * m])
            };
            let whole = covariances.iter().fold(Value::from(1.0).reshape(&[1, 1]), products);
            let mut noise = vec![0.0; size * size];
            noise.iter_mut().step_by(size + 1).for_each(|x| *x = 1.0);
            let noise = Value::data(noise, [size, size], Kind::Float) * sigma.square();
            Ok((Factors::Lower(vec![(whole + noise).cholesky()]), size))
        }
    }
}

fn of_factors(factors: &[Value], sigma: &Value) -> Result<(Factors, usize), &'static str> {
    let size = size_of(factors)?;
    let is_known = factors.iter().all(|factor| factor.as_data().is_some());
    let is_noiseless = sigma.as_data().is_some_and(|s| s.iter().all(|&s| s == 0.0));
    if !is_known && is_noiseless {
        return Ok((Factors::Lower(factors.to_vec()), size));
    }
    let covariances: Vec<Value> = factors.iter().map(|l| l.matmul(&l.transpose())).collect();
    of_covariances(&covariances, sigma)
}

fn of_eigen(pairs: &[(Value, Value)]) -> Result<(Factors, usize), &'static str> {
    let vectors: Vec<Value> = pairs.iter().map(|(_, vectors)| vectors.transpose()).collect();
    let size = size_of(&vectors)?;
    if pairs.is_empty() || pairs.iter().any(|(values, vectors)| values.shape() != &vectors.shape()[..1]) {
        return Err(
            "every covariance needs a vector of eigenvalues, and as many eigenvectors in the columns of a matrix",
        );
    }
    let values = pairs.iter().map(|(values, _)| values.clone());
    let products = |a: Value, b: Value| (a.insert_axis(1) * b.insert_axis(0)).reshape(&[a.len() * b.len()]);
    Ok((Factors::Spectral { vectors, values: values.reduce(products).unwrap_or(Value::from(1.0)) }, size))
}

/// The eigenvalues and eigenvectors of a matrix of data.
fn spectrum(matrix: &Value) -> Option<(Value, Value)> {
    let n = matrix.shape()[0];
    let (values, vectors) = decompose(matrix.as_data()?, n);
    Some((Value::from(values), Value::data(vectors, [n, n], Kind::Float)))
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
            Factors::Spectral { vectors, values } => {
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
            Factors::Spectral { values, .. } => {
                let least = self.sigma.square() + values.min_axis(0);
                vec![Condition { rule, holds: least.greater(&zero) }]
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
            Factors::Spectral { vectors, values } => {
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
