//! Methods of tables that are those of each of their columns, or of each of their rows with `axis=1`.

use std::rc::Rc;

use chainfire_engine::program::Value;
use ruff_python_ast::{CmpOp, Operator};
use ruff_text_size::TextRange;

use super::alignment::of_table;
use super::columns::is_by_rank;
use super::label_item;
use super::table_methods::pairwise;
use super::tables::{labelled, row_labels, rows, take_rows, with_rows};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

/// Methods that give a number for each column; all but one take the axis first.
const SUMMARIES: &[&str] = &[
    "mean", "std", "var", "sum", "prod", "min", "max", "median", "count", "nunique", "any", "all",
    "quantile", "sem", "skew", "kurt", "kurtosis", "idxmax", "idxmin",
];

/// Methods that give a column for each column.
const RUNNING: &[&str] =
    &["diff", "shift", "cumsum", "cumprod", "cummax", "cummin", "rank", "pct_change", "clip"];

/// Attributes and methods of data frames whose names columns are likely to have.
const HIDING: &[&str] = &[
    "size",
    "T",
    "values",
    "shape",
    "index",
    "columns",
    "count",
    "rank",
    "mean",
    "median",
    "mode",
    "min",
    "max",
    "sum",
    "std",
    "var",
    "prod",
    "diff",
    "first",
    "last",
    "pop",
    "filter",
    "items",
    "keys",
    "get",
    "map",
    "abs",
    "all",
    "any",
    "add",
    "sub",
    "mul",
    "div",
    "mod",
    "pow",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
    "round",
    "sample",
    "shift",
    "clip",
    "corr",
    "cov",
    "where",
    "mask",
    "rolling",
    "product",
    "quantile",
    "query",
    "eval",
    "head",
    "tail",
    "join",
    "merge",
    "stack",
    "pivot",
    "plot",
    "hist",
    "style",
    "insert",
    "assign",
    "loc",
    "iloc",
    "at",
    "iat",
    "ndim",
    "dtypes",
    "empty",
    "axes",
    "attrs",
    "info",
    "copy",
    "drop",
    "explode",
    "truncate",
    "update",
    "transform",
    "apply",
    "agg",
    "squeeze",
    "take",
    "kurt",
    "skew",
    "sem",
    "dot",
    "xs",
    "items",
    "describe",
];

/// Whether a name of a data frame's own comes before its column of that name.
pub(in crate::language) fn hides_column(table: &Dict, name: &str) -> bool {
    HIDING.contains(&name) && table.entries().iter().any(|(_, column)| column.is_array())
}

/// Methods that are operators.
pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("add", Operator::Add),
    ("sub", Operator::Sub),
    ("subtract", Operator::Sub),
    ("mul", Operator::Mult),
    ("multiply", Operator::Mult),
    ("div", Operator::Div),
    ("divide", Operator::Div),
    ("truediv", Operator::Div),
    ("floordiv", Operator::FloorDiv),
    ("mod", Operator::Mod),
    ("pow", Operator::Pow),
];

/// Methods that compare.
pub(super) const COMPARISONS: &[(&str, CmpOp)] = &[
    ("gt", CmpOp::Gt),
    ("ge", CmpOp::GtE),
    ("lt", CmpOp::Lt),
    ("le", CmpOp::LtE),
    ("eq", CmpOp::Eq),
    ("ne", CmpOp::NotEq),
];

/// Whether a method is an operator of two columns.
pub(super) fn is_operator(name: &str) -> bool {
    OPERATORS.iter().any(|(known, _)| *known == name) || COMPARISONS.iter().any(|(known, _)| *known == name)
}

/// A method of the columns; `None` for other methods.
pub(super) fn method(
    e: &mut Evaluator<'_>,
    table: &Rc<Dict>,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let range = call.range;
    if let "corr" | "cov" = name {
        return correlations(e, table, name == "corr", call).map(Some);
    }
    if let Some((_, op)) = OPERATORS.iter().find(|(known, _)| *known == name) {
        return by_operator(e, table, call, |e, a, b| e.operation(*op, a, b, range)).map(Some);
    }
    if let Some((_, op)) = COMPARISONS.iter().find(|(known, _)| *known == name) {
        return by_operator(e, table, call, |e, a, b| e.compare(*op, a, b, range)).map(Some);
    }
    let summarises = SUMMARIES.contains(&name);
    if !summarises && !RUNNING.contains(&name) {
        return Ok(None);
    }
    let mut inner = call.clone();
    let mut axis = None;
    inner.keywords.retain(|(keyword, argument)| {
        if keyword == "axis" {
            axis = Some(argument.clone());
        }
        keyword != "axis" && keyword != "numeric_only"
    });
    if summarises && name != "quantile" && !inner.positional.is_empty() {
        axis = Some(inner.positional.remove(0));
    }
    let by_row = axis.map_or(Ok(false), |axis| is_columns(e, &axis))?;
    match by_row {
        true => of_rows(e, table, name, &inner).map(Some),
        false if summarises => summary(e, table, name, &inner).map(Some),
        false => {
            let mut out = Dict::with_labels(table.labels.clone());
            for (key, column) in table.entries() {
                let changed = super::method(e, column, name, inner.clone())?;
                out.insert(key.clone(), Item::Series(e.item_value(&changed, range)?), range)?;
            }
            Ok(Some(Item::Table(Rc::new(out))))
        }
    }
}

