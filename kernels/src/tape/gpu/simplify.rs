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

use super::super::factor::Factor;
use super::super::ir::{Output, Tape};
use super::super::ops::{Binary, Op, Ternary, Unary};
use super::super::reference::fold;
use super::plan::Tiling;

/// Products with matrices of up to this many columns are written out column by column.
const FEW_COLUMNS: usize = 16;

/// The most rows that one unit adds for one group.
const LONGEST_SEGMENT: usize = 64;

/// An operation whose operands are entries.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub op: Op,
    pub args: Vec<usize>,
    pub rows: usize,
}

/// The entries of a tape and, for every output, the entry written there.
pub(super) fn simplify(tape: &Tape, tiling: &Tiling) -> (Vec<Entry>, Vec<(usize, usize)>) {
    let mut rewriter =
        Rewriter { entries: Vec::new(), known: BTreeMap::new(), known_blocks: BTreeMap::new(), tiling };
    let mut place = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let args: Vec<usize> = node.args.iter().map(|a| place[a.index()]).collect();
        place.push(rewriter.rewrite(&node.op, args, node.rows));
    }
    let outputs = tape.outputs.iter().map(|&Output { offset, value }| (offset, place[value.index()]));
    let outputs = outputs.collect();
    (rewriter.entries, outputs)
}

struct Rewriter<'a> {
    entries: Vec<Entry>,
    /// Slices of one row, by operand and row, so that none is read twice.
    known: BTreeMap<(usize, usize), usize>,
    /// Blocks of matrices, by matrix and first column.
    known_blocks: BTreeMap<(usize, usize), usize>,
    tiling: &'a Tiling,
}

impl Rewriter<'_> {
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
            Op::SegmentSum(index) => {
                let Some((chunk_of_row, group_of_chunk)) = chunks(index, rows) else {
                    return self.push(op.clone(), args, rows);
                };
                let chunks = group_of_chunk.len();
                let sums = self.push(Op::SegmentSum(chunk_of_row.into()), args, chunks);
                self.rewrite(&Op::SegmentSum(group_of_chunk.into()), vec![sums], rows)
            }
            Op::Concat if args.len() == 1 => args[0],
            Op::MatVec { columns } => match self.data(args[0]).cloned() {
                Some(matrix) if self.is_written_out(rows, *columns) => {
                    self.written_out(&matrix, *columns, args[1], rows)
                }
                Some(_) if rows == 1 => self.push(Op::Dot, args, 1),
                Some(matrix) if self.tiling.block(rows, *columns).is_some() => {
                    let blocks = self.blocks(args[0], &matrix, *columns, rows);
                    let mut sum = None;
                    for (first, block, count) in blocks {
                        let v = self.slice(args[1], first, count);
                        let product = self.push(Op::MatVec { columns: count }, vec![block, v], rows);
                        sum = Some(match sum {
                            None => product,
                            Some(sum) => self.push(Op::Binary(Binary::Add), vec![sum, product], rows),
                        });
                    }
                    sum.unwrap_or_else(|| self.constant(vec![0.0; rows]))
                }
                _ => self.push(op.clone(), args, rows),
            },
            Op::MatTVec { columns } => match self.data(args[0]).cloned() {
                Some(_) if operand_rows(1) == 1 => self.push(Op::Binary(Binary::Mul), args, rows),
                Some(matrix) if self.is_written_out(operand_rows(1), *columns) => {
                    let totals: Vec<usize> = (0..*columns)
                        .map(|j| {
                            let column = self.column(&matrix, *columns, j);
                            self.push(Op::Dot, vec![column, args[1]], 1)
                        })
                        .collect();
                    self.rewrite(&Op::Concat, totals, rows)
                }
                Some(matrix) if self.tiling.block(operand_rows(1), *columns).is_some() => {
                    let blocks = self.blocks(args[0], &matrix, *columns, operand_rows(1));
                    let product = |(_, block, count)| {
                        self.push(Op::MatTVec { columns: count }, vec![block, args[1]], count)
                    };
                    let products = blocks.into_iter().map(product).collect();
                    self.rewrite(&Op::Concat, products, rows)
                }
                _ => self.push(op.clone(), args, rows),
            },
            // Matrices of one number.
            Op::Factor(Factor::Cholesky) if operand_rows(0) == 1 => {
                let (zero, nan) = (self.constant(vec![0.0]), self.constant(vec![f64::NAN]));
                let is_positive = self.push(Op::Binary(Binary::Greater), vec![args[0], zero], 1);
                let root = self.push(Op::Unary(Unary::Sqrt), args, 1);
                self.push(Op::Ternary(Ternary::Select), vec![is_positive, root, nan], 1)
            }
            Op::Factor(factor) if operand_rows(0) == 1 => {
                let quotient = self.push(Op::Binary(Binary::Div), vec![args[1], args[0]], rows);
                let half = self.constant(vec![0.5]);
                match factor {
                    Factor::CholeskyPullback => self.push(Op::Binary(Binary::Mul), vec![quotient, half], 1),
                    _ => quotient,
                }
            }
            _ => self.push(op.clone(), args, rows),
        }
    }

    /// The blocks of columns of a matrix: first column, entry and number of columns of each.
    fn blocks(
        &mut self,
        i: usize,
        matrix: &[f64],
        columns: usize,
        rows: usize,
    ) -> Vec<(usize, usize, usize)> {
        let width = self.tiling.block(rows, columns).unwrap_or(columns);
        let mut blocks = Vec::new();
        for first in (0..columns).step_by(width) {
            let count = width.min(columns - first);
            let block = match self.known_blocks.get(&(i, first)) {
                Some(&block) => block,
                None => {
                    let rows = matrix.chunks_exact(columns);
                    self.constant(rows.flat_map(|row| &row[first..first + count]).copied().collect())
                }
            };
            self.known_blocks.insert((i, first), block);
            blocks.push((first, block, count));
        }
        blocks
    }

    /// Whether products with a matrix of these sizes are written out column by column.
    fn is_written_out(&self, rows: usize, columns: usize) -> bool {
        columns <= FEW_COLUMNS && self.tiling.rows(rows, columns).is_none()
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

/// Cuts groups of more than [`LONGEST_SEGMENT`] rows into chunks: the chunk of every row and the group of every
/// chunk; nothing when no group is that long.
///
/// The rows of a group are dealt to its chunks in turn, so that neighbouring units read neighbouring rows.
fn chunks(index: &[u32], groups: usize) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut sizes = vec![0usize; groups];
    index.iter().for_each(|&group| sizes[group as usize] += 1);
    if sizes.iter().all(|&size| size <= LONGEST_SEGMENT) {
        return None;
    }
    let counts: Vec<usize> = sizes.iter().map(|size| size.div_ceil(LONGEST_SEGMENT)).collect();
    let group_of_chunk: Vec<u32> =
        (0..).zip(&counts).flat_map(|(group, &count)| std::iter::repeat_n(group, count)).collect();
    let first: Vec<usize> = counts
        .iter()
        .scan(0, |next, &count| {
            *next += count;
            Some(*next - count)
        })
        .collect();
    let mut seen = vec![0usize; groups];
    let chunk_of_row = index.iter().map(|&group| {
        let group = group as usize;
        seen[group] += 1;
        (first[group] + (seen[group] - 1) % counts[group]) as u32
    });
    Some((chunk_of_row.collect(), group_of_chunk))
}
