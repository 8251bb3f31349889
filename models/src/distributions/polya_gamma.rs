//! The Pólya-gamma distribution.
//!
//! ```text
//! X = (1 / 2 pi^2) sum over k = 1, 2, ... of g[k] / ((k - 1/2)^2 + (z / 2 pi)^2),  g[k] ~ Gamma(h, 1)
//! E[e^-sX] = cosh(sqrt(s / 2))^-h for z = 0;  p(x | h, z) = cosh(z / 2)^h e^(-z^2 x / 2) p(x | h, 0)
//! p(x | h, 0) = (1 / 2 pi i) integral of e^(sx) cosh(sqrt(s / 2))^-h ds
//! F(x | h, z) = the same with cosh(z / 2)^h e^(-z^2 x / 2) / (s - z^2 / 2), right of the pole; left of it, F - 1
//! ```
//!
//! The integral is taken along a parabola around the singularities, which lie left of `-pi^2 / 2`, through the saddle
//! point of the integrand, where the sum over a few points is exact in double precision: both tails have all digits.
//!
//! # Differences from the paper
//! Its alternating series loses all digits for large `h`. Draws sum 100 terms; a gamma variable with the mean and the
//! variance of the rest stands for it.
//!
//! # References
//! - Polson, Scott, Windle (2013), Bayesian inference for logistic models using Pólya-gamma latent variables.
//!   doi:10.1080/01621459.2013.829001 (the sum, the transform)
//! - Weideman, Trefethen (2007), Parabolic and hyperbolic contours for computing the Bromwich integral.
//!   doi:10.1090/S0025-5718-07-01945-X

use std::f64::consts::{LN_2, PI};

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;

use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Pólya-gamma with shape `h` and tilt `z`.
#[derive(Clone, Debug)]
pub struct PolyaGamma {
    h: Value,
    z: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "PolyaGamma",
    aliases: &[],
    positional: &["h", "z"],
    keyword_only: &[],
    signature: "h=1, z=0",
    summary: "Weighted sum of gamma variables, the latent scale of logistic models",
    support: "numbers above 0",
    parameters: &[("h", "shape, above 0"), ("z", "exponential tilt")],
    example: r#"pm.PolyaGamma("x", h=1, z=0.5)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(PolyaGamma::new(arguments.get_or("h", 1.0), arguments.get_or("z", 0.0))))
    },
};

/// The rightmost singularity of the transform.
const EDGE: f64 = -PI * PI / 2.0;

/// Points of the sum, and their distance in units of the width of the integrand: for the density, and for the
/// distribution function, whose pole may be one unit away.
const DENSITY: (usize, f64) = (22, 0.3);
const PROBABILITY: (usize, f64) = (44, 0.15);

/// Terms of a draw that are drawn one by one.
const TERMS: usize = 100;

impl PolyaGamma {
    /// Pólya-gamma with shape `h` and tilt `z`.
    pub fn new(h: impl Into<Value>, z: impl Into<Value>) -> Self {
        Self { h: h.into(), z: z.into() }
    }

    /// Log of what the tilt multiplies a density with.
    fn tilt(&self, x: &Value) -> Value {
        let size = self.z.abs();
        &self.h * (&size * 0.5 + (-size).softplus() - LN_2) - self.z.square() * x * 0.5
    }

    /// How far right of [`EDGE`] the saddle point lies, times `x`.
    ///
    /// It is `h` times a function of `u = x / h` alone, here in a fit of relative error 5e-4. A few units more keep away
    /// from the singularity where `h` is small.
    fn saddle(&self, x: &Value) -> Value {
        let u = x / &self.h;
        let below = 1.0 + &u * (13.063_899_95 + &u * (165.965_73 + &u * 1_616.690_09));
        let above = &u * (-EDGE + &u * (44.532_355_34 + &u * 1_616.690_09));
        &self.h * (0.125 / u + above / below) + 4.0
    }
}

/// `exp` of the integrand at the points of the parabola `s = EDGE + width / x (1 + i theta)^2`, whose axis is the last.
struct Contour {
    theta: Value,
    /// Real and imaginary part of `(s - EDGE) x / width`.
    s: (Value, Value),
    /// Logarithm of the size of the integrand, and its angle.
    log_size: Value,
    angle: Value,
    /// Log of the weight of every point.
    log_weight: Value,
}

