//! Pareto-smoothed weights against ArviZ 0.23.4; `tests/reference/psis_reference.py` makes the values.

use serde_json::Value;

use crate::vi::psis::{k_limit, smooth};

/// A number; infinities are strings in the file.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[test]
fn smoothed_weights_are_those_of_arviz() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/arviz/psis.json");
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = cases.as_object().unwrap();
    assert!(cases.len() >= 8);
    for (name, case) in cases {
        let seen = smooth(&numbers(&case["log_ratios"]), number(&case["relative_efficiency"]));
        let expected = number(&case["k_hat"]);
        assert!(
            seen.k_hat == expected || (seen.k_hat - expected).abs() < 1e-9,
            "{name}: {} {expected}",
            seen.k_hat
        );
        let (mut seen, mut expected) = (seen.log_weights, numbers(&case["log_weights"]));
        // Which of equal ratios gets which weight is left to the order of sorting.
        if name == "ties" {
            seen.sort_by(f64::total_cmp);
            expected.sort_by(f64::total_cmp);
        }
        for (seen, expected) in seen.into_iter().zip(expected) {
            assert!(seen == expected || (seen - expected).abs() < 1e-9, "{name}: {seen} {expected}");
        }
    }
}

#[test]
fn weights_without_any_density_are_equal_and_not_trusted() {
    let seen = smooth(&[f64::NEG_INFINITY; 4], 1.0);
    assert_eq!(seen.k_hat, f64::INFINITY);
    assert!(seen.log_weights.iter().all(|w| (w.exp() - 0.25).abs() < 1e-15));
}

#[test]
fn few_draws_are_trusted_less() {
    assert!((k_limit(100) - 0.5).abs() < 1e-12);
    assert!((k_limit(4000) - 0.7).abs() < 1e-12);
}
