//! Algebra: what burn's backward leaves behind, and row-invariant factors moved out of row loops.
//!
//! With `v`, `w` columns and `s`, `t` values of one row:
//!
//! ```text
//! -v -> v * -1        a - b -> a + b * -1        v / s -> v * recip(s)
//! (v * s) * (w * t) -> (v * w) * (s * t)         (v * s) + (v * t) -> v * (s + t)
//! (v * s) + ((v * t) + w) -> v * (s + t) + w     exp(x) > 0 -> 1, select(1, v, w) -> v
//! sum(v * s) -> s * sum(v)                       sum(v + s) -> sum(v) + n * s
//! sum(v + constant) -> sum(v) + sum(constant)    sum(gather(v)) -> dot(v, counts)
//! segment_sum(v * s) -> segment_sum(v) * s       matrix' (v * s) -> (matrix' v) * s
//! (v + s) + t -> v + (s + t)                     log(exp(x)) -> x
//! c * (d * v) -> (c * d) * v  for known c, d
//! log(sigmoid(x)) -> -softplus(-x)               log1p(-sigmoid(x)) -> -softplus(x)
//! log1p(exp(x)) -> softplus(x)
//! 1 - sigmoid(x) -> sigmoid(-x), which keeps its digits where sigmoid(x) rounds to 1
//! 1 - (1 - v) -> v    log1p(-(1 - v)) -> log(v), which keep those of a small v
//! v + 0 -> v    v * 1 -> v    v * 0 -> 0         recip(exp(x)) -> exp(-x)
//! exp(x) >= 0 -> 1            sigmoid(x) <= 1 -> 1
//! c * f(select(m, d, p)) -> c * f(p),   select(m, 0, c * p) -> c * p
//!                                                for known c that is 0 where m is set, p positive and finite
//! select(m, 0, v) * w -> select(m, 0, v * w)     for w that may be infinite where the branch is not taken; v / w too
//! c * w -> c * select(c, w, 0)                   for known c that are zero where w may be infinite
//! ```
//!
//! Sums are split only where one side is known or has one row, and the sum is all that needs the column: splitting
//! others could cancel digits and would cost a pass.

use chainfire_kernels::tape::{Binary, Op, Output, Tape, Ternary, Unary, ValueId};

use super::Interner;

/// How deep expressions are searched for infinite numbers.
const DEPTH: usize = 8;

/// The tape rewritten by the rules above, once over.
pub fn simplify(tape: &Tape) -> Tape {
    let mut out = Algebra { tape: Interner::new(tape.dim) };
    let mut uses = vec![0usize; tape.nodes.len()];
    for arg in tape.nodes.iter().flat_map(|n| &n.args).chain(tape.outputs.iter().map(|o| &o.value)) {
        uses[arg.index()] += 1;
    }
    let mut renamed: Vec<ValueId> = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let args: Vec<ValueId> = node.args.iter().map(|a| renamed[a.index()]).collect();
        let new = match node.op {
            // A column that is needed anyway is summed as it is.
            Op::Sum => out.sum(args[0], uses[node.args[0].index()] == 1),
            _ => out.rewrite(&node.op, args, node.rows),
        };
        renamed.push(new);
    }
    let outputs =
        tape.outputs.iter().map(|o| Output { offset: o.offset, value: renamed[o.value.index()] }).collect();
    out.tape.finish(outputs, tape.output_rows)
}

struct Algebra {
    tape: Interner,
}

