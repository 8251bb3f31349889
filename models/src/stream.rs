//! Sample into a file: draws go to disk as they are made, and a run that was killed goes on where it was.
//!
//! ```text
//! block of positions -> every `thin`th -> constrained values and deterministics -> their places in the file
//! now and then: file to disk, then the checkpoint beside it (how far the file is, the state of the chains)
//! ```
//!
//! A chain goes on from its last snapshot in the checkpoint. The draws behind it are made, and written, a second time:
//! they have the same bits. Memory holds one block for each chain, whatever the number of draws.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use chainfire_engine::device::{DeviceReport, Place};
use chainfire_engine::draws::{
    Attribute, Column, Coordinate, DrawsError, Group, Growing, Identity, NetcdfStream, StreamState, Template,
    Values, Variable as Array, checkpoint_path, fingerprint, peek_checkpoint, provenance, read_checkpoint,
    write_checkpoint,
};
use chainfire_engine::mcmc::{
    Block, Divergence, Progress, RunRecord, SampleError, Sink, SinkError, Snapshot, Statistics, Transition,
};
use chainfire_engine::run::Settings;
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::model::{DrawLayout, Model, Role, Variable};
use crate::posterior::{columns, statistics};
use crate::run::Run;

/// Bytes of constrained values that are computed at a time, unless one draw has more.
pub(crate) const VALUES_AT_ONCE: usize = 4 << 20;
/// Bytes kept for the places of divergences.
const DIVERGENCES: usize = 16 << 20;
/// Most divergences of a chain that are kept.
const DIVERGENCES_OF_A_CHAIN: usize = 100;

/// Where the draws go, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Storage {
    /// The NetCDF file; the checkpoint stands beside it, see [`checkpoint_path`].
    pub output: PathBuf,
    /// Keep draws 0, `thin`, 2 `thin`, ...
    pub thin: usize,
    /// The variables of the posterior to keep; all when not given.
    pub variables: Option<Vec<String>>,
    /// Whether the posterior is stored in four bytes a number instead of eight.
    pub single: bool,
    /// At least so much time lies between checkpoints.
    pub checkpoint_every: Duration,
    /// Kept in the checkpoint for whoever goes on with the run, such as the command that began it.
    pub note: String,
}

/// What a checkpoint tells without the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// The note of [`Storage::note`].
    pub note: String,
    /// Draws of each chain that the run was to make.
    pub draws: usize,
    /// Whether it has made them.
    pub is_finished: bool,
}

impl Begun {
    /// Reads what is known of the run that writes, or wrote, a file; nothing when there is no checkpoint beside it.
    ///
    /// # Errors
    /// When the checkpoint cannot be read or is damaged.
    pub fn of(output: &Path) -> Result<Option<Self>, ModelError> {
        let path = checkpoint_path(output);
        if !path.exists() {
            return Ok(None);
        }
        let Checkpoint { draws, note, is_finished, .. } =
            peek_checkpoint(&path).map_err(ModelError::Storage)?;
        Ok(Some(Self { note, draws, is_finished }))
    }
}

impl Storage {
    /// Keeps everything, with a checkpoint every 30 seconds.
    pub fn new(output: &Path) -> Self {
        let checkpoint_every = Duration::from_secs(30);
        let note = String::new();
        Self { output: output.to_owned(), thin: 1, variables: None, single: false, checkpoint_every, note }
    }
}

/// What a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    /// Draws of each chain that the run was to make.
    draws: usize,
    note: String,
    is_finished: bool,
    stream: StreamState,
    snapshots: Vec<Snapshot>,
}

