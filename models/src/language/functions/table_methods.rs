//! Methods of tables and of labelled columns, as data frames and series have them.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};

use super::alignment::{column_for, is_column, of_table};
use super::columns::ranks;
use super::tables::{column, label_columns, labelled, row_labels, rows, take_rows, tuples, unlabelled};
use super::unique::{Labels, integers};
use super::{groups, pandas, random, table_columns};
use crate::language::error::{Outcome, fault, hint};
use crate::language::evaluate::{Argument, Call, Evaluator, Library};
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

/// A method of a table; `None` for others.
pub(super) fn method(
    e: &mut Evaluator<'_>,
    table: &Rc<Dict>,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let range = call.range;
    let count = rows(table);
    e.budget.work(count, range)?;
    let made = |dict: Dict| Ok(Some(Item::Table(Rc::new(dict))));
    if is_row(table) && !["to_dict", "drop", "rename", "isna", "notna", "transpose"].contains(&name) {
        return fault(
            range,
            format!(
                "a row with texts has no method `{name}` here: take its cells by name, as in `row[\"x\"]`"
            ),
        );
    }
    match name {
        "head" | "tail" => {
            let [n] = call.bind(["n"])?;
            let n = n.map_or(Ok(5), |n| e.integer(&n.item, "a number of rows", n.range))?;
            let kept =
                if n < 0 { count.saturating_sub(n.unsigned_abs() as usize) } else { count.min(n as usize) };
            let places: Vec<usize> =
                if name == "head" { (0..kept).collect() } else { (count - kept..count).collect() };
            made(take_rows(e, table, &places, range)?)
        }
        "sample" => {
            let [n, fraction, replace, weights, state] =
                call.bind(["n", "frac", "replace", "weights", "random_state"])?;
            if let Some(weights) = weights {
                return fault(weights.range, "rows are drawn without weights here");
            }
            let kept = match (n, fraction) {
                (Some(n), _) => e.integer(&n.item, "a number of rows", n.range)? as f64,
                (None, Some(part)) => {
                    (e.float(&part.item, "a part", part.range)? * count as f64).round_ties_even()
                }
                (None, None) => 1.0,
            };
            let replace = replace.map_or(Ok(false), |replace| e.truth(&replace.item, replace.range))?;
            if kept < 0.0 || (!replace && kept > count as f64) || (count == 0 && kept > 0.0) {
                return fault(range, format!("{kept} rows cannot be drawn of {count}"));
            }
            let kept = kept as usize;
            e.budget.elements(kept, range)?;
            let stream = random::stream_of(e, state, range)?;
            let generator = e.generator(stream, range)?;
            let places: Vec<usize> = match replace {
                true => (0..kept).map(|_| generator.bounded(count as u64 - 1) as usize).collect(),
                false => generator.subset(count, kept, true),
            };
            made(take_rows(e, table, &places, range)?)
        }
        "assign" => {
            let mut out = (**table).clone();
            for (name, argument) in &call.keywords {
                let whole = Item::Table(Rc::new(out.clone()));
                let item = match argument.item.is_callable() {
                    true => e.called(&argument.item, whole, argument.range)?,
                    false => argument.item.clone(),
                };
                let column = e.new_column(&out, item, argument.range)?;
                out.insert(Key::Text(name.as_str().into()), column, argument.range)?;
            }
            made(out)
        }
        "pipe" => {
            let Some(run) = call.positional.first().cloned() else {
                return fault(range, "`.pipe` takes a function of the table");
            };
            let mut inner = call.clone().with_receiver(Item::Table(table.clone()));
            inner.positional.remove(1);
            e.apply(&run.item, inner).map(Some)
        }
        "query" | "eval" => {
            let [condition, _engine] = call.bind(["expr", "engine"])?;
            let condition = call.required(condition, "expr")?;
            let text = e.text(condition, "a condition")?;
            if let ("eval", Some((column, expression))) = (name, assigned(&text)) {
                let item = e.evaluate_text(expression, table, false, condition.range)?;
                let mut out = (**table).clone();
                let item = e.new_column(&out, item, range)?;
                out.insert(Key::Text(column.into()), item, range)?;
                return made(out);
            }
            let item = e.evaluate_text(&text, table, false, condition.range)?;
            if name == "eval" {
                return Ok(Some(item));
            }
            let mask = e.item_value(&item, condition.range)?;
            let places = e.held(&mask, count, condition.range)?;
            made(take_rows(e, table, &places, range)?)
        }
        "dropna" => made(table_columns::without_missing(e, table, call)?),
        // As polars has it: `.drop("a", "b")`.
        "drop"
            if call.keywords.is_empty()
                && call.positional.iter().all(|a| matches!(a.item, Item::Text(_))) =>
        {
            let mut out = (**table).clone();
            for name in &call.positional {
                let text = e.text(name, "the name of a column")?;
                if !out.remove(&Key::Text(text.clone())) {
                    return fault(
                        name.range,
                        format!("there is no column `{text}`{}", hint(&text, table.names())),
                    );
                }
            }
            made(out)
        }
        "drop" => {
            let [labels, axis, index, columns] = call.bind(["labels", "axis", "index", "columns"])?;
            let by_label = labels.filter(|_| axis.is_none() && columns.is_none());
            if let Some(gone) = index.or(by_label) {
                let mut wanted = std::collections::HashSet::new();
                let gone_labels = match &gone.item {
                    Item::Text(_) => vec![gone.item.clone()],
                    Item::Number(value) if value.rank() == 0 => vec![gone.item.clone()],
                    several => e.iterate(several, gone.range)?,
                };
                for label in &gone_labels {
                    wanted.insert(e.key(label, gone.range)?);
                }
                let mut places = Vec::new();
                for (k, label) in e.iterate(&row_labels(table), range)?.iter().enumerate() {
                    if !wanted.contains(&e.key(label, range)?) {
                        places.push(k);
                    }
                }
                if places.len() == count && !wanted.is_empty() {
                    return fault(
                        gone.range,
                        "no row has these labels; columns are left out with `columns=`",
                    );
                }
                return made(take_rows(e, table, &places, range)?);
            }
            let by_column = columns.is_some()
                || axis.is_some_and(|axis| match &axis.item {
                    Item::Text(text) => &**text == "columns",
                    other => e.integer(other, "an axis", axis.range).is_ok_and(|axis| axis == 1),
                });
            if !by_column {
                return fault(range, "say what is left out: `.drop(columns=[...])` or `.drop(index=[...])`");
            }
            let wanted = call.required(columns.or(labels), "columns")?;
            let mut out = (**table).clone();
            let keys = match &wanted.item {
                single @ (Item::Text(_) | Item::Tuple(_)) => vec![single.clone()],
                Item::Number(value) if value.rank() == 0 => vec![wanted.item.clone()],
                several => e.iterate(several, wanted.range)?,
            };
            for key in keys {
                let key = e.key(&key, wanted.range)?;
                if !out.remove(&key) {
                    let name = key.label();
                    return fault(
                        wanted.range,
                        format!("there is no column `{name}`{}", hint(&name, table.names())),
                    );
                }
            }
            made(out)
        }
        "rename" => {
            let [columns, axis] = call.bind(["columns", "axis"])?;
            let _ = axis;
            let columns = call.required(columns, "columns")?;
            let mut out = Dict::with_labels(table.labels.clone());
            for (key, item) in table.entries() {
                let new = match &columns.item {
                    Item::Dict(names) => names.get(key).map_or_else(|| key.item(), Clone::clone),
                    function => e.called(function, key.item(), columns.range)?,
                };
                out.insert(e.key(&new, columns.range)?, item.clone(), range)?;
            }
            made(out)
        }
        "sort_values" => {
            let [by, ascending, _kind, ignore] = call.bind(["by", "ascending", "kind", "ignore_index"])?;
            let by = call.required(by, "by")?;
            let names = e.texts(by, "columns")?;
            let ascending: Vec<bool> = match ascending {
                Some(Argument { item: Item::List(each), range }) if each.items().len() == names.len() => {
                    each.items().iter().map(|one| e.truth(one, *range)).collect::<Outcome<_>>()?
                }
                Some(one) => vec![e.truth(&one.item, one.range)?; names.len()],
                None => vec![true; names.len()],
            };
            let mut places: Vec<usize> = (0..count).collect();
            for (name, ascending) in names.iter().zip(ascending).rev() {
                let column = e.column(table, name, by.range)?;
                let labels = Labels::in_order_of(e, &column, by.range)?;
                let compare =
                    |a: usize, b: usize| if ascending { labels.compare(a, b) } else { labels.compare(b, a) };
                places.sort_by(|&a, &b| {
                    labels.is_missing(a).cmp(&labels.is_missing(b)).then_with(|| compare(a, b))
                });
            }
            let mut out = take_rows(e, table, &places, range)?;
            if ignore.map_or(Ok(false), |i| e.truth(&i.item, i.range))? {
                out.labels = None;
            }
            made(out)
        }
        "sort_index" => {
            let counted = || Rc::new(RowLabels::new(Vec::new(), row_labels(table)));
            let places = in_order(e, &table.labels.clone().unwrap_or_else(counted), count, call)?;
            made(take_rows(e, table, &places, range)?)
        }
        "set_index" => {
            let [keys, drop] = call.bind(["keys", "drop"])?;
            let keys = call.required(keys, "keys")?;
            let drop = drop.map_or(Ok(true), |drop| e.truth(&drop.item, drop.range))?;
            // An array, or an index, is the labels themselves; a list names columns.
            let own = match keys.item.unlabelled() {
                labels @ Item::Texts(_) if labels.size() == count => Some(labels),
                Item::Number(labels) | Item::Series(labels) if labels.shape() == [count] => {
                    Some(Item::Number(labels))
                }
                _ => None,
            };
            if let Some(labels) = own {
                let mut out = (**table).clone();
                out.labels = Some(Rc::new(RowLabels::new(Vec::new(), labels)));
                return made(out);
            }
            let names = e.texts(keys, "columns")?;
            let mut out = (**table).clone();
            let mut columns = Vec::new();
            for name in &names {
                columns.push(e.column(table, name, keys.range)?);
                if drop {
                    out.remove(&Key::Text(name.as_str().into()));
                }
            }
            let labels = match columns.len() {
                1 => columns.remove(0),
                _ => tuples(e, &columns, count, range)?,
            };
            let names = names.iter().map(|name| name.as_str().into()).collect();
            out.labels = Some(Rc::new(RowLabels::new(names, labels)));
            made(out)
        }
        "reset_index" => {
            let [level, drop] = call.bind(["level", "drop"])?;
            if level.is_some_and(|level| !matches!(level.item, Item::None)) {
                let callee = e.written(Library::Pandas, "reset_levels", range)?;
                return e.apply(&callee, call.clone().with_receiver(Item::Table(table.clone()))).map(Some);
            }
            match drop.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))? {
                true => {
                    let mut out = (**table).clone();
                    out.labels = None;
                    made(out)
                }
                false if table.labels.is_none() => {
                    let name = if table.get_text("index").is_some() { "level_0" } else { "index" };
                    let places = (0..super::tables::rows(table)).map(|k| k as f64).collect::<Vec<_>>();
                    let count = places.len();
                    let mut out = Dict::default();
                    let places = Item::Series(Value::data(places, vec![count], Kind::Int));
                    out.insert(Key::Text(name.into()), places, range)?;
                    for (key, column) in table.entries() {
                        out.insert(key.clone(), column.clone(), range)?;
                    }
                    made(out)
                }
                false => made(unlabelled(e, table, range)?),
            }
        }
        "melt" => {
            let mut whole = call.alone(Item::Table(table.clone()));
            whole.positional.extend(call.positional.iter().cloned());
            whole.keywords = call.keywords.clone();
            let place = whole.keywords.iter().position(|(name, _)| name == "ignore_index");
            let ignore = place.map(|place| whole.keywords.remove(place).1);
            let molten = pandas::melted(e, &whole)?;
            let keeps = ignore.map_or(Ok(false), |ignore| e.truth(&ignore.item, ignore.range).map(|x| !x))?;
            let (true, Item::Table(long)) = (keeps, &molten) else { return Ok(Some(molten)) };
            // The labels of the rows, again for each column below another.
            let rows = rows(long);
            let places: Vec<usize> = (0..rows).map(|row| row % count.max(1)).collect();
            let own = super::take(e, &row_labels(table), &places, range)?;
            let names = table.labels.as_ref().map_or(Vec::new(), |labels| labels.names.clone());
            let mut out = (**long).clone();
            out.labels = Some(Rc::new(RowLabels::new(names, own)));
            made(out)
        }
        "select" | "with_columns" => super::polars::chosen(e, table, name, call).map(Some),
        "filter" => {
            let names = |argument: &Argument| matches!(argument.item, Item::List(_) | Item::Texts(_));
            let is_of_columns = call.positional.first().is_some_and(names)
                || call.keywords.iter().any(|(name, _)| ["items", "like", "regex"].contains(&name.as_str()));
            if !is_of_columns {
                return super::polars::filtered(e, table, call).map(Some);
            }
            let callee = e.written(Library::Pandas, name, range)?;
            e.apply(&callee, call.clone().with_receiver(Item::Table(table.clone()))).map(Some)
        }
        "get_column" => {
            let [name] = call.bind(["name"])?;
            let name = call.required(name, "name")?;
            let text = e.text(name, "the name of a column")?;
            e.column(table, &text, name.range).map(Some)
        }
        "to_pandas" | "lazy" | "collect" => Ok(Some(Item::Table(table.clone()))),
        "drop_nulls" => method(e, table, "dropna", &call.nothing()),
        "group_by" => groups::group(e, table, call).map(Some),
        "merge" => {
            let mut whole = call.alone(Item::Table(table.clone()));
            whole.positional.extend(call.positional.iter().cloned());
            whole.keywords = call.keywords.clone();
            super::joins::merge(e, &whole).map(Some)
        }
        "groupby" => groups::group(e, table, call).map(Some),
        "resample" => super::bins::resample(e, table, call).map(Some),
        "join" => super::joins::join(e, table, call).map(Some),
        "isna" | "isnull" | "notna" | "notnull" | "ffill" | "bfill" | "fillna" | "astype" | "replace"
        | "map" | "apply" | "transform" | "round" | "abs" => {
            let kinds = match (name, call.positional.first().map(|a| &a.item)) {
                ("astype" | "fillna", Some(Item::Dict(kinds))) => Some(kinds.clone()),
                // A number for each column, as `table.mean()` gives.
                ("fillna", Some(fill @ Item::Labelled(_))) => {
                    match super::method(e, fill, "to_dict", call.nothing())? {
                        Item::Dict(each) => Some(each),
                        _ => None,
                    }
                }
                ("replace", Some(Item::Dict(each)))
                    if each.entries().iter().all(|(_, item)| matches!(item, Item::Dict(_))) =>
                {
                    Some(each.clone())
                }
                ("replace", Some(Item::Dict(_))) => return table_columns::replaced(e, table, call).map(Some),
                ("apply" | "transform", Some(run)) => {
                    return by_column(e, table, run.clone(), call).map(Some);
                }
                _ => None,
            };
            let mut out = Dict::with_labels(table.labels.clone());
            for (key, column) in table.entries() {
                let mut inner = Call {
                    keywords: call.keywords.clone(),
                    positional: call.positional.clone(),
                    name: call.name.clone(),
                    range,
                };
                let changed = match &kinds {
                    Some(kinds) => match kinds.get(key) {
                        Some(kind) => {
                            inner.positional = vec![Argument { item: kind.clone(), range }];
                            super::method(e, column, name, inner)?
                        }
                        None => column.clone(),
                    },
                    None if name == "fillna" => {
                        let fills_texts =
                            matches!(call.positional.first().map(|a| &a.item), Some(Item::Text(_)));
                        match matches!(column, Item::Texts(_)) == fills_texts {
                            true => super::method(e, column, name, inner)?,
                            false => column.clone(),
                        }
                    }
                    None if matches!(column, Item::Texts(_))
                        && ["replace", "map", "round", "abs", "ffill", "bfill"].contains(&name) =>
                    {
                        column.clone()
                    }
                    None => super::method(e, column, name, inner)?,
                };
                out.insert(key.clone(), changed.bare().clone(), range)?;
            }
            made(out)
        }
        "iterrows" => {
            let [] = call.bind([])?;
            e.budget.work(count.saturating_mul(table.entries().len()), range)?;
            let labels = e.iterate(&row_labels(table), range)?;
            let mut columns = Vec::new();
            for (key, column) in table.entries() {
                let column = if matches!(column, Item::None) {
                    vec![Item::None; count]
                } else {
                    e.iterate(column, range)?
                };
                columns.push((key, column));
            }
            let mut out = Vec::with_capacity(count);
            for (k, label) in labels.into_iter().enumerate() {
                let mut row = Dict::default();
                for (key, column) in &columns {
                    row.insert((*key).clone(), column[k].clone(), range)?;
                }
                let row = match call.name.as_str() {
                    RECORDS => Item::Table(Rc::new(row)),
                    _ => row_of(row),
                };
                out.push(Item::Tuple(Sequence::new(vec![label, row], range)?));
            }
            Ok(Some(Item::List(Sequence::new(out, range)?)))
        }
        "drop_duplicates" | "duplicated" => {
            let [subset, keep] = call.bind(["subset", "keep"])?;
            let names = match subset {
                Some(subset) => e.texts(subset, "columns")?,
                None => table.names().map(str::to_owned).collect(),
            };
            let mut columns = Vec::new();
            for name in &names {
                columns.push(e.column(table, name, range)?);
            }
            let codes = groups::joint_codes(e, &columns, range)?;
            let mut seen = std::collections::HashSet::new();
            let is_first = |k: &usize| seen.insert(codes.codes[*k]);
            let places: Vec<usize> = match keep
                .map_or(Ok("first".into()), |k| e.text(k, "which is kept"))?
                .as_ref()
            {
                "first" => (0..count).filter(is_first).collect(),
                "last" => {
                    let mut places: Vec<usize> = (0..count).rev().filter(is_first).collect();
                    places.reverse();
                    places
                }
                other => {
                    return fault(range, format!("`keep` is \"first\" or \"last\" here, not \"{other}\""));
                }
            };
            if name == "drop_duplicates" {
                return made(take_rows(e, table, &places, range)?);
            }
            let mut again = vec![1.0; count];
            places.iter().for_each(|&place| again[place] = 0.0);
            let again = Item::Series(Value::data(again, vec![count], Kind::Bool));
            Ok(Some(of_table(table, &Key::Text("".into()), again)))
        }
        "to_dict" => {
            let [orient] = call.bind(["orient"])?;
            match orient.map(|orient| &orient.item) {
                Some(Item::Text(text)) if &**text == "list" => {
                    let mut out = Dict::default();
                    for (key, column) in table.entries() {
                        let items = e.iterate(column, range)?;
                        out.insert(key.clone(), Item::List(Sequence::new(items, range)?), range)?;
                    }
                    Ok(Some(Item::Dict(Rc::new(out))))
                }
                Some(Item::Text(text)) if &**text == "records" => {
                    let inner = Call { name: RECORDS.into(), ..call.nothing() };
                    let rows = method(e, table, "iterrows", &inner)?.unwrap_or(Item::None);
                    let mut records = Vec::with_capacity(count);
                    for pair in e.iterate(&rows, range)? {
                        if let Item::Table(row) = &e.iterate(&pair, range)?[1] {
                            records.push(Item::Dict(row.clone()));
                        }
                    }
                    Ok(Some(Item::List(Sequence::new(records, range)?)))
                }
                None => {
                    let labels = e.iterate(&row_labels(table), range)?;
                    let mut out = Dict::default();
                    for (key, column) in table.entries() {
                        let mut inner = Dict::default();
                        for (label, item) in labels.iter().zip(e.iterate(column, range)?) {
                            inner.insert(e.key(label, range)?, item, range)?;
                        }
                        out.insert(key.clone(), Item::Dict(inner.into()), range)?;
                    }
                    Ok(Some(Item::Dict(out.into())))
                }
                _ => fault(range, "`.to_dict` takes no `orient`, \"list\" or \"records\" here"),
            }
        }
        "value_counts" => {
            let names: Vec<Item> = table.names().map(Item::text).collect();
            let by = Item::List(Sequence::new(names, range)?);
            let [subset, normalize, sort] = call.bind(["subset", "normalize", "sort"])?;
            let grouped = groups::group(e, table, &call.alone(subset.map_or(by, |by| by.item.clone())))?;
            let mut counts = super::method(e, &grouped, "size", call.nothing())?;
            if sort.map_or(Ok(true), |sort| e.truth(&sort.item, sort.range))? {
                let mut inner = call.nothing();
                let descending = Argument { item: Item::truth(false), range };
                inner.keywords.push(("ascending".to_owned(), descending));
                counts = super::method(e, &counts, "sort_values", inner)?;
            }
            if normalize.map_or(Ok(false), |n| e.truth(&n.item, n.range))? {
                let total = super::method(e, &counts, "sum", call.nothing())?;
                counts = e.operation(ruff_python_ast::Operator::Div, &counts, &total, range)?;
            }
            Ok(Some(counts))
        }
        "transpose" => table_columns::transposed(e, table, range).map(Some),
        _ => table_columns::method(e, table, name, call),
    }
}

