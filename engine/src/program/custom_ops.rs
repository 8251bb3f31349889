//! Operations of ours inside a captured program: recorded under their name in the op table, with their derivatives.
//!
//! ```text
//! f(x):                      g -> g f'(x); summed where one element served many
//! l = cholesky(a):           g -> pullback(l, g)
//! z = l^-1 b:                b: h = l^-T g        l: -(h z') below and on the diagonal
//! z = l^-T b:                b: h = l^-1 g        l: -(z h') below and on the diagonal
//! ```
//!
//! # References
//! - Giles (2008), An extended collection of matrix derivative results, section 2.2.3 (systems)

use std::f64::consts::{FRAC_2_SQRT_PI, TAU};

use burn_autodiff::{
    Autodiff,
    checkpoint::{base::Checkpointer, strategy::NoCheckpointing},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn_backend::{DType, TensorMetadata, ops::FloatTensorOps, tensor::FloatTensor};
use burn_capture::CaptureBackend;
use burn_ir::{CustomOpIr, OperationIr, TensorIr};
use burn_router::RouterClient;
use burn_tensor::Tensor;
use chainfire_kernels::tape::{Binary, Factor, Op, Part, Ternary, Unary};

use super::tensor_ops::{gather, segment_sum};

type Tracked = Autodiff<CaptureBackend>;
pub(super) type Primitive = FloatTensor<CaptureBackend>;

/// A row of the op table that burn does not know.
#[derive(Clone, Copy, Debug)]
pub enum Custom {
    /// Elementwise function of one operand.
    Unary(Unary),
    /// Elementwise function of two operands.
    Binary(Binary),
    /// Elementwise function of three operands.
    Ternary(Ternary),
    /// An operation on all of a small matrix.
    Factor(Factor),
}

impl Custom {
    /// Every operation.
    pub fn all() -> impl Iterator<Item = Custom> {
        let elementwise = Unary::ALL.iter().map(|&op| Custom::Unary(op));
        let elementwise = elementwise.chain(Binary::ALL.iter().map(|&op| Custom::Binary(op)));
        let elementwise = elementwise.chain(Ternary::ALL.iter().map(|&op| Custom::Ternary(op)));
        elementwise.chain(Factor::ALL.map(Custom::Factor))
    }

    /// The name under which it is recorded.
    pub fn name(self) -> String {
        match self {
            Custom::Unary(op) => format!("{op:?}"),
            Custom::Binary(op) => format!("{op:?}"),
            Custom::Ternary(op) => format!("{op:?}"),
            Custom::Factor(op) => format!("{op:?}"),
        }
    }

    /// The operation of the tape.
    pub fn op(self) -> Op {
        match self {
            Custom::Unary(op) => Op::Unary(op),
            Custom::Binary(op) => Op::Binary(op),
            Custom::Ternary(op) => Op::Ternary(op),
            Custom::Factor(op) => Op::Factor(op),
        }
    }

    /// Whether the result has a derivative other than zero in an operand.
    fn is_smooth(self, side: usize) -> bool {
        match self {
            Custom::Unary(op) => matches!(
                op,
                Unary::Lgamma
                    | Unary::Digamma
                    | Unary::Softplus
                    | Unary::Expm1
                    | Unary::Sigmoid
                    | Unary::Erfc
                    | Unary::Erfinv
                    | Unary::NormalQuantile
            ),
            Custom::Binary(op) => matches!(op, Binary::Pow | Binary::LogGammaP(_) | Binary::LogGammaQ(_)),
            Custom::Ternary(Ternary::Select) => side > 0,
            Custom::Ternary(_) | Custom::Factor(_) => true,
        }
    }
}

fn record(op: Custom, operands: &[Primitive], rows: usize) -> Primitive {
    record_named(op.name(), operands, rows)
}

/// Records an operation that the graph knows by a name alone.
pub(super) fn record_named(name: String, operands: &[Primitive], rows: usize) -> Primitive {
    let client = operands[0].client.clone();
    let out = TensorIr::uninit(client.create_empty_handle(), [rows].into(), DType::F64);
    let operands: Vec<TensorIr> = operands.iter().map(|x| x.clone().into_ir()).collect();
    let mut custom = CustomOpIr::new("", &operands, &[out]);
    custom.id = name;
    client.register(OperationIr::Custom(custom)).remove(0)
}

/// Records an operation whose result has `rows` elements, with its derivative when the program is differentiated.
///
/// # Panics
/// When an operand is not a tensor of a captured program.
pub fn custom<const N: usize>(op: Custom, operands: [Tensor<1>; N], rows: usize) -> Tensor<1> {
    let mut is_tracked = false;
    let operands = operands.map(|x| match x.clone().try_into_primitive::<Tracked>() {
        Ok(primitive) => {
            is_tracked = true;
            primitive
        }
        Err(_) => match x.try_into_primitive::<CaptureBackend>() {
            Ok(primitive) => FloatTensor::<Tracked>::new(primitive),
            Err(error) => panic!("`{}` works inside a captured program only: {error:?}", op.name()),
        },
    });
    let inner = operands.each_ref().map(|x| x.primitive().clone());
    let result = record(op, &inner, rows);
    if !is_tracked {
        return Tensor::from_primitive::<CaptureBackend>(result);
    }
    if !(0..N).any(|side| op.is_smooth(side)) {
        // A step function has no part in the graph of derivatives.
        return Tensor::from_primitive::<Tracked>(FloatTensor::<Tracked>::new(result));
    }
    let mut side = 0;
    let nodes = operands.map(|x| {
        side += 1;
        if op.is_smooth(side - 1) { x.node() } else { FloatTensor::<Tracked>::new(x.into_primitive()).node() }
    });
    let prepared = Derivative::<N>(op).prepare::<NoCheckpointing>(nodes).compute_bound().stateful();
    Tensor::from_primitive::<Tracked>(match prepared {
        OpsKind::Tracked(prepared) => prepared.finish((inner, result.clone()), result),
        OpsKind::UnTracked(prepared) => prepared.finish(result),
    })
}

#[derive(Debug)]
struct Derivative<const N: usize>(Custom);

impl<const N: usize> Backward<CaptureBackend, N> for Derivative<N> {
    type State = ([Primitive; N], Primitive);

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<CaptureBackend>(&ops.node);
        let (operands, result) = ops.state;
        for (side, parent) in ops.parents.into_iter().enumerate() {
            if let Some(parent) = parent {
                let routed = pullback(self.0, side, &operands, &result, grad.clone());
                grads.register::<CaptureBackend>(parent.id, routed);
            }
        }
    }
}

