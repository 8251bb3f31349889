//! See how far a run is, and stop it, from another thread.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

/// A run as it goes: written by its workers after each draw, read by anyone.
#[derive(Debug)]
pub struct Progress {
    stop: AtomicBool,
    chains: Vec<Slot>,
}

/// What is known about one chain, in a cache line of its own.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Slot {
    draws: AtomicU32,
    divergences: AtomicU32,
    steps: AtomicU32,
    step_size: AtomicU64,
}

/// One chain at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainProgress {
    /// Draws done, those of warm-up included.
    pub draws: usize,
    /// Divergences after warm-up.
    pub divergences: usize,
    /// Gradients of the last draw.
    pub n_steps: usize,
    /// Step size of the last draw.
    pub step_size: f64,
}

impl Progress {
    /// Makes the progress of a run that has not begun.
    pub fn new(chains: usize) -> Self {
        Self { stop: AtomicBool::new(false), chains: (0..chains).map(|_| Slot::default()).collect() }
    }

    /// Number of chains.
    pub fn chains(&self) -> usize {
        self.chains.len()
    }

    /// Asks the run to end now; it returns the draws it has.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// Whether the run has been asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    /// Reads what is known about a chain.
    ///
    /// # Panics
    /// When there is no such chain.
    pub fn chain(&self, chain: usize) -> ChainProgress {
        let slot = &self.chains[chain];
        ChainProgress {
            draws: slot.draws.load(Relaxed) as usize,
            divergences: slot.divergences.load(Relaxed) as usize,
            n_steps: slot.steps.load(Relaxed) as usize,
            step_size: f64::from_bits(slot.step_size.load(Relaxed)),
        }
    }

    pub(crate) fn record(&self, chain: usize, divergence: bool, steps: u32, step_size: f64) {
        let slot = &self.chains[chain];
        slot.draws.fetch_add(1, Relaxed);
        slot.divergences.fetch_add(u32::from(divergence), Relaxed);
        slot.steps.store(steps, Relaxed);
        slot.step_size.store(step_size.to_bits(), Relaxed);
    }
}
