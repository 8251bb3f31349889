//! `chainfire extend`: more draws for a run that is finished, or that was stopped.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{sample, whole};

/// Add draws to a posterior written by `chainfire sample`.
///
/// The run goes on from its checkpoint: the draws are those that a longer run would have made.
#[derive(Debug, Args)]
pub struct Arguments {
    /// NetCDF file of a run
    file: PathBuf,
    /// Draws of each chain to add
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    draws: usize,
}

/// Goes on with the run.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    sample::go_on(&arguments.file, arguments.draws)
}
