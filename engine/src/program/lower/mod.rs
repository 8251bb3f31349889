//! Lowers a captured graph to a tape.
//!
//! Logical shapes end here. A tensor becomes a *column*: a value of the tape with as many rows as the tensor has
//! elements, in C order, or with one row when all elements are equal (burn's `Ones`, expanded scalars). Broadcasting
//! beyond that, permutations and takes along any axis become gathers by an index computed here; sums over axes and
//! scatter-adds become segment sums. The zero-filled `SliceAssign` chains that burn's backward makes become *pieces*:
//! runs of rows of an otherwise zero column, which are never filled in.

mod elementwise;
mod matmul;
mod structure;

use std::collections::HashMap;
use std::sync::Arc;

use burn_backend::TensorData;
use burn_ir::{BaseOperationIr, BoolOperationIr, FloatOperationIr, IntOperationIr, NumericOperationIr};
use burn_ir::{OperationIr, TensorId, TensorIr};
use chainfire_kernels::tape::{Binary, Op, Output, Scan, Tape, Ternary, Unary, ValueId};

use super::ProgramError;
use super::capture::Captured;
use super::passes::Interner;
use super::value::shape;

/// A tensor of the graph as the tape holds it.
#[derive(Clone, Debug)]
enum Handle {
    /// All elements; one row when they are equal.
    Column { id: ValueId, shape: Vec<usize> },
    /// Runs of rows at their offsets; zero elsewhere. Runs do not overlap and are in order.
    Pieces { pieces: Vec<(usize, ValueId)>, shape: Vec<usize> },
}

impl Handle {
    fn shape(&self) -> &[usize] {
        match self {
            Handle::Column { shape, .. } | Handle::Pieces { shape, .. } => shape,
        }
    }

    fn len(&self) -> usize {
        shape::elements(self.shape())
    }
}

struct Lowering {
    tape: Interner,
    handles: HashMap<TensorId, Handle>,
    /// Transposed shared matrices and what they are the transpose of.
    transposes: HashMap<ValueId, ValueId>,
    /// Recurrences by number.
    scans: Vec<Arc<Scan>>,
}

/// Lowers the results of a captured function of `dim` numbers; they stand one after the other in the tape's output.
///
/// # Errors
/// [`ProgramError::Unsupported`] names the first operation that has no place on a tape.
pub fn lower(captured: &Captured, dim: usize) -> Result<Tape, ProgramError> {
    let mut lowering = Lowering {
        tape: Interner::new(dim),
        handles: HashMap::new(),
        transposes: HashMap::new(),
        scans: captured.scans.clone(),
    };
    let position = lowering.tape.emit(Op::Input { offset: 0 }, vec![], dim);
    lowering.handles.insert(captured.position, Handle::Column { id: position, shape: vec![dim] });
    for (id, data) in &captured.values {
        if *id != captured.position {
            let handle = lowering.constant(data)?;
            lowering.handles.insert(*id, handle);
        }
    }
    for operation in &captured.graph.operations {
        lowering.operation(operation)?;
    }
    let (mut outputs, mut offset) = (Vec::new(), 0);
    for result in &captured.results {
        let handle = lowering.handle(*result)?.clone();
        lowering.write_output(&handle, offset, &mut outputs);
        offset += handle.len();
    }
    Ok(lowering.tape.finish(outputs, offset))
}

fn unsupported(operation: impl Into<String>, reason: impl Into<String>) -> ProgramError {
    ProgramError::Unsupported { operation: operation.into(), reason: reason.into() }
}

impl Lowering {
    fn constant(&mut self, data: &TensorData) -> Result<Handle, ProgramError> {
        let values: Vec<f64> = data
            .clone()
            .convert::<f64>()
            .try_into_vec()
            .map_err(|e| unsupported("Init", format!("its data cannot be read ({e:?})")))?;
        Ok(self.data_column(values, data.shape().to_vec()))
    }

    /// Shared data as a column: one row when all elements are equal.
    fn data_column(&mut self, values: Vec<f64>, shape: Vec<usize>) -> Handle {
        let first = values.first().copied().unwrap_or(0.0);
        let uniform = values.iter().all(|x| x.to_bits() == first.to_bits());
        let id = if uniform { self.tape.number(first) } else { self.tape.constant(values) };
        Handle::Column { id, shape }
    }

    fn handle(&self, id: TensorId) -> Result<&Handle, ProgramError> {
        self.handles.get(&id).ok_or_else(|| unsupported("tensor", format!("{id} was never made")))
    }

    /// The column of a tensor, with zeros filled in where it was held as pieces.
    fn column(&mut self, tensor: &TensorIr) -> Result<(ValueId, Vec<usize>), ProgramError> {
        let handle = self.handle(tensor.id)?.clone();
        let shape = handle.shape().to_vec();
        Ok((self.filled(&handle), shape))
    }

