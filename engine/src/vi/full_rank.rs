//! Fit a normal with a dense covariance by ADVI.
//!
//! ```text
//! q = N(mu, L L'),  L = diag(exp(rho)) (I + strict lower triangle);   with u_n = L' grad log p + z_n:
//! natural gradient: mean(u_n) for L^-1 (change of mu),
//!                   tril(mean(u_n z_n')) with its diagonal halved for L^-1 (change of L)
//! ```
//!
//! # Differences from the paper
//! Steps, where they begin and their end are those of `stochastic`; they are taken in the frame of the approximation, where correlations
//! of the posterior do not slow them.
//!
//! # References
//! - Kucukelbir, Tran, Ranganath, Gelman, Blei (2017), Automatic differentiation variational inference, JMLR 18(14),
//!   section 2.5. arXiv:1603.00788
//! - Tan (2025), Analytic natural gradient updates for Cholesky factor in Gaussian variational approximation, section
//!   3. arXiv:2109.00375

use faer::Mat;

use super::normal::{Factor, Normal};
use super::stochastic::{Family, Slope};

/// Most dimensions: a step multiplies matrices of them.
pub(super) const MOST_DIMENSIONS: usize = 2000;

/// Normals with a dense covariance; parameters `(mu, rho, rows of the strict lower triangle)`.
pub(super) struct FullRank {
    pub(super) dim: usize,
}

impl FullRank {
    /// Where the strict triangle has an element.
    fn at(&self, row: usize, column: usize) -> usize {
        2 * self.dim + row * (row - 1) / 2 + column
    }
}

impl Family for FullRank {
    fn start(&self, mean_field: &Normal) -> Vec<f64> {
        let mut parameters = mean_field.mean.clone();
        parameters.extend(mean_field.deviations().into_iter().map(f64::ln));
        parameters.resize(2 * self.dim + self.dim * (self.dim - 1) / 2, 0.0);
        parameters
    }

    fn normal(&self, parameters: &[f64]) -> Normal {
        let dim = self.dim;
        let lower = Mat::from_fn(dim, dim, |i, j| {
            let scale = parameters[dim + i].exp();
            match i.cmp(&j) {
                std::cmp::Ordering::Less => 0.0,
                std::cmp::Ordering::Equal => scale,
                std::cmp::Ordering::Greater => scale * parameters[self.at(i, j)],
            }
        });
        Normal { mean: parameters[..dim].to_vec(), factor: Factor::Lower(lower) }
    }

    fn slope(&self, normal: &Normal, noise: &[f64], gradient: &[f64]) -> Slope {
        let dim = self.dim;
        let count = noise.len() / dim;
        let Factor::Lower(lower) = &normal.factor else { unreachable!("the family has lower factors") };
        let noise = faer::MatRef::from_column_major_slice(noise, dim, count);
        let gradient = faer::MatRef::from_column_major_slice(gradient, dim, count);
        let pulled = lower.transpose() * gradient + noise;
        let product = &pulled * noise.transpose();
        let mean = (0..dim).map(|i| (0..count).map(|n| pulled[(i, n)]).sum::<f64>() / count as f64).collect();
        let scale: Vec<f64> = (0..dim * dim)
            .map(|at| match (at / dim, at % dim) {
                (i, j) if i < j => 0.0,
                (i, j) if i == j => 0.5 * product[(i, j)] / count as f64,
                (i, j) => product[(i, j)] / count as f64,
            })
            .collect();
        let row_size = |row: &[f64]| row.iter().map(|x| x.abs()).sum::<f64>();
        let scale_size = scale.chunks_exact(dim).map(row_size).fold(0.0, f64::max);
        Slope { mean, scale, scale_size }
    }

    fn step(&self, parameters: &mut [f64], normal: &Normal, slope: &Slope) {
        let dim = self.dim;
        let Factor::Lower(lower) = &normal.factor else { unreachable!("the family has lower factors") };
        let change = Mat::from_fn(dim, dim, |i, j| match (slope.scale[i * dim + j], i == j) {
            (diagonal, true) => diagonal.exp(),
            (below, false) => below,
        });
        let moved = lower * change;
        for i in 0..dim {
            parameters[i] += (0..=i).map(|j| lower[(i, j)] * slope.mean[j]).sum::<f64>();
            parameters[dim + i] = moved[(i, i)].ln();
            for j in 0..i {
                parameters[self.at(i, j)] = moved[(i, j)] / moved[(i, i)];
            }
        }
    }
}
