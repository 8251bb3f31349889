//! Periodic Gaussian processes by a series of waves, as `pm.gp.HSGPPeriodic` has them.
//!
//! ```text
//! f = m(X) + cos(j w x) (psd b) + sin(j w x) (psd b'),  b, b' ~ Normal(0, 1), named f_hsgp_coeffs_
//! psd_j = scale (2 - [j = 0]) exp(-a) I_j(a),  a = 1 / ls^2,  w = 2 pi / period
//! exp(-a) I_j(a) = mean over angles t of exp(a (cos t - 1)) cos(j t)
//! ```
//!
//! The mean over the angles is taken at equal distances, which is exact but for `I_n(a)` of orders `n` beyond
//! [`ANGLES`]: nothing in double precision for lengths from 0.02.
//!
//! # Differences from the paper
//! The waves are multiplied by `psd`, not by its root, and `a` belongs to `exp(-2 sin^2 / ls^2)`, while `Periodic` is
//! `exp(-sin^2 / (2 ls^2))`: PyMC does so, and a model's density is PyMC's. The process is not that of `Periodic`.
//!
//! # References
//! - Riutort-Mayol et al. (2022), Practical Hilbert space approximate Bayesian Gaussian processes for probabilistic
//!   programming, appendix B. arXiv:2004.11408
//! - NIST Digital Library of Mathematical Functions, 10.32.3 (the integral of `I_j`).
//! - Trefethen, Weideman (2014), The exponentially convergent trapezoidal rule, section 4.
//! - PyMC 5.28, `pymc/gp/hsgp_approx.py`

use std::f64::consts::PI;

use chainfire_engine::program::{Kind as Numbers, Value};
use ruff_text_size::TextRange;

use super::super::pymc::{variable_name, whole};
use super::basis::waves;
use super::covariance::Covariance;
use super::process::{Kind, Process, declared, item, stored};
use super::stationary::Form;
use super::{covariance_of, mean_of, places};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Angles on a half circle, besides one for each order.
const ANGLES: usize = 256;

/// The series of a process.
#[derive(Debug)]
pub(super) struct Resonators {
    count: usize,
    scale: Value,
}

/// `pm.gp.HSGPPeriodic(m=20, scale=..., cov_func=pm.gp.cov.Periodic(...))`
pub(super) fn process(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [m, scale, mean, covariance] = call.bind(["m", "scale", "mean_func", "cov_func"])?;
    let m = call.required(m, "m")?;
    let count = whole(e, m, "m")?;
    if count == 0 {
        return fault(m.range, "the size of a basis is at least 1");
    }
    let scale = scale.map_or(Ok(Value::from(1.0)), |scale| e.value(scale))?;
    let at = call.required(covariance, "cov_func")?;
    let covariance = covariance_of(e, at)?;
    match &*covariance {
        Covariance::Stationary { domain, form: Form::Periodic(_), .. } if domain.columns.len() == 1 => {}
        _ => {
            return fault(
                at.range,
                "`HSGPPeriodic` takes `pm.gp.cov.Periodic` of one column alone; its variance is `scale`",
            );
        }
    }
    Ok(item(Process {
        kind: Kind::Resonators(Resonators { count, scale }),
        mean: mean_of(e, mean)?,
        covariance,
    }))
}

/// `Periodic.power_spectral_density_approx(J)`
pub(super) fn coefficients(
    e: &mut Evaluator<'_>,
    covariance: &Covariance,
    orders: &Argument,
) -> Outcome<Value> {
    let numbers = e.known_value(orders, "the orders of waves")?;
    let whole = |x: &f64| (*x >= 0.0 && x.fract() == 0.0 && *x < 1e6).then_some(*x as usize);
    let known: Option<Vec<usize>> = numbers.as_data().and_then(|x| x.iter().map(whole).collect());
    match known {
        Some(known) if numbers.rank() == 1 && !known.is_empty() => {
            series(e, covariance, &known, orders.range)
        }
        _ => {
            fault(orders.range, "the orders of waves are whole numbers 0, 1, 2, ..., such as `np.arange(20)`")
        }
    }
}

