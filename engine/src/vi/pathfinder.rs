//! Run Pathfinder: follow L-BFGS to the mode, and keep the normal of least divergence met on the way.
//!
//! ```text
//! at each iterate x:  q = N(x + H grad log p, H),  H = diag(a) + B C B',  a, B and C from the last 6 steps
//! of all iterates of a path the one with the largest ELBO is kept, from 24 draws each
//! draws of all paths are pooled, weighted by p/q with Pareto-smoothed weights, and chosen without replacement
//! ```
//!
//! The objective is the negative ELBO of the iterates of the best path. With one path the draws are those of its
//! normal, not chosen by weight.
//!
//! # Differences from the paper
//! All iterates of a path are judged in a few large batches. Draws are chosen without replacement, so that starts of
//! chains are different places. The path is that of `lbfgs`, which keeps more pairs than the approximations use.
//!
//! # References
//! - Zhang, Carpenter, Gelman, Vehtari (2022), Pathfinder: parallel quasi-Newton variational inference, JMLR 23(306),
//!   algorithms 1 to 5. arXiv:2108.03782
//! - Gilbert, Lemarechal (1989), Some numerical experiments with variable-storage quasi-Newton algorithms, equation
//!   4.9. doi:10.1007/BF01589113

use std::f64::consts::TAU;

use chainfire_kernels::trajectory::dot;
use faer::{Mat, MatRef};

use super::FitError;
use super::evaluations::Batch;
use super::fit::{Fit, Outcome, choose, weigh};
use super::key::{Purpose, noise};
use super::lbfgs::{self, End, Plan, Point, difference, is_curved, learn_diagonal};
use super::normal::definite_factor;
use super::work::{Approach, Work};

/// Pairs in an approximation.
const PAIRS: usize = 6;
/// Distance from the mode, in estimated standard deviations, at which a path ends.
const TOLERANCE: f64 = 1e-4;
/// A parameter all of whose draws are beyond this has no optimum.
const ENDLESS: f64 = 1e12;
/// Most positions that are evaluated together.
const BATCH: usize = 4096;

/// Fits all paths, and pools them.
pub(super) fn fit(work: &mut Work<'_>) -> Result<Fit, FitError> {
    let (dim, paths, draws, seed) =
        (work.dim(), work.settings.starts, work.settings.draws, work.settings.seed);
    let mut pool = Batch::new(0, dim);
    let (mut log_q, mut best, mut outcome) = (Vec::new(), None, Outcome::Converged);
    let mut lost = None;
    for path in 0..paths {
        if work.progress.is_stopped() {
            outcome = Outcome::Stopped;
            break;
        }
        let start = match work.start(path) {
            Ok(start) => start,
            Err(error) => {
                lost = Some(error);
                continue;
            }
        };
        let Some(found) = follow(work, start, path) else { continue };
        let noise = noise(seed, Purpose::Draws, path, draws, dim);
        let mut batch = Batch::new(draws, dim);
        log_q.extend(found.local.write(&noise, &mut batch.position));
        work.evaluations.evaluate(&mut batch);
        pool.position.append(&mut batch.position);
        pool.log_density.append(&mut batch.log_density);
        pool.gradient.append(&mut batch.gradient);
        if best.as_ref().is_none_or(|best: &Found| found.objective < best.objective) {
            best = Some(found);
        }
    }
    let Some(best) = best else {
        return Err(match lost {
            _ if work.progress.is_stopped() => FitError::Stopped,
            Some(error) => error,
            None => FitError::NoApproximation { paths },
        });
    };
    if outcome == Outcome::Converged {
        outcome = best.outcome;
    }
    let weights = weigh(&pool.log_density, &log_q);
    let chosen: Vec<usize> = match pool.count() / draws {
        1 => (0..draws).collect(),
        _ => choose(&weights.log_weights, draws, seed),
    };
    let of_chosen = |values: &[f64]| -> Vec<f64> {
        chosen.iter().flat_map(|&row| &values[row * dim..(row + 1) * dim]).copied().collect()
    };
    let mut draws = Batch::at(of_chosen(&pool.position), dim);
    draws.gradient = of_chosen(&pool.gradient);
    draws.log_density = chosen.iter().map(|&row| pool.log_density[row]).collect();
    // A direction without slope, or one that has no end: the posterior is improper.
    let of = |values: &[f64], element: usize, holds: fn(f64) -> bool| {
        values.iter().skip(element).step_by(dim).all(|x| holds(*x))
    };
    let is_endless = |&i: &usize| {
        of(&pool.gradient, i, |slope| slope == 0.0) || of(&draws.position, i, |x| x.abs() > ENDLESS)
    };
    if let Some(element) = (0..dim).find(is_endless) {
        let method = work.settings.method;
        return Err(FitError::NoOptimum { method, element, value: draws.position[element] });
    }
    let mut fit = Fit::of_draws(work, draws, best.history, outcome);
    fit.log_q = chosen.iter().map(|&row| log_q[row]).collect();
    fit.k_hat = Some(weights.k_hat);
    Ok(fit)
}

