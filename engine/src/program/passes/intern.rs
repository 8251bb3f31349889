//! Builds tapes in which equal operations stand once and operations on data alone are computed at once.
//!
//! Value numbering with canonical operand order, and constant folding in f64: the two passes that every other pass
//! relies on.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chainfire_kernels::tape::{Binary, Node, Op, Output, Tape, Ternary, Unary, ValueId, reference::fold};

/// A tape under construction.
pub struct Interner {
    tape: Tape,
    known: HashMap<u64, Vec<ValueId>>,
}

impl Interner {
    /// An empty tape over positions of `dim` elements.
    pub fn new(dim: usize) -> Self {
        Self {
            tape: Tape { dim, nodes: Vec::new(), outputs: Vec::new(), output_rows: 0 },
            known: HashMap::new(),
        }
    }

    /// How many operations and constants there are.
    pub fn nodes(&self) -> usize {
        self.tape.nodes.len()
    }

    /// The operation of a value.
    pub fn node(&self, id: ValueId) -> &Node {
        self.tape.node(id)
    }

    /// Rows of a value.
    pub fn rows(&self, id: ValueId) -> usize {
        self.node(id).rows
    }

    /// The data of a shared value.
    pub fn data(&self, id: ValueId) -> Option<&Arc<[f64]>> {
        self.tape.constant(id)
    }

    /// The number that every row of a shared value holds, if it is one number.
    pub fn uniform(&self, id: ValueId) -> Option<f64> {
        let data = self.data(id)?;
        let first = data[0];
        data.iter().all(|x| x.to_bits() == first.to_bits()).then_some(first)
    }

    /// Appends an operation, or finds the equal one that is there already, or computes it if it depends on data
    /// alone.
    pub fn emit(&mut self, op: Op, mut args: Vec<ValueId>, rows: usize) -> ValueId {
        if !args.is_empty() && args.iter().all(|&a| self.data(a).is_some()) {
            let data: Vec<&[f64]> = args.iter().filter_map(|&a| self.data(a)).map(|d| &d[..]).collect();
            let folded = fold(&op, &data, rows);
            return self.emit(Op::Constant(folded.into()), vec![], rows);
        }
        let commutes = matches!(&op, Op::Dot) || matches!(&op, Op::Binary(b) if b.commutes());
        if commutes {
            args.sort_unstable();
        }
        let key = fingerprint(&op, &args, rows);
        let same = |id: &ValueId| {
            let node = self.tape.node(*id);
            node.rows == rows && node.args == args && same_op(&node.op, &op)
        };
        if let Some(found) = self.known.get(&key).and_then(|ids| ids.iter().find(|id| same(id))) {
            return *found;
        }
        let id = ValueId(self.tape.nodes.len() as u32);
        self.tape.nodes.push(Node { op, args, rows });
        self.known.entry(key).or_default().push(id);
        id
    }

    /// Shared data.
    pub fn constant(&mut self, data: impl Into<Arc<[f64]>>) -> ValueId {
        let data = data.into();
        let rows = data.len();
        self.emit(Op::Constant(data), vec![], rows)
    }

    /// One shared number.
    pub fn number(&mut self, x: f64) -> ValueId {
        self.constant(vec![x])
    }

    /// Elementwise function of one value.
    pub fn unary(&mut self, op: Unary, a: ValueId) -> ValueId {
        let rows = self.rows(a);
        self.emit(Op::Unary(op), vec![a], rows)
    }

    /// Elementwise function of two values.
    pub fn binary(&mut self, op: Binary, a: ValueId, b: ValueId) -> ValueId {
        let rows = self.rows(a).max(self.rows(b));
        self.emit(Op::Binary(op), vec![a, b], rows)
    }

    /// Elementwise function of three values.
    pub fn ternary(&mut self, op: Ternary, a: ValueId, b: ValueId, c: ValueId) -> ValueId {
        let rows = self.rows(a).max(self.rows(b)).max(self.rows(c));
        self.emit(Op::Ternary(op), vec![a, b, c], rows)
    }

    /// Rows of `a` named by `index`; runs of rows become slices, gathers of gathers one gather.
    pub fn gather(&mut self, a: ValueId, index: Vec<u32>) -> ValueId {
        let rows = index.len();
        if index.windows(2).all(|w| w[1] == w[0] + 1) {
            return self.slice(a, index[0] as usize, rows);
        }
        match &self.node(a).op {
            Op::Gather(inner) => {
                let (composed, source) =
                    (index.iter().map(|&i| inner[i as usize]).collect(), self.node(a).args[0]);
                self.gather(source, composed)
            }
            Op::Slice { start } => {
                let (start, source) = (*start as u32, self.node(a).args[0]);
                let shifted: Vec<u32> = index.iter().map(|&i| i + start).collect();
                self.emit(Op::Gather(shifted.into()), vec![source], rows)
            }
            _ => self.emit(Op::Gather(index.into()), vec![a], rows),
        }
    }

