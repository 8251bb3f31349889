//! Every model file computes the same on every executor, in every batch, and its gradient is a gradient.

use chainfire_engine::LogDensity;
use chainfire_engine::program::{EagerDensity, TapeDensity};
use serde_json::Value;

use super::{model, references};

/// Positions of the reference points, `[points, dim]`, repeated until there are `chains`.
fn positions(reference: &Value, chains: usize) -> Vec<f64> {
    let points = reference["points"].as_array().expect("points");
    let names: Vec<&str> = reference["variables"]
        .as_array()
        .expect("variables")
        .iter()
        .filter_map(|v| v["value_name"].as_str())
        .collect();
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().expect("a list").iter().filter_map(Value::as_f64).collect()
    };
    (0..chains)
        .flat_map(|chain| {
            let position = &points[chain % points.len()]["position"];
            names.iter().flat_map(|name| numbers(&position[*name])).collect::<Vec<_>>()
        })
        .collect()
}

fn evaluate(target: &dyn LogDensity, position: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let chains = position.len() / target.dim();
    let (mut log_density, mut gradient) = (vec![0.0; chains], vec![0.0; position.len()]);
    target.evaluator().evaluate(position, &mut log_density, &mut gradient);
    (log_density, gradient)
}

/// The first place where two lists differ by more than `tolerance`, relative to the largest number of `b`.
fn difference(a: &[f64], b: &[f64], tolerance: f64) -> Option<String> {
    let scale = b.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    let close = |a: &f64, b: &f64| (a - b).abs() <= tolerance * scale;
    let place = a.iter().zip(b).position(|(a, b)| !close(a, b))?;
    Some(format!("{} against {} at {place}", a[place], b[place]))
}

#[test]
fn cpu_agrees_with_burn_eager_on_every_model() {
    let mut faults = Vec::new();
    for (path, reference) in references() {
        let tape =
            model(&reference).and_then(|m| m.density_tape().map_err(|e| e.to_string())).expect("a program");
        let (cpu, eager) = (TapeDensity::new(&tape), EagerDensity::new(tape));
        for chains in [1, 3, 4, 64] {
            let position = positions(&reference, chains);
            for point in position.chunks(position.len() / chains).take(10).chain([&position[..]]) {
                let ((value, gradient), (eager_value, eager_gradient)) =
                    (evaluate(&cpu, point), evaluate(&eager, point));
                let fault = difference(&value, &eager_value, 1e-12)
                    .or_else(|| difference(&gradient, &eager_gradient, 1e-12));
                faults.extend(fault.map(|f| format!("{path}, {chains} chains: {f}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn chains_get_the_same_bits_in_every_batch_of_every_model() {
    for (path, reference) in references() {
        let cpu = model(&reference).and_then(|m| m.density().map_err(|e| e.to_string())).expect("a program");
        let position = positions(&reference, 64);
        let (value, gradient) = evaluate(&cpu, &position);
        for chains in [1, 3, 4] {
            let first = 64 - chains;
            let (part, part_gradient) = evaluate(&cpu, &position[first * cpu.dim()..]);
            assert_eq!(value[first..], part, "{path}, {chains} chains");
            assert_eq!(gradient[first * cpu.dim()..], part_gradient, "{path}, {chains} chains");
        }
    }
}

#[test]
fn gradients_agree_with_finite_differences_on_every_model() {
    let mut faults = Vec::new();
    for (path, reference) in references() {
        let cpu = model(&reference).and_then(|m| m.density().map_err(|e| e.to_string())).expect("a program");
        let position = positions(&reference, 1);
        let (value, gradient) = evaluate(&cpu, &position);
        let mut evaluator = cpu.evaluator();
        // Fourth-order central differences; the step balances truncation against the rounding of the value.
        let step = 1e-3;
        let mut at = |i: usize, h: f64| {
            let (mut moved, mut out, mut unused) = (position.clone(), [0.0], vec![0.0; cpu.dim()]);
            moved[i] += h * step;
            evaluator.evaluate(&moved, &mut out, &mut unused);
            out[0] - value[0]
        };
        let numeric: Vec<f64> = (0..cpu.dim())
            .map(|i| (8.0 * (at(i, 1.0) - at(i, -1.0)) - (at(i, 2.0) - at(i, -2.0))) / (12.0 * step))
            .collect();
        faults.extend(difference(&gradient, &numeric, 1e-6).map(|f| format!("{path}: {f}")));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
