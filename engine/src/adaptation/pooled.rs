//! Tune one metric and one step size for many chains, in rounds of one draw of each.
//!
//! ```text
//! start:    one gradient a chain; first metric from the moments over chains
//! search:   rounds of one leapfrog step; double or halve the step size until mean acceptance crosses its target
//! tune:     each round: one update of dual averaging with the mean acceptance; a new metric
//! settle:   when the metric and the step size have come to rest and the chains have forgotten where they started:
//!           10 rounds for the step size with the metric fixed
//! ```
//!
//! - *The first metric* is that of Fisher: its moments over chains are exact for a normal with independent elements
//!   wherever the chains are, so that starts need not be near the target.
//! - *One update a round.* One update for each chain, with the acceptances that all have at the same step size, would
//!   multiply the gain by the root of the number of chains and make the step size oscillate.
//! - *Window.* The metric is made from the last half to three quarters of the rounds: every round counts in two
//!   windows; when the younger has as many rounds as came before it began, it takes the place of the older.
//! - *Trajectories are short at first*, since a metric that is off would make them as long as they may be.
//! - *Robust.* A chain that hangs far out would widen the metric of all. It is left out of the moments while its log
//!   density is below `median - max(10 MAD, 5 + dim)` over chains; in equilibrium the log density of a normal has
//!   deviation `sqrt(dim / 2)`, so that next to none is. The mean acceptance counts every chain: one that cannot move
//!   pulls it down by its share. Metrics that are made from draws one by one also leave out chains that did not move.
//! - *Stranded chains* are moved to others after 64, 128, ... rounds and before warm-up ends, see [`Stranded`]; the
//!   draws before count no longer.
//! - *Rescue.* A chain can sit where the step size of all is too long for it, and would sit there for good. When one has
//!   not moved for 5 rounds, 5 rounds are made with an eighth of the step size, the next time with 1/64 of it, and so on
//!   in turn, 12 times at most; these rounds tune nothing, and the draws before them no longer count for the metric.
//!
//! # When it ends
//! When no chain has needed rescue for 5 rounds, no scale and not the step size has changed by 5 % over 5 rounds, and
//! the nested R-hat of the log density over these rounds is below `sqrt(1.05^2 + 1/M)`. It compares superchains of `M`
//! chains that started at the same place: while chains remember their starts, superchains differ. `1 / M` is what chance
//! adds when they have forgotten them. The most rounds are those asked for.
//!
//! # What it costs
//! Gradients of warm-up for each chain, and bulk ESS of the worst element per 1000 gradients after it; 256 chains, 200
//! draws, one seed (radon: four seeds cost 1278 to 2160):
//!
//! ```text
//!                                pooled, at most 1000     each chain, 1000     Stan's windows, 1000
//! eight schools, 10 elements       162        89            7253      86            9728
//! radon, 90 elements              2160        23           10348      19           33884
//! normal, condition 1e4            110       286            8287     285           38643
//! centred hierarchy, 22 elements   221         3           10739       2           18240
//! ```
//!
//! # References
//! - Seyboldt, Carlson, Carpenter (2026), Fisher divergence for mass matrix adaptation. arXiv:2603.18845
//! - Hoffman, Gelman (2014), The No-U-Turn sampler, section 3.2. arXiv:1111.4246
//! - Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari, Gelman (2024), Nested R-hat, section 3. arXiv:2110.13017
//! - The stopping rule, the thresholds, the rescue and the search in rounds are ours.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::dual_averaging::DualAveraging;
use super::estimator::Estimator;
use super::far_out::least_log_density;
use super::metric::Metric;
use super::moments::Moments;
use super::stranded::Stranded;
use super::whitening::Whitening;
use crate::diagnostics::nested_r_hat_of_chains;
use crate::mcmc::{ChainTuning, EnsembleTuning, Placed, PooledMoments, Transition};