/// What the derivative in the result, `grad`, makes the derivative in operand `side`.
fn pullback(op: Custom, side: usize, x: &[Primitive], result: &Primitive, grad: Primitive) -> Primitive {
    type B = CaptureBackend;
    let rows = result.shape().num_elements();
    let routed = match op {
        Custom::Factor(op) => return factor_pullback(op, side, x, result, grad),
        Custom::Ternary(Ternary::Select) => {
            let zero = B::float_mul_scalar(grad.clone(), 0.0.into());
            let (kept, dropped) = if side == 1 { (grad, zero) } else { (zero, grad) };
            record(op, &[x[0].clone(), kept, dropped], rows)
        }
        _ => B::float_mul(grad, slope(op, side, x, result)),
    };
    let is_repeated = x[side].shape().num_elements() == 1 && rows > 1;
    if is_repeated { B::float_sum_dim(routed, 0) } else { routed }
}

/// The derivative of an elementwise function in operand `side`.
fn slope(op: Custom, side: usize, x: &[Primitive], result: &Primitive) -> Primitive {
    type B = CaptureBackend;
    let rows = result.shape().num_elements();
    let unary = |op: Unary, x: &Primitive| record(Custom::Unary(op), std::slice::from_ref(x), rows);
    // c e^(s y^2)
    let gaussian = |y: &Primitive, scale: f64, factor: f64| {
        let square = B::float_mul(y.clone(), y.clone());
        B::float_mul_scalar(B::float_exp(B::float_mul_scalar(square, scale.into())), factor.into())
    };
    match op {
        Custom::Unary(Unary::Lgamma) => unary(Unary::Digamma, &x[0]),
        Custom::Unary(Unary::Digamma) => unary(Unary::Trigamma, &x[0]),
        Custom::Unary(Unary::Softplus) => unary(Unary::Sigmoid, &x[0]),
        Custom::Unary(Unary::Expm1) => B::float_exp(x[0].clone()),
        Custom::Unary(Unary::Sigmoid) => {
            let opposite = unary(Unary::Sigmoid, &B::float_neg(x[0].clone()));
            B::float_mul(unary(Unary::Sigmoid, &x[0]), opposite)
        }
        Custom::Unary(Unary::Erfc) => gaussian(&x[0], -1.0, -FRAC_2_SQRT_PI),
        Custom::Unary(Unary::Erfinv) => gaussian(result, 1.0, 1.0 / FRAC_2_SQRT_PI),
        Custom::Unary(Unary::NormalQuantile) => gaussian(result, 0.5, TAU.sqrt()),
        // Also for negative bases with whole exponents.
        Custom::Binary(Binary::Pow) if side == 0 => {
            let lower = B::float_sub_scalar(x[1].clone(), 1.0.into());
            B::float_mul(x[1].clone(), record(op, &[x[0].clone(), lower], rows))
        }
        // A power of zero stays zero: its logarithm is not asked for.
        Custom::Binary(Binary::Pow) => {
            let one = B::float_add_scalar(B::float_mul_scalar(x[0].clone(), 0.0.into()), 1.0.into());
            let base = x[0].clone();
            let rows = base.shape().num_elements();
            let base = record(Custom::Ternary(Ternary::Select), &[base.clone(), base, one], rows);
            B::float_mul(result.clone(), B::float_log(base))
        }
        Custom::Binary(Binary::LogGammaP(Part::Value)) => {
            record(Custom::Binary(Binary::LogGammaP(Part::SLOPES[side])), x, rows)
        }
        Custom::Binary(Binary::LogGammaQ(Part::Value)) => {
            record(Custom::Binary(Binary::LogGammaQ(Part::SLOPES[side])), x, rows)
        }
        Custom::Ternary(Ternary::LogBetaCdf(Part::Value)) => {
            record(Custom::Ternary(Ternary::LogBetaCdf(Part::SLOPES[side])), x, rows)
        }
        _ => panic!("`{}` has no second derivative: it is recorded as a derivative only", op.name()),
    }
}

