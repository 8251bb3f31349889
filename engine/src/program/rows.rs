//! Estimate a log density from some of the rows of its data.
//!
//! ```text
//! log p = prior + sum over all N rows of l_i      ~      prior + (N / B) sum over B rows of l_i
//! ```
//!
//! The tape of all rows is cut down to those of a batch. A column of the tape belongs to the rows when it is a table
//! `[outer, N, inner]` each of whose elements depends on the data of one row; elementwise operations and gathers that
//! stay within a row lead from such columns to others. A batch takes its rows of each of them, and whatever sums over
//! the rows (a sum, a segment sum, a product with a matrix) is multiplied by `N / B`. Everything else stays as it is.
//! The estimate is unbiased, for the gradient too, as long as nothing of a row depends on such a sum.
//!
//! # References
//! - Hoffman, Blei, Wang, Paisley (2013), Stochastic variational inference, JMLR 14, section 2.3. arXiv:1206.7051

use chainfire_kernels::tape::{Binary, Node, Op, Output, Tape, ValueId};

use super::ProgramError;
use super::passes::{Interner, run_quick};

/// How the elements of a column belong to rows: `[outer, rows, inner]` in C order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    outer: usize,
    inner: usize,
}

impl Layout {
    /// The row of an element, and which of the row's elements it is.
    fn parts(self, at: usize, rows: usize) -> (usize, usize) {
        let (outer, row, inner) = (at / (rows * self.inner), at / self.inner % rows, at % self.inner);
        (row, outer * self.inner + inner)
    }

    /// Where one of the elements of a row is.
    fn at(self, row: usize, part: usize, rows: usize) -> usize {
        (part / self.inner * rows + row) * self.inner + part % self.inner
    }

    /// The elements of some rows, in the order that the layout has with these rows alone: which of the rows, and where
    /// the element is among all.
    fn taken(self, batch: &[u32], rows: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let of_row = move |outer: usize, (at, &row): (usize, &u32)| {
            let start = (outer * rows + row as usize) * self.inner;
            (start..start + self.inner).map(move |element| (at, element))
        };
        (0..self.outer)
            .flat_map(move |outer| batch.iter().enumerate().flat_map(move |row| of_row(outer, row)))
    }
}

/// A tape of a log density with its gradient that can be cut down to some of its rows.
#[derive(Debug)]
pub struct RowProgram {
    tape: Tape,
    rows: usize,
    /// Of each value that belongs to the rows.
    layouts: Vec<Option<Layout>>,
}

impl RowProgram {
    /// Finds out what of a tape belongs to `rows` rows of data.
    ///
    /// # Errors
    /// No sum over that many rows, or rows that depend on each other.
    pub(super) fn new(tape: Tape, rows: usize) -> Result<Self, ProgramError> {
        let layouts = layouts(&tape, rows);
        let program = Self { tape, rows, layouts };
        let mut depends_on_sums = vec![false; program.tape.nodes.len()];
        let mut has_sums = false;
        for (i, node) in program.tape.nodes.iter().enumerate() {
            let depends = node.args.iter().any(|a| depends_on_sums[a.index()]);
            if depends && program.layouts[i].is_some() {
                let reason = "what it says of a row depends on a sum over all of them";
                return Err(ProgramError::Rows { rows, reason });
            }
            let sums = program.sums_over_rows(ValueId(i as u32), node);
            has_sums |= sums;
            depends_on_sums[i] = depends || sums;
        }
        match has_sums {
            true => Ok(program),
            false => Err(ProgramError::Rows {
                rows,
                reason: "it holds no sum over terms of one row each: a variable with an element for each row, or rows \
                         that depend on each other, cannot be taken apart",
            }),
        }
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.tape.dim
    }

    /// Number of all rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The tape that estimates the density from the rows of a batch; a row may stand there more than once.
    ///
    /// # Panics
    /// When the batch is empty, or names a row that there is not.
    pub fn of(&self, batch: &[u32]) -> Tape {
        let known = batch.iter().all(|&row| (row as usize) < self.rows);
        assert!(known && !batch.is_empty(), "a batch names some of {} rows", self.rows);
        let mut taking = Taking {
            program: self,
            batch,
            tape: Interner::new(self.tape.dim),
            scale: self.rows as f64 / batch.len() as f64,
        };
        let mut renamed: Vec<ValueId> = Vec::with_capacity(self.tape.nodes.len());
        for (i, node) in self.tape.nodes.iter().enumerate() {
            let args = node.args.iter().map(|a| renamed[a.index()]).collect();
            renamed.push(taking.take(ValueId(i as u32), node, args));
        }
        let rename = |o: &Output| Output { offset: o.offset, value: renamed[o.value.index()] };
        let outputs = self.tape.outputs.iter().map(rename).collect();
        match run_quick(taking.tape.finish(outputs, self.tape.output_rows)) {
            Ok(tape) => tape,
            Err(error) => panic!("{error}"),
        }
    }

