//! Lead one chain from its start through warm-up to its last draw, one gradient at a time.
//!
//! ```text
//! Starting:   initial + Uniform(-1, 1) until density and gradient are finite
//! Searching:  a first step size; then, once, when the metric has changed for the first time
//! Drawing:    trees, tuned after each of the first `tune` draws
//! ```
//!
//! A finished draw starts the next one in the same call. Between two draws a chain is its [`ChainState`], from which it
//! goes on as if it had never stopped.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::step_search::StepSearch;
use super::tree::Tree;
use crate::adaptation::{Metric, Next, Observation, Warmup, Whitening};
use crate::mcmc::batch::{Rows, Seat, Status};
use crate::mcmc::draws::Tuning;
use crate::mcmc::key::DrawKey;
use crate::mcmc::sink::{Filling, SharedSink};
use crate::mcmc::snapshot::{ChainSnapshot, Snapshot};
use crate::mcmc::start::{Starts, is_start};
use crate::mcmc::{Progress, SampleError, SinkError, Transition};

/// What all chains of a run have in common.
pub(crate) struct Plan<'a> {
    pub(crate) starts: Starts<'a>,
    pub(crate) seed: u64,
    pub(crate) tune: usize,
    pub(crate) draws: usize,
    pub(crate) target_accept: f64,
    pub(crate) max_treedepth: usize,
    pub(crate) metric: Metric,
    pub(crate) keep_warmup: bool,
    pub(crate) checkpoint_every: Option<usize>,
    pub(crate) sink: &'a SharedSink<'a>,
    pub(crate) progress: &'a Progress,
    pub(crate) begun: Instant,
    /// Set when a chain found no start, and when the sink failed.
    pub(crate) no_start: AtomicBool,
    pub(crate) sink_failed: AtomicBool,
}

/// A chain between two draws, or before the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ChainState {
    position: Vec<f64>,
    gradient: Vec<f64>,
    log_density: f64,
    /// Whether a step size is searched for next.
    searches: bool,
    whitening: Whitening,
    warmup: Warmup,
    /// Gradients so far, and those of warm-up once it has ended.
    gradients: u64,
    warmup_gradients: Option<u64>,
    /// Wall time so far, and that of warm-up once it has ended.
    seconds: f64,
    warmup_seconds: Option<f64>,
}

impl ChainState {
    pub(crate) fn dim(&self) -> usize {
        self.position.len()
    }
}

/// What one chain leaves behind, its draws apart.
pub(crate) struct ChainRecord {
    pub(crate) tuning: Tuning,
    /// Kept draws that it finished.
    pub(crate) finished: usize,
    pub(crate) gradients: u64,
    /// Wall time in all, and until warm-up ended.
    pub(crate) seconds: f64,
    pub(crate) warmup_seconds: f64,
}

#[derive(Clone, Copy)]
enum Phase {
    Starting { attempt: u32 },
    Searching,
    Drawing,
}

/// One chain that tunes itself.
pub(crate) struct Chain<'a> {
    plan: &'a Plan<'a>,
    index: usize,
    /// Draws finished, those of warm-up included.
    draw: usize,
    phase: Phase,
    whitening: Whitening,
    tree: Tree,
    search: StepSearch,
    warmup: Warmup,
    filling: Filling,
    gradients: u64,
    warmup_gradients: Option<u64>,
    /// Gradients and wall time of runs that this one goes on from.
    earlier_gradients: u64,
    earlier_seconds: f64,
    warmup_seconds: Option<f64>,
    failure: Option<SampleError>,
}

impl<'a> Chain<'a> {
    /// Makes chain `index`, which has not started yet.
    pub(crate) fn new(plan: &'a Plan<'a>, index: usize) -> Self {
        let dim = plan.starts.initial.len();
        Self {
            plan,
            index,
            draw: 0,
            phase: Phase::Starting { attempt: 0 },
            whitening: Whitening::unit(dim),
            tree: Tree::new(dim, plan.max_treedepth),
            search: StepSearch::new(dim, plan.target_accept),
            warmup: Warmup::new(plan.metric, plan.target_accept, plan.tune, dim),
            filling: Filling::new(index, dim, 0, plan.tune > 0),
            gradients: 0,
            warmup_gradients: None,
            earlier_gradients: 0,
            earlier_seconds: 0.0,
            warmup_seconds: None,
            failure: None,
        }
    }

