//! Hand draws on in blocks as they are made, so that memory need not grow with their number.
//!
//! A chain hands over a block when it has [`MOST_DRAWS`] draws or [`MOST_BYTES`] of positions, when warm-up ends,
//! before a checkpoint, and when the run ends or is stopped. The blocks of one chain come in order; those of different
//! chains come as they are ready, one at a time.

use std::error::Error;
use std::sync::{Mutex, PoisonError};

use super::Transition;
use super::draws::Divergence;
use super::snapshot::Snapshot;

/// Most draws of a block.
const MOST_DRAWS: usize = 64;
/// Most bytes of the positions of a block, unless one draw has more.
const MOST_BYTES: usize = 1 << 20;

/// Takes the draws of a run.
pub trait Sink: Send {
    /// Takes a block of draws.
    ///
    /// # Errors
    /// What keeps it from being stored; it stops the run, and what was written before stays.
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError>;

    /// Takes the state of a chain, or of all, from which the run can go on; every draw before it has been written.
    /// Comes only when [`Settings::checkpoint_every`](crate::run::Settings::checkpoint_every) asks for it.
    ///
    /// # Errors
    /// As [`Sink::write`].
    fn checkpoint(&mut self, snapshot: Snapshot) -> Result<(), SinkError> {
        drop(snapshot);
        Ok(())
    }
}

/// Draws of one chain that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The chain.
    pub chain: usize,
    /// Number of the first draw; those of warm-up and those after it are counted apart, each from 0.
    pub first: usize,
    /// Whether these are draws of warm-up.
    pub is_warmup: bool,
    /// Unconstrained positions, `[draws of the block, dim]`.
    pub positions: &'a [f64],
    /// What each draw did, `[draws of the block]`.
    pub transitions: &'a [Transition],
    /// Where those that diverged did so.
    pub divergences: &'a [Divergence],
}

/// Why a sink could not store what it was given.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SinkError(#[from] Box<dyn Error + Send + Sync>);

impl SinkError {
    /// Wraps the error of a sink.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// A sink that the workers of a run share.
pub(crate) type SharedSink<'a> = Mutex<&'a mut dyn Sink>;

/// The block that a chain is filling.
pub(crate) struct Filling {
    chain: usize,
    capacity: usize,
    first: usize,
    is_warmup: bool,
    positions: Vec<f64>,
    transitions: Vec<Transition>,
    divergences: Vec<Divergence>,
}

impl Filling {
    /// Begins at draw `first`.
    pub(crate) fn new(chain: usize, dim: usize, first: usize, is_warmup: bool) -> Self {
        let capacity = (MOST_BYTES / (size_of::<f64>() * dim)).clamp(1, MOST_DRAWS);
        let (positions, transitions, divergences) = Default::default();
        Self { chain, capacity, first, is_warmup, positions, transitions, divergences }
    }

    /// Adds a draw; `ends` are those of the step that diverged, if one did. Tells whether the block is full.
    ///
    /// # Shapes
    /// - `position`: `[dim]`
    pub(crate) fn push(
        &mut self,
        position: &[f64],
        transition: Transition,
        ends: Option<[Vec<f64>; 2]>,
    ) -> bool {
        if let Some([start, end]) = ends {
            let draw = self.first + self.transitions.len();
            self.divergences.push(Divergence { chain: self.chain, draw, start, end });
        }
        self.positions.extend_from_slice(position);
        self.transitions.push(transition);
        self.transitions.len() == self.capacity
    }

    /// Hands the block over, if there is something in it.
    pub(crate) fn hand_over(&mut self, sink: &SharedSink<'_>) -> Result<(), SinkError> {
        if self.transitions.is_empty() {
            return Ok(());
        }
        let block = Block {
            chain: self.chain,
            first: self.first,
            is_warmup: self.is_warmup,
            positions: &self.positions,
            transitions: &self.transitions,
            divergences: &self.divergences,
        };
        sink.lock().unwrap_or_else(PoisonError::into_inner).write(&block)?;
        self.first += self.transitions.len();
        self.positions.clear();
        self.transitions.clear();
        self.divergences.clear();
        Ok(())
    }

    /// Whether the draws are those of warm-up.
    pub(crate) fn is_warmup(&self) -> bool {
        self.is_warmup
    }

    /// Counts draws from 0 again, as kept ones.
    pub(crate) fn end_warmup(&mut self) {
        self.first = 0;
        self.is_warmup = false;
    }
}
