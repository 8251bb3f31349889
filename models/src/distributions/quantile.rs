//! Quantiles of a univariate distribution, by bisection of the floating point numbers themselves.
//!
//! ```text
//! x(q) = the least x with P(x) >= q          q <= 1/2
//! x(q) = the least x with 1 - P(x) <= 1 - q  above, where P rounds to 1
//! ```
//!
//! The numbers of one sign are ordered as their bits are, so that 64 halvings end at neighbours whatever the scale.
//! The distribution function of whole numbers is that of the whole number below.
//!
//! # References
//! Folklore.

use chainfire_engine::program::{Kind, Value};

use super::Distribution;
use super::stream::numbers;
use super::support::log_probability_anywhere;
use super::truncated::{at_place, place};

/// Halvings that leave no number between two of 64 bits.
const HALVINGS: usize = 64;
/// What sums of probabilities may be off, on the log scale.
const ROUNDING: f64 = 1e-12;

/// The numbers that these shares of a distribution lie at or below, repeated to a shape; `None` where the distribution
/// function is not known. What is no probability has no quantile: NaN.
pub fn quantiles(distribution: &dyn Distribution, shares: &Value, shape: &[usize]) -> Option<Value> {
    let known = |value: &Value| numbers(distribution.name(), value, shape).ok();
    let is_discrete = distribution.support().is_discrete();
    let (least, most) = distribution.support().bounds();
    let (shares, least, most) = (known(shares)?, known(&least)?, known(&most)?);
    let mut low: Vec<i64> = least.iter().map(|&bound| place(bound)).collect();
    let mut high: Vec<i64> = most.iter().map(|&bound| place(bound)).collect();
    // The least whole number may be the quantile itself.
    if is_discrete {
        low.iter_mut().for_each(|low| *low -= 1);
    }
    let slack = if is_discrete { ROUNDING } else { 0.0 };
    for _ in 0..HALVINGS {
        let middle: Vec<i64> = low.iter().zip(&high).map(|(&low, &high)| i64::midpoint(low, high)).collect();
        let at = |&middle: &i64| if is_discrete { at_place(middle).floor() } else { at_place(middle) };
        let x = Value::data(middle.iter().map(at).collect::<Vec<f64>>(), shape, Kind::Float);
        let below = known(&log_probability_anywhere(distribution, &x, true)?)?;
        let above = known(&log_probability_anywhere(distribution, &x, false)?)?;
        for (k, &share) in shares.iter().enumerate() {
            let is_past = match share <= 0.5 {
                true => below[k] >= share.ln() - slack,
                false => above[k] <= (-share).ln_1p() + slack,
            };
            let side = if is_past { &mut high } else { &mut low };
            side[k] = middle[k];
        }
    }
    let found =
        high.iter().zip(&shares).zip(least.iter().zip(&most)).map(|((&high, &share), (&least, &most))| {
            match share {
                share if !(0.0..=1.0).contains(&share) => f64::NAN,
                0.0 => {
                    if is_discrete {
                        least - 1.0
                    } else {
                        least
                    }
                }
                1.0 => most,
                _ => at_place(high),
            }
        });
    Some(Value::data(found.collect::<Vec<f64>>(), shape, Kind::Float))
}
