//! `pm.EulerMaruyama`: a stochastic differential equation whose drift and diffusion are a function of the file.
//!
//! ```text
//! f, g = sde_fn(x[..., :-1], *sde_pars)
//! log p(x) = log init(x[..., 0]) + sum over t of log N(x[..., t + 1]; x[..., t] + dt f[..., t], sqrt(dt) g[..., t])
//! ```
//!
//! # References
//! - PyMC 5.28, `pymc/distributions/timeseries.py` (parameters get an axis for time)

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::custom::{flat, known, scored};
use super::variables::{named, observations, parameter, place, split};
use crate::Distribution;
use crate::distributions::{EulerMaruyama, Normal, Stream};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// `pm.EulerMaruyama("name", dt, sde_fn, sde_pars, init_dist=..., steps=...)`
pub(super) fn declare(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (name, positional) = named(e, call)?;
    let (keywords, usage) = split(&call.keywords)?;
    let names = ["dt", "sde_fn", "sde_pars", "init_dist", "steps"];
    if let Some((other, argument)) = keywords.iter().find(|(keyword, _)| !names.contains(keyword)) {
        let known = names.join(", ");
        return fault(argument.range, format!("`{}` has no argument `{other}`; it takes {known}", call.name));
    }
    let given = |k: usize| {
        let by_name =
            keywords.iter().find(|(keyword, _)| *keyword == names[k]).map(|(_, argument)| *argument);
        let found = by_name.or_else(|| positional.get(k).filter(|_| k < 3));
        found.filter(|argument| !matches!(argument.item, Item::None))
    };
    let [dt, sde] = [call.required(given(0), "dt")?, call.required(given(1), "sde_fn")?];
    let dt = parameter(e, dt)?;
    let pars = match given(2) {
        None => Vec::new(),
        Some(pars) => {
            let items = e.iterate(&pars.item, pars.range)?;
            let values = items.iter().map(|item| e.item_value(item, pars.range));
            values.collect::<Outcome<Vec<_>>>()?
        }
    };
    let init: Rc<dyn Distribution> = match given(3) {
        None => Rc::new(Normal::new(0.0, 100.0)),
        Some(Argument { item: Item::Component(init), .. }) if init.event_rank() == 0 => init.clone(),
        Some(other) => {
            let text = "`init_dist` is a distribution of numbers, such as `pm.Normal.dist(0, 1)`";
            return fault(other.range, text);
        }
    };
    let steps = match given(4) {
        None => None,
        Some(steps) => match usize::try_from(e.integer(&steps.item, "`steps`", steps.range)?) {
            Ok(count) => Some(count),
            Err(_) => return fault(steps.range, "`steps` must be 0 or more"),
        },
    };
    if steps.is_none() && usage.shape_before(e, 1)?.is_none() {
        let text = "EulerMaruyama: Must specify steps or shape parameter";
        return Err(Fault::new(call.range, text)
            .rule(Rule::LengthNeeded)
            .fix("shape=..., or dims=...")
            .fatal());
    }
    let value = match usage.observed {
        Some(observed) => {
            let value = observations(e, &name, observed)?;
            e.complete(&value, observed.range)?;
            value
        }
        None => {
            let point = init.support_point();
            let batch = batch(&pars, &[&dt, &point]).or_else(|error| fault(call.range, error.to_string()))?;
            let whole = [&batch[..], &[steps.map_or(1, |steps| steps + 1)]].concat();
            e.budget.elements(shape::elements(&whole), call.range)?;
            if let Some(stream) = e.open_scope(&call.name, call.range)?.prior_stream() {
                let whole = match usage.shape_before(e, 1)? {
                    Some((batch, 0)) => [&batch[..], &whole[whole.len() - 1..]].concat(),
                    Some((whole, _)) => whole,
                    None => whole,
                };
                let path = drawn(e, sde, &dt, &pars, &*init, whole, stream)?;
                return Ok(Item::Number(place(e, call, &name, path, &usage)?));
            }
            let point = over_time(&point).broadcast_to(&whole);
            place(e, call, &name, flat(point, whole), &usage)?
        }
    };
    if value.rank() == 0 {
        return fault(call.range, "`pm.EulerMaruyama` needs a last axis for time");
    }
    let log_density = log_density(e, sde, &value, &dt, &pars, init)?;
    scored(e, call, &name, log_density, &usage)
}

