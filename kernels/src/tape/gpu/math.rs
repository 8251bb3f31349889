//! Elementary and special functions in single precision, branch free.
//!
//! Shading languages promise little of theirs: a sine to 2^-11, a logarithm near one to 2^-21, powers through both.
//! Only `sqrt`, the roundings, arithmetic, and `exp` where its result is at most one, are the device's own.
//!
//! # References
//! - Moshier, Cephes, `single/` (polynomials of log, exp, sin, cos, atan, erf and the parts of pi / 2)
//! - Wichura (1988), Algorithm AS 241, PPND7 (normal quantiles)
//! - Abramowitz and Stegun (1964), 6.1.41, 6.3.18, 6.4.12 (series of the gamma functions), 6.1.17 (reflection)
//! - The polynomial of `lgamma` near two is ours: least squares of `lgamma(2 + t) / t`, relative error 1.5e-7

#![allow(clippy::excessive_precision, clippy::approx_constant, reason = "coefficients as published")]

use cubecl::prelude::*;

use super::super::ops::{Binary, Ternary, Unary};
use super::exact::opaque;
use super::incomplete::{log_beta_cdf, log_gamma_tail};

#[cube]
pub(super) fn is_nan(x: f32) -> bool {
    (u32::reinterpret(x) & 0x7fff_ffffu32) > 0x7f80_0000u32
}

#[cube]
pub(super) fn is_finite(x: f32) -> bool {
    (u32::reinterpret(x) & 0x7f80_0000u32) != 0x7f80_0000u32
}

/// 1 or 0.
#[cube]
fn truth(condition: bool) -> f32 {
    select(condition, 1.0f32, 0.0f32)
}

/// `x` where it is NaN, else `y`.
#[cube]
fn or_nan(x: f32, y: f32) -> f32 {
    select(is_nan(x), x, y)
}

#[cube]
pub(super) fn infinity(zero: u32) -> f32 {
    f32::reinterpret(0x7f80_0000u32 ^ zero)
}

#[cube]
pub(super) fn nan(zero: u32) -> f32 {
    f32::reinterpret(0x7fc0_0000u32 ^ zero)
}

/// `log(1 + f)` for `f` between `sqrt(1/2) - 1` and `sqrt(2) - 1`.
#[cube]
fn log_near_one(f: f32) -> f32 {
    let y = 7.0376836292e-2f32;
    let y = y * f - 1.1514610310e-1f32;
    let y = y * f + 1.1676998740e-1f32;
    let y = y * f - 1.2420140846e-1f32;
    let y = y * f + 1.4249322787e-1f32;
    let y = y * f - 1.6668057665e-1f32;
    let y = y * f + 2.0000714765e-1f32;
    let y = y * f - 2.4999993993e-1f32;
    let y = y * f + 3.3333331174e-1f32;
    let z = f * f;
    y * f * z - 0.5f32 * z
}

/// Natural logarithm; numbers below the smallest normal one count as zero.
#[cube]
pub(super) fn log(x: f32, zero: u32) -> f32 {
    let shifted = u32::reinterpret(x) - 0x3f35_04f3u32;
    let biased = f32::cast_from(shifted >> 23u32);
    let exponent = select(shifted >= 0x8000_0000u32, biased - 512.0f32, biased);
    let f = f32::reinterpret((shifted & 0x007f_ffffu32) + 0x3f35_04f3u32) - 1.0f32;
    let y = f + (log_near_one(f) - 2.12194440e-4f32 * exponent);
    let y = y + 0.693359375f32 * exponent;
    let y = select(x < 1.1754944e-38f32, -infinity(zero), y);
    let y = select(x < 0.0f32, nan(zero), y);
    let y = select(x > 3.4028235e38f32, infinity(zero), y);
    or_nan(x, y)
}

#[cube]
pub(super) fn log1p(x: f32, zero: u32) -> f32 {
    let near = select(x > -0.29f32, x < 0.41f32, false);
    select(near, x + log_near_one(x), log(1.0f32 + x, zero))
}

/// `2^k` for whole `k` between -126 and 127.
#[cube]
pub(super) fn power_of_two(k: f32) -> f32 {
    f32::reinterpret(u32::cast_from(k + 127.0f32) << 23u32)
}

/// `x` between the numbers beyond which `e^x` is zero and infinite; zero for NaN.
#[cube]
pub(super) fn within_exponents(x: f32) -> f32 {
    let x = select(x > 89.0f32, 89.0f32, x);
    let x = select(x < -104.0f32, -104.0f32, x);
    select(is_nan(x), 0.0f32, x)
}

