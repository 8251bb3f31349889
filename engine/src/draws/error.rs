//! What can go wrong with groups of draws and their files.

use std::path::PathBuf;

/// An error of the containers of draws, of their files, or of a summary over them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrawsError {
    /// Two groups of one data set have one name.
    #[error("group `{group}` is there twice: give each group its own name")]
    DuplicateGroup {
        /// The name.
        group: String,
    },
    /// Two variables, or a variable and a dimension, of one group have one name.
    #[error(
        "group `{group}`: the name `{name}` is used for two variables or for a variable and a dimension: rename one"
    )]
    DuplicateName {
        /// The group.
        group: String,
        /// The name.
        name: String,
    },
    /// A name that a file cannot hold.
    #[error("group `{group}`: `{name}` cannot be a name in a file: names are not empty and have no `/`")]
    InvalidName {
        /// The group.
        group: String,
        /// The name.
        name: String,
    },
    /// A group that is needed is not there.
    #[error("there is no group `{group}`; the groups are: {}", list(.found))]
    MissingGroup {
        /// The group.
        group: String,
        /// What is there.
        found: Vec<String>,
    },
    /// A variable has a different number of dimensions in its shape than it has names of dimensions.
    #[error(
        "variable `{variable}` of group `{group}` has shape {shape:?} but dimensions {dims:?}: name each axis once"
    )]
    RankMismatch {
        /// The group.
        group: String,
        /// The variable.
        variable: String,
        /// Lengths of the axes.
        shape: Vec<usize>,
        /// Names of the axes.
        dims: Vec<String>,
    },
    /// A variable has more or fewer values than its shape says.
    #[error(
        "variable `{variable}` of group `{group}` has {found} values, its shape {shape:?} asks for {expected}"
    )]
    CountMismatch {
        /// The group.
        group: String,
        /// The variable.
        variable: String,
        /// Lengths of the axes.
        shape: Vec<usize>,
        /// Their product.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A dimension has one length in its coordinate, or in an earlier variable, and another in this variable.
    #[error(
        "variable `{variable}` of group `{group}` has length {found} along `{dim}`, which has length {expected} in \
         its coordinate or in an earlier variable: use another dimension name or correct the data"
    )]
    LengthMismatch {
        /// The group.
        group: String,
        /// The variable.
        variable: String,
        /// The dimension.
        dim: String,
        /// The length it has already.
        expected: usize,
        /// The length it has here.
        found: usize,
    },
    /// A variable that should be summarised is not numeric, or its first dimensions are not `chain` and `draw`.
    #[error(
        "variable `{variable}` of group `{group}` with dimensions {dims:?} cannot be summarised: it must be numeric \
         and its first dimensions must be `chain` and `draw`; leave it out of the group"
    )]
    NotDraws {
        /// The group.
        group: String,
        /// The variable.
        variable: String,
        /// Its dimensions.
        dims: Vec<String>,
    },
    /// A file could not be written.
    #[error("cannot write `{}`: {source}; check that the folder exists, may be written to and has space left", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is not enough space for all draws of a run.
    #[error(
        "`{}` will take {needed} bytes and {free} are free on its disk: free some, write it elsewhere, or keep fewer \
         chains, draws or variables", .path.display()
    )]
    NoSpace {
        /// The file.
        path: PathBuf,
        /// Bytes that it still needs.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// The disk became full while draws were written.
    #[error(
        "cannot write `{}`: {source}; {safe} draws of every chain are safe in it: make room for {missing} bytes more, \
         then resume the run (`chainfire sample --resume`)", .path.display()
    )]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// Draws that every chain has in the file.
        safe: usize,
        /// Bytes of the draws that are still to come.
        missing: u64,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not the one that a checkpoint belongs to.
    #[error(
        "`{}` is not the file that the checkpoint was made for: put that file there, or start the run anew",
        .path.display()
    )]
    OtherFile {
        /// The file.
        path: PathBuf,
    },
    /// A checkpoint cannot be used.
    #[error("`{}` is not a checkpoint that can be used: {what}; start the run anew", .path.display())]
    BrokenCheckpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A checkpoint is of a run with another model, data or settings.
    #[error(
        "`{}` is the checkpoint of another run: {}; resume with what it was begun with, or start anew with another \
         output", .path.display(), .differences.join("; ")
    )]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs, with its value then and now.
        differences: Vec<String>,
    },
    /// What is to be written does not fit the file format.
    #[error(
        "cannot write `{}`: {what} of `{object}` is longer than the {limit} bytes the format allows: shorten it",
        .path.display()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The group or variable.
        object: String,
        /// What is too long.
        what: String,
        /// The most bytes it may have.
        limit: u64,
    },
    /// A file could not be opened or read.
    #[error("cannot read `{}`: {source}; check the path and that the file is readable", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not HDF5, or is damaged.
    #[error("`{}` is not a NetCDF-4 file or is damaged at `{object}` ({source}): expected a file that `to_netcdf` of ArviZ writes", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The group or variable being read.
        object: String,
        /// What the HDF5 reader said.
        source: hdf5_pure::Error,
    },
    /// A file has no `posterior` group.
    #[error("`{}` has no group `posterior`; its groups are: {}: expected draws in the layout of ArviZ's InferenceData", .path.display(), list(.found))]
    NoPosterior {
        /// The file.
        path: PathBuf,
        /// What is there.
        found: Vec<String>,
    },
    /// A variable of a file has a type that is not read.
    #[error("`{}`: variable `{variable}` has type {found}; numbers, booleans and strings can be read: convert or drop it", .path.display())]
    UnsupportedType {
        /// The file.
        path: PathBuf,
        /// Group and variable.
        variable: String,
        /// The type.
        found: String,
    },
    /// A variable of a file does not say what its dimensions are.
    #[error(
        "`{}`: the {rank} dimensions of variable `{variable}` are not named by NetCDF dimension numbers: open it with \
         xarray and save it with `to_netcdf`", .path.display()
    )]
    UnnamedDimensions {
        /// The file.
        path: PathBuf,
        /// Group and variable.
        variable: String,
        /// Number of axes.
        rank: usize,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
