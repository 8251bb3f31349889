//! Appends operations to a tape, checking rows as it goes.

use std::sync::Arc;

use super::ir::{Node, Output, Tape, ValueId};
use super::ops::{Binary, Op, Ternary, Unary};
use super::scan::Scan;

/// Builds a tape by hand: tests, benches and passes use it.
///
/// The methods panic when rows do not agree: a tape is built by code, never from user input.
#[derive(Clone, Debug)]
pub struct TapeBuilder {
    tape: Tape,
}

impl TapeBuilder {
    /// An empty tape over positions of `dim` elements.
    pub fn new(dim: usize) -> Self {
        Self { tape: Tape { dim, nodes: Vec::new(), outputs: Vec::new(), output_rows: 0 } }
    }

    /// Rows of a value.
    pub fn rows(&self, id: ValueId) -> usize {
        self.tape.node(id).rows
    }

    /// The operations so far.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Appends an operation as it is.
    pub fn push(&mut self, op: Op, args: Vec<ValueId>, rows: usize) -> ValueId {
        let id =
            ValueId(u32::try_from(self.tape.nodes.len()).expect("a tape holds fewer than 2^32 operations"));
        self.tape.nodes.push(Node { op, args, rows });
        id
    }

    /// `rows` elements of the position from `offset` on.
    pub fn input(&mut self, offset: usize, rows: usize) -> ValueId {
        self.push(Op::Input { offset }, vec![], rows)
    }

    /// Shared data.
    pub fn constant(&mut self, data: impl Into<Arc<[f64]>>) -> ValueId {
        let data = data.into();
        let rows = data.len();
        self.push(Op::Constant(data), vec![], rows)
    }

    /// Elementwise function of one value.
    pub fn unary(&mut self, op: Unary, a: ValueId) -> ValueId {
        self.push(Op::Unary(op), vec![a], self.rows(a))
    }

    /// Elementwise function of two values.
    pub fn binary(&mut self, op: Binary, a: ValueId, b: ValueId) -> ValueId {
        let rows = self.rows(a).max(self.rows(b));
        self.push(Op::Binary(op), vec![a, b], rows)
    }

    /// Elementwise function of three values.
    pub fn ternary(&mut self, op: Ternary, a: ValueId, b: ValueId, c: ValueId) -> ValueId {
        let rows = self.rows(a).max(self.rows(b)).max(self.rows(c));
        self.push(Op::Ternary(op), vec![a, b, c], rows)
    }

    /// Sum over rows.
    pub fn sum(&mut self, a: ValueId) -> ValueId {
        self.push(Op::Sum, vec![a], 1)
    }

    /// Sum of products over rows.
    pub fn dot(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.push(Op::Dot, vec![a, b], 1)
    }

    /// Rows of `a` named by `index`.
    pub fn gather(&mut self, a: ValueId, index: impl Into<Arc<[u32]>>) -> ValueId {
        let index = index.into();
        let rows = index.len();
        self.push(Op::Gather(index), vec![a], rows)
    }

    /// Sums of the rows of `a` by group.
    pub fn segment_sum(&mut self, a: ValueId, index: impl Into<Arc<[u32]>>, groups: usize) -> ValueId {
        self.push(Op::SegmentSum(index.into()), vec![a], groups)
    }

    /// The states of a recurrence; `args` are its initial carries, then what its body reads besides.
    pub fn scan(&mut self, scan: impl Into<Arc<Scan>>, args: Vec<ValueId>) -> ValueId {
        let scan = scan.into();
        let rows = scan.rows();
        self.push(Op::Scan(scan), args, rows)
    }

    /// Writes `value` to the output vector from row `offset` on.
    pub fn output(&mut self, offset: usize, value: ValueId) {
        self.tape.outputs.push(Output { offset, value });
    }

    /// The finished tape with `output_rows` output rows.
    pub fn finish(mut self, output_rows: usize) -> Tape {
        self.tape.output_rows = output_rows;
        self.tape
    }
}
