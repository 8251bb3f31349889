//! The multivariate Student's t distribution.
//!
//! ```text
//! log p(x) = log Gamma((nu + k) / 2) - log Gamma(nu / 2) - k log(nu pi) / 2 - log det(L)
//!            - (nu + k) / 2 log(1 + z'z / nu)      z = L^-1 (x - mu),  L L' the scale matrix
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, appendix A.

use chainfire_engine::program::{Value, ValueError};

use super::covariance::Covariance;
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::special::log_gamma_ratio;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Multivariate Student's t with `nu` degrees of freedom, locations along the last axis of `mu`, and scale matrices.
#[derive(Clone, Debug)]
pub struct MvStudentT {
    nu: Value,
    mu: Value,
    scale: Covariance,
}

pub(super) const ENTRY: Entry = Entry {
    name: "MvStudentT",
    aliases: &[],
    positional: &["nu"],
    keyword_only: &["Sigma", "mu", "scale", "tau", "chol", "lower"],
    signature: "nu, scale | tau | chol, mu=0, lower=True",
    summary: "Multivariate Student's t distribution",
    support: "real vectors",
    parameters: &[
        ("nu", "degrees of freedom, above 0"),
        ("Sigma", "scale matrix, as `scale`"),
        ("mu", "location, along the last axis"),
        ("scale", "scale matrix, positive definite"),
        ("tau", "inverse of the scale matrix"),
        ("chol", "triangular factor of the scale matrix"),
        ("lower", "whether `chol` is lower triangular"),
    ],
    example: r#"pm.MvStudentT("x", nu=4, mu=np.zeros(2), scale=np.eye(2))"#,
    build: |arguments: &Arguments| {
        let scale = Covariance::given(arguments, &["scale", "Sigma"])?;
        Ok(Box::new(MvStudentT { nu: arguments.require("nu")?, mu: arguments.get_or("mu", 0.0), scale }))
    },
};

impl MvStudentT {
    /// Multivariate Student's t with a scale matrix.
    pub fn new(nu: impl Into<Value>, mu: impl Into<Value>, scale: impl Into<Value>) -> Self {
        Self { nu: nu.into(), mu: mu.into(), scale: Covariance::new(&scale.into()) }
    }
}

impl Distribution for MvStudentT {
    fn name(&self) -> &'static str {
        "MvStudentT"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu), ("mu", &self.mu), self.scale.parameter()]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = self.scale.whiten(&(x - &self.mu));
        let half_count = z.shape().last().copied().unwrap_or(0) as f64 * 0.5;
        let square = z.square().sum_axis(z.rank().saturating_sub(1));
        let half_nu = &self.nu * 0.5;
        let normaliser =
            log_gamma_ratio(&half_nu, &Value::from(half_count)) - 2.0 * half_count * HALF_LOG_TWO_PI;
        normaliser - self.scale.half_log_det() - (square * self.nu.recip()).log1p() * (half_nu + half_count)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![self.scale.condition(), Condition::positive("posdef, nu > 0", &self.nu)]
    }

    fn support_point(&self) -> Value {
        self.shape().map_or_else(Value::invalid, |shape| self.mu.broadcast_to(&shape))
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.scale.shape(&self.mu)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let mut drawn = numbers(self.name(), &self.mu, shape)?;
        let size = shape.last().copied().unwrap_or(1).max(1);
        let nu = numbers(self.name(), &self.nu, &shape[..shape.len().saturating_sub(1)])?;
        let around = self.scale.draws(self.name(), shape, stream)?;
        for ((row, around), nu) in drawn.chunks_mut(size).zip(around.chunks(size)).zip(nu) {
            let stretch = (nu / (2.0 * stream.gamma(nu / 2.0))).sqrt();
            row.iter_mut().zip(around).for_each(|(x, d)| *x += stretch * d);
        }
        Ok(drawn)
    }
}
