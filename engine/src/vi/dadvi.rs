//! Fit a mean-field normal by deterministic ADVI: fix the Monte-Carlo draws once, minimise what is a plain function
//! then.
//!
//! ```text
//! F(mu, rho) = -mean over n of log p(mu + exp(rho) z_n) - sum rho,     minimised with L-BFGS
//! linear response:  cov = the (mu, mu) block of (Hessian of F)^-1
//! ```
//!
//! A mean-field normal has variances that are too small where parameters are correlated. Linear response takes the
//! covariances from how the optimum moves when the log density is tilted; for a normal posterior they are exact. Draws
//! come from the normal with these covariances, and from the mean-field normal where they cannot be had.
//!
//! # Differences from the paper
//! The draws come in pairs of opposite signs, more of them (4 for each dimension, 64 to 1024, instead of 30), and are
//! made to have exactly unit covariance when there are enough of them, so the optimum is exact for every normal.
//! L-BFGS, in the Fisher metric of the approximation, takes the place of a trust-region Newton method, and the Hessian
//! comes from central differences of gradients.
//!
//! # References
//! - Giordano, Ingram, Broderick (2024), Black box variational inference with a deterministic objective, JMLR 25(18),
//!   algorithm 1 and section 3.4. arXiv:2304.05527
//! - Giordano, Broderick, Jordan (2018), Covariances, robustness, and variational Bayes, JMLR 19(51). arXiv:1709.02536

use std::f64::consts::TAU;

use super::FitError;
use super::evaluations::Batch;
use super::fit::{Fit, Outcome};
use super::hessian::{STEP, hessian};
use super::key::{Purpose, antithetic_noise};
use super::lbfgs::{self, End, FURTHEST, Plan, Point};
use super::normal::{Factor, Normal, definite_factor};
use super::work::{Approach, Work};

/// Distance from the optimum, in estimated standard deviations, at which the search ends.
const TOLERANCE: f64 = 1e-6;
/// How much of the work is done when the optimum is found.
const SHARE_OF_OPTIMUM: f64 = 0.5;
/// Linear response takes four objectives for each dimension; with more dimensions than this it is left out.
const MOST_DIMENSIONS_OF_RESPONSE: usize = 500;

/// Fits the mean-field normal, then its linear response.
pub(super) fn fit(work: &mut Work<'_>) -> Result<Fit, FitError> {
    let dim = work.dim();
    let mut objective = Objective::new(work);
    let Optimum { eta, history, outcome } = objective.minimise(work)?;
    let response = match dim {
        ..=MOST_DIMENSIONS_OF_RESPONSE => linear_response(&mut objective, work, &eta),
        _ => None,
    };
    let outcome = if work.progress.is_stopped() { Outcome::Stopped } else { outcome };
    let normal = response.as_ref().cloned().unwrap_or_else(|| mean_field(&eta));
    let mut fit = Fit::of_normal(work, &normal, history, outcome);
    if response.is_none() {
        let reason = if outcome == Outcome::Stopped {
            "the fit was stopped".to_string()
        } else if dim > MOST_DIMENSIONS_OF_RESPONSE {
            format!("there are more than {MOST_DIMENSIONS_OF_RESPONSE} dimensions")
        } else {
            "the objective is not curved upwards in every direction".to_string()
        };
        fit.notes.push(format!(
            "without linear response, because {reason}: deviations are those of independent parameters, too small \
             where parameters are correlated"
        ));
    }
    Ok(fit)
}

/// The mean-field optimum, without linear response.
pub(super) fn optimum(work: &mut Work<'_>) -> Result<Normal, FitError> {
    let optimum = Objective::new(work).minimise(work)?;
    Ok(mean_field(&optimum.eta))
}

/// The normal of `eta = (mu, rho)`.
fn mean_field(eta: &[f64]) -> Normal {
    let (mean, rho) = eta.split_at(eta.len() / 2);
    let deviation = rho.iter().map(|rho| rho.exp()).collect();
    Normal { mean: mean.to_vec(), factor: Factor::Diagonal(deviation) }
}

/// The inverse Fisher information of `eta = (mu, rho)`: variances, and 1/2.
fn fisher_metric(eta: &[f64]) -> Vec<f64> {
    let dim = eta.len() / 2;
    let variances = eta[dim..].iter().map(|rho| (2.0 * rho).exp());
    variances.chain(std::iter::repeat_n(0.5, dim)).collect()
}

/// Where the objective is smallest.
struct Optimum {
    eta: Vec<f64>,
    history: Vec<f64>,
    outcome: Outcome,
}

/// The objective of fixed draws.
struct Objective {
    dim: usize,
    /// `[batch, dim]`
    noise: Vec<f64>,
    batch: Batch,
}

impl Objective {
    fn new(work: &Work<'_>) -> Self {
        let dim = work.dim();
        let count = work.settings.batch_for(dim);
        let noise = fixed_noise(work.settings.seed, count, dim);
        Self { dim, noise, batch: Batch::new(count, dim) }
    }