/// `(e^x - 1 - x) / x^2` for `|x| < 0.35`.
#[cube]
fn exp_tail(x: f32) -> f32 {
    let y = 1.9875691500e-4f32;
    let y = y * x + 1.3981999507e-3f32;
    let y = y * x + 8.3334519073e-3f32;
    let y = y * x + 4.1665795894e-2f32;
    let y = y * x + 1.6666665459e-1f32;
    y * x + 5.0000001201e-1f32
}

/// `e^x`: devices' own loses digits in proportion to `x`.
#[cube]
pub(super) fn exp(x: f32, zero: u32) -> f32 {
    let bounded = within_exponents(x);
    let k = (bounded * 1.442695041f32 + 0.5f32).floor();
    let r = opaque(bounded - k * 0.693359375f32, zero) + k * 2.12194440e-4f32;
    let y = 1.0f32 + (r + r * r * exp_tail(r));
    let half = (k * 0.5f32).floor();
    or_nan(x, y * power_of_two(half) * power_of_two(k - half))
}

#[cube]
pub(super) fn expm1(x: f32, zero: u32) -> f32 {
    select(x.abs() < 0.35f32, x + x * x * exp_tail(x), exp(x, zero) - 1.0f32)
}

/// `x - j pi / 2` for whole `j`.
#[cube]
fn beyond_quarter(x: f32, j: f32, zero: u32) -> f32 {
    let r = opaque(x - j * 1.5703125f32, zero);
    let r = opaque(r - j * 4.837512969970703e-4f32, zero);
    r - j * 7.549789948768648e-8f32
}

/// Sine of `x + shift pi / 2`; `|x|` up to 8192.
#[cube]
fn sine(x: f32, shift: f32, zero: u32) -> f32 {
    let j = (x * 0.636619772f32 + 0.5f32).floor();
    let r = beyond_quarter(x, j, zero);
    let z = r * r;
    let s = -1.9515295891e-4f32;
    let s = s * z + 8.3321608736e-3f32;
    let s = s * z - 1.6666654611e-1f32;
    let s = r + r * z * s;
    let c = 2.443315711809948e-5f32;
    let c = c * z - 1.388731625493765e-3f32;
    let c = c * z + 4.166664568298827e-2f32;
    let c = (1.0f32 - 0.5f32 * z) + z * z * c;
    let turns = j + shift;
    let quarter = turns - 4.0f32 * (turns * 0.25f32).floor();
    let is_negative = quarter > 1.5f32;
    let half = select(is_negative, quarter - 2.0f32, quarter);
    let y = select(half > 0.5f32, c, s);
    or_nan(x, select(is_negative, -y, y))
}

#[cube]
fn atan(x: f32) -> f32 {
    let a = x.abs();
    let is_large = a > 2.4142135f32;
    let is_middle = a > 0.41421357f32;
    let middle = (a - 1.0f32) / (a + 1.0f32);
    let t = select(is_large, -1.0f32 / a, select(is_middle, middle, a));
    let base = select(is_large, 1.5707964f32, select(is_middle, 0.7853982f32, 0.0f32));
    let z = t * t;
    let y = 8.05374449538e-2f32;
    let y = y * z - 1.38776856032e-1f32;
    let y = y * z + 1.99777106478e-1f32;
    let y = y * z - 3.33329491539e-1f32;
    let y = base + (t + t * z * y);
    or_nan(x, select(x < 0.0f32, -y, y))
}

#[cube]
fn tanh(x: f32, zero: u32) -> f32 {
    let a = x.abs();
    let t = expm1(2.0f32 * select(a > 10.0f32, 10.0f32, a), zero);
    let y = t / (t + 2.0f32);
    or_nan(x, select(x < 0.0f32, -y, y))
}

#[cube]
fn sinh(x: f32, zero: u32) -> f32 {
    let a = x.abs();
    let t = expm1(a, zero);
    let y = select(a > 20.0f32, 0.5f32 * exp(a, zero), 0.5f32 * (t + t / (t + 1.0f32)));
    or_nan(x, select(x < 0.0f32, -y, y))
}

#[cube]
fn cosh(x: f32, zero: u32) -> f32 {
    let e = exp(x.abs(), zero);
    0.5f32 * (e + 1.0f32 / e)
}

