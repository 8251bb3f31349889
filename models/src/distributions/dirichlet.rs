//! The Dirichlet distribution.
//!
//! ```text
//! log p(x) = sum over k of (a[k] - 1) log(x[k]) - log Gamma(a[k]), + log Gamma(sum of a)      x on the simplex
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, appendix A.

use chainfire_engine::program::{Value, ValueError};

use super::last_axis;
use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Dirichlet with concentrations along the last axis of `a`.
#[derive(Clone, Debug)]
pub struct Dirichlet {
    a: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Dirichlet",
    aliases: &[],
    positional: &["a"],
    keyword_only: &[],
    signature: "a",
    summary: "Dirichlet distribution of shares",
    support: "vectors of numbers from 0 on whose sum is 1",
    parameters: &[("a", "concentrations along the last axis, above 0")],
    example: r#"pm.Dirichlet("w", a=[1.0, 2.0, 3.0])"#,
    build: |arguments: &Arguments| {
        let a = arguments.require("a")?;
        match a.rank() {
            0 if a.error().is_none() => {
                Err(arguments.error("`a` must be a vector, one number for each part"))
            }
            _ => Ok(Box::new(Dirichlet::new(a))),
        }
    },
};

impl Dirichlet {
    /// Dirichlet with concentrations along the last axis of `a`.
    pub fn new(a: impl Into<Value>) -> Self {
        Self { a: a.into() }
    }
}

impl Distribution for Dirichlet {
    fn name(&self) -> &'static str {
        "Dirichlet"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("a", &self.a)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let kernel = x_log_y(&(&self.a - 1.0), x, Value::log);
        over(&kernel) + (over(&self.a).lgamma() - over(&self.a.lgamma()))
    }

    fn support(&self) -> Support {
        Support::Simplex
    }

    /// Of all concentrations of a vector together.
    fn conditions(&self) -> Vec<Condition> {
        let positive = last_axis::columns(&self.a.greater(&Value::from(0.0)));
        let holds = positive.into_iter().reduce(|a, b| a.and(&b)).unwrap_or(Value::from(1.0));
        vec![Condition { rule: "a > 0", holds }]
    }

    fn support_point(&self) -> Value {
        &self.a * last_axis::sum(&self.a).recip()
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(self.a.shape().to_vec())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let a = numbers(self.name(), &self.a, shape)?;
        let size = shape.last().copied().unwrap_or(1).max(1);
        Ok(a.chunks(size).flat_map(|row| shares(row, stream)).collect())
    }
}

/// One draw of shares by their concentrations, by the ratio of gamma numbers.
pub(super) fn shares(concentrations: &[f64], stream: &mut Stream) -> Vec<f64> {
    let logs: Vec<f64> = concentrations.iter().map(|&a| stream.log_gamma(a)).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|l| (l - largest).exp()).sum();
    logs.iter().map(|l| (l - largest).exp() / total).collect()
}
