//! Hurdle distributions: with probability `1 - psi` a zero, else a number of another distribution that is not zero.
//!
//! ```text
//! log p(0) = log(1 - psi)
//! log p(x) = log(psi) + log q(x) - log(1 - q(0))      x > 0; q(0) = 0 where q is continuous
//! ```
//!
//! # References
//! - Mullahy (1986), Specification and testing of some modified count data models. doi:10.1016/0304-4076(86)90002-3

use std::rc::Rc;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::Stream;
use super::truncated::Truncated;
use super::zero_inflated::{mixed_with_zeros, probability};
use super::{
    Condition, Distribution, DistributionError, Support, gamma, log_normal, log_probability_anywhere,
    negative_binomial, poisson,
};

/// Zeros, and positive numbers of a distribution; `psi` is the probability of the latter.
#[derive(Clone, Debug)]
pub struct Hurdle {
    psi: Value,
    positive: Rc<dyn Distribution>,
}

pub(super) const POISSON: Entry = Entry {
    name: "HurdlePoisson",
    aliases: &[],
    positional: &["psi", "mu"],
    keyword_only: &[],
    signature: "psi, mu",
    summary: "Zero, or a Poisson count above zero",
    support: "0, 1, 2, ...",
    parameters: &[("psi", "probability not to be zero"), ("mu", "mean of the count before the cut")],
    example: r#"pm.HurdlePoisson("y", psi=0.7, mu=3, observed=[0, 2, 5])"#,
    build: |arguments: &Arguments| build(arguments, &poisson::ENTRY),
};

pub(super) const NEGATIVE_BINOMIAL: Entry = Entry {
    name: "HurdleNegativeBinomial",
    aliases: &[],
    positional: &["psi", "mu", "alpha", "p", "n"],
    keyword_only: &[],
    signature: "psi, mu, alpha | psi, n, p",
    summary: "Zero, or a negative binomial count above zero",
    support: "0, 1, 2, ...",
    parameters: &[
        ("psi", "probability not to be zero"),
        ("mu", "mean of the count before the cut"),
        ("alpha", "dispersion, above 0"),
        ("p", "probability of success, with n in place of mu and alpha"),
        ("n", "number of successes, with p"),
    ],
    example: r#"pm.HurdleNegativeBinomial("y", psi=0.7, mu=3, alpha=2, observed=[0, 2, 5])"#,
    build: |arguments: &Arguments| build(arguments, &negative_binomial::ENTRY),
};

pub(super) const GAMMA: Entry = Entry {
    name: "HurdleGamma",
    aliases: &[],
    positional: &["psi", "alpha", "beta", "mu", "sigma"],
    keyword_only: &[],
    signature: "psi, alpha, beta | psi, mu, sigma",
    summary: "Zero, or a gamma variable",
    support: "numbers from 0 on",
    parameters: &[
        ("psi", "probability not to be zero"),
        ("alpha", "shape, above 0"),
        ("beta", "rate, above 0"),
        ("mu", "mean, with sigma in place of alpha and beta"),
        ("sigma", "standard deviation, with mu"),
    ],
    example: r#"pm.HurdleGamma("y", psi=0.7, alpha=2, beta=1, observed=[0.0, 1.3, 2.1])"#,
    build: |arguments: &Arguments| build(arguments, &gamma::ENTRY),
};

pub(super) const LOG_NORMAL: Entry = Entry {
    name: "HurdleLogNormal",
    aliases: &[],
    positional: &["psi", "mu", "sigma", "tau"],
    keyword_only: &[],
    signature: "psi, mu=0, sigma=1 | tau",
    summary: "Zero, or a log-normal variable",
    support: "numbers from 0 on",
    parameters: &[
        ("psi", "probability not to be zero"),
        ("mu", "mean of the logarithm"),
        ("sigma", "standard deviation of the logarithm, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.HurdleLogNormal("y", psi=0.7, mu=0, sigma=1, observed=[0.0, 1.3, 2.1])"#,
    build: |arguments: &Arguments| build(arguments, &log_normal::ENTRY),
};

/// `positive` makes the distribution from the arguments it shares with the hurdle.
fn build(arguments: &Arguments, positive: &Entry) -> Result<Box<dyn Distribution>, DistributionError> {
    let positive = (positive.build)(arguments)?.into();
    Ok(Box::new(Hurdle { psi: arguments.require("psi")?, positive }))
}

impl Hurdle {
    /// Log of the probability that counts are above zero before the cut; other numbers always are.
    fn log_positive(&self) -> Value {
        match self.positive.support().is_discrete() {
            true => log1m_exp(&self.positive.log_density(&Value::from(0.0))),
            false => Value::from(0.0),
        }
    }

    /// Numbers of `positive` that are not zero with probability `psi`, else zeros.
    pub fn new(psi: impl Into<Value>, positive: impl Distribution + 'static) -> Self {
        Self { psi: psi.into(), positive: Rc::new(positive) }
    }
}

impl Distribution for Hurdle {
    fn name(&self) -> &'static str {
        let entries = [&POISSON, &NEGATIVE_BINOMIAL, &GAMMA, &LOG_NORMAL];
        let named =
            entries.iter().find(|entry| entry.name.strip_prefix("Hurdle") == Some(self.positive.name()));
        named.map_or("Hurdle", |entry| entry.name)
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [("psi", &self.psi)].into_iter().chain(self.positive.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (zero, one) = (Value::from(0.0), Value::from(1.0));
        let is_zero = x.equal(&zero);
        // The branch of zeros must not meet the logarithm of zero.
        let above = self.positive.log_density(&is_zero.select(&one, x)) - self.log_positive();
        is_zero.select(&(-&self.psi).log1p(), &(self.psi.log() + above))
    }

    fn support(&self) -> Support {
        match self.positive.support() {
            counts if counts.is_discrete() => counts,
            _ => Support::NonNegative,
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        [probability(&self.psi), self.positive.conditions()].concat()
    }

    /// The mean of zero and of what is typical above it.
    fn support_point(&self) -> Value {
        if self.support().is_discrete() {
            let counts = Truncated::new(self.positive.clone(), Some(Value::from(1.0)), None);
            return (&self.psi * counts.support_point()).round();
        }
        &self.psi * self.positive.support_point()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|above| log1m_exp(&above))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let above = log_probability_anywhere(&*self.positive, x, false)?;
        Some(self.psi.log() + above - self.log_positive())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        if self.support().is_discrete() {
            let counts = Truncated::new(self.positive.clone(), Some(Value::from(1.0)), None);
            mixed_with_zeros(self.name(), &self.psi, &counts, shape, stream)
        } else {
            mixed_with_zeros(self.name(), &self.psi, &*self.positive, shape, stream)
        }
    }
}
