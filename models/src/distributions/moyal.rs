//! The Moyal distribution.
//!
//! ```text
//! log p(x) = -(z + e^-z) / 2 - log(sigma) - log(2 pi) / 2      z = (x - mu) / sigma
//! ```
//!
//! # References
//! - Moyal (1955), Theory of ionization fluctuations. doi:10.1080/14786440308521076

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::gumbel::EULER_GAMMA;
use super::normal_cdf::log_normal_cdf;
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Moyal with location `mu` and scale `sigma`.
#[derive(Clone, Debug)]
pub struct Moyal {
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Moyal",
    aliases: &[],
    positional: &["mu", "sigma"],
    keyword_only: &[],
    signature: "mu=0, sigma=1",
    summary: "Moyal distribution",
    support: "real numbers",
    parameters: &[("mu", "location"), ("sigma", "scale, above 0")],
    example: r#"pm.Moyal("x", mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Moyal::new(arguments.get_or("mu", 0.0), arguments.get_or("sigma", 1.0))))
    },
};

impl Moyal {
    /// Moyal with location `mu` and scale `sigma`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into() }
    }
}

impl Distribution for Moyal {
    fn name(&self) -> &'static str {
        "Moyal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = (x - &self.mu) * self.sigma.recip();
        (&z + (-&z).exp()) * -0.5 - (self.sigma.log() + HALF_LOG_TWO_PI)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("sigma > 0", &self.sigma)]
    }

    fn support_point(&self) -> Value {
        &self.mu + &self.sigma * (EULER_GAMMA + LN_2)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log_normal_cdf(&-((&self.mu - x) * (self.sigma.recip() * 0.5)).exp()) + LN_2)
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(&self.mu - &self.sigma * (-(share * 0.5).normal_quantile()).log() * 2.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma], shape, stream, |[mu, sigma], stream| {
            mu - 2.0 * sigma * stream.normal().abs().ln()
        })
    }
}
