//! Rotates rows: columns that are linear in what is known, and of which only inner products are taken, need no more
//! rows than there are known columns.
//!
//! A normal regression takes `r' r` and `X' r` of its residuals `r = y - X b`, nothing of a single row. With
//! `[X 1 y] = Q R`, `Q' Q = 1`, inner products of known columns are those of the columns of `R`, so that each known
//! column can stand for its column of `R`:
//!
//! ```text
//! X b, c * s, v + w                 ->  the same, of columns of R
//! v + s                             ->  v + R[1] * s               R[1]: the column of R for a column of ones
//! dot(v, w), sum(v * w), X' v       ->  the same
//! sum(v)                            ->  dot(v, R[1])
//! ```
//!
//! Five thousand rows with 25 predictors become 27. A decomposition by Householder reflections changes the columns by
//! no more than roundings (columns that depend on each other included), so nothing is squared and no digits are lost,
//! as they would be with `X' X`.
//!
//! # References
//! - Golub and Van Loan (2013), Matrix Computations, section 5.3: least squares by the QR decomposition.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chainfire_kernels::tape::{Binary, Op, Output, Tape, ValueId};
use faer::Mat;

use super::Interner;

/// Columns are rotated when they have this many times as many rows as there are known columns among them.
const SAVING: usize = 2;
/// Most known columns: beyond it the decomposition takes long, and rows of a sparse design are cheaper.
const MOST_COLUMNS: usize = 256;
/// Rows that are decomposed at a time.
const BLOCK: usize = 2048;

/// The tape with fewer rows.
pub fn rotate(tape: &Tape) -> Tape {
    let mut tape = tape.clone();
    let lengths: BTreeSet<usize> =
        tape.nodes.iter().map(|node| node.rows).filter(|&rows| rows > SAVING).collect();
    for rows in lengths {
        if let Some(rotation) = Rotation::of(&tape, rows) {
            tape = rotation.apply(&tape);
        }
    }
    tape
}

/// What of the columns of one length can be rotated.
struct Rotation {
    rows: usize,
    /// By value: whether it is a rotated column.
    is_rotated: Vec<bool>,
    /// By value: whether it is an inner product of rotated columns.
    is_inner: Vec<bool>,
    /// Columns of `R`, row after row, by known column or matrix; none for the column of ones.
    factors: HashMap<Option<ValueId>, Arc<[f64]>>,
    /// Rows of `R`.
    rank: usize,
}

impl Rotation {
    fn of(tape: &Tape, rows: usize) -> Option<Rotation> {
        let is_rotated = rotated(tape, rows);
        if !is_rotated.contains(&true) {
            return None;
        }
        let is_inner = inner_products(tape, rows, &is_rotated);
        let known = known_columns(tape, rows, &is_rotated, &is_inner);
        let rank = known.iter().map(|known| known.columns).sum();
        let is_finite = known.iter().flat_map(|known| known.data).all(|x| x.is_finite());
        if rank > MOST_COLUMNS || SAVING * rank > rows || !is_finite {
            return None;
        }
        let r = &triangle(&known, rows, rank);
        let mut taken = 0;
        let factors = known.iter().map(|known| {
            let columns = taken..taken + known.columns;
            taken = columns.end;
            let row = |i: usize| columns.clone().map(move |j| if i <= j { r[(i, j)] } else { 0.0 });
            (known.id, (0..rank).flat_map(row).collect())
        });
        let factors = factors.collect();
        Some(Rotation { rows, is_rotated, is_inner, factors, rank })
    }

