//! Fit a family of normals by stochastic natural gradients, with a rate that is halved until it no longer matters.
//!
//! ```text
//! u_n = L' grad log p(q_n) + z_n,  q_n = mu + L z_n        sticking the landing, in the frame of the approximation
//! mu <- mu + rate L mean(u_n),     L <- L exp(rate tril(mean(u_n z_n')), diagonal halved)
//! an epoch:  steps at one rate until the last half of them is stationary (R-hat of its four parts below 1.1 in means
//!            and log scales) and the Monte-Carlo error of their average is below 0.01 standard deviations
//! the end:   two epochs, the rate halved between them, whose averages agree
//! ```
//!
//! The gradients have no variance at the optimum when the family holds the posterior, so a normal posterior is found
//! exactly. Natural gradients do not see the scales of parameters nor, with a dense covariance, their correlations. A
//! step is cut where it would be longer than 2 deviations or change a scale by more than half. An iteration with a draw
//! whose density is not finite narrows the approximation and is repeated; a fit that stays where nothing is finite
//! begins anew at half the rate.
//!
//! The steps begin at the mean-field optimum of fixed draws (`dadvi`): far from an optimum noise could lead them astray,
//! and where parameters are correlated, mean-field steps are short.
//!
//! # Differences from the paper
//! RAABBVI steps with averaged Adam, extrapolates how much the next halving will gain, and takes the lag-corrected
//! error of one chain of iterates; here steps are natural gradients, a halving is simply tried, and the error comes
//! from blocks of 15/rate steps.
//!
//! # References
//! - Welandawe, Andersen, Vehtari, Huggins (2024), A framework for improving the reliability of black-box variational
//!   inference, JMLR 25(219), algorithms 1 and 2. arXiv:2203.15945
//! - Roeder, Wu, Duvenaud (2017), Sticking the landing, equation 7. arXiv:1703.09194
//! - Amari (1998), Natural gradient works efficiently in learning. doi:10.1162/089976698300017746

use super::FitError;
use super::dadvi;
use super::evaluations::Batch;
use super::fit::{Fit, Outcome};
use super::key::{Purpose, antithetic_noise};
use super::lbfgs::FURTHEST;
use super::normal::Normal;
use super::work::Work;

const FIRST_RATE: f64 = 0.3;
/// Steps of a block, times the rate.
const BLOCK: f64 = 15.0;
/// Parts of the last half whose R-hat is taken.
const PARTS: usize = 4;
const R_HAT: f64 = 1.1;
/// Monte-Carlo error of an epoch's average, in standard deviations of the approximation.
const TOLERANCE: f64 = 0.01;
/// Largest deviation of the iterates themselves, in the same unit: beyond it they do not settle at this rate.
const UNSETTLED: f64 = 0.5;
/// Longest step of the mean, and largest change of a scale as a share of it.
const LONGEST: f64 = 2.0;
const LARGEST: f64 = 0.5;
/// Narrowing after a draw that is not finite, and how often in a row.
const NARROWING: f64 = 0.1;
const MOST_NARROWINGS: usize = 200;
/// How often a fit begins anew, at half the rate, when its steps have led where nothing is finite.
const MOST_RETREATS: usize = 4;

/// Normals with parameters `(mu, rho, rest)`: means, logarithms of scales, what else there is in units of the scales.
pub(super) trait Family {
    /// The parameters of a normal of independent elements.
    fn start(&self, mean_field: &Normal) -> Vec<f64>;

    /// The normal of these parameters.
    fn normal(&self, parameters: &[f64]) -> Normal;

    /// The natural gradient in the frame of the normal: mean `[dim]`, and scale in the family's own form.
    ///
    /// # Shapes
    /// - `noise`, `gradient`: `[count, dim]`
    fn slope(&self, normal: &Normal, noise: &[f64], gradient: &[f64]) -> Slope;

    /// Moves the parameters along the slope.
    fn step(&self, parameters: &mut [f64], normal: &Normal, slope: &Slope);
}

/// A direction in which to move.
pub(super) struct Slope {
    pub(super) mean: Vec<f64>,
    pub(super) scale: Vec<f64>,
    /// How much the scale changes an approximation: the largest sum of sizes in a row of the matrix it stands for.
    pub(super) scale_size: f64,
}

impl Slope {
    /// Multiplies by the rate, or by less where the step would be too long.
    fn shorten(&mut self, rate: f64) {
        let mean_size = self.mean.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        let sizes = [(&mut self.mean, LONGEST / mean_size), (&mut self.scale, LARGEST / self.scale_size)];
        for (slope, limit) in sizes {
            let rate = rate.min(limit);
            slope.iter_mut().for_each(|x| *x *= rate);
        }
    }
}

