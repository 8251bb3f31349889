//! Tables as text: a header, then rows; the type of a column is inferred from its cells.
//!
//! Columns are parted by commas, or by the semicolons or tabs of a first row that has no comma; in other files than
//! `.csv` by spaces where it has none of these, and there a first row of numbers is no header (in `.csv` files only
//! where two of them are the same). A model file can say it otherwise, by arguments of `pd.read_csv` or `np.loadtxt`.
//!
//! A column is truth values, else whole numbers, else numbers, when every cell that is not missing is one; otherwise
//! it is text. An empty cell, `NA`, `NaN`, `null` or `None` is missing: NaN among numbers. In a column of text only
//! the empty cell is missing, so that `NA` can be a label.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;

use chainfire_engine::program::{Kind, Value};

use super::{DataError, Entry, Location, MISSING_TEXT};

/// The name of a column of labels that the header does not name: one that no other column has.
pub(crate) const LABELS: &str = "";

/// How a text is a table, where that is not as its first row looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// What parts the cells.
    pub(crate) separator: Option<Separator>,
    /// Whether the first row has the names of the columns.
    pub(crate) header: Option<bool>,
    /// Whether a first row of numbers is no header in a `.csv` file either.
    pub(crate) is_array: bool,
    /// The names of the columns, where the file has none or others.
    pub(crate) names: Option<Vec<String>>,
    /// The places of the columns that `names` are those of, where they are not all.
    pub(crate) named: Option<Vec<usize>>,
    /// Lines before the table, and other lines that are passed over.
    pub(crate) skip: usize,
    pub(crate) passed: Vec<usize>,
    /// Rows that stand before the header, and after the last row; comments and empty lines do not count.
    pub(crate) before: usize,
    pub(crate) after: usize,
    /// What begins the part of a line that is no data.
    pub(crate) comment: Option<char>,
    /// The most rows.
    pub(crate) rows: Option<usize>,
    /// What else stands for a missing number, in all columns or in some.
    pub(crate) missing: Vec<String>,
    pub(crate) missing_in: Vec<(Column, Vec<String>)>,
    /// Whether an empty cell and words such as `NA` do not stand for a missing number.
    pub(crate) is_literal: bool,
    /// What stands before the decimals, if not a point, and what parts thousands.
    pub(crate) decimal: Option<char>,
    pub(crate) thousands: Option<char>,
    /// Other words for true and for false.
    pub(crate) truths: [Vec<String>; 2],
    /// Columns of texts, whatever they look like, and such where nothing is missing either.
    pub(crate) texts: Vec<Column>,
    pub(crate) literals: Vec<Column>,
    /// Whether columns of one name are numbered, as `a`, `a.1`, and whether rows that are too long are left out.
    pub(crate) numbers_names: bool,
    pub(crate) skips_long: bool,
    /// Whether spaces before a text are no part of it.
    pub(crate) trims: bool,
    /// What texts that hold separators stand in, if not double quotes.
    pub(crate) quote: Option<u8>,
}

/// Columns that a layout speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    All,
    Named(String),
    At(usize),
}

impl Column {
    fn is(&self, place: usize, name: &str) -> bool {
        match self {
            Column::All => true,
            Column::Named(own) => own == name,
            Column::At(own) => *own == place,
        }
    }
}

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One character.
    Byte(u8),
    /// Any number of spaces and tabs.
    Spaces,
}

