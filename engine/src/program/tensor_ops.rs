//! The operations of values on tensors of a program that is being captured.
//!
//! Burn's own operations are used where they and their derivatives are right; the others pass through the capture
//! as custom operations named after their row in the op table, with the derivative given here.

use burn_autodiff::{
    Autodiff,
    checkpoint::{base::Checkpointer, strategy::NoCheckpointing},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn_backend::{DType, TensorData, TensorMetadata, ops::FloatTensorOps, tensor::FloatTensor};
use burn_capture::CaptureBackend;
use burn_ir::{CustomOpIr, OperationIr, TensorIr};
use burn_router::RouterClient;
use burn_tensor::{IndexingUpdateOp, Int, Tensor};
use chainfire_kernels::tape::{Binary, Unary};

type Tracked = Autodiff<CaptureBackend>;
type Primitive = FloatTensor<CaptureBackend>;

/// Data as a constant of the program that `like` belongs to, `[len]`.
pub fn constant(values: &[f64], like: &Tensor<1>) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), (&like.device(), DType::F64))
}

fn indices(index: &[u32], like: &Tensor<1>) -> Tensor<1, Int> {
    let data: Vec<i64> = index.iter().map(|&i| i64::from(i)).collect();
    Tensor::from_data(TensorData::new(data, [index.len()]), &like.device())
}

/// Rows of `x` named by `index`, `[len(index)]`.
pub fn gather(x: Tensor<1>, index: &[u32]) -> Tensor<1> {
    let contiguous = index.windows(2).all(|w| w[1] == w[0] + 1);
    match index.first() {
        Some(&start) if contiguous => {
            let start = start as usize;
            if index.len() == x.dims()[0] { x } else { x.narrow(0, start, index.len()) }
        }
        _ => {
            let index = indices(index, &x);
            x.select(0, index)
        }
    }
}

/// Sums of the elements of `x` by group, `[groups]`.
pub fn segment_sum(x: Tensor<1>, group: &[u32], groups: usize) -> Tensor<1> {
    let zeros = constant(&vec![0.0; groups], &x);
    let group = indices(group, &x);
    zeros.select_assign(0, group, x, IndexingUpdateOp::Add)
}

/// Vectors one after the other.
pub fn concat(parts: Vec<Tensor<1>>) -> Tensor<1> {
    Tensor::cat(parts, 0)
}

/// `matrix @ v` for a shared matrix `[rows, columns]` in C order, `[rows]`.
pub fn matrix_vector(matrix: &[f64], rows: usize, columns: usize, v: Tensor<1>) -> Tensor<1> {
    let matrix: Tensor<2> =
        Tensor::from_data(TensorData::new(matrix.to_vec(), [rows, columns]), (&v.device(), DType::F64));
    matrix.matmul(v.reshape([columns, 1])).reshape([rows])
}

/// Elementwise function of one tensor by burn's own operation, where there is one.
pub fn burn_unary<const D: usize>(op: Unary, x: &Tensor<D>) -> Option<Tensor<D>> {
    let x = x.clone();
    Some(match op {
        Unary::Neg => x.neg(),
        Unary::Exp => x.exp(),
        Unary::Log => x.log(),
        Unary::Log1p => x.log1p(),
        Unary::Sqrt => x.sqrt(),
        Unary::Recip => x.recip(),
        Unary::Abs => x.abs(),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Tan => x.tan(),
        Unary::Atan => x.atan(),
        Unary::Sinh => x.sinh(),
        Unary::Cosh => x.cosh(),
        Unary::Tanh => x.tanh(),
        Unary::Erf => x.erf(),
        _ => return None,
    })
}

/// Elementwise function of one tensor.
pub fn unary(op: Unary, x: Tensor<1>) -> Tensor<1> {
    burn_unary(op, &x).unwrap_or_else(|| custom_unary(op, x))
}

