//! Moves work from rows to groups: what is the same for all rows of a group is computed once a group.
//!
//! With `g` an index of rows by group, `v` values by group, `c` known columns, `s` values of one row, and `C` the group
//! values of a column that is constant within groups:
//!
//! ```text
//! f(v[g], c, s)             -> f(v, C, s)[g]              elementwise, c constant within groups
//! (v[g] + x) + c * s        -> (v + C * s)[g] + x
//! segment_sum(c * v[g])     -> segment_sum(c) * v         and sums of such terms
//! sum(c * v[g])             -> sum(segment_sum(c) * v)    and sums of such terms
//! sum(x), sum(c * x)        -> sum(S), sum(C * S)         where S = segment_sum(x) is computed anyway
//! ```
//!
//! A binomial or Poisson model of groups becomes its sufficient statistics; group-level predictors leave the loop over
//! rows.

use std::collections::HashMap;
use std::sync::Arc;

use chainfire_kernels::tape::{Binary, Op, Output, Tape, ValueId};

use super::Interner;

type Index = Arc<[u32]>;

/// How deep expressions are searched.
const DEPTH: usize = 8;

/// The tape with work moved from rows to groups.
pub fn by_group(tape: &Tape) -> Tape {
    let mut pass = Grouping { tape: Interner::new(tape.dim), segment_sums: HashMap::new() };
    let mut renamed: Vec<ValueId> = Vec::with_capacity(tape.nodes.len());
    // Which columns are summed by group anyway: told from the old tape, since sums may stand before that.
    let mut summed: HashMap<ValueId, (Index, usize)> = HashMap::new();
    for node in &tape.nodes {
        if let Op::SegmentSum(index) = &node.op {
            summed.insert(node.args[0], (index.clone(), node.rows));
        }
    }
    for (i, node) in tape.nodes.iter().enumerate() {
        let args: Vec<ValueId> = node.args.iter().map(|a| renamed[a.index()]).collect();
        let new = pass.rewrite(&node.op, args, node.rows);
        if let Some((index, groups)) = summed.get(&ValueId(i as u32)) {
            pass.segment_sums.insert(new, (index.clone(), *groups));
        }
        renamed.push(new);
    }
    let outputs =
        tape.outputs.iter().map(|o| Output { offset: o.offset, value: renamed[o.value.index()] }).collect();
    pass.tape.finish(outputs, tape.output_rows)
}

struct Grouping {
    tape: Interner,
    /// Columns of the new tape that are summed by group somewhere.
    segment_sums: HashMap<ValueId, (Index, usize)>,
}

impl Grouping {
    fn rewrite(&mut self, op: &Op, args: Vec<ValueId>, rows: usize) -> ValueId {
        let moved = match op {
            Op::Unary(_) | Op::Ternary(_) => self.lifted(op, &args, rows),
            Op::Binary(Binary::Add) => self
                .lifted(op, &args, rows)
                .or_else(|| self.absorbed(args[0], args[1], DEPTH))
                .or_else(|| self.absorbed(args[1], args[0], DEPTH)),
            Op::Binary(_) => self.lifted(op, &args, rows),
            Op::SegmentSum(index) => self.group_sums(args[0], index, rows, DEPTH),
            Op::Sum => self.total(args[0]),
            _ => None,
        };
        moved.unwrap_or_else(|| self.tape.copy(op, args, rows))
    }

    /// The index and source of a gather that repeats rows.
    fn gathered(&self, id: ValueId) -> Option<(Index, ValueId)> {
        let node = self.tape.node(id);
        let Op::Gather(index) = &node.op else { return None };
        let groups = self.tape.rows(node.args[0]);
        (1 < groups && 2 * groups <= node.rows).then(|| (index.clone(), node.args[0]))
    }

    /// The group values of a known column that is constant within groups.
    fn group_values(&mut self, id: ValueId, index: &Index, groups: usize) -> Option<ValueId> {
        let data = self.tape.data(id)?;
        if data.len() != index.len() {
            return None;
        }
        let mut values: Vec<Option<f64>> = vec![None; groups];
        for (&group, &x) in index.iter().zip(data.iter()) {
            let known = values[group as usize].get_or_insert(x);
            if known.to_bits() != x.to_bits() {
                return None;
            }
        }
        let values: Vec<f64> = values.into_iter().map(|x| x.unwrap_or(0.0)).collect();
        Some(self.tape.constant(values))
    }

    /// An elementwise operation on what groups know, done by group and gathered.
    fn lifted(&mut self, op: &Op, args: &[ValueId], rows: usize) -> Option<ValueId> {
        let (index, source) = args.iter().find_map(|&a| self.gathered(a))?;
        if rows != index.len() {
            return None;
        }
        let groups = self.tape.rows(source);
        let mut by_group = Vec::with_capacity(args.len());
        for &arg in args {
            by_group.push(match self.gathered(arg) {
                Some((other, source)) if other == index && self.tape.rows(source) == groups => source,
                _ if self.tape.rows(arg) == 1 => arg,
                _ => self.group_values(arg, &index, groups)?,
            });
        }
        let value = self.tape.emit(op.clone(), by_group, groups);
        Some(self.tape.gather(value, index.to_vec()))
    }

