//! Singular vectors of a small matrix with the signs that LAPACK gives them.
//!
//! `multivariate_normal` turns independent numbers by singular vectors, which are known up to their sign: the numbers
//! that NumPy draws depend on the steps of `dgesdd`. These are its steps for up to 25 rows, where it neither works in
//! blocks nor divides and conquers. Singular values that are zero but for rounding are other ones here: they are too
//! small to tell, unless their roots are told to the last digits.
//!
//! ```text
//! A = Q B P',  B bidiagonal by reflections;  B = U S V' by QR sweeps;  A = (Q U) S (P V)'
//! ```
//!
//! # References
//! - Demmel and Kahan (1990), Accurate singular values of bidiagonal matrices, doi:10.1137/0911052
//! - LAPACK 3.12: dgebd2, dbdsqr, dlasv2, dlas2, dlartg

/// Most rows of a matrix.
pub(in crate::language) const ROWS: usize = 25;

/// A square matrix by rows.
#[derive(Clone)]
struct Square {
    n: usize,
    numbers: Vec<f64>,
}

impl Square {
    fn identity(n: usize) -> Self {
        let mut numbers = vec![0.0; n * n];
        (0..n).for_each(|k| numbers[k * n + k] = 1.0);
        Self { n, numbers }
    }

    fn at(&mut self, i: usize, k: usize) -> &mut f64 {
        &mut self.numbers[i * self.n + k]
    }

    /// Turns rows `i` and `i + 1`.
    fn turn_rows(&mut self, i: usize, c: f64, s: f64) {
        for k in 0..self.n {
            let (x, y) = (*self.at(i, k), *self.at(i + 1, k));
            *self.at(i + 1, k) = c * y - s * x;
            *self.at(i, k) = s * y + c * x;
        }
    }

    /// Turns columns `i` and `i + 1`.
    fn turn_columns(&mut self, i: usize, c: f64, s: f64) {
        for k in 0..self.n {
            let (x, y) = (*self.at(k, i), *self.at(k, i + 1));
            *self.at(k, i + 1) = c * y - s * x;
            *self.at(k, i) = s * y + c * x;
        }
    }

    /// Subtracts `scale` times the part of the rows from `first` on that lies along `v`.
    fn reflect_rows(&mut self, first: usize, v: &[f64], scale: f64) {
        for k in 0..self.n {
            let sum: f64 =
                v.iter().enumerate().map(|(i, v)| v * self.numbers[(first + i) * self.n + k]).sum();
            v.iter().enumerate().for_each(|(i, v)| *self.at(first + i, k) -= scale * sum * v);
        }
    }

    /// The same for columns.
    fn reflect_columns(&mut self, first: usize, v: &[f64], scale: f64) {
        for k in 0..self.n {
            let sum: f64 = v.iter().enumerate().map(|(i, v)| v * self.numbers[k * self.n + first + i]).sum();
            v.iter().enumerate().for_each(|(i, v)| *self.at(k, first + i) -= scale * sum * v);
        }
    }
}

/// The reflection that leaves of a vector its first element: that element, the direction, its scale.
fn reflection(x: &[f64]) -> (f64, Vec<f64>, f64) {
    let rest = x[1..].iter().map(|x| x * x).sum::<f64>().sqrt();
    if rest == 0.0 {
        return (x[0], vec![0.0; x.len()], 0.0);
    }
    let beta = -x[0].hypot(rest).copysign(x[0]);
    let direction =
        std::iter::once(1.0).chain(x[1..].iter().map(|element| element / (x[0] - beta))).collect();
    (beta, direction, (beta - x[0]) / beta)
}

/// The rotation that makes `(f, g)` into `(r, 0)`: cosine, sine, `r`.
fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    if f == 0.0 {
        return (0.0, 1.0_f64.copysign(g), g.abs());
    }
    let length = (f * f + g * g).sqrt();
    let r = length.copysign(f);
    (f.abs() / length, g / r, r)
}

