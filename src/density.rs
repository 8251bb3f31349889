//! A raw density: any function of burn tensors for one chain, sampled as it is.

use burn_tensor::Tensor;
use chainfire_engine::density::LogDensity;
use chainfire_engine::mcmc::{Draws, Progress, SampleError};
use chainfire_engine::program::{self, Program, ProgramError, TapeDensity};
use chainfire_engine::run::{self, Settings};

/// A log density written with burn tensors for one position; captured once, with its gradient, when it is made.
pub struct Density {
    target: Box<dyn LogDensity>,
    fallback: Option<ProgramError>,
    dim: usize,
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
        let program = program::density::<ProgramError>(dim, |position| Ok(log_density(position)))?;
        let (target, fallback): (Box<dyn LogDensity>, _) = match program {
            Program::Tape(tape) => (Box::new(TapeDensity::new(&tape)), None),
            Program::Replay { density, reason } => (Box::new(density), Some(reason)),
        };
        Ok(Self { target, fallback, dim })
    }

    /// Why the density is replayed by burn, slowly, instead of run as a tape; `None` when it is a tape.
    pub fn fallback(&self) -> Option<&ProgramError> {
        self.fallback.as_ref()
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Samples the density with NUTS; chains start within 1 of `initial` (`[dim]`) in every element.
    ///
    /// # Errors
    /// Options out of range, an `initial` of another length, or no place to start.
    pub fn sample(&self, initial: &[f64], settings: &Settings) -> Result<Draws, SampleError> {
        run::sample(self.target.as_ref(), initial, settings, &Progress::new(settings.chains))
    }
}
