//! The hypergeometric distribution: successes among `n` drawn without putting back.
//!
//! ```text
//! log p(x) = log C(k, x) + log C(N - k, n - x) - log C(N, n)      max(0, n - N + k) <= x <= min(k, n)
//! ```
//!
//! # References
//! - Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, chapter 6.

use chainfire_engine::program::Value;

use super::counts::log_cdf_by_sum;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Successes among `n` draws from a population with `successes` of `population`.
#[derive(Clone, Debug)]
pub struct HyperGeometric {
    population: Value,
    successes: Value,
    n: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "HyperGeometric",
    aliases: &[],
    positional: &["N", "k", "n"],
    keyword_only: &[],
    signature: "N, k, n",
    summary: "Successes among draws without replacement",
    support: "max(0, n - N + k), ..., min(k, n)",
    parameters: &[
        ("N", "size of the population"),
        ("k", "successes in the population"),
        ("n", "number of draws"),
    ],
    example: r#"pm.HyperGeometric("y", N=20, k=7, n=5, observed=[2, 1])"#,
    build: |arguments: &Arguments| {
        let (population, successes) = (arguments.require("N")?, arguments.require("k")?);
        Ok(Box::new(HyperGeometric::new(population, successes, arguments.require("n")?)))
    },
};

impl HyperGeometric {
    /// Successes among `n` draws from a population with `successes` of `population`.
    pub fn new(population: impl Into<Value>, successes: impl Into<Value>, n: impl Into<Value>) -> Self {
        Self { population: population.into(), successes: successes.into(), n: n.into() }
    }

    /// Least and largest possible number of successes.
    fn ends(&self) -> (Value, Value) {
        let least = (&self.n - &self.population + &self.successes).maximum(&Value::from(0.0));
        (least, self.successes.minimum(&self.n))
    }
}

/// Logarithm of the number of ways to choose `k` of `n`; infinite where there is none.
fn log_choose(n: &Value, k: &Value) -> Value {
    (n + 1.0).lgamma() - (k + 1.0).lgamma() - (n - k + 1.0).lgamma()
}

impl Distribution for HyperGeometric {
    fn name(&self) -> &'static str {
        "HyperGeometric"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("N", &self.population), ("k", &self.successes), ("n", &self.n)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let failures = &self.population - &self.successes;
        let missed = &self.n - x;
        let (least, most) = self.ends();
        let possible = x.greater_equal(&least).and(&x.lower_equal(&most));
        let inside = log_choose(&self.successes, x) + log_choose(&failures, &missed)
            - log_choose(&self.population, &self.n);
        possible.select(&inside, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        let (lower, upper) = self.ends();
        Support::IntegerBetween { lower, upper }
    }

    fn conditions(&self) -> Vec<Condition> {
        let (least, most) = self.ends();
        vec![Condition { rule: "lower <= upper", holds: least.lower_equal(&most) }]
    }

    fn support_point(&self) -> Value {
        ((&self.n + 1.0) * (&self.successes + 1.0) / (&self.population + 2.0)).floor()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        log_cdf_by_sum(self, x, 0.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(
            self.name(),
            [&self.population, &self.successes, &self.n],
            shape,
            stream,
            |[population, successes, n], stream| {
                if !(n <= population && population.is_finite()) {
                    return f64::NAN;
                }
                let (mut left, mut good, mut seen) = (population, successes, 0.0);
                for _ in 0..n as u64 {
                    if stream.inside() * left < good {
                        good -= 1.0;
                        seen += 1.0;
                    }
                    left -= 1.0;
                }
                seen
            },
        )
    }
}
