//! The functions of pandas that prepare columns.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::Unary;

use super::alignment::{all_labels, column_for, counted, indexed, is_column, is_same, of_table};
use super::table_columns::is_columns;
use super::unique::{Labels, integers};
use super::{Contents, FI, NP, PD, Row, Run, frames, tables};
use ruff_text_size::TextRange;

use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Library};
use crate::language::item::{Categorical, Dict, Item, Key, RowLabels, Sequence};

/// Functions of pandas.
pub(super) const ROWS: &[Row] = &[
    ("Grouper", PD, Run::Call(super::bins::grouper)),
    ("factorize", PD, Run::Call(factorize)),
    ("NamedAgg", PD, Run::Call(named_summary)),
    ("Categorical", PD, Run::Call(categorical)),
    ("CategoricalDtype", PD, Run::Call(category_type)),
    ("unique", PD, Run::Call(appearing)),
    ("Series", PD, Run::Call(series)),
    ("DataFrame", PD, Run::Call(frames::data_frame)),
    ("read_csv", PD, Run::DataFile(Contents::Table)),
    ("read_table", PD, Run::DataFile(Contents::Table)),
    ("read_excel", PD, Run::DataFile(Contents::Table)),
    ("read_feather", PD, Run::DataFile(Contents::Table)),
    ("read_fwf", PD, Run::DataFile(Contents::Table)),
    ("read_json", PD, Run::DataFile(Contents::Table)),
    ("read_parquet", PD, Run::DataFile(Contents::Table)),
    ("read_pickle", PD, Run::DataFile(Contents::Table)),
    ("read_stata", PD, Run::DataFile(Contents::Table)),
    ("loadtxt", NP, Run::DataFile(Contents::Matrix)),
    ("genfromtxt", NP, Run::DataFile(Contents::Matrix)),
    ("load", NP | FI, Run::DataFile(Contents::Arrays)),
    ("loads", FI, Run::DataFile(Contents::Arrays)),
    ("concat", PD, Run::Call(concatenate)),
    ("merge", PD, Run::Call(super::joins::merge)),
    ("to_numeric", PD, Run::Call(numeric)),
    ("Index", PD, Run::Call(label_list)),
    ("get_dummies", PD, Run::Call(indicators)),
    ("melt", PD, Run::Call(melted)),
    ("col", PD, Run::Call(own_column)),
    ("isna", PD, Run::Call(|e, call| missing(e, call, "isna"))),
    ("isnull", PD, Run::Call(|e, call| missing(e, call, "isna"))),
    ("notna", PD, Run::Call(|e, call| missing(e, call, "notna"))),
    ("notnull", PD, Run::Call(|e, call| missing(e, call, "notna"))),
    ("notna", PD, Run::Unary(|x| x.unary(Unary::IsNan).unary(Unary::Not))),
];

/// `codes, uniques = pd.factorize(x)`, in order of appearance unless `sort=True`; missing numbers have the code -1.
pub(super) fn factorize(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, sort] = call.bind(["values", "sort"])?;
    let sort = sort.map_or(Ok(false), |sort| e.truth(&sort.item, sort.range))?;
    let (codes, labels) = levels(e, call.required(x, "values")?, sort)?;
    Ok(Item::Tuple(Sequence::new(vec![Item::Number(codes), labels], call.range)?))
}

/// `pd.NamedAgg(column, aggfunc)`, as the pair that it is.
fn named_summary(_: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [column, run] = call.bind(["column", "aggfunc"])?;
    let pair =
        vec![call.required(column, "column")?.item.clone(), call.required(run, "aggfunc")?.item.clone()];
    Ok(Item::Tuple(Sequence::new(pair, call.range)?))
}

/// `pd.isna(x)` and `pd.notna(x)`, of a column, a table, an array, a number or a text.
fn missing(e: &mut Evaluator<'_>, call: &Call, name: &str) -> Outcome<Item> {
    let [x] = call.bind(["obj"])?;
    let x = call.required(x, "obj")?;
    let truth = |is_missing: bool| Ok(Item::truth(is_missing == (name == "isna")));
    match &x.item {
        Item::None => truth(true),
        Item::Text(text) => truth(&**text == MISSING_TEXT),
        Item::List(_) | Item::Tuple(_) => {
            let column = super::column(e, x.item.clone(), x.item.size(), x.range)?;
            super::method(e, &column, name, call.nothing())
        }
        item => super::method(e, item, name, call.nothing()),
    }
}

