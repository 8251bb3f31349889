//! What a model file makes of the data file: `pd.read_csv`, `np.loadtxt`, `np.load`, `json.load`.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::Contents;
use super::read_options::{self, flag, is_text, is_truth, option};
use crate::data::{Layout, MISSING_TEXT};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Table};
use crate::language::item::{Dict, Item, Key, Sequence};

/// A data file as a data frame, as one array, or as arrays by name.
pub(super) fn data_file(
    e: &mut Evaluator<'_>,
    call: &Call,
    contents: Contents,
    function: &str,
) -> Outcome<Item> {
    read_options::check(e, call, contents)?;
    let name = option(call, "file").map(|file| e.text(file, "the name of a file")).transpose()?;
    let name = name.as_deref();
    let written = option(call, "contents").map(|text| e.text(text, "a table")).transpose()?;
    let table = match &written {
        Some(text) => Table::Written(text),
        None => Table::File(e.data_file(name, call.range)?),
    };
    match (contents, table) {
        (Contents::Arrays, Table::File(file)) => {
            let is_json = call.name.starts_with("json.") || name.is_some_and(|name| name.ends_with(".json"));
            match is_json && file.name().ends_with(".json") {
                true => e.dictionary(file.entries(), call.range),
                false => e.stored(file, name.and_then(|name| name.strip_suffix(".npy")), call.range),
            }
        }
        (Contents::Arrays, Table::Written(text)) => match serde_json::from_str(text) {
            Ok(json) => of_json(e, &json, call.range),
            Err(error) => fault(call.range, format!("the text is no JSON: {error}")),
        },
        (Contents::Matrix, _) => array(e, call, table, function == "genfromtxt"),
        (Contents::Table, _) => data_frame(e, call, table),
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
        Table::File(file) if *layout == Layout::default() && !file.is_only_text() => {
            e.whole_table(file, range)
        }
        _ => {
            let layout = Layout { numbers_names: true, ..layout.clone() };
            match (e.laid_out(table, &layout, range)?, table) {
                (Some(table), _) => Ok(table),
                (None, Table::File(file)) => e.whole_table(file, range),
                (None, Table::Written(_)) => fault(range, "the text is no table"),
            }
        }
    }
}

/// `pd.read_csv(...)`
fn data_frame(e: &mut Evaluator<'_>, call: &Call, table: Table<'_>) -> Outcome<Item> {
    let layout = read_options::layout(e, call, table, Layout::default())?;
    let table = frame(e, table, &layout, call.range)?;
    let Item::Table(all) = &table else { return Ok(table) };
    let columns = match option(call, "usecols").or_else(|| option(call, "columns")) {
        Some(used) => chosen(e, all, used, call)?,
        None => all.clone(),
    };
    let columns = converted(e, call, all, &columns)?;
    let columns = typed(e, call, all, columns)?;
    let columns = dated(e, call, columns)?;
    let table = Item::Table(columns.into());
    let (Some(index), Item::Table(columns)) = (option(call, "index_col"), &table) else { return Ok(table) };
    if is_truth(&index.item) && columns.labels.is_some() {
        return fault(index.range, "the rows are longer than the header: name the columns");
    }
    let Some(key) = index_key(e, columns, index)? else { return Ok(table) };
    super::method(e, &table, "set_index", call.alone(key))
}

/// The key of the column that an option is for: by its name, or its place in the file.
fn key_of(e: &Evaluator<'_>, all: &Dict, asked: &Item, range: TextRange) -> Outcome<Key> {
    let found = match asked {
        Item::Text(name) => all.entries().iter().find(|(key, _)| *key == Key::Text(name.clone())),
        item => {
            let k = e.integer(item, "the place of a column", range)?;
            let k = if k < 0 { k + all.entries().len() as i64 } else { k };
            usize::try_from(k).ok().and_then(|k| all.entries().get(k))
        }
    };
    match found {
        Some((key, _)) => Ok(key.clone()),
        None => {
            let names: Vec<String> = all.entries().iter().map(|(key, _)| key.display()).collect();
            let message = format!("the data file has no such column (columns: {})", names.join(", "));
            fault(range, message)
        }
    }
}

