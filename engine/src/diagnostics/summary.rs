//! Summarise every scalar quantity of a group: place, spread, interval, standard errors and convergence.
//!
//! Each quantity's draws are gathered from the strided values, eight quantities at a time, and sorted once; quantiles,
//! interval, ranks and folded ranks come from that order. Large groups are shared out to threads.
//!
//! # References
//! - ArviZ 0.23, `arviz.summary`: columns, their order, and what is done with NaN and constant draws.

use std::thread;

use super::ess::{effective_sample_size, tail_of};
use super::half_chains::HalfChains;
use super::hdi::narrowest;
use super::order::Order;
use super::rank_normalize::NormalScores;
use super::scalar_draws::{ScalarDraws, sum};
use super::{mcse, r_hat};
use crate::draws::{Coordinate, DrawsError, Group, Values, Variable};

/// Share of the draws that the interval holds.
const INTERVAL_PROBABILITY: f64 = 0.94;

/// Quantities that are gathered together: as many as fill a cache line.
const GATHERED: usize = 8;

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
}

/// Summarises every element of every variable, in the order of the variables.
///
/// # Errors
/// When a variable is text or does not begin with the dimensions `chain` and `draw`.
pub fn summary(group: &Group) -> Result<Vec<SummaryRow>, DrawsError> {
    let (chains, draws) = (group.length("chain"), group.length("draw"));
    let mut blocks = Vec::new();
    let mut rows = Vec::new();
    for variable in group.variables() {
        let is_draws = variable.dims.first().is_some_and(|dim| dim == "chain")
            && variable.dims.get(1).is_some_and(|dim| dim == "draw")
            && !matches!(variable.values, Values::Text(_));
        if !is_draws {
            let (group, variable, dims) =
                (group.name().to_owned(), variable.name.clone(), variable.dims.clone());
            return Err(DrawsError::NotDraws { group, variable, dims });
        }
        let elements: usize = variable.shape[2..].iter().product();
        blocks.extend((0..elements).step_by(GATHERED).map(|first| Block { variable, elements, first }));
        rows.extend(labels(group, variable));
    }
    if chains * draws == 0 {
        return Ok(rows);
    }
    let scores = NormalScores::for_halves(chains, draws);
    let workers = if rows.len() * chains * draws < PARALLEL_DRAWS {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from).min(blocks.len())
    };
    let mut shares: Vec<Vec<(&Block<'_>, &mut [SummaryRow])>> = (0..workers).map(|_| Vec::new()).collect();
    let mut rest = rows.as_mut_slice();
    for (index, block) in blocks.iter().enumerate() {
        let (here, behind) = rest.split_at_mut(block.width());
        shares[index % workers].push((block, here));
        rest = behind;
    }
    let work = |share: Vec<(&Block<'_>, &mut [SummaryRow])>| {
        let mut orders = (Order::default(), Order::default());
        for (block, rows) in share {
            for (values, row) in block.gather().iter().zip(rows) {
                fill(row, ScalarDraws::new(values, chains), &scores, &mut orders);
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

/// Some neighbouring elements of a variable.
struct Block<'a> {
    variable: &'a Variable,
    /// Elements per draw.
    elements: usize,
    first: usize,
}

impl Block<'_> {
    fn width(&self) -> usize {
        GATHERED.min(self.elements - self.first)
    }

    /// The draws of each element, chain after chain.
    fn gather(&self) -> Vec<Vec<f64>> {
        match &self.variable.values {
            Values::Float(values) => self.columns(values, |value| value),
            Values::Int(values) => self.columns(values, |value| value as f64),
            Values::Bool(values) => self.columns(values, |value| f64::from(u8::from(value))),
            Values::Text(_) => Vec::new(),
        }
    }

    fn columns<T: Copy>(&self, values: &[T], number: impl Fn(T) -> f64) -> Vec<Vec<f64>> {
        let mut columns = vec![vec![0.0; values.len() / self.elements]; self.width()];
        let (first, end) = (self.first, self.first + self.width());
        for (draw, elements) in values.chunks_exact(self.elements).enumerate() {
            for (column, element) in columns.iter_mut().zip(&elements[first..end]) {
                column[draw] = number(*element);
            }
        }
        columns
    }
}

/// Computes everything but the name; the orders are overwritten.
fn fill(
    row: &mut SummaryRow,
    draws: ScalarDraws<'_>,
    scores: &NormalScores,
    (order, folded): &mut (Order, Order),
) {
    order.sort(draws);
    row.mean = draws.mean();
    let squares = draws.squared_distances(row.mean);
    row.sd = (sum(&squares) / (squares.len() as f64 - 1.0)).sqrt();
    (row.hdi_low, row.hdi_high) = narrowest(&order.values, INTERVAL_PROBABILITY);
    if draws.is_unusable() {
        return;
    }
    let plain = effective_sample_size(&HalfChains::split(draws, draws.values().iter().copied()));
    row.mcse_mean = mcse::of_mean(&squares, plain);
    let squared = effective_sample_size(&HalfChains::split(draws, squares.iter().copied()));
    row.mcse_sd = mcse::of_sd(&squares, squared);
    row.ess_tail = tail_of(draws, order);
    let bulk = scores.halves(draws, order);
    row.ess_bulk = effective_sample_size(&bulk);
    row.r_hat = r_hat::of_bulk_and_tail(draws, order, folded, scores, &bulk);
}

/// A row without numbers for every element of a variable.
fn labels(group: &Group, variable: &Variable) -> Vec<SummaryRow> {
    let mut suffixes = vec![String::new()];
    for dim in &variable.dims[2..] {
        let labels: Vec<String> = match group.coordinate(dim) {
            Some(Coordinate::Int(labels)) => labels.iter().map(i64::to_string).collect(),
            Some(Coordinate::Float(labels)) => labels.iter().map(|&label| real_label(label)).collect(),
            Some(Coordinate::Text(labels)) => labels.clone(),
            None => Vec::new(),
        };
        let extended = suffixes.iter().flat_map(|suffix| {
            let separator = if suffix.is_empty() { "[" } else { ", " };
            labels.iter().map(move |label| format!("{suffix}{separator}{label}"))
        });
        suffixes = extended.collect();
    }
    let close = |suffix: &str| if suffix.is_empty() { String::new() } else { format!("{suffix}]") };
    suffixes.iter().map(|suffix| empty_row(format!("{}{}", variable.name, close(suffix)))).collect()
}

fn empty_row(name: String) -> SummaryRow {
    let nan = f64::NAN;
    SummaryRow {
        name,
        mean: nan,
        sd: nan,
        hdi_low: nan,
        hdi_high: nan,
        mcse_mean: nan,
        mcse_sd: nan,
        ess_bulk: nan,
        ess_tail: nan,
        r_hat: nan,
    }
}

/// A real number as Python prints it: `0.5`, `1.0`, `1e-07`.
fn real_label(value: f64) -> String {
    let text = format!("{value:?}").to_lowercase();
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}
