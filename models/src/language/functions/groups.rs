//! Tables in groups: `table.groupby("county")["y"].mean()`, `.size()`, `.transform("mean")`, `.ngroup()`.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::aggregate;
use super::alignment::{column_for, indexed, is_column, of_table};
use super::bins;
use super::tables::{label_columns, row_labels, rows, take, take_rows, tuples, unlabelled};
use super::unique::{Labels, Levels, integers};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault, hint};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Grouped, Item, Key, RowLabels, Sequence};

/// Methods that make one number of each group.
const SUMMARIES: &[&str] = &[
    "mean", "sum", "std", "var", "min", "max", "median", "count", "nunique", "first", "last", "prod", "any",
    "all", "sem",
];

/// Labels of rows by several columns, sorted; the first row that has each.
pub(super) fn joint_codes(e: &mut Evaluator<'_>, columns: &[Item], range: TextRange) -> Outcome<Levels> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    for column in columns {
        let column = match column {
            Item::Categorical(categorical) => Item::Number(categorical.codes.clone()),
            other => other.clone(),
        };
        let labels = Labels::new(e, &Argument { item: column, range })?;
        e.budget.work(labels.len().saturating_mul(2), range)?;
        if let Labels::Numbers(value) = &labels {
            e.complete(value, range)?;
        }
        all.push(labels.sorted().codes);
    }
    let count = all.first().map_or(0, Vec::len);
    if all.iter().any(|codes| codes.len() != count) {
        return fault(range, "the columns to group by have different lengths");
    }
    let row = |k: usize| all.iter().map(|codes| codes[k]).collect::<Vec<_>>();
    let mut known: Vec<(Vec<usize>, usize)> = Vec::new();
    let mut seen = HashMap::new();
    for k in 0..count {
        seen.entry(row(k)).or_insert_with(|| known.push((row(k), k)));
    }
    known.sort();
    let place: HashMap<&Vec<usize>, usize> = known.iter().enumerate().map(|(i, (row, _))| (row, i)).collect();
    let codes = (0..count).map(|k| place.get(&row(k)).copied().unwrap_or(0)).collect();
    Ok(Levels { first: known.iter().map(|(_, k)| *k).collect(), codes })
}

