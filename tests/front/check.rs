//! `chainfire check` shows a model's variables and its log density, at the start or at a point.

use std::f64::consts::PI;

use serde_json::json;

use super::program::{Folder, model};

/// `tau` half normal, `mu` normal below it, `y` normal around `mu`.
const MODEL: &str = r#"
tau = pm.HalfNormal("tau", 1)
mu = pm.Normal("mu", 0, tau, shape=2)
pm.Normal("y", mu, 1, observed=y)
"#;

const Y: [f64; 2] = [1.5, -0.5];

fn folder(point: &str) -> Folder {
    Folder::new(&[("model.py", &model(MODEL)), ("data.csv", "y\n1.5\n-0.5\n"), ("point.json", point)])
}

/// Log density at `tau` and `mu` with the Jacobian of `tau = exp(tau_log__)`, and its gradient, by hand.
fn by_hand(tau: f64, mu: [f64; 2]) -> (f64, f64, [f64; 2]) {
    let normal = |x: f64, sd: f64| -0.5 * (x / sd).powi(2) - sd.ln() - 0.5 * (2.0 * PI).ln();
    let prior = 2.0_f64.ln() + normal(tau, 1.0) + tau.ln() + normal(mu[0], tau) + normal(mu[1], tau);
    let total = prior + normal(Y[0] - mu[0], 1.0) + normal(Y[1] - mu[1], 1.0);
    let by_tau = 1.0 - tau * tau + (mu[0] * mu[0] + mu[1] * mu[1]) / (tau * tau) - 2.0;
    (total, by_tau, [0, 1].map(|k| -mu[k] / (tau * tau) + Y[k] - mu[k]))
}