/// Elementwise function of two tensors; a tensor of one element is used for every element of the other.
pub fn binary(op: Binary, a: Tensor<1>, b: Tensor<1>) -> Tensor<1> {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Max | Binary::Min => {
            let rows = a.dims()[0].max(b.dims()[0]);
            let order = if op == Binary::Max { Binary::GreaterEqual } else { Binary::LowerEqual };
            select(binary(order, a.clone(), b.clone()), a, b, rows)
        }
        Binary::Pow => custom_power(a, b),
        comparison => custom_comparison(comparison, a, b),
    }
}

/// `a op number`, where burn can hold the number inside the operation.
pub fn binary_scalar(op: Binary, a: &Tensor<1>, number: f64) -> Option<Tensor<1>> {
    match op {
        Binary::Add => Some(a.clone().add_scalar(number)),
        Binary::Sub => Some(a.clone().sub_scalar(number)),
        // burn's backward of `div_scalar` and of `mul_scalar` by a reciprocal differ: the former rounds to f32.
        Binary::Mul => Some(a.clone().mul_scalar(number)),
        Binary::Div => Some(a.clone().mul_scalar(1.0 / number)),
        Binary::Pow => Some(power(a, number)),
        _ => None,
    }
}

/// `number op b`, where burn can hold the number inside the operation.
pub fn scalar_binary(op: Binary, number: f64, b: &Tensor<1>) -> Option<Tensor<1>> {
    match op {
        Binary::Add | Binary::Mul => binary_scalar(op, b, number),
        Binary::Sub => Some(b.clone().neg().add_scalar(number)),
        Binary::Div => Some(b.clone().recip().mul_scalar(number)),
        _ => None,
    }
}

/// A fixed power, by products where the exponent is a small whole number.
fn power(x: &Tensor<1>, exponent: f64) -> Tensor<1> {
    let products = |n: i32| (1..n).fold(x.clone(), |product, _| product * x.clone());
    if exponent == 0.0 {
        x.zeros_like().add_scalar(1.0)
    } else if exponent == 0.5 {
        x.clone().sqrt()
    } else if exponent.fract() == 0.0 && exponent.abs() <= 8.0 {
        let product = products(exponent.abs() as i32);
        if exponent < 0.0 { product.recip() } else { product }
    } else {
        x.clone().powf_scalar(exponent)
    }
}

/// Runs `f` on the tensor's primitive: with its derivative when the program is differentiated, plainly when not.
fn with_primitive(
    x: Tensor<1>,
    tracked: impl FnOnce(FloatTensor<Tracked>) -> FloatTensor<Tracked>,
    plain: impl FnOnce(Primitive) -> Primitive,
) -> Tensor<1> {
    match x.clone().try_into_primitive::<Tracked>() {
        Ok(primitive) => Tensor::from_primitive::<Tracked>(tracked(primitive)),
        Err(_) => match x.try_into_primitive::<CaptureBackend>() {
            Ok(primitive) => Tensor::from_primitive::<CaptureBackend>(plain(primitive)),
            Err(error) => panic!("special functions work inside a captured program only: {error:?}"),
        },
    }
}

/// Records a custom operation whose result has `rows` elements.
fn record(id: String, inputs: Vec<Primitive>, rows: usize) -> Primitive {
    let client = inputs[0].client.clone();
    let out = TensorIr::uninit(client.create_empty_handle(), [rows].into(), DType::F64);
    let mut custom =
        CustomOpIr::new("", &inputs.into_iter().map(|x| x.into_ir()).collect::<Vec<_>>(), &[out]);
    custom.id = id;
    client.register(OperationIr::Custom(custom)).remove(0)
}

fn record_unary(op: Unary, x: Primitive) -> Primitive {
    let rows = x.shape().num_elements();
    record(format!("{op:?}"), vec![x], rows)
}

