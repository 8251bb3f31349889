//! The generalised Poisson distribution, of `pymc_extras`: counts that vary more or less than Poisson's.
//!
//! ```text
//! log p(x) = log(mu) + (x - 1) log(mu + lam x) - mu - lam x - log x!      mu + lam x > 0
//! ```
//!
//! For `lam` below 0 the counts end where `mu + lam x` does, and their probabilities do not quite sum to 1.
//!
//! # References
//! - Consul, Famoye (1992), Generalized Poisson regression model. doi:10.1080/03610929208830766
//! - Famoye (1997), Generalized Poisson random variate generation. doi:10.1080/01966324.1997.10737439

use chainfire_engine::program::Value;

use super::counts::log_cdf_by_sum;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Most generations of a draw by branching.
const GENERATIONS: usize = 1_000_000;

/// Generalised Poisson with `mu` and dispersion `lam`.
#[derive(Clone, Debug)]
pub struct GeneralizedPoisson {
    mu: Value,
    lam: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "GeneralizedPoisson",
    aliases: &[],
    positional: &["mu", "lam"],
    keyword_only: &[],
    signature: "mu, lam",
    summary: "Counts that vary more or less than Poisson's (pymc_extras)",
    support: "0, 1, 2, ...",
    parameters: &[
        ("mu", "mean of those that no other brought, above 0"),
        ("lam", "dispersion, max(-1, -mu/4) to 1"),
    ],
    example: r#"pm.GeneralizedPoisson("y", mu=3, lam=0.2, observed=[2, 5, 3])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(GeneralizedPoisson::new(arguments.require("mu")?, arguments.require("lam")?)))
    },
};

impl GeneralizedPoisson {
    /// Generalised Poisson with `mu` and dispersion `lam`; its mean is `mu / (1 - lam)`.
    pub fn new(mu: impl Into<Value>, lam: impl Into<Value>) -> Self {
        Self { mu: mu.into(), lam: lam.into() }
    }
}

impl Distribution for GeneralizedPoisson {
    fn name(&self) -> &'static str {
        "GeneralizedPoisson"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("lam", &self.lam)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let rate = &self.mu + &self.lam * x;
        let possible = rate.greater(&Value::from(0.0));
        let rate = possible.select(&rate, &Value::from(1.0));
        let density = self.mu.log() + (x - 1.0) * rate.log() - rate - (x + 1.0).lgamma();
        possible.select(&density, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        Support::NonNegativeInteger
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "0 < mu, max(-1, -mu/4)) <= lam <= 1";
        let one = Value::from(1.0);
        vec![
            Condition::positive(rule, &self.mu),
            Condition { rule, holds: self.lam.abs().lower_equal(&one) },
            Condition { rule, holds: self.lam.greater_equal(&(&self.mu * -0.25)) },
        ]
    }

    fn support_point(&self) -> Value {
        (&self.mu / (1.0 - &self.lam)).floor()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    /// By branching, each count bringing `Poisson(lam)` others, for `lam` from 0 on; else by going through the counts.
    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.lam], shape, stream, |[mu, lam], stream| {
            if lam >= 0.0 {
                let mut latest = stream.poisson(mu);
                let mut all = latest;
                for _ in 0..GENERATIONS {
                    if latest == 0.0 {
                        break;
                    }
                    latest = stream.poisson(lam * latest);
                    all += latest;
                }
                return all;
            }
            let (mut x, mut probability) = (0.0, (-mu).exp());
            let mut left = stream.uniform() - probability;
            // p(x + 1) / p(x), where there is a next one.
            while left > 0.0 && mu + lam * (x + 1.0) > 0.0 {
                let (now, next) = (mu + lam * x, mu + lam * (x + 1.0));
                probability *= (next / now).powf(x - 1.0) * next * (-lam).exp() / (x + 1.0);
                x += 1.0;
                left -= probability;
            }
            x
        })
    }
}