/// Rounds over which nothing may change for adaptation to end, and by how much.
const REST: usize = 5;
const CHANGE: f64 = 0.05;
/// Nested R-hat below which chains have forgotten their starts.
const R_HAT: f64 = 1.05;
/// How often chains are rescued at most, the depth of the trajectories, and how they shorten the step size in turn.
const RESCUES: usize = 12;
const RESCUE_DEPTH: usize = 5;
const SHORTER: [f64; 2] = [1.0 / 8.0, 1.0 / 64.0];
/// Chains that are far out when nothing changes any more are on their way, or in another mode: they are waited for until
/// there have been so many times the rounds.
const PATIENCE: usize = 5;
/// Rounds that tune the step size alone at the end.
const SETTLING: usize = 10;
/// Largest depth of trajectories until the metric has been made so many times.
const DEPTHS: [(usize, usize); 2] = [(2, 5), (8, 8)];
/// The most superchains, and the fewest chains of each unless that leaves less than [`LEAST_SUPERCHAINS`].
const SUPERCHAINS: usize = 16;
const LEAST_SUPERCHAINS: usize = 4;

/// The tuner of many chains.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pooled {
    target_accept: f64,
    max_treedepth: usize,
    chains: usize,
    dim: usize,
    metric: Metric,
    /// The most rounds, those so far, and those so far that made draws for the metric.
    tune: usize,
    rounds: usize,
    tuned: usize,
    stage: Stage,
    step: DualAveraging,
    whitening: Whitening,
    /// How often the metric has been made, and the round from which on it is made again.
    made: usize,
    make_from: usize,
    older: Estimator,
    younger: Estimator,
    /// Rounds in `tuned` at which the younger window takes the place of the older.
    switch: usize,
    /// Scales and step size after the last rounds, oldest first.
    past: VecDeque<(Vec<f64>, f64)>,
    /// Rounds that each chain has not moved, `[chains]`.
    unmoved: Vec<usize>,
    /// Rounds of a rescue that are still to come, and rescues so far.
    rescue_rounds: usize,
    rescues: usize,
    /// Log densities after the last rounds, `[chains]` each.
    log_densities: VecDeque<Vec<f64>>,
    /// The round in which nothing changed any more for the first time.
    rested_at: Option<usize>,
    stranded: Stranded,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Stage {
    Search { step_size: f64, grows: Option<bool> },
    Tune,
    Settle { left: usize },
    Frozen,
}

/// What a round of one draw of each chain left behind.
pub(crate) enum Round<'a> {
    /// Moments over the chains that are not far out, when [`Pooled::takes_moments`].
    Moments(&'a [Transition], &'a PooledMoments),
    /// Where the chains are.
    Places(&'a [Transition], &'a Placed),
}

impl Pooled {
    pub(crate) fn new(
        metric: Metric,
        target_accept: f64,
        tune: usize,
        max_treedepth: usize,
        [chains, dim]: [usize; 2],
    ) -> Self {
        let step_size = (dim as f64).powf(-0.25);
        let stage = match tune {
            0 => Stage::Frozen,
            _ => Stage::Search { step_size, grows: None },
        };
        Self {
            target_accept,
            max_treedepth,
            chains,
            dim,
            metric,
            tune,
            rounds: 0,
            tuned: 0,
            stage,
            step: DualAveraging::new(target_accept, step_size),
            whitening: Whitening::unit(dim),
            made: 0,
            make_from: 0,
            older: Estimator::new(metric, dim),
            younger: Estimator::new(metric, dim),
            switch: 1,
            past: VecDeque::new(),
            unmoved: vec![0; chains],
            rescue_rounds: 0,
            rescues: 0,
            log_densities: VecDeque::new(),
            rested_at: None,
            stranded: Stranded::default(),
        }
    }

    /// How many chains start at one place.
    pub(crate) fn superchain(chains: usize) -> usize {
        let superchains = (chains / 4).clamp(LEAST_SUPERCHAINS, SUPERCHAINS);
        chains.div_ceil(superchains)
    }

