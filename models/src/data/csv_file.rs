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
    /// Lines before the table.
    pub(crate) skip: usize,
    /// What begins the part of a line that is no data.
    pub(crate) comment: Option<char>,
    /// The most rows.
    pub(crate) rows: Option<usize>,
    /// What else stands for a missing number.
    pub(crate) missing: Vec<String>,
    /// What stands before the decimals, if not a point.
    pub(crate) decimal: Option<char>,
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
        None if has_header => header(path, &record)?,
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
    Ok(names.into_iter().zip(columns.into_iter().map(|cells| infer(&cells, &lines, layout))).collect())
}

/// The text with empty lines for those before the table, and without comments; in other files than `.csv` lines that
/// begin with `#` are comments anyway.
fn without_comments<'a>(text: &'a str, layout: &Layout, is_csv: bool) -> Cow<'a, str> {
    let is_comment = |line: &str| !is_csv && line.trim_start().starts_with('#');
    if layout.skip == 0 && layout.comment.is_none() && !text.lines().any(is_comment) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.lines().enumerate() {
        if i >= layout.skip && !is_comment(line) {
            out.push_str(layout.comment.and_then(|mark| line.split(mark).next()).unwrap_or(line).trim_end());
        }
        out.push('\n');
    }
    out.into()
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

fn header(path: &Path, record: &csv::StringRecord) -> Result<Vec<String>, DataError> {
    if record.iter().all(|name| name.trim().is_empty()) {
        return Err(DataError::Empty { path: path.into(), seen: "is empty" });
    }
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    for (i, name) in record.iter().enumerate() {
        let name = match name.trim() {
            "" => format!("Unnamed: {i}"), // as pandas calls the index column it wrote itself
            name => name.to_owned(),
        };
        if let Some(first) = names.iter().position(|known| *known == name) {
            return Err(DataError::DuplicateColumn {
                path: path.into(),
                name,
                first: first + 1,
                second: i + 1,
            });
        }
        names.push(name);
    }
    Ok(names)
}

fn is_missing(cell: &str) -> bool {
    matches!(
        cell,
        "" | "NA" | "N/A" | "#N/A" | "<NA>" | "n/a" | "NaN" | "nan" | "-nan" | "null" | "NULL" | "None"
    )
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

/// A cell with a point for another decimal character.
fn with_point(cell: &str, layout: &Layout) -> Option<String> {
    layout.decimal.filter(|&decimal| cell.contains(decimal)).map(|decimal| cell.replace(decimal, "."))
}

fn infer(cells: &Cells, lines: &[u64], layout: &Layout) -> Entry {
    let place = |row: usize| Location { row, line: Some(lines[row]) };
    if let Some(values) = cells.iter().map(|cell| truth(cell.trim())).collect::<Option<Vec<f64>>>() {
        let shape = vec![values.len()];
        return Entry::Numbers { value: Value::data(values, shape, Kind::Bool), missing: None };
    }
    let mut kind = Kind::Int;
    let mut missing = None;
    let mut values = Vec::with_capacity(cells.ends.len());
    for (row, cell) in cells.iter().enumerate() {
        let cell = cell.trim();
        if is_missing(cell) || layout.missing.iter().any(|missing| missing == cell) {
            missing = missing.or(Some(place(row)));
            kind = Kind::Float;
            values.push(f64::NAN);
        } else if let Some((seen, x)) =
            with_point(cell, layout).as_deref().map_or_else(|| number(cell), number)
        {
            kind = kind.max(seen);
            values.push(x);
        } else {
            let is_missing = |cell: &&str| {
                let cell = cell.trim();
                is_missing(cell) || layout.missing.iter().any(|missing| missing == cell)
            };
            let missing = cells.iter().position(|cell| is_missing(&cell)).map(place);
            let reason = (place(row), cell.to_owned());
            let texts =
                cells.iter().map(|cell| if is_missing(&cell) { MISSING_TEXT } else { cell }.to_owned());
            return Entry::TextColumn { values: texts.collect(), missing, reason };
        }
    }
    let shape = vec![values.len()];
    Entry::Numbers { value: Value::data(values, shape, kind), missing }
}
