//! What a model file makes of the data file: `pd.read_csv`, `np.loadtxt`, `np.load`.

use chainfire_engine::program::Kind;
use ruff_text_size::TextRange;

use super::Contents;
use crate::data::{Layout, Separator};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Table};
use crate::language::item::{Dict, Item, Key, Sequence};

/// The arguments that mean something; all others, the name of the file among them, are passed over.
pub(in crate::language) const OPTIONS: &[&str] = &[
    "index_col",
    "sep",
    "delimiter",
    "delim_whitespace",
    "header",
    "names",
    "skiprows",
    "skip_header",
    "comment",
    "comments",
    "na_values",
    "decimal",
    "nrows",
    "max_rows",
    "usecols",
    "unpack",
];

/// A data file as a data frame, as one array, or as arrays by name.
pub(super) fn data_file(e: &mut Evaluator<'_>, call: &Call, contents: Contents) -> Outcome<Item> {
    let option = |name: &str| call.keywords.iter().find(|(known, _)| known == name).map(|(_, given)| given);
    let name = option("file").map(|file| e.text(file, "the name of a file")).transpose()?;
    let name = name.as_deref();
    let written = option("contents").map(|text| e.text(text, "a table")).transpose()?;
    let table = match &written {
        Some(text) => Table::Written(text),
        None => Table::File(e.data_file(name, call.range)?),
    };
    match contents {
        Contents::Arrays => match table {
            Table::File(file) => e.stored(file, name.and_then(|name| name.strip_suffix(".npy")), call.range),
            Table::Written(text) => match serde_json::from_str(text) {
                Ok(json) => of_json(e, &json, call.range),
                Err(error) => fault(call.range, format!("the text is no JSON: {error}")),
            },
        },
        Contents::Matrix => {
            let layout = layout(e, call, Layout { comment: Some('#'), is_array: true, ..Layout::default() })?;
            let table = frame(e, table, &layout, call.range)?;
            if layout.header == Some(true) {
                return Ok(table); // an array with names
            }
            let table = option("usecols").map_or(Ok(table.clone()), |columns| chosen(e, &table, columns))?;
            let matrix = e.item_value(&table, call.range)?;
            let single = matrix.rank() == 2 && matrix.shape().contains(&1);
            let matrix = if single { matrix.reshape(&[matrix.len()]) } else { matrix };
            let turned = option("unpack").map_or(Ok(false), |unpack| e.truth(&unpack.item, unpack.range))?;
            Ok(Item::Number(if turned { matrix.transpose() } else { matrix }))
        }
        Contents::Table => {
            let layout = layout(e, call, Layout::default())?;
            let table = frame(e, table, &layout, call.range)?;
            let table = option("usecols").map_or(Ok(table.clone()), |columns| chosen(e, &table, columns))?;
            match (option("index_col"), &table) {
                (Some(index), Item::Table(columns)) => {
                    if is_truth(&index.item) && columns.labels.is_some() {
                        return fault(index.range, "the rows are longer than the header: name the columns");
                    }
                    let Some(key) = index_key(e, columns, index)? else { return Ok(table) };
                    super::method(e, &table, "set_index", call.alone(key))
                }
                _ => Ok(table),
            }
        }
    }
}

/// What `json.loads` makes of a text.
fn of_json(e: &mut Evaluator<'_>, json: &serde_json::Value, range: TextRange) -> Outcome<Item> {
    e.budget.steps(1, range)?;
    Ok(match json {
        serde_json::Value::Null => Item::None,
        serde_json::Value::Bool(truth) => Item::truth(*truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) if whole.unsigned_abs() <= 1 << 53 => Item::integer(whole),
            _ => Item::Number(number.as_f64().unwrap_or(f64::NAN).into()),
        },
        serde_json::Value::String(text) => Item::text(text),
        serde_json::Value::Array(items) => {
            let items = items.iter().map(|item| of_json(e, item, range)).collect::<Outcome<_>>()?;
            Item::List(Sequence::new(items, range)?)
        }
        serde_json::Value::Object(entries) => {
            let mut dict = Dict::default();
            for (name, item) in entries {
                let item = of_json(e, item, range)?;
                dict.insert(Key::Text(name.as_str().into()), item, range)?;
            }
            Item::Dict(dict.into())
        }
    })
}

/// A table as a data frame; a file is read anew where the model says how it is laid out.
fn frame(e: &mut Evaluator<'_>, table: Table<'_>, layout: &Layout, range: TextRange) -> Outcome<Item> {
    match table {
        Table::File(file) if *layout == Layout::default() => e.whole_table(file, range),
        _ => match (e.laid_out(table, layout, range)?, table) {
            (Some(table), _) => Ok(table),
            (None, Table::File(file)) => e.whole_table(file, range),
            (None, Table::Written(_)) => fault(range, "the text is no table"),
        },
    }
}

