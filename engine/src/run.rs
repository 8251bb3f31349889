//! Run many chains: one gradient for every chain a tick, on as many threads as asked for.
//!
//! ```text
//! chains are dealt to threads in contiguous groups; each thread, until its chains are done:
//!     evaluate the positions of all its chains as one batch
//!     let every chain take in its gradient and name its next position
//! ```
//!
//! A chain never waits for another: one that finishes a tree starts its next draw in the same tick. One that has made
//! its draws leaves the batch. How many draws a chain makes is fixed before the run, because stopping by what is ready
//! would favour chains whose trajectories are short. What a chain draws depends on the seed and its index alone.
//!
//! # References
//! - Dance, Glaser, Orbanz, Adams (2025), Efficiently vectorized MCMC on modern accelerators. arXiv:2503.17405

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use crate::adaptation::Metric;
use crate::density::LogDensity;
use crate::mcmc::nuts::{ATTEMPTS, Chain, Plan, Rows, Status};
use crate::mcmc::{ChainRecord, Draws, Progress, SampleError};

/// Options of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Number of chains.
    pub chains: usize,
    /// Draws of each chain that are kept.
    pub draws: usize,
    /// Draws of each chain before those, which tune the sampler.
    pub tune: usize,
    /// Acceptance that the step size is tuned to.
    pub target_accept: f64,
    /// Most doublings of a trajectory.
    pub max_treedepth: usize,
    /// Worker threads; more than there are chains are not used.
    pub threads: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// How the metric is estimated.
    pub metric: Metric,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chains: 4,
            draws: 1000,
            tune: 1000,
            target_accept: 0.8,
            max_treedepth: 10,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            seed: 0,
            metric: Metric::FisherDiagonal,
        }
    }
}

impl Settings {
    /// Checks every option.
    ///
    /// # Errors
    /// The first option that is out of range.
    pub fn validate(&self) -> Result<(), SampleError> {
        const COUNT: usize = u32::MAX as usize / 2;
        let check = |option, seen: &dyn ToString, good: bool, allowed| match good {
            true => Ok(()),
            false => Err(SampleError::Setting { option, seen: seen.to_string(), allowed }),
        };
        let count = "a whole number from 1 to 2147483647";
        check("chains", &self.chains, (1..=COUNT).contains(&self.chains), count)?;
        check("draws", &self.draws, (1..=COUNT).contains(&self.draws), count)?;
        check("tune", &self.tune, self.tune <= COUNT, "a whole number from 0 to 2147483647")?;
        let accept = self.target_accept > 0.0 && self.target_accept < 1.0;
        check(
            "target_accept",
            &self.target_accept,
            accept,
            "between 0 and 1, both excluded; try 0.8 to 0.99",
        )?;
        let depth = (1..=20).contains(&self.max_treedepth);
        check("max_treedepth", &self.max_treedepth, depth, "a whole number from 1 to 20")?;
        check("threads", &self.threads, self.threads > 0, "1 or more")
    }

    /// Checks that a run of positions of `dim` elements fits into memory, when each kept draw takes `numbers` numbers
    /// beside its statistics.
    ///
    /// Where the system does not say how much memory is free, every run passes.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn check_memory(&self, dim: usize, numbers: usize) -> Result<(), SampleError> {
        const GIB: f64 = (1u64 << 30) as f64;
        let state = dim * (VECTORS_OF_A_CHAIN + 3 * (self.max_treedepth + 1));
        let kept = self.draws as f64 * (numbers + NUMBERS_OF_STATISTICS) as f64;
        let needed = 8.0 * self.chains as f64 * (state as f64 + kept) / GIB;
        match free_memory() {
            Some(bytes) if needed > bytes / GIB => {
                let (chains, draws, available) = (self.chains, self.draws, bytes / GIB);
                Err(SampleError::Memory { chains, draws, needed, available })
            }
            _ => Ok(()),
        }
    }
}

/// Vectors that a chain holds beside the spans of its trajectory.
const VECTORS_OF_A_CHAIN: usize = 25;
/// Numbers that the statistics of a draw take, while they are collected and afterwards.
const NUMBERS_OF_STATISTICS: usize = 24;

/// Free memory in bytes, where Linux tells it.
fn free_memory() -> Option<f64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024.0 * kibibytes)
}

