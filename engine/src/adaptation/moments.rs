//! Running mean and variance of vectors, one at a time.
//!
//! ```text
//! n <- n + 1;  d = x - mean;  mean <- mean + d / n;  squares <- squares + d (x - mean)
//! ```
//!
//! # References
//! - Welford (1962), Note on a method for calculating corrected sums of squares and products.
//!   doi:10.1080/00401706.1962.10490022

use chainfire_kernels::trajectory;

/// Mean and centred sum of squares of the vectors seen so far.
///
/// # Shapes
/// - `mean`, `squares`: `[dim]`
#[derive(Clone, Debug)]
pub(super) struct Moments {
    count: f64,
    mean: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    pub(super) fn new(dim: usize) -> Self {
        Self { count: 0.0, mean: vec![0.0; dim], squares: vec![0.0; dim] }
    }

    pub(super) fn add(&mut self, x: &[f64]) {
        self.count += 1.0;
        trajectory::add_to_moments(&mut self.mean, &mut self.squares, x, 1.0 / self.count);
    }

    pub(super) fn clear(&mut self) {
        self.count = 0.0;
        self.mean.fill(0.0);
        self.squares.fill(0.0);
    }

    pub(super) fn count(&self) -> f64 {
        self.count
    }

    /// The centred sums of squares; divided by `count - 1` they are the sample variances.
    pub(super) fn squares(&self) -> &[f64] {
        &self.squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_squares_match_two_passes() {
        let rows: Vec<[f64; 2]> = (0..50).map(|i| [1e6 + (i as f64).sin(), (i as f64 * 0.3).cos()]).collect();
        let mut moments = Moments::new(2);
        moments.add(&[5.0, 5.0]);
        moments.clear();
        rows.iter().for_each(|row| moments.add(row));
        assert_eq!(moments.count(), 50.0);
        for element in 0..2 {
            let mean = rows.iter().map(|row| row[element]).sum::<f64>() / 50.0;
            let squares = rows.iter().map(|row| (row[element] - mean).powi(2)).sum::<f64>();
            assert!((moments.squares()[element] - squares).abs() < 1e-6);
        }
    }
}
