//! Data that are multiplied with parameters: predictors that carry nothing, or far too much.

use ruff_text_size::TextRange;

use super::Notes;
use crate::Value;
use crate::finding::{Finding, Rule};
use crate::language::Fault;

/// Most columns of a matrix that are compared with each other.
const COLUMNS: usize = 60;
/// How a finding about an infinite predictor begins.
const INFINITE: &str = "an infinite value";
/// Ratio of standard deviations from which predictors should be standardised.
const RATIO: f64 = 100.0;

/// Whether a finding is about an infinite predictor.
pub(super) fn is_infinite(finding: &Finding) -> bool {
    finding.rule == Rule::DegeneratePredictor && finding.message.starts_with(INFINITE)
}

/// Looks at data that are multiplied with parameters.
pub(super) fn check_predictors(notes: &mut Notes<'_>, predictors: Vec<(TextRange, Value)>) {
    let mut scales: Vec<(f64, TextRange)> = Vec::new();
    let mut singles: Vec<(TextRange, Vec<f64>)> = Vec::new();
    for (range, value) in predictors {
        let Some(numbers) = value.as_data() else { continue };
        let (rows, count) = match value.shape() {
            [rows] => (*rows, 1),
            [rows, count] => (*rows, *count),
            _ => continue,
        };
        let warn = |message: String| Fault::new(range, message).rule(Rule::DegeneratePredictor);
        if let Some(at) = numbers.iter().position(|x| x.is_infinite()) {
            let row = at / count.max(1);
            notes.at(warn(format!("{INFINITE} at row {row} (counted from 0) is multiplied with parameters"))
                .seen(format!("{} at row {row}", numbers[at]), "finite numbers")
                .fix("leave the row out, or look for a division by zero or the logarithm of zero"));
            continue;
        }
        if rows < 3 {
            continue;
        }
        let column = |k: usize| numbers.iter().skip(k).step_by(count).copied().collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = (0..count.min(COLUMNS)).map(column).collect();
        if let [only] = &columns[..]
            && only.iter().all(|x| x == &only[0])
            && only[0] != 1.0
        {
            let message = format!(
                "every row of this predictor is {}: its coefficient and the intercept are one",
                only[0]
            );
            notes.at(warn(message).fix("leave the predictor out"));
        }
        if count > 1
            && rows > count
            && count <= COLUMNS
            && let Some(k) = dependent_column(&columns)
        {
            let message = format!(
                "column {k} of this matrix of predictors is a combination of the columns before it: their \
                 coefficients cannot be told apart"
            );
            notes.at(warn(message).fix("leave the column out"));
        }
        if let [only] = &columns[..] {
            singles.push((range, only.clone()));
        }
        scales.extend(columns.iter().filter_map(|column| scale(column)).map(|scale| (scale, range)));
    }
    one_line(notes, &singles);
    let least = scales.iter().map(|(scale, _)| *scale).reduce(f64::min);
    let most = scales.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    if let (Some(least), Some((most, range))) = (least, most)
        && most > RATIO * least
    {
        let message = format!(
            "predictors have standard deviations from {least:.3} to {most:.3}: one scale for all makes priors \
             comparable and sampling faster"
        );
        notes.at(Fault::new(range, message).rule(Rule::Unstandardised).fix("(x - x.mean()) / x.std()"));
    }
}

/// Looks at predictors on one line of the file, such as the terms of one sum.
fn one_line(notes: &mut Notes<'_>, singles: &[(TextRange, Vec<f64>)]) {
    let source = notes.file.source();
    let line = |range: &TextRange| source[..range.start().to_usize()].matches('\n').count();
    for group in singles.chunk_by(|(a, _), (b, _)| line(a) == line(b)) {
        let columns: Vec<Vec<f64>> = group.iter().map(|(_, column)| column.clone()).collect();
        let rows = columns[0].len();
        if columns.len() < rows
            && columns.len() <= COLUMNS
            && columns.iter().all(|column| column.len() == rows)
            && let Some(k) = dependent_column(&columns)
            && k > 0
        {
            let message = "this predictor is a combination of those before it on the line: their coefficients cannot be \
                           told apart";
            notes.at(Fault::new(group[k].0, message).rule(Rule::DegeneratePredictor));
        }
    }
}

/// Standard deviation of a predictor with more than two values.
fn scale(column: &[f64]) -> Option<f64> {
    let first = column[0];
    let second = column.iter().copied().find(|x| *x != first)?;
    if column.iter().all(|x| *x == first || *x == second) {
        return None;
    }
    let n = column.len() as f64;
    let mean = column.iter().sum::<f64>() / n;
    Some((column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// The first column that the columns before it combine to, by the modified Gram-Schmidt process.
fn dependent_column(columns: &[Vec<f64>]) -> Option<usize> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for (k, column) in columns.iter().enumerate() {
        let length = dot(column, column).sqrt();
        let mut rest = column.clone();
        for direction in &basis {
            let along = dot(&rest, direction);
            rest.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
        }
        let left = dot(&rest, &rest).sqrt();
        if left <= 1e-9 * length {
            return Some(k);
        }
        basis.push(rest.iter().map(|x| x / left).collect());
    }
    None
}
