//! Log densities written by hand, with their gradients, for tests.

use crate::density::{Evaluator, LogDensity};

/// A log density as a function that also writes its gradient.
pub(crate) struct Target<F> {
    pub(crate) dim: usize,
    pub(crate) log_density: F,
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
