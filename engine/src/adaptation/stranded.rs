//! Find chains that warm-up has left where the target has next to no mass, and say where they go on instead.
//!
//! Chains that hardly ever leave a mode stand where their starts sent them, not where the mass is, and the draws after a
//! short warm-up would show modes in the proportions of the starts. How much mass a mode has can be bounded from where
//! its chains are, since its logarithm is the mean of `log p` plus the entropy:
//!
//! ```text
//! level of a chain:            mean of its log density p over the last 8 rounds
//! best:                        the sixteenth of the chains with the highest levels, 8 at least
//! low:                         chains whose level is far, 5 + dim, below the mean level of the best
//! log mass with the best  >=   level of the best - 1/2 sum_i log E g_i^2               g: gradients of the best
//! log mass with a low one <=   its level         + 1/2 sum_i log var q_i               q: positions of the low
//! stranded:                    low;  the second bound is far below the first;  the chain is not on its way up
//! ```
//!
//! - *The bounds* leave out `dim / 2 log(2 pi e)` on both sides and hold for a density of any shape: of all with these
//!   variances the normal has the largest entropy, and of all with this Fisher information the smallest. A log density
//!   alone would not do: a narrow mode stands above a wide one of the same mass, by thousands where there are thousands
//!   of elements. Far below means that the mode has less than `exp(-5 - dim)` of the mass; the `dim` is for what the
//!   moments over few chains do not know. When the bounds do not tell, chains stay: modes of comparable mass are kept,
//!   each with its chains, and nested R-hat goes on saying that chains do not mix.
//! - *The variances* are those over the low chains, about the mean of the best when there are fewer than 8; in elements
//!   where a chain is farther out than that, its own square counts, for the sake of one in a wide mode of its own.
//! - *On its way* is a chain that has come half way up or more since half as many rounds: it will arrive by itself.
//! - *Where they go on:* all stranded chains that started at the same place go to one place, where one of those that
//!   started there is, or else another chain that is not low. Groups of chains that stand together are then still what
//!   nested R-hat compares, and it says when they have forgotten that place. Draws of warm-up are thrown away, so that
//!   moving chains in it changes where the kept draws start and nothing else.
//!
//! # References
//! - Cover, Thomas (2006), Elements of Information Theory, theorem 8.6.5 (the largest entropy).
//! - Dembo, Cover, Thomas (1991), Information theoretic inequalities, IEEE Transactions on Information Theory 37, the
//!   isoperimetric inequality for entropies (the smallest), for elements scaled to Fisher information 1.
//! - Gelman, Vehtari, Simpson, et al (2020), Bayesian workflow, section 11: such chains in a planet's orbit.
//!   arXiv:2011.01808
//! - The rule is ours.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::far_out::far;
use crate::mcmc::Placed;

/// The fewest chains whose moments are taken, and the share of chains that are the best.
const FEWEST: usize = 8;
const BEST: usize = 16;
/// Rounds whose mean is the level of a chain.
const LEVEL: usize = 8;
/// The first round after which chains are looked at before warm-up ends; then after twice as many, and so on.
const FIRST: usize = 64;

/// What is remembered of chains to find those that are stranded.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stranded {
    rounds: usize,
    /// Log densities after the last rounds, oldest first, `[chains]` each.
    recent: VecDeque<Vec<f64>>,
    /// Levels after the last two rounds whose number is a power of two, oldest first, `[chains]` each.
    earlier: VecDeque<Vec<f64>>,
    /// Chains that have been moved, in order.
    moved: Vec<usize>,
}

impl Stranded {
    /// Takes in log densities after a round.
    ///
    /// # Shapes
    /// - `log_densities`: `[chains]`
    pub(crate) fn watch(&mut self, log_densities: Vec<f64>) {
        self.rounds += 1;
        self.recent.push_back(log_densities);
        if self.recent.len() > LEVEL {
            self.recent.pop_front();
        }
        if self.rounds.is_power_of_two() {
            self.earlier.push_back(self.levels());
            if self.earlier.len() > 2 {
                self.earlier.pop_front();
            }
        }
    }

    /// Whether chains are to be looked at after this round although warm-up goes on.
    pub(crate) fn is_due(&self) -> bool {
        self.rounds >= FIRST && self.rounds.is_power_of_two()
    }

    /// How many chains have been moved.
    pub(crate) fn moved(&self) -> usize {
        self.moved.len()
    }