/// The best of one path.
struct Found {
    local: Local,
    objective: f64,
    history: Vec<f64>,
    outcome: Outcome,
}

/// Follows one path; `None` when no normal on it has draws of finite density.
fn follow(work: &mut Work<'_>, start: Point, path: usize) -> Option<Found> {
    let (dim, paths, progress) = (work.dim(), work.settings.starts, work.progress);
    let (mut iterates, mut approach) = (Vec::new(), Approach::new(TOLERANCE));
    let mut watch = |point: &Point, distance: f64| {
        iterates.push(point.clone());
        let fraction = (path as f64 + approach.fraction(distance)) / paths as f64;
        progress.record(iterates.len(), point.value, fraction);
        !progress.is_stopped()
    };
    let iterations = work.settings.iterations;
    let mut function = |position: &[f64], gradient: &mut [f64]| work.negative(position, gradient);
    let plan = Plan { iterations, tolerance: TOLERANCE, metric: None };
    let (_, end) = lbfgs::minimise(start, plan, &mut function, &mut watch);
    let locals = Local::along(&iterates);
    let count = work.settings.batch_for(dim);
    let mut history = Vec::with_capacity(locals.len());
    for (group, locals) in locals.chunks((BATCH / count).max(1)).enumerate() {
        let numbers =
            noise(work.settings.seed, Purpose::Noise, (group << 12) + path, locals.len() * count, dim);
        let mut batch = Batch::new(locals.len() * count, dim);
        let parts = numbers.chunks_exact(count * dim).zip(batch.position.chunks_exact_mut(count * dim));
        let log_q: Vec<f64> =
            parts.zip(locals).flat_map(|((z, position), local)| local.write(z, position)).collect();
        work.evaluations.evaluate(&mut batch);
        for (q, p) in log_q.chunks_exact(count).zip(batch.log_density.chunks_exact(count)) {
            let objective = q.iter().zip(p).map(|(q, p)| q - p).sum::<f64>() / count as f64;
            history.push(if objective.is_finite() { objective } else { f64::INFINITY });
        }
    }
    let (at, objective) = history
        .iter()
        .copied()
        .enumerate()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, o)| o.is_finite())?;
    let local = locals.into_iter().nth(at)?;
    // A path that runs out of bounds has done its work when a normal on it is good.
    let outcome = if end == End::Unbounded { Outcome::Converged } else { end.into() };
    Some(Found { local, objective, history, outcome })
}

/// The normal at one iterate, as what turns noise into draws.
///
/// ```text
/// Q R = thin QR of diag(a)^-1/2 B,   K K' = I + R C R',   q = mean + diag(a)^1/2 (z + Q (K - I) Q'z)
/// ```
struct Local {
    mean: Vec<f64>,
    /// Square roots of the diagonal part.
    scale: Vec<f64>,
    low_rank: Option<(Mat<f64>, Mat<f64>)>,
    log_determinant: f64,
}

impl Local {
    /// The normals at the iterates of a path, those left out whose covariance is not positive definite.
    fn along(iterates: &[Point]) -> Vec<Self> {
        let mut diagonal = iterates.first().map_or(Vec::new(), |first| vec![1.0; first.position.len()]);
        let (mut steps, mut changes): (Vec<Vec<f64>>, Vec<Vec<f64>>) = Default::default();
        let mut locals = Vec::with_capacity(iterates.len());
        for (at, point) in iterates.iter().enumerate() {
            if let Some(before) = at.checked_sub(1).map(|before| &iterates[before]) {
                let change = difference(&point.gradient, &before.gradient);
                let step = difference(&point.position, &before.position);
                if is_curved(&step, &change) {
                    learn_diagonal(&mut diagonal, &step, &change);
                    if steps.len() == PAIRS {
                        steps.remove(0);
                        changes.remove(0);
                    }
                    steps.push(step);
                    changes.push(change);
                }
            }
            locals.extend(Self::new(point, &diagonal, &steps, &changes));
        }
        locals
    }