    /// Makes the first metric from where the chains start.
    pub(crate) fn start(&mut self, places: &Placed) {
        if self.metric == Metric::Unit || self.chains < 2 {
            return;
        }
        let mut first = Estimator::new(Metric::FisherDiagonal, self.dim);
        let rows = places.position.chunks_exact(self.dim).zip(places.gradient.chunks_exact(self.dim));
        rows.for_each(|(position, gradient)| first.add(position, gradient));
        first.write(&mut self.whitening);
    }

    /// Whether tuning has ended.
    pub(crate) fn is_frozen(&self) -> bool {
        self.stage == Stage::Frozen
    }

    /// Whether a round wants moments over chains, and not where each is.
    pub(crate) fn takes_moments(&self) -> bool {
        self.older.takes_moments()
    }

    /// How the next draws are made.
    pub(crate) fn tuning(&self) -> EnsembleTuning {
        let depth = DEPTHS.iter().find(|(made, _)| self.made < *made).map(|(_, depth)| *depth);
        let (step_size, depth) = match self.stage {
            Stage::Search { step_size, .. } => (step_size, Some(1)),
            Stage::Tune if self.rescue_rounds > 0 => {
                let shorter = SHORTER[(self.rescues - 1) % SHORTER.len()];
                (self.step.step_size() * shorter, Some(RESCUE_DEPTH))
            }
            Stage::Tune if self.metric == Metric::Unit => (self.step.step_size(), None),
            Stage::Tune => (self.step.step_size(), depth),
            Stage::Settle { .. } => (self.step.step_size(), None),
            Stage::Frozen => (self.step.average_step_size(), None),
        };
        EnsembleTuning {
            chains: vec![ChainTuning { step_size, whitening: self.whitening.clone() }],
            max_treedepth: depth.unwrap_or(self.max_treedepth).min(self.max_treedepth),
            is_warmup: !self.is_frozen(),
        }
    }

    /// Log density below which a chain is too far out to count.
    pub(crate) fn least_log_density(&self, seen: &[Transition]) -> f64 {
        least_log_density(seen.iter().map(|transition| transition.log_density).collect(), self.dim)
    }

    /// Takes in a round.
    pub(crate) fn update(&mut self, round: &Round<'_>) {
        let (Round::Moments(seen, _) | Round::Places(seen, _)) = round;
        let acceptance = seen.iter().map(|seen| seen.acceptance_rate).sum::<f64>() / seen.len() as f64;
        self.rounds += 1;
        self.stranded.watch(seen.iter().map(|seen| seen.log_density).collect());
        match &mut self.stage {
            Stage::Search { step_size, grows } => {
                let accepts = acceptance > self.target_accept;
                let crossed = grows.is_some_and(|grows| grows != accepts);
                if crossed || !(1e-10..1e5).contains(step_size) {
                    self.step = DualAveraging::around(self.target_accept, *step_size);
                    self.stage = Stage::Tune;
                } else {
                    *step_size *= if *grows.get_or_insert(accepts) { 2.0 } else { 0.5 };
                }
            }
            Stage::Tune => {
                let is_at_rest = match self.rescue_rounds {
                    0 => {
                        self.step.update(acceptance);
                        self.tune_metric(round);
                        self.is_at_rest(seen)
                    }
                    _ => false,
                };
                self.plan_rescue(seen);
                let ends = is_at_rest && self.rescue_rounds == 0;
                if ends || self.rounds + SETTLING >= self.tune {
                    self.step = DualAveraging::around(self.target_accept, self.step.average_step_size());
                    self.stage = Stage::Settle { left: SETTLING };
                }
            }
            Stage::Settle { left } => {
                self.step.update(acceptance);
                *left -= 1;
                if *left == 0 {
                    self.stage = Stage::Frozen;
                }
            }
            Stage::Frozen => {}
        }
        if self.rounds == self.tune {
            if let Stage::Search { step_size, .. } = self.stage {
                self.step = DualAveraging::new(self.target_accept, step_size);
            }
            self.stage = Stage::Frozen;
        }
    }

