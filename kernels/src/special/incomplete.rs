//! Logarithms of the regularised incomplete gamma and beta functions, with their derivatives in every argument.
//!
//! ```text
//! P(a, x) = c S / a            S = 1 + x / (a + 1) + x^2 / ((a + 1) (a + 2)) + ...         x < a + 1
//! Q(a, x) = c F                F = 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...))         x >= a + 1
//! c       = x^a e^-x / Gamma(a) = a exp(-a h(x / a - 1) - r(a)) / sqrt(2 pi a)
//!
//! I_x(a, b) = d / (b0 + a1 / (b1 + a2 / (b2 + ...)))                                           x b <= y a
//! d         = x^a y^b / B(a, b) = sqrt(a b / (2 pi (a + b))) exp(r(a + b) - r(a) - r(b) - a h(e / a) - b h(-e / b))
//! am        = m (a + m - 1) (a + b + m - 1) (b - m) x^2 / (a + 2m - 1)^2
//! bm        = m + m (b - m) x / (a + 2m - 1) + (a + m) (1 - e + m (2 - x)) / (a + 2m + 1)
//! e         = x b - y a,  y = 1 - x,  h(t) = t - log(1 + t)
//! ```
//!
//! `r` is the remainder of Stirling's series; in this form nothing large cancels, whatever the size of the shapes. The
//! other tail is `log(1 - e^tail)`. Series and fractions run on [`Dual`] numbers, so derivatives are computed term
//! by term and not by differences.
//!
//! The number of terms grows with the square root of the largest shape, to [`TERMS`] at most: shapes up to 1e8.
//!
//! # References
//! - DLMF 8.11.4, 8.9.2 (gamma); Lentz's method as in Press et al. (2007), Numerical Recipes, 5.2
//! - DiDonato, Morris (1992), Algorithm 708, equation 9 (the fraction of beta, in which nothing cancels)
//! - Moore (1982), AS 187: derivatives of the incomplete gamma integral (differentiated series and fractions)
//! - Abramowitz and Stegun (1964), 6.1.41 (Stirling's series)

use std::f64::consts::PI;

use super::dual::Dual;
use super::gamma::polynomial;

/// Most terms of a series or fraction.
const TERMS: usize = 100_000;

/// What stands for zero in a denominator.
const TINY: f64 = 1e-300;

/// `log P(a, x)` and `log Q(a, x)`, the logarithms of the lower and the upper regularised incomplete gamma function.
pub fn log_gamma_tails(a: Dual, x: Dual) -> [Dual; 2] {
    let nowhere = Dual::fixed(f64::NEG_INFINITY);
    if x.value.is_nan() || !is_shape(a) {
        return [Dual::fixed(f64::NAN); 2];
    }
    if x.value <= 0.0 {
        return [nowhere, Dual::fixed(0.0)];
    }
    if x.value == f64::INFINITY {
        return [Dual::fixed(0.0), nowhere];
    }
    let (excess, ratio) = ((x.value - a.value) / a.value, x.value / a.value);
    // a h(x / a - 1) moves by -log(x / a) with a, and by 1 - a / x with x.
    let bend = Dual {
        value: a.value * bend(excess, ratio),
        slope: x.slope * excess / ratio - a.slope * log(excess, ratio),
    };
    let front = -bend - stirling_remainder(a) - (a * (2.0 * PI)).ln() * 0.5;
    if x.value < a.value + 1.0 {
        let lower = front + gamma_series(a, x).ln();
        [lower, lower.log1m_exp()]
    } else {
        let upper = front + a.ln() + gamma_fraction(a, x).ln();
        [upper.log1m_exp(), upper]
    }
}

/// `log I_x(a, b)`, the logarithm of the regularised incomplete beta function, by the odds `x / (1 - x)`: whichever of
/// `x` and `1 - x` is small, the odds hold its digits.
pub fn log_beta_cdf(a: Dual, b: Dual, odds: Dual) -> Dual {
    if odds.value.is_nan() || !is_shape(a) || !is_shape(b) {
        return Dual::fixed(f64::NAN);
    }
    if odds.value <= 0.0 {
        return Dual::fixed(f64::NEG_INFINITY);
    }
    if odds.value == f64::INFINITY {
        return Dual::fixed(0.0);
    }
    let (x, y) = (odds / (odds + 1.0), Dual::fixed(1.0) / (odds + 1.0));
    let sum = a + b;
    let excess = (odds * b - a) / (odds + 1.0);
    let above = (excess.value / a.value, x.value * sum.value / a.value);
    let below = (-excess.value / b.value, y.value * sum.value / b.value);
    let bend = Dual {
        value: a.value * bend(above.0, above.1) + b.value * bend(below.0, below.1),
        slope: odds.slope * excess.value / odds.value
            - a.slope * log(above.0, above.1)
            - b.slope * log(below.0, below.1),
    };
    let size = (a.ln() + b.ln() - sum.ln() - Dual::fixed((2.0 * PI).ln())) * 0.5;
    let front = size + stirling_remainder(sum) - stirling_remainder(a) - stirling_remainder(b) - bend;
    if excess.value <= 0.0 {
        front - beta_fraction(a, b, x, -excess).ln()
    } else {
        (front - beta_fraction(b, a, y, excess).ln()).log1m_exp()
    }
}