    fn layout(&self, id: ValueId) -> Option<Layout> {
        self.layouts[id.index()]
    }

    fn sums_over_rows(&self, id: ValueId, node: &Node) -> bool {
        let operand = match &node.op {
            Op::Sum | Op::Dot | Op::SegmentSum(_) => node.args[0],
            Op::MatVec { .. } | Op::MatTVec { .. } => node.args[1],
            _ => return false,
        };
        self.layout(operand).is_some() && self.layout(id).is_none()
    }
}

/// The layout of every value that belongs to the rows.
///
/// Values that elementwise operations join have one layout. All columns of a multiple of `rows` elements are supposed
/// to belong to the rows until an operation says otherwise.
fn layouts(tape: &Tape, rows: usize) -> Vec<Option<Layout>> {
    let mut classes = Classes::new(tape, rows);
    loop {
        let before = classes.refused;
        for (i, node) in tape.nodes.iter().enumerate() {
            classes.check(tape, rows, i, node);
        }
        if classes.refused == before {
            return (0..tape.nodes.len()).map(|i| classes.layout(i)).collect();
        }
    }
}

/// Columns joined by elementwise operations.
struct Classes {
    /// The class of a value: another value, or itself.
    parent: Vec<usize>,
    layouts: Vec<Option<Layout>>,
    refused: usize,
}

impl Classes {
    fn new(tape: &Tape, rows: usize) -> Self {
        let count = tape.nodes.len();
        let mut classes = Self { parent: (0..count).collect(), layouts: vec![None; count], refused: 0 };
        for (i, node) in tape.nodes.iter().enumerate() {
            if node.op.is_elementwise() {
                node.args.iter().filter(|a| tape.node(**a).rows > 1).for_each(|a| classes.join(i, a.index()));
            } else if node.op == Op::Dot {
                classes.join(node.args[0].index(), node.args[1].index());
            }
        }
        for (i, node) in tape.nodes.iter().enumerate() {
            let class = classes.class(i);
            if node.rows.is_multiple_of(rows) {
                let per_row = node.rows / rows;
                // Vectors joined one after the other have their rows innermost.
                let is_joined = node.op == Op::Concat;
                if is_joined || classes.layouts[class].is_none() {
                    let (outer, inner) = if is_joined { (per_row, 1) } else { (1, per_row) };
                    classes.layouts[class] = Some(Layout { outer, inner });
                }
            }
        }
        let positions = tape.nodes.iter().enumerate().filter(|(_, node)| matches!(node.op, Op::Input { .. }));
        let outputs = tape.outputs.iter().map(|output| output.value.index());
        positions.map(|(i, _)| i).chain(outputs).for_each(|i| classes.refuse(i));
        classes
    }

