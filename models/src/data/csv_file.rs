//! CSV: a header, then rows; the type of a column is inferred from its cells.
//!
//! Columns are parted by commas, or by the semicolons or tabs of a header that has no comma.
//!
//! A column is truth values, else whole numbers, else numbers, when every cell that is not missing is one; otherwise
//! it is text. An empty cell, `NA`, `NaN`, `null` or `None` is missing: NaN among numbers. In a column of text only
//! the empty cell is missing, so that `NA` can be a label.

use std::path::Path;

use chainfire_engine::program::{Kind, Value};

use super::{DataError, Entry, Location};

/// Columns of the text of a CSV file.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<(String, Entry)>, DataError> {
    let fault = |source: csv::Error| match source.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => DataError::Ragged {
            path: path.into(),
            line: pos.as_ref().map_or(0, csv::Position::line),
            seen: *len,
            expected: *expected_len,
        },
        _ => DataError::Csv { path: path.into(), source },
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator(text)).from_reader(text.as_bytes());
    let names = header(path, reader.headers().map_err(fault)?)?;
    let mut columns: Vec<Cells> = names.iter().map(|_| Cells::default()).collect();
    let (mut lines, mut last) = (Vec::new(), None);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(fault)? {
        lines.push(record.position().map_or(0, csv::Position::line));
        last = record.position().map(|place| place.byte() as usize);
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(cell);
        }
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
    Ok(names.into_iter().zip(columns.into_iter().map(|cells| infer(&cells, &lines))).collect())
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

/// What parts the columns: commas, or else the semicolons or tabs of the header.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let plain: String = header.split('"').step_by(2).collect();
    *b",;\t".iter().find(|separator| plain.contains(char::from(**separator))).unwrap_or(&b',')
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
    matches!(cell, "" | "NA" | "N/A" | "NaN" | "nan" | "null" | "NULL" | "None")
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

fn infer(cells: &Cells, lines: &[u64]) -> Entry {
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
        if is_missing(cell) {
            missing = missing.or(Some(place(row)));
            kind = Kind::Float;
            values.push(f64::NAN);
        } else if let Some((seen, x)) = number(cell) {
            kind = kind.max(seen);
            values.push(x);
        } else {
            let missing = cells.iter().position(|cell| cell.trim().is_empty()).map(place);
            let reason = (place(row), cell.to_owned());
            return Entry::TextColumn { values: cells.iter().map(str::to_owned).collect(), missing, reason };
        }
    }
    let shape = vec![values.len()];
    Entry::Numbers { value: Value::data(values, shape, kind), missing }
}