/// Fits the family, starting at the mean-field optimum of fixed draws.
pub(super) fn fit(work: &mut Work<'_>, family: &dyn Family) -> Result<Fit, FitError> {
    let start = family.start(&dadvi::optimum(work)?);
    let (dim, count) = (work.dim(), work.settings.batch_for(work.dim()));
    let batch = Batch::new(count, dim);
    let mut run = Run { family, parameters: start.clone(), batch, history: Vec::new() };
    let mut rate = FIRST_RATE;
    let mut last: Option<Vec<f64>> = None;
    let mut retreats = 0;
    let outcome = loop {
        let epoch = match run.epoch(work, rate) {
            Err(FitError::NotFinite { .. }) if retreats < MOST_RETREATS => {
                retreats += 1;
                rate *= 0.5;
                run.parameters.clone_from(&start);
                last = None;
                continue;
            }
            epoch => epoch?,
        };
        run.parameters = epoch.average;
        if let Some(outcome) = epoch.cut_short {
            break outcome;
        }
        let is_settled = epoch.deviation < UNSETTLED;
        if last.is_some_and(|last| is_settled && distance(&last, &run.parameters, dim) < 3.0 * TOLERANCE) {
            break Outcome::Converged;
        }
        last = Some(run.parameters.clone());
        rate *= 0.5;
    };
    let normal = family.normal(&run.parameters);
    Ok(Fit::of_normal(work, &normal, run.history, outcome))
}

/// Largest difference of means and log scales, in deviations.
fn distance(from: &[f64], to: &[f64], dim: usize) -> f64 {
    (0..2 * dim).map(|i| (to[i] - from[i]).abs() / unit(to, i, dim)).fold(0.0, f64::max)
}

/// The unit in which a parameter is measured.
fn unit(parameters: &[f64], index: usize, dim: usize) -> f64 {
    if index < dim { parameters[index + dim].exp() } else { 1.0 }
}

struct Run<'a> {
    family: &'a dyn Family,
    parameters: Vec<f64>,
    batch: Batch,
    history: Vec<f64>,
}

/// What the steps at one rate came to.
struct Epoch {
    average: Vec<f64>,
    /// Largest deviation of the iterates of a block.
    deviation: f64,
    cut_short: Option<Outcome>,
}

impl Run<'_> {
    fn epoch(&mut self, work: &mut Work<'_>, rate: f64) -> Result<Epoch, FitError> {
        let dim = work.dim();
        let mut blocks: Vec<Block> = Vec::new();
        loop {
            work.evaluations.anchor(&self.parameters[..dim]);
            let mut block = Block::new(self.parameters.len(), dim);
            let mut cut_short = None;
            for _ in 0..(BLOCK / rate).ceil() as usize {
                if work.progress.is_stopped() {
                    cut_short = Some(Outcome::Stopped);
                } else if self.history.len() >= work.settings.iterations {
                    cut_short = Some(Outcome::Iterations);
                }
                if cut_short.is_some() {
                    break;
                }
                self.step(work, rate)?;
                block.add(&self.parameters);
            }
            if cut_short.is_some() {
                let kept = last_half(&blocks);
                let average = if kept.is_empty() { self.parameters.clone() } else { average(kept) };
                return Ok(Epoch { average, deviation: f64::INFINITY, cut_short });
            }
            blocks.push(block);
            let kept = last_half(&blocks);
            if !kept.is_empty() && is_stationary(kept, dim) && error(kept, dim) <= TOLERANCE {
                let deviation = kept.iter().map(|block| block.deviation(dim)).fold(0.0, f64::max);
                return Ok(Epoch { average: average(kept), deviation, cut_short: None });
            }
        }
    }

    /// One step; narrows the approximation first as often as it must.
    fn step(&mut self, work: &mut Work<'_>, rate: f64) -> Result<(), FitError> {
        let (dim, iteration) = (work.dim(), self.history.len());
        let noise = antithetic_noise(work.settings.seed, Purpose::Noise, iteration, self.batch.count(), dim);
        work.evaluations.renew(iteration);
        for _ in 0..MOST_NARROWINGS {
            let normal = self.family.normal(&self.parameters);
            normal.write(&noise, &mut self.batch.position);
            work.evaluations.evaluate(&mut self.batch);
            if !self.batch.is_finite() {
                self.parameters[dim..2 * dim].iter_mut().for_each(|rho| *rho -= NARROWING);
                continue;
            }
            let log_q = noise.chunks_exact(dim).map(|z| normal.log_density(z));
            let differences = log_q.zip(&self.batch.log_density).map(|(q, p)| q - p);
            let objective = differences.sum::<f64>() / self.batch.count() as f64;
            self.history.push(objective);
            work.progress.record(
                iteration + 1,
                objective,
                iteration as f64 / work.settings.iterations as f64,
            );
            let mut slope = self.family.slope(&normal, &noise, &self.batch.gradient);
            slope.shorten(rate);
            self.family.step(&mut self.parameters, &normal, &slope);
            let is_out = |i: usize| self.parameters[i].abs().max(self.parameters[i + dim].exp()) > FURTHEST;
            if (0..dim).any(is_out) {
                let reach = (0..dim).map(|i| self.parameters[i].abs() + self.parameters[i + dim].exp());
                return Err(work.no_optimum(&reach.collect::<Vec<f64>>()));
            }
            return Ok(());
        }
        Err(work.not_finite(&self.batch, iteration, MOST_NARROWINGS))
    }
}

