//! Evaluate a target for batches of positions, on as many threads as pay, and count the gradients.
//!
//! A batch is split into contiguous groups, one a thread, when the last batch says that it takes longer than starting
//! threads does. What a position gets does not depend on the batch it stands in, so results do not depend on threads.

use std::time::Instant;

use super::batches::Batches;
use crate::density::{Evaluator, LogDensity};

/// Seconds that a batch must take before it is split.
const WORTH_THREADS: f64 = 3e-4;
/// Executors work on blocks of this many positions.
const BLOCK: usize = 16;

/// Positions with what the target says about them.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    dim: usize,
    /// `[count, dim]`
    pub(super) position: Vec<f64>,
    /// `[count]`
    pub(super) log_density: Vec<f64>,
    /// `[count, dim]`
    pub(super) gradient: Vec<f64>,
}

impl Batch {
    pub(super) fn new(count: usize, dim: usize) -> Self {
        let (position, gradient) = (vec![0.0; count * dim], vec![0.0; count * dim]);
        Self { dim, position, log_density: vec![0.0; count], gradient }
    }

    /// A batch of these positions, `[count, dim]`.
    pub(super) fn at(position: Vec<f64>, dim: usize) -> Self {
        let (count, gradient) = (position.len() / dim, vec![0.0; position.len()]);
        Self { dim, position, log_density: vec![0.0; count], gradient }
    }

    pub(super) fn count(&self) -> usize {
        self.log_density.len()
    }

    pub(super) fn positions(&self) -> std::slice::ChunksExact<'_, f64> {
        self.position.chunks_exact(self.dim)
    }

    pub(super) fn gradients(&self) -> std::slice::ChunksExact<'_, f64> {
        self.gradient.chunks_exact(self.dim)
    }

    /// Whether log density and gradient of one position are finite.
    pub(super) fn is_finite_at(&self, row: usize) -> bool {
        let gradient = &self.gradient[row * self.dim..(row + 1) * self.dim];
        self.log_density[row].is_finite() && gradient.iter().all(|g| g.is_finite())
    }

    /// Whether all are finite.
    pub(super) fn is_finite(&self) -> bool {
        self.log_density.iter().chain(&self.gradient).all(|x| x.is_finite())
    }
}

/// A target, or what estimates it, with a count of the gradients.
pub(super) struct Evaluations<'a> {
    dim: usize,
    threads: usize,
    source: Source<'a>,
    seconds_each: f64,
    /// Estimates count for the share of the rows that they read.
    gradients: f64,
}

enum Source<'a> {
    Whole(Vec<Box<dyn Evaluator + 'a>>),
    Rows(Batches<'a>),
}

impl<'a> Evaluations<'a> {
    pub(super) fn new(target: &'a dyn LogDensity, threads: usize) -> Self {
        let evaluators = (0..threads).map(|_| target.evaluator()).collect();
        Self {
            dim: target.dim(),
            threads,
            source: Source::Whole(evaluators),
            seconds_each: 0.0,
            gradients: 0.0,
        }
    }

    /// Estimates from batches of rows.
    pub(super) fn of_rows(batches: Batches<'a>, dim: usize, threads: usize) -> Self {
        Self { dim, threads, source: Source::Rows(batches), seconds_each: 0.0, gradients: 0.0 }
    }

    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// Gradients so far.
    pub(super) fn gradients(&self) -> u64 {
        self.gradients.ceil() as u64
    }

    /// Fills in log densities and gradients; of a target of rows, estimates from the batch of the moment.
    pub(super) fn evaluate(&mut self, batch: &mut Batch) {
        match &mut self.source {
            Source::Whole(evaluators) => {
                self.seconds_each = share(evaluators, batch, self.seconds_each);
                self.gradients += batch.count() as f64;
            }
            Source::Rows(batches) => {
                let mut evaluators: Vec<_> =
                    (0..self.threads).map(|_| batches.estimate.evaluator()).collect();
                self.seconds_each = share(&mut evaluators, batch, self.seconds_each);
                batches.correct(batch);
                self.gradients += batch.count() as f64 * batches.fraction();
            }
        }
    }

    /// Fills in log densities and gradients without error, whatever that takes.
    pub(super) fn evaluate_exactly(&mut self, batch: &mut Batch) {
        match &self.source {
            Source::Whole(_) => self.evaluate(batch),
            Source::Rows(batches) => {
                batches.evaluate_all(batch, self.threads);
                self.gradients += batch.count() as f64;
            }
        }
    }

    /// Takes another batch of rows, where the target has rows.
    pub(super) fn renew(&mut self, iteration: usize) {
        if let Source::Rows(batches) = &mut self.source {
            batches.renew(iteration);
            self.gradients += batches.fraction();
        }
    }

    /// Evaluates a position exactly, so that estimates near to it are good; where the target has rows.
    pub(super) fn anchor(&mut self, position: &[f64]) {
        if let Source::Rows(batches) = &mut self.source {
            batches.anchor(position, self.threads);
            self.gradients += 1.0;
        }
    }

    /// The log density of one position; writes its gradient.
    pub(super) fn evaluate_one(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let mut batch = Batch::at(position.to_vec(), self.dim);
        self.evaluate(&mut batch);
        gradient.copy_from_slice(&batch.gradient);
        batch.log_density[0]
    }
}

/// Evaluates a batch on as many of the evaluators as pay; returns the seconds that one position took one of them.
pub(super) fn share<'e>(
    evaluators: &mut [Box<dyn Evaluator + 'e>],
    batch: &mut Batch,
    seconds_each: f64,
) -> f64 {
    let (count, dim) = (batch.count(), batch.dim);
    let pays = seconds_each * count as f64 > WORTH_THREADS;
    let workers = if pays { evaluators.len() } else { 1 };
    let share = count.div_ceil(workers).next_multiple_of(BLOCK);
    let begun = Instant::now();
    let parts = batch.position.chunks(share * dim).zip(batch.log_density.chunks_mut(share));
    let mut parts = parts.zip(batch.gradient.chunks_mut(share * dim)).zip(evaluators);
    if share >= count {
        if let Some((((position, log_density), gradient), evaluator)) = parts.next() {
            evaluator.evaluate(position, log_density, gradient);
        }
    } else {
        std::thread::scope(|scope| {
            for (((position, log_density), gradient), evaluator) in parts {
                scope.spawn(move || evaluator.evaluate(position, log_density, gradient));
            }
        });
    }
    let used = count.div_ceil(share);
    begun.elapsed().as_secs_f64() * used as f64 / count as f64
}
