//! Dense vector arithmetic of the samplers: products and the fused halves of a leapfrog step.
//!
//! Element `i` of a sum goes to partial sum `i mod 32`; the partial sums are added in a fixed tree. A call gives the
//! same bits every time, and the same bits on every processor with a fused multiply-add.
//!
//! # Panics
//! All functions panic when their slices differ in length.

use crate::lanes::{Lanes, Task, dispatch};

/// `sum a b`
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    reduce([a, b], Product)[0]
}

/// `sum a b w`
pub fn weighted_dot(a: &[f64], b: &[f64], w: &[f64]) -> f64 {
    reduce([a, b, w], WeightedProduct)[0]
}

/// `sum p_left inverse_mass rho` and `sum p_right inverse_mass rho`: both dot products of a U-turn test.
pub fn u_turn_dots(p_left: &[f64], p_right: &[f64], rho: &[f64], inverse_mass: &[f64]) -> (f64, f64) {
    let [left, right] = reduce([p_left, p_right, rho, inverse_mass], UTurn);
    (left, right)
}

/// `y += factor x`
pub fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
    let [x] = same_length(y.len(), [x]);
    // SAFETY: `x` has the length of `y`.
    unsafe { dispatch(Axpy { factor, x, y }) }
}

/// `momentum += half_step gradient`, then `position += step inverse_mass momentum`: the first half of a leapfrog
/// step.
pub fn kick_drift(
    momentum: &mut [f64],
    position: &mut [f64],
    gradient: &[f64],
    inverse_mass: &[f64],
    half_step: f64,
    step: f64,
) {
    let [_, gradient, inverse_mass] = same_length(momentum.len(), [&*position, gradient, inverse_mass]);
    // SAFETY: all slices have the length of `momentum`.
    unsafe { dispatch(KickDrift { momentum, position, gradient, inverse_mass, half_step, step }) }
}

/// `momentum += half_step gradient`, the second half of a leapfrog step; returns the kinetic energy
/// `sum momentum^2 inverse_mass / 2`.
pub fn kick_energy(momentum: &mut [f64], gradient: &[f64], inverse_mass: &[f64], half_step: f64) -> f64 {
    let [gradient, inverse_mass] = same_length(momentum.len(), [gradient, inverse_mass]);
    // SAFETY: all slices have the length of `momentum`.
    unsafe { dispatch(KickEnergy { momentum, gradient, inverse_mass, half_step }) }
}

fn same_length<const N: usize>(length: usize, slices: [&[f64]; N]) -> [*const f64; N] {
    slices.map(|slice| {
        assert_eq!(slice.len(), length, "vectors of one length");
        slice.as_ptr()
    })
}

/// Runs `$body` with the offset, the lane count and the number modulo 4 of every run of eight elements of `$length`.
///
/// Whole runs see the constant 8, for which partial loads and stores compile to whole ones, and the numbers are
/// constants too, so that four partial sums stay in registers.
macro_rules! octets {
    ($length:expr, |$i:ident, $count:ident, $j:ident| $body:expr) => {{
        let length = $length;
        let whole = length / 32 * 32;
        for start in (0..whole).step_by(32) {
            for $j in 0..4 {
                let ($i, $count) = (start + 8 * $j, 8);
                $body;
            }
        }
        for $j in 0..4 {
            let $i = whole + 8 * $j;
            if $i + 8 <= length {
                let $count = 8;
                $body;
            } else if $i < length {
                let $count = length - $i;
                $body;
            }
        }
    }};
}

/// Terms of `S` sums over `N` vectors.
trait Terms<const N: usize, const S: usize>: Copy {
    /// Adds the terms of one register of elements.
    fn add<L: Lanes>(self, x: [L; N], sums: [L; S]) -> [L; S];
}

#[derive(Clone, Copy)]
struct Product;

impl Terms<2, 1> for Product {
    #[inline(always)]
    fn add<L: Lanes>(self, [a, b]: [L; 2], [sum]: [L; 1]) -> [L; 1] {
        [a.mul_add(b, sum)]
    }
}

