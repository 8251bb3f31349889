//! The two front ends: a model written with the builder and the same model as a file become the same program, bit for
//! bit, with the same variables, transforms and starting point.
//!
//! Every pair is also an example of what the builder's words are for those of PyMC.

mod bounds;
mod counts;
mod covariance;
mod graph;
mod hierarchical;
mod items;
mod mixtures;
mod ordinal;
mod process;
mod regression;
mod series;
mod states;
mod terms;

use std::collections::HashMap;
use std::path::Path;

use chainfire_kernels::tape::{Op, Tape};
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError, Scope, Value};

/// What both front ends read.
fn data() -> Dataset {
    let json = include_str!("columns.json");
    Dataset::from_json(Path::new("columns.json"), json).expect("the columns are valid")
}

fn column(name: &str) -> Value {
    data().numbers(name).expect("a column of numbers").clone()
}

/// What is known of a model besides its program.
fn description(model: &Model) -> Vec<String> {
    let start = model.initial_position().iter().map(|x| format!("{:x}", x.to_bits()));
    let variables = model.variables().iter().map(|variable| format!("{variable:?}"));
    let coordinates = model.coordinates().iter().map(|coordinate| format!("{coordinate:?}"));
    variables.chain(coordinates).chain(start).collect()
}

/// What a program computes: for every output its first row, and the number of the expression there. Equal operations of
/// equal operands have one number; the order of what does not depend on each other is left out.
fn results(tape: &Tape, known: &mut HashMap<String, usize>) -> Vec<(usize, usize)> {
    let mut numbers: Vec<usize> = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let operands: Vec<usize> = node.args.iter().map(|arg| numbers[arg.index()]).collect();
        let operation = match &node.op {
            Op::Scan(scan) => {
                format!("scan {:?} {} {}", results(&scan.body, known), scan.steps, scan.is_backward)
            }
            operation => format!("{operation:?}"),
        };
        let next = known.len();
        numbers.push(*known.entry(format!("{operation} {operands:?} {}", node.rows)).or_insert(next));
    }
    let mut all: Vec<_> = tape.outputs.iter().map(|o| (o.offset, numbers[o.value.index()])).collect();
    all.sort_unstable();
    all
}

/// That a file (its imports are put in front) and a function of the builder are one model.
fn same(file: &str, function: impl Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync + 'static) {
    let imports = "import numpy as np\nimport pymc as pm\nimport pytensor\nimport pytensor.tensor as pt\n";
    let file = ModelFile::parse(&format!("{imports}{file}"), "model.py").unwrap_or_else(|e| panic!("{e}"));
    let written = Model::from_file(file, data()).unwrap_or_else(|e| panic!("{e}"));
    let built = Model::new(function).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(description(&built), description(&written));
    let [built_tape, written_tape] = [&built, &written].map(|model| model.density_tape().unwrap());
    let mut known = HashMap::new();
    let results = [&built_tape, &written_tape].map(|tape| results(tape, &mut known));
    assert!(results[0] == results[1], "{:#?}\n{:#?}", built_tape.nodes, written_tape.nodes);
    let value = built.evaluate(built.initial_position()).unwrap().log_density;
    assert!(value.is_finite(), "the log density at the start is {value}");
}

/// The test can fail: another constant, another name, another start.
#[test]
fn different_models_are_told_apart() {
    use chainfire_models::Site;
    use chainfire_models::distributions::{HalfNormal, Normal};
    let file = "
with pm.Model():
    sigma = pm.HalfNormal('sigma', 2)
    pm.Normal('y', 0, sigma, observed=y)
";
    let model = |name: &'static str, scale: f64, start: f64| {
        std::panic::catch_unwind(|| {
            same(file, move |m| {
                let sigma = m.sample(name, Site::from(HalfNormal::new(scale)).initial(start))?;
                m.observe("y", Normal::new(0.0, sigma), column("y"))?;
                Ok(())
            });
        })
    };
    assert!(model("sigma", 2.0, 2.0).is_ok());
    assert!(model("sigma", 3.0, 2.0).is_err());
    assert!(model("spread", 2.0, 2.0).is_err());
    assert!(model("sigma", 2.0, 1.0).is_err());
}
