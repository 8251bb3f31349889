//! Runs whose draws are in files: the same bits after stops, kills and full disks.

use chainfire_engine::device::Device;
use chainfire_engine::draws::{InferenceData, Variable, read_netcdf};
use chainfire_engine::run::{Adaptation, Sampler, Settings};

use std::process::Command;

use super::*;
use crate::distributions::{HalfNormal, Normal};
use crate::model::Model;

const SCHOOLS: [f64; 4] = [28.0, 8.0, -3.0, 7.0];

fn model() -> Model {
    let model = Model::new(|scope| {
        let mu = scope.sample("mu", Normal::new(0.0, 5.0))?;
        let tau = scope.sample("tau", HalfNormal::new(5.0))?;
        scope.deterministic("ratio", mu.clone() / tau.clone(), &[])?;
        scope.observe("y", Normal::new(mu, tau), SCHOOLS)?;
        Ok(())
    });
    model.unwrap()
}

fn settings(chains: usize) -> Settings {
    Settings {
        chains,
        draws: 130,
        tune: 120,
        seed: 7,
        threads: 2,
        checkpoint_every: Some(17),
        device: Device::Cpu,
        ..Settings::default()
    }
}

/// A folder of its own for a test, which goes when the test ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn folder(test: &str) -> Folder {
    let folder = std::env::temp_dir().join(format!("chainfire-{test}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    Folder(folder)
}

fn storage(folder: &Folder, name: &str) -> Storage {
    Storage { checkpoint_every: Duration::ZERO, ..Storage::new(&folder.0.join(name)) }
}

fn values(data: &InferenceData, group: &str) -> Vec<(String, Vec<u64>)> {
    let bits = |array: &Variable| {
        let number = |at| array.values.number(at).unwrap().to_bits();
        (array.name.clone(), (0..array.values.len()).map(number).collect())
    };
    data.require(group).unwrap().variables().iter().map(bits).collect()
}

fn sample(
    model: &Model,
    settings: &Settings,
    storage: &Storage,
    progress: &Progress,
) -> Result<Stored, ModelError> {
    model.prepare(settings)?.sample_to_file(storage, progress)
}

fn resume(
    model: &Model,
    settings: &Settings,
    storage: &Storage,
    progress: &Progress,
) -> Result<Stored, ModelError> {
    model.prepare(settings)?.resume_file(storage, progress)
}

const GROUPS: [&str; 4] = ["posterior", "sample_stats", "warmup_posterior", "warmup_sample_stats"];

#[test]
fn file_has_the_numbers_of_the_run_in_memory() {
    let folder = folder("stream-equal");
    for (chains, adaptation) in [(3, Adaptation::PerChain), (20, Adaptation::Pooled)] {
        let settings = Settings { adaptation, keep_warmup: true, ..settings(chains) };
        let storage = storage(&folder, "draws.nc");
        let model = model();
        sample(&model, &settings, &storage, &Progress::new(chains)).unwrap();
        let (file, memory) = (read_netcdf(&storage.output).unwrap(), model.sample(&settings).unwrap());
        for group in GROUPS {
            assert!(values(&file, group) == values(&memory.data, group), "{group} of {adaptation:?}");
        }
        let [seen, expected] = [&file, &memory.data].map(|data| data.require("observed_data").unwrap());
        assert_eq!(seen.variables(), expected.variables());
    }
}

#[test]
fn thinned_file_has_every_third_draw_of_the_variables_asked_for() {
    let folder = folder("stream-thin");
    let all = storage(&folder, "all.nc");
    let some = |variable: &str| {
        let selection = Selection { thin: 3, variables: Some(vec![variable.into()]), single: true };
        Storage { keep: Keep::Draws(selection), ..storage(&folder, "some.nc") }
    };
    let (some, unknown) = (some("ratio"), some("rato"));
    let (model, settings) = (model(), settings(2));
    for storage in [&all, &some] {
        sample(&model, &settings, storage, &Progress::new(2)).unwrap();
    }
    let [all, some] = [all, some].map(|storage| read_netcdf(&storage.output).unwrap());
    let seen = values(&some, "posterior");
    assert_eq!(seen.len(), 1);
    let ratio = all.require("posterior").unwrap().variable("ratio").unwrap();
    let every_third = (0..2 * 130).filter(|at| (at % 130) % 3 == 0);
    let narrow = |at: usize| f64::from(ratio.values.number(at).unwrap() as f32).to_bits();
    assert_eq!(seen[0].1, every_third.map(narrow).collect::<Vec<_>>());
    let error = sample(&model, &settings, &unknown, &Progress::new(2)).unwrap_err().to_string();
    assert!(error.contains("`rato`") && error.contains("did you mean `ratio`?"), "{error}");
}

#[test]
fn run_that_was_cut_short_ends_with_the_draws_of_one_that_was_not() {
    let folder = folder("stream-resume");
    let (nuts, chees) = (Sampler::Nuts, Sampler::Chees);
    for (sampler, chains, adaptation) in
        [(nuts, 3, Adaptation::PerChain), (nuts, 20, Adaptation::Pooled), (chees, 20, Adaptation::Pooled)]
    {
        for thin in [1, 4] {
            let settings = Settings {
                sampler,
                adaptation,
                keep_warmup: true,
                checkpoint_every: Some(17),
                ..settings(chains)
            };
            let keep = Keep::Draws(Selection { thin, ..Selection::default() });
            let whole = Storage { keep: keep.clone(), ..storage(&folder, "whole.nc") };
            let parts = Storage { keep, ..storage(&folder, "parts.nc") };
            let model = model();
            sample(&model, &settings, &whole, &Progress::new(chains)).unwrap();
            // Fewer draws, then more, and stopped at once in between.
            let first = Settings { draws: 61, ..settings.clone() };
            sample(&model, &first, &parts, &Progress::new(chains)).unwrap();
            let stopped = Progress::new(chains);
            stopped.stop();
            resume(&model, &settings, &parts, &stopped).unwrap();
            let part = read_netcdf(&parts.output).unwrap();
            assert_eq!(part.require("posterior").unwrap().length("draw"), 61_usize.div_ceil(thin));
            resume(&model, &settings, &parts, &Progress::new(chains)).unwrap();
            let [whole, parts] = [whole, parts].map(|storage| read_netcdf(&storage.output).unwrap());
            for group in GROUPS {
                let same = values(&parts, group) == values(&whole, group);
                assert!(same, "{group} of {sampler:?} {adaptation:?} thinned by {thin}");
            }
        }
    }
}

#[test]
fn resume_says_what_differs() {
    let folder = folder("stream-differs");
    let (model, settings, storage) = (model(), settings(2), storage(&folder, "draws.nc"));
    let error = resume(&model, &settings, &storage, &Progress::new(2)).unwrap_err().to_string();
    assert!(error.contains("draws.nc.checkpoint"), "{error}");
    sample(&model, &settings, &storage, &Progress::new(2)).unwrap();
    let other = Settings { seed: 8, ..settings.clone() };
    let error = resume(&model, &other, &storage, &Progress::new(2)).unwrap_err().to_string();
    assert!(error.contains("`seed` was 7 and is 8") && !error.contains("`model`"), "{error}");
    let fewer = Settings { draws: 10, ..settings };
    let error = resume(&model, &fewer, &storage, &Progress::new(2)).unwrap_err().to_string();
    assert!(error.contains("`draws` was 130 and is 10"), "{error}");
}

#[test]
fn a_finished_file_stays_until_the_next_run_is_finished() {
    let folder = folder("stream-partial");
    let (model, settings, storage) = (model(), settings(2), storage(&folder, "draws.nc"));
    let of_file = |name: &str| values(&read_netcdf(&folder.0.join(name)).unwrap(), "posterior");
    sample(&model, &settings, &storage, &Progress::new(2)).unwrap();
    let first = of_file("draws.nc");
    let other = Settings { seed: 8, draws: 200_000, ..settings };
    let progress = Progress::new(2);
    let stored = std::thread::scope(|scope| {
        scope.spawn(|| {
            while (0..2).any(|chain| progress.chain(chain).draws < 200) {
                std::thread::yield_now();
            }
            progress.stop();
        });
        sample(&model, &other, &storage, &progress).unwrap()
    });
    assert!(stored.path.unwrap().ends_with("draws.nc.partial"));
    assert!(of_file("draws.nc") == first && of_file("draws.nc.partial")[0].1.len() >= 2 * 50);
    assert!(!Begun::of(&storage.output).unwrap().unwrap().is_finished);
    // The first can be had again by removing what belongs to the second.
    fs::remove_file(folder.0.join("draws.nc.partial.checkpoint")).unwrap();
    assert!(Begun::of(&storage.output).unwrap().unwrap().is_finished);
    let third = Settings { seed: 8, draws: 140, ..other };
    let stored = sample(&model, &third, &storage, &Progress::new(2)).unwrap();
    assert_eq!(stored.path.as_ref(), Some(&storage.output));
    assert!(of_file("draws.nc") != first && !folder.0.join("draws.nc.partial").exists());
    let mut names: Vec<_> =
        fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["draws.nc", "draws.nc.checkpoint"]);
}

