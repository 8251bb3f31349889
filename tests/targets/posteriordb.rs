//! Posteriors of model files agree with the reference posteriors of posteriordb.
//!
//! A fit agrees when every mean is within four joint standard errors of the reference mean, and every standard
//! deviation within 10 %. The references are 10,000 draws each.

use std::path::Path;

use chainfire::data::Dataset;
use chainfire::language::ModelFile;
use chainfire::{Device, Model, Settings, summary};
use serde_json::Value;

fn agrees(name: &str, settings: &Settings) {
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
fn zero_based(parameter: &str) -> String {
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

fn settings(chains: usize, draws: usize) -> Settings {
    Settings { chains, draws, seed: 20, device: Device::Cpu, ..Settings::default() }
}

/// Many short chains, tuned together.
fn together() -> Settings {
    settings(256, 100)
}

/// The same on a Vulkan device: the one that `CHAINFIRE_TEST_DEVICE` numbers, or the first.
fn on_a_device() -> Settings {
    let number = std::env::var("CHAINFIRE_TEST_DEVICE").map_or(0, |number| number.parse().expect("a number"));
    Settings { device: Device::Gpu(Some(number)), ..together() }
}

#[test]
fn chains_that_are_tuned_together_agree() {
    for name in NAMES {
        agrees(name, &together());
    }
}

#[test]
#[ignore = "needs a Vulkan device"]
fn chains_on_a_device_agree() {
    // A software device takes minutes for each of the others.
    for name in NAMES.into_iter().filter(|name| !SLOW.iter().any(|slow| name.contains(slow))) {
        agrees(name, &on_a_device());
    }
}

/// Posteriors with many rows or long trajectories.
const SLOW: [&str; 3] = ["nes", "earnings", "kilpisjarvi"];

/// Every posterior of the tests.
const NAMES: [&str; 8] = [
    "eight_schools-eight_schools_noncentered",
    "kidiq-kidscore_momiq",
    "kidiq-kidscore_interaction",
    "sblrc-blr",
    "mesquite-logmesquite",
    "nes1980-nes",
    "earnings-logearn_interaction",
    "kilpisjarvi_mod-kilpisjarvi",
];

#[test]
fn eight_schools_agrees() {
    agrees("eight_schools-eight_schools_noncentered", &settings(4, 4000));
}

#[test]
fn kidscore_momiq_agrees() {
    agrees("kidiq-kidscore_momiq", &settings(4, 4000));
}

#[test]
fn kidscore_interaction_agrees() {
    agrees("kidiq-kidscore_interaction", &settings(4, 4000));
}

#[test]
fn blr_agrees() {
    agrees("sblrc-blr", &settings(4, 4000));
}

#[test]
fn logmesquite_agrees() {
    agrees("mesquite-logmesquite", &settings(4, 4000));
}

#[test]
fn nes1980_agrees() {
    agrees("nes1980-nes", &settings(4, 4000));
}

#[test]
fn earnings_interaction_agrees() {
    agrees("earnings-logearn_interaction", &settings(4, 2000));
}

#[test]
fn kilpisjarvi_agrees() {
    agrees("kilpisjarvi_mod-kilpisjarvi", &settings(4, 4000));
}
