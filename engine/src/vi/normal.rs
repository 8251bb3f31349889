//! Hold a normal approximation as what turns standard normal numbers into its draws.
//!
//! ```text
//! q = mean + factor z,    log q = -z'z/2 - log det factor - dim/2 log(2 pi)
//! ```

use std::f64::consts::TAU;

use faer::linalg::solvers::Llt;
use faer::{Mat, MatRef, Side};

/// A normal distribution over positions.
#[derive(Clone, Debug)]
pub(super) struct Normal {
    pub(super) mean: Vec<f64>,
    pub(super) factor: Factor,
}

/// A square root of a covariance.
#[derive(Clone, Debug)]
pub(super) enum Factor {
    /// Standard deviations.
    Diagonal(Vec<f64>),
    /// Lower triangle.
    Lower(Mat<f64>),
}

impl Normal {
    /// The normal of this precision, or the element whose pivot is not positive.
    ///
    /// With `precision = U U'` and `U` upper triangular, `U'^-1` is the lower triangular root of the covariance.
    pub(super) fn of_precision(mean: Vec<f64>, precision: MatRef<'_, f64>) -> Result<Self, usize> {
        let dim = mean.len();
        let last = dim - 1;
        let reversed = Mat::from_fn(dim, dim, |i, j| precision[(last - i, last - j)]);
        let factor = definite_factor(reversed.as_ref()).map_err(|element| last - element)?;
        let mut inverse = Mat::<f64>::identity(dim, dim);
        faer::linalg::triangular_solve::solve_lower_triangular_in_place(
            factor.as_ref(),
            inverse.as_mut(),
            faer::get_global_parallelism(),
        );
        let lower = Mat::from_fn(dim, dim, |i, j| inverse[(last - j, last - i)]);
        Ok(Self { mean, factor: Factor::Lower(lower) })
    }

    pub(super) fn dim(&self) -> usize {
        self.mean.len()
    }

    /// Turns noise into positions.
    ///
    /// # Shapes
    /// - `noise`, `position`: `[count, dim]`
    pub(super) fn write(&self, noise: &[f64], position: &mut [f64]) {
        let dim = self.dim();
        for (z, position) in noise.chunks_exact(dim).zip(position.chunks_exact_mut(dim)) {
            match &self.factor {
                Factor::Diagonal(deviation) => {
                    for (((q, mean), deviation), z) in
                        position.iter_mut().zip(&self.mean).zip(deviation).zip(z)
                    {
                        *q = mean + deviation * z;
                    }
                }
                Factor::Lower(lower) => {
                    position.copy_from_slice(&self.mean);
                    for (j, z) in z.iter().enumerate() {
                        let column = lower.col_as_slice(j);
                        position[j..].iter_mut().zip(&column[j..]).for_each(|(q, l)| *q += l * z);
                    }
                }
            }
        }
    }

    /// Log density of the position that this noise becomes, `[dim]`.
    pub(super) fn log_density(&self, noise: &[f64]) -> f64 {
        let square: f64 = noise.iter().map(|z| z * z).sum();
        -0.5 * square - self.log_determinant() - 0.5 * self.dim() as f64 * TAU.ln()
    }

    /// Logarithm of the factor's determinant.
    pub(super) fn log_determinant(&self) -> f64 {
        match &self.factor {
            Factor::Diagonal(deviation) => deviation.iter().map(|s| s.ln()).sum(),
            Factor::Lower(lower) => (0..self.dim()).map(|i| lower[(i, i)].ln()).sum(),
        }
    }

    /// Standard deviation of each element.
    pub(super) fn deviations(&self) -> Vec<f64> {
        match &self.factor {
            Factor::Diagonal(deviation) => deviation.clone(),
            Factor::Lower(lower) => {
                let variance = |i| (0..=i).map(|j| lower[(i, j)].powi(2)).sum::<f64>();
                (0..self.dim()).map(|i| variance(i).sqrt()).collect()
            }
        }
    }

    /// The covariance when it is dense, `[dim, dim]`.
    pub(super) fn covariance(&self) -> Option<Vec<f64>> {
        let Factor::Lower(lower) = &self.factor else { return None };
        let covariance = lower * lower.transpose();
        let dim = self.dim();
        Some((0..dim * dim).map(|at| covariance[(at / dim, at % dim)]).collect())
    }
}

/// The lower Cholesky factor, or the element whose pivot is not positive beyond rounding.
pub(super) fn definite_factor(matrix: MatRef<'_, f64>) -> Result<Mat<f64>, usize> {
    /// Smallest share of an element's precision that the elements before it may leave.
    const LEAST_PIVOT: f64 = 1e-11;
    let factor = match Llt::new(matrix, Side::Lower) {
        Ok(factor) => factor.L().to_owned(),
        Err(faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index }) => {
            return Err(index);
        }
    };
    let is_kept = |i: usize| factor[(i, i)].powi(2) > LEAST_PIVOT * matrix[(i, i)];
    match (0..matrix.nrows()).find(|&i| !is_kept(i)) {
        Some(lost) => Err(lost),
        None => Ok(factor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_element_whose_pivot_is_not_positive_is_named() {
        let lost = |diagonal: [f64; 3]| {
            let matrix = Mat::from_fn(3, 3, |i, j| if i == j { diagonal[i] } else { 0.0 });
            let of_precision = Normal::of_precision(vec![0.0; 3], matrix.as_ref()).err();
            assert_eq!(of_precision, definite_factor(matrix.as_ref()).err());
            of_precision
        };
        assert_eq!(lost([1.0, 2.0, 3.0]), None);
        assert_eq!(lost([0.0, 2.0, 3.0]), Some(0));
        assert_eq!(lost([1.0, -2.0, 3.0]), Some(1));
        assert_eq!(lost([1.0, 2.0, f64::NAN]), Some(2));
    }

    #[test]
    fn a_precision_gives_its_covariance_and_density() {
        let precision = [[2.0, 0.6, 0.0], [0.6, 1.0, -0.3], [0.0, -0.3, 0.5]];
        let matrix = Mat::from_fn(3, 3, |i, j| precision[i][j]);
        let normal = Normal::of_precision(vec![1.0, 2.0, 3.0], matrix.as_ref()).unwrap();
        let covariance = normal.covariance().unwrap();
        for (i, row) in precision.iter().enumerate() {
            for k in 0..3 {
                let identity: f64 = (0..3).map(|j| row[j] * covariance[j * 3 + k]).sum();
                assert!((identity - f64::from(u8::from(i == k))).abs() < 1e-14);
            }
        }
        let (noise, mut position) = ([0.3, -1.2, 0.7], [0.0; 3]);
        normal.write(&noise, &mut position);
        let apart = [position[0] - 1.0, position[1] - 2.0, position[2] - 3.0];
        let square: f64 = (0..9).map(|at| apart[at / 3] * precision[at / 3][at % 3] * apart[at % 3]).sum();
        // The determinant of the precision is 0.64.
        let expected = -0.5 * square + 0.5 * 0.64f64.ln() - 1.5 * TAU.ln();
        assert!((normal.log_density(&noise) - expected).abs() < 1e-14);
    }
}
