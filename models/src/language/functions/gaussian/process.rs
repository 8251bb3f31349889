//! Gaussian processes: latent ones, and those whose noise is normal.
//!
//! ```text
//! Latent.prior                  f = m(X) + chol(K(X) + jitter I) v,  v ~ Normal(0, 1), named f_rotated_
//! TP.prior                      the same,  v ~ StudentT(nu)
//! Marginal.marginal_likelihood  y ~ MvNormal(m(X), K(X) + sigma^2 I + jitter I)
//! ```
//!
//! # References
//! - Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, sections 2.2 and 5.4.
//! - PyMC 5.28, `pymc/gp/gp.py`

use std::rc::Rc;

use chainfire_engine::program::Value;
use ruff_text_size::TextRange;

use super::super::linear::factored;
use super::super::pymc::{texts, variable_name, whole};
use super::super::variables;
use super::covariance::Covariance;
use super::hilbert::Hilbert;
use super::inducing::Approximation;
use super::kronecker;
use super::resonators::Resonators;
use super::{Gaussian, Mean, covariance_of, mean_of, places, stabilised};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, Weight, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// A Gaussian process.
#[derive(Debug)]
pub(in crate::language) struct Process {
    pub(super) kind: Kind,
    pub(super) mean: Rc<Mean>,
    pub(super) covariance: Rc<Covariance>,
}

/// How a process enters the model.
#[derive(Debug)]
pub(super) enum Kind {
    Latent,
    /// `TP`, with its degrees of freedom.
    StudentT(Value),
    Marginal,
    Approximate(Approximation),
    /// `LatentKron` and `MarginalKron`, with the covariance of each axis.
    LatentGrid(Vec<Rc<Covariance>>),
    MarginalGrid(Vec<Rc<Covariance>>),
    Hilbert(Hilbert),
    Resonators(Resonators),
}

pub(super) fn simple(e: &mut Evaluator<'_>, call: &Call, kind: Kind) -> Outcome<Item> {
    let [mean, covariance] = call.bind(["mean_func", "cov_func"])?;
    let covariance = covariance_of(e, call.required(covariance, "cov_func")?)?;
    Ok(item(Process { kind, mean: mean_of(e, mean)?, covariance }))
}

/// `pm.gp.TP(scale_func=..., nu=...)`
pub(super) fn student_t(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [mean, scale, covariance, nu] = call.bind(["mean_func", "scale_func", "cov_func", "nu"])?;
    let covariance = covariance_of(e, call.required(covariance.or(scale), "scale_func")?)?;
    let nu = e.value(call.required(nu, "nu")?)?;
    Ok(item(Process { kind: Kind::StudentT(nu), mean: mean_of(e, mean)?, covariance }))
}

pub(super) fn item(process: Process) -> Item {
    Item::Gaussian(Rc::new(Gaussian::Process(process)))
}

/// The keywords of a call that are not among its own, which go to the variable.
pub(super) fn rest(call: &Call, own: &[&str]) -> Vec<(String, Argument)> {
    call.keywords.iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned().collect()
}

/// The arguments of a call that are its own.
pub(super) fn own<const N: usize>(call: &Call, names: [&str; N]) -> Outcome<[Option<Argument>; N]> {
    let mut known = call.nothing();
    known.positional = call.positional.clone();
    known.keywords =
        call.keywords.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect();
    Ok(known.bind(names)?.map(|argument| argument.cloned()))
}

/// Declares a variable of one of PyMC's distributions.
pub(super) fn declared(
    e: &mut Evaluator<'_>,
    call: &Call,
    distribution: &str,
    name: &str,
    parameters: Vec<(&str, Item)>,
    rest: Vec<(String, Argument)>,
) -> Outcome<Value> {
    let mut inner = call.alone(Item::text(name));
    let range = call.range;
    inner
        .keywords
        .extend(parameters.into_iter().map(|(name, item)| (name.to_owned(), Argument { item, range })));
    inner.keywords.extend(rest);
    let Some(entry) = crate::distributions::find(distribution) else {
        return fault(range, format!("there is no distribution `{distribution}`"));
    };
    match variables::declare(e, entry, &inner)? {
        Item::Number(value) => Ok(value),
        other => fault(range, format!("`{name}` is {}, not numbers", other.describe())),
    }
}

