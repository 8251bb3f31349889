//! Eigenvalues and eigenvectors of symmetric matrices that are known from the data.
//!
//! ```text
//! Jacobi: rotations that make one element after the other zero, until all off the diagonal are
//! ```
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, section 8.5.2 (cyclic Jacobi).

/// Sweeps over all elements; convergence is quadratic, ten are plenty.
const SWEEPS: usize = 30;

/// The eigenvalues of a symmetric matrix `[n, n]`, in no order, and the eigenvectors in the columns of `[n, n]`.
pub(super) fn decompose(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors: Vec<f64> = (0..n * n).map(|i| f64::from(u8::from(i % (n + 1) == 0))).collect();
    for _ in 0..SWEEPS {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |k| (i, k))).map(|(i, k)| a[i * n + k].powi(2)).sum();
        let size: f64 = a.iter().map(|x| x * x).sum();
        if off <= size * 1e-32 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// Makes the elements `(p, q)` and `(q, p)` zero, and turns the vectors with them.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let coupling = a[p * n + q];
    if coupling == 0.0 {
        return;
    }
    let ratio = (a[q * n + q] - a[p * n + p]) / (2.0 * coupling);
    let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for columns in [&mut *a, vectors] {
        for k in 0..n {
            let (x, y) = (columns[k * n + p], columns[k * n + q]);
            (columns[k * n + p], columns[k * n + q]) = (cosine * x - sine * y, sine * x + cosine * y);
        }
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
}

#[cfg(test)]
mod tests {
    use super::decompose;

    /// The path of n nodes has eigenvalues `2 cos(pi k / (n + 1))`.
    #[test]
    fn eigenvalues_of_a_path_are_known() {
        let n = 12usize;
        let path = (0..n * n).map(|i| f64::from(u8::from((i / n).abs_diff(i % n) == 1))).collect();
        let (mut seen, vectors) = decompose(path, n);
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
