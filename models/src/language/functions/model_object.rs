//! The model as an object: its variables by name (`model["a"]`, `model.named_vars`) and by kind (`model.free_RVs`), and
//! `model.set_initval`.

use ruff_text_size::TextRange;

use super::pymc;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, Weight};
use crate::language::evaluate::{Argument, Call, Evaluator, Which};
use crate::language::item::{Dict, Item, Key, Sequence};
use crate::model::{Change, Record, Role};

/// The variable of a name; in nested models the name may lack what stands before `::`.
pub(in crate::language) fn variable(e: &mut Evaluator<'_>, name: &str, range: TextRange) -> Outcome<Item> {
    let records = &e.scope().records;
    let inner = |full: &str| full.strip_suffix(name).is_some_and(|above| above.ends_with("::"));
    let found = records.iter().find(|record| record.variable.name == name);
    let found = found.or_else(|| records.iter().find(|record| inner(&record.variable.name)));
    if let Some(record) = found {
        return Ok(Item::Number(record.value.clone()));
    }
    if e.is_declared(name) {
        return Err(Fault::told(range)); // where it was declared
    }
    let known: Vec<String> = e.scope().names().map(ToOwned::to_owned).collect();
    let fault = Fault::new(range, format!("the model has no variable \"{name}\"")).rule(Rule::UndefinedName);
    Err(fault.near(name, known.iter().map(String::as_str)))
}

/// An attribute of a model: what the file keeps there, coordinates, variables of a kind; `None` where it is none of these.
pub(super) fn attribute(e: &mut Evaluator<'_>, name: &str, range: TextRange) -> Outcome<Option<Item>> {
    if let Some(item) = e.made.kept.get(name) {
        return Ok(Some(item.clone()));
    }
    match name {
        "coords" => pymc::coords(e, range).map(Some),
        "dim_lengths" => {
            let mut lengths = Dict::default();
            for (dim, labels) in &e.scope().coordinates {
                lengths.insert(Key::Text(dim.as_str().into()), Item::integer(labels.len() as i64), range)?;
            }
            Ok(Some(Item::Dict(lengths.into())))
        }
        _ => match of_kind(e, name, range)? {
            Some(item) => Ok(Some(item)),
            None => Ok(named(e, name)),
        },
    }
}

/// The variable of a name, where there is one.
pub(in crate::language) fn named(e: &mut Evaluator<'_>, name: &str) -> Option<Item> {
    let known = e.scope().records.iter().find(|record| record.variable.name == name)?;
    Some(Item::Number(known.value.clone()))
}

/// A method of a model; `None` where it has none of this name.
pub(super) fn method(e: &mut Evaluator<'_>, which: Which, name: &str, call: &Call) -> Outcome<Option<Item>> {
    match name {
        "add_coord" => {
            let [dim, values, length] = call.bind(["name", "values", "length"])?;
            let dim = e.text(call.required(dim, "name")?, "the name of a dimension")?;
            let is_given = |values: &&Argument| !matches!(values.item, Item::None);
            let labels = match (values.filter(is_given), length.filter(is_given)) {
                (None, Some(length)) => {
                    let count = pymc::whole(e, length, "length")?;
                    Argument { item: Item::Range { start: 0, step: 1, count }, range: length.range }
                }
                (values, _) => call.required(values, "values")?.clone(),
            };
            pymc::coordinate(e, &dim, &labels)?;
            Ok(Some(Item::None))
        }
        "add_coords" => {
            let [coords] = call.bind(["coords"])?;
            pymc::coordinates(e, call.required(coords, "coords")?)?;
            Ok(Some(Item::None))
        }
        "set_initval" => set_start(e, call).map(Some),
        "copy" => Ok(Some(Item::Model(which))),
        name if pymc::MODEL_RUNS.contains(&name) => {
            let message = format!("`.{name}` does something with the model: leave this line out");
            Err(Fault::weighing(call.range, message, Weight::AfterTheModel))
        }
        _ => Ok(None),
    }
}

/// The variables of a kind; `None` where the attribute is none of these.
fn of_kind(e: &mut Evaluator<'_>, name: &str, range: TextRange) -> Outcome<Option<Item>> {
    let is_free = |record: &Record| matches!(record.variable.role, Role::Free { .. });
    let is_observed = |record: &Record| matches!(record.variable.role, Role::Observed);
    let is_deterministic = |record: &Record| matches!(record.variable.role, Role::Deterministic);
    let is_potential = |record: &Record| matches!(record.variable.role, Role::Potential);
    let is_data = |record: &Record| matches!(record.variable.role, Role::Data);
    let is_meant: &dyn Fn(&Record) -> bool = match name {
        "named_vars" => &|_| true,
        "free_RVs" => &is_free,
        "observed_RVs" => &is_observed,
        "basic_RVs" => &|record| is_free(record) || is_observed(record),
        "unobserved_RVs" => &|record| is_free(record) || is_deterministic(record),
        "deterministics" => &is_deterministic,
        "potentials" => &is_potential,
        "data_vars" => &is_data,
        _ => return Ok(None),
    };
    let meant = e.scope().records.iter().filter(|record| is_meant(record));
    let meant: Vec<(String, Item)> =
        meant.map(|record| (record.variable.name.clone(), Item::Number(record.value.clone()))).collect();
    if name == "named_vars" {
        let mut dict = Dict::default();
        for (name, item) in meant {
            dict.insert(Key::Text(name.into()), item, range)?;
        }
        return Ok(Some(Item::Dict(dict.into())));
    }
    Ok(Some(Item::List(Sequence::new(meant.into_iter().map(|(_, item)| item).collect(), range)?)))
}

/// `model.set_initval(rv, initval)`: where a variable above starts.
fn set_start(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [rv, value] = call.bind(["rv_var", "initval"])?;
    let (rv, value) = (call.required(rv, "rv_var")?, call.required(value, "initval")?);
    let declared = e.value(rv)?;
    let Some(name) = e.scope().name_of(&declared).map(ToOwned::to_owned) else {
        let message = "`set_initval` takes a variable of the model, and where it starts";
        return Err(Fault::new(rv.range, message).fatal());
    };
    let start = e.known_value(value, "a starting value").map_err(Fault::fatal)?;
    e.scope().change(&name, Change::Start(start));
    Ok(Item::None)
}
