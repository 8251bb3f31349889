//! Data that are multiplied with parameters: predictors that carry nothing, or far too much.

use ruff_text_size::TextRange;

use super::{Notes, sums};
use crate::Value;
use crate::finding::{Finding, Rule};
use crate::language::{Fault, Predictor};

/// Most columns of a matrix that are compared with each other.
const COLUMNS: usize = 60;
/// Multiplications that columns of sums are compared with.
const WORK: usize = 100_000_000;
/// How a finding about an infinite predictor begins.
const INFINITE: &str = "an infinite value";
/// Ratio of standard deviations from which predictors should be standardised.
const RATIO: f64 = 100.0;

/// Whether a finding is about an infinite predictor.
pub(super) fn is_infinite(finding: &Finding) -> bool {
    finding.rule == Rule::DegeneratePredictor && finding.message.starts_with(INFINITE)
}

/// The columns of data of one or two axes.
fn columns(data: &Value) -> Vec<Vec<f64>> {
    let Some(numbers) = data.as_data() else { return Vec::new() };
    let count = match data.shape() {
        [_] => 1,
        [_, count] => *count,
        _ => return Vec::new(),
    };
    let column = |k: usize| numbers.iter().skip(k).step_by(count).copied().collect();
    (0..count.min(COLUMNS)).map(column).collect()
}

/// Looks at data that are multiplied with parameters.
pub(super) fn check_predictors(notes: &mut Notes<'_>, predictors: &[Predictor]) {
    let mut scales: Vec<(f64, TextRange)> = Vec::new();
    for Predictor { range, data, .. } in predictors.iter().filter(|predictor| !predictor.is_repeated) {
        let (range, columns) = (*range, columns(data));
        let Some(rows) = columns.first().map(Vec::len) else { continue };
        let warn = |message: String| Fault::new(range, message).rule(Rule::DegeneratePredictor);
        let infinite = data.as_data().and_then(|numbers| numbers.iter().position(|x| x.is_infinite()));
        if let Some(at) = infinite {
            let row = at * rows / data.len();
            notes.at(warn(format!("{INFINITE} at row {row} (counted from 0) is multiplied with parameters"))
                .seen(format!("an infinite number at row {row}"), "finite numbers")
                .fix("leave the row out, or look for a division by zero or the logarithm of zero"));
            continue;
        }
        if rows < 3 {
            continue;
        }
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
        if columns.len() > 1
            && rows > columns.len()
            && columns.len() < COLUMNS
            && let Some(k) = dependent_column(&columns)
        {
            let message = format!(
                "column {k} of this matrix of predictors is a combination of the columns before it: their \
                 coefficients cannot be told apart"
            );
            notes.at(warn(message).fix("leave the column out"));
        }
        scales.extend(columns.iter().filter_map(|column| scale(column)).map(|scale| (scale, range)));
    }
    same_sum(notes, predictors);
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

/// Looks at the predictors of one sum.
fn same_sum(notes: &mut Notes<'_>, predictors: &[Predictor]) {
    let mut told: Vec<TextRange> = Vec::new();
    let mut work = WORK;
    for terms in sums::of(notes.file.body()) {
        let member = |range: &TextRange| {
            let is_it = |p: &&Predictor| p.range == *range && p.has_one_coefficient;
            predictors.iter().find(is_it)
        };
        let members: Vec<&Predictor> = terms.iter().filter_map(member).collect();
        let columns: Vec<(TextRange, Vec<f64>)> = members
            .iter()
            .flat_map(|p| columns(&p.data).into_iter().map(|column| (p.range, column)))
            .collect();
        let (places, columns): (Vec<TextRange>, Vec<Vec<f64>>) = columns.into_iter().unzip();
        let Some(rows) = columns.first().map(Vec::len) else { continue };
        let is_one_place = members.len() < 2;
        if is_one_place
            || columns.len() >= rows.min(COLUMNS)
            || columns.iter().any(|column| column.len() != rows)
        {
            continue;
        }
        let Some(rest) = work.checked_sub(rows.saturating_mul(columns.len().pow(2))) else { return };
        work = rest;
        if let Some(k) = dependent_column(&columns)
            && places[k] != places[0]
            && !told.contains(&places[k])
        {
            told.push(places[k]);
            let message = "this predictor is a combination of those before it in the sum: their coefficients cannot be \
                           told apart";
            notes.at(Fault::new(places[k], message).rule(Rule::DegeneratePredictor));
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
