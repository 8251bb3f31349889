//! The multivariate normal distribution.
//!
//! ```text
//! log p(x) = -z'z / 2 - log det(L) - k log(2 pi) / 2      z = L^-1 (x - mu),  L L' the covariance
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, appendix A.

use chainfire_engine::program::{Value, ValueError};

use super::covariance::Covariance;
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Multivariate normal with means along the last axis of `mu`, and covariances.
#[derive(Clone, Debug)]
pub struct MvNormal {
    mu: Value,
    covariance: Covariance,
}

pub(super) const ENTRY: Entry = Entry {
    name: "MvNormal",
    aliases: &[],
    positional: &["mu", "cov"],
    keyword_only: &["tau", "chol", "lower"],
    signature: "mu=0, cov | tau | chol, lower=True",
    summary: "Multivariate normal distribution",
    support: "real vectors",
    parameters: &[
        ("mu", "mean, along the last axis"),
        ("cov", "covariance, positive definite"),
        ("tau", "precision, the inverse of the covariance"),
        ("chol", "triangular factor of the covariance"),
        ("lower", "whether `chol` is lower triangular"),
    ],
    example: r#"pm.MvNormal("x", mu=np.zeros(2), cov=np.array([[2.0, 0.5], [0.5, 1.0]]))"#,
    build: |arguments: &Arguments| {
        let covariance = Covariance::given(arguments, &["cov"])?;
        Ok(Box::new(MvNormal { mu: arguments.get_or("mu", 0.0), covariance }))
    },
};

impl MvNormal {
    /// Multivariate normal with a covariance.
    pub fn new(mu: impl Into<Value>, covariance: impl Into<Value>) -> Self {
        Self { mu: mu.into(), covariance: Covariance::new(&covariance.into()) }
    }

    /// Multivariate normal with a precision, the inverse of the covariance.
    pub fn with_precision(mu: impl Into<Value>, precision: impl Into<Value>) -> Self {
        Self { mu: mu.into(), covariance: Covariance::of_precision(&precision.into()) }
    }

    /// Multivariate normal with a lower triangular factor of the covariance.
    pub fn with_factor(mu: impl Into<Value>, factor: impl Into<Value>) -> Self {
        Self { mu: mu.into(), covariance: Covariance::of_factor(&factor.into(), true) }
    }
}

impl Distribution for MvNormal {
    fn name(&self) -> &'static str {
        "MvNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), self.covariance.parameter()]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = self.covariance.whiten(&(x - &self.mu));
        let count = z.shape().last().copied().unwrap_or(0) as f64;
        let square = z.square().sum_axis(z.rank().saturating_sub(1));
        square * -0.5 - (self.covariance.half_log_det() + count * HALF_LOG_TWO_PI)
    }

    fn normal_factor(&self) -> Option<&Value> {
        self.covariance.factor()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![self.covariance.condition()]
    }

    fn support_point(&self) -> Value {
        self.shape().map_or_else(Value::invalid, |shape| self.mu.broadcast_to(&shape))
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.covariance.shape(&self.mu)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let mut drawn = numbers(self.name(), &self.mu, shape)?;
        let around = self.covariance.draws(self.name(), shape, stream)?;
        drawn.iter_mut().zip(around).for_each(|(x, d)| *x += d);
        Ok(drawn)
    }
}
