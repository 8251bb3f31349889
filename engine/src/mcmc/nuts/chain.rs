//! Lead one chain from its start through warm-up to its last draw, one gradient at a time.
//!
//! ```text
//! Starting:   initial + Uniform(-1, 1) until density and gradient are finite
//! Searching:  a first step size; then, once, when the metric has changed for the first time
//! Drawing:    trees, tuned after each of the first `tune` draws
//! ```
//!
//! Each call of [`Chain::advance`] takes in one gradient and leaves the place of the next; a finished draw starts the
//! next one in the same call.

use std::time::Instant;

use super::step_search::StepSearch;
use super::tree::{Transition, Tree};
use crate::adaptation::{Metric, Next, Observation, Warmup};
use crate::mcmc::draws::{ChainRecord, Divergence};
use crate::mcmc::key::{DrawKey, Purpose};
use crate::mcmc::{Progress, SampleError};

/// Positions that a chain tries to start from.
pub(crate) const ATTEMPTS: u32 = 11;
/// Step size that the search starts from.
const FIRST_STEP_SIZE: f64 = 0.1;

/// What all chains of a run have in common.
pub(crate) struct Plan<'a> {
    pub(crate) initial: &'a [f64],
    pub(crate) seed: u64,
    pub(crate) tune: usize,
    pub(crate) draws: usize,
    pub(crate) target_accept: f64,
    pub(crate) max_treedepth: usize,
    pub(crate) metric: Metric,
    pub(crate) progress: &'a Progress,
    pub(crate) begun: Instant,
}

/// One chain's part of the batch.
///
/// # Shapes
/// - `position`, `gradient`: `[dim]`
pub(crate) struct Rows<'a> {
    pub(crate) position: &'a mut [f64],
    pub(crate) gradient: &'a mut [f64],
    pub(crate) log_density: f64,
}

/// Whether a chain wants another gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Finished,
    NoStart,
}

#[derive(Clone, Copy)]
enum Phase {
    Starting { attempt: u32 },
    Searching,
    Drawing,
}

/// One chain.
pub(crate) struct Chain<'a> {
    plan: &'a Plan<'a>,
    index: usize,
    /// Draws finished, those of warm-up included.
    draw: usize,
    phase: Phase,
    /// Square root of the metric, `[dim]`.
    scale: Vec<f64>,
    tree: Tree,
    search: StepSearch,
    warmup: Warmup,
    /// Where the draws go, `[draws, dim]`.
    positions: &'a mut [f64],
    record: ChainRecord,
    no_start: Option<SampleError>,
}

impl<'a> Chain<'a> {
    /// Makes chain `index`; leaves in `position` where it first wants the gradient.
    ///
    /// # Shapes
    /// - `positions` (where its draws go): `[draws, dim]`
    /// - `position`: `[dim]`
    pub(crate) fn new(
        plan: &'a Plan<'a>,
        index: usize,
        positions: &'a mut [f64],
        position: &mut [f64],
    ) -> Self {
        let dim = position.len();
        let chain = Self {
            plan,
            index,
            draw: 0,
            phase: Phase::Starting { attempt: 0 },
            scale: vec![1.0; dim],
            tree: Tree::new(dim, plan.max_treedepth),
            search: StepSearch::new(dim, plan.target_accept),
            warmup: Warmup::new(plan.metric, plan.target_accept, plan.tune, dim),
            positions,
            record: ChainRecord::new(plan.draws),
            no_start: None,
        };
        chain.propose_start(0, position);
        chain
    }

    /// Number of the chain among all of the run.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Takes in log density and gradient at the position in `rows`; leaves there the next position, if there is one.
    pub(crate) fn advance(&mut self, rows: Rows<'_>) -> Status {
        self.record.gradients += 1;
        match self.phase {
            Phase::Starting { attempt } => self.advance_start(attempt, rows),
            Phase::Searching => {
                let Rows { position, gradient, log_density } = rows;
                let place = &self.tree.chosen;
                if let Some(step) = self.search.advance(log_density, gradient, place, &self.scale, position) {
                    self.warmup.restart_step_size(step);
                    self.start_draw(position, gradient);
                }
                Status::Running
            }
            Phase::Drawing => {
                let Rows { position, gradient, log_density } = rows;
                match self.tree.advance(log_density, &self.scale, position, gradient) {
                    None => Status::Running,
                    Some(transition) => self.finish_draw(transition, position, gradient),
                }
            }
        }
    }

