//! Elementwise operations and sums.

use std::sync::Arc;

use burn_ir::{ActivationOperationIr, CustomOpIr, ReduceDimOpIr, ScalarOpIr, TensorIr, UnaryOpIr};
use chainfire_kernels::tape::{Binary, Op, Scan, Ternary, Unary, ValueId};

use super::{Handle, Lowering, name, unsupported};
use crate::program::ProgramError;
use crate::program::custom_ops::Custom;
use crate::program::recurrence::SCAN;
use crate::program::value::shape;

impl Lowering {
    pub(super) fn unary(&mut self, op: Unary, ir: &UnaryOpIr) -> Result<(), ProgramError> {
        let (x, _) = self.column(&ir.input)?;
        let id = self.tape.unary(op, x);
        self.set(&ir.out, id);
        Ok(())
    }

    /// Repeats a column so that its rows agree with `to`; one row stays one row.
    fn aligned(&mut self, id: ValueId, from: &[usize], to: &[usize]) -> ValueId {
        let len = shape::elements(to);
        if self.tape.rows(id) == 1 || shape::elements(from) == len {
            return id;
        }
        self.tape.gather(id, shape::broadcast_index(from, to))
    }

    pub(super) fn binary(
        &mut self,
        op: Binary,
        lhs: &TensorIr,
        rhs: &TensorIr,
        out: &TensorIr,
    ) -> Result<(), ProgramError> {
        let shape = out.shape.to_vec();
        // Products of pieces with a number stay pieces.
        if op == Binary::Mul
            && let (Handle::Pieces { pieces, .. }, (scale, _)) =
                (self.handle(lhs.id)?.clone(), self.column(rhs)?)
            && self.tape.rows(scale) == 1
        {
            let pieces = pieces.iter().map(|&(o, p)| (o, self.tape.binary(op, p, scale))).collect();
            self.handles.insert(out.id, Handle::Pieces { pieces, shape });
            return Ok(());
        }
        let ((a, a_shape), (b, b_shape)) = (self.column(lhs)?, self.column(rhs)?);
        let (a, b) = (self.aligned(a, &a_shape, &shape), self.aligned(b, &b_shape, &shape));
        let id = self.tape.binary(op, a, b);
        self.set(out, id);
        Ok(())
    }

