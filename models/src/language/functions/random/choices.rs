//! Choices: whole numbers, elements, orders, counts and proportions.

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::super::unique::Labels;
use super::super::{RG, RL, Row, Run};
use super::Draw;
use super::draws::sized;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Stream};
use crate::language::item::{Item, Sequence};

/// Functions that choose.
pub(super) const ROWS: &[Row] = &[
    ("integers", RG, Run::Draw(Draw::Call(integers))),
    ("randint", RL, Run::Draw(Draw::Call(integers))),
    ("choice", RL | RG, Run::Draw(Draw::Call(choice))),
    ("permutation", RL | RG, Run::Draw(Draw::Call(permutation))),
    ("permuted", RG, Run::Draw(Draw::Call(permuted))),
    ("multinomial", RL | RG, Run::Draw(Draw::Call(multinomial))),
    ("dirichlet", RL | RG, Run::Draw(Draw::Call(dirichlet))),
];

/// `rng.integers(low, high, size, endpoint=...)` and `np.random.randint(low, high, size)`
fn integers(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [low, high, size, dtype, endpoint] = call.bind(["low", "high", "size", "dtype", "endpoint"])?;
    if let Some(dtype) = dtype
        && e.kind(dtype)? != Kind::Int
    {
        return fault(dtype.range, "whole numbers are drawn as int64 here: leave `dtype` out");
    }
    let low = call.required(low, "low")?;
    let endpoint = endpoint.map_or(Ok(false), |endpoint| e.truth(&endpoint.item, endpoint.range))?;
    let (low, high) = match high.filter(|high| !matches!(high.item, Item::None)) {
        Some(high) => (e.known_value(low, "a bound")?, e.known_value(high, "a bound")?),
        None => (Value::from(0_i64), e.known_value(low, "a bound")?),
    };
    let bounds = [low, high];
    let out = sized(e, size, &bounds, call.range)?;
    let [low, high] = bounds.map(|bound| bound.broadcast_to(&out));
    let (Some(low), Some(high)) = (low.as_data(), high.as_data()) else {
        return fault(call.range, "the bounds must be known from the data");
    };
    let mut numbers = Vec::with_capacity(low.len());
    for (low, high) in low.iter().zip(high.iter()) {
        let (low, last) = (low.trunc(), if endpoint { high.trunc() } else { high.ceil() - 1.0 });
        if !(low <= last && low >= -9e15 && last <= 9e15) {
            return fault(call.range, format!("there is no whole number from {low} to {last}"));
        }
        numbers.push(low + e.generator(stream, call.range)?.bounded((last - low) as u64) as f64);
    }
    Ok(Item::Number(Value::data(numbers, out, Kind::Int)))
}

/// What is chosen from: the places below a number, or elements.
enum Population {
    Places(usize),
    Rows(Value),
    Labels(Labels),
    Items(Vec<Item>),
}

impl Population {
    fn new(e: &mut Evaluator<'_>, from: &Argument) -> Outcome<Self> {
        if let Item::List(items) | Item::Tuple(items) = &from.item {
            let texts = items.items().iter().filter(|item| matches!(item, Item::Text(_))).count();
            if texts > 0 && texts == items.items().len() {
                return Ok(Population::Labels(Labels::Texts(e.texts(from, "the elements")?.into())));
            }
            if items.items().iter().any(|item| item.as_value().is_none()) && texts == 0 {
                return Ok(Population::Items(items.items().to_vec()));
            }
        }
        if let Item::Texts(texts) = &from.item {
            return Ok(Population::Labels(Labels::Texts(texts.clone())));
        }
        let value = e.known_value(from, "what is chosen from")?;
        match (value.rank(), value.as_data().and_then(|x| x.first())) {
            (0, Some(&count)) => match (0.0..=1e9).contains(&count) && count.fract() == 0.0 {
                true => {
                    e.budget.elements(count as usize, from.range)?;
                    Ok(Population::Places(count as usize))
                }
                false => fault(from.range, "a number of places must be a whole number"),
            },
            _ => Ok(Population::Rows(value)),
        }
    }

    fn count(&self) -> usize {
        match self {
            Population::Places(count) => *count,
            Population::Rows(value) => value.shape().first().copied().unwrap_or(0),
            Population::Labels(labels) => labels.len(),
            Population::Items(items) => items.len(),
        }
    }

