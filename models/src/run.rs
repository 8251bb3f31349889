//! Prepare a run of a model: its program, and the place where it computes.

use std::time::Instant;

use chainfire_engine::LogDensity;
use chainfire_engine::device::{Choice, DeviceReport, Place, Work, choose};
#[cfg(feature = "gpu")]
use chainfire_engine::device::{Device, GpuEnsemble};
use chainfire_engine::mcmc::{Draws, InMemory, Progress, RunRecord, SampleError, Sink, Snapshot};
use chainfire_engine::program::TapeDensity;
use chainfire_engine::run::{self, Sampler, Settings};
#[cfg(feature = "gpu")]
use chainfire_kernels::tape::GpuDevice;
use chainfire_kernels::tape::Tape;

use crate::error::ModelError;
use crate::model::Model;

/// A model whose program is ready, and the place where it will be sampled.
pub struct Run<'a> {
    model: &'a Model,
    settings: &'a Settings,
    density: TapeDensity,
    tape: Tape,
    choice: Choice,
}

/// Chains that are evaluated to learn how long a gradient takes the CPU.
const TIMED_CHAINS: usize = 16;

impl Model {
    /// Captures and lowers the model and chooses where to sample it.
    ///
    /// # Errors
    /// Options out of range; a model that cannot become a program; a device that is not there.
    pub fn prepare<'a>(&'a self, settings: &'a Settings) -> Result<Run<'a>, ModelError> {
        settings.validate()?;
        let tape = self.density_tape()?;
        let density = TapeDensity::new(&tape);
        let work = Work {
            chains: settings.chains,
            threads: settings.threads,
            gradient_seconds: gradient_seconds(&density, self.initial_position()),
        };
        let choice = match settings.sampler {
            Sampler::Nuts => choose(settings.device, work)?,
            Sampler::Chees => Choice { place: Place::Cpu, reason: "ChEES-HMC computes nowhere else".into() },
        };
        #[cfg(feature = "gpu")]
        let choice = match &choice.place {
            Place::Gpu(device) if settings.device == Device::Auto => {
                match GpuEnsemble::check(&tape, device, settings) {
                    Ok(()) => choice,
                    Err(reason) => Choice { place: Place::Cpu, reason },
                }
            }
            _ => choice,
        };
        Ok(Run { model: self, settings, density, tape, choice })
    }
}

/// Seconds that the gradient of one chain takes one thread.
fn gradient_seconds(density: &TapeDensity, initial: &[f64]) -> f64 {
    let position = initial.repeat(TIMED_CHAINS);
    let (mut log_density, mut gradient) = ([0.0; TIMED_CHAINS], vec![0.0; position.len()]);
    let mut evaluator = density.evaluator();
    // The first evaluation touches the memory.
    let mut seconds = 0.0;
    for _ in 0..2 {
        let begun = Instant::now();
        evaluator.evaluate(&position, &mut log_density, &mut gradient);
        seconds = begun.elapsed().as_secs_f64();
    }
    seconds / TIMED_CHAINS as f64
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
        &self.tape
    }

    /// Where the model is sampled, and why there.
    pub fn choice(&self) -> &Choice {
        &self.choice
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
        let outcome = match &self.choice.place {
            Place::Cpu => {
                let record = run::sample_into(&self.density, initial, self.settings, progress, sink, resume);
                record.map(|record| (record, None))
            }
            #[cfg(feature = "gpu")]
            Place::Gpu(device) => self.sample_on(device, progress, sink, resume),
        };
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
            Some(_) => draws.finished = vec![draws.draws; draws.chains],
            None => {}
        }
        Ok(Sampled { draws, report, failure })
    }

    #[cfg(feature = "gpu")]
    fn sample_on(
        &self,
        device: &GpuDevice,
        progress: &Progress,
        sink: &mut dyn Sink,
        resume: &[Snapshot],
    ) -> Result<(RunRecord, Option<DeviceReport>), SampleError> {
        let Settings { chains, seed, max_treedepth, .. } = *self.settings;
        let initial = self.model.initial_position();
        let mut ensemble = GpuEnsemble::new(&self.tape, &self.density, device, chains, seed, max_treedepth)
            .map_err(|error| SampleError::Executor(Box::new(error)))?;
        let record = run::sample_ensemble(&mut ensemble, initial, self.settings, progress, sink, resume)?;
        Ok((record, Some(ensemble.report())))
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
