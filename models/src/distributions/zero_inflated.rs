//! Zero-inflated counts: with probability `1 - psi` a zero, else a count of another distribution.
//!
//! ```text
//! log p(0) = log(1 - psi + psi q(0)),   log p(x) = log(psi) + log q(x)      x > 0
//! ```
//!
//! # References
//! - Lambert (1992), Zero-inflated Poisson regression. doi:10.2307/1269547

use std::rc::Rc;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::log_add_exp;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, binomial, negative_binomial, poisson};

/// Counts of a distribution with additional zeros; `psi` is the probability of the distribution.
#[derive(Clone, Debug)]
pub struct ZeroInflated {
    psi: Value,
    counts: Rc<dyn Distribution>,
}

pub(super) const POISSON: Entry = Entry {
    name: "ZeroInflatedPoisson",
    aliases: &[],
    positional: &["psi", "mu"],
    keyword_only: &[],
    signature: "psi, mu",
    summary: "Zero, or a Poisson count",
    support: "0, 1, 2, ...",
    parameters: &[("psi", "probability of the Poisson part"), ("mu", "mean of that part")],
    example: r#"pm.ZeroInflatedPoisson("y", psi=0.7, mu=3, observed=[0, 2, 5])"#,
    build: |arguments: &Arguments| build(arguments, &poisson::ENTRY),
};

pub(super) const BINOMIAL: Entry = Entry {
    name: "ZeroInflatedBinomial",
    aliases: &[],
    positional: &["psi", "n", "p"],
    keyword_only: &[],
    signature: "psi, n, p",
    summary: "Zero, or successes of n trials",
    support: "0, 1, ..., n",
    parameters: &[
        ("psi", "probability of the binomial part"),
        ("n", "number of trials"),
        ("p", "probability of success"),
    ],
    example: r#"pm.ZeroInflatedBinomial("y", psi=0.7, n=10, p=0.4, observed=[0, 4, 2])"#,
    build: |arguments: &Arguments| build(arguments, &binomial::ENTRY),
};

pub(super) const NEGATIVE_BINOMIAL: Entry = Entry {
    name: "ZeroInflatedNegativeBinomial",
    aliases: &[],
    positional: &["psi", "mu", "alpha", "p", "n"],
    keyword_only: &[],
    signature: "psi, mu, alpha | psi, n, p",
    summary: "Zero, or a negative binomial count",
    support: "0, 1, 2, ...",
    parameters: &[
        ("psi", "probability of the negative binomial part"),
        ("mu", "mean of that part"),
        ("alpha", "dispersion, above 0"),
        ("p", "probability of success, with n in place of mu and alpha"),
        ("n", "number of successes, with p"),
    ],
    example: r#"pm.ZeroInflatedNegativeBinomial("y", psi=0.7, mu=3, alpha=2, observed=[0, 2, 5])"#,
    build: |arguments: &Arguments| build(arguments, &negative_binomial::ENTRY),
};

/// `counts` makes the distribution from the arguments it shares with the zero-inflated one.
fn build(arguments: &Arguments, counts: &Entry) -> Result<Box<dyn Distribution>, DistributionError> {
    let counts = (counts.build)(arguments)?.into();
    Ok(Box::new(ZeroInflated { psi: arguments.require("psi")?, counts }))
}

impl ZeroInflated {
    /// Counts of `counts` with probability `psi`, else zeros.
    pub fn new(psi: impl Into<Value>, counts: impl Distribution + 'static) -> Self {
        Self { psi: psi.into(), counts: Rc::new(counts) }
    }
}

impl Distribution for ZeroInflated {
    fn name(&self) -> &'static str {
        let entries = [&POISSON, &BINOMIAL, &NEGATIVE_BINOMIAL];
        let named =
            entries.iter().find(|entry| entry.name.strip_prefix("ZeroInflated") == Some(self.counts.name()));
        named.map_or("ZeroInflated", |entry| entry.name)
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [("psi", &self.psi)].into_iter().chain(self.counts.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let zero = Value::from(0.0);
        let none = (1.0 - &self.psi) + &self.psi * self.counts.log_density(&zero).exp();
        x.equal(&zero).select(&none.log(), &(self.psi.log() + self.counts.log_density(x)))
    }

    fn support(&self) -> Support {
        self.counts.support()
    }

    fn conditions(&self) -> Vec<Condition> {
        [probability(&self.psi), self.counts.conditions()].concat()
    }

    fn support_point(&self) -> Value {
        (&self.psi * self.counts.support_point()).round()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        Some(log_add_exp(&(-&self.psi).log1p(), &(self.psi.log() + self.counts.log_cdf(x)?)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(self.psi.log() + self.counts.log_survival(x)?)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        mixed_with_zeros(self.name(), &self.psi, &*self.counts, shape, stream)
    }
}

/// `0 <= psi <= 1`
pub(super) fn probability(psi: &Value) -> Vec<Condition> {
    let rule = "0 <= psi <= 1";
    vec![
        Condition { rule, holds: psi.greater_equal(&Value::from(0.0)) },
        Condition { rule, holds: psi.lower_equal(&Value::from(1.0)) },
    ]
}

/// Draws of a distribution with probability `psi`, else zeros.
pub(super) fn mixed_with_zeros(
    name: &'static str,
    psi: &Value,
    distribution: &dyn Distribution,
    shape: &[usize],
    stream: &mut Stream,
) -> Result<Vec<f64>, DistributionError> {
    let psi = numbers(name, psi, shape)?;
    let drawn = distribution.draw(shape, stream)?;
    Ok(drawn.into_iter().zip(psi).map(|(x, psi)| if stream.inside() < psi { x } else { 0.0 }).collect())
}
