//! Functions of numbers in two parts, to about nine digits.
//!
//! ```text
//! exp(x)  = 2^k (1 + r + r^2 / 2 + r^3 p(r)),  x = k log 2 + r
//! log(x)  = y + (x e^-y - 1),                  y = log(x) in single precision
//! sqrt(x) = y + (x - y^2) / 2y,                y = sqrt(x) in single precision
//! lgamma(x) = (y - 1/2) log(y) - y + log(2 pi) / 2 + 1 / 12y - 1 / 360y^3 + .. - log(x .. (y - 1)),
//!             y = x + 0, 1, .., at least four
//! ```
//!
//! # References
//! - Abramowitz and Stegun (1964), 6.1.41 (logarithm of the gamma function)
//! - Dekker (1971), A floating-point technique for extending the available precision (square root)
//! - The logarithm is one step of Newton's method, folklore

#![allow(clippy::excessive_precision, clippy::approx_constant, reason = "coefficients as published")]

use cubecl::prelude::*;

use super::exact::{Pair, add, joined, multiply, negate, two_prod, two_sum};
use super::math::{is_finite, is_nan, lgamma, log, power_of_two, within_exponents};

/// `e^x`.
#[cube]
pub(super) fn exp(x: &Pair, zero: u32) -> Pair {
    let high = within_exponents(x.high);
    let low = select(high == x.high, x.low, 0.0f32);
    let k = (high * 1.442695041f32 + 0.5f32).floor();
    // log 2 in three parts; the product with the first is exact.
    let middle = two_prod(k, 2.12194440e-4f32, zero);
    let first = Pair { high: high - k * 0.693359375f32, low };
    let r = add(first, Pair { high: middle.high, low: middle.low - k * 1.6465950e-12f32 }, zero);
    let t = r.high;
    let p = 2.48015873e-5f32;
    let p = p * t + 1.98412698e-4f32;
    let p = p * t + 1.38888889e-3f32;
    let p = p * t + 8.33333333e-3f32;
    let p = p * t + 4.16666667e-2f32;
    let p = p * t + 1.66666667e-1f32;
    let square = multiply(Pair { high: r.high, low: r.low }, Pair { high: r.high, low: r.low }, zero);
    let tail = Pair { high: 0.5f32 * square.high, low: 0.5f32 * square.low + t * t * t * p };
    let sum = add(Pair { high: 1.0f32, low: 0.0f32 }, add(r, tail, zero), zero);
    let half = (k * 0.5f32).floor();
    let scaled = sum.high * power_of_two(half) * power_of_two(k - half);
    let scaled_low = sum.low * power_of_two(half) * power_of_two(k - half);
    let is_number = !is_nan(x.high);
    joined(select(is_number, scaled, x.high), select(is_number, scaled_low, 0.0f32), zero)
}

/// Natural logarithm.
#[cube]
pub(super) fn log_pair(x: Pair, zero: u32) -> Pair {
    let y = log(x.high, zero);
    let inverse = exp(&Pair { high: -y, low: 0.0f32 }, zero);
    let ratio = add(multiply(x, inverse, zero), Pair { high: -1.0f32, low: 0.0f32 }, zero);
    joined(y, select(is_finite(y), ratio.high + ratio.low, 0.0f32), zero)
}

/// Square root.
#[cube]
pub(super) fn sqrt(x: Pair, zero: u32) -> Pair {
    let y = x.high.sqrt();
    let square = two_prod(y, y, zero);
    let rest = ((x.high - square.high) - square.low) + x.low;
    joined(y, select(y > 0.0f32, rest / (2.0f32 * y), 0.0f32), zero)
}

/// Logarithm of the absolute value of the gamma function; below zero in single precision.
#[cube]
pub(super) fn lgamma_pair(x: Pair, zero: u32) -> Pair {
    let is_inside = select(x.high > 1.0e-30f32, x.high < 1.0e30f32, false);
    let mut high = select(is_inside, x.high, 4.0f32);
    let mut low = select(is_inside, x.low, 0.0f32);
    let mut factor = 1.0f32;
    let mut factor_low = 0.0f32;
    #[unroll]
    for _ in 0..4 {
        let is_low = high < 4.0f32;
        let product = multiply(Pair { high: factor, low: factor_low }, Pair { high, low }, zero);
        factor = select(is_low, product.high, factor);
        factor_low = select(is_low, product.low, factor_low);
        let next = add(Pair { high, low }, Pair { high: 1.0f32, low: 0.0f32 }, zero);
        high = select(is_low, next.high, high);
        low = select(is_low, next.low, low);
    }
    let r = 1.0f32 / high;
    let z = r * r;
    let series = 7.9365079e-4f32 - z * (5.9523810e-4f32 - z * 8.4175084e-4f32);
    let series = r * (0.083333333f32 - z * (2.7777778e-3f32 - z * series));
    // log(2 pi) / 2 in two parts.
    let constant = two_sum(0.918938518f32, series, zero);
    let constant = Pair { high: constant.high, low: constant.low + 1.563418e-8f32 };
    let less_half = add(Pair { high, low }, Pair { high: -0.5f32, low: 0.0f32 }, zero);
    let product = multiply(less_half, log_pair(Pair { high, low }, zero), zero);
    let raised = add(add(product, Pair { high: -high, low: -low }, zero), constant, zero);
    let shift = log_pair(Pair { high: factor, low: factor_low }, zero);
    let inside = add(raised, negate(shift), zero);
    let outside = lgamma(x.high, zero);
    joined(select(is_inside, inside.high, outside), select(is_inside, inside.low, 0.0f32), zero)
}
