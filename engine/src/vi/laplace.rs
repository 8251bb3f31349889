//! Approximate by the normal that has the curvature of the posterior at its mode.
//!
//! ```text
//! q = N(mode, (-Hessian of log p)^-1)
//! ```
//!
//! # References
//! - Tierney, Kadane (1986), Accurate approximations for posterior moments and marginal densities.
//!   doi:10.1080/01621459.1986.10478240
//! - Gelman et al. (2013), Bayesian data analysis, 3rd edition, section 13.3.

use super::evaluations::Batch;
use super::fit::{Fit, Outcome};
use super::hessian::{STEP, hessian};
use super::normal::Normal;
use super::work::Work;
use super::{FitError, mode};

/// Most dimensions: the Hessian and the draws' factor are dense.
pub(super) const MOST_DIMENSIONS: usize = 5000;

/// Fits the normal at the mode. After a stop it is the best place so far, alone.
pub(super) fn fit(work: &mut Work<'_>) -> Result<Fit, FitError> {
    let dim = work.dim();
    let mode = mode::find(work)?;
    if mode.outcome == Outcome::Stopped {
        return Ok(mode.into_fit(work));
    }
    let steps: Vec<f64> = mode.deviation.iter().map(|deviation| STEP * deviation).collect();
    let precision = hessian(&mode.position, &steps, |positions| {
        let mut ends = Batch::at(positions, dim);
        work.evaluations.evaluate(&mut ends);
        ends.gradient.iter_mut().for_each(|g| *g = -*g);
        ends.gradient
    });
    let note = mode.still_rising();
    let normal = Normal::of_precision(mode.position, precision.as_ref())
        .map_err(|element| FitError::NotDefinite { element })?;
    let mut fit = Fit::of_normal(work, &normal, mode.objective, mode.outcome);
    fit.notes.extend(note);
    Ok(fit)
}
