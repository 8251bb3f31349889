//! Draws numbers of good items in samples without replacement.
//!
//! Small samples are drawn item by item; large ones by the ratio of uniform numbers. The Mersenne twister has methods of
//! its own for both.
//!
//! # References
//! - Stadlober (1989), Sampling from Poisson, binomial and hypergeometric distributions: ratio of uniforms as a simple
//!   and fast alternative: HRUA
//! - NumPy 2.4, `numpy/random/src`

use super::Generator;
use super::discrete::log_gamma;

/// NumPy draws from fewer items of either kind alone.
const LARGEST: f64 = 1e9;

/// Width and shift of the table mountain around the mode.
const WIDTH: f64 = 1.715_527_769_921_413_5;
const SHIFT: f64 = 0.898_916_162_058_898_8;

impl Generator {
    /// The good items among `sample` of `good` and `bad` ones; NaN where there are fewer than `sample`, or where one of
    /// these is no number of items below [`LARGEST`].
    pub(in crate::language) fn hypergeometric(&mut self, good: f64, bad: f64, sample: f64) -> f64 {
        let total = good + bad;
        let is_count = |x: f64| x.fract() == 0.0 && (0.0..LARGEST).contains(&x);
        if ![good, bad].into_iter().all(is_count) || sample.fract() != 0.0 || sample > total {
            return f64::NAN;
        }
        if sample <= 0.0 {
            return 0.0;
        }
        match self.is_legacy() {
            true if sample > 10.0 => self.by_ratio(good, bad, sample),
            true => self.by_uniforms(good, bad, sample),
            false if sample >= 10.0 && sample <= total - 10.0 => self.by_ratio(good, bad, sample),
            false => self.item_by_item(good, bad, sample),
        }
    }

    fn item_by_item(&mut self, good: f64, bad: f64, sample: f64) -> f64 {
        let total = good + bad;
        let is_most = sample > (total / 2.0).floor();
        let mut left = if is_most { total - sample } else { sample };
        let (mut all, mut rest) = (total, good);
        while left > 0.0 && rest > 0.0 && all > rest {
            all -= 1.0;
            if (self.masked(all as u64) as f64) < rest {
                rest -= 1.0;
            }
            left -= 1.0;
        }
        if all == rest {
            rest -= left;
        }
        if is_most { rest } else { good - rest }
    }

    fn by_uniforms(&mut self, good: f64, bad: f64, sample: f64) -> f64 {
        let fewer = good.min(bad);
        let (others, mut rest, mut left) = (good + bad - sample, fewer, sample);
        while rest > 0.0 {
            let u = self.uniform();
            rest -= (u + rest / (others + left)).floor();
            left -= 1.0;
            if left == 0.0 {
                break;
            }
        }
        let drawn = fewer - rest;
        if good > bad { sample - drawn } else { drawn }
    }

    fn by_ratio(&mut self, good: f64, bad: f64, sample: f64) -> f64 {
        let (fewer, more, total) = (good.min(bad), good.max(bad), good + bad);
        let size = sample.min(total - sample);
        let share = fewer / total;
        let (other, count) = match self.is_legacy() {
            true => (1.0 - share, sample),
            false => (more / total, size),
        };
        let centre = size * share + 0.5;
        let spread = ((total - size) * count * share * other / (total - 1.0) + 0.5).sqrt();
        let height = WIDTH * spread + SHIFT;
        let mode = ((size + 1.0) * (fewer + 1.0) / (total + 2.0)).floor();
        let weight = |k: f64| {
            log_gamma(k + 1.0)
                + log_gamma(fewer - k + 1.0)
                + log_gamma(size - k + 1.0)
                + log_gamma(more - size + k + 1.0)
        };
        let highest = weight(mode);
        let end = (size.min(fewer) + 1.0).min((centre + 16.0 * spread).floor());
        let drawn = loop {
            let (u, v) = (self.uniform(), self.uniform());
            let x = centre + height * (v - 0.5) / u;
            if !(0.0..end).contains(&x) {
                continue;
            }
            let k = x.floor();
            let t = highest - weight(k);
            if u * (4.0 - u) - 3.0 <= t {
                break k;
            }
            if u * (u - t) < 1.0 && 2.0 * u.ln() <= t {
                break k;
            }
        };
        let drawn = if good > bad { size - drawn } else { drawn };
        if size < sample { good - drawn } else { drawn }
    }
}
