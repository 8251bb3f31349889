//! Arrays of draws: joined, split, indexed, and with their axes in another order.
//!
//! What only arranges numbers is run on the numbers of the places, which tells where each number of the draw goes.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/tensor.py`, `pymc/logprob/mixture.py`

use std::rc::Rc;

use chainfire_engine::program::value::{Subscript, shape};
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::Module;
use super::derived::{Draw, USED_TWICE, axis_of, draw_of, made, shape_of};
use crate::distributions::derived::share_a_draw;
use crate::distributions::{DiracDelta, Events, Joined, Mixture, Part, Support, density_anywhere};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// What only arranges the numbers of an array.
const ARRANGING: &[&str] = &[
    "reshape",
    "flatten",
    "ravel",
    "transpose",
    "swapaxes",
    "moveaxis",
    "expand_dims",
    "squeeze",
    "specify_shape",
    "split",
];

/// The function of a module where it arranges or joins draws; `None` where it does something else.
pub(super) fn function(
    e: &mut Evaluator<'_>,
    module: Module,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    Ok(Some(match name {
        "stack" => join(e, call, true)?,
        "concatenate" => join(e, call, false)?,
        "join" => join(e, &super::rearrange::axis_last(call)?, false)?,
        "as_tensor" | "as_tensor_variable" => match &call.positional[..] {
            [Argument { item: item @ Item::Component(_), .. }, ..] => item.clone(),
            _ => join(e, call, true)?,
        },
        _ if ARRANGING.contains(&name) => arranged(e, module, name, call)?,
        _ => return Ok(None),
    }))
}

fn join(e: &mut Evaluator<'_>, call: &Call, is_stack: bool) -> Outcome<Item> {
    let [parts, axis] = call.bind(["arrays", "axis"])?;
    let parts = call.required(parts, "arrays")?;
    let mut draws: Vec<Draw> = Vec::new();
    for item in e.iterate(&parts.item, parts.range)? {
        draws.push(match &item {
            Item::Component(draw) => draw.clone(),
            other => Rc::new(DiracDelta::new(e.item_value(other, parts.range)?)),
        });
    }
    if share_a_draw(&draws) {
        return fault(call.range, "one draw stands in several places of the array: a draw may be used once");
    }
    let rank = match draws.first() {
        Some(first) => shape_of(first, call.range)?.len() + usize::from(is_stack),
        None => 0,
    };
    let axis = axis_of(e, axis, rank)?.unwrap_or(0);
    made(if is_stack { Joined::stacked(draws, axis) } else { Joined::concatenated(draws, axis) }, call.range)
}

/// One of several draws of one shape, the one that a draw of a whole number names.
pub(super) fn mixture(index: &Draw, parts: Vec<Draw>, range: TextRange) -> Outcome<Item> {
    let is_whole = parts.iter().filter(|part| part.support().is_discrete()).count();
    if is_whole != 0 && is_whole != parts.len() {
        return fault(range, "the draws that are chosen between must be all discrete or all continuous");
    }
    let whole = shape_of(index, range)?;
    let weight = |k: usize| density_anywhere(&**index, &Value::from(k as f64)).exp().broadcast_to(&whole);
    let weights: Vec<Value> = (0..parts.len()).map(weight).collect();
    let weights = Value::stack(&weights, whole.len());
    match weights.error() {
        Some(error) => fault(range, error.to_string()),
        None => Ok(Item::Component(Rc::new(Mixture::new(weights, parts)))),
    }
}

