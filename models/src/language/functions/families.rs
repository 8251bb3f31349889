//! Distributions of `scipy.stats`: random numbers, densities and distribution functions.
//!
//! A family is a shape that is moved by `loc` and stretched by `scale`. Random numbers are those of NumPy, by the
//! method that SciPy draws the family with.

use std::f64::consts::{FRAC_PI_2, PI};
use std::rc::Rc;

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::special::{erfc, lgamma};
use ruff_text_size::TextRange;

use super::random::{Each, Parameter, Range, sized, stream_of};
use super::{components, normal, refused};
use crate::distributions::{log_probability_anywhere, possible_density, quantiles};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault, hint};
use crate::language::evaluate::{Argument, Call, Evaluator, add, divide, multiply, subtract};
use crate::language::item::Item;
use crate::language::random::Generator;

/// A distribution of `scipy.stats`.
#[derive(Debug)]
pub(in crate::language) struct Family {
    pub(in crate::language) name: &'static str,
    shapes: &'static [Parameter],
    kind: Kind,
    draw: Way,
    /// Mean and variance.
    moments: fn(&[f64]) -> (f64, f64),
    /// The same distribution of PyMC, and its parameters: those of `shapes` in order, then others with their values.
    model: (&'static str, &'static [&'static str], &'static [(&'static str, f64)]),
}

/// How SciPy draws standard numbers.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// One after the other.
    Each(fn(&mut Generator, &[f64]) -> f64),
    /// A first number for every element, then all of them from these, which stand before the shapes.
    Twice(fn(&mut Generator, &[f64]) -> f64, fn(&mut Generator, &[f64]) -> f64),
    /// Quantiles of uniform numbers.
    Quantile,
}

/// A family with its parameters: `stats.norm(0, 1)`.
#[derive(Debug)]
pub(in crate::language) struct Frozen {
    pub(in crate::language) family: &'static Family,
    /// Shapes, location, scale.
    parameters: Vec<Value>,
}

const fn family(
    name: &'static str,
    shapes: &'static [Parameter],
    draw: fn(&mut Generator, &[f64]) -> f64,
    moments: fn(&[f64]) -> (f64, f64),
    model: (&'static str, &'static [&'static str], &'static [(&'static str, f64)]),
) -> Family {
    Family { name, shapes, kind: Kind::Float, draw: Way::Each(draw), moments, model }
}

const fn counts(
    name: &'static str,
    shapes: &'static [Parameter],
    draw: fn(&mut Generator, &[f64]) -> f64,
    moments: fn(&[f64]) -> (f64, f64),
    model: (&'static str, &'static [&'static str], &'static [(&'static str, f64)]),
) -> Family {
    Family { kind: Kind::Int, ..family(name, shapes, draw, moments, model) }
}

/// A family that is not drawn one number after the other.
const fn drawn(
    name: &'static str,
    shapes: &'static [Parameter],
    kind: Kind,
    draw: Way,
    moments: fn(&[f64]) -> (f64, f64),
    model: (&'static str, &'static [&'static str], &'static [(&'static str, f64)]),
) -> Family {
    Family { name, shapes, kind, draw, moments, model }
}

/// Elements that a quantile counts as.
const QUANTILE: usize = 4_000;

/// Quantiles that a call for them counts as, however few it gives.
const QUANTILE_CALL: usize = 80;

/// Elements that a call for some quantiles counts as.
pub(super) fn quantile_work(quantiles: usize) -> usize {
    QUANTILE.saturating_mul(quantiles.saturating_add(QUANTILE_CALL))
}

const A: Parameter = ("a", None, Range::Positive);
const P: Parameter = ("p", None, Range::Probability);
const UNIT: &[(&str, f64)] = &[("mu", 0.0), ("sigma", 1.0)];

/// What SciPy draws by quantiles of uniform numbers, of which 0 would be infinite.
const FAMILIES: &[Family] = &[
    family("norm", &[], |g, _| g.standard_normal(), |_| (0.0, 1.0), ("Normal", &[], UNIT)),
    family(
        "uniform",
        &[],
        |g, _| g.uniform(),
        |_| (0.5, 1.0 / 12.0),
        ("Uniform", &[], &[("lower", 0.0), ("upper", 1.0)]),
    ),
    family(
        "expon",
        &[],
        |g, _| g.standard_exponential(),
        |_| (1.0, 1.0),
        ("Exponential", &[], &[("lam", 1.0)]),
    ),
    family(
        "halfnorm",
        &[],
        |g, _| g.standard_normal().abs(),
        |_| ((2.0 / PI).sqrt(), 1.0 - 2.0 / PI),
        ("HalfNormal", &[], &[("sigma", 1.0)]),
    ),
    family(
        "cauchy",
        &[],
        |g, _| {
            let u = g.uniform();
            -1.0 / (PI * if u > 0.5 { u - 1.0 } else { u }).tan()
        },
        |_| (f64::NAN, f64::NAN),
        ("Cauchy", &[], &[("alpha", 0.0), ("beta", 1.0)]),
    ),
    family(
        "halfcauchy",
        &[],
        |g, _| (FRAC_PI_2 * g.uniform()).tan(),
        |_| (f64::INFINITY, f64::INFINITY),
        ("HalfCauchy", &[], &[("beta", 1.0)]),
    ),
    family(
        "laplace",
        &[],
        |g, _| g.laplace(0.0, 1.0),
        |_| (0.0, 2.0),
        ("Laplace", &[], &[("mu", 0.0), ("b", 1.0)]),
    ),
    family(
        "logistic",
        &[],
        |g, _| g.logistic(0.0, 1.0),
        |_| (0.0, PI * PI / 3.0),
        ("Logistic", &[], &[("mu", 0.0), ("s", 1.0)]),
    ),
    family(
        "gumbel_r",
        &[],
        |g, _| -(-g.uniform().ln()).ln(),
        |_| (0.577_215_664_901_532_9, PI * PI / 6.0),
        ("Gumbel", &[], &[("mu", 0.0), ("beta", 1.0)]),
    ),
    family(
        "lognorm",
        &[("s", None, Range::Positive)],
        |g, p| (p[0] * g.standard_normal()).exp(),
        |p| ((p[0] * p[0] / 2.0).exp(), (p[0] * p[0]).exp_m1() * (p[0] * p[0]).exp()),
        ("LogNormal", &["sigma"], &[("mu", 0.0)]),
    ),
    family(
        "gamma",
        &[A],
        |g, p| g.standard_gamma(p[0]),
        |p| (p[0], p[0]),
        ("Gamma", &["alpha"], &[("beta", 1.0)]),
    ),
    family(
        "beta",
        &[A, ("b", None, Range::Positive)],
        |g, p| g.beta(p[0], p[1]),
        |p| {
            let sum = p[0] + p[1];
            (p[0] / sum, p[0] * p[1] / (sum * sum * (sum + 1.0)))
        },
        ("Beta", &["alpha", "beta"], &[]),
    ),
    family(
        "t",
        &[("df", None, Range::Positive)],
        |g, p| g.standard_t(p[0]),
        |p| (0.0, if p[0] > 2.0 { p[0] / (p[0] - 2.0) } else { f64::INFINITY }),
        ("StudentT", &["nu"], UNIT),
    ),
    family(
        "chi2",
        &[("df", None, Range::Positive)],
        |g, p| g.chi_square(p[0]),
        |p| (p[0], 2.0 * p[0]),
        ("ChiSquared", &["nu"], &[]),
    ),
    family(
        "triang",
        &[("c", None, Range::Probability)],
        |g, p| g.triangular(0.0, p[0], 1.0),
        |p| ((1.0 + p[0]) / 3.0, (1.0 - p[0] + p[0] * p[0]) / 18.0),
        ("Triangular", &["c"], &[("lower", 0.0), ("upper", 1.0)]),
    ),
    family(
        "weibull_min",
        &[("c", None, Range::Positive)],
        |g, p| (-(-g.uniform()).ln_1p()).powf(1.0 / p[0]),
        |p| {
            let mean = lgamma(1.0 + 1.0 / p[0]).exp();
            (mean, lgamma(1.0 + 2.0 / p[0]).exp() - mean * mean)
        },
        ("Weibull", &["alpha"], &[("beta", 1.0)]),
    ),
    family(
        "pareto",
        &[("b", None, Range::Positive)],
        |g, p| (1.0 - g.uniform()).powf(-1.0 / p[0]),
        |p| {
            let (b, infinite) = (p[0], f64::INFINITY);
            let variance = b / ((b - 1.0).powi(2) * (b - 2.0));
            (if b > 1.0 { b / (b - 1.0) } else { infinite }, if b > 2.0 { variance } else { infinite })
        },
        ("Pareto", &["alpha"], &[("m", 1.0)]),
    ),
    family(
        "invgauss",
        &[("mu", None, Range::Positive)],
        |g, p| g.wald(p[0], 1.0),
        |p| (p[0], p[0].powi(3)),
        ("Wald", &["mu"], &[("lam", 1.0)]),
    ),
    drawn(
        "invgamma",
        &[A],
        Kind::Float,
        Way::Quantile,
        |p| {
            let (a, infinite) = (p[0], f64::INFINITY);
            let variance = 1.0 / ((a - 1.0).powi(2) * (a - 2.0));
            (if a > 1.0 { 1.0 / (a - 1.0) } else { infinite }, if a > 2.0 { variance } else { infinite })
        },
        ("InverseGamma", &["alpha"], &[("beta", 1.0)]),
    ),
    drawn(
        "exponnorm",
        &[("K", None, Range::Positive)],
        Kind::Float,
        Way::Twice(|g, p| g.standard_exponential() * p[0], |g, p| p[0] + g.standard_normal()),
        |p| (p[0], 1.0 + p[0] * p[0]),
        ("ExGaussian", &["nu"], UNIT),
    ),
    drawn(
        "skewnorm",
        &[("a", None, Range::Any)],
        Kind::Float,
        Way::Twice(
            |g, _| g.standard_normal(),
            |g, p| {
                let slope = p[1] / (1.0 + p[1] * p[1]).sqrt();
                let turned = slope * p[0] + g.standard_normal() * (1.0 - slope * slope).sqrt();
                if p[0] >= 0.0 { turned } else { -turned }
            },
        ),
        |p| {
            let mean = p[0] / (1.0 + p[0] * p[0]).sqrt() * (2.0 / PI).sqrt();
            (mean, 1.0 - mean * mean)
        },
        ("SkewNormal", &["alpha"], UNIT),
    ),
    drawn(
        "truncnorm",
        &[("a", None, Range::Any), ("b", None, Range::Any)],
        Kind::Float,
        Way::Quantile,
        |p| {
            let height = |z: f64| (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
            let below = |z: f64| erfc(-z / std::f64::consts::SQRT_2) / 2.0;
            // A bound at infinity weighs nothing.
            let weight = |z: f64| if z.is_infinite() { 0.0 } else { z * height(z) };
            let mass = below(p[1]) - below(p[0]);
            let mean = (height(p[0]) - height(p[1])) / mass;
            (mean, 1.0 + (weight(p[0]) - weight(p[1])) / mass - mean * mean)
        },
        ("TruncatedNormal", &["lower", "upper"], UNIT),
    ),
    drawn(
        "betabinom",
        &[("n", None, Range::Count), A, ("b", None, Range::Positive)],
        Kind::Int,
        Way::Twice(|g, p| g.beta(p[1], p[2]), |g, p| g.binomial(p[1], p[0])),
        |p| {
            let sum = p[1] + p[2];
            (p[0] * p[1] / sum, p[0] * p[1] * p[2] * (sum + p[0]) / (sum * sum * (sum + 1.0)))
        },
        ("BetaBinomial", &["n", "alpha", "beta"], &[]),
    ),
    counts(
        "hypergeom",
        &[("M", None, Range::Count), ("n", None, Range::Count), ("N", None, Range::Count)],
        |g, p| g.hypergeometric(p[1], p[0] - p[1], p[2]),
        |p| {
            let share = p[1] / p[0];
            (p[2] * share, p[2] * share * (1.0 - share) * (p[0] - p[2]) / (p[0] - 1.0))
        },
        ("HyperGeometric", &["N", "k", "n"], &[]),
    ),
    counts(
        "bernoulli",
        &[P],
        |g, p| g.binomial(1.0, p[0]),
        |p| (p[0], p[0] * (1.0 - p[0])),
        ("Bernoulli", &["p"], &[]),
    ),
    counts(
        "binom",
        &[("n", None, Range::Count), P],
        |g, p| g.binomial(p[0], p[1]),
        |p| (p[0] * p[1], p[0] * p[1] * (1.0 - p[1])),
        ("Binomial", &["n", "p"], &[]),
    ),
    counts(
        "poisson",
        &[("mu", None, Range::Rate)],
        |g, p| g.poisson(p[0]),
        |p| (p[0], p[0]),
        ("Poisson", &["mu"], &[]),
    ),
    counts(
        "nbinom",
        &[("n", None, Range::Positive), ("p", None, Range::PositiveProbability)],
        |g, p| g.negative_binomial(p[0], p[1]),
        |p| (p[0] * (1.0 - p[1]) / p[1], p[0] * (1.0 - p[1]) / (p[1] * p[1])),
        ("NegativeBinomial", &["n", "p"], &[]),
    ),
    counts(
        "geom",
        &[("p", None, Range::PositiveProbability)],
        |g, p| g.geometric(p[0]),
        |p| (1.0 / p[0], (1.0 - p[0]) / (p[0] * p[0])),
        ("Geometric", &["p"], &[]),
    ),
    counts(
        "randint",
        &[("low", None, Range::Any), ("high", None, Range::Any)],
        |g, p| p[0] + g.bounded((p[1] - 1.0 - p[0]).max(0.0) as u64) as f64,
        |p| ((p[0] + p[1] - 1.0) / 2.0, ((p[1] - p[0]).powi(2) - 1.0) / 12.0),
        ("DiscreteUniform", &["lower", "upper"], &[]),
    ),
];

/// `stats.name`
pub(super) fn find(name: &str) -> Option<Item> {
    FAMILIES.iter().find(|family| family.name == name).map(Item::Family)
}

const METHODS: &[&str] =
    &["rvs", "pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "mean", "std", "var"];

impl Family {
    /// Names of the parameters.
    fn names(&self) -> Vec<&'static str> {
        let scale = if self.kind == Kind::Float { Some("scale") } else { None };
        self.shapes.iter().map(|shape| shape.0).chain(["loc"]).chain(scale).collect()
    }

    /// The parameters of a call from some place of its arguments on; shapes, location, scale.
    fn parameters(
        &self,
        e: &mut Evaluator<'_>,
        call: &Call,
        bound: &[Option<&Argument>],
    ) -> Outcome<Vec<Value>> {
        let mut values = Vec::with_capacity(bound.len());
        for (k, name) in self.names().iter().enumerate() {
            let value = match (bound[k], *name) {
                (Some(argument), _) => e.value(argument)?,
                (None, "loc") if k >= self.shapes.len() => Value::from(0.0).with_kind(self.kind),
                (None, "scale") if k >= self.shapes.len() => Value::from(1.0),
                (None, name) => {
                    call.required(None, name)?;
                    continue;
                }
            };
            values.push(value);
        }
        Ok(values)
    }

    /// `stats.norm(0, 1)`
    pub(in crate::language) fn freeze(&'static self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let bound = call.bind_all(&self.names())?;
        let parameters = self.parameters(e, call, &bound)?;
        Ok(Item::Frozen(Rc::new(Frozen { family: self, parameters })))
    }

    /// `stats.norm.name(...)`
    pub(super) fn method(&'static self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        let (before, after) = match name {
            "rvs" => (None, &["size", "random_state"][..]),
            "pdf" | "logpdf" | "pmf" | "logpmf" | "cdf" | "logcdf" | "sf" | "logsf" => (Some("x"), &[][..]),
            "ppf" => (Some("q"), &[][..]),
            _ => (None, &[][..]),
        };
        let names: Vec<&str> = before.into_iter().chain(self.names()).chain(after.iter().copied()).collect();
        let bound = call.bind_all(&names)?;
        let first = usize::from(before.is_some());
        let parameters = self.parameters(e, call, &bound[first..])?;
        let x = match before {
            Some(name) => Some(call.required(bound[0], name)?),
            None => None,
        };
        let rest = &bound[first + self.names().len()..];
        match (name, x, rest) {
            ("rvs", _, [size, state]) => self.draws(e, &parameters, *size, *state, call.range),
            _ => self.function(e, name, x, &parameters, call),
        }
    }

    /// `rvs`
    fn draws(
        &'static self,
        e: &mut Evaluator<'_>,
        parameters: &[Value],
        size: Option<&Argument>,
        state: Option<&Argument>,
        range: TextRange,
    ) -> Outcome<Item> {
        for (k, value) in parameters.iter().enumerate() {
            let Some(numbers) = value.as_data() else {
                return fault(range, "random numbers are drawn of parameters that are known from the data");
            };
            let (name, _, allowed) = self.shapes.get(k).copied().unwrap_or(("", None, Range::Any));
            allowed.check(name, numbers, range)?;
        }
        let out = sized(e, size, parameters, range)?;
        let stream = stream_of(e, state, range)?;
        let (shapes, moved) = parameters.split_at(self.shapes.len());
        let mut fill = |kind: Kind, draw, shapes: &[Value], out: &[usize]| {
            let each = Each { parameters: self.shapes, kind, draw };
            match each.fill(e, stream, shapes, out.to_vec(), range)? {
                Item::Number(value) => Ok(value),
                _ => fault(range, "these random numbers are no array"),
            }
        };
        let mut value = match self.draw {
            Way::Each(draw) => fill(self.kind, draw, shapes, &out)?,
            Way::Twice(first, second) => {
                let before = fill(Kind::Float, first, shapes, &out)?;
                fill(self.kind, second, &[&[before], shapes].concat(), &out)?
            }
            Way::Quantile => {
                let shares = fill(Kind::Float, |g, _| g.uniform(), &[], &out)?;
                let nothing =
                    Call { name: self.name.into(), range, positional: Vec::new(), keywords: Vec::new() };
                let distribution = self.distribution(e, shapes, &nothing)?;
                self.quantiles(e, &*distribution, &shares, shapes, range)?
            }
        };
        if let Some(scale) = moved.get(1) {
            value = e.binary(|a, b| a * b, &value, scale, range)?;
        }
        Ok(Item::Number(e.binary(|a, b| a + b, &value, &moved[0], range)?))
    }

    /// Densities, distribution functions and moments.
    fn function(
        &'static self,
        e: &mut Evaluator<'_>,
        name: &str,
        x: Option<&Argument>,
        parameters: &[Value],
        call: &Call,
    ) -> Outcome<Item> {
        let is_random = |x: &Argument| matches!(&x.item, Item::Number(x) | Item::Series(x) if x.is_random());
        if x.is_some_and(is_random) || parameters.iter().any(Value::is_random) {
            let full = format!("scipy.stats.{}.{name}", self.name);
            let (family, function) = (self.model.0, name.replace("pdf", "p").replace("pmf", "p"));
            let instead = format!("pm.{function}(pm.{family}.dist(...), x)");
            let is_known = ["logp", "logcdf"].contains(&function.as_str());
            refused::at(e, &full, call.range, is_known.then_some(instead.as_str()));
        }
        let (shapes, moved) = parameters.split_at(self.shapes.len());
        let location = &moved[0];
        let scale = moved.get(1).cloned().unwrap_or_else(|| Value::from(1.0));
        let Some(x) = x else {
            let shapes: Option<Vec<f64>> =
                shapes.iter().map(|v| v.as_data().filter(|x| x.len() == 1).map(|x| x[0])).collect();
            let Some(shapes) = shapes else {
                return fault(call.range, format!("`{name}` needs parameters that are single numbers"));
            };
            let (mean, variance) = (self.moments)(&shapes);
            let value = match name {
                "mean" => e.binary(|a, b| a + b, &(&scale * mean), location, call.range)?,
                "std" => &scale * variance.sqrt(),
                "var" => scale.square() * variance,
                other => {
                    let message = format!(
                        "`{}.{other}` is not supported{}",
                        self.name,
                        hint(other, METHODS.iter().copied())
                    );
                    return fault(call.range, message);
                }
            };
            return Ok(Item::Number(e.finish_value(value, call.range)?));
        };
        let series = x.item.is_series();
        let value = e.value(x)?;
        if self.name == "norm" {
            let value = normal::function(e, name, &value, location, &scale, call.range)?;
            return Ok(Item::numbers(value, series));
        }
        let distribution = self.distribution(e, shapes, call)?;
        if name == "ppf" {
            let value = self.quantiles(e, &*distribution, &value, parameters, call.range)?;
            let scaled = e.binary(multiply, &value, &scale, call.range)?;
            return Ok(Item::numbers(e.binary(add, &scaled, location, call.range)?, series));
        }
        let distance = e.binary(subtract, &value, location, call.range)?;
        let z = match self.kind {
            Kind::Float => e.binary(divide, &distance, &scale, call.range)?,
            _ => distance,
        };
        let is_log = name.starts_with("log");
        let log = match name.trim_start_matches("log") {
            "pdf" | "pmf" => possible_density(&*distribution, &z) - scale.log(),
            "cdf" | "sf" => match log_probability_anywhere(&*distribution, &z, !name.ends_with("sf")) {
                Some(value) => value,
                None => return fault(call.range, format!("`{}.{name}` is not supported yet", self.name)),
            },
            _ => return fault(call.range, format!("`{}.{name}` is not supported yet", self.name)),
        };
        let value = if is_log { log } else { log.exp() };
        Ok(Item::numbers(e.finish_value(value, call.range)?, series))
    }

    /// `ppf`, without location and scale.
    fn quantiles(
        &self,
        e: &mut Evaluator<'_>,
        distribution: &dyn crate::Distribution,
        shares: &Value,
        parameters: &[Value],
        range: TextRange,
    ) -> Outcome<Value> {
        if shares.is_random() || parameters.iter().any(Value::is_random) {
            return fault(range, format!("`{}.ppf` is for numbers that are known from the data", self.name));
        }
        let mut out = shares.shape().to_vec();
        for value in parameters {
            let Some(both) = shape::broadcast(&out, value.shape()) else {
                let (a, b) = (shape::display(&out), shape::display(value.shape()));
                let message = format!("shares and parameters of shapes {a} and {b} do not fit together");
                return Err(Fault::new(range, message).rule(Rule::ShapeMismatch));
            };
            out = both;
        }
        e.budget.shape(&out, range)?;
        e.budget.work(quantile_work(shape::elements(&out)), range)?;
        match quantiles(distribution, shares, &out) {
            Some(value) => e.finish_value(value, range),
            None => fault(range, format!("`{}.ppf` is not supported yet", self.name)),
        }
    }

    /// The same distribution as one of PyMC, without location and scale.
    fn distribution(
        &self,
        e: &mut Evaluator<'_>,
        shapes: &[Value],
        call: &Call,
    ) -> Outcome<Rc<dyn crate::Distribution>> {
        let (name, parameters, others) = self.model;
        let mut like = call.nothing();
        let mut add = |name: &str, value: Value| {
            like.keywords.push((name.to_owned(), Argument { item: Item::Number(value), range: call.range }));
        };
        parameters.iter().zip(shapes).for_each(|(name, value)| {
            let last = if self.name == "randint" && *name == "upper" { value - 1.0 } else { value.clone() };
            add(name, last);
        });
        others.iter().for_each(|(name, x)| add(name, Value::from(*x)));
        match crate::distributions::find(name).map(|entry| components::component(e, entry, &like)) {
            Some(Ok(Item::Component(distribution))) => Ok(distribution),
            Some(Err(fault)) => Err(fault),
            _ => fault(call.range, format!("densities of `{}` are not supported yet", self.name)),
        }
    }
}

impl Frozen {
    /// `stats.norm(0, 1).name(...)`
    pub(super) fn method(&self, e: &mut Evaluator<'_>, name: &str, call: &Call) -> Outcome<Item> {
        match name {
            "rvs" => {
                let [size, state] = call.bind(["size", "random_state"])?;
                self.family.draws(e, &self.parameters, size, state, call.range)
            }
            "mean" | "std" | "var" => {
                let [] = call.bind([])?;
                self.family.function(e, name, None, &self.parameters, call)
            }
            _ => {
                let [x] = call.bind(["x"])?;
                let x = call.required(x, "x")?;
                self.family.function(e, name, Some(x), &self.parameters, call)
            }
        }
    }

    /// Elements of its parameters.
    pub(in crate::language) fn size(&self) -> usize {
        self.parameters.iter().map(|value| shape::elements(value.shape())).sum()
    }
}