/// The smaller singular value of `[[f, g], [0, h]]`.
fn smaller(f: f64, g: f64, h: f64) -> f64 {
    let (low, high, g) = (f.abs().min(h.abs()), f.abs().max(h.abs()), g.abs());
    if low == 0.0 {
        return 0.0;
    }
    let (sum, difference) = (1.0 + low / high, (high - low) / high);
    if g < high {
        let square = (g / high) * (g / high);
        return low * (2.0 / ((sum * sum + square).sqrt() + (difference * difference + square).sqrt()));
    }
    let part = high / g;
    if part == 0.0 {
        return low * high / g;
    }
    let c = 1.0 / ((1.0 + (sum * part).powi(2)).sqrt() + (1.0 + (difference * part).powi(2)).sqrt());
    low * c * part * 2.0
}

/// Singular values and vectors of `[[f, g], [0, h]]`: smaller and larger value, then sine and cosine of the right and of
/// the left vectors.
fn of_two(f: f64, g: f64, h: f64) -> (f64, f64, [f64; 4]) {
    let swap = h.abs() > f.abs();
    let (ft, ht) = if swap { (h, f) } else { (f, h) };
    let (fa, ha, ga) = (ft.abs(), ht.abs(), g.abs());
    let mut largest = if swap { 3 } else { 1 };
    let (small, large, cl, cr, sl, sr);
    if ga == 0.0 {
        (small, large, cl, cr, sl, sr) = (ha, fa, 1.0, 1.0, 0.0, 0.0);
    } else {
        if ga > fa {
            largest = 2;
        }
        if ga > fa && fa / ga < f64::EPSILON / 2.0 {
            let product = if ha > 1.0 { fa / (ga / ha) } else { fa / ga * ha };
            (small, large, cl, cr, sl, sr) = (product, ga, 1.0, ft / g, ht / g, 1.0);
        } else {
            let d = fa - ha;
            let l = if d == fa { 1.0 } else { d / fa };
            let m = g / ft;
            let t = 2.0 - l;
            let s = (t * t + m * m).sqrt();
            let r = if l == 0.0 { m.abs() } else { (l * l + m * m).sqrt() };
            let a = 0.5 * (s + r);
            let t = if m * m != 0.0 {
                (m / (s + t) + m / (r + l)) * (1.0 + a)
            } else if l == 0.0 {
                2.0_f64.copysign(ft) * 1.0_f64.copysign(g)
            } else {
                g / d.copysign(ft) + m / t
            };
            let l = (t * t + 4.0).sqrt();
            (cr, sr) = (2.0 / l, t / l);
            cl = (cr + sr * m) / a;
            sl = ht / ft * sr / a;
            (small, large) = (ha / a, fa * a);
        }
    }
    let (csl, snl, csr, snr) = if swap { (sr, cr, sl, cl) } else { (cl, sl, cr, sr) };
    let sign = |x: f64| 1.0_f64.copysign(x);
    let both = match largest {
        1 => sign(csr) * sign(csl) * sign(f),
        2 => sign(snr) * sign(csl) * sign(g),
        _ => sign(snr) * sign(snl) * sign(h),
    };
    (small.copysign(both * sign(f) * sign(h)), large.copysign(both), [snr, csr, snl, csl])
}

/// A bidiagonal matrix on its way to a diagonal one, with what turns it.
struct Sweeps {
    d: Vec<f64>,
    e: Vec<f64>,
    u: Square,
    vt: Square,
    threshold: f64,
}