/// Names the call that makes rows to be dictionaries.
const RECORDS: &str = "records";

/// A row of a table: a column of its cells where these are numbers.
fn row_of(row: Dict) -> Item {
    let cell = |(_, item): &(Key, Item)| match item {
        Item::Number(value) if value.rank() == 0 => value.as_data().map(|x| (x[0], value.kind())),
        _ => None,
    };
    let cells: Option<Vec<(f64, Kind)>> = row.entries().iter().map(cell).collect();
    let names: Vec<String> = row.names().map(str::to_owned).collect();
    match cells {
        Some(cells) if names.len() == cells.len() && !cells.is_empty() => {
            let kind = cells.iter().map(|(_, kind)| *kind).max().unwrap_or(Kind::Float);
            let numbers = cells.iter().map(|(number, _)| *number).collect::<Vec<_>>();
            let count = numbers.len();
            labelled(Vec::new(), Item::Texts(names.into()), "", Value::data(numbers, vec![count], kind))
        }
        _ => Item::Table(Rc::new(row)),
    }
}

/// Whether a table is a row, whose cells are single texts and numbers.
fn is_row(table: &Dict) -> bool {
    let is_cell = |item: &Item| match item {
        Item::Text(_) | Item::None => true,
        Item::Number(value) => value.rank() == 0,
        _ => false,
    };
    !table.entries().is_empty() && table.entries().iter().all(|(_, item)| is_cell(item))
}

