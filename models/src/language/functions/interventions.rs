//! Functions that make another model of a model: `pm.do`, `pm.observe`, other transforms, copies.
//!
//! The model that a file describes is the last one, unless another one is chosen by its name.

use super::{PMC, Row, Run, transforms};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Which};
use crate::language::item::{Dict, Item, Key, Sequence};
use crate::model::{Change, Role};
use crate::transform::Transform;

/// Functions that change a model.
pub(super) const ROWS: &[Row] = &[
    ("do", PMC, Run::Call(intervene)),
    ("observe", PMC, Run::Call(observe)),
    ("change_value_transforms", PMC, Run::Call(change_transforms)),
    ("remove_value_transforms", PMC, Run::Call(remove_transforms)),
    ("freeze_dims_and_data", PMC, Run::Call(same)),
    ("clone_model", PMC, Run::Call(same)),
    ("model_from_fgraph", PMC, Run::Call(same)),
    (
        "fgraph_from_model",
        PMC,
        Run::Call(|e, call| {
            let model = Item::Model(model_of(e, call.positional.first()));
            Ok(Item::Tuple(Sequence::new(vec![model, Item::None], call.range)?))
        }),
    ),
];

/// Functions that make another model: a statement with one of them is never passed over.
pub(in crate::language) const REMAKING: &[&str] = &[
    "do",
    "observe",
    "change_value_transforms",
    "remove_value_transforms",
    "prune_vars_detached_from_observed",
    "set_initval",
    "marginalize",
    "vip_reparametrize",
    "MarginalModel",
];

/// The same model, for all that concerns its density.
fn same(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    Ok(Item::Model(model_of(e, call.positional.first())))
}

/// The model that is given, or the present one.
fn model_of(e: &Evaluator<'_>, model: Option<&Argument>) -> Which {
    let first = |item: &Item| match item {
        Item::Tuple(parts) => parts.items().first().and_then(|item| e.model_behind(item)),
        one => e.model_behind(one),
    };
    model.and_then(|model| first(&model.item)).unwrap_or_else(|| e.present_model())
}

/// `pm.do(model, {"a": 1})`
fn intervene(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["model", "vars_to_interventions", "make_interventions_shared", "prune_vars"];
    let [model, changes, _shared, prune] = call.bind(names)?;
    if let Some(prune) = prune
        && e.truth(&prune.item, prune.range)?
    {
        let message = "`prune_vars=True` is not supported: leave out the variables that nothing depends on";
        return Err(Fault::new(prune.range, message).fatal());
    }
    change(e, call, (model, changes), names[1], |e, item, range| known(e, item, range).map(Change::Fixed))
}

/// `pm.observe(model, {"a": data})`
fn observe(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["model", "vars_to_observations"];
    let [model, changes] = call.bind(names)?;
    change(e, call, (model, changes), names[1], |e, item, range| known(e, item, range).map(Change::Observed))
}

/// `change_value_transforms(model, {"a": logodds})`
fn change_transforms(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["model", "vars_to_transforms"];
    let [model, changes] = call.bind(names)?;
    change(e, call, (model, changes), names[1], |_, item, range| match item {
        Item::None => Ok(Change::Transform(Transform::Identity)),
        item => {
            let argument = Argument { item: item.clone(), range };
            Ok(Change::Transform(transforms::replacing(&argument)?))
        }
    })
}

/// `remove_value_transforms(model, vars=None)`
fn remove_transforms(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [model, vars] = call.bind(["model", "vars"])?;
    let which = model_of(e, model);
    let names = e.of_model(which.number, |e| transformed(e, vars))?;
    let changes = names.into_iter().map(|name| (name, Change::Transform(Transform::Identity))).collect();
    Ok(Item::Model(e.changed_model(which, changes)))
}

/// The names of some variables, or of all that are free.
fn transformed(e: &mut Evaluator<'_>, vars: Option<&Argument>) -> Outcome<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    match vars.filter(|vars| !matches!(vars.item, Item::None)) {
        None => {
            let is_free = |role: &Role| matches!(role, Role::Free { .. });
            let free = e.scope().records.iter().filter(|record| is_free(&record.variable.role));
            names.extend(free.map(|record| record.variable.name.clone()));
        }
        Some(vars) => {
            for item in e.iterate(&vars.item, vars.range)? {
                names.push(name_of(e, &e.key(&item, vars.range)?, vars)?);
            }
        }
    }
    Ok(names)
}

/// A value that is known from the data.
fn known(
    e: &mut Evaluator<'_>,
    item: &Item,
    range: ruff_text_size::TextRange,
) -> Outcome<chainfire_engine::program::Value> {
    let value = e.item_value(item, range)?;
    if value.is_random() {
        return fault(range, "the value of an intervention or observation must be known from the data");
    }
    Ok(value)
}

/// The name of a variable that a key says, which is its name or the variable.
fn name_of(e: &mut Evaluator<'_>, key: &Key, place: &Argument) -> Outcome<String> {
    let Key::Text(name) = key else {
        let message = "variables of the model are meant, or their names, such as {\"a\": 1}";
        return Err(Fault::new(place.range, message).fatal());
    };
    let known: Vec<String> = e.scope().names().map(ToOwned::to_owned).collect();
    if known.iter().any(|known| **known == **name) {
        return Ok(name.to_string());
    }
    let fault = Fault::new(place.range, format!("the model has no variable \"{name}\""));
    Err(fault.near(name, known.iter().map(String::as_str)).fatal())
}

fn change(
    e: &mut Evaluator<'_>,
    call: &Call,
    (model, changes): (Option<&Argument>, Option<&Argument>),
    parameter: &str,
    of: impl Fn(&mut Evaluator<'_>, &Item, ruff_text_size::TextRange) -> Outcome<Change>,
) -> Outcome<Item> {
    let changes = call.required(changes, parameter)?;
    let dict: &Dict = match &changes.item {
        Item::Dict(dict) => dict,
        other => {
            let seen = other.describe();
            let message = format!("`{}` takes a dictionary of names, not {seen}", call.name);
            return Err(Fault::new(changes.range, message).fatal());
        }
    };
    let which = model_of(e, model);
    let mut all = Vec::new();
    for (key, item) in dict.entries() {
        let name = e.of_model(which.number, |e| name_of(e, key, changes))?;
        // Without the change the model would be another one.
        all.push((name, of(e, item, changes.range).map_err(Fault::fatal)?));
    }
    Ok(Item::Model(e.changed_model(which, all)))
}
