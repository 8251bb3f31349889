//! `pm.draw(pm.Normal.dist(0, 1), draws=..., random_seed=...)`: the numbers that PyMC draws of one distribution.
//!
//! PyMC gives the distribution the first child of the seed, and draws by NumPy from it. Parameters of which PyTensor
//! divides whole numbers lose digits there, and keep them here.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};

use super::super::{PMC, Row, Run};
use super::draws::Each;
use crate::Distribution;
use crate::language::error::{Fault, Outcome, Weight, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;
use crate::language::random::{Generator, SeedSequence};

/// Functions of PyMC that draw.
pub(super) const ROWS: &[Row] = &[("draw", PMC, Run::Call(draw))];

/// How PyMC draws a distribution of some parameters.
type Simulation = (&'static str, &'static [&'static str], Kind, fn(&mut Generator, &[f64]) -> f64);

const SIMULATIONS: &[Simulation] = &[
    ("Normal", &["mu", "sigma"], Kind::Float, |g, p| p[0] + p[1] * g.standard_normal()),
    ("HalfNormal", &["sigma"], Kind::Float, |g, p| (p[0] * g.standard_normal()).abs()),
    ("LogNormal", &["mu", "sigma"], Kind::Float, |g, p| (p[0] + p[1] * g.standard_normal()).exp()),
    ("Uniform", &["lower", "upper"], Kind::Float, |g, p| p[0] + (p[1] - p[0]) * g.uniform()),
    ("Exponential", &["scale"], Kind::Float, |g, p| p[0] * g.standard_exponential()),
    ("Gamma", &["alpha", "beta"], Kind::Float, |g, p| 1.0 / p[1] * g.standard_gamma(p[0])),
    ("Laplace", &["mu", "b"], Kind::Float, |g, p| g.laplace(p[0], p[1])),
    ("StudentT", &["nu", "mu", "sigma"], Kind::Float, |g, p| p[1] + p[2] * g.standard_t(p[0])),
    ("Poisson", &["mu"], Kind::Int, |g, p| g.poisson(p[0])),
    ("Bernoulli", &["p"], Kind::Int, |g, p| g.binomial(1.0, p[0])),
    ("Binomial", &["n", "p"], Kind::Int, |g, p| g.binomial(p[0], p[1])),
    ("NegativeBinomial", &["mu", "alpha"], Kind::Int, |g, p| g.negative_binomial(p[1], p[1] / (p[0] + p[1]))),
    ("NegativeBinomial", &["p", "n"], Kind::Int, |g, p| g.negative_binomial(p[1], p[0])),
];

/// `pm.draw(distribution, draws=..., random_seed=...)`
fn draw(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [of, draws, seed] = call.bind(["vars", "draws", "random_seed"])?;
    let of = call.required(of, "vars")?;
    let Item::Component(distribution) = &of.item else {
        let message = "one distribution with known parameters is drawn here, such as `pm.draw(pm.Normal.dist(0, 1), \
                       random_seed=1)`; simulate others with a generator of NumPy";
        return Err(Fault::weighing(of.range, message, Weight::AfterTheModel));
    };
    let many = match draws {
        Some(draws) => e.integer(&draws.item, "a number of draws", draws.range)?,
        None => 1,
    };
    let mut out = distribution.shape().map_err(|error| Fault::new(of.range, error.to_string()))?;
    if many != 1 {
        let Ok(many) = usize::try_from(many) else {
            return fault(call.range, "a number of draws must not be negative");
        };
        out.insert(0, many);
    }
    e.budget.shape(&out, call.range)?;
    if let Some(lower) = distribution.normal_factor() {
        return vectors(e, distribution, lower, seed, out, call);
    }
    let (each, parameters) = simulation(e, distribution, of)?;
    let generator = generator(e, seed, call)?;
    let Item::Generator(stream) = e.add_generator(Some(generator)) else {
        return fault(call.range, "this draws from no generator");
    };
    each.fill(e, stream, &parameters, out, call.range)
}

/// Normal vectors: a factor of the covariance times independent numbers.
fn vectors(
    e: &mut Evaluator<'_>,
    distribution: &Rc<dyn Distribution>,
    lower: &Value,
    seed: Option<&Argument>,
    out: Vec<usize>,
    call: &Call,
) -> Outcome<Item> {
    let mu = distribution.parameters().into_iter().find(|(name, _)| *name == "mu").map(|(_, mu)| mu);
    let mean = mu.map_or(Value::from(0.0), Value::clone).broadcast_to(&out);
    let (Some(mean), Some(lower)) = (mean.as_data(), lower.as_data()) else {
        return fault(call.range, "what is drawn must have parameters that are known from the data");
    };
    let n = out.last().copied().unwrap_or(1);
    if lower.len() != n * n || (0..n).any(|i| lower[i * (n + 1)].is_nan() || lower[i * (n + 1)] <= 0.0) {
        return fault(call.range, "the covariance of what is drawn is not positive definite");
    }
    e.budget.work(mean.len().saturating_mul(n), call.range)?;
    let mut generator = generator(e, seed, call)?;
    let mut drawn = mean.to_vec();
    for row in drawn.chunks_mut(n) {
        let z: Vec<f64> = row.iter().map(|_| generator.standard_normal()).collect();
        for (i, x) in row.iter_mut().enumerate() {
            *x += lower[i * n..=i * n + i].iter().zip(&z).map(|(l, z)| l * z).sum::<f64>();
        }
    }
    Ok(Item::Number(Value::data(drawn, out, Kind::Float)))
}

fn simulation(
    e: &mut Evaluator<'_>,
    distribution: &Rc<dyn Distribution>,
    of: &Argument,
) -> Outcome<(Each, Vec<Value>)> {
    let given = distribution.parameters();
    let is_it = |(name, parameters, ..): &&Simulation| {
        *name == distribution.name()
            && given.len() == parameters.len()
            && parameters.iter().all(|wanted| given.iter().any(|(known, _)| known == wanted))
    };
    let Some((_, parameters, kind, draw)) = SIMULATIONS.iter().find(is_it) else {
        return fault(
            of.range,
            format!(
                "`pm.draw` of {} is not supported: draw it with a generator of NumPy, such as \
                 `np.random.default_rng(1)`",
                distribution.name()
            ),
        );
    };
    let mut values = Vec::with_capacity(given.len());
    for wanted in *parameters {
        for (_, value) in given.iter().filter(|(known, _)| known == wanted) {
            let item = Item::Number((*value).clone());
            values.push(e.known_value(&Argument { item, range: of.range }, "a parameter of random numbers")?);
        }
    }
    let is_large =
        |value: &Value| value.as_data().is_none_or(|x| x.iter().any(|x| x.is_nan() || x.abs() > 9e15));
    if values.iter().any(is_large) {
        return fault(of.range, "parameters of random numbers must be numbers up to 9e15");
    }
    for condition in distribution.conditions() {
        if condition.holds.as_data().is_none_or(|holds| holds.contains(&0.0)) {
            return fault(of.range, format!("{} needs {}", distribution.name(), condition.rule));
        }
    }
    Ok((Each { parameters: &[], kind: *kind, draw: *draw }, values))
}

/// The generator that PyMC makes of `random_seed=`.
fn generator(e: &mut Evaluator<'_>, seed: Option<&Argument>, call: &Call) -> Outcome<Generator> {
    let seed = match seed {
        Some(Argument { item: Item::Generator(stream), range }) => {
            let generator = e.generator(*stream, *range)?;
            generator.bounded((1 << 30) - 1)
        }
        Some(seed) if !matches!(seed.item, Item::None) => {
            let number = e.integer(&seed.item, "a seed", seed.range)?;
            let Ok(number) = u64::try_from(number) else {
                return fault(seed.range, "a seed must be a whole number from 0");
            };
            number
        }
        _ => {
            return fault(
                call.range,
                "random numbers without a seed differ every time: give it one, as in `pm.draw(..., random_seed=1)`",
            );
        }
    };
    let mut words = vec![seed as u32];
    if seed >> 32 > 0 {
        words.push((seed >> 32) as u32);
    }
    Ok(Generator::new(SeedSequence::new(words).spawn()))
}