/// Stores the function's values under its name.
pub(super) fn stored(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    value: Value,
    dims: Option<&Argument>,
) -> Outcome<Item> {
    let dims = match dims.filter(|dims| !matches!(dims.item, Item::None)) {
        Some(dims) => e.texts(dims, "dims")?,
        None => Vec::new(),
    };
    let value = e.finish_value(value, call.range)?;
    let result = e.open_scope(&call.name, call.range)?.deterministic(name, value, &texts(&dims));
    result.map(Item::Number).map_err(|error| e.refused_call(call, error))
}

impl Process {
    /// `process.name`
    pub(super) fn attribute(&self, name: &str) -> Option<Item> {
        match (name, &self.kind) {
            ("n_basis_vectors" | "_m_star", Kind::Hilbert(hilbert)) => {
                Some(Item::integer(hilbert.count() as i64))
            }
            ("_m", Kind::Resonators(resonators)) => Some(Item::integer(resonators.count() as i64)),
            ("cov_func", _) => Some(Item::Gaussian(Rc::new(Gaussian::Covariance(self.covariance.clone())))),
            ("mean_func", _) => Some(Item::Gaussian(Rc::new(Gaussian::Mean(self.mean.clone())))),
            _ => None,
        }
    }

    /// The process of a sum of functions.
    pub(super) fn sum(&self, other: &Process, range: TextRange) -> Outcome<Item> {
        let kind = match (&self.kind, &other.kind) {
            (Kind::Latent, Kind::Latent) => Kind::Latent,
            (Kind::Marginal, Kind::Marginal) => Kind::Marginal,
            (Kind::Approximate(a), Kind::Approximate(b)) if a == b => Kind::Approximate(*a),
            _ => {
                return fault(
                    range,
                    "only Gaussian processes of one kind, `Latent`, `Marginal` or `MarginalApprox` with the same \
                     `approx`, can be added",
                );
            }
        };
        let covariance = Rc::new(Covariance::sum(&self.covariance, &other.covariance, range)?);
        let mean = Mean::sum(&self.mean, &other.mean, range)?;
        Ok(item(Process { kind, mean, covariance }))
    }

    /// `process.name(...)`
    pub(super) fn method(&self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        match (&self.kind, name) {
            (Kind::Latent | Kind::StudentT(_), "prior") => self.prior(e, call),
            (Kind::LatentGrid(factors), "prior") => kronecker::prior(e, self, factors, call),
            (Kind::MarginalGrid(factors), "marginal_likelihood") => {
                kronecker::likelihood(e, self, factors, call)
            }
            (Kind::Approximate(approximation), "marginal_likelihood") => {
                approximation.likelihood(e, self, call)
            }
            (Kind::Resonators(resonators), "prior") => resonators.prior(e, self, call),
            (Kind::Resonators(resonators), "prior_linearized") => resonators.linearised(e, self, call),
            (Kind::Marginal, "marginal_likelihood") => self.likelihood(e, call),
            (Kind::Hilbert(hilbert), "prior") => hilbert.prior(e, self, call),
            (Kind::Hilbert(hilbert), "prior_linearized") => hilbert.linearised(e, self, call),
            (_, "conditional" | "conditional_linearized" | "predict" | "predictt") => {
                let message = format!(
                    "`.{name}` predicts the function at new places, which is not part of the model: leave this line out"
                );
                Err(Fault::weighing(call.range, message, Weight::AfterTheModel))
            }
            (kind, _) => {
                let known = match kind {
                    Kind::Latent | Kind::StudentT(_) | Kind::LatentGrid(_) => "prior",
                    Kind::Marginal | Kind::Approximate(_) | Kind::MarginalGrid(_) => "marginal_likelihood",
                    Kind::Hilbert(_) | Kind::Resonators(_) => "prior and prior_linearized",
                };
                fault(
                    call.range,
                    format!("this Gaussian process has no method `{name}` here; it has {known}"),
                )
            }
        }
    }

