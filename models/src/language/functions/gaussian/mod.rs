//! Gaussian processes: `pm.gp.cov`, `pm.gp.mean`, `pm.gp.Latent`, `pm.gp.Marginal`, `pm.gp.HSGP`.
//!
//! Covariance and mean functions are items that can be added, multiplied and called; a process declares the variables
//! that PyMC's declares, under the same names. Its conditionals at new places are predictions, and passed over.

mod covariance;
mod hilbert;
mod mean;
mod process;

use std::rc::Rc;

use chainfire_engine::program::Value;
use ruff_python_ast::Operator;
use ruff_text_size::TextRange;

use super::{GC, GM, GO, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;
pub(super) use covariance::identity;
use covariance::{Covariance, Form};
use mean::Mean;
use process::Process;

/// Functions of `pm.gp` and its modules.
pub(super) const ROWS: &[Row] = &[
    ("ExpQuad", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Quadratic))),
    ("Matern52", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Matern52))),
    ("Matern32", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Matern32))),
    ("Matern12", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Matern12))),
    ("Exponential", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Exponential))),
    ("Cosine", GC, Run::Call(|e, call| covariance::stationary(e, call, Form::Cosine))),
    ("RatQuad", GC, Run::Call(covariance::rational)),
    ("Periodic", GC, Run::Call(covariance::periodic)),
    ("Linear", GC, Run::Call(covariance::linear)),
    ("Polynomial", GC, Run::Call(covariance::polynomial)),
    ("Constant", GC, Run::Call(covariance::constant)),
    ("WhiteNoise", GC, Run::Call(covariance::noise)),
    ("Zero", GM, Run::Call(mean::zero)),
    ("Constant", GM, Run::Call(mean::constant)),
    ("Linear", GM, Run::Call(mean::linear)),
    ("Latent", GO, Run::Call(process::latent)),
    ("Marginal", GO, Run::Call(process::marginal)),
    ("HSGP", GO, Run::Call(hilbert::process)),
    ("approx_hsgp_hyperparams", GO, Run::Call(hilbert::recommended)),
];

/// Something of a Gaussian process as a value.
#[derive(Debug)]
pub(in crate::language) enum Gaussian {
    Covariance(Rc<Covariance>),
    Mean(Rc<Mean>),
    Process(Process),
}

impl Gaussian {
    /// What it is, for messages.
    pub(in crate::language) fn describe(&self) -> &'static str {
        match self {
            Gaussian::Covariance(_) => "a covariance function",
            Gaussian::Mean(_) => "a mean function",
            Gaussian::Process(_) => "a Gaussian process",
        }
    }

    /// `function(X)` and `function(X, Z)`: its values at the rows of matrices.
    pub(in crate::language) fn call(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let [x, z, diagonal] = call.bind(["X", "Xs", "diag"])?;
        let x = places(e, call.required(x, "X")?)?;
        let z = z.map(|z| places(e, z)).transpose()?;
        if let Some(diagonal) = diagonal
            && e.truth(&diagonal.item, diagonal.range)?
        {
            return fault(
                diagonal.range,
                "the diagonal alone is not given: take `pt.diag(...)` of the matrix",
            );
        }
        match self {
            Gaussian::Covariance(covariance) => {
                covariance.matrix(e, &x, z.as_ref(), call.range).map(Item::Number)
            }
            Gaussian::Mean(mean) => Ok(Item::Number(mean.at(e, &x, call.range)?)),
            Gaussian::Process(_) => {
                fault(call.range, "a Gaussian process is no function: take `.prior(...)`")
            }
        }
    }

    /// `process.name(...)`
    pub(super) fn method(&self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        match self {
            Gaussian::Process(process) => process.method(e, name, call),
            _ if name == "full" => self.call(e, call),
            _ => fault(call.range, format!("{} has no method `{name}`", self.describe())),
        }
    }

    /// `process.name`
    pub(super) fn attribute(&self, name: &str) -> Option<Item> {
        match (self, name) {
            (Gaussian::Process(process), "n_basis_vectors") => process.basis_vectors(),
            (Gaussian::Process(process), "cov_func") => Some(process.covariance_item()),
            _ => None,
        }
    }
}

