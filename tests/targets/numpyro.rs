//! Log densities and gradients of NumPyro's model files equal NumPyro's.
//!
//! The reference values are made by `tests/reference/numpyro_log_density.py`, which runs the same files in NumPyro.

use super::pymc::compare;
use super::{model, references_in};

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
            faults.extend(
                compare(&model, point).into_iter().take(3).map(|f| format!("{path}, point {k}: {f}")),
            );
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
