//! Reads a model file with its data.

use std::path::Path;

use chainfire::Model;
use chainfire::data::Dataset;
use chainfire::language::ModelFile;

/// The model of a file, with the data of another.
pub fn model(path: &Path, data: Option<&Path>) -> anyhow::Result<Model> {
    let file = ModelFile::read(path)?;
    let data = data.map_or_else(|| Ok(Dataset::empty()), Dataset::read)?;
    Ok(Model::from_file(file, data)?)
}