    /// The elements at some places, in an array of a shape; a single one where there is no shape.
    fn take(
        &self,
        e: &mut Evaluator<'_>,
        places: &[usize],
        out: Option<&[usize]>,
        range: TextRange,
    ) -> Outcome<Item> {
        let axes = out.unwrap_or(&[]);
        match self {
            Population::Places(_) => {
                let numbers: Vec<f64> = places.iter().map(|&k| k as f64).collect();
                Ok(Item::Number(Value::data(numbers, axes, Kind::Int)))
            }
            Population::Rows(value) => {
                let width = shape::elements(&value.shape()[1..]);
                let whole = [axes, &value.shape()[1..]].concat();
                e.budget.shape(&whole, range)?;
                let index = places.iter().flat_map(|&k| k * width..(k + 1) * width).map(|k| k as u32);
                Ok(Item::Number(e.finish_value(value.take(index.collect(), whole.clone()), range)?))
            }
            Population::Labels(labels) => match (out, labels.take(places)) {
                (None, Item::Texts(texts)) => Ok(texts.first().map_or(Item::None, Item::text)),
                (Some([_]), texts) => Ok(texts),
                _ => fault(range, "texts are chosen along one axis"),
            },
            Population::Items(items) => match out {
                None => Ok(places.first().map_or(Item::None, |&k| items[k].clone())),
                Some(_) => {
                    let kept = places.iter().map(|&k| items[k].clone()).collect();
                    Ok(Item::List(Sequence::new(kept, range)?))
                }
            },
        }
    }
}

/// `choice(a, size, replace, p)`
fn choice(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [from, size, replace, p, axis, shuffle] =
        call.bind(["a", "size", "replace", "p", "axis", "shuffle"])?;
    let from = call.required(from, "a")?;
    if let Some(axis) = axis
        && e.integer(&axis.item, "an axis", axis.range)? != 0
    {
        return fault(axis.range, "elements are chosen along the first axis: transpose before and after");
    }
    let population = Population::new(e, from)?;
    let count = population.count();
    let size = size.filter(|size| !matches!(size.item, Item::None));
    let out = size.map(|size| e.shape(size)).transpose()?;
    let many = out.as_deref().map_or(1, shape::elements);
    let replace = replace.map_or(Ok(true), |replace| e.truth(&replace.item, replace.range))?;
    let shuffle = shuffle.map_or(Ok(true), |shuffle| e.truth(&shuffle.item, shuffle.range))?;
    if many > 0 && count == 0 {
        return fault(from.range, "there is nothing to choose from");
    }
    if !replace && many > count {
        return fault(
            call.range,
            format!("{many} different elements cannot be chosen of {count}: leave `replace=False` out"),
        );
    }
    e.budget.work(many.saturating_add(count), call.range)?;
    let weights = match p.filter(|p| !matches!(p.item, Item::None)) {
        Some(p) => Some(weights(e, p, count, if replace { 0 } else { many })?),
        None => None,
    };
    let generator = e.generator(stream, call.range)?;
    let places = match (&weights, replace) {
        (Some(weights), true) => generator.weighted(weights, many),
        (Some(weights), false) => generator.weighted_subset(weights, many),
        (None, true) => (0..many).map(|_| generator.bounded(count as u64 - 1) as usize).collect(),
        (None, false) => generator.subset(count, many, shuffle),
    };
    population.take(e, &places, out.as_deref(), call.range)
}

/// Probabilities of elements, of which some number has to be possible.
fn weights(e: &mut Evaluator<'_>, p: &Argument, count: usize, possible: usize) -> Outcome<Vec<f64>> {
    let value = e.known_value(p, "probabilities")?;
    let weights = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if value.rank() != 1 || weights.len() != count {
        return fault(p.range, format!("{} probabilities for {count} elements", weights.len()));
    }
    let sum: f64 = weights.iter().sum();
    if weights.iter().any(|p| p.is_nan() || *p < 0.0) || (sum - 1.0).abs() > f64::EPSILON.sqrt() {
        return fault(p.range, format!("probabilities must be from 0 and sum to 1, not to {sum}"));
    }
    if weights.iter().filter(|p| **p > 0.0).count() < possible {
        return fault(p.range, "fewer elements have a probability above 0 than are chosen");
    }
    Ok(weights)
}

/// `permutation(x)`: numbers below `x`, or the elements of `x`, in an order drawn at random.
fn permutation(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [x] = call.bind(["x"])?;
    let population = Population::new(e, call.required(x, "x")?)?;
    let count = population.count();
    e.budget.work(count, call.range)?;
    let places = e.generator(stream, call.range)?.permutation(count);
    population.take(e, &places, Some(&[count]), call.range)
}

