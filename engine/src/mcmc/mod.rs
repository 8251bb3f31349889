//! Markov chain Monte Carlo: chains as state machines, and what they leave behind.
//!
//! - `error`: why a run did not start, or did not go on.
//! - `draws`: positions and statistics of a run, in memory.
//! - `sink`: draws handed on in blocks as they are made.
//! - `snapshot`: the state of a run between two draws.
//! - `key`: names of random numbers.
//! - `start`: where chains start.
//! - `progress`: a run seen, and stopped, from another thread.
//! - `batch`: one gradient a tick for many chains.
//! - `nuts`: the sampler.
//! - `chees`: the sampler whose chains all take the same number of steps.
//! - `ensemble`: the seam for chains that share their tuning; `host_ensemble`: such chains on the processor.

pub(crate) mod batch;
pub(crate) mod chees;
mod draws;
mod ensemble;
mod error;
mod host_ensemble;
pub(crate) mod key;
pub(crate) mod nuts;
mod progress;
pub(crate) mod sink;
pub(crate) mod snapshot;
pub(crate) mod start;
#[cfg(test)]
mod tests;

pub use chainfire_kernels::Transition;
pub use draws::{Divergence, Draws, InMemory, RunRecord, Tuning, WarmupDraws};
pub use ensemble::{ChainTuning, Ensemble, EnsembleTuning, Placed, PooledMoments};
pub use error::SampleError;
pub(crate) use error::named;
pub use host_ensemble::HostEnsemble;
pub use progress::{ChainProgress, Progress};
pub use sink::{Block, Sink, SinkError};
pub(crate) use snapshot::CrewState;
pub use snapshot::{ChainSnapshot, EnsembleSnapshot, Snapshot};
pub use start::{Fitted, Init};
