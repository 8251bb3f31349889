//! Replace draws by normal scores of their ranks, so that heavy tails do not hide disagreement.
//!
//! ```text
//! z = Phi^-1((rank - 3/8) / (S + 1/4)),  rank = 1..S over all chains, ties get the mean of their ranks
//! ```
//!
//! # References
//! - Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and localization: an improved
//!   R-hat for assessing convergence of MCMC, equation 14. arXiv:1903.08008
//! - Blom (1958), Statistical estimates and transformed beta-variables.

use statrs::distribution::{ContinuousCDF, Normal};

use super::half_chains::HalfChains;
use super::order::Order;
use super::scalar_draws::ScalarDraws;

/// The normal scores of ranks 1 to S; the same for every quantity of a group.
pub(super) struct NormalScores {
    by_rank: Vec<f64>,
}

impl NormalScores {
    /// The scores of what remains of draws of that shape when chains are split into halves.
    pub(super) fn for_halves(chains: usize, draws: usize) -> Self {
        let count = chains * (draws / 2 * 2);
        Self { by_rank: (1..=count).map(|rank| score(rank as f64, count)).collect() }
    }

    /// The normal scores of the draws that have this order, split into halves.
    pub(super) fn halves(&self, draws: ScalarDraws<'_>, order: &Order) -> HalfChains {
        let (length, half) = (draws.draws() as u32, draws.draws() / 2);
        let mut scores = vec![0.0; self.by_rank.len()];
        if length.is_multiple_of(2) {
            self.scatter(&order.values, &order.places, &mut scores);
        } else {
            // The middle draw of each chain is dropped; what stands behind it moves up.
            let middle = half as u32;
            let kept = order.values.iter().zip(&order.places).filter(|(_, place)| *place % length != middle);
            let moved = kept.map(|(value, place)| {
                let (chain, draw) = (place / length, place % length);
                (*value, chain * (length - 1) + draw - u32::from(draw > middle))
            });
            let (values, places): (Vec<f64>, Vec<u32>) = moved.unzip();
            self.scatter(&values, &places, &mut scores);
        }
        HalfChains::new(scores, half)
    }

    /// Puts the score of each of the increasing `values` at its place.
    fn scatter(&self, values: &[f64], places: &[u32], scores: &mut [f64]) {
        let mut start = 0;
        while start < values.len() {
            let ties = values[start..].iter().take_while(|value| **value == values[start]).count().max(1);
            let end = start + ties;
            let score = if ties == 1 {
                self.by_rank[start]
            } else {
                score((start + 1 + end) as f64 / 2.0, self.by_rank.len())
            };
            for &place in &places[start..end] {
                scores[place as usize] = score;
            }
            start = end;
        }
    }
}

fn score(rank: f64, count: usize) -> f64 {
    Normal::standard().inverse_cdf((rank - 0.375) / (count as f64 + 0.25))
}
