//! The tape: what a captured log density is lowered to.
//!
//! A tape computes, for one chain, a vector of `output_rows` numbers from a position of `dim` numbers. A value is
//! a column of `rows` numbers; logical shapes are gone (they were resolved when the program was lowered). Values
//! are either *shared* (constants: they depend on data alone and are the same for every chain) or *per chain*
//! (everything else). Elementwise operations take operands with the rows of their result, or with one row, which is
//! then used for every row.

use std::sync::Arc;

use super::ops::Op;

/// Index of a node of a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub u32);

impl ValueId {
    /// The position of the node in [`Tape::nodes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation of a tape and the column it makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What is computed.
    pub op: Op,
    /// Operands; they stand earlier on the tape.
    pub args: Vec<ValueId>,
    /// Number of rows of the result.
    pub rows: usize,
}

/// A run of rows of a tape's output vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// First row of the output vector that is written.
    pub offset: usize,
    /// The value written there; all of its rows.
    pub value: ValueId,
}

/// A program for one chain.
///
/// For a log density with its gradient `output_rows` is `1 + dim`: row 0 holds the log density, row `1 + i` its
/// derivative with respect to position element `i`. Rows that no output writes are zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// Length of the position.
    pub dim: usize,
    /// Operations in execution order.
    pub nodes: Vec<Node>,
    /// Where results go; the runs do not overlap.
    pub outputs: Vec<Output>,
    /// Length of the output vector.
    pub output_rows: usize,
}

impl Tape {
    /// The node that makes `id`.
    pub fn node(&self, id: ValueId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The data of a shared value, or `None` for a per-chain value.
    pub fn constant(&self, id: ValueId) -> Option<&Arc<[f64]>> {
        match &self.node(id).op {
            Op::Constant(data) => Some(data),
            _ => None,
        }
    }
}
