//! `chainfire sample`: from a model file and data to a diagnosed posterior.
//!
//! - `outcome`: samples into memory, into a file, or into moments.
//! - `report`: what is printed at the end.

mod outcome;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use chainfire::{
    Adaptation, Begun, Device, FitMethod, FitSettings, Init, Keep, Metric, Minibatch, Place, Progress, Run,
    Sampler, Selection, Settings, Storage, hint,
};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{load, output, progress, whole};
use outcome::sample;
use report::report;

const EXAMPLES: &str = "\
Examples:
  chainfire sample radon.py --data radon.csv -o radon.nc
      Sample the model and keep the posterior
  chainfire sample radon.py --data radon.csv --seed 1 --draws 4000 --target-accept 0.95
      Longer, with smaller steps, and the same draws every time
  chainfire sample radon.py --data radon.csv --json --quiet > radon.json
      The summary for a program to read
  chainfire sample --resume radon.nc
      Go on with a run that was killed
  chainfire extend radon.nc --draws 1000
      Add draws to a run that is finished";

/// Sample the posterior of a model.
///
/// Prints a summary table as ArviZ does and, with --output, writes a NetCDF file that `arviz.from_netcdf` opens. Draws go
/// to FILE.partial as they are made, with a checkpoint beside it; it is named FILE when the run is finished. A run that
/// was killed, or whose disk was full, goes on with --resume FILE.
/// Ctrl-C stops the run and keeps the draws that are finished; a second Ctrl-C ends it at once.
///
/// The status is 0 when the run went to its end, 1 after an error, 2 when the arguments are wrong and 130 when the run
/// was stopped.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Model file: PyMC syntax, read as data
    #[arg(required_unless_present = "resume")]
    model: Option<PathBuf>,
    /// Go on with the run that writes FILE, with the options it was begun with
    #[arg(long, value_name = "FILE", exclusive = true)]
    resume: Option<PathBuf>,
    /// The model that has this name at the end of the model file, where the file makes several [default: the one called
    /// `model`, or else the last]
    #[arg(id = "named", long = "model", value_name = "NAME")]
    named: Option<String>,
    /// Data file: CSV, JSON, or arrays of NumPy (.npz, .npy); its columns are the names that the model file does not define.
    /// Of several (--data A --data B) each is the table that the model file reads under its name
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// NetCDF file for the posterior
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep every Nth draw
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = whole::parse::<usize>, requires = "output")]
    thin: usize,
    /// Keep these variables only, with commas between
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "output")]
    var_names: Option<Vec<String>>,
    /// Write the posterior in single precision
    #[arg(long, requires = "output")]
    float32: bool,
    /// For very many chains: keep means, sds, quantiles, nested R-hat and the last draws only; moments or last:N
    #[arg(long, value_name = "WHAT", value_parser = last_draws, conflicts_with_all = ["thin", "var_names", "float32"])]
    keep: Option<usize>,
    /// How chains move: nuts, or chees for 8 chains or more that all take the same number of steps
    #[arg(long, default_value = "nuts", value_parser = one_of(&Sampler::NAMES))]
    sampler: Sampler,
    /// Number of chains
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = whole::parse::<usize>)]
    chains: usize,
    /// Draws of each chain that are kept
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = whole::parse::<usize>)]
    draws: usize,
    /// Draws of each chain before those, which tune the sampler [default: 1000; 200 from a fit with a good k-hat]
    #[arg(long, value_name = "N", value_parser = whole::parse::<usize>)]
    tune: Option<usize>,
    /// Acceptance rate that the step size is tuned to; raise it when there are divergences [default: 0.8 of nuts, 0.651
    /// of chees]
    #[arg(long, value_name = "RATE")]
    target_accept: Option<f64>,
    /// Most doublings of a trajectory of nuts: a draw takes at most 2^N gradients
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = whole::parse::<usize>)]
    max_treedepth: usize,
    /// How the scales of the parameters are estimated: fisher from draws and gradients, low_rank with correlations
    /// beside, variance and dense from draws alone
    #[arg(long, default_value = "fisher", value_parser = one_of(&Metric::NAMES))]
    metric: Metric,
    /// Whether chains are tuned each for itself or together; auto: together when there are more than 16
    #[arg(long, default_value = "auto", value_parser = one_of(&Adaptation::NAMES))]
    adaptation: Adaptation,
    /// Where chains start: at the initial values of the variables, jittered or not, at draws from the prior, or at draws
    /// of a fit (any method of `chainfire fit`; advi+adapt_diag is dadvi)
    #[arg(long, default_value = "auto", value_parser = PossibleValuesParser::new(starts()))]
    init: String,
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
    /// Where and how draws are stored while they are made; nowhere when there is no output.
    fn storage(&self, settings: &Settings) -> anyhow::Result<Option<Storage>> {
        let Some(output) = &self.output else { return Ok(None) };
        let keep = match self.keep {
            Some(last) => Keep::Moments { last },
            None => Keep::Draws(Selection {
                thin: self.thin,
                variables: self.var_names.clone(),
                single: self.float32,
            }),
        };
        Ok(Some(Storage {
            keep,
            note: serde_json::to_string(&self.command(settings)?)?,
            ..Storage::new(output)
        }))
    }

    /// The command that begins this run again, with every option that matters.
    fn command(&self, settings: &Settings) -> anyhow::Result<Vec<String>> {
        let absolute = |path: &Path| -> anyhow::Result<String> {
            let path = std::path::absolute(path)?;
            Ok(path
                .to_str()
                .with_context(|| format!("{} is not a name in Unicode", path.display()))?
                .to_string())
        };
        let mut words = self.model.iter().map(|path| absolute(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
        if let Some(name) = &self.named {
            option("model", name.clone());
        }
        for path in &self.data {
            option("data", absolute(path)?);
        }
        if let Some(path) = &self.output {
            option("output", absolute(path)?);
        }
        match self.keep {
            Some(last) => option("keep", format!("last:{last}")),
            None => option("thin", self.thin.to_string()),
        }
        option("sampler", name_of(&Sampler::NAMES, &settings.sampler).into());
        option("chains", settings.chains.to_string());
        option("tune", settings.tune.to_string());
        option("target-accept", settings.target_accept.to_string());
        option("max-treedepth", settings.max_treedepth.to_string());
        option("metric", name_of(&Metric::NAMES, &settings.metric).into());
        option("adaptation", name_of(&Adaptation::NAMES, &settings.adaptation).into());
        option("init", self.init.clone());
        option("threads", settings.threads.to_string());
        option("seed", settings.seed.to_string());
        option("device", settings.device.to_string());
        if let Some(names) = &self.var_names {
            option("var-names", names.join(","));
        }
        let flags = [("--float32", self.float32), ("--keep-warmup", self.keep_warmup), ("--json", self.json)];
        words.extend(
            flags
                .into_iter()
                .chain([("--quiet", self.quiet)])
                .filter(|(_, on)| *on)
                .map(|(name, _)| name.into()),
        );
        Ok(words)
    }

    fn settings(&self) -> Settings {
        let defaults = Settings::default();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos().into());
        Settings {
            sampler: self.sampler,
            chains: self.chains,
            draws: self.draws,
            tune: self.tune.unwrap_or(defaults.tune),
            target_accept: self.target_accept.unwrap_or(self.sampler.target_accept()),
            max_treedepth: self.max_treedepth,
            threads: self.threads.unwrap_or(defaults.threads),
            seed: self.seed.unwrap_or(clock),
            metric: self.metric,
            device: self.device,
            adaptation: self.adaptation,
            keep_warmup: self.keep_warmup,
            ..defaults
        }
    }
}

