//! Elementwise operations with broadcasting, and the operators of Rust on values.

use std::ops::{Add, Div, Mul, Neg, Sub};

use chainfire_kernels::tape::{Binary, Part, Ternary, Unary};

use super::{Kind, Repr, Value, ValueError, scan, shape};
use crate::program::tensor_ops;

impl Value {
    /// Elementwise function of one value.
    pub fn unary(&self, op: Unary) -> Value {
        let kind = match op {
            Unary::Neg | Unary::Abs | Unary::Sign if self.kind != Kind::Float => Kind::Int,
            Unary::Not | Unary::IsNan => Kind::Bool,
            _ => Kind::Float,
        };
        let repr = match &self.repr {
            Repr::Data { values, fixed } => {
                Repr::Data { values: values.iter().map(|&x| op.eval(x)).collect(), fixed: *fixed }
            }
            Repr::Tensor(tensor) => Repr::tensor(tensor_ops::unary(op, (**tensor).clone())),
            Repr::Invalid(error) => Repr::Invalid(error.clone()),
        };
        Value { shape: self.shape.clone(), kind, repr }
    }

    /// Elementwise function of two values.
    pub fn binary(&self, op: Binary, rhs: &Value) -> Value {
        for side in [self, rhs] {
            if let Repr::Invalid(_) = side.repr {
                return side.clone();
            }
        }
        if let Some(pair) = scan::imported(&[self, rhs]) {
            return pair[0].binary(op, &pair[1]);
        }
        let Some(shape) = shape::broadcast(&self.shape, &rhs.shape) else {
            return Value::invalid(ValueError::Broadcast {
                operation: format!("{op:?}").to_lowercase(),
                left: self.shape.clone(),
                right: rhs.shape.clone(),
            });
        };
        let kind = binary_kind(op, self.kind, rhs.kind);
        if let Some(repr) = scalar_operand(op, self, rhs) {
            return Value { shape, kind, repr };
        }
        let (left, right) = (self.aligned(&shape), rhs.aligned(&shape));
        let repr = match (&left.repr, &right.repr) {
            (Repr::Data { values: a, fixed: fa }, Repr::Data { values: b, fixed: fb }) => {
                let count = shape::elements(&shape);
                let at = |v: &[f64], i: usize| if v.len() == 1 { v[0] } else { v[i] };
                Repr::Data {
                    values: (0..count).map(|i| op.eval(at(a, i), at(b, i))).collect(),
                    fixed: *fa && *fb,
                }
            }
            (Repr::Tensor(a), _) => Repr::tensor(tensor_ops::binary(op, (**a).clone(), right.as_tensor(a))),
            (_, Repr::Tensor(b)) => Repr::tensor(tensor_ops::binary(op, left.as_tensor(b), (**b).clone())),
            (Repr::Invalid(error), _) | (_, Repr::Invalid(error)) => Repr::Invalid(error.clone()),
        };
        Value { shape, kind, repr }
    }

    /// `a` where `self` is not zero, else `b`; the branch not taken may be infinite or NaN.
    pub fn select(&self, a: &Value, b: &Value) -> Value {
        self.ternary(Ternary::Select, a, b)
    }

    /// Logarithm of the regularised incomplete beta function `I_x(a, b)`, where `self` is the odds `x / (1 - x)`, which
    /// hold the digits of whichever of `x` and `1 - x` is small.
    pub fn log_beta_cdf(&self, a: &Value, b: &Value) -> Value {
        a.ternary(Ternary::LogBetaCdf(Part::Value), b, self)
    }

    /// Logarithm of the regularised lower incomplete gamma function `P(shape, x)`, where `self` is `x`.
    pub fn log_gamma_p(&self, shape: &Value) -> Value {
        shape.binary(Binary::LogGammaP(Part::Value), self)
    }

    /// Logarithm of the regularised upper incomplete gamma function `Q(shape, x)`, where `self` is `x`.
    pub fn log_gamma_q(&self, shape: &Value) -> Value {
        shape.binary(Binary::LogGammaQ(Part::Value), self)
    }

