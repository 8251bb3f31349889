//! Estimate a metric of low rank plus diagonal from draws and gradients.
//!
//! ```text
//! s = (var(q) / var(g))^(1/4);   X = (q - mean) / s,   G = s (g - mean),   a draw a column
//! Q: orthonormal basis of the columns of X and G
//! A = (Q^T X)(Q^T X)^T / c + I,   B = (Q^T G)(Q^T G)^T / c + I,   c = 1e-5
//! S = B^-1/2 (B^1/2 A B^1/2)^1/2 B^-1/2 = U diag(l) U^T          S B S = A
//! metric = diag(s) (I + V diag(l - 1) V^T) diag(s),   V = Q u  for the eigenvectors u with l > 2 or l < 1/2
//! ```
//!
//! `S` minimises the Fisher divergence between the target, seen through the draws, and a normal. All of it is in f64:
//! in f32 the products lose their definiteness.
//!
//! # Differences from the paper
//! The basis comes from a QR decomposition, and is the identity when there are as many columns as elements; `S` does
//! not depend on which basis of the span it is.
//!
//! # References
//! - Seyboldt, Carlson, Carpenter (2026), Fisher divergence for mass matrix adaptation. arXiv:2603.18845
//! - nutpie's `nuts-rs` 0.18, `transform/adapt/low_rank.rs`.

use std::collections::VecDeque;

use faer::{Mat, Side};
use serde::{Deserialize, Serialize};

use super::metric::write_fisher_scale;
use super::moments::Moments;
use super::whitening::{LowRank, Whitening};

/// What draws are divided by before the identity is added.
const RIDGE: f64 = 1e-5;
/// Eigenvalues between these are taken for 1.
const PLAIN: [f64; 2] = [0.5, 2.0];
/// Largest matrices that are decomposed, unless the draws are few.
const LARGEST: usize = 256;
/// The fewest draws that a metric is made from.
const LEAST: usize = 4;

/// The last draws and their gradients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rows {
    dim: usize,
    /// Position and gradient, each `[dim]`.
    rows: VecDeque<[Vec<f64>; 2]>,
}

impl Rows {
    pub(super) fn new(dim: usize) -> Self {
        Self { dim, rows: VecDeque::new() }
    }

    pub(super) fn count(&self) -> f64 {
        self.rows.len() as f64
    }

    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(super) fn add(&mut self, position: &[f64], gradient: &[f64]) {
        // Few elements: many draws cost little. Many: the basis has two vectors a draw.
        let most = if self.dim <= LARGEST { 4 * LARGEST } else { LARGEST / 2 };
        if self.rows.len() == most {
            self.rows.pop_front();
        }
        self.rows.push_back([position.to_vec(), gradient.to_vec()]);
    }
}

/// Makes the metric; keeps the old one when there are too few draws or they do not make one.
pub(super) fn write_low_rank(rows: &Rows, whitening: &mut Whitening) {
    if rows.rows.len() < LEAST {
        return;
    }
    let dim = rows.dim;
    let (mut position, mut gradient) = (Moments::new(dim), Moments::new(dim));
    for [q, g] in &rows.rows {
        position.add(q);
        gradient.add(g);
    }
    let mut scale = vec![0.0; dim];
    write_fisher_scale(&position, &gradient, &mut scale);
    let count = rows.rows.len();
    let draws = Mat::from_fn(dim, count, |i, draw| (rows.rows[draw][0][i] - position.mean[i]) / scale[i]);
    let slopes = Mat::from_fn(dim, count, |i, draw| (rows.rows[draw][1][i] - gradient.mean[i]) * scale[i]);
    let basis = (2 * count < dim).then(|| span(&draws, &slopes));
    if let Some((directions, stretch)) = corrections(&draws, &slopes, basis.as_ref()) {
        *whitening = Whitening::LowRank(LowRank::new(scale, directions, stretch));
    }
}

/// An orthonormal basis of the columns of both, `[dim, 2 count]`.
fn span(draws: &Mat<f64>, slopes: &Mat<f64>) -> Mat<f64> {
    let count = draws.ncols();
    let both = Mat::from_fn(draws.nrows(), 2 * count, |i, column| match column.checked_sub(count) {
        None => draws[(i, column)],
        Some(column) => slopes[(i, column)],
    });
    both.qr().compute_thin_Q()
}

