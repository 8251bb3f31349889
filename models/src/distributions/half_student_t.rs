//! The half Student's t distribution: a t around zero, folded at zero.
//!
//! ```text
//! log p(x) = log(2) + log StudentT(x | nu, 0, sigma)      x >= 0
//! ```
//!
//! # References
//! - Gelman (2006), Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1(3).

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::scale::{from_precision, sigma_or};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support, student_t};

/// Half Student's t with `nu` degrees of freedom and scale `sigma`.
#[derive(Clone, Debug)]
pub struct HalfStudentT {
    nu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "HalfStudentT",
    aliases: &[],
    positional: &["nu", "sigma", "lam"],
    keyword_only: &[],
    signature: "nu, sigma=1 | lam",
    summary: "Size of a Student's t variable",
    support: "numbers from 0 on",
    parameters: &[
        ("nu", "degrees of freedom, above 0"),
        ("sigma", "scale, above 0"),
        ("lam", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.HalfStudentT("x", nu=3, sigma=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(HalfStudentT::new(arguments.require("nu")?, sigma_or("lam", arguments)?)))
    },
};

impl HalfStudentT {
    /// Half Student's t with `nu` degrees of freedom and scale `sigma`.
    pub fn new(nu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { nu: nu.into(), sigma: sigma.into() }
    }

    /// Half Student's t with `nu` degrees of freedom and scale `lam^(-1/2)`.
    pub fn with_precision(nu: impl Into<Value>, lam: impl Into<Value>) -> Self {
        Self::new(nu, from_precision(&lam.into()))
    }
}

impl Distribution for HalfStudentT {
    fn name(&self) -> &'static str {
        "HalfStudentT"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        student_t::log_density(x, &self.nu, &self.sigma) + LN_2
    }

    fn support(&self) -> Support {
        Support::NonNegative
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "sigma > 0, nu > 0";
        vec![Condition::positive(rule, &self.sigma), Condition::positive(rule, &self.nu)]
    }

    fn support_point(&self) -> Value {
        self.sigma.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let [inside, _] = student_t::log_both_sides(x, &self.nu, &self.sigma);
        Some(inside)
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let [_, outside] = student_t::log_both_sides(x, &self.nu, &self.sigma);
        Some(outside)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.nu, &self.sigma], shape, stream, |[nu, sigma], stream| {
            sigma * student_t::standard(nu, stream).abs()
        })
    }
}
