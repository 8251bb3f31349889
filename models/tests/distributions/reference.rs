//! The reference file, and distributions made of its cases.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use chainfire_models::distributions::{Argument, DistributionError, Entry, REGISTRY, find};
use chainfire_models::{Distribution, Kind, Value};
use serde_json::Value as Json;

pub fn reference() -> BTreeMap<String, Json> {
    let file: Json = serde_json::from_str(include_str!("../data/distributions.json")).unwrap();
    file["distributions"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, entry)| (name.clone(), entry.clone()))
        .collect()
}

pub fn list<'a>(json: &'a Json, key: &str) -> &'a Vec<Json> {
    json[key].as_array().unwrap_or_else(|| panic!("no `{key}` in the reference"))
}

/// JSON has no infinities: they are strings.
pub fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| json.as_str().unwrap().parse().unwrap())
}

pub fn numbers(value: &Value) -> Vec<f64> {
    assert_eq!(value.error(), None);
    value.as_numbers().unwrap().to_vec()
}

/// A number, an array, a distribution or a list of these; `value` makes numbers of a shape.
pub fn argument(json: &Json, value: &mut dyn FnMut(Vec<f64>, Vec<usize>) -> Value) -> Argument {
    let mut distribution = |json: &Json| -> Rc<dyn Distribution> {
        let entry = find(json["distribution"].as_str().unwrap()).unwrap();
        build(entry, &json["arguments"], &mut |_, numbers, shape| value(numbers, shape)).unwrap().into()
    };
    match json {
        Json::Object(all) if all.contains_key("matrices") => {
            let made = list(json, "matrices").iter().map(|matrix| match argument(matrix, value) {
                Argument::Value(value) => value,
                other => panic!("{other:?} is not a matrix"),
            });
            made.collect::<Vec<_>>().into()
        }
        Json::Object(_) => distribution(json).into(),
        Json::Array(all) if all[0].is_object() => all.iter().map(distribution).collect::<Vec<_>>().into(),
        Json::Array(all) if all[0].is_array() => {
            let (mut shape, mut level) = (vec![all.len()], all.clone());
            while level[0].is_array() {
                level = level.iter().flat_map(|row| row.as_array().unwrap().clone()).collect();
                shape.push(level.len() / shape.iter().product::<usize>());
            }
            value(level.iter().map(number).collect(), shape).into()
        }
        Json::Array(all) => value(all.iter().map(number).collect(), vec![all.len()]).into(),
        Json::Bool(truth) => value(vec![f64::from(u8::from(*truth))], vec![]).into(),
        _ => value(vec![number(json)], vec![]).into(),
    }
}

/// A number, vector or matrix.
pub fn point(json: &Json) -> Value {
    match argument(json, &mut |numbers, shape| Value::data(numbers, shape, Kind::Float)) {
        Argument::Value(value) => value,
        other => panic!("{other:?} is not a point"),
    }
}

/// Makes a parameter from its name, numbers and shape.
pub type MakeParameter<'a> = dyn FnMut(&str, Vec<f64>, Vec<usize>) -> Value + 'a;

/// A distribution whose parameters are made from their names, numbers and shapes.
pub fn build(
    entry: &'static Entry,
    arguments: &Json,
    value: &mut MakeParameter<'_>,
) -> Result<Box<dyn Distribution>, DistributionError> {
    let keywords = arguments.as_object().unwrap().iter();
    let mut made = |(name, json): (&String, &Json)| {
        (name.clone(), argument(json, &mut |numbers, shape| value(name, numbers, shape)))
    };
    entry.make(vec![], keywords.map(&mut made).collect())
}

/// Parameters that are known from the data in the tests of random parameters: whole numbers and bounds.
pub fn is_known(name: &str) -> bool {
    let settings = ["n", "N", "k", "lower", "upper", "K", "W", "eta", "x_points", "pdf_points"];
    settings.contains(&name)
        || ["n_zerosum_axes", "support_shape", "constant", "n_lags", "covs"].contains(&name)
}

pub fn known(_: &str, numbers: Vec<f64>, shape: Vec<usize>) -> Value {
    Value::data(numbers, shape, Kind::Float)
}

pub fn make(entry: &'static Entry, arguments: &Json) -> Result<Box<dyn Distribution>, DistributionError> {
    build(entry, arguments, &mut known)
}

/// Runs a check for every distribution, and fails when it fails for some.
pub fn for_every_entry(check: impl Fn(&'static Entry, &Json)) {
    let reference = reference();
    let mut failed = Vec::new();
    for entry in REGISTRY {
        let seen = reference.get(entry.name);
        let seen =
            seen.unwrap_or_else(|| panic!("{} has no reference: add it to distributions.py", entry.name));
        if catch_unwind(AssertUnwindSafe(|| check(entry, seen))).is_err() {
            failed.push(entry.name);
        }
    }
    assert!(failed.is_empty(), "the check fails for {failed:?}");
    assert_eq!(REGISTRY.len(), reference.len(), "the reference has distributions that the registry lacks");
}
