//! `chainfire fit`: from a model file and data to an approximation of the posterior.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use chainfire::{Approximation, Fit, FitMethod, FitOutcome, FitProgress, FitSettings, Minibatch, Model};
use chainfire::{summary, summary_json, summary_table, write_netcdf};
use chainfire_models::{Role, Variable};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{load, output, sample, whole};

const EXAMPLES: &str = "\
Examples:
  chainfire fit radon.py --data radon.csv
      A quick answer, and whether it can be trusted
  chainfire fit radon.py --data radon.csv --method pathfinder -o radon.nc
      Another method, and its draws in a file
  chainfire fit radon.py --data radon.csv --method map
      The mode alone";

/// Approximate the posterior of a model.
///
/// Faster than sampling, and less exact: k-hat, printed at the end, says whether the draws stand for the posterior.
/// Prints a summary table as ArviZ does and, with --output, writes a NetCDF file that `arviz.from_netcdf` opens.
/// Ctrl-C stops the fit and keeps the best so far; a second Ctrl-C ends it at once.
///
/// The status is 0 when the fit went to its end, 1 after an error, 2 when the arguments are wrong and 130 when the fit
/// was stopped.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Model file: PyMC syntax, read as data
    model: PathBuf,
    /// The model that has this name at the end of the model file, where the file makes several [default: the one called
    /// `model`, or else the last]
    #[arg(id = "named", long = "model", value_name = "NAME")]
    named: Option<String>,
    /// Data file: CSV, JSON, or arrays of NumPy (.npz, .npy); its columns are the names that the model file does not define.
    /// Of several (--data A --data B) each is the table that the model file reads under its name
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// NetCDF file for the draws
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to approximate: dadvi (normal, fixed draws), advi (independent normals), fullrank_advi (normal), svgd
    /// (particles), pathfinder (normals along an optimiser's path), laplace (normal at the mode), map (the mode)
    #[arg(long, default_value = "dadvi", value_parser = method())]
    method: FitMethod,
    /// Draws of the approximation
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = whole::parse::<usize>)]
    draws: usize,
    /// Monte-Carlo draws of one objective, an even number; particles of svgd [default: suited to method and model]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    batch: Option<usize>,
    /// Paths of pathfinder, searches for the mode of laplace and map [default: 8, and 4]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    starts: Option<usize>,
    /// Most iterations [default: 10000 of advi and fullrank_advi, 2000 of the others]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    iterations: Option<usize>,
    /// Worker threads [default: the number of processors]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    threads: Option<usize>,
    /// Seed of all random numbers [default: from the clock, and printed]
    #[arg(long, value_name = "N", value_parser = whole::parse::<u64>)]
    seed: Option<u64>,
    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,
    /// No progress, notes and warnings on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// The name of a method; a misspelt one is answered with the nearest.
fn method() -> impl TypedValueParser<Value = FitMethod> {
    PossibleValuesParser::new(FitMethod::ALL.map(FitMethod::name)).try_map(|name| name.parse::<FitMethod>())
}

impl Arguments {
    fn settings(&self) -> FitSettings {
        let usual = FitSettings::new(self.method);
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos().into());
        FitSettings {
            draws: self.draws,
            batch: self.batch,
            starts: self.starts.unwrap_or(usual.starts),
            iterations: self.iterations.unwrap_or(usual.iterations),
            threads: self.threads.unwrap_or(usual.threads),
            seed: self.seed.unwrap_or(clock),
            ..usual
        }
    }
}

/// Fits, writes, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.settings();
    settings.validate()?;
    if let Some(path) = &arguments.output {
        let inputs = std::iter::once(&arguments.model).chain(&arguments.data);
        let inputs: Vec<&Path> = inputs.map(PathBuf::as_path).collect();
        sample::check_output(path, &inputs)?;
    }
    let model = load::model(&arguments.model, arguments.named.as_deref(), &arguments.data, arguments.quiet)?;
    if !arguments.quiet {
        let names: Vec<&str> = model.free_variables().map(|v| v.name.as_str()).collect();
        output::note(format_args!(
            "{} on the CPU: {} ({}), seed {}",
            settings.method,
            output::count(model.dim(), "parameter"),
            names.join(", "),
            settings.seed
        ));
        if let Some(batches) = model.minibatch() {
            let Minibatch { rows, size } = batches;
            output::note(match settings.method.takes_batches() {
                true => format!("each step takes {size} of {rows} rows"),
                false => format!(
                    "each gradient takes all {rows} rows: the methods advi and fullrank_advi take batches of {size}"
                ),
            });
        }
    }
    let progress = std::sync::Arc::new(FitProgress::new());
    let stopping = std::sync::Arc::clone(&progress);
    ctrlc::set_handler(move || {
        if stopping.is_stopped() {
            std::process::exit(130);
        }
        stopping.stop();
    })
    .context("cannot listen for Ctrl-C")?;
    let found = fit(&model, &settings, &progress, arguments.quiet)?;
    // What was found is shown even when it cannot be written.
    let written =
        arguments.output.as_ref().map(|path| write_netcdf(&found.data, path).map(|()| path.as_path()));
    report(
        arguments,
        &model,
        &settings,
        &found,
        written.as_ref().and_then(|written| written.as_ref().ok().copied()),
    )?;
    written.transpose()?;
    Ok(if found.fit.outcome == FitOutcome::Stopped { ExitCode::from(130) } else { ExitCode::SUCCESS })
}

