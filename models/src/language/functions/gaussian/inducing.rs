//! Gaussian processes with normal noise by inducing points, as `pm.gp.MarginalApprox` has them.
//!
//! ```text
//! A = chol(K(Xu) + jitter I)^-1 K(Xu, X),  q = diag(A' A)
//! FITC  v = max(k - q, 0) + sigma^2               k = diag(K(X)),  the trace is 0
//! DTC   v = sigma^2                               the trace is 0
//! VFE   v = sigma^2                               the trace is sum(k - q) / (2 sigma^2)
//! log p(y) = -log det(A' A + diag(v)) / 2 - r' (A' A + diag(v))^-1 r / 2 - n log(2 pi) / 2 - trace,  r = y - m(X)
//! ```
//!
//! The determinant and the quadratic form are those of a matrix of the inducing points alone.
//!
//! # References
//! - Quinonero-Candela, Rasmussen (2005), A unifying view of sparse approximate Gaussian process regression, sections
//!   5 and 6 (DTC, FITC).
//! - Titsias (2009), Variational learning of inducing variables in sparse Gaussian processes, equation 9 (VFE).
//! - PyMC 5.28, `pymc/gp/gp.py`, `MarginalApprox`

use std::f64::consts::PI;

use chainfire_engine::program::Value;

use super::super::linear::factored;
use super::super::pymc::variable_name;
use super::covariance::{diagonal, identity};
use super::process::{Kind, Process, item};
use super::{covariance_of, mean_of, places, stabilised};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::Item;

/// What takes the place of the covariance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Approximation {
    Variational,
    Independent,
    Deterministic,
}

/// `pm.gp.MarginalApprox(approx="VFE", cov_func=...)`
pub(super) fn process(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [approximation, mean, covariance] = call.bind(["approx", "mean_func", "cov_func"])?;
    let kind = match approximation {
        None => Approximation::Variational,
        Some(argument) => match &*e.text(argument, "`approx`")? {
            "VFE" => Approximation::Variational,
            "FITC" => Approximation::Independent,
            "DTC" => Approximation::Deterministic,
            other => {
                let message = format!("`approx` is \"VFE\", \"FITC\" or \"DTC\", not \"{other}\"");
                return fault(argument.range, message);
            }
        },
    };
    let covariance = covariance_of(e, call.required(covariance, "cov_func")?)?;
    Ok(item(Process { kind: Kind::Approximate(kind), mean: mean_of(e, mean)?, covariance }))
}

impl Approximation {
    /// `marginal_likelihood(name, X, Xu, y, sigma)`
    pub(super) fn likelihood(self, e: &mut Evaluator<'_>, process: &Process, call: &Call) -> Outcome<Item> {
        let [name, x, inducing, y, sigma, jitter] = call.bind(["name", "X", "Xu", "y", "sigma", "jitter"])?;
        let name = variable_name(e, call, name)?;
        let x = places(e, call.required(x, "X")?)?;
        let inducing = places(e, call.required(inducing, "Xu")?)?;
        let y_at = call.required(y, "y")?;
        let y = e.value(y_at)?;
        e.complete(&y, y_at.range)?;
        let variance = e.value(call.required(sigma, "sigma")?)?.square();
        let (rows, points, range) = (x.shape()[0], inducing.shape()[0], call.range);
        if y.shape() != [rows] {
            let message = format!("`y` needs a number for each of the {rows} rows of `X`");
            return Err(Fault::new(y_at.range, message).rule(Rule::ShapeMismatch));
        }
        let within = process.covariance.matrix(e, &inducing, None, range)?;
        let within = stabilised(e, &within, jitter)?;
        let across = process.covariance.matrix(e, &inducing, Some(&x), range)?;
        let factor = factored(e, &within, range)?;
        let turned = e.finish_value(factor.solve_triangular(&across, false), range)?;
        let explained = turned.square().sum_axis(0);
        let mut trace = Value::from(0.0);
        let noise = match self {
            Approximation::Deterministic => variance.broadcast_to(&[rows]),
            Approximation::Independent => {
                let own = process.covariance.diagonal(e, &x, range)?;
                (own - &explained).maximum(&Value::from(0.0)) + variance
            }
            Approximation::Variational => {
                let own = process.covariance.diagonal(e, &x, range)?;
                trace = (own - &explained).sum() * variance.recip() * 0.5;
                variance.broadcast_to(&[rows])
            }
        };
        let noise = e.finish_value(noise, range)?;
        let precision = noise.recip();
        let weighted = &turned * precision.reshape(&[1, rows]);
        let inner = e.matrix_product(&weighted, &turned.transpose(), range)? + identity(points);
        let inner = factored(e, &inner, range)?;
        let residual = y - process.mean.at(e, &x, range)?;
        let scaled = &residual * precision;
        let projected = e.matrix_product(&turned, &scaled, range)?;
        let solved = e.finish_value(inner.solve_triangular(&projected, false), range)?;
        let log_determinant = noise.log().sum() * 0.5 + diagonal(&inner).log().sum();
        let quadratic = ((residual * scaled).sum() - solved.square().sum()) * 0.5;
        let constant = 0.5 * rows as f64 * (2.0 * PI).ln();
        let density = e.finish_value(-(log_determinant + quadratic + trace + constant), range)?;
        let name = format!("marginalapprox_loglik_{name}");
        let result = e.open_scope(&call.name, range)?.potential(&name, density);
        result.map(|()| Item::None).map_err(|error| e.refused_call(call, error))
    }
}