    /// Minimises it with L-BFGS.
    fn minimise(&mut self, work: &mut Work<'_>) -> Result<Optimum, FitError> {
        let dim = self.dim;
        let start = self.start(work)?;
        let progress = work.progress;
        let plan =
            Plan { iterations: work.settings.iterations, tolerance: TOLERANCE, metric: Some(fisher_metric) };
        let constant = 0.5 * dim as f64 * (1.0 + TAU.ln());
        let (mut history, mut approach, mut is_unbounded) = (Vec::new(), Approach::new(TOLERANCE), false);
        let mut watch = |point: &Point, distance: f64| {
            history.push(point.value - constant);
            let fraction = SHARE_OF_OPTIMUM * approach.fraction(distance);
            progress.record(history.len(), point.value - constant, fraction);
            is_unbounded = point.position[dim..].iter().any(|rho| rho.exp() > FURTHEST);
            !is_unbounded && !progress.is_stopped()
        };
        let mut function = |eta: &[f64], gradient: &mut [f64]| self.evaluate(work, eta, gradient);
        let (point, end) = lbfgs::minimise(start, plan, &mut function, &mut watch);
        if end == End::Unbounded || is_unbounded {
            let (mean, rho) = point.position.split_at(dim);
            let reach: Vec<f64> = mean.iter().zip(rho).map(|(mean, rho)| mean.abs() + rho.exp()).collect();
            return Err(work.no_optimum(&reach));
        }
        Ok(Optimum { eta: point.position, history, outcome: end.into() })
    }

    /// Its value at `eta = (mu, rho)`, and its gradient.
    fn evaluate(&mut self, work: &mut Work<'_>, eta: &[f64], gradient: &mut [f64]) -> f64 {
        let dim = self.dim;
        let normal = mean_field(eta);
        let (deviation, rho) = (normal.deviations(), &eta[dim..]);
        normal.write(&self.noise, &mut self.batch.position);
        work.evaluations.evaluate(&mut self.batch);
        gradient.fill(0.0);
        let (by_mean, by_rho) = gradient.split_at_mut(dim);
        for (slope, z) in self.batch.gradients().zip(self.noise.chunks_exact(dim)) {
            for i in 0..dim {
                by_mean[i] -= slope[i];
                by_rho[i] -= slope[i] * z[i];
            }
        }
        let count = self.batch.count() as f64;
        by_mean.iter_mut().for_each(|g| *g /= count);
        by_rho.iter_mut().zip(&deviation).for_each(|(g, deviation)| *g = *g * deviation / count - 1.0);
        -self.batch.log_density.iter().sum::<f64>() / count - rho.iter().sum::<f64>()
    }

    /// Around the start, as wide as is best for one width in all elements.
    fn start(&mut self, work: &mut Work<'_>) -> Result<Point, FitError> {
        const HALVINGS: usize = 40;
        let place = work.start(0)?.position;
        let mut best: Option<Point> = None;
        for halving in 0..HALVINGS {
            let rho = -(halving as f64) * std::f64::consts::LN_2;
            let eta = [place.clone(), vec![rho; self.dim]].concat();
            let next = Point::evaluate(eta, &mut |eta, gradient| self.evaluate(work, eta, gradient));
            match best {
                Some(best) if !(next.is_finite() && next.value < best.value) => return Ok(best),
                _ if next.is_finite() => best = Some(next),
                _ => {}
            }
        }
        best.ok_or_else(|| work.not_finite(&self.batch, 0, HALVINGS))
    }
}

/// Draws of mean zero and unit variance; of unit covariance too when there are at least four for each dimension.
fn fixed_noise(seed: u64, count: usize, dim: usize) -> Vec<f64> {
    let mut noise = antithetic_noise(seed, Purpose::Noise, 0, count, dim);
    let product =
        |i: usize, j: usize| noise.chunks_exact(dim).map(|z| z[i] * z[j]).sum::<f64>() / count as f64;
    let covariance = faer::Mat::from_fn(dim, dim, |i, j| match i {
        _ if i == j => product(i, i),
        _ if count >= 4 * dim && i > j => product(i, j),
        _ => 0.0,
    });
    let Ok(factor) = definite_factor(covariance.as_ref()) else { return noise };
    for z in noise.chunks_exact_mut(dim) {
        for i in 0..dim {
            let known: f64 = (0..i).map(|j| factor[(i, j)] * z[j]).sum();
            z[i] = (z[i] - known) / factor[(i, i)];
        }
    }
    noise
}

/// The normal with the covariances of linear response, when the Hessian of the objective is positive definite.
fn linear_response(objective: &mut Objective, work: &mut Work<'_>, optimum: &[f64]) -> Option<Normal> {
    let dim = work.dim();
    let (mean, rho) = optimum.split_at(dim);
    // What is wanted comes last: the precision of the means is then the product of the factor's last block.
    let point = [rho, mean].concat();
    let steps: Vec<f64> =
        (0..2 * dim).map(|i| if i < dim { STEP } else { STEP * rho[i - dim].exp() }).collect();
    let moment = work.progress.moment();
    let matrix = hessian(&point, &steps, |points| {
        let mut slopes = vec![0.0; points.len()];
        let rows = points.chunks_exact(2 * dim).zip(slopes.chunks_exact_mut(2 * dim));
        for (row, (point, slope)) in rows.enumerate() {
            let fraction = SHARE_OF_OPTIMUM + (1.0 - SHARE_OF_OPTIMUM) * row as f64 / (4 * dim) as f64;
            work.progress.record(moment.iteration, moment.objective, fraction);
            if work.progress.is_stopped() {
                slope.fill(f64::NAN);
                continue;
            }
            let (rho, mean) = point.split_at(dim);
            objective.evaluate(work, &[mean, rho].concat(), slope);
            slope.rotate_left(dim);
        }
        slopes
    });
    let factor = definite_factor(matrix.as_ref()).ok()?;
    let last = factor.submatrix(dim, dim, dim, dim);
    let precision = last * last.transpose();
    Normal::of_precision(mean.to_vec(), precision.as_ref()).ok()
}
