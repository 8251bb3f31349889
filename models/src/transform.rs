//! Maps between a variable's support and the whole real line, with their log Jacobians.
//!
//! ```text
//! log:       x = e^y                                   log |dx/dy| = y
//! logodds:   x = 1 / (1 + e^-y)                        log |dx/dy| = y - 2 softplus(y)
//! interval:  x = l + (u - l) / (1 + e^-y)              log |dx/dy| = log(u - l) + y - 2 softplus(y)
//!            x = l + e^y  or  u - e^y for one bound    log |dx/dy| = y
//! circular:  x = y - 2 pi round(y / (2 pi))            log |dx/dy| = 0
//! ordered:   x = y[0], then steps e^y[k]               log |dx/dy| = sum of y[1..]
//!            x = e^y[0], then steps, if positive       log |dx/dy| = sum of y
//! softplus:  x = log(1 + e^y)                          log |dx/dy| = -softplus(-y)
//! simplex:   x = softmax(z),  z = [y, -sum(y)]         log |dx/dy| = log K - K log(sum of e^z)
//! sumto1:    x = [y, 1 - sum(y)]                       log |dx/dy| = 0
//! zerosum:   n - 1 numbers to n with sum 0, isometric  log |dx/dy| = 0
//! cholesky:  x = e^y on the diagonal, else y           log |dx/dy| = sum of the diagonal's y
//! chain:     x = f(g(y))                               log |dx/dy| = log |f'(g(y))| + log |g'(y)|
//! ```
//!
//! where `softplus(y) = log(1 + e^y)`.
//!
//! # References
//! - Stan Reference Manual, chapter "Constraint Transforms"; names, suffixes, simplex and zero sum as PyMC's.

use std::f64::consts::TAU;
use std::sync::Arc;

use chainfire_engine::program::{Kind, Value};

use crate::distributions::{Support, last_axis};

/// A transform of a free variable.
#[derive(Clone, Debug)]
pub enum Transform {
    /// None: the variable is unconstrained.
    Identity,
    /// Positive variables.
    Log,
    /// Variables between 0 and 1.
    LogOdds,
    /// Variables between two bounds; an infinite bound is none.
    Interval {
        /// Lower bound.
        lower: Value,
        /// Upper bound.
        upper: Value,
    },
    /// Angles.
    Circular,
    /// Positive variables, on the scale of the inverse softplus: near the identity where they are large.
    LogExpM1,
    /// Vectors whose elements increase, or decrease; [`Transform::ordered`] has the usual one.
    Ordered {
        /// Whether the elements are positive too.
        positive: bool,
        /// Whether they increase.
        ascending: bool,
    },
    /// Vectors of positive numbers that sum to 1.
    Simplex,
    /// Vectors that sum to 1: all elements but the last, as they are.
    SumTo1,
    /// Arrays that sum to 0 over each of their last axes.
    ZeroSum {
        /// Number of these axes.
        axes: usize,
    },
    /// Rows of a lower triangular matrix with a positive diagonal, one after the other.
    CholeskyPacked {
        /// Rows of the matrix.
        size: usize,
    },
    /// One transform after the other, from constrained to unconstrained.
    Chain(Box<[Transform; 2]>),
    /// One that is given by its functions.
    Custom(Arc<dyn CustomTransform>),
}

/// A transform that is given by its functions.
pub trait CustomTransform: std::fmt::Debug + Send + Sync {
    /// What is put behind the variable's name, between `_` and `__`.
    fn name(&self) -> &str;

    /// Unconstrained to constrained.
    fn constrain(&self, y: &Value) -> Value;

    /// Constrained to unconstrained.
    fn unconstrain(&self, x: &Value) -> Value;

    /// Log of the absolute derivative of `constrain` at `y`, or of its determinant, without the last axes that the
    /// transform takes together; `None` where it is zero.
    fn log_jacobian(&self, y: &Value) -> Option<Value>;

    /// Shape of the unconstrained value of a variable of a shape.
    fn unconstrained_shape(&self, shape: &[usize]) -> Vec<usize> {
        shape.to_vec()
    }
}

