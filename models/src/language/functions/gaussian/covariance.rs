//! Covariance functions of Gaussian processes, their sums and products.
//!
//! ```text
//! Linear     (x - c) . (z - c)             Polynomial  ((x - c) . (z - c) + offset)^d
//! Circular   (1 + tau t / c) max(1 - t / c, 0)^tau,  t the distance on a circle of the length 2 c
//! Coregion   B[x, z],  B = W W' + diag(kappa)
//! Kron       k_1(x_1, z_1) k_2(x_2, z_2) ...,  each of its own columns
//! ```
//!
//! # References
//! - Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, chapter 4.
//! - Padonou, Roustant (2016), Polar Gaussian processes for predicting on circular domains, section 3.
//!   hal-01119942 (Circular)
//! - PyMC 5.28, `pymc/gp/cov.py` (names and parameters)

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::stationary::Form;
use super::written::{Applied, Written};
use super::{covariance_item, covariance_of};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Most parts of sums and products.
const PARTS: usize = 200;
/// Most columns of inputs.
const COLUMNS: i64 = 10_000;

/// The inputs that a covariance is of.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::language) struct Domain {
    /// Number of columns that the inputs have (`input_dim`).
    pub(super) width: usize,
    /// Those that matter (`active_dims`).
    pub(super) columns: Vec<usize>,
}

/// A covariance of two rows.
#[derive(Clone, Debug)]
pub(in crate::language) enum Covariance {
    Stationary {
        domain: Domain,
        form: Form,
        scale: Value,
    },
    Linear {
        domain: Domain,
        centre: Value,
    },
    Polynomial {
        domain: Domain,
        centre: Value,
        degree: Value,
        offset: Value,
    },
    Circular {
        domain: Domain,
        half: Value,
        steepness: Value,
    },
    Coregion {
        domain: Domain,
        matrix: Value,
    },
    /// `WrappedPeriodic` of a stationary covariance.
    Wrapped {
        of: Rc<Covariance>,
        period: Value,
    },
    Gibbs {
        domain: Domain,
        lengths: Applied,
    },
    Warped {
        domain: Domain,
        of: Rc<Covariance>,
        warp: Applied,
    },
    Scaled {
        domain: Domain,
        of: Rc<Covariance>,
        scaling: Applied,
    },
    Kronecker(Vec<Rc<Covariance>>),
    Constant(Value),
    Noise(Value),
    Sum(Rc<Covariance>, Rc<Covariance>),
    Product(Rc<Covariance>, Rc<Covariance>),
    Power(Rc<Covariance>, Value),
    Written(Written),
}

pub(super) fn linear(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, centre, active] = call.bind(["input_dim", "c", "active_dims"])?;
    let domain = domain(e, call, input, active)?;
    let centre = e.value(call.required(centre, "c")?)?;
    Ok(covariance_item(Covariance::Linear { domain, centre }))
}

pub(super) fn polynomial(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, centre, degree, offset, active] =
        call.bind(["input_dim", "c", "d", "offset", "active_dims"])?;
    let domain = domain(e, call, input, active)?;
    let centre = e.value(call.required(centre, "c")?)?;
    let degree = e.value(call.required(degree, "d")?)?;
    let offset = e.value(call.required(offset, "offset")?)?;
    Ok(covariance_item(Covariance::Polynomial { domain, centre, degree, offset }))
}

pub(super) fn constant(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [c] = call.bind(["c"])?;
    Ok(covariance_item(Covariance::Constant(e.value(call.required(c, "c")?)?)))
}

pub(super) fn noise(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [sigma] = call.bind(["sigma"])?;
    Ok(covariance_item(Covariance::Noise(e.value(call.required(sigma, "sigma")?)?)))
}

pub(super) fn circular(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, period, steepness, active] = call.bind(["input_dim", "period", "tau", "active_dims"])?;
    let domain = one_column(domain(e, call, input, active)?, call)?;
    let half = e.value(call.required(period, "period")?)? * 0.5;
    let steepness = steepness.map_or(Ok(Value::from(4.0)), |tau| e.value(tau))?;
    Ok(covariance_item(Covariance::Circular { domain, half, steepness }))
}

