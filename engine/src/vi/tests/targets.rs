//! Log densities written by hand, with their gradients.

use chainfire_kernels::random::Key;

use crate::density::{Evaluator, LogDensity};

/// A log density as a function that also writes its gradient.
pub(in crate::vi) struct Target<F> {
    pub(in crate::vi) dim: usize,
    pub(in crate::vi) log_density: F,
}

impl<F: Fn(&[f64], &mut [f64]) -> f64 + Send + Sync> LogDensity for Target<F> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn evaluator(&self) -> Box<dyn Evaluator + '_> {
        Box::new(Each(self))
    }
}

/// Evaluates the positions of a batch one by one.
struct Each<'a, F>(&'a Target<F>);

impl<F: Fn(&[f64], &mut [f64]) -> f64 + Send + Sync> Evaluator for Each<'_, F> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        let dim = self.0.dim;
        let rows = position.chunks_exact(dim).zip(gradient.chunks_exact_mut(dim));
        for ((position, gradient), log_density) in rows.zip(log_density) {
            *log_density = (self.0.log_density)(position, gradient);
        }
    }
}

/// A normal whose elements are correlated like those of an autoregressive series; its precision is tridiagonal.
#[derive(Clone)]
pub(in crate::vi) struct Series {
    pub(in crate::vi) mean: Vec<f64>,
    pub(in crate::vi) deviation: Vec<f64>,
    pub(in crate::vi) correlation: f64,
}

impl Series {
    pub(in crate::vi) fn covariance(&self, i: usize, j: usize) -> f64 {
        self.deviation[i] * self.deviation[j] * self.correlation.powi(i.abs_diff(j) as i32)
    }

    pub(in crate::vi) fn precision(&self, i: usize, j: usize) -> f64 {
        let (dim, r) = (self.mean.len(), self.correlation);
        let scaled = match i.abs_diff(j) {
            0 if i == 0 || i + 1 == dim => 1.0,
            0 => 1.0 + r * r,
            1 => -r,
            _ => 0.0,
        };
        scaled / (1.0 - r * r) / (self.deviation[i] * self.deviation[j])
    }

    pub(in crate::vi) fn target(&self) -> impl LogDensity + use<> {
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
pub(in crate::vi) fn funnel() -> impl LogDensity {
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
pub(in crate::vi) struct Logistic {
    /// `[rows, columns]`
    pub(in crate::vi) x: Vec<f64>,
    pub(in crate::vi) y: Vec<f64>,
    pub(in crate::vi) columns: usize,
}

impl Logistic {
    pub(in crate::vi) fn new(rows: usize, columns: usize) -> Self {
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

    pub(in crate::vi) fn target(&self) -> impl LogDensity + '_ {
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
