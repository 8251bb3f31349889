//! The logistic distribution.
//!
//! ```text
//! log p(x) = -z - log(s) - 2 log(1 + e^-z)      z = (x - mu) / s
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 23.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Logistic with location `mu` and scale `s`.
#[derive(Clone, Debug)]
pub struct Logistic {
    mu: Value,
    s: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Logistic",
    aliases: &[],
    positional: &["mu", "s"],
    keyword_only: &[],
    signature: "mu=0, s=1",
    summary: "Logistic distribution",
    support: "real numbers",
    parameters: &[("mu", "location, and mean"), ("s", "scale, above 0")],
    example: r#"pm.Logistic("x", mu=0, s=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Logistic::new(arguments.get_or("mu", 0.0), arguments.get_or("s", 1.0))))
    },
};

impl Logistic {
    /// Logistic with location `mu` and scale `s`.
    pub fn new(mu: impl Into<Value>, s: impl Into<Value>) -> Self {
        Self { mu: mu.into(), s: s.into() }
    }
}

impl Distribution for Logistic {
    fn name(&self) -> &'static str {
        "Logistic"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("s", &self.s)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = (x - &self.mu) * self.s.recip();
        -(z.softplus() + (-z).softplus()) - self.s.log()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("s > 0", &self.s)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(-((&self.mu - x) * self.s.recip()).softplus())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(-((x - &self.mu) * self.s.recip()).softplus())
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.mu + &self.s * (share.log() - (-share).log1p()))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.s], shape, stream, |[mu, s], stream| {
            let u = stream.inside();
            mu + s * (u.ln() - (-u).ln_1p())
        })
    }
}
