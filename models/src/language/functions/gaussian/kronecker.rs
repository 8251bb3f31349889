//! Gaussian processes on grids, whose covariance is a Kronecker product: `pm.gp.LatentKron` and `pm.gp.MarginalKron`.
//!
//! ```text
//! LatentKron.prior                  f = m(X) + (chol(K_1) x chol(K_2) x ...) v,  v ~ Normal(0, 1), named f_rotated_
//! MarginalKron.marginal_likelihood  y ~ KroneckerNormal(m(X), K_1, K_2, ..., sigma)
//! ```
//!
//! `X` are all combinations of the rows of `Xs`, the last changing fastest.
//!
//! # References
//! - Saatci (2011), Scalable inference for structured Gaussian process models, chapter 5.
//! - PyMC 5.28, `pymc/gp/gp.py`

use std::rc::Rc;

use chainfire_engine::program::Value;

use super::super::grids::{cartesian, kronecker_apply};
use super::super::linear::factored;
use super::super::pymc::variable_name;
use super::covariance::{Covariance, covariances, of_factors};
use super::process::{Kind, Process, declared, item, own, rest, stored};
use super::{mean_of, places, stabilised};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// `pm.gp.LatentKron(cov_funcs=[...])` and `pm.gp.MarginalKron(cov_funcs=[...])`
pub(super) fn process(
    e: &mut Evaluator<'_>,
    call: &Call,
    kind: fn(Vec<Rc<Covariance>>) -> Kind,
) -> Outcome<Item> {
    let [mean, factors] = call.bind(["mean_func", "cov_funcs"])?;
    let factors = covariances(e, call.required(factors, "cov_funcs")?)?;
    let covariance = Rc::new(of_factors(factors.clone(), call.range)?);
    Ok(item(Process { kind: kind(factors), mean: mean_of(e, mean)?, covariance }))
}

/// The inputs along each axis, and their combinations.
fn axes(
    e: &mut Evaluator<'_>,
    factors: &[Rc<Covariance>],
    inputs: &Argument,
) -> Outcome<(Vec<Value>, Value)> {
    let mut axes = Vec::new();
    for item in e.iterate(&inputs.item, inputs.range)? {
        axes.push(places(e, &Argument { item, range: inputs.range })?);
    }
    if axes.len() != factors.len() {
        let message = format!(
            "`Xs` has {} matrices of inputs for {} covariances (`cov_funcs`)",
            axes.len(),
            factors.len()
        );
        return Err(Fault::new(inputs.range, message).rule(Rule::ShapeMismatch));
    }
    let all = cartesian(e, &axes, inputs.range)?;
    Ok((axes, all))
}

/// `LatentKron.prior(name, Xs)`
pub(super) fn prior(
    e: &mut Evaluator<'_>,
    process: &Process,
    factors: &[Rc<Covariance>],
    call: &Call,
) -> Outcome<Item> {
    let names = ["name", "Xs", "jitter"];
    let [name, inputs, jitter] = own(call, names)?;
    let mut keywords = rest(call, &names);
    let name = variable_name(e, call, name.as_ref())?;
    let (axes, all) = axes(e, factors, call.required(inputs.as_ref(), "Xs")?)?;
    let mean = process.mean.at(e, &all, call.range)?;
    let mut lower = Vec::with_capacity(axes.len());
    for (factor, x) in factors.iter().zip(&axes) {
        let covariance = factor.matrix(e, x, None, call.range)?;
        let covariance = stabilised(e, &covariance, jitter.as_ref())?;
        lower.push(factored(e, &covariance, call.range)?);
    }
    let count = all.shape()[0];
    if !keywords.iter().any(|(name, _)| name == "dims") {
        let shape = Argument { item: Item::integer(count as i64), range: call.range };
        keywords.push(("shape".to_owned(), shape));
    }
    let standard = vec![("mu", Item::Number(0.0.into())), ("sigma", Item::Number(1.0.into()))];
    let v = declared(e, call, "Normal", &format!("{name}_rotated_"), standard, keywords)?;
    let turned = kronecker_apply(e, &lower, &v, Value::matmul, call.range)?.reshape(&[count]);
    stored(e, call, &name, mean + turned, None)
}

/// `MarginalKron.marginal_likelihood(name, Xs, y, sigma)`
pub(super) fn likelihood(
    e: &mut Evaluator<'_>,
    process: &Process,
    factors: &[Rc<Covariance>],
    call: &Call,
) -> Outcome<Item> {
    let names = ["name", "Xs", "y", "sigma", "is_observed"];
    let [name, inputs, y, sigma, observed] = own(call, names)?;
    let mut keywords = rest(call, &names);
    let name = variable_name(e, call, name.as_ref())?;
    let (axes, all) = axes(e, factors, call.required(inputs.as_ref(), "Xs")?)?;
    let y = call.required(y.as_ref(), "y")?.clone();
    let sigma = call.required(sigma.as_ref(), "sigma")?;
    let mean = process.mean.at(e, &all, call.range)?;
    let mut covariances = Vec::with_capacity(axes.len());
    for (factor, x) in factors.iter().zip(&axes) {
        covariances.push(Item::Number(factor.matrix(e, x, None, call.range)?));
    }
    if observed.map_or(Ok(true), |observed| e.truth(&observed.item, observed.range))? {
        keywords.push(("observed".to_owned(), y));
    }
    let covariances = Item::List(Sequence::new(covariances, call.range)?);
    let parameters = vec![("mu", Item::Number(mean)), ("covs", covariances), ("sigma", sigma.item.clone())];
    declared(e, call, "KroneckerNormal", &name, parameters, keywords).map(Item::Number)
}