/// Whether a shape is a positive number.
fn is_shape(shape: Dual) -> bool {
    shape.value > 0.0 && shape.value < f64::INFINITY
}

/// `log(1 + t)` where `1 + t` is known by itself.
fn log(t: f64, one_plus_t: f64) -> f64 {
    if t.abs() < 0.5 { t.ln_1p() } else { one_plus_t.ln() }
}

/// `t - log(1 + t)` where `1 + t` is known by itself.
fn bend(t: f64, one_plus_t: f64) -> f64 {
    // C[k] = 1 / (2 k + 3)
    const ATANH: [f64; 12] = [
        1.0 / 3.0,
        1.0 / 5.0,
        1.0 / 7.0,
        1.0 / 9.0,
        1.0 / 11.0,
        1.0 / 13.0,
        1.0 / 15.0,
        1.0 / 17.0,
        1.0 / 19.0,
        1.0 / 21.0,
        1.0 / 23.0,
        1.0 / 25.0,
    ];
    if !(-0.4..0.6).contains(&t) {
        return t - log(t, one_plus_t);
    }
    let s = t / (2.0 + t);
    t * s - 2.0 * s * s * s * polynomial(&ATANH, s * s)
}

/// `log Gamma(z) - (z - 1/2) log z + z - log(2 pi) / 2`
fn stirling_remainder(z: Dual) -> Dual {
    // B(2k) / (2k (2k - 1)), B(2k) / 2k
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    const SLOPES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let (mut at, mut value, mut slope) = (z.value, 0.0, 0.0);
    while at < 10.0 {
        let step = (1.0 / at).ln_1p();
        value += (at + 0.5) * step - 1.0;
        slope += step - (at + 0.5) / (at * (at + 1.0));
        at += 1.0;
    }
    let r = 1.0 / at;
    value += r * polynomial(&TERMS, r * r);
    slope -= r * r * polynomial(&SLOPES, r * r);
    Dual { value, slope: if z.slope == 0.0 { 0.0 } else { slope * z.slope } }
}

fn gamma_series(a: Dual, x: Dual) -> Dual {
    let (mut term, mut sum) = (Dual::fixed(1.0), Dual::fixed(1.0));
    for n in 1..TERMS {
        term = term * x / (a + n as f64);
        sum = sum + term;
        let is_settled = term.slope.abs() <= 0.5 * f64::EPSILON * sum.slope.abs();
        if term.value <= 0.5 * f64::EPSILON * sum.value && is_settled {
            break;
        }
    }
    sum
}

/// Steps of Lentz's method: the fraction so far, and the two ratios it is made of.
struct Lentz {
    fraction: Dual,
    c: Dual,
    d: Dual,
}

impl Lentz {
    /// Takes the next partial numerator and denominator; whether the fraction still moves.
    fn moves(&mut self, numerator: Dual, denominator: Dual) -> bool {
        let away_from_zero = |x: Dual| if x.value.abs() < TINY { Dual { value: TINY, ..x } } else { x };
        self.d = Dual::fixed(1.0) / away_from_zero(numerator * self.d + denominator);
        self.c = away_from_zero(denominator + numerator / self.c);
        let change = self.c * self.d;
        self.fraction = self.fraction * change;
        (change.value - 1.0).abs() > f64::EPSILON || change.slope.abs() > f64::EPSILON
    }
}

fn gamma_fraction(a: Dual, x: Dual) -> Dual {
    let mut denominator = x + 1.0 - a;
    let first = Dual::fixed(1.0) / denominator;
    let mut lentz = Lentz { fraction: first, c: Dual::fixed(1.0 / TINY), d: first };
    for n in 1..TERMS {
        let n = n as f64;
        denominator = denominator + 2.0;
        if !lentz.moves((a - n) * n, denominator) {
            break;
        }
    }
    lentz.fraction
}

/// The fraction of the tail below `x`, which is below its mean: `shortfall = y a - x b >= 0`.
fn beta_fraction(a: Dual, b: Dual, x: Dual, shortfall: Dual) -> Dual {
    let first = a * (shortfall + 1.0) / (a + 1.0);
    let mut lentz = Lentz { fraction: first, c: first, d: Dual::fixed(0.0) };
    for m in 1..TERMS {
        let m = m as f64;
        let pole = a + (2.0 * m - 1.0);
        let step = (b - m) * x * m / pole;
        let numerator = step * (a + (m - 1.0)) / pole * (a + b + (m - 1.0)) * x;
        let last = (a + m) * (shortfall + 1.0 + (-x + 2.0) * m) / (a + (2.0 * m + 1.0));
        if !lentz.moves(numerator, step + m + last) {
            break;
        }
    }
    lentz.fraction
}
