//! The inference engine of chainfire: programs, samplers, draws, diagnostics.
//!
//! Nothing here names a distribution or a model: a target is seen through [`LogDensity`] alone.

#[cfg(test)]
mod by_hand;
pub mod density;
pub mod spelling;

pub mod device;
pub mod program;

pub mod draws;

pub mod diagnostics;

pub mod adaptation;
pub mod mcmc;
pub mod run;
pub mod vi;

pub use density::{Evaluator, LogDensity, RowDensity};
