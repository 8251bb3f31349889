//! Tables and labelled columns: rows taken, sorted, filtered and renamed, columns added, as data frames do.
//!
//! A table keeps the labels of its rows where they are not 0, 1, 2, ...: those of an index that was set, and those that
//! are left when rows are taken.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::unique::{Labels, Levels};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Categorical, Dict, Indexed, Item, Key, Labelled, RowLabels, Sequence};

/// Number of rows of a table.
pub(in crate::language) fn rows(table: &Dict) -> usize {
    let length = |column: &Item| match column {
        Item::Number(value) | Item::Series(value) if value.rank() > 0 => Some(value.shape()[0]),
        Item::None | Item::Number(_) => None,
        other => Some(other.size()),
    };
    let columns = table.entries().iter().find_map(|(_, column)| length(column));
    columns.or_else(|| table.labels.as_ref().map(|rows| rows.labels.size())).unwrap_or(0)
}

/// Refuses tables whose columns differ in length or have several axes, as objects of a data file may.
pub(in crate::language) fn check_rows(table: &Dict, range: TextRange) -> Outcome<()> {
    let count = rows(table);
    for (key, column) in table.entries() {
        let own = match column {
            Item::None => continue,
            Item::Number(value) | Item::Series(value) => match value.shape() {
                [] => continue,
                [own] => *own,
                seen => {
                    let (name, seen) = (key.display(), shape::display(seen));
                    let message =
                        format!("{name} has the shape {seen}, but the columns of a table have one axis");
                    return fault(range, message);
                }
            },
            other => other.size(),
        };
        if own != count {
            let name = key.display();
            let message = format!(
                "the columns of the table differ in length: {name} has {own} rows, the first {count}"
            );
            return fault(range, message);
        }
    }
    match &table.labels {
        Some(labels) if labels.labels.size() != count => {
            fault(range, format!("{} labels for a table of {count} rows", labels.labels.size()))
        }
        _ => Ok(()),
    }
}

fn counted(count: usize) -> Item {
    Item::Range { start: 0, step: 1, count }
}

/// The labels of a table's rows.
pub(in crate::language) fn row_labels(table: &Dict) -> Item {
    table.labels.as_ref().map_or_else(|| counted(rows(table)), |rows| rows.labels.clone())
}

/// The labels of a column's rows.
pub(in crate::language) fn index_of(column: &Item) -> Item {
    column.rows().map_or_else(|| counted(column.size()), |rows| rows.labels.clone())
}

/// Numbers with labels.
pub(in crate::language) fn labelled(
    names: Vec<Rc<str>>,
    labels: Item,
    name: impl AsRef<str>,
    values: Value,
) -> Item {
    let rows = Rc::new(RowLabels::new(names, labels));
    Item::Labelled(Rc::new(Labelled { rows, name: name.as_ref().into(), values }))
}

/// Numbers with the labels of some rows.
pub(super) fn with_rows(rows: &Rc<RowLabels>, values: Value) -> Item {
    Item::Labelled(Rc::new(Labelled { rows: rows.clone(), name: "".into(), values }))
}

/// An item as a column of a table with some rows.
pub(in crate::language) fn column(
    e: &mut Evaluator<'_>,
    item: Item,
    rows: usize,
    range: TextRange,
) -> Outcome<Item> {
    match item {
        Item::Texts(_) | Item::Categorical(_) => Ok(item),
        Item::Indexed(indexed) => column(e, indexed.column.clone(), rows, range),
        Item::Text(text) => {
            e.budget.texts(rows, range)?;
            Ok(Item::Texts(vec![text.to_string(); rows].into()))
        }
        Item::List(ref items) | Item::Tuple(ref items)
            if items.items().iter().any(|item| matches!(item, Item::Text(_)))
                && items.items().iter().all(|item| is_missing(item) || matches!(item, Item::Text(_))) =>
        {
            e.budget.texts(items.items().len(), range)?;
            let text = |item: &Item| match item {
                Item::Text(text) => text.to_string(),
                _ => MISSING_TEXT.to_owned(),
            };
            Ok(Item::Texts(items.items().iter().map(text).collect()))
        }
        other => {
            let value = e.item_value(&other, range)?;
            if value.is_random() {
                return fault(range, "a table holds data, but this depends on the model's parameters");
            }
            match value.rank() {
                0 => Ok(Item::Series(e.finish_value(value.broadcast_to(&[rows]), range)?)),
                _ => Ok(Item::numbers(value, true)),
            }
        }
    }
}

/// `None` or NaN
fn is_missing(item: &Item) -> bool {
    match item {
        Item::None => true,
        Item::Number(value) => value.rank() == 0 && value.as_data().is_some_and(|x| x[0].is_nan()),
        _ => false,
    }
}