impl Sweeps {
    /// One QR sweep of rows `low` to `high`, downwards or upwards.
    fn sweep(&mut self, low: usize, high: usize, down: bool, shift: f64) {
        let (d, e) = (&mut self.d, &mut self.e);
        // The sweep upwards is that downwards of the matrix with its rows in the other order.
        let row = |i: usize| if down { low + i } else { high - i };
        let gap = |i: usize| if down { low + i } else { high - 1 - i };
        let count = high - low;
        let mut turns = Vec::with_capacity(count);
        if shift == 0.0 {
            let (mut c, mut before_c, mut before_s) = (1.0, 1.0, 0.0);
            for i in 0..count {
                let (s, r);
                (c, s, r) = rotation(d[row(i)] * c, e[gap(i)]);
                if i > 0 {
                    e[gap(i - 1)] = before_s * r;
                }
                (before_c, before_s, d[row(i)]) = rotation(before_c * r, d[row(i + 1)] * s);
                turns.push([c, s, before_c, before_s]);
            }
            let rest = d[row(count)] * c;
            d[row(count)] = rest * before_c;
            e[gap(count - 1)] = rest * before_s;
        } else {
            let first = d[row(0)];
            let mut f = (first.abs() - shift) * (1.0_f64.copysign(first) + shift / first);
            let mut g = e[gap(0)];
            for i in 0..count {
                let (c, s, r) = rotation(f, g);
                if i > 0 {
                    e[gap(i - 1)] = r;
                }
                f = c * d[row(i)] + s * e[gap(i)];
                e[gap(i)] = c * e[gap(i)] - s * d[row(i)];
                g = s * d[row(i + 1)];
                d[row(i + 1)] *= c;
                let (cl, sl, r) = rotation(f, g);
                d[row(i)] = r;
                f = cl * e[gap(i)] + sl * d[row(i + 1)];
                d[row(i + 1)] = cl * d[row(i + 1)] - sl * e[gap(i)];
                if i + 1 < count {
                    g = sl * e[gap(i + 1)];
                    e[gap(i + 1)] *= cl;
                }
                turns.push([c, s, cl, sl]);
            }
            e[gap(count - 1)] = f;
        }
        if e[gap(count - 1)].abs() <= self.threshold {
            e[gap(count - 1)] = 0.0;
        }
        for (i, [c, s, cl, sl]) in turns.into_iter().enumerate() {
            if down {
                self.vt.turn_rows(low + i, c, s);
                self.u.turn_columns(low + i, cl, sl);
            } else {
                self.vt.turn_rows(high - 1 - i, cl, -sl);
                self.u.turn_columns(high - 1 - i, c, -s);
            }
        }
    }

    /// Sets an element beside the diagonal to zero where that changes no singular value; where there is none, a lower
    /// bound of the singular values.
    fn deflate(&mut self, low: usize, high: usize, down: bool, tolerance: f64) -> Result<(), f64> {
        let (d, e) = (&self.d, &mut self.e);
        let last = if down { (high - 1, high) } else { (low, low) };
        if e[last.0].abs() <= tolerance * d[last.1].abs() {
            e[last.0] = 0.0;
            return Ok(());
        }
        let mut bound = d[if down { low } else { high }].abs();
        let mut least = bound;
        for i in 0..high - low {
            let (gap, next) = if down { (low + i, low + i + 1) } else { (high - 1 - i, high - 1 - i) };
            if e[gap].abs() <= tolerance * bound {
                e[gap] = 0.0;
                return Ok(());
            }
            bound = d[next].abs() * (bound / (bound + e[gap].abs()));
            least = least.min(bound);
        }
        Err(least)
    }

