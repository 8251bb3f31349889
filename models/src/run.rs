//! Prepare a run of a model: its program, and the place where it computes.

use chainfire_engine::device::{Choice, DeviceReport, PlacedTape};
use chainfire_engine::mcmc::{Draws, InMemory, Progress, RunRecord, SampleError, Sink, Snapshot};
use chainfire_engine::run::Settings;
use chainfire_kernels::tape::Tape;

use crate::error::ModelError;
use crate::model::Model;

/// A model whose program is ready, and the place where it will be sampled.
pub struct Run<'a> {
    model: &'a Model,
    settings: &'a Settings,
    program: PlacedTape,
}

impl Model {
    /// Captures and lowers the model and chooses where to sample it.
    ///
    /// # Errors
    /// Options out of range; a model that cannot become a program; a device that is not there.
    pub fn prepare<'a>(&'a self, settings: &'a Settings) -> Result<Run<'a>, ModelError> {
        settings.validate()?;
        let program = PlacedTape::new(self.density_tape()?, self.initial_position(), settings)?;
        Ok(Run { model: self, settings, program })
    }
}

impl Run<'_> {
    pub(crate) fn model(&self) -> &Model {
        self.model
    }

    /// The options of the run.
    pub fn settings(&self) -> &Settings {
        self.settings
    }

    /// The program of the log density and its gradient.
    pub(crate) fn tape(&self) -> &Tape {
        self.program.tape()
    }

    /// Where the model is sampled, and why there.
    pub fn choice(&self) -> &Choice {
        self.program.choice()
    }

    /// Samples, and hands the draws to `sink` as they are made; `resume` as in
    /// [`sample_into`](chainfire_engine::run::sample_into).
    ///
    /// # Errors
    /// No place to start, with the variable and row; a device that fails; the sink's.
    pub fn sample_into(
        &self,
        progress: &Progress,
        sink: &mut dyn Sink,
        resume: &[Snapshot],
    ) -> Result<(RunRecord, Option<DeviceReport>), ModelError> {
        let initial = self.model.initial_position();
        let outcome = self.program.sample_into(initial, self.settings, progress, sink, resume);
        outcome.map_err(|error| self.model.explain_start(error))
    }

    /// Samples, and keeps the draws in memory. When a device fails, the draws that all chains had are there beside the
    /// error.
    ///
    /// # Errors
    /// As [`Run::sample_into`].
    pub fn sample(&self, progress: &Progress) -> Result<Sampled, ModelError> {
        let settings = self.settings;
        let warmup = if settings.keep_warmup { settings.tune } else { 0 };
        let mut sink = InMemory::new(settings.chains, self.model.dim(), settings.draws, warmup);
        let (record, report, failure) = match self.sample_into(progress, &mut sink, &[]) {
            Ok((record, report)) => (record, report, None),
            Err(error @ ModelError::Sample(SampleError::Executor(_))) => {
                let record = RunRecord { stopped_early: true, ..RunRecord::default() };
                (record, None, Some(error))
            }
            Err(error) => return Err(error),
        };
        let mut draws = sink.into_draws(record);
        match failure {
            Some(error) if draws.draws == 0 => return Err(error),
            Some(_) => draws.record.finished = vec![draws.draws; draws.chains],
            None => {}
        }
        Ok(Sampled { draws, report, failure })
    }
}

/// Draws in memory.
#[derive(Debug)]
pub struct Sampled {
    /// The draws.
    pub draws: Draws,
    /// What the launches of a graphics processor have done.
    pub report: Option<DeviceReport>,
    /// Why the run ended before its end, when a device failed.
    pub failure: Option<ModelError>,
}
