//! A distribution cut at bounds: what lies outside is left out.
//!
//! ```text
//! log p(x) = log q(x) - log(Q(upper) - Q(lower))      lower <= x <= upper; Q(lower - 1) for whole numbers
//! ```
//!
//! The difference is taken between distribution functions, or between survival functions where the interval lies in
//! the upper tail, so that it stays exact far from the centre.
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, section 13.10.1.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError, value::shape};

use super::normal::Normal;
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::special::log1m_exp;
use super::stream::{Stream, numbers};
use super::support::{floor, within};
use super::{Condition, Distribution, DistributionError, Support, log_probability_anywhere};
use crate::finding::Rule;

/// A univariate distribution between bounds.
#[derive(Clone, Debug)]
pub struct Truncated {
    name: &'static str,
    base: Rc<dyn Distribution>,
    lower: Option<Value>,
    upper: Option<Value>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Truncated",
    aliases: &[],
    positional: &["dist", "lower", "upper", "max_n_steps"],
    keyword_only: &[],
    signature: "dist, lower=None, upper=None",
    summary: "A distribution cut at bounds: what lies outside is left out",
    support: "between the bounds",
    parameters: &[
        ("dist", "the distribution, such as pm.Gamma.dist(2, 1)"),
        ("lower", "lower bound"),
        ("upper", "upper bound"),
        ("max_n_steps", "read, and without effect"),
    ],
    example: r#"pm.Truncated("x", pm.Gamma.dist(2, 1), lower=0.5, upper=3)"#,
    build: |arguments: &Arguments| {
        let base = arguments.distribution("dist")?;
        if base.event_rank() > 0 {
            return Err(arguments
                .error(format!("Truncation of {} is not possible: it is not univariate", base.name())));
        }
        if is_truncated(&*base) {
            return Err(
                arguments.error("what is truncated cannot be truncated again: give both bounds at once")
            );
        }
        let (lower, upper) = (arguments.get("lower"), arguments.get("upper"));
        if lower.is_none() && upper.is_none() {
            return Err(arguments.breach(Rule::BoundsNeeded, "lower and upper cannot both be None"));
        }
        let truncated = Truncated { name: arguments.name(), base, lower, upper };
        match truncated.log_mass().is_some() {
            true => Ok(Box::new(truncated)),
            false => {
                let reason = "has no distribution function, or its bounds are not known";
                Err(arguments.error(format!("{} {reason}", truncated.base.name())))
            }
        }
    },
};

