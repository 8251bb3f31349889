//! Tables joined by keys: `pd.merge(left, right, on=...)`, `left.join(right)`.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::tables::{row_labels, rows, take, tuples};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, RowLabels};

/// One of the two tables, and what its rows are found by.
struct Side<'t> {
    table: &'t Rc<Dict>,
    /// Names of the columns; none where rows are found by their labels.
    names: Vec<String>,
    by_label: bool,
    suffix: Rc<str>,
}

/// `pd.merge(left, right, how="inner" or "left", on=..., left_on=..., right_on=..., ...)`
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
        Item::Table(table) => Ok(table.clone()),
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
    if !matches!(how, "inner" | "left") {
        return fault(range, format!("`how` is inner, left or right here, not \"{how}\""));
    }
    let (left_keys, right_keys) = (keys(e, left, range)?, keys(e, right, range)?);
    let mut places: HashMap<&Key, Vec<usize>> = HashMap::new();
    right_keys.iter().enumerate().for_each(|(k, key)| places.entry(key).or_default().push(k));
    let (mut kept, mut matched) = (Vec::new(), Vec::new());
    for (k, key) in left_keys.iter().enumerate() {
        let found = places.get(key);
        e.budget.steps(1 + found.map_or(0, Vec::len), range)?;
        match found {
            Some(found) => found.iter().for_each(|&place| {
                kept.push(k);
                matched.push(Some(place));
            }),
            None if how == "left" => {
                kept.push(k);
                matched.push(None);
            }
            None => {}
        }
    }
    let is_common = |name: &str| left.names.iter().zip(&right.names).any(|(a, b)| a == b && a == name);
    let mut out = Dict::default();
    // Labels stay where rows are found by them.
    if left.by_label || right.by_label {
        let labels = take(e, &row_labels(left.table), &kept, range)?;
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
        out.insert(name, take(e, column, &kept, range)?, range)?;
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
    let Some(numbers) = column.as_value().and_then(|value| value.as_data()) else {
        let message =
            "the right table has no row for some keys, and texts cannot be missing: use `how=\"inner\"`";
        return fault(range, message);
    };
    e.budget.elements(places.len(), range)?;
    let numbers: Vec<f64> =
        places.iter().map(|place| place.map_or(f64::NAN, |place| numbers[place])).collect();
    let shape = vec![numbers.len()];
    Ok(Item::Series(Value::data(numbers, shape, Kind::Float)))
}