/// Codes and labels of a column.
fn levels(e: &mut Evaluator<'_>, argument: &Argument, sort: bool) -> Outcome<(Value, Item)> {
    let labels = Labels::new(e, argument)?;
    let mut found = if sort { labels.sorted() } else { labels.factorize() };
    let missing = found.first.iter().position(|&i| labels.is_missing(i));
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

/// `pd.CategoricalDtype(categories)`, as a column without rows.
fn category_type(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [categories, ordered] = call.bind(["categories", "ordered"])?;
    let mut inner = call.alone(Item::Texts([].into()));
    inner.positional.push(call.required(categories, "categories")?.clone());
    inner.positional.extend(ordered.cloned());
    categorical(e, &inner)
}

/// The distinct elements in order of appearance.
pub(super) fn appearing(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["values"])?;
    let labels = Labels::new(e, call.required(x, "values")?)?;
    e.budget.work(labels.len(), call.range)?;
    Ok(labels.take(&labels.factorize().first))
}

fn series(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, index, name, dtype] = call.bind(["data", "index", "name", "dtype"])?;
    let x = call.required(x, "data")?;
    if let (Item::Dict(entries), None) = (&x.item, index) {
        let (labels, values) = entries.entries().iter().map(|(key, item)| (key.item(), item.clone())).unzip();
        let list = |items| -> Outcome<Item> { Ok(Item::List(Sequence::new(items, x.range)?)) };
        let labels = label_item(e, list(labels)?, x.range)?;
        let values = e.item_value(&list(values)?, x.range)?;
        let name = name.map_or(Ok("".into()), |name| e.text(name, "the name of a series"))?;
        return Ok(super::labelled(Vec::new(), labels, &*name, values));
    }
    let rows = index.map(|index| super::tables::given_labels(e, &index.item, index.range)).transpose()?;
    // A column that is given other labels meets them by its own.
    let given = match &rows {
        Some(rows) if is_column(&x.item) => column_for(e, &x.item, &rows.labels, x.range)?,
        _ => x.item.bare().clone(),
    };
    let mut inner = call.alone(given.clone());
    inner.positional.extend(dtype.cloned());
    let made = match given {
        texts @ Item::Texts(_) if dtype.is_none() => texts,
        _ => super::create::array(e, &inner)?,
    };
    let column = match made {
        Item::Number(value) | Item::Series(value) if value.rank() == 1 => Item::numbers(value, true),
        Item::Texts(texts) => Item::Texts(texts),
        _ => return fault(call.range, "a series has one axis"),
    };
    let name = name.map_or(Ok("".into()), |name| e.text(name, "the name of a series"))?;
    match rows {
        Some(rows) if rows.labels.size() != column.size() => {
            fault(call.range, format!("{} labels for {} numbers", rows.labels.size(), column.size()))
        }
        Some(rows) => Ok(indexed(&Rc::new(rows), &name, column)),
        None if is_column(&x.item) => Ok(super::like(&x.item, column)),
        None => Ok(counted(column.size(), &name, column)),
    }
}

/// Labels as they are kept: texts, or an array of numbers.
pub(in crate::language) fn label_item(e: &mut Evaluator<'_>, item: Item, range: TextRange) -> Outcome<Item> {
    match item {
        Item::Indexed(indexed) => label_item(e, indexed.column.clone(), range),
        Item::Texts(_) => Ok(item),
        Item::List(ref items) | Item::Tuple(ref items) if items.items().is_empty() => {
            Ok(Item::Texts([].into()))
        }
        Item::List(ref items) | Item::Tuple(ref items) if matches!(items.items()[0], Item::Text(_)) => {
            Ok(Item::Texts(e.texts(&Argument { item, range }, "labels")?.into()))
        }
        other => Ok(Item::Number(e.item_value(&other, range)?)),
    }
}

fn label_list(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, _name] = call.bind(["data", "name"])?;
    let x = call.required(x, "data")?;
    label_item(e, x.item.clone(), x.range)
}

/// `pd.to_numeric(x)`: texts of numbers as numbers.
fn numeric(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, errors] = call.bind(["arg", "errors"])?;
    let x = call.required(x, "arg")?;
    let coerce = matches!(errors.map(|errors| &errors.item), Some(Item::Text(text)) if &**text == "coerce");
    let Item::Texts(texts) = &x.item else {
        return Ok(Item::numbers(e.value(x)?, true));
    };
    e.budget.elements(texts.len(), x.range)?;
    let mut numbers = Vec::with_capacity(texts.len());
    for text in texts.iter() {
        match text.trim().parse::<f64>() {
            Ok(number) => numbers.push(number),
            Err(_) if coerce => numbers.push(f64::NAN),
            Err(_) => return fault(x.range, format!("\"{text}\" is not a number")),
        }
    }
    Ok(Item::Number(Value::from(numbers)))
}

