//! A raw density: any function of burn tensors for one chain, sampled as it is.

use std::borrow::Cow;

use burn_tensor::Tensor;
use chainfire_engine::device::{Choice, PlacedTape, choose_replay};
use chainfire_engine::mcmc::{Draws, InMemory, Progress, SampleError};
use chainfire_engine::program::{self, Program, ProgramError, ReplayDensity};
use chainfire_engine::run::{self, Settings};
use chainfire_kernels::tape::Tape;
use chainfire_models::ModelError;

/// A log density written with burn tensors for one position; captured once, with its gradient, when it is made.
pub struct Density {
    program: Captured,
    dim: usize,
}

/// What a captured log density became.
enum Captured {
    Tape(Tape),
    Replay { density: ReplayDensity, reason: ProgramError },
}

impl Density {
    /// Captures `log_density`, which takes a position `[dim]` and gives `[1]`, unnormalised.
    ///
    /// Data that it needs is put on the position's device inside the function:
    /// `Tensor::from_data(data, (&position.device(), DType::F64))`, or `tensor.to_device(&position.device())`.
    /// Operations are those of burn; multiply by `1.0 / c` instead of dividing by a constant `c`, whose derivative
    /// burn 0.22 rounds to f32.
    ///
    /// A density with an operation that has no place on a tape is replayed by burn, operation by operation, which is
    /// slow: [`Density::fallback`] then says which operation it is.
    ///
    /// # Errors
    /// A function that burn cannot capture or replay.
    pub fn new(dim: usize, log_density: impl FnOnce(Tensor<1>) -> Tensor<1>) -> Result<Self, ProgramError> {
        let program = match program::density::<ProgramError>(dim, |position| Ok(log_density(position)))? {
            Program::Tape(tape) => Captured::Tape(tape),
            Program::Replay { density, reason } => Captured::Replay { density, reason },
        };
        Ok(Self { program, dim })
    }

    /// Why the density is replayed by burn, slowly, instead of run as a tape; `None` when it is a tape.
    pub fn fallback(&self) -> Option<&ProgramError> {
        match &self.program {
            Captured::Tape(_) => None,
            Captured::Replay { reason, .. } => Some(reason),
        }
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Chooses where to sample the density, by [`Settings::device`]; chains will start within 1 of `initial` (`[dim]`)
    /// in every element.
    ///
    /// What burn replays is on a graphics processor only when one is named, in single precision, chain after chain, and
    /// in builds with the feature `burn-wgpu`: every operation is a launch there, some tens of microseconds, so that
    /// only large tensors gain.
    ///
    /// # Errors
    /// Options out of range, an `initial` of another length, a device that is not there, or an operation that burn does
    /// not have on it.
    pub fn prepare<'a>(
        &'a self,
        initial: &'a [f64],
        settings: &'a Settings,
    ) -> Result<DensityRun<'a>, ModelError> {
        settings.validate()?;
        if self.dim == 0 {
            return Err(SampleError::NoParameters.into());
        }
        if initial.len() != self.dim {
            return Err(SampleError::InitialLength { seen: initial.len(), expected: self.dim }.into());
        }
        let target = match &self.program {
            Captured::Tape(tape) => Target::Tape(PlacedTape::new(tape.clone(), initial, settings)?),
            Captured::Replay { density, .. } => {
                let choice = choose_replay(settings.device)?;
                Target::Replay { density: placed(density, &choice)?, choice }
            }
        };
        Ok(DensityRun { target, initial, settings })
    }

    /// Samples the density with NUTS where [`Density::prepare`] puts it.
    ///
    /// # Errors
    /// As [`Density::prepare`] and [`DensityRun::sample`].
    pub fn sample(&self, initial: &[f64], settings: &Settings) -> Result<Draws, ModelError> {
        self.prepare(initial, settings)?.sample()
    }
}

/// The density where it is to be replayed.
fn placed<'a>(density: &'a ReplayDensity, choice: &Choice) -> Result<Cow<'a, ReplayDensity>, ProgramError> {
    match &choice.place {
        #[cfg(feature = "burn-wgpu")]
        crate::Place::Gpu(device) => Ok(Cow::Owned(density.clone().on_gpu(device)?)),
        _ => Ok(Cow::Borrowed(density)),
    }
}

/// A density, and the place where it will be sampled.
pub struct DensityRun<'a> {
    target: Target<'a>,
    initial: &'a [f64],
    settings: &'a Settings,
}

enum Target<'a> {
    Tape(PlacedTape),
    Replay { density: Cow<'a, ReplayDensity>, choice: Choice },
}

impl DensityRun<'_> {
    /// Where the density is sampled, and why there.
    pub fn choice(&self) -> &Choice {
        match &self.target {
            Target::Tape(tape) => tape.choice(),
            Target::Replay { choice, .. } => choice,
        }
    }

    /// Samples the density with NUTS.
    ///
    /// # Errors
    /// A run that does not fit into memory, no place to start, or a device that fails.
    pub fn sample(&self) -> Result<Draws, ModelError> {
        let Self { target, initial, settings } = self;
        let progress = Progress::new(settings.chains);
        match target {
            Target::Replay { density, .. } => {
                Ok(run::sample(density.as_ref(), initial, settings, &progress)?)
            }
            Target::Tape(tape) => {
                let dim = initial.len();
                settings.check_memory(dim, dim)?;
                let warmup = if settings.keep_warmup { settings.tune } else { 0 };
                let mut sink = InMemory::new(settings.chains, dim, settings.draws, warmup);
                let (record, _) = tape.sample_into(initial, settings, &progress, &mut sink, &[])?;
                Ok(sink.into_draws(record))
            }
        }
    }
}
