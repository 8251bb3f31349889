//! Log densities and gradients of NumPyro's model files equal NumPyro's.
//!
//! The reference values are made by `tests/reference/numpyro_log_density.py`, which runs the same files in NumPyro.

use chainfire::Model;
use chainfire_models::Role;
use serde_json::Value;

use super::pymc::compare;
use super::{model, references_in};

/// A point whose values have the names of variables, with those of their unconstrained values.
fn named(model: &Model, point: &Value) -> Value {
    let mut named = point.clone();
    for field in ["position", "gradient"] {
        let Some(values) = named[field].as_object_mut() else { continue };
        for variable in model.free_variables() {
            if let Some(value) = values.remove(&variable.name) {
                values.insert(variable.value_name(), value);
            }
        }
    }
    named
}

#[test]
fn log_densities_and_gradients_equal_numpyro() {
    let mut faults = Vec::new();
    for (path, reference) in references_in("tests/data/numpyro") {
        let model = match model(&reference) {
            Ok(model) => model,
            Err(error) => {
                faults.push(format!("{path}: {error}"));
                continue;
            }
        };
        let points = reference["points"].as_array().expect("points");
        assert!(points.len() >= 10, "{path} has {} points", points.len());
        for (k, point) in points.iter().enumerate() {
            let point = named(&model, point);
            faults.extend(
                compare(&model, &point).into_iter().take(3).map(|f| format!("{path}, point {k}: {f}")),
            );
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Log densities, Jacobians included, of the models of hibayes 1.0.0 on NumPyro 0.22, by the name of the file.
const HIBAYES: &[(&str, f64)] = &[
    ("simplified_group_binomial_exponential", -35.817625),
    ("two_level_group_binomial", -47.499780),
    ("three_level_group_binomial", -74.709411),
    ("three_level_group_binomial_exponential", -54.454792),
    ("linear_group_binomial", -30.583382),
    ("linear_group_binomial_dummy", -33.699036),
];

/// At a point by rule: with `k` the place of a variable in the model and `i` that of an element in it, scales are 0.4 +
/// 0.01 * ((k + i) mod 7), and other values 0.1 * ((k + i) mod 5 - 2).
#[test]
fn log_densities_of_models_equal_those_of_hibayes() {
    for (name, expected) in HIBAYES {
        let file = format!("tests/data/numpyro/hibayes_{name}.py");
        let model = model(&serde_json::json!({ "file": file })).expect("the file holds a model");
        let mut position = vec![0.0; model.dim()];
        let mut place = 0;
        for variable in model.free_variables() {
            let Role::Free { offset, .. } = variable.role else { continue };
            for element in 0..variable.len() {
                position[offset + element] = match variable.name.contains("sigma") {
                    true => (0.4 + 0.01 * ((place + element) % 7) as f64).ln(),
                    false => 0.1 * (((place + element) % 5) as f64 - 2.0),
                };
            }
            place += 1;
        }
        let seen = model.evaluate(&position).expect("the model can be evaluated").log_density;
        assert!((seen - expected).abs() < 1e-6, "{name}: {seen} against {expected}");
    }
}
