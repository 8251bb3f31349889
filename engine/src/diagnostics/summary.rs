//! Summarise every scalar quantity of a group: place, spread, interval, standard errors and convergence.
//!
//! Each quantity's draws are sorted once; quantiles, interval, ranks and folded ranks come from that order. Large
//! groups are shared out to threads. Runs of many chains get two columns more: whether the places where chains
//! started still show, and an error of the mean that needs no autocorrelations.
//!
//! # References
//! - ArviZ 0.23, `arviz.summary`: columns, their order, and what is done with NaN and constant draws.

use std::thread;

use super::ess::{effective_sample_size, tail_of};
use super::fourier::Fourier;
use super::half_chains::HalfChains;
use super::hdi::narrowest;
use super::nested_r_hat::{chains_per_start, nested_r_hat};
use super::order::Order;
use super::rank_normalize::NormalScores;
use super::scalar_draws::{ScalarDraws, sum};
use super::scalars::Scalars;
use super::{mcse, r_hat};
use crate::draws::{DrawsError, Group};

/// Share of the draws that the interval holds.
const INTERVAL_PROBABILITY: f64 = 0.94;

/// Chains from which on there is a nested R-hat.
pub(super) const MANY_CHAINS: usize = 32;

/// Chains from which on their means alone tell the error of the mean, to a tenth of itself.
const ENOUGH_CHAINS: usize = 64;

/// Draws of all quantities above which threads pay.
const PARALLEL_DRAWS: usize = 100_000;

/// What is known about one scalar quantity. Numbers that the draws do not give are NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryRow {
    /// Name with coordinate labels, such as `mu`, `beta[a]`, `m[0, x]`.
    pub name: String,
    /// Mean of all draws.
    pub mean: f64,
    /// Standard deviation of all draws, over their number less one.
    pub sd: f64,
    /// Lower end of the narrowest interval with 94 % of the draws.
    pub hdi_low: f64,
    /// Upper end of that interval.
    pub hdi_high: f64,
    /// Standard error of the mean.
    pub mcse_mean: f64,
    /// Standard error of the standard deviation.
    pub mcse_sd: f64,
    /// Effective number of draws for the centre.
    pub ess_bulk: f64,
    /// Effective number of draws for the tails.
    pub ess_tail: f64,
    /// Rank-normalised split R-hat.
    pub r_hat: f64,
    /// Nested R-hat, from 32 chains on.
    pub r_hat_nested: f64,
    /// Standard error of the mean from the spread between chains, from 64 chains on.
    pub mcse_across: f64,
}

/// Summarises every element of every variable, in the order of the variables.
///
/// # Errors
/// When a variable is text or does not begin with the dimensions `chain` and `draw`.
pub fn summary(group: &Group) -> Result<Vec<SummaryRow>, DrawsError> {
    let (chains, draws) = (group.length("chain"), group.length("draw"));
    let scalars = Scalars::of(group)?;
    let mut rows: Vec<SummaryRow> =
        scalars.iter().flat_map(|scalars| &scalars.names).map(|name| empty_row(name)).collect();
    if chains * draws == 0 {
        return Ok(rows);
    }
    let scores = NormalScores::for_halves(chains, draws);
    let workers = if rows.len() * chains * draws < PARALLEL_DRAWS {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from).min(scalars.len())
    };
    let chains_per_start = chains_per_start(group);
    let mut shares: Vec<Vec<(&Scalars<'_>, &mut [SummaryRow])>> = (0..workers).map(|_| Vec::new()).collect();
    let mut rest = rows.as_mut_slice();
    for (index, scalars) in scalars.iter().enumerate() {
        let (here, behind) = rest.split_at_mut(scalars.names.len());
        shares[index % workers].push((scalars, here));
        rest = behind;
    }
    let work = |share: Vec<(&Scalars<'_>, &mut [SummaryRow])>| {
        let mut worker =
            Worker { order: Order::default(), folded: Order::default(), fourier: Fourier::new() };
        for (scalars, rows) in share {
            for (values, row) in scalars.gather().iter().zip(rows) {
                let draws = ScalarDraws::new(values, chains);
                if chains >= MANY_CHAINS {
                    row.r_hat_nested = nested_r_hat(draws, chains_per_start);
                }
                if chains >= ENOUGH_CHAINS {
                    row.mcse_across = mcse::mcse_across(draws);
                }
                worker.fill(row, draws, &scores);
            }
        }
    };
    let last = shares.pop();
    thread::scope(|scope| {
        for share in shares {
            scope.spawn(|| work(share));
        }
        last.map(work);
    });
    Ok(rows)
}

/// Working memory of a thread.
struct Worker {
    order: Order,
    folded: Order,
    fourier: Fourier,
}

impl Worker {
    /// Computes ArviZ's columns.
    fn fill(&mut self, row: &mut SummaryRow, draws: ScalarDraws<'_>, scores: &NormalScores) {
        let Self { order, folded, fourier } = self;
        order.sort(draws);
        row.mean = draws.mean();
        let squares = draws.squared_distances(row.mean);
        row.sd = (sum(&squares) / (squares.len() as f64 - 1.0)).sqrt();
        (row.hdi_low, row.hdi_high) = narrowest(&order.values, INTERVAL_PROBABILITY);
        if draws.is_unusable() {
            return;
        }
        let plain = HalfChains::split(draws, draws.values().iter().copied());
        row.mcse_mean = mcse::of_mean(&squares, effective_sample_size(&plain, fourier));
        let squared = HalfChains::split(draws, squares.iter().copied());
        row.mcse_sd = mcse::of_sd(&squares, effective_sample_size(&squared, fourier));
        row.ess_tail = tail_of(draws, order, fourier);
        let bulk = scores.halves(draws, order);
        row.ess_bulk = effective_sample_size(&bulk, fourier);
        row.r_hat = r_hat::of_bulk_and_tail(draws, order, folded, scores, &bulk);
    }
}

fn empty_row(name: &str) -> SummaryRow {
    let nan = f64::NAN;
    SummaryRow {
        name: name.to_owned(),
        mean: nan,
        sd: nan,
        hdi_low: nan,
        hdi_high: nan,
        mcse_mean: nan,
        mcse_sd: nan,
        ess_bulk: nan,
        ess_tail: nan,
        r_hat: nan,
        r_hat_nested: nan,
        mcse_across: nan,
    }
}
