//! Targets of the tests of chains.

use crate::by_hand::Target;
use crate::density::LogDensity;

/// Independent normals of mean 0 and these precisions.
pub(super) fn normal(precisions: Vec<f64>) -> impl LogDensity {
    Target {
        dim: precisions.len(),
        log_density: move |q: &[f64], g: &mut [f64]| {
            let mut sum = 0.0;
            for ((q, g), precision) in q.iter().zip(g).zip(&precisions) {
                *g = -precision * q;
                sum += 0.5 * *g * q;
            }
            sum
        },
    }
}

/// Independent normals of this mean and variance 1.
pub(super) fn far_normal(dim: usize, mean: f64) -> impl LogDensity {
    let log_density = move |q: &[f64], g: &mut [f64]| {
        g.iter_mut().zip(q).for_each(|(g, q)| *g = mean - q);
        -0.5 * g.iter().map(|g| g * g).sum::<f64>()
    };
    Target { dim, log_density }
}

/// How far the banana bends, and how thin it is.
pub(super) const BEND: f64 = 0.3;
pub(super) const WIDTH: f64 = 1.0;

/// A banana, a Gumbel and the logarithm of a gamma variable of shape 2.
///
/// ```text
/// x ~ N(0, 1);  y ~ N(BEND (x^2 - 1), WIDTH^2);  z ~ Gumbel(0, 1);  exp(w) ~ Gamma(2, 1)
/// ```
pub(super) fn banana_gumbel_log_gamma() -> impl LogDensity {
    Target {
        dim: 4,
        log_density: |q: &[f64], g: &mut [f64]| {
            let (x, y, z, w) = (q[0], q[1], q[2], q[3]);
            let bent = (y - BEND * (x * x - 1.0)) / WIDTH;
            g[0] = -x + 2.0 * BEND * x * bent / WIDTH;
            g[1] = -bent / WIDTH;
            g[2] = (-z).exp() - 1.0;
            g[3] = 2.0 - w.exp();
            -0.5 * (x * x + bent * bent) - z - (-z).exp() + 2.0 * w - w.exp()
        },
    }
}

/// Neal's funnel: `v ~ N(0, 9)`, nine `x ~ N(0, exp(v))`.
pub(super) fn funnel() -> impl LogDensity {
    Target {
        dim: 10,
        log_density: |q: &[f64], g: &mut [f64]| {
            let v = q[0];
            let precision = (-v).exp();
            let squares: f64 = q[1..].iter().map(|x| x * x).sum();
            g[0] = -v / 9.0 - 4.5 + 0.5 * precision * squares;
            g[1..].iter_mut().zip(&q[1..]).for_each(|(g, x)| *g = -precision * x);
            -v * v / 18.0 - 4.5 * v - 0.5 * precision * squares
        },
    }
}

/// Normals of mean 0 and variance 1 but for one direction, that of (1, 1, ...), where it is `variance`.
pub(super) fn stretched(dim: usize, variance: f64) -> impl LogDensity {
    let log_density = move |q: &[f64], g: &mut [f64]| {
        let along = q.iter().sum::<f64>() / dim as f64 * (1.0 - 1.0 / variance);
        g.iter_mut().zip(q).for_each(|(g, q)| *g = along - q);
        0.5 * q.iter().zip(g).map(|(q, g)| q * *g).sum::<f64>()
    };
    Target { dim, log_density }
}

/// A standard normal, and far away another of weight `exp(log_weight)`.
pub(super) fn two_modes(dim: usize, log_weight: f64) -> impl LogDensity {
    const DISTANCE: f64 = 12.0;
    let log_density = move |q: &[f64], g: &mut [f64]| {
        let square = |centre: f64| -0.5 * q.iter().map(|q| (q - centre).powi(2)).sum::<f64>();
        let logs = [square(0.0), log_weight + square(DISTANCE)];
        let most = logs[0].max(logs[1]);
        let [near, far] = logs.map(|log| (log - most).exp());
        let share = far / (near + far);
        g.iter_mut().zip(q).for_each(|(g, q)| *g = share * DISTANCE - q);
        most + (near + far).ln()
    };
    Target { dim, log_density }
}
