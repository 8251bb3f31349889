//! Model files become the right densities and the right posteriors.

mod agreement;
mod calibration;
mod executors;
mod fits;
mod minibatch;
mod numpyro;
mod posteriordb;
mod pymc;
mod times;

use std::path::Path;

use chainfire::Model;
use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use serde_json::Value;

/// The reference values of every model file that PyMC was run on, in the order of their names.
fn references() -> Vec<(String, Value)> {
    let references = references_in("tests/data/pymc");
    assert!(references.len() >= 40, "only {} reference files", references.len());
    references
}

/// The reference values in a folder, in the order of their names.
fn references_in(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut references: Vec<(String, Value)> = std::fs::read_dir(folder)
        .expect("the reference values are committed")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("readable file");
            (path.display().to_string(), serde_json::from_str(&text).expect("valid JSON"))
        })
        .collect();
    references.sort_by(|a, b| a.0.cmp(&b.0));
    references
}

/// The model of a reference.
fn model(reference: &Value) -> Result<Model, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = ModelFile::read(&root.join(reference["file"].as_str().expect("a file")))
        .map_err(|e| e.to_string())?;
    let data = match reference["data"].as_str() {
        Some(data) => Dataset::read(&root.join(data)).map_err(|e| e.to_string())?,
        None => Dataset::empty(),
    };
    Model::from_file(file, data).map_err(|e| e.to_string())
}
