//! The Dirichlet-multinomial distribution: a multinomial whose probabilities are Dirichlet distributed.
//!
//! ```text
//! log p(x) = log Gamma(n + 1) + sum over k of r(a[k], x[k]) + x[k] log(a[k] / A) - log Gamma(x[k] + 1), - r(A, n)
//! r(a, x)  = log Gamma(a + x) - log Gamma(a) - x log(a),  A = sum of a
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1997), Discrete Multivariate Distributions, chapter 35, section 13.1.

use chainfire_engine::program::{Value, ValueError};

use super::dirichlet::{Dirichlet, shares};
use super::last_axis;
use super::multinomial::{Multinomial, counts, of_total};
use super::registry::{Arguments, Entry};
use super::special::log_gamma_ratio;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, counted_shape};

/// Multinomial with `n` trials whose probabilities are Dirichlet with concentrations along the last axis of `a`.
#[derive(Clone, Debug)]
pub struct DirichletMultinomial {
    n: Value,
    a: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "DirichletMultinomial",
    aliases: &[],
    positional: &["n", "a"],
    keyword_only: &[],
    signature: "n, a",
    summary: "Counts of categories whose probabilities are Dirichlet distributed",
    support: "vectors of counts whose sum is n",
    parameters: &[("n", "number of trials"), ("a", "concentrations along the last axis, above 0")],
    example: r#"pm.DirichletMultinomial("y", n=6, a=[1.0, 2.0, 3.0], observed=[1, 2, 3])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(DirichletMultinomial::new(arguments.require("n")?, arguments.require("a")?)))
    },
};

impl DirichletMultinomial {
    /// Multinomial with `n` trials whose probabilities are Dirichlet with concentrations along the last axis of `a`.
    pub fn new(n: impl Into<Value>, a: impl Into<Value>) -> Self {
        Self { n: n.into(), a: a.into() }
    }
}

impl Distribution for DirichletMultinomial {
    fn name(&self) -> &'static str {
        "DirichletMultinomial"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("n", &self.n), ("a", &self.a)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let total = last_axis::sum(&self.a);
        let shares = x * (self.a.log() - total.log());
        let terms = log_gamma_ratio(&self.a, x) + shares - (x + 1.0).lgamma();
        let ratio = log_gamma_ratio(&over(&self.a), &self.n);
        of_total(x, &self.n, over(&terms) + ((&self.n + 1.0).lgamma() - ratio))
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "a > 0, n >= 0";
        let concentrations = Dirichlet::new(&self.a).conditions();
        let holds = self.n.greater_equal(&Value::from(0.0));
        let renamed = concentrations.into_iter().map(|c| Condition { rule, holds: c.holds });
        renamed.chain([Condition { rule, holds }]).collect()
    }

    fn support_point(&self) -> Value {
        Multinomial::new(&self.n, &self.a * last_axis::sum(&self.a).recip()).support_point()
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        counted_shape(&self.n, &self.a)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let n = numbers(self.name(), &self.n, &shape[..shape.len().saturating_sub(1)])?;
        let a = numbers(self.name(), &self.a, shape)?;
        let size = shape.last().copied().unwrap_or(1).max(1);
        let mut drawn = Vec::with_capacity(a.len());
        for (a, n) in a.chunks(size).zip(n) {
            let p = shares(a, stream);
            drawn.extend(counts(n, &p, stream));
        }
        Ok(drawn)
    }
}
