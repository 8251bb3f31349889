//! Step trajectories in whitened coordinates: a square root `L` of the metric, and what depends on it.
//!
//! ```text
//! metric = L L^T;   kick: p += e/2 L^T g;   drift: q += e L p          p ~ N(0, I), kinetic energy p . p / 2
//!
//! diagonal:  L = diag(s)
//! dense:     L = lower Cholesky factor of the metric
//! low rank:  L = diag(s) (I + V diag(r) V^T),   V^T V = I,   metric = diag(s) (I + V diag((1 + r)^2 - 1) V^T) diag(s)
//! ```
//!
//! A step costs two passes over vectors with a diagonal, three products of `dim^2 / 2` with a dense factor, and three
//! of `2 dim rank` with low rank.
//!
//! # References
//! - Neal (2011), MCMC using Hamiltonian dynamics, section 4.1 (a metric is a linear transformation). arXiv:1206.1901

use chainfire_kernels::trajectory;
use serde::{Deserialize, Serialize};

/// A square root of the metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Whitening {
    /// The diagonal of the square root, `[dim]`.
    Diagonal(Vec<f64>),
    /// A triangular square root.
    Dense(Triangle),
    /// A diagonal times the identity with a correction of low rank.
    LowRank(LowRank),
}

/// A lower triangular matrix, by rows and by columns, so that both products are dot products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Triangle {
    dim: usize,
    /// Row `i` has elements `0..=i` of the matrix.
    rows: Vec<Vec<f64>>,
    /// Column `i` has elements `i..dim` of the matrix.
    columns: Vec<Vec<f64>>,
}

/// `diag(scale) (I + V diag(stretch) V^T)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LowRank {
    /// `[dim]`
    scale: Vec<f64>,
    /// The columns of `V`, each of length 1 and orthogonal to the others, `[rank][dim]`.
    directions: Vec<Vec<f64>>,
    /// `[rank]`
    stretch: Vec<f64>,
}

impl Triangle {
    /// From the rows of a lower triangle, row `i` with `i + 1` elements.
    pub(super) fn new(rows: Vec<Vec<f64>>) -> Self {
        let dim = rows.len();
        let columns = (0..dim).map(|j| rows[j..].iter().map(|row| row[j]).collect()).collect();
        Self { dim, rows, columns }
    }

    fn times(&self, x: &[f64], out: &mut [f64]) {
        for (i, (row, out)) in self.rows.iter().zip(out).enumerate() {
            *out = trajectory::dot(row, &x[..=i]);
        }
    }

    fn transposed_times(&self, x: &[f64], out: &mut [f64]) {
        for (i, (column, out)) in self.columns.iter().zip(out).enumerate() {
            *out = trajectory::dot(column, &x[i..]);
        }
    }
}

impl LowRank {
    /// # Shapes
    /// - `scale`: `[dim]`
    /// - `directions`: `[rank][dim]`, orthonormal
    /// - `stretch`: `[rank]`
    pub(super) fn new(scale: Vec<f64>, directions: Vec<Vec<f64>>, stretch: Vec<f64>) -> Self {
        Self { scale, directions, stretch }
    }

    /// `x <- (I + V diag(stretch) V^T) x`.
    fn stretch(&self, x: &mut [f64]) {
        // The directions are orthogonal, so they can be stretched one after the other.
        for (direction, stretch) in self.directions.iter().zip(&self.stretch) {
            let along = stretch * trajectory::dot(direction, x);
            x.iter_mut().zip(direction).for_each(|(x, v)| *x += along * v);
        }
    }
}

impl Whitening {
    /// The identity.
    pub fn unit(dim: usize) -> Self {
        Self::Diagonal(vec![1.0; dim])
    }

    /// The diagonal, when there is nothing else.
    pub fn as_diagonal(&self) -> Option<&[f64]> {
        match self {
            Self::Diagonal(scale) => Some(scale),
            Self::Dense(_) | Self::LowRank(_) => None,
        }
    }

    /// The diagonal of the metric, `[dim]`: an estimate of variances.
    pub fn variances(&self) -> Vec<f64> {
        match self {
            Self::Diagonal(scale) => scale.iter().map(|scale| scale * scale).collect(),
            Self::Dense(factor) => factor.rows.iter().map(|row| trajectory::dot(row, row)).collect(),
            Self::LowRank(LowRank { scale, directions, stretch }) => {
                let variance = |i: usize| {
                    let more = directions.iter().zip(stretch);
                    let more = more.map(|(v, r)| ((1.0 + r).powi(2) - 1.0) * v[i] * v[i]).sum::<f64>();
                    scale[i] * scale[i] * (1.0 + more)
                };
                (0..scale.len()).map(variance).collect()
            }
        }
    }

    /// The diagonal, made one if this is something else.
    pub(super) fn diagonal_mut(&mut self, dim: usize) -> &mut [f64] {
        if self.as_diagonal().is_none() {
            *self = Self::unit(dim);
        }
        match self {
            Self::Diagonal(scale) => scale,
            Self::Dense(_) | Self::LowRank(_) => &mut [],
        }
    }

    /// The first half of a leapfrog step: the momentum half a step later, and the position a step later.
    ///
    /// # Shapes
    /// - all (`work` is memory to use): `[dim]`
    #[inline(always)]
    pub(crate) fn kick_drift(
        &self,
        position: &mut [f64],
        half_momentum: &mut [f64],
        momentum: &[f64],
        gradient: &[f64],
        step: f64,
        work: &mut [f64],
    ) {
        match self {
            Self::Diagonal(scale) => {
                trajectory::kick_drift(position, half_momentum, momentum, gradient, scale, step);
            }
            _ => self.general_kick_drift(position, half_momentum, momentum, gradient, step, work),
        }
    }

