//! Draws and what goes with them: groups of named arrays, kept in memory and in NetCDF files.
//!
//! The groups, their names and their dimensions follow ArviZ's `InferenceData`, so that a file written here opens
//! in ArviZ and xarray, and a file that ArviZ wrote can be read here.

mod checkpoint;
mod error;
mod inference_data;
mod moments;
mod netcdf;
mod provenance;
mod sketch;
#[cfg(test)]
mod tests;

pub use checkpoint::{
    Identity, checkpoint_path, fingerprint, peek_checkpoint, read_checkpoint, write_checkpoint,
};
pub use error::DrawsError;
pub use inference_data::{Attribute, Coordinate, Group, InferenceData, Values, Variable};
pub use moments::{MOMENTS, MomentsKeeper};
pub use netcdf::{Column, Growing, NetcdfStream, StreamState, Template, read_netcdf, write_netcdf};
pub use provenance::provenance;
