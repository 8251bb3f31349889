//! Draws and what goes with them: groups of named arrays, kept in memory and in NetCDF files.
//!
//! The groups, their names and their dimensions follow ArviZ's `InferenceData`, so that a file written here opens
//! in ArviZ and xarray, and a file that ArviZ wrote can be read here.

mod error;
mod inference_data;
mod netcdf;
mod provenance;
#[cfg(test)]
mod tests;

pub use error::DrawsError;
pub use inference_data::{Attribute, Coordinate, Group, InferenceData, Values, Variable};
pub use netcdf::{read_netcdf, write_netcdf};
pub use provenance::provenance;