    /// A sum with a term that its gathered part can take in.
    fn absorbed(&mut self, sum: ValueId, term: ValueId, depth: usize) -> Option<ValueId> {
        if let Some((index, source)) = self.gathered(sum) {
            let groups = self.tape.rows(source);
            let term = self.group_term(term, &index, groups)?;
            let value = self.tape.binary(Binary::Add, source, term);
            return Some(self.tape.gather(value, index.to_vec()));
        }
        let node = self.tape.node(sum);
        if depth == 0 || node.op != Op::Binary(Binary::Add) {
            return None;
        }
        let (a, b) = (node.args[0], node.args[1]);
        if let Some(a) = self.absorbed(a, term, depth - 1) {
            return Some(self.tape.binary(Binary::Add, a, b));
        }
        let b = self.absorbed(b, term, depth - 1)?;
        Some(self.tape.binary(Binary::Add, a, b))
    }

    /// The group values of `c` or `c * s`.
    fn group_term(&mut self, id: ValueId, index: &Index, groups: usize) -> Option<ValueId> {
        if let Some(values) = self.group_values(id, index, groups) {
            return Some(values);
        }
        let (column, scale) = self.product(id)?;
        let (column, scale) = if self.tape.rows(scale) == 1 { (column, scale) } else { (scale, column) };
        if self.tape.rows(scale) != 1 {
            return None;
        }
        let values = self.group_values(column, index, groups)?;
        Some(self.tape.binary(Binary::Mul, values, scale))
    }

    fn product(&self, id: ValueId) -> Option<(ValueId, ValueId)> {
        let node = self.tape.node(id);
        (node.op == Op::Binary(Binary::Mul)).then(|| (node.args[0], node.args[1]))
    }

    /// Sums of a known column by group.
    fn known_sums(&mut self, data: &[f64], index: &Index, groups: usize) -> ValueId {
        let mut sums = vec![0.0; groups];
        index.iter().zip(data).for_each(|(&group, x)| sums[group as usize] += x);
        self.tape.constant(sums)
    }

    /// Sums by group of an expression that needs no loop over rows.
    fn group_sums(&mut self, id: ValueId, index: &Index, groups: usize, depth: usize) -> Option<ValueId> {
        if depth == 0 || 2 * groups > index.len() {
            return None;
        }
        if self.tape.rows(id) == 1 {
            let counts = self.known_sums(&vec![1.0; index.len()], index, groups);
            return Some(self.tape.binary(Binary::Mul, counts, id));
        }
        if let Some(data) = self.tape.data(id).cloned() {
            return Some(self.known_sums(&data, index, groups));
        }
        if let Some(source) = self.source_by(id, index) {
            let counts = self.known_sums(&vec![1.0; index.len()], index, groups);
            return Some(self.tape.binary(Binary::Mul, counts, source));
        }
        let node = self.tape.node(id);
        let (op, args) = (node.op.clone(), node.args.clone());
        match op {
            Op::Binary(Binary::Add) => {
                let a = self.group_sums(args[0], index, groups, depth - 1)?;
                let b = self.group_sums(args[1], index, groups, depth - 1)?;
                Some(self.tape.binary(Binary::Add, a, b))
            }
            Op::Binary(Binary::Mul) => {
                [(args[0], args[1]), (args[1], args[0])].into_iter().find_map(|(a, b)| {
                    if self.tape.rows(a) == 1 {
                        let sums = self.group_sums(b, index, groups, depth - 1)?;
                        return Some(self.tape.binary(Binary::Mul, sums, a));
                    }
                    let source = self.source_by(b, index)?;
                    let sums = self.group_sums(a, index, groups, depth - 1)?;
                    Some(self.tape.binary(Binary::Mul, sums, source))
                })
            }
            _ => None,
        }
    }

    /// What was gathered by this very index.
    fn source_by(&self, id: ValueId, index: &Index) -> Option<ValueId> {
        self.gathered(id).filter(|(other, _)| other == index).map(|(_, source)| source)
    }

    /// A sum over rows as a sum over groups.
    fn total(&mut self, id: ValueId) -> Option<ValueId> {
        if let Some((index, groups)) = self.index_in(id, DEPTH)
            && let Some(sums) = self.group_sums(id, &index, groups, DEPTH)
        {
            return Some(self.tape.emit(Op::Sum, vec![sums], 1));
        }
        if let Some(sums) = self.summed_anyway(id) {
            return Some(self.tape.emit(Op::Sum, vec![sums], 1));
        }
        let (a, b) = self.product(id)?;
        [(a, b), (b, a)].into_iter().find_map(|(column, x)| {
            let (index, groups) = self.segment_sums.get(&x)?.clone();
            let values = self.group_values(column, &index, groups)?;
            let sums = self.summed_anyway(x)?;
            let weighted = self.tape.binary(Binary::Mul, values, sums);
            Some(self.tape.emit(Op::Sum, vec![weighted], 1))
        })
    }