impl Run<'_> {
    /// Samples the posterior into a file, which is replaced if it is there.
    ///
    /// The settings say after how many draws chains give their state to the checkpoint. When `progress` is stopped, or
    /// the disk is full, the file keeps the draws that all chains have, and [`resume_file`](Self::resume_file) goes on.
    ///
    /// # Errors
    /// As [`Run::sample_into`]; settings without `checkpoint_every`; unknown variables; a file that cannot be written.
    pub fn sample_to_file(
        &self,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<(RunRecord, Option<DeviceReport>), ModelError> {
        let layout = self.model().kept_layout(storage)?;
        let checkpoint = checkpoint_path(&storage.output);
        // A checkpoint of an earlier run must not meet the new file.
        match fs::remove_file(&checkpoint) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(ModelError::Storage(DrawsError::Write { path: checkpoint, source }));
            }
            _ => {}
        }
        let fixed = self.model().fixed_groups(self.settings())?;
        let growing = self.model().growing_groups(self.settings(), storage, &layout)?;
        let stream = NetcdfStream::create(&storage.output, &growing, &fixed).map_err(ModelError::Storage)?;
        self.run_to_file(storage, progress, layout, stream, Vec::new())
    }

    /// Goes on with a run of [`sample_to_file`](Self::sample_to_file) that was killed or stopped, and makes the draws
    /// that it would have made; the settings may ask for more draws than it did.
    ///
    /// # Errors
    /// When there is no checkpoint, or model, data, settings or storage are not those of that run: what differs is
    /// named; otherwise as [`sample_to_file`](Self::sample_to_file).
    pub fn resume_file(
        &self,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<(RunRecord, Option<DeviceReport>), ModelError> {
        let (settings, layout) = (self.settings(), self.model().kept_layout(storage)?);
        let path = checkpoint_path(&storage.output);
        let saved: Checkpoint =
            read_checkpoint(&path, &self.identity(storage)).map_err(ModelError::Storage)?;
        if settings.draws < saved.draws {
            let differences = vec![format!("`draws` was {} and is {}", saved.draws, settings.draws)];
            return Err(ModelError::Storage(DrawsError::OtherRun { path, differences }));
        }
        let stream = if settings.draws > saved.draws {
            let room = [settings.draws, settings.tune].map(|draws| draws.div_ceil(storage.thin));
            NetcdfStream::extend(&storage.output, saved.stream, &room[..phases(settings)])
        } else {
            NetcdfStream::resume(&storage.output, saved.stream)
        };
        let mut stream = stream.map_err(ModelError::Storage)?;
        for chain in 0..settings.chains {
            let made = made_at(&saved.snapshots, chain, settings.tune);
            for (phase, made) in made.into_iter().enumerate().take(phases(settings)) {
                stream.rewind(phase, chain, made.div_ceil(storage.thin));
            }
        }
        self.run_to_file(storage, progress, layout, stream, saved.snapshots)
    }

    fn run_to_file(
        &self,
        storage: &Storage,
        progress: &Progress,
        layout: DrawLayout,
        stream: NetcdfStream,
        snapshots: Vec<Snapshot>,
    ) -> Result<(RunRecord, Option<DeviceReport>), ModelError> {
        if self.settings().checkpoint_every.is_none() {
            let (option, seen) = ("checkpoint_every", "none".to_owned());
            return Err(SampleError::Setting { option, seen, allowed: "1 or more draws" }.into());
        }
        let mut sink = FileSink {
            layout,
            dim: self.model().dim(),
            stream,
            thin: storage.thin,
            checkpoint: checkpoint_path(&storage.output),
            identity: self.identity(storage),
            every: storage.checkpoint_every,
            written: Instant::now(),
            draws: self.settings().draws,
            note: storage.note.clone(),
            snapshots: snapshots.clone(),
        };
        sink.write_checkpoint().map_err(ModelError::Storage)?;
        let (record, report) = self.sample_into(progress, &mut sink, &snapshots)?;
        if record.stopped_early && sink.stream.draws(0) == 0 && snapshots.is_empty() {
            // Nothing is lost with a file that holds nothing.
            for path in [&storage.output, &sink.checkpoint] {
                fs::remove_file(path).map_err(|source| {
                    ModelError::Storage(DrawsError::Write { path: path.clone(), source })
                })?;
            }
            return Ok((record, report));
        }
        let seconds = Attribute::Float(record.warmup_seconds + record.draw_seconds);
        let mut attributes = vec![("sampling_time".to_owned(), seconds)];
        if record.stopped_early {
            let kept = sink.stream.draws(0);
            let note = format!("stopped before the end: the chains are cut to {kept} draws");
            attributes.push(("stopped_early".to_owned(), Attribute::Text(note)));
        }
        sink.finish(&attributes, !record.stopped_early).map_err(ModelError::Storage)?;
        Ok((record, report))
    }

    /// What must be the same for a run to go on.
    fn identity(&self, storage: &Storage) -> Identity {
        let (model, settings) = (self.model(), self.settings());
        let data = model.variables().iter().filter_map(|variable| {
            let numbers = model.data(&variable.name)?.as_numbers()?.to_vec();
            Some((variable.name.clone(), numbers))
        });
        let bytes = data.flat_map(|(name, numbers)| {
            name.into_bytes().into_iter().chain(numbers.into_iter().flat_map(f64::to_le_bytes))
        });
        let parts = [
            ("chainfire", env!("CARGO_PKG_VERSION").to_owned()),
            ("data", fingerprint(bytes)),
            ("model", fingerprint(format!("{:?}", self.tape()).into_bytes())),
            ("device", if matches!(self.choice().place, Place::Cpu) { "cpu" } else { "gpu" }.to_owned()),
            ("chains", settings.chains.to_string()),
            ("tune", settings.tune.to_string()),
            ("seed", settings.seed.to_string()),
            ("target_accept", settings.target_accept.to_string()),
            ("max_treedepth", settings.max_treedepth.to_string()),
            ("metric", format!("{:?}", settings.metric)),
            ("adaptation", format!("{:?}", settings.adaptation)),
            ("init", fingerprint(format!("{:?}", settings.init).into_bytes())),
            ("keep_warmup", settings.keep_warmup.to_string()),
            ("thin", storage.thin.to_string()),
            ("variables", storage.variables.as_ref().map_or_else(|| "all".into(), |names| names.join(", "))),
            ("single", storage.single.to_string()),
        ];
        parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Model {
    /// The variables that a file keeps.
    fn kept_layout(&self, storage: &Storage) -> Result<DrawLayout, ModelError> {
        if storage.thin == 0 {
            let (option, seen, allowed) = ("thin", "0".to_owned(), "1 or more");
            return Err(SampleError::Setting { option, seen, allowed }.into());
        }
        let mut layout = self.draw_layout()?;
        if let Some(names) = &storage.variables {
            let known: Vec<&str> = layout.variables.iter().map(|(v, _)| v.name.as_str()).collect();
            if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
                return Err(ModelError::NoSuchResult { name: name.clone(), known: known.join(", ") });
            }
            layout.variables.retain(|(variable, _)| names.contains(&variable.name));
        }
        Ok(layout)
    }

    /// The groups that get draws: those kept and, if asked for, those of warm-up.
    fn growing_groups(
        &self,
        settings: &Settings,
        storage: &Storage,
        layout: &DrawLayout,
    ) -> Result<Vec<Growing>, ModelError> {
        let mut attributes = provenance(SystemTime::now());
        attributes.push(("tuning_steps".to_owned(), Attribute::Int(settings.tune as i64)));
        attributes.push(("chains_per_start".to_owned(), Attribute::Int(settings.chains_per_start() as i64)));
        if storage.thin > 1 {
            attributes.push(("thinning".to_owned(), Attribute::Int(storage.thin as i64)));
        }
        let kinds = [("", settings.draws), ("warmup_", settings.tune)];
        kinds[..phases(settings)]
            .iter()
            .map(|(prefix, draws)| {
                let (posterior, stats) = (format!("{prefix}posterior"), format!("{prefix}sample_stats"));
                let arrays = statistics(&Statistics::default(), settings.chains, 0);
                let templates = vec![
                    Template {
                        group: self.draws_group(
                            &posterior,
                            attributes.clone(),
                            layout,
                            &[],
                            settings.chains,
                        )?,
                        single: storage.single,
                    },
                    Template {
                        group: Group::new(&stats, attributes.clone(), Vec::new(), arrays)?,
                        single: false,
                    },
                ];
                Ok(Growing { templates, draws: draws.div_ceil(storage.thin) })
            })
            .collect()
    }

    /// Data, and the places of the first divergences of each chain.
    fn fixed_groups(&self, settings: &Settings) -> Result<Vec<Group>, ModelError> {
        let mut groups = self.data_groups()?;
        let (chains, dim) = (settings.chains, self.dim());
        let slots = divergence_slots(chains, dim);
        let places = ["chain", "divergence", "unconstrained"];
        let empty = || Values::Float(vec![f64::NAN; chains * slots * dim]);
        let arrays = vec![
            Array::new("draw_index", &places[..2], &[chains, slots], Values::Int(vec![-1; chains * slots])),
            Array::new("start", &places, &[chains, slots, dim], empty()),
            Array::new("end", &places, &[chains, slots, dim], empty()),
        ];
        let labels = vec![("unconstrained".to_owned(), Coordinate::Text(self.unconstrained_names()))];
        groups.push(Group::new("divergences", provenance(SystemTime::now()), labels, arrays)?);
        Ok(groups)
    }

    /// A name for each element of a position, such as `tau_log__` or `theta[3]`.
    fn unconstrained_names(&self) -> Vec<String> {
        let offset = |variable: &Variable| match variable.role {
            Role::Free { offset, .. } => offset,
            _ => self.dim(),
        };
        let offsets: Vec<usize> = self.free_variables().map(offset).chain([self.dim()]).collect();
        let lengths = offsets.windows(2).map(|pair| pair[1] - pair[0]);
        let named = self.free_variables().zip(lengths).flat_map(|(variable, length)| {
            let name = variable.value_name();
            let is_scalar = variable.shape.is_empty() && length == 1;
            (0..length).map(move |at| if is_scalar { name.clone() } else { format!("{name}[{at}]") })
        });
        named.collect()
    }
}

/// How many kinds of draws a file has: those kept, and those of warm-up when asked for.
fn phases(settings: &Settings) -> usize {
    if settings.keep_warmup && settings.tune > 0 { 2 } else { 1 }
}

/// Divergences of each chain that there is a place for.
fn divergence_slots(chains: usize, dim: usize) -> usize {
    (DIVERGENCES / (2 * size_of::<f64>() * chains * dim)).clamp(1, DIVERGENCES_OF_A_CHAIN)
}

/// Draws that a chain had at its last snapshot: those kept and those of warm-up.
fn made_at(snapshots: &[Snapshot], chain: usize, tune: usize) -> [usize; 2] {
    let made = snapshots.iter().find_map(|snapshot| match snapshot {
        Snapshot::Chain(one) if one.chain == chain => Some((one.draw, tune)),
        Snapshot::Chain(_) => None,
        Snapshot::Ensemble(all) => Some((all.draw, all.warmup.unwrap_or(all.draw))),
    });
    let (draw, warmup) = made.unwrap_or((0, tune));
    [draw.saturating_sub(warmup), draw.min(warmup)]
}

/// Writes blocks into the file.
struct FileSink {
    layout: DrawLayout,
    dim: usize,
    stream: NetcdfStream,
    thin: usize,
    checkpoint: PathBuf,
    identity: Identity,
    every: Duration,
    /// When the last checkpoint was written.
    written: Instant,
    draws: usize,
    note: String,
    /// The last of each chain, or of all.
    snapshots: Vec<Snapshot>,
}

impl Sink for FileSink {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        let phase = usize::from(block.is_warmup);
        let dim = self.dim;
        let kept = (0..block.transitions.len()).filter(|at| (block.first + at).is_multiple_of(self.thin));
        let kept: Vec<usize> = kept.collect();
        let at_once = (VALUES_AT_ONCE / (size_of::<f64>() * self.layout.rows().max(1))).max(1);
        for part in kept.chunks(at_once) {
            let positions: Vec<f64> =
                part.iter().flat_map(|at| &block.positions[at * dim..][..dim]).copied().collect();
            let seen = collected(part.iter().map(|&at| &block.transitions[at]));
            let values = columns(&self.layout, &positions, part.len());
            let statistics = statistics(&seen, 1, part.len());
            let statistics = statistics.iter().filter_map(|array| column(&array.values));
            let all: Vec<Column<'_>> =
                values.iter().map(|values| Column::Float(values)).chain(statistics).collect();
            let first = (block.first + part[0]) / self.thin;
            self.stream.write(phase, block.chain, first, &all).map_err(SinkError::new)?;
        }
        if !block.is_warmup && !block.divergences.is_empty() {
            self.keep_divergences(block.chain, block.divergences).map_err(SinkError::new)?;
        }
        Ok(())
    }

    fn checkpoint(&mut self, snapshot: Snapshot) -> Result<(), SinkError> {
        match &snapshot {
            Snapshot::Chain(new) => {
                let is_older = |old: &Snapshot| matches!(old, Snapshot::Chain(old) if old.chain == new.chain);
                self.snapshots.retain(|old| !is_older(old));
            }
            Snapshot::Ensemble(_) => self.snapshots.clear(),
        }
        self.snapshots.push(snapshot);
        if self.written.elapsed() >= self.every {
            self.write_checkpoint().map_err(SinkError::new)?;
        }
        Ok(())
    }
}

