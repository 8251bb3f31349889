//! Hold what a fit found: an approximation, draws from it, and how far both can be trusted.

use std::fmt;
use std::time::Instant;

use super::Method;
use super::evaluations::Batch;
use super::key::{Purpose, key, noise};
use super::lbfgs::End;
use super::normal::Normal;
use super::psis::{Smoothed, k_limit, smooth};
use super::work::Work;
use crate::mcmc::{Fitted, Init};

/// Draws that make the first metric of chains.
const DRAWS_OF_METRIC: usize = 200;
/// K-hat from which on importance weights have no variance.
const LARGE_VARIANCE: f64 = 0.5;
/// Log ratios that differ by less than this are equal.
const EQUAL_RATIOS: f64 = 1e-6;

/// How a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its convergence test passed.
    Converged,
    /// The iterations ran out first.
    Iterations,
    /// Arithmetic, or a density that is not smooth, ended it.
    Stuck,
    /// It was stopped.
    Stopped,
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Outcome::Converged => "converged",
            Outcome::Iterations => "not converged when the iterations ran out: allow more",
            Outcome::Stuck => "not converged: the density is not smooth enough for smaller steps",
            Outcome::Stopped => "stopped early: this is the best so far",
        })
    }
}

impl From<End> for Outcome {
    fn from(end: End) -> Self {
        match end {
            End::Converged => Outcome::Converged,
            End::Iterations => Outcome::Iterations,
            End::Stuck | End::Unbounded => Outcome::Stuck,
            End::Stopped => Outcome::Stopped,
        }
    }
}

/// An approximation of a posterior, in unconstrained positions.
#[derive(Clone, Debug)]
pub struct Fit {
    /// How it was made.
    pub method: Method,
    /// Length of a position.
    pub dim: usize,
    /// Draws from the approximation, `[draws, dim]`: particles of SVGD, the mode alone of MAP.
    pub positions: Vec<f64>,
    /// Log density of the target at each draw, `[draws]`.
    pub log_density: Vec<f64>,
    /// Gradient of the log density of the target at each draw, `[draws, dim]`.
    pub gradient: Vec<f64>,
    /// Log density of the approximation at each draw, `[draws]`; empty when it has none.
    pub log_q: Vec<f64>,
    /// Mean of the approximation, `[dim]`.
    pub mean: Vec<f64>,
    /// Standard deviations of the approximation, `[dim]`.
    pub deviation: Vec<f64>,
    /// Covariance of the approximation where it is a normal with a dense one, `[dim, dim]`.
    pub covariance: Option<Vec<f64>>,
    /// What was minimised, after each iteration; [`Method::objective`] says what it is.
    pub objective: Vec<f64>,
    /// Shape of the tail of the importance weights; `None` when the approximation has no density.
    pub k_hat: Option<f64>,
    /// How it ended.
    pub outcome: Outcome,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// Gradients of the target that were taken.
    pub gradients: u64,
    /// Wall time.
    pub seconds: f64,
    /// Smoothed importance weights of the draws, as logarithms.
    log_weights: Vec<f64>,
}

impl Fit {
    /// A normal, with draws from it.
    pub(super) fn of_normal(
        work: &mut Work<'_>,
        normal: &Normal,
        objective: Vec<f64>,
        outcome: Outcome,
    ) -> Self {
        let (dim, count) = (work.dim(), work.settings.draws);
        let noise = noise(work.settings.seed, Purpose::Draws, 0, count, dim);
        let mut batch = Batch::new(count, dim);
        normal.write(&noise, &mut batch.position);
        work.evaluations.evaluate_exactly(&mut batch);
        let log_q: Vec<f64> = noise.chunks_exact(dim).map(|z| normal.log_density(z)).collect();
        let weights = weigh(&batch.log_density, &log_q);
        Self {
            mean: normal.mean.clone(),
            deviation: normal.deviations(),
            covariance: normal.covariance(),
            k_hat: Some(weights.k_hat),
            log_weights: weights.log_weights,
            log_q,
            ..Self::of_draws(work, batch, objective, outcome)
        }
    }

