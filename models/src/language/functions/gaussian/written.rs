//! Functions that the file writes in covariance and mean functions: classes below those of `pm.gp`, and plain functions.
//!
//! ```text
//! Gibbs        sqrt(2 l(x) l(z) / s) exp(-(x - z)^2 / s),  s = l(x)^2 + l(z)^2
//! WarpedInput  k(w(x), w(z))                 ScaledCov  s(x) k(x, z) s(z)
//! ```
//!
//! # References
//! - Paciorek, Schervish (2004), Nonstationary covariance functions for Gaussian process regression, equation 1. (Gibbs)
//! - PyMC 5.28, `pymc/gp/cov.py`

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::shape;
use ruff_text_size::TextRange;

use super::covariance::{Covariance, Domain, diagonal, domain, one_column};
use super::{Gaussian, covariance_item, covariance_of};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// A function of inputs, with its further arguments.
#[derive(Clone, Debug)]
pub(in crate::language) struct Applied {
    function: Item,
    rest: Vec<Item>,
}

/// An object of a class of the file, or a function.
#[derive(Clone, Debug)]
pub(in crate::language) struct Written(pub(super) Item);

pub(super) fn gibbs(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, lengths, rest, active] =
        call.bind(["input_dim", "lengthscale_func", "args", "active_dims"])?;
    let domain = one_column(domain(e, call, input, active)?, call)?;
    let lengths = Applied::new(call.required(lengths, "lengthscale_func")?, rest)?;
    Ok(covariance_item(Covariance::Gibbs { domain, lengths }))
}

pub(super) fn warped(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, of, warp, rest, active] =
        call.bind(["input_dim", "cov_func", "warp_func", "args", "active_dims"])?;
    let domain = domain(e, call, input, active)?;
    let of = covariance_of(e, call.required(of, "cov_func")?)?;
    let warp = Applied::new(call.required(warp, "warp_func")?, rest)?;
    Ok(covariance_item(Covariance::Warped { domain, of, warp }.bounded(call.range)?))
}

pub(super) fn scaled(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [input, of, scaling, rest, active] =
        call.bind(["input_dim", "cov_func", "scaling_func", "args", "active_dims"])?;
    let domain = domain(e, call, input, active)?;
    let of = covariance_of(e, call.required(of, "cov_func")?)?;
    let scaling = Applied::new(call.required(scaling, "scaling_func")?, rest)?;
    Ok(covariance_item(Covariance::Scaled { domain, of, scaling }.bounded(call.range)?))
}

impl Applied {
    fn new(function: &Argument, rest: Option<&Argument>) -> Outcome<Self> {
        let rest = match rest.map(|rest| &rest.item) {
            None | Some(Item::None) => Vec::new(),
            Some(Item::Tuple(items)) => items.items().to_vec(),
            Some(single) => vec![single.clone()],
        };
        match function.item.is_callable() || matches!(function.item, Item::Object(_) | Item::Gaussian(_)) {
            true => Ok(Self { function: function.item.clone(), rest }),
            false => fault(function.range, format!("a function is needed, not {}", function.item.describe())),
        }
    }

    fn values(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let items = [&[Item::Number(x.clone())], &*self.rest].concat();
        let item = e.called_with(&self.function, items, range)?;
        let value = e.item_value(&item, range)?;
        e.finish_value(value, range)
    }

    /// A number for each row.
    pub(super) fn vector(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let (value, rows) = (self.values(e, x, range)?, x.shape()[0]);
        match value.len() {
            n if n == rows => Ok(value.reshape(&[rows])),
            1 => Ok(value.reshape(&[]).broadcast_to(&[rows])),
            _ => Err(wrong_shape("a number for each row of the inputs", &value, range)),
        }
    }

    /// A row for each row.
    pub(super) fn matrix(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let value = self.values(e, x, range)?;
        match *value.shape() {
            [n, m] if n == x.shape()[0] && m > 0 => Ok(value),
            _ => Err(wrong_shape("a matrix with a row for each row of the inputs", &value, range)),
        }
    }
}

