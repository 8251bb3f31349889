//! Estimate a target from batches of its rows, corrected by what is known exactly at one position.
//!
//! ```text
//! estimate(q) = p_B(q) - p_B(a) + p(a)        p_B from the rows of the batch, p from all rows;  likewise gradients
//! ```
//!
//! A batch errs by as many posterior deviations as the square root of the number of batches that the rows make, too much
//! to find a mean with; the difference of two positions errs by as much as they are apart. The anchor `a` is moved to
//! the mean of the approximation now and then, at the price of one gradient of all rows each time.
//!
//! The rows of a batch are one out of each of equal parts of the data, drawn anew from the name of the iteration.
//!
//! # References
//! - Johnson, Zhang (2013), Accelerating stochastic gradient descent using predictive variance reduction, NeurIPS 26,
//!   section 2.

use super::evaluations::{Batch, share};
use super::key::{Purpose, key};
use crate::density::{LogDensity, RowDensity};

/// Fewest rows that are taken together when all are read.
const PIECE: usize = 1 << 16;

/// A target with the batch of the moment.
pub(super) struct Batches<'a> {
    target: &'a dyn RowDensity,
    size: usize,
    seed: u64,
    pub(super) estimate: Box<dyn LogDensity>,
    /// Position, log density and gradient.
    anchor: Option<Batch>,
    /// What is to be added to log densities and gradients of the batch of the moment.
    correction: Option<Batch>,
}

impl<'a> Batches<'a> {
    /// Begins with the batch of iteration 0.
    pub(super) fn new(target: &'a dyn RowDensity, size: usize, seed: u64) -> Self {
        let estimate = target.estimate(&drawn(target.rows(), size, seed, 0));
        Self { target, size, seed, estimate, anchor: None, correction: None }
    }

    /// The share of the rows that a batch has.
    pub(super) fn fraction(&self) -> f64 {
        self.size as f64 / self.target.rows() as f64
    }

    /// Takes another batch.
    pub(super) fn renew(&mut self, iteration: usize) {
        self.estimate = self.target.estimate(&drawn(self.target.rows(), self.size, self.seed, iteration));
        self.correction = self.anchor.clone().map(|mut anchor| {
            let (log_density, gradient) = (anchor.log_density.clone(), anchor.gradient.clone());
            share(&mut [self.estimate.evaluator()], &mut anchor, 0.0);
            anchor.log_density.iter_mut().zip(log_density).for_each(|(seen, exact)| *seen = exact - *seen);
            anchor.gradient.iter_mut().zip(gradient).for_each(|(seen, exact)| *seen = exact - *seen);
            anchor
        });
    }

    /// Moves the anchor, unless the density is not finite there.
    pub(super) fn anchor(&mut self, position: &[f64], threads: usize) {
        let mut anchor = Batch::at(position.to_vec(), position.len());
        self.evaluate_all(&mut anchor, threads);
        self.anchor = Some(anchor).filter(Batch::is_finite);
        self.correction = None;
    }

    /// Adds the correction to estimates.
    pub(super) fn correct(&self, batch: &mut Batch) {
        let Some(correction) = &self.correction else { return };
        batch.log_density.iter_mut().for_each(|log_density| *log_density += correction.log_density[0]);
        for gradient in batch.gradient.chunks_exact_mut(correction.gradient.len()) {
            gradient.iter_mut().zip(&correction.gradient).for_each(|(g, c)| *g += c);
        }
    }

    /// Fills in log densities and gradients from all rows: estimates from pieces of the rows, averaged.
    pub(super) fn evaluate_all(&self, batch: &mut Batch, threads: usize) {
        let rows = self.target.rows();
        let mut part = batch.clone();
        batch.log_density.fill(0.0);
        batch.gradient.fill(0.0);
        let all: Vec<u32> = (0..rows as u32).collect();
        let mut seconds_each = f64::INFINITY;
        for piece in all.chunks(self.size.max(PIECE)) {
            let estimate = self.target.estimate(piece);
            let mut evaluators: Vec<_> = (0..threads).map(|_| estimate.evaluator()).collect();
            seconds_each = share(&mut evaluators, &mut part, seconds_each);
            let weight = piece.len() as f64 / rows as f64;
            batch.log_density.iter_mut().zip(&part.log_density).for_each(|(sum, x)| *sum += weight * x);
            batch.gradient.iter_mut().zip(&part.gradient).for_each(|(sum, x)| *sum += weight * x);
        }
    }
}

/// The rows of the batch of an iteration, in order.
fn drawn(rows: usize, size: usize, seed: u64, iteration: usize) -> Vec<u32> {
    let mut uniform = vec![0.0; size];
    key(seed, Purpose::Rows, iteration, 0).fill_uniform(0, &mut uniform);
    let width = rows as f64 / size as f64;
    let row = |(part, u): (usize, f64)| (((part as f64 + u) * width) as u32).min(rows as u32 - 1);
    uniform.into_iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_as_often_and_every_iteration_draws_anew() {
        let mut counts = [0usize; 7];
        for iteration in 0..7000 {
            drawn(7, 3, 1, iteration).into_iter().for_each(|row| counts[row as usize] += 1);
        }
        // 3000 of each, with a standard error below 55.
        assert!(counts.iter().all(|&count| count.abs_diff(3000) < 250), "{counts:?}");
        assert_ne!(drawn(1000, 10, 1, 0), drawn(1000, 10, 1, 1));
        assert_eq!(drawn(1000, 10, 1, 5), drawn(1000, 10, 1, 5));
    }
}