/// The elements of a column at some places.
pub(in crate::language) fn take(
    e: &mut Evaluator<'_>,
    column: &Item,
    places: &[usize],
    range: TextRange,
) -> Outcome<Item> {
    let count = match column {
        Item::Number(value) | Item::Series(value) if value.rank() > 0 => value.shape()[0],
        Item::Labelled(inner) => inner.values.len(),
        Item::Texts(texts) => texts.len(),
        Item::Categorical(categorical) => categorical.codes.len(),
        Item::Indexed(indexed) => indexed.column.size(),
        Item::Span(span) => span.len(),
        Item::List(items) => items.items().len(),
        _ => usize::MAX,
    };
    if places.iter().any(|&place| place >= count) {
        return fault(range, format!("the columns of the table differ in length: one has {count} rows"));
    }
    let picked = |e: &mut Evaluator<'_>, value: &Value| {
        let index = places.iter().map(|&k| k as u32).collect();
        match value.rank() {
            1 => e.finish_value(value.take(index, vec![places.len()]), range),
            _ => fault(range, "rows are taken of columns with one axis"),
        }
    };
    Ok(match column {
        Item::None => Item::None,
        Item::Number(value) if value.rank() == 0 => column.clone(),
        Item::Number(value) | Item::Series(value) => Item::numbers(picked(e, value)?, column.is_series()),
        Item::Labelled(inner) => {
            let labels = take(e, &inner.rows.labels, places, range)?;
            labelled(inner.rows.names.clone(), labels, &inner.name, picked(e, &inner.values)?)
        }
        Item::Indexed(inner) => {
            let labels = take(e, &inner.rows.labels, places, range)?;
            let rows = Rc::new(RowLabels::new(inner.rows.names.clone(), labels));
            let column = take(e, &inner.column, places, range)?;
            Item::Indexed(Rc::new(Indexed { rows, name: inner.name.clone(), column }))
        }
        Item::Span(span) if span.rank() == 1 => Item::Span(picked(e, span)?),
        Item::Texts(texts) => {
            e.budget.texts(places.len(), range)?;
            Item::Texts(places.iter().map(|&k| texts[k].clone()).collect())
        }
        Item::Categorical(categorical) => Item::Categorical(Rc::new(Categorical {
            codes: picked(e, &categorical.codes)?,
            categories: categorical.categories.clone(),
        })),
        Item::Range { start, step, .. } => {
            e.budget.elements(places.len(), range)?;
            let numbers: Vec<f64> = places.iter().map(|&k| (start + k as i64 * step) as f64).collect();
            Item::Number(Value::data(numbers, vec![places.len()], Kind::Int))
        }
        Item::List(items) => {
            e.budget.steps(places.len(), range)?;
            let kept = places.iter().map(|&k| items.items()[k].clone()).collect();
            Item::List(Sequence::new(kept, range)?)
        }
        other => return fault(range, format!("rows cannot be taken of {}", other.describe())),
    })
}

/// The rows of a table at some places, with their labels.
pub(in crate::language) fn take_rows(
    e: &mut Evaluator<'_>,
    table: &Dict,
    places: &[usize],
    range: TextRange,
) -> Outcome<Dict> {
    let mut out = Dict::default();
    for (key, column) in table.entries() {
        out.insert(key.clone(), take(e, column, places, range)?, range)?;
    }
    let labels = take(e, &row_labels(table), places, range)?;
    let names = table.labels.as_ref().map_or_else(Vec::new, |rows| rows.names.clone());
    out.labels = Some(Rc::new(RowLabels::new(names, labels)));
    Ok(out)
}

/// A table with the labels of its rows as columns before the others.
pub(super) fn unlabelled(e: &mut Evaluator<'_>, table: &Dict, range: TextRange) -> Outcome<Dict> {
    let mut out = Dict::default();
    if let Some(rows) = &table.labels {
        for (key, column) in label_columns(e, rows, range)? {
            out.insert(key, column, range)?;
        }
    }
    for (key, column) in table.entries() {
        out.insert(key.clone(), column.clone(), range)?;
    }
    Ok(out)
}

/// The columns that the labels of rows are made of.
pub(super) fn label_columns(
    e: &mut Evaluator<'_>,
    rows: &RowLabels,
    range: TextRange,
) -> Outcome<Vec<(Key, Item)>> {
    let count = rows.labels.size();
    let name = |k: usize| Key::Text(rows.names.get(k).cloned().unwrap_or_else(|| "index".into()));
    let tuples = match &rows.labels {
        Item::List(items) if rows.names.len() > 1 => items.items().to_vec(),
        single => return Ok(vec![(name(0), column(e, single.clone(), count, range)?)]),
    };
    let mut columns = vec![Vec::with_capacity(count); rows.names.len()];
    for tuple in &tuples {
        for (column, item) in columns.iter_mut().zip(e.iterate(tuple, range)?) {
            column.push(item);
        }
    }
    let made = columns.into_iter().enumerate().map(|(k, items)| {
        let list = Item::List(Sequence::new(items, range)?);
        Ok((name(k), column(e, list, count, range)?))
    });
    made.collect()
}

