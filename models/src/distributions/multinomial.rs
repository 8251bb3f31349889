//! The multinomial distribution: counts of K outcomes in `n` trials.
//!
//! ```text
//! log p(x) = log Gamma(n + 1) + sum over k of x[k] log(p[k]) - log Gamma(x[k] + 1)      sum of x = n
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, appendix A.

use chainfire_engine::program::{Value, ValueError};

use super::categorical::{are_probabilities, rescaled};
use super::last_axis;
use super::ordered_logistic::OrderedLogistic;
use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, counted_shape};

/// Multinomial with `n` trials and probabilities along the last axis of `p`.
#[derive(Clone, Debug)]
pub struct Multinomial {
    name: &'static str,
    n: Value,
    p: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Multinomial",
    aliases: &[],
    positional: &["n", "p"],
    keyword_only: &[],
    signature: "n, p",
    summary: "Counts of categories in n trials",
    support: "vectors of counts whose sum is n",
    parameters: &[("n", "number of trials"), ("p", "probabilities along the last axis; their sum is 1")],
    example: r#"pm.Multinomial("y", n=6, p=[0.2, 0.3, 0.5], observed=[1, 2, 3])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Multinomial::new(arguments.require("n")?, arguments.require("p")?)))
    },
};

/// Multinomial counts of the categories of an ordered logistic scale.
pub(super) const ORDERED: Entry = Entry {
    name: "OrderedMultinomial",
    aliases: &[],
    positional: &["eta", "cutpoints", "n"],
    keyword_only: &["compute_p"],
    signature: "eta, cutpoints, n, compute_p=True",
    summary: "Counts of the categories in which logistic variables lie",
    support: "vectors of counts whose sum is n",
    parameters: &[
        ("eta", "location"),
        ("cutpoints", "cut points in order"),
        ("n", "number of trials"),
        ("compute_p", "whether the probabilities are stored"),
    ],
    example: r#"pm.OrderedMultinomial("y", eta=0.5, cutpoints=[-1.0, 1.0], n=5, compute_p=False, observed=[1, 2, 2])"#,
    build: |arguments: &Arguments| {
        let scale = OrderedLogistic::new(arguments.require("eta")?, arguments.require("cutpoints")?);
        let p = scale.probabilities();
        Ok(Box::new(Multinomial { name: "OrderedMultinomial", n: arguments.require("n")?, p }))
    },
};

impl Multinomial {
    /// Multinomial with `n` trials and probabilities along the last axis of `p`.
    pub fn new(n: impl Into<Value>, p: impl Into<Value>) -> Self {
        Self { name: "Multinomial", n: n.into(), p: rescaled(&p.into()) }
    }
}

/// `density` where the counts along the last axis of `x` sum to `n`, else minus infinity.
pub(super) fn of_total(x: &Value, n: &Value, density: Value) -> Value {
    let holds = x.sum_axis(x.rank().saturating_sub(1)).equal(n);
    match holds.as_data() {
        Some(truth) if !truth.contains(&0.0) => density,
        _ => holds.select(&density, &Value::from(f64::NEG_INFINITY)),
    }
}

impl Distribution for Multinomial {
    fn name(&self) -> &'static str {
        self.name
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("n", &self.n), ("p", &self.p)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let kernel = over(&(x_log_y(x, &self.p, Value::log) - (x + 1.0).lgamma()));
        of_total(x, &self.n, kernel + (&self.n + 1.0).lgamma())
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "0 <= p <= 1, sum(p) = 1, n >= 0";
        let mut conditions = are_probabilities(rule, &last_axis::columns(&self.p));
        conditions.push(Condition { rule, holds: self.n.greater_equal(&Value::from(0.0)) });
        conditions
    }

    /// The rounded means; what they miss of `n` goes to the largest.
    fn support_point(&self) -> Value {
        let mut wide = self.n.shape().to_vec();
        wide.push(1);
        let n = self.n.reshape(&wide);
        let mean = &n * &self.p;
        let mode = mean.round();
        let missed = n - last_axis::sum(&mode);
        let is_largest = mean.equal(&last_axis::largest(&mean));
        &mode + &is_largest * (missed * last_axis::sum(&is_largest).recip())
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        counted_shape(&self.n, &self.p)
    }

    fn derived(&self, _x: &Value) -> Vec<(&'static str, Value)> {
        vec![("probs", self.p.clone())]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let n = numbers(self.name, &self.n, &shape[..shape.len().saturating_sub(1)])?;
        let p = numbers(self.name, &self.p, shape)?;
        let size = shape.last().copied().unwrap_or(1).max(1);
        Ok(p.chunks(size).zip(n).flat_map(|(p, n)| counts(n, p, stream)).collect())
    }
}

/// Counts of outcomes, one binomial after the other of what is left.
pub(super) fn counts(n: f64, p: &[f64], stream: &mut Stream) -> Vec<f64> {
    let (mut left, mut rest) = (n, p.iter().sum::<f64>());
    let (last, mut out) = (p.len(), Vec::with_capacity(p.len()));
    for (k, &p) in p.iter().enumerate() {
        let share = if rest > 0.0 { (p / rest).clamp(0.0, 1.0) } else { 0.0 };
        let count = if k + 1 == last { left } else { stream.binomial(left, share) };
        out.push(count);
        left -= count;
        rest -= p;
    }
    out
}