impl Algebra {
    fn rewrite(&mut self, op: &Op, args: Vec<ValueId>, rows: usize) -> ValueId {
        match op {
            Op::Unary(Unary::Neg) => {
                let minus = self.tape.number(-1.0);
                self.mul(args[0], minus)
            }
            Op::Unary(Unary::Log) if self.is_unary(args[0], Unary::Exp) => self.tape.node(args[0]).args[0],
            Op::Unary(Unary::Log) if self.is_unary(args[0], Unary::Sigmoid) => {
                let minus = self.tape.number(-1.0);
                let opposite = self.mul(self.tape.node(args[0]).args[0], minus);
                let softplus = self.tape.unary(Unary::Softplus, opposite);
                self.mul(softplus, minus)
            }
            Op::Unary(Unary::Log1p) if self.is_unary(args[0], Unary::Exp) => {
                self.tape.unary(Unary::Softplus, self.tape.node(args[0]).args[0])
            }
            Op::Unary(Unary::Log1p) => match self.split(args[0]) {
                (core, Some(scale)) if self.is_unary(core, Unary::Sigmoid) && self.is_number(scale, -1.0) => {
                    let softplus = self.tape.unary(Unary::Softplus, self.tape.node(core).args[0]);
                    self.mul(softplus, scale)
                }
                (core, Some(scale)) if self.is_number(scale, -1.0) => match self.complement(core) {
                    Some(rest) => self.rewrite(&Op::Unary(Unary::Log), vec![rest], rows),
                    None => self.tape.copy(op, args, rows),
                },
                _ => self.tape.copy(op, args, rows),
            },
            Op::Unary(Unary::Recip) => self.recip(args[0]),
            Op::Binary(Binary::Add) => self.add(args[0], args[1]),
            Op::Binary(Binary::Sub) => {
                let minus = self.tape.number(-1.0);
                let negated = self.mul(args[1], minus);
                self.add(args[0], negated)
            }
            Op::Binary(Binary::Mul) => self.mul(args[0], args[1]),
            Op::Binary(Binary::Div) if self.tape.rows(args[1]) == 1 || self.tape.data(args[1]).is_some() => {
                let reciprocal = self.recip(args[1]);
                self.mul(args[0], reciprocal)
            }
            Op::Binary(Binary::Div) => match self.sunk(Binary::Div, args[0], args[1], rows) {
                Some(quotient) => quotient,
                None => self.tape.copy(op, args, rows),
            },
            Op::Binary(Binary::Greater | Binary::GreaterEqual)
                if self.is_number(args[1], 0.0) && self.is_positive(args[0]) =>
            {
                self.tape.constant(vec![1.0; rows])
            }
            Op::Binary(Binary::LowerEqual)
                if self.is_number(args[1], 1.0) && self.is_unary(args[0], Unary::Sigmoid) =>
            {
                self.tape.constant(vec![1.0; rows])
            }
            Op::Ternary(Ternary::Select)
                if self.is_number(args[1], 0.0) && self.is_masked(args[2], args[0]) =>
            {
                args[2]
            }
            Op::Ternary(Ternary::Select) => match self.tape.uniform(args[0]) {
                Some(condition) => {
                    let taken = if condition != 0.0 { args[1] } else { args[2] };
                    if self.tape.rows(taken) == rows { taken } else { self.tape.copy(op, args, rows) }
                }
                None => self.tape.copy(op, args, rows),
            },
            Op::SegmentSum(index) => {
                let (core, scale) = self.split(args[0]);
                let sums = self.tape.segment_sum(core, index, rows);
                self.scaled(sums, scale)
            }
            Op::MatTVec { .. } | Op::MatVec { .. } => {
                let (core, scale) = self.split(args[1]);
                if self.tape.rows(core) == self.tape.rows(args[1]) {
                    let product = self.tape.emit(op.clone(), vec![args[0], core], rows);
                    self.scaled(product, scale)
                } else {
                    self.tape.copy(op, args, rows)
                }
            }
            _ => self.tape.copy(op, args, rows),
        }
    }

    fn is_unary(&self, id: ValueId, op: Unary) -> bool {
        self.tape.node(id).op == Op::Unary(op)
    }

    /// Whether a value cannot be zero or less (but for underflow, where densities are zero anyway).
    fn is_positive(&self, id: ValueId) -> bool {
        let node = self.tape.node(id);
        match &node.op {
            Op::Constant(data) => data.iter().all(|&x| x > 0.0),
            Op::Unary(Unary::Exp | Unary::Sigmoid | Unary::Softplus) => true,
            Op::Unary(Unary::Sqrt | Unary::Recip) | Op::Gather(_) | Op::Slice { .. } | Op::Sum => {
                self.is_positive(node.args[0])
            }
            Op::Binary(Binary::Add | Binary::Mul | Binary::Div) | Op::Concat => {
                node.args.iter().all(|&a| self.is_positive(a))
            }
            _ => false,
        }
    }

