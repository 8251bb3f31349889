//! Eigenvectors of symmetric matrices of data with the signs that LAPACK gives them, and so NumPy.
//!
//! ```text
//! dsytd2   reflections H_1 ... H_(n-1) make the matrix tridiagonal, from the lower triangle
//! dsteqr   implicit QL steps, or QR steps where the end is smaller than the beginning, make it diagonal
//! ```
//!
//! # References
//! - Anderson et al. (1999), LAPACK Users' Guide, third edition; the routines dsytd2, dlarfg, dsteqr, dlaev2, dlartg
//! - Golub and Van Loan (2013), Matrix Computations, algorithms 8.3.1 and 8.3.2

use faer::Mat;

/// Largest matrix that LAPACK does not divide (`SMLSIZ`).
pub(super) const LARGEST: usize = 25;

/// Steps for each eigenvalue.
const STEPS: usize = 30;

/// A tridiagonal matrix on its way to a diagonal one.
struct Tridiagonal {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    vectors: Mat<f64>,
    steps: usize,
}

/// Eigenvalues in ascending order, and the eigenvectors in the columns; `None` where they are not found.
pub(super) fn eigen(a: &Mat<f64>) -> Option<(Vec<f64>, Mat<f64>)> {
    let mut found = tridiagonal(a.clone());
    let count = found.diagonal.len();
    let mut start = 0;
    while start < count {
        let last = (start..count - 1).find(|&m| found.is_split(m)).unwrap_or(count - 1);
        if last < count - 1 {
            found.beside[last] = 0.0;
        }
        if last > start {
            found.block(start, last)?;
        }
        // A block may have come apart: what is left of it is gone through again.
        if (start..last).all(|m| found.beside[m] == 0.0) {
            start = last + 1;
        }
    }
    for i in 0..count {
        let least = (i + 1..count).fold(i, |k, j| if found.diagonal[j] < found.diagonal[k] { j } else { k });
        if least != i {
            found.diagonal.swap(i, least);
            for row in 0..count {
                let held = found.vectors[(row, i)];
                found.vectors[(row, i)] = found.vectors[(row, least)];
                found.vectors[(row, least)] = held;
            }
        }
    }
    Some((found.diagonal, found.vectors))
}

/// `dsytd2` of the lower triangle, and the product of its reflections.
fn tridiagonal(mut a: Mat<f64>) -> Tridiagonal {
    let count = a.nrows();
    for i in 0..count {
        (i + 1..count).for_each(|j| a[(i, j)] = a[(j, i)]);
    }
    let mut vectors = Mat::<f64>::identity(count, count);
    let mut beside = vec![0.0; count.saturating_sub(1)];
    for i in 0..count.saturating_sub(1) {
        let alpha = a[(i + 1, i)];
        let length = (i + 2..count).map(|k| a[(k, i)].powi(2)).sum::<f64>().sqrt();
        if length == 0.0 {
            beside[i] = alpha;
            continue;
        }
        let beta = -alpha.hypot(length).copysign(alpha);
        let tau = (beta - alpha) / beta;
        let mut v = vec![0.0; count];
        v[i + 1] = 1.0;
        (i + 2..count).for_each(|k| v[k] = a[(k, i)] / (alpha - beta));
        beside[i] = beta;
        let inner = i + 1..count;
        let mut w: Vec<f64> = vec![0.0; count];
        for row in inner.clone() {
            w[row] = tau * inner.clone().map(|k| a[(row, k)] * v[k]).sum::<f64>();
        }
        let share = -0.5 * tau * inner.clone().map(|k| w[k] * v[k]).sum::<f64>();
        inner.clone().for_each(|k| w[k] += share * v[k]);
        for row in inner.clone() {
            for k in inner.clone() {
                a[(row, k)] -= v[row] * w[k] + w[row] * v[k];
            }
        }
        for row in 0..count {
            let sum = tau * inner.clone().map(|k| vectors[(row, k)] * v[k]).sum::<f64>();
            inner.clone().for_each(|k| vectors[(row, k)] -= sum * v[k]);
        }
    }
    let diagonal = (0..count).map(|i| a[(i, i)]).collect();
    Tridiagonal { diagonal, beside, vectors, steps: STEPS * count }
}

impl Tridiagonal {
    fn is_split(&self, m: usize) -> bool {
        let (a, b) = (self.diagonal[m].abs().sqrt(), self.diagonal[m + 1].abs().sqrt());
        self.beside[m].abs() <= a * b * f64::EPSILON / 2.0
    }

    /// Whether the element beside the diagonal at `m` is nothing beside its neighbours.
    fn is_small(&self, m: usize) -> bool {
        let size = (f64::EPSILON / 2.0).powi(2) * self.diagonal[m].abs() * self.diagonal[m + 1].abs();
        self.beside[m].powi(2) <= size + f64::MIN_POSITIVE
    }

    /// Makes the block from `first` to `last` diagonal.
    fn block(&mut self, first: usize, last: usize) -> Option<()> {
        match self.diagonal[last].abs() < self.diagonal[first].abs() {
            false => self.forward(first, last),
            true => self.backward(first, last),
        }
    }

