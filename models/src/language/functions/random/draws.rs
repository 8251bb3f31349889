//! Distributions that are drawn element by element: parameters are broadcast, and numbers drawn in C order.

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::super::{Modules, RG, RL, Row, Run};
use super::Draw;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Stream};
use crate::language::item::Item;
use crate::language::random::Generator;

/// What a parameter may be.
#[derive(Clone, Copy, Debug)]
pub(in crate::language::functions) enum Range {
    Any,
    /// From 0.
    Scale,
    /// Above 0.
    Positive,
    /// From 0 to 1.
    Probability,
    /// Above 0, up to 1.
    PositiveProbability,
    /// A whole number from 0.
    Count,
    /// From 0 to the largest whole number that is exact.
    Rate,
    /// From 0 to a million.
    Concentration,
}

impl Range {
    fn holds(self, x: f64) -> bool {
        match self {
            Range::Any => true,
            Range::Scale => x >= 0.0,
            Range::Positive => x > 0.0,
            Range::Probability => (0.0..=1.0).contains(&x),
            Range::PositiveProbability => x > 0.0 && x <= 1.0,
            Range::Count => (0.0..=9e15).contains(&x) && x.fract() == 0.0,
            Range::Rate => (0.0..=9e15).contains(&x),
            Range::Concentration => (0.0..=1e6).contains(&x),
        }
    }

    /// Refuses numbers that the parameter `name` must not be.
    pub(in crate::language::functions) fn check(
        self,
        name: &str,
        numbers: &[f64],
        range: TextRange,
    ) -> Outcome<()> {
        match numbers.iter().find(|x| !self.holds(**x)) {
            Some(wrong) => fault(range, format!("`{name}` is {wrong}; it must be {}", self.describe())),
            None => Ok(()),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Range::Any => "a number",
            Range::Scale => "a number from 0",
            Range::Positive => "above 0",
            Range::Probability => "from 0 to 1",
            Range::PositiveProbability => "above 0 and at most 1",
            Range::Count => "a whole number from 0",
            Range::Rate => "from 0 to 9e15",
            Range::Concentration => "from 0 to a million",
        }
    }
}

/// Name, default and range of a parameter.
pub(in crate::language::functions) type Parameter = (&'static str, Option<f64>, Range);

/// A distribution that is drawn element by element.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Each {
    pub(in crate::language::functions) parameters: &'static [Parameter],
    pub(in crate::language::functions) kind: Kind,
    pub(in crate::language::functions) draw: fn(&mut Generator, &[f64]) -> f64,
}

const BOTH: Modules = RL | RG;

const fn floats(parameters: &'static [Parameter], draw: fn(&mut Generator, &[f64]) -> f64) -> Run {
    Run::Draw(Draw::Each(Each { parameters, kind: Kind::Float, draw }))
}

const fn counts(parameters: &'static [Parameter], draw: fn(&mut Generator, &[f64]) -> f64) -> Run {
    Run::Draw(Draw::Each(Each { parameters, kind: Kind::Int, draw }))
}

const LOCATION: Parameter = ("loc", Some(0.0), Range::Any);
const SCALE: Parameter = ("scale", Some(1.0), Range::Scale);
const A: Parameter = ("a", None, Range::Positive);
const P: Parameter = ("p", None, Range::Probability);

