//! Functions of NumPy, SciPy and Python that PyMC refuses where parameters of the model meet them.
//!
//! They are computed here, for what they mean is clear; but a file should run in PyMC too.
//!
//! # References
//! - PyMC 5.28 with NumPy 2 and SciPy 1.15: each function was called there with a variable of a model.

use ruff_text_size::TextRange;

use super::{Function, Module, foreign};
use crate::finding::Rule;
use crate::language::error::Fault;
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::Item;

/// Functions of NumPy that make no tensor of a tensor. Others, such as `np.exp`, do.
const NUMPY: &str = "sum mean max min amax amin prod std var median dot matmul where maximum minimum clip stack \
                     concatenate hstack vstack column_stack row_stack dstack append cumsum cumprod outer diff einsum \
                     array asarray sign round logaddexp arctan2 hypot reshape transpose expand_dims ravel tile \
                     zeros_like ones_like tensordot trace diag diagonal argsort sort all any isnan greater less \
                     greater_equal less_equal logical_and logical_or logical_not isclose full atleast_1d atleast_2d \
                     broadcast_to take select heaviside interp cross roll average copy triu tril meshgrid split rint \
                     cbrt fabs float_power insert delete convolve cov";

/// Those that make tensors of lists of them, for they only add or multiply.
const OF_LISTS: &[&str] = &["sum", "mean", "prod"];

/// What is written instead, where it has another name.
const INSTEAD: &[(&str, &str)] = &[
    ("where", "pm.math.switch"),
    ("array", "pm.math.stack"),
    ("asarray", "pm.math.stack"),
    ("amax", "pm.math.max"),
    ("amin", "pm.math.min"),
    ("expit", "pm.math.invlogit"),
    ("hstack", "pm.math.concatenate"),
    ("vstack", "pm.math.stack"),
    ("row_stack", "pm.math.stack"),
    ("append", "pm.math.concatenate"),
    ("column_stack", "pm.math.stack(..., axis=1)"),
    ("greater", "a > b"),
    ("less", "a < b"),
    ("greater_equal", "a >= b"),
    ("less_equal", "a <= b"),
    ("reshape", "x.reshape(...)"),
    ("transpose", "x.T"),
    ("ravel", "x.flatten()"),
    ("copy", "x"),
    ("tensordot", "pt.tensordot"),
    ("fabs", "pm.math.abs"),
    ("pow", "x ** y"),
    ("len", "x.shape[0]"),
];

/// Items of a list that are looked at, and lists in each other.
const LOOKED_AT: usize = 32;
const DEPTH: usize = 2;

/// Whether an item depends on parameters, or is a list with an item that does.
fn is_random(item: &Item, depth: usize) -> bool {
    match item {
        Item::Number(value) | Item::Series(value) => value.is_random(),
        Item::List(items) | Item::Tuple(items) if depth > 0 => {
            items.items().iter().take(LOOKED_AT).any(|item| is_random(item, depth - 1))
        }
        _ => false,
    }
}

/// Tells that PyMC refuses a call, where it does.
pub(super) fn tell(e: &mut Evaluator<'_>, function: &Function, call: &Call) {
    let name = function.plain_name();
    let is_refused = match function.module {
        Module::NumPy => NUMPY.split(' ').any(|known| known == name),
        Module::Special | Module::PlainMath => {
            function.is_elementwise() || name == "logsumexp" || name == "softmax"
        }
        Module::Python => name == "len",
        _ => false,
    };
    let is_list = |item: &Item| matches!(item, Item::List(_) | Item::Tuple(_));
    let is_it = |item: &Item| is_random(item, DEPTH) && !(OF_LISTS.contains(&name) && is_list(item));
    let is_of_objects = call.keywords.iter().any(|(keyword, _)| keyword == "dtype");
    // `x.sum()` is a method of tensors.
    if !is_refused
        || is_of_objects
        || call.name.starts_with('.')
        || !call.items().any(|argument| is_it(&argument.item))
    {
        return;
    }
    let other = INSTEAD.iter().find(|(known, _)| *known == name).map(|(_, new)| (*new).to_owned());
    let other = other.or_else(|| foreign::has(Module::Math, name).then(|| format!("pm.math.{name}")));
    let other = other.or_else(|| foreign::has(Module::Tensor, name).then(|| format!("pt.{name}")));
    at(e, &function.name(), call.range, other.as_deref());
}

/// Tells that PyMC refuses what is called at a place.
pub(super) fn at(e: &mut Evaluator<'_>, name: &str, range: TextRange, instead: Option<&str>) {
    if e.is_apart_from_tensors() {
        return;
    }
    let fix = match instead {
        Some(instead) => format!("write `{instead}`"),
        None => "write it with `pm.math` or `pytensor.tensor`".to_owned(),
    };
    let message =
        format!("PyMC itself refuses `{name}` of what depends on parameters, though it is computed here");
    let fault = Fault::new(range, message).rule(Rule::RefusedByPyMc);
    e.tell(*fault.about(name).fix(fix));
}