/// `table.groupby(by)`
pub(super) fn group(e: &mut Evaluator<'_>, table: &Rc<Dict>, call: &Call) -> Outcome<Item> {
    let [by, as_index, sort, observed, dropna, _keys, level] =
        call.bind(["by", "as_index", "sort", "observed", "dropna", "group_keys", "level"])?;
    let index = level.map(|level| index_level(e, &labels_of(table), level)).transpose()?;
    let by = match &index {
        Some(index) => index,
        None => call.required(by, "by")?,
    };
    let flat = !as_index.map_or(Ok(true), |a| e.truth(&a.item, a.range))?;
    let is_sorted = sort.map_or(Ok(true), |sort| e.truth(&sort.item, sort.range))?;
    if let Some(grouper) = bins::of_grouper(&by.item) {
        return bins::grouped(e, table, grouper, call);
    }
    let keys = match &by.item {
        Item::List(_) | Item::Tuple(_) => e.iterate(&by.item, by.range)?,
        one => vec![one.clone()],
    };
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for key in keys {
        match key {
            // The name of a level of the index.
            Item::Text(name)
                if table.get_text(&name).is_none()
                    && let Some(rows) = table.labels.clone().filter(|rows| rows.names.contains(&name)) =>
            {
                let level = Argument { item: Item::Text(name.clone()), range: by.range };
                columns.push(index_level(e, &rows, &level)?.item);
                names.push(name);
            }
            Item::Text(name) => {
                columns.push(e.column(table, &name, by.range)?);
                names.push(name);
            }
            key => {
                let (name, column) = match bins::of_grouper(&key) {
                    Some(grouper) => bins::labelled_rows(e, table, grouper, call)?,
                    None => ("key".into(), key),
                };
                columns.push(match is_column(&column) {
                    true => column_for(e, &column, &row_labels(table), by.range)?,
                    false => column.unlabelled(),
                });
                names.push(name);
            }
        }
    }
    if let Some(observed) = observed.filter(|_| !names.is_empty())
        && !e.truth(&observed.item, observed.range)?
    {
        all_observed(e, &columns, observed.range)?;
    }
    // Rows without a label are in no group.
    let mut table = table;
    let kept;
    let mut all = None;
    if let Some(places) =
        with_labels(e, &columns, by.range)?.filter(|places| places.iter().all(|k| *k < rows(table)))
    {
        if let Some(dropna) = dropna
            && !e.truth(&dropna.item, dropna.range)?
        {
            return fault(
                dropna.range,
                "rows without a label make no group of their own here: fill the missing labels first",
            );
        }
        all = Some(row_labels(table));
        kept = Rc::new(take_rows(e, table, &places, by.range)?);
        table = &kept;
        for column in &mut columns {
            *column = take(e, column, &places, by.range)?;
        }
    }
    let mut levels = joint_codes(e, &columns, by.range)?;
    if !is_sorted {
        levels = by_appearance(levels);
    }
    if levels.codes.len() != rows(table) {
        return fault(by.range, format!("{} labels for a table of {} rows", levels.codes.len(), rows(table)));
    }
    let mut firsts = Vec::new();
    for column in &columns {
        let column = match column {
            Item::Categorical(categorical) => {
                let places: Vec<usize> = categorical
                    .codes
                    .as_data()
                    .map_or(Vec::new(), |codes| codes.iter().map(|&c| c.max(0.0) as usize).collect());
                take(e, &categorical.categories, &places, by.range)?
            }
            other => other.clone(),
        };
        firsts.push(take(e, &column, &levels.first, by.range)?);
    }
    let count = levels.first.len();
    let labels = match firsts.len() {
        1 => firsts.remove(0),
        _ => tuples(e, &firsts, count, call.range)?,
    };
    let labels = match labels {
        Item::Series(value) => Item::Number(value),
        other => other,
    };
    let mut rest = (**table).clone();
    for name in &names {
        rest.remove(&Key::Text(name.clone()));
    }
    let category = |column: &Item| match column {
        Item::Categorical(categorical) => Some(categorical.categories.clone()),
        _ => None,
    };
    let categories = columns.iter().map(category).collect();
    let rows = Rc::new(RowLabels { names, labels, categories });
    Ok(Item::Grouped(Rc::new(Grouped {
        columns: Rc::new(rest),
        whole: table.clone(),
        single: false,
        codes: levels.codes,
        rows,
        flat,
        all,
        listed: matches!(by.item, Item::List(_)),
    })))
}

/// Refuses keys with categories that no row has, which would be groups without rows.
fn all_observed(e: &mut Evaluator<'_>, keys: &[Item], range: TextRange) -> Outcome<()> {
    for column in keys {
        let Item::Categorical(categorical) = column else { continue };
        let codes = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
        let seen: std::collections::HashSet<u64> = codes.iter().map(|code| code.to_bits()).collect();
        let names = e.iterate(&categorical.categories, range)?;
        if let Some(name) = (0..names.len()).find(|&k| !seen.contains(&(k as f64).to_bits())) {
            let message = format!(
                "no row has the category {}, and groups without rows are left out here: `observed=True`",
                names[name].describe()
            );
            return fault(range, message);
        }
    }
    Ok(())
}

/// The rows of which no key column misses its label; `None` where that is all of them.
fn with_labels(e: &mut Evaluator<'_>, keys: &[Item], range: TextRange) -> Outcome<Option<Vec<usize>>> {
    let mut present: Option<Vec<usize>> = None;
    for column in keys {
        let labels = match column {
            Item::Texts(_) | Item::Series(_) | Item::Labelled(_) => {
                Labels::new(e, &Argument { item: column.clone(), range })?
            }
            Item::Categorical(categorical) => Labels::Numbers(categorical.codes.clone()),
            _ => continue,
        };
        let is_absent = |k: &usize| {
            labels.is_missing(*k)
                || matches!((column, &labels), (Item::Categorical(_), Labels::Numbers(codes)) if codes.as_data().is_some_and(|codes| codes[*k] < 0.0))
        };
        if (0..labels.len()).any(|k| is_absent(&k)) {
            let before = present.take().unwrap_or_else(|| (0..labels.len()).collect());
            present = Some(before.into_iter().filter(|k| *k < labels.len() && !is_absent(k)).collect());
        }
    }
    Ok(present)
}

/// Groups in the order in which their first rows stand.
fn by_appearance(levels: Levels) -> Levels {
    let mut order: Vec<usize> = (0..levels.first.len()).collect();
    order.sort_by_key(|&group| levels.first[group]);
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(k, &group)| place[group] = k);
    Levels {
        first: order.iter().map(|&group| levels.first[group]).collect(),
        codes: levels.codes.iter().map(|&code| place[code]).collect(),
    }
}