    /// `Latent.prior` and `TP.prior`
    fn prior(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let names = ["name", "X", "n_outputs", "reparameterize", "jitter", "dims"];
        let [name, x, outputs, turned, jitter, dims] = own(call, names)?;
        let rest = rest(call, &names);
        let name = variable_name(e, call, name.as_ref())?;
        let x = places(e, call.required(x.as_ref(), "X")?)?;
        let outputs = outputs.map_or(Ok(1), |outputs| whole(e, &outputs, "n_outputs"))?;
        let turned = turned.map_or(Ok(true), |turned| e.truth(&turned.item, turned.range))?;
        let mean = self.mean.at(e, &x, call.range)?;
        let covariance = self.covariance.matrix(e, &x, None, call.range)?;
        let covariance = stabilised(e, &covariance, jitter.as_ref())?;
        let rows = x.shape()[0];
        let shape = match (&dims, outputs) {
            (Some(dims), _) => ("dims".to_owned(), dims.clone()),
            (None, outputs) => {
                let sizes = if outputs > 1 { vec![outputs, rows] } else { vec![rows] };
                let sizes: Vec<f64> = sizes.into_iter().map(|n| n as f64).collect();
                let sizes =
                    Value::data(sizes.clone(), vec![sizes.len()], chainfire_engine::program::Kind::Int);
                ("shape".to_owned(), Argument { item: Item::Number(sizes), range: call.range })
            }
        };
        let mut keywords = rest;
        keywords.push(shape);
        if !turned {
            let mut parameters = vec![("mu", Item::Number(mean))];
            let distribution = match &self.kind {
                Kind::StudentT(nu) => {
                    parameters
                        .extend([("nu", Item::Number(nu.clone())), ("scale", Item::Number(covariance))]);
                    "MvStudentT"
                }
                _ => {
                    parameters.push(("cov", Item::Number(covariance)));
                    "MvNormal"
                }
            };
            return declared(e, call, distribution, &name, parameters, keywords).map(Item::Number);
        }
        let mut standard = vec![("mu", Item::Number(0.0.into())), ("sigma", Item::Number(1.0.into()))];
        let distribution = match &self.kind {
            Kind::StudentT(nu) => {
                standard.push(("nu", Item::Number(nu.clone())));
                "StudentT"
            }
            _ => "Normal",
        };
        let turned_name = format!("{name}_rotated_");
        let v = declared(e, call, distribution, &turned_name, standard, keywords)?;
        let factor = factored(e, &covariance, call.range)?;
        let turned = match v.rank() {
            2 => e.matrix_product(&factor, &v.transpose(), call.range)?.transpose(),
            _ => e.matrix_product(&factor, &v, call.range)?,
        };
        stored(e, call, &name, mean + turned, dims.as_ref())
    }

    /// `Marginal.marginal_likelihood`
    fn likelihood(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let names = ["name", "X", "y", "sigma", "jitter", "is_observed"];
        let [name, x, y, sigma, jitter, observed] = own(call, names)?;
        if let Some((_, noise)) = call.keywords.iter().find(|(name, _)| name == "noise") {
            let fault = Fault::new(noise.range, "`noise` is called `sigma`").rule(Rule::RenamedArgument);
            return Err(fault.fix("write `sigma=`").about("noise"));
        }
        let name = variable_name(e, call, name.as_ref())?;
        let x = places(e, call.required(x.as_ref(), "X")?)?;
        let y = call.required(y.as_ref(), "y")?.clone();
        let sigma = call.required(sigma.as_ref(), "sigma")?.clone();
        let mean = self.mean.at(e, &x, call.range)?;
        let noise = match &sigma.item {
            Item::Gaussian(_) | Item::Object(_) => covariance_of(e, &sigma)?,
            _ => Rc::new(Covariance::Noise(e.value(&sigma)?)),
        };
        let covariance =
            self.covariance.matrix(e, &x, None, call.range)? + noise.matrix(e, &x, None, call.range)?;
        let covariance = stabilised(e, &covariance, jitter.as_ref())?;
        let mut keywords = rest(call, &names);
        if observed.map_or(Ok(true), |observed| e.truth(&observed.item, observed.range))? {
            keywords.push(("observed".to_owned(), y));
        }
        let parameters = vec![("mu", Item::Number(mean)), ("cov", Item::Number(covariance))];
        declared(e, call, "MvNormal", &name, parameters, keywords).map(Item::Number)
    }
}
