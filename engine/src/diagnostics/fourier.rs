//! Find the autocovariances of chains at all lags at once.
//!
//! ```text
//! S[k] = sum_chains |F(x)[k]|^2                          x: a chain, padded with as many zeros as it is long
//! sum_chains sum_t x[t] x[t + lag] = F(S)[lag] / length  S is even, so F is its own inverse here
//! ```
//!
//! The two halves x and y of a chain travel as one complex series: |F(x + iy)[k]|^2 is |F(x)[k]|^2 + |F(y)[k]|^2 and
//! something odd in k, which leaves the real part of F(S) alone.
//!
//! # References
//! - Wiener (1930), Generalized harmonic analysis. doi:10.1007/BF02546511
//! - Cooley, Tukey (1965), An algorithm for the machine calculation of complex Fourier series.
//!   doi:10.1090/S0025-5718-1965-0178586-1

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use super::half_chains::HalfChains;

/// Plans and working memory of transforms, made once for many series.
pub(super) struct Fourier {
    planner: FftPlanner<f64>,
    series: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl Fourier {
    pub(super) fn new() -> Self {
        Self { planner: FftPlanner::new(), series: Vec::new(), scratch: Vec::new() }
    }

    /// The autocovariances that [`HalfChains::autocovariances`] gives, from lag 0 to the length of a half less one.
    pub(super) fn autocovariances(&mut self, chains: &HalfChains) -> Vec<f64> {
        let length = chains.length();
        let padded = padded_length(length);
        let transform = self.planner.plan_fft_forward(padded);
        self.scratch.resize(transform.get_inplace_scratch_len(), Complex::default());
        self.series.resize(padded, Complex::default());
        let mut spectrum = vec![0.0; padded];
        for chain in chains.centered().chunks_exact(2 * length) {
            let (first, second) = chain.split_at(length);
            for ((series, re), im) in self.series.iter_mut().zip(first).zip(second) {
                *series = Complex { re: *re, im: *im };
            }
            self.series[length..].fill(Complex::default());
            transform.process_with_scratch(&mut self.series, &mut self.scratch);
            for (sum, series) in spectrum.iter_mut().zip(&self.series) {
                *sum += series.norm_sqr();
            }
        }
        for (series, sum) in self.series.iter_mut().zip(&spectrum) {
            *series = Complex { re: *sum, im: 0.0 };
        }
        transform.process_with_scratch(&mut self.series, &mut self.scratch);
        let scale = 1.0 / (padded * chains.count()) as f64;
        self.series[..length].iter().map(|series| series.re * scale).collect()
    }
}

/// The smallest power of two, or three quarters of one, that is at least twice the length.
fn padded_length(length: usize) -> usize {
    let power = (2 * length).next_power_of_two().max(4);
    if power / 4 * 3 >= 2 * length { power / 4 * 3 } else { power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_give_the_autocovariances_of_sums_of_products() {
        let mut fourier = Fourier::new();
        for (halves, length) in [(2, 2), (2, 3), (8, 50), (6, 77), (4, 500), (2, 2049)] {
            let wave = |at: usize| (at as f64 * 0.37).sin() * 1e3 + (at as f64).sqrt();
            let chains = HalfChains::new((0..halves * length).map(wave).collect(), length);
            let found = fourier.autocovariances(&chains);
            assert_eq!(found.len(), length);
            for lag in 0..length - 1 {
                let expected = chains.autocovariances(lag);
                for (found, expected) in [(found[lag], expected.0), (found[lag + 1], expected.1)] {
                    assert!((found - expected).abs() <= 1e-12 * found.abs().max(chains.autocovariances(0).0));
                }
            }
        }
    }

    #[test]
    fn padding_is_at_least_the_length() {
        for length in 1..5000 {
            let padded = padded_length(length);
            assert!(padded >= 2 * length && padded < 3 * length + 3, "{padded} for {length}");
        }
    }
}
