//! `chainfire sample`: from a model file and data to a diagnosed posterior.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use chainfire::{Metric, Model, Posterior, Progress, Settings};
use chainfire::{convergence_warnings, summary, summary_json, summary_table, write_netcdf};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{load, output, progress, whole};

const EXAMPLES: &str = "\
Examples:
  chainfire sample radon.py --data radon.csv -o radon.nc
      Sample the model and keep the posterior
  chainfire sample radon.py --data radon.csv --seed 1 --draws 4000 --target-accept 0.95
      Longer, with smaller steps, and the same draws every time
  chainfire sample radon.py --data radon.csv --json --quiet > radon.json
      The summary for a program to read";

/// Sample the posterior of a model with NUTS.
///
/// Prints a summary table as ArviZ does and, with --output, writes a NetCDF file that `arviz.from_netcdf` opens.
/// Ctrl-C stops the run and keeps the draws that are finished; a second Ctrl-C ends it at once.
///
/// The status is 0 when the run went to its end, 1 after an error, 2 when the arguments are wrong and 130 when the run
/// was stopped.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Model file: PyMC syntax, read as data
    model: PathBuf,
    /// Data file: CSV or JSON; its columns are the names that the model file does not define
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// NetCDF file for the posterior
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Number of chains
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = whole::parse::<usize>)]
    chains: usize,
    /// Draws of each chain that are kept
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = whole::parse::<usize>)]
    draws: usize,
    /// Draws of each chain before those, which tune the sampler
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = whole::parse::<usize>)]
    tune: usize,
    /// Acceptance rate that the step size is tuned to; raise it when there are divergences
    #[arg(long, default_value_t = 0.8, value_name = "RATE")]
    target_accept: f64,
    /// Most doublings of a trajectory: a draw takes at most 2^N gradients
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = whole::parse::<usize>)]
    max_treedepth: usize,
    /// How the scales of the parameters are estimated
    #[arg(long, value_enum, default_value_t = MetricChoice::Fisher)]
    metric: MetricChoice,
    /// Worker threads [default: the number of processors]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    threads: Option<usize>,
    /// Seed of all random numbers [default: from the clock, and printed]
    #[arg(long, value_name = "N", value_parser = whole::parse::<u64>)]
    seed: Option<u64>,
    /// Where to compute: only `cpu` in this version
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    device: String,
    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,
    /// No progress, notes and warnings on standard error
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MetricChoice {
    /// From the variances of draws and gradients
    Fisher,
    /// From the variances of draws alone, in Stan's windows
    Variance,
}

impl Arguments {
    fn settings(&self) -> Settings {
        let defaults = Settings::default();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos().into());
        Settings {
            chains: self.chains,
            draws: self.draws,
            tune: self.tune,
            target_accept: self.target_accept,
            max_treedepth: self.max_treedepth,
            threads: self.threads.unwrap_or(defaults.threads),
            seed: self.seed.unwrap_or(clock),
            metric: match self.metric {
                MetricChoice::Fisher => Metric::FisherDiagonal,
                MetricChoice::Variance => Metric::VarianceDiagonal,
            },
        }
    }
}

/// Samples, writes, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    check_device(&arguments.device)?;
    let settings = arguments.settings();
    settings.validate()?;
    let inputs: Vec<&Path> = [Some(&arguments.model), arguments.data.as_ref()]
        .into_iter()
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    if let Some(path) = &arguments.output {
        check_output(path, &inputs)?;
    }
    let model = load::model(&arguments.model, arguments.data.as_deref())?;
    settings.check_memory(model.dim(), model.dim())?;
    if !arguments.quiet {
        let names: Vec<&str> = model.free_variables().map(|v| v.name.as_str()).collect();
        output::note(format_args!(
            "NUTS on the CPU: {} x ({} tune + {} draws), {} ({}), seed {}",
            output::count(settings.chains, "chain"),
            settings.tune,
            settings.draws,
            output::count(model.dim(), "parameter"),
            names.join(", "),
            settings.seed
        ));
    }
    let progress = Arc::new(Progress::new(settings.chains));
    stop_on_interrupt(&progress)?;
    let posterior = sample(&model, &settings, &progress, arguments.quiet)?;
    // What was drawn is shown even when it cannot be written.
    let written = match &arguments.output {
        Some(path) if posterior.draws.draws > 0 => {
            write_netcdf(&posterior.data, path).map(|()| Some(path.as_path()))
        }
        _ => Ok(None),
    };
    report(arguments, &settings, &model, &posterior, *written.as_ref().unwrap_or(&None))?;
    written?;
    // 130 is what shells report of a command that was interrupted.
    Ok(if posterior.draws.stopped_early { ExitCode::from(130) } else { ExitCode::SUCCESS })
}