impl Contour {
    fn new(h: &Value, x: &Value, width: &Value, (points, distance): (usize, f64)) -> Self {
        let wide = |v: &Value| v.insert_axis(v.rank());
        let places: Vec<f64> = (0..points).map(|k| (k as f64 + 0.5) * distance).collect();
        let (h, x, width) = (wide(h), wide(x), wide(width));
        let theta = Value::from(places) / width.sqrt();
        let scale = &width / &x;
        let s = (1.0 - theta.square(), &theta * 2.0);
        // p + iq = sqrt(s / 2), in units of sqrt(scale).
        let real = &s.0 + EDGE / &scale;
        let size = (real.square() + s.1.square()).sqrt();
        let large = ((size + real.abs()) * 0.25).sqrt();
        let small = &s.1 * 0.25 / &large;
        let is_right = real.greater(&Value::from(0.0));
        let root = scale.sqrt();
        let p = is_right.select(&large, &small) * &root;
        let q = is_right.select(&small, &large) * &root;
        // log cosh(r) = r - log(2) + log(1 + e^-2r)
        let (decay, turn) = ((&p * -2.0).exp(), &q * 2.0);
        let cosine = &decay * turn.unary(Unary::Cos) + 1.0;
        let sine = &decay * turn.unary(Unary::Sin);
        let log_cosh = &p - LN_2 + (cosine.square() + sine.square()).log() * 0.5;
        let angle_cosh = q - (sine / cosine).unary(Unary::Atan);
        Self {
            log_size: real * &width - &h * log_cosh,
            angle: &s.1 * &width - h * angle_cosh,
            log_weight: scale.log() - width.log() * 0.5 + (2.0 * distance / PI).ln(),
            theta,
            s,
        }
    }

    /// Log of the size of the integral of the integrand times what `factor` makes of its cosine and sine.
    fn log_integral(&self, factor: impl FnOnce(&Value, &Value) -> Value) -> Value {
        let last = self.log_size.rank().saturating_sub(1);
        let first = self.log_size.narrow(last, 0, 1);
        let sizes = (&self.log_size - &first).exp();
        let (cosine, sine) = (self.angle.unary(Unary::Cos), self.angle.unary(Unary::Sin));
        // (1 + i theta) comes from ds.
        let real = &cosine - &self.theta * &sine;
        let imaginary = sine + &self.theta * cosine;
        let sum = (sizes * factor(&real, &imaginary)).sum_axis(last);
        let ends = (first + &self.log_weight).max_axis(last);
        sum.abs().log() + ends
    }
}

impl Distribution for PolyaGamma {
    fn name(&self) -> &'static str {
        "PolyaGamma"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("h", &self.h), ("z", &self.z)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let contour = Contour::new(&self.h, x, &self.saddle(x), DENSITY);
        self.tilt(x) + contour.log_integral(|real, _| real.clone())
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("h > 0", &self.h)]
    }

    /// The mean, `h tanh(z / 2) / (2 z)`.
    fn support_point(&self) -> Value {
        let is_zero = self.z.equal(&Value::from(0.0));
        let z = is_zero.select(&Value::from(1.0), &self.z);
        let tilted = (&z * 0.5).tanh() / (z * 2.0);
        &self.h * is_zero.select(&Value::from(0.25), &tilted)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (is_below, log_share) = self.log_share(x);
        Some(is_below.select(&log_share, &log1m_exp(&log_share)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (is_below, log_share) = self.log_share(x);
        Some(is_below.select(&log1m_exp(&log_share), &log_share))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.h, &self.z], shape, stream, |[h, z], stream| {
            if !(h > 0.0 && h.is_finite() && z.is_finite()) {
                return f64::NAN;
            }
            let tilt = (z / (2.0 * PI)).powi(2);
            let scale = |k: usize| 1.0 / (2.0 * PI * PI * ((k as f64 - 0.5).powi(2) + tilt));
            let drawn: f64 = (1..=TERMS).map(|k| stream.gamma(h) * scale(k)).sum();
            // The sums over the rest, by the midpoint rule backwards: integrals from TERMS on.
            let (end, root) = (TERMS as f64, tilt.sqrt());
            let arc = if root < 1e-6 * end { 1.0 / end } else { (root / end).atan() / root };
            let mean = h * arc / (2.0 * PI * PI);
            let square = if root < 1e-2 * end {
                (1.0 / 3.0 - 0.4 * tilt / (end * end)) / end.powi(3)
            } else {
                (arc - end / (end * end + tilt)) / (2.0 * tilt)
            };
            let variance = h * square / (4.0 * PI.powi(4));
            drawn + stream.gamma(mean * mean / variance) * variance / mean
        })
    }
}

impl PolyaGamma {
    /// Whether the probability below `x` was computed, or else that above, and its logarithm: the one that the contour
    /// through the saddle point leads to without passing the pole closely.
    fn log_share(&self, x: &Value) -> (Value, Value) {
        let saddle = self.saddle(x);
        let (at_saddle, at_pole) = ((&saddle / x).sqrt(), (self.z.square() * 0.5 - EDGE).sqrt());
        let is_below = (saddle.sqrt() * (&at_pole / &at_saddle - 1.0)).lower(&Value::from(1.0));
        let right = at_saddle.maximum(&(&at_pole * (saddle.sqrt().recip() + 1.0)));
        let width = is_below.select(&right, &at_saddle).square() * x;
        let contour = Contour::new(&self.h, x, &width, PROBABILITY);
        let axis = |v: &Value| v.insert_axis(v.rank());
        let scale = axis(&(&width / x));
        let pole = axis(&(self.z.square() * 0.5 - EDGE));
        // 1 / (s - pole), of s from the edge on.
        let (real, imaginary) = (&contour.s.0 * &scale - pole, &contour.s.1 * scale);
        let square = real.square() + imaginary.square();
        let share = contour.log_integral(|a, b| (a * real + b * imaginary) / square);
        (is_below, (self.tilt(x) + share).minimum(&Value::from(0.0)))
    }
}
