//! The op table: every operation a tape may hold, with its meaning on the CPU.
//!
//! Adding an elementwise operation is one row in [`Unary`] or [`Binary`] and one in its `eval`; what the executors
//! add (a vectorised form, cube code) must agree with that row.

use std::sync::Arc;

use super::factor::Factor;
use super::scan::Scan;
use crate::special::{self, Dual};

/// An operation of a tape. Index vectors and matrices are shared data.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// `rows` elements of the position from `offset` on. No operands.
    Input {
        /// First element of the position.
        offset: usize,
    },
    /// Shared data. No operands.
    Constant(Arc<[f64]>),
    /// Elementwise function of one operand.
    Unary(Unary),
    /// Elementwise function of two operands.
    Binary(Binary),
    /// Elementwise function of three operands.
    Ternary(Ternary),
    /// Sum over the rows of one operand; one row.
    Sum,
    /// Sum of products of two operands of equal rows; one row.
    Dot,
    /// Row `index[i]` of the operand for every `i`.
    Gather(Arc<[u32]>),
    /// Row `g` is the sum of the operand's rows `i` with `index[i] == g`, added in the order of `i`; rows that no
    /// index names are zero.
    SegmentSum(Arc<[u32]>),
    /// Rows `start .. start + rows` of the operand.
    Slice {
        /// First row taken.
        start: usize,
    },
    /// The operands one after the other.
    Concat,
    /// `out[i] = sum_j matrix[i * columns + j] * v[j]`; operands: matrix (shared, row-major), v (`columns` rows).
    MatVec {
        /// Columns of the matrix; its rows are the rows of the result.
        columns: usize,
    },
    /// `out[j] = sum_i matrix[i * columns + j] * v[i]`, added in the order of `i`; operands: matrix (shared,
    /// row-major), v (as many rows as the matrix).
    MatTVec {
        /// Columns of the matrix, and rows of the result.
        columns: usize,
    },
    /// An operation on all of a small matrix at once.
    Factor(Factor),
    /// The states of a recurrence; operands: initial carries, then what its body reads besides.
    Scan(Arc<Scan>),
}

macro_rules! unary_ops {
    ($($(#[$doc:meta])* $name:ident, $x:ident => $eval:expr;)*) => {
        /// Elementwise functions of one operand.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Unary { $($(#[$doc])* $name,)* }

        impl Unary {
            /// Every row of the table.
            pub const ALL: &[Unary] = &[$(Unary::$name,)*];

            /// The value at `x`.
            pub fn eval(self, x: f64) -> f64 {
                match self { $(Unary::$name => { let $x = x; $eval })* }
            }
        }
    };
}

unary_ops! {
    /// `-x`
    Neg, x => -x;
    /// `e^x`
    Exp, x => x.exp();
    /// Natural logarithm; NaN for negative operands, `-inf` at zero.
    Log, x => x.ln();
    /// `log(1 + x)`
    Log1p, x => x.ln_1p();
    /// `e^x - 1`
    Expm1, x => x.exp_m1();
    /// Square root
    Sqrt, x => x.sqrt();
    /// `1 / x`
    Recip, x => 1.0 / x;
    /// `|x|`
    Abs, x => x.abs();
    /// -1, 0 or 1; NaN for NaN
    Sign, x => if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x };
    /// Largest integer not above `x`
    Floor, x => x.floor();
    /// Smallest integer not below `x`
    Ceil, x => x.ceil();
    /// Nearest integer, ties to even
    Round, x => x.round_ties_even();
    /// Sine
    Sin, x => x.sin();
    /// Cosine
    Cos, x => x.cos();
    /// Tangent
    Tan, x => x.tan();
    /// Inverse tangent
    Atan, x => x.atan();
    /// Hyperbolic sine
    Sinh, x => x.sinh();
    /// Hyperbolic cosine
    Cosh, x => x.cosh();
    /// Hyperbolic tangent
    Tanh, x => x.tanh();
    /// Error function
    Erf, x => special::erf(x);
    /// `1 - erf(x)`, with all digits for large `x`
    Erfc, x => special::erfc(x);
    /// Inverse of the error function
    Erfinv, x => special::erfinv(x);
    /// The number below which a standard normal variable lies with probability `x`
    NormalQuantile, x => special::normal_quantile(x);
    /// `1 / (1 + e^-x)`
    Sigmoid, x => special::sigmoid(x);
    /// `log(1 + e^x)`
    Softplus, x => special::softplus(x);
    /// Logarithm of the absolute value of the gamma function
    Lgamma, x => special::lgamma(x);
    /// Derivative of `lgamma`
    Digamma, x => special::digamma(x);
    /// Derivative of `digamma`
    Trigamma, x => special::trigamma(x);
    /// 1 if `x` is zero, else 0
    Not, x => f64::from(x == 0.0);
    /// 1 if `x` is NaN, else 0
    IsNan, x => f64::from(x.is_nan());
}

/// What is computed of a function: itself, or its derivative in one of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The function.
    Value,
    /// The derivative in operand 0.
    Slope0,
    /// The derivative in operand 1.
    Slope1,
    /// The derivative in operand 2.
    Slope2,
}

