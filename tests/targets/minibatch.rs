//! Models whose data come in batches of rows.
//!
//! The reference values of fixed batches are made by `tests/reference/minibatch.py`, which runs the same files in PyMC.

use std::path::{Path, PathBuf};

use chainfire::data::Dataset;
use chainfire::distributions::{Bernoulli, Normal};
use chainfire::language::ModelFile;
use chainfire::{FitMethod, FitOutcome, FitSettings, Kind, Minibatch, Model, ModelError, Value};
use chainfire_engine::{LogDensity, RowDensity};
use chainfire_kernels::random::Key;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/minibatch")
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

/// Log density and gradient at a position.
fn evaluate(density: &dyn LogDensity, position: &[f64]) -> (f64, Vec<f64>) {
    let (mut log_density, mut gradient) = ([0.0], vec![0.0; position.len()]);
    density.evaluator().evaluate(position, &mut log_density, &mut gradient);
    (log_density[0], gradient)
}

/// Within the tolerance of PyMC's own special functions.
#[track_caller]
fn assert_close(seen: &(f64, Vec<f64>), expected: &(f64, Vec<f64>), what: &str) {
    let scale = expected.1.iter().fold(expected.0.abs(), |most, x| most.max(x.abs()));
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * scale;
    let all = seen.1.iter().zip(&expected.1).all(|(a, b)| near(*a, *b));
    assert!(near(seen.0, expected.0) && all, "{what}: {seen:?} against {expected:?}");
}

/// A model with a position, the rows of a fixed batch, and what PyMC says there.
struct Case {
    name: String,
    model: Model,
    position: Vec<f64>,
    rows: Vec<u32>,
    expected: (f64, Vec<f64>),
}

fn models() -> Vec<Case> {
    let text = std::fs::read_to_string(folder().join("reference.json")).expect("committed");
    let references: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let of = |reference: &serde_json::Value| {
        let name = reference["file"].as_str().expect("a file").to_string();
        let file = ModelFile::read(&folder().join(&name)).expect("a model file");
        let model = Model::from_file(file, Dataset::read(&folder().join("rows.csv")).expect("data"))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let rows = numbers(&reference["rows"]).into_iter().map(|row| row as u32).collect();
        let expected =
            (reference["log_density"].as_f64().expect("a number"), numbers(&reference["gradient"]));
        Case { name, model, position: numbers(&reference["position"]), rows, expected }
    };
    references.as_array().expect("a list").iter().map(of).collect()
}

#[test]
fn a_fixed_batch_has_the_log_density_of_pymc() {
    let models = models();
    assert_eq!(models.len(), 3);
    for Case { name, model, position, rows, expected } in models {
        let batches = model.minibatch().expect("a minibatch");
        assert_eq!(batches, Minibatch { rows: 24, size: 7 });
        let density = model.row_density(batches).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_close(&evaluate(&*density.estimate(&rows), &position), &expected, &name);
    }
}

#[test]
fn batches_average_to_the_log_density_of_all_rows() {
    for Case { name, model, position, .. } in models() {
        let all = evaluate(&model.density().expect("a density"), &position);
        let density = model.row_density(model.minibatch().expect("a minibatch")).expect("rows");
        let rows: Vec<u32> = (0..24).collect();
        assert_close(&evaluate(&*density.estimate(&rows), &position), &all, &name);
        let mut mean = (0.0, vec![0.0; position.len()]);
        for row in rows {
            let one = evaluate(&*density.estimate(&[row]), &position);
            mean.0 += one.0 / 24.0;
            mean.1.iter_mut().zip(&one.1).for_each(|(sum, x)| *sum += x / 24.0);
        }
        assert_close(&mean, &all, &name);
    }
}

const ROWS: usize = 1_000_000;
const COLUMNS: usize = 3;
/// An intercept and two slopes, or as many slopes.
const TRUTH: [f64; COLUMNS] = [0.3, -0.8, 0.5];

