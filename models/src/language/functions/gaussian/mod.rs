//! Gaussian processes, by the names that `pm.gp` and its modules give them.
//!
//! Covariance and mean functions are items that can be added, multiplied and called; a process declares the variables
//! that PyMC's declares, under the same names. Its conditionals at new places are predictions, and passed over.

mod basis;
mod clusters;
mod covariance;
mod hilbert;
mod inducing;
mod kronecker;
mod mean;
mod process;
mod resonators;
mod spectral;
mod stationary;
mod values;
mod written;

use std::rc::Rc;

use chainfire_engine::program::{Kind as Numbers, Value};
use ruff_python_ast::Operator;
use ruff_text_size::TextRange;

use super::{Function, GC, GM, GO, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};
use covariance::Covariance;
pub(super) use covariance::identity;
use mean::Mean;
use process::{Kind, Process};
use stationary::Form;
use written::Written;

/// Functions of `pm.gp` and its modules.
pub(super) const ROWS: &[Row] = &[
    ("ExpQuad", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Quadratic))),
    ("Matern52", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Matern52))),
    ("Matern32", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Matern32))),
    ("Matern12", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Matern12))),
    ("Exponential", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Exponential))),
    ("Cosine", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Cosine))),
    ("RatQuad", GC, Run::Call(stationary::rational)),
    ("Periodic", GC, Run::Call(stationary::periodic)),
    ("WrappedPeriodic", GC, Run::Call(stationary::wrapped)),
    ("Stationary", GC, Run::Call(|e, call| stationary::stationary(e, call, Form::Unwritten))),
    ("Covariance", GC, Run::Call(stationary::unwritten)),
    ("Gibbs", GC, Run::Call(written::gibbs)),
    ("WarpedInput", GC, Run::Call(written::warped)),
    ("ScaledCov", GC, Run::Call(written::scaled)),
    ("Circular", GC, Run::Call(covariance::circular)),
    ("Coregion", GC, Run::Call(covariance::coregion)),
    ("Kron", GC, Run::Call(covariance::kronecker)),
    ("Linear", GC, Run::Call(covariance::linear)),
    ("Polynomial", GC, Run::Call(covariance::polynomial)),
    ("Constant", GC, Run::Call(covariance::constant)),
    ("WhiteNoise", GC, Run::Call(covariance::noise)),
    ("Zero", GM, Run::Call(|_, call| mean::plain(call, Mean::Zero))),
    ("Mean", GM, Run::Call(|_, call| mean::plain(call, Mean::Unwritten))),
    ("Constant", GM, Run::Call(mean::constant)),
    ("Linear", GM, Run::Call(mean::linear)),
    ("Latent", GO, Run::Call(|e, call| process::simple(e, call, Kind::Latent))),
    ("TP", GO, Run::Call(process::student_t)),
    ("Marginal", GO, Run::Call(|e, call| process::simple(e, call, Kind::Marginal))),
    ("MarginalApprox", GO, Run::Call(inducing::process)),
    ("MarginalSparse", GO, Run::Call(inducing::process)),
    ("LatentKron", GO, Run::Call(|e, call| kronecker::process(e, call, Kind::LatentGrid))),
    ("MarginalKron", GO, Run::Call(|e, call| kronecker::process(e, call, Kind::MarginalGrid))),
    ("stabilize", GO, Run::Call(stabilise)),
    ("kmeans_inducing_points", GO, Run::Call(clusters::inducing_points)),
    ("HSGP", GO, Run::Call(hilbert::process)),
    ("HSGPPeriodic", GO, Run::Call(resonators::process)),
    ("approx_hsgp_hyperparams", GO, Run::Call(basis::recommended)),
    ("set_boundary", GO, Run::Call(basis::boundary)),
    ("calc_eigenvalues", GO, Run::Call(basis::eigenvalues)),
    ("calc_eigenvectors", GO, Run::Call(basis::eigenvectors)),
    ("calc_basis_periodic", GO, Run::Call(basis::periodic)),
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

    /// `function(X)`, `function(X, Z)` and `function(X, diag=True)`: its values at the rows of matrices.
    pub(in crate::language) fn call(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let value = match self {
            Gaussian::Covariance(covariance) => {
                let [x, z, diagonal] = call.bind(["X", "Xs", "diag"])?;
                let x = places(e, call.required(x, "X")?)?;
                match diagonal.map_or(Ok(false), |diagonal| e.truth(&diagonal.item, diagonal.range))? {
                    true => covariance.diagonal(e, &x, call.range)?,
                    false => {
                        let z = other_places(e, z)?;
                        covariance.matrix(e, &x, z.as_ref(), call.range)?
                    }
                }
            }
            Gaussian::Mean(mean) => {
                let [x] = call.bind(["X"])?;
                let x = places(e, call.required(x, "X")?)?;
                mean.at(e, &x, call.range)?
            }
            Gaussian::Process(_) => {
                return fault(call.range, "a Gaussian process is no function: take `.prior(...)`");
            }
        };
        Ok(Item::Number(value))
    }

    /// `process.name(...)`, `covariance.name(...)`
    pub(super) fn method(&self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        match (self, name) {
            (Gaussian::Process(process), _) => process.method(e, name, call),
            (_, "__call__") => self.call(e, call),
            (Gaussian::Covariance(covariance), _) => covariance_method(e, covariance, name, call),
            (Gaussian::Mean(_), _) => fault(call.range, format!("a mean function has no method `{name}`")),
        }
    }

    /// `process.name`
    pub(super) fn attribute(&self, e: &Evaluator<'_>, name: &str) -> Option<Item> {
        match self {
            Gaussian::Process(process) => process.attribute(name),
            Gaussian::Covariance(covariance) => covariance_attribute(e, covariance, name),
            Gaussian::Mean(_) => None,
        }
    }
}

