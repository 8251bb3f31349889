//! The negative binomial distribution: a Poisson whose mean is gamma distributed.
//!
//! ```text
//! log p(x) = log Gamma(x + alpha) - log Gamma(alpha) - log Gamma(x + 1)
//!            + x log(mu / (mu + alpha)) - alpha log(1 + mu / alpha)
//!          = log_gamma_ratio(alpha, x) + x log(mu) - (x + alpha) log(1 + mu / alpha) - log Gamma(x + 1)
//! with n = alpha and p = alpha / (mu + alpha)
//! ```
//!
//! The second form goes to the Poisson as `alpha` grows, with nothing that cancels.
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 5.

use chainfire_engine::program::Value;

use super::counts::from_zero;
use super::registry::{Arguments, Entry};
use super::special::{log_gamma_ratio, x_log_y};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Negative binomial with dispersion `alpha` and a mean or a probability.
#[derive(Clone, Debug)]
pub struct NegativeBinomial {
    alpha: Value,
    location: Location,
}

#[derive(Clone, Debug)]
enum Location {
    Mean(Value),
    Probability(Value),
}

pub(super) const ENTRY: Entry = Entry {
    name: "NegativeBinomial",
    aliases: &[],
    positional: &["mu", "alpha", "p", "n"],
    keyword_only: &[],
    signature: "mu | p, alpha | n",
    summary: "Poisson count whose mean is gamma distributed",
    support: "0, 1, 2, ...",
    parameters: &[
        ("mu", "mean, above 0"),
        ("alpha", "dispersion, above 0: the variance is mu + mu^2 / alpha"),
        ("p", "probability of success, in place of mu"),
        ("n", "number of successes, in place of alpha"),
    ],
    example: r#"pm.NegativeBinomial("y", mu=3, alpha=2, observed=[0, 2, 5])"#,
    build: |arguments: &Arguments| {
        let refuse = |what: &str| Err(arguments.error(format!("Incompatible parametrization. {what}.")));
        let alpha = match (arguments.get("alpha"), arguments.get("n")) {
            (Some(alpha), None) | (None, Some(alpha)) => alpha,
            (Some(_), Some(_)) => return refuse("Can't specify both alpha and n"),
            (None, None) => return refuse("Must specify either alpha or n"),
        };
        match (arguments.get("mu"), arguments.get("p")) {
            (Some(mu), None) => Ok(Box::new(NegativeBinomial::new(mu, alpha))),
            (None, Some(p)) => Ok(Box::new(NegativeBinomial::with_probability(alpha, p))),
            (Some(_), Some(_)) => refuse("Can't specify both mu and p"),
            (None, None) => refuse("Must specify either mu or p"),
        }
    },
};

impl NegativeBinomial {
    /// Negative binomial with mean `mu` and variance `mu + mu^2 / alpha`.
    pub fn new(mu: impl Into<Value>, alpha: impl Into<Value>) -> Self {
        Self { alpha: alpha.into(), location: Location::Mean(mu.into()) }
    }

    /// Failures before the `n`-th success, each of probability `p`; `n` need not be whole.
    pub fn with_probability(n: impl Into<Value>, p: impl Into<Value>) -> Self {
        Self { alpha: n.into(), location: Location::Probability(p.into()) }
    }
}

impl NegativeBinomial {
    /// The odds of success.
    fn odds(&self) -> Value {
        match &self.location {
            Location::Mean(mu) => &self.alpha / mu,
            Location::Probability(p) => p / (1.0 - p),
        }
    }
}

impl Distribution for NegativeBinomial {
    fn name(&self) -> &'static str {
        "NegativeBinomial"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        match &self.location {
            Location::Mean(mu) => vec![("mu", mu), ("alpha", &self.alpha)],
            Location::Probability(p) => vec![("p", p), ("n", &self.alpha)],
        }
    }

    fn log_density(&self, x: &Value) -> Value {
        let kernel = match &self.location {
            Location::Mean(mu) => {
                x_log_y(x, mu, Value::log) - (x + &self.alpha) * (mu * self.alpha.recip()).log1p()
            }
            Location::Probability(p) => {
                x_log_y(x, p, |p| self.alpha.log() + (-p).log1p()) + &self.alpha * p.log()
            }
        };
        kernel + log_gamma_ratio(&self.alpha, x) - (x + 1.0).lgamma()
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "mu > 0, alpha > 0";
        let mut conditions = vec![Condition::positive(rule, &self.alpha)];
        match &self.location {
            Location::Mean(mu) => conditions.push(Condition::positive(rule, mu)),
            // mu = n (1 - p) / p
            Location::Probability(p) => {
                conditions.push(Condition::positive(rule, p));
                conditions.push(Condition { rule, holds: p.lower(&Value::from(1.0)) });
            }
        }
        conditions
    }

    fn support_point(&self) -> Value {
        match &self.location {
            Location::Mean(mu) => mu.floor(),
            Location::Probability(p) => (&self.alpha * (1.0 - p) / p).floor(),
        }
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let odds = self.odds();
        Some(from_zero(x, f64::NEG_INFINITY, |x| odds.log_beta_cdf(&self.alpha, &(x + 1.0))))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let against = self.odds().recip();
        Some(from_zero(x, 0.0, |x| against.log_beta_cdf(&(x + 1.0), &self.alpha)))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let mean = match &self.location {
            Location::Mean(mu) => mu.clone(),
            Location::Probability(p) => &self.alpha * (1.0 - p) / p,
        };
        each(self.name(), [&mean, &self.alpha], shape, stream, |[mean, alpha], stream| {
            let rate = mean * (stream.log_gamma(alpha) - alpha.ln()).exp();
            stream.poisson(rate)
        })
    }
}
