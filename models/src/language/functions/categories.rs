//! Methods of categorical columns.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::methods::unknown;
use super::tables::{labelled, take};
use super::unique::integers;
use super::{label_methods, pandas};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Categorical, Item, Sequence};

/// `column.name(...)`, `column.cat.name(...)`
pub(super) fn method(
    e: &mut Evaluator<'_>,
    owner: &Item,
    categorical: &Rc<Categorical>,
    name: &str,
    call: Call,
) -> Outcome<Item> {
    let range = call.range;
    match name {
        "reorder_categories" | "set_categories" | "add_categories" => {
            let [categories, _ordered] = call.bind(["new_categories", "ordered"])?;
            let categories = call.required(categories, "new_categories")?;
            let mut wanted = Vec::new();
            if name == "add_categories" {
                wanted = e.iterate(&categorical.categories, range)?;
            }
            match &categories.item {
                single @ Item::Text(_) => wanted.push(single.clone()),
                several => wanted.extend(e.iterate(several, range)?),
            }
            let column = uncategorised(e, categorical, range)?;
            let mut again = call.alone(column);
            again.positional.push(Argument { item: Item::List(Sequence::new(wanted, range)?), range });
            pandas::categorical(e, &again)
        }
        "rename_categories" => {
            let [new] = call.bind(["new_categories"])?;
            let new = call.required(new, "new_categories")?;
            let old = e.iterate(&categorical.categories, range)?;
            let mut names = Vec::with_capacity(old.len());
            match &new.item {
                Item::Dict(dict) => {
                    for label in old {
                        names.push(dict.get(&e.key(&label, range)?).cloned().unwrap_or(label));
                    }
                }
                several => names = e.iterate(several, range)?,
            }
            if names.len() != categorical.categories.size() {
                let count = categorical.categories.size();
                return fault(new.range, format!("{} names for {count} categories", names.len()));
            }
            let categories = pandas::label_item(e, Item::List(Sequence::new(names, range)?), range)?;
            Ok(Item::Categorical(Rc::new(Categorical { codes: categorical.codes.clone(), categories })))
        }
        "remove_unused_categories" => {
            let codes = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
            let is_used = |k: &usize| codes.contains(&(*k as f64));
            let places: Vec<usize> = (0..categorical.categories.size()).filter(is_used).collect();
            let place =
                |code: &f64| places.iter().position(|&k| k as f64 == *code).map_or(-1.0, |k| k as f64);
            let codes: Vec<f64> = codes.iter().map(place).collect();
            let categories = take(e, &categorical.categories, &places, range)?;
            let shape = vec![codes.len()];
            let codes = Value::data(codes, shape, Kind::Int);
            Ok(Item::Categorical(Rc::new(Categorical { codes, categories })))
        }
        "fillna" => {
            let [fill] = call.bind(["value"])?;
            let fill = call.required(fill, "value")?;
            let wanted = e.key(&fill.item, fill.range)?;
            let mut place = None;
            for (k, category) in e.iterate(&categorical.categories, range)?.iter().enumerate() {
                if e.key(category, range)? == wanted {
                    place = Some(k as f64);
                }
            }
            let Some(place) = place else {
                let seen = fill.item.describe();
                return fault(fill.range, format!("{seen} is none of the categories: add it first"));
            };
            let codes = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
            let codes: Vec<f64> = codes.iter().map(|&code| if code < 0.0 { place } else { code }).collect();
            let shape = vec![codes.len()];
            let (codes, categories) = (Value::data(codes, shape, Kind::Int), categorical.categories.clone());
            Ok(Item::Categorical(Rc::new(Categorical { codes, categories })))
        }
        "astype" if matches!(call.positional.first().map(|a| &a.item), Some(Item::Text(text)) if &**text == "category") => {
            Ok(owner.clone())
        }
        "as_ordered" | "as_unordered" | "copy" | "to_numpy" => Ok(owner.clone()),
        "value_counts" => counts(e, categorical, &call),
        "isna" | "isnull" | "notna" | "notnull" | "head" | "tail" | "sort_values" | "dropna" => {
            label_methods::method(e, owner, name, call)
        }
        "unique" | "nunique" | "map" | "isin" | "eq" | "ne" | "replace" | "apply" | "astype" => {
            let column = uncategorised(e, categorical, range)?;
            super::method(e, &column, name, call)
        }
        _ => unknown(owner, name, &call),
    }
}

/// A categorical column as one of its labels; missing where it has none.
fn uncategorised(e: &mut Evaluator<'_>, categorical: &Categorical, range: TextRange) -> Outcome<Item> {
    let codes = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
    let place = |code: &f64| if *code < 0.0 { None } else { Some(*code as usize) };
    match &categorical.categories {
        Item::Texts(texts) => {
            e.budget.texts(codes.len(), range)?;
            let text = |code: &f64| place(code).map_or(MISSING_TEXT, |k| &texts[k]).to_owned();
            Ok(Item::Texts(codes.iter().map(text).collect()))
        }
        other => {
            let value = e.item_value(other, range)?;
            let numbers = value.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
            let kind = if codes.iter().any(|code| *code < 0.0) { Kind::Float } else { value.kind() };
            let found: Vec<f64> =
                codes.iter().map(|code| place(code).map_or(f64::NAN, |k| numbers[k])).collect();
            let count = found.len();
            Ok(Item::Series(Value::data(found, vec![count], kind)))
        }
    }
}

/// Counts of the categories of a column, most frequent first.
fn counts(e: &mut Evaluator<'_>, column: &Categorical, call: &Call) -> Outcome<Item> {
    let [normalize, sort] = call.bind(["normalize", "sort"])?;
    let normalize = normalize.map_or(Ok(false), |n| e.truth(&n.item, n.range))?;
    let sort = sort.map_or(Ok(true), |sort| e.truth(&sort.item, sort.range))?;
    let mut counts = vec![0_usize; column.categories.size()];
    for code in column.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default() {
        if code >= 0.0 {
            counts[code as usize] += 1;
        }
    }
    let mut places: Vec<usize> = (0..counts.len()).collect();
    if sort {
        places.sort_by_key(|&k| std::cmp::Reverse(counts[k]));
    }
    let total = counts.iter().sum::<usize>() as f64;
    let values = match normalize {
        true => Value::from(places.iter().map(|&k| counts[k] as f64 / total).collect::<Vec<_>>()),
        false => integers(places.iter().map(|&k| counts[k])),
    };
    let labels = take(e, &column.categories, &places, call.range)?;
    Ok(labelled(Vec::new(), labels, "count", values))
}