    /// Positions of all chains with the stranded ones moved, if there are any; `superchain` chains each started at one
    /// place.
    ///
    /// # Shapes
    /// - returned: `[chains, dim]`
    pub(crate) fn positions(&mut self, places: &Placed, superchain: usize) -> Option<Vec<f64>> {
        let levels = self.levels();
        let view = View::new(places, &levels)?;
        let earlier = self.earlier.front()?;
        let stranded: Vec<usize> =
            view.low.iter().copied().filter(|&chain| view.is_stranded(chain, earlier[chain])).collect();
        if stranded.is_empty() {
            return None;
        }
        let hosts: Vec<usize> =
            (0..levels.len()).filter(|chain| view.low.binary_search(chain).is_err()).collect();
        let mut positions = places.position.clone();
        for &chain in &stranded {
            let start = chain / superchain;
            let host = hosts.iter().find(|host| **host / superchain == start);
            let host = *host.unwrap_or(&hosts[start % hosts.len()]);
            positions[chain * view.dim..][..view.dim].copy_from_slice(view.position(host));
        }
        self.moved.extend(stranded);
        self.moved.sort_unstable();
        self.moved.dedup();
        Some(positions)
    }

    /// Mean log density of each chain over the last rounds.
    fn levels(&self) -> Vec<f64> {
        let mut levels = vec![0.0; self.recent.front().map_or(0, Vec::len)];
        let share = 1.0 / self.recent.len() as f64;
        for round in &self.recent {
            levels.iter_mut().zip(round).for_each(|(level, log_density)| *level += share * log_density);
        }
        levels
    }
}

/// The chains after a round, those that are low apart from the best.
struct View<'a> {
    places: &'a Placed,
    levels: &'a [f64],
    dim: usize,
    best_level: f64,
    /// The least that the log mass with the best may be.
    best_mass: f64,
    /// In order of their numbers.
    low: Vec<usize>,
    /// Where the low chains are, and their variances there, `[dim]`.
    centre: Vec<f64>,
    variances: Vec<f64>,
}

impl<'a> View<'a> {
    /// None when there are too few chains to tell, or none is low.
    fn new(places: &'a Placed, levels: &'a [f64]) -> Option<Self> {
        let chains = levels.len();
        let dim = places.position.len() / chains.max(1);
        let count = FEWEST.max(chains / BEST);
        if chains < 2 * count {
            return None;
        }
        let mut best: Vec<usize> = (0..chains).collect();
        best.sort_by(|&a, &b| levels[b].total_cmp(&levels[a]));
        best.truncate(count);
        let best_level = mean(&best, |chain| levels[chain]);
        let low: Vec<usize> = (0..chains).filter(|chain| levels[*chain] < best_level - far(dim)).collect();
        if low.is_empty() {
            return None;
        }
        let position = |chain: usize, i: usize| places.position[chain * dim + i];
        let information = |i: usize| mean(&best, |chain| places.gradient[chain * dim + i].powi(2)).ln();
        let best_mass = best_level - 0.5 * (0..dim).map(information).sum::<f64>();
        // Where the density is flat, nothing is known.
        if !best_mass.is_finite() {
            return None;
        }
        let middle = if low.len() < FEWEST { &best } else { &low };
        let centre: Vec<f64> = (0..dim).map(|i| mean(middle, |chain| position(chain, i))).collect();
        let variance = |i: usize| mean(&low, |chain| (position(chain, i) - centre[i]).powi(2));
        let variances = (0..dim).map(variance).collect();
        Some(Self { places, levels, dim, best_level, best_mass, low, centre, variances })
    }

    fn position(&self, chain: usize) -> &[f64] {
        &self.places.position[chain * self.dim..][..self.dim]
    }

    /// Whether a low chain is stranded that had level `earlier` when there had been half as many rounds.
    fn is_stranded(&self, chain: usize, earlier: f64) -> bool {
        let rows = self.position(chain).iter().zip(&self.centre).zip(&self.variances);
        let spread: f64 = rows.map(|((q, centre), variance)| variance.max((q - centre).powi(2)).ln()).sum();
        let level = self.levels[chain];
        let has_no_mass = level + 0.5 * spread < self.best_mass - far(self.dim);
        let is_on_its_way = self.best_level - level < 0.5 * (self.best_level - earlier);
        has_no_mass && !is_on_its_way
    }
}

fn mean(chains: &[usize], of: impl Fn(usize) -> f64) -> f64 {
    chains.iter().map(|&chain| of(chain)).sum::<f64>() / chains.len() as f64
}

#[cfg(test)]
mod tests {
    use chainfire_kernels::random::Key;

    use super::*;

    /// Chains in a normal mode that stands alone.
    struct Mode {
        chains: usize,
        centre: f64,
        deviation: f64,
        log_mass: f64,
    }

