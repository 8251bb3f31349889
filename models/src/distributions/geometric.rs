//! The geometric distribution: trials up to the first success.
//!
//! ```text
//! log p(x) = log(p) + (x - 1) log(1 - p)      x in {1, 2, ...}
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, section 5.2.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::{log1m_exp, x_log_y};
use super::stream::{Stream, each};
use super::support::inside;
use super::{Condition, Distribution, DistributionError, Support};

/// Trials of probability `p` up to the first success.
#[derive(Clone, Debug)]
pub struct Geometric {
    p: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Geometric",
    aliases: &[],
    positional: &["p"],
    keyword_only: &[],
    signature: "p",
    summary: "Trials up to the first success",
    support: "1, 2, 3, ...",
    parameters: &[("p", "probability of success")],
    example: r#"pm.Geometric("y", p=0.3, observed=[1, 4, 2])"#,
    build: |arguments: &Arguments| Ok(Box::new(Geometric::new(arguments.require("p")?))),
};

impl Geometric {
    /// Trials of probability `p` up to the first success.
    pub fn new(p: impl Into<Value>) -> Self {
        Self { p: p.into() }
    }
}

impl Distribution for Geometric {
    fn name(&self) -> &'static str {
        "Geometric"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("p", &self.p)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let tries = x - 1.0;
        let density = x_log_y(&tries, &self.p, |p| (-p).log1p()) + self.p.log();
        match inside(x, &self.support()) {
            None => density,
            Some(holds) => holds.select(&density, &Value::from(f64::NEG_INFINITY)),
        }
    }

    fn support(&self) -> Support {
        Support::IntegerBetween { lower: Value::from(1.0), upper: Value::from(f64::INFINITY) }
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "0 <= p <= 1";
        vec![
            Condition { rule, holds: self.p.greater_equal(&Value::from(0.0)) },
            Condition { rule, holds: self.p.lower_equal(&Value::from(1.0)) },
        ]
    }

    fn support_point(&self) -> Value {
        self.p.recip().round()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|survival| log1m_exp(&survival))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(x * (-&self.p).log1p())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.p], shape, stream, |[p], stream| {
            (stream.exponential() / -(-p).ln_1p()).ceil().max(1.0)
        })
    }
}
