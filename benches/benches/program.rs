//! From a model file to a tape: reading, capture, lowering and passes, at the sizes of the examples.

use std::path::Path;

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use criterion::{Criterion, criterion_group, criterion_main};

/// Name, model file, data file, as seen from `examples`.
const MODELS: &[(&str, &str, &str)] = &[
    ("eight schools, 8 rows", "eight_schools.py", "eight_schools.json"),
    ("radon, 919 rows", "radon.py", "radon.csv"),
    ("logistic regression, 3020 rows", "logistic_regression.py", "logistic_regression.csv"),
    (
        "loop of 200 turns",
        "../tests/data/posteriordb/garch-garch11.py",
        "../tests/data/posteriordb/garch-garch11.data.json",
    ),
];

fn programs(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for &(name, file, data) in MODELS {
        let load = || {
            let file = ModelFile::read(&folder.join(file)).expect("the example can be read");
            let data = Dataset::read(&folder.join(data)).expect("the data can be read");
            Model::from_file(file, data).expect("the example is a model")
        };
        criterion.bench_function(&format!("read/{name}"), |b| b.iter(load));
        let model = load();
        criterion.bench_function(&format!("capture and lower/{name}"), |b| {
            b.iter(|| model.density_tape().expect("the example can be lowered"));
        });
    }
}

criterion_group!(benches, programs);
criterion_main!(benches);
