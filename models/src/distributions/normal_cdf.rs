//! The standard normal distribution function in logarithms, exact far into both tails.
//!
//! ```text
//! log Phi(-z sqrt(2)) = log(t / 2) - z^2 + P(2 t - 1),  t = 2 / (2 + z)      z >= 0
//! log Phi(x)          = log(1 - e^(log Phi(-x)))                             x > 0
//! ```
//!
//! `P` interpolates `log erfc(z) + z^2 - log t` at Chebyshev points for all `z` from 0 to infinity at once; it is off by
//! at most 4e-18. A polynomial inside the logarithm keeps its derivative exact where `Phi` itself is zero in floating
//! point.
//!
//! # References
//! - Press et al. (2007), Numerical Recipes, section 6.2.2 (the variable `t`; coefficients computed with 50 digits)

use std::f64::consts::FRAC_1_SQRT_2;

use chainfire_engine::program::Value;

use super::special::{log1m_exp, polynomial};

const LOG_ERFC: [f64; 28] = [
    -0.6717940840566923,
    0.6726432239776567,
    0.04734330684190443,
    -0.0468956102311753,
    -0.009872689366389959,
    0.008824938557060623,
    0.001758933557799016,
    -0.002345812500482853,
    -0.00014624686337800336,
    0.000673678795580235,
    -9.373503117098171e-05,
    -0.0001743029472030762,
    7.140101412757033e-05,
    3.174517974943734e-05,
    -3.0187884551394307e-05,
    1.3772664134482385e-07,
    8.562623420121421e-06,
    -2.947986876998608e-06,
    -1.2723119048690637e-06,
    1.2500276612574444e-06,
    -1.6849800720634557e-07,
    -2.495832761723954e-07,
    1.5334345920896514e-07,
    1.4448658048793094e-09,
    -3.9171820510229675e-08,
    1.1172352263535748e-08,
    4.060882146962984e-09,
    -1.890230600880925e-09,
];

/// `log Phi(x)`, the logarithm of the standard normal distribution function.
pub(crate) fn log_normal_cdf(x: &Value) -> Value {
    let is_upper = x.greater(&Value::from(0.0));
    let below = is_upper.select(&-x, x);
    let tail = log_scaled_normal_cdf(&below) - below.square() * 0.5;
    is_upper.select(&log1m_exp(&tail), &tail)
}

/// `log Phi(x) + x^2 / 2` for `x <= 0`, a number of moderate size however far `x` is out.
pub(crate) fn log_scaled_normal_cdf(x: &Value) -> Value {
    let t = (1.0 - x * (0.5 * FRAC_1_SQRT_2)).recip();
    (&t * 0.5).log() + polynomial(&LOG_ERFC, &(t * 2.0 - 1.0))
}

/// `log(Phi(upper) - Phi(lower))` for `lower < upper`, from the tail that the interval is nearer to.
pub(super) fn log_normal_interval(lower: &Value, upper: &Value) -> Value {
    let mirrored = (lower + upper).greater(&Value::from(0.0));
    let (near, far) = (mirrored.select(&-lower, upper), mirrored.select(&-upper, lower));
    let (near, far) = (log_normal_cdf(&near), log_normal_cdf(&far));
    &near + log1m_exp(&(far - &near))
}
