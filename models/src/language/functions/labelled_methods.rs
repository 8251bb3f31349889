//! Methods of columns that use the labels of their rows.

use std::rc::Rc;

use super::table_methods::in_order;
use super::tables::{label_columns, labelled, take};
use super::unique::{Labels, missing_last};
use crate::language::error::Outcome;
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Dict, Item, Key, Labelled};

/// A method of labelled numbers that uses their labels; `None` for others.
pub(super) fn method(
    e: &mut Evaluator<'_>,
    column: &Labelled,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let range = call.range;
    let with_places = |e: &mut Evaluator<'_>, places: &[usize]| {
        let labels = take(e, &column.rows.labels, places, range)?;
        let values = column.values.take(places.iter().map(|&k| k as u32).collect(), vec![places.len()]);
        Ok(Some(labelled(column.rows.names.clone(), labels, &column.name, values)))
    };
    match name {
        "reset_index" => {
            let [drop, new] = call.bind(["drop", "name"])?;
            if drop.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))? {
                return Ok(Some(Item::Series(column.values.clone())));
            }
            let name = new.map_or(Ok(column.name.clone()), |new| e.text(new, "the name of a column"))?;
            let mut out = Dict::default();
            for (key, column) in label_columns(e, &column.rows, range)? {
                out.insert(key, column, range)?;
            }
            out.insert(Key::Text(name), Item::Series(column.values.clone()), range)?;
            Ok(Some(Item::Table(Rc::new(out))))
        }
        "sort_values" => {
            let [ascending] = call.bind(["ascending"])?;
            let ascending = ascending.map_or(Ok(true), |a| e.truth(&a.item, a.range))?;
            let places = missing_last(&Labels::Numbers(column.values.clone()), ascending);
            with_places(e, &places)
        }
        "sort_index" => {
            let places = in_order(e, &column.rows, column.values.len(), call)?;
            with_places(e, &places)
        }
        "head" | "tail" => {
            let [n] = call.bind(["n"])?;
            let n = n.map_or(Ok(5), |n| e.integer(&n.item, "a number of rows", n.range))?.max(0) as usize;
            let count = column.values.len();
            let kept = n.min(count);
            let places: Vec<usize> =
                if name == "head" { (0..kept).collect() } else { (count - kept..count).collect() };
            with_places(e, &places)
        }
        "dropna" => {
            let numbers = column.values.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
            let places: Vec<usize> = (0..numbers.len()).filter(|&k| !numbers[k].is_nan()).collect();
            with_places(e, &places)
        }
        "drop_duplicates" => {
            let [] = call.bind([])?;
            with_places(e, &Labels::Numbers(column.values.clone()).factorize().first)
        }
        "idxmax" | "idxmin" => {
            match super::method(e, &Item::Series(column.values.clone()), name, call.clone())? {
                Item::Number(place) => {
                    let place = e.integer(&Item::Number(place), "a place", range)? as usize;
                    Ok(e.iterate(&column.rows.labels, range)?.get(place).cloned())
                }
                other => Ok(Some(other)),
            }
        }
        "keys" => Ok(Some(column.rows.labels.clone())),
        "get" => {
            let [key, default] = call.bind(["key", "default"])?;
            let wanted = e.key(&call.required(key, "key")?.item, range)?;
            let (labels, values) = (
                e.iterate(&column.rows.labels, range)?,
                e.iterate(&Item::Number(column.values.clone()), range)?,
            );
            for (label, value) in labels.iter().zip(values) {
                if e.key(label, range)? == wanted {
                    return Ok(Some(value));
                }
            }
            Ok(Some(default.map_or(Item::None, |default| default.item.clone())))
        }
        "to_dict" | "items" => {
            let [] = call.bind([])?;
            let (labels, values) = (
                e.iterate(&column.rows.labels, range)?,
                e.iterate(&Item::Number(column.values.clone()), range)?,
            );
            let mut out = Dict::default();
            for (label, value) in labels.iter().zip(values) {
                out.insert(e.key(label, range)?, value, range)?;
            }
            match name {
                "items" => super::method(e, &Item::Dict(Rc::new(out)), "items", call.nothing()).map(Some),
                _ => Ok(Some(Item::Dict(Rc::new(out)))),
            }
        }
        "rename" => {
            let [name] = call.bind(["index"])?;
            let name = e.text(call.required(name, "index")?, "the name of a column")?;
            let rows = column.rows.clone();
            Ok(Some(Item::Labelled(Rc::new(Labelled { rows, name, values: column.values.clone() }))))
        }
        _ => Ok(None),
    }
}