/// The name and the expression of `name = expression`.
fn assigned(text: &str) -> Option<(&str, &str)> {
    let (name, expression) = text.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !expression.starts_with('=')).then_some((name, expression.trim()))
}

/// `.sort_index(ascending=...)`: the rows in the order of their labels, the first of several first.
pub(super) fn in_order(
    e: &mut Evaluator<'_>,
    rows: &RowLabels,
    count: usize,
    call: &Call,
) -> Outcome<Vec<usize>> {
    let range = call.range;
    let [ascending] = call.bind(["ascending"])?;
    let ascending = ascending.map_or(Ok(true), |a| e.truth(&a.item, a.range))?;
    let mut places: Vec<usize> = (0..count).collect();
    for (_, column) in label_columns(e, rows, range)?.into_iter().rev() {
        let labels = Labels::new(e, &Argument { item: column, range })?;
        if labels.len() != count {
            let seen = labels.len();
            let message = format!(
                "the columns of the table differ in length: one has {count} rows, their labels {seen}"
            );
            return fault(range, message);
        }
        places.sort_by(|&a, &b| if ascending { labels.compare(a, b) } else { labels.compare(b, a) });
    }
    Ok(places)
}

/// Covariances or correlations of the rows of a matrix, or of their ranks, each of the elements that both rows have.
pub(super) fn pairwise(
    e: &mut Evaluator<'_>,
    matrix: &Item,
    correlation: bool,
    by_rank: bool,
    call: &Call,
) -> Outcome<Value> {
    let value = e.item_value(matrix, call.range)?;
    let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let &[n, count] = value.shape() else { return Ok(value) };
    if !by_rank && (n < 2 || !numbers.iter().any(|x| x.is_nan())) {
        let whole = super::statistics::covariance(e, &call.alone(matrix.clone()), correlation)?;
        return Ok(e.item_value(&whole, call.range)?.reshape(&[n, n]));
    }
    e.budget.work(n.saturating_mul(n).saturating_mul(count), call.range)?;
    let mut out = vec![f64::NAN; n * n];
    for i in 0..n {
        for j in i..n {
            let both = |k: &usize| !numbers[i * count + k].is_nan() && !numbers[j * count + k].is_nan();
            let places: Vec<usize> = (0..count).filter(both).collect();
            if places.len() < 2 {
                continue;
            }
            let mut pair = Vec::with_capacity(2 * places.len());
            for of in [i, j] {
                let own = Value::from(places.iter().map(|k| numbers[of * count + k]).collect::<Vec<_>>());
                let own = if by_rank { ranks(e, own, "average", call)? } else { own };
                pair.extend(own.as_data().map(|own| own.to_vec()).unwrap_or_default());
            }
            let pair = Item::Number(Value::data(pair, vec![2, places.len()], Kind::Float));
            let found = super::statistics::covariance(e, &call.alone(pair), correlation)?;
            let found = e.item_value(&found, call.range)?;
            let found = found.as_data().map_or(f64::NAN, |found| found[1]);
            (out[i * n + j], out[j * n + i]) = (found, found);
        }
    }
    Ok(Value::data(out, vec![n, n], Kind::Float))
}