/// The derivative of a custom function at `x`, or `None` where it is zero.
fn derivative(op: Unary, x: Primitive) -> Option<Primitive> {
    type B = CaptureBackend;
    match op {
        Unary::Lgamma => Some(record_unary(Unary::Digamma, x)),
        Unary::Digamma => Some(record_unary(Unary::Trigamma, x)),
        Unary::Softplus => Some(record_unary(Unary::Sigmoid, x)),
        Unary::Expm1 => Some(B::float_exp(x)),
        Unary::Sigmoid => {
            let s = record_unary(Unary::Sigmoid, x.clone());
            let t = record_unary(Unary::Sigmoid, B::float_neg(x));
            Some(B::float_mul(s, t))
        }
        _ => None,
    }
}

/// Whether a custom function has a derivative other than zero.
fn has_derivative(op: Unary) -> bool {
    matches!(op, Unary::Lgamma | Unary::Digamma | Unary::Softplus | Unary::Expm1 | Unary::Sigmoid)
}

fn custom_unary(op: Unary, x: Tensor<1>) -> Tensor<1> {
    #[derive(Debug)]
    struct Derivative(Unary);
    impl Backward<CaptureBackend, 1> for Derivative {
        type State = Primitive;
        fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
            let [parent] = ops.parents;
            let grad = grads.consume::<CaptureBackend>(&ops.node);
            if let (Some(parent), Some(slope)) = (parent, derivative(self.0, ops.state)) {
                grads.register::<CaptureBackend>(parent.id, CaptureBackend::float_mul(grad, slope));
            }
        }
    }
    if !has_derivative(op) {
        // A step function has no part in the graph of derivatives, as in `custom_comparison`.
        let plain =
            |x: FloatTensor<Tracked>| FloatTensor::<Tracked>::new(record_unary(op, x.into_primitive()));
        return with_primitive(x, plain, |x| record_unary(op, x));
    }
    with_primitive(
        x,
        |x| match Derivative(op).prepare::<NoCheckpointing>([x.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let inner = x.primitive().clone();
                prepared.finish(inner.clone(), record_unary(op, inner))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(record_unary(op, x.into_primitive())),
        },
        |x| record_unary(op, x),
    )
}

/// `a` to the power `b`, also for negative `a` with whole `b`.
///
/// ```text
/// d(a^b) = b a^(b-1) da + a^b log(a) db
/// ```
fn custom_power(a: Tensor<1>, b: Tensor<1>) -> Tensor<1> {
    #[derive(Debug)]
    struct Derivative;
    impl Backward<CaptureBackend, 2> for Derivative {
        type State = [Primitive; 2];
        fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
            type B = CaptureBackend;
            let grad = grads.consume::<B>(&ops.node);
            let rows = grad.shape().num_elements();
            let [a, b] = ops.state;
            for (side, parent) in ops.parents.into_iter().enumerate() {
                let Some(parent) = parent else { continue };
                let (slope, length) = if side == 0 {
                    let lower = B::float_sub_scalar(b.clone(), 1.0.into());
                    let power = record("Pow".into(), vec![a.clone(), lower], rows);
                    (B::float_mul(b.clone(), power), a.shape().num_elements())
                } else {
                    let power = record("Pow".into(), vec![a.clone(), b.clone()], rows);
                    (B::float_mul(power, B::float_log(a.clone())), b.shape().num_elements())
                };
                let mut routed = B::float_mul(grad.clone(), slope);
                if length == 1 && rows > 1 {
                    routed = B::float_sum_dim(routed, 0);
                }
                grads.register::<B>(parent.id, routed);
            }
        }
    }
    let rows = a.dims()[0].max(b.dims()[0]);
    match (a.clone().try_into_primitive::<Tracked>(), b.clone().try_into_primitive::<Tracked>()) {
        (Ok(a), Ok(b)) => {
            let derivative =
                Derivative.prepare::<NoCheckpointing>([a.node(), b.node()]).compute_bound().stateful();
            let parts = [a.into_primitive(), b.into_primitive()];
            let result = record("Pow".into(), parts.to_vec(), rows);
            Tensor::from_primitive::<Tracked>(match derivative {
                OpsKind::Tracked(prepared) => prepared.finish(parts, result),
                OpsKind::UnTracked(prepared) => prepared.finish(result),
            })
        }
        _ => match [a, b].map(|x| x.try_into_primitive::<CaptureBackend>()) {
            [Ok(a), Ok(b)] => {
                Tensor::from_primitive::<CaptureBackend>(record("Pow".into(), vec![a, b], rows))
            }
            _ => panic!("both operands of a power must belong to the captured program"),
        },
    }
}

