//! Fit a mean-field normal by ADVI: independent normals over the unconstrained parameters.
//!
//! ```text
//! q = prod_i N(mu_i, exp(rho_i)^2);   natural gradient: mean(u_i) for mu_i/exp(rho_i),  mean(u_i z_i)/2 for rho_i
//! ```
//!
//! # Differences from the paper
//! Steps, where they begin and their end are those of `stochastic`, whose convergence can be trusted, instead of adaGrad's.
//!
//! # References
//! - Kucukelbir, Tran, Ranganath, Gelman, Blei (2017), Automatic differentiation variational inference, JMLR 18(14),
//!   algorithm 1. arXiv:1603.00788

use super::normal::{Factor, Normal};
use super::stochastic::{Family, Slope};

/// Normals with a diagonal covariance; parameters `(mu, rho)`.
pub(super) struct MeanField;

impl Family for MeanField {
    fn start(&self, mean_field: &Normal) -> Vec<f64> {
        let rho = mean_field.deviations().into_iter().map(f64::ln);
        mean_field.mean.iter().copied().chain(rho).collect()
    }

    fn normal(&self, parameters: &[f64]) -> Normal {
        let (mean, rho) = parameters.split_at(parameters.len() / 2);
        let deviation = rho.iter().map(|rho| rho.exp()).collect();
        Normal { mean: mean.to_vec(), factor: Factor::Diagonal(deviation) }
    }

    fn slope(&self, normal: &Normal, noise: &[f64], gradient: &[f64]) -> Slope {
        let dim = normal.dim();
        let deviation = normal.deviations();
        let (mut mean, mut scale) = (vec![0.0; dim], vec![0.0; dim]);
        for (z, gradient) in noise.chunks_exact(dim).zip(gradient.chunks_exact(dim)) {
            for i in 0..dim {
                let u = deviation[i] * gradient[i] + z[i];
                mean[i] += u;
                scale[i] += 0.5 * u * z[i];
            }
        }
        let count = (noise.len() / dim) as f64;
        mean.iter_mut().chain(&mut scale).for_each(|x| *x /= count);
        let scale_size = scale.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        Slope { mean, scale, scale_size }
    }

    fn step(&self, parameters: &mut [f64], normal: &Normal, slope: &Slope) {
        let (mean, rho) = parameters.split_at_mut(normal.dim());
        for (i, deviation) in normal.deviations().into_iter().enumerate() {
            mean[i] += deviation * slope.mean[i];
            rho[i] += slope.scale[i];
        }
    }
}
