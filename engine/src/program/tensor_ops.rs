//! The operations of values on tensors of a program that is being captured.
//!
//! Burn's own operations are used where they and their derivatives are right; the others are operations of ours.

use burn_backend::{DType, TensorData};
use burn_tensor::{IndexingUpdateOp, Int, Tensor};
use chainfire_kernels::tape::{Binary, Factor, Ternary, Unary};

use super::custom_ops::{Custom, custom};

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
    burn_unary(op, &x).unwrap_or_else(|| {
        let rows = x.dims()[0];
        custom(Custom::Unary(op), [x], rows)
    })
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
        other => {
            let rows = a.dims()[0].max(b.dims()[0]);
            custom(Custom::Binary(other), [a, b], rows)
        }
    }
}

/// From here on all numbers are whole: 2^53.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// `a op number`, where burn can hold the number inside the operation.
pub fn binary_scalar(op: Binary, a: &Tensor<1>, number: f64) -> Option<Tensor<1>> {
    match op {
        Binary::Add => Some(a.clone().add_scalar(number)),
        Binary::Sub => Some(a.clone().sub_scalar(number)),
        // burn's backward of `div_scalar` and of `mul_scalar` by a reciprocal differ: the former rounds to f32.
        Binary::Mul => Some(a.clone().mul_scalar(number)),
        Binary::Div => Some(a.clone().mul_scalar(1.0 / number)),
        // burn takes an exponent without decimals for a whole number of 64 bits.
        Binary::Pow if number.abs() >= MOST_WHOLE => None,
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

/// `a` where `condition` is not zero, else `b`, `[rows]`.
pub fn select(condition: Tensor<1>, a: Tensor<1>, b: Tensor<1>, rows: usize) -> Tensor<1> {
    ternary(Ternary::Select, condition, a, b, rows)
}

/// Elementwise function of three tensors, `[rows]`.
pub fn ternary(op: Ternary, a: Tensor<1>, b: Tensor<1>, c: Tensor<1>, rows: usize) -> Tensor<1> {
    custom(Custom::Ternary(op), [a, b, c], rows)
}

/// The factor of a square matrix `[n * n]`.
pub fn cholesky(matrix: Tensor<1>) -> Tensor<1> {
    let rows = matrix.dims()[0];
    custom(Custom::Factor(Factor::Cholesky), [matrix], rows)
}

/// The solution of a system with a lower triangular matrix `[n * n]` or its transpose, `[n * count]`.
pub fn solve_triangular(lower: Tensor<1>, sides: Tensor<1>, is_transposed: bool) -> Tensor<1> {
    let rows = sides.dims()[0];
    let op = if is_transposed { Factor::SolveTransposed } else { Factor::SolveLower };
    custom(Custom::Factor(op), [lower, sides], rows)
}
