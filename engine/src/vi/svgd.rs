//! Move particles by Stein variational gradient descent: along the gradient, and away from each other.
//!
//! ```text
//! phi(x_i) = mean over j of  k(x_j, x_i) grad log p(x_j) + grad_(x_j) k(x_j, x_i),   k(x, y) = exp(-|x - y|^2 / h)
//! h = median of |x_i - x_j|^2 over log n;   distances in units of the particles' standard deviations
//! x_i <- x_i + rate RMSprop(phi(x_i))
//! ```
//!
//! The objective is the squared kernel Stein discrepancy, mean over pairs of `phi`'s norm in the kernel's space, whose
//! minimum the particles seek. The rate is halved whenever it no longer falls. With few particles for the dimensions
//! the spread comes out too small, and there is no density, so no k-hat: a method for a first look.
//!
//! # Differences from the paper
//! Particles start as draws from the mean-field optimum. Distances are scaled by deviations, the rate is halved, and a particle does not move to where the density is not
//! finite.
//!
//! # References
//! - Liu, Wang (2016), Stein variational gradient descent, algorithm 1 and section 5. arXiv:1608.04471
//! - Liu, Lee, Jordan (2016), A kernelized Stein discrepancy for goodness-of-fit tests, theorem 3.6. arXiv:1602.03253

use super::FitError;
use super::dadvi;
use super::evaluations::Batch;
use super::fit::{Fit, Outcome};
use super::key::{Purpose, noise};
use super::work::Work;

const FIRST_RATE: f64 = 0.1;
/// The fit ends at this rate.
const LAST_RATE: f64 = 1e-3;
/// Iterations between looks at the objective.
const BLOCK: usize = 50;
/// Least fall of the objective over a block, as a share of it, that keeps the rate.
const LEAST_FALL: f64 = 0.02;
/// How much of the average of squares is kept.
const MEMORY: f64 = 0.9;

/// Fewer particles than this for each dimension are few.
const FEW: usize = 20;

/// Fits particles.
pub(super) fn fit(work: &mut Work<'_>) -> Result<Fit, FitError> {
    let (dim, count) = (work.dim(), work.settings.batch_for(work.dim()));
    let mut batch = Batch::new(count, dim);
    let start = dadvi::optimum(work)?;
    start.write(&noise(work.settings.seed, Purpose::Start, 0, count, dim), &mut batch.position);
    work.evaluations.evaluate(&mut batch);
    let mut squares: Option<Vec<f64>> = None;
    let (mut rate, mut history, mut last_block) = (FIRST_RATE, Vec::new(), f64::INFINITY);
    let outcome = loop {
        if work.progress.is_stopped() {
            break Outcome::Stopped;
        }
        if history.len() == work.settings.iterations {
            break Outcome::Iterations;
        }
        let scale = deviations(&batch, dim);
        let Flow { velocity, discrepancy } = flow(&batch, &scale);
        history.push(discrepancy);
        let halvings = (FIRST_RATE / rate).log2() / (FIRST_RATE / LAST_RATE).log2();
        let fraction = halvings.max(history.len() as f64 / work.settings.iterations as f64);
        work.progress.record(history.len(), discrepancy, fraction);
        if history.len().is_multiple_of(BLOCK) {
            let block = history[history.len() - BLOCK..].iter().sum::<f64>() / BLOCK as f64;
            if block > (1.0 - LEAST_FALL) * last_block {
                rate *= 0.5;
            }
            last_block = block;
            if rate < LAST_RATE {
                break Outcome::Converged;
            }
        }
        let squares = squares.get_or_insert_with(|| velocity.iter().map(|v| v * v).collect());
        let mut next = batch.clone();
        for (at, v) in velocity.iter().enumerate() {
            squares[at] = MEMORY * squares[at] + (1.0 - MEMORY) * v * v;
            next.position[at] += rate * scale[at % dim] * v / (squares[at].sqrt() + f64::MIN_POSITIVE);
        }
        work.evaluations.evaluate(&mut next);
        for row in 0..count {
            if next.is_finite_at(row) {
                let range = row * dim..(row + 1) * dim;
                batch.position[range.clone()].copy_from_slice(&next.position[range.clone()]);
                batch.gradient[range.clone()].copy_from_slice(&next.gradient[range]);
                batch.log_density[row] = next.log_density[row];
            }
        }
    };
    let mut fit = Fit::of_draws(work, batch, history, outcome);
    if count < FEW * dim {
        fit.notes.push(format!(
            "{count} particles are few for {dim} dimensions: their spread is too small, by more the more dimensions \
             there are; {} or more show it better",
            FEW * dim
        ));
    }
    Ok(fit)
}

fn deviations(batch: &Batch, dim: usize) -> Vec<f64> {
    let count = batch.count() as f64;
    let deviation = |i: usize| {
        let mean = batch.positions().map(|q| q[i]).sum::<f64>() / count;
        let square = batch.positions().map(|q| (q[i] - mean).powi(2)).sum::<f64>() / count;
        square.sqrt().max(f64::MIN_POSITIVE)
    };
    (0..dim).map(deviation).collect()
}

/// Where particles go.
struct Flow {
    /// In units of the scale, `[count, dim]`.
    velocity: Vec<f64>,
    discrepancy: f64,
}

/// The flow in coordinates divided by `scale`.
fn flow(batch: &Batch, scale: &[f64]) -> Flow {
    let (count, dim) = (batch.count(), scale.len());
    let y: Vec<f64> = batch.position.iter().enumerate().map(|(at, q)| q / scale[at % dim]).collect();
    let slope: Vec<f64> = batch.gradient.iter().enumerate().map(|(at, g)| g * scale[at % dim]).collect();
    let row = |of: usize| of * dim..(of + 1) * dim;
    let mut squares = vec![0.0; count * count];
    for i in 0..count {
        for j in 0..i {
            let square = y[row(i)].iter().zip(&y[row(j)]).map(|(a, b)| (a - b).powi(2)).sum();
            (squares[i * count + j], squares[j * count + i]) = (square, square);
        }
    }
    let mut sorted: Vec<f64> = (0..count).flat_map(|i| squares[i * count..i * count + i].to_vec()).collect();
    let middle = sorted.len() / 2;
    let median = *sorted.select_nth_unstable_by(middle, f64::total_cmp).1;
    let width = (median / (count as f64).ln()).max(f64::MIN_POSITIVE);
    let mut velocity = vec![0.0; count * dim];
    let mut discrepancy = 0.0;
    for i in 0..count {
        for j in 0..count {
            let kernel = (-squares[i * count + j] / width).exp();
            // The gradient of the kernel in its first argument, x_j, is -2 (x_j - x_i)/h k.
            let mut product = 0.0;
            for d in 0..dim {
                let apart = y[j * dim + d] - y[i * dim + d];
                let (own, other) = (slope[i * dim + d], slope[j * dim + d]);
                velocity[i * dim + d] += kernel * (other - 2.0 * apart / width);
                product += own * other + 2.0 * apart / width * (other - own);
            }
            product += 2.0 * dim as f64 / width - 4.0 * squares[i * count + j] / (width * width);
            discrepancy += kernel * product;
        }
    }
    velocity.iter_mut().for_each(|v| *v /= count as f64);
    Flow { velocity, discrepancy: discrepancy / (count * count) as f64 }
}