    /// Sums of pieces stay pieces where they do not overlap or cover the same rows.
    pub(super) fn add(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<(), ProgramError> {
        if let (Handle::Pieces { pieces: a, shape }, Handle::Pieces { pieces: b, .. }) =
            (self.handle(lhs.id)?.clone(), self.handle(rhs.id)?.clone())
            && let Some(pieces) = self.merged(&a, &b)
        {
            self.handles.insert(out.id, Handle::Pieces { pieces, shape });
            return Ok(());
        }
        self.binary(Binary::Add, lhs, rhs, out)
    }

    /// The sum of two lists of pieces, both in order; `None` where pieces overlap without covering the same rows.
    fn merged(&mut self, a: &[(usize, ValueId)], b: &[(usize, ValueId)]) -> Option<Vec<(usize, ValueId)>> {
        let mut out = Vec::with_capacity(a.len() + b.len());
        let (mut left, mut right) = (a.iter().copied().peekable(), b.iter().copied().peekable());
        while let (Some(&(i, x)), Some(&(k, y))) = (left.peek(), right.peek()) {
            if i + self.tape.rows(x) <= k {
                out.extend(left.next());
            } else if k + self.tape.rows(y) <= i {
                out.extend(right.next());
            } else if i == k && self.tape.rows(x) == self.tape.rows(y) {
                out.push((i, self.tape.binary(Binary::Add, x, y)));
                left.next();
                right.next();
            } else {
                return None;
            }
        }
        out.extend(left.chain(right));
        Some(out)
    }

    pub(super) fn with_scalar(&mut self, op: Binary, ir: &ScalarOpIr) -> Result<(), ProgramError> {
        let (x, _) = self.column(&ir.lhs)?;
        let number = self.tape.number(ir.rhs.elem());
        let id = self.tape.binary(op, x, number);
        self.set(&ir.out, id);
        Ok(())
    }

    /// A fixed power; small whole exponents are products.
    pub(super) fn power(&mut self, ir: &ScalarOpIr) -> Result<(), ProgramError> {
        let (x, _) = self.column(&ir.lhs)?;
        let exponent: f64 = ir.rhs.elem();
        let id = if exponent == 2.0 {
            self.tape.binary(Binary::Mul, x, x)
        } else if exponent == 1.0 {
            x
        } else {
            let exponent = self.tape.number(exponent);
            self.tape.binary(Binary::Pow, x, exponent)
        };
        self.set(&ir.out, id);
        Ok(())
    }

    pub(super) fn ternary(
        &mut self,
        op: Ternary,
        parts: [(ValueId, Vec<usize>); 3],
        out: &TensorIr,
    ) -> Result<(), ProgramError> {
        let shape = out.shape.to_vec();
        let [a, b, c] = parts.map(|(id, from)| self.aligned(id, &from, &shape));
        let id = self.tape.ternary(op, a, b, c);
        self.set(out, id);
        Ok(())
    }

    /// Sum of all elements times a factor.
    pub(super) fn total(
        &mut self,
        input: &TensorIr,
        out: &TensorIr,
        factor: f64,
    ) -> Result<(), ProgramError> {
        let handle = self.handle(input.id)?.clone();
        let len = handle.len();
        let column = self.filled(&handle);
        let (sum, factor) = if self.tape.rows(column) == len {
            (self.tape.emit(Op::Sum, vec![column], 1), factor)
        } else {
            (column, factor * len as f64)
        };
        let factor = self.tape.number(factor);
        let id = self.tape.binary(Binary::Mul, sum, factor);
        self.set(out, id);
        Ok(())
    }

    pub(super) fn sum_axis(&mut self, ir: &ReduceDimOpIr, mean: bool) -> Result<(), ProgramError> {
        let (column, from) = self.column(&ir.input)?;
        let size = from[ir.axis];
        let factor = if mean { 1.0 / size as f64 } else { 1.0 };
        let len = shape::elements(&from);
        let (sums, factor) = if self.tape.rows(column) == 1 && len > 1 {
            (column, factor * size as f64)
        } else {
            let kept: Vec<usize> =
                from.iter().enumerate().map(|(k, &n)| if k == ir.axis { 1 } else { n }).collect();
            let mut strides = shape::strides(&kept);
            strides[ir.axis] = 0;
            let group = shape::strided_index(&from, &strides, 0);
            (self.tape.segment_sum(column, &group.into(), len / size), factor)
        };
        let factor = self.tape.number(factor);
        let id = self.tape.binary(Binary::Mul, sums, factor);
        self.set(&ir.out, id);
        Ok(())
    }

    pub(super) fn activation(&mut self, op: &ActivationOperationIr) -> Result<(), ProgramError> {
        match op {
            ActivationOperationIr::Sigmoid(op) => self.unary(Unary::Sigmoid, op),
            ActivationOperationIr::SigmoidBackward(op) => {
                // operands: sigmoid(x), gradient
                let ((s, _), (g, _)) = (self.column(&op.lhs)?, self.column(&op.rhs)?);
                let one = self.tape.number(1.0);
                let rest = self.tape.binary(Binary::Sub, one, s);
                let slope = self.tape.binary(Binary::Mul, s, rest);
                let id = self.tape.binary(Binary::Mul, g, slope);
                self.set(&op.out, id);
                Ok(())
            }
            ActivationOperationIr::LogSigmoid(op) => {
                let (x, _) = self.column(&op.input)?;
                let negated = self.tape.unary(Unary::Neg, x);
                let softplus = self.tape.unary(Unary::Softplus, negated);
                let id = self.tape.unary(Unary::Neg, softplus);
                self.set(&op.out, id);
                Ok(())
            }
            ActivationOperationIr::LogSigmoidBackward(op) => {
                // operands: x, gradient; d log sigmoid(x) = sigmoid(-x)
                let ((x, _), (g, _)) = (self.column(&op.lhs)?, self.column(&op.rhs)?);
                let negated = self.tape.unary(Unary::Neg, x);
                let slope = self.tape.unary(Unary::Sigmoid, negated);
                let id = self.tape.binary(Binary::Mul, g, slope);
                self.set(&op.out, id);
                Ok(())
            }
            other => Err(unsupported(name(other), "activations of neural networks are not lowered")),
        }
    }

    /// Operations of ours: named after their row in the op table.
    pub(super) fn custom(&mut self, ir: &CustomOpIr) -> Result<(), ProgramError> {
        let scan = ir.id.strip_prefix(SCAN).and_then(|number| self.scans.get(number.parse::<usize>().ok()?));
        if let Some(scan) = scan.cloned() {
            return self.scan(&scan, ir);
        }
        let op = Custom::all().find(|op| op.name() == ir.id);
        let op = op.ok_or_else(|| unsupported(&ir.id, "it is not in the op table"))?;
        let mut columns = Vec::new();
        for input in &ir.inputs {
            let (column, shape) = self.column(input)?;
            let is_whole = matches!(op, Custom::Factor(_));
            columns.push(if is_whole { self.spread(column, shape::elements(&shape)) } else { column });
        }
        let operand_rows: Vec<usize> = columns.iter().map(|&column| self.tape.rows(column)).collect();
        let rows = match op {
            Custom::Factor(factor) => factor.rows(&operand_rows).map_err(|e| unsupported(&ir.id, e))?,
            _ => operand_rows.into_iter().max().unwrap_or(1),
        };
        let id = self.tape.emit(op.op(), columns, rows);
        self.set(&ir.outputs[0], id);
        Ok(())
    }

    /// A recurrence: its operands are the initial carries as one vector, then what its body reads besides.
    fn scan(&mut self, scan: &Arc<Scan>, ir: &CustomOpIr) -> Result<(), ProgramError> {
        let mut args = Vec::with_capacity(scan.body.dim);
        for (k, input) in ir.inputs.iter().enumerate() {
            let (column, shape) = self.column(input)?;
            if k > 0 {
                args.push(column);
                continue;
            }
            let initial = self.spread(column, shape::elements(&shape));
            args.extend((0..scan.carries()).map(|i| self.tape.slice(initial, i, 1)));
        }
        let id = self.tape.emit(Op::Scan(scan.clone()), args, scan.rows());
        self.set(&ir.outputs[0], id);
        Ok(())
    }
}
