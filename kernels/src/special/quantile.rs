//! Quantiles of the standard normal distribution, and the inverse of the error function.
//!
//! ```text
//! q = p - 1/2:            |q| <= 0.425:   q A(0.180625 - q^2)
//! r = sqrt(-log(tail)):   r <= 5:         B(r - 1.6)
//!                         r > 5:          C(r - 5)               A, B, C rational
//! erfinv(x) = quantile((1 + x) / 2) / sqrt(2), without rounding 1 + x
//! ```
//!
//! # References
//! - Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution, PPND16.

#![allow(clippy::excessive_precision, reason = "coefficients as published")]

use std::f64::consts::FRAC_1_SQRT_2;

use super::gamma::polynomial;

const CENTRE: [[f64; 8]; 2] = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];
const NEAR: [[f64; 8]; 2] = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];
const FAR: [[f64; 8]; 2] = [
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];

/// The number below which a standard normal variable lies with probability `p`.
pub fn normal_quantile(p: f64) -> f64 {
    quantile(p - 0.5, p.min(1.0 - p))
}

/// The number whose error function is `x`.
pub fn erfinv(x: f64) -> f64 {
    quantile(0.5 * x, 0.5 * (1.0 - x.abs())) * FRAC_1_SQRT_2
}

/// From the distance to the median, and the smaller tail.
fn quantile(q: f64, tail: f64) -> f64 {
    let ratio = |[above, below]: &[[f64; 8]; 2], r: f64| polynomial(above, r) / polynomial(below, r);
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE, 0.180625 - q * q);
    }
    if tail == 0.0 {
        return f64::INFINITY.copysign(q);
    }
    // NaN for tails below zero.
    let r = (-tail.ln()).sqrt();
    let size = if r <= 5.0 { ratio(&NEAR, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    size.copysign(q)
}