/// Predictors, the first of them 1, `[rows, columns]`; linear predictor, `[rows]`.
fn predictors() -> (Vec<f64>, Vec<f64>) {
    let mut x = vec![1.0; ROWS * COLUMNS];
    let mut normal = vec![0.0; ROWS * (COLUMNS - 1)];
    Key::new(1, 0, 0, 0).fill_normal(&mut normal);
    for (row, normal) in x.chunks_exact_mut(COLUMNS).zip(normal.chunks_exact(COLUMNS - 1)) {
        // Correlated with each other, and not centred.
        row[1] = 0.5 + normal[0];
        row[2] = 0.6 * normal[0] + 0.8 * normal[1];
    }
    let linear = x.chunks_exact(COLUMNS).map(|row| row.iter().zip(TRUTH).map(|(x, b)| x * b).sum()).collect();
    (x, linear)
}

/// Mean and standard deviations of the normal at the mode, by Newton's method, of coefficients with standard normal
/// priors; `slope` gives the first and minus the second derivative of a row's log density by its linear predictor.
fn newton(x: &[f64], y: &[f64], slope: impl Fn(f64, f64) -> (f64, f64)) -> (Vec<f64>, Vec<f64>) {
    let (mut at, mut deviation) = ([0.0; COLUMNS], Vec::new());
    for _ in 0..8 {
        let mut curvature = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let mut gradient = at.map(|b| -b);
        for (x, y) in x.chunks_exact(COLUMNS).zip(y) {
            let linear = (0..COLUMNS).map(|i| x[i] * at[i]).sum();
            let (first, second) = slope(*y, linear);
            for i in 0..COLUMNS {
                gradient[i] += first * x[i];
                (0..COLUMNS).for_each(|j| curvature[i][j] += second * x[i] * x[j]);
            }
        }
        let inverse = inverse(&curvature);
        for i in 0..COLUMNS {
            at[i] += (0..COLUMNS).map(|j| inverse[i][j] * gradient[j]).sum::<f64>();
        }
        deviation = (0..COLUMNS).map(|i| inverse[i][i].sqrt()).collect();
    }
    (at.to_vec(), deviation)
}

/// The inverse of a symmetric matrix: its cofactors over its determinant.
fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let at = |i: usize, j: usize| m[i % 3][j % 3];
    let cofactor =
        |i: usize, j: usize| at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1);
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    [0, 1, 2].map(|i| [0, 1, 2].map(|j| cofactor(i, j) / determinant))
}

/// Fits a model in batches of 1000 of a million rows; its posterior is as good as normal.
#[track_caller]
fn assert_reaches(model: &Model, method: FitMethod, (mean, deviation): &(Vec<f64>, Vec<f64>)) {
    let settings = FitSettings { seed: 1, draws: 100, ..FitSettings::new(method) };
    let fit = model.fit(&settings).expect("a fit").fit;
    assert_eq!(fit.outcome, FitOutcome::Converged);
    // What the steps read of the rows, and a few passes over all of them.
    assert!(fit.gradients < 1000, "{} gradients of all rows", fit.gradients);
    for i in 0..COLUMNS {
        let error = (fit.mean[i] - mean[i]) / deviation[i];
        assert!(error.abs() < 0.05, "{method}, mean {i}: {error} deviations off");
        if method == FitMethod::FullRankAdvi {
            let ratio = fit.deviation[i] / deviation[i];
            assert!((ratio - 1.0).abs() < 0.05, "{method}, deviation {i}: {ratio} of the true one");
        }
    }
}