/// How many of the last draws are kept beside the moments.
fn last_draws(text: &str) -> Result<usize, String> {
    let last =
        if text == "moments" { Some(1) } else { text.strip_prefix("last:").and_then(|n| n.parse().ok()) };
    last.filter(|&last| last > 0).ok_or_else(|| {
        let hint = hint(text, ["moments", "last:1"]);
        format!("write moments, or last:N for the last N draws too, N from 1{hint}")
    })
}

/// What PyMC calls the start at draws of a mean-field fit.
const MEAN_FIELD: &str = "advi+adapt_diag";

/// The fit that a start is named after.
fn fit_of(start: &str) -> Option<FitMethod> {
    let named = FitMethod::ALL.into_iter().find(|method| method.name() == start);
    named.or((start == MEAN_FIELD).then_some(FitMethod::Dadvi))
}

/// Draws that tune chains which start from a fit that can be trusted, unless told otherwise.
const TUNE_FROM_FIT: usize = 200;

/// The name of the start at draws from the prior.
const PRIOR: &str = "prior";

/// The names of all starts.
fn starts() -> impl Iterator<Item = &'static str> {
    let fits = FitMethod::ALL.into_iter().map(FitMethod::name);
    Init::NAMES.iter().map(|(name, _)| *name).chain([PRIOR, MEAN_FIELD]).chain(fits)
}

/// Draws of a chain between two of its states that a checkpoint may hold. Chains that are tuned together wait for each
/// other there.
const CHECKPOINT_EVERY: usize = 200;

/// Samples, writes, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.resume {
        Some(output) => go_on(output, 0),
        None => begin(arguments, false),
    }
}