    fn apply(&self, tape: &Tape) -> Tape {
        let mut out = Interner::new(tape.dim);
        // Known columns keep their rows here and get those of `R` where a rotated value asks for them.
        let mut renamed: Vec<ValueId> = Vec::with_capacity(tape.nodes.len());
        for (i, node) in tape.nodes.iter().enumerate() {
            let mut args: Vec<ValueId> = node.args.iter().map(|a| renamed[a.index()]).collect();
            if !self.is_rotated[i] && !self.is_inner[i] {
                renamed.push(out.copy(&node.op, args, node.rows));
                continue;
            }
            for (old, new) in node.args.iter().zip(&mut args) {
                if tape.constant(*old).is_some() && self.factors.contains_key(&Some(*old)) {
                    *new = self.factor(Some(*old), &mut out);
                }
            }
            renamed.push(match &node.op {
                Op::Sum => match product(tape, node.args[0], self.rows) {
                    // The product itself was rotated into nothing: its operands are asked for.
                    Some(operands) => {
                        let operands = operands.map(|a| match tape.constant(a) {
                            Some(_) => self.factor(Some(a), &mut out),
                            None => renamed[a.index()],
                        });
                        out.emit(Op::Dot, operands.to_vec(), 1)
                    }
                    None => {
                        let ones = self.factor(None, &mut out);
                        out.emit(Op::Dot, vec![args[0], ones], 1)
                    }
                },
                // Only its sum is taken, by the operands.
                Op::Binary(Binary::Mul) if node.args.iter().all(|&a| tape.node(a).rows == self.rows) => {
                    out.number(0.0)
                }
                Op::Binary(op) => {
                    let scalars = node.args.iter().map(|&a| tape.node(a).rows == 1);
                    if let (Binary::Add, Some(k)) = (op, scalars.clone().position(|is_scalar| is_scalar)) {
                        let ones = self.factor(None, &mut out);
                        args[k] = out.binary(Binary::Mul, ones, args[k]);
                    }
                    out.binary(*op, args[0], args[1])
                }
                op => out.emit(
                    op.clone(),
                    args,
                    if matches!(op, Op::MatVec { .. }) { self.rank } else { node.rows },
                ),
            });
        }
        let outputs = tape
            .outputs
            .iter()
            .map(|o| Output { offset: o.offset, value: renamed[o.value.index()] })
            .collect();
        out.finish(outputs, tape.output_rows)
    }

    /// The columns of `R` for a known column or matrix, or for the column of ones.
    fn factor(&self, id: Option<ValueId>, out: &mut Interner) -> ValueId {
        out.constant(self.factors[&id].clone())
    }
}

/// A known column, or the columns of a known matrix.
struct Known<'a> {
    /// The value that holds them; none for the column of ones.
    id: Option<ValueId>,
    columns: usize,
    /// Row after row; nothing for ones.
    data: &'a [f64],
}

impl Known<'_> {
    fn at(&self, row: usize, column: usize) -> f64 {
        if self.id.is_some() { self.data[row * self.columns + column] } else { 1.0 }
    }
}