    /// Whether a product has a known factor that is zero wherever the known `mask` is set, and others that are finite.
    fn is_masked(&self, id: ValueId, mask: ValueId) -> bool {
        let node = self.tape.node(id);
        node.op == Op::Binary(Binary::Mul)
            && [(0, 1), (1, 0)].into_iter().any(|(factor, other)| {
                let (factor, other) = (node.args[factor], node.args[other]);
                self.vanishes(factor, mask) && self.is_positive(other) && self.is_finite(other, DEPTH)
            })
    }

    /// Whether a known factor is zero wherever the known `mask` is set.
    fn vanishes(&self, factor: ValueId, mask: ValueId) -> bool {
        match (self.tape.data(factor), self.tape.data(mask)) {
            (Some(factor), Some(mask)) if factor.len() == mask.len() => {
                factor.iter().zip(&mask[..]).all(|(&x, &m)| m == 0.0 || x == 0.0)
            }
            _ => false,
        }
    }

    /// Whether no known number that a value is made of is infinite or NaN, as far as is looked.
    fn is_finite(&self, id: ValueId, depth: usize) -> bool {
        let node = self.tape.node(id);
        match &node.op {
            Op::Constant(data) => data.iter().all(|x| x.is_finite()),
            _ => depth == 0 || node.args.iter().all(|&a| self.is_finite(a, depth - 1)),
        }
    }

    /// The value without the masks that matter only where `factor`, by which it is multiplied, is zero.
    fn without_mask(&mut self, id: ValueId, factor: ValueId) -> Option<ValueId> {
        let node = self.tape.node(id).clone();
        match node.op {
            Op::Ternary(Ternary::Select) => {
                let (mask, value) = (node.args[0], node.args[2]);
                let is_free = self.vanishes(factor, mask)
                    && self.tape.rows(value) == node.rows
                    && self.is_positive(value)
                    && self.is_finite(value, DEPTH);
                is_free.then_some(value)
            }
            Op::Unary(Unary::Log | Unary::Log1p | Unary::Recip) => {
                let inner = self.without_mask(node.args[0], factor)?;
                Some(self.rewrite(&node.op, vec![inner], node.rows))
            }
            Op::Binary(Binary::Add | Binary::Mul) => {
                let (known, other) = match (self.tape.uniform(node.args[0]), self.tape.uniform(node.args[1]))
                {
                    (Some(_), None) => (node.args[0], node.args[1]),
                    (None, Some(_)) => (node.args[1], node.args[0]),
                    _ => return None,
                };
                let inner = self.without_mask(other, factor)?;
                Some(self.rewrite(&node.op, vec![inner, known], node.rows))
            }
            _ => None,
        }
    }

    fn is_number(&self, id: ValueId, x: f64) -> bool {
        self.tape.uniform(id) == Some(x)
    }

    /// `value = column * scale` with a scale of one row, when the value is such a product.
    fn split(&self, id: ValueId) -> (ValueId, Option<ValueId>) {
        let node = self.tape.node(id);
        if node.op != Op::Binary(Binary::Mul) {
            return (id, None);
        }
        let (a, b) = (node.args[0], node.args[1]);
        match (self.tape.rows(a) == 1, self.tape.rows(b) == 1) {
            (true, false) => (b, Some(a)),
            (false, true) => (a, Some(b)),
            // Of two numbers of one row the known one is the scale.
            (true, true) if self.tape.data(a).is_some() => (b, Some(a)),
            (true, true) if self.tape.data(b).is_some() => (a, Some(b)),
            _ => (id, None),
        }
    }

    fn scaled(&mut self, id: ValueId, scale: Option<ValueId>) -> ValueId {
        scale.map_or(id, |s| self.mul(id, s))
    }