/// The columns of a table that are asked for, by their places or names, or that a function says.
fn chosen(
    e: &mut Evaluator<'_>,
    all: &std::rc::Rc<Dict>,
    columns: &Argument,
    call: &Call,
) -> Outcome<std::rc::Rc<Dict>> {
    let asked = match &columns.item {
        Item::None => return Ok(all.clone()),
        Item::List(_) | Item::Tuple(_) | Item::Range { .. } | Item::Series(_) | Item::Texts(_) => {
            e.iterate(&columns.item, columns.range)?
        }
        function if function.is_callable() => {
            let mut kept = Vec::new();
            for (key, _) in all.entries() {
                let answer = e.called(function, key.item(), columns.range)?;
                if e.truth(&answer, columns.range)? {
                    kept.push(key.item());
                }
            }
            kept
        }
        single => vec![single.clone()],
    };
    let mut keys =
        asked.iter().map(|item| key_of(e, all, item, columns.range)).collect::<Outcome<Vec<_>>>()?;
    // pandas keeps the order of the file.
    if call.name.contains("read_") && option(call, "usecols").is_some() {
        keys = all.entries().iter().map(|(key, _)| key.clone()).filter(|key| keys.contains(key)).collect();
    }
    let mut out = Dict::with_labels(all.labels.clone());
    for key in keys {
        if let Some(column) = all.get(&key) {
            out.insert(key.clone(), column.clone(), columns.range)?;
        }
    }
    Ok(out.into())
}

/// The columns, of which some are what functions make of the texts of their cells.
fn converted(e: &mut Evaluator<'_>, call: &Call, all: &Dict, columns: &Dict) -> Outcome<Dict> {
    let mut out = columns.clone();
    let Some(Argument { item: Item::Dict(functions), range }) = option(call, "converters") else {
        return Ok(out);
    };
    for (key, function) in functions.entries() {
        let key = key_of(e, all, &key.item(), *range)?;
        let Some(cells) = columns.get(&key) else { continue };
        let count = cells.size();
        let mut made = Vec::with_capacity(count);
        for cell in e.iterate(cells, *range)? {
            made.push(e.called(function, cell, *range)?);
        }
        let made = Item::List(Sequence::new(made, *range)?);
        let column = super::tables::column(e, made, count, *range)?;
        out.insert(key, column, *range)?;
    }
    Ok(out)
}

/// The columns with the types that `dtype` gives them.
fn typed(e: &mut Evaluator<'_>, call: &Call, all: &Dict, columns: Dict) -> Outcome<Dict> {
    let Some(Argument { item, range }) = option(call, "dtype") else { return Ok(columns) };
    let mut out = columns;
    let kinds: Vec<(Key, Item)> = match item {
        Item::None => Vec::new(),
        Item::Dict(kinds) => {
            let of_column =
                |(key, kind): &(Key, Item)| Ok((key_of(e, all, &key.item(), *range)?, kind.clone()));
            kinds.entries().iter().map(of_column).collect::<Outcome<_>>()?
        }
        kind => out.entries().iter().map(|(key, _)| (key.clone(), kind.clone())).collect(),
    };
    for (key, kind) in kinds.into_iter().filter(|(_, kind)| !is_text(kind)) {
        if let Some(column) = out.get(&key).cloned() {
            let column = super::method(e, &column, "astype", call.alone(kind))?;
            out.insert(key, column, *range)?;
        }
    }
    Ok(out)
}

/// The columns, of which some are dates that are written in another way than year, month, day.
fn dated(e: &mut Evaluator<'_>, call: &Call, columns: Dict) -> Outcome<Dict> {
    let Some(Argument { item, range }) = option(call, "parse_dates") else { return Ok(columns) };
    let mut out = columns;
    let asked = match item {
        Item::None => return Ok(out),
        item if is_truth(item) => match (e.truth(item, *range)?, option(call, "index_col")) {
            (true, Some(index)) if !matches!(index.item, Item::None) && !is_truth(&index.item) => {
                vec![index.item.clone()]
            }
            _ => return Ok(out),
        },
        Item::List(_) | Item::Tuple(_) | Item::Dict(_) => e.iterate(item, *range)?,
        single => vec![single.clone()],
    };
    let day_first = flag(e, call, "dayfirst", false)?;
    let format = option(call, "date_format").filter(|format| !matches!(format.item, Item::None));
    for column in asked {
        if let Item::List(_) | Item::Tuple(_) = column {
            return fault(*range, "dates of several columns are made with `pd.to_datetime(table[columns])`");
        }
        let key = key_of(e, &out, &column, *range)?;
        let Some(texts @ Item::Texts(_)) = out.get(&key).cloned() else { continue };
        let format = match format.map(|format| &format.item) {
            Some(Item::Dict(formats)) => formats.get(&key).cloned(),
            other => other.cloned(),
        };
        if !day_first && format.is_none() {
            continue;
        }
        let mut keywords =
            vec![("dayfirst".to_owned(), Argument { item: Item::truth(day_first), range: *range })];
        keywords.extend(format.map(|item| ("format".to_owned(), Argument { item, range: *range })));
        let dates = Call { keywords, ..call.alone(texts) };
        let Item::Function(to_dates) = super::Module::Pandas.member("to_datetime", *range)? else {
            return fault(*range, "dates are not read here");
        };
        out.insert(key, to_dates.run(e, &dates)?, *range)?;
    }
    Ok(out)
}

