//! NetCDF-4 files of [`InferenceData`](super::InferenceData): HDF5 files with netCDF's conventions for dimensions.
//!
//! ```text
//! /                           a group for each group of the data
//! /posterior                  attributes: created_at, inference_library, ...
//! /posterior/chain, draw      dimension scales: the coordinates, int64 / float64 / variable-length UTF-8
//! /posterior/theta            values; DIMENSION_LIST refers to the scale of each axis
//! ```
//!
//! Booleans are int8 with the attribute `dtype = "bool"`, as xarray writes them. Links and attributes are tracked in
//! creation order, which the netCDF C library wants.
//!
//! # References
//! - Unidata, NetCDF-4 file format, "Dimension scales", "Dimensions without variables", hidden attributes
//!   `_Netcdf4Dimid` and `_Netcdf4Coordinates`. <https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html>
//! - The HDF Group, HDF5 dimension scale specification. <https://support.hdfgroup.org/documentation/hdf5/latest/_h5_d_s__s_p_e_c.html>

mod hdf5;
mod positioned;
mod read;
mod stream;
mod structure;
#[cfg(test)]
mod tests;
mod write;

pub use read::read_netcdf;
pub use stream::{Column, Growing, NetcdfStream, StreamState, Template};
pub use write::write_netcdf;

/// What the `NAME` of a dimension scale that has no coordinate begins with.
const DIMENSION_WITHOUT_VARIABLE: &str = "This is a netCDF dimension but not a netCDF variable.";