/// The coefficients of some orders.
fn series(
    e: &mut Evaluator<'_>,
    covariance: &Covariance,
    orders: &[usize],
    range: TextRange,
) -> Outcome<Value> {
    let Covariance::Stationary { form: Form::Periodic(_), scale, .. } = covariance else {
        return fault(range, "only `pm.gp.cov.Periodic` is a series of waves");
    };
    if scale.len() != 1 {
        return fault(range, "a series of waves has one length `ls`");
    }
    let half = ANGLES + orders.iter().copied().max().unwrap_or(0);
    e.budget.shape(&[orders.len(), half + 1], range)?;
    let angle = |k: usize| PI * k as f64 / half as f64;
    let weight = |k: usize| if k == 0 || k == half { 0.5 } else { 1.0 } / half as f64;
    let falls = (0..=half).map(|k| -2.0 * (angle(k) / 2.0).sin().powi(2)).collect::<Vec<_>>();
    let waves = orders.iter().flat_map(|&order| {
        let factor = if order > 0 { 2.0 } else { 1.0 };
        // The order times the angle, less whole turns.
        (0..=half).map(move |k| factor * weight(k) * angle(order * k % (2 * half)).cos())
    });
    let waves = Value::data(waves.collect::<Vec<_>>(), vec![orders.len(), half + 1], Numbers::Float);
    let falls = Value::data(falls, vec![half + 1], Numbers::Float);
    let weights = (falls * scale.reshape(&[]).square().recip()).exp();
    e.finish_value(waves.matmul(&weights), range)
}

impl Resonators {
    /// Number of cosines.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The cosines and sines at the inputs, `[rows, count]`, and their coefficients.
    fn basis(
        &self,
        e: &mut Evaluator<'_>,
        process: &Process,
        x: &Value,
        range: TextRange,
    ) -> Outcome<(Value, Value, Value)> {
        let Covariance::Stationary { domain, form: Form::Periodic(period), .. } = &*process.covariance else {
            return fault(range, "`HSGPPeriodic` takes `pm.gp.cov.Periodic`");
        };
        if x.is_random() {
            return fault(range, "the inputs of `pm.gp.HSGPPeriodic` must be known from the data");
        }
        let x = domain.part(x, range)?;
        let centre = (x.max_axis(0) + x.min_axis(0)) * 0.5;
        let (cosines, sines) = waves(e, &(x - centre), period, self.count, range)?;
        let orders: Vec<usize> = (0..self.count).collect();
        let series = series(e, &process.covariance, &orders, range)?;
        let coefficients = e.finish_value(series * self.scale.reshape(&[]), range)?;
        Ok((cosines, sines, coefficients))
    }

    /// `prior_linearized(X)`
    pub(super) fn linearised(&self, e: &mut Evaluator<'_>, process: &Process, call: &Call) -> Outcome<Item> {
        let [x] = call.bind(["X"])?;
        let x = places(e, call.required(x, "X")?)?;
        let (cosines, sines, coefficients) = self.basis(e, process, &x, call.range)?;
        let waves = Sequence::new(vec![Item::Number(cosines), Item::Number(sines)], call.range)?;
        let both = vec![Item::Tuple(waves), Item::Number(coefficients)];
        Ok(Item::Tuple(Sequence::new(both, call.range)?))
    }

    /// `prior(name, X)`
    pub(super) fn prior(&self, e: &mut Evaluator<'_>, process: &Process, call: &Call) -> Outcome<Item> {
        let [name, x, dims, own_dims] = call.bind(["name", "X", "dims", "hsgp_coeffs_dims"])?;
        let name = variable_name(e, call, name)?;
        let x = places(e, call.required(x, "X")?)?;
        let mean = process.mean.at(e, &x, call.range)?;
        let (cosines, sines, coefficients) = self.basis(e, process, &x, call.range)?;
        let shape = match own_dims.filter(|dims| !matches!(dims.item, Item::None)) {
            Some(dims) => ("dims", dims.item.clone()),
            None => ("shape", Item::integer(2 * self.count as i64 - 1)),
        };
        let own_name = format!("{name}_hsgp_coeffs_");
        let weights = declared(e, call, "Normal", &own_name, vec![shape], Vec::new())?;
        if weights.shape() != [2 * self.count - 1] {
            return fault(call.range, format!("`hsgp_coeffs_dims` must have {} labels", 2 * self.count - 1));
        }
        // The wave of order 0 has no sine.
        let even = weights.narrow(0, 0, self.count) * &coefficients;
        let odd = Value::concatenate(
            &[
                Value::from([0.0]),
                weights.narrow(0, self.count, 2 * self.count - 1) * coefficients.narrow(0, 1, self.count),
            ],
            0,
        );
        let values = match self.count {
            1 => cosines.matmul(&even),
            _ => cosines.matmul(&even) + sines.matmul(&odd),
        };
        let values = e.finish_value(values, call.range)?;
        stored(e, call, &name, mean + values, dims)
    }
}