#[test]
fn a_million_rows_in_batches_of_a_thousand_give_the_answer_of_all_rows() {
    let (x, linear) = predictors();
    let mut noise = vec![0.0; ROWS];
    Key::new(2, 0, 0, 0).fill_normal(&mut noise);
    let y: Vec<f64> = linear.iter().zip(&noise).map(|(mu, z)| mu + 2.0 * z).collect();
    let exact = newton(&x, &y, |y, linear| ((y - linear) / 4.0, 0.25));
    let data = (Value::data(x.clone(), vec![ROWS, COLUMNS], Kind::Float), Value::from(y));
    let model = Model::new(move |m| {
        let (x, y) = &data;
        m.minibatch(&[x, y], 1000)?;
        let b = m.sample("b", chainfire::Site::from(Normal::new(0.0, 1.0)).shape(vec![COLUMNS]))?;
        m.observe("y", chainfire::Site::from(Normal::new(x.matmul(&b), 2.0)).total_size(ROWS), y)?;
        Ok(())
    })
    .expect("a model");
    assert_reaches(&model, FitMethod::FullRankAdvi, &exact);

    let chance = |linear: f64| 1.0 / (1.0 + (-linear).exp());
    let uniform = |row: usize| Key::new(3, row as u32, 0, 0).uniform(0);
    let y: Vec<f64> =
        linear.iter().enumerate().map(|(row, l)| f64::from(u8::from(uniform(row) < chance(*l)))).collect();
    let exact = newton(&x, &y, |y, linear| {
        let p = chance(linear);
        (y - p, p * (1.0 - p))
    });
    let data = (Value::data(x, vec![ROWS, COLUMNS], Kind::Float), Value::from(y));
    let model = Model::new(move |m| {
        let (x, y) = &data;
        m.minibatch(&[x, y], 1000)?;
        let b = m.sample("b", chainfire::Site::from(Normal::new(0.0, 1.0)).shape(vec![COLUMNS]))?;
        let likelihood = chainfire::Site::from(Bernoulli::logit(x.matmul(&b)));
        m.observe("y", likelihood.total_size(ROWS), y)?;
        Ok(())
    })
    .expect("a model");
    assert_reaches(&model, FitMethod::Advi, &exact);
}

/// The error of a model with ten rows of data.
fn refusal(
    declare: impl Fn(&mut chainfire::Scope, Value) -> Result<(), ModelError> + Send + Sync + 'static,
) -> String {
    let model = Model::new(move |m| declare(m, Value::from((0..10).map(f64::from).collect::<Vec<_>>())));
    let settings = FitSettings { seed: 1, ..FitSettings::new(FitMethod::Advi) };
    match model.and_then(|model| model.fit(&settings)) {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_cannot_be_had_in_batches_is_refused_with_a_cure() {
    let site = |mu: Value| chainfire::Site::from(Normal::new(mu, 1.0));
    let total = refusal(move |m, y| {
        m.minibatch(&[&y], 5)?;
        let mu = m.sample("mu", Normal::new(0.0, 1.0))?;
        m.observe("y", site(mu), &y).map(|_| ())
    });
    assert!(total.contains("`y`") && total.contains("total_size=10"), "{total}");
    let size = refusal(|m, y| m.minibatch(&[&y], 11));
    assert!(size.contains("batch_size=11") && size.contains("1 to 10"), "{size}");
    let lengths = refusal(|m, y| m.minibatch(&[&y, &Value::from([1.0, 2.0])], 5));
    assert!(lengths.contains("2 rows") && lengths.contains("10 rows"), "{lengths}");
    let local = refusal(move |m, y| {
        m.minibatch(&[&y], 5)?;
        let mu = m.sample("mu", chainfire::Site::from(Normal::new(0.0, 1.0)).shape(vec![10]))?;
        m.observe("y", site(mu).total_size(10), &y).map(|_| ())
    });
    assert!(local.contains("an element for each row") && local.contains("dadvi"), "{local}");
    let joined = refusal(move |m, y| {
        m.minibatch(&[&y], 5)?;
        let mu = m.sample("mu", Normal::new(0.0, 1.0))?;
        let centred = &mu * &y;
        let mean = centred.mean();
        m.observe("y", site(&centred - &mean).total_size(10), &y).map(|_| ())
    });
    assert!(joined.contains("depends on a sum over all of them"), "{joined}");
}

#[test]
fn methods_without_batches_take_all_rows() {
    let Case { model, position, .. } = models().remove(0);
    let settings = FitSettings { seed: 1, ..FitSettings::new(FitMethod::Dadvi) };
    let fit = model.fit(&settings).expect("a fit").fit;
    let all = evaluate(&model.density().expect("a density"), &fit.positions[..position.len()]);
    assert_eq!(fit.log_density[0], all.0);
    assert!(fit.is_trusted(), "{}", fit.verdict());
}
