//! `pm.do` and `pm.observe`: the model with some of its variables fixed, or given data.
//!
//! The model that a file describes is the last one: what follows `pm.do(model, ...)` holds for all of the file.

use super::{PMC, Row, Run};
use crate::language::error::{Fault, Outcome};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Key};
use crate::model::Change;
use chainfire_engine::program::Value;

/// Functions that change a model.
pub(super) const ROWS: &[Row] = &[("do", PMC, Run::Call(intervene)), ("observe", PMC, Run::Call(observe))];

/// `pm.do(model, {"a": 1})`
fn intervene(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["model", "vars_to_interventions", "make_interventions_shared", "prune_vars"];
    let [_model, changes, _shared, _prune] = call.bind(names)?;
    change(e, call, changes, names[1], Change::Fixed)
}

/// `pm.observe(model, {"a": data})`
fn observe(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["model", "vars_to_observations"];
    let [_model, changes] = call.bind(names)?;
    change(e, call, changes, names[1], Change::Observed)
}

fn change(
    e: &mut Evaluator<'_>,
    call: &Call,
    changes: Option<&Argument>,
    parameter: &str,
    of: fn(Value) -> Change,
) -> Outcome<Item> {
    let changes = call.required(changes, parameter)?;
    // Without the change the model would be another one.
    let refuse = |message: String| Err(Fault::new(changes.range, message).fatal());
    let Item::Dict(dict) = &changes.item else {
        let seen = changes.item.describe();
        return refuse(format!("`{}` takes a dictionary of names, not {seen}", call.name));
    };
    for (key, item) in dict.entries() {
        let Key::Text(name) = key else {
            return refuse(format!("`{}` takes the names of variables, such as {{\"a\": 1}}", call.name));
        };
        let known: Vec<String> = e.scope().names().map(ToOwned::to_owned).collect();
        if !known.iter().any(|known| **known == **name) {
            let message = format!("the model has no variable \"{name}\"");
            let fault = Fault::new(changes.range, message).near(name, known.iter().map(String::as_str));
            return Err(fault.fatal());
        }
        let value = e.item_value(item, changes.range)?;
        if value.is_random() {
            return refuse(format!("the value of \"{name}\" must be known from the data"));
        }
        e.scope().change(name, of(value));
    }
    Ok(Item::Model)
}
