//! Incomplete gamma and beta functions in single precision: `crate::special::incomplete`, term for term.
//!
//! Series and fractions end when they settle, or after 2,000 terms: shapes up to some 10,000.

// What a kernel holds are literals.
#![allow(clippy::approx_constant, clippy::excessive_precision)]

use cubecl::prelude::*;

use super::math::{exp, expm1, infinity, is_nan, log, log1p, nan};
use crate::tape::ops::Part;

/// The most turns of a series or fraction.
pub(super) const TERMS: u32 = 2000;
const SETTLED: f32 = 1.2e-7;

/// A number and its derivative in one direction.
#[derive(CubeType, Clone, Copy)]
struct Dual {
    value: f32,
    slope: f32,
}

#[cube]
fn plus(a: &Dual, b: &Dual) -> Dual {
    Dual { value: a.value + b.value, slope: a.slope + b.slope }
}

#[cube]
fn shifted(a: &Dual, b: f32) -> Dual {
    Dual { value: a.value + b, slope: a.slope }
}

#[cube]
fn times(a: &Dual, b: &Dual) -> Dual {
    Dual { value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope }
}

#[cube]
fn over(a: &Dual, b: &Dual) -> Dual {
    let value = a.value / b.value;
    Dual { value, slope: (a.slope - value * b.slope) / b.value }
}

#[cube]
fn either(is_first: bool, first: &Dual, second: &Dual) -> Dual {
    Dual {
        value: select(is_first, first.value, second.value),
        slope: select(is_first, first.slope, second.slope),
    }
}

#[cube]
fn log_of(a: &Dual, zero: u32) -> Dual {
    Dual { value: log(a.value, zero), slope: a.slope / a.value }
}

#[cube]
fn log1m_exp(a: &Dual, zero: u32) -> Dual {
    let x = select(a.value > 0.0f32, 0.0f32, a.value);
    let near = log(-expm1(x, zero), zero);
    let far = log1p(-exp(x, zero), zero);
    let value = select(x > -0.6931472f32, near, far);
    let slope = -a.slope / expm1(-x, zero);
    Dual { value, slope: select(a.slope == 0.0f32, 0.0f32, slope) }
}

/// `log(1 + t)` where `1 + t` is known by itself.
#[cube]
fn log_beside(t: f32, one_plus_t: f32, zero: u32) -> f32 {
    select(t.abs() < 0.5f32, log1p(t, zero), log(one_plus_t, zero))
}

/// `t - log(1 + t)` where `1 + t` is known by itself.
#[cube]
fn bend(t: f32, one_plus_t: f32, zero: u32) -> f32 {
    let s = t / (2.0f32 + t);
    let z = s * s;
    let y = 0.090909091f32 * z + 0.11111111f32;
    let y = y * z + 0.14285714f32;
    let y = y * z + 0.2f32;
    let y = y * z + 0.33333333f32;
    let is_near = select(t > -0.4f32, t < 0.6f32, false);
    select(is_near, t * s - 2.0f32 * s * z * y, t - log_beside(t, one_plus_t, zero))
}

#[cube]
fn stirling_remainder(z: &Dual, zero: u32) -> Dual {
    let mut at = z.value;
    let mut value = 0.0f32;
    let mut slope = 0.0f32;
    #[unroll]
    for _ in 0..4 {
        let step = log1p(1.0f32 / at, zero);
        let is_low = at < 4.0f32;
        value = select(is_low, value + ((at + 0.5f32) * step - 1.0f32), value);
        slope = select(is_low, slope + (step - (at + 0.5f32) / (at * (at + 1.0f32))), slope);
        at = select(is_low, at + 1.0f32, at);
    }
    let r = 1.0f32 / at;
    let s = r * r;
    value += r * (0.083333333f32 - s * (2.7777778e-3f32 - s * 7.9365079e-4f32));
    slope -= s * (0.083333333f32 - s * (8.3333333e-3f32 - s * 3.968254e-3f32));
    Dual { value, slope: select(z.slope == 0.0f32, 0.0f32, slope * z.slope) }
}

#[cube]
fn gamma_series(a: &Dual, x: &Dual) -> Dual {
    let mut term = 1.0f32;
    let mut term_slope = 0.0f32;
    let mut sum = 1.0f32;
    let mut sum_slope = 0.0f32;
    let mut n = 1u32.runtime();
    while n < TERMS {
        let numerator = times(&Dual { value: term, slope: term_slope }, x);
        let next = over(&numerator, &shifted(a, f32::cast_from(n)));
        term = next.value;
        term_slope = next.slope;
        sum += term;
        sum_slope += term_slope;
        let is_settled = term_slope.abs() <= SETTLED * sum_slope.abs();
        n = select(select(term <= SETTLED * sum, is_settled, false), TERMS, n + 1u32);
    }
    Dual { value: sum, slope: sum_slope }
}