/// `table.index.get_level_values(level)`, `column.index.get_level_values(level)`
pub(in crate::language) fn level_values(e: &mut Evaluator<'_>, of: &Item, call: &Call) -> Outcome<Item> {
    let [level] = call.bind(["level"])?;
    let level = call.required(level, "level")?;
    let rows = match of {
        Item::Table(table) => labels_of(table),
        Item::Labelled(labelled) => labelled.rows.clone(),
        other => return fault(call.range, format!("{} has no levels of labels", other.describe())),
    };
    index_level(e, &rows, level).map(|level| level.item)
}

fn labels_of(table: &Dict) -> Rc<RowLabels> {
    table.labels.clone().unwrap_or_else(|| Rc::new(RowLabels::new(Vec::new(), row_labels(table))))
}

/// The labels of rows, or one of the columns that they are made of, to group by.
fn index_level(e: &mut Evaluator<'_>, rows: &RowLabels, level: &Argument) -> Outcome<Argument> {
    let range = level.range;
    let columns = label_columns(e, rows, range)?;
    let place = match &level.item {
        Item::Text(name) => rows.names.iter().position(|known| known == name),
        item => usize::try_from(e.integer(item, "a level of the index", range)?).ok(),
    };
    match place.and_then(|place| columns.into_iter().nth(place)) {
        Some((_, Item::Series(values))) => Ok(Argument { item: Item::Number(values), range }),
        Some((_, item)) => Ok(Argument { item, range }),
        None => fault(range, "the index has no such level"),
    }
}

/// `column.groupby(by)`
pub(super) fn group_column(e: &mut Evaluator<'_>, column: &Item, call: &Call) -> Outcome<Item> {
    let name: Rc<str> = match column {
        Item::Labelled(labelled) => labelled.name.clone(),
        Item::Indexed(indexed) => indexed.name.clone(),
        _ => "value".into(),
    };
    let mut table = Dict::with_labels(column.rows().cloned());
    table.insert(Key::Text(name.clone()), column.unlabelled(), call.range)?;
    let grouped = group(e, &Rc::new(table), call)?;
    match &grouped {
        Item::Grouped(groups) => choose(e, groups, &Item::Text(name), call.range),
        _ => Ok(grouped),
    }
}

/// `groups["y"]`, `groups[["x", "y"]]`, `groups.y`
pub(in crate::language) fn choose(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    names: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let single = matches!(names, Item::Text(_));
    let mut columns = Dict::with_labels(grouped.columns.labels.clone());
    for name in e.texts(&Argument { item: names.clone(), range }, "columns")? {
        let Some(column) = grouped.whole.get_text(&name) else {
            return fault(
                range,
                format!("the groups have no column `{name}`{}", hint(&name, grouped.whole.names())),
            );
        };
        e.note_use(&name);
        columns.insert(Key::Text(name.as_str().into()), column.clone(), range)?;
    }
    Ok(Item::Grouped(Rc::new(Grouped {
        whole: Rc::new(columns.clone()),
        columns: Rc::new(columns),
        single,
        codes: grouped.codes.clone(),
        rows: grouped.rows.clone(),
        flat: grouped.flat,
        all: grouped.all.clone(),
        listed: grouped.listed,
    })))
}

fn members(grouped: &Grouped) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); grouped.rows.labels.size()];
    grouped.codes.iter().enumerate().for_each(|(row, &group)| members[group].push(row));
    members
}

/// `groups.indices` and `groups.groups`: the rows of each group, by its label.
pub(super) fn places(e: &mut Evaluator<'_>, grouped: &Grouped, range: TextRange) -> Outcome<Item> {
    let mut out = Dict::default();
    for (label, rows) in e.iterate(&grouped.rows.labels, range)?.iter().zip(members(grouped)) {
        out.insert(e.key(label, range)?, Item::Number(integers(rows)), range)?;
    }
    Ok(Item::Dict(out.into()))
}

