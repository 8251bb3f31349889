//! Functions of a number whose inverses and slopes are known.
//!
//! ```text
//! shift    x + a        log |dx/dy| = 0
//! scale    a x          -log |a|
//! power    x^p          (1/p - 1) log |y| - log |p|      even powers have two inverses, -y^(1/p) and y^(1/p)
//! exp                   -log y                           y > 0
//! log                   y
//! abs                   0                                y >= 0; -y and y
//! sinh                  -log(1 + y^2) / 2
//! cosh                  -log(y^2 - 1) / 2                y > 1; -acosh y and acosh y
//! tanh                  -log(1 - y^2)                    |y| < 1
//! asinh                 log cosh y
//! acosh                 log sinh y                       y > 0
//! atanh                 -2 log cosh y
//! erf                   x^2 + log(pi) / 2 - log 2        |y| < 1
//! erfc                  x^2 + log(pi) / 2 - log 2        0 < y < 2
//! sigmoid               -log y - log(1 - y)              0 < y < 1
//! softplus              -log(1 - e^-y)                   y > 0
//! ```
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/transforms.py` (the list).

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;

use crate::distributions::special::log1m_exp;

/// A function of a number.
#[derive(Clone, Debug)]
pub enum Map {
    /// `x + a`
    Shift(Value),
    /// `a x`
    Scale(Value),
    /// `x^p`
    Power(f64),
    /// `e^x`
    Exp,
    /// Natural logarithm.
    Log,
    /// `|x|`
    Abs,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Inverse of the hyperbolic sine.
    Asinh,
    /// Inverse of the hyperbolic cosine.
    Acosh,
    /// Inverse of the hyperbolic tangent.
    Atanh,
    /// Error function.
    Erf,
    /// `1 - erf(x)`
    Erfc,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `log(1 + e^x)`
    Softplus,
}

/// Which way a function goes.
pub(super) enum Direction {
    Up,
    Down,
    /// By the sign of a factor.
    BySign(Value),
    /// Both ways.
    None,
}

impl Map {
    /// The parameter of the function.
    pub(super) fn parameter(&self) -> Option<(&'static str, &Value)> {
        match self {
            Map::Shift(by) => Some(("shift", by)),
            Map::Scale(by) => Some(("scale", by)),
            _ => None,
        }
    }

    fn is_even(&self) -> bool {
        matches!(self, Map::Power(p) if p % 2.0 == 0.0)
    }

    /// The function's value.
    pub(super) fn forward(&self, x: &Value) -> Value {
        match self {
            Map::Shift(by) => x + by,
            Map::Scale(by) => x * by,
            Map::Power(p) => x.pow(&Value::from(*p)),
            Map::Exp => x.exp(),
            Map::Log => x.log(),
            Map::Abs => x.abs(),
            Map::Sinh => x.unary(Unary::Sinh),
            Map::Cosh => x.unary(Unary::Cosh),
            Map::Tanh => x.tanh(),
            Map::Asinh => asinh(x),
            Map::Acosh => acosh(x),
            Map::Atanh => atanh(x),
            Map::Erf => x.erf(),
            Map::Erfc => x.erfc(),
            Map::Sigmoid => x.sigmoid(),
            Map::Softplus => x.softplus(),
        }
    }

    /// The numbers that the function takes to `y`: one or two.
    pub(super) fn inverses(&self, y: &Value) -> Vec<Value> {
        let both = |x: Value| vec![-&x, x];
        match self {
            Map::Shift(by) => vec![y - by],
            Map::Scale(by) => vec![y * by.recip()],
            Map::Power(p) if self.is_even() => both(y.pow(&Value::from(p.recip()))),
            Map::Power(p) if p.abs() < 1.0 => vec![y.pow(&Value::from(p.recip()))],
            Map::Power(p) if *p == -1.0 => vec![y.recip()],
            Map::Power(p) => vec![y.abs().pow(&Value::from(p.recip())) * y.unary(Unary::Sign)],
            Map::Exp => vec![y.log()],
            Map::Log => vec![y.exp()],
            Map::Abs => both(y.clone()),
            Map::Sinh => vec![asinh(y)],
            Map::Cosh => both(acosh(y)),
            Map::Tanh => vec![atanh(y)],
            Map::Asinh => vec![y.unary(Unary::Sinh)],
            Map::Acosh => vec![y.unary(Unary::Cosh)],
            Map::Atanh => vec![y.tanh()],
            Map::Erf => vec![y.erfinv()],
            Map::Erfc => vec![(y * 0.5).normal_quantile() * -FRAC_1_SQRT_2],
            Map::Sigmoid => vec![y.log() - (-y).log1p()],
            Map::Softplus => vec![y + log1m_exp(&-y)],
        }
    }

    /// `log |dx/dy|`; `None` where it is zero.
    pub(super) fn log_slope(&self, y: &Value) -> Option<Value> {
        let log_cosh = |y: &Value| y.abs() + (y.abs() * -2.0).exp().log1p() - LN_2;
        Some(match self {
            Map::Shift(_) | Map::Abs => return None,
            Map::Scale(by) => -by.abs().log(),
            Map::Power(p) => y.abs().log() * (p.recip() - 1.0) - p.abs().ln(),
            Map::Exp => -y.log(),
            Map::Log => y.clone(),
            Map::Sinh => y.square().log1p() * -0.5,
            Map::Cosh => ((y - 1.0).log() + (y + 1.0).log()) * -0.5,
            Map::Tanh => -(y.log1p() + (-y).log1p()),
            Map::Asinh => log_cosh(y),
            Map::Acosh => y + log1m_exp(&(y * -2.0)) - LN_2,
            Map::Atanh => log_cosh(y) * -2.0,
            Map::Erf | Map::Erfc => self.inverses(y).remove(0).square() + (0.5 * PI.ln() - LN_2),
            Map::Sigmoid => -(y.log() + (-y).log1p()),
            Map::Softplus => -log1m_exp(&-y),
        })
    }

    /// Whether the function has `y` among its values, with a number that it has; `None` where it has all.
    pub(super) fn reaches(&self, y: &Value) -> Option<(Value, f64)> {
        let above = |bound: f64| y.greater(&Value::from(bound));
        let between = |low: f64, high: f64| above(low).and(&y.lower(&Value::from(high)));
        Some(match self {
            Map::Power(p) if self.is_even() || p.abs() < 1.0 => (above(0.0), 1.0),
            Map::Exp | Map::Acosh | Map::Softplus => (above(0.0), 1.0),
            Map::Abs => (y.greater_equal(&Value::from(0.0)), 1.0),
            Map::Cosh => (above(1.0), 2.0),
            Map::Tanh | Map::Erf => (between(-1.0, 1.0), 0.5),
            Map::Erfc => (between(0.0, 2.0), 0.5),
            Map::Sigmoid => (between(0.0, 1.0), 0.5),
            _ => return None,
        })
    }

    /// The bounds of the function's values, infinite where there are none.
    pub(super) fn bounds(&self) -> (f64, f64) {
        let infinity = f64::INFINITY;
        match self {
            Map::Power(p) if self.is_even() || p.abs() < 1.0 => (0.0, infinity),
            Map::Exp | Map::Acosh | Map::Softplus | Map::Abs => (0.0, infinity),
            Map::Cosh => (1.0, infinity),
            Map::Tanh | Map::Erf => (-1.0, 1.0),
            Map::Erfc => (0.0, 2.0),
            Map::Sigmoid => (0.0, 1.0),
            _ => (-infinity, infinity),
        }
    }

    /// Which way the function goes; that of numbers from 0 on may go one way where that of all numbers does not.
    pub(super) fn direction(&self, is_from_zero: bool) -> Direction {
        match self {
            Map::Abs | Map::Cosh if is_from_zero => Direction::Up,
            Map::Power(p) if *p < 0.0 && (is_from_zero || p.abs() < 1.0) => Direction::Down,
            Map::Power(_) if is_from_zero => Direction::Up,
            Map::Scale(by) => Direction::BySign(by.clone()),
            Map::Erfc => Direction::Down,
            Map::Abs | Map::Cosh => Direction::None,
            Map::Power(p) if self.is_even() || *p < 0.0 => Direction::None,
            _ => Direction::Up,
        }
    }
}

/// Of the size, for no digits are lost there, with the sign.
fn asinh(x: &Value) -> Value {
    let size = x.abs();
    let square = size.square();
    let root = (&square + 1.0).sqrt() + 1.0;
    (&size + square * root.recip()).log1p() * x.unary(Unary::Sign)
}

fn acosh(x: &Value) -> Value {
    let above = x - 1.0;
    (&above + (&above * (x + 1.0)).sqrt()).log1p()
}

fn atanh(x: &Value) -> Value {
    (x.log1p() - (-x).log1p()) * 0.5
}
