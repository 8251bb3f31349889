//! Tables as polars has them: `table.select("x", pl.col("y") * 2)`, `.with_columns(z=...)`, `.filter(pl.col("x") > 0)`.
//!
//! Expressions are evaluated with the table's columns in the place of `pl.col`, before the method is called.

use std::rc::Rc;

use super::tables::{column, rows, take_rows};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key};

/// `select` and `with_columns`: the columns alone, or besides those that there are.
pub(super) fn chosen(e: &mut Evaluator<'_>, table: &Rc<Dict>, name: &str, call: &Call) -> Outcome<Item> {
    let mut out = if name == "select" { Dict::default() } else { (**table).clone() };
    let count = rows(table);
    for argument in &call.positional {
        let items = match &argument.item {
            Item::List(_) | Item::Tuple(_) => e.iterate(&argument.item, argument.range)?,
            single => vec![single.clone()],
        };
        for item in items {
            let (key, item) = match item {
                Item::Text(name) => (name.clone(), e.column(table, &name, argument.range)?),
                Item::Labelled(labelled) => (labelled.name.clone(), Item::Series(labelled.values.clone())),
                other => {
                    let seen = other.describe();
                    let message = format!("this column has no name ({seen}): write `name=...`");
                    return fault(argument.range, message);
                }
            };
            let item = column(e, item, count, argument.range)?;
            out.insert(Key::Text(key), item, argument.range)?;
        }
    }
    for (name, argument) in &call.keywords {
        let item = match &argument.item {
            Item::Labelled(labelled) => Item::Series(labelled.values.clone()),
            other => other.clone(),
        };
        let item = column(e, item, count, argument.range)?;
        out.insert(Key::Text(name.as_str().into()), item, argument.range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// `filter`: the rows where every condition holds.
pub(super) fn filtered(e: &mut Evaluator<'_>, table: &Rc<Dict>, call: &Call) -> Outcome<Item> {
    let mut places: Vec<usize> = (0..rows(table)).collect();
    let mut conditions: Vec<Argument> = call.positional.clone();
    for (name, wanted) in &call.keywords {
        let column = e.column(table, name, wanted.range)?;
        let item = e.compare(ruff_python_ast::CmpOp::Eq, &column, &wanted.item, wanted.range)?;
        conditions.push(Argument { item, range: wanted.range });
    }
    for condition in &conditions {
        let mask = e.value(condition)?;
        let held = e.held(&mask, rows(table), condition.range)?;
        places.retain(|place| held.binary_search(place).is_ok());
    }
    let mut out = take_rows(e, table, &places, call.range)?;
    // Rows have no labels in polars.
    out.labels = None;
    Ok(Item::Table(Rc::new(out)))
}