    fn filled(&mut self, handle: &Handle) -> ValueId {
        match handle {
            Handle::Column { id, .. } => *id,
            Handle::Pieces { pieces, shape } => {
                let (mut parts, mut row) = (Vec::new(), 0);
                let len = shape::elements(shape);
                for &(offset, id) in pieces {
                    if offset > row {
                        parts.push(self.tape.constant(vec![0.0; offset - row]));
                    }
                    parts.push(id);
                    row = offset + self.tape.rows(id);
                }
                if row < len {
                    parts.push(self.tape.constant(vec![0.0; len - row]));
                }
                self.tape.concat(parts)
            }
        }
    }

    /// A column with all its rows.
    fn spread(&mut self, id: ValueId, len: usize) -> ValueId {
        if self.tape.rows(id) == len {
            id
        } else {
            self.tape.emit(Op::Gather(vec![0; len].into()), vec![id], len)
        }
    }

    fn set(&mut self, out: &TensorIr, id: ValueId) {
        let shape = out.shape.to_vec();
        self.handles.insert(out.id, Handle::Column { id, shape });
    }

    fn write_output(&mut self, handle: &Handle, offset: usize, outputs: &mut Vec<Output>) {
        match handle {
            Handle::Column { id, .. } => {
                let value = self.spread(*id, handle.len());
                outputs.push(Output { offset, value });
            }
            Handle::Pieces { pieces, .. } => {
                outputs.extend(pieces.iter().map(|&(start, value)| Output { offset: offset + start, value }));
            }
        }
    }

    fn operation(&mut self, operation: &OperationIr) -> Result<(), ProgramError> {
        use OperationIr::*;
        match operation {
            BaseFloat(op) | BaseInt(op) | BaseBool(op) => self.base(op),
            NumericFloat(_, op) | NumericInt(_, op) => self.numeric(op),
            Float(_, op) => self.float(op),
            Bool(op) => match op {
                BoolOperationIr::IntoFloat(op) | BoolOperationIr::IntoInt(op) => {
                    self.alias(&op.input, &op.out)
                }
                BoolOperationIr::Not(op) => self.unary(Unary::Not, op),
                BoolOperationIr::And(op) => self.binary(Binary::And, &op.lhs, &op.rhs, &op.out),
                BoolOperationIr::Or(op) => self.binary(Binary::Or, &op.lhs, &op.rhs, &op.out),
                BoolOperationIr::Xor(op) => self.binary(Binary::NotEqual, &op.lhs, &op.rhs, &op.out),
            },
            Int(IntOperationIr::IntoFloat(op)) => self.alias(&op.input, &op.out),
            Custom(op) => self.custom(op),
            Init(_) | Drop(_) => Ok(()),
            Int(op) => Err(unsupported(name(op), "integer arithmetic on parameters has no derivative")),
            Module(op) => Err(unsupported(name(op), "modules of neural networks are not lowered")),
            Activation(op) => self.activation(op),
            other => Err(unsupported(name(other), "it is not an operation on one chain's numbers")),
        }
    }

    fn base(&mut self, op: &BaseOperationIr) -> Result<(), ProgramError> {
        use BaseOperationIr::*;
        match op {
            Reshape(op) => self.reshaped(&op.input, &op.out),
            Expand(op) => self.expand(&op.input, &op.out),
            SwapDims(op) => {
                let mut axes: Vec<usize> = (0..op.input.shape.num_dims()).collect();
                axes.swap(op.dim1, op.dim2);
                self.permute(&op.input, &op.out, &axes)
            }
            Permute(op) => self.permute(&op.input, &op.out, &op.axes),
            Flip(op) => self.flip(op),
            Slice(op) => self.slice(op),
            SliceAssign(op) => self.slice_assign(op),
            Select(op) => self.select(op),
            SelectAssign(op) => self.select_assign(op),
            Gather(op) => self.gather(op),
            Scatter(op) => self.scatter(op),
            MaskWhere(op) => {
                let parts = [self.column(&op.mask)?, self.column(&op.value)?, self.column(&op.tensor)?];
                self.ternary(Ternary::Select, parts, &op.out)
            }
            MaskFill(op) => {
                let value = self.tape.number(op.value.elem());
                let parts = [self.column(&op.mask)?, (value, vec![1]), self.column(&op.tensor)?];
                self.ternary(Ternary::Select, parts, &op.out)
            }
            Cat(op) => self.cat(op),
            RepeatDim(op) => self.repeat(op),
            Cast(op) => self.alias(&op.input, &op.out),
            Zeros(op) | Empty(op) => {
                let (shape, pieces) = (op.out.shape.to_vec(), Vec::new());
                self.handles.insert(op.out.id, Handle::Pieces { pieces, shape });
                Ok(())
            }
            Ones(op) => {
                let one = self.tape.number(1.0);
                self.set(&op.out, one);
                Ok(())
            }
            Equal(op) => self.binary(Binary::Equal, &op.lhs, &op.rhs, &op.out),
            NotEqual(op) => self.binary(Binary::NotEqual, &op.lhs, &op.rhs, &op.out),
            EqualElem(op) => self.with_scalar(Binary::Equal, op),
            NotEqualElem(op) => self.with_scalar(Binary::NotEqual, op),
            other => Err(unsupported(name(other), "it has no meaning on the tape")),
        }
    }