/// The groups one after the other, as pairs of a label and a table.
pub(in crate::language) fn pairs(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    range: TextRange,
) -> Outcome<Vec<Item>> {
    let labels = e.iterate(&grouped.rows.labels, range)?;
    let mut out = Vec::with_capacity(labels.len());
    for (label, places) in labels.into_iter().zip(members(grouped)) {
        let label = match (grouped.listed, &label) {
            (true, Item::Tuple(_)) | (false, _) => label,
            (true, _) => Item::Tuple(Sequence::new(vec![label], range)?),
        };
        let part = match grouped.single {
            true => part(e, grouped, &places, range)?,
            false => Item::Table(Rc::new(take_rows(e, &grouped.whole, &places, range)?)),
        };
        out.push(Item::Tuple(Sequence::new(vec![label, part], range)?));
    }
    Ok(out)
}

/// Rows of what was chosen; with the keys where nothing was.
fn with_keys(e: &mut Evaluator<'_>, grouped: &Grouped, places: &[usize], range: TextRange) -> Outcome<Item> {
    let is_key = |key: &Key| matches!(key, Key::Text(name) if grouped.rows.names.contains(name));
    let mut others = grouped.whole.entries().iter().filter(|(key, _)| !is_key(key));
    match !grouped.single && others.all(|(key, _)| grouped.columns.get(key).is_some()) {
        true => Ok(Item::Table(Rc::new(take_rows(e, &grouped.whole, places, range)?))),
        false => part(e, grouped, places, range),
    }
}

fn part(e: &mut Evaluator<'_>, grouped: &Grouped, places: &[usize], range: TextRange) -> Outcome<Item> {
    let table = take_rows(e, &grouped.columns, places, range)?;
    Ok(match (grouped.single, table.entries().first()) {
        (true, Some((key, column))) => of_table(&table, key, column.clone()),
        _ => Item::Table(Rc::new(table)),
    })
}

/// A function of the rows of each group, given by name or as a function.
pub(super) fn summarised(
    e: &mut Evaluator<'_>,
    column: &Item,
    members: &[Vec<usize>],
    run: &Item,
    call: &Call,
) -> Outcome<Item> {
    let mut results = Vec::with_capacity(members.len());
    e.budget.steps(members.len().saturating_mul(4), call.range)?;
    for places in members {
        let rows = take(e, column, places, call.range)?;
        let result = match run {
            Item::Text(name) => summary(e, &rows, name, call)?,
            function => e.called(function, rows, call.range)?,
        };
        results.push(result);
    }
    if results.iter().all(|result| matches!(result, Item::Text(_))) {
        let texts = results.iter().map(|text| e.display(text, call.range)).collect::<Outcome<_>>()?;
        return Ok(Item::Texts(texts));
    }
    let values: Vec<Value> =
        results.iter().map(|result| e.item_value(result, call.range)).collect::<Outcome<_>>()?;
    let kind = values.iter().map(Value::kind).max().unwrap_or(Kind::Float);
    let numbers: Option<Vec<f64>> =
        values.iter().map(|value| value.as_data().filter(|_| value.rank() == 0).map(|x| x[0])).collect();
    match numbers {
        Some(numbers) => Ok(Item::Series(Value::data(numbers, vec![members.len()], kind))),
        None => fault(call.range, "the summary of a group must be one number, or one text"),
    }
}

fn summary(e: &mut Evaluator<'_>, rows: &Item, name: &str, call: &Call) -> Outcome<Item> {
    let present = |e: &mut Evaluator<'_>| -> Outcome<Value> {
        let value = e.item_value(rows, call.range)?;
        let numbers: Vec<f64> =
            value.as_data().map(|x| x.iter().copied().filter(|x| !x.is_nan()).collect()).unwrap_or_default();
        let shape = vec![numbers.len()];
        Ok(Value::data(numbers, shape, value.kind()))
    };
    match name {
        "count" => match rows {
            Item::Texts(_) => super::method(e, rows, name, call.nothing()),
            _ => Ok(Item::integer(present(e)?.len() as i64)),
        },
        "size" => Ok(Item::integer(rows.size() as i64)),
        "nunique" => super::method(e, rows, name, call.nothing()),
        "first" | "last" if matches!(rows, Item::Texts(_)) => {
            let place = if name == "first" { 0 } else { rows.size() - 1 };
            Ok(e.iterate(rows, call.range)?.swap_remove(place))
        }
        "quantile" => {
            let rows = Item::numbers(present(e)?, true);
            super::method(e, &rows, name, call.clone())
        }
        "first" | "last" => {
            let value = present(e)?;
            let k = if name == "first" { 0 } else { value.len().saturating_sub(1) };
            Ok(Item::Number(match value.as_data() {
                Some(numbers) if k < numbers.len() => Value::data(vec![numbers[k]], vec![], value.kind()),
                _ => Value::from(f64::NAN),
            }))
        }
        name => {
            // One row has no spread; pandas says NaN.
            let value = present(e)?;
            let mut inner = call.nothing();
            let mut least = 1;
            if let "std" | "var" | "sem" = name {
                let own = call.positional.first().filter(|_| call.name == format!(".{name}"));
                let ddof = call.keywords.iter().find(|(keyword, _)| keyword == "ddof").map(|(_, ddof)| ddof);
                let ddof = ddof.or(own).cloned();
                least = match &ddof {
                    Some(ddof) => 1 + e.integer(&ddof.item, "`ddof`", ddof.range)?.max(0) as usize,
                    None => 2,
                };
                inner.keywords.extend(ddof.map(|ddof| ("ddof".to_owned(), ddof)));
            }
            if value.len() < least && !matches!(name, "sum" | "prod" | "any" | "all") {
                return Ok(Item::Number(Value::from(f64::NAN)));
            }
            super::method(e, &Item::numbers(value, true), name, inner)
        }
    }
}

