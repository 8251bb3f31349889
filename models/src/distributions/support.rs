//! Where distributions put their mass.

use chainfire_engine::program::{Kind, Value};

use super::Distribution;

/// Where a distribution puts its mass; decides the default transform and what observed data may be.
#[derive(Clone, Debug)]
pub enum Support {
    /// All real numbers.
    Real,
    /// Real numbers above zero.
    Positive,
    /// Real numbers from zero on.
    NonNegative,
    /// Real numbers between 0 and 1.
    UnitInterval,
    /// Real numbers between two bounds, which may depend on parameters; an infinite bound is none.
    Interval {
        /// Lower bound.
        lower: Value,
        /// Upper bound.
        upper: Value,
    },
    /// Angles between -pi and pi.
    Circle,
    /// 0 or 1.
    Binary,
    /// 0, 1, 2, ...
    NonNegativeInteger,
    /// 0, 1, ..., n
    IntegerUpTo(Value),
    /// lower, lower + 1, ..., upper
    IntegerBetween {
        /// Least value.
        lower: Value,
        /// Largest value.
        upper: Value,
    },
    /// Numbers from 0 on whose sum over the last axis is 1.
    Simplex,
    /// Real numbers whose sum over each of the last axes is 0.
    ZeroSum {
        /// Number of these axes.
        axes: usize,
    },
    /// Rows of a lower triangular matrix with a positive diagonal, one after the other.
    CholeskyPacked {
        /// Rows of the matrix.
        size: usize,
    },
}

impl Support {
    /// Whether the values are whole numbers.
    pub fn is_discrete(&self) -> bool {
        matches!(
            self,
            Support::Binary
                | Support::NonNegativeInteger
                | Support::IntegerUpTo(_)
                | Support::IntegerBetween { .. }
        )
    }

    /// The bounds of single numbers, infinite where there are none.
    pub fn bounds(&self) -> (Value, Value) {
        let known = |lower: f64, upper: f64| (Value::from(lower), Value::from(upper));
        let infinity = f64::INFINITY;
        match self {
            Support::Real | Support::ZeroSum { .. } | Support::CholeskyPacked { .. } => {
                known(-infinity, infinity)
            }
            Support::Positive | Support::NonNegative | Support::NonNegativeInteger => known(0.0, infinity),
            Support::UnitInterval | Support::Binary | Support::Simplex => known(0.0, 1.0),
            Support::Circle => known(-std::f64::consts::PI, std::f64::consts::PI),
            Support::IntegerUpTo(most) => (Value::from(0.0), most.clone()),
            Support::Interval { lower, upper } | Support::IntegerBetween { lower, upper } => {
                (lower.clone(), upper.clone())
            }
        }
    }

    /// What the distribution takes, when that is not the number `x` in the given row (flat, counted from 0).
    pub fn refusal(&self, x: f64, row: usize) -> Option<String> {
        let (lower, upper) = self.bounds();
        let bound = |value: &Value| value.as_data().and_then(|d| d.get(row % d.len().max(1)).copied());
        let (lower, upper) = (bound(&lower), bound(&upper));
        let is_inside = lower.is_none_or(|l| x >= l) && upper.is_none_or(|u| x <= u);
        let is_whole = !self.is_discrete() || x.fract() == 0.0;
        let is_above = !matches!(self, Support::Positive) || x > 0.0;
        if is_inside && is_whole && is_above {
            return None;
        }
        let text =
            |b: Option<f64>| b.map_or("a bound that depends on parameters".to_string(), |b| b.to_string());
        Some(match self {
            Support::Real | Support::ZeroSum { .. } | Support::CholeskyPacked { .. } => return None,
            Support::Positive => "the distribution takes positive numbers".into(),
            Support::NonNegative => "the distribution takes numbers from 0 on".into(),
            Support::UnitInterval | Support::Simplex => {
                "the distribution takes numbers between 0 and 1".into()
            }
            Support::Circle => "the distribution takes angles between -pi and pi".into(),
            Support::Interval { .. } => {
                format!("the distribution takes numbers from {} to {}", text(lower), text(upper))
            }
            Support::Binary => "the distribution takes 0 or 1".into(),
            Support::NonNegativeInteger => "the distribution takes counts 0, 1, 2, ...".into(),
            Support::IntegerUpTo(_) => format!(
                "the distribution takes counts from 0 to {}",
                upper.map_or("n".into(), |n| n.to_string())
            ),
            Support::IntegerBetween { .. } => {
                format!("the distribution takes whole numbers from {} to {}", text(lower), text(upper))
            }
        })
    }
}