/// `x`, or a small number in place of zero.
#[cube]
fn away_from_zero(x: &Dual) -> Dual {
    Dual { value: select(x.value.abs() < 1e-30f32, 1e-30f32, x.value), slope: x.slope }
}

/// Lentz's method: the fraction so far, and the two ratios it is made of.
#[derive(CubeType)]
struct Lentz {
    fraction: Dual,
    c: Dual,
    d: Dual,
    /// The next term; [`TERMS`] when the fraction has settled.
    term: u32,
}

/// Takes the next partial numerator and denominator.
#[cube]
fn take(lentz: &mut Lentz, numerator: &Dual, denominator: &Dual) {
    let one = Dual { value: 1.0f32, slope: 0.0f32 };
    let d = over(&one, &away_from_zero(&plus(&times(numerator, &lentz.d), denominator)));
    let c = away_from_zero(&plus(denominator, &over(numerator, &lentz.c)));
    let change = times(&c, &d);
    let fraction = times(&lentz.fraction, &change);
    lentz.fraction.value = fraction.value;
    lentz.fraction.slope = fraction.slope;
    lentz.c.value = c.value;
    lentz.c.slope = c.slope;
    lentz.d.value = d.value;
    lentz.d.slope = d.slope;
    let is_settled = (change.value - 1.0f32).abs() <= SETTLED;
    let is_settled = select(change.slope.abs() <= SETTLED, is_settled, false);
    lentz.term = select(is_settled, TERMS, lentz.term + 1u32);
}

#[cube]
fn gamma_fraction(a: &Dual, x: &Dual) -> Dual {
    let start = Dual { value: x.value + 1.0f32 - a.value, slope: x.slope - a.slope };
    let first = over(&Dual { value: 1.0f32, slope: 0.0f32 }, &start);
    let mut lentz = Lentz {
        fraction: Dual { value: first.value, slope: first.slope },
        c: Dual { value: 1e30f32, slope: 0.0f32 },
        d: Dual { value: first.value, slope: first.slope },
        term: 1u32,
    };
    while lentz.term < TERMS {
        let at = f32::cast_from(lentz.term);
        let numerator = Dual { value: (a.value - at) * at, slope: a.slope * at };
        take(&mut lentz, &numerator, &shifted(&start, 2.0f32 * at));
    }
    lentz.fraction
}

/// The fraction of the tail below `x`, which is below its mean: `shortfall = y a - x b >= 0`.
#[cube]
fn beta_fraction(a: &Dual, b: &Dual, x: &Dual, shortfall: &Dual) -> Dual {
    let sum = plus(a, b);
    let start = over(&times(a, &shifted(shortfall, 1.0f32)), &shifted(a, 1.0f32));
    let mut lentz = Lentz {
        fraction: Dual { value: start.value, slope: start.slope },
        c: Dual { value: start.value, slope: start.slope },
        d: Dual { value: 0.0f32, slope: 0.0f32 },
        term: 1u32,
    };
    while lentz.term < TERMS {
        let m = f32::cast_from(lentz.term);
        let pole = shifted(a, 2.0f32 * m - 1.0f32);
        let part = Dual { value: (b.value - m) * m, slope: b.slope * m };
        let step = over(&times(&part, x), &pole);
        let numerator = over(&times(&step, &shifted(a, m - 1.0f32)), &pole);
        let numerator = times(&times(&numerator, &shifted(&sum, m - 1.0f32)), x);
        let rest = Dual {
            value: shortfall.value + 1.0f32 + (2.0f32 - x.value) * m,
            slope: shortfall.slope - x.slope * m,
        };
        let last = over(&times(&shifted(a, m), &rest), &shifted(a, 2.0f32 * m + 1.0f32));
        take(&mut lentz, &numerator, &shifted(&plus(&step, &last), m));
    }
    lentz.fraction
}

/// Whether a shape is a positive number.
#[cube]
fn is_shape(x: f32) -> bool {
    select(x > 0.0f32, x < 3.4e38f32, false)
}

/// The slope that an operand moves with when this part is computed.
fn moves(part: Part, operand: usize) -> f32 {
    f32::from(u8::from(part == Part::SLOPES[operand]))
}

#[cube]
fn part_of(x: &Dual, #[comptime] part: Part) -> f32 {
    if comptime!(part == Part::Value) { x.value } else { x.slope }
}