/// How the arguments say that the file is laid out.
fn layout(e: &mut Evaluator<'_>, call: &Call, mut layout: Layout) -> Outcome<Layout> {
    let mut first = 0;
    for (name, argument) in &call.keywords {
        let Argument { item, range } = argument;
        let is_none = matches!(item, Item::None);
        match name.as_str() {
            "sep" | "delimiter" if !is_none => {
                layout.separator = separator(&e.text(argument, name)?);
            }
            "delim_whitespace" if e.truth(item, *range)? => layout.separator = Some(Separator::Spaces),
            "header" if is_none => layout.header = Some(false),
            "header" if matches!(item, Item::Text(_)) => {}
            "header" => {
                first = count(e, argument, "the row of the header")?;
                layout.header = Some(true);
            }
            "names" if matches!(item, Item::Number(_)) => layout.header = Some(e.truth(item, *range)?),
            "names" if !is_none => layout.names = Some(e.texts(argument, "names of columns")?),
            "skiprows" | "skip_header" => layout.skip = count(e, argument, "a number of lines")?,
            "comment" | "comments" => layout.comment = e.text(argument, name)?.chars().next(),
            "decimal" => layout.decimal = e.text(argument, name)?.chars().next(),
            "na_values" => layout.missing = missing(e, argument)?,
            "nrows" | "max_rows" if !is_none => layout.rows = Some(count(e, argument, "a number of rows")?),
            _ => {}
        }
    }
    layout.skip += first;
    // Columns are taken in the order of the file, whatever that of `usecols`.
    let used = call.keywords.iter().find(|(name, _)| name == "usecols").map(|(_, used)| used);
    if let (Some(used), Some(_)) = (used, &layout.names)
        && matches!(used.item, Item::List(_) | Item::Tuple(_) | Item::Range { .. })
    {
        let mut named = Vec::new();
        for item in e.iterate(&used.item, used.range)? {
            if matches!(item, Item::Text(_)) {
                return Ok(layout);
            }
            named.extend(usize::try_from(e.integer(&item, "the place of a column", used.range)?));
        }
        named.sort_unstable();
        layout.named = Some(named);
    }
    Ok(layout)
}

/// One character, or spaces; other patterns say no more than how the file looks.
fn separator(text: &str) -> Option<Separator> {
    match (text.trim_matches(' '), text.as_bytes()) {
        ("" | r"\s+" | r"\s*", _) => Some(Separator::Spaces),
        (r"\t" | r"\t+", _) => Some(Separator::Byte(b'\t')),
        (_, &[byte]) => Some(Separator::Byte(byte)),
        _ => None,
    }
}

/// A whole number, or one more than the last of the whole numbers from 0 on.
fn count(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<usize> {
    let numbers = match &argument.item {
        Item::List(_) | Item::Tuple(_) | Item::Range { .. } => e.iterate(&argument.item, argument.range)?,
        item => {
            let whole = e.integer(item, what, argument.range)?;
            return usize::try_from(whole)
                .or_else(|_| fault(argument.range, format!("{what} is at least 0")));
        }
    };
    for (i, number) in numbers.iter().enumerate() {
        if e.integer(number, what, argument.range)? != i as i64 {
            return fault(argument.range, "only the first lines of a file can be passed over");
        }
    }
    Ok(numbers.len())
}

/// What stands for a missing number.
fn missing(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Vec<String>> {
    let all = match &argument.item {
        Item::List(_) | Item::Tuple(_) => e.iterate(&argument.item, argument.range)?,
        single => vec![single.clone()],
    };
    let mut out = Vec::new();
    for item in all {
        match item {
            Item::Text(text) => out.push(text.to_string()),
            item => out.push(e.float(&item, "what stands for a missing number", argument.range)?.to_string()),
        }
    }
    Ok(out)
}

/// The columns of a table that are asked for, by their places or names.
fn chosen(e: &mut Evaluator<'_>, table: &Item, columns: &Argument) -> Outcome<Item> {
    let Item::Table(all) = table else { return Ok(table.clone()) };
    let asked = match &columns.item {
        Item::None => return Ok(table.clone()),
        Item::List(_) | Item::Tuple(_) | Item::Range { .. } => e.iterate(&columns.item, columns.range)?,
        single => vec![single.clone()],
    };
    let mut out = Dict::default();
    for item in asked {
        let found = match &item {
            Item::Text(name) => all.entries().iter().find(|(key, _)| *key == Key::Text(name.clone())),
            item => {
                let k = e.integer(item, "the place of a column", columns.range)?;
                usize::try_from(k).ok().and_then(|k| all.entries().get(k))
            }
        };
        match found {
            Some((key, column)) => out.insert(key.clone(), column.clone(), columns.range)?,
            None => {
                let names: Vec<String> = all.entries().iter().map(|(key, _)| key.display()).collect();
                let message = format!("the data file has no such column (columns: {})", names.join(", "));
                return fault(columns.range, message);
            }
        }
    }
    Ok(Item::Table(out.into()))
}

fn is_truth(item: &Item) -> bool {
    matches!(item, Item::Number(value) if value.kind() == Kind::Bool)
}

/// What `set_index` takes for `index_col`, if it names columns.
fn index_key(e: &mut Evaluator<'_>, columns: &Dict, index: &Argument) -> Outcome<Option<Item>> {
    if matches!(index.item, Item::Text(_) | Item::List(_)) {
        return Ok(Some(index.item.clone()));
    }
    if is_truth(&index.item) {
        return Ok(None); // `index_col=False`
    }
    let Ok(k) = e.integer(&index.item, "the column of an index", index.range) else { return Ok(None) };
    match usize::try_from(k).ok().and_then(|k| columns.entries().get(k)) {
        Some((key, _)) => Ok(Some(key.item())),
        None => fault(index.range, format!("there is no column {k}")),
    }
}