const CHILD: &str = "CHAINFIRE_TEST_STORE";
const CHILD_CHAINS: usize = 3;
const CHILD_DRAWS: usize = 3000;

/// A run of a second or so, because it brings so many checkpoints to the disk.
fn child_settings() -> Settings {
    Settings { draws: CHILD_DRAWS, ..settings(CHILD_CHAINS) }
}

/// What a child does: it begins the run, or goes on with it.
fn run_until_killed(output: &Path) {
    let storage = Storage { checkpoint_every: Duration::ZERO, ..Storage::new(output) };
    let (model, settings, progress) = (model(), child_settings(), Progress::new(CHILD_CHAINS));
    match Begun::of(output).unwrap() {
        None => sample(&model, &settings, &storage, &progress),
        Some(_) => resume(&model, &settings, &storage, &progress),
    }
    .unwrap();
}

/// This test in a process of its own, in which it runs as a child; a limit on the length of files is an error there, not
/// the end.
fn child(output: &Path) -> Command {
    let name = std::thread::current().name().unwrap().to_owned();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap());
    command.args(["--exact", &name, "--nocapture"]).env(CHILD, output);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    command
}

/// The draws of a run that nothing happened to.
fn never_stopped(folder: &Folder) -> Vec<Vec<(String, Vec<u64>)>> {
    let storage = storage(folder, "whole.nc");
    sample(&model(), &child_settings(), &storage, &Progress::new(CHILD_CHAINS)).unwrap();
    groups(&storage.output)
}

