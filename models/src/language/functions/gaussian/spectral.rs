//! Spectral densities of stationary covariance functions.
//!
//! ```text
//! ExpQuad   (2 pi)^(d/2) prod(ls) exp(-w / 2),  w = sum_k (ls_k omega_k)^2
//! Matern    a constant times prod(ls) (2 nu + w)^-(nu + d/2)
//! RatQuad   (2 pi alpha)^(d/2) prod(ls) / Gamma(alpha) times the integral over u of
//!           exp((alpha - d/2) u - e^u - alpha w e^-u / 2)
//! ```
//!
//! The integral, a Bessel function, is a sum over equal steps of `u`, whose error is that of double precision for
//! frequencies times lengths from 1e-6.
//!
//! # References
//! - Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, section 4.2.
//! - NIST Digital Library of Mathematical Functions, 10.32.10 (the integral).
//! - Trefethen, Weideman (2014), The exponentially convergent trapezoidal rule, section 5.
//! - PyMC 5.28, `pymc/gp/cov.py`, `power_spectral_density`

use std::f64::consts::PI;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::special::lgamma;
use ruff_text_size::TextRange;

use super::covariance::Covariance;
use super::stationary::Form;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::Evaluator;

/// Where the sum begins, its steps, and how many they are, in widths of what is added up.
const FIRST: f64 = -36.0;
const STEP: f64 = 0.25;
const NODES: usize = 185;

const SPECTRAL: &str = "the spectral density is known of the covariances RatQuad, ExpQuad, Matern52 and Matern32 of the same columns, of \
     their sums and multiples";

/// The spectral density at frequencies `[count, columns]`.
pub(super) fn spectral_density(
    e: &mut Evaluator<'_>,
    covariance: &Covariance,
    omega: &Value,
    range: TextRange,
) -> Outcome<Value> {
    let columns = omega.shape()[1];
    let value = match covariance {
        Covariance::Stationary { domain, form, scale } => {
            if domain.columns.len() != columns {
                let seen = domain.columns.len();
                return fault(
                    range,
                    format!("the covariance is of {seen} columns, the frequencies of {columns}"),
                );
            }
            density_of(form, scale, omega, range)?
        }
        Covariance::Constant(value) if value.len() == 1 => value.reshape(&[]),
        Covariance::Sum(a, b) => {
            let is_same = match (a.domain(e), b.domain(e)) {
                (Some(a), Some(b)) => a.columns == b.columns,
                _ => true,
            };
            if !is_same {
                return fault(range, SPECTRAL);
            }
            spectral_density(e, a, omega, range)? + spectral_density(e, b, omega, range)?
        }
        Covariance::Product(a, b)
            if matches!((&**a, &**b), (Covariance::Constant(_), _) | (_, Covariance::Constant(_))) =>
        {
            spectral_density(e, a, omega, range)? * spectral_density(e, b, omega, range)?
        }
        Covariance::Written(written) => written.spectral_density(e, omega, range)?,
        _ => return fault(range, SPECTRAL),
    };
    e.finish_value(value, range)
}

fn density_of(form: &Form, scale: &Value, omega: &Value, range: TextRange) -> Outcome<Value> {
    let columns = omega.shape()[1];
    let d = columns as f64;
    let (length, squared) = if scale.len() == 1 {
        let scale = scale.reshape(&[]);
        (scale.pow(&Value::from(d)), omega.square().sum_axis(1) * scale.square())
    } else {
        let product = (0..columns as u32).map(|k| scale.take(vec![k], vec![]));
        let length = product.reduce(|a, b| a * b).unwrap_or_else(|| Value::from(1.0));
        (length, omega.square().matmul(&scale.square()))
    };
    // Gamma(nu + d / 2) / Gamma(nu) and the like, of a Matern covariance with nu = n / 2.
    let matern = |n: f64, share: f64| {
        let constant = 2.0_f64.powf(d) * PI.powf(d / 2.0) * lgamma((d + n) / 2.0).exp() * n.powf(n / 2.0)
            / (share * PI.sqrt());
        (&squared + n).pow(&Value::from(-(d + n) / 2.0)) * constant
    };
    Ok(length
        * match form {
            Form::Quadratic => (&squared * -0.5).exp() * (2.0 * PI).powf(d / 2.0),
            Form::Matern52 => matern(5.0, 0.75),
            Form::Matern32 => matern(3.0, 0.5),
            Form::Rational(alpha) => rational(&alpha.reshape(&[]), &squared, d),
            _ => return fault(range, SPECTRAL),
        })
}

/// The spectral density of `RatQuad` in lengths, at squared frequencies: the mean of those of `ExpQuad`, over the gamma
/// distribution of the precision.
fn rational(alpha: &Value, squared: &Value, d: f64) -> Value {
    let nodes: Vec<f64> = (0..NODES).map(|k| FIRST + STEP * k as f64).collect();
    // The larger alpha, the narrower what is added up, around the logarithm of alpha.
    let width = (alpha + 1.0).sqrt().recip();
    let u = Value::data(nodes, vec![1, NODES], Kind::Float) * &width + (alpha + 1.0).log();
    let quarter = (squared * alpha * 0.5).reshape(&[squared.len(), 1]);
    let exponent = (alpha - d / 2.0) * &u - u.exp() - quarter * (-&u).exp() - alpha.lgamma();
    (alpha * (2.0 * PI)).pow(&Value::from(d / 2.0)) * exponent.exp().sum_axis(1) * width * STEP
}