/// Columns of the text of a table.
pub(super) fn read(path: &Path, text: &str, layout: &Layout) -> Result<Vec<(String, Entry)>, DataError> {
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let text = without_comments(text, layout, is_csv);
    let said = layout.separator.filter(|separator| stands_in_first_row(*separator, &text));
    let separator = said.unwrap_or_else(|| separator(&text, is_csv && !layout.is_array));
    let (text, delimiter) = match separator {
        Separator::Byte(byte) => (text, byte),
        Separator::Spaces => (parted_by_tabs(&text).into(), b'\t'),
    };
    let fault = |source: csv::Error| DataError::Csv { path: path.into(), source };
    let line_of = |record: &csv::StringRecord| record.position().map_or(0, csv::Position::line);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .quote(layout.quote.unwrap_or(b'"'))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).map_err(fault)? {
        return Err(DataError::Empty { path: path.into(), seen: "is empty" });
    }
    let is_row = record.iter().all(|cell| number(cell.trim()).is_some());
    let may_be_names = is_csv && !layout.is_array;
    let are_names = !is_row || may_be_names && record.iter().collect::<HashSet<_>>().len() == record.len();
    let has_header = layout.header.unwrap_or(layout.names.is_none() && are_names);
    let mut names = match &layout.names {
        Some(names) if names.len() == record.len() => names.clone(),
        Some(names)
            if let Some(named) = &layout.named
                && named.len() == names.len()
                && named.iter().all(|&place| place < record.len()) =>
        {
            let mut all: Vec<String> = (0..record.len()).map(|i| i.to_string()).collect();
            named.iter().zip(names).for_each(|(&place, name)| all[place].clone_from(name));
            all
        }
        Some(names) => {
            let (seen, expected) = (record.len() as u64, names.len() as u64);
            return Err(DataError::Ragged { path: path.into(), line: line_of(&record), seen, expected });
        }
        None if has_header => header(path, &record, layout)?,
        None => (0..record.len()).map(|i| i.to_string()).collect(),
    };
    let (mut lines, mut last) = (Vec::new(), None);
    let mut is_more = !has_header || reader.read_record(&mut record).map_err(fault)?;
    // Rows that are longer than the header by one begin with their label, as R writes them.
    if has_header && is_more && record.len() == names.len() + 1 {
        names.insert(0, LABELS.to_owned());
    }
    let mut columns: Vec<Cells> = names.iter().map(|_| Cells::default()).collect();
    while is_more && layout.rows.is_none_or(|rows| lines.len() < rows) {
        if layout.skips_long && record.len() > names.len() {
            is_more = reader.read_record(&mut record).map_err(fault)?;
            continue;
        }
        lines.push(line_of(&record));
        if record.len() != names.len() {
            return Err(DataError::Ragged {
                path: path.into(),
                line: line_of(&record),
                seen: record.len() as u64,
                expected: names.len() as u64,
            });
        }
        last = record.position().map(|place| place.byte() as usize);
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(cell);
        }
        is_more = reader.read_record(&mut record).map_err(fault)?;
    }
    if let Some(start) = last
        && let row = text[start..].trim_end()
        && row.contains('\n')
        && row.matches('"').count() % 2 == 1
    {
        return Err(DataError::Quote { path: path.into(), line: lines.last().copied().unwrap_or(0) });
    }
    if lines.is_empty() {
        return Err(DataError::Empty { path: path.into(), seen: "has no rows" });
    }
    let columns = names.into_iter().zip(columns).enumerate();
    Ok(columns
        .map(|(place, (name, cells))| {
            let entry = infer(&cells, &lines, &Reading::new(layout, place, &name));
            (name, entry)
        })
        .collect())
}

/// The text with empty lines for those before the table, and without comments; in other files than `.csv` lines that
/// begin with `#` are comments anyway.
fn without_comments<'a>(text: &'a str, layout: &Layout, is_csv: bool) -> Cow<'a, str> {
    let is_comment = |line: &str| !is_csv && line.trim_start().starts_with('#');
    let is_whole = layout.skip + layout.before + layout.after == 0 && layout.passed.is_empty();
    if is_whole && layout.comment.is_none() && !text.lines().any(is_comment) {
        return text.into();
    }
    let passed: HashSet<usize> = layout.passed.iter().copied().collect();
    let line = |(i, line): (usize, &'a str)| match i < layout.skip || passed.contains(&i) || is_comment(line)
    {
        true => "",
        // A carriage return ends a line, a tab may be an empty cell.
        false => layout
            .comment
            .and_then(|mark| line.split(mark).next())
            .unwrap_or(line)
            .trim_end_matches([' ', '\r', '\n']),
    };
    let mut lines: Vec<&str> = text.lines().enumerate().map(line).collect();
    lines.iter_mut().filter(|line| !line.trim().is_empty()).take(layout.before).for_each(|line| *line = "");
    let last = lines.iter_mut().rev().filter(|line| !line.trim().is_empty());
    last.take(layout.after).for_each(|line| *line = "");
    lines.join("\n").into()
}

