//! Stationary covariance functions: how the covariance of two rows falls with their distance.
//!
//! ```text
//! d^2 = sum_k ((x_k - z_k) / ls_k)^2,  r = sqrt(d^2 + 1e-12)
//! ExpQuad      exp(-d^2 / 2)                    Matern12     exp(-r)
//! RatQuad      (1 + d^2 / (2 alpha))^-alpha     Exponential  exp(-r / 2)
//! Matern52     (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r)
//! Matern32     (1 + sqrt3 r) exp(-sqrt3 r)      Cosine       cos(2 pi r)
//! Periodic     exp(-sum_k (sin(pi (x_k - z_k) / period) / ls_k)^2 / 2)
//! ```
//!
//! Differences are taken column by column, which is exact near zero, and of known inputs once only.
//!
//! # References
//! - Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, section 4.2.
//! - PyMC 5.28, `pymc/gp/cov.py` (names, parameters, the 1e-12 under the root)

use std::f64::consts::PI;
use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::covariance::{Covariance, column, domain};
use super::{covariance_item, covariance_of};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// How a stationary covariance falls with the distance.
#[derive(Clone, Debug)]
pub(in crate::language) enum Form {
    Quadratic,
    Rational(Value),
    Matern52,
    Matern32,
    Matern12,
    Exponential,
    Cosine,
    Periodic(Value),
    /// As a class of the file says.
    Unwritten,
}

pub(super) fn stationary(e: &mut Evaluator<'_>, call: &Call, form: Form) -> Outcome<Item> {
    let [input, scale, inverse, active] = call.bind(["input_dim", "ls", "ls_inv", "active_dims"])?;
    scaled(e, call, form, input, [scale, inverse], active)
}

/// `pm.gp.cov.Covariance`, which classes of the file stand below.
pub(super) fn unwritten(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, active] = call.bind(["input_dim", "active_dims"])?;
    let domain = domain(e, call, input, active)?;
    Ok(covariance_item(Covariance::Stationary { domain, form: Form::Unwritten, scale: Value::from(1.0) }))
}

pub(super) fn rational(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, alpha, scale, inverse, active] =
        call.bind(["input_dim", "alpha", "ls", "ls_inv", "active_dims"])?;
    let alpha = e.value(call.required(alpha, "alpha")?)?;
    scaled(e, call, Form::Rational(alpha), input, [scale, inverse], active)
}

pub(super) fn periodic(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, period, scale, inverse, active] =
        call.bind(["input_dim", "period", "ls", "ls_inv", "active_dims"])?;
    let period = e.value(call.required(period, "period")?)?;
    scaled(e, call, Form::Periodic(period), input, [scale, inverse], active)
}

/// `pm.gp.cov.WrappedPeriodic(cov_func, period)`
pub(super) fn wrapped(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [of, period] = call.bind(["cov_func", "period"])?;
    let of_at = call.required(of, "cov_func")?;
    let of = covariance_of(e, of_at)?;
    if !matches!(&*of, Covariance::Stationary { .. }) {
        return fault(
            of_at.range,
            "`WrappedPeriodic` is of a stationary covariance such as `pm.gp.cov.ExpQuad(1, ls=1)`",
        );
    }
    let period = e.value(call.required(period, "period")?)?;
    Ok(covariance_item(Covariance::Wrapped { of, period }.bounded(call.range)?))
}

fn scaled(
    e: &mut Evaluator<'_>,
    call: &Call,
    form: Form,
    input: Option<&Argument>,
    scales: [Option<&Argument>; 2],
    active: Option<&Argument>,
) -> Outcome<Item> {
    let domain = domain(e, call, input, active)?;
    let one_of = |range, what: &str| {
        let message = format!("`{}` {what}: it takes one of `ls` and `ls_inv`", call.name);
        Err(Fault::new(range, message).rule(Rule::OneOf).about("ls_inv"))
    };
    let (argument, scale) = match scales.map(|scale| scale.filter(|scale| !matches!(scale.item, Item::None)))
    {
        [Some(_), Some(inverse)] => return one_of(inverse.range, "gets both ls and ls_inv"),
        [None, None] => return one_of(call.range, "has no lengths"),
        [Some(scale), None] => (scale, e.value(scale)?),
        [None, Some(inverse)] => (inverse, e.value(inverse)?.recip()),
    };
    if scale.len() != 1 && scale.shape() != [domain.columns.len()] {
        let message = format!("{} lengths for {} columns of inputs", scale.len(), domain.columns.len());
        return Err(Fault::new(argument.range, message).rule(Rule::ShapeMismatch));
    }
    Ok(covariance_item(Covariance::Stationary { domain, form, scale }))
}

