//! Markov chain Monte Carlo: chains as state machines, and what they leave behind.
//!
//! - `draws`: positions and statistics of a run.
//! - `error`: why a run did not start.
//! - `key`: names of random numbers.
//! - `nuts`: the sampler.
//! - `progress`: a run seen, and stopped, from another thread.

mod draws;
mod error;
mod key;
pub(crate) mod nuts;
mod progress;
#[cfg(test)]
mod tests;

pub(crate) use draws::ChainRecord;
pub use draws::{Divergence, Draws, Statistics, Tuning};
pub use error::SampleError;
pub use progress::{ChainProgress, Progress};