/// The same lines with one tab where there were spaces.
fn parted_by_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        for (i, cell) in line.split_whitespace().enumerate() {
            out.push_str(if i == 0 { "" } else { "\t" });
            out.push_str(cell);
        }
        out.push('\n');
    }
    out
}

/// The cells of a column, one after the other.
#[derive(Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }
}

/// The first row without what stands in quotes.
fn first_row(text: &str) -> String {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.trim().split('"').step_by(2).collect()
}

/// Whether a separator can be that of a text: a script may name that of a file which was written anew since.
fn stands_in_first_row(separator: Separator, text: &str) -> bool {
    match separator {
        Separator::Byte(byte) => first_row(text).contains(char::from(byte)),
        Separator::Spaces => first_row(text).contains([' ', '\t']),
    }
}

/// What parts the columns: commas, or else the semicolons or tabs of the first row, or else spaces.
fn separator(text: &str, is_csv: bool) -> Separator {
    let plain = first_row(text);
    match b",;\t".iter().find(|separator| plain.contains(char::from(**separator))) {
        Some(&separator) => Separator::Byte(separator),
        None if is_csv => Separator::Byte(b','),
        None => Separator::Spaces,
    }
}

fn header(path: &Path, record: &csv::StringRecord, layout: &Layout) -> Result<Vec<String>, DataError> {
    if record.iter().all(|name| name.trim().is_empty()) {
        return Err(DataError::Empty { path: path.into(), seen: "is empty" });
    }
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    for (i, name) in record.iter().enumerate() {
        let mut name = match name.trim() {
            "" => format!("Unnamed: {i}"), // as pandas calls the index column it wrote itself
            name => name.to_owned(),
        };
        if let Some(first) = names.iter().position(|known| *known == name) {
            if !layout.numbers_names {
                return Err(DataError::DuplicateColumn {
                    path: path.into(),
                    name,
                    first: first + 1,
                    second: i + 1,
                });
            }
            let is_free = |name: &String| !names.contains(name) && !record.iter().any(|other| other == name);
            name = (1..).map(|k| format!("{name}.{k}")).find(is_free).unwrap_or(name);
        }
        names.push(name);
    }
    Ok(names)
}

fn is_missing(cell: &str) -> bool {
    matches!(
        cell,
        "" | "NA"
            | "N/A"
            | "#N/A"
            | "#N/A N/A"
            | "#NA"
            | "<NA>"
            | "n/a"
            | "NaN"
            | "nan"
            | "-NaN"
            | "-nan"
            | "1.#IND"
            | "-1.#IND"
            | "1.#QNAN"
            | "-1.#QNAN"
            | "null"
            | "NULL"
            | "None"
    )
}

/// How the cells of one column are read.
struct Reading<'a> {
    layout: &'a Layout,
    /// What stands for a missing number here besides the usual words.
    missing: Vec<&'a str>,
    is_text: bool,
    is_literal: bool,
}

