//! Tables joined by keys: `pd.merge(left, right, on=...)`, `left.join(right)`.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::groups::joint_codes;
use super::tables::{check_rows, row_labels, rows, take, tuples};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

/// One of the two tables, and what its rows are found by.
struct Side<'t> {
    table: &'t Rc<Dict>,
    /// Names of the columns; none where rows are found by their labels.
    names: Vec<String>,
    by_label: bool,
    suffix: Rc<str>,
}

/// `pd.merge(left, right, how="inner", "left", "right" or "outer", on=..., left_on=..., right_on=..., ...)`
pub(super) fn merge(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [left, right, how, on, left_on, right_on, left_index, right_index, _sort, suffixes, _, _, validate] =
        call.bind([
            "left",
            "right",
            "how",
            "on",
            "left_on",
            "right_on",
            "left_index",
            "right_index",
            "sort",
            "suffixes",
            "copy",
            "indicator",
            "validate",
        ])?;
    let _ = validate;
    let range = call.range;
    let (left, right) = (call.required(left, "left")?, call.required(right, "right")?);
    let right = as_table(right)?;
    let left = as_table(left)?;
    let is_set = |e: &mut Evaluator<'_>, flag: Option<&Argument>| {
        flag.map_or(Ok(false), |flag| e.truth(&flag.item, flag.range))
    };
    let (left_index, right_index) = (is_set(e, left_index)?, is_set(e, right_index)?);
    let is_given = |argument: &&Argument| !matches!(argument.item, Item::None);
    let (on, left_on, right_on) = (on.filter(is_given), left_on.filter(is_given), right_on.filter(is_given));
    let mut named = |on: Option<&Argument>, by_label: bool| match on {
        Some(on) => e.texts(on, "columns"),
        None if by_label => Ok(Vec::new()),
        None => Ok(left.names().filter(|name| right.get_text(name).is_some()).map(str::to_owned).collect()),
    };
    let names = [named(left_on.or(on), left_index)?, named(right_on.or(on), right_index)?];
    let suffixes = match suffixes {
        Some(suffixes) => e.texts(suffixes, "suffixes")?,
        None => vec!["_x".into(), "_y".into()],
    };
    let [first, second] = &*suffixes else { return fault(range, "there are two suffixes") };
    let [left_names, right_names] = names;
    let left = Side { table: &left, names: left_names, by_label: left_index, suffix: first.as_str().into() };
    let right =
        Side { table: &right, names: right_names, by_label: right_index, suffix: second.as_str().into() };
    let how = how.map_or(Ok("inner".into()), |how| e.text(how, "`how`"))?;
    joined(e, &left, &right, &how, range)
}

/// `left.join(right, on=..., how="left")`: rows of the right table by their labels.
pub(super) fn join(e: &mut Evaluator<'_>, table: &Rc<Dict>, call: &Call) -> Outcome<Item> {
    let [other, on, how, left_suffix, right_suffix] =
        call.bind(["other", "on", "how", "lsuffix", "rsuffix"])?;
    let other = as_table(call.required(other, "other")?)?;
    let suffix = |argument: Option<&Argument>| argument.map_or(Ok("".into()), |a| e.text(a, "a suffix"));
    let suffixes = [suffix(left_suffix)?, suffix(right_suffix)?];
    let on = on.filter(|on| !matches!(on.item, Item::None));
    let names = on.map_or(Ok(Vec::new()), |on| e.texts(on, "columns"))?;
    let [first, second] = suffixes;
    let left = Side { table, by_label: names.is_empty(), names, suffix: first };
    let right = Side { table: &other, names: Vec::new(), by_label: true, suffix: second };
    let how = how.map_or(Ok("left".into()), |how| e.text(how, "`how`"))?;
    joined(e, &left, &right, &how, call.range)
}

/// A table, or a column with labels as a table of one column.
fn as_table(argument: &Argument) -> Outcome<Rc<Dict>> {
    match &argument.item {
        Item::Table(table) => {
            check_rows(table, argument.range)?;
            Ok(table.clone())
        }
        Item::Labelled(labelled) => {
            let mut table = Dict::with_labels(Some(labelled.rows.clone()));
            let column = Item::Series(labelled.values.clone());
            table.insert(Key::Text(labelled.name.clone()), column, argument.range)?;
            Ok(table.into())
        }
        other => fault(argument.range, format!("tables are joined here, not {}", other.describe())),
    }
}

fn keys(e: &mut Evaluator<'_>, side: &Side<'_>, range: TextRange) -> Outcome<Vec<Key>> {
    let labels = match side.by_label {
        true => row_labels(side.table),
        false => {
            let mut columns = Vec::new();
            for name in &side.names {
                columns.push(e.column(side.table, name, range)?);
            }
            match columns.len() {
                0 => return fault(range, "the tables have no column in common: name the keys with `on`"),
                1 => columns.remove(0),
                _ => tuples(e, &columns, rows(side.table), range)?,
            }
        }
    };
    e.iterate(&labels, range)?.iter().map(|label| e.key(label, range)).collect()
}