fn check_device(device: &str) -> anyhow::Result<()> {
    match device {
        // There is nothing else to choose from yet.
        "cpu" | "auto" => Ok(()),
        "gpu" | "cuda" => bail!(
            "--device {device} is not supported in this version, which computes on the CPU: leave --device out or use \
             --device cpu"
        ),
        other => bail!("--device {other} is not a device; use --device cpu"),
    }
}

/// Finds out before the run, not after it, whether the output can be written.
fn check_output(path: &Path, inputs: &[&Path]) -> anyhow::Result<()> {
    let shown = path.display();
    if let Ok(there) = path.metadata() {
        if there.is_dir() {
            bail!("cannot write {shown}: it is a folder; give --output the name of a file");
        }
        // The posterior is written beside it and then takes its place, which would remove a device or a pipe.
        if !there.is_file() {
            bail!("cannot write {shown}: it is a device or a pipe; give --output the name of a file");
        }
        if inputs.iter().any(|input| input.canonicalize().ok() == path.canonicalize().ok()) {
            bail!("cannot write {shown}: the model or the data is read from it; give --output another name");
        }
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    try_writing_in(folder).with_context(|| {
        format!("cannot write {shown}: give --output a path in a folder that exists and can be written to")
    })
}

fn try_writing_in(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".chainfire-{}", std::process::id()));
    std::fs::File::create_new(&probe)?;
    std::fs::remove_file(&probe)
}

/// The first Ctrl-C ends the run, a second the process.
fn stop_on_interrupt(progress: &Arc<Progress>) -> anyhow::Result<()> {
    let progress = Arc::clone(progress);
    ctrlc::set_handler(move || {
        if progress.is_stopped() {
            std::process::exit(130);
        }
        progress.stop();
    })
    .context("cannot listen for Ctrl-C")
}

fn sample(model: &Model, settings: &Settings, progress: &Progress, quiet: bool) -> anyhow::Result<Posterior> {
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let run = scope.spawn(move || {
            let posterior = model.sample_with(settings, progress);
            // The other end is gone only when this thread's result no longer matters.
            done.send(()).ok();
            posterior
        });
        progress::show(progress, settings, quiet, &finished);
        match run.join() {
            Ok(posterior) => Ok(posterior?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn report(
    arguments: &Arguments,
    settings: &Settings,
    model: &Model,
    posterior: &Posterior,
    written: Option<&Path>,
) -> anyhow::Result<()> {
    let draws = &posterior.draws;
    if draws.draws == 0 {
        let text =
            "the run was stopped before every chain had a draw: nothing is kept and nothing is written";
        if arguments.json {
            output::line(as_json(arguments, settings, posterior, &[text.to_string()], json!([]), None));
        }
        output::note(text);
        return Ok(());
    }
    let rows = summary(posterior.data.require("posterior")?)?;
    let free: Vec<String> = model.free_variables().map(|v| v.name.clone()).collect();
    let belongs = |row: &str| {
        free.iter().any(|name| row.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with('[')))
    };
    let parameters: Vec<_> = rows.iter().filter(|r| belongs(&r.name)).cloned().collect();
    let mut warnings: Vec<String> =
        convergence_warnings(&posterior.data, &parameters).iter().map(ToString::to_string).collect();
    if draws.stopped_early {
        let kept = output::count(draws.draws, "draw");
        warnings.insert(0, format!("The run was stopped early: every chain is cut to {kept}."));
    }
    if arguments.json {
        output::line(as_json(arguments, settings, posterior, &warnings, summary_json(&rows), written));
        return Ok(());
    }
    output::line(summary_table(&rows));
    if arguments.quiet {
        return Ok(());
    }
    for warning in &warnings {
        output::note(format_args!("warning: {warning}"));
    }
    if let Some(path) = written {
        output::note(format_args!("wrote {}", path.display()));
    }
    Ok(())
}

fn as_json(
    arguments: &Arguments,
    settings: &Settings,
    posterior: &Posterior,
    warnings: &[String],
    summary: Value,
    written: Option<&Path>,
) -> Value {
    let draws = &posterior.draws;
    json!({
        "model": arguments.model.display().to_string(),
        "data": arguments.data.as_ref().map(|p| p.display().to_string()),
        "output": written.map(|p| p.display().to_string()),
        "chains": draws.chains,
        "draws": draws.draws,
        "tune": settings.tune,
        "target_accept": settings.target_accept,
        "max_treedepth": settings.max_treedepth,
        "seed": settings.seed,
        "device": "cpu",
        "stopped_early": draws.stopped_early,
        "divergences": draws.divergences.len(),
        "gradients": { "tune": draws.warmup_gradients, "draws": draws.draw_gradients },
        "seconds": { "tune": draws.warmup_seconds, "draws": draws.draw_seconds },
        "step_size": draws.tuning.iter().map(|t| t.step_size).collect::<Vec<_>>(),
        "warnings": warnings,
        "summary": summary,
    })
}
