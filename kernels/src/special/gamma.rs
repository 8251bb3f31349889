//! The logarithm of the gamma function and its first two derivatives.
//!
//! ```text
//! digamma:  reflection below 0; recurrence into [1, 2], where it is (x - root) times a rational function;
//!           from 10 on the asymptotic series
//! trigamma: reflection below 0; recurrence up to 10, then the asymptotic series
//! ```
//!
//! # References
//! - Abramowitz and Stegun (1964), 6.3.5, 6.3.7, 6.3.18 (digamma), 6.4.6, 6.4.7, 6.4.12 (trigamma)
//! - Maddock, Boost.Math `digamma.hpp` (factoring out the root, held in three parts)

use std::f64::consts::PI;

/// Logarithm of the absolute value of the gamma function.
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `c[0] + c[1] x + ...`
pub(super) fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `x` minus the nearest integer, exactly.
fn distance_to_integer(x: f64) -> f64 {
    x - x.round_ties_even()
}

/// Derivative of [`lgamma`]. Infinite at zero, NaN at negative integers.
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return -1.0 / x;
    }
    if x < 0.0 {
        let distance = distance_to_integer(x);
        return if distance == 0.0 { f64::NAN } else { digamma(1.0 - x) - PI / (PI * distance).tan() };
    }
    if x >= 10.0 {
        return digamma_series(x);
    }
    let (mut x, mut shift) = (x, 0.0);
    while x > 2.0 {
        x -= 1.0;
        shift += 1.0 / x;
    }
    if x < 1.0 {
        shift -= 1.0 / x;
        x += 1.0;
    }
    digamma_near_root(x) + shift
}

fn digamma_series(x: f64) -> f64 {
    // B(2k) / 2k
    const TERMS: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let z = 1.0 / (x * x);
    x.ln() - 0.5 / x - z * polynomial(&TERMS, z)
}

fn digamma_near_root(x: f64) -> f64 {
    const ROOT: [f64; 3] = [
        1_569_415_565.0 / 1_073_741_824.0,
        381_566_830.0 / 1_073_741_824.0 / 1_073_741_824.0,
        9.016_312_093_258_696e-20,
    ];
    // Interpolates digamma(x) / (x - root) at the 13 Chebyshev points of [1, 2]; relative error 1.3e-17.
    const NUMERATOR: [f64; 7] = [
        1.2503801375034054,
        1.8675925104074453,
        0.9711327526262392,
        0.21631407251432455,
        0.01996408274151926,
        0.0005811135063985677,
        1.0894678528383955e-6,
    ];
    const DENOMINATOR: [f64; 7] = [
        1.0,
        2.1771665986671342,
        1.6630736963665909,
        0.5710455727133128,
        0.09111902253303285,
        0.006100975692434821,
        0.00012043151172286901,
    ];
    let distance = x - ROOT[0] - ROOT[1] - ROOT[2];
    distance * (polynomial(&NUMERATOR, x - 1.0) / polynomial(&DENOMINATOR, x - 1.0))
}

/// Derivative of [`digamma`]. Infinite at zero and at negative integers.
pub fn trigamma(x: f64) -> f64 {
    if x == f64::INFINITY {
        return 0.0;
    }
    if x <= 0.0 {
        let sine = (PI * distance_to_integer(x)).sin();
        return (PI / sine) * (PI / sine) - if x == 0.0 { 0.0 } else { trigamma(1.0 - x) };
    }
    let (mut x, mut shift) = (x, 0.0);
    while x < 10.0 {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    // B(2k)
    const TERMS: [f64; 8] = [
        1.0 / 6.0,
        -1.0 / 30.0,
        1.0 / 42.0,
        -1.0 / 30.0,
        5.0 / 66.0,
        -691.0 / 2_730.0,
        7.0 / 6.0,
        -3_617.0 / 510.0,
    ];
    let r = 1.0 / x;
    let z = r * r;
    shift + (r + 0.5 * z + r * z * polynomial(&TERMS, z))
}
