//! Operations on all of a small matrix at once: Cholesky's factor, its derivative, triangular systems.
//!
//! ```text
//! Cholesky:      l[j, j] = sqrt(a[j, j] - sum_k l[j, k]^2),  l[i, j] = (a[i, j] - sum_k l[i, k] l[j, k]) / l[j, j]
//! its pullback:  the same steps backwards, on the derivatives g in l; they become the derivatives in a
//!                j = n - 1 .. 0:  g[i, j] /= l[j, j];  g[j, j] -= sum_i g[i, j] l[i, j];
//!                                 g[i, k] -= g[i, j] l[j, k];  g[j, k] -= g[i, j] l[i, k]       i > j > k
//!                                 g[j, j] /= 2 l[j, j];  g[j, k] -= 2 g[j, j] l[j, k]
//! solve:         z[i] = (b[i] - sum_k l[i, k] z[k]) / l[i, i]
//! ```
//!
//! Matrices are held by rows. What is above the diagonal of a matrix or factor is not read, and zero in results. A
//! matrix that is not positive definite has NaN in its factor from the first pivot that is not above zero; nothing
//! panics.
//!
//! # References
//! - Golub, Van Loan (2013), Matrix Computations, 3.1.2, 4.2.5
//! - Murray (2016), Differentiation of the Cholesky decomposition, section 4.1 (reverse sweep, unblocked),
//!   arXiv:1602.07527

use super::cpu::factor::single;

/// An operation on all of a small matrix; its size follows from the rows of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Factor {
    /// The lower triangular factor of a matrix, `[n, n]` from `[n, n]`.
    Cholesky,
    /// From a factor and the derivatives in it, the derivatives in the lower triangle of what was factored.
    CholeskyPullback,
    /// `l^-1 b` from a lower triangular `l`, `[n, n]`, and right sides `b`, `[n, count]`.
    SolveLower,
    /// `l^-T b` from a lower triangular `l`, `[n, n]`, and right sides `b`, `[n, count]`.
    SolveTransposed,
}

impl Factor {
    /// Every operation.
    pub const ALL: [Factor; 4] =
        [Factor::Cholesky, Factor::CholeskyPullback, Factor::SolveLower, Factor::SolveTransposed];

    /// Number of operands.
    pub fn arity(self) -> usize {
        if self == Factor::Cholesky { 1 } else { 2 }
    }

    /// Rows of the result for operands of these rows.
    ///
    /// # Errors
    /// What the rows should be.
    pub fn rows(self, operands: &[usize]) -> Result<usize, String> {
        let size = size(operands[0]);
        if size == 0 || size * size != operands[0] {
            return Err(format!("operand 0 has {} rows, expected those of a square matrix", operands[0]));
        }
        match (self, operands) {
            (Factor::Cholesky, _) => Ok(operands[0]),
            (Factor::CholeskyPullback, &[_, slopes]) if slopes == operands[0] => Ok(slopes),
            (Factor::CholeskyPullback, _) => Err(format!("operand 1 must have {} rows", operands[0])),
            (_, &[_, sides]) if sides > 0 && sides % size == 0 => Ok(sides),
            _ => Err(format!("operand 1 must have a multiple of {size} rows")),
        }
    }

    /// The result for one chain, as the executor on the CPU computes it.
    ///
    /// # Panics
    /// For operands that [`Factor::rows`] refuses.
    pub fn compute(self, operands: &[&[f64]]) -> Vec<f64> {
        single(self, operands).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }

    /// The result for one chain, term by term: what the executors are compared with.
    ///
    /// # Panics
    /// For operands that [`Factor::rows`] refuses.
    pub fn eval(self, operands: &[&[f64]]) -> Vec<f64> {
        let n = size(operands[0].len());
        match self {
            Factor::Cholesky => cholesky(operands[0], n),
            Factor::CholeskyPullback => pullback(operands[0], operands[1], n),
            Factor::SolveLower => solve(operands[0], operands[1], n, false),
            Factor::SolveTransposed => solve(operands[0], operands[1], n, true),
        }
    }
}

/// Rows of a square matrix of so many elements.
pub(super) fn size(elements: usize) -> usize {
    elements.isqrt()
}

fn cholesky(a: &[f64], n: usize) -> Vec<f64> {
    let mut l = vec![0.0; n * n];
    for j in 0..n {
        for i in j..n {
            let products = (0..j).map(|k| l[i * n + k] * l[j * n + k]);
            let rest = products.fold(a[i * n + j], |rest, product| rest - product);
            l[i * n + j] = if i == j { root(rest) } else { rest / l[j * n + j] };
        }
    }
    l
}

