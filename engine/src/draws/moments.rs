//! Keep what describes a posterior, and its last draws, where there are too many draws to keep.
//!
//! ```text
//! each chain:   mean += (x - mean) / n,  m2 += (x - old mean) (x - new mean)
//! all chains:   merged by Chan's rule, in order of the chains
//! quantiles:    one sketch for each number, fed by all chains
//! last draws:   a ring for each chain
//! ```
//!
//! Memory is `chains x numbers x (2 + last)` and a few thousand for the sketch of each number, whatever the draws. Means,
//! standard deviations and R-hat do not depend on the order in which chains hand over their draws; quantiles do, within
//! the error of the sketch. Draws that come a second time, when a run goes on from a checkpoint, are passed over.
//!
//! # References
//! - Welford (1962), Note on a method for calculating corrected sums of squares and products.
//!   doi:10.1080/00401706.1962.10490022
//! - Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance, equation 2.1.
//!   doi:10.1080/00031305.1983.10483115
//! - Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari, Gelman (2024), Nested R-hat, equations 15-19.
//!   doi:10.1214/24-BA1453

use serde::{Deserialize, Serialize};

use super::sketch::Sketch;
use crate::diagnostics::nested_r_hat_of_chains;

/// The probabilities whose quantiles are kept.
const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// The statistics of a number, in the order in which [`MomentsKeeper::moments`] gives them.
pub const MOMENTS: [&str; 8] = ["mean", "sd", "q05", "q25", "q50", "q75", "q95", "nested_r_hat"];

/// Takes in draws and keeps their moments, quantiles and the last of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MomentsKeeper {
    numbers: usize,
    last: usize,
    chains: Vec<OneChain>,
    sketches: Vec<Sketch>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OneChain {
    count: u64,
    /// `[numbers]`
    mean: Vec<f64>,
    /// Sums of squared differences from the mean, `[numbers]`.
    squares: Vec<f64>,
    /// The last draws; draw `d` is at `d % last`.
    ring: Vec<f64>,
}

impl MomentsKeeper {
    /// Keeps the moments of `numbers` numbers of each draw, and the `last` draws of each chain.
    pub fn new(chains: usize, numbers: usize, last: usize) -> Self {
        let chain = OneChain {
            count: 0,
            mean: vec![0.0; numbers],
            squares: vec![0.0; numbers],
            ring: vec![0.0; last * numbers],
        };
        Self { numbers, last, chains: vec![chain; chains], sketches: vec![Sketch::default(); numbers] }
    }

    /// Takes in draws `first..` of a chain.
    ///
    /// # Shapes
    /// - `draws`: `[draws, numbers]`
    ///
    /// # Panics
    /// When draws of the chain are left out.
    pub fn push(&mut self, chain: usize, first: usize, draws: &[f64]) {
        let chain = &mut self.chains[chain];
        assert!(first as u64 <= chain.count, "draws {}.. are left out", chain.count);
        let known = chain.count as usize - first;
        for draw in draws.chunks_exact(self.numbers).skip(known) {
            if self.last > 0 {
                let place = (chain.count % self.last as u64) as usize * self.numbers;
                chain.ring[place..place + self.numbers].copy_from_slice(draw);
            }
            chain.count += 1;
            let count = chain.count as f64;
            for (at, &value) in draw.iter().enumerate() {
                let difference = value - chain.mean[at];
                chain.mean[at] += difference / count;
                chain.squares[at] += difference * (value - chain.mean[at]);
                self.sketches[at].push(value);
            }
        }
    }

    /// Draws of a chain that it has taken in.
    pub fn draws_of(&self, chain: usize) -> usize {
        self.chains[chain].count as usize
    }

    /// Draws that every chain has taken in.
    pub fn draws(&self) -> usize {
        self.chains.iter().map(|chain| chain.count).min().unwrap_or(0) as usize
    }

    /// The statistics of [`MOMENTS`] of each number. Superchains of `chains_per_start` chains one after another are
    /// those of nested R-hat.
    ///
    /// # Shapes
    /// - result: `[numbers, 8]`
    pub fn moments(&self, chains_per_start: usize) -> Vec<f64> {
        let of_number = |at: usize| {
            let (mean, sd) = self.mean_and_sd(at);
            let quantiles = PROBABILITIES.map(|q| self.sketches[at].quantile(q));
            let r_hat = self.nested_r_hat(at, chains_per_start);
            [mean, sd].into_iter().chain(quantiles).chain([r_hat])
        };
        (0..self.numbers).flat_map(of_number).collect()
    }

    fn mean_and_sd(&self, at: usize) -> (f64, f64) {
        let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for chain in self.chains.iter().filter(|chain| chain.count > 0) {
            let (own, before) = (chain.count as f64, count);
            count += own;
            let difference = chain.mean[at] - mean;
            mean += difference * own / count;
            squares += chain.squares[at] + difference * difference * own * before / count;
        }
        (mean, (squares / (count - 1.0)).sqrt())
    }

