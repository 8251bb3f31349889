//! Learn from all chains how long trajectories are, how long their steps, and the metric.
//!
//! ```text
//! ChEES(T) = E[(|x' - m'|^2 - |x - m|^2)^2] / 4        x, x': ends of a trajectory of length h T, whitened; m, m': means
//! dChEES   = sum_c a_c (|x'_c - m'|^2 - |x_c - m|^2) (x'_c - m') . p'_c h / sum_c a_c            a_c: acceptance
//! v        <- 0.95 v + 0.05 dChEES^2;   log T <- log T + 0.05 dChEES / sqrt(v / (1 - 0.95^t))
//! log T_bar <- (1 - t^-0.5) log T_bar + t^-0.5 log T                     T while tuning, T_bar afterwards
//! ```
//!
//! ChEES, the change in the estimator of the expected square, is large when a trajectory moves a chain to another
//! distance from the centre; longer ones pay until they turn back. The step size follows by dual averaging the harmonic
//! mean of the acceptances, which is small as soon as one chain cannot move. The metric is made after every round from
//! the last half to three quarters of the rounds; in the last fifth it is fixed, and length and step size settle.
//! Chains far below the others in log density are left out of the metric: one that hangs would widen it for all. Those
//! that are stranded are moved to others after 64, 128, ... rounds, see [`Stranded`].
//!
//! # Differences from the paper
//! The ascent starts at T = 1 in whitened coordinates, and the step of Adam needs no clipping: it is at most 0.05 times
//! `1 / sqrt(0.05)`.
//!
//! # References
//! - Hoffman, Radul, Sountsov (2021), An adaptive-MCMC scheme for setting trajectory lengths in Hamiltonian Monte
//!   Carlo: the criterion, its gradient, the harmonic mean. AISTATS, PMLR 130
//! - Kingma, Ba (2015), Adam: a method for stochastic optimization, algorithm 1, without momentum. arXiv:1412.6980
//! - TensorFlow Probability, `gradient_based_trajectory_length_adaptation.py`: weights, averages, rates.
//! - Seyboldt, Carlson, Carpenter (2026), Fisher divergence for mass matrix adaptation. arXiv:2603.18845

use serde::{Deserialize, Serialize};

use super::step::{Group, Proposal, Trajectory};
use crate::adaptation::{DualAveraging, Pooled, Stranded, least_log_density, write_fisher_scale};
use crate::mcmc::{Placed, PooledMoments};

/// Rate of the ascent in log T, and of the running mean of squares that it is divided by.
const RATE: f64 = 0.05;
const SQUARES_RATE: f64 = 0.05;
/// Acceptance below which a trajectory tells nothing about its length.
const LEAST_ACCEPTANCE: f64 = 1e-4;
/// Most leapfrog steps of a trajectory.
const MAX_STEPS: f64 = 1000.0;
/// Step sizes at which the search for a first one ends whatever the acceptance.
const LIMITS: [f64; 2] = [1e-10, 10.0];
/// One part in so many of warm-up has a fixed metric.
const SETTLING: usize = 5;

/// The tuner.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LengthAdaptation {
    target_accept: f64,
    /// Rounds in which the metric changes, and rounds so far.
    changing: usize,
    rounds: usize,
    tune: usize,
    /// Square root of the metric, `[dim]`.
    scale: Vec<f64>,
    search: Option<Search>,
    step: DualAveraging,
    log_length: f64,
    log_average_length: f64,
    mean_square: f64,
    /// Rounds in the average of the length.
    averaged: f64,
    older: PooledMoments,
    younger: PooledMoments,
    /// Rounds at which the younger window takes the place of the older.
    switch: usize,
    stranded: Stranded,
}

/// A first step size that is looked for: doubled or halved until the mean acceptance crosses its target.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Search {
    step_size: f64,
    grows: Option<bool>,
}

