//! The Skellam distribution, of `pymc_extras`: the difference of two Poisson numbers.
//!
//! ```text
//! log p(x) = x log(a) - mu1 - mu2 + log(I_x(z) / (z / 2)^x)      z = 2 sqrt(mu1 mu2), a = mu1       x >= 0
//! p(-x; mu1, mu2) = p(x; mu2, mu1)
//! ```
//!
//! Large terms of the Bessel function and of the rest cancel, so they are put together before they are computed.
//!
//! # References
//! - Skellam (1946), The frequency distribution of the difference between two Poisson variates. doi:10.2307/2981372

use chainfire_engine::program::Value;

use super::bessel::Descent;
use super::registry::{Arguments, Entry};
use super::special::x_log_y;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// The difference of Poisson numbers with means `mu1` and `mu2`.
#[derive(Clone, Debug)]
pub struct Skellam {
    mu1: Value,
    mu2: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Skellam",
    aliases: &[],
    positional: &["mu1", "mu2"],
    keyword_only: &[],
    signature: "mu1, mu2",
    summary: "Difference of two Poisson numbers (pymc_extras)",
    support: "whole numbers",
    parameters: &[
        ("mu1", "mean of the first number, from 0 on"),
        ("mu2", "mean of the number that is taken away, from 0 on"),
    ],
    example: r#"pm.Skellam("y", mu1=3, mu2=2, observed=[2, -1, 0])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Skellam::new(arguments.require("mu1")?, arguments.require("mu2")?)))
    },
};

impl Skellam {
    /// The difference of Poisson numbers with means `mu1` and `mu2`.
    pub fn new(mu1: impl Into<Value>, mu2: impl Into<Value>) -> Self {
        Self { mu1: mu1.into(), mu2: mu2.into() }
    }
}

impl Distribution for Skellam {
    fn name(&self) -> &'static str {
        "Skellam"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu1", &self.mu1), ("mu2", &self.mu2)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let is_positive = x.greater_equal(&Value::from(0.0));
        let (up, down) = (is_positive.select(&self.mu1, &self.mu2), is_positive.select(&self.mu2, &self.mu1));
        let count = x.abs();
        let Descent { order, s, log_scale, .. } = Descent::new(&count, &(&up * &down));
        // s - mu1 - mu2, and 2 a / (n + s) - 1, where large numbers would cancel.
        let (sum, total, surplus) = (&order + &s, &up + &down, &up - &down);
        let rest = (&order - &surplus) * (&order + &surplus) / (s + total);
        let excess = (surplus - order - &rest) / &sum;
        let half = Value::from(0.5);
        let power = x_log_y(&count, &(up * 2.0 / sum), |share| {
            share.greater(&half).select(&excess.maximum(&-&half).log1p(), &share.log())
        });
        power + rest + log_scale
    }

    fn support(&self) -> Support {
        let infinity = f64::INFINITY;
        Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) }
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "mu1 >= 0, mu2 >= 0";
        let from_zero = |mu: &Value| mu.greater_equal(&Value::from(0.0));
        [&self.mu1, &self.mu2].map(|mu| Condition { rule, holds: from_zero(mu) }).into()
    }

    /// The difference of Poisson's.
    fn support_point(&self) -> Value {
        self.mu1.floor() - self.mu2.floor()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu1, &self.mu2], shape, stream, |[mu1, mu2], stream| {
            stream.poisson(mu1) - stream.poisson(mu2)
        })
    }
}
