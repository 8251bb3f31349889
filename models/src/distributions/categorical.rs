//! The categorical distribution: one of K categories.
//!
//! ```text
//! log p(x) = log(p[x])                                x in {0, ..., K - 1}
//! from logits:  log p = logit_p - log(sum of e^logit_p)
//! ```
//!
//! Known probabilities that do not sum to 1 are rescaled, as in PyMC.
//!
//! # References
//! - Murphy (2012), Machine Learning: A Probabilistic Perspective, section 2.3.2.

use chainfire_engine::program::{Kind, Value};

use super::counts::{draw_by_weights, log_cdf_by_sum, pick};
use super::last_axis::columns;
use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Categorical with probabilities, or their logarithms up to a constant, along the last axis.
#[derive(Clone, Debug)]
pub struct Categorical {
    parameter: &'static str,
    given: Vec<Value>,
    /// Probabilities, or where logits are given their logarithms.
    table: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Categorical",
    aliases: &[],
    positional: &["p", "logit_p"],
    keyword_only: &[],
    signature: "p | logit_p",
    summary: "One of K categories",
    support: "0, 1, ..., K - 1",
    parameters: &[
        ("p", "probabilities along the last axis; their sum is 1"),
        ("logit_p", "logarithms of weights, in place of p"),
    ],
    example: r#"pm.Categorical("y", p=[0.2, 0.3, 0.5], observed=[2, 1, 2])"#,
    build: |arguments: &Arguments| match (arguments.get("p"), arguments.get("logit_p")) {
        (Some(p), None) => Ok(Box::new(Categorical::new(p))),
        (None, Some(eta)) => Ok(Box::new(Categorical::logit(eta))),
        (Some(_), Some(_)) => {
            Err(arguments.error("Incompatible parametrization. Can't specify both p and logit_p."))
        }
        (None, None) => {
            Err(arguments.error("Incompatible parametrization. Must specify either p or logit_p."))
        }
    },
};

impl Categorical {
    /// Categorical with probabilities along the last axis.
    pub fn new(p: impl Into<Value>) -> Self {
        let p = rescaled(&p.into());
        Self { parameter: "p", given: columns(&p), table: p }
    }

    /// Categorical with probabilities in proportion to `e^eta` along the last axis.
    pub fn logit(eta: impl Into<Value>) -> Self {
        let eta = eta.into();
        let (given, table) = (columns(&eta), eta.log_softmax(eta.rank().saturating_sub(1)));
        Self { parameter: "logit_p", given, table }
    }
}

/// Known probabilities divided by their sum over the last axis; others as they are.
pub(super) fn rescaled(p: &Value) -> Value {
    let (Some(numbers), Some(&count)) = (p.as_data(), p.shape().last()) else { return p.clone() };
    let scaled = numbers.chunks(count.max(1)).flat_map(|row| {
        let total: f64 = row.iter().sum();
        row.iter().map(move |x| if (total - 1.0).abs() > 1e-15 { x / total } else { *x })
    });
    Value::data(scaled.collect::<Vec<_>>(), p.shape(), Kind::Float)
}

/// Probabilities between 0 and 1 that sum to 1.
pub(super) fn are_probabilities(rule: &'static str, columns: &[Value]) -> Vec<Condition> {
    let (zero, tolerance) = (Value::from(0.0), Value::from(1e-5));
    let total = columns.iter().fold(zero.clone(), |sum, p| sum + p);
    let not_negative = columns.iter().map(|p| p.greater_equal(&zero));
    let holds = not_negative.reduce(|a, b| a.and(&b)).unwrap_or(Value::from(1.0));
    vec![Condition { rule, holds }, Condition { rule, holds: (total - 1.0).abs().lower_equal(&tolerance) }]
}

impl Distribution for Categorical {
    fn name(&self) -> &'static str {
        "Categorical"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.given.iter().map(|column| (self.parameter, column)).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let picked = pick(&self.table, x);
        // Probabilities of 0 of other categories have a logarithm without a derivative.
        if self.parameter == "p" { picked.log() } else { picked }
    }

    fn support(&self) -> Support {
        Support::IntegerUpTo(Value::from(self.given.len() as f64 - 1.0))
    }

    fn conditions(&self) -> Vec<Condition> {
        match self.parameter {
            "p" => are_probabilities("0 <= p <= 1, sum(p) = 1", &self.given),
            _ => Vec::new(),
        }
    }

    fn support_point(&self) -> Value {
        let start = (Value::from(f64::NEG_INFINITY), Value::from(0.0));
        let (_, mode) = self.given.iter().enumerate().fold(start, |(best, mode), (k, p)| {
            let is_better = p.greater(&best);
            (best.maximum(p), is_better.select(&Value::from(k as f64), &mode))
        });
        mode
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        draw_by_weights(self, self.given.len().saturating_sub(1), shape, stream)
    }
}