/// The directions in which the metric is not the diagonal, and by how much its square root is stretched there.
///
/// # Shapes
/// - `draws`, `slopes`: `[dim, count]`
/// - `basis`: `[dim, rank]`, or the identity
fn corrections(
    draws: &Mat<f64>,
    slopes: &Mat<f64>,
    basis: Option<&Mat<f64>>,
) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let dim = draws.nrows();
    let products = |columns: &Mat<f64>| {
        let inside = match basis {
            Some(basis) => basis.transpose() * columns,
            None => columns.clone(),
        };
        let products = &inside * inside.transpose();
        Mat::from_fn(inside.nrows(), inside.nrows(), |i, j| {
            products[(i, j)] / RIDGE + f64::from(u8::from(i == j))
        })
    };
    let (a, b) = (products(draws), products(slopes));
    let root = map_eigenvalues(&b, f64::sqrt)?;
    let inverse_root = map_eigenvalues(&b, |value| 1.0 / value.sqrt())?;
    let middle = map_eigenvalues(&(&root * a * &root), |value| value.max(0.0).sqrt())?;
    let metric = (&inverse_root * middle * &inverse_root).self_adjoint_eigen(Side::Lower).ok()?;
    let values = metric.S().column_vector();
    let [least, most] = PLAIN;
    let kept: Vec<usize> =
        (0..values.nrows()).filter(|k| !(least..=most).contains(&values[*k]) && values[*k] > 0.0).collect();
    let vectors = Mat::from_fn(values.nrows(), kept.len(), |i, k| metric.U()[(i, kept[k])]);
    let vectors = match basis {
        Some(basis) => basis * vectors,
        None => vectors,
    };
    let direction = |k: usize| (0..dim).map(|i| vectors[(i, k)]).collect::<Vec<f64>>();
    let directions: Vec<Vec<f64>> = (0..kept.len()).map(direction).collect();
    let stretch: Vec<f64> = kept.iter().map(|k| values[*k].sqrt() - 1.0).collect();
    let finite = directions.iter().flatten().chain(&stretch).all(|element| element.is_finite());
    finite.then_some((directions, stretch))
}