    /// Makes the chain that `snapshot` was taken of.
    pub(crate) fn restored(plan: &'a Plan<'a>, snapshot: &ChainSnapshot) -> Self {
        let ChainSnapshot { chain, draw, state } = snapshot;
        let mut restored = Self::new(plan, *chain);
        let kept = draw.checked_sub(plan.tune);
        restored.draw = *draw;
        restored.phase = if state.searches { Phase::Searching } else { Phase::Drawing };
        restored.whitening = state.whitening.clone();
        restored.tree.chosen.set(&state.position, &state.gradient, state.log_density);
        restored.warmup = state.warmup.clone();
        restored.filling = Filling::new(*chain, state.position.len(), kept.unwrap_or(*draw), kept.is_none());
        restored.gradients = state.gradients;
        restored.warmup_gradients = state.warmup_gradients;
        restored.earlier_gradients = state.gradients;
        restored.earlier_seconds = state.seconds;
        restored.warmup_seconds = state.warmup_seconds;
        plan.progress.restore(*chain, *draw);
        restored
    }

    /// Number of the chain among all of the run.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Whether it has made all its draws.
    pub(crate) fn is_finished(&self) -> bool {
        self.draw >= self.plan.tune + self.plan.draws
    }

    /// Gradients since it was made or restored.
    pub(crate) fn gradients_of_this_run(&self) -> u64 {
        self.gradients - self.earlier_gradients
    }

    /// Draws of warm-up that it has finished.
    pub(crate) fn warmup_draws(&self) -> usize {
        self.draw.min(self.plan.tune)
    }