/// `pd.concat([a, b], axis=...)`: tables below each other, or side by side.
fn concatenate(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [parts, axis, ignore, keys, names] = call.bind(["objs", "axis", "ignore_index", "keys", "names"])?;
    if keys.is_some() || parts.is_some_and(|parts| matches!(parts.item, Item::Dict(_))) {
        if axis.or(ignore).is_some() {
            return fault(call.range, "tables with keys are put one below the other, and keep them");
        }
        let callee = e.written(Library::Pandas, "concat_keys", call.range)?;
        return e.apply(&callee, call.clone());
    }
    if let Some(names) = names {
        return fault(names.range, "`names` are those of `keys`");
    }
    let ignores = ignore.map_or(Ok(false), |ignore| e.truth(&ignore.item, ignore.range))?;
    let parts = call.required(parts, "objs")?;
    let range = parts.range;
    let beside = axis.map_or(Ok(false), |axis| is_columns(e, axis))?;
    let all = e.iterate(&parts.item, range)?;
    if all.is_empty() {
        return fault(range, "`pd.concat` needs at least one table");
    }
    if beside {
        return side_by_side(e, all, range);
    }
    if !all.iter().any(|part| matches!(part, Item::Table(_))) {
        let labels = below_labels(e, all.iter().map(tables::index_of), range)?;
        let all: Vec<Item> = all.iter().map(Item::unlabelled).collect();
        let column = below(e, &all, range)?;
        return Ok(match labels.filter(|_| !ignores) {
            Some(labels) => indexed(&Rc::new(RowLabels::new(Vec::new(), labels)), &"".into(), column),
            None => column,
        });
    }
    let mut tables = Vec::with_capacity(all.len());
    for part in all {
        match part {
            Item::Table(table) => {
                tables::check_rows(&table, range)?;
                tables.push(table);
            }
            _ => return fault(range, "`pd.concat` is supported for tables, or for columns"),
        }
    }
    let mut out = Dict::default();
    let mut names: Vec<&Key> = Vec::new();
    for (key, _) in tables.iter().flat_map(|table| table.entries()) {
        if !names.contains(&key) {
            names.push(key);
        }
    }
    for key in names {
        e.budget.steps(tables.len(), range)?;
        let of_texts = tables.iter().any(|table| matches!(table.get(key), Some(Item::Texts(_))));
        let column = |table: &Rc<Dict>| match table.get(key) {
            Some(column) => column.clone(),
            None if of_texts => Item::Texts(vec![MISSING_TEXT.to_owned(); tables::rows(table)].into()),
            None => Item::Series(Value::from(vec![f64::NAN; tables::rows(table)])),
        };
        let columns: Vec<Item> = tables.iter().map(column).collect();
        out.insert(key.clone(), below(e, &columns, range)?, range)?;
    }
    if !ignores
        && let Some(labels) = below_labels(e, tables.iter().map(|table| tables::row_labels(table)), range)?
    {
        let names = tables[0].labels.as_ref().map_or_else(Vec::new, |rows| rows.names.clone());
        out.labels = Some(Rc::new(RowLabels::new(names, labels)));
    }
    Ok(Item::Table(Rc::new(out)))
}

/// Tables and columns side by side: their rows meet by label.
fn side_by_side(e: &mut Evaluator<'_>, parts: Vec<Item>, range: TextRange) -> Outcome<Item> {
    let mut tables = Vec::with_capacity(parts.len());
    for (k, part) in parts.into_iter().enumerate() {
        let number = Key::Number((k as f64).to_bits());
        let key = match &part {
            Item::Table(table) => {
                tables::check_rows(table, range)?;
                tables.push(table.clone());
                continue;
            }
            Item::Labelled(column) => Key::Text(column.name.clone()),
            Item::Indexed(column) => Key::Text(column.name.clone()),
            Item::Series(_) | Item::Texts(_) | Item::Categorical(_) => number,
            _ => return fault(range, "`pd.concat` is supported for tables, or for columns"),
        };
        let mut table = Dict::with_labels(part.rows().cloned());
        table.insert(key, part.unlabelled(), range)?;
        tables.push(Rc::new(table));
    }
    let labels: Vec<Item> = tables.iter().map(|table| tables::row_labels(table)).collect();
    let mut differ = false;
    for other in &labels[1..] {
        differ |= !is_same(e, &labels[0], other, range)?;
    }
    let mut rows = tables.iter().find_map(|table| table.labels.clone());
    if differ {
        let names = rows.map_or_else(Vec::new, |rows| rows.names.clone());
        rows = Some(Rc::new(RowLabels::new(names, all_labels(e, &labels, false, range)?)));
    }
    let mut out = Dict::with_labels(rows.clone());
    for table in &tables {
        for (key, column) in table.entries() {
            let column = match &rows {
                Some(rows) if differ => {
                    column_for(e, &of_table(table, key, column.clone()), &rows.labels, range)?
                }
                _ => column.clone(),
            };
            out.insert(key.clone(), column, range)?;
        }
    }
    Ok(Item::Table(Rc::new(out)))
}