    /// The sums by group of a column for which they are computed somewhere.
    fn summed_anyway(&mut self, id: ValueId) -> Option<ValueId> {
        let (index, groups) = self.segment_sums.get(&id)?.clone();
        (2 * groups <= index.len()).then(|| self.tape.segment_sum(id, &index, groups))
    }

    /// The index of a gather inside an expression of sums and products.
    fn index_in(&self, id: ValueId, depth: usize) -> Option<(Index, usize)> {
        if let Some((index, source)) = self.gathered(id) {
            return Some((index, self.tape.rows(source)));
        }
        let node = self.tape.node(id);
        let searched = depth > 0 && matches!(node.op, Op::Binary(Binary::Add | Binary::Mul));
        searched.then(|| node.args.iter().find_map(|&a| self.index_in(a, depth - 1))).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainfire_kernels::tape::{TapeBuilder, Unary, reference::evaluate};

    const ROWS: usize = 40;
    const GROUPS: usize = 4;

    fn index() -> Vec<u32> {
        (0..ROWS).map(|i| (i * 7 % GROUPS) as u32).collect()
    }

    fn column(seed: usize) -> Vec<f64> {
        (0..ROWS).map(|i| ((i * 31 + seed * 17) % 23) as f64 / 7.0 - 1.0).collect()
    }

    /// Runs the pass and compares every output row; gives the rows of work before and after.
    fn work(build: impl Fn(&mut TapeBuilder, ValueId)) -> (usize, usize) {
        let mut builder = TapeBuilder::new(GROUPS + 2);
        let source = builder.input(0, GROUPS);
        build(&mut builder, source);
        let rows = builder.tape().outputs.iter().map(|o| builder.rows(o.value) + o.offset).max().unwrap_or(0);
        let before = builder.finish(rows);
        let after = super::super::prune::prune(&by_group(&before));
        let position = [0.3, -0.7, 1.1, 0.4, 0.9, -0.2];
        for (a, b) in evaluate(&after, &position).iter().zip(evaluate(&before, &position)) {
            assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{a} against {b}");
        }
        let rows = |tape: &Tape| {
            let loops = tape.nodes.iter().filter(|n| !matches!(n.op, Op::Constant(_) | Op::Input { .. }));
            loops.map(|n| n.args.iter().map(|a| tape.node(*a).rows).max().unwrap_or(0).max(n.rows)).sum()
        };
        (rows(&before), rows(&after))
    }

    #[test]
    fn a_grouped_binomial_becomes_its_sufficient_statistics() {
        let (before, after) = work(|b, source| {
            let eta = b.gather(source, index());
            let (y, n) = (b.constant(column(1)), b.constant(column(2)));
            let softplus = b.unary(Unary::Softplus, eta);
            let (first, second) = (b.binary(Binary::Mul, y, eta), b.binary(Binary::Mul, n, softplus));
            let minus = b.constant(vec![-1.0]);
            let second = b.binary(Binary::Mul, second, minus);
            let rows = b.binary(Binary::Add, first, second);
            let total = b.sum(rows);
            let sigmoid = b.unary(Unary::Sigmoid, eta);
            let slope = b.binary(Binary::Mul, n, sigmoid);
            let slope = b.segment_sum(slope, index(), GROUPS);
            b.output(0, total);
            b.output(1, slope);
        });
        assert!(before >= 9 * ROWS && after < ROWS, "{before} rows of work became {after}");
    }

    #[test]
    fn group_level_predictors_leave_the_loop_over_rows() {
        let (before, after) = work(|b, source| {
            let by_group: Vec<f64> = index().iter().map(|&g| f64::from(g) * 0.5 - 1.0).collect();
            let (slope, other) = (b.input(GROUPS, 1), b.input(GROUPS + 1, 1));
            let (u, x, y) = (b.constant(by_group), b.constant(column(1)), b.constant(column(2)));
            let alpha = b.gather(source, index());
            let (first, second) = (b.binary(Binary::Mul, x, other), b.binary(Binary::Mul, u, slope));
            let eta = b.binary(Binary::Add, alpha, first);
            let eta = b.binary(Binary::Add, eta, second);
            let residual = b.binary(Binary::Mul, eta, y);
            let sums = b.segment_sum(residual, index(), GROUPS);
            let total = b.sum(residual);
            let weighted = b.binary(Binary::Mul, u, residual);
            let weighted = b.sum(weighted);
            b.output(0, total);
            b.output(1, weighted);
            b.output(2, sums);
        });
        // Left over rows: gather, x * other, their sum, the residual and its sums by group.
        assert!(before >= 9 * ROWS && after < 6 * ROWS, "{before} rows of work became {after}");
    }
}
