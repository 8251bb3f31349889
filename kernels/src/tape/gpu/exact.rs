//! Sums and products in two parts: what single precision rounds away is kept.
//!
//! ```text
//! two_sum(a, b)  = (s, (a - (s - t)) + (b - t)),  s = a + b, t = s - a
//! two_prod(a, b) = (p, ((ah bh - p) + ah bl + al bh) + al bl),  p = a b, a = ah + al, b = bh + bl in halves
//! ```
//!
//! Drivers' compilers simplify `(a + b) - a` to `b`. A value that passes through integers, with a number that only
//! the launch knows to be zero, stops them.
//!
//! # References
//! - Knuth (1969), The Art of Computer Programming 2, 4.2.2, theorem B (`two_sum`)
//! - Dekker (1971), A floating-point technique for extending the available precision (`two_prod`, quotient)

use cubecl::prelude::*;

use super::math::is_finite;

/// A number in two parts.
#[derive(CubeType, Clone, Copy)]
pub(super) struct Pair {
    pub high: f32,
    pub low: f32,
}

/// `x`, in a way that compilers cannot look through; `zero` is zero.
#[cube]
pub(super) fn opaque(x: f32, zero: u32) -> f32 {
    f32::reinterpret(u32::reinterpret(x) ^ zero)
}

/// `a + b` exactly.
#[cube]
pub(super) fn two_sum(a: f32, b: f32, zero: u32) -> Pair {
    let sum = opaque(a + b, zero);
    let t = sum - a;
    Pair { high: sum, low: (a - (sum - t)) + (b - t) }
}

/// `a + b` exactly, for `|a| >= |b|`.
#[cube]
fn quick_two_sum(a: f32, b: f32, zero: u32) -> Pair {
    let sum = opaque(a + b, zero);
    Pair { high: sum, low: b - (sum - a) }
}

/// The upper twelve bits of the significand.
#[cube]
fn upper_half(x: f32) -> f32 {
    f32::reinterpret(u32::reinterpret(x) & 0xffff_f000u32)
}

/// `a b` exactly, unless a part underflows.
#[cube]
pub(super) fn two_prod(a: f32, b: f32, zero: u32) -> Pair {
    let product = opaque(a * b, zero);
    let a_high = upper_half(a);
    let b_high = upper_half(b);
    let a_low = a - a_high;
    let b_low = b - b_high;
    let rest = opaque(a_high * b_high, zero) - product;
    let rest = opaque(rest + opaque(a_high * b_low, zero), zero);
    let rest = opaque(rest + opaque(a_low * b_high, zero), zero);
    Pair { high: product, low: rest + a_low * b_low }
}

/// Joins a sum that is not finite and its parts: the parts would be NaN.
#[cube]
pub(super) fn joined(high: f32, low: f32, zero: u32) -> Pair {
    let is_finite = is_finite(high);
    let pair = quick_two_sum(high, select(is_finite, low, 0.0f32), zero);
    Pair { high: pair.high, low: select(is_finite, pair.low, 0.0f32) }
}

/// `a + b`.
#[cube]
pub(super) fn add(a: Pair, b: Pair, zero: u32) -> Pair {
    let sum = two_sum(a.high, b.high, zero);
    joined(sum.high, sum.low + (a.low + b.low), zero)
}

/// `-a`.
#[cube]
pub(super) fn negate(a: Pair) -> Pair {
    Pair { high: -a.high, low: -a.low }
}

/// `a b`.
#[cube]
pub(super) fn multiply(a: Pair, b: Pair, zero: u32) -> Pair {
    let product = two_prod(a.high, b.high, zero);
    joined(product.high, product.low + (a.high * b.low + a.low * b.high), zero)
}

/// `a / b`.
#[cube]
pub(super) fn divide(a: Pair, b: Pair, zero: u32) -> Pair {
    let quotient = a.high / b.high;
    let product = two_prod(quotient, b.high, zero);
    let rest = ((a.high - product.high) - product.low) + (a.low - quotient * b.low);
    joined(quotient, rest / b.high, zero)
}

/// Adds `x` to a running sum of two parts.
#[cube]
pub(super) fn accumulate(sum: Pair, x: f32, zero: u32) -> Pair {
    let next = two_sum(sum.high, x, zero);
    Pair { high: next.high, low: sum.low + next.low }
}

/// Sums that hold a low part the caller knows: `two_sum(1e8, 1)`, `two_prod(1 + 2^-12, 1 + 2^-12)`, a running sum.
#[cube(launch)]
pub(super) fn self_test(input: &[f32], output: &mut [f32], zero: u32) {
    let sum = two_sum(input[0], input[1], zero);
    output[0] = sum.low;
    let product = two_prod(input[2], input[2], zero);
    output[1] = product.low;
    let mut high = input[0];
    let mut low = 0.0f32;
    let mut count = 0usize.runtime();
    while count < 1000 {
        let next = accumulate(Pair { high, low }, input[1], zero);
        high = next.high;
        low = next.low;
        count += 1;
    }
    output[2] = low + (high - input[0]);
}
