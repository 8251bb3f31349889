//! Tune the step size and the metric of one chain, draw by draw.
//!
//! The step size is searched for at the start and tuned by dual averaging at every draw. When the metric changes, and
//! when that asks for a new search, is the schedule that comes with the metric: `two_windows` for those made from
//! gradients too, `stan_windows` for those made from draws alone.

use serde::{Deserialize, Serialize};

use super::dual_averaging::DualAveraging;
use super::metric::Metric;
use super::stan_windows::StanWindows;
use super::two_windows::TwoWindows;
use super::whitening::Whitening;
use crate::mcmc::Transition;

/// What a finished draw tells its tuner.
///
/// # Shapes
/// - `position`, `gradient`: `[dim]`
pub(crate) struct Observation<'a> {
    pub(crate) position: &'a [f64],
    pub(crate) gradient: &'a [f64],
    /// Mean over leaves of `min(1, ratio)`, with `ratio = exp(-energy error)`.
    pub(crate) acceptance: f64,
    /// Mean over leaves of `2 min(1, ratio) / (1 + ratio)`, the same in expectation and less noisy once settled.
    pub(crate) symmetric_acceptance: f64,
    /// Whether the draw moved far enough from the last to add something.
    pub(crate) informative: bool,
}

impl<'a> Observation<'a> {
    /// What a draw that ended at a position tells.
    ///
    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(crate) fn of(transition: &Transition, position: &'a [f64], gradient: &'a [f64]) -> Self {
        let moved = transition.index_in_trajectory.unsigned_abs();
        Self {
            position,
            gradient,
            acceptance: transition.acceptance_rate,
            symmetric_acceptance: transition.symmetric_acceptance_rate,
            informative: moved > if transition.diverging { 4 } else { 0 },
        }
    }
}

/// What a chain does after a tuning draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Makes the next draw.
    Draw,
    /// Looks for a step size from scratch: the metric is a new one.
    SearchStepSize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Schedule {
    StepSizeAlone,
    TwoWindows(TwoWindows),
    StanWindows(StanWindows),
}

/// The tuner of one chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Warmup {
    /// Tuning draws that are still to come.
    left: usize,
    target_accept: f64,
    step: DualAveraging,
    schedule: Schedule,
}

impl Warmup {
    pub(crate) fn new(metric: Metric, target_accept: f64, tune: usize, dim: usize) -> Self {
        let schedule = match metric {
            Metric::Unit => Schedule::StepSizeAlone,
            Metric::FisherDiagonal | Metric::LowRank => {
                Schedule::TwoWindows(TwoWindows::new(metric, tune, dim))
            }
            Metric::VarianceDiagonal | Metric::Dense => {
                Schedule::StanWindows(StanWindows::new(metric, tune, dim))
            }
        };
        Self { left: tune, target_accept, step: DualAveraging::new(target_accept, 1.0), schedule }
    }

    /// Takes in the first position, and makes the first metric: from draws of a fit with gradients, where there are
    /// some.
    ///
    /// # Shapes
    /// - `position`, `gradient`, each of `fitted`: `[dim]`
    pub(crate) fn start<'d>(
        &mut self,
        position: &[f64],
        gradient: &[f64],
        fitted: impl Iterator<Item = (&'d [f64], &'d [f64])>,
        whitening: &mut Whitening,
    ) {
        *whitening = Whitening::unit(position.len());
        match &mut self.schedule {
            Schedule::TwoWindows(schedule) => schedule.start(position, gradient, fitted, whitening),
            Schedule::StanWindows(schedule) => schedule.start(fitted, whitening),
            Schedule::StepSizeAlone => {}
        }
    }

    /// Starts dual averaging at a step size that a search found.
    pub(crate) fn restart_step_size(&mut self, step_size: f64) {
        self.step = DualAveraging::new(self.target_accept, step_size);
    }

    /// Whether no tuning draw is to come.
    pub(crate) fn is_finished(&self) -> bool {
        self.left == 0
    }

    /// Step size of the next draw, before jitter.
    pub(crate) fn step_size(&self) -> f64 {
        if self.left > 0 { self.step.step_size() } else { self.step.average_step_size() }
    }

    /// The step size that would be kept if warm-up ended now.
    pub(crate) fn average_step_size(&self) -> f64 {
        self.step.average_step_size()
    }

    /// Takes in a tuning draw; makes the next metric.
    pub(crate) fn update(&mut self, seen: &Observation<'_>, whitening: &mut Whitening) -> Next {
        self.left -= 1;
        match &mut self.schedule {
            Schedule::StepSizeAlone => {
                self.step.update(seen.acceptance);
                Next::Draw
            }
            Schedule::TwoWindows(schedule) => schedule.update(seen, &mut self.step, whitening),
            Schedule::StanWindows(schedule) => schedule.update(seen, &mut self.step, whitening),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_warm_ups_give_a_finite_step_size_and_metric() {
        for (_, metric) in Metric::NAMES {
            for tune in 0..200 {
                let (mut warmup, mut whitening) = (Warmup::new(metric, 0.8, tune, 1), Whitening::unit(1));
                warmup.start(&[1.0], &[-1.0], std::iter::empty(), &mut whitening);
                for draw in 0..tune {
                    let position = [(draw as f64).sin()];
                    let seen = Observation {
                        position: &position,
                        gradient: &[-position[0]],
                        acceptance: 0.7,
                        symmetric_acceptance: 0.7,
                        informative: true,
                    };
                    if warmup.update(&seen, &mut whitening) == Next::SearchStepSize {
                        warmup.restart_step_size(0.5);
                    }
                    let variance = whitening.variances()[0];
                    assert!(variance > 0.0 && variance.is_finite());
                }
                assert!(warmup.step_size() > 0.0 && warmup.step_size() == warmup.average_step_size());
            }
        }
    }
}
