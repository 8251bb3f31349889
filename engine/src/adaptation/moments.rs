//! Keep the mean and variance of vectors, one at a time or many at once.
//!
//! ```text
//! one:   n <- n + 1;  d = x - mean;  mean <- mean + d / n;  squares <- squares + d (x - mean)
//! many:  n = a + b;  d = mean_b - mean_a;  mean <- mean_a + d b / n;  squares <- squares_a + squares_b + d^2 a b / n
//! ```
//!
//! # References
//! - Welford (1962), Note on a method for calculating corrected sums of squares and products.
//!   doi:10.1080/00401706.1962.10490022
//! - Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance, equation 2.1.
//!   doi:10.1080/00031305.1983.10483115

use chainfire_kernels::trajectory;
use serde::{Deserialize, Serialize};

/// How many vectors there were, their mean, and the sum of squares of their distances from it, element by element.
///
/// # Shapes
/// - `mean`, `squares`: `[dim]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// How many vectors.
    pub count: f64,
    /// Their mean.
    pub mean: Vec<f64>,
    /// The centred sums of squares; divided by `count - 1` they are the sample variances.
    pub squares: Vec<f64>,
}

impl Moments {
    /// Of no vectors.
    pub fn new(dim: usize) -> Self {
        Self { count: 0.0, mean: vec![0.0; dim], squares: vec![0.0; dim] }
    }

    /// Adds one vector.
    ///
    /// # Panics
    /// When it is of another length.
    pub fn add(&mut self, x: &[f64]) {
        self.count += 1.0;
        trajectory::add_to_moments(&mut self.mean, &mut self.squares, x, 1.0 / self.count);
    }

    /// Adds the vectors that `other` has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.count == 0.0 {
            return;
        }
        let count = self.count + other.count;
        let (share, weight) = (other.count / count, self.count * other.count / count);
        let theirs = other.mean.iter().zip(&other.squares);
        for ((mean, squares), (m, s)) in self.mean.iter_mut().zip(&mut self.squares).zip(theirs) {
            let distance = m - *mean;
            *mean += distance * share;
            *squares += s + distance * distance * weight;
        }
        self.count = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_squares_match_two_passes() {
        let rows: Vec<[f64; 2]> = (0..50).map(|i| [1e6 + (i as f64).sin(), (i as f64 * 0.3).cos()]).collect();
        let mut moments = Moments::new(2);
        rows.iter().for_each(|row| moments.add(row));
        assert_eq!(moments.count, 50.0);
        for element in 0..2 {
            let mean = rows.iter().map(|row| row[element]).sum::<f64>() / 50.0;
            let squares = rows.iter().map(|row| (row[element] - mean).powi(2)).sum::<f64>();
            assert!((moments.squares[element] - squares).abs() < 1e-6);
        }
    }

    #[test]
    fn merged_halves_are_the_whole() {
        let rows: Vec<[f64; 2]> = (0..50).map(|i| [1e3 + f64::from(i), (f64::from(i) * 0.3).cos()]).collect();
        let of = |rows: &[[f64; 2]]| {
            let mut moments = Moments::new(2);
            rows.iter().for_each(|row| moments.add(row));
            moments
        };
        for cut in [0, 1, 17, 50] {
            let (mut seen, whole) = (of(&rows[..cut]), of(&rows));
            seen.merge(&of(&rows[cut..]));
            assert_eq!(seen.count, whole.count);
            for (seen, expected) in
                seen.mean.iter().chain(&seen.squares).zip(whole.mean.iter().chain(&whole.squares))
            {
                assert!((seen - expected).abs() < 1e-9 * expected.abs().max(1.0));
            }
        }
    }
}
