//! Fits of targets whose answers are known.
//!
//! - `targets`: log densities written by hand.
//! - `normals`: exact answers for normals of any scale and correlation.
//! - `quality`: k-hat, other targets, starts of chains.
//! - `failures`: what has no optimum or no density, and stops.
//! - `smoothing`: Pareto-smoothed weights against ArviZ.

mod failures;
mod normals;
mod quality;
mod smoothing;
mod targets;

use super::{Fit, FitError, FitProgress, FitSettings, Method, fit};
use crate::density::LogDensity;

fn run(target: &dyn LogDensity, method: Method) -> Result<Fit, FitError> {
    let settings = FitSettings { threads: 1, seed: 1, ..FitSettings::new(method) };
    fit(target, &vec![0.1; target.dim()], &settings, &FitProgress::new())
}