    /// `rows` rows of `a` from `start` on.
    pub fn slice(&mut self, a: ValueId, start: usize, rows: usize) -> ValueId {
        if start == 0 && rows == self.rows(a) {
            return a;
        }
        let node = self.node(a).clone();
        match &node.op {
            Op::Input { offset } => self.emit(Op::Input { offset: offset + start }, vec![], rows),
            Op::Slice { start: first } => self.slice(node.args[0], first + start, rows),
            Op::Gather(index) => self.gather(node.args[0], index[start..start + rows].to_vec()),
            Op::Concat => {
                let mut offset = 0;
                for &piece in &node.args {
                    let length = self.rows(piece);
                    if start >= offset && start + rows <= offset + length {
                        return self.slice(piece, start - offset, rows);
                    }
                    offset += length;
                }
                self.emit(Op::Slice { start }, vec![a], rows)
            }
            _ => self.emit(Op::Slice { start }, vec![a], rows),
        }
    }

    /// Sums of the rows of `a` by group.
    pub fn segment_sum(&mut self, a: ValueId, index: &Arc<[u32]>, groups: usize) -> ValueId {
        if groups == 1 {
            return self.emit(Op::Sum, vec![a], 1);
        }
        if let Some(inverse) = inverse_permutation(index, groups) {
            return self.gather(a, inverse);
        }
        self.emit(Op::SegmentSum(index.clone()), vec![a], groups)
    }

    /// Values one after the other.
    pub fn concat(&mut self, parts: Vec<ValueId>) -> ValueId {
        let rows = parts.iter().map(|&p| self.rows(p)).sum();
        if parts.len() == 1 { parts[0] } else { self.emit(Op::Concat, parts, rows) }
    }

    /// A copy of an operation of another tape with operands of this one.
    pub fn copy(&mut self, op: &Op, args: Vec<ValueId>, rows: usize) -> ValueId {
        match op {
            Op::Gather(index) => self.gather(args[0], index.to_vec()),
            Op::Slice { start } => self.slice(args[0], *start, rows),
            Op::SegmentSum(index) => self.segment_sum(args[0], index, rows),
            Op::Concat => self.concat(args),
            other => self.emit(other.clone(), args, rows),
        }
    }

    /// The finished tape.
    pub fn finish(mut self, outputs: Vec<Output>, output_rows: usize) -> Tape {
        self.tape.outputs = outputs;
        self.tape.output_rows = output_rows;
        self.tape
    }
}

fn inverse_permutation(index: &[u32], groups: usize) -> Option<Vec<u32>> {
    if index.len() != groups {
        return None;
    }
    let mut inverse = vec![u32::MAX; groups];
    for (i, &g) in index.iter().enumerate() {
        if std::mem::replace(&mut inverse[g as usize], i as u32) != u32::MAX {
            return None;
        }
    }
    Some(inverse)
}

fn fingerprint(op: &Op, args: &[ValueId], rows: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(op).hash(&mut hasher);
    match op {
        Op::Input { offset } => offset.hash(&mut hasher),
        Op::Constant(data) => hasher.write_u64(mixed(data.iter().map(|x| x.to_bits()))),
        Op::Unary(op) => op.hash(&mut hasher),
        Op::Binary(op) => op.hash(&mut hasher),
        Op::Ternary(op) => op.hash(&mut hasher),
        Op::Factor(op) => op.hash(&mut hasher),
        Op::Gather(index) | Op::SegmentSum(index) => {
            hasher.write_u64(mixed(index.iter().map(|&row| u64::from(row))));
        }
        Op::Slice { start } => start.hash(&mut hasher),
        Op::MatVec { columns } | Op::MatTVec { columns } => columns.hash(&mut hasher),
        Op::Scan(scan) => (scan.steps, scan.is_backward, scan.body.nodes.len()).hash(&mut hasher),
        Op::Sum | Op::Dot | Op::Concat => {}
    }
    (args, rows).hash(&mut hasher);
    hasher.finish()
}

/// A quick hash of long data: equal fingerprints are compared anyway.
fn mixed(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |hash: u64, word| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95))
}

fn same_op(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Constant(a), Op::Constant(b)) if Arc::ptr_eq(a, b) => true,
        (Op::Constant(a), Op::Constant(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.to_bits() == y.to_bits())
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_operations_stand_once_whatever_their_operand_order() {
        let mut tape = Interner::new(4);
        let (a, b) =
            (tape.emit(Op::Input { offset: 0 }, vec![], 2), tape.emit(Op::Input { offset: 2 }, vec![], 2));
        assert_eq!(tape.binary(Binary::Add, a, b), tape.binary(Binary::Add, b, a));
        assert_ne!(tape.binary(Binary::Sub, a, b), tape.binary(Binary::Sub, b, a));
        // Same offset, other length: another value.
        assert_ne!(tape.emit(Op::Input { offset: 0 }, vec![], 1), a);
    }

    #[test]
    fn operations_on_data_are_computed_at_once() {
        let mut tape = Interner::new(1);
        let x = tape.constant(vec![1.0, 2.0, 3.0]);
        let sum = tape.emit(Op::Sum, vec![x], 1);
        assert_eq!(tape.uniform(sum), Some(6.0));
        let picked = tape.gather(x, vec![2, 0]);
        assert_eq!(tape.data(picked).map(|d| d.to_vec()), Some(vec![3.0, 1.0]));
    }

    #[test]
    fn a_segment_sum_over_a_permutation_is_a_gather() {
        let mut tape = Interner::new(3);
        let x = tape.emit(Op::Input { offset: 0 }, vec![], 3);
        let moved = tape.segment_sum(x, &vec![2, 0, 1].into(), 3);
        assert_eq!(tape.node(moved).op, Op::Gather(vec![1, 2, 0].into()));
    }
}
