//! Whether the posterior of a model file is the reference posterior of posteriordb.
//!
//! A fit agrees when every mean is within four joint standard errors of the reference mean, and every standard
//! deviation within 10 %. The references are 10,000 draws each.

use std::path::Path;

use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use chainfire::{Model, Settings, summary};
use serde_json::Value;

/// The posteriors that many chains together are tried on: those with cheap densities.
pub const NAMES: [&str; 12] = [
    "eight_schools-eight_schools_noncentered",
    "kidiq-kidscore_momiq",
    "kidiq-kidscore_interaction",
    "sblrc-blr",
    "mesquite-logmesquite",
    "nes1980-nes",
    "earnings-logearn_interaction",
    "kilpisjarvi_mod-kilpisjarvi",
    "low_dim_gauss_mix-low_dim_gauss_mix",
    "gp_pois_regr-gp_regr",
    "arK-arK",
    "garch-garch11",
];

pub fn agrees(name: &str, settings: &Settings) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/posteriordb");
    let file = ModelFile::read(&folder.join(format!("{name}.py"))).expect("the model can be read");
    let data = Dataset::read(&folder.join(format!("{name}.data.json"))).expect("the data can be read");
    let model = Model::from_file(file, data).expect("the model can be built");
    let posterior = model.sample(settings).expect("the model can be sampled");
    let rows = summary(posterior.data.require("posterior").expect("a posterior")).expect("a summary");
    let text = std::fs::read_to_string(folder.join(format!("{name}.reference.json"))).expect("a reference");
    let reference: Value = serde_json::from_str(&text).expect("valid JSON");
    let parameters = reference.as_object().expect("an object");
    let parameters = parameters.get("parameters").and_then(Value::as_object).unwrap_or(parameters);
    let mut faults = Vec::new();
    let mut compared = 0;
    for (parameter, expected) in parameters {
        let Some(expected_mean) = expected["mean"].as_f64() else { continue };
        let number = |field: &str| expected[field].as_f64().expect("a number");
        let (expected_sd, ess) = (number("sd"), number("ess"));
        let wanted = zero_based(parameter);
        let row = rows.iter().find(|r| r.name == wanted);
        let row = row.unwrap_or_else(|| panic!("{name} has no parameter {wanted}"));
        compared += 1;
        let error = (row.mcse_mean.powi(2) + expected_sd.powi(2) / ess).sqrt();
        let z = (row.mean - expected_mean) / error;
        // NaN is a fault too.
        let (mean_agrees, sd_agrees) = (z.abs() < 4.0, (row.sd / expected_sd - 1.0).abs() < 0.1);
        if !mean_agrees {
            faults.push(format!("{parameter}: mean {} against {expected_mean}, z = {z:.2}", row.mean));
        }
        if !sd_agrees {
            faults.push(format!("{parameter}: sd {} against {expected_sd}", row.sd));
        }
    }
    assert!(compared > 0, "{name}: the reference has no parameters");
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

/// `beta[1]` of Stan is `beta[0]` here.
pub fn zero_based(parameter: &str) -> String {
    match parameter.split_once('[') {
        Some((name, rest)) => {
            let indices: Vec<String> = rest
                .trim_end_matches(']')
                .split(',')
                .map(|i| (i.trim().parse::<usize>().expect("an index") - 1).to_string())
                .collect();
            format!("{name}[{}]", indices.join(", "))
        }
        None => parameter.to_string(),
    }
}
