//! Functions of values that several densities share.
//!
//! ```text
//! x_log_y(x, log y)      = x log(y), and 0 where x = 0
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
//! - Abramowitz and Stegun (1964), 6.1.41 (Stirling's series).

use chainfire_engine::program::Value;

/// Zeros with the shape of a value.
pub(super) fn zeros_like(x: &Value) -> Value {
    Value::from(0.0).broadcast_to(x.shape())
}

/// From here on three terms of Stirling's remainder are exact in double precision.
const LARGE: f64 = 100.0;

/// `x * log_y`, and 0 where `x` is 0 and `log_y` is minus infinity.
///
/// The guard is left out where what is known says that it is not needed: `x` has no zeros, or `x` is random (zero with
/// probability zero) and `log_y` is finite.
pub(super) fn x_log_y(x: &Value, log_y: &Value) -> Value {
    let product = x * log_y;
    let guarded = match x.as_data() {
        Some(numbers) => numbers.contains(&0.0),
        None => log_y.as_data().is_some_and(|numbers| numbers.contains(&f64::NEG_INFINITY)),
    };
    if !guarded {
        return product;
    }
    let zero = Value::from(0.0);
    if x.as_data().is_some_and(|numbers| numbers.iter().all(|&n| n == 0.0)) {
        return zeros_like(&product);
    }
    x.equal(&zero).select(&zero, &product)
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
