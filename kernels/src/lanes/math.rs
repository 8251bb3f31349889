//! Exponential, logarithm and their relatives over lanes.
//!
//! No branches and no tables: argument reduction by powers of two, a polynomial, and selections for the special
//! operands, so every lane takes the same time and infinities, NaN, zeros and denormals come out as in the
//! standard library. The errors stated are the largest of some millions of arguments over the whole range, against
//! extended precision.
//!
//! # References
//! - Cody and Waite (1980), Software Manual for the Elementary Functions, chapters 6 and 5 (reduction)
//! - Sun Microsystems (1993), fdlibm, `e_log.c`, `s_log1p.c` (polynomial and reconstruction of the logarithm)

use super::Lanes;

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// The leading 33 bits of log 2: its product with an exponent is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// `1.5 * 2^52`: adding and subtracting it rounds a small number to an integer.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// `(n, e^r - 1)` with `x = n log 2 + r`, `|r| <= log(2) / 2`, for `x` of moderate size.
#[inline(always)]
fn reduced_expm1<L: Lanes>(x: L) -> (L, L) {
    let n = x.mul_add(x.like(LOG2_E), x.like(ROUNDER)) - x.like(ROUNDER);
    let r = (-n).mul_add(x.like(LN_2_LOW), (-n).mul_add(x.like(LN_2_HIGH), x));
    // Taylor coefficients 1 / k!, k = 2 .. 13, by Estrin's scheme; the remainder is below 4e-18.
    let c = |k: f64| x.like(1.0 / k);
    let linear = |low: L, high: L| high.mul_add(r, low);
    let r2 = r * r;
    let r4 = r2 * r2;
    let q0 = linear(c(24.0), c(120.0)).mul_add(r2, linear(c(2.0), c(6.0)));
    let q1 = linear(c(40_320.0), c(362_880.0)).mul_add(r2, linear(c(720.0), c(5_040.0)));
    let q2 =
        linear(c(479_001_600.0), c(6_227_020_800.0)).mul_add(r2, linear(c(3_628_800.0), c(39_916_800.0)));
    let q = q2.mul_add(r4, q1).mul_add(r4, q0);
    (n, r2.mul_add(q, r))
}

/// `e^x`; error below 1 ulp.
#[inline(always)]
pub(crate) fn exp<L: Lanes>(x: L) -> L {
    let x = x.like(710.0).smaller(x.like(-746.0).larger(x));
    let (n, p) = reduced_expm1(x);
    (p + x.like(1.0)).scale(n)
}

/// `e^x - 1`; error below 2 ulp.
#[inline(always)]
pub(crate) fn expm1<L: Lanes>(x: L) -> L {
    let clamped = x.like(710.0).smaller(x.like(-60.0).larger(x));
    let (n, p) = reduced_expm1(clamped);
    let one = x.like(1.0);
    let y = (p + (one - one.scale(-n))).scale(n);
    L::select(x.abs().lt(x.like(1e-300)), x, y)
}

/// `k log 2 + log(1 + f)` for `1 + f` in `[sqrt(1/2), sqrt(2))`.
#[inline(always)]
fn reduced_log<L: Lanes>(f: L, k: L) -> L {
    let c = |bits: u64| f.like(f64::from_bits(bits));
    let s = f / (f + f.like(2.0));
    let z = s * s;
    let w = z * z;
    let even =
        c(0x3fc3_9a09_d078_c69f).mul_add(w, c(0x3fcc_71c5_1d8e_78af)).mul_add(w, c(0x3fd9_9999_9997_fa04))
            * w;
    let odd = c(0x3fc2_f112_df3e_5244)
        .mul_add(w, c(0x3fc7_4664_96cb_03de))
        .mul_add(w, c(0x3fd2_4924_9422_9359))
        .mul_add(w, c(0x3fe5_5555_5555_5593))
        * z;
    let half_square = f * f * f.like(0.5);
    let small = half_square - s.mul_add(half_square + (odd + even), k * f.like(LN_2_LOW));
    k.mul_add(f.like(LN_2_HIGH), f - small)
}

/// Mantissa in `[sqrt(1/2), sqrt(2))` and exponent.
#[inline(always)]
fn split_around_one<L: Lanes>(x: L) -> (L, L) {
    let (m, k) = x.split();
    let upper = x.like(std::f64::consts::SQRT_2).le(m);
    (L::select(upper, m * x.like(0.5), m), L::select(upper, k + x.like(1.0), k))
}

/// Natural logarithm; error below 1 ulp.
#[inline(always)]
pub(crate) fn log<L: Lanes>(x: L) -> L {
    let zero = x.like(0.0);
    let (m, k) = split_around_one(x);
    let y = reduced_log(m - x.like(1.0), k);
    let y = L::select(x.lt(x.like(f64::INFINITY)), y, x);
    let y = L::select(x.lt(zero), x.like(f64::NAN), y);
    L::select(x.eq(zero), x.like(f64::NEG_INFINITY), y)
}

/// `log(1 + x)`; error below 1.5 ulp.
#[inline(always)]
pub(crate) fn log1p<L: Lanes>(x: L) -> L {
    let one = x.like(1.0);
    // u + lost = 1 + x exactly.
    let u = one + x;
    let seen = u - one;
    let lost = (one - (u - seen)) + (x - seen);
    let (m, k) = split_around_one(u);
    let y = reduced_log((m - one) + lost.scale(-k), k);
    let y = L::select(x.lt(x.like(f64::INFINITY)), y, x);
    let y = L::select(x.lt(x.like(-1.0)), x.like(f64::NAN), y);
    let y = L::select(x.eq(x.like(-1.0)), x.like(f64::NEG_INFINITY), y);
    L::select(x.abs().lt(x.like(1e-300)), x, y)
}

/// `1 / (1 + e^-x)`; error below 2.5 ulp.
#[inline(always)]
pub(crate) fn sigmoid<L: Lanes>(x: L) -> L {
    let one = x.like(1.0);
    let t = exp(-x.abs());
    L::select(x.lt(x.like(0.0)), t, one) / (one + t)
}

/// `log(1 + e^x)`; error below 2 ulp.
#[inline(always)]
pub(crate) fn softplus<L: Lanes>(x: L) -> L {
    let zero = x.like(0.0);
    let t = exp(-x.abs());
    // 1 + t lies in [1, 2]: halving it above sqrt(2) leaves f exact.
    let upper = x.like(std::f64::consts::SQRT_2 - 1.0).lt(t);
    let f = L::select(upper, (t - x.like(1.0)) * x.like(0.5), t);
    zero.larger(x) + reduced_log(f, L::select(upper, x.like(1.0), zero))
}

/// Hyperbolic tangent; error below 2.5 ulp.
#[inline(always)]
pub(crate) fn tanh<L: Lanes>(x: L) -> L {
    let t = expm1(x.like(44.0).smaller((x + x).abs()));
    (t / (t + x.like(2.0))).copysign(x)
}