    /// Whether it is time to [move](Self::move_stranded) chains: now and then, and when tuning is about to end, as long as
    /// there may be as many rounds again.
    pub(crate) fn may_move(&self) -> bool {
        let is_time = match self.stage {
            Stage::Tune => self.stranded.is_due(),
            Stage::Settle { left } => left == SETTLING,
            Stage::Search { .. } | Stage::Frozen => false,
        };
        is_time && 2 * self.rounds <= self.tune
    }

    /// Positions of all chains, those that are stranded moved to others, if there are any; tuning then goes on.
    ///
    /// # Shapes
    /// - returned: `[chains, dim]`
    pub(crate) fn move_stranded(&mut self, places: &Placed) -> Option<Vec<f64>> {
        let positions = self.stranded.positions(places, Self::superchain(self.chains))?;
        self.step = DualAveraging::around(self.target_accept, self.step.average_step_size());
        self.stage = Stage::Tune;
        self.rested_at = None;
        self.forget();
        Some(positions)
    }

    /// How many chains have been moved.
    pub(crate) fn moved(&self) -> usize {
        self.stranded.moved()
    }

    /// Decides whether the next rounds rescue chains that do not move.
    fn plan_rescue(&mut self, seen: &[Transition]) {
        for (unmoved, seen) in self.unmoved.iter_mut().zip(seen) {
            *unmoved = if seen.index_in_trajectory == 0 { *unmoved + 1 } else { 0 };
        }
        if self.rescue_rounds > 0 {
            self.rescue_rounds -= 1;
        } else if self.rescues < RESCUES && self.unmoved.iter().any(|unmoved| *unmoved >= REST) {
            self.rescue_rounds = REST;
            self.rescues += 1;
            self.forget();
        }
    }

    /// Forgets the draws so far, and keeps the metric until there are new ones.
    fn forget(&mut self) {
        self.past.clear();
        self.log_densities.clear();
        self.older = Estimator::new(self.metric, self.dim);
        self.younger = self.older.clone();
        (self.tuned, self.switch, self.make_from) = (0, 1, 0);
    }

    fn tune_metric(&mut self, round: &Round<'_>) {
        match round {
            Round::Moments(_, moments) => {
                for window in [&mut self.older, &mut self.younger] {
                    window.merge(&moments.position, &moments.gradient);
                }
            }
            Round::Places(seen, places) => {
                let least = self.least_log_density(seen);
                let rows = places.position.chunks_exact(self.dim).zip(places.gradient.chunks_exact(self.dim));
                for (seen, (position, gradient)) in seen.iter().zip(rows) {
                    if seen.log_density >= least && seen.index_in_trajectory != 0 {
                        self.older.add(position, gradient);
                        self.younger.add(position, gradient);
                    }
                }
            }
        }
        self.tuned += 1;
        if self.tuned == self.switch {
            std::mem::swap(&mut self.older, &mut self.younger);
            self.younger = Estimator::new(self.metric, self.dim);
            self.switch *= 2;
        }
        if self.tuned >= self.make_from && self.older.is_enough(self.dim) {
            self.older.write(&mut self.whitening);
            self.made += 1;
            // Metrics that are not diagonal cost a decomposition.
            self.make_from = if self.takes_moments() { 0 } else { self.tuned + 1 + self.tuned / 4 };
        }
    }

    /// Remembers this round; tells whether nothing changes any more.
    fn is_at_rest(&mut self, seen: &[Transition]) -> bool {
        let scales: Vec<f64> = self.whitening.variances().into_iter().map(f64::sqrt).collect();
        let step_size = self.step.average_step_size();
        let rests = self.past.front().is_some_and(|(past_scales, past_step_size)| {
            let same = |(now, then): (&f64, &f64)| (now / then - 1.0).abs() < CHANGE;
            self.past.len() == REST
                && same((&step_size, past_step_size))
                && scales.iter().zip(past_scales).all(same)
        });
        self.past.push_back((scales, step_size));
        self.log_densities.push_back(seen.iter().map(|seen| seen.log_density).collect());
        if self.past.len() > REST {
            self.past.pop_front();
            self.log_densities.pop_front();
        }
        let rests = rests && have_forgotten(&self.log_densities, Self::superchain(self.chains));
        if rests {
            self.rested_at.get_or_insert(self.rounds);
        }
        let least = self.least_log_density(seen);
        let arrived = seen.iter().all(|seen| seen.log_density >= least);
        rests && (arrived || self.rested_at.is_some_and(|round| self.rounds >= PATIENCE * round))
    }
}