/// Whether an axis is that of the columns: 1 or "columns".
pub(super) fn is_columns(e: &mut Evaluator<'_>, axis: &Argument) -> Outcome<bool> {
    match &axis.item {
        Item::Text(text) => Ok(&**text == "columns"),
        other => Ok(e.integer(other, "an axis", axis.range)? == 1),
    }
}

/// `table.sub(other, axis=...)`: the rows of a column, or the columns of a row, beside those of the table.
fn by_operator<'a>(
    e: &mut Evaluator<'a>,
    table: &Rc<Dict>,
    call: &Call,
    run: impl Fn(&mut Evaluator<'a>, &Item, &Item) -> Outcome<Item>,
) -> Outcome<Item> {
    let [other, axis] = call.bind(["other", "axis"])?;
    let other = &call.required(other, "other")?.item;
    let range = call.range;
    if axis.map_or(Ok(true), |axis| is_columns(e, axis))? {
        return run(e, &Item::Table(table.clone()), other);
    }
    let mut out = Dict::with_labels(table.labels.clone());
    for (key, column) in table.entries() {
        let changed = run(e, &of_table(table, key, column.clone()), other)?;
        // Rows of other labels are those of both, in order.
        out.labels = changed.rows().cloned();
        out.insert(key.clone(), Item::Series(e.item_value(&changed, range)?), range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// `table.dropna(axis, how, subset, thresh)`
pub(super) fn without_missing(e: &mut Evaluator<'_>, table: &Dict, call: &Call) -> Outcome<Dict> {
    let [axis, how, threshold, subset] = call.bind(["axis", "how", "thresh", "subset"])?;
    let range = call.range;
    let of_columns = axis.map_or(Ok(false), |axis| is_columns(e, axis))?;
    let all = match how.map(|how| e.text(how, "`how`")).transpose()?.as_deref() {
        None | Some("any") => false,
        Some("all") => true,
        Some(other) => return fault(range, format!("`how` is any or all, not \"{other}\"")),
    };
    let threshold =
        threshold.map(|least| e.integer(&least.item, "a number of cells", least.range)).transpose()?;
    let subset = subset.map(|subset| e.texts(subset, "columns")).transpose()?;
    let count = rows(table);
    let mut present = vec![0; count];
    let mut columns = Vec::new();
    for (key, column) in table.entries() {
        let missing = super::method(e, column, "isna", call.nothing())?;
        let missing = e.item_value(&missing, range)?;
        let missing = missing.as_data().map(|missing| missing.to_vec()).unwrap_or_default();
        columns.push((key, missing.iter().filter(|x| **x == 0.0).count()));
        let is_asked = subset
            .as_ref()
            .is_none_or(|names| matches!(key, Key::Text(name) if names.iter().any(|n| **n == **name)));
        if is_asked {
            present.iter_mut().zip(&missing).for_each(|(present, x)| *present += usize::from(*x == 0.0));
        }
    }
    let least = |whole: usize| match threshold {
        Some(least) => least.max(0) as usize,
        None if all => 1.min(whole),
        None => whole,
    };
    if of_columns {
        let mut out = table.clone();
        for (key, present) in columns {
            if present < least(count) {
                out.remove(key);
            }
        }
        return Ok(out);
    }
    let least = least(subset.map_or(columns.len(), |names| names.len()));
    let places: Vec<usize> = (0..count).filter(|&k| present[k] >= least).collect();
    take_rows(e, table, &places, range)
}

/// A number for each column, by the column's name.
fn summary(e: &mut Evaluator<'_>, table: &Dict, name: &str, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let (mut names, mut results) = (Vec::new(), Vec::new());
    for (key, column) in table.entries() {
        if column.as_value().is_none() && !["nunique", "count"].contains(&name) {
            continue;
        }
        let column = match (column, &table.labels) {
            (Item::Series(values), Some(rows)) => with_rows(rows, values.clone()),
            (column, _) => column.clone(),
        };
        names.push(key.item());
        results.push(super::method(e, &column, name, call.clone())?);
    }
    let names = label_item(e, Item::List(Sequence::new(names, range)?), range)?;
    if results.iter().any(|result| matches!(result, Item::Text(_))) {
        return fault(range, "`.idxmax` of a table is supported where its rows are labelled with numbers");
    }
    let mut values = Vec::with_capacity(results.len());
    for result in results {
        let value = e.item_value(&result, range)?;
        if value.rank() > 0 {
            return fault(range, format!("`.{name}` of a table gives one number for each column here"));
        }
        values.push(value);
    }
    let values = e.finish_value(Value::stack(&values, 0), range)?;
    Ok(labelled(vec!["column".into()], names, name, values))
}

/// The method of each row as a column, for a number or a row of them.
fn of_rows(e: &mut Evaluator<'_>, table: &Rc<Dict>, name: &str, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let matrix = Item::Number(e.item_value(&Item::Table(table.clone()), range)?);
    let mut results = Vec::new();
    for row in e.iterate(&matrix, range)? {
        let row = Item::Series(e.item_value(&row, range)?);
        results.push(super::method(e, &row, name, call.clone())?);
    }
    if let "idxmax" | "idxmin" = name {
        let mut names = Vec::with_capacity(results.len());
        for place in &results {
            let place = e.integer(place, "a place", range)? as usize;
            names.push(table.entries()[place].0.item());
        }
        return label_item(e, Item::List(Sequence::new(names, range)?), range);
    }
    let whole = e.item_value(&Item::List(Sequence::new(results, range)?), range)?;
    if whole.rank() < 2 {
        return Ok(match &table.labels {
            Some(rows) => with_rows(rows, whole),
            None => Item::numbers(whole, true),
        });
    }
    let mut out = Dict::with_labels(table.labels.clone());
    for ((key, _), column) in table.entries().iter().zip(e.iterate(&Item::Number(whole.transpose()), range)?)
    {
        out.insert(key.clone(), Item::Series(e.item_value(&column, range)?), range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// `table.corr()`, `table.cov()` of the columns of numbers.
fn correlations(e: &mut Evaluator<'_>, table: &Dict, correlation: bool, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let [method, _numeric] =
        call.bind([if correlation { "method" } else { "min_periods" }, "numeric_only"])?;
    let by_rank = is_by_rank(e, method.filter(|_| correlation))?;
    let mut numeric = table.clone();
    for (key, column) in table.entries() {
        if column.as_value().is_none() {
            numeric.remove(key);
        }
    }
    let names: Vec<Item> = numeric.entries().iter().map(|(key, _)| key.item()).collect();
    let matrix = Item::Number(e.item_value(&Item::Table(numeric.clone().into()), range)?.transpose());
    let both = Item::Number(pairwise(e, &matrix, correlation, by_rank, call)?);
    let rows =
        Rc::new(RowLabels::new(Vec::new(), label_item(e, Item::List(Sequence::new(names, range)?), range)?));
    let mut out = Dict::with_labels(Some(rows));
    for ((key, _), column) in numeric.entries().iter().zip(e.iterate(&both, range)?) {
        out.insert(key.clone(), Item::Series(e.item_value(&column, range)?), range)?;
    }
    Ok(Item::Table(out.into()))
}

/// `table.T`: the rows as columns where they have labels, else an array.
pub(super) fn transposed(e: &mut Evaluator<'_>, table: &Rc<Dict>, range: TextRange) -> Outcome<Item> {
    let matrix = Item::Number(e.item_value(&Item::Table(table.clone()), range)?);
    if table.labels.is_none() {
        return Ok(Item::Number(e.item_value(&matrix, range)?.transpose()));
    }
    let names = table.entries().iter().map(|(key, _)| key.item()).collect();
    let names = label_item(e, Item::List(Sequence::new(names, range)?), range)?;
    let mut out = Dict::with_labels(Some(Rc::new(RowLabels::new(Vec::new(), names))));
    let labels = e.iterate(&row_labels(table), range)?;
    for (label, row) in labels.iter().zip(e.iterate(&matrix, range)?) {
        let key: Key = e.key(label, range)?;
        out.insert(key, Item::Series(e.item_value(&row, range)?), range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// `table.replace({old: new})` in every column that can hold it.
pub(super) fn replaced(e: &mut Evaluator<'_>, table: &Dict, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let mut out = Dict::with_labels(table.labels.clone());
    let [Argument { item: Item::Dict(each), .. }] = call.positional.as_slice() else {
        return fault(range, "`.replace` of a table takes one dictionary here");
    };
    for (key, column) in table.entries() {
        let of_texts = matches!(column, Item::Texts(_));
        let mut fitting = Dict::default();
        for (old, new) in each.entries() {
            if matches!(old, Key::Text(_)) == of_texts {
                fitting.insert(old.clone(), new.clone(), range)?;
            }
        }
        let changed = match fitting.entries().is_empty() {
            true => column.clone(),
            false => super::method(e, column, "replace", call.alone(Item::Dict(Rc::new(fitting))))?,
        };
        out.insert(key.clone(), changed, range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}
