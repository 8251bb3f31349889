//! Judge draws: do the chains agree, how much do they tell, how far off is the mean.
//!
//! Every diagnostic takes the draws of one scalar quantity and follows ArviZ 0.23, whose numbers it reproduces.
//! [`summary`] computes all of them for all quantities of a group, sorting each quantity once.

mod divergences;
mod e_bfmi;
mod ess;
mod fourier;
mod half_chains;
mod hdi;
mod mcse;
mod nested_r_hat;
mod order;
mod r_hat;
mod rank_normalize;
mod scalar_draws;
mod scalars;
mod summary;
#[cfg(test)]
mod tests;
mod warnings;

pub use divergences::{Concentration, divergence_concentrations};
pub use e_bfmi::e_bfmi;
pub use ess::{ess_bulk, ess_mean, ess_quantile, ess_sd, ess_tail};
pub use hdi::hdi;
pub use mcse::{mcse_across, mcse_mean, mcse_quantile, mcse_sd};
pub(crate) use nested_r_hat::nested_r_hat_of_chains;
pub use nested_r_hat::{nested_r_hat, nested_r_hat_limit};
pub use r_hat::r_hat;
pub use scalar_draws::ScalarDraws;
pub use summary::{SummaryRow, summary};
pub use warnings::{ConvergenceWarning, convergence_warnings, moments_warnings};