pub(super) fn coregion(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, weights, own, whole, active] = call.bind(["input_dim", "W", "kappa", "B", "active_dims"])?;
    let domain = one_column(domain(e, call, input, active)?, call)?;
    let given = |argument: Option<&Argument>| argument.filter(|a| !matches!(a.item, Item::None)).cloned();
    let matrix = match (given(weights), given(own), given(whole)) {
        (Some(weights), Some(own), None) => {
            let (w, kappa) = (e.value(&weights)?, e.value(&own)?);
            if w.rank() != 2 || kappa.shape() != [w.shape()[0]] {
                let message =
                    "`W` is a matrix with a row for each output, and `kappa` a vector with a number for each";
                return Err(Fault::new(call.range, message).rule(Rule::ShapeMismatch));
            }
            let product = e.matrix_product(&w, &w.transpose(), weights.range)?;
            let n = kappa.len();
            product + identity(n) * kappa.reshape(&[n, 1])
        }
        (None, None, Some(whole)) => e.value(&whole)?,
        _ => {
            let message = format!("`{}` takes either both `W` and `kappa`, or `B`", call.name);
            return Err(Fault::new(call.range, message).rule(Rule::OneOf).about("B"));
        }
    };
    match *matrix.shape() {
        [n, m] if n == m && n > 0 => {
            let matrix = e.finish_value(matrix, call.range)?;
            Ok(covariance_item(Covariance::Coregion { domain, matrix }))
        }
        _ => fault(call.range, "`B` is a square matrix with a row for each output"),
    }
}

pub(super) fn kronecker(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [factors] = call.bind(["factor_list"])?;
    let factors = call.required(factors, "factor_list")?;
    covariances(e, factors).and_then(|factors| of_factors(factors, call.range)).map(covariance_item)
}

/// The covariances of a list.
pub(super) fn covariances(e: &mut Evaluator<'_>, list: &Argument) -> Outcome<Vec<Rc<Covariance>>> {
    let items = match &list.item {
        Item::List(_) | Item::Tuple(_) => e.iterate(&list.item, list.range)?,
        single => vec![single.clone()],
    };
    let argument = |item: Item| Argument { item, range: list.range };
    let all: Outcome<Vec<_>> = items.into_iter().map(|item| covariance_of(e, &argument(item))).collect();
    match all? {
        all if all.is_empty() => fault(list.range, "at least one covariance is needed"),
        all => Ok(all),
    }
}

/// The Kronecker product of covariances.
pub(super) fn of_factors(factors: Vec<Rc<Covariance>>, range: TextRange) -> Outcome<Covariance> {
    Covariance::Kronecker(factors).bounded(range)
}

/// The inputs that a call says, by `input_dim` and `active_dims`.
pub(super) fn domain(
    e: &mut Evaluator<'_>,
    call: &Call,
    input: Option<&Argument>,
    active: Option<&Argument>,
) -> Outcome<Domain> {
    let input = call.required(input, "input_dim")?;
    let count = e.integer(&input.item, "`input_dim`", input.range)?;
    if !(1..=COLUMNS).contains(&count) {
        return fault(input.range, format!("`input_dim` is from 1 to {COLUMNS}, not {count}"));
    }
    let width = count as usize;
    let Some(active) = active.filter(|active| !matches!(active.item, Item::None)) else {
        return Ok(Domain { width, columns: (0..width).collect() });
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
        false => Ok(Domain { width, columns }),
    }
}

/// The same inputs, of which one column matters.
pub(super) fn one_column(domain: Domain, call: &Call) -> Outcome<Domain> {
    match domain.columns.len() {
        1 => Ok(domain),
        n => fault(
            call.range,
            format!("`{}` is of one column, not of {n}: name it with `active_dims`", call.name),
        ),
    }
}

/// The identity matrix.
pub(in crate::language::functions) fn identity(n: usize) -> Value {
    let mut numbers = vec![0.0; n * n];
    numbers.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    Value::data(numbers, vec![n, n], Kind::Float)
}

/// The diagonal of a square matrix.
pub(super) fn diagonal(matrix: &Value) -> Value {
    let n = matrix.shape()[0];
    matrix.take((0..n).map(|k| (k * (n + 1)) as u32).collect(), vec![n])
}

/// One column of a matrix.
pub(super) fn column(x: &Value, k: usize) -> Value {
    let [rows, count] = *x.shape() else { return x.clone() };
    x.take((0..rows).map(|row| (row * count + k) as u32).collect(), vec![rows])
}