impl Transform {
    /// The default transform of a support, or `None` where the variable is discrete.
    pub fn of(support: &Support) -> Option<Transform> {
        Some(match support {
            Support::Real => Transform::Identity,
            Support::Positive | Support::NonNegative => Transform::Log,
            Support::UnitInterval => Transform::LogOdds,
            Support::Interval { lower, upper } if is_open(lower) && is_open(upper) => Transform::Identity,
            Support::Interval { lower, upper } => {
                Transform::Interval { lower: lower.clone(), upper: upper.clone() }
            }
            Support::Circle => Transform::Circular,
            Support::Simplex => Transform::Simplex,
            Support::ZeroSum { axes } => Transform::ZeroSum { axes: *axes },
            Support::CholeskyPacked { size } => Transform::CholeskyPacked { size: *size },
            Support::Binary
            | Support::NonNegativeInteger
            | Support::IntegerUpTo(_)
            | Support::IntegerBetween { .. } => return None,
        })
    }

    /// That of vectors of real numbers that increase.
    pub fn ordered() -> Transform {
        Transform::Ordered { positive: false, ascending: true }
    }

    /// This transform, then another, from constrained to unconstrained.
    pub fn then(self, next: Transform) -> Transform {
        match (&self, &next) {
            (Transform::Identity, _) => next,
            (_, Transform::Identity) => self,
            _ => Transform::Chain(Box::new([self, next])),
        }
    }

    /// Number of transforms in it that are no chains.
    pub(crate) fn parts(&self) -> usize {
        match self {
            Transform::Chain(both) => both.iter().map(Transform::parts).sum(),
            _ => 1,
        }
    }

    /// Name as PyMC has it; empty for none.
    pub fn name(&self) -> &str {
        match self {
            Transform::Identity => "",
            Transform::Log => "log",
            Transform::LogOdds => "logodds",
            Transform::Interval { .. } => "interval",
            Transform::Circular => "circular",
            Transform::LogExpM1 => "log_exp_m1",
            Transform::Ordered { .. } => "ordered",
            Transform::SumTo1 => "sumto1",
            Transform::Custom(custom) => custom.name(),
            Transform::Simplex => "simplex",
            Transform::ZeroSum { .. } => "zerosum",
            Transform::CholeskyPacked { .. } => "cholesky-cov-packed",
            Transform::Chain(_) => "chain",
        }
    }

    /// Name of the unconstrained variable, such as `tau_log__`.
    pub fn value_name(&self, variable: &str) -> String {
        match self {
            Transform::Identity => variable.to_string(),
            other => format!("{variable}_{}__", other.name()),
        }
    }

    /// Shape of the unconstrained value of a variable of a shape.
    pub fn unconstrained_shape(&self, shape: &[usize]) -> Vec<usize> {
        let shortened = match self {
            Transform::Chain(both) => {
                return both[1].unconstrained_shape(&both[0].unconstrained_shape(shape));
            }
            Transform::Custom(custom) => return custom.unconstrained_shape(shape),
            Transform::Simplex | Transform::SumTo1 => 1,
            Transform::ZeroSum { axes } => *axes,
            _ => 0,
        };
        let kept = shape.len().saturating_sub(shortened);
        let shorter = |(axis, &n): (usize, &usize)| if axis < kept { n } else { n.saturating_sub(1) };
        shape.iter().enumerate().map(shorter).collect()
    }