fn near(value: &serde_json::Value, expected: f64) {
    let value = value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"));
    assert!((value - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{value} is not {expected}");
}

fn check_at(point: &str, tau: f64, mu: [f64; 2]) {
    let json = folder(point).run("check model.py --data data.csv --json --point point.json").json();
    let (total, by_tau, by_mu) = by_hand(tau, mu);
    near(&json["log_density"], total);
    near(&json["gradient"]["tau_log__"], by_tau);
    near(&json["gradient"]["mu"][0], by_mu[0]);
    near(&json["gradient"]["mu"][1], by_mu[1]);
    assert_eq!(json["findings"], json!([]));
}

#[test]
fn a_point_takes_constrained_values_by_name() {
    check_at("{\"tau\": 2, \"mu\": [0.3, -1]}", 2.0, [0.3, -1.0]);
}

#[test]
fn a_point_takes_unconstrained_values_by_the_name_of_the_value_variable() {
    check_at("{\"tau_log__\": -0.5, \"mu\": [0.3, -1]}", (-0.5_f64).exp(), [0.3, -1.0]);
}

#[test]
fn variables_left_out_of_a_point_take_their_starting_values() {
    check_at("{\"mu\": [0.3, -1]}", 1.0, [0.3, -1.0]);
    check_at("{}", 1.0, [0.0, 0.0]);
}

#[test]
fn variables_are_shown_with_shape_dims_transform_and_log_density() {
    let json = folder("").run("check model.py --data data.csv --json").json();
    let [tau, mu, y] = [0, 1, 2].map(|k| &json["variables"][k]);
    assert_eq!(tau["name"], "tau");
    assert_eq!(tau["transform"], "log");
    assert_eq!(tau["value_name"], "tau_log__");
    assert_eq!((&mu["role"], &mu["distribution"]), (&json!("free"), &json!("Normal")));
    assert_eq!((&mu["shape"], &mu["dims"], &mu["transform"]), (&json!([2]), &json!([]), &json!(null)));
    assert_eq!(y["role"], "observed");
    near(&y["log_density"], -0.5 * (Y[0] * Y[0] + Y[1] * Y[1]) - (2.0 * PI).ln());
    let sum: f64 = [tau, mu, y].iter().map(|v| v["log_density"].as_f64().unwrap()).sum();
    near(&json["log_density"], sum);
}

#[test]
fn the_table_shows_every_variable_and_the_total() {
    let outcome = folder("").run("check model.py --data data.csv");
    let text = outcome.printed();
    let line =
        |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{text}"));
    assert!(line("tau").contains("HalfNormal") && line("tau").contains("log"));
    assert!(line("y").contains("observed"));
    let total = format!("log density {:.6}", by_hand(1.0, [0.0, 0.0]).0);
    assert!(text.contains(&total) && text.contains("3 parameters"), "{text}");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn points_that_do_not_fit_the_model_are_refused() {
    let refused = |point: &str, parts: &[&str]| {
        folder(point).run("check model.py --data data.csv --point point.json").complains(parts);
    };
    refused("{\"tau\": 1, \"rho\": 2}", &["`rho`", "not a free variable", "tau (or tau_log__), mu"]);
    refused("{\"mu\": [1, 2, 3]}", &["3 numbers for `mu`", "takes 2", "(2,)"]);
    refused("{\"tau\": -1}", &["`tau` cannot be -1", "HalfNormal"]);
    refused("{\"tau\": ", &["point.json", "not valid JSON", "line 1"]);
    refused("[1, 2]", &["point.json", "JSON object"]);
    refused("{\"tau\": \"one\"}", &["`tau` in point.json", "must be a number", "\"one\""]);
    let missing = folder("").run("check model.py --data data.csv --point nothere.json");
    missing.complains(&["point file nothere.json", "No such file", "check the path"]);
}

#[test]
fn faults_of_a_point_are_findings_in_json() {
    let fault = |point: &str| {
        let outcome = folder(point).run("check model.py --data data.csv --json --point point.json");
        assert_eq!(outcome.status, Some(1));
        let json = outcome.json();
        assert_eq!(json["ok"], false);
        json["findings"][0].clone()
    };
    let unknown = fault("{\"tav\": 1}");
    assert_eq!((&unknown["code"], &unknown["nearest"][0]), (&json!("M115"), &json!("tau")));
    assert_eq!(fault("{\"mu\": [1, 2, 3]}")["expected"], "2 numbers");
    let outside = fault("{\"tau\": -1}");
    assert_eq!((&outside["code"], &outside["variable"]), (&json!("M150"), &json!("tau")));
    let broken = fault("{\"tau\": ");
    assert_eq!(broken["code"], "M001");
    assert!(broken["message"].as_str().unwrap().contains("not valid JSON"), "{broken}");
}

#[test]
fn what_cannot_be_built_is_a_finding_with_its_place() {
    let folder = Folder::new(&[("model.py", &model("mu = pm.Nromal('mu', 0, 1)"))]);
    let outcome = folder.run("check model.py --json");
    assert_eq!(outcome.status, Some(1));
    let json = outcome.json();
    assert!(json["log_density"].is_null());
    let finding = &json["findings"][0];
    assert_eq!(
        (&finding["file"], &finding["line"], &finding["column"]),
        (&json!("model.py"), &json!(4), &json!(10))
    );
    assert!(finding["message"].as_str().unwrap().contains("did you mean `Normal`"));
}

#[test]
fn a_log_density_that_is_not_finite_is_a_finding() {
    let statements = "mu = pm.Normal('mu', 0, 1)\npm.Uniform('y', 0, pm.math.exp(mu), observed=[0.5, 9])";
    let folder = Folder::new(&[("model.py", &model(statements)), ("point.json", "{\"mu\": 5}")]);
    let outcome = folder.run("check model.py --json");
    assert_eq!(outcome.status, Some(1));
    let json = outcome.json();
    assert_eq!(json["log_density"], "-inf");
    assert!(json["findings"][0]["message"].as_str().unwrap().contains("y[1]"), "{json}");
    folder.run("check model.py --point point.json").printed();
}