    /// QL steps, from the first element on.
    fn forward(&mut self, first: usize, last: usize) -> Option<()> {
        let mut l = first;
        while l <= last {
            let m = (l..last).find(|&m| self.is_small(m)).unwrap_or(last);
            if m < last {
                self.beside[m] = 0.0;
            }
            if m == l {
                l += 1;
                continue;
            }
            if m == l + 1 {
                let (larger, smaller, c, s) = of_two(self.diagonal[l], self.beside[l], self.diagonal[l + 1]);
                self.turn(l, c, s);
                (self.diagonal[l], self.diagonal[l + 1], self.beside[l]) = (larger, smaller, 0.0);
                l += 2;
                continue;
            }
            self.steps = self.steps.checked_sub(1)?;
            let start = self.diagonal[l];
            let g = (self.diagonal[l + 1] - start) / (2.0 * self.beside[l]);
            let mut g = self.diagonal[m] - start + self.beside[l] / (g + g.hypot(1.0).copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut turns = Vec::with_capacity(m - l);
            for i in (l..m).rev() {
                let (f, b) = (s * self.beside[i], c * self.beside[i]);
                let r;
                (c, s, r) = rotation(g, f);
                if i != m - 1 {
                    self.beside[i + 1] = r;
                }
                g = self.diagonal[i + 1] - p;
                let r = (self.diagonal[i] - g) * s + 2.0 * c * b;
                p = s * r;
                self.diagonal[i + 1] = g + p;
                g = c * r - b;
                turns.push((i, c, -s));
            }
            turns.into_iter().for_each(|(i, c, s)| self.turn(i, c, s));
            self.diagonal[l] -= p;
            self.beside[l] = g;
        }
        Some(())
    }

    /// QR steps, from the last element on.
    fn backward(&mut self, first: usize, last: usize) -> Option<()> {
        let mut next = Some(last);
        while let Some(l) = next.filter(|&l| l >= first) {
            let m = (first + 1..=l).rev().find(|&m| self.is_small(m - 1)).unwrap_or(first);
            if m > first {
                self.beside[m - 1] = 0.0;
            }
            if m == l {
                next = l.checked_sub(1);
                continue;
            }
            if m + 1 == l {
                let (larger, smaller, c, s) =
                    of_two(self.diagonal[l - 1], self.beside[l - 1], self.diagonal[l]);
                self.turn(m, c, s);
                (self.diagonal[l - 1], self.diagonal[l], self.beside[l - 1]) = (larger, smaller, 0.0);
                next = l.checked_sub(2);
                continue;
            }
            self.steps = self.steps.checked_sub(1)?;
            let start = self.diagonal[l];
            let g = (self.diagonal[l - 1] - start) / (2.0 * self.beside[l - 1]);
            let mut g = self.diagonal[m] - start + self.beside[l - 1] / (g + g.hypot(1.0).copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            for i in m..l {
                let (f, b) = (s * self.beside[i], c * self.beside[i]);
                let r;
                (c, s, r) = rotation(g, f);
                if i != m {
                    self.beside[i - 1] = r;
                }
                g = self.diagonal[i] - p;
                let r = (self.diagonal[i + 1] - g) * s + 2.0 * c * b;
                p = s * r;
                self.diagonal[i] = g + p;
                g = c * r - b;
                self.turn(i, c, s);
            }
            self.diagonal[l] -= p;
            self.beside[l - 1] = g;
        }
        Some(())
    }

    /// Turns the vectors of two neighbours (`dlasr`).
    fn turn(&mut self, i: usize, c: f64, s: f64) {
        for row in 0..self.vectors.nrows() {
            let (a, b) = (self.vectors[(row, i)], self.vectors[(row, i + 1)]);
            self.vectors[(row, i + 1)] = c * b - s * a;
            self.vectors[(row, i)] = s * b + c * a;
        }
    }
}

/// `dlartg`: `c`, `s` and `r` for which `c f + s g = r` and `c g = s f`.
fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    if f == 0.0 {
        return (0.0, 1f64.copysign(g), g.abs());
    }
    let r = f.hypot(g).copysign(f);
    (f.abs() / r.abs(), g / r, r)
}

/// `dlaev2`: the eigenvalues of `[[a, b], [b, c]]`, the larger in size first, and the vector `(c, s)` of that one.
fn of_two(a: f64, b: f64, c: f64) -> (f64, f64, f64, f64) {
    let (sum, difference, twice) = (a + c, a - c, b + b);
    let (larger, smaller) = if a.abs() > c.abs() { (a, c) } else { (c, a) };
    let root = difference.hypot(twice);
    let (first, second, sign) = if sum < 0.0 {
        let first = 0.5 * (sum - root);
        (first, larger / first * smaller - b / first * b, -1.0)
    } else if sum > 0.0 {
        let first = 0.5 * (sum + root);
        (first, larger / first * smaller - b / first * b, 1.0)
    } else {
        (0.5 * root, -0.5 * root, 1.0)
    };
    let (cosine, other) =
        if difference >= 0.0 { (difference + root, 1.0) } else { (difference - root, -1.0) };
    let (c, s) = if cosine.abs() > twice.abs() {
        let tangent = -twice / cosine;
        let s = 1.0 / 1f64.hypot(tangent);
        (tangent * s, s)
    } else if twice == 0.0 {
        (1.0, 0.0)
    } else {
        let tangent = -cosine / twice;
        let c = 1.0 / 1f64.hypot(tangent);
        (c, tangent * c)
    };
    if sign == other { (first, second, -s, c) } else { (first, second, c, s) }
}