    fn recip(&mut self, id: ValueId) -> ValueId {
        match self.tape.node(id).op {
            Op::Unary(Unary::Recip) => self.tape.node(id).args[0],
            Op::Unary(Unary::Exp) => {
                let minus = self.tape.number(-1.0);
                let exponent = self.tape.node(id).args[0];
                let negated = self.mul(exponent, minus);
                self.tape.unary(Unary::Exp, negated)
            }
            _ => self.tape.unary(Unary::Recip, id),
        }
    }

    fn mul(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let rows = self.tape.rows(a).max(self.tape.rows(b));
        for (x, y) in [(a, b), (b, a)] {
            if self.is_number(x, 1.0) && self.tape.rows(y) == rows {
                return y;
            }
            if self.is_number(x, 0.0) {
                return self.tape.constant(vec![0.0; rows]);
            }
        }
        for (x, y) in [(a, b), (b, a)] {
            if self.tape.data(x).is_some()
                && let Some(y) = self.without_mask(y, x)
            {
                return self.mul(x, y);
            }
        }
        for (known, factor) in [(a, b), (b, a)] {
            if let Some(factor) = self.where_it_counts(known, factor) {
                return self.mul(known, factor);
            }
        }
        for (chosen, factor) in [(a, b), (b, a)] {
            if let Some(product) = self.sunk(Binary::Mul, chosen, factor, rows) {
                return product;
            }
        }
        let ((core_a, scale_a), (core_b, scale_b)) = (self.split(a), self.split(b));
        let scale = match (scale_a, scale_b) {
            (Some(s), Some(t)) => Some(self.mul(s, t)),
            (s, t) => s.or(t),
        };
        let plain = |this: &mut Self, x: ValueId, y: ValueId| {
            let (x, y) = this.known_together(x, y);
            this.tape.binary(Binary::Mul, x, y)
        };
        let Some(scale) = scale else { return plain(self, a, b) };
        // Gather everything of one row into the scale.
        match (self.tape.rows(core_a), self.tape.rows(core_b)) {
            (1, m) if m > 1 => {
                let scale = self.mul(scale, core_a);
                plain(self, core_b, scale)
            }
            (n, 1) if n > 1 => {
                let scale = self.mul(scale, core_b);
                plain(self, core_a, scale)
            }
            _ if self.merges(core_b, scale) => {
                let scale = self.mul(scale, core_b);
                self.rescaled(core_a, scale)
            }
            _ if self.merges(core_a, scale) => {
                let scale = self.mul(scale, core_a);
                self.rescaled(core_b, scale)
            }
            _ => {
                let core = plain(self, core_a, core_b);
                self.rescaled(core, scale)
            }
        }
    }

    /// The product (or quotient) of a choice that has a branch of zeros with a factor, of the other branch alone.
    ///
    /// So the derivative of a branch that is not taken is zero also where that branch has none.
    fn sunk(&mut self, op: Binary, chosen: ValueId, factor: ValueId, rows: usize) -> Option<ValueId> {
        let node = self.tape.node(chosen).clone();
        let is_chosen = node.op == Op::Ternary(Ternary::Select) && node.rows == rows;
        if !is_chosen || !(op == Binary::Div || self.may_be_infinite(factor, DEPTH)) {
            return None;
        }
        let zero = (1..3).find(|&branch| self.is_number(node.args[branch], 0.0))?;
        let mut branches = [node.args[1], node.args[2]];
        let taken = &mut branches[2 - zero];
        *taken =
            if op == Binary::Mul { self.mul(*taken, factor) } else { self.tape.binary(op, *taken, factor) };
        Some(self.tape.emit(node.op, vec![node.args[0], branches[0], branches[1]], rows))
    }

