//! ChEES-HMC: trajectories of one length for many chains, a length that is learned from all of them.
//!
//! ```text
//! draw n:  steps = ceil(h T / e), h = n-th number of the Halton sequence in base 2     the same for every chain
//!          p ~ N(0, I);  (q', p') = leapfrog^steps(q, p; e);  accept with min(1, exp(H - H'))
//! tuned:   T by gradient ascent on ChEES, e by dual averaging, metric by moments over chains and rounds
//! ```
//!
//! All chains take the same number of steps, so a batch never waits for one chain: a leapfrog step is one gradient of
//! the whole batch, and there is no tree whose ends must be compared. It takes a target that is about equally hard
//! everywhere; where chains need trajectories of different lengths, NUTS is the better sampler.
//!
//! - `step`: one draw of each chain.
//! - `adaptation`: length, step size and metric.
//!
//! # Differences from the paper
//! Positions are whitened by a diagonal Fisher metric that is pooled over chains, which the paper leaves out. The
//! Halton number has no jitter of its own. What chain `c` draws depends on the seed, `c` and the other chains, never
//! on threads.
//!
//! # References
//! - Hoffman, Radul, Sountsov (2021), An adaptive-MCMC scheme for setting trajectory lengths in Hamiltonian Monte
//!   Carlo. AISTATS, PMLR 130
//! - Neal (2011), MCMC using Hamiltonian dynamics, section 5.3 (why the number of steps varies). arXiv:1206.1901

mod adaptation;
mod step;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use adaptation::Adaptation;
use step::{Group, Place};

use super::batch::in_groups;
use super::key::Purpose;
use super::sink::{Filling, SharedSink};
use super::start::{Starts, is_start};
use super::{Draws, Fitted, InMemory, Init, Progress, RunRecord, SampleError, Sink, SinkError, Tuning};
use crate::density::LogDensity;

/// Fewest chains: the length and the metric are learned from differences between them.
const FEWEST_CHAINS: usize = 8;

/// Options of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Number of chains.
    pub chains: usize,
    /// Draws of each chain that are kept.
    pub draws: usize,
    /// Draws of each chain before those, which tune the sampler.
    pub tune: usize,
    /// Harmonic mean over chains of the acceptance that the step size is tuned to.
    pub target_accept: f64,
    /// Worker threads; more than there are chains are not used.
    pub threads: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Where chains start.
    pub init: Init,
}

impl Default for Settings {
    /// The acceptance is optimal for trajectories of a fixed length in many dimensions: Beskos, Pillai, Roberts,
    /// Sanz-Serna, Stuart (2013), Optimal tuning of the hybrid Monte Carlo algorithm. arXiv:1001.4460
    fn default() -> Self {
        Self {
            chains: 128,
            draws: 200,
            tune: 400,
            target_accept: 0.651,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            seed: 0,
            init: Init::default(),
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
        let (chains, draws) =
            ((FEWEST_CHAINS..=COUNT).contains(&self.chains), (1..=COUNT).contains(&self.draws));
        check(
            "chains",
            &self.chains,
            chains,
            "a whole number from 8 to 2147483647; NUTS takes fewer chains",
        )?;
        check("draws", &self.draws, draws, "a whole number from 1 to 2147483647")?;
        check("tune", &self.tune, self.tune <= COUNT, "a whole number from 0 to 2147483647")?;
        let accept = self.target_accept > 0.0 && self.target_accept < 1.0;
        check(
            "target_accept",
            &self.target_accept,
            accept,
            "between 0 and 1, both excluded; try 0.651 to 0.9",
        )?;
        check("threads", &self.threads, self.threads > 0, "1 or more")
    }
}

/// Samples `target` and keeps the draws in memory; chains start at or around `initial`, see [`Init`].
///
/// When `progress` is stopped the run ends at once, with the draws it has, cut to the same number for each chain.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// An option out of range, an `initial` or `progress` of the wrong length, or a chain that found no place to start.
pub fn sample(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
) -> Result<Draws, SampleError> {
    check(target.dim(), initial, settings, progress)?;
    let mut sink = InMemory::new(settings.chains, target.dim(), settings.draws, 0);
    let record = sample_into(target, initial, settings, progress, &mut sink)?;
    Ok(sink.into_draws(record))
}

/// Samples `target` and hands the draws to `sink` as they are made; those of warm-up are not.
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// As [`sample`]; or the sink's.
pub fn sample_into(
    target: &dyn LogDensity,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<RunRecord, SampleError> {
    check(target.dim(), initial, settings, progress)?;
    let begun = Instant::now();
    let Settings { chains, draws, .. } = *settings;
    let mut run = Run { groups: groups(target, settings), settings, progress, gradients: 0 };
    run.start(initial)?;
    let adaptation = run.warm_up();
    let (warmup_gradients, warmup_seconds) = (run.gradients, begun.elapsed().as_secs_f64());
    let finished = run.make_draws(&adaptation, sink)?;
    let tuning = Tuning {
        step_size: adaptation.step_size(),
        metric: adaptation.scale().iter().map(|scale| scale * scale).collect(),
        gradients: warmup_gradients / chains as u64,
    };
    Ok(RunRecord {
        tuning: vec![tuning; chains],
        warmup_draws: adaptation.rounds(),
        warmup_gradients,
        draw_gradients: run.gradients - warmup_gradients,
        warmup_seconds,
        draw_seconds: begun.elapsed().as_secs_f64() - warmup_seconds,
        stopped_early: finished.iter().any(|finished| *finished < draws),
        finished,
    })
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

/// The chains of each thread.
fn groups<'a>(target: &'a dyn LogDensity, settings: &Settings) -> Vec<Group<'a>> {
    let threads = settings.threads.min(settings.chains);
    let first = |thread: usize| thread * settings.chains / threads;
    let group = |thread| Group::new(target, settings.seed, first(thread)..first(thread + 1));
    (0..threads).map(group).collect()
}

struct Run<'a> {
    groups: Vec<Group<'a>>,
    settings: &'a Settings,
    progress: &'a Progress,
    /// Of all chains together.
    gradients: u64,
}