/// Goes on with the run that writes `output`, and makes `more` draws than it was to make.
pub fn go_on(output: &Path, more: usize) -> anyhow::Result<ExitCode> {
    let shown = output.display();
    let Some(begun) = Begun::of(output)? else {
        bail!(
            "there is no checkpoint beside {shown}: only runs with --output of `chainfire sample` can go on"
        );
    };
    let mut words: Vec<String> = serde_json::from_str(&begun.note)
        .with_context(|| format!("the checkpoint of {shown} names no command"))?;
    words.extend(["--draws".to_string(), (begun.draws + more).to_string()]);
    begin(&super::parse_sample(words)?, true)
}

fn begin(arguments: &Arguments, resumes: bool) -> anyhow::Result<ExitCode> {
    let mut settings = arguments.settings();
    let fit = fit_of(&arguments.init);
    let is_prior = arguments.init == PRIOR;
    if fit.is_none() && !is_prior {
        settings.init = arguments.init.parse()?;
    }
    if arguments.output.is_some() {
        settings.checkpoint_every = Some(CHECKPOINT_EVERY);
    }
    settings.validate()?;
    let inputs: Vec<&Path> = arguments.model.iter().chain(&arguments.data).map(PathBuf::as_path).collect();
    if let Some(path) = &arguments.output {
        check_output(path, &inputs)?;
        if let Ok(Some(begun)) = Begun::of(path)
            && !resumes
            && !begun.is_finished
        {
            bail!(
                "the run that writes {0} is not finished: go on with `chainfire sample --resume {0}`, or remove {1} to \
                 begin anew",
                path.display(),
                begun.checkpoint.display()
            );
        }
    }
    let Some(model) = &arguments.model else { bail!("a model file is needed") };
    let model = load::model(model, arguments.named.as_deref(), &arguments.data, arguments.quiet)?;
    if let Some(method) = fit {
        let fit = model.fit(&FitSettings { seed: settings.seed, ..FitSettings::new(method) })?.fit;
        settings.init = fit.init(settings.chains, settings.seed);
        if fit.is_trusted() && arguments.tune.is_none() {
            settings.tune = TUNE_FROM_FIT;
        }
    }
    if is_prior {
        settings.init = Init::Prior(model.prior_positions(settings.chains, settings.seed)?);
    }
    // What a chain takes while it runs, wherever its draws go; draws that go to memory are added where they do.
    let kept = if arguments.output.is_some() || arguments.keep.is_some() { 1 } else { settings.draws };
    Settings { draws: kept, ..settings.clone() }.check_memory(model.dim(), model.dim())?;
    let run = model.prepare(&settings)?;
    if !arguments.quiet {
        let names: Vec<&str> = model.free_variables().map(|v| v.name.as_str()).collect();
        output::note(format_args!(
            "{} on {} ({}): {} x ({} tune + {} draws), {} ({}), seed {}",
            if settings.sampler == Sampler::Nuts { "NUTS" } else { "ChEES-HMC" },
            place(&run),
            run.choice().reason,
            output::count(settings.chains, "chain"),
            settings.tune,
            settings.draws,
            output::count(model.dim(), "parameter"),
            names.join(", "),
            settings.seed
        ));
        if let Some(Minibatch { rows, size }) = model.minibatch() {
            output::note(format_args!(
                "each gradient takes all {rows} rows; `chainfire fit --method advi` takes batches of {size}"
            ));
        }
    }
    let progress = Arc::new(Progress::new(settings.chains));
    stop_on_interrupt(&progress)?;
    let storage = arguments.storage(&settings)?;
    let mut outcome = sample(&run, storage.as_ref(), arguments, resumes, &progress)?;
    report(arguments, &run, &settings, &model, &outcome)?;
    if let Some(failure) = outcome.failure.take() {
        return Err(failure.into());
    }
    // 130 is what shells report of a command that was interrupted.
    Ok(if outcome.record.stopped_early { ExitCode::from(130) } else { ExitCode::SUCCESS })
}

/// One of some names, read as what they stand for; a misspelt one is answered with the nearest.
fn one_of<T>(names: &[(&'static str, T)]) -> impl TypedValueParser<Value = T> + use<T>
where
    T: Clone + Send + Sync + FromStr<Err: std::error::Error + Send + Sync + 'static> + 'static,
{
    PossibleValuesParser::new(names.iter().map(|(name, _)| *name)).try_map(|name| name.parse::<T>())
}

/// Finds out before the run, not after it, whether the output can be written.
pub fn check_output(path: &Path, inputs: &[&Path]) -> anyhow::Result<()> {
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

/// The name of a value among some.
fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}
