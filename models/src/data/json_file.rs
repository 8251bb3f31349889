//! JSON: an object whose members are scalars, texts, lists, nested lists, or objects of these.

use std::path::Path;

use chainfire_engine::program::Kind;
use serde_json::Value as Json;

use super::{DataError, Entry, Location, MISSING_TEXT};

/// Members of the object in the text of a JSON file.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<(String, Entry)>, DataError> {
    let json: Json = serde_json::from_str(text).map_err(|source| {
        let hint = if text.contains("NaN") || text.contains("Infinity") {
            "; JSON has no NaN or Infinity: write null for a missing number"
        } else {
            ""
        };
        DataError::Json { path: path.into(), source, hint }
    })?;
    match json {
        Json::Object(members) => Ok(object(members)),
        other => Err(DataError::NotAnObject { path: path.into(), seen: describe(&other) }),
    }
}

fn object(members: serde_json::Map<String, Json>) -> Vec<(String, Entry)> {
    members.into_iter().map(|(name, json)| (name, entry(json))).collect()
}

/// What one member stands for.
pub(super) fn entry(json: Json) -> Entry {
    match json {
        Json::String(text) => Entry::Text(text),
        Json::Object(members) => Entry::Members(object(members)),
        Json::Array(items) if items.iter().any(Json::is_string) && items.iter().all(is_text) => texts(items),
        array => match shape(&array) {
            Some(shape) => {
                let mut numbers = Numbers { values: Vec::new(), kind: None };
                numbers.fill(&array);
                Entry::of_numbers(numbers.values, shape, numbers.kind.unwrap_or(Kind::Float))
            }
            None => {
                let Json::Array(items) = array else { return Entry::Items(Vec::new()) };
                Entry::Items(items.into_iter().map(entry).collect())
            }
        },
    }
}

fn is_text(json: &Json) -> bool {
    matches!(json, Json::String(_) | Json::Null)
}

/// The shape of a number, or of a list of numbers, or of lists of one shape; none of other things.
fn shape(json: &Json) -> Option<Vec<usize>> {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => Some(Vec::new()),
        Json::Array(items) if !items.is_empty() && items.iter().all(Json::is_number) => {
            Some(vec![items.len()])
        }
        Json::Array(items) => {
            let mut shapes = items.iter().map(shape);
            let first = shapes.next().unwrap_or(Some(Vec::new()))?;
            shapes.all(|other| other.as_ref() == Some(&first)).then(|| [vec![items.len()], first].concat())
        }
        Json::String(_) | Json::Object(_) => None,
    }
}

fn texts(items: Vec<Json>) -> Entry {
    let mut missing = None;
    let mut reason = None;
    let text = |(row, item)| {
        let here = Location { row, line: None };
        match item {
            Json::String(text) => {
                reason.get_or_insert((here, text.clone()));
                text
            }
            _ => {
                missing.get_or_insert(here);
                MISSING_TEXT.to_owned()
            }
        }
    };
    let values = items.into_iter().enumerate().map(text).collect();
    let reason = reason.unwrap_or((Location { row: 0, line: None }, String::new()));
    Entry::TextColumn { values, missing, reason }
}

/// Numbers of a nested list in C order.
struct Numbers {
    values: Vec<f64>,
    kind: Option<Kind>,
}

impl Numbers {
    fn push(&mut self, kind: Kind, x: f64) {
        self.kind = Some(self.kind.map_or(kind, |k| k.max(kind)));
        self.values.push(x);
    }

    /// Appends the numbers of `json`.
    fn fill(&mut self, json: &Json) {
        match json {
            Json::Bool(truth) => self.push(Kind::Bool, f64::from(*truth)),
            Json::Number(number) => {
                let whole = number.as_i64().is_some_and(|n| n.unsigned_abs() <= 1 << 53);
                let kind = if whole { Kind::Int } else { Kind::Float };
                self.push(kind, number.as_f64().unwrap_or(f64::NAN));
            }
            Json::Array(items) => items.iter().for_each(|item| self.fill(item)),
            Json::Null | Json::String(_) | Json::Object(_) => self.push(Kind::Float, f64::NAN),
        }
    }
}

fn describe(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a truth value",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
