//! The modified Bessel functions of the first kind of whole orders, in logarithms.
//!
//! ```text
//! log I0(x) - |x| = x^2 A(x^2 / 8 - 1) - |x|                           |x| <= 4
//!                 = B(8 / |x| - 1) - log(2 pi |x|) / 2                 |x| > 4
//! ```
//!
//! `A` and `B` interpolate at Chebyshev points with relative errors below 1e-15 and 2e-15.
//!
//! Of other orders there is Debye's uniform expansion, whose terms up to the eighth are exact to 13 digits at an order of
//! `n = k + 20`; from there the function comes down by its ratios `t`, which are all positive, so nothing cancels:
//!
//! ```text
//! log I_n(z) = s + n log(z / (n + s)) - log(2 pi s) / 2 + log U        s = sqrt(n^2 + z^2), U = sum of u_k(p) / n^k
//! t[n] = (z^2 / 2) (1 / (n + s) - W / (U s^2))                         W = sum of (u_k / 2 + p u_k'(p)) / n^k, p = n / s
//! t[k] = (z / 2) I_{k+1}(z) / I_k(z) = (z / 2)^2 / (k + 1 + t[k+1])
//! ```
//!
//! # References
//! - Abramowitz and Stegun (1964), 9.6.10, 9.7.1 (coefficients computed with 40 digits).
//! - NIST Digital Library of Mathematical Functions, 10.29.1, 10.41.3, 10.41.5, 10.41.9.

use std::f64::consts::TAU;

use chainfire_engine::program::Value;

use super::special::polynomial;

const SMALL: [f64; 28] = [
    0.18093399726557013,
    -0.04013934231264113,
    0.015449475382978948,
    -0.006880670339955042,
    0.0032725967993523933,
    -0.001615849241380583,
    0.0008176194860103109,
    -0.0004210447819391403,
    0.00021973540452055029,
    -0.00011589306113611445,
    6.166274665830684e-05,
    -3.304384310057356e-05,
    1.775965100511731e-05,
    -9.602563287660653e-06,
    5.410973154271094e-06,
    -3.0112750238552987e-06,
    1.199408647459092e-06,
    -5.586137589695365e-07,
    1.0876270826829107e-06,
    -7.31550299603449e-07,
    -5.381520183388501e-07,
    4.1294756743515944e-07,
    5.544795679133255e-07,
    -3.7400108604762237e-07,
    -2.174197708017014e-07,
    1.4321179010422905e-07,
    5.6207098981857186e-08,
    -3.471589066169549e-08,
];

const LARGE: [f64; 32] = [
    0.01676355947240422,
    0.018116051764481736,
    0.0016482666859113603,
    0.0004250789892367303,
    0.00018655213238736925,
    2.9984569219413717e-05,
    -9.904725075789054e-05,
    -7.898507281383068e-05,
    5.538618465969081e-05,
    6.215367169409104e-05,
    -5.6794555891598193e-05,
    -3.029579814266708e-05,
    6.1486908483668e-05,
    -1.3665380839569498e-05,
    -3.735143548281534e-05,
    4.921921788782643e-05,
    -3.0288849285760962e-05,
    -4.033368381794241e-05,
    0.00011769179918495612,
    -2.5100401759275764e-05,
    -0.0001716356224031096,
    0.00010488821857931498,
    0.00015851637223871355,
    -0.00013640460293741152,
    -9.882823343194574e-05,
    0.00010423954345016702,
    4.06089073350073e-05,
    -4.956320802179468e-05,
    -9.983794166600885e-06,
    1.3667169494827233e-05,
    1.1159188534105904e-06,
    -1.6803556732667718e-06,
];

/// `log(I0(x)) - |x|`, which neither overflows nor loses digits for large `x`.
pub(super) fn log_scaled_bessel_i0(x: &Value) -> Value {
    let edge = Value::from(4.0);
    let size = x.abs();
    let square = x.minimum(&edge).maximum(&-&edge).square();
    let small = &square * polynomial(&SMALL, &(&square * 0.125 - 1.0)) - &size;
    let beyond = size.maximum(&edge);
    let large = polynomial(&LARGE, &(beyond.recip() * 8.0 - 1.0)) - (beyond * TAU).log() * 0.5;
    size.greater(&edge).select(&large, &small)
}

/// How far above the order that is wanted the expansion is used.
const STEPS: usize = 20;

/// Terms of the expansion behind the first.
const TERMS: usize = 8;

/// What the function of a whole order `k` is made of.
pub(super) struct Descent {
    /// The order `n` of the expansion.
    pub(super) order: Value,
    /// `sqrt(n^2 + z^2)`
    pub(super) s: Value,
    /// `log(I_k(z) / (z / 2)^k) - s + k log((n + s) / 2)`
    pub(super) log_scale: Value,
    /// `(z / 2) I_{k+1}(z) / I_k(z)`
    pub(super) ratio: Value,
}

impl Descent {
    /// That of the orders `k` at `z`, of which `quarter` is `(z / 2)^2`.
    pub(super) fn new(k: &Value, quarter: &Value) -> Self {
        let order = k + STEPS as f64;
        let s = (order.square() + quarter * 4.0).sqrt();
        let (step, share) = (s.recip(), (&order / &s).square());
        let expansion = expansion();
        let series = |weight: fn(f64) -> f64| {
            expansion.iter().enumerate().rev().fold(Value::from(0.0), |sum, (k, coefficients)| {
                let weighted = coefficients.iter().enumerate().map(|(j, c)| c * weight((k + 2 * j) as f64));
                sum * &step + polynomial(&weighted.collect::<Vec<_>>(), &share)
            })
        };
        let (value, slope) = (series(|_| 1.0), series(|power| 0.5 + power));
        let sum = &order + &s;
        let mut ratio = quarter * 2.0 * (sum.recip() - slope * step.square() / &value);
        let mut product = Value::from(1.0);
        for above in (1..=STEPS).rev() {
            // (z / 2) I_{k-1} / I_k, in units that keep the product near 1.
            let next = k + above as f64 + ratio;
            product = product * (&next * 2.0 / &sum);
            ratio = quarter / next;
        }
        let log_scale = value.log() + product.log() - (&s * TAU).log() * 0.5;
        Self { order, s, log_scale, ratio }
    }
}

/// Coefficients of `u_k(p) / p^k` in powers of `p^2`, for each `k`.
fn expansion() -> Vec<Vec<f64>> {
    let mut all = vec![vec![1.0]];
    for k in 0..TERMS {
        let mut next = vec![0.0; k + 2];
        for (j, c) in all[k].iter().enumerate() {
            let power = (k + 2 * j) as f64;
            next[j] += c * (power / 2.0 + 0.125 / (power + 1.0));
            next[j + 1] -= c * (power / 2.0 + 0.625 / (power + 3.0));
        }
        all.push(next);
    }
    all
}