/// The root of a pivot; NaN unless it is above zero.
fn root(pivot: f64) -> f64 {
    if pivot > 0.0 { pivot.sqrt() } else { f64::NAN }
}

fn pullback(l: &[f64], slopes: &[f64], n: usize) -> Vec<f64> {
    let mut g: Vec<f64> = (0..n * n).map(|e| if e % n <= e / n { slopes[e] } else { 0.0 }).collect();
    for j in (0..n).rev() {
        let pivot = l[j * n + j];
        for i in j + 1..n {
            g[i * n + j] /= pivot;
            g[j * n + j] -= g[i * n + j] * l[i * n + j];
        }
        g[j * n + j] /= 2.0 * pivot;
        for k in 0..j {
            for i in j + 1..n {
                g[i * n + k] -= g[i * n + j] * l[j * n + k];
                g[j * n + k] -= g[i * n + j] * l[i * n + k];
            }
            g[j * n + k] -= 2.0 * g[j * n + j] * l[j * n + k];
        }
    }
    g
}

fn solve(l: &[f64], b: &[f64], n: usize, is_transposed: bool) -> Vec<f64> {
    let (count, mut z) = (b.len() / n, b.to_vec());
    for turn in 0..n {
        let i = if is_transposed { n - 1 - turn } else { turn };
        for side in 0..count {
            let mut rest = z[i * count + side];
            for k in 0..turn {
                let (k, factor) = match is_transposed {
                    true => (n - 1 - k, l[(n - 1 - k) * n + i]),
                    false => (k, l[i * n + k]),
                };
                rest -= factor * z[k * count + side];
            }
            z[i * count + side] = rest / l[i * n + i];
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 5;

    fn matrix() -> Vec<f64> {
        let entry = |i: usize, j: usize| {
            1.0 / (1.0 + i.abs_diff(j) as f64) + if i == j { i as f64 + 0.5 } else { 0.0 }
        };
        (0..SIZE * SIZE).map(|e| entry(e / SIZE, e % SIZE)).collect()
    }

    #[test]
    fn a_factor_times_its_transpose_is_the_matrix() {
        let (a, l) = (matrix(), Factor::Cholesky.eval(&[&matrix()]));
        for (i, j) in (0..SIZE).flat_map(|i| (0..SIZE).map(move |j| (i, j))) {
            let product: f64 = (0..SIZE).map(|k| l[i * SIZE + k] * l[j * SIZE + k]).sum();
            assert!((product - a[i * SIZE + j]).abs() < 1e-14);
        }
    }

    #[test]
    fn the_pullback_is_the_derivative_of_the_factor() {
        let weights: Vec<f64> = (0..SIZE * SIZE).map(|e| (e as f64 * 0.7).sin()).collect();
        let total =
            |a: &[f64]| -> f64 { Factor::Cholesky.eval(&[a]).iter().zip(&weights).map(|(l, w)| l * w).sum() };
        let slopes = Factor::CholeskyPullback.eval(&[&Factor::Cholesky.eval(&[&matrix()]), &weights]);
        for e in 0..SIZE * SIZE {
            let moved = |h: f64| {
                let mut a = matrix();
                a[e] += h;
                total(&a)
            };
            let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slopes[e] - expected).abs() < 1e-9, "element {e}: {} for {expected}", slopes[e]);
        }
    }

    #[test]
    fn solutions_solve_their_systems() {
        let l = Factor::Cholesky.eval(&[&matrix()]);
        let b: Vec<f64> = (0..2 * SIZE).map(|e| e as f64 - 3.0).collect();
        for (op, is_transposed) in [(Factor::SolveLower, false), (Factor::SolveTransposed, true)] {
            let z = op.eval(&[&l, &b]);
            for (e, expected) in b.iter().enumerate() {
                let (i, side) = (e / 2, e % 2);
                let factor = |k: usize| if is_transposed { l[k * SIZE + i] } else { l[i * SIZE + k] };
                let product: f64 = (0..SIZE).map(|k| factor(k) * z[2 * k + side]).sum();
                assert!((product - expected).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        assert!(Factor::Cholesky.eval(&[&[1.0, 2.0, 2.0, 1.0]])[3].is_nan());
        assert!(Factor::Cholesky.eval(&[&[0.0]])[0].is_nan());
    }
}
