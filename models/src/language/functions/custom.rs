//! Distributions that the file writes: `pm.CustomDist` with a log density or a generating function.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, value::shape};

use super::pymc::whole;
use super::variables::{Usage, named, observations, parameter, place, split};
use super::written_densities;
use crate::Distribution;
use crate::distributions::{CustomDist, Map, Mapped, Shaped, Stream, Support};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Turns};
use crate::language::item::Item;
use crate::language::random::{Generator, SeedSequence};

/// Arguments that say nothing of the density.
const PASSED_OVER: &[&str] = &["ndim_supp", "ndims_params", "signature", "dtype", "class_name"];

/// The functions that a call of `pm.CustomDist` gives.
#[derive(Default)]
pub(super) struct Functions<'c> {
    density: Option<&'c Argument>,
    pub(super) below: Option<&'c Argument>,
    generator: Option<&'c Argument>,
    draw: Option<&'c Argument>,
    pub(super) start: Option<&'c Argument>,
}

impl<'c> Functions<'c> {
    fn of(call: &Call, keywords: &[(&str, &'c Argument)]) -> Outcome<Self> {
        let mut functions = Self::default();
        for &(keyword, argument) in keywords {
            let place = match keyword {
                _ if matches!(argument.item, Item::None) => continue,
                "logp" => &mut functions.density,
                "logcdf" => &mut functions.below,
                "dist" => &mut functions.generator,
                "random" => &mut functions.draw,
                "support_point" | "moment" => &mut functions.start,
                keyword if PASSED_OVER.contains(&keyword) => continue,
                other => {
                    let known = "logp=, logcdf=, dist=, random=, support_point=, observed=, shape=, dims=";
                    let text =
                        format!("`{}` has no argument `{other}`; it takes parameters, {known}", call.name);
                    return fault(argument.range, text);
                }
            };
            *place = Some(argument);
        }
        Ok(functions)
    }
}

/// `pm.CustomDist("name", *parameters, logp=function)`, or with `dist=function`.
pub(super) fn declare(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (name, parameters) = named(e, call)?;
    let (keywords, usage) = split(&call.keywords)?;
    let functions = Functions::of(call, &keywords)?;
    match (functions.density, functions.generator) {
        (Some(density), _) => by_density(e, call, &name, parameters, density, &functions, &usage),
        (None, Some(generator)) => {
            let axes = draw_axes(e, call)?;
            by_generator(e, call, &name, parameters, generator, &usage, axes)
        }
        (None, None) => neither(call),
    }
}

fn neither(call: &Call) -> Outcome<Item> {
    fault(call.range, format!("`{}` needs one of `logp=` and `dist=`", call.name))
}

/// `pm.CustomDist.dist(*parameters, dist=function)`, the distribution that the function makes, or that with the density
/// `logp=`.
pub(super) fn component(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (keywords, usage) = split(&call.keywords)?;
    let functions = Functions::of(call, &keywords)?;
    let axes = draw_axes(e, call)?;
    let generator = match (functions.density, functions.generator) {
        (Some(density), _) => {
            let made = written_densities::distribution(e, call, density, &functions, &usage, axes)?;
            return Ok(Item::Component(Rc::new(made)));
        }
        (None, Some(generator)) => generator,
        (None, None) => return neither(call),
    };
    let mut arguments = call.positional.clone();
    arguments.push(Argument { item: size(e, &usage, axes)?, range: generator.range });
    match e.call_item(generator, arguments)? {
        Item::Component(draw) => Ok(Item::Component(match usage.shape_of(e, &*draw)? {
            Some(shape) if draw.shape().is_ok_and(|own| own != shape) => Rc::new(Shaped::new(draw, shape)),
            _ => draw,
        })),
        other => {
            let seen = other.describe();
            fault(generator.range, format!("the function must return a distribution, not {seen}"))
        }
    }
}

/// Axes of one draw, as `ndim_supp=2` or `signature="(),(n)->(n)"` say.
fn draw_axes(e: &mut Evaluator<'_>, call: &Call) -> Outcome<usize> {
    for (keyword, argument) in &call.keywords {
        match (keyword.as_str(), &argument.item) {
            (_, Item::None) => {}
            ("ndim_supp", _) => return whole(e, argument, "ndim_supp"),
            ("signature", _) => {
                let draw =
                    written_densities::signature(call).map(|(_, draw)| written_densities::groups(draw));
                return Ok(draw.and_then(|mut groups| groups.pop()).map_or(0, |axes| axes.len()));
            }
            _ => {}
        }
    }
    Ok(0)
}

/// The `size` that the generating function is called with: the variable's shape less the axes of one draw.
fn size(e: &mut Evaluator<'_>, usage: &Usage<'_>, axes: usize) -> Outcome<Item> {
    let Some((whole, axes)) = usage.shape_before(e, axes)? else { return Ok(Item::None) };
    let batch = &whole[..whole.len().saturating_sub(axes)];
    let numbers: Vec<f64> = batch.iter().map(|&n| n as f64).collect();
    Ok(Item::Number(Value::data(numbers, vec![batch.len()], Kind::Int)))
}

/// A variable that a function of the file generates; its log density is derived from that of the draws there.
fn by_generator(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    parameters: &[Argument],
    generator: &Argument,
    usage: &Usage<'_>,
    axes: usize,
) -> Outcome<Item> {
    let range = generator.range;
    let mut arguments = parameters.to_vec();
    arguments.push(Argument { item: size(e, usage, axes)?, range });
    let outer = std::mem::replace(&mut e.turns, Turns::Typical(false));
    let typical = e.call_item(generator, arguments.clone());
    let turns = std::mem::replace(&mut e.turns, outer);
    match (typical?, turns) {
        (Item::Component(draw), _) if usage.observed.is_some() => {
            Ok(Item::Number(place(e, call, name, draw, usage)?))
        }
        (Item::Component(draw), _) => {
            // PyMC gives such variables no transform: outside of its support the density is zero.
            let anywhere = Mapped::new(draw, Map::Shift(Value::from(0_i64)));
            let anywhere = anywhere.or_else(|error| fault(range, error.to_string()))?;
            Ok(Item::Number(place(e, call, name, Rc::new(anywhere), usage)?))
        }
        (Item::Number(typical), Turns::Typical(true)) => {
            let value = match usage.observed {
                Some(observed) => observations(e, name, observed)?,
                None => {
                    let shape = typical.shape().to_vec();
                    place(e, call, name, flat(typical, shape), usage)?
                }
            };
            let outer = std::mem::replace(&mut e.turns, Turns::Given(value));
            let given = e.call_item(generator, arguments);
            e.turns = outer;
            match given? {
                Item::Looped(density) => scored(e, call, name, density, usage),
                other => fault(
                    range,
                    format!("the function must return what the loop draws, not {}", other.describe()),
                ),
            }
        }
        (other, _) => fault(
            range,
            format!(
                "the function must return a distribution, such as `pm.Normal.dist(mu, sigma, size=size)`, not {}; give \
                 the log density with `logp=`",
                other.describe()
            ),
        ),
    }
}

/// A distribution of a shape without a density of its own, around a typical value.
pub(super) fn flat(point: Value, shape: Vec<usize>) -> Rc<dyn Distribution> {
    let flat = CustomDist::new(Vec::new(), |x, _| Value::from(0.0).broadcast_to(x.shape()));
    Rc::new(Shaped::new(Rc::new(flat.support(Support::Real, point)), shape))
}

/// The variable whose value the log density is of: observed, or declared before.
pub(super) fn scored(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    log_density: Value,
    usage: &Usage<'_>,
) -> Outcome<Item> {
    e.made.scored.insert(name.to_owned());
    if usage.observed.is_some() {
        let known = CustomDist::new(Vec::new(), move |_, _| log_density.clone());
        return Ok(Item::Number(place(e, call, name, Rc::new(known), usage)?));
    }
    let scope = e.open_scope(&call.name, call.range)?;
    scope.add_density(name, log_density).map_err(|error| e.refused(call.range, error)).map(Item::Number)
}

/// A variable whose log density is a function of the file, called with the variable's value and the parameters.
fn by_density(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    parameters: &[Argument],
    density: &Argument,
    functions: &Functions<'_>,
    usage: &Usage<'_>,
) -> Outcome<Item> {
    let mut arguments = vec![];
    if let Some(observed) = usage.observed {
        let value = observations(e, name, observed)?;
        e.complete(&value, observed.range)?;
        let item = Item::Number(value);
        arguments.push(Argument { item, range: observed.range });
    } else {
        // The value comes first, for the function to be called with; its density is added to a constant.
        let mut joint = Vec::new();
        for argument in parameters {
            let value = parameter(e, argument)?;
            joint = shape::broadcast(&joint, value.shape()).unwrap_or(joint);
        }
        let point = match functions.start {
            Some(start) => typical(e, start, parameters, usage, 0)?,
            None => Value::data(vec![0.0; shape::elements(&joint)], joint.clone(), Kind::Float),
        };
        let joint = shape::broadcast(&joint, point.shape()).unwrap_or(joint);
        if let Some(draw) = functions.draw
            && let Some(stream) = e.open_scope(&call.name, call.range)?.prior_stream()
        {
            let drawn = drawn(e, draw, parameters, usage, &joint, stream)?;
            return Ok(Item::Number(place(e, call, name, drawn, usage)?));
        }
        let value = place(e, call, name, flat(point, joint), usage)?;
        arguments.push(Argument { item: Item::Number(value), range: call.range });
    }
    arguments.extend(parameters.iter().cloned());
    let item = e.call_item(density, arguments)?;
    let log_density = e.item_value(&item, density.range)?;
    scored(e, call, name, log_density, usage)
}

/// What `support_point=` makes of a size and the parameters.
pub(super) fn typical(
    e: &mut Evaluator<'_>,
    start: &Argument,
    parameters: &[Argument],
    usage: &Usage<'_>,
    axes: usize,
) -> Outcome<Value> {
    let size = size(e, usage, axes)?;
    let given = [Item::None, size].into_iter().map(|item| Argument { item, range: start.range });
    let item = e.call_item(start, given.chain(parameters.iter().cloned()).collect())?;
    e.item_value(&item, start.range)
}

/// What `random=` makes of the parameters, a generator and a size, as the distribution of what is known.
fn drawn(
    e: &mut Evaluator<'_>,
    draw: &Argument,
    parameters: &[Argument],
    usage: &Usage<'_>,
    joint: &[usize],
    mut stream: Stream,
) -> Outcome<Rc<dyn Distribution>> {
    let range = draw.range;
    let shape = usage.shape_before(e, 0)?.map_or(joint.to_vec(), |(shape, _)| shape);
    let sizes: Vec<f64> = shape.iter().map(|&n| n as f64).collect();
    let size = Item::Number(Value::data(sizes, vec![shape.len()], Kind::Int));
    let generator = e.add_generator(Some(Generator::new(SeedSequence::new(stream.words().to_vec()))));
    // What was drawn before is known here.
    let mut arguments = Vec::with_capacity(parameters.len() + 2);
    for argument in parameters {
        let value = parameter(e, argument)?;
        let numbers = value.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default();
        let item = Item::Number(Value::data(numbers, value.shape(), value.kind()));
        arguments.push(Argument { item, range: argument.range });
    }
    arguments.extend([generator, size].map(|item| Argument { item, range }));
    let made = e.call_item(draw, arguments)?;
    let made = e.item_value(&made, range)?.broadcast_to(&shape);
    Ok(known(&e.finish_value(made, range)?))
}

/// The distribution of one array, which is known: its density is of no use.
pub(super) fn known(value: &Value) -> Rc<dyn Distribution> {
    let numbers = value.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let known = CustomDist::new(Vec::new(), |x, _| Value::from(0.0).broadcast_to(x.shape()));
    let known = known.draws(Rc::new(move |_, _, _| Ok(numbers.clone())));
    Rc::new(Shaped::new(Rc::new(known), value.shape().to_vec()))
}