/// Distributions.
pub(super) const ROWS: &[Row] = &[
    ("random", BOTH, floats(&[], |g, _| g.uniform())),
    ("random_sample", RL, floats(&[], |g, _| g.uniform())),
    ("sample", RL, floats(&[], |g, _| g.uniform())),
    ("ranf", RL, floats(&[], |g, _| g.uniform())),
    ("standard_normal", BOTH, floats(&[], |g, _| g.standard_normal())),
    ("standard_exponential", BOTH, floats(&[], |g, _| g.standard_exponential())),
    ("standard_cauchy", BOTH, floats(&[], |g, _| g.standard_cauchy())),
    (
        "uniform",
        BOTH,
        floats(&[("low", Some(0.0), Range::Any), ("high", Some(1.0), Range::Any)], |g, p| {
            p[0] + (p[1] - p[0]) * g.uniform()
        }),
    ),
    ("normal", BOTH, floats(&[LOCATION, SCALE], |g, p| p[0] + p[1] * g.standard_normal())),
    ("laplace", BOTH, floats(&[LOCATION, SCALE], |g, p| g.laplace(p[0], p[1]))),
    ("gumbel", BOTH, floats(&[LOCATION, SCALE], |g, p| g.gumbel(p[0], p[1]))),
    ("logistic", BOTH, floats(&[LOCATION, SCALE], |g, p| g.logistic(p[0], p[1]))),
    (
        "lognormal",
        BOTH,
        floats(&[("mean", Some(0.0), Range::Any), ("sigma", Some(1.0), Range::Scale)], |g, p| {
            (p[0] + p[1] * g.standard_normal()).exp()
        }),
    ),
    ("exponential", BOTH, floats(&[SCALE], |g, p| p[0] * g.standard_exponential())),
    ("rayleigh", BOTH, floats(&[SCALE], |g, p| g.rayleigh(p[0]))),
    ("standard_gamma", BOTH, floats(&[("shape", None, Range::Scale)], |g, p| g.standard_gamma(p[0]))),
    ("gamma", BOTH, floats(&[("shape", None, Range::Scale), SCALE], |g, p| p[1] * g.standard_gamma(p[0]))),
    ("beta", BOTH, floats(&[A, ("b", None, Range::Positive)], |g, p| g.beta(p[0], p[1]))),
    ("chisquare", BOTH, floats(&[("df", None, Range::Positive)], |g, p| g.chi_square(p[0]))),
    (
        "f",
        BOTH,
        floats(&[("dfnum", None, Range::Positive), ("dfden", None, Range::Positive)], |g, p| g.f(p[0], p[1])),
    ),
    ("standard_t", BOTH, floats(&[("df", None, Range::Positive)], |g, p| g.standard_t(p[0]))),
    ("pareto", BOTH, floats(&[A], |g, p| g.pareto(p[0]))),
    ("weibull", BOTH, floats(&[("a", None, Range::Scale)], |g, p| g.weibull(p[0]))),
    ("power", BOTH, floats(&[A], |g, p| g.power(p[0]))),
    (
        "wald",
        BOTH,
        floats(&[("mean", None, Range::Positive), ("scale", None, Range::Positive)], |g, p| {
            g.wald(p[0], p[1])
        }),
    ),
    (
        "vonmises",
        BOTH,
        floats(&[("mu", None, Range::Any), ("kappa", None, Range::Concentration)], |g, p| {
            g.von_mises(p[0], p[1])
        }),
    ),
    (
        "triangular",
        BOTH,
        floats(
            &[("left", None, Range::Any), ("mode", None, Range::Any), ("right", None, Range::Any)],
            |g, p| g.triangular(p[0], p[1], p[2]),
        ),
    ),
    ("binomial", BOTH, counts(&[("n", None, Range::Count), P], |g, p| g.binomial(p[0], p[1]))),
    (
        "negative_binomial",
        BOTH,
        counts(&[("n", None, Range::Positive), ("p", None, Range::PositiveProbability)], |g, p| {
            g.negative_binomial(p[0], p[1])
        }),
    ),
    ("poisson", BOTH, counts(&[("lam", Some(1.0), Range::Rate)], |g, p| g.poisson(p[0]))),
    ("geometric", BOTH, counts(&[("p", None, Range::PositiveProbability)], |g, p| g.geometric(p[0]))),
    (
        "hypergeometric",
        BOTH,
        counts(
            &[("ngood", None, Range::Count), ("nbad", None, Range::Count), ("nsample", None, Range::Count)],
            |g, p| g.hypergeometric(p[0], p[1], p[2]),
        ),
    ),
    ("rand", RL, Run::Draw(Draw::Call(|e, call, stream| by_axes(e, call, stream, Generator::uniform)))),
    (
        "randn",
        RL,
        Run::Draw(Draw::Call(|e, call, stream| by_axes(e, call, stream, Generator::standard_normal))),
    ),
];