/// Means and variances over the iterates of a block.
struct Block {
    count: f64,
    /// Of every parameter.
    mean: Vec<f64>,
    /// Sums of squares about the mean, of means and log scales alone.
    squares: Vec<f64>,
}

impl Block {
    fn new(parameters: usize, dim: usize) -> Self {
        Self { count: 0.0, mean: vec![0.0; parameters], squares: vec![0.0; 2 * dim] }
    }

    fn add(&mut self, parameters: &[f64]) {
        self.count += 1.0;
        for (i, (mean, x)) in self.mean.iter_mut().zip(parameters).enumerate() {
            let before = x - *mean;
            *mean += before / self.count;
            if let Some(squares) = self.squares.get_mut(i) {
                *squares += before * (x - *mean);
            }
        }
    }

    fn variance(&self, index: usize) -> f64 {
        self.squares[index] / (self.count - 1.0)
    }

    fn deviation(&self, dim: usize) -> f64 {
        (0..2 * dim).map(|i| self.variance(i).sqrt() / unit(&self.mean, i, dim)).fold(0.0, f64::max)
    }
}

fn average(blocks: &[Block]) -> Vec<f64> {
    (0..blocks[0].mean.len()).map(|i| mean_of(blocks, i)).collect()
}

fn mean_of(blocks: &[Block], index: usize) -> f64 {
    blocks.iter().map(|block| block.mean[index]).sum::<f64>() / blocks.len() as f64
}

/// Variance of a parameter over all iterates of some blocks.
fn variance_within(blocks: &[Block], index: usize) -> f64 {
    let mean = mean_of(blocks, index);
    let square = |block: &Block| block.variance(index) + (block.mean[index] - mean).powi(2);
    blocks.iter().map(square).sum::<f64>() / blocks.len() as f64
}

fn variance(numbers: &[f64]) -> f64 {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0)
}

/// The last half of the blocks, a whole number of parts.
fn last_half(blocks: &[Block]) -> &[Block] {
    let count = blocks.len() / 2 / PARTS * PARTS;
    &blocks[blocks.len() - count..]
}

/// Whether the parts of a run of blocks agree: R-hat, or differences that do not matter.
fn is_stationary(blocks: &[Block], dim: usize) -> bool {
    let parts: Vec<&[Block]> = blocks.chunks(blocks.len() / PARTS).collect();
    (0..2 * dim).all(|i| {
        let means: Vec<f64> = parts.iter().map(|part| mean_of(part, i)).collect();
        let between = variance(&means);
        let within = parts.iter().map(|part| variance_within(part, i)).sum::<f64>() / PARTS as f64;
        let r_hat = ((within + between) / within).sqrt();
        r_hat < R_HAT || between.sqrt() < 0.1 * TOLERANCE * unit(&blocks[0].mean, i, dim)
    })
}

/// Largest Monte-Carlo error of the average of blocks, in deviations.
fn error(blocks: &[Block], dim: usize) -> f64 {
    let error = |i: usize| {
        let means: Vec<f64> = blocks.iter().map(|block| block.mean[i]).collect();
        (variance(&means) / blocks.len() as f64).sqrt()
    };
    (0..2 * dim).map(|i| error(i) / unit(&blocks[0].mean, i, dim)).fold(0.0, f64::max)
}
