//! Log densities and gradients of every model file in single precision equal those of the CPU in double precision.

use std::path::Path;

use chainfire::Model;
use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use chainfire_kernels::tape::{CpuProgram, GpuError, GpuProgram, Shape};

/// Of the log density relative to itself, of the gradient relative to its largest element.
const TOLERANCE: f64 = 2e-5;

/// Models that need more, and why: of the gradient by the slope of years near 4,000 nothing but rounding is left where
/// the residuals cancel; of that by some 30 degrees of freedom, what is left of digammas that cancel; and Cholesky
/// factors of covariances of smooth processes, nearly singular, lose the digits of their condition.
const EXCEPTIONS: [(&str, f64); 4] =
    [("kilpisjarvi", 2e-4), ("group_comparison", 4e-4), ("gp_latent", 2e-4), ("latent_process", 2e-4)];

/// How far from the start models are tried, and those that leave the range of single precision sooner: a shape that is
/// the exponential of ten times a parameter.
const REACH: f64 = 0.5;
const NEARER: [(&str, f64); 1] = [("weibull_survival", 0.05)];

/// Models with more turns of loops for one thread than a software device makes, which run in cubes alone.
const CUBES_ALONE: [&str; 2] = ["change_point.py", "gallery/latent_process.py"];

fn tolerance(model: &str) -> f64 {
    EXCEPTIONS.iter().find(|(name, _)| model.contains(name)).map_or(TOLERANCE, |(_, tolerance)| *tolerance)
}

/// Every model file of the tests with its data, as the list of references names them.
fn models() -> Vec<(String, Model)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut references: Vec<_> = std::fs::read_dir(root.join("tests/data/pymc"))
        .expect("the references are committed")
        .map(|entry| entry.expect("readable").path())
        .collect();
    references.sort();
    references
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("readable");
            let reference: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
            let name = reference["file"].as_str().expect("a file").to_string();
            let data = reference["data"].as_str().map(|data| Dataset::read(&root.join(data)).expect("data"));
            let file = ModelFile::read(&root.join(&name)).expect("a model file");
            let model = Model::from_file(file, data.unwrap_or_else(Dataset::empty)).expect("a model");
            (name, model)
        })
        .collect()
}

/// The start of a model and places around it, in numbers that single precision holds, `[chains, dim]`.
fn positions(name: &str, model: &Model, chains: usize) -> Vec<f64> {
    let reach = NEARER.iter().find(|(nearer, _)| name.contains(nearer)).map_or(REACH, |(_, reach)| *reach);
    let wave =
        |chain: usize, i: usize| reach * (1.3 * chain as f64 + 0.7 * i as f64).sin() * f64::from(chain > 0);
    (0..chains)
        .flat_map(|chain| {
            model
                .initial_position()
                .iter()
                .enumerate()
                .map(move |(i, x)| f64::from((x + wave(chain, i)) as f32))
        })
        .collect()
}

/// Whether an error is small; NaN is not.
fn within(error: f64, bound: f64) -> bool {
    error.abs() <= bound
}

#[test]
fn every_model_file_agrees_with_the_cpu() {
    const CHAINS: usize = 8;
    let device = super::device();
    let mut faults = Vec::new();
    for (name, model) in models() {
        let tape = model.density_tape().expect("a tape");
        let position = positions(&name, &model, CHAINS);
        let cpu = CpuProgram::new(&tape);
        let (mut expected, mut slope) = (vec![0.0; CHAINS], vec![0.0; position.len()]);
        cpu.run_density(&mut cpu.workspace(), &position, &mut expected, &mut slope);
        for shape in [Shape::ThreadPerChain, Shape::CubePerChain(32)] {
            let program = GpuProgram::new(&tape, &device).and_then(|program| program.with_shape(shape));
            if CUBES_ALONE.iter().any(|alone| name.ends_with(alone)) && shape == Shape::ThreadPerChain {
                assert!(matches!(program, Err(GpuError::Limit { .. })), "{name} runs in threads too");
                continue;
            }
            let (value, gradient) = program
                .and_then(|mut program| program.run(&position))
                .unwrap_or_else(|error| panic!("{name}, {shape:?}: {error}"));
            for chain in 0..CHAINS {
                let error = (value[chain] - expected[chain]).abs() / expected[chain].abs().max(1.0);
                if !within(error, tolerance(&name)) {
                    faults.push(format!("{name}, {shape:?}: {} against {}", value[chain], expected[chain]));
                }
                let rows = chain * model.dim()..(chain + 1) * model.dim();
                let largest = slope[rows.clone()].iter().fold(1.0f64, |largest, x| largest.max(x.abs()));
                for i in rows {
                    if !within(gradient[i] - slope[i], tolerance(&name) * largest) {
                        faults.push(format!(
                            "{name}, {shape:?}, gradient: {} against {}",
                            gradient[i], slope[i]
                        ));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