/// `table.apply(run)` for each column, `table.apply(run, axis=1)` for each row.
fn by_column(e: &mut Evaluator<'_>, table: &Rc<Dict>, run: Item, call: &Call) -> Outcome<Item> {
    let [_, axis] = call.bind(["func", "axis"])?;
    let range = call.range;
    let by_row = axis.map_or(Ok(false), |axis| table_columns::is_columns(e, axis))?;
    if by_row {
        let rows = method(e, table, "iterrows", &call.nothing())?.unwrap_or(Item::None);
        let mut results = Vec::new();
        for pair in e.iterate(&rows, range)? {
            let pair = e.iterate(&pair, range)?;
            results.push(e.called(&run, pair[1].clone(), range)?);
        }
        let count = results.len();
        let results = column(e, Item::List(Sequence::new(results, range)?), count, range)?;
        return Ok(of_table(table, &Key::Text("".into()), results));
    }
    let mut out = Dict::with_labels(table.labels.clone());
    let labels = row_labels(table);
    for (key, column) in table.entries() {
        let made = e.called(&run, of_table(table, key, column.clone()), range)?;
        let made = if is_column(&made) { column_for(e, &made, &labels, range)? } else { made };
        out.insert(key.clone(), made, range)?;
    }
    if out.entries().iter().all(|(_, item)| matches!(item, Item::Number(value) if value.rank() == 0)) {
        let values: Vec<Item> = out.entries().iter().map(|(_, item)| item.clone()).collect();
        let values = e.item_value(&Item::List(Sequence::new(values, range)?), range)?;
        let labels = Item::Texts(out.names().map(str::to_owned).collect());
        return Ok(labelled(vec!["column".into()], labels, "apply", values));
    }
    Ok(Item::Table(Rc::new(out)))
}