fn fit(
    model: &Model,
    settings: &FitSettings,
    progress: &FitProgress,
    quiet: bool,
) -> anyhow::Result<Approximation> {
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let run = scope.spawn(move || {
            let found = model.fit_with(settings, progress);
            // The other end is gone only when this thread's result no longer matters.
            done.send(()).ok();
            found
        });
        show(progress, settings, quiet, &finished);
        match run.join() {
            Ok(found) => Ok(found?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Shows the fit until `finished` hears from it (or its sender is gone).
fn show(progress: &FitProgress, settings: &FitSettings, quiet: bool, finished: &Receiver<()>) {
    const STEPS: f64 = 1000.0;
    let begun = Instant::now();
    let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
        let bar = ProgressBar::new(STEPS as u64);
        let style = "{bar:30.cyan/blue} {percent:>3}%  {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar
    });
    let pause = Duration::from_millis(if bar.is_some() { 100 } else { 2000 });
    while finished.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let moment = progress.moment();
        let text = format!("{}, {} left", describe(progress, settings, begun), left(moment.fraction, begun));
        match &bar {
            Some(bar) => {
                bar.set_position((STEPS * moment.fraction) as u64);
                bar.set_message(text);
            }
            None if !quiet => output::note(text),
            None => {}
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    if !quiet && progress.moment().iteration > 0 {
        output::note(describe(progress, settings, begun));
    }
}

fn describe(progress: &FitProgress, settings: &FitSettings, begun: Instant) -> String {
    let moment = progress.moment();
    format!(
        "iteration {}, {} {:.4}, {:.1} s",
        moment.iteration,
        settings.method.objective(),
        moment.objective,
        begun.elapsed().as_secs_f64()
    )
}

/// An estimate, because nobody knows how far an optimum is.
fn left(fraction: f64, begun: Instant) -> String {
    if fraction < 0.01 {
        return "? s".to_string();
    }
    format!("about {:.1} s", begun.elapsed().as_secs_f64() * (1.0 - fraction) / fraction)
}

fn report(
    arguments: &Arguments,
    model: &Model,
    settings: &FitSettings,
    found: &Approximation,
    written: Option<&Path>,
) -> anyhow::Result<()> {
    let fit = &found.fit;
    let rows = summary(found.data.require("posterior")?)?;
    let mut warnings = Vec::new();
    if fit.outcome != FitOutcome::Converged {
        warnings.push(format!("The fit has {}.", fit.outcome));
    }
    warnings.extend(fit.notes.iter().cloned());
    if arguments.json {
        let summary = summary_json(&rows);
        output::line(as_json(arguments, model, settings, found, &warnings, summary, written));
        return Ok(());
    }
    // The mode has no spread to be put into a table.
    if fit.draws() == 1 {
        let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        for row in &rows {
            output::line(format_args!("{:width$}  {}", row.name, row.mean));
        }
    } else {
        output::line(summary_table(&rows));
    }
    if arguments.quiet {
        return Ok(());
    }
    if fit.draws() > 1 {
        output::note(fit.verdict());
    }
    for warning in &warnings {
        output::note(format_args!("warning: {warning}"));
    }
    if let Some(path) = written {
        output::note(format_args!("wrote {}", path.display()));
    }
    Ok(())
}

/// Means and standard deviations of the approximation under the names of the unconstrained values.
fn unconstrained(model: &Model, fit: &Fit) -> Value {
    let of = |variable: &Variable| match variable.role {
        Role::Free { offset, .. } => {
            let range = offset..offset + variable.unconstrained_len();
            let moments = json!({"mean": fit.mean[range.clone()], "sd": fit.deviation[range]});
            Some((variable.value_name(), moments))
        }
        _ => None,
    };
    Value::Object(model.free_variables().filter_map(of).collect())
}

fn as_json(
    arguments: &Arguments,
    model: &Model,
    settings: &FitSettings,
    found: &Approximation,
    warnings: &[String],
    summary: Value,
    written: Option<&Path>,
) -> Value {
    let fit = &found.fit;
    json!({
        "model": arguments.model.display().to_string(),
        "data": arguments.data.iter().map(|p| p.display().to_string()).collect::<Vec<_>>(),
        "output": written.map(|p| p.display().to_string()),
        "method": settings.method.name(),
        "draws": fit.draws(),
        "seed": settings.seed,
        "converged": fit.outcome == FitOutcome::Converged,
        "stopped_early": fit.outcome == FitOutcome::Stopped,
        "objective_name": settings.method.objective(),
        "objective": fit.objective,
        "k_hat": fit.k_hat,
        "verdict": fit.verdict(),
        "gradients": fit.gradients,
        "seconds": fit.seconds,
        "warnings": warnings,
        "unconstrained": unconstrained(model, fit),
        "summary": summary,
    })
}