/// `np.loadtxt(...)` and `np.genfromtxt(...)`, of which the second makes missing numbers of other texts.
fn array(e: &mut Evaluator<'_>, call: &Call, table: Table<'_>, is_lenient: bool) -> Outcome<Item> {
    let plain = Layout { comment: Some('#'), is_array: true, header: Some(false), ..Layout::default() };
    let layout = read_options::layout(e, call, table, plain)?;
    let table = frame(e, table, &layout, call.range)?;
    let Item::Table(all) = &table else { return Ok(table) };
    if layout.header == Some(true) || layout.names.is_some() {
        return Ok(table); // an array with names
    }
    let columns = match option(call, "usecols") {
        Some(used) => chosen(e, all, used, call)?,
        None => all.clone(),
    };
    let columns = converted(e, call, all, &columns)?;
    let dtype = option(call, "dtype").filter(|dtype| !matches!(dtype.item, Item::None));
    if dtype.is_some_and(|dtype| is_text(&dtype.item)) {
        return match columns.entries() {
            [(_, texts)] => Ok(texts.clone()),
            _ => fault(
                call.range,
                "an array of texts has one axis here: read one column, with `usecols=(0,)`, at a time",
            ),
        };
    }
    let columns = numeric(e, call, &columns, &layout, is_lenient)?;
    let matrix = e.finish_value(Value::stack(&columns, 1), call.range)?;
    let matrix = match dtype {
        Some(dtype) => {
            let kind = e.kind(dtype)?;
            let is_broken =
                |numbers: &[f64]| kind == Kind::Int && numbers.iter().any(|x| x.is_nan() || x.fract() != 0.0);
            if matrix.as_data().is_some_and(|numbers| is_broken(numbers)) {
                return fault(dtype.range, "the file has other numbers than whole ones");
            }
            e.cast(&matrix, kind, dtype.range)?
        }
        None => matrix,
    };
    let least =
        option(call, "ndmin").map_or(Ok(0), |least| e.integer(&least.item, "`ndmin`", least.range))?;
    let matrix = match matrix.len() {
        _ if least >= 2 || !matrix.shape().contains(&1) => matrix,
        1 if least == 0 => matrix.reshape(&[]),
        count => matrix.reshape(&[count]),
    };
    let turned = flag(e, call, "unpack", false)? && matrix.rank() == 2;
    Ok(Item::Number(if turned { matrix.transpose() } else { matrix }))
}

/// The numbers of columns; a first row that is a header in each of them is left out where the file is said to have none
/// before it, for a file that was written anew may have one.
fn numeric(
    e: &mut Evaluator<'_>,
    call: &Call,
    columns: &Dict,
    layout: &Layout,
    is_lenient: bool,
) -> Outcome<Vec<Value>> {
    let read = |text: &String| match text.trim() {
        _ if text == MISSING_TEXT => Some(f64::NAN),
        text => text.parse::<f64>().ok(),
    };
    let is_header = |item: &Item| matches!(item, Item::Texts(texts) if texts.first().is_some_and(|text| read(text).is_none()));
    let is_first = layout.skip == 0 && layout.passed.is_empty();
    let start =
        usize::from(!is_lenient && is_first && columns.entries().iter().all(|(_, item)| is_header(item)));
    let mut out = Vec::with_capacity(columns.entries().len());
    for (_, column) in columns.entries() {
        let Item::Texts(texts) = column else {
            out.push(e.item_value(column, call.range)?);
            continue;
        };
        e.budget.elements(texts.len(), call.range)?;
        let mut numbers = Vec::with_capacity(texts.len());
        for text in texts.iter().skip(start) {
            match read(text) {
                Some(number) => numbers.push(number),
                None if is_lenient => numbers.push(f64::NAN),
                None => {
                    return fault(
                        call.range,
                        format!(
                            "\"{text}\" is no number: choose columns of numbers with `usecols`, or give `dtype=str`"
                        ),
                    );
                }
            }
        }
        let kind = if numbers.iter().all(|x| x.fract() == 0.0) { Kind::Int } else { Kind::Float };
        let shape = vec![numbers.len()];
        out.push(Value::data(numbers, shape, kind));
    }
    Ok(out)
}

/// What `set_index` takes for `index_col`, if it names columns.
fn index_key(e: &mut Evaluator<'_>, columns: &Dict, index: &Argument) -> Outcome<Option<Item>> {
    let range = index.range;
    Ok(match &index.item {
        Item::None => None,
        item if is_truth(item) => None, // `index_col=False`
        Item::List(_) | Item::Tuple(_) => {
            let keys = e.iterate(&index.item, range)?;
            let keys = keys.iter().map(|item| Ok(key_of(e, columns, item, range)?.item()));
            let keys = keys.collect::<Outcome<Vec<Item>>>()?;
            match <[Item; 1]>::try_from(keys) {
                Ok([single]) => Some(single),
                Err(several) => Some(Item::List(Sequence::new(several, range)?)),
            }
        }
        item => Some(key_of(e, columns, item, range)?.item()),
    })
}