/// `erf(x)` for `|x| <= 1`.
#[cube]
fn erf_near(x: f32) -> f32 {
    let z = x * x;
    let inner = 7.853861353153693e-5f32;
    let inner = inner * z - 8.010193625184903e-4f32;
    let inner = inner * z + 5.188327685732524e-3f32;
    let inner = inner * z - 2.685381193529856e-2f32;
    let inner = inner * z + 1.128358514861418e-1f32;
    let inner = inner * z - 3.761262582423300e-1f32;
    x * (inner * z + 1.128379165726710f32)
}

/// `erfc(x)` for `x >= 1`.
#[cube]
fn erfc_far(x: f32, zero: u32) -> f32 {
    let b = select(x > 1.0f32, x, 1.0f32);
    let b = select(b < 10.0f32, b, 10.0f32);
    let r = 1.0f32 / b;
    let w = r * r;
    let outer = 2.326819970068386e-2f32;
    let outer = outer * w - 1.387039388740657e-1f32;
    let outer = outer * w + 3.687424674597105e-1f32;
    let outer = outer * w - 5.824733027278666e-1f32;
    let outer = outer * w + 6.210004621745983e-1f32;
    let outer = outer * w - 4.944515323274145e-1f32;
    let outer = outer * w + 3.404879937665872e-1f32;
    let outer = outer * w - 2.741127028184656e-1f32;
    let outer = outer * w + 5.638259427386472e-1f32;
    let furthest = -10.47766399936249f32;
    let furthest = furthest * w + 12.97719955372516f32;
    let furthest = furthest * w - 7.495518717768503f32;
    let furthest = furthest * w + 2.921019019210786f32;
    let furthest = furthest * w - 1.015265279202700f32;
    let furthest = furthest * w + 4.218463358204948e-1f32;
    let furthest = furthest * w - 2.820767439740514e-1f32;
    let furthest = furthest * w + 5.641895067754075e-1f32;
    exp(-b * b, zero) * r * select(b < 2.0f32, outer, furthest)
}

#[cube]
fn erf(x: f32, zero: u32) -> f32 {
    let a = x.abs();
    let y = select(a > 1.0f32, 1.0f32 - erfc_far(a, zero), erf_near(a));
    or_nan(x, select(x < 0.0f32, -y, y))
}

#[cube]
fn erfc(x: f32, zero: u32) -> f32 {
    let far = erfc_far(x.abs(), zero);
    let y = select(x > 1.0f32, far, select(x < -1.0f32, 2.0f32 - far, 1.0f32 - erf_near(x)));
    or_nan(x, y)
}

/// A quantile of the normal distribution, from the distance of its probability to 1/2 and the smaller tail.
#[cube]
fn quantile(q: f32, tail: f32, zero: u32) -> f32 {
    let r = 0.180625f32 - q * q;
    let above = ((59.109374720f32 * r + 159.29113202f32) * r + 50.434271938f32) * r + 3.3871327179f32;
    let below = ((67.187563600f32 * r + 78.757757664f32) * r + 17.895169469f32) * r + 1.0f32;
    let centre = q * above / below;
    let r = (-log(tail, zero)).sqrt();
    let s = r - 1.6f32;
    let above = ((0.17023821103f32 * s + 1.3067284816f32) * s + 2.7568153900f32) * s + 1.4234372777f32;
    let below = (0.12021132975f32 * s + 0.73700164250f32) * s + 1.0f32;
    let near = above / below;
    let s = r - 5.0f32;
    let above = ((0.017337203997f32 * s + 0.42868294337f32) * s + 3.0812263860f32) * s + 6.6579051150f32;
    let below = (0.012258202635f32 * s + 0.24197894225f32) * s + 1.0f32;
    let size = select(r <= 5.0f32, near, above / below);
    let size = select(tail == 0.0f32, infinity(zero), or_nan(r, size));
    or_nan(q, select(q.abs() <= 0.425f32, centre, select(q < 0.0f32, -size, size)))
}

#[cube]
fn normal_quantile(p: f32, zero: u32) -> f32 {
    quantile(p - 0.5f32, select(p < 0.5f32, p, 1.0f32 - p), zero)
}

#[cube]
fn erfinv(x: f32, zero: u32) -> f32 {
    0.70710678f32 * quantile(0.5f32 * x, 0.5f32 * (1.0f32 - x.abs()), zero)
}

#[cube]
fn sigmoid(x: f32) -> f32 {
    1.0f32 / (1.0f32 + (-x).exp())
}

