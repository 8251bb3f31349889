//! Gradients of captured log densities and distribution functions against finite differences.

use std::cell::Cell;

use chainfire_engine::program::{ProgramError, density_tape};
use chainfire_kernels::tape::CpuProgram;
use chainfire_models::{Distribution, Transform, Value};
use serde_json::Value as Json;

use super::{build, for_every_entry, is_known, known, list, number, numbers, point};
use chainfire_models::distributions::Entry;

/// The parameters of a case that may vary, one after the other, behind the value when that is continuous.
fn start(entry: &'static Entry, case: &Json, x: &Value) -> (Vec<f64>, bool) {
    let mut position = Vec::new();
    let distribution = build(entry, &case["arguments"], &mut |name, numbers, shape| {
        if !is_known(name) {
            position.extend(&numbers);
        }
        known(name, numbers, shape)
    });
    let continuous = Transform::of(&distribution.unwrap().support()).is_some();
    if continuous {
        position.splice(0..0, numbers(x));
    }
    (position, continuous)
}

/// A function of a distribution and of numbers; `None` where it is not known.
type Function = fn(&dyn Distribution, &Value) -> Option<Value>;

/// The function at `x` under parameters cut from a position by `cut(offset, length, shape)`.
fn at_parameters(
    function: Function,
    entry: &'static Entry,
    case: &Json,
    x: &Value,
    continuous: bool,
    cut: &dyn Fn(usize, Vec<usize>) -> Value,
) -> Option<Value> {
    let mut offset = if continuous { x.len() } else { 0 };
    let distribution = build(entry, &case["arguments"], &mut |name, numbers, shape| {
        if is_known(name) {
            return known(name, numbers, shape);
        }
        offset += numbers.len();
        cut(offset - numbers.len(), shape)
    });
    let x = if continuous { cut(0, x.shape().to_vec()) } else { x.clone() };
    Some(function(&*distribution.unwrap(), &x)?.sum())
}

fn step_at(x: f64) -> f64 {
    1e-3 * if x == 0.0 { 1.0 } else { x.abs() }
}

/// Five-point differences with a step and half of it; `None` where they tell that the function is not smooth, or too
/// steep, on the scale of the step.
fn difference(f: &dyn Fn(f64) -> f64, x: f64) -> Option<f64> {
    let at = |h: f64| {
        let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0].map(|k| f(x + k * h));
        let bend = (b + c - 2.0 * f(x)).abs() / h;
        ((a - 8.0 * b + 8.0 * c - d) / (12.0 * h), bend)
    };
    let h = step_at(x);
    let ((wide, bend), (narrow, half_bend)) = (at(h), at(h / 2.0));
    let size = narrow.abs().max(1e-3 / h * 1e-3);
    let is_kink = half_bend > 0.75 * bend && half_bend > 1e-6 * size;
    let is_exact = (wide - narrow).abs() <= 2e-9 * size;
    (narrow.is_finite() && is_exact && !is_kink).then_some(narrow)
}

#[test]
fn gradients_match_finite_differences() {
    for_every_entry(|entry, reference| {
        let (checked, all) =
            check(|distribution, x| Some(distribution.log_density(x)), false, entry, reference);
        assert!(
            4 * checked >= all || entry.name == "DiracDelta",
            "{}: only {checked} of {all} derivatives could be checked",
            entry.name
        );
    });
}

#[test]
fn gradients_of_distribution_functions_match_finite_differences() {
    let total = Cell::new(0);
    let both: [Function; 2] = [|d, x| d.log_cdf(x), |d, x| d.log_survival(x)];
    for_every_entry(|entry, reference| {
        for function in both {
            total.set(total.get() + check(function, true, entry, reference).0);
        }
    });
    assert!(total.get() > 1000, "only {} derivatives could be checked", total.get());
}

/// 1e-7 relative, and the rounding of the terms of the density over the step of the difference. Distribution functions
/// are left out where nothing is cut off, and at 0 and numbers whose squares are none, where their formulas have no
/// derivative. Gives the number of
/// derivatives that could be checked, and of all.
fn check(function: Function, is_share: bool, entry: &'static Entry, reference: &Json) -> (usize, usize) {
    let (mut checked, mut all) = (0, 0);
    for case in list(reference, "cases") {
        let points = list(case, "x").iter().zip(list(case, "cancelling"));
        for (json, size) in points.map(|(x, size)| (x, number(size))).step_by(2) {
            let x = &point(json);
            let (position, continuous) = start(entry, case, x);
            if position.is_empty() {
                continue;
            }
            let plain = |position: &[f64]| {
                let cut = |offset: usize, shape: Vec<usize>| {
                    let len: usize = shape.iter().product();
                    Value::at_point(&position[offset..offset + len], shape)
                };
                Some(numbers(&at_parameters(function, entry, case, x, continuous, &cut)?)[0])
            };
            let Some(value) = plain(&position).filter(|value| value.is_finite()) else { continue };
            let is_moderate = |x: &f64| (1e-90..1e90).contains(&x.abs());
            if is_share && (value == 0.0 || !numbers(x).iter().all(is_moderate)) {
                continue;
            }
            let dim = position.len();
            let tape = density_tape(dim, |tensor| {
                let cut = |offset: usize, shape: Vec<usize>| {
                    let len = shape.iter().product();
                    Value::tensor(tensor.clone().narrow(0, offset, len), shape)
                };
                let density = at_parameters(function, entry, case, x, continuous, &cut).unwrap();
                assert_eq!(density.error(), None, "{} {}", entry.name, case["arguments"]);
                Ok::<_, ProgramError>(density.as_tensor(&tensor))
            });
            let program = CpuProgram::new(&tape.unwrap());
            let mut out = vec![0.0; 1 + dim];
            program.run(&mut program.workspace(), &position, &mut out);
            let close =
                out[0] == value || (out[0] - value).abs() <= 1e-11 * (1.0 + value.abs()) + 1e-15 * size;
            assert!(close, "{} {} at {json}: {} for {value}", entry.name, case["arguments"], out[0]);
            for k in 0..dim {
                all += 1;
                let along = |p: f64| {
                    let mut moved = position.clone();
                    moved[k] = p;
                    plain(&moved).unwrap_or(f64::NAN)
                };
                let Some(expected) = difference(&along, position[k]) else { continue };
                let seen = out[1 + k];
                let noise = 32.0 * f64::EPSILON * (1.0 + value.abs() + size) / step_at(position[k]);
                assert!(
                    (seen - expected).abs() <= 1e-7 * expected.abs() + noise,
                    "{} {} at {json}: derivative {k} is {seen:e} instead of {expected:e}",
                    entry.name,
                    case["arguments"]
                );
                checked += 1;
            }
        }
    }
    (checked, all)
}
