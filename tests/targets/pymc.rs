//! Log densities and gradients of model files equal PyMC's.
//!
//! The reference values are made by `tests/reference/pymc_log_density.py`, which runs the same files in PyMC.

use std::collections::HashMap;

use chainfire::Model;
use chainfire_models::Role;
use serde_json::Value;

use super::{model, references};

/// Relative.
const TOLERANCE: f64 = 1e-9;

/// Whether two numbers agree, relative to `scale` or 1; NaN agrees with nothing.
fn close(seen: f64, expected: f64, tolerance: f64, scale: f64) -> bool {
    (seen - expected).abs() <= tolerance * scale.abs().max(1.0)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn named(value: &Value) -> HashMap<String, Vec<f64>> {
    value.as_object().expect("an object").iter().map(|(name, list)| (name.clone(), numbers(list))).collect()
}

/// Faults of one point, each in a line.
pub(super) fn compare(model: &Model, point: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let position = match model.position_of(named(&point["position"])) {
        Ok(position) => position,
        Err(error) => return vec![error.to_string()],
    };
    let evaluation = match model.evaluate(&position) {
        Ok(evaluation) => evaluation,
        Err(error) => return vec![error.to_string()],
    };
    let expected = point["log_density"].as_f64().expect("a number");
    if !close(evaluation.log_density, expected, TOLERANCE, expected) {
        faults.push(format!("log density {} against {expected}", evaluation.log_density));
    }
    let sum: f64 = evaluation.terms.iter().map(|t| t.log_density).sum();
    if !close(sum, expected, TOLERANCE, expected) {
        faults.push(format!("sum of the variables' log densities {sum} against {expected}"));
    }
    let gradient = named(&point["gradient"]);
    let largest = gradient.values().flatten().fold(1.0_f64, |m, g| m.max(g.abs()));
    for variable in model.free_variables() {
        let Role::Free { offset, .. } = variable.role else { continue };
        let Some(expected) = gradient.get(&variable.value_name()) else {
            faults.push(format!("PyMC has no value variable `{}`", variable.value_name()));
            continue;
        };
        for (k, expected) in expected.iter().enumerate() {
            let seen = evaluation.gradient[offset + k];
            if !close(seen, *expected, TOLERANCE, largest) {
                faults.push(format!("gradient of {}: {seen} against {expected}", variable.element(k)));
            }
        }
    }
    // Constrained values and deterministics.
    let layout = model.draw_layout().expect("the draws can be lowered");
    let draw = layout.draws(&position, 1);
    for (variable, start) in &layout.variables {
        let Some(expected) = point["constrained"].get(&variable.name).map(numbers) else { continue };
        for (k, expected) in expected.iter().enumerate() {
            let seen = draw[start + k];
            if !close(seen, *expected, 1e-11, *expected) {
                faults.push(format!("{}: {seen} against {expected}", variable.element(k)));
            }
        }
    }
    faults
}

#[test]
fn log_densities_and_gradients_equal_pymc() {
    let mut faults = Vec::new();
    for (path, reference) in references() {
        let model = match model(&reference) {
            Ok(model) => model,
            Err(error) => {
                faults.push(format!("{path}: {error}"));
                continue;
            }
        };
        let points = reference["points"].as_array().expect("points");
        assert!(points.len() >= 10, "{path} has {} points", points.len());
        for (k, point) in points.iter().chain([&reference["initial_point"]]).enumerate() {
            faults.extend(
                compare(&model, point).into_iter().take(3).map(|f| format!("{path}, point {k}: {f}")),
            );
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn variables_and_starting_points_equal_pymc() {
    let mut faults = Vec::new();
    for (path, reference) in references() {
        let Ok(model) = model(&reference) else { continue }; // told by the other test
        let free: Vec<_> = model.free_variables().collect();
        let expected = reference["variables"].as_array().expect("variables");
        let names = |field: &str| {
            expected.iter().map(|v| v[field].as_str().unwrap_or("").to_string()).collect::<Vec<_>>()
        };
        let seen: (Vec<String>, Vec<String>) = free.iter().map(|v| (v.name.clone(), v.value_name())).unzip();
        if seen != (names("name"), names("value_name")) {
            faults.push(format!("{path}: variables {seen:?}"));
            continue;
        }
        let start = named(&reference["initial_point"]["position"]);
        for variable in free {
            let Role::Free { offset, .. } = variable.role else { continue };
            let here = &model.initial_position()[offset..offset + variable.unconstrained_len()];
            for (k, (seen, expected)) in here.iter().zip(&start[&variable.value_name()]).enumerate() {
                if !close(*seen, *expected, 1e-12, *expected) {
                    faults.push(format!(
                        "{path}: {} starts at {seen}, in PyMC at {expected}",
                        variable.element(k)
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