    /// Ends the chain: what it leaves behind, or why it did not start.
    pub(crate) fn into_record(self) -> Result<ChainRecord, SampleError> {
        if let Some(error) = self.no_start {
            return Err(error);
        }
        let mut record = self.record;
        record.tuning.step_size = self.warmup.average_step_size();
        record.tuning.metric = self.scale.iter().map(|scale| scale * scale).collect();
        if record.warmup_seconds.is_none() {
            record.tuning.gradients = record.gradients;
        }
        Ok(record)
    }

    fn key(&self) -> DrawKey {
        DrawKey::new(self.plan.seed, self.index as u32, self.draw as u32)
    }

    fn propose_start(&self, attempt: u32, position: &mut [f64]) {
        let key = DrawKey::new(self.plan.seed, self.index as u32, attempt).of(Purpose::Start);
        key.fill_uniform(0, position);
        for (position, initial) in position.iter_mut().zip(self.plan.initial) {
            *position = initial + (2.0 * *position - 1.0);
        }
    }

    fn advance_start(&mut self, attempt: u32, rows: Rows<'_>) -> Status {
        let Rows { position, gradient, log_density } = rows;
        let bad_gradient_elements = gradient.iter().filter(|element| !element.is_finite()).count();
        if log_density.is_finite() && bad_gradient_elements == 0 {
            self.tree.chosen.set(position, gradient, log_density);
            self.warmup.start(position, gradient, &mut self.scale);
            if self.plan.tune == 0 {
                self.finish_warmup();
            }
            self.search_step_size(position);
            return Status::Running;
        }
        let attempts = attempt + 1;
        if attempts == ATTEMPTS {
            self.no_start = Some(SampleError::Start {
                chain: self.index,
                attempts: attempts as usize,
                position: position.to_vec(),
                log_density,
                bad_gradient_elements,
            });
            return Status::NoStart;
        }
        self.phase = Phase::Starting { attempt: attempts };
        self.propose_start(attempts, position);
        Status::Running
    }

    fn search_step_size(&mut self, position: &mut [f64]) {
        self.phase = Phase::Searching;
        self.search.start(self.key(), FIRST_STEP_SIZE, &self.tree.chosen, &self.scale, position);
    }

    fn start_draw(&mut self, position: &mut [f64], gradient: &mut [f64]) {
        self.phase = Phase::Drawing;
        self.tree.start(self.key(), self.warmup.step_size(), &self.scale, position, gradient);
    }

    fn finish_draw(&mut self, transition: Transition, position: &mut [f64], gradient: &mut [f64]) -> Status {
        let plan = self.plan;
        let kept = self.draw.checked_sub(plan.tune);
        let divergence = transition.diverging && kept.is_some();
        plan.progress.record(self.index, divergence, transition.n_steps, transition.step_size);
        let next = match kept {
            None => self.tune(&transition),
            Some(draw) => {
                if transition.diverging {
                    let start = self.tree.start_of_step(&self.scale, position);
                    let divergence = Divergence { chain: self.index, draw, start, end: position.to_vec() };
                    self.record.divergences.push(divergence);
                }
                let dim = position.len();
                self.positions[draw * dim..][..dim].copy_from_slice(&self.tree.chosen.position);
                self.record.transitions.push(transition);
                Next::Draw
            }
        };
        self.draw += 1;
        if self.draw == plan.tune {
            self.finish_warmup();
        }
        if self.draw == plan.tune + plan.draws {
            return Status::Finished;
        }
        match next {
            Next::Draw => self.start_draw(position, gradient),
            Next::SearchStepSize => self.search_step_size(position),
        }
        Status::Running
    }

    fn tune(&mut self, transition: &Transition) -> Next {
        let moved = transition.index_in_trajectory.unsigned_abs();
        let seen = Observation {
            position: &self.tree.chosen.position,
            gradient: &self.tree.chosen.gradient,
            acceptance: transition.acceptance_rate,
            symmetric_acceptance: transition.symmetric_acceptance_rate,
            informative: moved > if transition.diverging { 4 } else { 0 },
        };
        self.warmup.update(&seen, &mut self.scale)
    }

    fn finish_warmup(&mut self) {
        self.record.tuning.gradients = self.record.gradients;
        self.record.warmup_seconds = Some(self.plan.begun.elapsed().as_secs_f64());
    }
}
