//! Distributions without a name: parts of other distributions, and densities at a value.

use std::rc::Rc;

use chainfire_engine::program::{Value, value::shape};

use super::families::quantile_work;
use super::variables::{make, parameter, split};
use crate::Distribution;
use crate::distributions::{Entry, Shaped, log_probability_anywhere, possible_density, quantiles};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// `pm.Normal.dist(0, 1)`
pub(in crate::language) fn component(
    e: &mut Evaluator<'_>,
    entry: &'static Entry,
    call: &Call,
) -> Outcome<Item> {
    let (keywords, usage) = split(&call.keywords)?;
    if let Some(observed) = usage.observed {
        return fault(observed.range, "a distribution without a name has no observed data");
    }
    if let Some((_, method)) = keywords.iter().find(|(name, _)| *name == "method" && entry.name == "MvNormal")
        && !matches!(&method.item, Item::Text(text) if &**text == "cholesky")
    {
        return fault(
            method.range,
            "draws by \"svd\" and \"eigh\" depend on how the linear algebra library works: leave `method` out, or put \
             the data in the data file",
        );
    }
    let distribution = make(e, entry, call, None, &call.positional, &keywords)?;
    let shape = usage.shape_of(e, &*distribution)?;
    Ok(Item::Component(match shape {
        Some(shape) => Rc::new(Shaped::new(distribution, shape)),
        None => distribution,
    }))
}

/// The distribution that an argument is, or that of the variable that it is.
fn distribution_of(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Rc<dyn Distribution>> {
    let found = match &argument.item {
        Item::Component(distribution) => Some(distribution.clone()),
        Item::Number(value) => {
            let name = e.scope().name_of(value).map(str::to_owned);
            if let Some(name) = name.filter(|name| e.made.scored.contains(name)) {
                let message = format!(
                    "the density of `{name}` is a function of the file, and is known at its own value alone: call the \
                     function with the value, or name a `pm.CustomDist.dist(...)`"
                );
                return Err(Fault::new(argument.range, message));
            }
            e.scope().distribution_of(value)
        }
        _ => None,
    };
    found.ok_or_else(|| {
        let seen = argument.item.describe();
        let message =
            format!("a distribution such as `pm.Normal.dist(0, 1)` or a variable is needed here, not {seen}");
        Fault::new(argument.range, message).rule(Rule::DistributionNeeded)
    })
}

/// `pm.logp(pm.Normal.dist(0, 1), x)`
pub(super) fn log_density(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [distribution, x] = call.bind(["rv", "value"])?;
    let distribution = distribution_of(e, call.required(distribution, "rv")?)?;
    let x = parameter(e, call.required(x, "value")?)?;
    Ok(Item::Number(e.finish_value(possible_density(&*distribution, &x), call.range)?))
}

/// `pm.logcdf(pm.Normal.dist(0, 1), x)`, and `pm.logccdf` for what lies above.
pub(super) fn log_probability(e: &mut Evaluator<'_>, call: &Call, below: bool) -> Outcome<Item> {
    let [distribution, x] = call.bind(["rv", "value"])?;
    let distribution = distribution_of(e, call.required(distribution, "rv")?)?;
    let x = parameter(e, call.required(x, "value")?)?;
    match log_probability_anywhere(&*distribution, &x, below) {
        Some(value) => Ok(Item::Number(e.finish_value(value, call.range)?)),
        None => fault(
            call.range,
            format!("the distribution function of {} is not supported yet", distribution.name()),
        ),
    }
}

/// `pm.icdf(pm.Normal.dist(0, 1), p)`: in closed form, else by halving, of parameters that are known.
pub(super) fn quantile(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [distribution, share] = call.bind(["rv", "value"])?;
    let distribution = distribution_of(e, call.required(distribution, "rv")?)?;
    let share = parameter(e, call.required(share, "value")?)?;
    if share.as_data().is_some_and(|shares| shares.iter().any(|share| !(0.0..=1.0).contains(share))) {
        return fault(call.range, "quantiles are of probabilities, which lie between 0 and 1");
    }
    if let Some(value) = distribution.quantile(&share) {
        return Ok(Item::Number(e.finish_value(value, call.range)?));
    }
    let name = distribution.name();
    let is_known =
        !share.is_random() && !distribution.parameters().iter().any(|(_, value)| value.is_random());
    if !is_known || distribution.event_rank() > 0 {
        return fault(
            call.range,
            format!(
                "the quantiles of {name} have no closed form here: they are for parameters that are known"
            ),
        );
    }
    let own = distribution.shape().or_else(|error| fault(call.range, error.to_string()))?;
    let Some(out) = shape::broadcast(&own, share.shape()) else {
        let (a, b) = (shape::display(&own), shape::display(share.shape()));
        let message = format!("probabilities of shape {b} and parameters of shape {a} do not fit together");
        return Err(Fault::new(call.range, message).rule(Rule::ShapeMismatch));
    };
    e.budget.shape(&out, call.range)?;
    e.budget.work(quantile_work(shape::elements(&out)), call.range)?;
    match quantiles(&*distribution, &share, &out) {
        Some(value) => Ok(Item::Number(e.finish_value(value, call.range)?)),
        None => fault(call.range, format!("the distribution function of {name} is not supported yet")),
    }
}

/// `support_point(pm.Normal.dist(0, 1))`: where a variable of the distribution would start.
pub(super) fn support_point(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [distribution] = call.bind(["rv"])?;
    let distribution = distribution_of(e, call.required(distribution, "rv")?)?;
    let whole = distribution.shape().or_else(|error| fault(call.range, error.to_string()))?;
    e.budget.shape(&whole, call.range)?;
    Ok(Item::Number(e.finish_value(distribution.typical(&whole).broadcast_to(&whole), call.range)?))
}

/// `check_parameters(x, condition, ..., msg="")`: `x` where the conditions hold, else minus infinity.
pub(super) fn check_parameters(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((x, conditions)) = call.positional.split_first() else {
        return fault(call.range, format!("`{}` needs an expression and conditions", call.name));
    };
    if let Some((name, argument)) = call.keywords.iter().find(|(name, _)| name != "msg") {
        return fault(argument.range, format!("`{}` has no argument `{name}`", call.name));
    }
    let mut value = e.value(x)?;
    for condition in conditions {
        let holds = e.value(condition)?;
        value = e.finish_value(holds.select(&value, &Value::from(f64::NEG_INFINITY)), condition.range)?;
    }
    Ok(Item::Number(value))
}
