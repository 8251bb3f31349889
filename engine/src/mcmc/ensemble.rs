//! The seam for chains that are moved together: an executor moves them, a driver tunes them.
//!
//! The driver (`run::sample_ensemble`) places the chains, then in rounds tunes and runs them; it reads what it tunes by
//! from [`Ensemble::run`], [`Ensemble::moments`] and, for metrics that are not diagonal, [`Ensemble::places`]. An
//! executor may keep all state on a device: between the calls only what they return crosses.
//!
//! What chain `c` does in its draw `n` depends on the seed, `c`, `n`, where it is and how it is tuned; nothing else.

use serde::{Deserialize, Serialize};

use super::{Progress, SampleError, Sink, Transition};
use crate::adaptation::{Moments, Whitening};

/// Chains that are moved together.
pub trait Ensemble {
    /// Length of a position.
    fn dim(&self) -> usize;

    /// Number of chains.
    fn chains(&self) -> usize;

    /// Puts every chain at a position, with `draw` draws behind it, and evaluates there.
    ///
    /// A place where the density is zero or not defined is data, not an error; the driver puts the chains elsewhere
    /// before it runs them.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    ///
    /// # Errors
    /// What keeps the executor from doing so.
    fn place(&mut self, position: &[f64], draw: usize) -> Result<Placed, SampleError>;

    /// Sets how the next draws are made.
    ///
    /// # Errors
    /// A kind of metric that the executor does not have.
    fn tune(&mut self, tuning: &EnsembleTuning) -> Result<(), SampleError>;

    /// Lets every chain make `draws` more draws, or fewer when `progress` is stopped, and returns the last of each.
    ///
    /// Blocks of draws go to `sink`, if there is one, as they are made; `Block::first` counts from the first draw of
    /// this call, and what has been made when the run is stopped is handed over too. Every draw is recorded in
    /// `progress`.
    ///
    /// # Errors
    /// The sink's, or what keeps the executor from going on.
    fn run(
        &mut self,
        draws: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Vec<Transition>, SampleError>;

    /// Moments of positions and gradients over the chains whose log density is at least `least_log_density`.
    ///
    /// # Errors
    /// What keeps the executor from doing so.
    fn moments(&mut self, least_log_density: f64) -> Result<PooledMoments, SampleError>;

    /// Gradients that were computed so far, those of places without a running chain included.
    fn issued(&self) -> u64;

    /// Where the chains are.
    ///
    /// # Errors
    /// What keeps the executor from telling.
    fn places(&mut self) -> Result<Placed, SampleError>;
}

/// Where chains are.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Unconstrained positions, `[chains, dim]`.
    pub position: Vec<f64>,
    /// Log densities there, `[chains]`.
    pub log_density: Vec<f64>,
    /// Gradients there, `[chains, dim]`.
    pub gradient: Vec<f64>,
}

/// How a chain makes draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainTuning {
    /// Step size, before jitter.
    pub step_size: f64,
    /// A square root of the metric.
    pub whitening: Whitening,
}

/// How the chains of an ensemble make draws.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleTuning {
    /// One for all chains, or one for each.
    pub chains: Vec<ChainTuning>,
    /// Most doublings of a trajectory, not above that of the run.
    pub max_treedepth: usize,
    /// Whether the draws are those of warm-up.
    pub is_warmup: bool,
}

impl EnsembleTuning {
    /// How chain `chain` makes draws.
    pub fn of(&self, chain: usize) -> &ChainTuning {
        &self.chains[if self.chains.len() == 1 { 0 } else { chain }]
    }
}

/// Moments over chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledMoments {
    /// Of positions.
    pub position: Moments,
    /// Of gradients.
    pub gradient: Moments,
}

impl PooledMoments {
    /// Of no chains.
    pub fn new(dim: usize) -> Self {
        Self { position: Moments::new(dim), gradient: Moments::new(dim) }
    }

    /// Adds a chain.
    ///
    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(crate) fn add(&mut self, position: &[f64], gradient: &[f64]) {
        self.position.add(position);
        self.gradient.add(gradient);
    }
}
