//! A tape, and the place where it is sampled.

use std::time::Instant;

use chainfire_kernels::tape::Tape;

use super::DeviceReport;
use super::choose::{Choice, DeviceError, Place, Work, choose};
#[cfg(feature = "gpu")]
use super::{Device, GpuEnsemble};
use crate::density::LogDensity;
use crate::mcmc::{Progress, RunRecord, SampleError, Sink, Snapshot};
use crate::program::TapeDensity;
use crate::run::{self, Sampler, Settings};

/// A log density and its gradient as a tape, and the place where it will be sampled.
pub struct PlacedTape {
    tape: Tape,
    density: TapeDensity,
    choice: Choice,
}

/// Chains that are evaluated to learn how long a gradient takes the CPU.
const TIMED_CHAINS: usize = 16;

impl PlacedTape {
    /// Chooses where to sample a tape of a log density and its gradient.
    ///
    /// # Shapes
    /// - `initial`: `[dim]`
    ///
    /// # Errors
    /// A device that is not there.
    pub fn new(tape: Tape, initial: &[f64], settings: &Settings) -> Result<Self, DeviceError> {
        let density = TapeDensity::new(&tape);
        let work = Work {
            chains: settings.chains,
            threads: settings.threads,
            gradient_seconds: gradient_seconds(&density, initial),
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
        Ok(Self { tape, density, choice })
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Where it is sampled, and why there.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Samples, and hands the draws to `sink` as they are made; `initial` and `resume` as in
    /// [`run::sample_into`].
    ///
    /// # Errors
    /// Those of [`run::sample_into`]; a device that fails.
    pub fn sample_into(
        &self,
        initial: &[f64],
        settings: &Settings,
        progress: &Progress,
        sink: &mut dyn Sink,
        resume: &[Snapshot],
    ) -> Result<(RunRecord, Option<DeviceReport>), SampleError> {
        match &self.choice.place {
            Place::Cpu => {
                let record = run::sample_into(&self.density, initial, settings, progress, sink, resume)?;
                Ok((record, None))
            }
            #[cfg(feature = "gpu")]
            Place::Gpu(device) => {
                let Settings { chains, seed, max_treedepth, .. } = *settings;
                let ensemble =
                    GpuEnsemble::new(&self.tape, &self.density, device, chains, seed, max_treedepth);
                let mut ensemble = ensemble.map_err(|error| SampleError::Executor(Box::new(error)))?;
                let record = run::sample_ensemble(&mut ensemble, initial, settings, progress, sink, resume)?;
                Ok((record, Some(ensemble.report())))
            }
        }
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
