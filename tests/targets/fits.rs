//! Fits of the posteriors that have references in posteriordb.
//!
//! `benches/peers/fit_table.py` prints the same comparison for every method.

use std::path::Path;

use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use chainfire::{Fit, FitMethod, FitSettings, Model, summary};
use serde_json::Value;

use super::agreement::{NAMES, zero_based};

/// The fit, the worst error of a mean in standard deviations of the reference, and the smallest and largest ratio of a
/// standard deviation to that of the reference.
fn compare(name: &str, method: FitMethod) -> (Fit, f64, [f64; 2]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/posteriordb");
    let file = ModelFile::read(&folder.join(format!("{name}.py"))).expect("the model can be read");
    let data = Dataset::read(&folder.join(format!("{name}.data.json"))).expect("the data can be read");
    let model = Model::from_file(file, data).expect("the model can be built");
    let settings = FitSettings { draws: 4000, seed: 1, ..FitSettings::new(method) };
    let found = model.fit(&settings).unwrap_or_else(|error| panic!("{name}: {error}"));
    let rows = summary(found.data.require("posterior").expect("a posterior")).expect("a summary");
    let text = std::fs::read_to_string(folder.join(format!("{name}.reference.json"))).expect("a reference");
    let reference: Value = serde_json::from_str(&text).expect("valid JSON");
    let parameters = reference["parameters"].as_object().expect("parameters");
    let (mut error, mut ratios) = (0.0f64, [f64::INFINITY, 0.0f64]);
    for (parameter, expected) in parameters {
        let row = rows.iter().find(|row| row.name == zero_based(parameter)).expect("the parameter");
        let number = |field: &str| expected[field].as_f64().expect("a number");
        error = error.max((row.mean - number("mean")).abs() / number("sd"));
        let ratio = row.sd / number("sd");
        ratios = [ratios[0].min(ratio), ratios[1].max(ratio)];
    }
    (found.fit, error, ratios)
}

/// Draws of the fit and of the reference add errors of 0.03 at most; the worst of ten parameters is looked at.
#[test]
fn full_rank_finds_the_means_wherever_k_hat_is_good() {
    let mut good = 0;
    for name in NAMES {
        let (fit, error, ratios) = compare(name, FitMethod::FullRankAdvi);
        if fit.k_hat.is_some_and(|k_hat| k_hat < 0.5) {
            good += 1;
            assert!(error < 0.1, "{name}: a mean is {error} deviations off, {}", fit.verdict());
            assert!(ratios[0] > 0.85 && ratios[1] < 1.15, "{name}: {ratios:?}");
        }
    }
    assert!(good >= 4, "only {good} posteriors are as good as normal");
}

#[test]
fn what_is_far_from_the_posterior_has_a_k_hat_that_says_so() {
    for method in [FitMethod::Advi, FitMethod::Dadvi, FitMethod::Laplace, FitMethod::Pathfinder] {
        for name in NAMES {
            let (fit, error, ratios) = compare(name, method);
            // What is too wide, or beside the posterior by less than it is wide, has good importance weights.
            let is_poor = error > 0.5 || ratios[0] < 0.6;
            assert!(
                !is_poor || fit.k_hat.is_some_and(|k_hat| k_hat > 0.5),
                "{name}, {method}: {error} off, {ratios:?}, {}",
                fit.verdict()
            );
        }
    }
}