fn groups(path: &Path) -> Vec<Vec<(String, Vec<u64>)>> {
    let data = read_netcdf(path).unwrap();
    GROUPS[..2].iter().map(|group| values(&data, group)).collect()
}

#[cfg(unix)]
#[test]
fn a_run_killed_at_any_moment_ends_with_the_draws_of_one_that_was_not() {
    if let Some(path) = std::env::var_os(CHILD) {
        return run_until_killed(Path::new(&path));
    }
    let folder = folder("store-killed");
    let output = folder.0.join("draws.nc");
    let (mut kills, mut within) = (0, 0);
    for wait in (0..).map(|attempt: u64| Duration::from_millis(4 * attempt + attempt * 7919 % 41)) {
        let mut child = child(&output).spawn().unwrap();
        std::thread::sleep(wait);
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        kills += 1;
        let partial = folder.0.join("draws.nc.partial");
        if partial.exists() {
            let draws = read_netcdf(&partial).unwrap().require("posterior").unwrap().length("draw");
            within += usize::from(draws > 0 && draws < CHILD_DRAWS);
        }
        assert!(kills < 1000, "no end");
    }
    assert!(kills >= 3 && within >= 1, "{kills} kills, {within} within the run");
    assert!(groups(&output) == never_stopped(&folder));
}