/// `covariance.name(...)`
fn covariance_method(
    e: &mut Evaluator<'_>,
    covariance: &Rc<Covariance>,
    name: &str,
    call: &Call,
) -> Outcome<Item> {
    let range = call.range;
    let value = match name {
        "full" | "square_dist" | "euclidean_dist" | "_slice" => {
            let [x, z] = call.bind(["X", "Xs"])?;
            let x = places(e, call.required(x, "X")?)?;
            let z = other_places(e, z)?;
            match name {
                "full" => covariance.matrix(e, &x, z.as_ref(), range)?,
                "_slice" => {
                    let Some(domain) = covariance.domain(e) else {
                        return fault(range, "this covariance is of any columns");
                    };
                    let x = Item::Number(domain.part(&x, range)?);
                    let z = z.map(|z| domain.part(&z, range)).transpose()?.map_or(Item::None, Item::Number);
                    return Ok(Item::Tuple(Sequence::new(vec![x, z], range)?));
                }
                _ => stationary::distances(e, covariance, &x, z.as_ref(), name == "square_dist", range)?,
            }
        }
        "diag" => {
            let [x] = call.bind(["X"])?;
            let x = places(e, call.required(x, "X")?)?;
            covariance.diagonal(e, &x, range)?
        }
        "full_from_distance" => {
            let [distance, squared] = call.bind(["dist", "squared"])?;
            let distance = e.value(call.required(distance, "dist")?)?;
            let is_squared = squared.map_or(Ok(false), |squared| e.truth(&squared.item, squared.range))?;
            let Covariance::Stationary { form, .. } = &**covariance else {
                return fault(range, "only stationary covariances are functions of distances");
            };
            let value = form.of(&if is_squared { distance } else { distance.square() }, range)?;
            e.finish_value(value, range)?
        }
        "power_spectral_density" => {
            let [omega] = call.bind(["omega"])?;
            let omega = places(e, call.required(omega, "omega")?)?;
            spectral::spectral_density(e, covariance, &omega, range)?
        }
        "power_spectral_density_approx" => {
            let [orders] = call.bind(["J"])?;
            let orders = call.required(orders, "J")?;
            resonators::coefficients(e, covariance, orders)?
        }
        _ => return fault(range, format!("a covariance function has no method `{name}`")),
    };
    Ok(Item::Number(value))
}

/// `covariance.name`
fn covariance_attribute(e: &Evaluator<'_>, covariance: &Covariance, name: &str) -> Option<Item> {
    let domain = covariance.domain(e);
    match (name, covariance) {
        ("input_dim", _) => Some(Item::integer(domain?.width as i64)),
        ("n_dims", _) => Some(Item::integer(domain?.columns.len() as i64)),
        ("active_dims", _) => {
            let columns: Vec<f64> = domain?.columns.iter().map(|&k| k as f64).collect();
            let count = columns.len();
            Some(Item::Number(Value::data(columns, vec![count], Numbers::Int)))
        }
        ("ls", Covariance::Stationary { scale, .. }) => Some(Item::Number(scale.clone())),
        ("period", Covariance::Stationary { form: Form::Periodic(period), .. }) => {
            Some(Item::Number(period.clone()))
        }
        ("B", Covariance::Coregion { matrix, .. }) => Some(Item::Number(matrix.clone())),
        _ => None,
    }
}

/// What an item is of a Gaussian process: objects of classes below those of `pm.gp` are covariance or mean functions.
pub(in crate::language) fn part_of(e: &Evaluator<'_>, item: &Item) -> Option<Rc<Gaussian>> {
    match item {
        Item::Gaussian(part) => Some(part.clone()),
        Item::Object(object) => {
            let written = Written(item.clone());
            let above = e.known_above(*object).filter(Function::is_of_processes)?;
            Some(Rc::new(match above.is_of_means() {
                true => Gaussian::Mean(Rc::new(Mean::Written(written))),
                false => Gaussian::Covariance(Rc::new(Covariance::Written(written))),
            }))
        }
        _ => None,
    }
}