/// `groups.name(...)`
pub(super) fn method(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let range = call.range;
    let count = grouped.rows.labels.size();
    e.budget.work(grouped.codes.len().saturating_mul(1 + grouped.columns.entries().len()), range)?;
    let members = members(grouped);
    match name {
        "size" => {
            let [] = call.bind([])?;
            let sizes = integers(members.iter().map(Vec::len));
            finish(e, grouped, vec![("size".into(), Item::Series(sizes))], true, range).map(Some)
        }
        "ngroup" => {
            let [] = call.bind([])?;
            for_all_rows(e, grouped, integers(grouped.codes.iter().copied()), range).map(Some)
        }
        "cumcount" => {
            let [ascending] = call.bind(["ascending"])?;
            let ascending = ascending.map_or(Ok(true), |a| e.truth(&a.item, a.range))?;
            let mut seen = vec![0; count];
            let mut numbers = Vec::with_capacity(grouped.codes.len());
            for &code in &grouped.codes {
                seen[code] += 1;
                numbers.push(if ascending { seen[code] - 1 } else { members[code].len() - seen[code] });
            }
            for_all_rows(e, grouped, integers(numbers), range).map(Some)
        }
        "transform" | "cumsum" | "cumprod" | "cummax" | "cummin" | "diff" | "shift" | "rank"
        | "pct_change" | "ffill" | "bfill" | "fillna" => {
            let (run, arguments) = match name {
                "transform" => {
                    let [run] = call.bind(["func"])?;
                    (call.required(run, "func")?.item.clone(), call.nothing())
                }
                _ => (Item::text(name), call.clone()),
            };
            let mut out = Dict::with_labels(grouped.columns.labels.clone());
            for (key, column) in grouped.columns.entries() {
                let made = match column {
                    Item::Texts(_) if let "diff" | "shift" = name => {
                        dates_transformed(e, column, &members, name, &arguments)?
                    }
                    Item::Texts(_)
                        if let Item::Text(run) = &run
                            && let "first" | "last" = &**run =>
                    {
                        let mut places: Vec<usize> = (0..column.size()).collect();
                        for group in &members {
                            let one = if &**run == "first" { group.first() } else { group.last() };
                            group.iter().for_each(|&place| places[place] = *one.unwrap_or(&place));
                        }
                        take(e, column, &places, range)?
                    }
                    Item::Texts(_) if matches!(&run, Item::Text(run) if matches!(&**run, "nunique" | "count" | "size")) => {
                        Item::Series(transformed(e, column, &members, &run, &arguments)?)
                    }
                    _ if column.as_value().is_none() => continue,
                    _ => Item::Series(transformed(e, column, &members, &run, &arguments)?),
                };
                out.insert(key.clone(), made, range)?;
            }
            if let Some(labels) = &grouped.all {
                for (key, column) in out.clone().entries() {
                    let own = of_table(&out, key, column.clone());
                    out.insert(key.clone(), column_for(e, &own, labels, range)?, range)?;
                }
                let rows = out.labels.take();
                if !matches!(labels, Item::Range { .. }) {
                    out.labels = rows.map(|rows| Rc::new(RowLabels::new(rows.names.clone(), labels.clone())));
                }
            }
            Ok(Some(match out.entries().first() {
                Some((key, column)) if grouped.single => of_table(&out, key, column.clone()),
                _ => Item::Table(Rc::new(out)),
            }))
        }
        "get_group" => {
            let [wanted] = call.bind(["name"])?;
            let wanted = call.required(wanted, "name")?;
            let labels = e.iterate(&grouped.rows.labels, range)?;
            for (label, places) in labels.iter().zip(&members) {
                if e.equal(label, &wanted.item, range)? {
                    return part(e, grouped, places, range).map(Some);
                }
            }
            fault(wanted.range, "there is no such group")
        }
        "apply" => {
            let [run] = call.bind(["func"])?;
            let run = call.required(run, "func")?;
            let mut results = Vec::with_capacity(count);
            for places in &members {
                let part = part(e, grouped, places, range)?;
                results.push(e.called(&run.item, part, run.range)?);
            }
            if results.iter().all(|result| matches!(result, Item::List(_))) {
                // A list for each group, by its label.
                let mut lists = Dict::default();
                for (label, list) in e.iterate(&grouped.rows.labels, range)?.iter().zip(results) {
                    lists.insert(e.key(label, range)?, list, range)?;
                }
                return Ok(Some(Item::Dict(lists.into())));
            }
            let results: Vec<Value> =
                results.iter().map(|result| e.item_value(result, run.range)).collect::<Outcome<_>>()?;
            let values = e.finish_value(Value::stack(&results, 0), range)?;
            match values.rank() {
                1 => finish(e, grouped, vec![("apply".into(), Item::Series(values))], true, range).map(Some),
                _ => fault(range, "`.apply` of groups is supported for functions that give one number"),
            }
        }
        "quantile" => {
            let mut made = Vec::new();
            for (key, column) in grouped.columns.entries() {
                if let (Key::Text(key), true) = (key, column.as_value().is_some()) {
                    made.push((key.clone(), summarised(e, column, &members, &Item::text(name), call)?));
                }
            }
            finish(e, grouped, made, grouped.single, range).map(Some)
        }
        "head" | "tail" | "nth" => {
            let [n] = call.bind(["n"])?;
            let n = n.map_or(Ok(5), |n| e.integer(&n.item, "a number of rows", n.range))?;
            let n = usize::try_from(n).or_else(|_| fault(range, "groups count their rows from 0"))?;
            let mut places: Vec<usize> = members
                .iter()
                .flat_map(|rows| match name {
                    "head" => rows.iter().take(n).copied().collect::<Vec<_>>(),
                    "tail" => rows.iter().skip(rows.len().saturating_sub(n)).copied().collect(),
                    _ => rows.get(n).copied().into_iter().collect(),
                })
                .collect();
            places.sort_unstable();
            with_keys(e, grouped, &places, range).map(Some)
        }
        "filter" => {
            let [run] = call.bind(["func"])?;
            let run = call.required(run, "func")?;
            let mut kept = Vec::new();
            for places in &members {
                let part = with_keys(e, grouped, places, range)?;
                let holds = e.called(&run.item, part, run.range)?;
                if e.truth(&holds, run.range)? {
                    kept.extend(places.iter().copied());
                }
            }
            kept.sort_unstable();
            with_keys(e, grouped, &kept, range).map(Some)
        }
        "idxmax" | "idxmin" => {
            let labels = e.iterate(&row_labels(&grouped.columns), range)?;
            let mut made = Vec::new();
            for (key, column) in grouped.columns.entries() {
                let Key::Text(key) = key else { continue };
                let mut best = Vec::with_capacity(count);
                for places in &members {
                    let rows = take(e, column, places, range)?;
                    let rows = Item::Series(e.item_value(&rows, range)?);
                    let place = super::method(e, &rows, name, call.nothing())?;
                    best.push(labels[places[e.integer(&place, "a row", range)? as usize]].clone());
                }
                let best = Item::List(Sequence::new(best, range)?);
                made.push((key.clone(), super::column(e, best, count, range)?));
            }
            finish(e, grouped, made, grouped.single, range).map(Some)
        }
        "agg" | "aggregate" => aggregate::aggregate(e, grouped, &members, call).map(Some),
        name if SUMMARIES.contains(&name) => {
            let mut made = Vec::new();
            for (key, column) in grouped.columns.entries() {
                if let (Key::Text(key), true) = (
                    key,
                    column.as_value().is_some() || matches!(name, "count" | "nunique" | "first" | "last"),
                ) {
                    made.push((key.clone(), summarised(e, column, &members, &Item::text(name), call)?));
                }
            }
            finish(e, grouped, made, grouped.single, range).map(Some)
        }
        _ => Ok(None),
    }
}

