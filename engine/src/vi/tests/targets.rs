//! Targets of the tests of fits.

use chainfire_kernels::random::Key;

use crate::by_hand::Target;
use crate::density::LogDensity;

/// A normal whose elements are correlated like those of an autoregressive series; its precision is tridiagonal.
#[derive(Clone)]
pub(super) struct Series {
    pub(super) mean: Vec<f64>,
    pub(super) deviation: Vec<f64>,
    pub(super) correlation: f64,
}

impl Series {
    pub(super) fn covariance(&self, i: usize, j: usize) -> f64 {
        self.deviation[i] * self.deviation[j] * self.correlation.powi(i.abs_diff(j) as i32)
    }

    pub(super) fn precision(&self, i: usize, j: usize) -> f64 {
        let (dim, r) = (self.mean.len(), self.correlation);
        let scaled = match i.abs_diff(j) {
            0 if i == 0 || i + 1 == dim => 1.0,
            0 => 1.0 + r * r,
            1 => -r,
            _ => 0.0,
        };
        scaled / (1.0 - r * r) / (self.deviation[i] * self.deviation[j])
    }

    pub(super) fn target(&self) -> impl LogDensity + use<> {
        let series = self.clone();
        let log_density = move |q: &[f64], g: &mut [f64]| {
            let dim = q.len();
            for (i, g) in g.iter_mut().enumerate() {
                let near = i.saturating_sub(1)..(i + 2).min(dim);
                *g = near.map(|j| series.precision(i, j) * (series.mean[j] - q[j])).sum();
            }
            // A constant that no result may depend on.
            -0.5 * (0..dim).map(|i| (series.mean[i] - q[i]) * g[i]).sum::<f64>() - 123.4
        };
        Target { dim: self.mean.len(), log_density }
    }
}

/// Neal's funnel, not as wide: `v ~ N(0, 1.5^2)`, nine `x ~ N(0, exp(v))`.
pub(super) fn funnel() -> impl LogDensity {
    Target {
        dim: 10,
        log_density: |q: &[f64], g: &mut [f64]| {
            let v = q[0];
            let precision = (-v).exp();
            let squares: f64 = q[1..].iter().map(|x| x * x).sum();
            g[0] = -v / 2.25 - 4.5 + 0.5 * precision * squares;
            g[1..].iter_mut().zip(&q[1..]).for_each(|(g, x)| *g = -precision * x);
            -v * v / 4.5 - 4.5 * v - 0.5 * precision * squares
        },
    }
}

/// Logistic regression with standard normal coefficients, on data made from coefficients `1, -1, 1, ...` over
/// `sqrt(columns)`.
pub(super) struct Logistic {
    /// `[rows, columns]`
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) columns: usize,
}

impl Logistic {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        let mut x = vec![0.0; rows * columns];
        Key::new(1, 0, 0, 0).fill_normal(&mut x);
        let true_slope = |j: usize| if j.is_multiple_of(2) { 1.0 } else { -1.0 } / (columns as f64).sqrt();
        let outcome = |(row, x): (usize, &[f64])| {
            let linear: f64 = x.iter().enumerate().map(|(j, x)| x * true_slope(j)).sum();
            f64::from(u8::from(Key::new(2, 0, 0, 0).uniform(row as u32) < 1.0 / (1.0 + (-linear).exp())))
        };
        let y = x.chunks_exact(columns).enumerate().map(outcome).collect();
        Self { x, y, columns }
    }

    pub(super) fn target(&self) -> impl LogDensity + '_ {
        let log_density = |q: &[f64], g: &mut [f64]| {
            let mut sum = -0.5 * q.iter().map(|q| q * q).sum::<f64>();
            g.iter_mut().zip(q).for_each(|(g, q)| *g = -q);
            for (x, y) in self.x.chunks_exact(self.columns).zip(&self.y) {
                let linear: f64 = x.iter().zip(q).map(|(x, q)| x * q).sum();
                let chance = 1.0 / (1.0 + (-linear).exp());
                sum += y * linear - linear.max(0.0) - (-linear.abs()).exp().ln_1p();
                g.iter_mut().zip(x).for_each(|(g, x)| *g += (y - chance) * x);
            }
            sum
        };
        Target { dim: self.columns, log_density }
    }
}