/// `U diag(f(l)) U^T` of the symmetric matrix `U diag(l) U^T`.
fn map_eigenvalues(matrix: &Mat<f64>, f: impl Fn(f64) -> f64) -> Option<Mat<f64>> {
    let eigen = matrix.self_adjoint_eigen(Side::Lower).ok()?;
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    let scaled = Mat::from_fn(vectors.nrows(), vectors.ncols(), |i, j| vectors[(i, j)] * f(values[j]));
    Some(scaled * vectors.transpose())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainfire_kernels::random::Key;

    /// Draws of a normal with covariance `diag(deviation) (I + (l - 1) v v^T) diag(deviation)`, from a wide box, with
    /// their gradients; the metric must be that covariance however the draws are spread.
    fn fitted(dim: usize, count: usize, stretch: f64) -> (Vec<f64>, Vec<f64>, Whitening) {
        let deviation: Vec<f64> = (0..dim).map(|i| 10f64.powf(3.0 * i as f64 / dim as f64 - 1.0)).collect();
        let length = (dim as f64).sqrt();
        let v: Vec<f64> = (0..dim).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 } / length).collect();
        let mut rows = Rows::new(dim);
        for draw in 0..count {
            let mut z = vec![0.0; dim];
            Key::new(3, 0, draw as u32, 0).fill_normal(&mut z);
            // Whitened positions z + (sqrt(l) - 1) v v^T z; whitened gradients are the inverse of the covariance times
            // them.
            let along: f64 = z.iter().zip(&v).map(|(z, v)| z * v).sum();
            let whitened = |power: f64| {
                let root = stretch.powf(power) - 1.0;
                z.iter().zip(&v).map(move |(z, v)| z + root * along * v).collect::<Vec<f64>>()
            };
            let (q, g) = (whitened(0.5), whitened(-0.5));
            let position: Vec<f64> = q.iter().zip(&deviation).map(|(q, d)| q * d).collect();
            let gradient: Vec<f64> = g.iter().zip(&deviation).map(|(g, d)| -g / d).collect();
            rows.add(&position, &gradient);
        }
        let mut whitening = Whitening::unit(dim);
        write_low_rank(&rows, &mut whitening);
        (deviation, v, whitening)
    }

    #[test]
    fn a_correlated_direction_is_found() {
        for (dim, count) in [(10, 60), (40, 200)] {
            let stretch = 100.0;
            let (deviation, v, whitening) = fitted(dim, count, stretch);
            // The length of L^T applied to the gradient direction whose variance is known.
            let variance = |direction: &[f64]| {
                let mut columns = 0.0;
                for j in 0..dim {
                    let (mut unit, mut column) = (vec![0.0; dim], vec![0.0; dim]);
                    unit[j] = 1.0;
                    whitening.velocity(&unit, &mut column);
                    columns += column.iter().zip(direction).map(|(c, d)| c * d).sum::<f64>().powi(2);
                }
                columns
            };
            let along: Vec<f64> = v.iter().zip(&deviation).map(|(v, d)| v / d).collect();
            let ratio = variance(&along) / stretch;
            assert!((0.5..2.0).contains(&ratio), "{dim} elements, {count} draws: {ratio}");
            let mut across = vec![0.0; dim];
            (across[0], across[1]) = (0.5f64.sqrt() / deviation[0], 0.5f64.sqrt() / deviation[1]);
            let ratio = variance(&across);
            assert!((0.3..3.0).contains(&ratio), "{dim} elements, {count} draws, across: {ratio}");
        }
    }

    #[test]
    fn a_normal_is_whitened_exactly_when_the_draws_span_it() {
        let (deviation, v, whitening) = fitted(6, 50, 1e4);
        let Whitening::LowRank(_) = whitening else { panic!("{whitening:?}") };
        for i in 0..6 {
            let expected = deviation[i].powi(2) * (1.0 + (1e4 - 1.0) * v[i] * v[i]);
            let seen = whitening.variances()[i];
            assert!((seen / expected - 1.0).abs() < 1e-3, "element {i}: {seen}, not {expected}");
        }
    }

    #[test]
    fn the_metric_does_not_depend_on_the_basis_of_the_span() {
        let (dim, count) = (40, 8);
        let wave = |i: usize, j: usize, a: f64| (a * (3 * i + 7 * j * j) as f64).sin();
        let draws = Mat::from_fn(dim, count, |i, j| 0.03 * wave(i, j, 0.37) + 0.01 * wave(i, 0, 1.3));
        let slopes = Mat::from_fn(dim, count, |i, j| 0.01 * wave(i, j, 0.53) - 0.5 * draws[(i, j)]);
        let matrix = |basis: Option<&Mat<f64>>| {
            let (directions, stretch) = corrections(&draws, &slopes, basis).unwrap();
            Mat::from_fn(dim, dim, |i, j| {
                directions.iter().zip(&stretch).map(|(v, stretch)| v[i] * stretch * v[j]).sum::<f64>()
            })
        };
        let (seen, expected) = (matrix(Some(&span(&draws, &slopes))), matrix(None));
        let size = expected.norm_max();
        let difference = (seen - expected).norm_max();
        assert!(size > 0.01 && difference < 1e-6 * size, "{difference} of {size}");
    }

    #[test]
    fn draws_that_never_moved_keep_the_metric() {
        let mut rows = Rows::new(2);
        (0..10).for_each(|_| rows.add(&[1.0, 1.0], &[0.0, f64::INFINITY]));
        let mut whitening = Whitening::Diagonal(vec![3.0, 4.0]);
        write_low_rank(&rows, &mut whitening);
        let mut velocity = [0.0; 2];
        whitening.velocity(&[1.0, 1.0], &mut velocity);
        assert!(velocity.iter().all(|v| v.is_finite() && *v > 0.0), "{whitening:?}");
    }
}
