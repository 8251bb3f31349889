//! Rewrites a tape so that few kinds of operations are left to plan.
//!
//! ```text
//! operation of shared operands         -> data
//! slice of data, input, slice          -> data, input, slice
//! sum, product, gather of one row      -> that row, product, slice
//! product with a matrix of one column  -> elementwise product
//! X v, X of few columns                -> x_1 v_1 + x_2 v_2 + ..., columns and scalars
//! X' v, X of few columns               -> (x_1 . v, x_2 . v, ...)
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::ir::{Output, Tape};
use super::super::ops::{Binary, Op, Ternary};
use super::super::reference::fold;

/// Products with matrices of up to this many columns are written out column by column.
const FEW_COLUMNS: usize = 16;

/// An operation whose operands are entries.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub op: Op,
    pub args: Vec<usize>,
    pub rows: usize,
}

/// The entries of a tape and, for every output, the entry written there.
pub(super) fn simplify(tape: &Tape) -> (Vec<Entry>, Vec<(usize, usize)>) {
    let mut rewriter = Rewriter { entries: Vec::new(), known: BTreeMap::new() };
    let mut place = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let args: Vec<usize> = node.args.iter().map(|a| place[a.index()]).collect();
        place.push(rewriter.rewrite(&node.op, args, node.rows));
    }
    let outputs = tape.outputs.iter().map(|&Output { offset, value }| (offset, place[value.index()]));
    let outputs = outputs.collect();
    (rewriter.entries, outputs)
}

struct Rewriter {
    entries: Vec<Entry>,
    /// Slices of one row, by operand and row, so that none is read twice.
    known: BTreeMap<(usize, usize), usize>,
}

impl Rewriter {
    fn push(&mut self, op: Op, args: Vec<usize>, rows: usize) -> usize {
        self.entries.push(Entry { op, args, rows });
        self.entries.len() - 1
    }

    fn data(&self, a: usize) -> Option<&Arc<[f64]>> {
        if let Op::Constant(data) = &self.entries[a].op { Some(data) } else { None }
    }

    fn constant(&mut self, data: Vec<f64>) -> usize {
        let rows = data.len();
        self.push(Op::Constant(data.into()), vec![], rows)
    }

    fn rewrite(&mut self, op: &Op, args: Vec<usize>, rows: usize) -> usize {
        if !args.is_empty() {
            let data: Option<Vec<&[f64]>> =
                args.iter().map(|&a| self.data(a).map(|data| &data[..])).collect();
            if let Some(data) = data {
                let folded = fold(op, &data, rows);
                return self.constant(folded);
            }
        }
        let operand_rows = |k: usize| self.entries[args[k]].rows;
        match op {
            Op::Slice { start } => self.slice(args[0], *start, rows),
            Op::Sum if operand_rows(0) == 1 => args[0],
            Op::Dot if operand_rows(0) == 1 => self.push(Op::Binary(Binary::Mul), args, 1),
            Op::Gather(index) if rows == 1 => self.slice(args[0], index[0] as usize, 1),
            Op::SegmentSum(_) if rows == 1 => self.rewrite(&Op::Sum, args, 1),
            Op::SegmentSum(index) if operand_rows(0) == 1 => {
                let is_named = self.constant((0..rows).map(|g| f64::from(g == index[0] as usize)).collect());
                let zero = self.constant(vec![0.0]);
                self.push(Op::Ternary(Ternary::Select), vec![is_named, args[0], zero], rows)
            }
            Op::Concat if args.len() == 1 => args[0],
            Op::MatVec { columns } => match self.data(args[0]).cloned() {
                Some(matrix) if *columns <= FEW_COLUMNS => self.written_out(&matrix, *columns, args[1], rows),
                Some(_) if rows == 1 => self.push(Op::Dot, args, 1),
                _ => self.push(op.clone(), args, rows),
            },
            Op::MatTVec { columns } => match self.data(args[0]).cloned() {
                Some(_) if operand_rows(1) == 1 => self.push(Op::Binary(Binary::Mul), args, rows),
                Some(matrix) if *columns <= FEW_COLUMNS => {
                    let totals: Vec<usize> = (0..*columns)
                        .map(|j| {
                            let column = self.column(&matrix, *columns, j);
                            self.push(Op::Dot, vec![column, args[1]], 1)
                        })
                        .collect();
                    self.rewrite(&Op::Concat, totals, rows)
                }
                _ => self.push(op.clone(), args, rows),
            },
            _ => self.push(op.clone(), args, rows),
        }
    }

    fn slice(&mut self, base: usize, start: usize, rows: usize) -> usize {
        let entry = self.entries[base].clone();
        if entry.rows == rows {
            return base;
        }
        if let (1, Some(&known)) = (rows, self.known.get(&(base, start))) {
            return known;
        }
        let sliced = match &entry.op {
            Op::Input { offset } => self.push(Op::Input { offset: offset + start }, vec![], rows),
            Op::Slice { start: outer } => self.slice(entry.args[0], outer + start, rows),
            Op::Constant(data) => self.constant(data[start..start + rows].to_vec()),
            Op::Concat => self.slice_of_concat(&entry, base, start, rows),
            _ => self.push(Op::Slice { start }, vec![base], rows),
        };
        if rows == 1 {
            self.known.insert((base, start), sliced);
        }
        sliced
    }

    /// A slice within one piece of a concatenation is a slice of that piece.
    fn slice_of_concat(&mut self, concat: &Entry, base: usize, start: usize, rows: usize) -> usize {
        let mut first = 0;
        for &piece in &concat.args {
            let count = self.entries[piece].rows;
            if first <= start && start + rows <= first + count {
                return self.slice(piece, start - first, rows);
            }
            first += count;
        }
        self.push(Op::Slice { start }, vec![base], rows)
    }

    fn column(&mut self, matrix: &[f64], columns: usize, j: usize) -> usize {
        self.constant(matrix.chunks_exact(columns).map(|row| row[j]).collect())
    }

    fn written_out(&mut self, matrix: &[f64], columns: usize, vector: usize, rows: usize) -> usize {
        let mut sum = None;
        for j in 0..columns {
            let column = self.column(matrix, columns, j);
            let scale = self.slice(vector, j, 1);
            sum = Some(match sum {
                None => self.push(Op::Binary(Binary::Mul), vec![column, scale], rows),
                Some(sum) => self.push(Op::Ternary(Ternary::MulAdd), vec![column, scale, sum], rows),
            });
        }
        sum.unwrap_or_else(|| self.constant(vec![0.0; rows]))
    }
}
