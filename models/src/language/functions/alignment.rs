//! Columns whose rows have labels: they keep them where rows are taken, and meet by label, as those of pandas do.
//!
//! A column of numbers without labels has the labels 0, 1, 2, ...; arrays and lists have none, and go row by row.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::tables::{index_of, take};
use super::unique::Labels;
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Evaluator};
use crate::language::item::{Categorical, Dict, Indexed, Item, Key, Labelled, RowLabels, Sequence};

/// A column with labels of its rows, where it has a row for each.
pub(in crate::language) fn indexed(rows: &Rc<RowLabels>, name: &Rc<str>, column: Item) -> Item {
    let (rows, name) = (rows.clone(), name.clone());
    let counts_rows = matches!(rows.labels, Item::Range { start: 0, step: 1, .. });
    match column {
        Item::Series(values) if values.shape() == [rows.labels.size()] && !counts_rows => {
            Item::Labelled(Rc::new(Labelled { rows, name, values }))
        }
        Item::Texts(_) | Item::Categorical(_) | Item::Span(_) if column.size() == rows.labels.size() => {
            Item::Indexed(Rc::new(Indexed { rows, name, column }))
        }
        Item::Table(ref table)
            if table.labels.is_none() && !counts_rows && super::rows(table) == rows.labels.size() =>
        {
            let mut table = (**table).clone();
            table.labels = Some(rows);
            Item::Table(Rc::new(table))
        }
        other => other,
    }
}

/// A column of a table, with the labels of its rows. Numbers have the labels 0, 1, 2, ... without being told; texts that
/// have none are an array.
pub(in crate::language) fn of_table(table: &Dict, key: &Key, column: Item) -> Item {
    match (&table.labels, &column) {
        (_, Item::Table(_)) | (None, Item::Series(_) | Item::Number(_)) => column,
        (Some(rows), _) => indexed(rows, &key.label().into(), column),
        (None, _) => counted(super::rows(table), &key.label().into(), column),
    }
}

/// A column whose rows have the labels 0, 1, 2, ...
pub(super) fn counted(count: usize, name: &Rc<str>, column: Item) -> Item {
    let labels = Item::Range { start: 0, step: 1, count };
    indexed(&Rc::new(RowLabels::new(Vec::new(), labels)), name, column)
}

/// The elements of a column at some places, with the labels of their rows where these are not 0, 1, 2, ...
pub(in crate::language) fn chosen(
    e: &mut Evaluator<'_>,
    column: &Item,
    places: &[usize],
    range: TextRange,
) -> Outcome<Item> {
    let rows = take(e, column, places, range)?;
    if rows.rows().is_some() || places.iter().enumerate().all(|(k, &place)| k == place) {
        return Ok(rows);
    }
    let labels: Vec<f64> = places.iter().map(|&place| place as f64).collect();
    let labels = Item::Number(Value::data(labels, vec![places.len()], Kind::Int));
    Ok(indexed(&Rc::new(RowLabels::new(Vec::new(), labels)), &"".into(), rows))
}

/// A result of an operation on a column, with the column's labels where it has an element for each row.
pub(in crate::language) fn like(column: &Item, result: Item) -> Item {
    let (rows, name) = match column {
        Item::Labelled(labelled) => {
            if let Item::Series(values) = &result
                && values.shape() == [labelled.values.len()]
            {
                let (rows, name) = (labelled.rows.clone(), labelled.name.clone());
                return Item::Labelled(Rc::new(Labelled { rows, name, values: values.clone() }));
            }
            (&labelled.rows, &labelled.name)
        }
        Item::Indexed(indexed) => (&indexed.rows, &indexed.name),
        Item::Series(values) if values.len() == result.size() => {
            return counted(values.len(), &"".into(), result);
        }
        _ => return result,
    };
    indexed(rows, name, result)
}

/// A result that has an element for each row of a column, as a column with its labels.
pub(super) fn as_column(column: &Item, result: Item) -> Item {
    match result {
        Item::Number(value) if is_column(column) => like(column, Item::numbers(value, true)),
        other => like(column, other),
    }
}

/// Whether labels are the same, in the same order.
pub(in crate::language) fn is_same(
    e: &mut Evaluator<'_>,
    a: &Item,
    b: &Item,
    range: TextRange,
) -> Outcome<bool> {
    Ok(match (a, b) {
        _ if a.size() != b.size() => false,
        (Item::Range { start: a, step: s, .. }, Item::Range { start: b, step: t, .. }) => a == b && s == t,
        (Item::Texts(a), Item::Texts(b)) => a == b,
        (Item::Number(_) | Item::Range { .. }, Item::Number(_) | Item::Range { .. }) => {
            e.item_value(a, range)?.as_data() == e.item_value(b, range)?.as_data()
        }
        _ => keys(e, a, range)? == keys(e, b, range)?,
    })
}

fn keys(e: &mut Evaluator<'_>, labels: &Item, range: TextRange) -> Outcome<Vec<Key>> {
    e.iterate(labels, range)?.iter().map(|label| e.key(label, range)).collect()
}