/// Whether one of the sides of an operation is part of a Gaussian process.
pub(in crate::language) fn is_either(left: &Item, right: &Item) -> bool {
    matches!(left, Item::Gaussian(_)) || matches!(right, Item::Gaussian(_))
}

/// Sums, products and powers of covariance functions, mean functions and numbers; sums of processes.
pub(in crate::language) fn operation(
    e: &mut Evaluator<'_>,
    op: Operator,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Item> {
    if let (Item::Gaussian(a), Item::Gaussian(b)) = (left, right) {
        match (&**a, op, &**b) {
            (Gaussian::Mean(a), Operator::Add, Gaussian::Mean(b)) => return Mean::sum(a, b, range),
            (Gaussian::Process(a), Operator::Add, Gaussian::Process(b)) => return a.sum(b, range),
            _ => {}
        }
    }
    let mut side = |item: &Item| match item {
        Item::Gaussian(part) => match &**part {
            Gaussian::Covariance(covariance) => Ok(covariance.clone()),
            other => fault(range, format!("{} cannot be combined like this", other.describe())),
        },
        number => Ok(Rc::new(Covariance::constant(e.item_value(number, range)?))),
    };
    let made = match op {
        Operator::Add => Covariance::sum(&side(left)?, &side(right)?, range)?,
        Operator::Mult => Covariance::product(&side(left)?, &side(right)?, range)?,
        Operator::Pow if matches!(left, Item::Gaussian(_)) => {
            let base = side(left)?;
            Covariance::power(&base, e.item_value(right, range)?, range)?
        }
        _ => return fault(range, "covariance functions can be added, multiplied, and raised to a power"),
    };
    Ok(covariance_item(made))
}

fn covariance_item(covariance: Covariance) -> Item {
    Item::Gaussian(Rc::new(Gaussian::Covariance(Rc::new(covariance))))
}

fn mean_item(mean: Mean) -> Item {
    Item::Gaussian(Rc::new(Gaussian::Mean(Rc::new(mean))))
}

/// The rows where a function is evaluated: a matrix.
fn places(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Value> {
    let value = e.value(argument)?;
    e.complete(&value, argument.range)?;
    match value.rank() {
        2 if !value.is_empty() => Ok(value),
        1 => fault(
            argument.range,
            "the inputs of a Gaussian process are a matrix: make a column with `[:, None]`",
        ),
        _ => fault(
            argument.range,
            "the inputs of a Gaussian process are a matrix with at least one row and column",
        ),
    }
}

/// The covariance function of an argument.
fn covariance_of(argument: &Argument) -> Outcome<Rc<Covariance>> {
    if let Item::Gaussian(part) = &argument.item
        && let Gaussian::Covariance(covariance) = &**part
    {
        return Ok(covariance.clone());
    }
    let seen = argument.item.describe();
    fault(
        argument.range,
        format!("a covariance function such as `pm.gp.cov.ExpQuad(1, ls=1)` is needed, not {seen}"),
    )
}

/// The mean function of an argument, zero where there is none.
fn mean_of(argument: Option<&Argument>) -> Outcome<Rc<Mean>> {
    let Some(argument) = argument else { return Ok(Rc::new(Mean::Zero)) };
    if let Item::Gaussian(part) = &argument.item
        && let Gaussian::Mean(mean) = &**part
    {
        return Ok(mean.clone());
    }
    let seen = argument.item.describe();
    fault(argument.range, format!("a mean function such as `pm.gp.mean.Constant(1)` is needed, not {seen}"))
}

/// A matrix with `jitter` added along its diagonal.
fn stabilised(e: &mut Evaluator<'_>, matrix: &Value, jitter: Option<&Argument>) -> Outcome<Value> {
    let jitter = jitter.map_or(Ok(1e-6), |jitter| e.float(&jitter.item, "`jitter`", jitter.range))?;
    Ok(matrix + identity(matrix.shape()[0]) * jitter)
}
