//! Print a summary as `print(az.summary(idata))` shows it where the window is wide and high enough.
//!
//! Runs of many chains have columns more; they stand behind ArviZ's.
//!
//! # References
//! - ArviZ 0.23, `arviz.summary`: three decimals, none for effective sizes, two for R-hat.

use chainfire_engine::diagnostics::SummaryRow;

use crate::float_column::float_column;

/// A column: its name, its decimals and where its number is.
type Column = (&'static str, i32, fn(&SummaryRow) -> f64);

const COLUMNS: [Column; 11] = [
    ("mean", 3, |row| row.mean),
    ("sd", 3, |row| row.sd),
    ("hdi_3%", 3, |row| row.hdi_low),
    ("hdi_97%", 3, |row| row.hdi_high),
    ("mcse_mean", 3, |row| row.mcse_mean),
    ("mcse_sd", 3, |row| row.mcse_sd),
    ("ess_bulk", 0, |row| row.ess_bulk),
    ("ess_tail", 0, |row| row.ess_tail),
    ("r_hat", 2, |row| row.r_hat),
    ("r_hat_nested", 3, |row| row.r_hat_nested),
    ("mcse_across", 3, |row| row.mcse_across),
];

/// Columns that every summary has.
const ALWAYS: usize = 9;

/// ArviZ's columns, and those of many chains that have a number.
pub(crate) fn columns(rows: &[SummaryRow]) -> impl Iterator<Item = Column> {
    let (always, more) = COLUMNS.split_at(ALWAYS);
    let has_number = |(_, _, value): &&Column| rows.iter().any(|row| !value(row).is_nan());
    always.iter().chain(more.iter().filter(has_number)).copied()
}

/// The table, a line for each row below a line with the names of the columns; no line break at its end.
pub fn summary_table(rows: &[SummaryRow]) -> String {
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let mut lines = aligned(&names, "", |text, width| format!("{text:<width$}"));
    for (name, decimals, value) in columns(rows) {
        let values: Vec<f64> = rows.iter().map(|row| rounded(value(row), decimals)).collect();
        let title = format!(" {name}");
        let column = aligned(&float_column(&values), &title, |text, width| format!(" {text:>width$}"));
        for (line, cell) in lines.iter_mut().zip(column) {
            line.push_str(&cell);
        }
    }
    lines.join("\n")
}

/// Title and cells, padded to the width of the widest one.
fn aligned(cells: &[String], title: &str, pad: impl Fn(&str, usize) -> String) -> Vec<String> {
    let all = || std::iter::once(title).chain(cells.iter().map(String::as_str));
    let width = all().map(|text| text.chars().count()).max().unwrap_or(0);
    all().map(|text| pad(text, width)).collect()
}

/// The nearest number with so many decimals, halves to even, as NumPy rounds.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round_ties_even() / scale
}
