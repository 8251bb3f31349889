//! Hold what a run drew: unconstrained positions, what each draw did, divergences and tuning.

use super::Transition;
use super::sink::{Block, Sink, SinkError};

/// The draws of a run.
#[derive(Clone, Debug, Default)]
pub struct Draws {
    /// Number of chains.
    pub chains: usize,
    /// Draws of each chain that were kept.
    pub draws: usize,
    /// Length of a position.
    pub dim: usize,
    /// Unconstrained positions, `[chains, draws, dim]`.
    pub positions: Vec<f64>,
    /// What each draw did, `[chains, draws]`.
    pub transitions: Vec<Transition>,
    /// Divergences of kept draws, by chain and draw.
    pub divergences: Vec<Divergence>,
    /// The draws of warm-up, if they were asked for.
    pub warmup: Option<WarmupDraws>,
    /// What the run left behind beside them. After a stop the chains are cut to the smallest of its `finished`.
    pub record: RunRecord,
}

/// Draws of warm-up.
#[derive(Clone, Debug, Default)]
pub struct WarmupDraws {
    /// Draws of each chain.
    pub draws: usize,
    /// Unconstrained positions, `[chains, draws, dim]`.
    pub positions: Vec<f64>,
    /// What each draw did, `[chains, draws]`.
    pub transitions: Vec<Transition>,
    /// Divergences, by chain and draw.
    pub divergences: Vec<Divergence>,
}

/// What a run leaves behind beside its draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunRecord {
    /// What warm-up settled on, one a chain.
    pub tuning: Vec<Tuning>,
    /// Draws of warm-up that the chains made, the smallest of them.
    pub warmup_draws: usize,
    /// Chains that warm-up moved to others from where there is next to no mass.
    pub moved_chains: usize,
    /// Gradients of warm-up, all chains together.
    pub warmup_gradients: u64,
    /// Gradients after warm-up, all chains together.
    pub draw_gradients: u64,
    /// Gradients that chains took over those that were computed: less than 1 where a place in a block or on a device had
    /// no chain that still ran. While draws are made; where chains tune themselves, over warm-up too. NaN when there were
    /// none.
    pub lane_efficiency: f64,
    /// Wall time until warm-up ended, mean over the chains.
    pub warmup_seconds: f64,
    /// Wall time from there to the end.
    pub draw_seconds: f64,
    /// Kept draws that each chain finished.
    pub finished: Vec<usize>,
    /// Whether the run was stopped before all chains had all their draws.
    pub stopped_early: bool,
}

impl RunRecord {
    /// Wall time of the run.
    pub fn seconds(&self) -> f64 {
        self.warmup_seconds + self.draw_seconds
    }
}

/// A divergence: the leapfrog step whose energy error was not finite or above 1000.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The chain.
    pub chain: usize,
    /// The draw, counted apart in warm-up and after it.
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

/// The sink that keeps all draws in memory.
#[derive(Debug)]
pub struct InMemory {
    kept: Grid,
    warmup: Grid,
}

/// Room for so many draws of each chain.
#[derive(Debug)]
struct Grid {
    dim: usize,
    draws: usize,
    /// Draws that each chain has.
    made: Vec<usize>,
    /// `[chains, draws, dim]`
    positions: Vec<f64>,
    /// `[chains, draws]`
    transitions: Vec<Transition>,
    divergences: Vec<Divergence>,
}

impl InMemory {
    /// Makes room for so many draws after warm-up and in it; pass 0 for `warmup` when its draws are not kept.
    pub fn new(chains: usize, dim: usize, draws: usize, warmup: usize) -> Self {
        let [kept, warmup] = [draws, warmup].map(|draws| Grid {
            dim,
            draws,
            made: vec![0; chains],
            positions: vec![0.0; chains * draws * dim],
            transitions: vec![Transition::default(); chains * draws],
            divergences: Vec::new(),
        });
        Self { kept, warmup }
    }

    /// The draws, each chain cut to the number that all have.
    pub fn into_draws(self, record: RunRecord) -> Draws {
        let (dim, chains) = (self.kept.dim, self.kept.made.len());
        let warmup = (self.warmup.draws > 0).then(|| self.warmup.cut());
        let kept = self.kept.cut();
        Draws {
            chains,
            draws: kept.draws,
            dim,
            positions: kept.positions,
            transitions: kept.transitions,
            divergences: kept.divergences,
            warmup,
            record,
        }
    }
}

impl Sink for InMemory {
    /// # Panics
    /// When a block has draws that no room was made for.
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        let grid = if block.is_warmup { &mut self.warmup } else { &mut self.kept };
        let first = block.chain * grid.draws + block.first;
        grid.positions[first * grid.dim..][..block.positions.len()].copy_from_slice(block.positions);
        grid.transitions[first..][..block.transitions.len()].copy_from_slice(block.transitions);
        grid.divergences.extend_from_slice(block.divergences);
        grid.made[block.chain] = block.first + block.transitions.len();
        Ok(())
    }
}

impl Grid {
    /// Each chain cut to the number of draws that all have.
    fn cut(mut self) -> WarmupDraws {
        let draws = self.made.iter().copied().min().unwrap_or(0);
        let (room, wanted) = (self.draws * self.dim, draws * self.dim);
        for chain in 0..self.made.len() {
            self.positions.copy_within(chain * room..chain * room + wanted, chain * wanted);
            self.transitions.copy_within(chain * self.draws..chain * self.draws + draws, chain * draws);
        }
        self.positions.truncate(self.made.len() * wanted);
        self.transitions.truncate(self.made.len() * draws);
        self.divergences.retain(|divergence| divergence.draw < draws);
        self.divergences.sort_by_key(|divergence| (divergence.chain, divergence.draw));
        WarmupDraws {
            draws,
            positions: self.positions,
            transitions: self.transitions,
            divergences: self.divergences,
        }
    }
}
