//! See how far a fit is, and stop it, from another thread.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

/// A fit as it goes: written by the fit after each iteration, read by anyone.
#[derive(Debug, Default)]
pub struct FitProgress {
    stop: AtomicBool,
    iteration: AtomicUsize,
    objective: AtomicU64,
    fraction: AtomicU64,
}

/// A fit at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitMoment {
    /// Iterations done.
    pub iteration: usize,
    /// The objective there.
    pub objective: f64,
    /// Estimate of how much of the work is done, from 0 to 1.
    pub fraction: f64,
}

impl FitProgress {
    /// Makes the progress of a fit that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the fit to end now; it returns the best it has.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// Whether the fit has been asked to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    /// Reads where the fit is.
    pub fn moment(&self) -> FitMoment {
        FitMoment {
            iteration: self.iteration.load(Relaxed),
            objective: f64::from_bits(self.objective.load(Relaxed)),
            fraction: f64::from_bits(self.fraction.load(Relaxed)),
        }
    }

    pub(super) fn record(&self, iteration: usize, objective: f64, fraction: f64) {
        self.iteration.store(iteration, Relaxed);
        self.objective.store(objective.to_bits(), Relaxed);
        self.fraction.store(fraction.clamp(0.0, 1.0).to_bits(), Relaxed);
    }
}
