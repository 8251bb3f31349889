//! The options of the functions that read a data file: what they say of its layout.
//!
//! Each option is kept, says nothing about what is read here, or is an error; none is passed over in silence.

use chainfire_engine::program::Kind;

use super::Contents;
use crate::data::{Column, Layout, Separator};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Table};
use crate::language::item::{Item, Key};

/// What makes no difference to the numbers that are read, or says where the file is.
const OF_NO_ACCOUNT: &[&str] = &[
    "allow_pickle",
    "autostrip",
    "bytes",
    "cache_dates",
    "compression",
    "dtype_backend",
    "encoding",
    "encoding_errors",
    "engine",
    "engine_kwargs",
    "filepath_or_buffer",
    "filesystem",
    "fix_imports",
    "float_precision",
    "fname",
    "infer_datetime_format",
    "io",
    "like",
    "low_memory",
    "max_header_size",
    "memory_map",
    "mmap_mode",
    "object_pairs_hook",
    "path_or_buf",
    "precise_float",
    "storage_options",
    "use_threads",
    "verbose",
];

/// Options that are kept.
const OF_TABLES: &[&str] = &[
    "columns",
    "comment",
    "converters",
    "date_format",
    "dayfirst",
    "decimal",
    "delim_whitespace",
    "delimiter",
    "dtype",
    "false_values",
    "header",
    "index_col",
    "keep_default_na",
    "na_filter",
    "na_values",
    "names",
    "nrows",
    "on_bad_lines",
    "parse_dates",
    "quotechar",
    "sep",
    "skipfooter",
    "skipinitialspace",
    "skiprows",
    "thousands",
    "true_values",
    "usecols",
];
const OF_ARRAYS: &[&str] = &[
    "comments",
    "converters",
    "delimiter",
    "dtype",
    "max_rows",
    "missing_values",
    "names",
    "ndmin",
    "quotechar",
    "skip_footer",
    "skip_header",
    "skiprows",
    "unpack",
    "usecols",
];

/// Whether an option makes no difference to what is read.
pub(in crate::language) fn is_of_no_account(name: &str) -> bool {
    OF_NO_ACCOUNT.contains(&name)
}

/// The names of what may stand behind the file without a name.
pub(in crate::language) fn positions(function: &str) -> &'static [&'static str] {
    match function {
        "loadtxt" => &[
            "dtype",
            "comments",
            "delimiter",
            "converters",
            "skiprows",
            "usecols",
            "unpack",
            "ndmin",
            "encoding",
            "max_rows",
        ],
        "genfromtxt" => &[
            "dtype",
            "comments",
            "delimiter",
            "skip_header",
            "skip_footer",
            "converters",
            "missing_values",
            "filling_values",
            "usecols",
            "names",
        ],
        "read_csv" | "read_table" => &["sep"],
        "read_excel" => &["sheet_name"],
        "load" => &["mmap_mode"],
        _ => &[],
    }
}

pub(super) fn option<'c>(call: &'c Call, name: &str) -> Option<&'c Argument> {
    call.keywords.iter().find(|(known, _)| known == name).map(|(_, given)| given)
}

pub(super) fn flag(e: &Evaluator<'_>, call: &Call, name: &str, default: bool) -> Outcome<bool> {
    option(call, name).map_or(Ok(default), |given| e.truth(&given.item, given.range))
}

/// Refuses options that are not kept, unless they say what is so anyway.
pub(super) fn check(e: &Evaluator<'_>, call: &Call, contents: Contents) -> Outcome<()> {
    let kept = match contents {
        Contents::Table => OF_TABLES,
        Contents::Matrix => OF_ARRAYS,
        Contents::Arrays => &[],
    };
    for (name, Argument { item, range }) in &call.keywords {
        let is_so = match (name.as_str(), item) {
            ("file" | "contents", _) => true,
            (name, _) if kept.contains(&name) => true,
            (_, Item::None) => !matches!(name.as_str(), "sheet_name"),
            ("sheet_name", Item::Text(_) | Item::Number(_)) => contents == Contents::Table,
            ("orient", Item::Text(orient)) => matches!(&**orient, "columns" | "records" | "list"),
            ("typ", Item::Text(kind)) => &**kind == "frame",
            ("lineterminator", Item::Text(end)) => end.trim().is_empty(),
            ("quoting", item) => e.float(item, "a number", *range)? == 0.0,
            (
                "skip_blank_lines" | "doublequote" | "loose" | "invalid_raise" | "mangle_dupe_cols",
                Item::Number(_),
            ) => e.truth(item, *range)?,
            ("convert_categoricals" | "convert_dates" | "convert_axes" | "strict", _) => true,
            (
                "iterator" | "squeeze" | "usemask" | "keep_date_col" | "lines" | "encoding_warning",
                Item::Number(_),
            ) => !e.truth(item, *range)?,
            _ => false,
        };
        if !is_so {
            let message = format!("`{}` has no option `{name}` here, or not with this value", call.name);
            let fix = "leave it out and work with what is read, or write the data file anew";
            return Err(Fault::new(*range, message).fix(fix));
        }
    }
    Ok(())
}

