//! Run the No-U-Turn sampler with chains that tune themselves, on any executor of ensembles.
//!
//! In warm-up all chains make one draw a round, after which each takes in its own. What a chain draws is what it draws
//! alone, but for the executor's rounding.

use super::together::{Crew, run};
use super::{Settings, starts};
use crate::adaptation::Next;
use crate::mcmc::key::DrawKey;
use crate::mcmc::nuts::{Place, StepSearch, Tuner};
use crate::mcmc::start::Starts;
use crate::mcmc::{
    ChainTuning, CrewState, Ensemble, EnsembleTuning, Placed, Progress, RunRecord, SampleError, Sink,
    Snapshot,
};

pub(super) fn sample(
    ensemble: &mut dyn Ensemble,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    let Settings { metric, target_accept, tune, chains, .. } = *settings;
    let tuner = Tuner::new(metric, target_accept, tune, ensemble.dim());
    let starts = starts(initial, settings);
    let mut crew = EachNuts { ensemble, settings, starts, tuners: vec![tuner; chains] };
    run(&mut crew, initial, settings, progress, sink, resume)
}

/// An ensemble with a tuner for each chain.
struct EachNuts<'a> {
    ensemble: &'a mut dyn Ensemble,
    settings: &'a Settings,
    starts: Starts<'a>,
    tuners: Vec<Tuner>,
}

impl EachNuts<'_> {
    fn tuning(&self) -> EnsembleTuning {
        EnsembleTuning {
            chains: self.tuners.iter().map(Tuner::tuning).collect(),
            max_treedepth: self.settings.max_treedepth,
            is_warmup: !self.is_tuned(),
        }
    }

    /// Searches step sizes of chains before their draw `draw`; returns the gradients that took.
    fn search(&mut self, chains: &[usize], places: &Placed, draw: usize) -> Result<u64, SampleError> {
        if chains.is_empty() {
            return Ok(0);
        }
        let dim = self.ensemble.dim();
        let row = |chain: usize| chain * dim..(chain + 1) * dim;
        let mut position = places.position.clone();
        let mut searches: Vec<(usize, Place, StepSearch)> = Vec::with_capacity(chains.len());
        for &chain in chains {
            let mut place = Place::new(dim);
            place.set(&places.position[row(chain)], &places.gradient[row(chain)], places.log_density[chain]);
            let mut search = StepSearch::new(dim, self.settings.target_accept);
            let key = DrawKey::new(self.settings.seed, chain as u32, draw as u32);
            search.start(key, &place, self.tuners[chain].whitening(), &mut position[row(chain)]);
            searches.push((chain, place, search));
        }
        let mut gradients = 0;
        while !searches.is_empty() {
            gradients += searches.len() as u64;
            let seen = self.ensemble.place(&position, draw)?;
            searches.retain_mut(|(chain, place, search)| {
                let (chain, tuner) = (*chain, &mut self.tuners[*chain]);
                let (log_density, gradient) = (seen.log_density[chain], &seen.gradient[row(chain)]);
                let position = &mut position[row(chain)];
                let found = search.advance(log_density, gradient, place, tuner.whitening(), position);
                if let Some(step_size) = found {
                    tuner.restart_step_size(step_size);
                    position.copy_from_slice(&place.position);
                }
                found.is_none()
            });
        }
        self.ensemble.place(&places.position, draw)?;
        Ok(gradients)
    }
}

impl Crew for EachNuts<'_> {
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
        let dim = self.ensemble.dim();
        let rows = places.position.chunks_exact(dim).zip(places.gradient.chunks_exact(dim));
        for (tuner, (position, gradient)) in self.tuners.iter_mut().zip(rows) {
            tuner.start(position, gradient, self.starts.fitted());
        }
        let all: Vec<usize> = (0..self.tuners.len()).collect();
        self.search(&all, places, 0)
    }

    fn is_tuned(&self) -> bool {
        self.tuners.iter().all(Tuner::is_tuned)
    }

    fn round(
        &mut self,
        draw: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Option<u64>, SampleError> {
        self.ensemble.tune(&self.tuning())?;
        let seen = self.ensemble.run(1, progress, sink)?;
        if progress.is_stopped() {
            return Ok(None);
        }
        let (places, dim) = (self.ensemble.places()?, self.ensemble.dim());
        let rows = places.position.chunks_exact(dim).zip(places.gradient.chunks_exact(dim));
        let mut searching = Vec::new();
        for (chain, ((tuner, seen), (position, gradient))) in
            self.tuners.iter_mut().zip(&seen).zip(rows).enumerate()
        {
            if tuner.update(seen, position, gradient) == Next::SearchStepSize {
                searching.push(chain);
            }
        }
        let searched = self.search(&searching, &places, draw + 1)?;
        Ok(Some(searched + seen.iter().map(|seen| u64::from(seen.n_steps)).sum::<u64>()))
    }

    fn draw(
        &mut self,
        _: usize,
        draws: usize,
        progress: &Progress,
        sink: &mut dyn Sink,
    ) -> Result<(), SampleError> {
        self.ensemble.tune(&self.tuning())?;
        self.ensemble.run(draws, progress, Some(sink)).map(drop)
    }

    fn issued(&self) -> u64 {
        self.ensemble.issued()
    }

    fn tuned(&self) -> Vec<ChainTuning> {
        self.tuning().chains
    }

    fn state(&self) -> CrewState {
        CrewState::Each(self.tuners.clone())
    }

    fn restore(&mut self, state: CrewState) -> bool {
        let CrewState::Each(tuners) = state else { return false };
        let fits = tuners.len() == self.tuners.len();
        self.tuners = tuners;
        fits
    }
}
