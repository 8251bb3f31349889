//! Tune one chain from outside, by its draws.

use serde::{Deserialize, Serialize};

use crate::adaptation::{Metric, Next, Observation, Warmup, Whitening};
use crate::mcmc::{ChainTuning, Transition};

/// The tuner of a chain with what it has come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tuner {
    warmup: Warmup,
    whitening: Whitening,
}

impl Tuner {
    pub(crate) fn new(metric: Metric, target_accept: f64, tune: usize, dim: usize) -> Self {
        Self { warmup: Warmup::new(metric, target_accept, tune, dim), whitening: Whitening::unit(dim) }
    }

    /// Takes in the first position; see [`Warmup::start`].
    pub(crate) fn start<'d>(
        &mut self,
        position: &[f64],
        gradient: &[f64],
        fitted: impl Iterator<Item = (&'d [f64], &'d [f64])>,
    ) {
        self.warmup.start(position, gradient, fitted, &mut self.whitening);
    }

    /// Goes on from a step size that a search found.
    pub(crate) fn restart_step_size(&mut self, step_size: f64) {
        self.warmup.restart_step_size(step_size);
    }

    /// Takes in a draw of warm-up.
    ///
    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(crate) fn update(&mut self, seen: &Transition, position: &[f64], gradient: &[f64]) -> Next {
        self.warmup.update(&Observation::of(seen, position, gradient), &mut self.whitening)
    }

    pub(crate) fn is_tuned(&self) -> bool {
        self.warmup.is_finished()
    }

    pub(crate) fn whitening(&self) -> &Whitening {
        &self.whitening
    }

    /// How the next draw is made.
    pub(crate) fn tuning(&self) -> ChainTuning {
        ChainTuning { step_size: self.warmup.step_size(), whitening: self.whitening.clone() }
    }
}
