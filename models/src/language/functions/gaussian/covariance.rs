//! Covariance functions of Gaussian processes.
//!
//! ```text
//! d^2 = sum_k ((x_k - z_k) / ls_k)^2,  r = sqrt(d^2 + 1e-12)
//! ExpQuad      exp(-d^2 / 2)                    Matern12     exp(-r)
//! RatQuad      (1 + d^2 / (2 alpha))^-alpha     Exponential  exp(-r / 2)
//! Matern52     (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r)
//! Matern32     (1 + sqrt3 r) exp(-sqrt3 r)      Cosine       cos(2 pi r)
//! Periodic     exp(-sum_k (sin(pi (x_k - z_k) / period) / ls_k)^2 / 2)
//! Linear       (x - c) . (z - c)                Polynomial   ((x - c) . (z - c) + offset)^d
//! ```
//!
//! Differences are taken column by column, which is exact near zero, and of known inputs once only.
//!
//! # References
//! - Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, chapter 4.
//! - PyMC 5.28, `pymc/gp/cov.py` (names, parameters, the 1e-12 under the root)

use std::f64::consts::PI;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::covariance_item;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Most parts of sums and products.
const PARTS: usize = 200;
/// Elements that an element of a matrix counts as.
const ELEMENT: usize = 4;
/// Most columns of inputs.
const COLUMNS: i64 = 10_000;

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
}

/// A covariance of two rows.
#[derive(Clone, Debug)]
pub(in crate::language) enum Covariance {
    Stationary { form: Form, columns: Vec<usize>, scale: Value },
    Linear { columns: Vec<usize>, centre: Value },
    Polynomial { columns: Vec<usize>, centre: Value, degree: Value, offset: Value },
    Constant(Value),
    Noise(Value),
    Sum(Rc<Covariance>, Rc<Covariance>, usize),
    Product(Rc<Covariance>, Rc<Covariance>, usize),
    Power(Rc<Covariance>, Value, usize),
}

pub(super) fn stationary(e: &mut Evaluator<'_>, call: &Call, form: Form) -> Outcome<Item> {
    let [input, scale, inverse, active] = call.bind(["input_dim", "ls", "ls_inv", "active_dims"])?;
    scaled(e, call, form, input, [scale, inverse], active)
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

fn scaled(
    e: &mut Evaluator<'_>,
    call: &Call,
    form: Form,
    input: Option<&Argument>,
    scales: [Option<&Argument>; 2],
    active: Option<&Argument>,
) -> Outcome<Item> {
    let columns = columns(e, call, input, active)?;
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
    if scale.len() != 1 && scale.shape() != [columns.len()] {
        let message = format!("{} lengths for {} columns of inputs", scale.len(), columns.len());
        return Err(Fault::new(argument.range, message).rule(Rule::ShapeMismatch));
    }
    Ok(covariance_item(Covariance::Stationary { form, columns, scale }))
}

pub(super) fn linear(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, centre, active] = call.bind(["input_dim", "c", "active_dims"])?;
    let columns = columns(e, call, input, active)?;
    let centre = e.value(call.required(centre, "c")?)?;
    Ok(covariance_item(Covariance::Linear { columns, centre }))
}

pub(super) fn polynomial(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, centre, degree, offset, active] =
        call.bind(["input_dim", "c", "d", "offset", "active_dims"])?;
    let columns = columns(e, call, input, active)?;
    let centre = e.value(call.required(centre, "c")?)?;
    let degree = e.value(call.required(degree, "d")?)?;
    let offset = e.value(call.required(offset, "offset")?)?;
    Ok(covariance_item(Covariance::Polynomial { columns, centre, degree, offset }))
}

pub(super) fn constant(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [c] = call.bind(["c"])?;
    Ok(covariance_item(Covariance::Constant(e.value(call.required(c, "c")?)?)))
}

pub(super) fn noise(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [sigma] = call.bind(["sigma"])?;
    Ok(covariance_item(Covariance::Noise(e.value(call.required(sigma, "sigma")?)?)))
}

/// The columns of the inputs that a covariance is of.
fn columns(
    e: &mut Evaluator<'_>,
    call: &Call,
    input: Option<&Argument>,
    active: Option<&Argument>,
) -> Outcome<Vec<usize>> {
    let input = call.required(input, "input_dim")?;
    let count = e.integer(&input.item, "`input_dim`", input.range)?;
    if !(1..=COLUMNS).contains(&count) {
        return fault(input.range, format!("`input_dim` is from 1 to {COLUMNS}, not {count}"));
    }
    let Some(active) = active.filter(|active| !matches!(active.item, Item::None)) else {
        return Ok((0..count as usize).collect());
    };
    let mut columns = Vec::new();
    for item in e.iterate(&active.item, active.range)? {
        let column = e.integer(&item, "a column", active.range)?;
        if !(0..count).contains(&column) {
            return fault(active.range, format!("there is no column {column} among {count} (`input_dim`)"));
        }
        columns.push(column as usize);
    }
    match columns.is_empty() {
        true => fault(active.range, "`active_dims` names no column"),
        false => Ok(columns),
    }
}

/// The identity matrix.
pub(in crate::language::functions) fn identity(n: usize) -> Value {
    let mut numbers = vec![0.0; n * n];
    numbers.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    Value::data(numbers, vec![n, n], Kind::Float)
}

/// One column of a matrix.
fn column(x: &Value, k: usize) -> Value {
    let [rows, count] = *x.shape() else { return x.clone() };
    x.take((0..rows).map(|row| (row * count + k) as u32).collect(), vec![rows])
}