    /// Unconstrained to constrained.
    pub fn constrain(&self, y: &Value) -> Value {
        match self {
            Transform::Identity => y.clone(),
            Transform::Log => y.exp(),
            Transform::LogOdds => y.sigmoid(),
            Transform::Interval { lower, upper } => by_bounds(
                lower,
                upper,
                |lower, upper| lower + (upper - lower) * y.sigmoid(),
                |lower| lower + y.exp(),
                |upper| upper - y.exp(),
                y,
            ),
            Transform::Circular => y - (y * (1.0 / TAU)).round() * TAU,
            Transform::LogExpM1 => y.softplus(),
            Transform::Ordered { positive, ascending } => {
                let mut elements = last_axis::columns(y);
                if let (true, Some(first)) = (*positive, elements.first_mut()) {
                    *first = first.exp();
                }
                for k in 1..elements.len() {
                    elements[k] = &elements[k - 1] + elements[k].exp();
                }
                if !ascending {
                    elements.reverse();
                }
                Value::stack(&elements, y.rank().saturating_sub(1))
            }
            Transform::SumTo1 => {
                let last = 1.0 - last_axis::sum(y);
                Value::concatenate(&[y.clone(), last], y.rank().saturating_sub(1))
            }
            Transform::Simplex => {
                let z = closed(y);
                let shares = (&z - last_axis::largest(&z)).exp();
                let total = last_axis::sum(&shares);
                shares * total.recip()
            }
            Transform::ZeroSum { axes } => {
                (y.rank().saturating_sub(*axes)..y.rank()).fold(y.clone(), |x, axis| extended(&x, axis))
            }
            Transform::CholeskyPacked { size } => {
                let diagonal = diagonal(*size);
                diagonal.select(&(y * &diagonal).exp(), y)
            }
            Transform::Chain(both) => both[0].constrain(&both[1].constrain(y)),
            Transform::Custom(custom) => custom.constrain(y),
        }
    }

    /// Constrained to unconstrained.
    pub fn unconstrain(&self, x: &Value) -> Value {
        match self {
            Transform::Identity => x.clone(),
            Transform::Log => x.log(),
            Transform::LogOdds => (x / (1.0 - x)).log(),
            Transform::Interval { lower, upper } => by_bounds(
                lower,
                upper,
                |lower, upper| (x - lower).log() - (upper - x).log(),
                |lower| (x - lower).log(),
                |upper| (upper - x).log(),
                x,
            ),
            Transform::Circular => x.clone(),
            Transform::LogExpM1 => (-(-x).expm1()).log() + x,
            Transform::Ordered { positive, ascending } => {
                let mut elements = last_axis::columns(x);
                if !ascending {
                    elements.reverse();
                }
                let steps = elements.windows(2).map(|pair| (&pair[1] - &pair[0]).log());
                let first = elements.first().map(|first| if *positive { first.log() } else { first.clone() });
                let all: Vec<Value> = first.into_iter().chain(steps).collect();
                Value::stack(&all, x.rank().saturating_sub(1))
            }
            Transform::SumTo1 => {
                last_axis::range(x, 0, x.shape().last().copied().unwrap_or(1).saturating_sub(1))
            }
            Transform::Simplex => {
                let log_x = x.log();
                let count = x.shape().last().copied().unwrap_or(1);
                let centred = &log_x - last_axis::sum(&log_x) * (1.0 / count as f64);
                last_axis::range(&centred, 0, count.saturating_sub(1))
            }
            Transform::ZeroSum { axes } => {
                (x.rank().saturating_sub(*axes)..x.rank()).fold(x.clone(), |y, axis| reduced(&y, axis))
            }
            Transform::CholeskyPacked { size } => diagonal(*size).select(&x.log(), x),
            Transform::Chain(both) => both[1].unconstrain(&both[0].unconstrain(x)),
            Transform::Custom(custom) => custom.unconstrain(x),
        }
    }

    /// Log of the absolute determinant of the derivative of `constrain` at `y`, without the axes that the transform
    /// takes together; `None` where it is zero.
    pub fn log_jacobian(&self, y: &Value) -> Option<Value> {
        let logistic = || y - y.softplus() * 2.0;
        let rest = || last_axis::range(y, 1, y.shape().last().copied().unwrap_or(1));
        let over_last = |x: &Value| x.sum_axis(x.rank().saturating_sub(1));
        match self {
            Transform::Identity | Transform::Circular | Transform::SumTo1 | Transform::ZeroSum { .. } => None,
            Transform::Log => Some(y.clone()),
            Transform::LogOdds => Some(logistic()),
            Transform::Interval { lower, upper } => Some(by_bounds(
                lower,
                upper,
                |lower, upper| logistic() + (upper - lower).log(),
                |_| y.clone(),
                |_| y.clone(),
                &(y * 0.0),
            )),
            Transform::LogExpM1 => Some(-(-y).softplus()),
            Transform::Ordered { positive: true, .. } => Some(over_last(y)),
            Transform::Ordered { .. } => Some(over_last(&rest())),
            Transform::Simplex => {
                let z = closed(y);
                let count = z.shape().last().copied().unwrap_or(1) as f64;
                let largest = last_axis::largest(&z);
                let total = over_last(&(&z - &largest).exp()).log() + over_last(&largest);
                Some(total * -count + count.ln())
            }
            Transform::CholeskyPacked { size } => Some(over_last(&(y * diagonal(*size)))),
            Transform::Chain(both) => {
                let terms = [both[0].log_jacobian(&both[1].constrain(y)), both[1].log_jacobian(y)];
                terms.into_iter().flatten().reduce(joined)
            }
            Transform::Custom(custom) => custom.log_jacobian(y),
        }
    }
}

