//! Hold what a run drew: unconstrained positions, statistics of each draw, divergences and tuning.

use super::nuts::Transition;

/// The draws of a run.
#[derive(Clone, Debug)]
pub struct Draws {
    /// Number of chains.
    pub chains: usize,
    /// Draws of each chain that were kept.
    pub draws: usize,
    /// Length of a position.
    pub dim: usize,
    /// Unconstrained positions, `[chains, draws, dim]`.
    pub positions: Vec<f64>,
    /// Statistics of each draw.
    pub statistics: Statistics,
    /// Divergences of kept draws, by chain and draw.
    pub divergences: Vec<Divergence>,
    /// What warm-up settled on, one a chain.
    pub tuning: Vec<Tuning>,
    /// Gradients of warm-up, all chains together.
    pub warmup_gradients: u64,
    /// Gradients after warm-up, all chains together.
    pub draw_gradients: u64,
    /// Wall time until warm-up ended, mean over the chains.
    pub warmup_seconds: f64,
    /// Wall time from there to the end.
    pub draw_seconds: f64,
    /// Whether the run was stopped before all chains had all their draws.
    pub stopped_early: bool,
    /// Draws that each chain had finished; after a stop the chains are cut to the smallest of these.
    pub finished: Vec<usize>,
}

/// Statistics of the kept draws, under the names PyMC gives them; each `[chains, draws]`.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Mean of `min(1, exp(-energy error))` over the leaves of the trajectory.
    pub acceptance_rate: Vec<f64>,
    /// Whether the trajectory ended in a divergence.
    pub diverging: Vec<bool>,
    /// Energy of the draw: kinetic energy minus log density.
    pub energy: Vec<f64>,
    /// Energy of the draw minus that of the trajectory's start.
    pub energy_error: Vec<f64>,
    /// Leaves from the trajectory's start to the draw, negative backwards in time.
    pub index_in_trajectory: Vec<i64>,
    /// Log density of the draw.
    pub lp: Vec<f64>,
    /// The energy error of the trajectory that is largest in size.
    pub max_energy_error: Vec<f64>,
    /// Gradients of the trajectory.
    pub n_steps: Vec<u32>,
    /// Whether the trajectory stopped because of its depth.
    pub reached_max_treedepth: Vec<bool>,
    /// Step size of the trajectory.
    pub step_size: Vec<f64>,
    /// Step size that warm-up settled on.
    pub step_size_bar: Vec<f64>,
    /// Finished doublings of the trajectory.
    pub tree_depth: Vec<u32>,
}

/// A divergence: the leapfrog step whose energy error was not finite or above 1000.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The chain.
    pub chain: usize,
    /// The kept draw.
    pub draw: usize,
    /// Where the step began, `[dim]`.
    pub start: Vec<f64>,
    /// Where it ended, `[dim]`.
    pub end: Vec<f64>,
}

/// What warm-up settled on for one chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// The step size.
    pub step_size: f64,
    /// The diagonal of the metric, an estimate of variances, `[dim]`.
    pub metric: Vec<f64>,
    /// Gradients that warm-up took.
    pub gradients: u64,
}

impl Draws {
    /// Collects what the chains left behind; `chains` are in order of their index, `positions` hold `quota` draws
    /// of each.
    pub(crate) fn collect(
        chains: Vec<ChainRecord>,
        mut positions: Vec<f64>,
        quota: usize,
        seconds: f64,
    ) -> Self {
        let count = chains.len();
        let dim = positions.len() / (count * quota);
        let finished: Vec<usize> = chains.iter().map(|chain| chain.transitions.len()).collect();
        let draws = finished.iter().copied().min().unwrap_or(0);
        if draws < quota {
            for chain in 0..count {
                let from = chain * quota * dim;
                positions.copy_within(from..from + draws * dim, chain * draws * dim);
            }
            positions.truncate(count * draws * dim);
        }
        let warmup_seconds = chains.iter().map(|chain| chain.warmup_seconds.unwrap_or(seconds)).sum::<f64>();
        let warmup_seconds = warmup_seconds / count as f64;
        let warmup_gradients = chains.iter().map(|chain| chain.tuning.gradients).sum();
        let gradients: u64 = chains.iter().map(|chain| chain.gradients).sum();
        let mut statistics = Statistics::default();
        let mut divergences = Vec::new();
        let mut tuning = Vec::with_capacity(count);
        for chain in chains {
            for transition in &chain.transitions[..draws] {
                statistics.push(transition, chain.tuning.step_size);
            }
            divergences.extend(chain.divergences.into_iter().filter(|divergence| divergence.draw < draws));
            tuning.push(chain.tuning);
        }
        Self {
            chains: count,
            draws,
            dim,
            positions,
            statistics,
            divergences,
            tuning,
            warmup_gradients,
            draw_gradients: gradients - warmup_gradients,
            warmup_seconds,
            draw_seconds: seconds - warmup_seconds,
            stopped_early: finished.iter().any(|finished| *finished < quota),
            finished,
        }
    }
}

impl Statistics {
    fn push(&mut self, seen: &Transition, step_size_bar: f64) {
        self.acceptance_rate.push(seen.acceptance_rate);
        self.diverging.push(seen.diverging);
        self.energy.push(seen.energy);
        self.energy_error.push(seen.energy_error);
        self.index_in_trajectory.push(i64::from(seen.index_in_trajectory));
        self.lp.push(seen.log_density);
        self.max_energy_error.push(seen.max_energy_error);
        self.n_steps.push(seen.n_steps);
        self.reached_max_treedepth.push(seen.reached_max_treedepth);
        self.step_size.push(seen.step_size);
        self.step_size_bar.push(step_size_bar);
        self.tree_depth.push(seen.tree_depth);
    }
}

/// What one chain leaves behind, its positions apart.
pub(crate) struct ChainRecord {
    pub(crate) transitions: Vec<Transition>,
    pub(crate) divergences: Vec<Divergence>,
    pub(crate) tuning: Tuning,
    pub(crate) gradients: u64,
    /// Wall time at the end of warm-up, if it was reached.
    pub(crate) warmup_seconds: Option<f64>,
}

impl ChainRecord {
    pub(crate) fn new(draws: usize) -> Self {
        Self {
            transitions: Vec::with_capacity(draws),
            divergences: Vec::new(),
            tuning: Tuning { step_size: 0.0, metric: Vec::new(), gradients: 0 },
            gradients: 0,
            warmup_seconds: None,
        }
    }
}
