//! Attributes and methods of columns of texts, categories or spans whose rows have labels: those of the bare column,
//! with the labels where the result has an element for each row.

use std::rc::Rc;

use super::alignment::{as_column, beside, is_column, like};
use super::table_methods::in_order;
use super::tables::{label_columns, take};
use super::{attribute, groups, label_methods, method, text_columns};
use crate::language::error::Outcome;
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Indexed, Item, Key, Locator};
use ruff_text_size::TextRange;

/// Attributes and methods whose result says nothing of the rows, though it may be as long.
const NOT_OF_ROWS: &[&str] = &[
    "unique",
    "nunique",
    "factorize",
    "to_numpy",
    "tolist",
    "to_list",
    "values",
    "array",
    "mode",
    "categories",
    "value_counts",
    "T",
    "shape",
    "size",
    "ndim",
    "dtype",
];

/// Methods whose arguments meet the column by label.
const MEETING: &[&str] =
    &["where", "mask", "fillna", "between", "combine_first", "cat", "dot", "cov", "clip"];

/// `column.name`
pub(super) fn of_column(
    e: &mut Evaluator<'_>,
    owner: &Item,
    column: &Indexed,
    name: &str,
    range: TextRange,
) -> Outcome<Item> {
    match name {
        "index" => Ok(column.rows.labels.clone()),
        "name" => Ok(Item::Text(column.name.clone())),
        "loc" | "iloc" | "at" | "iat" => {
            let by_label = matches!(name, "loc" | "at");
            Ok(Item::Locator(Rc::new(Locator { owner: owner.clone(), by_label })))
        }
        _ => {
            let found = attribute(e, &column.column, name, range)?;
            Ok(if NOT_OF_ROWS.contains(&name) { found } else { as_column(owner, found) })
        }
    }
}

/// `column.name(...)`
pub(super) fn method_of(
    e: &mut Evaluator<'_>,
    owner: &Item,
    column: &Indexed,
    name: &str,
    call: Call,
) -> Outcome<Item> {
    let range = call.range;
    let call = meeting(e, owner, name, call)?;
    match name {
        "groupby" => groups::group_column(e, owner, &call),
        "head" | "tail" | "sort_values" | "drop_duplicates" | "sample" | "dropna" => {
            label_methods::rows(e, owner, name, &call)
        }
        "sort_index" => {
            let places = in_order(e, &column.rows, column.column.size(), &call)?;
            take(e, owner, &places, range)
        }
        "reset_index" => {
            let [drop, new] = call.bind(["drop", "name"])?;
            if drop.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))? {
                return Ok(column.column.clone());
            }
            let name = new.map_or(Ok(column.name.clone()), |new| e.text(new, "the name of a column"))?;
            let mut out = Dict::default();
            for (key, labels) in label_columns(e, &column.rows, range)? {
                out.insert(key, labels, range)?;
            }
            out.insert(Key::Text(name), column.column.clone(), range)?;
            Ok(Item::Table(Rc::new(out)))
        }
        "to_frame" => {
            let [name] = call.bind(["name"])?;
            let name = name.map_or(Ok(column.name.clone()), |name| e.text(name, "the name of a column"))?;
            let mut out = Dict::with_labels(Some(column.rows.clone()));
            out.insert(Key::Text(name), column.column.clone(), range)?;
            Ok(Item::Table(Rc::new(out)))
        }
        "rename" => {
            let [name] = call.bind(["index"])?;
            let name = e.text(call.required(name, "index")?, "the name of a column")?;
            let (rows, column) = (column.rows.clone(), column.column.clone());
            Ok(Item::Indexed(Rc::new(Indexed { rows, name, column })))
        }
        "to_dict" | "items" => {
            let [] = call.bind([])?;
            let mut out = Dict::default();
            let labels = e.iterate(&column.rows.labels, range)?;
            for (label, item) in labels.iter().zip(e.iterate(&column.column, range)?) {
                out.insert(e.key(label, range)?, item, range)?;
            }
            match name {
                "items" => method(e, &Item::Dict(Rc::new(out)), "items", call.nothing()),
                _ => Ok(Item::Dict(Rc::new(out))),
            }
        }
        _ => {
            let result = method(e, &column.column, name, call)?;
            Ok(if NOT_OF_ROWS.contains(&name) { result } else { as_column(owner, result) })
        }
    }
}

/// What a method of a column of numbers gives, with the column's labels where it has an element for each row.
pub(super) fn of_rows(owner: &Item, name: &str, result: Item) -> Item {
    if NOT_OF_ROWS.contains(&name) || name == "quantile" { result } else { like(owner, result) }
}

/// `column.str.name(...)`
pub(super) fn text_method_of(
    e: &mut Evaluator<'_>,
    owner: &Item,
    column: &Indexed,
    name: &str,
    call: Call,
) -> Outcome<Item> {
    let call = meeting(e, owner, name, call)?;
    let result = text_columns::method(e, &column.column, name, call)?;
    Ok(as_column(owner, result))
}

/// The call of a method with its arguments as columns for the rows of the owner, where they meet by label.
pub(super) fn meeting(e: &mut Evaluator<'_>, owner: &Item, name: &str, mut call: Call) -> Outcome<Call> {
    if !MEETING.contains(&name) || !is_column(owner) {
        return Ok(call);
    }
    let mut met = |argument: &mut Argument| -> Outcome<()> {
        argument.item = beside(e, owner, &argument.item, argument.range)?;
        Ok(())
    };
    call.positional.iter_mut().try_for_each(&mut met)?;
    call.keywords.iter_mut().try_for_each(|(_, argument)| met(argument))?;
    Ok(call)
}