    /// Elementwise function of three values.
    pub(in crate::program) fn ternary(&self, op: Ternary, a: &Value, b: &Value) -> Value {
        for side in [self, a, b] {
            if let Repr::Invalid(_) = side.repr {
                return side.clone();
            }
        }
        if let Some(parts) = scan::imported(&[self, a, b]) {
            return parts[0].ternary(op, &parts[1], &parts[2]);
        }
        let broadcast = |left: &[usize], right: &[usize]| {
            shape::broadcast(left, right).ok_or_else(|| ValueError::Broadcast {
                operation: if op == Ternary::Select {
                    "where".into()
                } else {
                    format!("{op:?}").to_lowercase()
                },
                left: left.to_vec(),
                right: right.to_vec(),
            })
        };
        let shape = match broadcast(&a.shape, &b.shape).and_then(|s| broadcast(&self.shape, &s)) {
            Ok(shape) => shape,
            Err(error) => return Value::invalid(error),
        };
        let kind = if op == Ternary::Select { a.kind.max(b.kind) } else { Kind::Float };
        let parts = [self, a, b].map(|v| v.aligned(&shape));
        let like = parts.iter().find_map(|v| match &v.repr {
            Repr::Tensor(tensor) => Some((**tensor).clone()),
            _ => None,
        });
        let repr = match like {
            Some(like) => {
                let [x, a, b] = parts.map(|v| v.as_tensor(&like));
                Repr::tensor(tensor_ops::ternary(op, x, a, b, shape::elements(&shape)))
            }
            None => {
                let at = |v: &Value, i: usize| {
                    v.as_numbers().map_or(f64::NAN, |n| n[if n.len() == 1 { 0 } else { i }])
                };
                let [x, a, b] = &parts;
                let values = (0..shape::elements(&shape)).map(|i| op.eval(at(x, i), at(a, i), at(b, i)));
                Repr::Data { values: values.collect(), fixed: !parts.iter().any(Value::is_random) }
            }
        };
        Value { shape, kind, repr }
    }

    /// The value as an operand for a result of `shape`: itself when it has one element or that shape already.
    fn aligned(&self, shape: &[usize]) -> Value {
        if self.len() == 1 || self.shape == shape { self.clone() } else { self.broadcast_to(shape) }
    }

    pub(super) fn compare_not_equal(&self, rhs: &Value) -> Value {
        self.binary(Binary::NotEqual, rhs)
    }

    /// `self` to the power `exponent`.
    pub fn pow(&self, exponent: &Value) -> Value {
        self.binary(Binary::Pow, exponent)
    }

    /// The larger, element by element.
    pub fn maximum(&self, rhs: &Value) -> Value {
        self.binary(Binary::Max, rhs)
    }

    /// The smaller, element by element.
    pub fn minimum(&self, rhs: &Value) -> Value {
        self.binary(Binary::Min, rhs)
    }

    /// `x * x`
    pub fn square(&self) -> Value {
        self * self
    }
}

fn binary_kind(op: Binary, a: Kind, b: Kind) -> Kind {
    match op {
        Binary::Div | Binary::LogGammaP(_) | Binary::LogGammaQ(_) => Kind::Float,
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Pow => a.max(b).max(Kind::Int),
        Binary::Max | Binary::Min => a.max(b),
        _ => Kind::Bool,
    }
}

/// Arithmetic of a tensor with one known number keeps the number inside the operation.
fn scalar_operand(op: Binary, left: &Value, right: &Value) -> Option<Repr> {
    let scalar = |v: &Value| match &v.repr {
        Repr::Data { values, .. } if values.len() == 1 => Some(values[0]),
        _ => None,
    };
    match (&left.repr, &right.repr) {
        (Repr::Tensor(a), _) => tensor_ops::binary_scalar(op, a, scalar(right)?).map(Repr::tensor),
        (_, Repr::Tensor(b)) => tensor_ops::scalar_binary(op, scalar(left)?, b).map(Repr::tensor),
        _ => None,
    }
}