/// `rng.permuted(x)`: all the elements in an order drawn at random.
fn permuted(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [x] = call.bind(["x"])?;
    let value = e.known_value(call.required(x, "x")?, "what is shuffled")?;
    e.budget.work(value.len(), call.range)?;
    let places = e.generator(stream, call.range)?.permutation(value.len());
    let index = places.into_iter().map(|place| place as u32).collect();
    Ok(Item::Number(e.finish_value(value.take(index, value.shape().to_vec()), call.range)?))
}

/// What `shuffle(x)` makes of `x`.
pub(in crate::language) fn shuffled(e: &mut Evaluator<'_>, stream: Stream, x: &Argument) -> Outcome<Item> {
    let count = match &x.item {
        Item::List(items) => items.items().len(),
        Item::Number(value) | Item::Series(value) if value.rank() > 0 => value.shape()[0],
        Item::Texts(texts) => texts.len(),
        other => return fault(x.range, format!("{} cannot be shuffled", other.describe())),
    };
    e.budget.work(count, x.range)?;
    let places = e.generator(stream, x.range)?.permutation(count);
    match &x.item {
        Item::List(items) => {
            let items = places.iter().map(|&k| items.items()[k].clone()).collect();
            Ok(Item::List(Sequence::new(items, x.range)?))
        }
        _ => Population::new(e, x)?.take(e, &places, Some(&[count]), x.range),
    }
}

/// `multinomial(n, pvals, size)`
fn multinomial(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [n, p, size] = call.bind(["n", "pvals", "size"])?;
    let (n, p) = (call.required(n, "n")?, call.required(p, "pvals")?);
    let (counts, pvals) = (e.known_value(n, "a number of trials")?, e.known_value(p, "probabilities")?);
    let Some(&width) = pvals.shape().last().filter(|width| **width > 0) else {
        return fault(p.range, "`pvals` needs a probability for each category");
    };
    let probabilities = pvals.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let is_wrong = |row: &[f64]| {
        row.iter().any(|p| !(0.0..=1.0).contains(p)) || row[..width - 1].iter().sum::<f64>() > 1.0 + 1e-12
    };
    if probabilities.chunks(width).any(is_wrong) {
        return fault(p.range, "probabilities must be from 0 to 1 and sum to 1");
    }
    if counts.as_data().is_none_or(|x| x.iter().any(|n| !(0.0..=9e15).contains(n) || n.fract() != 0.0)) {
        return fault(n.range, "a number of trials must be a whole number from 0");
    }
    let rows = shape::elements(&pvals.shape()[..pvals.rank() - 1]);
    let row_numbers: Vec<f64> = (0..rows).map(|k| k as f64).collect();
    let row_numbers = Value::data(row_numbers, &pvals.shape()[..pvals.rank() - 1], Kind::Int);
    let parameters = [counts, row_numbers];
    let mut out = sized(e, size, &parameters, call.range)?;
    e.budget.elements(shape::elements(&out).saturating_mul(width), call.range)?;
    let [counts, row_numbers] = parameters.map(|value| value.broadcast_to(&out));
    let (Some(counts), Some(row_numbers)) = (counts.as_data(), row_numbers.as_data()) else {
        return fault(call.range, "the parameters must be known from the data");
    };
    let generator = e.generator(stream, call.range)?;
    let mut numbers = Vec::new();
    for (&n, &row) in counts.iter().zip(row_numbers.iter()) {
        let row = row as usize * width;
        numbers.extend(generator.multinomial(n, &probabilities[row..row + width]));
    }
    out.push(width);
    Ok(Item::Number(Value::data(numbers, out, Kind::Int)))
}

/// `dirichlet(alpha, size)`
fn dirichlet(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [alpha, size] = call.bind(["alpha", "size"])?;
    let alpha = call.required(alpha, "alpha")?;
    let value = e.known_value(alpha, "concentrations")?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if value.rank() != 1 || numbers.iter().any(|a| a.is_nan() || *a <= 0.0) {
        return fault(alpha.range, "`alpha` must be a vector of numbers above 0");
    }
    let mut out = sized(e, size, &[], call.range)?;
    let many = shape::elements(&out);
    out.push(numbers.len());
    e.budget.shape(&out, call.range)?;
    let generator = e.generator(stream, call.range)?;
    let drawn: Vec<f64> = (0..many).flat_map(|_| generator.dirichlet(&numbers)).collect();
    Ok(Item::Number(Value::data(drawn, out, Kind::Float)))
}
