//! The Laplace distribution.
//!
//! ```text
//! log p(x) = -|x - mu| / b - log(2 b)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 24.

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Laplace around `mu` with scale `b`.
#[derive(Clone, Debug)]
pub struct Laplace {
    mu: Value,
    b: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Laplace",
    aliases: &[],
    positional: &["mu", "b"],
    keyword_only: &[],
    signature: "mu, b",
    summary: "Laplace distribution",
    support: "real numbers",
    parameters: &[("mu", "location, and mean"), ("b", "scale, above 0")],
    example: r#"pm.Laplace("x", mu=0, b=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Laplace::new(arguments.require("mu")?, arguments.require("b")?)))
    },
};

impl Laplace {
    /// Laplace around `mu` with scale `b`.
    pub fn new(mu: impl Into<Value>, b: impl Into<Value>) -> Self {
        Self { mu: mu.into(), b: b.into() }
    }
}

/// Log of the probability below a standardised value.
fn lower_tail(z: &Value) -> Value {
    let zero = Value::from(0.0);
    let right = ((-z.maximum(&zero)).exp() * -0.5).log1p();
    z.greater(&zero).select(&right, &(z - LN_2))
}

impl Distribution for Laplace {
    fn name(&self) -> &'static str {
        "Laplace"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("b", &self.b)]
    }

    fn log_density(&self, x: &Value) -> Value {
        (x - &self.mu).abs() * -self.b.recip() - (&self.b * 2.0).log()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("b > 0", &self.b)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(lower_tail(&((x - &self.mu) * self.b.recip())))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(lower_tail(&((&self.mu - x) * self.b.recip())))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        let (below, above) = ((share * 2.0).log(), -((-share) * 2.0 + 2.0).log());
        Some(&self.mu + &self.b * share.lower(&Value::from(0.5)).select(&below, &above))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.b], shape, stream, |[mu, b], stream| {
            mu + b * (stream.exponential() - stream.exponential())
        })
    }
}
