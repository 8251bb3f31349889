//! Log densities of every distribution in single precision equal those in double precision, at the same numbers.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chainfire_engine::program::{ProgramError, function_tape};
use chainfire_kernels::tape::{CpuProgram, GpuProgram, Tape};
use chainfire_models::Value;
use chainfire_models::distributions::Entry;
use serde_json::Value as Json;

use super::reference::{build, for_every_entry, is_known, known, list, point};

/// Relative to the log density, or to one where that is less.
const TOLERANCE: f64 = 1e-5;

/// Distributions that lose more, how much, and why.
const EXCEPTIONS: [(&str, f64, &str); 9] = [
    ("Beta", 0.05, "terms near 1e6 cancel at shapes of 1e6"),
    ("BetaBinomial", 5e-5, "terms near 1e3 cancel at a thousand trials"),
    ("BetaNegativeBinomial", 3e-5, "terms near 100 cancel at shapes of 20"),
    ("Binomial", 5e-5, "terms near 1e3 cancel at a million trials"),
    ("ChiSquared", 2e-4, "terms near 1e4 cancel at 1e4 degrees of freedom"),
    ("Gamma", 0.5, "terms near 1e7 cancel at a shape of 1e6"),
    ("InverseGamma", 0.01, "terms near 1e6 cancel at a shape of 1e5"),
    ("NegativeBinomial", 5.0, "terms near 1e9 cancel at a dispersion of 1e8"),
    ("Poisson", 300.0, "terms near 1e10 cancel at a mean of 1e9"),
];

/// Whether single precision holds a number but for its last digits.
fn is_held(x: f64) -> bool {
    x == 0.0 || x.is_infinite() || (x.abs() > f64::from(f32::MIN_POSITIVE) && x.abs() < 1e37)
}

fn rounded(x: f64) -> f64 {
    f64::from(x as f32)
}

/// The log densities of a case at all points that single precision holds, by its parameters; and those parameters.
fn tape(entry: &'static Entry, case: &Json) -> Option<(Tape, Vec<f64>)> {
    let mut position = Vec::new();
    build(entry, &case["arguments"], &mut |name, numbers, shape| {
        if !is_known(name) {
            position.extend(numbers.iter().map(|&x| rounded(x)));
        }
        known(name, numbers, shape)
    })
    .ok()?;
    let points: Vec<Value> = list(case, "x").iter().map(point).collect();
    let points: Vec<Value> = points
        .into_iter()
        .filter_map(|x| {
            let numbers = x.as_data()?.iter().map(|&x| rounded(x)).collect::<Vec<_>>();
            let is_held = x.as_data()?.iter().all(|&x| is_held(x) && rounded(x) != 1.0) || x.rank() > 0;
            is_held.then(|| known("", numbers, x.shape().to_vec()))
        })
        .collect();
    if position.is_empty() || points.is_empty() || !position.iter().all(|&x| is_held(x)) {
        return None;
    }
    let dim = position.len();
    let tape = function_tape(dim, |tensor| {
        let mut offset = 0;
        let distribution = build(entry, &case["arguments"], &mut |name, numbers, shape| {
            if is_known(name) {
                return known(name, numbers, shape);
            }
            offset += numbers.len();
            Value::tensor(tensor.clone().narrow(0, offset - numbers.len(), numbers.len()), shape)
        });
        let distribution = distribution.expect("it was made before");
        let densities: Vec<Value> =
            points.iter().map(|x| distribution.log_density(x).reshape(&[1])).collect();
        Ok::<_, ProgramError>(vec![Value::concatenate(&densities, 0).as_tensor(&tensor)])
    });
    Some((tape.expect("a tape"), position))
}

#[test]
#[allow(clippy::print_stdout, reason = "the errors of all are what the test is run for")]
fn every_distribution_agrees_with_the_cpu() {
    let device = super::device();
    let worst: RefCell<BTreeMap<&str, (f64, String)>> = RefCell::default();
    let count = RefCell::new(0);
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases") {
            let Some((tape, position)) = tape(entry, case) else { continue };
            let cpu = CpuProgram::new(&tape);
            let mut expected = vec![0.0; tape.output_rows];
            cpu.run(&mut cpu.workspace(), &position, &mut expected);
            let program = GpuProgram::new(&tape, &device).and_then(|mut program| program.run(&position));
            let (first, rest) = program.expect("it runs");
            let seen: Vec<f64> = first.into_iter().chain(rest).collect();
            for (row, (seen, expected)) in seen.iter().zip(&expected).enumerate() {
                if !expected.is_finite() || expected.abs() > 1e30 {
                    continue;
                }
                let error = (seen - expected).abs() / expected.abs().max(1.0);
                let error = if error.is_nan() { f64::INFINITY } else { error };
                *count.borrow_mut() += 1;
                let mut worst = worst.borrow_mut();
                let known = worst.entry(entry.name).or_default();
                if error > known.0 {
                    *known = (error, format!("{} row {row}: {seen} for {expected}", case["arguments"]));
                }
            }
        }
    });
    let mut faults = Vec::new();
    for (name, (error, place)) in worst.borrow().iter() {
        let exception = EXCEPTIONS.iter().find(|(known, ..)| known == name);
        println!("{name}: {error:.1e} at {place}; {}", exception.map_or("", |(.., why)| why));
        if *error > exception.map_or(TOLERANCE, |(_, bound, _)| *bound) {
            faults.push(format!("{name}: {error:.1e} at {place}"));
        }
    }
    println!("{} log densities of {} distributions", count.borrow(), worst.borrow().len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