impl<'a> Reading<'a> {
    fn new(layout: &'a Layout, place: usize, name: &str) -> Self {
        let is_here = |columns: &[Column]| columns.iter().any(|column| column.is(place, name));
        let of_column = layout.missing_in.iter().filter(|(column, _)| column.is(place, name));
        let missing = layout.missing.iter().chain(of_column.flat_map(|(_, missing)| missing));
        Self {
            layout,
            missing: missing.map(String::as_str).collect(),
            is_text: is_here(&layout.texts) || is_here(&layout.literals),
            is_literal: is_here(&layout.literals),
        }
    }

    /// Whether a cell, without spaces around it, stands for a missing number.
    fn is_missing(&self, cell: &str) -> bool {
        let is_same = |missing: &str| {
            missing == cell || number(missing).zip(number(cell)).is_some_and(|((_, a), (_, b))| a == b)
        };
        !self.is_literal
            && (!self.layout.is_literal && is_missing(cell) || self.missing.iter().any(|word| is_same(word)))
    }

    fn truth(&self, cell: &str) -> Option<f64> {
        let [yes, no] = &self.layout.truths;
        match cell {
            _ if yes.iter().any(|word| word == cell) => Some(1.0),
            _ if no.iter().any(|word| word == cell) => Some(0.0),
            cell => truth(cell),
        }
    }

    fn number(&self, cell: &str) -> Option<(Kind, f64)> {
        let is_apart = |c: char| Some(c) == self.layout.thousands;
        match self.layout.decimal {
            _ if cell.is_empty() => None,
            None if !cell.contains(is_apart) => number(cell),
            decimal => {
                let plain: String = cell.chars().filter(|&c| !is_apart(c)).collect();
                number(&decimal.map_or(plain.clone(), |decimal| plain.replace(decimal, ".")))
            }
        }
    }
}

fn truth(cell: &str) -> Option<f64> {
    match cell {
        "True" | "true" | "TRUE" => Some(1.0),
        "False" | "false" | "FALSE" => Some(0.0),
        _ => None,
    }
}

/// The kind and value of a cell that holds a number; whole numbers beyond 2^53 would lose digits and become floats.
fn number(cell: &str) -> Option<(Kind, f64)> {
    if let Ok(whole) = cell.parse::<i64>()
        && whole.unsigned_abs() <= 1 << 53
    {
        return Some((Kind::Int, whole as f64));
    }
    cell.parse().ok().map(|x| (Kind::Float, x))
}

fn infer(cells: &Cells, lines: &[u64], reading: &Reading<'_>) -> Entry {
    let place = |row: usize| Location { row, line: Some(lines[row]) };
    let texts = |reason: (Location, String)| {
        let missing = cells.iter().position(|cell| reading.is_missing(cell.trim())).map(place);
        let text = |cell: &str| match reading.layout.trims {
            _ if reading.is_missing(cell.trim()) => MISSING_TEXT.to_owned(),
            true => cell.trim_start().to_owned(),
            false => cell.to_owned(),
        };
        Entry::TextColumn { values: cells.iter().map(text).collect(), missing, reason }
    };
    if reading.is_text {
        return texts((place(0), cells.iter().next().unwrap_or_default().to_owned()));
    }
    if let Some(values) = cells.iter().map(|cell| reading.truth(cell.trim())).collect::<Option<Vec<f64>>>() {
        let shape = vec![values.len()];
        return Entry::Numbers { value: Value::data(values, shape, Kind::Bool), missing: None };
    }
    let mut kind = Kind::Int;
    let mut missing = None;
    let mut values = Vec::with_capacity(cells.ends.len());
    for (row, cell) in cells.iter().enumerate() {
        let cell = cell.trim();
        if reading.is_missing(cell) {
            missing = missing.or(Some(place(row)));
            kind = Kind::Float;
            values.push(f64::NAN);
        } else if let Some((seen, x)) = reading.number(cell) {
            kind = kind.max(seen);
            values.push(x);
        } else {
            return texts((place(row), cell.to_owned()));
        }
    }
    let shape = vec![values.len()];
    Entry::Numbers { value: Value::data(values, shape, kind), missing }
}