impl FileSink {
    /// Writes those divergences that there is a place for, each where it was if it is written again.
    fn keep_divergences(&mut self, chain: usize, divergences: &[Divergence]) -> Result<(), DrawsError> {
        let (group, dim) = ("divergences", self.dim);
        let mut known = self.stream.integers(group, "draw_index", chain)?;
        for divergence in divergences {
            let draw = divergence.draw as i64;
            let free = |&there: &i64| there == -1 || there == draw;
            let Some(slot) = known.iter().position(free) else { break };
            known[slot] = draw;
            for (variable, place) in [("start", &divergence.start), ("end", &divergence.end)] {
                self.stream.overwrite(group, variable, chain, slot * dim, Column::Float(place))?;
            }
            self.stream.overwrite(group, "draw_index", chain, slot, Column::Int(&[draw]))?;
        }
        Ok(())
    }

    fn write_checkpoint(&mut self) -> Result<(), DrawsError> {
        let stream = self.stream.commit()?.clone();
        self.written = Instant::now();
        let (draws, note, snapshots) = (self.draws, self.note.clone(), self.snapshots.clone());
        let contents = Checkpoint { draws, note, is_finished: false, stream, snapshots };
        write_checkpoint(&self.checkpoint, &self.identity, &contents)
    }

    /// Shows all draws; the checkpoint stays, so that the run can go on or be extended.
    fn finish(self, attributes: &[(String, Attribute)], is_finished: bool) -> Result<(), DrawsError> {
        let Self { stream, draws, note, snapshots, checkpoint, identity, .. } = self;
        let stream = stream.finish(attributes)?;
        write_checkpoint(&checkpoint, &identity, &Checkpoint { draws, note, is_finished, stream, snapshots })
    }
}