fn joined(
    e: &mut Evaluator<'_>,
    left: &Side<'_>,
    right: &Side<'_>,
    how: &str,
    range: TextRange,
) -> Outcome<Item> {
    if how == "right" {
        return joined(e, right, left, "left", range);
    }
    if !matches!(how, "inner" | "left" | "outer") {
        return fault(range, format!("`how` is inner, left, right or outer here, not \"{how}\""));
    }
    let (left_keys, right_keys) = (keys(e, left, range)?, keys(e, right, range)?);
    let mut places: HashMap<&Key, Vec<usize>> = HashMap::new();
    right_keys.iter().enumerate().for_each(|(k, key)| places.entry(key).or_default().push(k));
    let mut pairs: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    let mut is_matched = vec![false; right_keys.len()];
    for (k, key) in left_keys.iter().enumerate() {
        let found = places.get(key);
        e.budget.steps(1 + found.map_or(0, Vec::len), range)?;
        match found {
            Some(found) => found.iter().for_each(|&place| {
                pairs.push((Some(k), Some(place)));
                is_matched[place] = true;
            }),
            None if how == "inner" => {}
            None => pairs.push((Some(k), None)),
        }
    }
    if how == "outer" {
        e.budget.steps(right_keys.len(), range)?;
        pairs.extend((0..right_keys.len()).filter(|&k| !is_matched[k]).map(|k| (None, Some(k))));
        in_order_of_keys(e, left, right, &mut pairs, range)?;
    }
    let (kept, matched): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let is_common = |name: &str| left.names.iter().zip(&right.names).any(|(a, b)| a == b && a == name);
    let mut out = Dict::default();
    // Labels stay where rows are found by them.
    if left.by_label || right.by_label {
        let labels = either(e, &row_labels(left.table), &kept, &row_labels(right.table), &matched, range)?;
        let names = left.table.labels.as_ref().map_or_else(Vec::new, |rows| rows.names.clone());
        out.labels = Some(Rc::new(RowLabels::new(names, labels)));
    }
    let renamed = |key: &Key, other: &Dict, suffix: &str| match key {
        Key::Text(name) if !is_common(name) && other.get(key).is_some() => {
            Key::Text(format!("{name}{suffix}").into())
        }
        other => other.clone(),
    };
    for (key, column) in left.table.entries() {
        let name = renamed(key, right.table, &left.suffix);
        let column = match right.table.get(key) {
            Some(other) if matches!(key, Key::Text(name) if is_common(name)) => {
                either(e, column, &kept, other, &matched, range)?
            }
            _ => found(e, column, &kept, range)?,
        };
        out.insert(name, column, range)?;
    }
    for (key, column) in right.table.entries() {
        if matches!(key, Key::Text(name) if is_common(name)) {
            continue;
        }
        let name = renamed(key, left.table, &right.suffix);
        if out.get(&name).is_some() {
            return fault(range, format!("both tables have a column {}: rename one", key.display()));
        }
        out.insert(name, found(e, column, &matched, range)?, range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// The elements of a column at places; a missing number where there is none.
fn found(e: &mut Evaluator<'_>, column: &Item, places: &[Option<usize>], range: TextRange) -> Outcome<Item> {
    if let Some(places) = places.iter().copied().collect::<Option<Vec<usize>>>() {
        return take(e, column, &places, range);
    }
    if let Item::Texts(texts) = column {
        e.budget.texts(places.len(), range)?;
        let text = |place: &Option<usize>| place.map_or(MISSING_TEXT, |place| &texts[place]).to_owned();
        return Ok(Item::Texts(places.iter().map(text).collect()));
    }
    let value = e.item_value(column, range)?;
    let numbers = value.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
    e.budget.elements(places.len(), range)?;
    let numbers: Vec<f64> =
        places.iter().map(|place| place.map_or(f64::NAN, |place| numbers[place])).collect();
    let shape = vec![numbers.len()];
    Ok(Item::Series(Value::data(numbers, shape, Kind::Float)))
}

/// The elements of a column at places, those of another where there is none.
fn either(
    e: &mut Evaluator<'_>,
    left: &Item,
    kept: &[Option<usize>],
    right: &Item,
    matched: &[Option<usize>],
    range: TextRange,
) -> Outcome<Item> {
    if let Some(kept) = kept.iter().copied().collect::<Option<Vec<usize>>>() {
        return take(e, left, &kept, range);
    }
    let (left, right) = (e.iterate(left, range)?, e.iterate(right, range)?);
    let items = kept.iter().zip(matched).filter_map(|(&kept, &matched)| {
        kept.map(|place| left[place].clone()).or_else(|| matched.map(|place| right[place].clone()))
    });
    let items = Item::List(Sequence::new(items.collect(), range)?);
    super::column(e, items, kept.len(), range)
}

/// Sorts pairs of rows by their keys.
fn in_order_of_keys(
    e: &mut Evaluator<'_>,
    left: &Side<'_>,
    right: &Side<'_>,
    pairs: &mut Vec<(Option<usize>, Option<usize>)>,
    range: TextRange,
) -> Outcome<()> {
    let (kept, matched): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let mut columns = Vec::new();
    let of_labels = [(row_labels(left.table), row_labels(right.table))];
    let of_columns = left.names.iter().zip(&right.names).map(|(a, b)| {
        (
            left.table.get_text(a).cloned().unwrap_or(Item::None),
            right.table.get_text(b).cloned().unwrap_or(Item::None),
        )
    });
    let sides: Vec<(Item, Item)> =
        if left.by_label || right.by_label { of_labels.to_vec() } else { of_columns.collect() };
    for (a, b) in &sides {
        columns.push(either(e, a, &kept, b, &matched, range)?);
    }
    let codes = joint_codes(e, &columns, range)?.codes;
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&k| codes[k]);
    *pairs = order.into_iter().map(|k| pairs[k]).collect();
    Ok(())
}
