//! Random numbers of the shapes that draws are made of, one after the other from a key.
//!
//! ```text
//! gamma(a):       d (1 + x / sqrt(9 d))^3 with d = a - 1/3 and x normal, accepted by a squeeze; a < 1: G(a + 1) U^(1/a)
//! poisson(mu):    arrivals of exponentials below 10, else transformed rejection with decomposition
//! binomial(n, p): waiting times of successes where n p < 10, else transformed rejection with decomposition
//! ```
//!
//! Every number takes a block of the key of its own, so uniforms and normals never share random words.
//!
//! # References
//! - Marsaglia, Tsang (2000), A simple method for generating gamma variables. doi:10.1145/358407.358414
//! - Hörmann (1993), The transformed rejection method for generating Poisson random variables (PTRS).
//!   doi:10.1016/0167-6687(93)90997-4
//! - Hörmann (1993), The generation of binomial random variates (BTRS). doi:10.1080/00949659308811496

use chainfire_engine::program::Value;
use chainfire_kernels::random::Key;
use chainfire_kernels::special::lgamma;

use super::DistributionError;

/// A place in the random numbers of a key.
#[derive(Debug)]
pub struct Stream {
    key: Key,
    block: u32,
}

impl Stream {
    /// The numbers of a key, from the first on.
    pub fn new(key: Key) -> Self {
        Self { key, block: 0 }
    }

    /// First lane of the next block.
    fn lane(&mut self) -> u32 {
        let lane = self.block.wrapping_mul(2);
        self.block = self.block.wrapping_add(1);
        lane
    }

    /// Random words.
    pub(crate) fn words(&mut self) -> [u32; 4] {
        let block = self.lane() / 2;
        self.key.block(block)
    }

    /// Uniform in (0, 1].
    pub(super) fn uniform(&mut self) -> f64 {
        let lane = self.lane();
        self.key.uniform(lane)
    }

    /// Uniform in (0, 1).
    pub(super) fn inside(&mut self) -> f64 {
        self.uniform() * (1.0 - f64::EPSILON / 2.0)
    }

    /// Standard normal.
    pub(super) fn normal(&mut self) -> f64 {
        let lane = self.lane();
        self.key.normal(lane)
    }

    /// Exponential with mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        let lane = self.lane();
        self.key.exponential(lane)
    }

    /// 1 with a probability, else -1.
    pub(super) fn sign(&mut self, probability: f64) -> f64 {
        if self.uniform() <= probability { 1.0 } else { -1.0 }
    }

    /// Logarithm of a gamma number with rate 1; finite for shapes so small that the number itself is zero.
    pub(super) fn log_gamma(&mut self, shape: f64) -> f64 {
        if !(shape > 0.0 && shape.is_finite()) {
            return f64::NAN;
        }
        if shape < 1.0 {
            return self.log_gamma(shape + 1.0) - self.exponential() / shape;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return (d * v).ln();
            }
        }
    }

    /// Gamma with rate 1; above zero also where the number is too small to be held.
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        self.log_gamma(shape).exp().max(f64::MIN_POSITIVE)
    }

    /// Beta, by the ratio of gamma numbers.
    pub(super) fn beta(&mut self, alpha: f64, beta: f64) -> f64 {
        let (a, b) = (self.log_gamma(alpha), self.log_gamma(beta));
        1.0 / (1.0 + (b - a).exp())
    }

    /// Poisson.
    pub(super) fn poisson(&mut self, mu: f64) -> f64 {
        if !(mu >= 0.0 && mu.is_finite()) {
            return f64::NAN;
        }
        if mu < 10.0 {
            let (mut count, mut time) = (0.0, self.exponential());
            while time <= mu {
                count += 1.0;
                time += self.exponential();
            }
            return count;
        }
        let b = 0.931 + 2.53 * mu.sqrt();
        let a = -0.059 + 0.02483 * b;
        let height = 1.1239 + 1.1328 / (b - 3.4);
        let squeeze = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let (u, v) = (self.uniform() - 0.5, self.uniform());
            let side = 0.5 - u.abs();
            let k = ((2.0 * a / side + b) * u + mu + 0.43).floor();
            if side >= 0.07 && v <= squeeze {
                return k;
            }
            if k < 0.0 || (side < 0.013 && v > side) {
                continue;
            }
            let bound = (v * height / (a / (side * side) + b)).ln();
            if bound <= k * mu.ln() - mu - lgamma(k + 1.0) {
                return k;
            }
        }
    }

    /// Binomial.
    pub(super) fn binomial(&mut self, n: f64, p: f64) -> f64 {
        if !(n >= 0.0 && n.is_finite() && (0.0..=1.0).contains(&p)) {
            return f64::NAN;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        if n * p < 10.0 {
            let rate = -(-p).ln_1p();
            let (mut count, mut trial) = (0.0, 0.0);
            loop {
                trial += (self.exponential() / rate).ceil().max(1.0);
                if trial.is_nan() || trial > n {
                    return count;
                }
                count += 1.0;
            }
        }
        let spread = (n * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let squeeze = 0.92 - 4.2 / b;
        let height = (2.83 + 5.1 / b) * spread;
        let mode = ((n + 1.0) * p).floor();
        let log_weight = |k: f64| -lgamma(k + 1.0) - lgamma(n - k + 1.0);
        loop {
            let (u, v) = (self.uniform() - 0.5, self.uniform());
            let side = 0.5 - u.abs();
            let k = ((2.0 * a / side + b) * u + n * p + 0.5).floor();
            if side >= 0.07 && v <= squeeze {
                return k;
            }
            if !(0.0..=n).contains(&k) {
                continue;
            }
            let bound = (v * height / (a / (side * side) + b)).ln();
            if bound <= log_weight(k) - log_weight(mode) + (k - mode) * (p / (1.0 - p)).ln() {
                return k;
            }
        }
    }

    /// The place of a weight, with probability in proportion to it.
    pub(super) fn index(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.inside() * weights.iter().sum::<f64>();
        let last = weights.iter().rposition(|&w| w > 0.0).unwrap_or(0);
        weights
            .iter()
            .position(|w| {
                rest -= w;
                rest < 0.0
            })
            .unwrap_or(last)
    }
}

/// The numbers of a parameter, repeated to a shape.
///
/// # Errors
/// When the parameter is not known or does not broadcast.
pub(super) fn numbers(
    distribution: &'static str,
    parameter: &Value,
    shape: &[usize],
) -> Result<Vec<f64>, DistributionError> {
    let repeated = parameter.broadcast_to(shape);
    match (repeated.error(), repeated.as_numbers()) {
        (None, Some(numbers)) => Ok(numbers.to_vec()),
        (error, _) => Err(DistributionError::CannotDraw {
            distribution,
            reason: error.map_or("its parameters are not numbers yet".into(), ToString::to_string),
        }),
    }
}

/// A number for every element of a shape, from the parameters there.
///
/// # Errors
/// When the parameters are not known or do not broadcast.
pub(super) fn each<const N: usize>(
    distribution: &'static str,
    parameters: [&Value; N],
    shape: &[usize],
    stream: &mut Stream,
    mut draw: impl FnMut([f64; N], &mut Stream) -> f64,
) -> Result<Vec<f64>, DistributionError> {
    let mut columns: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for (column, parameter) in columns.iter_mut().zip(parameters) {
        *column = numbers(distribution, parameter, shape)?;
    }
    let count = shape.iter().product();
    Ok((0..count).map(|i| draw(std::array::from_fn(|k| columns[k][i]), stream)).collect())
}
