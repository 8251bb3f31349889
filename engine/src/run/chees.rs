//! Run ChEES-HMC: chains on worker threads that all take the same number of steps.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Settings;
use super::together::Crew;
use crate::adaptation::Whitening;
use crate::density::LogDensity;
use crate::mcmc::batch::in_groups;
use crate::mcmc::chees::{Group, LengthAdaptation};
use crate::mcmc::key::Purpose;
use crate::mcmc::sink::{Filling, SharedSink};
use crate::mcmc::{ChainTuning, CrewState, Placed, Progress, SampleError, Sink, SinkError};

/// The chains of a run with their tuner.
pub(super) struct Chees<'a> {
    dim: usize,
    /// The chains of each thread.
    groups: Vec<Group<'a>>,
    adaptation: LengthAdaptation,
    issued: u64,
}

impl<'a> Chees<'a> {
    /// Makes the chains of a run, not placed yet.
    pub(super) fn new(target: &'a dyn LogDensity, settings: &Settings) -> Self {
        let Settings { chains, seed, tune, target_accept, .. } = *settings;
        let threads = settings.threads.min(chains);
        let first = |thread: usize| thread * chains / threads;
        let group = |thread| Group::new(target, seed, first(thread)..first(thread + 1));
        Self {
            dim: target.dim(),
            groups: (0..threads).map(group).collect(),
            adaptation: LengthAdaptation::new(target.dim(), target_accept, tune),
            issued: 0,
        }
    }

    fn chains(&self) -> usize {
        self.groups.iter().map(Group::chains).sum()
    }
}

/// Does `work` with each group in a thread of its own; returns what it returns, in order.
fn each_group<'a, R: Send>(groups: &mut [Group<'a>], work: impl Fn(&mut Group<'a>) -> R + Sync) -> Vec<R> {
    let mut workers = vec![(); groups.len()];
    let all = |(): &mut (), groups: &mut [Group<'a>]| groups.iter_mut().map(&work).collect::<Vec<R>>();
    in_groups(&mut workers, groups, all).into_iter().flatten().collect()
}

impl Crew for Chees<'_> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn place(&mut self, position: &[f64], _: usize) -> Result<Placed, SampleError> {
        let dim = self.dim;
        each_group(&mut self.groups, |group| group.place(|chain| &position[chain * dim..][..dim]));
        self.places()
    }

    fn places(&mut self) -> Result<Placed, SampleError> {
        let places = || self.groups.iter().flat_map(Group::places);
        Ok(Placed {
            position: places().flat_map(|place| place.position).copied().collect(),
            log_density: places().map(|place| place.log_density).collect(),
            gradient: places().flat_map(|place| place.gradient).copied().collect(),
        })
    }

    /// Looks for a step size, after the first metric is made.
    fn start(&mut self, _: &Placed) -> Result<u64, SampleError> {
        self.adaptation.start(&self.groups);
        let mut tries = 0;
        while let Some(trajectory) = self.adaptation.search() {
            let scale = self.adaptation.scale();
            each_group(&mut self.groups, |group| group.propose(0, Purpose::StepSearch, trajectory, scale));
            tries += 1;
            self.adaptation.end_try(&self.groups);
        }
        Ok(tries * self.chains() as u64)
    }

    fn is_tuned(&self) -> bool {
        self.adaptation.is_done()
    }

    fn round(
        &mut self,
        draw: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Option<u64>, SampleError> {
        let trajectory = self.adaptation.trajectory(draw);
        let scale = self.adaptation.scale();
        each_group(&mut self.groups, |group| group.propose(draw, Purpose::Momentum, trajectory, scale));
        self.adaptation.learn(&self.groups, trajectory);
        let sink: Option<SharedSink<'_>> = sink.map(|sink| Mutex::new(sink as &mut dyn Sink));
        for group in &mut self.groups {
            let mut fillings = fillings(group, self.dim, true);
            settle(group, draw, trajectory, progress, &mut fillings, sink.as_ref())?;
            if let Some(sink) = &sink {
                fillings.iter_mut().try_for_each(|filling| filling.hand_over(sink))?;
            }
        }
        self.adaptation.gather(&self.groups);
        Ok(Some(self.chains() as u64 * trajectory.steps as u64))
    }

    fn may_move(&self) -> bool {
        self.adaptation.may_move()
    }

    fn move_stranded(&mut self, places: &Placed) -> Option<Vec<f64>> {
        self.adaptation.move_stranded(places)
    }

    fn moved(&self) -> usize {
        self.adaptation.moved()
    }

    fn draw(
        &mut self,
        first: usize,
        draws: usize,
        progress: &Progress,
        sink: &mut dyn Sink,
    ) -> Result<(), SampleError> {
        let (sink, has_failed): (SharedSink<'_>, _) = (Mutex::new(sink), AtomicBool::new(false));
        let (adaptation, dim) = (&self.adaptation, self.dim);
        let stretch = |group: &mut Group<'_>| -> Result<u64, SinkError> {
            let (mut fillings, mut gradients) = (fillings(group, dim, false), 0);
            for draw in first..first + draws {
                if progress.is_stopped() || has_failed.load(Relaxed) {
                    break;
                }
                let trajectory = adaptation.trajectory(draw);
                group.propose(draw, Purpose::Momentum, trajectory, adaptation.scale());
                settle(group, draw, trajectory, progress, &mut fillings, Some(&sink))?;
                gradients += trajectory.steps as u64 * group.chains() as u64;
            }
            fillings.iter_mut().try_for_each(|filling| filling.hand_over(&sink))?;
            Ok(gradients)
        };
        let made = each_group(&mut self.groups, |group| {
            let made = stretch(group);
            has_failed.fetch_or(made.is_err(), Relaxed);
            made
        });
        for gradients in made {
            self.issued += gradients?;
        }
        Ok(())
    }

    /// All chains take the same steps: none waits in its place.
    fn issued(&self) -> u64 {
        self.issued
    }

    fn tuned(&self) -> Vec<ChainTuning> {
        let whitening = Whitening::Diagonal(self.adaptation.scale().to_vec());
        vec![ChainTuning { step_size: self.adaptation.step_size(), whitening }]
    }

    fn state(&self) -> CrewState {
        CrewState::Chees(self.adaptation.clone())
    }

    fn restore(&mut self, state: CrewState) -> bool {
        let CrewState::Chees(adaptation) = state else { return false };
        self.adaptation = adaptation;
        true
    }
}

/// An empty block for each chain of a group.
fn fillings(group: &Group<'_>, dim: usize, is_warmup: bool) -> Vec<Filling> {
    group.places().map(|place| Filling::new(place.chain, dim, 0, is_warmup)).collect()
}

/// Ends the trajectories of a group and keeps their draws, if there is a sink.
fn settle(
    group: &mut Group<'_>,
    draw: usize,
    trajectory: crate::mcmc::chees::Trajectory,
    progress: &Progress,
    fillings: &mut [Filling],
    sink: Option<&SharedSink<'_>>,
) -> Result<(), SinkError> {
    let mut ends: Vec<Option<[Vec<f64>; 2]>> = group.divergent_ends();
    let transitions = group.settle(draw, trajectory);
    let rows = group.places().zip(transitions).zip(&mut ends);
    for (((place, transition), ends), filling) in rows.zip(fillings) {
        progress.record(place.chain, &transition, filling.is_warmup());
        if let Some(sink) = sink
            && filling.push(place.position, transition, ends.take())
        {
            filling.hand_over(sink)?;
        }
    }
    Ok(())
}
