//! JSON: an object whose members are scalars, texts, lists, nested lists of one shape, or objects of these.

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
        Json::Object(members) => object(path, "", members),
        other => Err(DataError::NotAnObject { path: path.into(), seen: describe(&other) }),
    }
}

fn object(
    path: &Path,
    place: &str,
    members: serde_json::Map<String, Json>,
) -> Result<Vec<(String, Entry)>, DataError> {
    members
        .into_iter()
        .map(|(name, json)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            Ok((name, entry(path, &place, json)?))
        })
        .collect()
}

/// What one member stands for; `place` is its name.
pub(super) fn entry(path: &Path, place: &str, json: Json) -> Result<Entry, DataError> {
    match json {
        Json::String(text) => Ok(Entry::Text(text)),
        Json::Object(members) => Ok(Entry::Members(object(path, place, members)?)),
        Json::Array(items) if items.iter().any(Json::is_string) => texts(path, place, items),
        other => {
            let mut array = Array { path, place, at: Vec::new(), values: Vec::new(), kind: None };
            let shape = array.fill(&other)?;
            Ok(Entry::of_numbers(array.values, shape, array.kind.unwrap_or(Kind::Float)))
        }
    }
}

fn texts(path: &Path, place: &str, items: Vec<Json>) -> Result<Entry, DataError> {
    let mut values = Vec::with_capacity(items.len());
    let mut missing = None;
    let mut reason = None;
    for (row, item) in items.into_iter().enumerate() {
        let here = Location { row, line: None };
        match item {
            Json::String(text) => {
                reason.get_or_insert((here, text.clone()));
                values.push(text);
            }
            Json::Null => {
                missing.get_or_insert(here);
                values.push(MISSING_TEXT.to_owned());
            }
            other => {
                let reason = format!(
                    "is {} in a list of texts; write all as texts or all as numbers",
                    describe(&other)
                );
                return Err(irregular(path, format!("{place}[{row}]"), reason));
            }
        }
    }
    let reason = reason.unwrap_or((Location { row: 0, line: None }, String::new()));
    Ok(Entry::TextColumn { values: values.into(), missing, reason })
}

/// Numbers of a nested list in C order.
struct Array<'a> {
    path: &'a Path,
    place: &'a str,
    at: Vec<usize>,
    values: Vec<f64>,
    kind: Option<Kind>,
}

impl Array<'_> {
    fn push(&mut self, kind: Kind, x: f64) -> Vec<usize> {
        self.kind = Some(self.kind.map_or(kind, |k| k.max(kind)));
        self.values.push(x);
        Vec::new()
    }

    fn irregular(&self, reason: String) -> DataError {
        let at: String = self.at.iter().map(|i| format!("[{i}]")).collect();
        irregular(self.path, format!("{}{at}", self.place), reason)
    }

    /// Appends the numbers of `json` and gives its shape.
    fn fill(&mut self, json: &Json) -> Result<Vec<usize>, DataError> {
        match json {
            Json::Null => Ok(self.push(Kind::Float, f64::NAN)),
            Json::Bool(truth) => Ok(self.push(Kind::Bool, f64::from(*truth))),
            Json::Number(number) => {
                let whole = number.as_i64().is_some_and(|n| n.unsigned_abs() <= 1 << 53);
                Ok(self
                    .push(if whole { Kind::Int } else { Kind::Float }, number.as_f64().unwrap_or(f64::NAN)))
            }
            Json::Array(items) if !items.is_empty() && items.iter().all(Json::is_number) => {
                for item in items {
                    self.fill(item)?;
                }
                Ok(vec![items.len()])
            }
            Json::Array(items) => {
                let mut shape: Option<Vec<usize>> = None;
                for (i, item) in items.iter().enumerate() {
                    self.at.push(i);
                    let seen = self.fill(item)?;
                    match &shape {
                        Some(first) if *first != seen => {
                            return Err(self.irregular(format!(
                                "has {} where the first of its list has {}; a nested list must be rectangular: give a \
                                 ragged one as a flat list of values and a list of group numbers",
                                elements(&seen),
                                elements(first)
                            )));
                        }
                        _ => shape = Some(seen),
                    }
                    self.at.pop();
                }
                Ok([vec![items.len()], shape.unwrap_or_default()].concat())
            }
            other => Err(self.irregular(format!(
                "is {} in a list of numbers; write one list per column",
                describe(other)
            ))),
        }
    }
}

fn elements(shape: &[usize]) -> String {
    match shape {
        [] => "a single number".into(),
        [n] => format!("{n} elements"),
        _ => format!("shape {shape:?}"),
    }
}

fn irregular(path: &Path, place: String, reason: String) -> DataError {
    DataError::Irregular { path: path.into(), place, reason }
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
