//! Run chains that tune themselves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use super::{Settings, starts};
use crate::density::LogDensity;
use crate::mcmc::batch::{advance_all, in_groups};
use crate::mcmc::nuts::{Chain, Plan};
use crate::mcmc::sink::SharedSink;
use crate::mcmc::start::ATTEMPTS;
use crate::mcmc::{ChainSnapshot, Progress, RunRecord, SampleError, Sink, Snapshot};

pub(super) fn run(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    let sink: SharedSink<'_> = Mutex::new(sink);
    let plan = Plan {
        starts: starts(initial, settings),
        seed: settings.seed,
        tune: settings.tune,
        draws: settings.draws,
        target_accept: settings.target_accept,
        max_treedepth: settings.max_treedepth,
        metric: settings.metric,
        keep_warmup: settings.keep_warmup,
        checkpoint_every: settings.checkpoint_every,
        sink: &sink,
        progress,
        begun: Instant::now(),
        no_start: AtomicBool::new(false),
        sink_failed: AtomicBool::new(false),
    };
    let snapshots = by_chain(resume, initial.len(), settings)?;
    let chains = (0..settings.chains).zip(snapshots);
    let mut chains: Vec<Chain<'_>> = chains
        .map(|(index, snapshot)| match snapshot {
            Some(snapshot) => Chain::restored(&plan, snapshot),
            None => Chain::new(&plan, index),
        })
        .collect();
    let threads = settings.threads.min(settings.chains);
    let mut evaluators: Vec<_> = (0..threads).map(|_| target.evaluator()).collect();
    let issued = in_groups(&mut evaluators, &mut chains, |evaluator, chains| {
        chains.sort_by_key(Chain::is_finished);
        let running = chains.partition_point(|chain| !chain.is_finished());
        // Once a chain has found no start, the others go on only until it is clear which of them have none.
        let issued = advance_all(evaluator.as_mut(), initial.len(), &mut chains[..running], |ticks| {
            let no_start = ticks >= ATTEMPTS as usize && plan.no_start.load(Relaxed);
            !(no_start || progress.is_stopped() || plan.sink_failed.load(Relaxed))
        });
        chains.sort_by_key(Chain::index);
        issued
    });
    let useful = chains.iter().map(Chain::gradients_of_this_run).sum::<u64>();
    let lane_efficiency = useful as f64 / issued.into_iter().sum::<u64>() as f64;
    Ok(RunRecord { lane_efficiency, ..collect(chains, settings.draws)? })
}

/// The snapshot of each chain that has one.
fn by_chain<'a>(
    resume: &'a [Snapshot],
    dim: usize,
    settings: &Settings,
) -> Result<Vec<Option<&'a ChainSnapshot>>, SampleError> {
    let wrong = |reason| Err(SampleError::Snapshot { reason });
    let mut chains = vec![None; settings.chains];
    for snapshot in resume {
        let Snapshot::Chain(snapshot) = snapshot else {
            return wrong("it is of chains that were moved together");
        };
        if snapshot.state.dim() != dim {
            return wrong("its positions are of another length");
        }
        match chains.get_mut(snapshot.chain) {
            Some(place) => *place = Some(snapshot),
            None => return wrong("it has more chains"),
        }
    }
    Ok(chains)
}

fn collect(chains: Vec<Chain<'_>>, draws: usize) -> Result<RunRecord, SampleError> {
    let count = chains.len() as f64;
    let warmup_draws = chains.iter().map(Chain::warmup_draws).min().unwrap_or(0);
    let (mut record, mut gradients, mut seconds) = (RunRecord::default(), 0, 0.0f64);
    for chain in chains {
        let chain = chain.into_record()?;
        record.finished.push(chain.finished.min(draws));
        record.warmup_gradients += chain.tuning.gradients;
        record.warmup_seconds += chain.warmup_seconds / count;
        record.tuning.push(chain.tuning);
        gradients += chain.gradients;
        seconds = seconds.max(chain.seconds);
    }
    record.warmup_draws = warmup_draws;
    record.draw_gradients = gradients - record.warmup_gradients;
    record.draw_seconds = seconds - record.warmup_seconds;
    record.stopped_early = record.finished.iter().any(|finished| *finished < draws);
    Ok(record)
}