fn factor_pullback(
    op: Factor,
    side: usize,
    x: &[Primitive],
    result: &Primitive,
    grad: Primitive,
) -> Primitive {
    let rows = result.shape().num_elements();
    let solve = |op: Factor, grad: Primitive| record(Custom::Factor(op), &[x[0].clone(), grad], rows);
    match (op, side) {
        (Factor::Cholesky, _) => {
            record(Custom::Factor(Factor::CholeskyPullback), &[result.clone(), grad], rows)
        }
        (Factor::SolveLower, 0) => negated_outer(solve(Factor::SolveTransposed, grad), result.clone(), &x[0]),
        (Factor::SolveTransposed, 0) => negated_outer(result.clone(), solve(Factor::SolveLower, grad), &x[0]),
        (Factor::SolveLower, _) => solve(Factor::SolveTransposed, grad),
        (Factor::SolveTransposed, _) => solve(Factor::SolveLower, grad),
        (Factor::CholeskyPullback, _) => {
            panic!("`{op:?}` has no derivative: it is recorded as a derivative only")
        }
    }
}

/// `-(a b')` below and on the diagonal, zero above, for `a` and `b` of as many rows as the square matrix `like`.
fn negated_outer(a: Primitive, b: Primitive, like: &Primitive) -> Primitive {
    let elements = like.shape().num_elements();
    let n = elements.isqrt();
    let count = a.shape().num_elements() / n;
    let (mut left, mut right, mut place) = (Vec::new(), Vec::new(), Vec::new());
    for (i, j) in (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        left.extend((0..count).map(|side| (i * count + side) as u32));
        right.extend((0..count).map(|side| (j * count + side) as u32));
        place.extend((0..count).map(|_| (i * n + j) as u32));
    }
    let [a, b] = [a, b].map(Tensor::<1>::from_primitive::<CaptureBackend>);
    let products = gather(a, &left) * gather(b, &right);
    match segment_sum(products.neg(), &place, elements).try_into_primitive::<CaptureBackend>() {
        Ok(sum) => sum,
        Err(error) => panic!("a derivative belongs to the captured program: {error:?}"),
    }
}