#[cube]
fn softplus(x: f32, zero: u32) -> f32 {
    or_nan(x, select(x > 0.0f32, x, 0.0f32) + log1p((-x.abs()).exp(), zero))
}

/// `x` less the nearest whole number.
#[cube]
fn distance_to_integer(x: f32) -> f32 {
    x - (x + 0.5f32).floor()
}

/// `lgamma` for `x > 0`: recurrence into [1.5, 2.5] below eight, else the series.
#[cube]
fn lgamma_positive(x: f32, zero: u32) -> f32 {
    let mut t = x;
    let mut product = 1.0f32;
    #[unroll]
    for _ in 0..2 {
        let is_low = t < 1.5f32;
        product = select(is_low, product * t, product);
        t = select(is_low, t + 1.0f32, t);
    }
    let is_raised = x < 1.5f32;
    #[unroll]
    for _ in 0..6 {
        let is_high = t > 2.5f32;
        t = select(is_high, t - 1.0f32, t);
        product = select(is_high, product * t, product);
    }
    let t = t - 2.0f32;
    let y = 1.207336861596e-4f32;
    let y = y * t - 2.537877059451e-4f32;
    let y = y * t + 5.024316928164e-4f32;
    let y = y * t - 1.1858746983530e-3f32;
    let y = y * t + 2.8915616458876e-3f32;
    let y = y * t - 7.3861718710958e-3f32;
    let y = y * t + 2.05807462252763e-2f32;
    let y = y * t - 6.73522815858396e-2f32;
    let y = y * t + 3.224670344681275e-1f32;
    let y = y * t + 4.227843350013414e-1f32;
    let shift = log(product, zero);
    let small = t * y + select(is_raised, -shift, shift);
    let r = 1.0f32 / x;
    let z = r * r;
    let series = r * (0.083333333f32 - z * (2.7777778e-3f32 - z * 7.9365079e-4f32));
    let large = (x - 0.5f32) * log(x, zero) - x + (0.918938533f32 + series);
    select(x < 8.0f32, small, select(x > 3.0e37f32, x, large))
}

#[cube]
pub(super) fn lgamma(x: f32, zero: u32) -> f32 {
    let is_reflected = x <= 0.0f32;
    let positive = lgamma_positive(select(is_reflected, 1.0f32 - x, x), zero);
    let sine = sine(3.14159265f32 * distance_to_integer(x), 0.0f32, zero).abs();
    let reflected = 1.14472989f32 - log(sine, zero) - positive;
    or_nan(x, select(is_reflected, reflected, positive))
}

#[cube]
fn digamma(x: f32, zero: u32) -> f32 {
    let is_reflected = x <= 0.0f32;
    let mut y = select(is_reflected, 1.0f32 - x, x);
    let mut shift = 0.0f32;
    #[unroll]
    for _ in 0..6 {
        let is_low = y < 6.0f32;
        shift = select(is_low, shift + 1.0f32 / y, shift);
        y = select(is_low, y + 1.0f32, y);
    }
    let r = 1.0f32 / y;
    let z = r * r;
    let series = z * (0.083333333f32 - z * (8.3333333e-3f32 - z * (3.968254e-3f32 - z * 4.1666667e-3f32)));
    let positive = log(y, zero) - 0.5f32 * r - series - shift;
    let angle = 3.14159265f32 * distance_to_integer(x);
    let cotangent = sine(angle, 1.0f32, zero) / sine(angle, 0.0f32, zero);
    let reflected = positive - 3.14159265f32 * cotangent;
    let reflected = select(distance_to_integer(x) == 0.0f32, nan(zero), reflected);
    let reflected = select(x == 0.0f32, -1.0f32 / x, reflected);
    or_nan(x, select(is_reflected, reflected, positive))
}

#[cube]
fn trigamma(x: f32, zero: u32) -> f32 {
    let is_reflected = x <= 0.0f32;
    let mut y = select(is_reflected, 1.0f32 - x, x);
    let mut shift = 0.0f32;
    #[unroll]
    for _ in 0..6 {
        let is_low = y < 6.0f32;
        let r = 1.0f32 / y;
        shift = select(is_low, shift + r * r, shift);
        y = select(is_low, y + 1.0f32, y);
    }
    let r = 1.0f32 / y;
    let z = r * r;
    let series = z * r * (0.166666667f32 - z * (0.033333333f32 - z * (0.023809524f32 - z * 0.033333333f32)));
    let positive = shift + (r + 0.5f32 * z + series);
    let over = 3.14159265f32 / sine(3.14159265f32 * distance_to_integer(x), 0.0f32, zero);
    let reflected = select(x == 0.0f32, infinity(zero), over * over - positive);
    or_nan(x, select(is_reflected, reflected, positive))
}

