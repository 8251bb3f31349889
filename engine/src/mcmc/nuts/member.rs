//! Let one chain of an ensemble make draws, tuned from outside.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::tree::Tree;
use crate::mcmc::batch::{Rows, Seat, Status};
use crate::mcmc::key::DrawKey;
use crate::mcmc::sink::{Filling, SharedSink};
use crate::mcmc::{ChainTuning, EnsembleTuning, Progress, SinkError, Transition};

/// What all members do in a stretch of draws.
pub(crate) struct Orders<'a> {
    pub(crate) seed: u64,
    pub(crate) draws: usize,
    pub(crate) tuning: &'a EnsembleTuning,
    pub(crate) progress: &'a Progress,
    pub(crate) sink: Option<&'a SharedSink<'a>>,
    /// Set when the sink failed: all stop.
    pub(crate) failed: AtomicBool,
}

/// A chain that is tuned from outside.
pub(crate) struct Member {
    pub(crate) index: usize,
    /// Draws made, which count on through all stretches.
    pub(crate) draw: usize,
    pub(crate) tree: Tree,
    pub(crate) last: Transition,
}

/// A member that makes draws.
pub(crate) struct MemberAtWork<'m, 'a> {
    member: &'m mut Member,
    orders: &'a Orders<'a>,
    left: usize,
    filling: Filling,
    failure: Option<SinkError>,
}

impl Member {
    pub(crate) fn new(index: usize, dim: usize, max_treedepth: usize) -> Self {
        Self { index, draw: 0, tree: Tree::new(dim, max_treedepth), last: Transition::default() }
    }

    /// Begins a stretch of draws.
    pub(crate) fn work<'a>(&mut self, orders: &'a Orders<'a>) -> MemberAtWork<'_, 'a> {
        let filling = Filling::new(self.index, self.tree.chosen.position.len(), 0, orders.tuning.is_warmup);
        MemberAtWork { member: self, orders, left: orders.draws, filling, failure: None }
    }
}

impl<'a> MemberAtWork<'_, 'a> {
    /// Ends the stretch: draws that are still held are handed over.
    pub(crate) fn end(mut self) -> Result<(), SinkError> {
        match (self.failure, self.orders.sink) {
            (Some(failure), _) => Err(failure),
            (None, Some(sink)) => self.filling.hand_over(sink),
            (None, None) => Ok(()),
        }
    }

    pub(crate) fn index(&self) -> usize {
        self.member.index
    }

    fn tuning(&self) -> &'a ChainTuning {
        self.orders.tuning.of(self.member.index)
    }

    fn start_draw(&mut self, position: &mut [f64], gradient: &mut [f64]) {
        let ChainTuning { step_size, ref whitening } = *self.tuning();
        let key = DrawKey::new(self.orders.seed, self.member.index as u32, self.member.draw as u32);
        self.member.tree.start(key, step_size, whitening, position, gradient);
    }

    fn keep(&mut self, transition: Transition, position: &[f64]) -> Result<(), SinkError> {
        let Some(sink) = self.orders.sink else { return Ok(()) };
        let tree = &self.member.tree;
        let ends = transition.diverging.then(|| tree.ends_of_step(&self.tuning().whitening, position));
        match self.filling.push(&tree.chosen.position, transition, ends) {
            true => self.filling.hand_over(sink),
            false => Ok(()),
        }
    }
}

impl Seat for MemberAtWork<'_, '_> {
    fn begin(&mut self, Rows { position, gradient, .. }: Rows<'_>) {
        self.start_draw(position, gradient);
    }

    fn advance(&mut self, Rows { position, gradient, log_density }: Rows<'_>) -> Status {
        let whitening = &self.tuning().whitening;
        let Some(transition) = self.member.tree.advance(log_density, whitening, position, gradient) else {
            return Status::Running;
        };
        self.orders.progress.record(self.member.index, &transition, self.orders.tuning.is_warmup);
        self.failure = self.keep(transition, position).err();
        self.member.last = transition;
        self.member.draw += 1;
        self.left -= 1;
        if self.failure.is_some() {
            self.orders.failed.store(true, Relaxed);
            return Status::Done;
        }
        if self.left == 0 {
            return Status::Done;
        }
        self.start_draw(position, gradient);
        Status::Running
    }
}