/// `log P(a, x)` or, for the upper tail, `log Q(a, x)`.
#[cube]
pub(super) fn log_gamma_tail(
    a: f32,
    x: f32,
    zero: u32,
    #[comptime] part: Part,
    #[comptime] is_upper: bool,
) -> f32 {
    let has_edge = select(x <= 0.0f32, true, x > 3.4e38f32);
    let place = Dual { value: select(has_edge, 1.0f32, x), slope: f32::new(comptime!(moves(part, 1))) };
    let shape = Dual { value: a, slope: f32::new(comptime!(moves(part, 0))) };
    let ratio = place.value / shape.value;
    let excess = (place.value - shape.value) / shape.value;
    let remainder = stirling_remainder(&shape, zero);
    let size = shape.value * 6.2831853f32;
    let front = Dual {
        value: -shape.value * bend(excess, ratio, zero) - remainder.value - 0.5f32 * log(size, zero),
        slope: shape.slope * (log_beside(excess, ratio, zero) - 0.5f32 / shape.value)
            - place.slope * excess / ratio
            - remainder.slope,
    };
    let is_low = place.value < shape.value + 1.0f32;
    let mut value = front.value;
    let mut slope = front.slope;
    if is_low {
        let sum = log_of(&gamma_series(&shape, &place), zero);
        value += sum.value;
        slope += sum.slope;
    } else {
        let fraction = plus(&log_of(&gamma_fraction(&shape, &place), zero), &log_of(&shape, zero));
        value += fraction.value;
        slope += fraction.slope;
    }
    let tail = Dual { value, slope };
    let other = log1m_exp(&tail, zero);
    let is_tail = is_low != is_upper;
    let value = select(is_tail, part_of(&tail, part), part_of(&other, part));
    // At the ends one tail is everything and the other nothing.
    let nothing = if comptime!(part == Part::Value) { -infinity(zero) } else { f32::new(0.0f32) };
    let is_nothing = (x <= 0.0f32) != is_upper;
    let value = select(has_edge, select(is_nothing, nothing, 0.0f32), value);
    let is_wrong = select(is_shape(a), is_nan(x), true);
    select(is_wrong, nan(zero), value)
}

/// `log I_x(a, b)`, by the odds `x / (1 - x)`.
#[cube]
pub(super) fn log_beta_cdf(a: f32, b: f32, odds: f32, zero: u32, #[comptime] part: Part) -> f32 {
    let has_edge = select(odds <= 0.0f32, true, odds > 3.4e38f32);
    let first = Dual { value: a, slope: f32::new(comptime!(moves(part, 0))) };
    let second = Dual { value: b, slope: f32::new(comptime!(moves(part, 1))) };
    let ratio = Dual { value: select(has_edge, 1.0f32, odds), slope: f32::new(comptime!(moves(part, 2))) };
    let whole = shifted(&ratio, 1.0f32);
    let place = over(&ratio, &whole);
    let rest = over(&Dual { value: 1.0f32, slope: 0.0f32 }, &whole);
    let sum = plus(&first, &second);
    let scaled = times(&ratio, &second);
    let distance = Dual { value: scaled.value - a, slope: scaled.slope - first.slope };
    let excess = over(&distance, &whole);
    let above = excess.value / a;
    let above_ratio = place.value * sum.value / a;
    let below = -excess.value / b;
    let below_ratio = rest.value * sum.value / b;
    let of_sum = stirling_remainder(&sum, zero);
    let of_first = stirling_remainder(&first, zero);
    let of_second = stirling_remainder(&second, zero);
    let size = 0.5f32 * (log(a, zero) + log(b, zero) - log(sum.value, zero) - 1.8378771f32);
    let bends = a * bend(above, above_ratio, zero) + b * bend(below, below_ratio, zero);
    let of_size = 0.5f32 * (first.slope / a + second.slope / b - sum.slope / sum.value);
    let of_bends = ratio.slope * excess.value / ratio.value
        - first.slope * log_beside(above, above_ratio, zero)
        - second.slope * log_beside(below, below_ratio, zero);
    let value = size + (of_sum.value - of_first.value - of_second.value) - bends;
    let slope = of_size + (of_sum.slope - of_first.slope - of_second.slope) - of_bends;
    let is_low = excess.value <= 0.0f32;
    // The tail that is below its mean: that of `b` by `1 - x` when `x` is above it.
    let shortfall = Dual { value: -excess.value, slope: -excess.slope };
    let fraction = beta_fraction(
        &either(is_low, &first, &second),
        &either(is_low, &second, &first),
        &either(is_low, &place, &rest),
        &either(is_low, &shortfall, &excess),
    );
    let fraction = log_of(&fraction, zero);
    let tail = Dual { value: value - fraction.value, slope: slope - fraction.slope };
    let other = log1m_exp(&tail, zero);
    let value = select(is_low, part_of(&tail, part), part_of(&other, part));
    let nothing = if comptime!(part == Part::Value) { -infinity(zero) } else { f32::new(0.0f32) };
    let value = select(has_edge, select(odds <= 0.0f32, nothing, 0.0f32), value);
    let is_wrong = select(is_shape(a), select(is_shape(b), is_nan(odds), true), true);
    select(is_wrong, nan(zero), value)
}