    fn numeric(&mut self, op: &NumericOperationIr) -> Result<(), ProgramError> {
        use NumericOperationIr::*;
        match op {
            Add(op) => self.add(&op.lhs, &op.rhs, &op.out),
            Sub(op) => self.binary(Binary::Sub, &op.lhs, &op.rhs, &op.out),
            Mul(op) => self.binary(Binary::Mul, &op.lhs, &op.rhs, &op.out),
            Div(op) => self.binary(Binary::Div, &op.lhs, &op.rhs, &op.out),
            Greater(op) => self.binary(Binary::Greater, &op.lhs, &op.rhs, &op.out),
            GreaterEqual(op) => self.binary(Binary::GreaterEqual, &op.lhs, &op.rhs, &op.out),
            Lower(op) => self.binary(Binary::Lower, &op.lhs, &op.rhs, &op.out),
            LowerEqual(op) => self.binary(Binary::LowerEqual, &op.lhs, &op.rhs, &op.out),
            Powi(op) => self.binary(Binary::Pow, &op.lhs, &op.rhs, &op.out),
            AddScalar(op) => self.with_scalar(Binary::Add, op),
            SubScalar(op) => self.with_scalar(Binary::Sub, op),
            MulScalar(op) => self.with_scalar(Binary::Mul, op),
            DivScalar(op) => self.with_scalar(Binary::Div, op),
            GreaterElem(op) => self.with_scalar(Binary::Greater, op),
            GreaterEqualElem(op) => self.with_scalar(Binary::GreaterEqual, op),
            LowerElem(op) => self.with_scalar(Binary::Lower, op),
            LowerEqualElem(op) => self.with_scalar(Binary::LowerEqual, op),
            PowiScalar(op) => self.power(op),
            ClampMin(op) => self.with_scalar(Binary::Max, op),
            ClampMax(op) => self.with_scalar(Binary::Min, op),
            Clamp(op) => {
                let (x, _) = self.column(&op.tensor)?;
                let (low, high) = (self.tape.number(op.min.elem()), self.tape.number(op.max.elem()));
                let raised = self.tape.binary(Binary::Max, x, low);
                let id = self.tape.binary(Binary::Min, raised, high);
                self.set(&op.out, id);
                Ok(())
            }
            Abs(op) => self.unary(Unary::Abs, op),
            Neg(op) => self.unary(Unary::Neg, op),
            Sign(op) => self.unary(Unary::Sign, op),
            Full(op) => {
                let id = self.tape.number(op.value.elem());
                self.set(&op.out, id);
                Ok(())
            }
            Sum(op) => self.total(&op.input, &op.out, 1.0),
            Mean(op) => self.total(&op.input, &op.out, 1.0 / op.input.shape.num_elements() as f64),
            SumDim(op) => self.sum_axis(op, false),
            MeanDim(op) => self.sum_axis(op, true),
            other => Err(unsupported(name(other), "it has no meaning on the tape")),
        }
    }

    fn float(&mut self, op: &FloatOperationIr) -> Result<(), ProgramError> {
        use FloatOperationIr::*;
        match op {
            Exp(op) => self.unary(Unary::Exp, op),
            Log(op) => self.unary(Unary::Log, op),
            Log1p(op) => self.unary(Unary::Log1p, op),
            Erf(op) => self.unary(Unary::Erf, op),
            Sqrt(op) => self.unary(Unary::Sqrt, op),
            Recip(op) => self.unary(Unary::Recip, op),
            Sin(op) => self.unary(Unary::Sin, op),
            Cos(op) => self.unary(Unary::Cos, op),
            Tan(op) => self.unary(Unary::Tan, op),
            Tanh(op) => self.unary(Unary::Tanh, op),
            Sinh(op) => self.unary(Unary::Sinh, op),
            Cosh(op) => self.unary(Unary::Cosh, op),
            ArcTan(op) => self.unary(Unary::Atan, op),
            Floor(op) => self.unary(Unary::Floor, op),
            Ceil(op) => self.unary(Unary::Ceil, op),
            Round(op) => self.unary(Unary::Round, op),
            IsNan(op) => self.unary(Unary::IsNan, op),
            PowfScalar(op) => self.power(op),
            Powf(op) => self.binary(Binary::Pow, &op.lhs, &op.rhs, &op.out),
            IntoInt(op) => self.alias(&op.input, &op.out),
            Matmul(op) => self.matmul(op),
            other => Err(unsupported(name(other), "it has no meaning on the tape")),
        }
    }

    /// The same elements under the output's shape.
    fn alias(&mut self, input: &TensorIr, out: &TensorIr) -> Result<(), ProgramError> {
        self.reshaped(input, out)
    }
}

/// The name of an operation: what its `Debug` form begins with.
fn name(op: &impl std::fmt::Debug) -> String {
    format!("{op:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_string()
}