#[derive(Clone, Copy)]
struct WeightedProduct;

impl Terms<3, 1> for WeightedProduct {
    #[inline(always)]
    fn add<L: Lanes>(self, [a, b, w]: [L; 3], [sum]: [L; 1]) -> [L; 1] {
        [(a * b).mul_add(w, sum)]
    }
}

#[derive(Clone, Copy)]
struct UTurn;

impl Terms<4, 2> for UTurn {
    #[inline(always)]
    fn add<L: Lanes>(self, [left, right, rho, inverse_mass]: [L; 4], [l, r]: [L; 2]) -> [L; 2] {
        let velocity = rho * inverse_mass;
        [left.mul_add(velocity, l), right.mul_add(velocity, r)]
    }
}

struct Reduce<T, const N: usize, const S: usize> {
    length: usize,
    vectors: [*const f64; N],
    terms: T,
}

fn reduce<T: Terms<N, S>, const N: usize, const S: usize>(vectors: [&[f64]; N], terms: T) -> [f64; S] {
    let length = vectors[0].len();
    let vectors = same_length(length, vectors);
    // SAFETY: all vectors have `length` elements.
    unsafe { dispatch(Reduce { length, vectors, terms }) }
}

impl<T: Terms<N, S>, const N: usize, const S: usize> Task for Reduce<T, N, S> {
    type Output = [f64; S];

    /// # Safety
    /// Each vector has `length` elements; `L` has eight lanes.
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) -> [f64; S] {
        // SAFETY: `i + count <= length` for the reads; the caller has enabled the instruction set.
        unsafe {
            let zero = L::splat(0.0);
            let mut sums = [[zero; S]; 4];
            octets!(self.length, |i, count, j| {
                let mut x = [zero; N];
                for (x, vector) in x.iter_mut().zip(self.vectors) {
                    *x = L::load_partial(vector.add(i), count);
                }
                sums[j] = self.terms.add(x, sums[j]);
            });
            let mut totals = [0.0; S];
            for (s, total) in totals.iter_mut().enumerate() {
                *total = sum_lanes((sums[0][s] + sums[1][s]) + (sums[2][s] + sums[3][s]));
            }
            totals
        }
    }
}

/// The sum of eight lanes, neighbours first.
#[inline(always)]
pub(crate) fn sum_lanes<L: Lanes>(x: L) -> f64 {
    debug_assert_eq!(L::LANES, 8);
    let mut y = [0.0; 8];
    // SAFETY: `y` has eight elements and `L` eight lanes.
    unsafe { x.store(y.as_mut_ptr()) };
    ((y[0] + y[1]) + (y[2] + y[3])) + ((y[4] + y[5]) + (y[6] + y[7]))
}

struct Axpy<'a> {
    factor: f64,
    x: *const f64,
    y: &'a mut [f64],
}

impl Task for Axpy<'_> {
    type Output = ();

    /// # Safety
    /// `x` has the length of `y`; `L` has eight lanes.
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let y = self.y.as_mut_ptr();
        // SAFETY: `i + count <= y.len()`; the caller has enabled the instruction set.
        unsafe {
            let factor = L::splat(self.factor);
            octets!(self.y.len(), |i, count, _j| {
                let sum =
                    factor.mul_add(L::load_partial(self.x.add(i), count), L::load_partial(y.add(i), count));
                sum.store_partial(y.add(i), count);
            });
        }
    }
}

struct KickDrift<'a> {
    momentum: &'a mut [f64],
    position: &'a mut [f64],
    gradient: *const f64,
    inverse_mass: *const f64,
    half_step: f64,
    step: f64,
}

