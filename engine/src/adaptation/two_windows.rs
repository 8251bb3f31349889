//! Tune the metric after every draw from the older of two windows, as nutpie does.
//!
//! ```text
//! draw 0 ........ 0.3 tune ................... 0.85 tune ....... tune
//!      early                 main                       last
//!      window: 10 draws      80, 120, 180, ...          metric fixed
//! ```
//!
//! Every draw counts in both windows, and the metric is made anew from the older. The younger takes its place when it
//! holds as many draws as the line above says, unless the next window would not fit. The step size is searched for
//! again after the first change of the metric.
//!
//! Chains that start from a fit have the metric of its draws at once, which count in the older window, and no early
//! part; their first window is half as long, so that short warm-ups forget the fit too.
//!
//! # References
//! - nutpie's `nuts-rs` 0.18, `adapt_strategy.rs`, whose schedule this is.

use serde::{Deserialize, Serialize};

use super::dual_averaging::DualAveraging;
use super::estimator::Estimator;
use super::metric::{Metric, write_first_scale};
use super::warmup::{Next, Observation};
use super::whitening::Whitening;

const EARLY: f64 = 0.3;
const LAST: f64 = 0.15;
const EARLY_WINDOW: usize = 10;
const MAIN_WINDOW: usize = 80;
const WINDOW_GROWTH: f64 = 1.5;
/// A metric of low rank is made anew when its window has grown by this.
const LOW_RANK_GROWTH: f64 = 1.3;

/// The fewest draws that a metric is made from.
const LEAST: f64 = 3.0;

/// The state of the schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TwoWindows {
    metric: Metric,
    dim: usize,
    tune: usize,
    draw: usize,
    /// Draws that the younger window of the main part needs.
    wanted: usize,
    metric_changed: bool,
    has_early_part: bool,
    older: Estimator,
    younger: Estimator,
    /// Draws of the older window when the metric was last made; 0 when it was another window.
    made_from: f64,
}

impl TwoWindows {
    pub(super) fn new(metric: Metric, tune: usize, dim: usize) -> Self {
        Self {
            metric,
            dim,
            tune,
            draw: 0,
            wanted: MAIN_WINDOW,
            metric_changed: false,
            has_early_part: true,
            older: Estimator::new(metric, dim),
            younger: Estimator::new(metric, dim),
            made_from: 0.0,
        }
    }

