//! The asymmetric Laplace distribution, with a rate.
//!
//! ```text
//! log p(x) = log(b) - log(kappa + 1 / kappa) - b kappa (x - mu)          x > mu
//!                                            + b (x - mu) / kappa        x <= mu
//! from a quantile:  kappa = sqrt(q / (1 - q))
//! ```
//!
//! # References
//! - Kotz, Kozubowski, Podgorski (2001), The Laplace Distribution and Generalizations, chapter 3.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Asymmetric Laplace with asymmetry `kappa`, location `mu` and rate `b`.
#[derive(Clone, Debug)]
pub struct AsymmetricLaplace {
    kappa: Value,
    mu: Value,
    b: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "AsymmetricLaplace",
    aliases: &[],
    positional: &["kappa", "mu", "b", "q"],
    keyword_only: &[],
    signature: "kappa, mu, b | q, mu, b",
    summary: "Laplace distribution with different scales on its two sides",
    support: "real numbers",
    parameters: &[
        ("kappa", "asymmetry, above 0; symmetric at 1"),
        ("mu", "location"),
        ("b", "rate, above 0"),
        ("q", "share of the mass below mu, in place of kappa"),
    ],
    example: r#"pm.AsymmetricLaplace("x", kappa=2, mu=0, b=1)"#,
    build: |arguments: &Arguments| {
        let kappa = match (arguments.get("kappa"), arguments.get("q")) {
            (Some(kappa), None) => kappa,
            (None, Some(q)) => (&q / (1.0 - &q)).sqrt(),
            (Some(_), Some(_)) => {
                return Err(arguments.error(
                    "Incompatible parameterization. Either use kappa or q to specify the distribution.",
                ));
            }
            (None, None) => return Err(arguments.error("`kappa` or `q` is missing")),
        };
        Ok(Box::new(AsymmetricLaplace::new(kappa, arguments.require("mu")?, arguments.require("b")?)))
    },
};

impl AsymmetricLaplace {
    /// Asymmetric Laplace with asymmetry `kappa`, location `mu` and rate `b`.
    pub fn new(kappa: impl Into<Value>, mu: impl Into<Value>, b: impl Into<Value>) -> Self {
        Self { kappa: kappa.into(), mu: mu.into(), b: b.into() }
    }
}

impl Distribution for AsymmetricLaplace {
    fn name(&self) -> &'static str {
        "AsymmetricLaplace"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("kappa", &self.kappa), ("mu", &self.mu), ("b", &self.b)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let distance = (x - &self.mu) * &self.b;
        let (right, left) = (-(&distance * &self.kappa), &distance * self.kappa.recip());
        let kernel = distance.greater(&Value::from(0.0)).select(&right, &left);
        kernel + (self.b.log() - (&self.kappa + self.kappa.recip()).log())
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "b > 0, kappa > 0";
        vec![Condition::positive(rule, &self.kappa), Condition::positive(rule, &self.b)]
    }

    fn support_point(&self) -> Value {
        &self.mu - (&self.kappa - self.kappa.recip()) * self.b.recip()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.kappa, &self.mu, &self.b], shape, stream, |[kappa, mu, b], stream| {
            mu + (stream.exponential() / kappa - stream.exponential() * kappa) / b
        })
    }
}