    /// A factor that may be infinite, with zeros where the known numbers that it is multiplied with are zero.
    fn where_it_counts(&mut self, known: ValueId, factor: ValueId) -> Option<ValueId> {
        let rows = self.tape.rows(factor);
        let counts = self.tape.data(known).filter(|data| data.len() == rows && data.contains(&0.0))?;
        let counts: Vec<f64> = counts.iter().map(|&x| f64::from(x != 0.0)).collect();
        if !self.may_be_infinite(factor, DEPTH) {
            return None;
        }
        let (counts, zero) = (self.tape.constant(counts), self.tape.constant(vec![0.0; rows]));
        Some(self.tape.emit(Op::Ternary(Ternary::Select), vec![counts, factor, zero], rows))
    }

    /// Whether a value can be infinite for finite parameters, as far as is looked.
    fn may_be_infinite(&self, id: ValueId, depth: usize) -> bool {
        let node = self.tape.node(id);
        let within = || depth > 0 && node.args.iter().any(|&a| self.may_be_infinite(a, depth - 1));
        match &node.op {
            Op::Unary(Unary::Recip | Unary::Log) => {
                !self.is_positive(node.args[0]) || !self.is_finite(node.args[0], DEPTH)
            }
            Op::Binary(Binary::Div) => !self.is_positive(node.args[1]) || !self.is_finite(id, DEPTH),
            Op::Unary(Unary::Log1p) | Op::Binary(Binary::Pow) => true,
            Op::Unary(Unary::Neg) | Op::Binary(Binary::Add | Binary::Sub | Binary::Mul) => within(),
            _ => false,
        }
    }

    /// `c * (d * v)` as `(c * d) * v` where `c` and `d` are known columns.
    fn known_together(&mut self, a: ValueId, b: ValueId) -> (ValueId, ValueId) {
        for (known, product) in [(a, b), (b, a)] {
            let node = self.tape.node(product);
            if self.tape.data(known).is_none() || node.op != Op::Binary(Binary::Mul) {
                continue;
            }
            let (x, y) = (node.args[0], node.args[1]);
            for (other, rest) in [(x, y), (y, x)] {
                if self.tape.data(other).is_some() && self.tape.rows(other) == self.tape.rows(known) {
                    return (self.tape.binary(Binary::Mul, known, other), rest);
                }
            }
        }
        (a, b)
    }

    /// Whether a known factor belongs to the scale: a number does, a column only when the scale is known too.
    fn merges(&self, factor: ValueId, scale: ValueId) -> bool {
        self.tape.data(factor).is_some() && (self.tape.rows(factor) == 1 || self.tape.data(scale).is_some())
    }

    /// A product of which nothing more can be merged.
    fn rescaled(&mut self, core: ValueId, scale: ValueId) -> ValueId {
        if self.is_number(scale, 1.0) { core } else { self.tape.binary(Binary::Mul, core, scale) }
    }

