//! Ctrl-C stops a run and keeps what is finished.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::time::Duration;

use chainfire_engine::draws::{Attribute, Values};

use super::program::{Folder, Outcome};

/// A run of some ten seconds, little of it warm-up.
const LONG: &str = "sample model.py --data data.csv --tune 100 --draws 1000000 --target-accept 0.99 --seed 2";

/// A run that is never through its warm-up.
const WARMING_UP: &str = "sample model.py --data data.csv --tune 1000000000 --draws 100 --seed 2";

fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

/// Runs the program and interrupts it when it has told of finished draws.
fn interrupted(folder: &Folder, arguments: &str) -> Outcome {
    let mut child = folder.command(arguments).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("draws/s") {
        assert!(stderr.read_line(&mut told).unwrap() > 0, "ended too soon: {told}");
    }
    assert!(!told.contains("draws 0/"), "{told}");
    interrupt(&child);
    stderr.read_to_string(&mut told).unwrap();
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    Outcome { stderr: told, ..outcome }
}

fn interrupted_in_warm_up(folder: &Folder, arguments: &str) -> Outcome {
    let child = folder.command(arguments).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    child.wait_with_output().unwrap().into()
}

#[test]
fn finished_draws_are_kept_with_a_note_in_the_file() {
    let folder = Folder::with_model();
    let outcome = interrupted(&folder, &format!("{LONG} -o out.nc"));
    assert_eq!(outcome.status, Some(130), "{outcome:?}");
    assert!(outcome.stdout.contains("mu") && outcome.stdout.contains("r_hat"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.contains("stopped early") && outcome.stderr.contains("wrote out.nc"),
        "{outcome:?}"
    );

    let data = folder.posterior("out.nc");
    let posterior = data.group("posterior").unwrap();
    let (chains, draws) = (posterior.length("chain"), posterior.length("draw"));
    assert!(chains == 4 && draws > 0 && draws < 1_000_000, "{chains} x {draws}");
    let Values::Float(mu) = &posterior.variable("mu").unwrap().values else { panic!("mu is a number") };
    assert_eq!(mu.len(), chains * draws);
    for chain in mu.chunks(draws) {
        // What was never drawn would be zero.
        assert!(chain.iter().all(|x| x.is_finite() && *x != 0.0));
    }
    for group in ["posterior", "sample_stats"] {
        let attributes = data.group(group).unwrap().attributes();
        let note = attributes.iter().find(|(name, _)| name == "stopped_early").map(|(_, note)| note);
        let Some(Attribute::Text(note)) = note else { panic!("{attributes:?}") };
        assert!(note.ends_with(&format!("cut to {draws} draws")), "{note}");
    }
}

#[test]
fn json_tells_that_the_run_was_stopped() {
    let folder = Folder::with_model();
    let outcome = interrupted(&folder, &format!("{LONG} --json"));
    assert_eq!(outcome.status, Some(130), "{outcome:?}");
    let json = outcome.json();
    assert_eq!(json["stopped_early"], true);
    assert!(json["draws"].as_u64().unwrap() < 1_000_000);
    assert!(json["warnings"][0].as_str().unwrap().contains("stopped early"));
}

#[test]
fn nothing_is_written_when_no_draw_is_finished() {
    let folder = Folder::with_model();
    let before = folder.names();
    let outcome = interrupted_in_warm_up(&folder, &format!("{WARMING_UP} -o out.nc --quiet"));
    assert_eq!(outcome.status, Some(130), "{outcome:?}");
    assert!(outcome.stderr.contains("nothing is kept and nothing is written"), "{outcome:?}");
    assert_eq!(outcome.stdout, "");
    assert_eq!(folder.names(), before);
}

#[test]
fn json_of_a_run_without_draws_is_still_an_object() {
    let folder = Folder::with_model();
    let outcome = interrupted_in_warm_up(&folder, &format!("{WARMING_UP} -o out.nc --json"));
    assert_eq!(outcome.status, Some(130), "{outcome:?}");
    let json = outcome.json();
    assert_eq!((&json["draws"], &json["stopped_early"]), (&0.into(), &true.into()));
    assert!(json["output"].is_null() && json["summary"].as_array().unwrap().is_empty(), "{json}");
}
