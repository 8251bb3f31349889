//! `chainfire sample`: from a model file and data to a diagnosed posterior.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use chainfire::{Adaptation, Device, Init, Metric, Model, Place, Posterior, Progress, Run, Settings};
use chainfire::{convergence_warnings, summary, summary_json, summary_table, write_netcdf};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
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
    /// How the scales of the parameters are estimated: fisher from draws and gradients, low_rank with correlations
    /// beside, variance and dense from draws alone
    #[arg(long, default_value = "fisher", value_parser = one_of(&Metric::NAMES))]
    metric: Metric,
    /// Whether chains are tuned each for itself or together; auto: together when there are more than 16
    #[arg(long, default_value = "auto", value_parser = one_of(&Adaptation::NAMES))]
    adaptation: Adaptation,
    /// Where chains start: at the initial values of the variables, jittered or not
    #[arg(long, default_value = "auto", value_parser = one_of(&Init::NAMES))]
    init: Init,
    /// Keep the draws of warm-up too, in the groups warmup_posterior and warmup_sample_stats
    #[arg(long)]
    keep_warmup: bool,
    /// Worker threads [default: the number of processors]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    threads: Option<usize>,
    /// Seed of all random numbers [default: from the clock, and printed]
    #[arg(long, value_name = "N", value_parser = whole::parse::<u64>)]
    seed: Option<u64>,
    /// Where to compute: auto, cpu, gpu, or gpu:N of `chainfire devices`
    #[arg(long, default_value_t = Device::Auto, value_name = "DEVICE")]
    device: Device,
    /// Print one JSON object instead of the table
    #[arg(long)]
    json: bool,
    /// No progress, notes and warnings on standard error
    #[arg(short, long)]
    quiet: bool,
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
            metric: self.metric,
            device: self.device,
            adaptation: self.adaptation,
            init: self.init.clone(),
            keep_warmup: self.keep_warmup,
            ..defaults
        }
    }
}

/// Samples, writes, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
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
    let run = model.prepare(&settings)?;
    if !arguments.quiet {
        let names: Vec<&str> = model.free_variables().map(|v| v.name.as_str()).collect();
        output::note(format_args!(
            "NUTS on {} ({}): {} x ({} tune + {} draws), {} ({}), seed {}",
            place(&run),
            run.choice().reason,
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
    let posterior = sample(&run, &settings, &progress, arguments.quiet)?;
    // What was drawn is shown even when it cannot be written.
    let written = match &arguments.output {
        Some(path) if posterior.draws.draws > 0 => {
            write_netcdf(&posterior.data, path).map(|()| Some(path.as_path()))
        }
        _ => Ok(None),
    };
    report(arguments, &run, &settings, &model, &posterior, *written.as_ref().unwrap_or(&None))?;
    written?;
    if let Some(failure) = posterior.failure {
        return Err(failure.into());
    }
    // 130 is what shells report of a command that was interrupted.
    Ok(if posterior.draws.stopped_early { ExitCode::from(130) } else { ExitCode::SUCCESS })
}

/// One of some names, read as what they stand for; a misspelt one is answered with the nearest.
fn one_of<T>(names: &[(&'static str, T)]) -> impl TypedValueParser<Value = T> + use<T>
where
    T: Clone + Send + Sync + FromStr<Err: std::error::Error + Send + Sync + 'static> + 'static,
{
    PossibleValuesParser::new(names.iter().map(|(name, _)| *name)).try_map(|name| name.parse::<T>())
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

/// The name of the place where a run computes.
fn place(run: &Run<'_>) -> String {
    match &run.choice().place {
        Place::Cpu => "the CPU".into(),
        #[cfg(feature = "gpu")]
        Place::Gpu(device) => device.name().to_string(),
    }
}

fn sample(
    prepared: &Run<'_>,
    settings: &Settings,
    progress: &Progress,
    quiet: bool,
) -> anyhow::Result<Posterior> {
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let run = scope.spawn(move || {
            let posterior = prepared.posterior(progress);
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
    run: &Run<'_>,
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
            output::line(as_json(arguments, run, settings, posterior, &[text.to_string()], json!([]), None));
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
    if let Some(noise) = posterior.report.and_then(|report| report.energy_noise).filter(|noise| *noise > 0.05)
    {
        warnings.push(format!(
            "Single precision changes the log density by {noise:.2} from draw to draw, so that acceptance is off: sample \
             with --device cpu, or centre and scale the data."
        ));
    }
    if draws.stopped_early {
        let kept = output::count(draws.draws, "draw");
        warnings.insert(0, format!("The run was stopped early: every chain is cut to {kept}."));
    }
    if arguments.json {
        output::line(as_json(arguments, run, settings, posterior, &warnings, summary_json(&rows), written));
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
    run: &Run<'_>,
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
        "device": if matches!(run.choice().place, Place::Cpu) { "cpu".into() } else { place(run) },
        "device_reason": run.choice().reason,
        "launches": launches(posterior),
        "metric": name_of(&Metric::NAMES, &settings.metric),
        "stopped_early": draws.stopped_early,
        "divergences": draws.divergences.len(),
        "gradients": { "tune": draws.warmup_gradients, "draws": draws.draw_gradients },
        "seconds": { "tune": draws.warmup_seconds, "draws": draws.draw_seconds },
        "step_size": draws.tuning.iter().map(|t| t.step_size).collect::<Vec<_>>(),
        "warnings": warnings,
        "summary": summary,
    })
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

/// What the launches of a graphics processor have done.
fn launches(posterior: &Posterior) -> Value {
    posterior.report.map_or(Value::Null, |report| {
        json!({
            "count": report.launches,
            "seconds": report.seconds,
            "lane_efficiency": report.lane_efficiency(),
            "energy_noise": report.energy_noise,
        })
    })
}
