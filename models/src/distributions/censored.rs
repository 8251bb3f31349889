//! A distribution seen through limits: what lies beyond a limit is seen as the limit.
//!
//! ```text
//! log p(x) = log Q(lower)          x = lower
//!          = log(1 - Q(upper))     x = upper; 1 - Q(upper - 1) for whole numbers
//!          = log q(x)              lower < x < upper
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 8.7.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError};

use super::registry::{Arguments, Entry};
use super::stream::{Stream, numbers};
use super::support::{density_anywhere, floor};
use super::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};

/// A univariate distribution seen through limits.
#[derive(Clone, Debug)]
pub struct Censored {
    base: Rc<dyn Distribution>,
    lower: Value,
    upper: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Censored",
    aliases: &[],
    positional: &["dist", "lower", "upper"],
    keyword_only: &[],
    signature: "dist, lower=-inf, upper=inf",
    summary: "A distribution seen through limits: what lies beyond is recorded as the limit",
    support: "the limits and what is between them",
    parameters: &[
        ("dist", "the distribution, such as pm.Normal.dist(0, 1)"),
        ("lower", "lower limit; infinite for none"),
        ("upper", "upper limit; infinite for none"),
    ],
    example: r#"pm.Censored("y", pm.Normal.dist(0, 1), lower=-1, upper=1, observed=[-1.0, 0.3, 1.0])"#,
    build: |arguments: &Arguments| {
        let base = arguments.distribution("dist")?;
        if base.event_rank() > 0 {
            return Err(arguments.error(format!("{} is not univariate", base.name())));
        }
        let infinity = f64::INFINITY;
        let (lower, upper) = (arguments.get_or("lower", -infinity), arguments.get_or("upper", infinity));
        Ok(Box::new(Censored::new(base, lower, upper)))
    },
};

impl Censored {
    /// A distribution seen through limits; an infinite limit is none.
    pub fn new(base: Rc<dyn Distribution>, lower: impl Into<Value>, upper: impl Into<Value>) -> Self {
        Self { base, lower: lower.into(), upper: upper.into() }
    }

    /// The log density of the distribution itself; no count lies between whole numbers.
    fn between(&self, x: &Value) -> Value {
        if !self.base.support().is_discrete() {
            return density_anywhere(&*self.base, x);
        }
        let whole = floor(x);
        let density = density_anywhere(&*self.base, &whole);
        let is_whole = x.equal(&whole);
        match is_whole.as_data() {
            Some(truth) if !truth.contains(&0.0) => density,
            _ => is_whole.select(&density, &Value::from(f64::NEG_INFINITY)),
        }
    }

    /// `density` where no element of `x` is at the limit, else with the log probability beyond it where one is.
    fn at_limit(
        &self,
        x: &Value,
        limit: &Value,
        beyond: impl FnOnce() -> Option<Value>,
        density: Value,
    ) -> Value {
        let hit = x.equal(limit);
        if hit.as_data().is_some_and(|truth| !truth.contains(&1.0)) {
            return density;
        }
        match beyond() {
            Some(mass) => hit.select(&mass, &density),
            None => {
                let what = format!("the distribution function of {} at its limits", self.base.name());
                Value::invalid(ValueError::NotData { what })
            }
        }
    }
}

/// The finite numbers of a limit; its infinities become a number that the distribution knows.
fn finite(limit: &Value, base: &dyn Distribution) -> Value {
    match limit.as_data() {
        Some(numbers) if numbers.iter().any(|x| x.is_infinite()) => {
            limit.abs().equal(&Value::from(f64::INFINITY)).select(&base.support_point(), limit)
        }
        _ => limit.clone(),
    }
}

impl Distribution for Censored {
    fn name(&self) -> &'static str {
        "Censored"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let limits = [("lower", &self.lower), ("upper", &self.upper)];
        self.base.parameters().into_iter().chain(limits).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let impossible = Value::from(f64::NEG_INFINITY);
        let outside = x.lower(&self.lower).or(&x.greater(&self.upper));
        let density = self.between(x);
        let density = match outside.as_data() {
            Some(truth) if !truth.contains(&1.0) => density,
            _ => outside.select(&impossible, &density),
        };
        let (lower, upper) = (finite(&self.lower, &*self.base), finite(&self.upper, &*self.base));
        // The whole number before the limit, or before the first one past it.
        let last = if self.base.support().is_discrete() { -floor(&-upper) - 1.0 } else { upper };
        let beyond = |x: &Value, below: bool| log_probability_anywhere(&*self.base, x, below);
        let density = self.at_limit(x, &self.lower, || beyond(&lower, true), density);
        self.at_limit(x, &self.upper, || beyond(&last, false), density)
    }

    /// The limits are part of the density: there is mass on them, which no transform can reach. Where they are no whole
    /// numbers, what is seen of counts need not be one.
    fn support(&self) -> Support {
        let is_whole = |limit: &Value| {
            limit.as_data().is_some_and(|numbers| numbers.iter().all(|x| x.fract() == 0.0 || x.is_infinite()))
        };
        match self.base.support() {
            counts if counts.is_discrete() && is_whole(&self.lower) && is_whole(&self.upper) => {
                let (least, most) = counts.bounds();
                let seen = |x: Value| x.maximum(&self.lower).minimum(&self.upper);
                Support::IntegerBetween { lower: seen(least), upper: seen(most) }
            }
            _ => Support::Real,
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let holds = self.lower.lower_equal(&self.upper);
        [self.base.conditions(), vec![Condition { rule: "lower <= upper", holds }]].concat()
    }

    fn support_point(&self) -> Value {
        self.base.support_point().maximum(&self.lower).minimum(&self.upper)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let lower = numbers(self.name(), &self.lower, shape)?;
        let upper = numbers(self.name(), &self.upper, shape)?;
        let drawn = self.base.draw(shape, stream)?;
        Ok(drawn.into_iter().zip(lower.iter().zip(&upper)).map(|(x, (&l, &u))| x.max(l).min(u)).collect())
    }
}
