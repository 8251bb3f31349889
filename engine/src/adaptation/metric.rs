//! Estimate a diagonal metric from the draws of warm-up, in two windows of which the younger replaces the older.
//!
//! ```text
//! Fisher:    s^2 = sqrt(var(q) / var(g))        g: gradient of the log density at q
//! variance:  s^2 = n/(n + 5) var(q) + 5/(n + 5) 1e-3
//! start:     s^2 = 1 / |g|   at the first position
//! ```
//!
//! `s^2` minimises the Fisher divergence between the target and a normal with diagonal covariance. It is exact for a
//! normal with independent elements after two draws, from wherever they come. Every draw counts in both windows; the
//! metric is made from the older, which is dropped when the younger is large enough to take its place.
//!
//! # References
//! - Seyboldt, Carlson, Carpenter (2026), Fisher divergence for mass matrix adaptation. arXiv:2603.18845
//! - nutpie's `nuts-rs` 0.18, `transform/adapt/diagonal.rs` and `adapt_strategy.rs` (the two windows).
//! - Stan Development Team, `var_adaptation.hpp` (the shrinkage of the variance).

use super::moments::Moments;

/// How the metric is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Diagonal, from the variances of draws and of gradients.
    FisherDiagonal,
    /// Diagonal, from the variances of draws.
    VarianceDiagonal,
}

/// Smallest and largest element of a metric.
const LIMITS: [f64; 2] = [1e-20, 1e20];

#[derive(Clone, Debug)]
struct Window {
    position: Moments,
    gradient: Moments,
}

impl Window {
    fn new(dim: usize) -> Self {
        Self { position: Moments::new(dim), gradient: Moments::new(dim) }
    }

    fn add(&mut self, position: &[f64], gradient: &[f64]) {
        self.position.add(position);
        self.gradient.add(gradient);
    }
}

/// The estimate of one chain.
#[derive(Clone, Debug)]
pub(super) struct MetricEstimate {
    metric: Metric,
    older: Window,
    younger: Window,
}

impl MetricEstimate {
    pub(super) fn new(metric: Metric, dim: usize) -> Self {
        Self { metric, older: Window::new(dim), younger: Window::new(dim) }
    }

    /// Takes in the first position, and writes the square root of the first metric.
    ///
    /// # Shapes
    /// - `position`, `gradient`, `scale`: `[dim]`
    pub(super) fn start(&mut self, position: &[f64], gradient: &[f64], scale: &mut [f64]) {
        self.add(position, gradient);
        for (scale, g) in scale.iter_mut().zip(gradient) {
            *scale = root(1.0 / g.abs());
        }
    }

    pub(super) fn add(&mut self, position: &[f64], gradient: &[f64]) {
        self.older.add(position, gradient);
        self.younger.add(position, gradient);
    }

    /// Draws in the younger window.
    pub(super) fn younger_count(&self) -> usize {
        self.younger.position.count() as usize
    }

    /// Drops the older window, and begins a new one.
    pub(super) fn switch(&mut self) {
        std::mem::swap(&mut self.older, &mut self.younger);
        self.younger.position.clear();
        self.younger.gradient.clear();
    }

    /// Writes the square root of the metric; with less than three draws, leaves it and returns false.
    pub(super) fn write_scale(&self, scale: &mut [f64]) -> bool {
        let Window { position, gradient } = &self.older;
        let count = position.count();
        if count < 3.0 {
            return false;
        }
        match self.metric {
            Metric::FisherDiagonal => {
                for ((scale, q), g) in scale.iter_mut().zip(position.squares()).zip(gradient.squares()) {
                    *scale = root((q / g).sqrt());
                }
            }
            Metric::VarianceDiagonal => {
                let weight = count / (count + 5.0);
                for (scale, q) in scale.iter_mut().zip(position.squares()) {
                    *scale = root(weight * q / (count - 1.0) + (1.0 - weight) * 1e-3);
                }
            }
        }
        true
    }
}

/// Square root of an element of a metric; 1 where it is not defined.
fn root(element: f64) -> f64 {
    let [least, most] = LIMITS;
    if element.is_nan() { 1.0 } else { element.clamp(least, most).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fisher_metric_of_a_normal_is_exact_after_three_draws_from_anywhere() {
        let precisions = [1e-3, 1.0, 1e4];
        let mut estimate = MetricEstimate::new(Metric::FisherDiagonal, 3);
        let mut scale = [1.0; 3];
        for draw in [[5.0, 1.0, -3.0], [4.0, 7.0, 0.5], [-1.0, 2.0, 2.0]] {
            assert!(!estimate.write_scale(&mut scale));
            let gradient = std::array::from_fn::<f64, 3, _>(|i| -precisions[i] * (draw[i] - 2.0));
            estimate.add(&draw, &gradient);
        }
        assert!(estimate.write_scale(&mut scale));
        for (scale, precision) in scale.iter().zip(precisions) {
            assert!((scale * scale * precision - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn variance_metric_is_shrunk_as_stan_shrinks_it() {
        let mut estimate = MetricEstimate::new(Metric::VarianceDiagonal, 1);
        [1.0, 2.0, 3.0, 6.0].iter().for_each(|draw| estimate.add(&[*draw], &[0.0]));
        let mut scale = [0.0];
        assert!(estimate.write_scale(&mut scale));
        let expected = 4.0 / 9.0 * (14.0 / 3.0) + 1e-3 * 5.0 / 9.0;
        assert!((scale[0] * scale[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn a_switch_forgets_what_only_the_older_window_saw() {
        let mut estimate = MetricEstimate::new(Metric::FisherDiagonal, 1);
        estimate.add(&[1e6], &[1.0]);
        estimate.switch();
        assert_eq!(estimate.younger_count(), 0);
        [1.0, 2.0, 3.0].iter().for_each(|draw| estimate.add(&[*draw], &[-draw]));
        assert_eq!(estimate.younger_count(), 3);
        estimate.switch();
        let mut scale = [0.0];
        assert!(estimate.write_scale(&mut scale));
        assert!((scale[0] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn elements_that_never_moved_keep_the_metric_finite_and_positive() {
        let mut estimate = MetricEstimate::new(Metric::FisherDiagonal, 3);
        let mut scale = [0.0; 3];
        estimate.start(&[0.0; 3], &[0.0, 4.0, -1e-300], &mut scale);
        assert_eq!(scale, [1e10, 0.5, 1e10]);
        [1.0, 2.0].iter().for_each(|x| estimate.add(&[0.0, *x, 0.0], &[0.0, 4.0, *x]));
        assert!(estimate.write_scale(&mut scale));
        assert_eq!(scale, [1.0, 1e10, 1e-10]);
    }
}