    /// Makes the matrix diagonal; whether that worked.
    fn run(&mut self) -> bool {
        let n = self.d.len();
        let epsilon = f64::EPSILON / 2.0;
        let tolerance = epsilon.powf(-0.125).clamp(10.0, 100.0) * epsilon;
        let mut least = self.d[0].abs();
        let mut bound = least;
        for i in 1..n {
            if least == 0.0 {
                break;
            }
            bound = self.d[i].abs() * (bound / (bound + self.e[i - 1].abs()));
            least = least.min(bound);
        }
        let count = n as f64;
        self.threshold =
            (tolerance * (least / count.sqrt())).max(6.0 * (count * (count * f64::MIN_POSITIVE)));
        let mut end = n;
        let mut before: Option<(usize, usize, bool)> = None;
        for _ in 0..6 * n * n + 30 {
            if end <= 1 {
                return true;
            }
            let high = end - 1;
            let mut largest = self.d[high].abs();
            let mut low = high;
            while low > 0 && self.e[low - 1].abs() > self.threshold {
                low -= 1;
                largest = largest.max(self.d[low].abs()).max(self.e[low].abs());
            }
            if low > 0 {
                self.e[low - 1] = 0.0;
            }
            if low == high {
                end -= 1;
                continue;
            }
            if low + 1 == high {
                let (small, large, [snr, csr, snl, csl]) = of_two(self.d[low], self.e[low], self.d[high]);
                (self.d[low], self.e[low], self.d[high]) = (large, 0.0, small);
                self.vt.turn_rows(low, csr, snr);
                self.u.turn_columns(low, csl, snl);
                end -= 2;
                continue;
            }
            let down = match before {
                Some((old_low, old_high, down)) if low <= old_high && high >= old_low => down,
                _ => self.d[low].abs() >= self.d[high].abs(),
            };
            let Err(least) = self.deflate(low, high, down, tolerance) else {
                before = before.map(|(old_low, old_high, _)| (old_low, old_high, down));
                continue;
            };
            before = Some((low, high, down));
            let mut shift = 0.0;
            if count * tolerance * (least / largest) > epsilon.max(0.01 * tolerance) {
                let first = self.d[if down { low } else { high }].abs();
                shift = match down {
                    true => smaller(self.d[high - 1], self.e[high - 1], self.d[high]),
                    false => smaller(self.d[low], self.e[low], self.d[low + 1]),
                };
                if first > 0.0 && (shift / first).powi(2) < epsilon {
                    shift = 0.0;
                }
            }
            self.sweep(low, high, down, shift);
        }
        false
    }
}

/// Left vectors in columns, values, and right vectors in rows, of a matrix by rows; `None` where it has none.
pub(in crate::language) fn singular(matrix: &[f64], n: usize) -> Option<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    if n == 0 || matrix.len() != n * n || matrix.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let mut a = Square { n, numbers: matrix.to_vec() };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut d, mut e) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for i in 0..n {
        let column: Vec<f64> = (i..n).map(|k| *a.at(k, i)).collect();
        let (first, direction, scale) = reflection(&column);
        a.reflect_rows(i, &direction, scale);
        d.push(first);
        left.push((direction, scale));
        if i + 1 < n {
            let row: Vec<f64> = (i + 1..n).map(|k| *a.at(i, k)).collect();
            let (first, direction, scale) = reflection(&row);
            a.reflect_columns(i + 1, &direction, scale);
            e.push(first);
            right.push((direction, scale));
        }
    }
    let mut sweeps = Sweeps { d, e, u: Square::identity(n), vt: Square::identity(n), threshold: 0.0 };
    if !sweeps.run() {
        return None;
    }
    let Sweeps { mut d, mut u, mut vt, .. } = sweeps;
    for (i, value) in d.iter_mut().enumerate() {
        if *value < 0.0 {
            *value = -*value;
            (0..n).for_each(|k| *vt.at(i, k) *= -1.0);
        }
    }
    for end in (1..n).rev() {
        let least = (0..=end).fold(0, |least, k| if d[k] <= d[least] { k } else { least });
        d.swap(least, end);
        for k in 0..n {
            vt.numbers.swap(least * n + k, end * n + k);
            u.numbers.swap(k * n + least, k * n + end);
        }
    }
    for (i, (direction, scale)) in left.iter().enumerate().rev() {
        u.reflect_rows(i, direction, *scale);
    }
    for (i, (direction, scale)) in right.iter().enumerate().rev() {
        vt.reflect_columns(i + 1, direction, *scale);
    }
    Some((u.numbers, d, vt.numbers))
}