    fn nested_r_hat(&self, at: usize, chains_per_start: usize) -> f64 {
        let means: Vec<f64> = self.chains.iter().map(|chain| chain.mean[at]).collect();
        let variance = |chain: &OneChain| chain.squares[at] / (chain.count as f64 - 1.0);
        let variances: Vec<f64> = self.chains.iter().map(variance).collect();
        nested_r_hat_of_chains(&means, &variances, chains_per_start.max(1))
    }

    /// The last draws of each chain, the oldest first, as many as every chain has; chains may be at different draws.
    ///
    /// # Shapes
    /// - result: `[chains, last draws, numbers]`
    pub fn last_draws(&self) -> Vec<f64> {
        let kept = self.last.min(self.draws()) as u64;
        let mut all = Vec::with_capacity(self.chains.len() * kept as usize * self.numbers);
        for chain in &self.chains {
            for draw in chain.count - kept..chain.count {
                let place = (draw % self.last as u64) as usize * self.numbers;
                all.extend_from_slice(&chain.ring[place..place + self.numbers]);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(values: &[f64]) -> f64 {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
    }

    const CHAINS: usize = 6;
    const DRAWS: usize = 250;

    fn draw(chain: usize, draw: usize) -> [f64; 2] {
        let at = (chain * DRAWS + draw) as f64;
        [1e7 + (at * 12.9898).sin() + 0.1 * chain as f64, (at * 78.233).cos()]
    }

    fn block(chain: usize, first: usize, end: usize) -> Vec<f64> {
        (first..end).flat_map(|at| draw(chain, at)).collect()
    }

    fn filled(step: usize) -> MomentsKeeper {
        let mut keeper = MomentsKeeper::new(CHAINS, 2, 7);
        for first in (0..DRAWS).step_by(step) {
            // Chains come in another order each time.
            for chain in (0..CHAINS).map(|chain| (chain * 5 + first) % CHAINS) {
                keeper.push(chain, first, &block(chain, first, (first + step).min(DRAWS)));
            }
        }
        keeper
    }

    #[test]
    fn mean_and_sd_are_those_of_two_passes_over_all_draws() {
        let keeper = filled(16);
        for at in 0..2 {
            let all = (0..CHAINS).flat_map(|chain| (0..DRAWS).map(move |index| draw(chain, index)[at]));
            let all: Vec<f64> = all.collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let moments = &keeper.moments(1)[8 * at..][..8];
            assert!((moments[0] - mean).abs() < 1e-13 * mean.abs().max(1.0), "{moments:?} {mean}");
            assert!((moments[1] - variance(&all).sqrt()).abs() < 1e-8, "{moments:?}");
            let below = all.iter().filter(|&&value| value < moments[6]).count() as f64;
            assert!((below / all.len() as f64 - 0.95).abs() < 2e-3, "{moments:?}");
        }
    }

    #[test]
    fn nested_r_hat_is_that_of_its_definition() {
        let keeper = filled(50);
        for per_start in [1, 3] {
            let chain = |chain: usize| (0..DRAWS).map(|index| draw(chain, index)[0]).collect::<Vec<f64>>();
            let chains: Vec<Vec<f64>> = (0..CHAINS).map(chain).collect();
            let average = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            let means: Vec<f64> = chains.iter().map(|chain| average(chain)).collect();
            let groups: Vec<&[f64]> = means.chunks(per_start).collect();
            let between = variance(&groups.iter().map(|group| average(group)).collect::<Vec<_>>());
            let mut within = average(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
            if per_start > 1 {
                within += average(&groups.iter().map(|group| variance(group)).collect::<Vec<_>>());
            }
            let expected = (1.0 + between / within).sqrt();
            let seen = keeper.moments(per_start)[7];
            // The means are of size 1e7, so that their sums are off by about 1e-9.
            assert!((seen - expected).abs() < 1e-7 && expected > 1.0, "{seen} {expected}");
        }
    }

    #[test]
    fn last_draws_are_the_last_of_each_chain() {
        let expected: Vec<f64> = (0..CHAINS).flat_map(|chain| block(chain, DRAWS - 7, DRAWS)).collect();
        assert_eq!(filled(16).last_draws(), expected);
        let mut short = MomentsKeeper::new(1, 2, 7);
        short.push(0, 0, &block(0, 0, 3));
        assert_eq!(short.last_draws(), block(0, 0, 3));
    }

    #[test]
    fn draws_that_come_again_are_counted_once() {
        let once = filled(16);
        let mut again = filled(16);
        again.push(2, DRAWS - 40, &block(2, DRAWS - 40, DRAWS));
        assert_eq!(again.moments(3), once.moments(3));
        assert_eq!(again.last_draws(), once.last_draws());
    }
}