    fn new(point: &Point, diagonal: &[f64], steps: &[Vec<f64>], changes: &[Vec<f64>]) -> Option<Self> {
        let (dim, pairs) = (diagonal.len(), steps.len());
        let scale: Vec<f64> = diagonal.iter().map(|a| a.sqrt()).collect();
        let log_scale: f64 = scale.iter().map(|s| s.ln()).sum();
        if pairs == 0 {
            let mean = (0..dim).map(|i| point.position[i] - diagonal[i] * point.gradient[i]).collect();
            return Some(Self { mean, scale, low_rank: None, log_determinant: log_scale });
        }
        let inner = inner(diagonal, steps, changes);
        let outer = Mat::from_fn(dim, 2 * pairs, |i, j| match j.checked_sub(pairs) {
            None => scale[i] * changes[j][i],
            Some(j) => steps[j][i] / scale[i],
        });
        let factors = outer.qr();
        let (q, r) = (factors.compute_thin_Q(), factors.thin_R());
        let middle = r * &inner * r.transpose();
        let rank = middle.nrows();
        let middle = Mat::from_fn(rank, rank, |i, j| {
            0.5 * (middle[(i, j)] + middle[(j, i)]) + f64::from(u8::from(i == j))
        });
        let mut lower = definite_factor(middle.as_ref()).ok()?;
        let log_determinant = log_scale + (0..rank).map(|i| lower[(i, i)].ln()).sum::<f64>();
        let scaled = Mat::from_fn(dim, 1, |i, _| scale[i] * point.gradient[i]);
        let turned = &outer * (&inner * (outer.transpose() * &scaled));
        let mean =
            (0..dim).map(|i| point.position[i] - scale[i] * (scaled[(i, 0)] + turned[(i, 0)])).collect();
        (0..rank).for_each(|i| lower[(i, i)] -= 1.0);
        Some(Self { mean, scale, low_rank: Some((q, lower)), log_determinant })
    }

    /// Turns noise into positions; returns their log densities.
    ///
    /// # Shapes
    /// - `noise`, `position`: `[count, dim]`
    fn write(&self, noise: &[f64], position: &mut [f64]) -> Vec<f64> {
        let dim = self.mean.len();
        let count = noise.len() / dim;
        position.copy_from_slice(noise);
        if let Some((q, lower)) = &self.low_rank {
            let z = MatRef::from_column_major_slice(noise, dim, count);
            let moved = q * (lower * (q.transpose() * z));
            for (n, position) in position.chunks_exact_mut(dim).enumerate() {
                position.iter_mut().zip(moved.col_as_slice(n)).for_each(|(q, m)| *q += m);
            }
        }
        for position in position.chunks_exact_mut(dim) {
            for ((q, mean), scale) in position.iter_mut().zip(&self.mean).zip(&self.scale) {
                *q = mean + scale * *q;
            }
        }
        let constant = self.log_determinant + 0.5 * dim as f64 * TAU.ln();
        noise.chunks_exact(dim).map(|z| -0.5 * dot(z, z) - constant).collect()
    }
}

/// The matrix between the pairs: `[[0, -K], [-K', K'(E + Y'diag(a)Y) K]]` with `K` the inverse of the upper triangle of
/// `S'Y` and `E` its diagonal.
fn inner(diagonal: &[f64], steps: &[Vec<f64>], changes: &[Vec<f64>]) -> Mat<f64> {
    let pairs = steps.len();
    let triangle = Mat::from_fn(pairs, pairs, |i, j| if i <= j { dot(&steps[i], &changes[j]) } else { 0.0 });
    let mut inverse = Mat::<f64>::identity(pairs, pairs);
    faer::linalg::triangular_solve::solve_upper_triangular_in_place(
        triangle.as_ref(),
        inverse.as_mut(),
        faer::Par::Seq,
    );
    let weighted = |i: usize, j: usize| {
        let terms = changes[i].iter().zip(&changes[j]).zip(diagonal);
        terms.map(|((a, b), d)| a * b * d).sum::<f64>()
    };
    let last =
        Mat::from_fn(pairs, pairs, |i, j| weighted(i, j) + if i == j { triangle[(i, i)] } else { 0.0 });
    let last = inverse.transpose() * last * &inverse;
    Mat::from_fn(2 * pairs, 2 * pairs, |i, j| match (i.checked_sub(pairs), j.checked_sub(pairs)) {
        (None, None) => 0.0,
        (None, Some(j)) => -inverse[(i, j)],
        (Some(i), None) => -inverse[(j, i)],
        (Some(i), Some(j)) => last[(i, j)],
    })
}