    /// Kept apart so that the diagonal's way stays short.
    #[inline(never)]
    fn general_kick_drift(
        &self,
        position: &mut [f64],
        half_momentum: &mut [f64],
        momentum: &[f64],
        gradient: &[f64],
        step: f64,
        work: &mut [f64],
    ) {
        self.force(gradient, work);
        for ((half, p), force) in half_momentum.iter_mut().zip(momentum).zip(&*work) {
            *half = p + 0.5 * step * force;
        }
        self.velocity(half_momentum, work);
        position.iter_mut().zip(&*work).for_each(|(q, velocity)| *q += step * velocity);
    }

    /// The second half of a leapfrog step; returns the squared length of the momentum, twice the kinetic energy.
    ///
    /// # Shapes
    /// - all (`work` is memory to use): `[dim]`
    #[inline(always)]
    pub(crate) fn kick_energy(
        &self,
        momentum: &mut [f64],
        half_momentum: &[f64],
        gradient: &[f64],
        step: f64,
        work: &mut [f64],
    ) -> f64 {
        match self {
            Self::Diagonal(scale) => trajectory::kick_energy(momentum, half_momentum, gradient, scale, step),
            _ => self.general_kick_energy(momentum, half_momentum, gradient, step, work),
        }
    }

    #[inline(never)]
    fn general_kick_energy(
        &self,
        momentum: &mut [f64],
        half_momentum: &[f64],
        gradient: &[f64],
        step: f64,
        work: &mut [f64],
    ) -> f64 {
        self.force(gradient, work);
        for ((p, half), force) in momentum.iter_mut().zip(half_momentum).zip(&*work) {
            *p = half + 0.5 * step * force;
        }
        trajectory::dot(momentum, momentum)
    }

    /// Writes `L p`.
    ///
    /// # Shapes
    /// - all: `[dim]`
    pub(crate) fn velocity(&self, momentum: &[f64], velocity: &mut [f64]) {
        match self {
            Self::Diagonal(scale) => multiply(scale, momentum, velocity),
            Self::Dense(factor) => factor.times(momentum, velocity),
            Self::LowRank(factor) => {
                velocity.copy_from_slice(momentum);
                factor.stretch(velocity);
                velocity.iter_mut().zip(&factor.scale).for_each(|(velocity, scale)| *velocity *= scale);
            }
        }
    }

    /// Writes `L^T g`.
    fn force(&self, gradient: &[f64], force: &mut [f64]) {
        match self {
            Self::Diagonal(scale) => multiply(scale, gradient, force),
            Self::Dense(factor) => factor.transposed_times(gradient, force),
            Self::LowRank(factor) => {
                multiply(&factor.scale, gradient, force);
                factor.stretch(force);
            }
        }
    }
}

fn multiply(a: &[f64], b: &[f64], out: &mut [f64]) {
    out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = a * b);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind, with the matrix `L`.
    fn kinds() -> [(Whitening, [[f64; 3]; 3]); 3] {
        let (c, s) = (0.6, 0.8);
        let scale = [2.0, 0.5, 3.0];
        let directions = [[c, s, 0.0], [-s, c, 0.0]];
        let stretch = [1.5, -0.5];
        let low_rank = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let more: f64 = (0..2).map(|k| directions[k][i] * stretch[k] * directions[k][j]).sum();
                scale[i] * (f64::from(u8::from(i == j)) + more)
            })
        });
        let triangle = [[2.0, 0.0, 0.0], [0.3, 0.5, 0.0], [-1.0, 0.7, 3.0]];
        let rows = triangle.iter().enumerate().map(|(i, row)| row[..=i].to_vec()).collect();
        let factor = LowRank::new(scale.to_vec(), directions.map(|v| v.to_vec()).to_vec(), stretch.to_vec());
        [
            (Whitening::Diagonal(scale.to_vec()), [[2.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 3.0]]),
            (Whitening::Dense(Triangle::new(rows)), triangle),
            (Whitening::LowRank(factor), low_rank),
        ]
    }

    fn close(seen: &[f64], expected: [f64; 3]) {
        assert!(seen.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{seen:?}, not {expected:?}");
    }

    #[test]
    fn steps_are_those_of_the_matrix() {
        let (q, p, g, step) = ([1.0, -2.0, 0.5], [0.3, 0.2, -0.9], [0.7, -0.1, 2.0], 0.4);
        for (whitening, root) in kinds() {
            let force: [f64; 3] = std::array::from_fn(|i| (0..3).map(|j| root[j][i] * g[j]).sum());
            let half: [f64; 3] = std::array::from_fn(|i| p[i] + 0.2 * force[i]);
            let velocity: [f64; 3] = std::array::from_fn(|i| (0..3).map(|j| root[i][j] * half[j]).sum());
            let (mut position, mut seen, mut work) = (q, [0.0; 3], [0.0; 3]);
            whitening.kick_drift(&mut position, &mut seen, &p, &g, step, &mut work);
            close(&seen, half);
            close(&position, std::array::from_fn(|i| q[i] + step * velocity[i]));
            let mut momentum = [0.0; 3];
            let square = whitening.kick_energy(&mut momentum, &half, &g, step, &mut work);
            close(&momentum, std::array::from_fn(|i| half[i] + 0.2 * force[i]));
            assert!((square - momentum.iter().map(|p| p * p).sum::<f64>()).abs() < 1e-12);
            close(
                &whitening.variances(),
                std::array::from_fn(|i| root[i].iter().map(|element| element * element).sum()),
            );
        }
    }
}
