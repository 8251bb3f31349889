//! Run many chains, on as many threads as asked for, or on an executor of ensembles.
//!
//! How many draws a chain makes is fixed before the run, because stopping by what is ready would favour chains whose
//! trajectories are short. What a chain draws depends on the seed and its index alone when it tunes itself; when chains
//! are tuned together, on how many they are too. It never depends on threads.
//!
//! - `settings`: the options.
//! - `per_chain`: chains that tune themselves, each at its own pace, on the processor.
//! - `together`: chains that are moved together; `each`: with NUTS, and tuned each for itself; `pooled`: with NUTS, and
//!   tuned together; `chees`: with ChEES-HMC.

mod chees;
mod each;
mod per_chain;
mod pooled;
mod settings;
mod together;

pub use settings::{Adaptation, Sampler, Settings, free_memory};

use crate::density::LogDensity;
use crate::mcmc::start::Starts;
use crate::mcmc::{
    Draws, Ensemble, Fitted, HostEnsemble, InMemory, Init, Progress, RunRecord, SampleError, Sink, Snapshot,
};

/// Samples `target` and keeps the draws in memory; chains start at or around `initial`, see
/// [`Init`].
///
/// When `progress` is stopped the run ends at once, with the draws it has, cut to the same number for each chain.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// An option out of range, a run that does not fit into memory, an `initial` or `progress` of the wrong length, or a
/// chain that found no place to start.
pub fn sample(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
) -> Result<Draws, SampleError> {
    check(target.dim(), initial, settings, progress)?;
    settings.check_memory(target.dim(), target.dim())?;
    let warmup = if settings.keep_warmup { settings.tune } else { 0 };
    let mut sink = InMemory::new(settings.chains, target.dim(), settings.draws, warmup);
    let record = sample_into(target, initial, settings, progress, &mut sink, &[])?;
    Ok(sink.into_draws(record))
}

/// Samples `target` and hands the draws to `sink` as they are made.
///
/// With `resume`, what the sink of an earlier run got as checkpoints, the run goes on from there and makes the draws
/// that the earlier run would have made: for each chain the last snapshot, or for chains that are tuned together the
/// last of all. A chain without one begins anew. More `draws` than the earlier run had extend it.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// As [`sample`]; snapshots that are not of this run; or the sink's.
pub fn sample_into(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    check(target.dim(), initial, settings, progress)?;
    if !settings.is_pooled() {
        return per_chain::run(target, initial, settings, progress, sink, resume);
    }
    if settings.sampler == Sampler::Chees {
        let mut chains = chees::Chees::new(target, settings);
        return together::run(&mut chains, initial, settings, progress, sink, resume);
    }
    let Settings { chains, seed, max_treedepth, threads, .. } = *settings;
    let mut ensemble = HostEnsemble::new(target, chains, seed, max_treedepth, threads);
    sample_ensemble(&mut ensemble, initial, settings, progress, sink, resume)
}

/// Samples with the chains of `ensemble`, tuned together or each for itself; everything else is as for
/// [`sample_into`].
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// As [`sample_into`]; what keeps the executor from going on.
///
/// # Panics
/// When the ensemble has not as many chains as the settings say.
pub fn sample_ensemble(
    ensemble: &mut dyn Ensemble,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    check(ensemble.dim(), initial, settings, progress)?;
    assert_eq!(ensemble.chains(), settings.chains, "chains of the ensemble and of the settings");
    let sample = if settings.is_pooled() { pooled::sample } else { each::sample };
    sample(ensemble, initial, settings, progress, sink, resume)
}

fn check(dim: usize, initial: &[f64], settings: &Settings, progress: &Progress) -> Result<(), SampleError> {
    settings.validate()?;
    if dim == 0 {
        return Err(SampleError::NoParameters);
    }
    if initial.len() != dim {
        return Err(SampleError::InitialLength { seen: initial.len(), expected: dim });
    }
    if progress.chains() != settings.chains {
        return Err(SampleError::ProgressLength { seen: progress.chains(), expected: settings.chains });
    }
    match &settings.init {
        Init::Given(positions) | Init::Prior(positions) | Init::Fitted(Fitted { starts: positions, .. })
            if positions.len() != settings.chains * dim =>
        {
            Err(SampleError::StartsLength { seen: positions.len(), chains: settings.chains, dim })
        }
        _ => Ok(()),
    }
}

fn starts<'a>(initial: &'a [f64], settings: &'a Settings) -> Starts<'a> {
    Starts { initial, init: &settings.init, seed: settings.seed }
}
