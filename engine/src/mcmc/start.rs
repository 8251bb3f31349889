//! Choose where chains start.
//!
//! ```text
//! adapt_diag:          initial
//! jitter+adapt_diag:   initial + Uniform(-1, 1), again until log density and gradient are finite, 11 times at most
//! given:               a position for each chain
//! prior:               a position for each chain, drawn by the caller; after that as with jitter, around it
//! fitted:              a position for each chain; the first metric is made from draws of the fit
//! ```
//!
//! # References
//! - PyMC 5, `pymc.sampling.mcmc.init_nuts` (names, jitter, number of retries).

use std::str::FromStr;

use super::SampleError;
use super::error::named;
use super::key::{DrawKey, Purpose};

/// Positions that a chain tries to start from.
pub(crate) const ATTEMPTS: u32 = 11;

/// Where chains start.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Init {
    /// At the initial position.
    AdaptDiag,
    /// Within 1 of the initial position in every element.
    #[default]
    JitterAdaptDiag,
    /// Exactly at these positions, `[chains, dim]`.
    Given(Vec<f64>),
    /// At these positions, `[chains, dim]`, or where there is no density, within 1 of them.
    Prior(Vec<f64>),
    /// Where a fit says.
    Fitted(Fitted),
}

/// What a fit knows when chains start.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Where chains start, `[chains, dim]`.
    pub starts: Vec<f64>,
    /// Draws of the fit, `[draws, dim]`, from which a chain that tunes itself makes its first metric.
    pub draws: Vec<f64>,
    /// Gradients there, `[draws, dim]`.
    pub gradients: Vec<f64>,
}

impl Init {
    /// The names, those of PyMC, of the ways to start that need no positions.
    pub const NAMES: [(&str, Self); 3] = [
        ("auto", Self::JitterAdaptDiag),
        ("jitter+adapt_diag", Self::JitterAdaptDiag),
        ("adapt_diag", Self::AdaptDiag),
    ];
}

impl FromStr for Init {
    type Err = SampleError;

    fn from_str(name: &str) -> Result<Self, SampleError> {
        named("init", name, &Self::NAMES)
    }
}

/// The positions that chains of a run try.
pub(crate) struct Starts<'a> {
    /// `[dim]`
    pub(crate) initial: &'a [f64],
    pub(crate) init: &'a Init,
    pub(crate) seed: u64,
}

impl Starts<'_> {
    /// Draws of a fit and gradients there, if that is where chains start.
    pub(crate) fn fitted(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        let (draws, gradients): (&[f64], &[f64]) = match self.init {
            Init::Fitted(Fitted { draws, gradients, .. }) => (draws, gradients),
            _ => (&[], &[]),
        };
        let dim = self.initial.len();
        draws.chunks_exact(dim).zip(gradients.chunks_exact(dim))
    }

    /// How many positions a chain tries.
    pub(crate) fn attempts(&self) -> u32 {
        match self.init {
            Init::AdaptDiag | Init::Given(_) | Init::Fitted(_) => 1,
            Init::JitterAdaptDiag | Init::Prior(_) => ATTEMPTS,
        }
    }

    /// Writes the position that chain `chain` tries at this attempt; its jitter is that of chain `jitter`.
    ///
    /// # Shapes
    /// - `position`: `[dim]`
    pub(crate) fn write(&self, chain: usize, jitter: usize, attempt: u32, position: &mut [f64]) {
        let dim = position.len();
        let centre = match self.init {
            Init::AdaptDiag | Init::JitterAdaptDiag => self.initial,
            Init::Given(positions)
            | Init::Prior(positions)
            | Init::Fitted(Fitted { starts: positions, .. }) => &positions[chain * dim..][..dim],
        };
        if self.attempts() == 1 || (attempt == 0 && matches!(self.init, Init::Prior(_))) {
            return position.copy_from_slice(centre);
        }
        DrawKey::new(self.seed, jitter as u32, attempt).of(Purpose::Start).fill_uniform(0, position);
        for (position, centre) in position.iter_mut().zip(centre) {
            *position = centre + (2.0 * *position - 1.0);
        }
    }

    /// Says why chain `chain` did not start at its last attempt.
    pub(crate) fn failure(
        &self,
        chain: usize,
        position: &[f64],
        log_density: f64,
        gradient: &[f64],
    ) -> SampleError {
        let bad = |element: &usize| !gradient[*element].is_finite();
        SampleError::Start {
            chain,
            attempts: self.attempts() as usize,
            position: position.to_vec(),
            log_density,
            bad_gradient_elements: (0..gradient.len()).filter(bad).collect(),
        }
    }
}

/// Whether a chain can start there.
pub(crate) fn is_start(log_density: f64, gradient: &[f64]) -> bool {
    log_density.is_finite() && gradient.iter().all(|element| element.is_finite())
}
