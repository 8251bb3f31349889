//! The Wald distribution (inverse Gaussian), moved by `alpha`.
//!
//! ```text
//! log p(x) = log(lam / (2 pi)) / 2 - 3/2 log(y) - lam (y - mu)^2 / (2 mu^2 y)      y = x - alpha > 0
//! P(x)     = Phi(a) + e^(2 lam / mu) Phi(-b)      a, b = sqrt(lam / y) (y / mu -+ 1),  2 lam / mu = (b^2 - a^2) / 2
//! given otherwise:  lam = mu phi
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 15.

use chainfire_engine::program::Value;

use super::normal_cdf::{log_normal_cdf, log_scaled_normal_cdf};
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::special::{log_add_exp, log1m_exp};
use super::stream::{Stream, each};
use super::support::within;
use super::{Condition, Distribution, DistributionError, Support};

/// Wald with mean `mu` and shape `lam`, moved by `alpha`.
#[derive(Clone, Debug)]
pub struct Wald {
    mu: Value,
    lam: Value,
    alpha: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Wald",
    aliases: &[],
    positional: &["mu", "lam", "phi", "alpha"],
    keyword_only: &[],
    signature: "mu | mu, lam | mu, phi | lam, phi; alpha=0",
    summary: "Inverse Gaussian: the time at which a drifting particle arrives",
    support: "numbers above alpha",
    parameters: &[
        ("mu", "mean before the shift, above 0"),
        ("lam", "shape, above 0"),
        ("phi", "lam / mu, in place of one of them"),
        ("alpha", "shift, from 0 on"),
    ],
    example: r#"pm.Wald("x", mu=2, lam=1)"#,
    build: |arguments: &Arguments| {
        let one = Value::from(1.0);
        let (mu, lam) = match (arguments.get("mu"), arguments.get("lam"), arguments.get("phi")) {
            (Some(mu), None, None) => (mu, one),
            (Some(mu), Some(lam), None) => (mu, lam),
            (Some(mu), None, Some(phi)) => (mu.clone(), mu * phi),
            (None, Some(lam), Some(phi)) => (&lam / phi, lam),
            _ => {
                return Err(arguments.error(
                    "Wald distribution must specify either mu only, mu and lam, mu and phi, or lam and phi.",
                ));
            }
        };
        Ok(Box::new(Wald::new(mu, lam, arguments.get_or("alpha", 0.0))))
    },
};

impl Wald {
    /// Wald with mean `mu` and shape `lam`, moved by `alpha`.
    pub fn new(mu: impl Into<Value>, lam: impl Into<Value>, alpha: impl Into<Value>) -> Self {
        Self { mu: mu.into(), lam: lam.into(), alpha: alpha.into() }
    }

    /// The distance from `alpha`; any number where it is not positive.
    fn above(&self, x: &Value) -> Value {
        let y = x - &self.alpha;
        y.greater(&Value::from(0.0)).select(&y, &self.mu)
    }

    /// `a`, `b` and `-a^2 / 2`.
    fn tails(&self, x: &Value) -> (Value, Value, Value) {
        let y = self.above(x);
        let root = (&self.lam * y.recip()).sqrt();
        let ratio = y * self.mu.recip();
        let (a, b) = (&root * (&ratio - 1.0), root * (ratio + 1.0));
        let reflected = a.square() * -0.5;
        (a, b, reflected)
    }
}

impl Distribution for Wald {
    fn name(&self) -> &'static str {
        "Wald"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("lam", &self.lam), ("alpha", &self.alpha)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let y = self.above(x);
        let kernel = (&y - &self.mu).square() * (&self.lam * 0.5) * (self.mu.square() * &y).recip();
        let inside = self.lam.log() * 0.5 - HALF_LOG_TWO_PI - y.log() * 1.5 - kernel;
        within(x, &self.alpha, &Value::from(f64::INFINITY), inside)
    }

    fn support(&self) -> Support {
        match self.alpha.as_data() {
            Some(alpha) if alpha.iter().all(|&a| a == 0.0) => Support::Positive,
            _ => Support::Interval { lower: self.alpha.clone(), upper: Value::from(f64::INFINITY) },
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "mu > 0, lam > 0, alpha >= 0";
        vec![
            Condition::positive(rule, &self.mu),
            Condition::positive(rule, &self.lam),
            Condition { rule, holds: self.alpha.greater_equal(&Value::from(0.0)) },
        ]
    }

    /// The mean without the shift where it is possible, as in PyMC.
    fn support_point(&self) -> Value {
        self.mu.greater(&self.alpha).select(&self.mu, &(&self.alpha + &self.mu))
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (a, b, reflected) = self.tails(x);
        Some(log_add_exp(&log_normal_cdf(&a), &(log_scaled_normal_cdf(&-b) + reflected)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (a, b, reflected) = self.tails(x);
        let upper = log_normal_cdf(&-a);
        let ratio = log_scaled_normal_cdf(&-b) + reflected - &upper;
        Some(log1m_exp(&ratio.minimum(&Value::from(-1e-37))) + upper)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.lam, &self.alpha], shape, stream, |[mu, lam, alpha], stream| {
            // The two roots of lam (y - mu)^2 = mu^2 y v with v chi-squared.
            let w = mu * stream.normal().powi(2) / (2.0 * lam);
            let ratio = 1.0 / (1.0 + w + (w * (w + 2.0)).sqrt());
            let y = if stream.uniform() * (1.0 + ratio) <= 1.0 { mu * ratio } else { mu / ratio };
            alpha + y
        })
    }
}