/// The labels of rows below each other; `None` where they count from 0.
fn below_labels(
    e: &mut Evaluator<'_>,
    labels: impl Iterator<Item = Item>,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let parts: Vec<Item> = labels.collect();
    if let [Item::Range { start: 0, step: 1, .. }] = parts.as_slice() {
        return Ok(None);
    }
    if parts.iter().all(|part| matches!(part, Item::Texts(_))) {
        return below(e, &parts, range).map(Some);
    }
    let mut all = Vec::new();
    for part in &parts {
        all.extend(e.iterate(part, range)?);
    }
    let are_numbers = all.iter().all(|label| matches!(label, Item::Number(_)));
    let all = Item::List(Sequence::new(all, range)?);
    if are_numbers { label_item(e, all, range).map(Some) } else { Ok(Some(all)) }
}

/// Columns below each other.
fn below(e: &mut Evaluator<'_>, columns: &[Item], range: TextRange) -> Outcome<Item> {
    if let Some(Item::Texts(_)) = columns.first() {
        let mut texts = Vec::new();
        for column in columns {
            let Item::Texts(part) = column else {
                let seen = column.describe();
                return fault(range, format!("a column of texts cannot go on with {seen}"));
            };
            e.budget.texts(part.len(), range)?;
            texts.extend(part.iter().cloned());
        }
        return Ok(Item::Texts(texts.into()));
    }
    let mut values = Vec::new();
    for column in columns {
        values.push(e.item_value(column, range)?);
    }
    Ok(Item::numbers(e.finish_value(Value::concatenate(&values, 0), range)?, true))
}

/// `pd.get_dummies(x, drop_first=...)`: a column of truth values per label; of a table, for each of its columns of texts.
fn indicators(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, prefix, separator, missing, columns, drop_first, dtype] =
        call.bind(["data", "prefix", "prefix_sep", "dummy_na", "columns", "drop_first", "dtype"])?;
    let separator = separator.map_or(Ok("_".into()), |s| e.text(s, "what parts prefix and label"))?;
    let kind = dtype.map_or(Ok(Kind::Bool), |dtype| e.kind(dtype))?;
    let drop_first = drop_first.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))?;
    if let Some(missing) = missing
        && e.truth(&missing.item, missing.range)?
    {
        return fault(missing.range, "missing labels get no column of their own here: leave out `dummy_na`");
    }
    let x = call.required(x, "data")?;
    let prefix = prefix.filter(|prefix| !matches!(prefix.item, Item::None));
    let mut out = Dict::default();
    let Item::Table(table) = &x.item else {
        let prefix = prefix.map(|prefix| e.text(prefix, "a prefix")).transpose()?;
        let prefix = prefix.map(|prefix| format!("{prefix}{separator}"));
        add_indicators(e, x, prefix.as_deref(), kind, drop_first, &mut out)?;
        return Ok(Item::Table(Rc::new(out)));
    };
    let is_text = |column: &Item| matches!(column, Item::Texts(_) | Item::Categorical(_));
    let chosen = match columns.filter(|columns| !matches!(columns.item, Item::None)) {
        Some(columns) => e.texts(columns, "columns")?,
        None => {
            table.entries().iter().filter(|(_, column)| is_text(column)).map(|(key, _)| key.label()).collect()
        }
    };
    let prefixes = match prefix {
        Some(prefix) => e.texts(prefix, "prefixes")?,
        None => chosen.clone(),
    };
    if prefixes.len() != chosen.len() && prefixes.len() != 1 {
        return fault(call.range, format!("{} prefixes for {} columns", prefixes.len(), chosen.len()));
    }
    for (key, column) in table.entries().iter().filter(|(key, _)| !chosen.contains(&key.label())) {
        out.insert(key.clone(), column.clone(), x.range)?;
    }
    for (k, name) in chosen.iter().enumerate() {
        let column = Argument { item: e.column(table, name, x.range)?, range: x.range };
        let prefix = format!("{}{separator}", prefixes.get(k).unwrap_or(&prefixes[0]));
        add_indicators(e, &column, Some(&prefix), kind, drop_first, &mut out)?;
    }
    out.labels = table.labels.clone();
    Ok(Item::Table(Rc::new(out)))
}