/// Where the rows of some labels stand in a column: `None` for those that it does not have.
///
/// # Errors
///
/// Several rows of the column have the same label.
fn places_of(
    e: &mut Evaluator<'_>,
    own: &Item,
    labels: &Item,
    range: TextRange,
) -> Outcome<Vec<Option<usize>>> {
    let mut places = HashMap::new();
    for (place, key) in keys(e, own, range)?.into_iter().enumerate() {
        let label = key.display();
        if let Some(first) = places.insert(key, place) {
            return fault(
                range,
                format!(
                    "columns meet by label, but rows {first} and {place} are both labelled {label}: take `.values`"
                ),
            );
        }
    }
    Ok(keys(e, labels, range)?.iter().map(|key| places.get(key).copied()).collect())
}

/// The column for rows of other labels, without them: NaN, or a missing text, for those that it does not have.
///
/// # Errors
///
/// Several rows of the column have the same label.
pub(in crate::language) fn column_for(
    e: &mut Evaluator<'_>,
    column: &Item,
    labels: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let bare = column.unlabelled();
    let own = index_of(column);
    if is_same(e, &own, labels, range)? {
        return Ok(bare);
    }
    let places = places_of(e, &own, labels, range)?;
    let count = places.len();
    let gathered = |value: &Value| {
        let kind = if places.contains(&None) { Kind::Float } else { value.kind() };
        let numbers = value.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
        let number = |place: &Option<usize>| place.and_then(|place| numbers.get(place).copied());
        let found: Vec<f64> = places.iter().map(|place| number(place).unwrap_or(f64::NAN)).collect();
        Value::data(found, vec![count], kind)
    };
    Ok(match &bare {
        Item::Texts(texts) => {
            e.budget.texts(count, range)?;
            let text = |place: &Option<usize>| place.map_or(MISSING_TEXT.to_owned(), |k| texts[k].clone());
            Item::Texts(places.iter().map(text).collect())
        }
        Item::Categorical(categorical) => {
            let codes = gathered(&categorical.codes);
            let absent = codes.unary(chainfire_kernels::tape::Unary::IsNan);
            let codes = absent.select(&Value::from(-1_i64), &codes).with_kind(Kind::Int);
            let categories = categorical.categories.clone();
            Item::Categorical(Rc::new(Categorical { codes: e.finish_value(codes, range)?, categories }))
        }
        Item::Span(span) => Item::Span(gathered(span)),
        other => Item::Series(gathered(&e.item_value(other, range)?)),
    })
}

/// The numbers of a column for other labels: NaN for those that it does not have.
pub(in crate::language) fn reindexed(
    e: &mut Evaluator<'_>,
    column: &Item,
    labels: &Item,
    range: TextRange,
) -> Outcome<Value> {
    let column = column_for(e, column, labels, range)?;
    e.item_value(&column, range)
}

/// A column as an array for the rows of another: it meets them by label where it has labels.
pub(super) fn beside(e: &mut Evaluator<'_>, rows: &Item, other: &Item, range: TextRange) -> Outcome<Item> {
    if !is_column(rows) || !is_column(other) {
        return Ok(other.bare().clone());
    }
    Ok(match column_for(e, other, &index_of(rows), range)? {
        Item::Series(values) => Item::Number(values),
        other => other,
    })
}

/// Whether an item is a column whose rows have labels, if only 0, 1, 2, ...
pub(super) fn is_column(item: &Item) -> bool {
    match item {
        Item::Series(values) => values.rank() == 1,
        other => other.rows().is_some(),
    }
}

/// Whether two items are columns whose rows have other labels.
pub(in crate::language) fn differ(
    e: &mut Evaluator<'_>,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<bool> {
    match (left, right) {
        (Item::Series(a), Item::Series(b)) => Ok(a.rank() == 1 && b.rank() == 1 && a.len() != b.len()),
        _ if !is_column(left) || !is_column(right) => Ok(false),
        _ if matches!((left.rows(), right.rows()), (Some(a), Some(b)) if Rc::ptr_eq(a, b)) => Ok(false),
        _ => Ok(!is_same(e, &index_of(left), &index_of(right), range)?),
    }
}

/// Two columns of the same labels, those of either in order, where theirs differ; `None` where they agree.
pub(in crate::language) fn aligned(
    e: &mut Evaluator<'_>,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Option<(Item, Item)>> {
    if !differ(e, left, right, range)? {
        return Ok(None);
    }
    let names = left.rows().or(right.rows()).map_or_else(Vec::new, |rows| rows.names.clone());
    let labels = all_labels(e, &[index_of(left), index_of(right)], true, range)?;
    let (a, b) = (column_for(e, left, &labels, range)?, column_for(e, right, &labels, range)?);
    let rows = Rc::new(RowLabels::new(names, labels));
    Ok(Some((indexed(&rows, &"".into(), a), indexed(&rows, &"".into(), b))))
}

/// The labels that any of several has, once each: in order, or as they appear.
pub(super) fn all_labels(
    e: &mut Evaluator<'_>,
    several: &[Item],
    is_sorted: bool,
    range: TextRange,
) -> Outcome<Item> {
    let mut all = Vec::new();
    for labels in several {
        all.extend(e.iterate(labels, range)?);
    }
    let all = Argument { item: Item::List(Sequence::new(all, range)?), range };
    let all = Labels::new(e, &all)?;
    let levels = if is_sorted { all.sorted() } else { all.factorize() };
    Ok(all.take(&levels.first))
}
