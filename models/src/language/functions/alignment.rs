//! Columns whose rows have labels: they keep them where rows are taken, and meet by label, as those of pandas do.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::tables::{index_of, labelled, take, with_rows};
use super::unique::Labels;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Evaluator};
use crate::language::item::{Item, Key, Labelled, RowLabels, Sequence};

/// The elements of a column at some places, with the labels of their rows where these are not 0, 1, 2, ...
pub(in crate::language) fn chosen(
    e: &mut Evaluator<'_>,
    column: &Item,
    places: &[usize],
    range: TextRange,
) -> Outcome<Item> {
    let rows = take(e, column, places, range)?;
    match rows {
        Item::Series(values) if places.iter().enumerate().any(|(k, &place)| k != place) => {
            let labels: Vec<f64> = places.iter().map(|&place| place as f64).collect();
            let labels = Item::Number(Value::data(labels, vec![places.len()], Kind::Int));
            Ok(labelled(Vec::new(), labels, "", values))
        }
        rows => Ok(rows),
    }
}

/// A result of an operation on a column, with the column's labels where it has a number for each row.
pub(in crate::language) fn like(column: &Item, result: Item) -> Item {
    match (column, &result) {
        (Item::Labelled(like), Item::Series(values)) if values.len() == like.values.len() => {
            let (rows, name) = (like.rows.clone(), like.name.clone());
            Item::Labelled(Rc::new(Labelled { rows, name, values: values.clone() }))
        }
        _ => result,
    }
}

/// Whether labels are the same, in the same order.
pub(super) fn is_same(e: &mut Evaluator<'_>, a: &Item, b: &Item, range: TextRange) -> Outcome<bool> {
    Ok(match (a, b) {
        _ if a.size() != b.size() => false,
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

/// The numbers of a column for other labels: NaN for those that it does not have.
///
/// # Errors
///
/// Several rows of the column have the same label.
pub(in crate::language) fn reindexed(
    e: &mut Evaluator<'_>,
    column: &Item,
    labels: &Item,
    range: TextRange,
) -> Outcome<Value> {
    let values = e.item_value(column, range)?;
    let own = index_of(column);
    if is_same(e, &own, labels, range)? {
        return Ok(values);
    }
    let mut places = HashMap::new();
    for (place, key) in keys(e, &own, range)?.into_iter().enumerate() {
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
    let places: Vec<Option<usize>> =
        keys(e, labels, range)?.iter().map(|key| places.get(key).copied()).collect();
    let kind = if places.contains(&None) { Kind::Float } else { values.kind() };
    let numbers = values.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let found: Vec<f64> = places
        .iter()
        .map(|place| place.and_then(|place| numbers.get(place).copied()).unwrap_or(f64::NAN))
        .collect();
    let count = found.len();
    Ok(Value::data(found, vec![count], kind))
}

/// Two columns of the same labels, those of either in order, where theirs differ; `None` where they agree.
///
/// A column without labels beside one as long goes row by row.
pub(in crate::language) fn aligned(
    e: &mut Evaluator<'_>,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Option<(Item, Item)>> {
    let names = match (left, right) {
        (Item::Labelled(a), Item::Labelled(b)) if Rc::ptr_eq(&a.rows, &b.rows) => return Ok(None),
        (Item::Labelled(a), Item::Labelled(_)) => a.rows.names.clone(),
        (Item::Labelled(a), Item::Series(b)) | (Item::Series(b), Item::Labelled(a))
            if a.values.len() != b.len() && b.rank() == 1 =>
        {
            a.rows.names.clone()
        }
        _ => return Ok(None),
    };
    let (a, b) = (index_of(left), index_of(right));
    if is_same(e, &a, &b, range)? {
        return Ok(None);
    }
    let mut all = e.iterate(&a, range)?;
    all.extend(e.iterate(&b, range)?);
    let all = Argument { item: Item::List(Sequence::new(all, range)?), range };
    let all = Labels::new(e, &all)?;
    let labels = all.take(&all.sorted().first);
    let (a, b) = (reindexed(e, left, &labels, range)?, reindexed(e, right, &labels, range)?);
    let rows = Rc::new(RowLabels::new(names, labels));
    Ok(Some((with_rows(&rows, a), with_rows(&rows, b))))
}