impl Task for KickDrift<'_> {
    type Output = ();

    /// # Safety
    /// All vectors have the length of `momentum`; `L` has eight lanes.
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let (p, q) = (self.momentum.as_mut_ptr(), self.position.as_mut_ptr());
        // SAFETY: `i + count <= momentum.len()`; the caller has enabled the instruction set.
        unsafe {
            let (half_step, step) = (L::splat(self.half_step), L::splat(self.step));
            octets!(self.momentum.len(), |i, count, _j| {
                let gradient = L::load_partial(self.gradient.add(i), count);
                let kicked = half_step.mul_add(gradient, L::load_partial(p.add(i), count));
                kicked.store_partial(p.add(i), count);
                let velocity = step * L::load_partial(self.inverse_mass.add(i), count);
                velocity.mul_add(kicked, L::load_partial(q.add(i), count)).store_partial(q.add(i), count);
            });
        }
    }
}

struct KickEnergy<'a> {
    momentum: &'a mut [f64],
    gradient: *const f64,
    inverse_mass: *const f64,
    half_step: f64,
}

impl Task for KickEnergy<'_> {
    type Output = f64;

    /// # Safety
    /// All vectors have the length of `momentum`; `L` has eight lanes.
    #[inline(always)]
    unsafe fn run<L: Lanes>(self) -> f64 {
        let p = self.momentum.as_mut_ptr();
        // SAFETY: `i + count <= momentum.len()`; the caller has enabled the instruction set.
        unsafe {
            let half_step = L::splat(self.half_step);
            let mut sums = [L::splat(0.0); 4];
            octets!(self.momentum.len(), |i, count, j| {
                let gradient = L::load_partial(self.gradient.add(i), count);
                let kicked = half_step.mul_add(gradient, L::load_partial(p.add(i), count));
                kicked.store_partial(p.add(i), count);
                let weighted = kicked * L::load_partial(self.inverse_mass.add(i), count);
                sums[j] = weighted.mul_add(kicked, sums[j]);
            });
            0.5 * sum_lanes((sums[0] + sums[1]) + (sums[2] + sums[3]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(length: usize, seed: f64) -> Vec<f64> {
        (0..length).map(|i| (seed + i as f64 * 0.7).sin()).collect()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-13 * (1.0 + b.abs()), "{a} and {b}");
    }

    #[test]
    fn products_match_plain_sums_at_every_length() {
        for length in (0..70).chain([255, 256, 1000]) {
            let [a, b, c, w] = [0.1, 0.2, 0.3, 0.4].map(|seed| vector(length, seed));
            let sum = |f: &dyn Fn(usize) -> f64| (0..length).map(f).sum::<f64>();
            close(dot(&a, &b), sum(&|i| a[i] * b[i]));
            close(weighted_dot(&a, &b, &w), sum(&|i| a[i] * b[i] * w[i]));
            let (left, right) = u_turn_dots(&a, &b, &c, &w);
            close(left, sum(&|i| a[i] * c[i] * w[i]));
            close(right, sum(&|i| b[i] * c[i] * w[i]));
        }
    }

    #[test]
    fn leapfrog_pieces_match_plain_loops_at_every_length() {
        for length in (0..40).chain([1000]) {
            let [p, q, g, m] = [0.1, 0.2, 0.3, 0.4].map(|seed| vector(length, seed));
            let (mut momentum, mut position) = (p.clone(), q.clone());
            kick_drift(&mut momentum, &mut position, &g, &m, 0.05, 0.1);
            for i in 0..length {
                close(momentum[i], p[i] + 0.05 * g[i]);
                close(position[i], q[i] + 0.1 * m[i] * (p[i] + 0.05 * g[i]));
            }
            let mut momentum = p.clone();
            let energy = kick_energy(&mut momentum, &g, &m, 0.05);
            close(energy, (0..length).map(|i| 0.5 * m[i] * (p[i] + 0.05 * g[i]).powi(2)).sum());
            let mut y = p.clone();
            axpy(3.0, &g, &mut y);
            (0..length).for_each(|i| close(y[i], p[i] + 3.0 * g[i]));
        }
    }

    #[test]
    #[should_panic(expected = "vectors of one length")]
    fn vectors_of_different_lengths_are_refused() {
        dot(&[1.0], &[1.0, 2.0]);
    }
}
