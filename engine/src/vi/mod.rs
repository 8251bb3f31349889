//! Approximate posteriors without sampling them: variational inference, modes, and what is built on them.
//!
//! [`fit`] runs any [`Method`]; a [`Fit`] holds draws, the history of the objective, and k-hat, which says how far the
//! draws can be trusted. [`Fit::starts`] gives chains of a sampler their starting positions.
//!
//! - `dadvi`, `advi`, `full_rank`: normals of least divergence; `stochastic` is what the last two share.
//! - `svgd`: particles.
//! - `pathfinder`: normals along the paths of an optimiser.
//! - `mode`, `laplace`: the mode, and the normal there.
//! - `lbfgs`, `hessian`, `normal`, `psis`: what they are built from.
//! - `evaluations`, `batches`, `key`, `work`: batches of gradients, batches of rows of data, names of random numbers, a
//!   fit under way.
//! - `settings`, `progress`, `fit`, `error`: what a caller sees.

mod advi;
mod batches;
mod dadvi;
mod error;
mod evaluations;
mod fit;
mod full_rank;
mod hessian;
mod key;
mod laplace;
mod lbfgs;
mod mode;
mod normal;
mod pathfinder;
mod progress;
pub mod psis;
mod settings;
mod stochastic;
mod svgd;
#[cfg(test)]
mod tests;
mod work;

use std::time::Instant;

pub use error::FitError;
pub use fit::{Fit, Outcome};
pub use progress::{FitMoment, FitProgress};
pub use settings::{FitSettings, Method};

use crate::density::{LogDensity, RowDensity};
use batches::Batches;
use evaluations::Evaluations;
use work::Work;

/// Fits an approximation to `target`, starting at `initial`.
///
/// When `progress` is stopped the fit ends at once with the best it has.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// An option out of range, an `initial` of the wrong length, a place where the density is not defined, or a posterior
/// without an optimum.
pub fn fit(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &FitSettings,
    progress: &FitProgress,
) -> Result<Fit, FitError> {
    settings.validate()?;
    let dim = target.dim();
    check(dim, initial, settings)?;
    let begun = Instant::now();
    let evaluations = Evaluations::new(target, settings.threads);
    let work = &mut Work { evaluations, initial, settings, progress };
    let fit = match settings.method {
        Method::Dadvi => dadvi::fit(work),
        Method::Advi => stochastic::fit(work, &advi::MeanField),
        Method::FullRankAdvi => stochastic::fit(work, &full_rank::FullRank { dim }),
        Method::Svgd => svgd::fit(work),
        Method::Pathfinder => pathfinder::fit(work),
        Method::Laplace => laplace::fit(work),
        Method::Map => mode::fit(work),
    }?;
    Ok(fit.finish(work, begun))
}

/// As [`fit`], by a method that [takes batches](Method::takes_batches) of `size` rows of the data in each step.
///
/// The optimum for one batch is where the steps begin. All rows are read now and then, and at the end for the log
/// densities of the draws.
///
/// # Errors
/// As [`fit`]; a method that needs all rows at once, a size that is not one of 1 to the number of rows.
pub fn fit_batches(
    target: &dyn RowDensity,
    size: usize,
    initial: &[f64],
    settings: &FitSettings,
    progress: &FitProgress,
) -> Result<Fit, FitError> {
    settings.validate()?;
    let (dim, rows) = (target.dim(), target.rows());
    check(dim, initial, settings)?;
    if !(1..=rows).contains(&size) {
        return Err(FitError::BatchSize { seen: size, rows });
    }
    let begun = Instant::now();
    let batches = Batches::new(target, size, settings.seed);
    let evaluations = Evaluations::of_rows(batches, dim, settings.threads);
    let work = &mut Work { evaluations, initial, settings, progress };
    let fit = match settings.method {
        Method::Advi => stochastic::fit(work, &advi::MeanField),
        Method::FullRankAdvi => stochastic::fit(work, &full_rank::FullRank { dim }),
        method => Err(FitError::AllRows { method }),
    }?;
    Ok(fit.finish(work, begun))
}

/// Checks what does not depend on the target's values.
fn check(dim: usize, initial: &[f64], settings: &FitSettings) -> Result<(), FitError> {
    let method = settings.method;
    if dim == 0 {
        return Err(FitError::NoParameters);
    }
    if initial.len() != dim {
        return Err(FitError::InitialLength { seen: initial.len(), expected: dim });
    }
    let most = match method {
        Method::FullRankAdvi => full_rank::MOST_DIMENSIONS,
        Method::Laplace => laplace::MOST_DIMENSIONS,
        _ => usize::MAX,
    };
    if dim > most {
        return Err(FitError::TooManyDimensions { method, dim, most });
    }
    Ok(())
}
