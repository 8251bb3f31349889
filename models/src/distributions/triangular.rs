//! The triangular distribution.
//!
//! ```text
//! log p(x) = log(2) + log(x - lower) - log(upper - lower) - log(c - lower)      lower <= x < c
//!          = log(2) + log(upper - x) - log(upper - lower) - log(upper - c)      c <= x <= upper
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions, volume 2, chapter 26.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::support::within;
use super::{Condition, Distribution, DistributionError, Support};

/// Triangular between `lower` and `upper` with mode `c`.
#[derive(Clone, Debug)]
pub struct Triangular {
    lower: Value,
    upper: Value,
    c: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Triangular",
    aliases: &[],
    positional: &["lower", "upper", "c"],
    keyword_only: &[],
    signature: "lower=0, upper=1, c=0.5",
    summary: "Triangular density",
    support: "between lower and upper",
    parameters: &[("lower", "lower bound"), ("upper", "upper bound"), ("c", "mode, between the bounds")],
    example: r#"pm.Triangular("x", lower=0, upper=1, c=0.3)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(Triangular::new(
            arguments.get_or("lower", 0.0),
            arguments.get_or("upper", 1.0),
            arguments.get_or("c", 0.5),
        )))
    },
};

impl Triangular {
    /// Triangular between `lower` and `upper` with mode `c`.
    pub fn new(lower: impl Into<Value>, upper: impl Into<Value>, c: impl Into<Value>) -> Self {
        Self { lower: lower.into(), upper: upper.into(), c: c.into() }
    }
}

impl Distribution for Triangular {
    fn name(&self) -> &'static str {
        "Triangular"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("lower", &self.lower), ("upper", &self.upper), ("c", &self.c)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (left, right) = (x - &self.lower, &self.upper - x);
        let is_left = x.lower(&self.c);
        let one = Value::from(1.0);
        let side = is_left.select(&left, &right);
        let width = is_left.select(&(&self.c - &self.lower), &(&self.upper - &self.c));
        let outside = side.lower(&Value::from(0.0));
        let inside = (outside.select(&one, &side) * 2.0).log() - (width * (&self.upper - &self.lower)).log();
        within(x, &self.lower, &self.upper, inside)
    }

    fn support(&self) -> Support {
        Support::Interval { lower: self.lower.clone(), upper: self.upper.clone() }
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "lower <= c <= upper";
        vec![
            Condition { rule, holds: self.lower.lower_equal(&self.c) },
            Condition { rule, holds: self.c.lower_equal(&self.upper) },
            Condition { rule, holds: self.lower.lower(&self.upper) },
        ]
    }

    fn support_point(&self) -> Value {
        (&self.lower + &self.upper + &self.c) * (1.0 / 3.0)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (whole, rising) = (&self.upper - &self.lower, &self.c - &self.lower);
        let (left, right) = (x - &self.lower, &self.upper - x);
        let rise = (left.square() * (&whole * rising).recip()).log();
        let fall = (-(right.square() * (whole * (&self.upper - &self.c)).recip())).log1p();
        Some(x.lower(&self.c).select(&rise, &fall))
    }

    fn quantile(&self, share: &Value) -> Option<Value> {
        let (whole, rising, falling) =
            (&self.upper - &self.lower, &self.c - &self.lower, &self.upper - &self.c);
        let left = &self.lower + (&whole * &rising * share).sqrt();
        let right = &self.upper - (&whole * falling * (1.0 - share)).sqrt();
        Some((whole * share).lower(&rising).select(&left, &right))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.lower, &self.upper, &self.c], shape, stream, |[lower, upper, c], stream| {
            let (u, width) = (stream.uniform(), upper - lower);
            if u * width < c - lower {
                lower + (u * width * (c - lower)).sqrt()
            } else {
                upper - ((1.0 - u) * width * (upper - c)).sqrt()
            }
        })
    }
}