impl Domain {
    /// The columns of inputs that matter.
    pub(super) fn part(&self, x: &Value, range: TextRange) -> Outcome<Value> {
        self.check(x, range)?;
        if self.columns.iter().copied().eq(0..x.shape()[1]) {
            return Ok(x.clone());
        }
        let chosen: Vec<Value> = self.columns.iter().map(|&k| column(x, k)).collect();
        Ok(Value::stack(&chosen, 1))
    }

    /// Refuses inputs with fewer columns.
    pub(super) fn check(&self, x: &Value, range: TextRange) -> Outcome<()> {
        let most = self.columns.iter().copied().max().unwrap_or(0);
        match x.shape()[1] {
            seen if seen > most => Ok(()),
            seen => {
                let message =
                    format!("the covariance is of {} columns of inputs, which have {seen}", most + 1);
                Err(Fault::new(range, message).rule(Rule::ShapeMismatch))
            }
        }
    }
}

impl Covariance {
    /// How many covariances it is made of.
    fn parts(&self) -> usize {
        match self {
            Covariance::Sum(a, b) | Covariance::Product(a, b) => a.parts() + b.parts(),
            Covariance::Power(of, _)
            | Covariance::Wrapped { of, .. }
            | Covariance::Warped { of, .. }
            | Covariance::Scaled { of, .. } => 1 + of.parts(),
            Covariance::Kronecker(factors) => 1 + factors.iter().map(|factor| factor.parts()).sum::<usize>(),
            _ => 1,
        }
    }

    /// Whether its values are made of those of others.
    pub(super) fn is_composed(&self) -> bool {
        matches!(
            self,
            Covariance::Sum(..)
                | Covariance::Product(..)
                | Covariance::Power(..)
                | Covariance::Kronecker(_)
                | Covariance::Written(_)
        )
    }

    /// The covariance, unless it is made of too many others.
    pub(super) fn bounded(self, range: TextRange) -> Outcome<Self> {
        match self.parts() <= PARTS {
            true => Ok(self),
            false => fault(range, format!("a covariance function has at most {PARTS} parts")),
        }
    }

    pub(super) fn sum(a: &Rc<Self>, b: &Rc<Self>, range: TextRange) -> Outcome<Self> {
        Covariance::Sum(a.clone(), b.clone()).bounded(range)
    }

    pub(super) fn product(a: &Rc<Self>, b: &Rc<Self>, range: TextRange) -> Outcome<Self> {
        Covariance::Product(a.clone(), b.clone()).bounded(range)
    }

    pub(super) fn power(a: &Rc<Self>, exponent: Value, range: TextRange) -> Outcome<Self> {
        Covariance::Power(a.clone(), exponent).bounded(range)
    }

    /// The inputs that it is of; `None` of one that is of any.
    pub(super) fn domain(&self, e: &Evaluator<'_>) -> Option<Domain> {
        match self {
            Covariance::Stationary { domain, .. }
            | Covariance::Linear { domain, .. }
            | Covariance::Polynomial { domain, .. }
            | Covariance::Circular { domain, .. }
            | Covariance::Coregion { domain, .. }
            | Covariance::Gibbs { domain, .. }
            | Covariance::Warped { domain, .. }
            | Covariance::Scaled { domain, .. } => Some(domain.clone()),
            Covariance::Constant(_) | Covariance::Noise(_) => None,
            Covariance::Power(of, _) | Covariance::Wrapped { of, .. } => of.domain(e),
            Covariance::Sum(a, b) | Covariance::Product(a, b) => match (a.domain(e), b.domain(e)) {
                (Some(mut a), Some(b)) => {
                    a.width = a.width.max(b.width);
                    a.columns.extend(b.columns);
                    a.columns.sort_unstable();
                    a.columns.dedup();
                    Some(a)
                }
                (a, b) => a.or(b),
            },
            Covariance::Kronecker(factors) => {
                let widths = factors.iter().map(|factor| Some(factor.domain(e)?.width));
                let width: usize = widths.sum::<Option<usize>>()?;
                Some(Domain { width, columns: (0..width).collect() })
            }
            Covariance::Written(written) => written.domain(e),
        }
    }
}
