//! The checker: what it says about wrong models, about good ones, and that nothing makes it panic or hang.

mod cases;
mod change;
mod codes;
mod foreign;
mod fuzz;
mod good;
mod mutations;

use std::path::{Path, PathBuf};

use chainfire_models::check::{Checked, check};
use chainfire_models::data::Dataset;
use chainfire_models::language::{LanguageError, ModelFile};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// A model file, its data file and their texts.
struct Good {
    path: PathBuf,
    source: String,
    data: Option<(PathBuf, String)>,
}

impl Good {
    fn dataset(&self) -> Dataset {
        self.data.as_ref().map_or_else(Dataset::empty, |(path, text)| dataset(path, text).expect("good data"))
    }
}

fn dataset(path: &Path, text: &str) -> Result<Dataset, chainfire_models::data::DataError> {
    match path.extension().is_some_and(|e| e == "csv") {
        true => Dataset::from_csv(path, text),
        false => Dataset::from_json(path, text),
    }
}

/// The data file of a model: beside it, or named in its first line.
fn data_of(path: &Path, source: &str) -> Option<PathBuf> {
    let folder = path.parent()?;
    let named = source.lines().next()?.rsplit_once("data: ").map(|(_, name)| folder.join(name.trim()));
    let beside = ["csv", "json", "data.json"].map(|extension| path.with_extension(extension));
    let shared = match path.file_stem()?.to_str()? {
        "eight_schools_centered" => folder.join("eight_schools.json"),
        _ => folder.join("columns.json"),
    };
    named.into_iter().chain(beside).chain([shared]).find(|path| path.is_file())
}

/// Every model file of the repository that is meant to be right.
fn good_models() -> Vec<Good> {
    let mut all = Vec::new();
    for folder in ["examples", "tests/data/models", "tests/data/gallery", "tests/data/posteriordb"] {
        let Ok(entries) = std::fs::read_dir(root().join(folder)) else { continue };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "py")) {
            let source = std::fs::read_to_string(&path).expect("a model file");
            let data = data_of(&path, &source).map(|path| {
                let text = std::fs::read_to_string(&path).expect("a data file");
                (path, text)
            });
            all.push(Good { path, source, data });
        }
    }
    assert!(all.len() > 40, "only {} models found", all.len());
    all
}

/// Everything that is found in a source.
fn checked(source: &str, data: Dataset) -> Checked {
    match ModelFile::parse(source, "model.py") {
        Ok(file) => check(file, data, None).expect("no point is given"),
        Err(LanguageError::Findings(findings)) => {
            Checked { findings, left_out: Vec::new(), model: None, evaluation: None }
        }
        Err(error) => panic!("{error}"),
    }
}