/// Whether superchains of `size` chains that stand together have the same mean, up to chance: one superchain always has.
///
/// # Shapes
/// - `rounds`: `[rounds][chains]`, two rounds or more
fn have_forgotten(rounds: &VecDeque<Vec<f64>>, size: usize) -> bool {
    let mut chains = Moments::new(rounds[0].len());
    rounds.iter().for_each(|round| chains.add(round));
    if chains.mean.len() < 2 * size {
        return true;
    }
    let variances: Vec<f64> = chains.squares.iter().map(|squares| squares / (chains.count - 1.0)).collect();
    let threshold = (R_HAT * R_HAT + 1.0 / size as f64).sqrt();
    nested_r_hat_of_chains(&chains.mean, &variances, size) < threshold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superchains_of_other_means_remember_their_starts_and_a_single_one_does_not() {
        let rounds = |shift: f64| {
            let of_chain = |round: usize, chain: usize| ((7 * chain + 3 * round) as f64).sin();
            let round = |round: usize| {
                (0..8).map(|chain| of_chain(round, chain) + shift * (chain / 4) as f64).collect()
            };
            (0..5).map(round).collect::<VecDeque<Vec<f64>>>()
        };
        assert!(have_forgotten(&rounds(0.0), 4) && !have_forgotten(&rounds(3.0), 4));
        assert!(have_forgotten(&rounds(3.0), 8), "there is nothing to compare with");
    }

    fn seen(chain: usize, moves: bool, log_density: f64) -> Transition {
        let index_in_trajectory = i32::from(moves) * (1 + chain as i32);
        Transition { acceptance_rate: 0.8, index_in_trajectory, log_density, ..Transition::default() }
    }

    #[test]
    fn a_chain_that_never_moves_is_rescued_with_shorter_steps() {
        let mut pooled = Pooled::new(Metric::Unit, 0.7, 1000, 10, [8, 1]);
        pooled.stage = Stage::Tune;
        let moments = || PooledMoments { position: Moments::new(1), gradient: Moments::new(1) };
        let mut rescues = Vec::new();
        for round in 0..120 {
            let before = pooled.step.step_size();
            let ratio = pooled.tuning().chains[0].step_size / before;
            if ratio < 1.0 {
                rescues.push((round, (1.0 / ratio).round()));
            }
            let transitions: Vec<Transition> =
                (0..8).map(|chain| seen(chain, chain != 3, chain as f64)).collect();
            pooled.update(&Round::Moments(&transitions, &moments()));
        }
        assert_eq!(rescues[..5], [5, 6, 7, 8, 9].map(|round| (round, 8.0)));
        assert_eq!(rescues.len(), RESCUES * REST);
        assert!(rescues.iter().any(|(_, shorter)| *shorter == 64.0));
    }

    #[test]
    fn a_chain_far_out_is_below_the_least_log_density_and_others_are_not() {
        let pooled = Pooled::new(Metric::Unit, 0.8, 100, 10, [20, 4]);
        let near = |chain: usize| -2.0 - (chain as f64 * 0.61).sin().abs() * 3.0;
        let mut transitions: Vec<Transition> = (0..20).map(|chain| seen(chain, true, near(chain))).collect();
        transitions[7].log_density = -80.0;
        let least = pooled.least_log_density(&transitions);
        let out: Vec<usize> = (0..20).filter(|chain| transitions[*chain].log_density < least).collect();
        assert_eq!(out, [7]);
    }
}