/// Counts of the distinct elements of a column, most frequent first.
pub(super) fn value_counts(e: &mut Evaluator<'_>, owner: &Item, call: &Call) -> Outcome<Item> {
    let [normalize, sort, ascending] = call.bind(["normalize", "sort", "ascending"])?;
    let normalize = normalize.map_or(Ok(false), |n| e.truth(&n.item, n.range))?;
    let sort = sort.map_or(Ok(true), |sort| e.truth(&sort.item, sort.range))?;
    let ascending = ascending.map_or(Ok(false), |ascending| e.truth(&ascending.item, ascending.range))?;
    let labels = Labels::new(e, &Argument { item: owner.clone(), range: call.range })?;
    let found = labels.factorize();
    let mut counts = vec![0_usize; found.first.len()];
    found.codes.iter().for_each(|&code| counts[code] += 1);
    let mut places: Vec<usize> = (0..counts.len()).collect();
    if sort {
        places.sort_by_key(|&k| if ascending { counts[k] } else { usize::MAX - counts[k] });
    }
    let first: Vec<usize> = places.iter().map(|&k| found.first[k]).collect();
    let total = labels.len() as f64;
    let values = match normalize {
        true => Value::from(places.iter().map(|&k| counts[k] as f64 / total).collect::<Vec<_>>()),
        false => integers(places.iter().map(|&k| counts[k])),
    };
    Ok(labelled(Vec::new(), labels.take(&first), "count", values))
}

/// `column.apply(run)`: a function of each element.
pub(super) fn apply(e: &mut Evaluator<'_>, owner: &Item, call: &Call) -> Outcome<Item> {
    let [run] = call.bind(["func"])?;
    let run = call.required(run, "func")?;
    let mut results = Vec::new();
    for item in e.iterate(owner, call.range)? {
        results.push(e.called(&run.item, item, run.range)?);
    }
    let count = results.len();
    let size = |item: &Item| matches!(item, Item::List(_)).then(|| item.size());
    let lists = results.first().and_then(size);
    let whole = Item::List(Sequence::new(results, call.range)?);
    match (lists, &whole) {
        // Lists of different lengths are no array.
        (Some(first), Item::List(items))
            if items.items().iter().all(|item| size(item).is_some())
                && items.items().iter().any(|item| size(item) != Some(first)) =>
        {
            Ok(whole)
        }
        _ => column(e, whole, count, call.range),
    }
}