impl<'a> Run<'a> {
    /// Does `work` with each group in a thread of its own; returns what it returns, in order.
    fn each_group<R: Send>(&mut self, work: impl Fn(&mut Group<'a>) -> R + Sync) -> Vec<R> {
        let mut workers = vec![(); self.groups.len()];
        let all = |(): &mut (), groups: &mut [Group<'a>]| groups.iter_mut().map(&work).collect::<Vec<R>>();
        in_groups(&mut workers, &mut self.groups, all).into_iter().flatten().collect()
    }

    /// Puts every chain where density and gradient are finite.
    fn start(&mut self, initial: &[f64]) -> Result<(), SampleError> {
        let Settings { seed, ref init, chains, .. } = *self.settings;
        let starts = Starts { initial, init, seed };
        for attempt in 0..starts.attempts() {
            self.each_group(|group| {
                group.place(|chain, position, log_density, gradient| {
                    if attempt == 0 || !is_start(log_density, gradient) {
                        starts.write(chain, chain, attempt, position);
                    }
                });
            });
            self.gradients += chains as u64;
            if self.lost().next().is_none() {
                return Ok(());
            }
        }
        match self.lost().next() {
            Some(lost) => Err(starts.failure(lost.chain, lost.position, lost.log_density, lost.gradient)),
            None => Ok(()),
        }
    }

    /// The chains that cannot start from where they are.
    fn lost(&self) -> impl Iterator<Item = Place<'_>> {
        let places = self.groups.iter().flat_map(Group::places);
        places.filter(|place| !is_start(place.log_density, place.gradient))
    }

    /// Tunes; draw by draw, because what is learned from one is needed for the next.
    fn warm_up(&mut self) -> Adaptation {
        let Settings { chains, tune, target_accept, .. } = *self.settings;
        let mut adaptation = Adaptation::new(&self.groups, target_accept, tune);
        while let Some(trajectory) = adaptation.search() {
            let scale = adaptation.scale();
            self.each_group(|group| group.propose(0, Purpose::StepSearch, trajectory, scale));
            self.gradients += chains as u64;
            adaptation.end_try(&self.groups);
        }
        for draw in 0..tune {
            if self.progress.is_stopped() {
                break;
            }
            let trajectory = adaptation.trajectory(draw);
            let scale = adaptation.scale();
            self.each_group(|group| group.propose(draw, Purpose::Momentum, trajectory, scale));
            self.gradients += (chains * trajectory.steps) as u64;
            adaptation.learn(&self.groups, trajectory);
            let transitions = self.each_group(|group| group.settle(draw, trajectory));
            for (chain, transition) in transitions.iter().flatten().enumerate() {
                self.progress.record(chain, transition, true);
            }
            adaptation.gather(&self.groups);
        }
        adaptation
    }

    /// Makes the draws that are kept; returns how many each chain has.
    fn make_draws(
        &mut self,
        adaptation: &Adaptation,
        sink: &mut dyn Sink,
    ) -> Result<Vec<usize>, SampleError> {
        let Settings { draws, tune, chains, .. } = *self.settings;
        let (progress, sink) = (self.progress, Mutex::new(sink));
        let has_failed = AtomicBool::new(false);
        let made = self.each_group(|group| {
            let goes_on = || !progress.is_stopped() && !has_failed.load(Relaxed);
            let made = keep_draws(group, tune..tune + draws, adaptation, progress, &sink, goes_on);
            has_failed.fetch_or(made.is_err(), Relaxed);
            Ok((made?, group.chains()))
        });
        let made = made.into_iter().collect::<Result<Vec<(usize, usize)>, SinkError>>()?;
        let mut finished = Vec::with_capacity(chains);
        for (made, chains) in made {
            finished.extend(vec![made; chains]);
            let steps = (0..made).map(|draw| adaptation.trajectory(tune + draw).steps as u64).sum::<u64>();
            self.gradients += steps * chains as u64;
        }
        Ok(finished)
    }
}

/// Makes draws of the chains of a group as long as it `goes_on`; returns how many of each.
fn keep_draws(
    group: &mut Group<'_>,
    draws: std::ops::Range<usize>,
    adaptation: &Adaptation,
    progress: &Progress,
    sink: &SharedSink<'_>,
    goes_on: impl Fn() -> bool,
) -> Result<usize, SinkError> {
    let dim = adaptation.scale().len();
    let first = group.places().next().map_or(0, |place| place.chain);
    let mut fillings: Vec<Filling> =
        (0..group.chains()).map(|row| Filling::new(first + row, dim, 0, false)).collect();
    let mut made = 0;
    for draw in draws {
        if !goes_on() {
            break;
        }
        let trajectory = adaptation.trajectory(draw);
        group.propose(draw, Purpose::Momentum, trajectory, adaptation.scale());
        let ends: Vec<_> = group.divergent_ends().collect();
        let mut ends = ends.into_iter().peekable();
        let transitions = group.settle(draw, trajectory);
        for ((place, transition), filling) in group.places().zip(transitions).zip(&mut fillings) {
            progress.record(place.chain, &transition, false);
            let ends = ends.next_if(|(chain, _)| *chain == place.chain).map(|(_, ends)| ends);
            if filling.push(place.position, transition, ends) {
                filling.hand_over(sink)?;
            }
        }
        made += 1;
    }
    for filling in &mut fillings {
        filling.hand_over(sink)?;
    }
    Ok(made)
}