    /// Takes in the first position, and makes the first metric: from draws of a fit with gradients, where there are
    /// enough.
    ///
    /// # Shapes
    /// - `position`, `gradient`, each of `fitted`: `[dim]`
    pub(super) fn start<'d>(
        &mut self,
        position: &[f64],
        gradient: &[f64],
        fitted: impl Iterator<Item = (&'d [f64], &'d [f64])>,
        whitening: &mut Whitening,
    ) {
        fitted.for_each(|(position, gradient)| self.older.add(position, gradient));
        write_first_scale(gradient, whitening.diagonal_mut(gradient.len()));
        if self.older.is_enough(self.dim) {
            self.has_early_part = false;
            self.wanted = MAIN_WINDOW / 2;
            self.metric_changed = true;
            self.made_from = self.older.count();
            self.older.write(whitening);
        }
        self.add(position, gradient);
    }

    /// Takes in a tuning draw; makes the next metric.
    pub(super) fn update(
        &mut self,
        seen: &Observation<'_>,
        step: &mut DualAveraging,
        whitening: &mut Whitening,
    ) -> Next {
        let draw = self.draw;
        self.draw += 1;
        let last = self.tune - (LAST * self.tune as f64) as usize;
        if draw >= last {
            step.update(seen.symmetric_acceptance);
            return Next::Draw;
        }
        if seen.informative {
            self.add(seen.position, seen.gradient);
        }
        let early_end = if self.has_early_part { (EARLY * self.tune as f64) as usize } else { 0 };
        let count = self.younger.count() as usize;
        if draw == early_end {
            self.wanted = self.wanted.max(count);
        }
        let early = draw < early_end;
        let (wanted, next_wanted) = match early {
            true => (EARLY_WINDOW, EARLY_WINDOW),
            false => (self.wanted, (self.wanted as f64 * WINDOW_GROWTH).round() as usize),
        };
        let late = draw + next_wanted > last;
        if count >= wanted && !late {
            self.switch();
            if !early {
                self.wanted = next_wanted;
            }
        }
        step.update(if late { seen.symmetric_acceptance } else { seen.acceptance });
        if self.older.count() < LEAST {
            return Next::Draw;
        }
        if self.older.count() < self.wanted_growth() * self.made_from {
            return Next::Draw;
        }
        self.made_from = self.older.count();
        self.older.write(whitening);
        if self.metric_changed {
            return Next::Draw;
        }
        self.metric_changed = true;
        Next::SearchStepSize
    }

    fn add(&mut self, position: &[f64], gradient: &[f64]) {
        self.older.add(position, gradient);
        self.younger.add(position, gradient);
    }

    /// Drops the older window, and begins a new one.
    fn switch(&mut self) {
        std::mem::swap(&mut self.older, &mut self.younger);
        self.younger = Estimator::new(self.metric, self.dim);
        self.made_from = 0.0;
    }

    /// How much the older window grows before the metric is made anew: it costs decompositions when it is not diagonal.
    fn wanted_growth(&self) -> f64 {
        if self.metric == Metric::LowRank { LOW_RANK_GROWTH } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adaptation::Warmup;

    fn seen<'a>(position: &'a [f64], gradient: &'a [f64], acceptance: f64) -> Observation<'a> {
        Observation { position, gradient, acceptance, symmetric_acceptance: acceptance, informative: true }
    }

    /// Runs a warm-up on draws of alternating sign; returns the scale after each draw, and where a search was asked
    /// for.
    fn run(tune: usize, deviation: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<usize>, Warmup) {
        let mut warmup = Warmup::new(Metric::FisherDiagonal, 0.8, tune, 1);
        let (mut whitening, mut scales, mut searches) = (Whitening::unit(1), Vec::new(), Vec::new());
        warmup.start(&[deviation(0)], &[-1.0 / deviation(0)], std::iter::empty(), &mut whitening);
        for draw in 0..tune {
            let deviation = deviation(draw);
            let position = if draw % 2 == 0 { -deviation } else { deviation };
            let (position, gradient) = ([position], [-position / (deviation * deviation)]);
            let observation = seen(&position, &gradient, 0.8);
            if warmup.update(&observation, &mut whitening) == Next::SearchStepSize {
                searches.push(draw);
            }
            scales.extend(whitening.as_diagonal().unwrap());
        }
        (scales, searches, warmup)
    }

    #[test]
    fn the_metric_forgets_an_early_phase_at_another_scale() {
        let (scales, searches, _) = run(1000, |draw| if draw < 50 { 100.0 } else { 2.0 });
        assert_eq!(searches, [1]);
        assert!((scales[49] - 100.0).abs() < 1e-9);
        assert!((scales[75] - 2.0).abs() < 1e-9, "{}", scales[75]);
        assert!((scales[999] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn the_metric_stays_as_it_is_in_the_last_part() {
        let (scales, ..) = run(1000, |draw| if draw < 850 { 1.0 } else { 50.0 });
        assert!(scales.iter().all(|scale| (scale - 1.0).abs() < 1e-9));
    }

    #[test]
    fn draws_of_a_fit_make_the_first_metric_and_are_forgotten_when_chains_know_better() {
        let mut warmup = Warmup::new(Metric::FisherDiagonal, 0.8, 200, 1);
        let mut whitening = Whitening::unit(1);
        let fitted: Vec<([f64; 1], [f64; 1])> =
            (0..50).map(|i| ([f64::from(i).sin() * 3.0], [-f64::from(i).sin() / 3.0])).collect();
        let rows = fitted.iter().map(|(q, g)| (&q[..], &g[..]));
        warmup.start(&[1.0], &[-1.0], rows, &mut whitening);
        assert!((whitening.variances()[0] - 9.0).abs() < 1e-9, "{whitening:?}");
        for draw in 0..200 {
            let position = [if draw % 2 == 0 { -2.0 } else { 2.0 }];
            let gradient = [-position[0] / 4.0];
            // The step size of the first metric is not searched for again.
            assert_eq!(warmup.update(&seen(&position, &gradient, 0.8), &mut whitening), Next::Draw);
        }
        assert!((whitening.variances()[0] - 4.0).abs() < 0.1, "{whitening:?}");
    }

    #[test]
    fn draws_that_did_not_move_do_not_count() {
        let mut warmup = Warmup::new(Metric::FisherDiagonal, 0.8, 100, 1);
        let mut whitening = Whitening::unit(1);
        warmup.start(&[1.0], &[-1.0], std::iter::empty(), &mut whitening);
        let stuck = Observation { informative: false, ..seen(&[9.0], &[1e-9], 0.0) };
        for _ in 0..20 {
            assert_eq!(warmup.update(&stuck, &mut whitening), Next::Draw);
        }
        assert_eq!(whitening, Whitening::unit(1));
    }
}
