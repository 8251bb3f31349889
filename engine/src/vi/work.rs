//! Hold what every method works with: the target, the options, where to start, whom to tell.

use super::evaluations::{Batch, Evaluations};
use super::key::{Purpose, key};
use super::lbfgs::Point;
use super::{FitError, FitProgress, FitSettings};

/// Positions tried for one start.
const ATTEMPTS: usize = 100;
/// Starts are within this distance of the initial position in every element.
const START_RADIUS: f64 = 2.0;

/// One fit under way.
pub(super) struct Work<'a> {
    pub(super) evaluations: Evaluations<'a>,
    pub(super) initial: &'a [f64],
    pub(super) settings: &'a FitSettings,
    pub(super) progress: &'a FitProgress,
}

impl Work<'_> {
    pub(super) fn dim(&self) -> usize {
        self.evaluations.dim()
    }

    /// Minus log density and its gradient.
    pub(super) fn negative(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let log_density = self.evaluations.evaluate_one(position, gradient);
        gradient.iter_mut().for_each(|g| *g = -*g);
        -log_density
    }

    /// A place of finite log density and gradient, whose negatives it holds: the initial position, or one around it
    /// when that is not such a place or `row` is not 0.
    pub(super) fn start(&mut self, row: usize) -> Result<Point, FitError> {
        let mut attempt = usize::from(row > 0);
        loop {
            let mut position = self.initial.to_vec();
            if attempt > 0 {
                let mut uniform = vec![0.0; position.len()];
                key(self.settings.seed, Purpose::Start, attempt, row).fill_uniform(0, &mut uniform);
                position.iter_mut().zip(uniform).for_each(|(q, u)| *q += START_RADIUS * (2.0 * u - 1.0));
            }
            let point =
                Point::evaluate(position, &mut |position, gradient| self.negative(position, gradient));
            if point.is_finite() {
                return Ok(point);
            }
            attempt += 1;
            if attempt == ATTEMPTS {
                return Err(FitError::Start {
                    attempts: ATTEMPTS,
                    log_density: -point.value,
                    bad_gradient_elements: point.gradient.iter().filter(|g| !g.is_finite()).count(),
                    position: point.position,
                });
            }
        }
    }

    /// The element of a batch that is to blame for a density that is not finite: one without a finite gradient, or the
    /// furthest out.
    pub(super) fn not_finite(&self, batch: &Batch, iteration: usize, failures: usize) -> FitError {
        let method = self.settings.method;
        let row = (0..batch.count()).find(|&row| !batch.is_finite_at(row)).unwrap_or(0);
        let (position, gradient) = (batch.positions().nth(row), batch.gradients().nth(row));
        let (position, gradient) = (position.unwrap_or_default(), gradient.unwrap_or_default());
        let element = gradient.iter().position(|g| !g.is_finite()).unwrap_or_else(|| furthest(position));
        let value = position.get(element).copied().unwrap_or(f64::NAN);
        FitError::NotFinite { method, iteration, failures, element, value }
    }

    /// No optimum, because of the element of `position` that is furthest out.
    pub(super) fn no_optimum(&self, position: &[f64]) -> FitError {
        let element = furthest(position);
        FitError::NoOptimum { method: self.settings.method, element, value: position[element] }
    }
}

fn furthest(position: &[f64]) -> usize {
    (0..position.len()).max_by(|&a, &b| position[a].abs().total_cmp(&position[b].abs())).unwrap_or(0)
}

/// Estimates how much of a search is done from how near it has come to the optimum.
pub(super) struct Approach {
    tolerance: f64,
    first: f64,
    nearest: f64,
}

impl Approach {
    pub(super) fn new(tolerance: f64) -> Self {
        Self { tolerance, first: 0.0, nearest: f64::INFINITY }
    }

    /// Takes in a distance; returns the share of the way, counted in orders of magnitude.
    pub(super) fn fraction(&mut self, distance: f64) -> f64 {
        self.first = self.first.max(distance);
        self.nearest = self.nearest.min(distance).max(self.tolerance);
        ((self.first / self.nearest).ln() / (self.first / self.tolerance).ln()).max(0.0)
    }
}
