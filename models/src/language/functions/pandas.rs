//! The functions of pandas that prepare columns.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::Unary;

use super::unique::{Labels, integers};
use super::{PD, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Categorical, Dict, Item, Sequence};

/// Functions of pandas.
pub(super) const ROWS: &[Row] = &[
    ("factorize", PD, Run::Call(factorize)),
    ("Categorical", PD, Run::Call(categorical)),
    ("unique", PD, Run::Call(appearing)),
    ("Series", PD, Run::Call(series)),
    ("DataFrame", PD, Run::Call(data_frame)),
    ("read_csv", PD, Run::Call(read_file)),
    ("get_dummies", PD, Run::Call(indicators)),
    ("isna", PD, Run::Unary(|x| x.unary(Unary::IsNan))),
    ("isnull", PD, Run::Unary(|x| x.unary(Unary::IsNan))),
    ("notna", PD, Run::Unary(|x| x.unary(Unary::IsNan).unary(Unary::Not))),
];

/// `codes, uniques = pd.factorize(x)`, in order of appearance unless `sort=True`; missing numbers have the code -1.
pub(super) fn factorize(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, sort] = call.bind(["values", "sort"])?;
    let sort = sort.map_or(Ok(false), |sort| e.truth(&sort.item, sort.range))?;
    let (codes, labels) = levels(e, call.required(x, "values")?, sort)?;
    Ok(Item::Tuple(Sequence::new(vec![Item::Number(codes), labels], call.range)?))
}

/// Codes and labels of a column.
fn levels(e: &mut Evaluator<'_>, argument: &Argument, sort: bool) -> Outcome<(Value, Item)> {
    let labels = Labels::new(e, argument)?;
    e.budget.work(labels.len(), argument.range)?;
    let mut found = if sort { labels.sorted() } else { labels.factorize() };
    let missing = match &labels {
        Labels::Numbers(value) => {
            found.first.iter().position(|&i| value.as_data().is_some_and(|x| x[i].is_nan()))
        }
        Labels::Texts(_) => None,
    };
    let Some(missing) = missing else {
        return Ok((integers(found.codes), labels.take(&found.first)));
    };
    found.first.remove(missing);
    let codes: Vec<f64> = found
        .codes
        .iter()
        .map(|&code| match code.cmp(&missing) {
            std::cmp::Ordering::Less => code as f64,
            std::cmp::Ordering::Equal => -1.0,
            std::cmp::Ordering::Greater => code as f64 - 1.0,
        })
        .collect();
    let shape = vec![codes.len()];
    Ok((Value::data(codes, shape, Kind::Int), labels.take(&found.first)))
}

/// A categorical column: sorted labels, unless `categories=` names them.
pub(super) fn categorical(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, categories, _ordered] = call.bind(["values", "categories", "ordered"])?;
    let x = call.required(x, "values")?;
    let Some(categories) = categories else {
        let (codes, categories) = levels(e, x, true)?;
        return Ok(Item::Categorical(Rc::new(Categorical { codes, categories })));
    };
    let (values, wanted) = (Labels::new(e, x)?, Labels::new(e, categories)?);
    e.budget.work(values.len() + wanted.len(), call.range)?;
    let places: std::collections::HashMap<super::super::item::Key, f64> = e
        .iterate(&categories.item, categories.range)?
        .iter()
        .enumerate()
        .map(|(i, item)| Ok((e.key(item, categories.range)?, i as f64)))
        .collect::<Outcome<_>>()?;
    let mut codes = Vec::with_capacity(values.len());
    for item in e.iterate(&x.item, x.range)? {
        codes.push(places.get(&e.key(&item, x.range)?).copied().unwrap_or(-1.0));
    }
    let shape = vec![codes.len()];
    let categories = wanted.take(&(0..wanted.len()).collect::<Vec<_>>());
    Ok(Item::Categorical(Rc::new(Categorical { codes: Value::data(codes, shape, Kind::Int), categories })))
}

/// The distinct elements in order of appearance.
pub(super) fn appearing(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["values"])?;
    let labels = Labels::new(e, call.required(x, "values")?)?;
    e.budget.work(labels.len(), call.range)?;
    Ok(labels.take(&labels.factorize().first))
}

fn series(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    match super::create::array(e, call)? {
        Item::Number(value) if value.rank() == 1 => Ok(Item::numbers(value, true)),
        Item::Texts(texts) => Ok(Item::Texts(texts)),
        _ => fault(call.range, "a series has one axis"),
    }
}

fn data_frame(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["data"])?;
    let x = call.required(x, "data")?;
    let (Item::Dict(dict) | Item::Table(dict)) = &x.item else {
        return fault(x.range, "`pd.DataFrame` is supported for a dictionary of columns");
    };
    let mut out = Dict::default();
    let mut length = None;
    for (key, column) in dict.entries() {
        let column = match column {
            Item::Texts(_) => column.clone(),
            other => Item::numbers(e.item_value(other, x.range)?, true),
        };
        if *length.get_or_insert(column.size()) != column.size() {
            return fault(
                x.range,
                format!("the column {} is shorter or longer than the others", key.display()),
            );
        }
        out.insert(key.clone(), column, x.range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}

/// `pd.read_csv("...")`: the table of the data file, whatever the path says.
fn read_file(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [path] = call.bind(["path"])?;
    call.required(path, "path")?;
    e.whole_table(call.range)
}

/// `pd.get_dummies(x, drop_first=...)`: a column of truth values per label.
fn indicators(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, drop_first] = call.bind(["data", "drop_first"])?;
    let drop_first = drop_first.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))?;
    let x = call.required(x, "data")?;
    if let Item::Table(_) = x.item {
        return fault(x.range, "`pd.get_dummies` is supported for one column");
    }
    let (codes, labels) = levels(e, x, true)?;
    let labels = e.iterate(&labels, x.range)?;
    e.budget.elements(labels.len().saturating_mul(codes.len()), x.range)?;
    let mut out = Dict::default();
    for (k, label) in labels.iter().enumerate().skip(usize::from(drop_first)) {
        let is_this = codes.equal(&Value::from(k as i64));
        out.insert(e.key(label, x.range)?, Item::numbers(is_this, true), x.range)?;
    }
    Ok(Item::Table(Rc::new(out)))
}