    fn add(&mut self, a: ValueId, b: ValueId) -> ValueId {
        for (one, other) in [(a, b), (b, a)] {
            if let (core, Some(scale)) = self.split(other)
                && self.is_number(one, 1.0)
                && self.is_unary(core, Unary::Sigmoid)
                && self.is_number(scale, -1.0)
            {
                let opposite = self.mul(self.tape.node(core).args[0], scale);
                return self.tape.unary(Unary::Sigmoid, opposite);
            }
            if self.is_number(one, 1.0)
                && let (core, Some(scale)) = self.split(other)
                && self.is_number(scale, -1.0)
                && let Some(rest) = self.complement(core)
                && self.tape.rows(rest) == self.tape.rows(a).max(self.tape.rows(b))
            {
                return rest;
            }
        }
        let rows = self.tape.rows(a).max(self.tape.rows(b));
        for (x, y) in [(a, b), (b, a)] {
            if self.is_number(x, 0.0) && self.tape.rows(y) == rows {
                return y;
            }
        }
        let ((core_a, scale_a), (core_b, scale_b)) = (self.split(a), self.split(b));
        if core_a == core_b && self.tape.data(core_a).is_none() {
            let one = self.tape.number(1.0);
            let scale = self.add(scale_a.unwrap_or(one), scale_b.unwrap_or(one));
            return self.mul(core_a, scale);
        }
        // v * s + (v * t + w) -> v * (s + t) + w: what the derivative of a square leaves.
        for ((x, scale_x), y) in [((core_a, scale_a), b), ((core_b, scale_b), a)] {
            let node = self.tape.node(y);
            if node.op != Op::Binary(Binary::Add) || self.tape.data(x).is_some() {
                continue;
            }
            let (u, w) = (node.args[0], node.args[1]);
            for (u, w) in [(u, w), (w, u)] {
                let (core_u, scale_u) = self.split(u);
                if core_u == x && self.tape.rows(u) == rows {
                    let one = self.tape.number(1.0);
                    let scale = self.add(scale_x.unwrap_or(one), scale_u.unwrap_or(one));
                    let joined = self.mul(x, scale);
                    return self.add(joined, w);
                }
            }
        }
        // (v + s) + t -> v + (s + t) where s and t have one row; (v + known) + known likewise.
        for (x, y) in [(a, b), (b, a)] {
            if let Some((v, s)) = self.split_sum(x)
                && ((self.tape.rows(y) == 1 && self.tape.rows(s) == 1)
                    || (self.tape.data(y).is_some() && self.tape.data(s).is_some()))
                && (self.tape.rows(v) > 1 || (self.tape.data(s).is_some() && self.tape.data(y).is_some()))
            {
                let rest = self.add(s, y);
                return self.add(v, rest);
            }
        }
        self.tape.binary(Binary::Add, a, b)
    }

    /// `v` of `1 - v`.
    fn complement(&self, id: ValueId) -> Option<ValueId> {
        let node = self.tape.node(id);
        if node.op != Op::Binary(Binary::Add) {
            return None;
        }
        [(0, 1), (1, 0)].into_iter().find_map(|(one, other)| {
            let (core, scale) = self.split(node.args[other]);
            let is_less = scale.is_some_and(|scale| self.is_number(scale, -1.0));
            let is_whole = self.tape.rows(core) == node.rows;
            (self.is_number(node.args[one], 1.0) && is_less && is_whole).then_some(core)
        })
    }

    /// `value = v + s` where `s` is known or has one row (and `v` has all rows).
    fn split_sum(&self, id: ValueId) -> Option<(ValueId, ValueId)> {
        let node = self.tape.node(id);
        if node.op != Op::Binary(Binary::Add) {
            return None;
        }
        let (a, b) = (node.args[0], node.args[1]);
        let simple = |s: ValueId, v: ValueId| {
            self.tape.rows(v) == node.rows
                && (self.tape.data(s).is_some() || (self.tape.rows(s) == 1 && node.rows > 1))
        };
        if simple(b, a) {
            Some((a, b))
        } else if simple(a, b) {
            Some((b, a))
        } else {
            None
        }
    }

    fn sum(&mut self, id: ValueId, used_once: bool) -> ValueId {
        let rows = self.tape.rows(id);
        if rows == 1 {
            return id;
        }
        let (core, scale) = self.split(id);
        if scale.is_some() {
            let sum = self.sum(core, used_once);
            return self.scaled(sum, scale);
        }
        if used_once && let Some((v, s)) = self.split_sum(id) {
            let sum = self.sum(v, true);
            let rest = if self.tape.rows(s) == 1 {
                let count = self.tape.number(rows as f64);
                self.mul(s, count)
            } else {
                self.sum(s, true)
            };
            return self.add(sum, rest);
        }
        match self.tape.node(id).op.clone() {
            Op::Gather(index) if used_once => {
                let source = self.tape.node(id).args[0];
                let mut counts = vec![0.0; self.tape.rows(source)];
                index.iter().for_each(|&i| counts[i as usize] += 1.0);
                let counts = self.tape.constant(counts);
                let weighted = self.mul(source, counts);
                self.tape.emit(Op::Sum, vec![weighted], 1)
            }
            Op::SegmentSum(_) => {
                let source = self.tape.node(id).args[0];
                self.sum(source, false)
            }
            _ => self.tape.emit(Op::Sum, vec![id], 1),
        }
    }
}
