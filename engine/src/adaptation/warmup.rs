//! Tune the step size and the metric of one chain, draw by draw.
//!
//! ```text
//! draw 0 ........ 0.3 tune ................... 0.85 tune ....... tune
//!      early                 main                       last
//!      window: 10 draws      80, 120, 180, ...          metric fixed
//! ```
//!
//! The metric is made anew after every draw from the older of two windows (`metric`); the windows switch when
//! the younger holds as many draws as the line above says, unless the next window would not fit. The step size is
//! searched for at the start and after the first change of the metric, and tuned by dual averaging at every draw.
//!
//! # References
//! - nutpie's `nuts-rs` 0.18, `adapt_strategy.rs`, whose schedule this is.

use super::dual_averaging::DualAveraging;
use super::metric::{Metric, MetricEstimate};

const EARLY: f64 = 0.3;
const LAST: f64 = 0.15;
const EARLY_WINDOW: usize = 10;
const MAIN_WINDOW: usize = 80;
const WINDOW_GROWTH: f64 = 1.5;

/// What a finished draw tells its tuner.
///
/// # Shapes
/// - `position`, `gradient`: `[dim]`
pub(crate) struct Observation<'a> {
    pub(crate) position: &'a [f64],
    pub(crate) gradient: &'a [f64],
    /// Mean over leaves of `min(1, ratio)`, with `ratio = exp(-energy error)`.
    pub(crate) acceptance: f64,
    /// Mean over leaves of `2 min(1, ratio) / (1 + ratio)`, the same in expectation and less noisy once settled.
    pub(crate) symmetric_acceptance: f64,
    /// Whether the draw moved far enough from the last to add something.
    pub(crate) informative: bool,
}

/// What a chain does after a tuning draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Makes the next draw.
    Draw,
    /// Looks for a step size from scratch: the metric is a new one.
    SearchStepSize,
}

/// The tuner of one chain.
#[derive(Clone, Debug)]
pub(crate) struct Warmup {
    tune: usize,
    draw: usize,
    window: usize,
    metric_changed: bool,
    target_accept: f64,
    step: DualAveraging,
    metric: MetricEstimate,
}

impl Warmup {
    pub(crate) fn new(metric: Metric, target_accept: f64, tune: usize, dim: usize) -> Self {
        Self {
            tune,
            draw: 0,
            window: MAIN_WINDOW,
            metric_changed: false,
            target_accept,
            step: DualAveraging::new(target_accept, 1.0),
            metric: MetricEstimate::new(metric, dim),
        }
    }

    /// Takes in the first position, and writes the square root of the first metric.
    ///
    /// # Shapes
    /// - `position`, `gradient`, `scale`: `[dim]`
    pub(crate) fn start(&mut self, position: &[f64], gradient: &[f64], scale: &mut [f64]) {
        self.metric.start(position, gradient, scale);
    }

    /// Starts dual averaging at a step size that a search found.
    pub(crate) fn restart_step_size(&mut self, step_size: f64) {
        self.step = DualAveraging::new(self.target_accept, step_size);
    }

    /// Step size of the next draw, before jitter.
    pub(crate) fn step_size(&self) -> f64 {
        if self.draw < self.tune { self.step.step_size() } else { self.step.average_step_size() }
    }

    /// The step size that would be kept if warm-up ended now.
    pub(crate) fn average_step_size(&self) -> f64 {
        self.step.average_step_size()
    }

    /// Takes in a tuning draw; writes the square root of the next metric.
    pub(crate) fn update(&mut self, seen: &Observation<'_>, scale: &mut [f64]) -> Next {
        let draw = self.draw;
        self.draw += 1;
        let last = self.tune - (LAST * self.tune as f64) as usize;
        if draw >= last {
            self.step.update(seen.symmetric_acceptance);
            return Next::Draw;
        }
        if seen.informative {
            self.metric.add(seen.position, seen.gradient);
        }
        let early_end = (EARLY * self.tune as f64) as usize;
        if draw == early_end {
            self.window = self.window.max(self.metric.younger_count());
        }
        let early = draw < early_end;
        let (window, next_window) = match early {
            true => (EARLY_WINDOW, EARLY_WINDOW),
            false => (self.window, (self.window as f64 * WINDOW_GROWTH).round() as usize),
        };
        let late = draw + next_window > last;
        if self.metric.younger_count() >= window && !late {
            self.metric.switch();
            if !early {
                self.window = next_window;
            }
        }
        let changed = self.metric.write_scale(scale);
        self.step.update(if late { seen.symmetric_acceptance } else { seen.acceptance });
        if changed && !self.metric_changed {
            self.metric_changed = true;
            return Next::SearchStepSize;
        }
        Next::Draw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn short_warm_ups_give_a_finite_step_size_and_metric() {
        for tune in 0..30 {
            let (scales, _, warmup) = run(tune, |draw| 1.0 + draw as f64);
            assert!(scales.iter().all(|scale| *scale > 0.0 && scale.is_finite()));
            assert!(warmup.step_size() > 0.0 && warmup.step_size() == warmup.average_step_size());
        }
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
