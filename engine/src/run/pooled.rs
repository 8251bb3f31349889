//! Run the No-U-Turn sampler with one metric and step size for all chains, on any executor of ensembles.

use super::Settings;
use super::together::{Crew, run};
use crate::adaptation::{Pooled, Round};
use crate::mcmc::{
    ChainTuning, CrewState, Ensemble, Placed, Progress, RunRecord, SampleError, Sink, Snapshot,
};

pub(super) fn sample(
    ensemble: &mut dyn Ensemble,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    let Settings { metric, target_accept, tune, max_treedepth, chains, .. } = *settings;
    let pooled = Pooled::new(metric, target_accept, tune, max_treedepth, [chains, ensemble.dim()]);
    run(&mut PooledNuts { ensemble, pooled }, initial, settings, progress, sink, resume)
}

/// An ensemble with its tuner.
struct PooledNuts<'a> {
    ensemble: &'a mut dyn Ensemble,
    pooled: Pooled,
}

impl Crew for PooledNuts<'_> {
    fn dim(&self) -> usize {
        self.ensemble.dim()
    }

    fn place(&mut self, position: &[f64], draw: usize) -> Result<Placed, SampleError> {
        self.ensemble.place(position, draw)
    }

    fn places(&mut self) -> Result<Placed, SampleError> {
        self.ensemble.places()
    }

    fn start(&mut self, places: &Placed) -> Result<u64, SampleError> {
        self.pooled.start(places);
        Ok(0)
    }

    fn is_tuned(&self) -> bool {
        self.pooled.is_frozen()
    }

    fn round(
        &mut self,
        _: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Option<u64>, SampleError> {
        self.ensemble.tune(&self.pooled.tuning())?;
        let seen = self.ensemble.run(1, progress, sink)?;
        if progress.is_stopped() {
            return Ok(None);
        }
        if self.pooled.takes_moments() {
            let moments = self.ensemble.moments(self.pooled.least_log_density(&seen))?;
            self.pooled.update(&Round::Moments(&seen, &moments));
        } else {
            self.pooled.update(&Round::Places(&seen, &self.ensemble.places()?));
        }
        Ok(Some(seen.iter().map(|seen| u64::from(seen.n_steps)).sum()))
    }

    fn may_move(&self) -> bool {
        self.pooled.may_move()
    }

    fn move_stranded(&mut self, places: &Placed) -> Option<Vec<f64>> {
        self.pooled.move_stranded(places)
    }

    fn moved(&self) -> usize {
        self.pooled.moved()
    }

    fn draw(
        &mut self,
        _: usize,
        draws: usize,
        progress: &Progress,
        sink: &mut dyn Sink,
    ) -> Result<(), SampleError> {
        self.ensemble.tune(&self.pooled.tuning())?;
        self.ensemble.run(draws, progress, Some(sink)).map(drop)
    }

    fn issued(&self) -> u64 {
        self.ensemble.issued()
    }

    fn tuned(&self) -> Vec<ChainTuning> {
        self.pooled.tuning().chains
    }

    fn state(&self) -> CrewState {
        CrewState::Nuts(self.pooled.clone())
    }

    fn restore(&mut self, state: CrewState) -> bool {
        let CrewState::Nuts(pooled) = state else { return false };
        self.pooled = pooled;
        true
    }
}
