//! Estimate how much of the energy a fresh momentum can change: the Bayesian fraction of missing information.
//!
//! ```text
//! e_bfmi = mean((E[t] - E[t-1])^2) / var(E),  per chain; below 0.3 the tails are hardly explored
//! ```
//!
//! # References
//! - Betancourt (2016), Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo, section 3.2.
//!   arXiv:1604.00695

use super::scalar_draws::ScalarDraws;

/// The fraction for each chain of energies; NaN below two draws.
pub fn e_bfmi(energy: ScalarDraws<'_>) -> Vec<f64> {
    let length = energy.draws() as f64;
    let chain_fraction = |chain: &[f64]| {
        let mean = chain.iter().sum::<f64>() / length;
        let jumps: f64 = chain.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
        let spread: f64 = chain.iter().map(|value| (value - mean) * (value - mean)).sum();
        // Both are means over one less than the number of draws.
        jumps / spread
    };
    if energy.draws() < 2 {
        return vec![f64::NAN; energy.chains()];
    }
    energy.values().chunks_exact(energy.draws()).map(chain_fraction).collect()
}