/// Samples `target` with the No-U-Turn sampler; each chain starts within 1 of `initial` in every element.
///
/// When `progress` is stopped the run ends at once, with the draws it has, cut to the same number for each chain.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// An option out of range, a run that does not fit into memory, an `initial` or `progress` of the wrong length, or a chain that found no place to start.
pub fn sample(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
) -> Result<Draws, SampleError> {
    settings.validate()?;
    let dim = target.dim();
    if dim == 0 {
        return Err(SampleError::NoParameters);
    }
    if initial.len() != dim {
        return Err(SampleError::InitialLength { seen: initial.len(), expected: dim });
    }
    if progress.chains() != settings.chains {
        return Err(SampleError::ProgressLength { seen: progress.chains(), expected: settings.chains });
    }
    settings.check_memory(dim, dim)?;
    let plan = Plan {
        initial,
        seed: settings.seed,
        tune: settings.tune,
        draws: settings.draws,
        target_accept: settings.target_accept,
        max_treedepth: settings.max_treedepth,
        metric: settings.metric,
        progress,
        begun: Instant::now(),
    };
    let mut positions = vec![0.0; settings.chains * settings.draws * dim];
    let records = run_groups(target, &plan, settings, &mut positions);
    let records = records.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Draws::collect(records, positions, settings.draws, plan.begun.elapsed().as_secs_f64()))
}

/// What each chain left behind, in order of the chains.
type Records = Vec<Result<ChainRecord, SampleError>>;

fn run_groups(
    target: &dyn LogDensity,
    plan: &Plan<'_>,
    settings: &Settings,
    positions: &mut [f64],
) -> Records {
    let (chains, threads) = (settings.chains, settings.threads.min(settings.chains));
    let no_start = AtomicBool::new(false);
    if threads == 1 {
        return run_group(target, plan, 0, positions, &no_start);
    }
    std::thread::scope(|scope| {
        let mut rest = positions;
        let mut workers = Vec::with_capacity(threads);
        for thread in 0..threads {
            let [first, end] = [thread, thread + 1].map(|thread| thread * chains / threads);
            let (group, others) = rest.split_at_mut((end - first) * plan.draws * target.dim());
            rest = others;
            let no_start = &no_start;
            workers.push(scope.spawn(move || run_group(target, plan, first, group, no_start)));
        }
        let join = |worker: std::thread::ScopedJoinHandle<'_, Records>| match worker.join() {
            Ok(records) => records,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().flat_map(join).collect()
    })
}

/// Runs the chains `first..` whose draws go to `positions`, one batch a tick.
///
/// The chains that still run hold the first rows of the batch.
///
/// # Shapes
/// - `positions`: `[chains of the group, draws, dim]`
fn run_group(
    target: &dyn LogDensity,
    plan: &Plan<'_>,
    first: usize,
    positions: &mut [f64],
    no_start: &AtomicBool,
) -> Records {
    let dim = target.dim();
    let mut evaluator = target.evaluator();
    let count = positions.len() / (plan.draws * dim);
    let mut position = vec![0.0; count * dim];
    let mut gradient = vec![0.0; count * dim];
    let mut log_density = vec![0.0; count];
    let mut chains: Vec<Chain<'_>> = positions
        .chunks_exact_mut(plan.draws * dim)
        .zip(position.chunks_exact_mut(dim))
        .enumerate()
        .map(|(row, (positions, position))| Chain::new(plan, first + row, positions, position))
        .collect();
    let mut running = count;
    let mut ticks = 0;
    while running > 0 && !plan.progress.is_stopped() {
        let batch = running * dim;
        evaluator.evaluate(&position[..batch], &mut log_density[..running], &mut gradient[..batch]);
        let mut row = 0;
        while row < running {
            let place = row * dim..(row + 1) * dim;
            let rows = Rows {
                position: &mut position[place.clone()],
                gradient: &mut gradient[place],
                log_density: log_density[row],
            };
            let status = chains[row].advance(rows);
            if status == Status::Running {
                row += 1;
                continue;
            }
            if status == Status::NoStart {
                no_start.store(true, Relaxed);
            }
            running -= 1;
            chains.swap(row, running);
            log_density.swap(row, running);
            for matrix in [&mut position, &mut gradient] {
                let (head, tail) = matrix.split_at_mut(running * dim);
                if row < running {
                    head[row * dim..][..dim].copy_from_slice(&tail[..dim]);
                }
            }
        }
        ticks += 1;
        if ticks >= ATTEMPTS && no_start.load(Relaxed) {
            break;
        }
    }
    chains.sort_by_key(Chain::index);
    chains.into_iter().map(Chain::into_record).collect()
}
