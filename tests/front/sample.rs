//! `chainfire sample` prints a summary for people or for programs, and writes what it drew.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use chainfire_engine::draws::{Attribute, Values};

use super::program::{Folder, example, model};

fn draws(folder: &Folder, file: &str, variable: &str) -> Vec<f64> {
    let data = folder.posterior(file);
    match &data.group("posterior").unwrap().variable(variable).unwrap().values {
        Values::Float(values) => values.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn radon_is_sampled_written_and_summarised() {
    let folder = Folder::new(&[]);
    let (model, data) = (example("radon.py"), example("radon.csv"));
    let outcome = folder.run(&format!("sample {model} --data {data} --seed 1 -o radon.nc"));
    let header = outcome.printed().lines().next().unwrap();
    assert!(
        ["mean", "sd", "hdi_3%", "hdi_97%", "ess_bulk", "r_hat"].iter().all(|column| header.contains(column))
    );
    // Lower levels have more radon: about -0.66 on the log scale (Gelman and Hill 2007, chapter 12.6).
    let floor = draws(&folder, "radon.nc", "beta_floor");
    assert_eq!(floor.len(), 4000);
    let mean = floor.iter().sum::<f64>() / 4000.0;
    assert!((mean + 0.66).abs() < 0.04, "{mean}");
    let data = folder.posterior("radon.nc");
    let posterior = data.group("posterior").unwrap();
    assert_eq!(posterior.length("county"), 85);
    assert!(posterior.attributes().contains(&("tuning_steps".to_string(), Attribute::Int(1000))));
    assert!(!posterior.attributes().iter().any(|(name, _)| name == "stopped_early"));
    assert!(outcome.stderr.contains("wrote radon.nc"), "{}", outcome.stderr);
}

#[test]
fn the_same_seed_gives_the_same_draws_whatever_the_threads() {
    let folder = Folder::with_model();
    for (seed, threads) in [(5, 1), (5, 2), (5, 3), (6, 2)] {
        let options = format!("--chains 5 --seed {seed} --threads {threads} -o {seed}-{threads}.nc");
        folder.run(&format!("sample model.py --data data.csv --tune 200 --draws 100 {options}")).printed();
    }
    let one = draws(&folder, "5-1.nc", "mu");
    assert_eq!(one, draws(&folder, "5-2.nc", "mu"));
    assert_eq!(one, draws(&folder, "5-3.nc", "mu"));
    assert_ne!(one, draws(&folder, "6-2.nc", "mu"));
}

#[test]
fn json_is_one_object_with_the_settings_and_the_summary() {
    let folder = Folder::with_model();
    let options =
        "--json --chains 2 --draws 150 --tune 250 --seed 9 --target-accept 0.9 --max-treedepth 7 -o out.nc";
    let outcome = folder.run(&format!("sample model.py --data data.csv {options}"));
    outcome.printed();
    let json = outcome.json();
    for (key, value) in [("chains", 2), ("draws", 150), ("tune", 250), ("seed", 9), ("max_treedepth", 7)] {
        assert_eq!(json[key], value, "{key}");
    }
    assert_eq!(json["target_accept"], 0.9);
    assert_eq!((&json["device"], &json["output"]), (&"cpu".into(), &"out.nc".into()));
    assert_eq!(json["stopped_early"], false);
    assert!(json["warnings"].to_string().contains("at least 4 chains"), "{json}");
    let mu = draws(&folder, "out.nc", "mu");
    let mean = json["summary"][0]["mean"].as_f64().unwrap();
    assert!((mean - mu.iter().sum::<f64>() / 300.0).abs() < 1e-12);
}

#[test]
fn a_seed_from_the_clock_is_told_and_gives_the_draws_again() {
    let folder = Folder::with_model();
    let first = folder.run("sample model.py --data data.csv --draws 100 --tune 100 --json").json();
    let again =
        format!("sample model.py --data data.csv --draws 100 --tune 100 --json --seed {}", first["seed"]);
    assert_eq!(folder.run(&again).json()["summary"], first["summary"]);
}

#[test]
fn quiet_prints_nothing_beside_the_table() {
    let folder = Folder::with_model();
    let options = "--chains 1 --draws 50 --tune 50 --seed 1 -o out.nc";
    let loud = folder.run(&format!("sample model.py --data data.csv {options}"));
    assert!(loud.stderr.contains("warning: The number of samples is too small"), "{}", loud.stderr);
    let quiet = folder.run(&format!("sample model.py --data data.csv {options} --quiet"));
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.printed(), loud.printed());
}

#[test]
fn divergences_are_warned_of_as_pymc_does() {
    // The support ends where the density is largest, so trajectories run out of it.
    let model = "import pymc as pm\nwith pm.Model():\n    x = pm.Normal('x', 0, 1)\n    pm.Potential('p', pm.math.log(x + 1))\n";
    let outcome = Folder::new(&[("model.py", model)]).run("sample model.py --seed 1 --draws 500");
    outcome.printed();
    assert!(outcome.stderr.contains("divergences after tuning. Increase `target_accept` or reparameterize."));
    // Those of all draws count, also when only the last are kept.
    let run = |options: &str| {
        let folder = Folder::new(&[("model.py", model)]);
        folder.run(&format!("sample model.py --seed 1 --draws 500 --json {options}")).json()
    };
    let [all, last] = ["-o all.nc", "--keep last:20"].map(run);
    assert!(all["divergences"].as_u64().unwrap() > 0);
    assert_eq!(last["divergences"], all["divergences"]);
    assert!(last["warnings"].to_string().contains("divergences after tuning"), "{last}");
}

#[test]
fn extreme_sizes_of_a_run_are_sampled() {
    let folder = Folder::with_model();
    for options in [
        "--draws 1 --chains 1",
        "--draws 3 --chains 1 --tune 0",
        "--draws 20 --tune 1 --max-treedepth 1",
        "--draws 2 --tune 20 --chains 300 --threads 5000",
    ] {
        let outcome = folder.run(&format!("sample model.py --data data.csv --seed 1 -o out.nc {options}"));
        assert!(outcome.printed().contains("mu"), "{options}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::with_model();
    for arguments in ["sample model.py --data data.csv --seed 1", "check model.py --data data.csv", "--help"]
    {
        let mut child = folder.command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && !stderr.contains("panicked"),
            "{arguments}: {} {stderr}",
            output.status
        );
    }
}

#[test]
fn progress_is_told_in_plain_lines_where_there_is_no_terminal() {
    let folder = Folder::with_model();
    let long = "sample model.py --data data.csv --tune 100 --draws 1000000 --target-accept 0.99 --chains 3";
    let mut child = folder.command(long).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    assert!(
        first.contains("3 chains") && first.contains("1000000 draws") && first.contains("mu, sigma"),
        "{first}"
    );
    let line = lines.next().unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    for part in ["tune 300/300", "draws ", "/3000000", "divergence", "step size 0.", " draws/s", " s left"] {
        assert!(line.contains(part), "`{part}` is missing: {line}");
    }
    lines.for_each(drop);
    child.wait().unwrap();
}

#[test]
fn chees_samples_the_posterior_of_nuts() {
    let folder = Folder::with_model();
    let mean = |options: &str| {
        let options =
            format!("sample model.py --data data.csv --chains 64 --draws 200 --seed 3 --json {options}");
        let json = folder.run(&options).json();
        let number = |field: &str| json["summary"][0][field].as_f64().unwrap();
        (number("mean"), number("mcse_mean"), json["sampler"].clone(), json["target_accept"].clone())
    };
    let (nuts, chees) = (mean("--device cpu"), mean("--sampler chees --tune 300 -o out.nc"));
    assert!((nuts.0 - chees.0).abs() < 4.0 * nuts.1.hypot(chees.1), "{nuts:?} {chees:?}");
    assert_eq!((&chees.2, &chees.3), (&"chees".into(), &0.651.into()));
    let data = folder.posterior("out.nc");
    let names: Vec<&str> =
        data.group("sample_stats").unwrap().variables().iter().map(|v| v.name.as_str()).collect();
    for name in ["acceptance_rate", "diverging", "energy", "lp", "n_steps", "step_size", "tree_depth"] {
        assert!(names.contains(&name), "{names:?}");
    }
    folder.run("extend out.nc --draws 100").printed();
    assert_eq!(folder.posterior("out.nc").group("posterior").unwrap().length("draw"), 300);
}

#[test]
fn chains_start_at_draws_from_the_prior() {
    let folder = Folder::with_model();
    let options =
        "sample model.py --data data.csv --init prior --tune 0 --draws 1 --max-treedepth 1 --seed 5";
    folder.run(&format!("{options} --chains 200 -o out.nc")).printed();
    let mu = draws(&folder, "out.nc", "mu");
    let spread = (mu.iter().map(|x| x * x).sum::<f64>() / 200.0).sqrt();
    // The prior has deviation 10, the posterior about 0.5; the other starts are within 1 of 0.
    assert!((5.0..20.0).contains(&spread), "{spread}");
    let flat = Folder::new(&[("model.py", &model("m = pm.Flat('m')\npm.Normal('y', m, 1, observed=[1.0])"))]);
    flat.run("sample model.py --init prior").complains(&["`m`", "Flat", "proper distribution"]);
}

#[test]
fn moments_alone_are_kept_and_extended() {
    let folder = Folder::with_model();
    let options = "sample model.py --data data.csv --chains 20 --draws 80 --seed 5 --keep last:10 -o out.nc";
    let outcome = folder.run(options);
    assert!(outcome.printed().contains("nested_r_hat"), "{outcome:?}");
    let first = folder.posterior("out.nc");
    folder.run("extend out.nc --draws 120").printed();
    let second = folder.posterior("out.nc");
    for data in [&first, &second] {
        assert_eq!(data.group("posterior").unwrap().length("draw"), 10);
    }
    let whole = folder.run(&options.replace("--draws 80", "--draws 200").replace("out.nc", "whole.nc"));
    whole.printed();
    assert_eq!(draws(&folder, "out.nc", "mu"), draws(&folder, "whole.nc", "mu"));
    assert_eq!(
        folder.names(),
        ["data.csv", "model.py", "out.nc", "out.nc.checkpoint", "whole.nc", "whole.nc.checkpoint"]
    );
}

/// Chains that have their draws leave the batch, so that next to no gradient is computed for nothing.
#[test]
fn many_chains_keep_the_lanes_busy() {
    let folder = Folder::new(&[]);
    let (model, data) = (example("radon.py"), example("radon.csv"));
    for (draws, least) in [(25, 0.8), (200, 0.95)] {
        let options = format!("--chains 256 --draws {draws} --seed 1 --device cpu --json --quiet");
        let json = folder.run(&format!("sample {model} --data {data} {options}")).json();
        let efficiency = json["lane_efficiency"].as_f64().unwrap();
        assert!((least..=1.0).contains(&efficiency), "{draws} draws: {efficiency}");
    }
}

/// Two wells 40 deviations apart; chains start on both sides of the ridge, and the left well has `exp(-60)` of the mass.
#[test]
fn chains_that_warm_up_moved_are_reported() {
    let model = r#"
import pymc as pm

with pm.Model() as model:
    x = pm.Normal("x", 0, 10)
    pm.Potential("wells", 30 * x - 50 * (x**2 - 1) ** 2)
"#;
    let folder = Folder::new(&[("wells.py", model)]);
    let outcome = folder.run("sample wells.py --chains 64 --draws 50 --seed 3 -o wells.nc");
    outcome.printed();
    assert!(draws(&folder, "wells.nc", "x").iter().all(|x| *x > 0.5));
    let data = folder.posterior("wells.nc");
    let attributes = data.group("posterior").unwrap().attributes();
    let moved = attributes.iter().find(|(name, _)| name == "moved_chains").map(|(_, moved)| moved);
    let Some(Attribute::Int(moved @ 16..48)) = moved else { panic!("{moved:?}") };
    let text = format!("warning: In warm-up {moved} of 64 chains settled in a mode with next to no mass");
    assert!(outcome.stderr.contains(&text), "{}", outcome.stderr);
    let outcome = folder.run("sample wells.py --chains 64 --keep moments --seed 3 --json");
    assert_eq!(outcome.json()["moved_chains"], *moved);
    assert!(outcome.json()["warnings"].to_string().contains("In warm-up"), "{}", outcome.json());
}
