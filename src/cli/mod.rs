//! The command line: one file a subcommand.

mod check;
mod devices;
mod distributions;
mod extend;
mod fit;
mod load;
mod output;
mod progress;
mod sample;
mod summary;
mod whole;

use std::process::ExitCode;

use clap::{Args as _, FromArgMatches as _, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  chainfire check radon.py --data radon.csv               Does the model say what it should?
  chainfire sample radon.py --data radon.csv -o radon.nc  Sample it
  chainfire summary radon.nc                              The table again";

/// Bayesian inference for models in PyMC's syntax.
///
/// A model file is the `with pm.Model() as model:` block of PyMC. It is read as data and never executed; names that
/// it does not define are columns of the data file (CSV, JSON, or arrays of NumPy).
#[derive(Debug, Parser)]
#[command(name = "chainfire", version, max_term_width = 100, arg_required_else_help = true, bin_name = "chainfire", after_long_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Sample(sample::Arguments),
    Extend(extend::Arguments),
    Fit(fit::Arguments),
    Summary(summary::Arguments),
    Check(check::Arguments),
    Devices(devices::Arguments),
    Distributions(distributions::Arguments),
}

/// The arguments of `chainfire sample` in these words; the last of an option that is there twice counts.
fn parse_sample(words: Vec<String>) -> anyhow::Result<sample::Arguments> {
    let command = sample::Arguments::augment_args(clap::Command::new("sample")).args_override_self(true);
    let matches = command.no_binary_name(true).try_get_matches_from(words)?;
    Ok(sample::Arguments::from_arg_matches(&matches)?)
}

/// Runs the command that the arguments name; errors go to standard error as one paragraph.
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Extend(arguments) => extend::run(&arguments),
        Command::Fit(arguments) => fit::run(&arguments),
        Command::Summary(arguments) => summary::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Devices(arguments) => devices::run(&arguments),
        Command::Distributions(arguments) => distributions::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        output::complain(&error);
        ExitCode::FAILURE
    })
}