impl Form {
    /// The covariances of the rows of `x` with those of `z`, or with each other.
    pub(super) fn matrix(
        &self,
        e: &mut Evaluator<'_>,
        x: &Value,
        z: Option<&Value>,
        scale: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        match self {
            Form::Periodic(period) => self.wrapped(e, x, z, scale, period, range),
            _ => {
                let distances = e.finish_value(squared_distances(x, z, scale, |gap| gap), range)?;
                self.of(&distances, range)
            }
        }
    }

    /// The same of rows on circles.
    pub(super) fn wrapped(
        &self,
        e: &mut Evaluator<'_>,
        x: &Value,
        z: Option<&Value>,
        scale: &Value,
        period: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        let distances = squared_distances(x, z, scale, |gap| (gap * PI / period).unary(Unary::Sin));
        self.of(&e.finish_value(distances, range)?, range)
    }

    /// The covariances at squared distances.
    pub(super) fn of(&self, squared: &Value, range: TextRange) -> Outcome<Value> {
        let root = || (squared + 1e-12).sqrt();
        Ok(match self {
            Form::Quadratic | Form::Periodic(_) => (squared * -0.5).exp(),
            Form::Rational(alpha) => (squared * alpha.recip() * 0.5 + 1.0).pow(&-alpha),
            Form::Matern52 => {
                let r = root() * 5.0_f64.sqrt();
                (&r + r.square() * (1.0 / 3.0) + 1.0) * (-r).exp()
            }
            Form::Matern32 => {
                let r = root() * 3.0_f64.sqrt();
                (&r + 1.0) * (-r).exp()
            }
            Form::Matern12 => (-root()).exp(),
            Form::Exponential => (root() * -0.5).exp(),
            Form::Cosine => (root() * (2.0 * PI)).unary(Unary::Cos),
            Form::Unwritten => {
                return fault(range, "this class of covariances has no `full(self, X, Xs=None)`: write it");
            }
        })
    }
}

/// Squares of what `map` makes of the differences of rows, in lengths, added up over the columns.
pub(super) fn squared_distances(
    x: &Value,
    z: Option<&Value>,
    scale: &Value,
    map: impl Fn(Value) -> Value,
) -> Value {
    let z = z.unwrap_or(x);
    let (rows, others) = (x.shape()[0], z.shape()[0]);
    let squares = (0..x.shape()[1]).map(|k| {
        let gap = column(x, k).reshape(&[rows, 1]) - column(z, k).reshape(&[1, others]);
        map(gap).square()
    });
    let sum = |squares: &mut dyn Iterator<Item = Value>| {
        let first = squares.next().unwrap_or_else(|| Value::from(0.0));
        squares.fold(first, |sum, square| sum + square)
    };
    if scale.len() == 1 {
        return sum(&mut { squares }) * scale.reshape(&[]).square().recip();
    }
    let weights = scale.square().recip();
    let weight = |k: usize| weights.take(vec![k as u32], vec![]);
    sum(&mut squares.enumerate().map(|(k, square)| square * weight(k)))
}

/// `cov.square_dist(X, Xs)` and `cov.euclidean_dist(X, Xs)` of a stationary covariance.
pub(super) fn distances(
    e: &mut Evaluator<'_>,
    covariance: &Rc<Covariance>,
    x: &Value,
    z: Option<&Value>,
    is_squared: bool,
    range: TextRange,
) -> Outcome<Value> {
    let Covariance::Stationary { scale, .. } = &**covariance else {
        return fault(range, "only stationary covariances have distances");
    };
    let (columns, others) = (x.shape()[1], z.map_or(x, |z| z).shape()[1]);
    if columns != others || ![1, columns].contains(&scale.len()) {
        let message = format!("places of {columns} and {others} columns, and {} lengths", scale.len());
        return Err(Fault::new(range, message).rule(Rule::ShapeMismatch));
    }
    let squared = squared_distances(x, z, scale, |gap| gap);
    e.finish_value(if is_squared { squared } else { (squared + 1e-12).sqrt() }, range)
}
