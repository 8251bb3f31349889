//! Keep the draws of a run in a file, with what the run needs to go on.
//!
//! ```text
//! while it runs:   posterior.nc.partial   posterior.nc.partial.checkpoint
//! when it ends:    posterior.nc           posterior.nc.checkpoint
//! ```
//!
//! A run takes its name when it is finished, so that a file of that name from an earlier run is there until then. A run
//! that is stopped takes it only where there is no such file. Whatever was killed or ran out of disk goes on from the
//! last checkpoint; a finished run that is extended stays under its name.
//!
//! A chain goes on from its last snapshot in the checkpoint. The draws behind it are made, and kept, a second time: they
//! have the same bits.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chainfire_engine::device::{DeviceReport, Place};
use chainfire_engine::draws::{
    DrawsError, Identity, StreamState, checkpoint_path, fingerprint, peek_checkpoint, read_checkpoint,
    write_checkpoint,
};
use chainfire_engine::mcmc::{Progress, RunRecord, SampleError, Snapshot};
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::moments::MomentsState;
use crate::run::Run;

#[cfg(test)]
mod tests;

/// Where the draws go, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Storage {
    /// The NetCDF file.
    pub output: PathBuf,
    /// What it keeps.
    pub keep: Keep,
    /// At least so much time lies between checkpoints.
    pub checkpoint_every: Duration,
    /// Kept in the checkpoint for whoever goes on with the run, such as the command that began it.
    pub note: String,
}

/// What a file keeps of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Keep {
    /// Draws as they are made; memory does not grow with their number.
    Draws(Selection),
    /// Means, deviations, quantiles and nested R-hat of all draws, and so many of the last of each chain: for very many
    /// chains.
    Moments {
        /// The last draws of each chain.
        last: usize,
    },
}

/// Which draws, of which variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Keep draws 0, `thin`, 2 `thin`, ...
    pub thin: usize,
    /// The variables of the posterior to keep; all when not given.
    pub variables: Option<Vec<String>>,
    /// Whether the posterior is stored in four bytes a number instead of eight.
    pub single: bool,
}

impl Default for Selection {
    fn default() -> Self {
        Self { thin: 1, variables: None, single: false }
    }
}

impl Storage {
    /// Keeps everything, with a checkpoint every 30 seconds.
    pub fn new(output: &Path) -> Self {
        Self {
            output: output.to_owned(),
            keep: Keep::Draws(Selection::default()),
            checkpoint_every: Duration::from_secs(30),
            note: String::new(),
        }
    }
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
    /// Its checkpoint.
    pub checkpoint: PathBuf,
}

impl Begun {
    /// Reads what is known of the run that writes, or wrote, a file; nothing when there is no checkpoint of it.
    ///
    /// # Errors
    /// When the checkpoint cannot be read or is damaged.
    pub fn of(output: &Path) -> Result<Option<Self>, ModelError> {
        let checkpoint = Files::of_begun(output).checkpoint;
        if !checkpoint.exists() {
            return Ok(None);
        }
        let Checkpoint { draws, note, is_finished, .. } =
            peek_checkpoint(&checkpoint).map_err(ModelError::Storage)?;
        Ok(Some(Self { note, draws, is_finished, checkpoint }))
    }
}

/// A run that has been stored.
#[derive(Debug)]
pub struct Stored {
    /// What the run did.
    pub record: RunRecord,
    /// What the launches of a graphics processor have done.
    pub report: Option<DeviceReport>,
    /// The file; none when the run was stopped before there was a draw of each chain.
    pub path: Option<PathBuf>,
}