    /// Ends the chain: what it leaves behind, or why it failed. Draws that it still holds are handed over.
    pub(crate) fn into_record(mut self) -> Result<ChainRecord, SampleError> {
        if self.failure.is_none() {
            self.failure = self.filling.hand_over(self.plan.sink).err().map(SampleError::Sink);
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let seconds = self.seconds();
        let tuning = Tuning {
            step_size: self.warmup.average_step_size(),
            metric: self.whitening.variances(),
            gradients: self.warmup_gradients.unwrap_or(self.gradients),
        };
        Ok(ChainRecord {
            tuning,
            finished: self.draw.saturating_sub(self.plan.tune),
            gradients: self.gradients,
            seconds,
            warmup_seconds: self.warmup_seconds.unwrap_or(seconds),
        })
    }

    fn seconds(&self) -> f64 {
        self.earlier_seconds + self.plan.begun.elapsed().as_secs_f64()
    }

    fn key(&self) -> DrawKey {
        DrawKey::new(self.plan.seed, self.index as u32, self.draw as u32)
    }

    fn fail(&mut self, failure: SampleError) -> Status {
        let flag = match failure {
            SampleError::Sink(_) => &self.plan.sink_failed,
            _ => &self.plan.no_start,
        };
        flag.store(true, Relaxed);
        self.failure = Some(failure);
        Status::Done
    }

    fn advance_start(&mut self, attempt: u32, rows: Rows<'_>) -> Status {
        let Rows { position, gradient, log_density } = rows;
        let starts = &self.plan.starts;
        if is_start(log_density, gradient) {
            self.tree.chosen.set(position, gradient, log_density);
            self.warmup.start(position, gradient, starts.fitted(), &mut self.whitening);
            if self.plan.tune == 0 {
                self.finish_warmup();
            }
            self.search_step_size(position);
            return Status::Running;
        }
        let attempt = attempt + 1;
        if attempt == starts.attempts() {
            return self.fail(starts.failure(self.index, position, log_density, gradient));
        }
        self.phase = Phase::Starting { attempt };
        starts.write(self.index, self.index, attempt, position);
        Status::Running
    }

    fn search_step_size(&mut self, position: &mut [f64]) {
        self.phase = Phase::Searching;
        self.search.start(self.key(), &self.tree.chosen, &self.whitening, position);
    }

    fn start_draw(&mut self, position: &mut [f64], gradient: &mut [f64]) {
        self.phase = Phase::Drawing;
        self.tree.start(self.key(), self.warmup.step_size(), &self.whitening, position, gradient);
    }

    fn finish_draw(
        &mut self,
        mut transition: Transition,
        position: &mut [f64],
        gradient: &mut [f64],
    ) -> Status {
        let plan = self.plan;
        let tunes = self.draw < plan.tune;
        plan.progress.record(self.index, &transition, tunes);
        let mut is_full = false;
        if !tunes || plan.keep_warmup {
            transition.step_size_bar = self.warmup.average_step_size();
            let ends = transition.diverging.then(|| self.tree.ends_of_step(&self.whitening, position));
            is_full = self.filling.push(&self.tree.chosen.position, transition, ends);
        }
        let next = if tunes { self.tune(&transition) } else { Next::Draw };
        self.draw += 1;
        let (ends_warmup, finished) = (self.draw == plan.tune, self.is_finished());
        if ends_warmup {
            self.finish_warmup();
        }
        let checkpoint =
            plan.checkpoint_every.is_some_and(|every| finished || self.draw.is_multiple_of(every));
        if is_full || ends_warmup || finished || checkpoint {
            if let Err(error) = self.hand_over(checkpoint, next) {
                return self.fail(error.into());
            }
            if ends_warmup {
                self.filling.end_warmup();
            }
        }
        if finished {
            return Status::Done;
        }
        match next {
            Next::Draw => self.start_draw(position, gradient),
            Next::SearchStepSize => self.search_step_size(position),
        }
        Status::Running
    }

    /// Hands over the draws so far and, if asked for, the state after them.
    fn hand_over(&mut self, checkpoint: bool, next: Next) -> Result<(), SinkError> {
        self.filling.hand_over(self.plan.sink)?;
        if !checkpoint {
            return Ok(());
        }
        let place = &self.tree.chosen;
        let state = ChainState {
            position: place.position.clone(),
            gradient: place.gradient.clone(),
            log_density: place.log_density,
            searches: next == Next::SearchStepSize,
            whitening: self.whitening.clone(),
            warmup: self.warmup.clone(),
            gradients: self.gradients,
            warmup_gradients: self.warmup_gradients,
            seconds: self.seconds(),
            warmup_seconds: self.warmup_seconds,
        };
        let snapshot =
            Snapshot::Chain(ChainSnapshot { chain: self.index, draw: self.draw, state: Box::new(state) });
        self.plan.sink.lock().unwrap_or_else(PoisonError::into_inner).checkpoint(snapshot)
    }

    fn tune(&mut self, transition: &Transition) -> Next {
        let place = &self.tree.chosen;
        let seen = Observation::of(transition, &place.position, &place.gradient);
        self.warmup.update(&seen, &mut self.whitening)
    }

    fn finish_warmup(&mut self) {
        self.warmup_gradients = Some(self.gradients);
        self.warmup_seconds = Some(self.seconds());
    }
}

impl Seat for Chain<'_> {
    fn begin(&mut self, Rows { position, gradient, .. }: Rows<'_>) {
        match self.phase {
            Phase::Starting { attempt } => {
                self.plan.starts.write(self.index, self.index, attempt, position);
            }
            Phase::Searching => self.search_step_size(position),
            Phase::Drawing => self.start_draw(position, gradient),
        }
    }

    #[inline(always)]
    fn advance(&mut self, rows: Rows<'_>) -> Status {
        self.gradients += 1;
        match self.phase {
            Phase::Starting { attempt } => self.advance_start(attempt, rows),
            Phase::Searching => {
                let Rows { position, gradient, log_density } = rows;
                let (place, whitening) = (&self.tree.chosen, &self.whitening);
                if let Some(step) = self.search.advance(log_density, gradient, place, whitening, position) {
                    self.warmup.restart_step_size(step);
                    self.start_draw(position, gradient);
                }
                Status::Running
            }
            Phase::Drawing => {
                let Rows { position, gradient, log_density } = rows;
                match self.tree.advance(log_density, &self.whitening, position, gradient) {
                    None => Status::Running,
                    Some(transition) => self.finish_draw(transition, position, gradient),
                }
            }
        }
    }
}