/// Comparisons and logic: 1 or 0, with no derivative.
fn custom_comparison(op: Binary, a: Tensor<1>, b: Tensor<1>) -> Tensor<1> {
    let rows = a.dims()[0].max(b.dims()[0]);
    let plain = |x: Tensor<1>| match x.clone().try_into_primitive::<Tracked>() {
        Ok(tracked) => Some(tracked.into_primitive()),
        Err(_) => x.try_into_primitive::<CaptureBackend>().ok(),
    };
    let (Some(right), Some(left)) = (plain(b), plain(a.clone())) else {
        panic!("comparisons of values work inside a captured program only");
    };
    let result = record(format!("{op:?}"), vec![left, right], rows);
    with_primitive(a, |_| FloatTensor::<Tracked>::new(result.clone()), |_| result.clone())
}

/// `a` where `condition` is not zero, else `b`, `[rows]`.
pub fn select(condition: Tensor<1>, a: Tensor<1>, b: Tensor<1>, rows: usize) -> Tensor<1> {
    #[derive(Debug)]
    struct Route;
    impl Backward<CaptureBackend, 2> for Route {
        type State = (Primitive, [usize; 2]);
        fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
            type B = CaptureBackend;
            let grad = grads.consume::<B>(&ops.node);
            let (condition, lengths) = ops.state;
            let rows = grad.shape().num_elements();
            for (side, parent) in ops.parents.into_iter().enumerate() {
                let Some(parent) = parent else { continue };
                let zero = B::float_mul_scalar(grad.clone(), 0.0.into());
                let (kept, dropped) = if side == 0 { (grad.clone(), zero) } else { (zero, grad.clone()) };
                let mut routed = record("Select".into(), vec![condition.clone(), kept, dropped], rows);
                if lengths[side] == 1 && rows > 1 {
                    routed = B::float_sum_dim(routed, 0);
                }
                grads.register::<B>(parent.id, routed);
            }
        }
    }
    let (a_rows, b_rows) = (a.dims()[0], b.dims()[0]);
    let condition = match condition.clone().try_into_primitive::<Tracked>() {
        Ok(tracked) => Some(tracked.into_primitive()),
        Err(_) => condition.try_into_primitive::<CaptureBackend>().ok(),
    };
    let tracked = (a.clone().try_into_primitive::<Tracked>(), b.clone().try_into_primitive::<Tracked>());
    match (condition, tracked) {
        (Some(condition), (Ok(a), Ok(b))) => {
            let route = Route.prepare::<NoCheckpointing>([a.node(), b.node()]).compute_bound().stateful();
            let parts = vec![condition.clone(), a.into_primitive(), b.into_primitive()];
            let result = record("Select".into(), parts, rows);
            Tensor::from_primitive::<Tracked>(match route {
                OpsKind::Tracked(prepared) => prepared.finish((condition, [a_rows, b_rows]), result),
                OpsKind::UnTracked(prepared) => prepared.finish(result),
            })
        }
        (Some(condition), _) => {
            let parts = [a, b].map(|x| x.try_into_primitive::<CaptureBackend>());
            match parts {
                [Ok(a), Ok(b)] => Tensor::from_primitive::<CaptureBackend>(record(
                    "Select".into(),
                    vec![condition, a, b],
                    rows,
                )),
                _ => panic!("both branches of `where` must belong to the captured program"),
            }
        }
        (None, _) => panic!("the condition of `where` must belong to the captured program"),
    }
}
