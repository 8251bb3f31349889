//! Move an ensemble on the processor: one batch of gradients a tick for the chains of each worker thread.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::batch::{advance_all, in_groups};
use super::ensemble::{ChainTuning, Ensemble, EnsembleTuning, Placed, PooledMoments};
use super::nuts::{Member, Orders};
use super::sink::SharedSink;
use super::{Progress, SampleError, Sink, SinkError, Transition};
use crate::adaptation::Whitening;
use crate::density::{Evaluator, LogDensity};

/// An ensemble of chains on worker threads; what it draws does not depend on their number.
pub struct HostEnsemble<'a> {
    dim: usize,
    seed: u64,
    members: Vec<Member>,
    evaluators: Vec<Box<dyn Evaluator + 'a>>,
    tuning: EnsembleTuning,
    issued: u64,
}

impl<'a> HostEnsemble<'a> {
    /// Makes an ensemble whose trajectories double at most `max_treedepth` times; its chains are not placed yet.
    pub fn new(
        target: &'a dyn LogDensity,
        chains: usize,
        seed: u64,
        max_treedepth: usize,
        threads: usize,
    ) -> Self {
        let dim = target.dim();
        let unit = ChainTuning { step_size: 1.0, whitening: Whitening::unit(dim) };
        Self {
            dim,
            seed,
            members: (0..chains).map(|index| Member::new(index, dim, max_treedepth)).collect(),
            evaluators: (0..threads.clamp(1, chains)).map(|_| target.evaluator()).collect(),
            tuning: EnsembleTuning { chains: vec![unit], max_treedepth, is_warmup: true },
            issued: 0,
        }
    }
}

impl Ensemble for HostEnsemble<'_> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn chains(&self) -> usize {
        self.members.len()
    }

    fn place(&mut self, position: &[f64], draw: usize) -> Result<Placed, SampleError> {
        let dim = self.dim;
        in_groups(&mut self.evaluators, &mut self.members, |evaluator, members| {
            let Some(first) = members.first().map(|member| member.index) else { return };
            let position = &position[first * dim..][..members.len() * dim];
            let (mut log_density, mut gradient) = (vec![0.0; members.len()], vec![0.0; position.len()]);
            evaluator.evaluate(position, &mut log_density, &mut gradient);
            let places = position.chunks_exact(dim).zip(gradient.chunks_exact(dim)).zip(&log_density);
            for (member, ((position, gradient), log_density)) in members.iter_mut().zip(places) {
                member.draw = draw;
                member.tree.chosen.set(position, gradient, *log_density);
            }
        });
        self.places()
    }

    fn tune(&mut self, tuning: &EnsembleTuning) -> Result<(), SampleError> {
        for member in &mut self.members {
            member.tree.limit_depth(tuning.max_treedepth);
        }
        self.tuning = tuning.clone();
        Ok(())
    }

    fn run(
        &mut self,
        draws: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Vec<Transition>, SampleError> {
        let sink: Option<SharedSink<'_>> = sink.map(|sink| Mutex::new(sink as &mut dyn Sink));
        let orders = Orders {
            seed: self.seed,
            draws,
            tuning: &self.tuning,
            progress,
            sink: sink.as_ref(),
            failed: AtomicBool::new(false),
        };
        let dim = self.dim;
        let results = in_groups(&mut self.evaluators, &mut self.members, |evaluator, members| {
            let mut seats: Vec<_> = members.iter_mut().map(|member| member.work(&orders)).collect();
            let goes_on = |_| !progress.is_stopped() && !orders.failed.load(Relaxed);
            let issued =
                if draws > 0 { advance_all(evaluator.as_mut(), dim, &mut seats, goes_on) } else { 0 };
            seats.sort_by_key(|seat| seat.index());
            seats.into_iter().try_for_each(|seat| seat.end())?;
            Ok::<u64, SinkError>(issued)
        });
        for issued in results {
            self.issued += issued?;
        }
        Ok(self.members.iter().map(|member| member.last).collect())
    }

    fn moments(&mut self, least_log_density: f64) -> Result<PooledMoments, SampleError> {
        let mut moments = PooledMoments::new(self.dim);
        for place in self.members.iter().map(|member| &member.tree.chosen) {
            if place.log_density >= least_log_density {
                moments.add(&place.position, &place.gradient);
            }
        }
        Ok(moments)
    }

    fn issued(&self) -> u64 {
        self.issued
    }

    fn places(&mut self) -> Result<Placed, SampleError> {
        let places = || self.members.iter().map(|member| &member.tree.chosen);
        Ok(Placed {
            position: places().flat_map(|place| &place.position).copied().collect(),
            log_density: places().map(|place| place.log_density).collect(),
            gradient: places().flat_map(|place| &place.gradient).copied().collect(),
        })
    }
}