/// Rows of columns as tuples.
pub(super) fn tuples(
    e: &mut Evaluator<'_>,
    columns: &[Item],
    count: usize,
    range: TextRange,
) -> Outcome<Item> {
    let mut items = Vec::with_capacity(columns.len());
    for column in columns {
        items.push(e.iterate(column, range)?);
    }
    let row = |k: usize| {
        let row = items.iter().map(|column| column[k].clone()).collect();
        Ok(Item::Tuple(Sequence::new(row, range)?))
    };
    let rows: Vec<Item> = (0..count).map(row).collect::<Outcome<_>>()?;
    Ok(Item::List(Sequence::new(rows, range)?))
}

/// The labels of rows that an `index=` gives: a column of them, or a table of their levels.
pub(super) fn given_labels(e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<RowLabels> {
    let Item::Table(levels) = item else {
        return Ok(RowLabels::new(Vec::new(), super::label_item(e, item.clone(), range)?));
    };
    let names = levels.entries().iter().map(|(key, _)| key.label().into()).collect();
    let columns: Vec<Item> = levels.entries().iter().map(|(_, column)| column.clone()).collect();
    Ok(RowLabels::new(names, tuples(e, &columns, rows(levels), range)?))
}

/// The distinct labels, in the order of the categories where there are some, else sorted.
fn by_category(
    e: &mut Evaluator<'_>,
    labels: &Labels,
    categories: Option<Item>,
    range: TextRange,
) -> Outcome<Levels> {
    let found = labels.sorted();
    let Some(categories) = categories else { return Ok(found) };
    let mut known = HashMap::new();
    for (place, category) in e.iterate(&categories, range)?.iter().enumerate() {
        known.insert(e.key(category, range)?, place);
    }
    let mut order = Vec::new();
    for (k, label) in e.iterate(&labels.take(&found.first), range)?.iter().enumerate() {
        let key = e.key(label, range)?;
        order.push((known.get(&key).copied(), k));
    }
    order.sort_unstable();
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &(_, k))| rank[k] = place);
    Ok(Levels {
        first: order.iter().map(|&(_, k)| found.first[k]).collect(),
        codes: found.codes.iter().map(|&code| rank[code]).collect(),
    })
}

/// `column.unstack(fill_value=...)`: the last of several labels of each row becomes the name of a column.
pub(super) fn unstacked(e: &mut Evaluator<'_>, column: &Labelled, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let [level, fill] = call.bind(["level", "fill_value"])?;
    let fill = fill.map_or(Ok(f64::NAN), |fill| e.float(&fill.item, "what is filled in", fill.range))?;
    let place = match level.map(|level| &level.item) {
        None => 1,
        Some(Item::Text(name)) => match column.rows.names.iter().position(|known| known == name) {
            Some(place) => place,
            None => return fault(range, format!("the index has no level `{name}`")),
        },
        Some(level) => usize::from(e.integer(level, "a level of the index", range)? != 0),
    };
    // The level that becomes columns, and the one that stays.
    let order = [1 - place.min(1), place.min(1)];
    let levels = label_columns(e, &column.rows, range)?;
    let (2, [first, last]) = (levels.len(), order.map(|k| levels.get(k).cloned())) else {
        return fault(range, "`.unstack` is of rows with two labels each");
    };
    let (Some(first), Some(last)) = (first, last) else {
        return fault(range, "`.unstack` is of rows with two labels each");
    };
    let numbers = column.values.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let labels = [&first.1, &last.1].map(|item| Argument { item: item.clone(), range });
    let (rows, names) = (Labels::new(e, &labels[0])?, Labels::new(e, &labels[1])?);
    let categories = |place: usize| column.rows.categories.get(place).cloned().flatten();
    let row = by_category(e, &rows, categories(order[0]), range)?;
    let name = by_category(e, &names, categories(order[1]), range)?;
    e.budget.elements(row.first.len().saturating_mul(name.first.len()), range)?;
    let mut cells = vec![vec![fill; row.first.len()]; name.first.len()];
    let mut count = 0;
    for ((&row, &name), &number) in row.codes.iter().zip(&name.codes).zip(&numbers) {
        cells[name][row] = number;
        count += 1;
    }
    let is_full = count == row.first.len() * name.first.len() || fill.fract() == 0.0;
    let kind = if is_full { column.values.kind() } else { Kind::Float };
    let index = RowLabels::new(vec![column.rows.names[order[0]].clone()], rows.take(&row.first));
    let mut out = Dict::with_labels(Some(Rc::new(index)));
    for (label, cells) in e.iterate(&names.take(&name.first), range)?.iter().zip(cells) {
        let count = cells.len();
        out.insert(e.key(label, range)?, Item::Series(Value::data(cells, vec![count], kind)), range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}