impl Part {
    /// The derivatives, by operand.
    pub const SLOPES: [Part; 3] = [Part::Slope0, Part::Slope1, Part::Slope2];

    /// This part of a function, which gives its value and its derivative in the direction of its operands' slopes.
    fn of<const N: usize>(self, operands: [f64; N], function: impl Fn([Dual; N]) -> Dual) -> f64 {
        let moving = Part::SLOPES.iter().position(|&part| part == self);
        let dual = |k: usize| Dual { value: operands[k], slope: f64::from(u8::from(moving == Some(k))) };
        let result = function(std::array::from_fn(dual));
        if self == Part::Value { result.value } else { result.slope }
    }
}

/// Elementwise functions of two operands. Comparisons give 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `a` to the power `b`
    Pow,
    /// The larger; NaN if either is NaN
    Max,
    /// The smaller; NaN if either is NaN
    Min,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterEqual,
    /// `a < b`
    Lower,
    /// `a <= b`
    LowerEqual,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// Both are not zero
    And,
    /// At least one is not zero
    Or,
    /// Logarithm of the regularised lower incomplete gamma function `P(a, b)`
    LogGammaP(Part),
    /// Logarithm of the regularised upper incomplete gamma function `Q(a, b)`
    LogGammaQ(Part),
}

impl Binary {
    /// Every row of the table.
    pub const ALL: &[Binary] = {
        use Binary::*;
        &[
            Add,
            Sub,
            Mul,
            Div,
            Pow,
            Max,
            Min,
            Greater,
            GreaterEqual,
            Lower,
            LowerEqual,
            Equal,
            NotEqual,
            And,
            Or,
            LogGammaP(Part::Value),
            LogGammaP(Part::Slope0),
            LogGammaP(Part::Slope1),
            LogGammaQ(Part::Value),
            LogGammaQ(Part::Slope0),
            LogGammaQ(Part::Slope1),
        ]
    };

    /// The value at `a`, `b`.
    pub fn eval(self, a: f64, b: f64) -> f64 {
        match self {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Pow => a.powf(b),
            Binary::Max => {
                if a.is_nan() || b.is_nan() {
                    f64::NAN
                } else {
                    a.max(b)
                }
            }
            Binary::Min => {
                if a.is_nan() || b.is_nan() {
                    f64::NAN
                } else {
                    a.min(b)
                }
            }
            Binary::Greater => f64::from(a > b),
            Binary::GreaterEqual => f64::from(a >= b),
            Binary::Lower => f64::from(a < b),
            Binary::LowerEqual => f64::from(a <= b),
            Binary::Equal => f64::from(a == b),
            Binary::NotEqual => f64::from(a != b),
            Binary::And => f64::from(a != 0.0 && b != 0.0),
            Binary::Or => f64::from(a != 0.0 || b != 0.0),
            Binary::LogGammaP(part) => part.of([a, b], |[a, b]| special::log_gamma_tails(a, b)[0]),
            Binary::LogGammaQ(part) => part.of([a, b], |[a, b]| special::log_gamma_tails(a, b)[1]),
        }
    }

    /// Whether the operands may change places.
    pub fn commutes(self) -> bool {
        use Binary::*;
        matches!(self, Add | Mul | Max | Min | Equal | NotEqual | And | Or)
    }
}

/// Elementwise functions of three operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ternary {
    /// `a * b + c`, fused (one rounding) where the processor can, else two roundings
    MulAdd,
    /// `b` where `a` is not zero, else `c`; the branch not taken may hold anything
    Select,
    /// Logarithm of the regularised incomplete beta function `I_x(a, b)` at the odds `c = x / (1 - x)`
    LogBetaCdf(Part),
}

impl Ternary {
    /// Every row of the table.
    pub const ALL: &[Ternary] = &[
        Ternary::MulAdd,
        Ternary::Select,
        Ternary::LogBetaCdf(Part::Value),
        Ternary::LogBetaCdf(Part::Slope0),
        Ternary::LogBetaCdf(Part::Slope1),
        Ternary::LogBetaCdf(Part::Slope2),
    ];

    /// The value at `a`, `b`, `c`.
    pub fn eval(self, a: f64, b: f64, c: f64) -> f64 {
        match self {
            Ternary::MulAdd => a * b + c,
            Ternary::Select => {
                if a != 0.0 {
                    b
                } else {
                    c
                }
            }
            Ternary::LogBetaCdf(part) => part.of([a, b, c], |[a, b, c]| special::log_beta_cdf(a, b, c)),
        }
    }
}

impl Op {
    /// Whether every row of the result depends on the same row of the operands alone.
    pub fn is_elementwise(&self) -> bool {
        matches!(self, Op::Unary(_) | Op::Binary(_) | Op::Ternary(_))
    }
}
