//! Model files: expressions against NumPy and pandas (`reference/numpy_expressions.py`, `reference/tables.py`), and the
//! models of this repository.

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
    agree(include_str!("data/numpy_expressions.json"), 1500);
}

#[test]
fn tables_agree_with_pandas() {
    agree(include_str!("data/tables.json"), 250);
}

/// Compares expressions with what a reference says of them, of which there are at least `least`.
fn agree(reference: &str, least: usize) {
    let file: Json = serde_json::from_str(reference).unwrap();
    let data = Dataset::from_json(Path::new("reference.json"), &file["data"].to_string()).unwrap();
    let mut wrong = Vec::new();
    let expressions = file["expressions"].as_array().unwrap();
    assert!(expressions.len() >= least);
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

#[test]
fn later_readings_of_a_file_see_the_data_of_the_first() {
    let source = "import numpy as np
import pymc as pm

rng = np.random.default_rng(3)
seen = [1.0, 2.0, 3.0]


def simulate(n):
    noise = rng.normal(size=n)
    return noise + 1


x = rng.normal(size=2000) * 2
x[0] = 40.0
last = np.cumsum(np.ones(3000))[-1] / 3000 + seen.pop()
y = simulate(1500) + last
rows = []
for k in range(3):
    part = rng.normal(k, 1, size=1200)
    rows.append(part)
unread = simulate(5000)
rest = np.array([seen[-1], len(seen), rng.normal(), (seen := [np.ones(2000).sum() / 2000])[0]])
table = np.concatenate(rows + [x, y, rest, seen])
with pm.Model() as model:
    mu = pm.Normal(\"mu\", 0, 1)
    pm.Normal(\"o\", mu, 1, observed=table)
";
    let file = ModelFile::parse(source, "model.py").unwrap();
    let model = Model::from_file(file, Dataset::empty()).unwrap();
    let data = model.data("o").unwrap().as_data().unwrap().clone();
    assert_eq!(data.len(), 3 * 1200 + 2000 + 1500 + 5);
    // The normal density in closed form, of the data of the first reading.
    let normal = |x: f64| -0.5 * x * x - 0.5 * std::f64::consts::TAU.ln();
    let expected = normal(0.3) + data.iter().map(|x| normal(x - 0.3)).sum::<f64>();
    let found = model.evaluate(&[0.3]).unwrap();
    let terms: f64 = found.terms.iter().map(|term| term.log_density).sum();
    for log_density in [found.log_density, terms] {
        assert!((log_density - expected).abs() < 1e-9 * expected.abs(), "{log_density} {expected}");
    }
}