/// The truncated normal distribution.
pub(super) const NORMAL: Entry = Entry {
    name: "TruncatedNormal",
    aliases: &[],
    positional: &["mu", "sigma"],
    keyword_only: &["tau", "lower", "upper"],
    signature: "mu=0, sigma=1 | tau, lower=None, upper=None",
    summary: "Normal distribution cut at bounds",
    support: "between the bounds",
    parameters: &[
        ("mu", "mean before the cut"),
        ("sigma", "standard deviation before the cut, above 0"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
        ("lower", "lower bound"),
        ("upper", "upper bound"),
    ],
    example: r#"pm.TruncatedNormal("x", mu=0, sigma=1, lower=0)"#,
    build: |arguments: &Arguments| {
        let (mu, sigma) = (arguments.get_or("mu", 0.0), sigma_or("tau", arguments)?);
        Ok(Box::new(Truncated::normal(mu, sigma, arguments.get("lower"), arguments.get("upper"))))
    },
};

/// Whether a distribution is truncated, or made of one that is: each level would read its base many times.
fn is_truncated(base: &dyn Distribution) -> bool {
    base.name() == ENTRY.name || base.made_of().into_iter().any(is_truncated)
}

/// Keeps differences of equal logarithms away from the logarithm of zero.
const LEAST_GAP: f64 = -1e-37;
/// Rounds of drawing and keeping what lies inside, before the distribution function is inverted.
const ROUNDS: usize = 100;
/// Most whole numbers that are walked over.
const STEPS: usize = 10_000;
/// Halvings that bring any interval of floating point numbers down to neighbours.
const HALVINGS: usize = 64;

impl Truncated {
    /// A distribution between bounds; `None` is no bound.
    pub fn new(base: Rc<dyn Distribution>, lower: Option<Value>, upper: Option<Value>) -> Self {
        Self { name: "Truncated", base, lower, upper }
    }

    /// The truncated normal distribution; `None` is no bound.
    pub fn normal(
        mu: impl Into<Value>,
        sigma: impl Into<Value>,
        lower: Option<Value>,
        upper: Option<Value>,
    ) -> Self {
        Self { name: "TruncatedNormal", ..Self::new(Rc::new(Normal::new(mu, sigma)), lower, upper) }
    }

    /// The bounds, those of the distribution itself included.
    fn bounds(&self) -> (Value, Value) {
        let (least, most) = self.base.support().bounds();
        let lower = self.lower.as_ref().map_or(least.clone(), |lower| inner(lower, &least, Value::maximum));
        let upper = self.upper.as_ref().map_or(most.clone(), |upper| inner(upper, &most, Value::minimum));
        if self.base.support().is_discrete() {
            return (-floor(&-lower), floor(&upper));
        }
        (lower, upper)
    }

    /// Log of the probability between the bounds; `None` where the distribution function is not known.
    fn log_mass(&self) -> Option<Value> {
        let (mut lower, upper) = self.bounds();
        let (least, _) = self.base.support().bounds();
        if self.base.support().is_discrete() {
            lower = lower - 1.0;
        }
        let cuts_below = self.lower.is_some() && !is_at_most(&lower, &least);
        match (cuts_below, self.upper.is_some() && !is_infinite(&upper)) {
            (false, false) => Some(Value::from(0.0)),
            (true, false) => log_probability_anywhere(&*self.base, &lower, false),
            (false, true) => log_probability_anywhere(&*self.base, &upper, true),
            (true, true) => {
                let gap = |gap: Value| log1m_exp(&gap.minimum(&Value::from(LEAST_GAP)));
                let beyond = |x: &Value, below: bool| log_probability_anywhere(&*self.base, x, below);
                let (below, whole) = (beyond(&lower, true)?, beyond(&upper, true)?);
                let (above, rest) = (beyond(&lower, false)?, beyond(&upper, false)?);
                let is_high = below.greater(&Value::from(-std::f64::consts::LN_2));
                let high = &above + gap(rest - &above);
                let low = &whole + gap(below - &whole);
                Some(is_high.select(&high, &low))
            }
        }
    }

    /// The whole numbers where the distribution function reaches a share of its rise, by walking up from the bound.
    fn counts(&self, shares: &[f64], shape: &[usize]) -> Option<Vec<f64>> {
        let (lower, _) = self.bounds();
        let lower = numbers(self.name, &lower, shape).ok()?;
        let mass = numbers(self.name, &self.log_mass()?, shape).ok()?;
        let mut reached = vec![0.0; shares.len()];
        let mut found = vec![f64::NAN; shares.len()];
        for step in 0..STEPS {
            let x: Vec<f64> = lower.iter().map(|&l| l + step as f64).collect();
            let density = self.base.log_density(&Value::data(x.clone(), shape, Kind::Float));
            let density = numbers(self.name, &density, shape).ok()?;
            for i in 0..shares.len() {
                reached[i] += (density[i] - mass[i]).exp();
                if found[i].is_nan() && reached[i] >= shares[i] * (1.0 - 1e-12) {
                    found[i] = x[i];
                }
            }
            if !found.iter().any(|x| x.is_nan()) {
                return Some(found);
            }
        }
        None
    }

    /// The numbers where the distribution function has a share of its rise between the bounds, by bisection.
    fn quantiles(&self, shares: &[f64], shape: &[usize]) -> Option<Vec<f64>> {
        let (least, most) = self.bounds();
        let edge = |bound: &Value| numbers(self.name, bound, shape).ok();
        let (lower, upper) = (edge(&least)?, edge(&most)?);
        let (mut low, mut high): (Vec<i64>, Vec<i64>) =
            lower.iter().zip(&upper).map(|(&l, &u)| (place(l), place(u))).unzip();
        let mass = numbers(self.name, &self.log_mass()?, shape).ok()?;
        for _ in 0..HALVINGS {
            let middles: Vec<i64> = low.iter().zip(&high).map(|(&l, &h)| i64::midpoint(l, h)).collect();
            let middle: Vec<f64> = middles.iter().map(|&m| at_place(m)).collect();
            let point = Value::data(middle, shape, Kind::Float);
            let part = Truncated { upper: Some(point), ..self.clone() };
            let reached = numbers(self.name, &part.log_mass()?, shape).ok()?;
            for (i, &m) in middles.iter().enumerate() {
                let is_past = reached[i] - mass[i] >= shares[i].ln();
                (low[i], high[i]) = if is_past { (low[i], m) } else { (m, high[i]) };
            }
        }
        Some(high.into_iter().map(at_place).collect())
    }
}

/// The place of a number among all floating point numbers, and back from the bits of the place.
pub(super) fn place(x: f64) -> i64 {
    flip(x.to_bits() as i64)
}

pub(super) fn at_place(place: i64) -> f64 {
    f64::from_bits(flip(place) as u64)
}

/// Turns the bits of negative numbers round, so that integers have the order of the numbers.
fn flip(bits: i64) -> i64 {
    bits ^ (bits >> 63 & i64::MAX)
}

/// The tighter of two bounds; a bound that is surely no tighter is left out.
fn inner(given: &Value, own: &Value, tighter: fn(&Value, &Value) -> Value) -> Value {
    if is_infinite(own) { given.clone() } else { tighter(given, own) }
}

fn is_infinite(bound: &Value) -> bool {
    bound.as_data().is_some_and(|numbers| numbers.iter().all(|x| x.is_infinite()))
}

fn is_at_most(lower: &Value, least: &Value) -> bool {
    match (lower.as_data(), least.as_data()) {
        (Some(lower), Some(least)) if least.len() == 1 => {
            lower.iter().all(|&x| x < least[0] || x == f64::NEG_INFINITY)
        }
        _ => false,
    }
}

impl Distribution for Truncated {
    fn name(&self) -> &'static str {
        self.name
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.base]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let bounds = [("lower", &self.lower), ("upper", &self.upper)];
        let bounds = bounds.into_iter().filter_map(|(name, bound)| Some((name, bound.as_ref()?)));
        self.base.parameters().into_iter().chain(bounds).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let mass = self.log_mass().unwrap_or_else(|| {
            Value::invalid(ValueError::NotData {
                what: format!("the bounds of a truncated {}", self.base.name()),
            })
        });
        let (lower, upper) = self.bounds();
        within(x, &lower, &upper, self.base.log_density(x) - mass)
    }

    fn support(&self) -> Support {
        let (lower, upper) = self.bounds();
        if self.base.support().is_discrete() {
            Support::IntegerBetween { lower, upper }
        } else {
            Support::Interval { lower, upper }
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let mut conditions = self.base.conditions();
        if let (Some(lower), Some(upper)) = (&self.lower, &self.upper) {
            conditions
                .push(Condition { rule: "lower_bound <= upper_bound", holds: lower.lower_equal(upper) });
        }
        conditions
    }

    /// That of the distribution where it lies between the bounds, else a number that does; this always for normal ones.
    fn support_point(&self) -> Value {
        let (lower, upper) = self.bounds();
        let point = match (is_infinite(&lower), is_infinite(&upper)) {
            (true, true) => self.base.support_point(),
            (false, true) => lower + 1.0,
            (true, false) => upper - 1.0,
            (false, false) => {
                // Some bounds of an array may be infinite.
                let infinity = Value::from(f64::INFINITY);
                let (low, high) = (lower.abs().lower(&infinity), upper.abs().lower(&infinity));
                let above = high.select(&((&lower + &upper) * 0.5), &(&lower + 1.0));
                low.select(&above, &high.select(&(&upper - 1.0), &self.base.support_point()))
            }
        };
        if self.base.name() == "Normal" {
            return point;
        }
        let (typical, (lower, upper)) = (self.base.support_point(), self.bounds());
        let (inside, point) = match self.base.support().is_discrete() {
            true => (typical.greater_equal(&lower).and(&typical.lower_equal(&upper)), point.floor()),
            false => (typical.greater(&lower).and(&typical.lower(&upper)), point),
        };
        inside.select(&typical, &point)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let part = Truncated { upper: Some(x.clone()), ..self.clone() };
        Some(part.log_mass()? - self.log_mass()?)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let (lower, upper) = self.bounds();
        let (lower, upper) = (numbers(self.name, &lower, shape)?, numbers(self.name, &upper, shape)?);
        let mut drawn = vec![f64::NAN; shape::elements(shape)];
        for _ in 0..ROUNDS {
            let fresh = self.base.draw(shape, stream)?;
            for (i, x) in fresh.into_iter().enumerate() {
                if drawn[i].is_nan() && (lower[i]..=upper[i]).contains(&x) {
                    drawn[i] = x;
                }
            }
            if !drawn.iter().any(|x| x.is_nan()) {
                return Ok(drawn);
            }
        }
        let shares: Vec<f64> = drawn.iter().map(|_| stream.uniform()).collect();
        let found = match self.base.support().is_discrete() {
            true => self.counts(&shares, shape),
            false => self.quantiles(&shares, shape),
        };
        let found = found.ok_or_else(|| DistributionError::CannotDraw {
            distribution: self.name,
            reason: format!(
                "Truncation did not converge in {ROUNDS} steps: almost no mass lies between the bounds"
            ),
        })?;
        Ok(drawn.into_iter().zip(found).map(|(x, q)| if x.is_nan() { q } else { x }).collect())
    }
}