/// The limit that the system sets to the length of files stands for the end of a disk.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_fills_the_disk_stops_with_its_draws_and_goes_on_when_there_is_room() {
    if let Some(path) = std::env::var_os(CHILD) {
        return run_until_killed(Path::new(&path));
    }
    let folder = folder("store-full");
    let (output, partial) = (folder.0.join("draws.nc"), folder.0.join("draws.nc.partial"));
    let running = child(&output).spawn().unwrap();
    let drawn = || read_netcdf(&partial).ok()?.group("posterior").map(|group| group.length("draw"));
    while drawn().is_none_or(|draws| draws == 0) {
        std::thread::yield_now();
    }
    let limit = format!("--fsize={}", partial.metadata().unwrap().len() / 2);
    let limited = Command::new("prlimit").args(["--pid", &running.id().to_string(), &limit]).status();
    assert!(limited.unwrap().success());
    let ended = running.wait_with_output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && error.contains("DiskFull"), "{error}");
    let [safe, whole] = [groups(&partial), never_stopped(&folder)];
    for ((name, safe), (_, whole)) in safe.iter().flatten().zip(whole.iter().flatten()) {
        let (draws, all) = (safe.len() / CHILD_CHAINS, whole.len() / CHILD_CHAINS);
        assert!(draws > 0 && draws < all, "{draws} of {all}");
        for (safe, whole) in safe.chunks(draws).zip(whole.chunks(all)) {
            assert!(safe == &whole[..draws], "{name}");
        }
    }
    assert!(child(&output).status().unwrap().success());
    assert!(groups(&output) == whole && !partial.exists());
}

#[test]
fn moments_of_a_run_in_parts_are_those_of_the_whole_run() {
    let folder = folder("store-moments");
    for (chains, adaptation) in [(3, Adaptation::PerChain), (20, Adaptation::Pooled)] {
        let settings = Settings { adaptation, ..settings(chains) };
        let kept = |name: &str| Storage { keep: Keep::Moments { last: 20 }, ..storage(&folder, name) };
        let (whole, parts, model) = (kept("whole.nc"), kept("parts.nc"), model());
        sample(&model, &settings, &whole, &Progress::new(chains)).unwrap();
        let first = Settings { draws: 61, ..settings.clone() };
        sample(&model, &first, &parts, &Progress::new(chains)).unwrap();
        let stopped = Progress::new(chains);
        stopped.stop();
        resume(&model, &settings, &parts, &stopped).unwrap();
        assert!(!Begun::of(&parts.output).unwrap().unwrap().is_finished);
        resume(&model, &settings, &parts, &Progress::new(chains)).unwrap();
        let [whole, parts] = [whole, parts].map(|storage| read_netcdf(&storage.output).unwrap());
        for group in ["posterior", "sample_stats"] {
            assert!(values(&parts, group) == values(&whole, group), "{group} of {adaptation:?}");
        }
        let all = values(&whole, "moments");
        for ((name, parts), (_, whole)) in values(&parts, "moments").iter().zip(&all) {
            // Mean, deviation and R-hat to the bit; quantiles within the error of the sketch.
            let numbers = whole.len() / 8;
            for (at, (part, whole)) in parts.iter().zip(whole).enumerate() {
                let [part, whole] = [*part, *whole].map(f64::from_bits);
                let is_quantile = (2..7).contains(&(at / numbers));
                let slack = if is_quantile { 0.05 * whole.abs().max(1.0) } else { 0.0 };
                assert!((part - whole).abs() <= slack, "{name} {at}: {part} and {whole}");
            }
        }
    }
}
