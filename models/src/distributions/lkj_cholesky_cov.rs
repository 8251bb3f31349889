//! The Cholesky factor of a covariance: LKJ distributed correlations, and standard deviations of any distribution.
//!
//! ```text
//! s[i] = length of row i of L,  d[i] = L[i, i] / s[i]      (the factor of the correlations has diagonal d)
//! log p(L) = c(eta, n) + sum over i of (2 eta - 3 + n - i) log(d[i]) + log p(s[i]) + log(d[i]) - i log(s[i])
//! c(eta, n) = log of the integral of det(R)^(eta - 1) over correlation matrices R
//! ```
//!
//! # Differences from the paper
//! The constant has PyMC's sign, so that log densities are those of PyMC; the normalised density has `-c`. It depends
//! on known numbers alone and changes no posterior.
//!
//! # References
//! - Lewandowski, Kurowicka, Joe (2009), Generating random correlation matrices based on vines and extended onion
//!   method. doi:10.1016/j.jmva.2009.04.008 (draws: section 3; constant: equation 16)

use std::f64::consts::PI;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError};
use chainfire_kernels::special::lgamma;

use super::linear_algebra::apply;
use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};
use crate::finding::Rule;

/// The lower triangle, row by row, of the factor of a covariance of `n` variables.
#[derive(Clone, Debug)]
pub struct LkjCholeskyCov {
    eta: Value,
    n: usize,
    scales: Rc<dyn Distribution>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "LKJCholeskyCov",
    aliases: &[],
    positional: &["eta", "n", "sd_dist"],
    keyword_only: &["compute_corr", "store_in_trace"],
    signature: "eta, n, sd_dist, compute_corr=True, store_in_trace=True",
    summary: "Factor of a covariance: correlations of Lewandowski, Kurowicka and Joe, and standard deviations",
    support: "lower triangular factors, packed by rows",
    parameters: &[
        ("eta", "concentration of the correlations at 0, above 0"),
        ("n", "number of variables"),
        ("sd_dist", "distribution of the standard deviations"),
        ("compute_corr", "whether factor, correlations and standard deviations are given back"),
        ("store_in_trace", "whether correlations and standard deviations are stored"),
    ],
    example: r#"chol, corr, sd = pm.LKJCholeskyCov("chol", eta=2, n=3, sd_dist=pm.Exponential.dist(1.0))"#,
    build: |arguments: &Arguments| {
        let (eta, n) = (arguments.require("eta")?, arguments.whole("n")?);
        let scales = arguments.distribution("sd_dist")?;
        if eta.as_data().is_none_or(|eta| eta.len() != 1) || n == 0 {
            return Err(
                arguments.error("`eta` and `n` must be numbers that are known from the data, `n` above 0")
            );
        }
        if scales.event_rank() > 0 || scales.support().is_discrete() {
            return Err(arguments
                .breach(Rule::DistributionNeeded, "`sd_dist` must be a continuous distribution of numbers"));
        }
        Ok(Box::new(LkjCholeskyCov { eta, n, scales }))
    },
};

impl LkjCholeskyCov {
    /// Covariance factors of `n` variables with correlations of concentration `eta` and scales of a distribution.
    pub fn new(eta: f64, n: usize, scales: impl Distribution + 'static) -> Self {
        Self { eta: Value::from(eta), n, scales: Rc::new(scales) }
    }

    /// The lower triangular matrix of a packed one, its correlations and standard deviations.
    ///
    /// # Shapes
    /// `packed`: `[n (n + 1) / 2]`; results: `[n, n]`, `[n, n]`, `[n]`
    pub fn unpack(packed: &Value, n: usize) -> (Value, Value, Value) {
        let padded = Value::concatenate(&[packed.clone(), Value::data(vec![0.0], [1], Kind::Float)], 0);
        let zero = packed.len() as u32;
        let place = |i: usize, k: usize| if k <= i { (i * (i + 1) / 2 + k) as u32 } else { zero };
        let index = (0..n).flat_map(|i| (0..n).map(move |k| place(i, k))).collect();
        let factor = padded.take(index, vec![n, n]);
        let scales = row_squares(packed, n).sqrt();
        let rows = &factor * scales.recip().reshape(&[n, 1]);
        let correlations = rows.matmul(&rows.transpose());
        (factor, correlations, scales)
    }
}

