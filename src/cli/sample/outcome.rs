//! Samples into memory, into a file, or into moments, and shows how far it is.

use std::path::PathBuf;
use std::sync::mpsc;

use chainfire::{
    Attribute, DeviceReport, InferenceData, ModelError, Posterior, Progress, Run, RunRecord, Storage, Stored,
    read_netcdf,
};

use super::{Arguments, progress};

/// What a run left behind.
pub struct Outcome {
    /// What the run did.
    pub record: RunRecord,
    /// What the launches of a graphics processor have done.
    pub report: Option<DeviceReport>,
    /// The results; not when they are in a file too large for memory.
    pub data: Option<InferenceData>,
    /// Why the run ended before its end, when a device failed.
    pub failure: Option<ModelError>,
    /// Where the results have been written.
    pub written: Option<PathBuf>,
}

/// Files up to this part of the free memory are read for their summary.
const READABLE: f64 = 0.25;

impl Outcome {
    /// Draws of each chain that are kept.
    pub fn draws(&self) -> usize {
        let posterior = self.data.as_ref().and_then(|data| data.group("posterior"));
        posterior.map_or_else(
            || self.record.finished.iter().copied().min().unwrap_or(0),
            |group| group.length("draw"),
        )
    }

    /// Divergences of the draws that are kept, or of all when their moments are.
    pub fn divergences(&self) -> usize {
        let moments = self.data.as_ref().and_then(|data| data.group("moments"));
        let mut attributes = moments.into_iter().flat_map(|moments| moments.attributes());
        if let Some((_, Attribute::Int(count))) = attributes.find(|(name, _)| name == "divergences") {
            return *count as usize;
        }
        let statistics = self.data.as_ref().and_then(|data| data.group("sample_stats"));
        let diverging = statistics.and_then(|group| group.variable("diverging"));
        diverging
            .map_or(0, |seen| (0..seen.values.len()).filter(|&i| seen.values.number(i) == Some(1.0)).count())
    }
}

/// Samples as the arguments say.
pub fn sample(
    run: &Run<'_>,
    storage: Option<&Storage>,
    arguments: &Arguments,
    resumes: bool,
    progress: &Progress,
) -> anyhow::Result<Outcome> {
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let worker = scope.spawn(move || {
            let outcome = match (storage, arguments.keep) {
                (Some(storage), _) => into_file(run, storage, resumes, progress),
                (None, Some(last)) => into_moments(run, last, progress),
                (None, None) => into_memory(run, progress),
            };
            // The other end is gone only when this thread's result no longer matters.
            done.send(()).ok();
            outcome
        });
        progress::show(progress, run.settings(), arguments.quiet, &finished);
        match worker.join() {
            Ok(outcome) => Ok(outcome?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn into_memory(run: &Run<'_>, progress: &Progress) -> Result<Outcome, ModelError> {
    let Posterior { draws, data, report, failure } = run.posterior(progress)?;
    Ok(Outcome { record: draws.record, report, data: Some(data), failure, written: None })
}

fn into_file(
    run: &Run<'_>,
    storage: &Storage,
    resumes: bool,
    progress: &Progress,
) -> Result<Outcome, ModelError> {
    let Stored { record, report, path: written } =
        if resumes { run.resume_file(storage, progress)? } else { run.sample_to_file(storage, progress)? };
    let Some(path) = &written else {
        return Ok(Outcome { record, report, data: None, failure: None, written });
    };
    // The file of a run that was stopped is as long as planned, but only the finished draws are read.
    let finished =
        record.finished.iter().copied().max().unwrap_or(0) as f64 / run.settings().draws.max(1) as f64;
    let bytes = std::fs::metadata(path).map_or(0.0, |file| file.len() as f64) * finished.min(1.0);
    let is_readable = chainfire::free_memory().is_none_or(|free| bytes < READABLE * free);
    let data = if is_readable { Some(read_netcdf(path).map_err(ModelError::Storage)?) } else { None };
    Ok(Outcome { record, report, data, failure: None, written })
}

fn into_moments(run: &Run<'_>, last: usize, progress: &Progress) -> Result<Outcome, ModelError> {
    let (record, report, data) = run.sample_moments(last, progress)?;
    Ok(Outcome { record, report, data: Some(data), failure: None, written: None })
}