impl Run<'_> {
    /// Samples the posterior into a file, which takes the place of one of that name when the run is finished.
    ///
    /// The settings say after how many draws chains give their state to the checkpoint. When `progress` is stopped, or
    /// the disk is full, the draws that all chains have are kept, and [`resume_file`](Self::resume_file) goes on.
    ///
    /// # Errors
    /// As [`Run::sample_into`]; settings without `checkpoint_every`; unknown variables; a file that cannot be written.
    pub fn sample_to_file(&self, storage: &Storage, progress: &Progress) -> Result<Stored, ModelError> {
        let files = Files::of_new(&storage.output);
        // A checkpoint of an earlier run must not meet the new file.
        files.remove_checkpoint()?;
        self.store(storage, progress, &files, None)
    }

    /// Goes on with a run of [`sample_to_file`](Self::sample_to_file) that was killed or stopped, and makes the draws
    /// that it would have made; the settings may ask for more draws than it did.
    ///
    /// # Errors
    /// When there is no checkpoint, or model, data, settings or storage are not those of that run: what differs is
    /// named; otherwise as [`sample_to_file`](Self::sample_to_file).
    pub fn resume_file(&self, storage: &Storage, progress: &Progress) -> Result<Stored, ModelError> {
        let mut files = Files::of_begun(&storage.output);
        if let Keep::Moments { .. } = storage.keep {
            // They are in the checkpoint until the end.
            files.output = files.checkpoint.with_extension("");
        }
        let saved: Checkpoint =
            read_checkpoint(&files.checkpoint, &self.identity(storage)).map_err(ModelError::Storage)?;
        let draws = self.settings().draws;
        if draws < saved.draws {
            let differences = vec![format!("`draws` was {} and is {draws}", saved.draws)];
            let path = files.checkpoint;
            return Err(ModelError::Storage(DrawsError::OtherRun { path, differences }));
        }
        self.store(storage, progress, &files, Some(saved))
    }

    fn store(
        &self,
        storage: &Storage,
        progress: &Progress,
        files: &Files,
        saved: Option<Checkpoint>,
    ) -> Result<Stored, ModelError> {
        if self.settings().checkpoint_every.is_none() {
            let (option, seen) = ("checkpoint_every", "none".to_owned());
            return Err(SampleError::Setting { option, seen, allowed: "1 or more draws" }.into());
        }
        let mut journal = Journal {
            path: files.checkpoint.clone(),
            identity: self.identity(storage),
            every: storage.checkpoint_every,
            written: Instant::now(),
            draws: self.settings().draws,
            note: storage.note.clone(),
            snapshots: Vec::new(),
        };
        let mut earlier = None;
        if let Some(Checkpoint { draws, contents, snapshots, .. }) = saved {
            journal.snapshots = snapshots;
            earlier = Some((draws, contents));
        }
        let (record, report, is_kept) = match &storage.keep {
            Keep::Draws(selection) => {
                self.store_draws(selection, progress, &files.output, journal, earlier)?
            }
            Keep::Moments { last } => self.store_moments(*last, progress, &files.output, journal, earlier)?,
        };
        let path = if is_kept { Some(files.end(&storage.output, !record.stopped_early)?) } else { None };
        if !is_kept {
            // Nothing is lost with a file that holds nothing.
            files.remove()?;
        }
        Ok(Stored { record, report, path })
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
        let mut parts = vec![
            ("chainfire", env!("CARGO_PKG_VERSION").to_owned()),
            ("data", fingerprint(bytes)),
            ("model", fingerprint(format!("{:?}", self.tape()).into_bytes())),
            ("device", if matches!(self.choice().place, Place::Cpu) { "cpu" } else { "gpu" }.to_owned()),
            ("sampler", format!("{:?}", settings.sampler)),
            ("chains", settings.chains.to_string()),
            ("tune", settings.tune.to_string()),
            ("seed", settings.seed.to_string()),
            ("target_accept", settings.target_accept.to_string()),
            ("max_treedepth", settings.max_treedepth.to_string()),
            ("metric", format!("{:?}", settings.metric)),
            ("adaptation", format!("{:?}", settings.adaptation)),
            ("init", fingerprint(format!("{:?}", settings.init).into_bytes())),
            ("keep_warmup", settings.keep_warmup.to_string()),
        ];
        match &storage.keep {
            Keep::Draws(Selection { thin, variables, single }) => parts.extend([
                ("thin", thin.to_string()),
                ("variables", variables.as_ref().map_or_else(|| "all".into(), |names| names.join(", "))),
                ("single", single.to_string()),
            ]),
            Keep::Moments { last } => parts.push(("keep", format!("last:{last}"))),
        }
        parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    /// Draws of each chain that the run was to make.
    draws: usize,
    note: String,
    is_finished: bool,
    contents: Contents,
    snapshots: Vec<Snapshot>,
}

