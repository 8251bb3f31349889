//! See how far a run is, and stop it, from another thread.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

use super::Transition;

/// A run as it goes: written by its workers after each draw, read by anyone.
#[derive(Debug)]
pub struct Progress {
    stop: AtomicBool,
    /// Draws that warm-up took, once a warm-up of no fixed length has ended.
    warmup: AtomicU32,
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
        let slots = (0..chains).map(|_| Slot::default()).collect();
        Self { stop: AtomicBool::new(false), warmup: AtomicU32::new(u32::MAX), chains: slots }
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

    /// Draws that warm-up took, when it ended before all its draws; pooled adaptation ends when it has settled.
    pub fn warmup(&self) -> Option<usize> {
        Some(self.warmup.load(Relaxed)).filter(|draws| *draws < u32::MAX).map(|draws| draws as usize)
    }

    /// Takes in a draw of a chain; executors of ensembles call it for every draw.
    ///
    /// # Panics
    /// When there is no such chain.
    pub fn record(&self, chain: usize, transition: &Transition, is_warmup: bool) {
        let slot = &self.chains[chain];
        slot.draws.fetch_add(1, Relaxed);
        slot.divergences.fetch_add(u32::from(transition.diverging && !is_warmup), Relaxed);
        slot.steps.store(transition.n_steps, Relaxed);
        slot.step_size.store(transition.step_size.to_bits(), Relaxed);
    }

    /// Sets the draws of a chain that goes on from an earlier run.
    pub(crate) fn restore(&self, chain: usize, draws: usize) {
        self.chains[chain].draws.store(draws as u32, Relaxed);
    }

    pub(crate) fn end_warmup(&self, draws: usize) {
        self.warmup.store(draws as u32, Relaxed);
    }
}