/// Whether one of the sides of an operation is part of a Gaussian process.
pub(in crate::language) fn is_either(e: &Evaluator<'_>, left: &Item, right: &Item) -> bool {
    [left, right].into_iter().any(|item| part_of(e, item).is_some())
}

/// Sums, products and powers of covariance functions, mean functions and numbers; sums of processes.
pub(in crate::language) fn operation(
    e: &mut Evaluator<'_>,
    op: Operator,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let (a, b) = (part_of(e, left), part_of(e, right));
    match (a.as_deref(), op, b.as_deref()) {
        (Some(Gaussian::Mean(a)), Operator::Add, Some(Gaussian::Mean(b))) => {
            return Mean::sum(a, b, range).map(|sum| Item::Gaussian(Rc::new(Gaussian::Mean(sum))));
        }
        (Some(Gaussian::Mean(a)), Operator::Mult, Some(Gaussian::Mean(b))) => {
            return Mean::product(a, b, range)
                .map(|product| Item::Gaussian(Rc::new(Gaussian::Mean(product))));
        }
        (Some(Gaussian::Process(a)), Operator::Add, Some(Gaussian::Process(b))) => return a.sum(b, range),
        _ => {}
    }
    let mut side = |part: Option<&Gaussian>, item: &Item| match part {
        Some(Gaussian::Covariance(covariance)) => Ok(covariance.clone()),
        Some(other) => fault(range, format!("{} cannot be combined like this", other.describe())),
        None => Ok(Rc::new(Covariance::Constant(e.item_value(item, range)?))),
    };
    let (left, exponent) = (side(a.as_deref(), left)?, right);
    let made = match op {
        Operator::Add => Covariance::sum(&left, &side(b.as_deref(), right)?, range)?,
        Operator::Mult => Covariance::product(&left, &side(b.as_deref(), right)?, range)?,
        Operator::Pow if a.is_some() => Covariance::power(&left, e.item_value(exponent, range)?, range)?,
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

/// The same of inputs that may be missing, or None.
fn other_places(e: &mut Evaluator<'_>, argument: Option<&Argument>) -> Outcome<Option<Value>> {
    argument.filter(|argument| !matches!(argument.item, Item::None)).map(|z| places(e, z)).transpose()
}

/// Whether something can stand for a covariance or mean function as a function of the file.
fn is_function(e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<bool> {
    match item {
        Item::Object(_) => Ok(e.member(item, "__call__", range)?.is_some()),
        item => Ok(item.is_callable()),
    }
}

/// The covariance function of an argument.
fn covariance_of(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Rc<Covariance>> {
    match part_of(e, &argument.item).as_deref() {
        Some(Gaussian::Covariance(covariance)) => Ok(covariance.clone()),
        None if is_function(e, &argument.item, argument.range)? => {
            Ok(Rc::new(Covariance::Written(Written(argument.item.clone()))))
        }
        _ => {
            let seen = argument.item.describe();
            fault(
                argument.range,
                format!("a covariance function such as `pm.gp.cov.ExpQuad(1, ls=1)` is needed, not {seen}"),
            )
        }
    }
}

/// The mean function of an argument, zero where there is none.
fn mean_of(e: &mut Evaluator<'_>, argument: Option<&Argument>) -> Outcome<Rc<Mean>> {
    let Some(argument) = argument else { return Ok(Rc::new(Mean::Zero)) };
    match part_of(e, &argument.item).as_deref() {
        Some(Gaussian::Mean(mean)) => Ok(mean.clone()),
        None if is_function(e, &argument.item, argument.range)? => {
            Ok(Rc::new(Mean::Written(Written(argument.item.clone()))))
        }
        _ => {
            let seen = argument.item.describe();
            fault(
                argument.range,
                format!("a mean function such as `pm.gp.mean.Constant(1)` is needed, not {seen}"),
            )
        }
    }
}

/// `pm.gp.util.stabilize(K, jitter)`
fn stabilise(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [matrix, jitter] = call.bind(["K", "jitter"])?;
    let matrix = call.required(matrix, "K")?;
    let value = e.value(matrix)?;
    match *value.shape() {
        [n, m] if n == m && n > 0 => {
            let value = stabilised(e, &value, jitter)?;
            Ok(Item::Number(e.finish_value(value, call.range)?))
        }
        _ => fault(matrix.range, format!("`{}` takes a square matrix", call.name)),
    }
}

/// A matrix with `jitter` added along its diagonal.
fn stabilised(e: &mut Evaluator<'_>, matrix: &Value, jitter: Option<&Argument>) -> Outcome<Value> {
    let jitter = jitter.map_or(Ok(1e-6), |jitter| e.float(&jitter.item, "`jitter`", jitter.range))?;
    Ok(matrix + identity(matrix.shape()[0]) * jitter)
}
