//! The registry against the table of what PyMC 5.28 has (`../data/catalogue.json`): names, every parameterisation,
//! default transforms, distribution functions.

use std::collections::BTreeSet;

use chainfire_models::Transform;
use chainfire_models::distributions::{REGISTRY, find};
use serde_json::Value as Json;

use super::{list, make, reference::reference};

fn table() -> Vec<Json> {
    let table: Json = serde_json::from_str(include_str!("../data/catalogue.json")).expect("valid JSON");
    table.as_array().expect("a list").clone()
}

fn texts(json: &Json) -> BTreeSet<&str> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// What the table asks of an entry and there is not.
fn missing(row: &Json) -> Vec<String> {
    let name = row["name"].as_str().unwrap_or_default();
    let Some(entry) = find(name) else { return vec![format!("{name} is missing")] };
    let mut missing = Vec::new();
    let reference = reference();
    let cases = list(&reference[name], "cases");
    for parameters in list(row, "parameters") {
        let wanted = texts(parameters);
        let given = |case: &Json| -> BTreeSet<String> {
            case["arguments"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        if !cases.iter().any(|case| given(case).iter().map(String::as_str).eq(wanted.iter().copied())) {
            missing.push(format!("{name} has no reference values with {wanted:?}"));
        }
        if let Some(unknown) = wanted.iter().find(|&&known| !entry.names().any(|name| name == known)) {
            missing.push(format!("{name} has no parameter {unknown}"));
        }
    }
    let distribution = make(entry, &cases[0]["arguments"]).expect("the first case is valid");
    let transform = Transform::of(&distribution.support());
    if transform.as_ref().map(Transform::name) != row["transform"].as_str() {
        missing.push(format!("{name} has the transform {transform:?}, not {}", row["transform"]));
    }
    if row["log_cdf"] == true && distribution.log_cdf(&distribution.support_point()).is_none() {
        missing.push(format!("{name} has no distribution function"));
    }
    missing
}

#[test]
fn everything_in_the_table_is_there() {
    let missing: Vec<String> = table().iter().flat_map(missing).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn everything_that_is_there_is_in_the_table() {
    let table = table();
    let known: BTreeSet<&str> = table.iter().filter_map(|row| row["name"].as_str()).collect();
    let there: BTreeSet<&str> = REGISTRY.iter().map(|entry| entry.name).collect();
    assert_eq!(there, known);
}
