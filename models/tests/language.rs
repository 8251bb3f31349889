//! Model files: expressions against NumPy and pandas (`reference/numpy_expressions.py`), and the models of this
//! repository.

use std::path::{Path, PathBuf};

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Kind, Model, ModelError, Value};
use serde_json::Value as Json;

fn model(source: &str, data: &Dataset) -> Result<Model, ModelError> {
    let file = ModelFile::parse(source, "model.py").map_err(Box::new)?;
    Model::from_file(file, data.clone())
}

/// The value of the last line, kept by a data container.
fn evaluate(text: &str, data: &Dataset) -> Result<Value, ModelError> {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let source = format!(
        "import numpy as np\nimport pandas as pd\nimport pymc as pm\nimport pytensor.tensor as pt\nimport scipy.linalg\nimport calendar\nimport collections\nimport copy\nimport datetime\nimport functools\nimport itertools\nimport math\nfrom scipy import integrate, interpolate, special, stats\nfrom scipy.spatial import distance\nfrom patsy import dmatrix\n{before}\nresult_ = {last}\n\
         with pm.Model():\n    pm.Data(\"result\", result_)\n    pm.Normal(\"free\")\n"
    );
    let model = model(&source, data)?;
    Ok(model.data("result").unwrap().clone())
}

#[test]
fn expressions_agree_with_numpy_and_pandas() {
    let file: Json = serde_json::from_str(include_str!("data/numpy_expressions.json")).unwrap();
    let data = Dataset::from_json(Path::new("numpy_expressions.json"), &file["data"].to_string()).unwrap();
    let mut wrong = Vec::new();
    let expressions = file["expressions"].as_array().unwrap();
    assert!(expressions.len() > 250);
    for expected in expressions {
        let text = expected["expression"].as_str().unwrap();
        let value = match evaluate(text, &data) {
            Ok(value) => value,
            Err(error) => {
                wrong.push(format!("{text}\n{error}"));
                continue;
            }
        };
        let shape: Vec<usize> =
            expected["shape"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
        let kind = match expected["kind"].as_str().unwrap() {
            "b" => Kind::Bool,
            "i" => Kind::Int,
            _ => Kind::Float,
        };
        let numbers: Vec<f64> = expected["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap_or_else(|| f64::from(x.as_bool().unwrap())))
            .collect();
        let seen = value.as_data().unwrap();
        let close = seen.iter().zip(&numbers).all(|(a, b)| (a - b).abs() <= 1e-13 * (1.0 + b.abs()));
        if value.shape() != shape || value.kind() != kind || !close {
            wrong.push(format!(
                "{text}\n  seen {:?} {:?} {seen:?}\n  expected {shape:?} {kind:?} {numbers:?}",
                value.shape(),
                value.kind()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expressions.len(), wrong.join("\n\n"));
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every model file of the repository with the data file that its first line names.
fn model_files() -> Vec<(PathBuf, Option<PathBuf>)> {
    let mut files = Vec::new();
    for folder in ["examples", "tests/data/models", "tests/data/posteriordb"] {
        let Ok(entries) = std::fs::read_dir(repository().join(folder)) else { continue };
        for path in entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "py"))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let data = text
                .lines()
                .next()
                .and_then(|line| line.rsplit_once("data:"))
                .map(|(_, name)| path.with_file_name(name.trim()));
            files.push((path, data));
        }
    }
    files.sort();
    assert!(files.len() > 30);
    files
}

#[test]
fn expressions_of_polars_are_of_the_columns_of_their_table() {
    let text = "import polars as pl\n\
                t = pl.DataFrame({'a': [1.0, 2.0, 3.0, 4.0], 'b': ['u', 'v', 'u', 'v']})\n\
                t = t.with_columns((pl.col('a') * 2).alias('c'), d=pl.col('a') + 1)\n\
                t.filter(pl.col('b') == 'u', pl.col('c') > 2).select('a', pl.col('c'), 'd').to_numpy()";
    let value = evaluate(text, &Dataset::empty()).unwrap();
    assert_eq!((value.shape(), &value.as_data().unwrap()[..]), (&[1, 3][..], &[3.0, 6.0, 4.0][..]));
}

#[test]
fn every_model_of_the_repository_is_read() {
    for (path, data) in model_files() {
        let data = data.map_or_else(Dataset::empty, |data| Dataset::read(&data).unwrap());
        let file = ModelFile::read(&path).unwrap();
        let model =
            Model::from_file(file, data).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!model.variables().is_empty(), "{}", path.display());
    }
}