    fn class(&self, mut i: usize) -> usize {
        while self.parent[i] != i {
            i = self.parent[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.class(a), self.class(b));
        self.parent[a.max(b)] = a.min(b);
    }

    fn layout(&self, i: usize) -> Option<Layout> {
        self.layouts[self.class(i)]
    }

    fn refuse(&mut self, i: usize) {
        let class = self.class(i);
        self.refused += usize::from(self.layouts[class].take().is_some());
    }

    /// Refuses what the operation does not let belong to the rows.
    fn check(&mut self, tape: &Tape, rows: usize, i: usize, node: &Node) {
        let result = self.layout(i);
        let operand = |k: usize| node.args[k].index();
        match &node.op {
            Op::Gather(index) => match (self.layout(operand(0)), result) {
                (Some(from), Some(to)) if stays_within_rows(index, to, from, rows) => {}
                (None, _) => {}
                _ => {
                    self.refuse(operand(0));
                    self.refuse(i);
                }
            },
            Op::SegmentSum(index) => match (self.layout(operand(0)), result) {
                (_, None) => {}
                (Some(from), Some(to)) if stays_within_rows(index, from, to, rows) => {}
                _ => self.refuse(i),
            },
            Op::Slice { start } => {
                let is_whole = |from: Layout, to: Layout| {
                    from.inner == to.inner && start.is_multiple_of(rows * from.inner)
                };
                match (self.layout(operand(0)), result) {
                    (Some(from), Some(to)) if is_whole(from, to) => {}
                    _ => {
                        self.refuse(operand(0));
                        self.refuse(i);
                    }
                }
            }
            Op::Concat => {
                let is_part = |part: Layout, whole: Layout| part.inner == whole.inner;
                let all = result.is_some_and(|whole| {
                    node.args.iter().all(|a| self.layout(a.index()).is_some_and(|part| is_part(part, whole)))
                });
                if !all {
                    node.args.iter().for_each(|a| self.refuse(a.index()));
                    self.refuse(i);
                }
            }
            Op::MatVec { columns } => match (self.layout(operand(0)), self.layout(operand(1)), result) {
                (Some(matrix), None, Some(result)) if is_by_rows(matrix, result, *columns) => {}
                _ => [operand(0), operand(1), i].into_iter().for_each(|value| self.refuse(value)),
            },
            Op::MatTVec { columns } => match (self.layout(operand(0)), self.layout(operand(1))) {
                (Some(matrix), Some(vector)) if is_by_rows(matrix, vector, *columns) => self.refuse(i),
                _ => [operand(0), operand(1), i].into_iter().for_each(|value| self.refuse(value)),
            },
            Op::Factor(_) | Op::Scan(_) => {
                node.args.iter().for_each(|a| self.refuse(a.index()));
                self.refuse(i);
            }
            Op::Input { .. } | Op::Constant(_) | Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) => {}
            Op::Sum | Op::Dot => {}
        }
        debug_assert!(self.layout(i).is_none_or(|l| l.outer * l.inner * rows == tape.nodes[i].rows));
    }
}

/// Whether the rows of a matrix belong to the rows as the elements of a column do.
fn is_by_rows(matrix: Layout, column: Layout, columns: usize) -> bool {
    column.outer == 1 && matrix == Layout { outer: 1, inner: column.inner * columns }
}

/// Whether element `i` of a column and element `index[i]` of another always belong to one row.
fn stays_within_rows(index: &[u32], indexed: Layout, named: Layout, rows: usize) -> bool {
    index.iter().enumerate().all(|(i, &at)| indexed.parts(i, rows).0 == named.parts(at as usize, rows).0)
}

/// A tape being cut down.
struct Taking<'a> {
    program: &'a RowProgram,
    batch: &'a [u32],
    tape: Interner,
    scale: f64,
}

impl Taking<'_> {
    fn take(&mut self, id: ValueId, node: &Node, args: Vec<ValueId>) -> ValueId {
        let (rows, batch) = (self.program.rows, self.batch);
        let layout = self.program.layout(id);
        let of_operand = |k: usize| self.program.layout(node.args[k]);
        let length = layout.map_or(node.rows, |l| l.outer * l.inner * batch.len());
        let value = match (&node.op, layout) {
            (Op::Constant(data), Some(layout)) => {
                let taken: Vec<f64> = layout.taken(batch, rows).map(|(_, at)| data[at]).collect();
                self.tape.constant(taken)
            }
            (Op::Gather(index), Some(layout)) => {
                let local = |(row, at): (usize, usize)| match of_operand(0) {
                    None => index[at],
                    Some(from) => from.at(row, from.parts(index[at] as usize, rows).1, batch.len()) as u32,
                };
                let index = layout.taken(batch, rows).map(local).collect();
                self.tape.gather(args[0], index)
            }
            (Op::SegmentSum(index), _) => match of_operand(0) {
                None => self.tape.copy(&node.op, args, length),
                Some(from) => {
                    let local = |(row, at): (usize, usize)| match layout {
                        None => index[at],
                        Some(to) => to.at(row, to.parts(index[at] as usize, rows).1, batch.len()) as u32,
                    };
                    let index: Vec<u32> = from.taken(batch, rows).map(local).collect();
                    self.tape.segment_sum(args[0], &index.into(), length)
                }
            },
            (Op::Slice { start }, Some(_)) => {
                self.tape.copy(&Op::Slice { start: start / rows * batch.len() }, args, length)
            }
            _ => self.tape.copy(&node.op, args, length),
        };
        if self.program.sums_over_rows(id, node) {
            let scale = self.tape.number(self.scale);
            return self.tape.binary(Binary::Mul, scale, value);
        }
        value
    }
}
