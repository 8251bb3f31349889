//! Mean functions of Gaussian processes.

use std::rc::Rc;

use chainfire_engine::program::Value;
use ruff_text_size::TextRange;

use super::mean_item;
use super::written::Written;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::Item;

/// Most parts of sums and products.
const PARTS: usize = 100;

/// A function of rows.
#[derive(Clone, Debug)]
pub(in crate::language) enum Mean {
    Zero,
    Constant(Value),
    Linear {
        coefficients: Value,
        intercept: Value,
    },
    Sum(Rc<Mean>, Rc<Mean>),
    Product(Rc<Mean>, Rc<Mean>),
    Written(Written),
    /// `pm.gp.mean.Mean`, which classes of the file stand below.
    Unwritten,
}

pub(super) fn plain(call: &Call, mean: Mean) -> Outcome<Item> {
    let [] = call.bind([])?;
    Ok(mean_item(mean))
}

pub(super) fn constant(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [c] = call.bind(["c"])?;
    let c = c.map_or(Ok(Value::from(0.0)), |c| e.value(c))?;
    Ok(mean_item(Mean::Constant(c)))
}

pub(super) fn linear(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [coefficients, intercept] = call.bind(["coeffs", "intercept"])?;
    let coefficients = e.value(call.required(coefficients, "coeffs")?)?;
    let intercept = intercept.map_or(Ok(Value::from(0.0)), |intercept| e.value(intercept))?;
    Ok(mean_item(Mean::Linear { coefficients, intercept }))
}

impl Mean {
    /// How many means it is made of.
    fn parts(&self) -> usize {
        match self {
            Mean::Sum(a, b) | Mean::Product(a, b) => a.parts() + b.parts(),
            _ => 1,
        }
    }

    fn bounded(self, range: TextRange) -> Outcome<Rc<Self>> {
        match self.parts() <= PARTS {
            true => Ok(Rc::new(self)),
            false => fault(range, format!("a mean function has at most {PARTS} parts")),
        }
    }

    pub(super) fn sum(a: &Rc<Mean>, b: &Rc<Mean>, range: TextRange) -> Outcome<Rc<Mean>> {
        Mean::Sum(a.clone(), b.clone()).bounded(range)
    }

    pub(super) fn product(a: &Rc<Mean>, b: &Rc<Mean>, range: TextRange) -> Outcome<Rc<Mean>> {
        Mean::Product(a.clone(), b.clone()).bounded(range)
    }

    /// Its values at the rows of a matrix.
    pub(super) fn at(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let rows = x.shape()[0];
        let value = match self {
            Mean::Zero => Value::from(0.0).broadcast_to(&[rows]),
            Mean::Constant(c) => c.broadcast_to(&[rows]),
            Mean::Linear { coefficients, intercept } => {
                // One coefficient is that of the only column.
                let column = match coefficients.rank() {
                    0 => coefficients.reshape(&[1]),
                    2 if coefficients.shape()[1] == 1 => coefficients.reshape(&[coefficients.shape()[0]]),
                    _ => coefficients.clone(),
                };
                e.matrix_product(x, &column, range)? + intercept
            }
            Mean::Sum(a, b) => a.at(e, x, range)? + b.at(e, x, range)?,
            Mean::Product(a, b) => a.at(e, x, range)? * b.at(e, x, range)?,
            Mean::Written(written) => written.mean(e, x, range)?,
            Mean::Unwritten => {
                return fault(range, "this class of mean functions has no `__call__(self, X)`: write it");
            }
        };
        e.finish_value(value, range)
    }
}