/// `np.random.rand(3, 4)`: an argument for each axis.
fn by_axes(
    e: &mut Evaluator<'_>,
    call: &Call,
    stream: Stream,
    draw: fn(&mut Generator) -> f64,
) -> Outcome<Item> {
    let mut out = Vec::new();
    for axis in &call.positional {
        out.extend(e.shape(axis)?);
    }
    e.budget.shape(&out, call.range)?;
    let generator = e.generator(stream, call.range)?;
    let numbers: Vec<f64> = (0..shape::elements(&out)).map(|_| draw(generator)).collect();
    Ok(Item::Number(Value::data(numbers, out, Kind::Float)))
}

/// The shape that `size` gives, or that of the parameters.
pub(in crate::language::functions) fn sized(
    e: &mut Evaluator<'_>,
    size: Option<&Argument>,
    parameters: &[Value],
    range: TextRange,
) -> Outcome<Vec<usize>> {
    let mut out = Vec::new();
    for value in parameters {
        let Some(both) = shape::broadcast(&out, value.shape()) else {
            let shapes: Vec<_> = parameters.iter().map(|value| shape::display(value.shape())).collect();
            let message = format!("parameters of shapes {} do not fit together", shapes.join(", "));
            return Err(Fault::new(range, message).rule(Rule::ShapeMismatch));
        };
        out = both;
    }
    if let Some(size) = size.filter(|size| !matches!(size.item, Item::None)) {
        let wanted = e.shape(size)?;
        if shape::broadcast(&out, &wanted).as_deref() != Some(&wanted[..]) {
            let (seen, wanted) = (shape::display(&out), shape::display(&wanted));
            let message = format!("parameters of shape {seen} do not fit `size` {wanted}");
            return Err(Fault::new(size.range, message).rule(Rule::ShapeMismatch));
        }
        out = wanted;
    }
    e.budget.shape(&out, range)?;
    Ok(out)
}

impl Each {
    pub(super) fn run(&self, e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
        let names: Vec<&str> = self.parameters.iter().map(|p| p.0).chain(["size"]).collect();
        let bound = call.bind_all(&names)?;
        let mut values = Vec::with_capacity(self.parameters.len());
        for ((name, default, range), argument) in self.parameters.iter().zip(&bound) {
            let Some(argument) = argument else {
                let Some(default) = default else {
                    call.required(None, name)?;
                    continue;
                };
                values.push(Value::from(*default));
                continue;
            };
            let value = e.known_value(argument, "a parameter of random numbers")?;
            range.check(name, value.as_data().map_or(&[], |x| x), argument.range)?;
            values.push(value);
        }
        let out = sized(e, bound.last().copied().flatten(), &values, call.range)?;
        self.fill(e, stream, &values, out, call.range)
    }

    /// Numbers of a shape that the parameters fit.
    pub(in crate::language::functions) fn fill(
        &self,
        e: &mut Evaluator<'_>,
        stream: Stream,
        parameters: &[Value],
        out: Vec<usize>,
        range: TextRange,
    ) -> Outcome<Item> {
        let count = shape::elements(&out);
        e.budget.work(count.saturating_mul(parameters.len() + 4), range)?;
        let wide: Vec<Value> = parameters.iter().map(|value| value.broadcast_to(&out)).collect();
        let columns: Vec<&[f64]> = wide.iter().filter_map(|value| value.as_data().map(|x| &**x)).collect();
        if columns.len() < parameters.len() {
            let shapes: Vec<String> = parameters.iter().map(|value| shape::display(value.shape())).collect();
            let (shapes, out) = (shapes.join(", "), shape::display(&out));
            let message = format!("parameters of shapes {shapes} do not fit draws of shape {out}");
            return Err(Fault::new(range, message).rule(Rule::ShapeMismatch));
        }
        let generator = e.generator(stream, range)?;
        let mut row = vec![0.0; columns.len()];
        let mut numbers = Vec::with_capacity(count);
        for k in 0..count {
            row.iter_mut().zip(&columns).for_each(|(x, column)| *x = column[k]);
            let number = (self.draw)(generator, &row);
            if number.is_nan() && row.iter().all(|x| !x.is_nan()) {
                let row: Vec<String> = row.iter().map(ToString::to_string).collect();
                return fault(range, format!("there are no draws with the parameters {}", row.join(", ")));
            }
            numbers.push(number);
        }
        Ok(Item::Number(Value::data(numbers, out, self.kind)))
    }
}