impl Written {
    /// What the object's core is as a covariance.
    fn core(&self, e: &Evaluator<'_>) -> Option<Rc<Covariance>> {
        match &self.0 {
            Item::Object(object) => match e.core(*object) {
                Some(Item::Gaussian(part)) => match &**part {
                    Gaussian::Covariance(covariance) => Some(covariance.clone()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn domain(&self, e: &Evaluator<'_>) -> Option<Domain> {
        self.core(e)?.domain(e)
    }

    /// The object's method of a name, where the file writes it.
    fn method(&self, e: &mut Evaluator<'_>, name: &str, range: TextRange) -> Outcome<Option<Item>> {
        match &self.0 {
            Item::Object(_) => e.member(&self.0, name, range),
            function if name == "__call__" => Ok(Some(function.clone())),
            _ => Ok(None),
        }
    }

    pub(super) fn matrix(
        &self,
        e: &mut Evaluator<'_>,
        x: &Value,
        z: Option<&Value>,
        range: TextRange,
    ) -> Outcome<Value> {
        let places = |z: Item| vec![Item::Number(x.clone()), z];
        let other = z.map(|z| Item::Number(z.clone()));
        let item = if let Some(function) = self.method(e, "__call__", range)? {
            let arguments = match other {
                Some(z) => places(z),
                None => vec![Item::Number(x.clone())],
            };
            e.called_with(&function, arguments, range)?
        } else if let Some(full) = self.method(e, "full", range)? {
            e.called_with(&full, places(other.unwrap_or(Item::None)), range)?
        } else {
            let Some(core) = self.core(e) else {
                return fault(
                    range,
                    "this covariance has neither `__call__` nor `full`: write one in its class",
                );
            };
            match self.method(e, "full_from_distance", range)? {
                Some(falling) => {
                    let Some(domain) = core.domain(e) else {
                        return fault(range, "this covariance has no distances");
                    };
                    let x = domain.part(x, range)?;
                    let z = z.map(|z| domain.part(z, range)).transpose()?;
                    let squared = super::stationary::distances(e, &core, &x, z.as_ref(), true, range)?;
                    e.called_with(&falling, vec![Item::Number(squared), Item::truth(true)], range)?
                }
                None => return core.matrix(e, x, z, range),
            }
        };
        let value = e.item_value(&item, range)?;
        let shape = [x.shape()[0], z.unwrap_or(x).shape()[0]];
        match value.shape() == shape {
            true => e.finish_value(value, range),
            false => {
                Err(wrong_shape(&format!("a matrix of shape {}", shape::display(&shape)), &value, range))
            }
        }
    }

    pub(super) fn diagonal(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let is_whole = self.method(e, "__call__", range)?.is_some();
        match self.method(e, "diag", range)?.filter(|_| !is_whole) {
            Some(method) => {
                let item = e.called_with(&method, vec![Item::Number(x.clone())], range)?;
                let value = e.item_value(&item, range)?;
                match value.shape() == [x.shape()[0]] {
                    true => e.finish_value(value, range),
                    false => Err(wrong_shape("a number for each row of the inputs", &value, range)),
                }
            }
            None => Ok(diagonal(&self.matrix(e, x, None, range)?)),
        }
    }

    /// The spectral density that the class writes.
    pub(super) fn spectral_density(
        &self,
        e: &mut Evaluator<'_>,
        omega: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        if let Some(method) = self.method(e, "power_spectral_density", range)? {
            let item = e.called_with(&method, vec![Item::Number(omega.clone())], range)?;
            let value = e.item_value(&item, range)?;
            return e.finish_value(value, range);
        }
        match self.core(e) {
            Some(core) => super::spectral::spectral_density(e, &core, omega, range),
            None => fault(range, "this covariance has no `power_spectral_density`: write it in its class"),
        }
    }

    /// The values of a mean function.
    pub(super) fn mean(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        if let Some(function) = self.method(e, "__call__", range)? {
            let item = e.called_with(&function, vec![Item::Number(x.clone())], range)?;
            let (value, rows) = (e.item_value(&item, range)?, x.shape()[0]);
            return match value.len() {
                n if n == rows && value.rank() == 1 => Ok(value),
                1 => Ok(value.reshape(&[]).broadcast_to(&[rows])),
                _ => Err(wrong_shape("a number for each row of the inputs", &value, range)),
            };
        }
        match &self.0 {
            Item::Object(object) => match e.core(*object).cloned() {
                Some(Item::Gaussian(part)) => match &*part {
                    Gaussian::Mean(mean) => mean.at(e, x, range),
                    _ => fault(range, "this class is one of covariance functions, not of mean functions"),
                },
                _ => fault(range, "this class of mean functions has no `__call__(self, X)`: write it"),
            },
            _ => fault(range, "this is no mean function"),
        }
    }
}

fn wrong_shape(wanted: &str, seen: &Value, range: TextRange) -> Box<Fault> {
    let seen = shape::display(seen.shape());
    Fault::new(range, format!("this function gives an array of shape {seen}, where {wanted} is needed"))
        .rule(Rule::ShapeMismatch)
}
