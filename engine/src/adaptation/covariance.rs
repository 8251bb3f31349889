//! Estimate a dense metric: the covariance of draws, shrunk as Stan shrinks it.
//!
//! ```text
//! metric = n/(n + 5) cov(q) + 5/(n + 5) 1e-3 I
//! ```
//!
//! # References
//! - Stan Development Team, `covar_adaptation.hpp`, `welford_covar_estimator.hpp`.

use faer::linalg::solvers::Llt;
use faer::{Mat, Side};
use serde::{Deserialize, Serialize};

use super::whitening::{Triangle, Whitening};

/// Mean and centred products of the vectors seen so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Covariance {
    count: f64,
    mean: Vec<f64>,
    /// Row `i` has the products of element `i` with elements `0..=i`.
    products: Vec<Vec<f64>>,
}

impl Covariance {
    pub(super) fn new(dim: usize) -> Self {
        let products = (0..dim).map(|i| vec![0.0; i + 1]).collect();
        Self { count: 0.0, mean: vec![0.0; dim], products }
    }

    pub(super) fn count(&self) -> f64 {
        self.count
    }

    /// # Shapes
    /// - `x`: `[dim]`
    pub(super) fn add(&mut self, x: &[f64]) {
        self.count += 1.0;
        let distance: Vec<f64> = x.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
        let (share, weight) = (1.0 / self.count, 1.0 - 1.0 / self.count);
        self.mean.iter_mut().zip(&distance).for_each(|(mean, d)| *mean += share * d);
        for (row, d) in self.products.iter_mut().zip(&distance) {
            let weighted = weight * d;
            row.iter_mut().zip(&distance).for_each(|(product, d)| *product += weighted * d);
        }
    }

    /// Makes the metric, from two draws or more; keeps the old one when it is not positive definite.
    pub(super) fn write(&self, whitening: &mut Whitening) {
        if self.count < 2.0 {
            return;
        }
        let weight = self.count / (self.count + 5.0) / (self.count - 1.0);
        let ridge = 1e-3 * 5.0 / (self.count + 5.0);
        let dim = self.mean.len();
        let metric = Mat::from_fn(dim, dim, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => weight * self.products[i][i] + ridge,
            std::cmp::Ordering::Greater => weight * self.products[i][j],
        });
        let Ok(factor) = Llt::new(metric.as_ref(), Side::Lower) else { return };
        let rows = (0..dim).map(|i| (0..=i).map(|j| factor.L()[(i, j)]).collect()).collect();
        *whitening = Whitening::Dense(Triangle::new(rows));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metric_is_the_covariance_shrunk_as_stan_shrinks_it() {
        let rows = [[1.0, 2.0], [2.0, 1.0], [4.0, -3.0], [0.0, 5.0], [7.0, 7.0]];
        let mut covariance = Covariance::new(2);
        rows.iter().for_each(|row| covariance.add(row));
        let mut whitening = Whitening::unit(2);
        covariance.write(&mut whitening);
        let mean = [0, 1].map(|i| rows.iter().map(|row| row[i]).sum::<f64>() / 5.0);
        let expected = |i: usize, j: usize| {
            let product = rows.iter().map(|row| (row[i] - mean[i]) * (row[j] - mean[j])).sum::<f64>();
            0.5 * product / 4.0 + if i == j { 0.5e-3 } else { 0.0 }
        };
        let mut columns = [[0.0; 2]; 2];
        whitening.velocity(&[1.0, 0.0], &mut columns[0]);
        whitening.velocity(&[0.0, 1.0], &mut columns[1]);
        for i in 0..2 {
            for j in 0..2 {
                let seen: f64 = columns.iter().map(|column| column[i] * column[j]).sum();
                assert!((seen - expected(i, j)).abs() < 1e-12, "{i} {j}: {seen}");
            }
        }
    }
}
