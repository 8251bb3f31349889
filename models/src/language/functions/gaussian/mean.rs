//! Mean functions of Gaussian processes.

use std::rc::Rc;

use chainfire_engine::program::Value;
use ruff_text_size::TextRange;

use super::mean_item;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::Item;

/// Most parts of a sum.
const PARTS: usize = 100;

/// A function of rows.
#[derive(Clone, Debug)]
pub(in crate::language) enum Mean {
    Zero,
    Constant(Value),
    Linear { coefficients: Value, intercept: Value },
    Sum(Vec<Mean>),
}

pub(super) fn zero(_e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [] = call.bind([])?;
    Ok(mean_item(Mean::Zero))
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
    pub(super) fn sum(a: &Rc<Mean>, b: &Rc<Mean>, range: TextRange) -> Outcome<Item> {
        let parts = |mean: &Mean| match mean {
            Mean::Sum(parts) => parts.clone(),
            single => vec![single.clone()],
        };
        let all = [parts(a), parts(b)].concat();
        if all.len() > PARTS {
            return fault(range, format!("a mean function is a sum of at most {PARTS} parts"));
        }
        Ok(mean_item(Mean::Sum(all)))
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
            Mean::Sum(parts) => {
                let mut sum = Value::from(0.0);
                for part in parts {
                    sum = sum + part.at(e, x, range)?;
                }
                sum
            }
        };
        e.finish_value(value, range)
    }
}