/// Steps from a draw of `init`, as the distribution of what is known.
fn drawn(
    e: &mut Evaluator<'_>,
    sde: &Argument,
    dt: &Value,
    pars: &[Value],
    init: &dyn Distribution,
    whole: Vec<usize>,
    mut stream: Stream,
) -> Outcome<Rc<dyn Distribution>> {
    let range = sde.range;
    let Some((&length, batch)) = whole.split_last() else {
        return fault(range, "`pm.EulerMaruyama` needs a last axis for time");
    };
    let one = [batch, &[1]].concat();
    let first = init.draw(batch, &mut stream).or_else(|error| fault(range, error.to_string()))?;
    let noise = Normal::new(0.0, 1.0);
    let mut path = vec![Value::at_point(first, &*one)];
    for k in 1..length {
        let now = &path[k - 1];
        let (drift, diffusion) = coefficients(e, sde, now.clone(), pars)?;
        let steps = noise.draw(&one, &mut stream).or_else(|error| fault(range, error.to_string()))?;
        let next = now + drift * dt + diffusion * dt.sqrt() * Value::at_point(steps, &*one);
        path.push(e.finish_value(next.broadcast_to(&one), range)?);
    }
    Ok(known(&Value::concatenate(&path, batch.len())))
}

/// A parameter of every series, with an axis for time.
fn over_time(parameter: &Value) -> Value {
    parameter.reshape(&[parameter.shape(), &[1]].concat())
}

/// The joint shape of the parameters of a process.
fn batch(pars: &[Value], others: &[&Value]) -> Result<Vec<usize>, ValueError> {
    pars.iter().chain(others.iter().copied()).try_fold(Vec::new(), |joint: Vec<usize>, value| {
        shape::broadcast(&joint, value.shape()).ok_or_else(|| ValueError::Broadcast {
            operation: "EulerMaruyama".into(),
            left: joint.clone(),
            right: value.shape().to_vec(),
        })
    })
}

fn log_density(
    e: &mut Evaluator<'_>,
    sde: &Argument,
    value: &Value,
    dt: &Value,
    pars: &[Value],
    init: Rc<dyn Distribution>,
) -> Outcome<Value> {
    let range = sde.range;
    let time = value.rank() - 1;
    let length = value.shape()[time];
    if length < 2 {
        return e.finish_value(EulerMaruyama::log_density_of(value, dt, None, &*init), range);
    }
    let all = coefficients(e, sde, value.narrow(time, 0, length - 1), pars)?;
    e.finish_value(EulerMaruyama::log_density_of(value, dt, Some(all), &*init), range)
}

/// Drift and diffusion at values of the process.
fn coefficients(
    e: &mut Evaluator<'_>,
    sde: &Argument,
    value: Value,
    pars: &[Value],
) -> Outcome<(Value, Value)> {
    let range = sde.range;
    let mut arguments = vec![value];
    arguments.extend(pars.iter().map(over_time));
    let arguments = arguments.into_iter().map(|value| Argument { item: Item::numbers(value, false), range });
    let made = e.call_item(sde, arguments.collect())?;
    let parts = match &made {
        Item::Tuple(_) | Item::List(_) => e.iterate(&made, range)?,
        _ => Vec::new(),
    };
    let [drift, diffusion] = &parts[..] else {
        return fault(
            range,
            format!("`sde_fn` must return the pair (drift, diffusion), not {}", made.describe()),
        );
    };
    Ok((e.item_value(drift, range)?, e.item_value(diffusion, range)?))
}
