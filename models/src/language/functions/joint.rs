//! `scipy.stats.multivariate_normal`: densities and random numbers.

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::shape;

use super::random::{multivariate_normal, stream_of};
use super::{Row, Run, ST, components};
use crate::distributions::possible_density;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// The function that fixes mean and covariance; its methods take them themselves.
pub(super) const ROWS: &[Row] = &[("multivariate_normal", ST, Run::Call(fixed))];

/// A multivariate normal distribution with its mean and covariance.
#[derive(Debug)]
pub(in crate::language) struct Joint {
    mean: Argument,
    covariance: Argument,
}

/// `stats.multivariate_normal(mean, cov)`
fn fixed(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [mean, covariance, _singular, _seed] = call.bind(["mean", "cov", "allow_singular", "seed"])?;
    Ok(Item::Joint(Rc::new(Joint::new(e, call, mean, covariance)?)))
}

/// `stats.multivariate_normal.name(...)`
pub(super) fn unfixed(e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
    if name == "rvs" {
        let [mean, covariance, size, state] = call.bind(["mean", "cov", "size", "random_state"])?;
        return Joint::new(e, call, mean, covariance)?.draws(e, call, size, state);
    }
    let [x, mean, covariance, _singular] = call.bind(["x", "mean", "cov", "allow_singular"])?;
    Joint::new(e, call, mean, covariance)?.density(e, name, call, x)
}

impl Joint {
    /// A vector for the mean, and a matrix for the covariance, which may be given as a number or as variances.
    fn new(
        e: &mut Evaluator<'_>,
        call: &Call,
        mean: Option<&Argument>,
        covariance: Option<&Argument>,
    ) -> Outcome<Self> {
        let range = call.range;
        let covariance = match covariance {
            Some(covariance) => e.value(covariance)?,
            None => Value::from(1.0),
        };
        let mean = match mean.filter(|mean| !matches!(mean.item, Item::None)) {
            Some(mean) => e.value(mean)?,
            None => Value::from(0.0).broadcast_to(&covariance.shape()[..covariance.rank().min(1)]),
        };
        let mean = if mean.rank() == 0 { mean.reshape(&[1]) } else { mean };
        let n = mean.len();
        e.budget.shape(&[n, n], range)?;
        let covariance = match covariance.rank() {
            2 => covariance,
            _ => super::gaussian::identity(n) * covariance,
        };
        let argument = |value: Value| Argument { item: Item::Number(value), range };
        Ok(Self { mean: argument(mean), covariance: argument(covariance) })
    }

    /// `stats.multivariate_normal(mean, cov).name(...)`
    pub(super) fn method(&self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        if name == "rvs" {
            let [size, state] = call.bind(["size", "random_state"])?;
            return self.draws(e, call, size, state);
        }
        let [x] = call.bind(["x"])?;
        self.density(e, name, call, x)
    }

    fn draws(
        &self,
        e: &mut Evaluator<'_>,
        call: &Call,
        size: Option<&Argument>,
        state: Option<&Argument>,
    ) -> Outcome<Item> {
        let stream = stream_of(e, state, call.range)?;
        let mut inner = call.nothing();
        inner.positional = vec![self.mean.clone(), self.covariance.clone()];
        inner.positional.extend(size.cloned());
        let drawn = multivariate_normal(e, &inner, stream)?;
        // SciPy leaves out axes of length 1.
        let Item::Number(value) = drawn else { return Ok(drawn) };
        let shape: Vec<usize> = value.shape().iter().copied().filter(|n| *n != 1).collect();
        Ok(Item::Number(value.reshape(&shape)))
    }

    fn density(&self, e: &mut Evaluator<'_>, name: &str, call: &Call, x: Option<&Argument>) -> Outcome<Item> {
        let x = call.required(x, "x")?;
        if !matches!(name, "pdf" | "logpdf") {
            return fault(
                call.range,
                format!("`multivariate_normal.{name}` is not supported: it has rvs, pdf, logpdf"),
            );
        }
        let mut like = call.nothing();
        like.keywords =
            vec![("mu".to_owned(), self.mean.clone()), ("cov".to_owned(), self.covariance.clone())];
        let entry = crate::distributions::find("MvNormal");
        let Some(Item::Component(normal)) =
            entry.map(|entry| components::component(e, entry, &like)).transpose()?
        else {
            return fault(call.range, "this is no multivariate normal distribution");
        };
        let (value, n) = (e.value(x)?, self.mean.item.size());
        // Of one dimension, each number is a point.
        let points = if n == 1 && value.shape().last() != Some(&1) {
            value.reshape(&[value.shape(), &[1]].concat())
        } else {
            value
        };
        if points.shape().last() != Some(&n) {
            let seen = shape::display(points.shape());
            return fault(x.range, format!("points of {n} dimensions are needed, not shape {seen}"));
        }
        e.budget.work(points.len().saturating_mul(n), call.range)?;
        let log = e.finish_value(possible_density(&*normal, &points), call.range)?;
        Ok(Item::Number(if name == "pdf" { log.exp() } else { log }))
    }
}
