//! Distributions that the file writes: `pm.CustomDist` with a log density or a generating function.

use chainfire_engine::program::{Kind, Value, value::shape};

use super::variables::{Usage, named, observations, parameter, place, split};
use crate::distributions::CustomDist;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Arguments that only drawing or PyTensor's typing need.
const PASSED_OVER: &[&str] = &[
    "random",
    "logcdf",
    "support_point",
    "moment",
    "ndim_supp",
    "ndims_params",
    "signature",
    "dtype",
    "class_name",
];

/// `pm.CustomDist("name", *parameters, logp=function)`, or with `dist=function`.
pub(super) fn declare(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (name, parameters) = named(e, call)?;
    let (keywords, usage) = split(&call.keywords)?;
    let (mut density, mut generator) = (None, None);
    for (keyword, argument) in keywords {
        match keyword {
            _ if matches!(argument.item, Item::None) => {}
            "logp" => density = Some(argument),
            "dist" => generator = Some(argument),
            keyword if PASSED_OVER.contains(&keyword) => {}
            other => {
                let known = "logp=, dist=, random=, observed=, shape=, dims=";
                let text = format!("`{}` has no argument `{other}`; it takes parameters, {known}", call.name);
                return fault(argument.range, text);
            }
        }
    }
    match (density, generator) {
        (Some(density), None) => by_density(e, call, &name, parameters, density, &usage),
        (None, Some(generator)) => {
            let mut arguments = parameters.to_vec();
            arguments.push(Argument { item: Item::None, range: generator.range });
            match e.call_item(generator, arguments)? {
                Item::Component(distribution) => {
                    Ok(Item::Number(place(e, call, &name, distribution, &usage)?))
                }
                other => fault(
                    generator.range,
                    format!(
                        "the function must return a distribution, such as `pm.Normal.dist(mu, sigma, size=size)`, not \
                         {}; give the log density with `logp=`",
                        other.describe()
                    ),
                ),
            }
        }
        _ => fault(call.range, format!("`{}` needs one of `logp=` and `dist=`", call.name)),
    }
}

/// A variable whose log density is a function of the file, called with the variable's value and the parameters.
fn by_density(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    parameters: &[Argument],
    density: &Argument,
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
        let flat = CustomDist::new(Vec::new(), |x, _| Value::from(0.0).broadcast_to(x.shape()));
        let mut joint = Vec::new();
        for argument in parameters {
            let value = parameter(e, argument)?;
            joint = shape::broadcast(&joint, value.shape()).unwrap_or(joint);
        }
        let point = Value::data(vec![0.0; shape::elements(&joint)], joint, Kind::Float);
        let flat = flat.support(crate::distributions::Support::Real, point);
        let value = place(e, call, name, std::rc::Rc::new(flat), usage)?;
        arguments.push(Argument { item: Item::Number(value), range: call.range });
    }
    arguments.extend(parameters.iter().cloned());
    let item = e.call_item(density, arguments)?;
    let log_density = e.item_value(&item, density.range)?;
    if usage.observed.is_some() {
        let known = CustomDist::new(Vec::new(), move |_, _| log_density.clone());
        return Ok(Item::Number(place(e, call, name, std::rc::Rc::new(known), usage)?));
    }
    let scope = e.open_scope(&call.name, call.range)?;
    scope.add_density(name, log_density).map_err(|error| e.refused(call.range, error)).map(Item::Number)
}
