//! CSV: a header, then rows; the type of a column is inferred from its cells.
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
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let names = header(path, reader.headers().map_err(fault)?)?;
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    let (mut lines, mut last) = (Vec::new(), None);
    for record in reader.records() {
        let record = record.map_err(fault)?;
        lines.push(record.position().map_or(0, csv::Position::line));
        last = record.position().map(|place| place.byte() as usize);
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(cell.to_owned());
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
    Ok(names.into_iter().zip(columns.into_iter().map(|cells| infer(cells, &lines))).collect())
}

fn header(path: &Path, record: &csv::StringRecord) -> Result<Vec<String>, DataError> {
    if record.iter().all(|name| name.trim().is_empty()) {
        return Err(DataError::Empty { path: path.into(), seen: "is empty" });
    }
    if record.len() == 1 {
        for (separator, seen) in [(';', "semicolons"), ('\t', "tabs")] {
            if record[0].contains(separator) {
                return Err(DataError::Separator { path: path.into(), seen });
            }
        }
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

fn infer(cells: Vec<String>, lines: &[u64]) -> Entry {
    let place = |row: usize| Location { row, line: Some(lines[row]) };
    if cells.iter().all(|cell| truth(cell.trim()).is_some()) {
        let values: Vec<f64> = cells.iter().filter_map(|cell| truth(cell.trim())).collect();
        let shape = vec![values.len()];
        return Entry::Numbers { value: Value::data(values, shape, Kind::Bool), missing: None };
    }
    let mut kind = Kind::Int;
    let mut missing = None;
    let mut values = Vec::with_capacity(cells.len());
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
            return Entry::TextColumn { values: cells.into(), missing, reason };
        }
    }
    let shape = vec![values.len()];
    Entry::Numbers { value: Value::data(values, shape, kind), missing }
}
