//! Hold the state of a run between two draws, so that it can go on from there and draw the same bits.

use serde::{Deserialize, Serialize};

use super::chees::LengthAdaptation;
use super::nuts::{ChainState, Tuner};
use crate::adaptation::Pooled;

/// State between two draws: of one chain that tunes itself, or of all that are tuned together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Snapshot {
    /// One chain.
    Chain(ChainSnapshot),
    /// All chains.
    Ensemble(EnsembleSnapshot),
}

/// One chain between two draws.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChainSnapshot {
    /// The chain.
    pub chain: usize,
    /// Draws finished, those of warm-up included.
    pub draw: usize,
    pub(crate) state: Box<ChainState>,
}

/// What tunes chains that are moved together: all alike or each for itself by the No-U-Turn sampler, or ChEES-HMC.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum CrewState {
    Nuts(Pooled),
    Chees(LengthAdaptation),
    Each(Vec<Tuner>),
}

/// All chains of an ensemble between two draws.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnsembleSnapshot {
    /// Draws that each chain has finished, those of warm-up included.
    pub draw: usize,
    /// How many of them were warm-up, once it has ended.
    pub warmup: Option<usize>,
    /// Unconstrained positions, `[chains, dim]`.
    pub positions: Vec<f64>,
    pub(crate) crew: Box<CrewState>,
    /// Gradients so far, all chains together: of warm-up, and after it.
    pub(crate) gradients: [u64; 2],
    /// Wall time so far, and that of warm-up once it has ended.
    pub(crate) seconds: f64,
    pub(crate) warmup_seconds: Option<f64>,
}
