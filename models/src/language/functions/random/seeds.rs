//! Generators and their seeds.

use ruff_text_size::TextRange;

use super::super::{RG, RL, Row, Run};
use super::Draw;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Stream};
use crate::language::item::{Item, Sequence};
use crate::language::random::{Generator, SeedSequence};

/// Largest whole number that is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Functions that make generators.
pub(super) const ROWS: &[Row] = &[
    ("default_rng", RL, Run::Call(default_rng)),
    ("Generator", RL, Run::Call(default_rng)),
    ("PCG64", RL, Run::Call(default_rng)),
    ("RandomState", RL, Run::Call(random_state)),
    ("seed", RL, Run::Draw(Draw::Call(seed))),
    ("spawn", RG, Run::Draw(Draw::Call(spawn))),
];

/// The whole numbers that a seed is made of; `None` for no seed.
fn numbers(e: &mut Evaluator<'_>, seed: Option<&Argument>) -> Outcome<Option<Vec<f64>>> {
    let Some(seed) = seed.filter(|seed| !matches!(seed.item, Item::None)) else {
        return Ok(None);
    };
    let value = e.known_value(seed, "a seed")?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if numbers.iter().any(|x| !(0.0..EXACT).contains(x) || x.fract() != 0.0) {
        return fault(seed.range, "a seed is made of whole numbers from 0 to 9007199254740991");
    }
    Ok(Some(numbers))
}

/// The generator of a seed, as `np.random.default_rng` makes it.
fn generator(e: &mut Evaluator<'_>, seed: Option<&Argument>) -> Outcome<Option<Generator>> {
    let Some(numbers) = numbers(e, seed)? else {
        return Ok(None);
    };
    let mut words = Vec::with_capacity(numbers.len());
    for number in numbers {
        let number = number as u64;
        words.push(number as u32);
        if number >> 32 > 0 {
            words.push((number >> 32) as u32);
        }
    }
    Ok(Some(Generator::new(SeedSequence::new(words))))
}

/// Elements that a generator counts as, and one of the older kind, which is made of many words.
const GENERATOR: usize = 50;
const MERSENNE: usize = 2_000;

/// `np.random.default_rng(seed)`
fn default_rng(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [seed] = call.bind(["seed"])?;
    if let Some(Argument { item: Item::Generator(stream), .. }) = seed {
        return Ok(Item::Generator(*stream));
    }
    e.budget.elements(GENERATOR, call.range)?;
    let generator = generator(e, seed)?;
    Ok(e.add_generator(generator))
}

/// The generator of a seed, as `np.random.seed` makes it.
fn legacy(e: &mut Evaluator<'_>, seed: Option<&Argument>, range: TextRange) -> Outcome<Option<Generator>> {
    let is_single = seed.is_some_and(|seed| seed.item.as_value().is_some_and(|value| value.len() == 1));
    let Some(numbers) = numbers(e, seed)? else {
        return Ok(None);
    };
    if numbers.iter().any(|x| *x > f64::from(u32::MAX)) {
        return fault(seed.map_or(range, |seed| seed.range), "this seed must be from 0 to 4294967295");
    }
    e.budget.elements(MERSENNE, range)?;
    let words: Vec<u32> = numbers.iter().map(|&x| x as u32).collect();
    match words.as_slice() {
        [] => fault(range, "a seed must not be empty"),
        [word] if is_single => Ok(Some(Generator::legacy(*word))),
        _ => Ok(Some(Generator::legacy_of(words))),
    }
}

/// `np.random.RandomState(seed)`
fn random_state(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [seed] = call.bind(["seed"])?;
    if let Some(Argument { item: Item::Generator(_), range }) = seed {
        return fault(*range, "a `RandomState` is made of a seed here, not of another generator");
    }
    let generator = legacy(e, seed, call.range)?;
    Ok(e.add_generator(generator))
}

/// `np.random.seed(seed)`
fn seed(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [seed] = call.bind(["seed"])?;
    let generator = legacy(e, seed, call.range)?;
    e.seed_generator(stream, generator);
    Ok(Item::None)
}

/// `rng.spawn(n)`
fn spawn(e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
    let [count] = call.bind(["n_children"])?;
    let count = call.required(count, "n_children")?;
    let count = e.integer(&count.item, "a number of generators", count.range)?;
    let mut children = Vec::new();
    for _ in 0..count {
        e.budget.elements(GENERATOR, call.range)?;
        let child = e.generator(stream, call.range)?.spawn();
        children.push(e.add_generator(child));
    }
    Ok(Item::List(Sequence::new(children, call.range)?))
}

/// The generator that `random_state=` or `random_seed=` of SciPy means: a seed, a generator, or that of `np.random`.
pub(in crate::language::functions) fn stream_of(
    e: &mut Evaluator<'_>,
    argument: Option<&Argument>,
    range: TextRange,
) -> Outcome<Stream> {
    match argument.filter(|argument| !matches!(argument.item, Item::None)) {
        None => Ok(Stream::GLOBAL),
        Some(Argument { item: Item::Generator(stream), .. }) => Ok(*stream),
        seed => {
            let generator = legacy(e, seed, range)?;
            match e.add_generator(generator) {
                Item::Generator(stream) => Ok(stream),
                _ => Ok(Stream::GLOBAL),
            }
        }
    }
}