/// Some columns of a matrix.
fn part(x: &Value, columns: &[usize]) -> Value {
    let chosen: Vec<Value> = columns.iter().map(|&k| column(x, k)).collect();
    Value::stack(&chosen, 1)
}

impl Covariance {
    pub(super) fn constant(value: Value) -> Self {
        Covariance::Constant(value)
    }

    fn parts(&self) -> usize {
        match self {
            Covariance::Sum(_, _, parts)
            | Covariance::Product(_, _, parts)
            | Covariance::Power(_, _, parts) => *parts,
            _ => 1,
        }
    }

    fn bounded(parts: usize, range: TextRange) -> Outcome<usize> {
        match parts <= PARTS {
            true => Ok(parts),
            false => fault(range, format!("a covariance function has at most {PARTS} parts")),
        }
    }

    pub(super) fn sum(a: &Rc<Self>, b: &Rc<Self>, range: TextRange) -> Outcome<Self> {
        Ok(Covariance::Sum(a.clone(), b.clone(), Self::bounded(a.parts() + b.parts(), range)?))
    }

    pub(super) fn product(a: &Rc<Self>, b: &Rc<Self>, range: TextRange) -> Outcome<Self> {
        Ok(Covariance::Product(a.clone(), b.clone(), Self::bounded(a.parts() + b.parts(), range)?))
    }

    pub(super) fn power(a: &Rc<Self>, exponent: Value, range: TextRange) -> Outcome<Self> {
        Ok(Covariance::Power(a.clone(), exponent, Self::bounded(a.parts() + 1, range)?))
    }

    /// The covariances of the rows of `x` with those of `z`, or with each other.
    pub(super) fn matrix(
        &self,
        e: &mut Evaluator<'_>,
        x: &Value,
        z: Option<&Value>,
        range: TextRange,
    ) -> Outcome<Value> {
        let shape = [x.shape()[0], z.unwrap_or(x).shape()[0]];
        e.budget.shape(&shape, range)?;
        e.budget.work((shape[0] * shape[1]).saturating_mul(ELEMENT), range)?;
        let value = match self {
            Covariance::Stationary { form, columns, scale } => {
                self.check(x, z, columns, range)?;
                let distances = squared_distances(form, x, z.unwrap_or(x), columns, scale);
                form.of(&e.finish_value(distances, range)?)
            }
            Covariance::Linear { columns, centre } => {
                self.check(x, z, columns, range)?;
                products(x, z.unwrap_or(x), columns, centre)
            }
            Covariance::Polynomial { columns, centre, degree, offset } => {
                self.check(x, z, columns, range)?;
                (products(x, z.unwrap_or(x), columns, centre) + offset).pow(degree)
            }
            Covariance::Constant(value) => value.broadcast_to(&shape),
            Covariance::Noise(_) if z.is_some() => Value::from(0.0).broadcast_to(&shape),
            Covariance::Noise(sigma) => identity(shape[0]) * sigma.square(),
            Covariance::Sum(a, b, _) => a.matrix(e, x, z, range)? + b.matrix(e, x, z, range)?,
            Covariance::Product(a, b, _) => match (&**a, &**b) {
                // A number times a matrix, without a matrix of that number.
                (Covariance::Constant(c), other) | (other, Covariance::Constant(c)) if c.len() == 1 => {
                    other.matrix(e, x, z, range)? * c
                }
                (a, b) => a.matrix(e, x, z, range)? * b.matrix(e, x, z, range)?,
            },
            Covariance::Power(base, exponent, _) => base.matrix(e, x, z, range)?.pow(exponent),
        };
        e.finish_value(value, range)
    }

    fn check(&self, x: &Value, z: Option<&Value>, columns: &[usize], range: TextRange) -> Outcome<()> {
        let most = columns.iter().copied().max().unwrap_or(0);
        match [Some(x), z].into_iter().flatten().find(|inputs| inputs.shape()[1] <= most) {
            None => Ok(()),
            Some(inputs) => {
                let seen = inputs.shape()[1];
                let message =
                    format!("the covariance is of {} columns of inputs, which have {seen}", most + 1);
                Err(Fault::new(range, message).rule(Rule::ShapeMismatch))
            }
        }
    }

    /// The columns that it is of; `None` where that differs from part to part.
    pub(super) fn active(&self) -> Option<&[usize]> {
        match self {
            Covariance::Stationary { columns, .. }
            | Covariance::Linear { columns, .. }
            | Covariance::Polynomial { columns, .. } => Some(columns),
            Covariance::Constant(_) | Covariance::Noise(_) => None,
            Covariance::Power(base, ..) => base.active(),
            Covariance::Sum(a, b, _) | Covariance::Product(a, b, _) => match (a.active(), b.active()) {
                (Some(a), Some(b)) if a != b => None,
                (a, b) => a.or(b),
            },
        }
    }
}

impl Form {
    /// The covariances at squared distances.
    fn of(&self, squared: &Value) -> Value {
        let root = || (squared + 1e-12).sqrt();
        match self {
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
        }
    }
}

/// Squared distances in lengths.
fn squared_distances(form: &Form, x: &Value, z: &Value, columns: &[usize], scale: &Value) -> Value {
    let (rows, others) = (x.shape()[0], z.shape()[0]);
    let squares = columns.iter().map(|&k| {
        let gap = column(x, k).reshape(&[rows, 1]) - column(z, k).reshape(&[1, others]);
        match form {
            Form::Periodic(period) => (gap * PI / period).unary(Unary::Sin).square(),
            _ => gap.square(),
        }
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

/// Inner products of centred rows.
fn products(x: &Value, z: &Value, columns: &[usize], centre: &Value) -> Value {
    let centred = |x: &Value| part(x, columns) - centre;
    centred(x).matmul(&centred(z).transpose())
}
