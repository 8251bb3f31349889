//! Find the posterior's mode (MAP): L-BFGS from several places.
//!
//! The best of the places found counts. It is a mode only if the log density is curved downwards there in every element
//! and falls within one standard deviation of that curvature; where it does not, there is no optimum.
//!
//! The mode is that of the density over unconstrained positions, Jacobians included: the one Laplace needs.
//!
//! # References
//! - `lbfgs` has those of the search; the check of the mode is ours.

use super::FitError;
use super::evaluations::Batch;
use super::fit::{Fit, Outcome};
use super::hessian::{STEP, both_sides};
use super::lbfgs::{self, End, Plan, Point};
use super::work::{Approach, Work};

/// Distance from the mode, in estimated standard deviations, at which a search ends.
const TOLERANCE: f64 = 1e-8;
/// Least fall of the log density over one standard deviation; that of a normal is 1/2.
const LEAST_FALL: f64 = 1e-3;

/// A mode.
pub(super) struct Mode {
    pub(super) position: Vec<f64>,
    pub(super) log_density: f64,
    /// Standard deviations that the curvature in each element alone gives, `[dim]`; empty after a stop.
    pub(super) deviation: Vec<f64>,
    /// Negative log density after each iteration of the best search.
    pub(super) objective: Vec<f64>,
    pub(super) outcome: Outcome,
}

/// Fits the mode alone.
pub(super) fn fit(work: &mut Work<'_>) -> Result<Fit, FitError> {
    let mode = find(work)?;
    Ok(mode.into_fit(work))
}

impl Mode {
    /// The fit that has the mode as its only draw.
    pub(super) fn into_fit(self, work: &Work<'_>) -> Fit {
        let note = self.still_rising();
        let mut at = Batch::at(self.position, work.dim());
        at.log_density[0] = self.log_density;
        let mut fit = Fit::of_draws(work, at, self.objective, self.outcome);
        fit.notes.extend(note);
        fit
    }

    /// What to say of a search whose iterations ran out while the log density still rose.
    pub(super) fn still_rising(&self) -> Option<String> {
        let recent = &self.objective[self.objective.len().saturating_sub(100)..];
        let rise = recent.first()? - recent.last()?;
        (self.outcome == Outcome::Iterations && rise > LEAST_FALL).then(|| {
            format!(
                "the log density still rose by {rise:.3} over the last {} iterations: more iterations may find the \
                 mode, or there is none, as where a scale can go to zero together with all that it scales",
                recent.len() - 1
            )
        })
    }
}

/// Searches for the mode from every start.
pub(super) fn find(work: &mut Work<'_>) -> Result<Mode, FitError> {
    let starts = work.settings.starts;
    let mut best: Option<(Point, End, Vec<f64>)> = None;
    for row in 0..starts {
        let start = match work.start(row) {
            Err(_) if best.is_some() => continue,
            start => start?,
        };
        let (progress, iterations) = (work.progress, work.settings.iterations);
        let (mut objective, mut approach) = (Vec::new(), Approach::new(TOLERANCE));
        let mut watch = |point: &Point, distance: f64| {
            objective.push(point.value);
            let fraction = (row as f64 + approach.fraction(distance)) / starts as f64;
            progress.record(objective.len(), point.value, fraction);
            !progress.is_stopped()
        };
        let mut function = |position: &[f64], gradient: &mut [f64]| work.negative(position, gradient);
        let plan = Plan { iterations, tolerance: TOLERANCE, metric: None };
        let (point, end) = lbfgs::minimise(start, plan, &mut function, &mut watch);
        if best.as_ref().is_none_or(|(best, ..)| point.value < best.value) {
            best = Some((point, end, objective));
        }
        if progress.is_stopped() {
            break;
        }
    }
    let Some((point, end, objective)) = best else { return Err(FitError::Stopped) };
    if end == End::Unbounded {
        return Err(work.no_optimum(&point.position));
    }
    let outcome = if work.progress.is_stopped() { Outcome::Stopped } else { end.into() };
    let deviation = if outcome == Outcome::Stopped { Vec::new() } else { deviations(work, &point)? };
    Ok(Mode { position: point.position, log_density: -point.value, deviation, objective, outcome })
}

/// Standard deviations from the curvature in each element, after the check that they are those of a mode.
fn deviations(work: &mut Work<'_>, mode: &Point) -> Result<Vec<f64>, FitError> {
    /// A step is good when it is within this factor of the wanted share of a standard deviation.
    const NEAR: f64 = 10.0;
    const ROUNDS: usize = 12;
    let dim = work.dim();
    let mut steps: Vec<f64> = mode.position.iter().map(|q| 1e-4 * q.abs().max(1.0)).collect();
    let mut deviation = vec![0.0; dim];
    for _ in 0..ROUNDS {
        let mut ends = Batch::at(both_sides(&mode.position, &steps), dim);
        work.evaluations.evaluate(&mut ends);
        let mut is_good = true;
        for i in 0..dim {
            let (up, down) = (ends.gradient[2 * i * dim + i], ends.gradient[(2 * i + 1) * dim + i]);
            let curvature = (down - up) / (2.0 * steps[i]);
            let wanted = if curvature.is_nan() {
                1e-2 * steps[i]
            } else {
                deviation[i] = curvature.max(0.0).sqrt().recip();
                (STEP * deviation[i]).min(1e3 * steps[i])
            };
            is_good &= (1.0 / NEAR..=NEAR).contains(&(wanted / steps[i]));
            steps[i] = wanted;
        }
        if is_good {
            break;
        }
    }
    let mut ends = Batch::at(both_sides(&mode.position, &deviation), dim);
    work.evaluations.evaluate(&mut ends);
    let stays_up = |&row: &usize| ends.log_density[row] > -mode.value - LEAST_FALL;
    match (0..2 * dim).find(|row| !deviation[row / 2].is_finite() || stays_up(row)) {
        Some(row) => {
            let (element, method) = (row / 2, work.settings.method);
            Err(FitError::NoOptimum { method, element, value: mode.position[element] })
        }
        None => Ok(deviation),
    }
}