    /// Chains in equilibrium within their modes, those of the first mode first, after so many rounds.
    fn settled(dim: usize, modes: &[Mode], rounds: usize) -> (Stranded, Placed) {
        let mut places = Placed { position: Vec::new(), log_density: Vec::new(), gradient: Vec::new() };
        let mut stranded = Stranded::default();
        for round in 0..rounds {
            places = Placed { position: Vec::new(), log_density: Vec::new(), gradient: Vec::new() };
            for Mode { chains, centre, deviation, log_mass } in modes {
                for _ in 0..*chains {
                    let mut z = vec![0.0; dim];
                    let chain = places.log_density.len() as u32;
                    Key::new(3, chain, round as u32, 0).fill_normal(&mut z);
                    let squares: f64 = z.iter().map(|z| z * z).sum();
                    let log_density = log_mass - dim as f64 * deviation.ln() - 0.5 * squares;
                    places.log_density.push(log_density);
                    places.position.extend(z.iter().map(|z| centre + deviation * z));
                    places.gradient.extend(z.iter().map(|z| -z / deviation));
                }
            }
            stranded.watch(places.log_density.clone());
        }
        (stranded, places)
    }

    fn mode(chains: usize, centre: f64, deviation: f64, log_mass: f64) -> Mode {
        Mode { chains, centre, deviation, log_mass }
    }

    #[test]
    fn modes_of_one_mass_stay_however_far_apart_their_log_densities_are() {
        for dim in [1, 4, 40, 400] {
            for deviation in [1.0, 0.1, 1e-3] {
                for (narrow, centre) in [(1, 9.0), (8, 0.0), (64, 9.0), (120, 9.0), (127, 9.0), (127, 0.0)] {
                    let modes = [mode(narrow, 0.0, deviation, 0.0), mode(128 - narrow, centre, 1.0, 0.0)];
                    let (mut stranded, places) = settled(dim, &modes, FIRST);
                    assert!(stranded.is_due());
                    let case = format!("{narrow} chains of deviation {deviation}, dim {dim}");
                    assert_eq!(stranded.positions(&places, 8), None, "{case}");
                }
            }
        }
    }

    #[test]
    fn chains_in_a_mode_without_mass_go_where_others_of_their_start_are() {
        let dim = 4;
        let modes = [mode(20, 0.0, 1.0, 0.0), mode(44, 9.0, 2.0, -60.0)];
        let (mut stranded, places) = settled(dim, &modes, FIRST);
        let positions = stranded.positions(&places, 8).unwrap();
        let row = |positions: &[f64], chain: usize| positions[chain * dim..][..dim].to_vec();
        for chain in 0..64 {
            let host = match chain {
                0..20 => chain,
                20..24 => 16,
                _ => chain / 8,
            };
            assert_eq!(row(&positions, chain), row(&places.position, host), "chain {chain}");
        }
        assert_eq!(stranded.moved(), 44);
        let there = Placed { position: positions, ..places };
        stranded.positions(&there, 8);
        assert_eq!(stranded.moved(), 44, "a chain that is moved twice counts once");
    }

    #[test]
    fn a_wide_mode_of_far_more_mass_is_not_left_for_a_narrow_one_and_a_narrow_one_without_mass_is() {
        let dim = 20;
        let narrow = |log_mass| [mode(16, 0.0, 0.01, log_mass), mode(112, 9.0, 1.0, 0.0)];
        for log_mass in [-60.0, 0.0] {
            let (mut stranded, places) = settled(dim, &narrow(log_mass), FIRST);
            assert!(places.log_density[0] > places.log_density[127] + 20.0);
            assert_eq!(stranded.positions(&places, 8), None);
        }
        let (mut stranded, places) = settled(dim, &narrow(60.0), FIRST);
        stranded.positions(&places, 8).unwrap();
        assert_eq!(stranded.moved(), 112);
    }

    #[test]
    fn a_chain_that_climbs_is_left_until_it_has_stopped() {
        let (dim, modes) = (2, [mode(63, 0.0, 1.0, 0.0), mode(1, 9.0, 1.0, -100.0)]);
        for (rises, moved) in [(true, 0), (false, 1)] {
            let (mut stranded, places) = settled(dim, &modes, FIRST);
            if rises {
                stranded.earlier[0][63] = -1000.0;
            }
            stranded.positions(&places, 4);
            assert_eq!(stranded.moved(), moved);
        }
    }

    #[test]
    fn a_few_chains_are_too_few_to_tell() {
        let (mut stranded, places) = settled(1, &[mode(8, 0.0, 1.0, 0.0), mode(7, 9.0, 1.0, -1e6)], FIRST);
        assert_eq!(stranded.positions(&places, 1), None);
        let (mut stranded, places) = settled(1, &[mode(8, 0.0, 1.0, 0.0), mode(8, 9.0, 1.0, -1e6)], FIRST);
        assert!(stranded.positions(&places, 1).is_some());
    }
}
