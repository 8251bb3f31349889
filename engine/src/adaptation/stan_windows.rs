//! Tune the metric in windows that double, as Stan does.
//!
//! ```text
//! draw 0 .... 75 .. 100 ... 150 .... 250 ...... 450 ......... 950 ... 1000     of tune = 1000
//!      step    25    50     100      200         500           step
//!      size    draws: at the end of each window a new metric   size
//! ```
//!
//! Step size alone is tuned before the windows (75 draws) and after them (50). The first window has 25 draws, each next
//! one twice as many; one after which the next would not fit reaches to the end. With less than 150 draws there is one
//! window, after 15 % of the draws and before the last 10 %; with less than 20 there is none.
//!
//! A metric is made from the draws of its window alone. A step size is searched for with it, and dual averaging starts
//! anew from there.
//!
//! # Differences from Stan
//! - The first window reaches to the end too when the next would not fit. Stan, at 151 to 199 draws, goes on to a last
//!   window that can be as short as one draw.
//! - The search starts from a fixed step size, not from the last one, and uses one momentum for all tries.
//!
//! # References
//! - Stan Development Team, `windowed_adaptation.hpp`, `var_adaptation.hpp`, `adapt_diag_e_nuts.hpp`.
//! - Stan Reference Manual, "Automatic parameter tuning".

use serde::{Deserialize, Serialize};

use super::dual_averaging::DualAveraging;
use super::estimator::Estimator;
use super::metric::Metric;
use super::warmup::{Next, Observation};
use super::whitening::Whitening;

/// Draws before the windows, in the first of them, and after them.
const STAGES: [usize; 3] = [75, 25, 50];
/// The fewest tuning draws with a window.
const LEAST: usize = 20;

/// Where the windows are: the first draw of the first, then the draw after the last of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Windows {
    start: usize,
    ends: Vec<usize>,
}

impl Windows {
    fn new(tune: usize) -> Self {
        if tune < LEAST {
            return Self { start: tune, ends: Vec::new() };
        }
        let [start, mut size, after] = match tune < STAGES.iter().sum() {
            true => [tune * 15 / 100, tune, tune / 10],
            false => STAGES,
        };
        let last = tune - after;
        let mut ends = Vec::new();
        let mut end = start;
        while end < last {
            let next_fits = end + 3 * size <= last;
            end = if next_fits { end + size } else { last };
            ends.push(end);
            size *= 2;
        }
        Self { start, ends }
    }
}

/// The state of the schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StanWindows {
    metric: Metric,
    dim: usize,
    draw: usize,
    windows: Windows,
    /// Windows that have ended.
    ended: usize,
    window: Estimator,
}

impl StanWindows {
    pub(super) fn new(metric: Metric, tune: usize, dim: usize) -> Self {
        let windows = Windows::new(tune);
        Self { metric, dim, draw: 0, windows, ended: 0, window: Estimator::new(metric, dim) }
    }

    /// Makes the first metric from draws of a fit with gradients, where there are enough.
    pub(super) fn start<'d>(
        &mut self,
        fitted: impl Iterator<Item = (&'d [f64], &'d [f64])>,
        whitening: &mut Whitening,
    ) {
        let mut window = Estimator::new(self.metric, self.dim);
        fitted.for_each(|(position, gradient)| window.add(position, gradient));
        if window.is_enough(self.dim) {
            window.write(whitening);
        }
    }

    /// Takes in a tuning draw; at the end of a window makes the next metric.
    pub(super) fn update(
        &mut self,
        seen: &Observation<'_>,
        step: &mut DualAveraging,
        whitening: &mut Whitening,
    ) -> Next {
        step.update(seen.acceptance);
        let draw = self.draw;
        self.draw += 1;
        let Some(end) = self.windows.ends.get(self.ended) else { return Next::Draw };
        if draw >= self.windows.start {
            self.window.add(seen.position, seen.gradient);
        }
        if self.draw < *end {
            return Next::Draw;
        }
        self.window.write(whitening);
        self.window = Estimator::new(self.metric, self.dim);
        self.ended += 1;
        Next::SearchStepSize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(tune: usize) -> (usize, Vec<usize>) {
        let Windows { start, ends } = Windows::new(tune);
        (start, ends)
    }

    #[test]
    fn windows_end_where_the_manual_of_stan_draws_them() {
        assert_eq!(windows(1000), (75, vec![100, 150, 250, 450, 950]));
        assert_eq!(windows(500), (75, vec![100, 150, 250, 450]));
        assert_eq!(windows(150), (75, vec![100]));
        assert_eq!(windows(149), (22, vec![135]));
        assert_eq!(windows(100), (15, vec![90]));
        assert_eq!(windows(20), (3, vec![18]));
        for tune in 0..20 {
            assert_eq!(windows(tune), (tune, vec![]));
        }
    }

    /// The counters of `windowed_adaptation.hpp`, where a window ends with draw number `next`.
    #[test]
    fn windows_end_where_the_counters_of_stan_end_them() {
        for tune in std::iter::once(150).chain(200..5000) {
            let (mut size, mut next, mut ends) = (25, 75 + 25 - 1, Vec::new());
            for counter in 0..tune {
                if counter != next {
                    continue;
                }
                ends.push(counter + 1);
                if next != tune - 50 - 1 {
                    size *= 2;
                    next = counter + size;
                    if next != tune - 50 - 1 && next + 2 * size >= tune - 50 {
                        next = tune - 50 - 1;
                    }
                }
            }
            assert_eq!(windows(tune), (75, ends), "{tune} draws");
        }
    }

    /// Draws of alternating sign and a deviation of their own in each window.
    #[test]
    fn each_window_makes_the_metric_of_its_draws_and_restarts_the_step_size() {
        let ends = [100, 150, 250, 450, 950];
        let deviation = |draw: usize| {
            [9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 9.0]
                [ends.iter().filter(|end| draw >= **end).count() + usize::from(draw >= 75)]
        };
        let mut schedule = StanWindows::new(Metric::VarianceDiagonal, 1000, 1);
        let (mut step, mut whitening, mut searches) =
            (DualAveraging::new(0.8, 1.0), Whitening::Diagonal(vec![7.0]), Vec::new());
        for draw in 0..1000 {
            let position = [if draw % 2 == 0 { -deviation(draw) } else { deviation(draw) }];
            let seen = Observation {
                position: &position,
                gradient: &[0.0],
                acceptance: 0.8,
                symmetric_acceptance: 0.0,
                informative: false,
            };
            let before = whitening.variances()[0];
            if schedule.update(&seen, &mut step, &mut whitening) == Next::SearchStepSize {
                searches.push(draw + 1);
                let [count, square] = [[25.0, 1.0], [50.0, 4.0], [100.0, 9.0], [200.0, 16.0], [500.0, 25.0]]
                    [searches.len() - 1];
                let odd = if count == 25.0 { square / count } else { 0.0 };
                let variance = (square * count - odd) / (count - 1.0);
                let expected = count / (count + 5.0) * variance + 1e-3 * 5.0 / (count + 5.0);
                let seen = whitening.variances()[0];
                assert!((seen - expected).abs() < 1e-9, "{seen} {expected}");
            } else {
                assert_eq!(whitening.variances()[0], before);
            }
        }
        assert_eq!(searches, ends);
        assert!((step.step_size() - 10.0).abs() < 7.0, "plain acceptance was at its target throughout");
    }
}