/// A column of truth values for each label of a column.
fn add_indicators(
    e: &mut Evaluator<'_>,
    column: &Argument,
    prefix: Option<&str>,
    kind: Kind,
    drop_first: bool,
    out: &mut Dict,
) -> Outcome<()> {
    let range = column.range;
    let (codes, labels) = match &column.item {
        Item::Categorical(categorical) => (categorical.codes.clone(), categorical.categories.clone()),
        _ => levels(e, column, true)?,
    };
    let labels = e.iterate(&labels, range)?;
    e.budget.elements(labels.len().saturating_mul(codes.len()), range)?;
    for (k, label) in labels.iter().enumerate().skip(usize::from(drop_first)) {
        let is_this = codes.equal(&Value::from(k as i64));
        let key = match prefix {
            Some(prefix) => Key::Text(format!("{prefix}{}", e.display(label, range)?).into()),
            None => e.key(label, range)?,
        };
        out.insert(key, Item::numbers(is_this.with_kind(kind), true), range)?;
    }
    Ok(())
}

/// `pd.melt(table, id_vars, value_vars, var_name, value_name)`: columns below each other, with their names.
pub(super) fn melted(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [table, kept, molten, name, value] =
        call.bind(["frame", "id_vars", "value_vars", "var_name", "value_name"])?;
    let table = call.required(table, "frame")?;
    let range = call.range;
    let Item::Table(columns) = &table.item else {
        return fault(table.range, format!("`melt` is of a table, not of {}", table.item.describe()));
    };
    let is_given = |argument: &&Argument| !matches!(argument.item, Item::None);
    let kept = kept.filter(is_given).map_or(Ok(Vec::new()), |kept| e.texts(kept, "columns"))?;
    let molten = match molten.filter(is_given) {
        Some(molten) => e.texts(molten, "columns")?,
        None => {
            columns.entries().iter().map(|(key, _)| key.label()).filter(|name| !kept.contains(name)).collect()
        }
    };
    if molten.is_empty() {
        return fault(range, "`melt` needs at least one column that is not among `id_vars`");
    }
    let name = name.filter(is_given).map_or(Ok("variable".into()), |name| e.text(name, "a name"))?;
    let value = value.filter(is_given).map_or(Ok("value".into()), |value| e.text(value, "a name"))?;
    let rows = super::rows(columns);
    e.budget.elements(rows.saturating_mul(molten.len()).saturating_mul(kept.len() + 2), range)?;
    let mut out = Dict::default();
    for column in &kept {
        let column_item = e.column(columns, column, range)?;
        let places: Vec<usize> = (0..molten.len()).flat_map(|_| 0..rows).collect();
        out.insert(Key::Text(column.as_str().into()), super::take(e, &column_item, &places, range)?, range)?;
    }
    e.budget.texts(rows.saturating_mul(molten.len()), range)?;
    let names = molten.iter().flat_map(|column| std::iter::repeat_n(column.clone(), rows)).collect();
    out.insert(Key::Text(name), Item::Texts(names), range)?;
    let parts = molten.iter().map(|column| e.column(columns, column, range)).collect::<Outcome<Vec<_>>>()?;
    out.insert(Key::Text(value), below(e, &parts, range)?, range)?;
    Ok(Item::Table(Rc::new(out)))
}

/// `pl.col("x")` in the arguments of a method of a table: its column.
fn own_column(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [name] = call.bind(["name"])?;
    let name = call.required(name, "name")?;
    let text = e.text(name, "the name of a column")?;
    let Some(table) = e.table_of_call.clone() else {
        return fault(call.range, "`col` stands for a column in the arguments of a table's method only");
    };
    let column = e.column(&table, &text, name.range)?;
    Ok(match column {
        Item::Series(values) | Item::Number(values) if values.rank() == 1 => {
            let count = values.len();
            super::labelled(Vec::new(), Item::Range { start: 0, step: 1, count }, &*text, values)
        }
        other => other,
    })
}