/// The factor `R` of all columns together, by blocks of rows: `R` of `[R of the blocks before; block]`.
fn triangle(known: &[Known<'_>], rows: usize, rank: usize) -> Mat<f64> {
    let columns: Vec<(&Known<'_>, usize)> =
        known.iter().flat_map(|known| (0..known.columns).map(move |column| (known, column))).collect();
    let block = BLOCK.max(4 * rank);
    let mut r = Mat::zeros(rank, rank);
    for start in (0..rows).step_by(block) {
        let taken = block.min(rows - start);
        let stacked = Mat::from_fn(rank + taken, rank, |i, j| match i.checked_sub(rank) {
            Some(i) => columns[j].0.at(start + i, columns[j].1),
            None if i <= j => r[(i, j)],
            None => 0.0,
        });
        r = stacked.qr().R().to_owned();
    }
    r
}

/// The operands of a product of two columns.
fn product(tape: &Tape, id: ValueId, rows: usize) -> Option<[ValueId; 2]> {
    let node = tape.node(id);
    let is_product =
        node.op == Op::Binary(Binary::Mul) && node.args.iter().all(|&a| tape.node(a).rows == rows);
    is_product.then(|| [node.args[0], node.args[1]])
}

/// Whether a value is linear in known columns, with the rows of its operands.
fn is_linear(tape: &Tape, id: usize, rows: usize) -> bool {
    let node = &tape.nodes[id];
    let lengths = || node.args.iter().map(|&a| tape.node(a).rows);
    node.rows == rows
        && match node.op {
            Op::MatVec { .. } => tape.constant(node.args[0]).is_some(),
            Op::Binary(Binary::Add) => true,
            Op::Binary(Binary::Mul) => lengths().any(|length| length == 1),
            _ => false,
        }
}

/// By value: whether its rows can be rotated. Of a rotated column all operands are known or rotated, and all uses are
/// rotated columns or inner products.
fn rotated(tape: &Tape, rows: usize) -> Vec<bool> {
    let mut rotated: Vec<bool> = (0..tape.nodes.len()).map(|id| is_linear(tape, id, rows)).collect();
    loop {
        let before = rotated.clone();
        let inner = inner_products(tape, rows, &rotated);
        for (i, node) in tape.nodes.iter().enumerate() {
            let columns = node.args.iter().filter(|&&a| tape.node(a).rows == rows);
            if rotated[i] && columns.clone().any(|&a| tape.constant(a).is_none() && !rotated[a.index()]) {
                rotated[i] = false;
            }
            if !rotated[i] && !inner[i] {
                columns.for_each(|a| rotated[a.index()] = false);
            }
        }
        tape.outputs.iter().for_each(|output| rotated[output.value.index()] = false);
        if rotated == before {
            return rotated;
        }
    }
}

/// By value: whether it is an inner product of columns that are known or rotated, or a product of which only the sum
/// is taken.
fn inner_products(tape: &Tape, rows: usize, rotated: &[bool]) -> Vec<bool> {
    let is_column =
        |a: ValueId| tape.node(a).rows == rows && (rotated[a.index()] || tape.constant(a).is_some());
    let mut only_summed: Vec<bool> = (0..tape.nodes.len() as u32)
        .map(|id| {
            product(tape, ValueId(id), rows).is_some_and(|operands| operands.into_iter().all(is_column))
        })
        .collect();
    for node in tape.nodes.iter().filter(|node| node.op != Op::Sum) {
        node.args.iter().for_each(|a| only_summed[a.index()] = false);
    }
    tape.outputs.iter().for_each(|output| only_summed[output.value.index()] = false);
    let mut inner = only_summed.clone();
    for (i, node) in tape.nodes.iter().enumerate() {
        inner[i] |= match node.op {
            Op::Sum => {
                let a = node.args[0];
                rotated[a.index()] || only_summed[a.index()]
            }
            Op::Dot => node.args.iter().all(|&a| is_column(a)),
            Op::MatTVec { .. } => tape.constant(node.args[0]).is_some() && rotated[node.args[1].index()],
            _ => false,
        };
    }
    inner
}

/// The known columns that rotated values and inner products read, in the order of the values that hold them.
fn known_columns<'a>(tape: &'a Tape, rows: usize, is_rotated: &[bool], is_inner: &[bool]) -> Vec<Known<'a>> {
    let mut known = BTreeMap::new();
    let wanted = is_rotated.iter().zip(is_inner).map(|(rotated, inner)| *rotated || *inner);
    for (node, _) in tape.nodes.iter().zip(wanted).filter(|(_, wanted)| *wanted) {
        let needs_ones = match node.op {
            Op::Sum => product(tape, node.args[0], rows).is_none(),
            Op::Binary(Binary::Add) => node.args.iter().any(|&a| tape.node(a).rows == 1),
            _ => false,
        };
        if needs_ones {
            known.insert(None, Known { id: None, columns: 1, data: &[] });
        }
        for &arg in &node.args {
            let Some(data) = tape.constant(arg) else { continue };
            let is_matrix = matches!(node.op, Op::MatVec { .. } | Op::MatTVec { .. }) && arg == node.args[0];
            if is_matrix || data.len() == rows {
                known.insert(Some(arg), Known { id: Some(arg), columns: data.len() / rows, data });
            }
        }
    }
    known.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainfire_kernels::tape::{TapeBuilder, Unary, reference::evaluate};

    const ROWS: usize = BLOCK + 60;

    fn column(seed: usize) -> Vec<f64> {
        (0..ROWS).map(|i| ((i * 31 + seed * 17) % 23) as f64 / 7.0 - 1.0).collect()
    }

    /// Runs the passes around this one and compares every output row; gives the longest column that is left.
    fn longest_after(build: impl Fn(&mut TapeBuilder)) -> usize {
        let mut builder = TapeBuilder::new(4);
        build(&mut builder);
        let rows = builder.tape().outputs.iter().map(|o| builder.rows(o.value) + o.offset).max().unwrap_or(0);
        let before = super::super::algebra::simplify(&builder.finish(rows));
        let after = super::super::prune::prune(&rotate(&before));
        let position = [0.3, -0.7, 1.1, 0.4];
        for (a, b) in evaluate(&after, &position).iter().zip(evaluate(&before, &position)) {
            assert!((a - b).abs() <= 1e-13 * (1.0 + b.abs()), "{a} against {b}");
        }
        let computed = after.nodes.iter().filter(|node| !matches!(node.op, Op::Constant(_)));
        computed.map(|node| node.rows).max().unwrap_or(0)
    }

    /// Residuals of a regression with two columns in a matrix (the second twice the first when they depend), one
    /// apart, and an intercept.
    fn residuals(b: &mut TapeBuilder, depend: bool) -> (ValueId, ValueId, ValueId) {
        let (first, second) = (column(1), column(2));
        let second: Vec<f64> = if depend { first.iter().map(|x| 2.0 * x).collect() } else { second };
        let matrix: Vec<f64> = first.iter().zip(&second).flat_map(|(a, b)| [*a, *b]).collect();
        let (matrix, apart, y) = (b.constant(matrix), b.constant(column(3)), b.constant(column(4)));
        let (slopes, slope, intercept) = (b.input(0, 2), b.input(2, 1), b.input(3, 1));
        let mu = b.push(Op::MatVec { columns: 2 }, vec![matrix, slopes], ROWS);
        let part = b.binary(Binary::Mul, apart, slope);
        let mu = b.binary(Binary::Add, mu, part);
        let mu = b.binary(Binary::Add, mu, intercept);
        (b.binary(Binary::Sub, y, mu), matrix, apart)
    }

    fn regression(b: &mut TapeBuilder, depend: bool) {
        let (r, matrix, apart) = residuals(b, depend);
        let square = b.binary(Binary::Mul, r, r);
        let total = b.sum(square);
        let slopes = b.push(Op::MatTVec { columns: 2 }, vec![matrix, r], 2);
        let weighted = b.binary(Binary::Mul, apart, r);
        let slope = b.sum(weighted);
        let intercept = b.sum(r);
        b.output(0, total);
        b.output(1, slopes);
        b.output(3, slope);
        b.output(4, intercept);
    }

    #[test]
    fn a_regression_needs_no_more_rows_than_columns() {
        assert_eq!(longest_after(|b| regression(b, false)), 5);
    }

    #[test]
    fn predictors_may_depend_on_each_other() {
        assert_eq!(longest_after(|b| regression(b, true)), 5);
    }

    #[test]
    fn residuals_of_which_rows_are_needed_keep_them() {
        let kept = longest_after(|b| {
            regression(b, false);
            let (r, ..) = residuals(b, false);
            let other = b.unary(Unary::Exp, r);
            let total = b.sum(other);
            b.output(5, total);
        });
        assert_eq!(kept, ROWS);
    }
}
