//! How long it takes from the files of a model to a program that can be sampled.
//!
//! Every model of the references is timed in four stages, and the table is printed (`cargo test times -- --nocapture`):
//! read (both files parsed), build (variables and starting point), tape (captured, differentiated, lowered, passes), code
//! (the processor's program). On a machine with nothing else to do no model takes over two seconds; the limit here is wider,
//! for machines that are busy, and stands against work that grows with the square of something.

#![allow(clippy::print_stdout, reason = "the table is what the test is run for")]

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use chainfire::Model;
use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use chainfire_engine::program::TapeDensity;

use super::references;

/// Seconds of one model, all stages together, on a busy machine.
const LIMIT: f64 = 20.0;

/// Milliseconds of the stages of one model.
fn stages(file: &Path, data: Option<&Path>) -> [f64; 4] {
    let mut last = Instant::now();
    let mut lap = || {
        let elapsed = last.elapsed().as_secs_f64() * 1e3;
        last = Instant::now();
        elapsed
    };
    let source = ModelFile::read(file).expect("a model file");
    let data = data.map_or_else(Dataset::empty, |data| Dataset::read(data).expect("a data file"));
    let read = lap();
    let model = Model::from_file(source, data).expect("a model");
    let build = lap();
    let tape = model.density_tape().expect("a tape");
    let lowered = lap();
    let density = TapeDensity::new(&tape);
    std::hint::black_box(&density);
    [read, build, lowered, lap()]
}

#[test]
fn no_model_takes_long_from_its_file_to_its_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut table = format!("{:40}{:>9}{:>9}{:>9}{:>9}  ms\n", "model", "read", "build", "tape", "code");
    let mut slow = Vec::new();
    for (_, reference) in references() {
        let path = |field: &str| reference[field].as_str().map(|path| root.join(path));
        let file = path("file").expect("a file");
        let times = stages(&file, path("data").as_deref());
        let name = reference["model"].as_str().expect("a name");
        let [read, build, tape, code] = times;
        writeln!(table, "{name:40}{read:9.2}{build:9.2}{tape:9.2}{code:9.2}").expect("room for text");
        if times.iter().sum::<f64>() > LIMIT * 1e3 {
            slow.push(name.to_owned());
        }
    }
    println!("{table}");
    assert!(slow.is_empty(), "slower than {LIMIT} s: {slow:?}\n{table}");
}

#[test]
fn a_logistic_regression_of_a_hundred_thousand_rows_does_not_take_long_either() {
    let folder = std::env::temp_dir().join(format!("chainfire-times-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (model, data) = (folder.join("logistic.py"), folder.join("logistic.csv"));
    let source = "import numpy as np\nimport pymc as pm\n\nX = np.column_stack([x0, x1, x2, x3, x4])\n\n\
                  with pm.Model() as model:\n    alpha = pm.Normal(\"alpha\", 0, 1)\n    \
                  beta = pm.Normal(\"beta\", 0, 1, shape=5)\n    \
                  pm.Bernoulli(\"y\", logit_p=alpha + X @ beta, observed=y)\n";
    std::fs::write(&model, source).expect("a model file");
    let mut text = String::from("y,x0,x1,x2,x3,x4\n");
    for row in 0..100_000_u32 {
        let x = |k: u32| f64::from((row * (2 * k + 3) + k) % 997) / 500.0 - 1.0;
        let y = u8::from(x(0) + x(1) > x(2));
        writeln!(text, "{y},{:.4},{:.4},{:.4},{:.4},{:.4}", x(0), x(1), x(2), x(3), x(4))
            .expect("room for text");
    }
    std::fs::write(&data, text).expect("a data file");
    let times = stages(&model, Some(&data));
    std::fs::remove_dir_all(&folder).expect("the folder is there");
    println!("100,000 rows: read, build, tape, code {times:.1?} ms");
    assert!(times.iter().sum::<f64>() < LIMIT * 1e3, "{times:.1?} ms");
}