macro_rules! unary_methods {
    ($($(#[$doc:meta])* $name:ident => $op:ident;)*) => {
        impl Value {
            $($(#[$doc])* pub fn $name(&self) -> Value { self.unary(Unary::$op) })*
        }
    };
}

unary_methods! {
    /// `e^x`
    exp => Exp;
    /// Natural logarithm.
    log => Log;
    /// `log(1 + x)`
    log1p => Log1p;
    /// `e^x - 1`
    expm1 => Expm1;
    /// Square root.
    sqrt => Sqrt;
    /// `1 / x`
    recip => Recip;
    /// `|x|`
    abs => Abs;
    /// `1 / (1 + e^-x)`
    sigmoid => Sigmoid;
    /// `log(1 + e^x)`
    softplus => Softplus;
    /// Logarithm of the gamma function.
    lgamma => Lgamma;
    /// Error function.
    erf => Erf;
    /// `1 - erf(x)`, with all digits for large `x`.
    erfc => Erfc;
    /// Inverse of the error function.
    erfinv => Erfinv;
    /// The number below which a standard normal variable lies with probability `x`.
    normal_quantile => NormalQuantile;
    /// Hyperbolic tangent.
    tanh => Tanh;
    /// Largest integer not above `x`.
    floor => Floor;
    /// Nearest integer, ties to even.
    round => Round;
}

macro_rules! comparison_methods {
    ($($(#[$doc:meta])* $name:ident => $op:ident;)*) => {
        impl Value {
            $($(#[$doc])* pub fn $name(&self, rhs: &Value) -> Value { self.binary(Binary::$op, rhs) })*
        }
    };
}

comparison_methods! {
    /// `self > rhs`
    greater => Greater;
    /// `self >= rhs`
    greater_equal => GreaterEqual;
    /// `self < rhs`
    lower => Lower;
    /// `self <= rhs`
    lower_equal => LowerEqual;
    /// `self == rhs`
    equal => Equal;
    /// Both are not zero.
    and => And;
    /// At least one is not zero.
    or => Or;
}

macro_rules! operators {
    ($($trait:ident, $method:ident, $op:ident;)*) => {$(
        impl $trait<&Value> for &Value {
            type Output = Value;
            fn $method(self, rhs: &Value) -> Value { self.binary(Binary::$op, rhs) }
        }
        impl $trait<Value> for &Value {
            type Output = Value;
            fn $method(self, rhs: Value) -> Value { self.binary(Binary::$op, &rhs) }
        }
        impl $trait<&Value> for Value {
            type Output = Value;
            fn $method(self, rhs: &Value) -> Value { self.binary(Binary::$op, rhs) }
        }
        impl $trait<Value> for Value {
            type Output = Value;
            fn $method(self, rhs: Value) -> Value { self.binary(Binary::$op, &rhs) }
        }
        impl $trait<f64> for &Value {
            type Output = Value;
            fn $method(self, rhs: f64) -> Value { self.binary(Binary::$op, &Value::from(rhs)) }
        }
        impl $trait<f64> for Value {
            type Output = Value;
            fn $method(self, rhs: f64) -> Value { self.binary(Binary::$op, &Value::from(rhs)) }
        }
        impl $trait<&Value> for f64 {
            type Output = Value;
            fn $method(self, rhs: &Value) -> Value { Value::from(self).binary(Binary::$op, rhs) }
        }
        impl $trait<Value> for f64 {
            type Output = Value;
            fn $method(self, rhs: Value) -> Value { Value::from(self).binary(Binary::$op, &rhs) }
        }
    )*};
}

operators! {
    Add, add, Add;
    Sub, sub, Sub;
    Mul, mul, Mul;
    Div, div, Div;
}

impl Neg for &Value {
    type Output = Value;
    fn neg(self) -> Value {
        self.unary(Unary::Neg)
    }
}

impl Neg for Value {
    type Output = Value;
    fn neg(self) -> Value {
        self.unary(Unary::Neg)
    }
}
