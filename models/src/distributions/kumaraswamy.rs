//! The Kumaraswamy distribution.
//!
//! ```text
//! log p(x) = log(a) + log(b) + (a - 1) log(x) + (b - 1) log(1 - x^a)      0 < x < 1
//! ```
//!
//! # References
//! - Kumaraswamy (1980), A generalized probability density function for double-bounded random processes.
//!   doi:10.1016/0022-1694(80)90036-0

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::{log1m_exp, x_log_y};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Kumaraswamy with shapes `a` and `b`.
#[derive(Clone, Debug)]
pub struct Kumaraswamy {
    a: Value,
    b: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Kumaraswamy",
    aliases: &[],
    positional: &["a", "b"],
    keyword_only: &[],
    signature: "a, b",
    summary: "Kumaraswamy distribution",
    support: "numbers between 0 and 1",
    parameters: &[("a", "first shape, above 0"), ("b", "second shape, above 0")],
    example: r#"pm.Kumaraswamy("x", a=2, b=3)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Kumaraswamy::new(arguments.require("a")?, arguments.require("b")?)))
    },
};

impl Kumaraswamy {
    /// Kumaraswamy with shapes `a` and `b`.
    pub fn new(a: impl Into<Value>, b: impl Into<Value>) -> Self {
        Self { a: a.into(), b: b.into() }
    }
}

impl Distribution for Kumaraswamy {
    fn name(&self) -> &'static str {
        "Kumaraswamy"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("a", &self.a), ("b", &self.b)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let log_x = x.log();
        let rest = x_log_y(&(&self.b - 1.0), &-(&self.a * &log_x), |t| log1m_exp(&-t));
        x_log_y(&(&self.a - 1.0), &log_x, Value::clone) + rest + (self.a.log() + self.b.log())
    }

    fn support(&self) -> Support {
        Support::UnitInterval
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "a > 0, b > 0";
        vec![Condition::positive(rule, &self.a), Condition::positive(rule, &self.b)]
    }

    fn support_point(&self) -> Value {
        let shape = self.a.recip() + 1.0;
        (self.b.log() + shape.lgamma() + self.b.lgamma() - (&shape + &self.b).lgamma()).exp()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_survival(x).map(|survival| log1m_exp(&survival))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        Some(&self.b * log1m_exp(&(&self.a * x.log())))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        Some(((-((-share).log1p() * self.b.recip()).expm1()).log() * self.a.recip()).exp())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.a, &self.b], shape, stream, |[a, b], stream| {
            (-(stream.uniform().ln() / b).exp_m1()).powf(1.0 / a)
        })
    }
}