/// A number for each row that is in a group, as a column for all rows: NaN for those that are in none.
fn for_all_rows(e: &mut Evaluator<'_>, grouped: &Grouped, numbers: Value, range: TextRange) -> Outcome<Item> {
    let rows = grouped.columns.labels.as_ref();
    let numbers = Item::Series(numbers);
    let Some(rows) = rows else { return Ok(numbers) };
    let numbers = indexed(rows, &"".into(), numbers);
    let Some(all) = &grouped.all else { return Ok(numbers) };
    let numbers = column_for(e, &numbers, all, range)?;
    Ok(match all {
        Item::Range { .. } => numbers,
        all => indexed(&Rc::new(RowLabels::new(rows.names.clone(), all.clone())), &"".into(), numbers),
    })
}

/// `diff` and `shift` of dates within each group.
fn dates_transformed(
    e: &mut Evaluator<'_>,
    column: &Item,
    members: &[Vec<usize>],
    name: &str,
    call: &Call,
) -> Outcome<Item> {
    let count = column.size();
    e.budget.texts(count, call.range)?;
    let mut seconds = vec![f64::NAN; count];
    let mut texts = vec![MISSING_TEXT.to_owned(); count];
    for places in members {
        let rows = take(e, column, places, call.range)?;
        match super::method(e, &rows, name, call.clone())? {
            Item::Span(spans) => {
                let spans = spans.as_data().map(|spans| spans.to_vec()).unwrap_or_default();
                places.iter().zip(spans).for_each(|(&place, span)| seconds[place] = span);
            }
            Item::Texts(moved) => {
                places.iter().zip(moved.iter()).for_each(|(&place, text)| texts[place].clone_from(text));
            }
            other => return fault(call.range, format!("{} is no column of dates", other.describe())),
        }
    }
    match name {
        "diff" => Ok(Item::Span(Value::from(seconds))),
        _ => Ok(Item::Texts(texts.into())),
    }
}