/// The sum of densities and Jacobians; the one with more axes is summed over those that the other takes together.
pub(crate) fn joined(mut density: Value, mut jacobian: Value) -> Value {
    while density.rank() > jacobian.rank() {
        density = density.sum_axis(density.rank() - 1);
    }
    while jacobian.rank() > density.rank() {
        jacobian = jacobian.sum_axis(jacobian.rank() - 1);
    }
    density + jacobian
}

fn is_open(bound: &Value) -> bool {
    bound.as_data().is_some_and(|numbers| numbers.iter().all(|x| x.is_infinite()))
}

/// The form for both bounds, for one, or for none, element by element where some bounds are infinite.
fn by_bounds(
    lower: &Value,
    upper: &Value,
    both: impl Fn(&Value, &Value) -> Value,
    above: impl Fn(&Value) -> Value,
    below: impl Fn(&Value) -> Value,
    none: &Value,
) -> Value {
    let has_open = |bound: &Value| bound.as_data().is_some_and(|x| x.iter().any(|x| x.is_infinite()));
    match (has_open(lower), has_open(upper)) {
        (false, false) => both(lower, upper),
        (true, false) if is_open(lower) => below(upper),
        (false, true) if is_open(upper) => above(lower),
        _ => {
            let infinity = Value::from(f64::INFINITY);
            let (zero, one) = (Value::from(0.0), Value::from(1.0));
            let (low, high) = (lower.abs().lower(&infinity), upper.abs().lower(&infinity));
            let (lower, upper) = (low.select(lower, &zero), high.select(upper, &one));
            let with_low = high.select(&both(&lower, &upper), &above(&lower));
            low.select(&with_low, &high.select(&below(&upper), none))
        }
    }
}

/// `[y, -sum(y)]` along the last axis.
fn closed(y: &Value) -> Value {
    Value::concatenate(&[y.clone(), -last_axis::sum(y)], y.rank().saturating_sub(1))
}

/// Sum over an axis, which stays with length one.
fn sum_kept(x: &Value, axis: usize) -> Value {
    let mut shape = x.shape().to_vec();
    shape[axis] = 1;
    x.sum_axis(axis).reshape(&shape)
}

/// One element more along an axis, and a sum of zero.
fn extended(y: &Value, axis: usize) -> Value {
    let n = (y.shape()[axis] + 1) as f64;
    let total = sum_kept(y, axis);
    let shift = &total * (1.0 / (n.sqrt() + n));
    let last = &shift - total * (1.0 / n.sqrt());
    Value::concatenate(&[y.clone(), last], axis) - shift
}

/// The inverse of [`extended`].
fn reduced(x: &Value, axis: usize) -> Value {
    let count = x.shape()[axis];
    let n = count as f64;
    let part = |from: usize, to: usize| {
        let strides: usize = x.shape()[axis + 1..].iter().product();
        let mut shape = x.shape().to_vec();
        shape[axis] = to - from;
        let is_kept = |i: &u32| (from..to).contains(&(*i as usize / strides % count));
        x.take((0..x.len() as u32).filter(is_kept).collect(), shape)
    };
    part(0, count - 1) - part(count - 1, count) * (n.sqrt() / (n.sqrt() + n))
}

/// 1 for the diagonal of a packed lower triangle, else 0.
fn diagonal(size: usize) -> Value {
    let packed = (0..size).flat_map(|row| (0..=row).map(move |column| f64::from(u8::from(row == column))));
    let packed: Vec<f64> = packed.collect();
    let len = packed.len();
    Value::data(packed, [len], Kind::Float)
}
