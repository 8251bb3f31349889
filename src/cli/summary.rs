//! `chainfire summary`: the table of a posterior that was written before.

use std::path::PathBuf;
use std::process::ExitCode;

use chainfire::{convergence_warnings, read_netcdf, summary, summary_json, summary_table};
use clap::Args;

use super::output;

/// Print the summary table and the convergence warnings of a NetCDF file.
///
/// Reads files written by `chainfire sample` and by ArviZ.
#[derive(Debug, Args)]
pub struct Arguments {
    /// NetCDF file with a posterior
    file: PathBuf,
    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,
}

/// Reads, computes, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let data = read_netcdf(&arguments.file)?;
    let rows = summary(data.require("posterior")?)?;
    let warnings: Vec<String> = convergence_warnings(&data, &rows).iter().map(ToString::to_string).collect();
    if arguments.json {
        output::line(serde_json::json!({
            "file": arguments.file.display().to_string(),
            "warnings": warnings,
            "summary": summary_json(&rows),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    output::line(summary_table(&rows));
    for warning in &warnings {
        output::note(format_args!("warning: {warning}"));
    }
    Ok(ExitCode::SUCCESS)
}
