//! The Wishart distribution.
//!
//! ```text
//! log p(X) = ((nu - p - 1) log det(X) - tr(V^-1 X) - nu p log(2) - nu log det(V)) / 2 - log Gamma_p(nu / 2)
//! tr(V^-1 X) = sum of squares of L^-1 M      L L' = V,  M M' = X
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, appendix A.
//! - Smith, Hocking (1972), Algorithm AS 53: Wishart variate generator. doi:10.2307/2346290

use std::f64::consts::{LN_2, PI};

use chainfire_engine::program::{Value, ValueError};

use super::linear_algebra::{diagonal, solve_lower};
use super::registry::{Arguments, Entry};
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Wishart with `nu` degrees of freedom and scale matrix `V`.
#[derive(Clone, Debug)]
pub struct Wishart {
    nu: Value,
    scale: Value,
    factor: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Wishart",
    aliases: &[],
    positional: &["nu", "V"],
    keyword_only: &[],
    signature: "nu, V",
    summary: "Sum of the outer products of normal vectors",
    support: "positive definite matrices",
    parameters: &[
        ("nu", "degrees of freedom, above the number of rows less 1"),
        ("V", "scale matrix, positive definite"),
    ],
    example: r#"pm.Wishart("x", nu=4, V=np.eye(2), observed=np.array([[3.0, 0.5], [0.5, 2.0]]))"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Wishart::new(arguments.require("nu")?, arguments.require("V")?)))
    },
};

impl Wishart {
    /// Wishart with `nu` degrees of freedom and a scale matrix.
    pub fn new(nu: impl Into<Value>, scale: impl Into<Value>) -> Self {
        let scale = scale.into();
        Self { nu: nu.into(), factor: scale.cholesky(), scale }
    }
}

impl Distribution for Wishart {
    fn name(&self) -> &'static str {
        "Wishart"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu), ("V", &self.scale)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let p = self.scale.shape().first().copied().unwrap_or(0);
        let size = p as f64;
        let root = x.cholesky();
        let log_det = |factor: &Value| diagonal(factor).log().sum() * 2.0;
        let half_nu = &self.nu * 0.5;
        let gammas = (0..p).map(|k| (&half_nu - 0.5 * k as f64).lgamma());
        let multigamma =
            gammas.fold(Value::from(0.25 * size * (size - 1.0) * PI.ln()), |sum, term| sum + term);
        let trace = solve_lower(&self.factor, &root.transpose()).square().sum();
        let kernel = log_det(&root) * (&self.nu - (size + 1.0)) - trace - log_det(&self.factor) * &self.nu;
        kernel * 0.5 - (&half_nu * (size * LN_2) + multigamma)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let least = self.scale.shape().first().copied().unwrap_or(0) as f64 - 1.0;
        let is_definite = diagonal(&self.factor).greater(&Value::from(0.0)).sum();
        vec![
            Condition { rule: "nu > (p - 1)", holds: self.nu.greater(&Value::from(least)) },
            Condition { rule: "posdef V", holds: is_definite.greater(&Value::from(least)) },
        ]
    }

    fn support_point(&self) -> Value {
        &self.scale * &self.nu
    }

    fn event_rank(&self) -> usize {
        2
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        match self.factor.error() {
            Some(error) => Err(error.clone()),
            None => Ok(self.scale.shape().to_vec()),
        }
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let lower = numbers(self.name(), &self.factor, self.scale.shape())?;
        let nu = numbers(self.name(), &self.nu, &[])?[0];
        let n = self.scale.shape()[0];
        let count = shape.iter().product::<usize>() / (n * n).max(1);
        let mut drawn = Vec::with_capacity(count * n * n);
        for _ in 0..count {
            // The factor of a standard Wishart matrix: roots of chi-squared numbers on the diagonal, normals below.
            let mut bartlett = vec![0.0; n * n];
            for i in 0..n {
                bartlett[i * n + i] = (2.0 * stream.gamma((nu - i as f64) / 2.0)).sqrt();
                (0..i).for_each(|k| bartlett[i * n + k] = stream.normal());
            }
            let at =
                |i: usize, k: usize| (k..=i).map(|m| lower[i * n + m] * bartlett[m * n + k]).sum::<f64>();
            let factor: Vec<f64> =
                (0..n * n).map(|i| if i % n <= i / n { at(i / n, i % n) } else { 0.0 }).collect();
            let product =
                |i: usize, k: usize| (0..n).map(|m| factor[i * n + m] * factor[k * n + m]).sum::<f64>();
            drawn.extend((0..n * n).map(|i| product(i / n, i % n)));
        }
        Ok(drawn)
    }
}