impl LengthAdaptation {
    /// Makes the tuner of a warm-up of `tune` rounds.
    pub(crate) fn new(dim: usize, target_accept: f64, tune: usize) -> Self {
        let step_size = (dim as f64).powf(-0.25);
        Self {
            target_accept,
            changing: tune - tune / SETTLING,
            rounds: 0,
            tune,
            scale: vec![1.0; dim],
            search: Some(Search { step_size, grows: None }),
            step: DualAveraging::around(target_accept, step_size),
            log_length: 0.0,
            log_average_length: 0.0,
            mean_square: 0.0,
            averaged: 0.0,
            older: PooledMoments::new(dim),
            younger: PooledMoments::new(dim),
            switch: 1,
            stranded: Stranded::default(),
        }
    }

    /// Makes the first metric from where the chains start.
    pub(crate) fn start(&mut self, groups: &[Group<'_>]) {
        let mut first = PooledMoments::new(self.scale.len());
        for place in groups.iter().flat_map(Group::places) {
            first.add(place.position, place.gradient);
        }
        write_fisher_scale(&first.position, &first.gradient, &mut self.scale);
    }

    /// Whether warm-up has had its rounds.
    pub(crate) fn is_done(&self) -> bool {
        self.rounds >= self.tune
    }

    /// Square root of the metric, `[dim]`.
    pub(crate) fn scale(&self) -> &[f64] {
        &self.scale
    }

    /// Step size of the next trajectory.
    pub(crate) fn step_size(&self) -> f64 {
        if self.is_done() { self.step.average_step_size() } else { self.step.step_size() }
    }

    /// The single step to try for a first step size, until that is found.
    pub(crate) fn search(&self) -> Option<Trajectory> {
        let search = self.search.as_ref()?;
        Some(Trajectory { step_size: search.step_size, steps: 1, share: 1.0 })
    }

    /// Takes in what came of the step.
    pub(crate) fn end_try(&mut self, groups: &[Group<'_>]) {
        let Some(search) = &mut self.search else { return };
        let acceptances = || groups.iter().flat_map(Group::proposals).map(|proposal| proposal.acceptance);
        let accepts = acceptances().sum::<f64>() / acceptances().count() as f64 > self.target_accept;
        let [least, most] = LIMITS;
        if search.grows.is_some_and(|grows| grows != accepts) || !(least..most).contains(&search.step_size) {
            self.step = DualAveraging::around(self.target_accept, search.step_size);
            self.search = None;
            return;
        }
        search.grows = Some(accepts);
        search.step_size *= if accepts { 2.0 } else { 0.5 };
    }

    /// How the chains move in a draw; warm-up's are counted too.
    pub(crate) fn trajectory(&self, draw: usize) -> Trajectory {
        let share = halton(draw as u32 + 1);
        let step_size = self.step_size();
        let log_length = if self.is_done() { self.log_average_length } else { self.log_length };
        let steps = (share * log_length.exp() / step_size).ceil().clamp(1.0, MAX_STEPS);
        Trajectory { step_size, steps: steps as usize, share }
    }

    /// Tunes length and step size by trajectories that are not settled yet.
    pub(crate) fn learn(&mut self, groups: &[Group<'_>], trajectory: Trajectory) {
        let proposals = || groups.iter().flat_map(Group::proposals);
        let count = proposals().count() as f64;
        // One chain that cannot move makes the mean 0.
        self.step.update(count / proposals().map(|proposal| 1.0 / proposal.acceptance).sum::<f64>());
        let gradient = trajectory.share * self.criterion_gradient(proposals);
        self.rounds += 1;
        self.averaged += 1.0;
        if gradient.is_finite() && gradient != 0.0 {
            self.mean_square += SQUARES_RATE * (gradient * gradient - self.mean_square);
            let corrected = self.mean_square / (1.0 - (1.0 - SQUARES_RATE).powf(self.rounds as f64));
            self.log_length += RATE * gradient / corrected.sqrt();
        }
        self.log_length = self.log_length.min((MAX_STEPS * self.step_size()).ln());
        self.log_average_length += self.averaged.powf(-0.5) * (self.log_length - self.log_average_length);
    }

    /// Mean over chains, weighted by acceptance, of how ChEES changes as trajectories grow.
    fn criterion_gradient<'a, I: Iterator<Item = Proposal<'a>>>(&self, proposals: impl Fn() -> I) -> f64 {
        let dim = self.scale.len();
        let informative = || proposals().filter(|proposal| proposal.acceptance > LEAST_ACCEPTANCE);
        let (mut start_mean, mut end_mean) = (vec![0.0; dim], vec![0.0; dim]);
        let mut chains = 0.0;
        for proposal in proposals() {
            chains += 1.0;
            start_mean.iter_mut().zip(proposal.start).for_each(|(mean, q)| *mean += (q - *mean) / chains);
        }
        let mut weight = 0.0;
        for proposal in informative() {
            weight += proposal.acceptance;
            let share = proposal.acceptance / weight;
            end_mean.iter_mut().zip(proposal.end).for_each(|(mean, q)| *mean += share * (q - *mean));
        }
        let of_chain = |proposal: Proposal<'_>| {
            let starts = proposal.start.iter().zip(&start_mean);
            let ends = proposal.end.iter().zip(&end_mean);
            let (mut growth, mut along) = (0.0, 0.0);
            for (((start, end), scale), momentum) in starts.zip(ends).zip(&self.scale).zip(proposal.momentum)
            {
                let [start, end] = [(start.0 - start.1) / scale, (end.0 - end.1) / scale];
                growth += end * end - start * start;
                along += end * momentum;
            }
            proposal.acceptance * growth * along
        };
        informative().map(of_chain).filter(|gradient| gradient.is_finite()).sum::<f64>() / weight
    }

    /// Tunes the metric by where the chains are after a round.
    pub(crate) fn gather(&mut self, groups: &[Group<'_>]) {
        let places = || groups.iter().flat_map(Group::places);
        let log_densities: Vec<f64> = places().map(|place| place.log_density).collect();
        self.stranded.watch(log_densities.clone());
        if self.rounds > self.changing {
            return;
        }
        let least = least_log_density(log_densities, self.scale.len());
        for place in places().filter(|place| place.log_density >= least) {
            self.older.add(place.position, place.gradient);
            self.younger.add(place.position, place.gradient);
        }
        if self.rounds == self.switch {
            std::mem::swap(&mut self.older, &mut self.younger);
            self.younger = PooledMoments::new(self.scale.len());
            self.switch *= 2;
        }
        if self.older.position.count > 0.0 {
            write_fisher_scale(&self.older.position, &self.older.gradient, &mut self.scale);
        }
        if self.rounds == self.changing {
            self.step = DualAveraging::around(self.target_accept, self.step.average_step_size());
            self.averaged = 0.0;
        }
    }

    /// Whether it is time to [move](Self::move_stranded) chains, as long as there are as many rounds to come.
    pub(crate) fn may_move(&self) -> bool {
        self.stranded.is_due() && 2 * self.rounds <= self.tune
    }

    /// Positions of all chains, those that are stranded moved to others, if there are any; draws before no longer count.
    ///
    /// # Shapes
    /// - returned: `[chains, dim]`
    pub(crate) fn move_stranded(&mut self, places: &Placed) -> Option<Vec<f64>> {
        let positions = self.stranded.positions(places, Pooled::superchain(places.log_density.len()))?;
        self.older = PooledMoments::new(self.scale.len());
        self.younger = self.older.clone();
        Some(positions)
    }

    /// How many chains have been moved.
    pub(crate) fn moved(&self) -> usize {
        self.stranded.moved()
    }
}

/// The number with the binary digits of `index`, mirrored at the point: 1/2, 1/4, 3/4, 1/8, ...
fn halton(index: u32) -> f64 {
    f64::from(index.reverse_bits()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halton_numbers_fill_the_unit_interval_evenly() {
        assert_eq!([1, 2, 3, 4, 5].map(halton), [0.5, 0.25, 0.75, 0.125, 0.625]);
        let mut numbers: Vec<f64> = (1..256).map(halton).collect();
        numbers.sort_by(f64::total_cmp);
        assert!((1..256).zip(numbers).all(|(at, number)| number == f64::from(at) / 256.0));
    }
}