/// The statistics of draws that did this.
pub(crate) fn collected<'a>(transitions: impl Iterator<Item = &'a Transition> + Clone) -> Statistics {
    fn of<'a, T>(
        transitions: &(impl Iterator<Item = &'a Transition> + Clone),
        field: impl Fn(&Transition) -> T,
    ) -> Vec<T> {
        transitions.clone().map(field).collect()
    }
    Statistics {
        acceptance_rate: of(&transitions, |seen| seen.acceptance_rate),
        diverging: of(&transitions, |seen| seen.diverging),
        energy: of(&transitions, |seen| seen.energy),
        energy_error: of(&transitions, |seen| seen.energy_error),
        index_in_trajectory: of(&transitions, |seen| i64::from(seen.index_in_trajectory)),
        lp: of(&transitions, |seen| seen.log_density),
        max_energy_error: of(&transitions, |seen| seen.max_energy_error),
        n_steps: of(&transitions, |seen| seen.n_steps),
        reached_max_treedepth: of(&transitions, |seen| seen.reached_max_treedepth),
        step_size: of(&transitions, |seen| seen.step_size),
        step_size_bar: of(&transitions, |seen| seen.step_size_bar),
        tree_depth: of(&transitions, |seen| seen.tree_depth),
    }
}

fn column(values: &Values) -> Option<Column<'_>> {
    match values {
        Values::Float(values) => Some(Column::Float(values)),
        Values::Int(values) => Some(Column::Int(values)),
        Values::Bool(values) => Some(Column::Bool(values)),
        Values::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use chainfire_engine::device::Device;
    use chainfire_engine::draws::{InferenceData, read_netcdf};
    use chainfire_engine::run::Adaptation;

    use super::*;
    use crate::distributions::{HalfNormal, Normal};

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
        let bits = |array: &Array| {
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
    ) -> Result<RunRecord, ModelError> {
        Ok(model.prepare(settings)?.sample_to_file(storage, progress)?.0)
    }

    fn resume(
        model: &Model,
        settings: &Settings,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<RunRecord, ModelError> {
        Ok(model.prepare(settings)?.resume_file(storage, progress)?.0)
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
        let some = Storage {
            thin: 3,
            variables: Some(vec!["ratio".into()]),
            single: true,
            ..storage(&folder, "some.nc")
        };
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
        let unknown = Storage { variables: Some(vec!["rato".into()]), ..storage(&folder, "none.nc") };
        let error = sample(&model, &settings, &unknown, &Progress::new(2)).unwrap_err().to_string();
        assert!(error.contains("`rato`") && error.contains("mu, tau, ratio"), "{error}");
    }

    #[test]
    fn run_that_was_cut_short_ends_with_the_draws_of_one_that_was_not() {
        let folder = folder("stream-resume");
        for (chains, adaptation) in [(3, Adaptation::PerChain), (20, Adaptation::Pooled)] {
            for thin in [1, 4] {
                let settings = Settings {
                    adaptation,
                    keep_warmup: true,
                    checkpoint_every: Some(17),
                    ..settings(chains)
                };
                let whole = Storage { thin, ..storage(&folder, "whole.nc") };
                let parts = Storage { thin, ..storage(&folder, "parts.nc") };
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
                    assert!(same, "{group} of {adaptation:?} thinned by {thin}");
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
}