/// How the options say that the file is laid out.
pub(super) fn layout(
    e: &mut Evaluator<'_>,
    call: &Call,
    table: Table<'_>,
    mut layout: Layout,
) -> Outcome<Layout> {
    let mut is_whole = false;
    for (name, argument) in &call.keywords {
        let Argument { item, range } = argument;
        if let Item::None = item {
            match name.as_str() {
                "header" => layout.header = Some(false),
                "comments" => layout.comment = None,
                _ => {}
            }
            continue;
        }
        match name.as_str() {
            "sep" | "delimiter" => layout.separator = separator(&e.text(argument, name)?),
            "delim_whitespace" if e.truth(item, *range)? => layout.separator = Some(Separator::Spaces),
            "header" if matches!(item, Item::Text(_)) => {}
            "header" => {
                layout.before = count(e, argument, "the row of the header")?;
                layout.header = Some(true);
            }
            "names" if matches!(item, Item::Number(_)) => layout.header = Some(e.truth(item, *range)?),
            "names" => layout.names = Some(e.texts(argument, "names of columns")?),
            "skiprows" | "skip_header" => skipped(e, argument, table, &mut layout)?,
            "skipfooter" | "skip_footer" => layout.after = count(e, argument, "a number of lines")?,
            "comment" | "comments" => layout.comment = Some(letter(e, argument)?),
            "decimal" => layout.decimal = Some(letter(e, argument)?).filter(|&mark| mark != '.'),
            "thousands" => layout.thousands = Some(letter(e, argument)?),
            "quotechar" => match u8::try_from(letter(e, argument)?) {
                Ok(mark) => layout.quote = Some(mark).filter(|&mark| mark != b'"'),
                Err(_) => return fault(*range, "a quote is one of the letters of ASCII"),
            },
            "na_values" | "missing_values" => match item {
                Item::Dict(columns) => {
                    for (key, words) in columns.entries() {
                        let words = Argument { item: words.clone(), range: *range };
                        layout.missing_in.push((column(e, key, argument)?, missing(e, &words)?));
                    }
                }
                _ => layout.missing = missing(e, argument)?,
            },
            "keep_default_na" => layout.is_literal |= !e.truth(item, *range)?,
            "na_filter" if !e.truth(item, *range)? => is_whole = true,
            "true_values" => layout.truths[0] = e.texts(argument, "words for true")?,
            "false_values" => layout.truths[1] = e.texts(argument, "words for false")?,
            "skipinitialspace" => layout.trims = e.truth(item, *range)?,
            "nrows" | "max_rows" => layout.rows = Some(count(e, argument, "a number of rows")?),
            "on_bad_lines" => match &*e.text(argument, name)? {
                "error" => {}
                "skip" | "warn" => layout.skips_long = true,
                _ => return fault(*range, "`on_bad_lines` is \"error\", \"skip\" or \"warn\" here"),
            },
            "dtype" => match item {
                Item::Dict(kinds) => {
                    for (key, _) in kinds.entries().iter().filter(|(_, kind)| is_text(kind)) {
                        layout.texts.push(column(e, key, argument)?);
                    }
                }
                kind if is_text(kind) => layout.texts.push(Column::All),
                _ => {}
            },
            "converters" => {
                let Item::Dict(functions) = item else {
                    return fault(*range, "`converters` is a dictionary: a function for each column");
                };
                for (key, _) in functions.entries() {
                    layout.literals.push(column(e, key, argument)?);
                }
            }
            _ => {}
        }
    }
    if is_whole {
        layout = Layout { is_literal: true, missing: Vec::new(), missing_in: Vec::new(), ..layout };
    }
    // Columns are taken in the order of the file, whatever that of `usecols`.
    if let (Some(used), Some(_)) = (option(call, "usecols"), &layout.names)
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

/// The column that a key of an option is for.
fn column(e: &Evaluator<'_>, key: &Key, argument: &Argument) -> Outcome<Column> {
    Ok(match key {
        Key::Text(name) => Column::Named(name.to_string()),
        key => {
            let place = e.integer(&key.item(), "the place of a column", argument.range)?;
            match usize::try_from(place) {
                Ok(place) => Column::At(place),
                Err(_) => return fault(argument.range, "columns are counted from 0"),
            }
        }
    })
}

/// Whether it is the type of texts.
pub(super) fn is_text(kind: &Item) -> bool {
    match kind {
        Item::TextType => true,
        Item::Text(name) => {
            matches!(&**name, "str" | "string" | "object" | "O" | "U" | "<U") || name.starts_with("<U")
        }
        _ => false,
    }
}

/// A text of one letter.
fn letter(e: &Evaluator<'_>, argument: &Argument) -> Outcome<char> {
    let text = e.text(argument, "a mark")?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => fault(argument.range, format!("a single letter is needed here, not \"{text}\"")),
    }
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

fn count(e: &Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<usize> {
    let whole = e.integer(&argument.item, what, argument.range)?;
    usize::try_from(whole).or_else(|_| fault(argument.range, format!("{what} is at least 0")))
}

/// The lines that are passed over: the first ones, some by their numbers, or those that a function says.
fn skipped(e: &mut Evaluator<'_>, argument: &Argument, table: Table<'_>, layout: &mut Layout) -> Outcome<()> {
    match &argument.item {
        item @ (Item::List(_) | Item::Tuple(_) | Item::Range { .. } | Item::Number(_)) if !matches!(item, Item::Number(value) if value.rank() == 0) => {
            for number in e.iterate(item, argument.range)? {
                let line = e.integer(&number, "the number of a line", argument.range)?;
                layout.passed.extend(usize::try_from(line));
            }
        }
        function if function.is_callable() => {
            let text = match table {
                Table::Written(text) => text,
                Table::File(file) => file.table_text().unwrap_or_default(),
            };
            for k in 0..text.lines().count() {
                let answer = e.called(function, Item::integer(k as i64), argument.range)?;
                if e.truth(&answer, argument.range)? {
                    layout.passed.push(k);
                }
            }
        }
        _ => layout.skip = count(e, argument, "a number of lines")?,
    }
    Ok(())
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

/// Whether it is a truth value.
pub(super) fn is_truth(item: &Item) -> bool {
    matches!(item, Item::Number(value) if value.kind() == Kind::Bool)
}