/// `a^b = e^(b log |a|)`, negative for odd `b` and negative `a`.
#[cube]
fn power(a: f32, b: f32, zero: u32) -> f32 {
    let magnitude = exp(b * log(a.abs(), zero), zero);
    let is_whole = b.floor() == b;
    let is_odd = (b * 0.5f32).floor() * 2.0f32 != b;
    let of_negative = select(is_whole, select(is_odd, -magnitude, magnitude), nan(zero));
    let y = select(a < 0.0f32, of_negative, magnitude);
    let y = or_nan(a, or_nan(b, y));
    select(b == 0.0f32, 1.0f32, select(a == 1.0f32, 1.0f32, y))
}

/// What the op table says, for single precision.
#[cube]
pub(super) fn unary(x: f32, zero: u32, #[comptime] op: Unary) -> f32 {
    match comptime!(op) {
        Unary::Neg => -x,
        Unary::Exp => exp(x, zero),
        Unary::Log => log(x, zero),
        Unary::Log1p => log1p(x, zero),
        Unary::Expm1 => expm1(x, zero),
        Unary::Sqrt => x.sqrt(),
        Unary::Recip => 1.0f32 / x,
        Unary::Abs => x.abs(),
        Unary::Sign => select(x > 0.0f32, 1.0f32, select(x < 0.0f32, -1.0f32, x)),
        Unary::Floor => x.floor(),
        Unary::Ceil => x.ceil(),
        Unary::Round => x.round(),
        Unary::Sin => sine(x, 0.0f32, zero),
        Unary::Cos => sine(x, 1.0f32, zero),
        Unary::Tan => sine(x, 0.0f32, zero) / sine(x, 1.0f32, zero),
        Unary::Atan => atan(x),
        Unary::Sinh => sinh(x, zero),
        Unary::Cosh => cosh(x, zero),
        Unary::Tanh => tanh(x, zero),
        Unary::Erf => erf(x, zero),
        Unary::Erfc => erfc(x, zero),
        Unary::Erfinv => erfinv(x, zero),
        Unary::NormalQuantile => normal_quantile(x, zero),
        Unary::Sigmoid => sigmoid(x),
        Unary::Softplus => softplus(x, zero),
        Unary::Lgamma => lgamma(x, zero),
        Unary::Digamma => digamma(x, zero),
        Unary::Trigamma => trigamma(x, zero),
        Unary::Not => truth(x == 0.0f32),
        Unary::IsNan => truth(is_nan(x)),
    }
}

/// What the op table says, for single precision. Shading languages' `!=` is false for NaN: `==` is used instead.
#[cube]
pub(super) fn binary(a: f32, b: f32, zero: u32, #[comptime] op: Binary) -> f32 {
    match comptime!(op) {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => power(a, b, zero),
        Binary::Max => or_nan(a, or_nan(b, select(a > b, a, b))),
        Binary::Min => or_nan(a, or_nan(b, select(a < b, a, b))),
        Binary::Greater => truth(a > b),
        Binary::GreaterEqual => truth(a >= b),
        Binary::Lower => truth(a < b),
        Binary::LowerEqual => truth(a <= b),
        Binary::Equal => truth(a == b),
        Binary::NotEqual => select(a == b, 0.0f32, 1.0f32),
        Binary::And => select(a == 0.0f32, 0.0f32, select(b == 0.0f32, 0.0f32, 1.0f32)),
        Binary::Or => select(a == 0.0f32, select(b == 0.0f32, 0.0f32, 1.0f32), 1.0f32),
        Binary::LogGammaP(part) => log_gamma_tail(a, b, zero, part, false),
        Binary::LogGammaQ(part) => log_gamma_tail(a, b, zero, part, true),
    }
}

/// What the op table says, for single precision.
#[cube]
pub(super) fn ternary(a: f32, b: f32, c: f32, zero: u32, #[comptime] op: Ternary) -> f32 {
    match comptime!(op) {
        Ternary::MulAdd => a * b + c,
        Ternary::Select => select(a == 0.0f32, c, b),
        Ternary::LogBetaCdf(part) => log_beta_cdf(a, b, c, zero, part),
    }
}
