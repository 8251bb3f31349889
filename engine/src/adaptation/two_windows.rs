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
//! # References
//! - nutpie's `nuts-rs` 0.18, `adapt_strategy.rs`, whose schedule this is.

use super::dual_averaging::DualAveraging;
use super::metric::{write_first_scale, write_fisher_scale};
use super::moments::Moments;
use super::warmup::{Next, Observation};

const EARLY: f64 = 0.3;
const LAST: f64 = 0.15;
const EARLY_WINDOW: usize = 10;
const MAIN_WINDOW: usize = 80;
const WINDOW_GROWTH: f64 = 1.5;

/// The fewest draws that a metric is made from.
const LEAST: f64 = 3.0;

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

    fn clear(&mut self) {
        self.position.clear();
        self.gradient.clear();
    }

    fn count(&self) -> f64 {
        self.position.count()
    }
}

/// The state of the schedule.
#[derive(Clone, Debug)]
pub(super) struct TwoWindows {
    tune: usize,
    draw: usize,
    /// Draws that the younger window of the main part needs.
    wanted: usize,
    metric_changed: bool,
    older: Window,
    younger: Window,
}

impl TwoWindows {
    pub(super) fn new(tune: usize, dim: usize) -> Self {
        Self {
            tune,
            draw: 0,
            wanted: MAIN_WINDOW,
            metric_changed: false,
            older: Window::new(dim),
            younger: Window::new(dim),
        }
    }

    /// Takes in the first position, and writes the square root of the first metric.
    ///
    /// # Shapes
    /// - `position`, `gradient`, `scale`: `[dim]`
    pub(super) fn start(&mut self, position: &[f64], gradient: &[f64], scale: &mut [f64]) {
        self.add(position, gradient);
        write_first_scale(gradient, scale);
    }

    /// Takes in a tuning draw; writes the square root of the next metric.
    ///
    /// # Shapes
    /// - `scale`: `[dim]`
    pub(super) fn update(
        &mut self,
        seen: &Observation<'_>,
        step: &mut DualAveraging,
        scale: &mut [f64],
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
        let early_end = (EARLY * self.tune as f64) as usize;
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
        write_fisher_scale(&self.older.position, &self.older.gradient, scale);
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
        self.younger.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adaptation::{Metric, Warmup};

    fn seen<'a>(position: &'a [f64], gradient: &'a [f64], acceptance: f64) -> Observation<'a> {
        Observation { position, gradient, acceptance, symmetric_acceptance: acceptance, informative: true }
    }

    /// Runs a warm-up on draws of alternating sign; returns the scale after each draw, and where a search was asked for.
    fn run(tune: usize, deviation: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<usize>, Warmup) {
        let mut warmup = Warmup::new(Metric::FisherDiagonal, 0.8, tune, 1);
        let (mut scale, mut scales, mut searches) = ([1.0], Vec::new(), Vec::new());
        warmup.start(&[deviation(0)], &[-1.0 / deviation(0)], &mut scale);
        for draw in 0..tune {
            let deviation = deviation(draw);
            let position = if draw % 2 == 0 { -deviation } else { deviation };
            let (position, gradient) = ([position], [-position / (deviation * deviation)]);
            let observation = seen(&position, &gradient, 0.8);
            if warmup.update(&observation, &mut scale) == Next::SearchStepSize {
                searches.push(draw);
            }
            scales.push(scale[0]);
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
    fn draws_that_did_not_move_do_not_count() {
        let mut warmup = Warmup::new(Metric::FisherDiagonal, 0.8, 100, 1);
        let mut scale = [1.0];
        warmup.start(&[1.0], &[-1.0], &mut scale);
        let stuck = Observation { informative: false, ..seen(&[9.0], &[1e-9], 0.0) };
        for _ in 0..20 {
            assert_eq!(warmup.update(&stuck, &mut scale), Next::Draw);
        }
        assert_eq!(scale, [1.0]);
    }
}