/// `density` where `x` lies between the bounds, else minus infinity.
///
/// Data is compared with bounds that depend on parameters, for only there can it leave the interval while sampling;
/// variables are inside by their transform, and known bounds are checked when the model is built.
pub(super) fn within(x: &Value, lower: &Value, upper: &Value, density: Value) -> Value {
    let can_leave = (lower.is_random() || upper.is_random()) && !x.is_random();
    if !can_leave {
        return density;
    }
    let holds = x.greater_equal(lower).and(&x.lower_equal(upper));
    holds.select(&density, &Value::from(f64::NEG_INFINITY))
}

/// The log density of a distribution at any number: minus infinity outside its support.
pub(crate) fn density_anywhere(distribution: &dyn Distribution, x: &Value) -> Value {
    match inside(x, &distribution.support()) {
        None => distribution.log_density(x),
        Some(holds) => {
            let density = distribution.log_density(&holds.select(x, &distribution.support_point()));
            // A vector is inside when all of its elements are.
            let axes = density.rank()..holds.rank();
            let holds = axes.rev().fold(holds, |holds, axis| {
                let count = Value::from(holds.shape()[axis] as f64);
                holds.sum_axis(axis).equal(&count)
            });
            holds.select(&density, &Value::from(f64::NEG_INFINITY))
        }
    }
}

/// The log density of a distribution at any number, minus infinity where a rule on its parameters is broken.
pub fn possible_density(distribution: &dyn Distribution, x: &Value) -> Value {
    let impossible = Value::from(f64::NEG_INFINITY);
    let rules = distribution.conditions().into_iter().map(|condition| condition.holds);
    rules
        .filter(|holds| holds.as_data().is_none_or(|truth| truth.contains(&0.0)))
        .fold(density_anywhere(distribution, x), |density, holds| holds.select(&density, &impossible))
}

/// Log of the probability of values up to any number, or of those above it; `None` where it is not known.
pub fn log_probability_anywhere(distribution: &dyn Distribution, x: &Value, below: bool) -> Option<Value> {
    let support = distribution.support();
    let (lower, upper) = support.bounds();
    let run = |x: &Value| if below { distribution.log_cdf(x) } else { distribution.log_survival(x) };
    let (impossible, sure) = (Value::from(f64::NEG_INFINITY), Value::from(0.0));
    let (none, all) = if below { (impossible, sure) } else { (sure, impossible) };
    // Between whole numbers the probability is that of the one below. No number below the least is likely; of whole
    // numbers the least itself is.
    let (x, low) = if support.is_discrete() {
        let whole = floor(x);
        (whole.clone(), whole.lower(&lower))
    } else {
        (x.clone(), x.lower_equal(&lower))
    };
    let high = x.greater_equal(&upper);
    let outside = [(low, none), (high, all)];
    let can_be = |place: &Value| place.as_data().is_none_or(|truth| truth.contains(&1.0));
    let outside = || outside.iter().filter(|(place, _)| can_be(place));
    let typical = distribution.support_point();
    let inside = outside().fold(x, |inside, (place, _)| place.select(&typical, &inside));
    Some(outside().fold(run(&inside)?, |value, (place, certain)| place.select(certain, &value)))
}

/// The largest whole numbers not above `x`.
pub(super) fn floor(x: &Value) -> Value {
    let is_whole = x.kind() != Kind::Float;
    match x.as_data() {
        Some(numbers) if is_whole || numbers.iter().all(|x| x.fract() == 0.0 || x.is_infinite()) => x.clone(),
        _ => x.floor(),
    }
}

/// The mask of the numbers inside a support with known bounds; `None` where all of `x` is known to be inside.
pub(super) fn inside(x: &Value, support: &Support) -> Option<Value> {
    let (lower, upper) = support.bounds();
    let is_open = |bound: &Value| bound.as_data().is_some_and(|d| d.iter().all(|b| b.is_infinite()));
    if is_open(&lower) && is_open(&upper) {
        return None;
    }
    let holds = x.greater_equal(&lower).and(&x.lower_equal(&upper));
    match holds.as_data() {
        Some(truth) if !truth.contains(&0.0) => None,
        _ => Some(holds),
    }
}
