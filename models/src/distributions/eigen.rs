//! Eigenvalues and eigenvectors of symmetric matrices that are known from the data.

use faer::{Mat, Side};

/// The eigenvalues of a symmetric matrix `[n, n]` and the eigenvectors in the columns of `[n, n]`; NaN when the matrix
/// has numbers that are not finite.
pub(super) fn decompose(a: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let matrix = Mat::from_fn(n, n, |i, k| a[i * n + k]);
    let found = if matrix.is_all_finite() { matrix.self_adjoint_eigen(Side::Lower).ok() } else { None };
    match found {
        Some(found) => (
            found.S().column_vector().iter().copied().collect(),
            (0..n * n).map(|i| found.U()[(i / n, i % n)]).collect(),
        ),
        None => (vec![f64::NAN; n], vec![f64::NAN; n * n]),
    }
}

#[cfg(test)]
mod tests {
    use super::decompose;

    /// The path of n nodes has eigenvalues `2 cos(pi k / (n + 1))`.
    #[test]
    fn eigenvalues_of_a_path_are_known() {
        let n = 12usize;
        let path: Vec<f64> = (0..n * n).map(|i| f64::from(u8::from((i / n).abs_diff(i % n) == 1))).collect();
        let (mut seen, vectors) = decompose(&path, n);
        for k in 0..n {
            let at = |i: usize| vectors[i * n + k];
            let neighbours =
                |i: usize| if i > 0 { at(i - 1) } else { 0.0 } + if i + 1 < n { at(i + 1) } else { 0.0 };
            assert!((0..n).all(|i| (neighbours(i) - seen[k] * at(i)).abs() < 1e-14 * n as f64));
        }
        seen.sort_by(f64::total_cmp);
        for (k, x) in seen.iter().rev().enumerate() {
            let expected = 2.0 * (std::f64::consts::PI * (k + 1) as f64 / (n + 1) as f64).cos();
            assert!((x - expected).abs() < 1e-14 * n as f64, "{x} instead of {expected}");
        }
    }
}