/// The elements of a draw that a drawn index names: `choose` gives, of an array of their numbers, those that an index
/// gives.
pub(in crate::language) fn indexed(
    e: &mut Evaluator<'_>,
    draw: &Draw,
    index: &Draw,
    range: TextRange,
    mut choose: impl FnMut(&mut Evaluator<'_>, &Value, Subscript) -> Outcome<Value>,
) -> Outcome<Item> {
    let most = match index.support() {
        Support::Binary => Some(1.0),
        Support::IntegerUpTo(most) => most.as_data().map(|most| most.iter().copied().fold(0.0, f64::max)),
        _ => None,
    };
    let Some(most) = most.filter(|_| index.event_rank() == 0 && draw.event_rank() == 0) else {
        return fault(
            range,
            "an index that is drawn must be of pm.Bernoulli or pm.Categorical, and of numbers",
        );
    };
    if share_a_draw(&[draw.clone(), index.clone()]) {
        return fault(range, USED_TWICE);
    }
    let (whole, shape) = (shape_of(draw, range)?, shape_of(index, range)?);
    let (count, size) = (shape::elements(&whole), shape::elements(&shape));
    e.budget.elements(count.saturating_add(size).saturating_mul(most as usize + 1), range)?;
    let numbers = Value::data((0..count).map(|i| i as f64).collect::<Vec<_>>(), whole.clone(), Kind::Int);
    let mut taken = std::collections::HashMap::new();
    let mut parts: Vec<Draw> = Vec::new();
    for k in 0..=most as usize {
        let same = match shape[..] {
            [] => Subscript::At(k as i64),
            _ => Subscript::Array(Value::data(vec![k as f64; size], shape.clone(), Kind::Int)),
        };
        let chosen = choose(e, &numbers, same)?;
        let places: Vec<u32> =
            chosen.as_data().map(|n| n.iter().map(|&i| i as u32).collect()).unwrap_or_default();
        let is_own = |(i, &place): (usize, &u32)| *taken.entry(place).or_insert(i) == i;
        if chosen.shape() != shape || !places.iter().enumerate().all(is_own) {
            return fault(
                range,
                format!(
                    "an index of shape {} names elements of shape {}; every number of the result needs an index of its \
                     own, such as `draws[index, np.arange(n)]`",
                    shape::display(&shape),
                    shape::display(chosen.shape())
                ),
            );
        }
        parts.push(Rc::new(Part::new(draw.clone(), whole.clone(), places).seen_as(shape.clone())));
    }
    mixture(index, parts, range)
}

/// What a function makes of an array of the draw's numbers, as far as it takes each number once.
pub(in crate::language) fn rearranged(
    e: &mut Evaluator<'_>,
    draw: &Draw,
    range: TextRange,
    run: impl FnOnce(&mut Evaluator<'_>, Value) -> Outcome<Item>,
) -> Outcome<Item> {
    let whole = shape_of(draw, range)?;
    let count = shape::elements(&whole);
    e.budget.elements(count, range)?;
    let numbers: Vec<f64> = (0..count).map(|i| i as f64).collect();
    let item = run(e, Value::data(numbers, whole.clone(), Kind::Int))?;
    let Item::List(parts) = &item else { return part(e, draw, &whole, &item, range) };
    let parts: Outcome<Vec<Item>> =
        parts.items().iter().map(|item| part(e, draw, &whole, item, range)).collect();
    Ok(Item::List(Sequence::new(parts?, range)?))
}

/// The draw's numbers at the places that an array has.
fn part(
    e: &mut Evaluator<'_>,
    draw: &Draw,
    whole: &[usize],
    places: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let chosen = e.item_value(places, range)?;
    let places: Vec<u32> =
        chosen.as_data().map(|n| n.iter().map(|&i| i as u32).collect()).unwrap_or_default();
    let mut once = std::collections::HashSet::new();
    if places.len() != chosen.len() || !places.iter().all(|place| once.insert(*place)) {
        return fault(range, "one number of a draw stands in several places: a number may be used once");
    }
    let shape = chosen.shape().to_vec();
    if draw.event_rank() == 0 {
        return Ok(Item::Component(Rc::new(Part::new(draw.clone(), whole.to_vec(), places).seen_as(shape))));
    }
    match Events::new(draw.clone(), whole.to_vec(), places, shape) {
        Some(events) => Ok(Item::Component(Rc::new(events))),
        None => fault(
            range,
            format!("of a draw of {}, some numbers alone have no density: take whole draws", draw.name()),
        ),
    }
}

/// The items of an array of draws along its first axis.
pub(in crate::language) fn items(e: &mut Evaluator<'_>, draw: &Draw, range: TextRange) -> Outcome<Vec<Item>> {
    let Some(&count) = shape_of(draw, range)?.first() else {
        return fault(range, format!("cannot loop over one draw of {}", draw.name()));
    };
    let row = |e: &mut Evaluator<'_>, k: usize| {
        rearranged(e, draw, range, |_, numbers| Ok(Item::Number(numbers.index(&[Subscript::At(k as i64)]))))
    };
    (0..count).map(|k| row(e, k)).collect()
}

fn arranged(e: &mut Evaluator<'_>, module: Module, name: &str, call: &Call) -> Outcome<Item> {
    let draw = draw_of(call)?;
    // The methods of draws are those of arrays.
    let (module, name) = if name == "flatten" { (Module::NumPy, "ravel") } else { (module, name) };
    let module = if module == Module::Tensor && name == "ravel" { Module::NumPy } else { module };
    rearranged(e, &draw, call.range, |e, numbers| {
        let mut again = call.nothing();
        again.positional = call.positional.clone();
        again.keywords = call.keywords.clone();
        again.positional[0].item = Item::Number(numbers);
        match module.member(name, call.range)? {
            Item::Function(function) => function.run(e, &again),
            _ => fault(call.range, format!("`{name}` is no function")),
        }
    })
}