/// Sums of squares of the rows of a packed triangle along the last axis.
fn row_squares(packed: &Value, n: usize) -> Value {
    let len = n * (n + 1) / 2;
    let row = |k: usize| (0..n).find(|i| (i + 1) * (i + 2) / 2 > k).unwrap_or(0);
    let mut sums = vec![0.0; n * len];
    (0..len).for_each(|k| sums[row(k) * len + k] = 1.0);
    apply(&Value::data(sums, [n, len], Kind::Float), &packed.square())
}

/// The diagonal of a packed triangle along the last axis.
fn diagonal(packed: &Value, n: usize) -> Value {
    let Some((&len, batch)) = packed.shape().split_last() else { return packed.clone() };
    let rows: usize = batch.iter().product();
    let places = (0..rows).flat_map(|row| (0..n).map(move |i| (row * len + i * (i + 3) / 2) as u32));
    packed.take(places.collect(), [batch, &[n]].concat())
}

/// Log of the integral of `det(R)^(eta - 1)` over correlation matrices of `n` variables.
pub(super) fn log_integral(eta: f64, n: usize) -> f64 {
    let last = eta + 0.5 * (n as f64 - 1.0);
    let term = |k: f64| 0.5 * k * PI.ln() + lgamma(last - 0.5 * k) - lgamma(last);
    (1..n).map(|k| term(k as f64)).sum()
}

/// The rows, without scale, of the factor of LKJ distributed correlations, by the onion method.
pub(super) fn draw_factor(eta: f64, n: usize, stream: &mut Stream) -> Vec<Vec<f64>> {
    let row = |i: usize| {
        if i == 0 {
            return vec![1.0];
        }
        let square = stream.beta(i as f64 / 2.0, eta + (n - 1 - i) as f64 / 2.0);
        let direction: Vec<f64> = (0..i).map(|_| stream.normal()).collect();
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let off = direction.into_iter().map(|x| square.sqrt() * x / length);
        off.chain([(1.0 - square).sqrt()]).collect()
    };
    (0..n).map(row).collect()
}

impl Distribution for LkjCholeskyCov {
    fn name(&self) -> &'static str {
        "LKJCholeskyCov"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.scales]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [("eta", &self.eta)].into_iter().chain(self.scales.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let scales = row_squares(x, self.n).sqrt();
        let log_scales = scales.log();
        let log_diagonal = diagonal(x, self.n).log() - &log_scales;
        let eta = self.eta.as_data().map_or(f64::NAN, |eta| eta[0]);
        let power = |i: usize| 2.0 * eta - 2.0 + (self.n - i) as f64;
        let powers: Vec<f64> = (0..self.n).map(power).collect();
        let places: Vec<f64> = (0..self.n).map(|i| i as f64).collect();
        let correlations = log_diagonal * Value::from(powers);
        let terms = correlations + self.scales.log_density(&scales) - log_scales * Value::from(places);
        over(&terms) + log_integral(eta, self.n)
    }

    fn support(&self) -> Support {
        Support::CholeskyPacked { size: self.n }
    }

    fn conditions(&self) -> Vec<Condition> {
        [vec![Condition::positive("eta > 0", &self.eta)], self.scales.conditions()].concat()
    }

    fn support_point(&self) -> Value {
        let identity = (0..self.n).flat_map(|i| (0..=i).map(move |k| f64::from(u8::from(i == k))));
        Value::from(identity.collect::<Vec<_>>())
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.scales.shape()?;
        Ok(vec![self.n * (self.n + 1) / 2])
    }

    fn derived(&self, x: &Value) -> Vec<(&'static str, Value)> {
        let (factor, correlations, scales) = Self::unpack(x, self.n);
        vec![("chol", factor), ("corr", correlations), ("stds", scales)]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let eta = self.eta.as_data().map_or(f64::NAN, |eta| eta[0]);
        let count: usize = shape[..shape.len().saturating_sub(1)].iter().product();
        let scales = self.scales.draw(&[count, self.n], stream)?;
        let mut drawn = Vec::new();
        for scales in scales.chunks(self.n) {
            let rows = draw_factor(eta, self.n, stream);
            drawn.extend(rows.iter().zip(scales).flat_map(|(row, scale)| row.iter().map(move |x| x * scale)));
        }
        Ok(drawn)
    }
}