/// A function of each group's rows, put back where the rows stand.
fn transformed(
    e: &mut Evaluator<'_>,
    column: &Item,
    members: &[Vec<usize>],
    run: &Item,
    call: &Call,
) -> Outcome<Value> {
    let count = column.size();
    let mut numbers = vec![f64::NAN; count];
    let mut kind = Kind::Bool;
    for places in members {
        let rows = take(e, column, places, call.range)?;
        let result = match run {
            Item::Text(name) if SUMMARIES.contains(&&**name) || &**name == "size" => {
                summary(e, &rows, name, call)?
            }
            Item::Text(name) => {
                let rows = Item::Series(e.item_value(&rows, call.range)?);
                super::method(e, &rows, name, call.clone())?
            }
            function => e.called(function, rows, call.range)?,
        };
        let value = e.item_value(&result, call.range)?;
        let value = e.finish_value(value.broadcast_to(&[places.len()]), call.range)?;
        kind = kind.max(value.kind());
        let Some(values) = value.as_data() else {
            return fault(call.range, "groups hold data, but this depends on the model's parameters");
        };
        places.iter().zip(values.iter()).for_each(|(&place, &x)| numbers[place] = x);
    }
    Ok(Value::data(numbers, vec![count], kind))
}

/// Columns with a row for each group; one column alone is labelled numbers.
pub(super) fn finish(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    columns: Vec<(Rc<str>, Item)>,
    single: bool,
    range: TextRange,
) -> Outcome<Item> {
    let rows = &grouped.rows;
    match (single && !grouped.flat, columns.as_slice()) {
        (true, [(name, column @ (Item::Texts(_) | Item::Series(_)))]) => {
            Ok(indexed(rows, name, column.clone()))
        }
        _ => {
            let mut out = Dict::with_labels(Some(rows.clone()));
            for (name, column) in columns {
                out.insert(Key::Text(name), column, range)?;
            }
            match grouped.flat {
                true => Ok(Item::Table(Rc::new(unlabelled(e, &out, range)?))),
                false => Ok(Item::Table(Rc::new(out))),
            }
        }
    }
}
