//! `pm.find_constrained_prior`: the parameters against closed forms, SciPy's roots and PyMC.

use std::path::Path;

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

/// What the search gives as an array, or the message of its error.
fn found(call: &str, names: &[&str]) -> Result<Vec<f64>, String> {
    let values: Vec<String> = names.iter().map(|name| format!("found[\"{name}\"]")).collect();
    let source = format!(
        "import pymc as pm\nfound = pm.find_constrained_prior({call})\nwith pm.Model():\n    \
         pm.Data(\"found\", [{}])\n    pm.Normal(\"free\")\n",
        values.join(", ")
    );
    let data = Dataset::from_json(Path::new("none.json"), "{}").unwrap();
    let file = ModelFile::parse(&source, "model.py").map_err(|error| error.to_string())?;
    let model = Model::from_file(file, data).map_err(|error| error.to_string())?;
    Ok(model.data("found").unwrap().as_data().unwrap().to_vec())
}

/// Relative tolerance 1e-7: the equations hold to rounding, their derivatives are far from zero.
#[test]
fn parameters_put_the_mass_between_the_bounds() {
    // 0.975 of a normal distribution lies below 1.96 deviations.
    let two_sided = 1.959_963_984_540_054;
    let log_20 = 20_f64.ln();
    for (call, names, expected) in [
        (r#"pm.Normal, -1, 3, {"mu": 0, "sigma": 1}"#, &["mu", "sigma"][..], vec![1.0, 2.0 / two_sided]),
        (
            r#"pm.LogNormal, lower=1, upper=20, init_guess={"mu": 1, "sigma": 1}"#,
            &["mu", "sigma"],
            vec![log_20 / 2.0, log_20 / 2.0 / two_sided],
        ),
        (
            r#"pm.Exponential, 0, 3.0, {"lam": 1}, mass=0.9, mass_below_lower=0"#,
            &["lam"],
            vec![-(0.1_f64.ln()) / 3.0],
        ),
        // scipy.optimize.fsolve of the two equations with scipy.stats.gamma, beta and t.
        (
            r#"pm.Gamma, lower=0.1, upper=0.4, mass=0.75, init_guess={"alpha": 1, "beta": 10}"#,
            &["alpha", "beta"],
            vec![3.0897310254374117, 12.791752182678803],
        ),
        (
            r#"pm.Beta, 0.1, 0.6, {"alpha": 1, "beta": 1}"#,
            &["alpha", "beta"],
            vec![3.7787761334981864, 7.978248575101801],
        ),
        (
            r#"pm.StudentT, 0, 1, {"mu": 5, "sigma": 2}, fixed_params={"nu": 7}"#,
            &["mu", "sigma"],
            vec![0.5, 0.21145008542613297],
        ),
    ] {
        let seen = found(call, names).unwrap();
        for (seen, expected) in seen.iter().zip(&expected) {
            assert!((seen - expected).abs() <= 1e-7 * expected.abs(), "{call}: {seen}, not {expected}");
        }
    }
    // PyMC 5.28 finds 10.02206, to the accuracy of its optimiser.
    let mu = found(r#"pm.Poisson, 1, 15, {"mu": 10}"#, &["mu"]).unwrap();
    assert!((mu[0] - 10.02206).abs() < 0.05, "{mu:?}");
}

#[test]
fn a_search_without_an_answer_says_so() {
    for (call, words) in [
        (r#"pm.Exponential, 1, 1.001, {"lam": 1}"#, "no parameters of pm.Exponential were found"),
        (r#"pm.Normal, -1, 1, {"mu": 0, "sigma": -1}"#, "guess others"),
        (r#"pm.Normal, -1, 1, {"mu": 0, "scale": 1}"#, "has no argument `scale`"),
        (r#"pm.Normal, -1, 1, {"mu": 0, "sigma": 1}, mass=2"#, "between 0.01 and 0.99"),
        (r#"3, -1, 1, {"mu": 0}"#, "a distribution such as `pm.Gamma`"),
        (r#"pm.Normal, -1, 1, 3"#, "a dictionary"),
        (r#"pm.Normal, -1, 1, {"mu": 0, "sigma": [1, 2]}"#, "the guess of `sigma`"),
    ] {
        let error = found(call, &["mu"]).unwrap_err();
        assert!(error.contains(words), "{call}: {error}");
    }
}
