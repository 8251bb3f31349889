//! Random changes to model files, data files and points: none may make the reader panic or hang.
//!
//! `CHAINFIRE_FUZZ_SECONDS` sets how long it runs (5), `CHAINFIRE_FUZZ_SEED` where it starts (1). A case that fails is
//! written to standard error with its number: start there to see it again.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the case at fault and how many were tried is a result"
)]

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use chainfire_models::check::{check, warnings};
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

use crate::change::{DATA_WORDS, MODEL_WORDS, Random, change};
use crate::{Good, dataset, good_models};

/// What one case may take of a processor.
const LIMIT: Duration = Duration::from_secs(5);
/// Every how many cases the model is built and evaluated too.
const WHOLE: u64 = 16;

/// A model with its data and the point to look at, and the number it was made from.
struct Case {
    number: u64,
    source: String,
    /// The data file, if there is one: its name says how it is read.
    data: Option<(&'static str, String)>,
    point: Option<HashMap<String, Vec<f64>>>,
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (name, text) = self.data.as_ref().map_or(("", ""), |(name, text)| (name, text));
            let start: String = text.chars().take(2_000).collect();
            let Self { number, source, point, .. } = self;
            eprintln!("case {number}:\n{source}\n--- {name} ---\n{start}\n--- point ---\n{point:?}");
        }
    }
}

impl Case {
    /// A good model, its data or both changed; now and then with the data of another model.
    fn new(number: u64, models: &[Good]) -> Self {
        let random = &mut Random::new(number.wrapping_mul(31));
        let (good, other) = (random.pick(models), random.pick(models));
        let (changes_source, changes_data) = match random.below(8) {
            0..=4 => (true, false),
            5 | 6 => (false, true),
            _ => (true, true),
        };
        let source = match changes_source {
            true => change(&good.source, &other.source, MODEL_WORDS, random),
            false => good.source.clone(),
        };
        let own = if random.below(12) == 0 { other } else { good };
        let data = own.data.as_ref().map(|(path, text)| {
            let is_csv = path.extension().is_some_and(|e| e == "csv") != (random.below(50) == 0);
            let other = other.data.as_ref().map_or("", |(_, text)| text);
            let text = if changes_data { change(text, other, DATA_WORDS, random) } else { text.clone() };
            (if is_csv { "data.csv" } else { "data.json" }, text)
        });
        let is_pointed = number.is_multiple_of(WHOLE) && random.below(3) == 0;
        let point = is_pointed.then(|| point(&source, random));
        Self { number, source, data, point }
    }

    /// Reads and checks the case; gives the time it took.
    fn run(&self) -> Duration {
        let (start, worked) = (Instant::now(), worked());
        let data =
            self.data.as_ref().map_or(Ok(Dataset::empty()), |(name, text)| dataset(Path::new(name), text));
        if let (Ok(file), Ok(data)) = (ModelFile::parse(&self.source, "model.py"), data) {
            if self.number.is_multiple_of(WHOLE) {
                drop(check(file, data, self.point.clone()).map(|checked| checked.findings));
            } else {
                drop(warnings(&file, &data));
            }
        }
        worked.zip(self::worked()).map_or_else(|| start.elapsed(), |(before, after)| after - before)
    }
}

/// The time that this thread has had a processor, where the system tells: a busy machine is no fault of a case.
fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// A point for `--point`: some texts of the model file as names, with numbers of any kind and count.
fn point(source: &str, random: &mut Random) -> HashMap<String, Vec<f64>> {
    const NUMBERS: &[f64] = &[0.0, 1.0, -1.0, 0.5, 1e308, -1e-320, f64::NAN, f64::INFINITY];
    let texts: Vec<&str> = source.split('"').skip(1).step_by(2).collect();
    let name = |random: &mut Random| {
        let suffix = random.pick(&["", "", "_log__", "_interval__", "_simplex__"]);
        format!("{}{suffix}", texts.get(random.below(texts.len())).unwrap_or(&"x"))
    };
    let numbers =
        |random: &mut Random| (0..random.below(6)).map(|_| *random.pick(NUMBERS)).collect::<Vec<f64>>();
    (0..random.below(4)).map(|_| (name(random), numbers(random))).collect()
}

/// Models of the programs that a reference has values of, a few in each.
fn programs(reference: &str) -> Vec<Good> {
    let file: serde_json::Value = serde_json::from_str(reference).expect("programs with their values");
    let programs: Vec<&str> = file["expressions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|program| program["expression"].as_str())
        .collect();
    let model = |programs: &[&str]| {
        let mut source = String::from(
            "import numpy as np\nimport pandas as pd\nimport pymc as pm\nimport pytensor.tensor as pt\nimport scipy.linalg\nfrom \
             scipy import integrate, interpolate, special, stats\n",
        );
        for (k, program) in programs.iter().enumerate() {
            let (before, last) = program.rsplit_once('\n').unwrap_or(("", program));
            source += &format!("{before}\nresult_{k} = np.asarray({last})\n");
        }
        source +=
            "with pm.Model():\n    mu = pm.Normal(\"mu\")\n    pm.Normal(\"y\", mu, observed=result_0)\n";
        Good {
            path: "programs.py".into(),
            source,
            data: Some(("programs.json".into(), file["data"].to_string())),
        }
    };
    programs.chunks(6).map(model).collect()
}

#[test]
fn random_changes_end_in_findings_and_not_in_panics() {
    let setting =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(default);
    let (seconds, seed) = (setting("CHAINFIRE_FUZZ_SECONDS", 5), setting("CHAINFIRE_FUZZ_SEED", 1));
    let mut models: Vec<Good> = good_models().into_iter().filter(|good| good.source.len() < 20_000).collect();
    models.extend(programs(include_str!("../data/tables.json")));
    models.extend(programs(include_str!("../data/numpy_expressions.json")));
    let (start, mut number) = (Instant::now(), seed);
    while start.elapsed() < Duration::from_secs(seconds) {
        let case = Case::new(number, &models);
        let took = case.run();
        assert!(took < LIMIT, "a case took {took:?}");
        number += 1;
    }
    println!("{} cases in {:?}", number - seed, start.elapsed());
}