/// What is kept so far.
#[derive(Serialize, Deserialize)]
pub(crate) enum Contents {
    Draws(StreamState),
    Moments(MomentsState),
}

/// Writes the checkpoints of a run.
pub(crate) struct Journal {
    path: PathBuf,
    identity: Identity,
    every: Duration,
    /// When the last checkpoint was written.
    written: Instant,
    draws: usize,
    note: String,
    /// The last of each chain, or of all.
    snapshots: Vec<Snapshot>,
}

impl Journal {
    /// The states that the run goes on from.
    pub(crate) fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// Takes in a state; tells whether it is time to write.
    pub(crate) fn is_due(&mut self, snapshot: Snapshot) -> bool {
        match &snapshot {
            Snapshot::Chain(new) => {
                let is_older = |old: &Snapshot| matches!(old, Snapshot::Chain(old) if old.chain == new.chain);
                self.snapshots.retain(|old| !is_older(old));
            }
            Snapshot::Ensemble(_) => self.snapshots.clear(),
        }
        self.snapshots.push(snapshot);
        self.written.elapsed() >= self.every
    }

    /// Writes a checkpoint; the contents are on the disk already, or are all there is.
    /// They are given back.
    pub(crate) fn write(
        &mut self,
        contents: Contents,
        is_finished: bool,
    ) -> (Contents, Result<(), DrawsError>) {
        self.written = Instant::now();
        let (note, snapshots) = (self.note.clone(), std::mem::take(&mut self.snapshots));
        let checkpoint = Checkpoint { draws: self.draws, note, is_finished, contents, snapshots };
        let written = write_checkpoint(&self.path, &self.identity, &checkpoint);
        self.snapshots = checkpoint.snapshots;
        (checkpoint.contents, written)
    }
}

/// Draws that a chain had at its last snapshot: those kept and those of warm-up.
pub(crate) fn made_at(snapshots: &[Snapshot], chain: usize, tune: usize) -> [usize; 2] {
    let made = snapshots.iter().find_map(|snapshot| match snapshot {
        Snapshot::Chain(one) if one.chain == chain => Some((one.draw, tune)),
        Snapshot::Chain(_) => None,
        Snapshot::Ensemble(all) => Some((all.draw, all.warmup.unwrap_or(all.draw))),
    });
    let (draw, warmup) = made.unwrap_or((0, tune));
    [draw.saturating_sub(warmup), draw.min(warmup)]
}

/// The files that a run writes.
struct Files {
    output: PathBuf,
    checkpoint: PathBuf,
}

impl Files {
    /// Of a run that begins.
    fn of_new(output: &Path) -> Self {
        let partial = partial_path(output);
        Self { checkpoint: checkpoint_path(&partial), output: partial }
    }

    /// Of a run that has begun: each file where it is. The draws take their name before the checkpoint does.
    fn of_begun(output: &Path) -> Self {
        let Self { output: partial, checkpoint } = Self::of_new(output);
        Self {
            output: if partial.exists() { partial } else { output.to_owned() },
            checkpoint: if checkpoint.exists() { checkpoint } else { checkpoint_path(output) },
        }
    }

    /// Gives the files of a run that has ended their names; returns that of the draws.
    fn end(&self, output: &Path, is_finished: bool) -> Result<PathBuf, ModelError> {
        let named = resolved(output);
        if resolved(&self.output) != named && !is_finished && named.exists() {
            return Ok(self.output.clone());
        }
        for (from, to) in [(&self.output, &named), (&self.checkpoint, &checkpoint_path(output))] {
            // A name may be given again.
            fs::rename(from, to).map_err(|source| failed(to, source))?;
        }
        Ok(output.to_owned())
    }

    fn remove_checkpoint(&self) -> Result<(), ModelError> {
        remove(&self.checkpoint)
    }

    fn remove(&self) -> Result<(), ModelError> {
        remove(&self.output)?;
        self.remove_checkpoint()
    }
}

/// The name of a file while it is written.
fn partial_path(output: &Path) -> PathBuf {
    let output = resolved(output);
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    output.with_file_name(name)
}

/// The file that a path leads to, where there is one.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn remove(path: &Path) -> Result<(), ModelError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(failed(path, source)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, source: io::Error) -> ModelError {
    ModelError::Storage(DrawsError::Write { path: path.to_owned(), source })
}