    /// Draws of equal weight.
    pub(super) fn of_draws(
        work: &Work<'_>,
        Batch { position: positions, log_density, gradient, .. }: Batch,
        objective: Vec<f64>,
        outcome: Outcome,
    ) -> Self {
        let dim = work.dim();
        let count = log_density.len() as f64;
        let moment = |element: usize, power: i32, centre: f64| {
            positions.iter().skip(element).step_by(dim).map(|q| (q - centre).powi(power)).sum::<f64>() / count
        };
        let mean: Vec<f64> = (0..dim).map(|i| moment(i, 1, 0.0)).collect();
        let deviation = mean.iter().enumerate().map(|(i, mean)| moment(i, 2, *mean).sqrt()).collect();
        Self {
            method: work.settings.method,
            dim,
            log_weights: vec![0.0; log_density.len()],
            positions,
            log_density,
            gradient,
            log_q: Vec::new(),
            mean,
            deviation,
            covariance: None,
            objective,
            k_hat: None,
            outcome,
            notes: Vec::new(),
            gradients: 0,
            seconds: 0.0,
        }
    }

    /// Writes down what it cost.
    pub(super) fn finish(mut self, work: &Work<'_>, begun: Instant) -> Self {
        self.gradients = work.evaluations.gradients();
        self.seconds = begun.elapsed().as_secs_f64();
        self
    }

    /// Number of draws.
    pub fn draws(&self) -> usize {
        self.log_density.len()
    }

    /// Whether importance weights say that the draws stand for the posterior.
    pub fn is_trusted(&self) -> bool {
        self.k_hat.is_some_and(|k| k < k_limit(self.draws()))
    }

    /// What k-hat means for these draws, in one sentence.
    pub fn verdict(&self) -> String {
        let limit = k_limit(self.draws());
        match self.k_hat {
            None => format!(
                "{} has no density, so there is no k-hat: check it against a few chains of NUTS",
                self.method
            ),
            Some(k) if k < limit && k >= LARGE_VARIANCE => format!(
                "k-hat {k:.2} is below {limit:.2}: the approximation is roughly close to the posterior; its means and \
                 spreads may be off, and importance weights can correct them"
            ),
            Some(k) if k < limit => format!(
                "k-hat {k:.2} is below {limit:.2}: the approximation is close to the posterior, and importance weights \
                 can correct what remains"
            ),
            Some(k) if k < 1.0 => format!(
                "k-hat {k:.2} is above {limit:.2}: the approximation misses part of the posterior; do not rely on its \
                 spread, and start NUTS from it"
            ),
            Some(k) => format!(
                "k-hat {k:.2} is above 1: the approximation is far from the posterior, and importance weights cannot \
                 correct it; use NUTS"
            ),
        }
    }

    /// Positions for chains to start from, `[chains, dim]`: different draws, chosen by importance weight.
    ///
    /// More chains than draws take draws again; chains that start from MAP all start at the mode.
    pub fn starts(&self, chains: usize, seed: u64) -> Vec<f64> {
        let chosen = choose(&self.log_weights, chains.min(self.draws()), seed);
        let rows = chosen.iter().cycle().take(chains);
        rows.flat_map(|&row| &self.positions[row * self.dim..(row + 1) * self.dim]).copied().collect()
    }

    /// How chains start from the fit: at its [`starts`](Fit::starts), with the metric of its draws unless it is the mode
    /// alone.
    pub fn init(&self, chains: usize, seed: u64) -> Init {
        let (count, starts) = (DRAWS_OF_METRIC.min(self.draws()) * self.dim, self.starts(chains, seed));
        match self.draws() {
            1 => Init::Given(starts),
            _ => Init::Fitted(Fitted {
                starts,
                draws: self.positions[..count].to_vec(),
                gradients: self.gradient[..count].to_vec(),
            }),
        }
    }
}

/// Smoothed weights of draws; a draw without a density has none.
pub(super) fn weigh(log_density: &[f64], log_q: &[f64]) -> Smoothed {
    let ratio = |(p, q): (&f64, &f64)| if (p - q).is_nan() { f64::NEG_INFINITY } else { p - q };
    let ratios: Vec<f64> = log_density.iter().zip(log_q).map(ratio).collect();
    let (least, most) =
        ratios.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), r| (r.min(l), r.max(m)));
    let mut smoothed = smooth(&ratios, 1.0);
    // What rounding leaves of equal ratios has no tail.
    if most - least < EQUAL_RATIOS {
        smoothed.k_hat = 0.0;
    }
    smoothed
}

/// Chooses `count` different draws with chances in proportion to their weights: those of the largest log weight plus
/// Gumbel noise.
pub(super) fn choose(log_weights: &[f64], count: usize, seed: u64) -> Vec<usize> {
    let key = key(seed, Purpose::Choice, 0, 0);
    let score = |row: usize| log_weights[row] - key.exponential(row as u32).ln();
    let mut scored: Vec<(f64, usize)> = (0..log_weights.len()).map(|row| (score(row), row)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(count);
    scored.into_iter().map(|(_, row)| row).collect()
}
