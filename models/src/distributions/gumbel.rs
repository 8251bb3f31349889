//! The Gumbel distribution of maxima.
//!
//! ```text
//! log p(x) = -z - e^-z - log(beta)      z = (x - mu) / beta
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 22.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Gumbel with location `mu` and scale `beta`.
#[derive(Clone, Debug)]
pub struct Gumbel {
    mu: Value,
    beta: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Gumbel",
    aliases: &[],
    positional: &["mu", "beta"],
    keyword_only: &[],
    signature: "mu, beta",
    summary: "Largest of many: extreme values of type 1",
    support: "real numbers",
    parameters: &[("mu", "location, and mode"), ("beta", "scale, above 0")],
    example: r#"pm.Gumbel("x", mu=0, beta=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Gumbel::new(arguments.require("mu")?, arguments.require("beta")?)))
    },
};

impl Gumbel {
    /// Gumbel with location `mu` and scale `beta`.
    pub fn new(mu: impl Into<Value>, beta: impl Into<Value>) -> Self {
        Self { mu: mu.into(), beta: beta.into() }
    }
}

/// The constant of Euler and Mascheroni.
pub(super) const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

impl Distribution for Gumbel {
    fn name(&self) -> &'static str {
        "Gumbel"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("beta", &self.beta)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = (x - &self.mu) * self.beta.recip();
        -(&z + (-&z).exp()) - self.beta.log()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("beta > 0", &self.beta)]
    }

    fn support_point(&self) -> Value {
        &self.mu + &self.beta * EULER_GAMMA
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(-((&self.mu - x) * self.beta.recip()).exp())
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.mu - &self.beta * (-share.log()).log())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.beta], shape, stream, |[mu, beta], stream| {
            mu - beta * stream.exponential().ln()
        })
    }
}
