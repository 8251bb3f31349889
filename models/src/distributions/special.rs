//! Functions of values that several densities share.
//!
//! ```text
//! x_log_y(x, y, log)     = x log(y), and 0 where x = 0
//! log1m_exp(a)           = log(1 - e^a)                                   a <= 0
//! log_add_exp(a, b)      = log(e^a + e^b)
//! log_beta(a, b)         = log Gamma(a) + log Gamma(b) - log Gamma(a + b)
//! log_gamma_ratio(a, x)  = log Gamma(a + x) - log Gamma(a) - x log(a)
//! ```
//!
//! For large `a` the ratio is computed from Stirling's series with its remainder `r`, where nothing cancels:
//!
//! ```text
//! log_gamma_ratio(a, x) = (a + x - 1/2) log(1 + x / a) - x + r(a + x) - r(a)
//! r(z) = 1 / (12 z) - 1 / (360 z^3) + 1 / (1260 z^5) - ...
//! ```
//!
//! # References
//! - Maechler (2012), Accurately computing log(1 - exp(-|a|)) (where the two forms of `log1m_exp` meet)
//! - Abramowitz and Stegun (1964), 6.1.41 (Stirling's series).

use chainfire_engine::program::Value;

/// Zeros with the shape of a value.
pub(super) fn zeros_like(x: &Value) -> Value {
    Value::from(0.0).broadcast_to(x.shape())
}

/// From here on three terms of Stirling's remainder are exact in double precision.
const LARGE: f64 = 100.0;

/// Where the logarithm of no density is infinite.
const INSIDE: f64 = 0.5;

/// `x * log(y)`, and 0 where `x` is 0, with all derivatives in `y`, whatever `y` is there; `log` is the logarithm, or
/// another function that is finite at 0.5.
///
/// The guard is left out where what is known says that it is not needed: `x` has no zeros, or `x` is random (zero with
/// probability zero) and the logarithm is finite.
pub(super) fn x_log_y(x: &Value, y: &Value, log: impl Fn(&Value) -> Value) -> Value {
    let zero = Value::from(0.0);
    match x.as_data() {
        Some(numbers) if numbers.iter().all(|&n| n == 0.0) => zeros_like(&(x * y)),
        Some(numbers) if numbers.contains(&0.0) => x * log(&x.equal(&zero).select(&Value::from(INSIDE), y)),
        Some(_) => x * log(y),
        None => {
            let log_y = log(y);
            match log_y.as_data() {
                Some(numbers) if numbers.contains(&f64::NEG_INFINITY) => {
                    x.equal(&zero).select(&zero, &(x * log_y))
                }
                _ => x * log_y,
            }
        }
    }
}

/// `c[0] + c[1] x + ...`
pub(super) fn polynomial(coefficients: &[f64], x: &Value) -> Value {
    match coefficients {
        [] => zeros_like(x),
        [rest @ .., last] => rest.iter().rev().fold(Value::from(*last), |sum, &c| sum * x + c),
    }
}

/// `log(1 - e^a)` for `a <= 0`.
pub(super) fn log1m_exp(a: &Value) -> Value {
    let edge = Value::from(-std::f64::consts::LN_2);
    let near = (-a.maximum(&edge).expm1()).log();
    let far = (-a.minimum(&edge).exp()).log1p();
    a.greater(&edge).select(&near, &far)
}

/// `log(1 - e^a)` where the mask is set, else `a`; the branch that is not taken leaves no trace in derivatives.
pub(super) fn rest_where(mask: &Value, a: &Value) -> Value {
    mask.select(&log1m_exp(&mask.select(a, &Value::from(-1.0))), a)
}

/// `log(e^a + e^b)`; not both may be minus infinity.
pub(super) fn log_add_exp(a: &Value, b: &Value) -> Value {
    a.greater(b).select(&(a + (b - a).softplus()), &(b + (a - b).softplus()))
}

/// `log(sum of e^v)` over values that broadcast together; minus infinity where all of them are.
pub(super) fn log_sum_exp(values: &[Value]) -> Value {
    let least = Value::from(f64::MIN);
    let largest = values.iter().fold(least, |largest, v| largest.maximum(v));
    let terms = values.iter().map(|v| (v - &largest).exp());
    let sum = terms.reduce(|a, b| a + b).unwrap_or(Value::from(0.0));
    sum.log() + largest
}

/// Logarithm of the beta function; nothing cancels when one argument is large.
pub(super) fn log_beta(a: &Value, b: &Value) -> Value {
    // Of equal arguments one is the larger and the other the smaller, so that each has its derivative.
    let in_order = a.greater_equal(b);
    let (large, small) = (in_order.select(a, b), in_order.select(b, a));
    small.lgamma() - log_gamma_ratio(&large, &small) - small * large.log()
}

/// `log Gamma(a + x) - log Gamma(a) - x log(a)` for positive `a`; goes to 0 as `a` grows.
///
/// With one random `a` and known `x`, such as counts, it is evaluated once for every distinct `x`.
pub(super) fn log_gamma_ratio(a: &Value, x: &Value) -> Value {
    if a.len() == 1
        && a.is_random()
        && let Some(numbers) = x.as_data()
    {
        let mut distinct = numbers.to_vec();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        if 2 * distinct.len() <= numbers.len() {
            let rows =
                numbers.iter().map(|n| distinct.partition_point(|d| d.total_cmp(n).is_lt()) as u32).collect();
            return ratio(&a.reshape(&[1]), &Value::from(distinct)).take(rows, x.shape().to_vec());
        }
    }
    ratio(a, x)
}

fn ratio(a: &Value, x: &Value) -> Value {
    let large = a.maximum(&Value::from(LARGE));
    let shifted = &large + x;
    let stirling =
        (&shifted - 0.5) * (x * large.recip()).log1p() - x + remainder(&shifted) - remainder(&large);
    let plain = (a + x).lgamma() - a.lgamma() - x * a.log();
    a.lower(&Value::from(LARGE)).select(&plain, &stirling)
}

fn remainder(z: &Value) -> Value {
    let r = z.recip();
    let s = r.square();
    r * (1.0 / 12.0 - &s * (1.0 / 360.0 - &s * (1.0 / 1260.0)))
}
