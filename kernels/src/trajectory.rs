//! Fused vector passes of Hamiltonian trajectories, for momenta that are whitened.
//!
//! ```text
//! kick_drift:   half = p + e/2 s g;  q += e s half                 s: square root of the metric
//! kick_energy:  p = half + e/2 s g;  p . p
//! u_turn_dots:  A then B, sum = A.sum + B.sum:  A.first . sum, B.last . sum
//!               A.first, B.first . (A.sum + B.first);   A.last, B.last . (A.last + B.sum)
//! ```
//!
//! Element `i` of a sum goes to partial sum `i mod 8`: a call gives the same bits every time, and the same bits on every
//! processor with a fused multiply-add.
//!
//! # Panics
//! All functions panic when their slices differ in length.

use crate::lanes::{Lanes, Task, dispatch};

/// The first half of a leapfrog step: the momentum half a step later, and the position a step later.
///
/// # Shapes
/// - all: `[dim]`
#[inline]
pub fn kick_drift(
    position: &mut [f64],
    half_momentum: &mut [f64],
    momentum: &[f64],
    gradient: &[f64],
    scale: &[f64],
    step: f64,
) {
    same_length(position.len(), [half_momentum, momentum, gradient, scale]);
    pass(position.len(), KickDrift { position, half_momentum, momentum, gradient, scale, step });
}

/// The second half of a leapfrog step; returns the squared length of the momentum, twice the kinetic energy.
///
/// # Shapes
/// - all: `[dim]`
#[inline]
pub fn kick_energy(
    momentum: &mut [f64],
    half_momentum: &[f64],
    gradient: &[f64],
    scale: &[f64],
    step: f64,
) -> f64 {
    same_length(momentum.len(), [half_momentum, gradient, scale]);
    pass(momentum.len(), KickEnergy { momentum, half_momentum, gradient, scale, half_step: 0.5 * step })[0]
}

/// Joins two leaves: writes the sum of their momenta, and returns its dot products with both.
///
/// # Shapes
/// - all: `[dim]`
#[inline]
pub fn pair_dots(first: &[f64], second: &[f64], sum: &mut [f64]) -> [f64; 2] {
    same_length(sum.len(), [first, second]);
    pass(sum.len(), PairDots { first, second, sum })
}

/// Joins two spans of leaves, `[first, last, sum]` and then `[first, last]` with `sum` beside it: `sum` becomes the sum
/// over both; returns the dot products at the module's head, in that order.
///
/// # Shapes
/// - all: `[dim]`
#[inline]
pub fn u_turn_dots(earlier: [&[f64]; 3], later: [&[f64]; 2], sum: &mut [f64]) -> [f64; 6] {
    same_length(sum.len(), earlier);
    same_length(sum.len(), later);
    pass(sum.len(), UTurnDots { earlier, later, sum })
}

/// The dot product of two vectors.
///
/// # Shapes
/// - `a`, `b`: `[dim]`
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    same_length(a.len(), [b]);
    let [sum] = pass(a.len(), Dot { a, b });
    sum
}

/// Adds a vector to a running mean and a running centred sum of squares; `weight` is 1 / (vectors with this one).
///
/// # Shapes
/// - all: `[dim]`
#[inline]
pub fn add_to_moments(mean: &mut [f64], squares: &mut [f64], vector: &[f64], weight: f64) {
    same_length(mean.len(), [squares, vector]);
    pass(mean.len(), AddToMoments { mean, squares, vector, weight });
}

fn same_length<const N: usize>(length: usize, slices: [&[f64]; N]) {
    for slice in slices {
        assert_eq!(slice.len(), length, "vectors of one length");
    }
}

/// What a pass does with elements `i..i + count` of its vectors, and what it adds to its `N` sums.
trait Pass<const N: usize> {
    /// # Safety
    /// `count <= L::LANES`, all vectors have `i + count` elements, the instruction set of `L` is enabled.
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, sums: [L; N]) -> [L; N];
}

/// A pass over vectors of `dim` elements.
struct Run<P, const N: usize> {
    dim: usize,
    pass: P,
}

fn pass<P: Pass<N>, const N: usize>(dim: usize, pass: P) -> [f64; N] {
    // SAFETY: the callers have checked that all vectors of `pass` have `dim` elements.
    unsafe { dispatch(Run { dim, pass }) }
}

impl<P: Pass<N>, const N: usize> Task for Run<P, N> {
    type Output = [f64; N];

    /// # Safety
    /// All vectors of the pass have `dim` elements; the instruction set of `L` is enabled.
    #[inline(always)]
    unsafe fn run<L: Lanes>(mut self) -> [f64; N] {
        // SAFETY: `i + count <= dim`; the caller answers for the rest.
        unsafe {
            let mut sums = [L::splat(0.0); N];
            let whole = self.dim / 8 * 8;
            for i in (0..whole).step_by(8) {
                sums = self.pass.step(i, 8, sums);
            }
            if whole < self.dim {
                sums = self.pass.step(whole, self.dim - whole, sums);
            }
            sum_lanes(sums)
        }
    }
}

/// Adds up the lanes of each register: halves first, so that the additions go side by side.
#[inline(always)]
fn sum_lanes<L: Lanes, const N: usize>(sums: [L; N]) -> [f64; N] {
    let (mut lanes, mut totals) = ([[0.0; 8]; N], [0.0; N]);
    for (lanes, sum) in lanes.iter_mut().zip(sums) {
        // SAFETY: `lanes` has eight elements and `L` eight lanes.
        unsafe { sum.store(lanes.as_mut_ptr()) };
    }
    for (total, x) in totals.iter_mut().zip(&lanes) {
        let half = [x[0] + x[4], x[1] + x[5], x[2] + x[6], x[3] + x[7]];
        *total = (half[0] + half[2]) + (half[1] + half[3]);
    }
    totals
}

/// Elements `i..i + count` of a vector.
///
/// # Safety
/// There are so many; `count <= L::LANES`; the instruction set is enabled.
#[inline(always)]
unsafe fn read<L: Lanes>(vector: &[f64], i: usize, count: usize) -> L {
    // SAFETY: the caller answers for it.
    unsafe { L::load_partial(vector.as_ptr().add(i), count) }
}

/// Replaces elements `i..i + count` of a vector.
///
/// # Safety
/// There are so many; `count <= L::LANES`.
#[inline(always)]
unsafe fn write<L: Lanes>(vector: &mut [f64], i: usize, count: usize, value: L) {
    // SAFETY: the caller answers for it.
    unsafe { value.store_partial(vector.as_mut_ptr().add(i), count) }
}

struct Dot<'a> {
    a: &'a [f64],
    b: &'a [f64],
}

impl Pass<1> for Dot<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, [sum]: [L; 1]) -> [L; 1] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let (a, b): (L, L) = (read(self.a, i, count), read(self.b, i, count));
            [a.mul_add(b, sum)]
        }
    }
}

struct KickDrift<'a> {
    position: &'a mut [f64],
    half_momentum: &'a mut [f64],
    momentum: &'a [f64],
    gradient: &'a [f64],
    scale: &'a [f64],
    step: f64,
}

impl Pass<0> for KickDrift<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, sums: [L; 0]) -> [L; 0] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let stride = L::splat(self.step) * read(self.scale, i, count);
            let kick = L::splat(0.5) * stride;
            let half = kick.mul_add(read(self.gradient, i, count), read(self.momentum, i, count));
            write(self.half_momentum, i, count, half);
            write(self.position, i, count, stride.mul_add(half, read(self.position, i, count)));
        }
        sums
    }
}

struct KickEnergy<'a> {
    momentum: &'a mut [f64],
    half_momentum: &'a [f64],
    gradient: &'a [f64],
    scale: &'a [f64],
    half_step: f64,
}

impl Pass<1> for KickEnergy<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, [square]: [L; 1]) -> [L; 1] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let kick = L::splat(self.half_step) * read(self.scale, i, count);
            let momentum = kick.mul_add(read(self.gradient, i, count), read(self.half_momentum, i, count));
            write(self.momentum, i, count, momentum);
            [momentum.mul_add(momentum, square)]
        }
    }
}

struct PairDots<'a> {
    first: &'a [f64],
    second: &'a [f64],
    sum: &'a mut [f64],
}

impl Pass<2> for PairDots<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, dots: [L; 2]) -> [L; 2] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let (first, second) = (read::<L>(self.first, i, count), read::<L>(self.second, i, count));
            let sum = first + second;
            write(self.sum, i, count, sum);
            [first.mul_add(sum, dots[0]), second.mul_add(sum, dots[1])]
        }
    }
}

struct UTurnDots<'a> {
    earlier: [&'a [f64]; 3],
    later: [&'a [f64]; 2],
    sum: &'a mut [f64],
}

impl Pass<6> for UTurnDots<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, dots: [L; 6]) -> [L; 6] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let a_first = read::<L>(self.earlier[0], i, count);
            let a_last = read::<L>(self.earlier[1], i, count);
            let a_sum = read::<L>(self.earlier[2], i, count);
            let b_first = read::<L>(self.later[0], i, count);
            let b_last = read::<L>(self.later[1], i, count);
            let b_sum = read::<L>(self.sum, i, count);
            let sum = a_sum + b_sum;
            let to_first = a_sum + b_first;
            let from_last = a_last + b_sum;
            write(self.sum, i, count, sum);
            [
                a_first.mul_add(sum, dots[0]),
                b_last.mul_add(sum, dots[1]),
                a_first.mul_add(to_first, dots[2]),
                b_first.mul_add(to_first, dots[3]),
                a_last.mul_add(from_last, dots[4]),
                b_last.mul_add(from_last, dots[5]),
            ]
        }
    }
}

struct AddToMoments<'a> {
    mean: &'a mut [f64],
    squares: &'a mut [f64],
    vector: &'a [f64],
    weight: f64,
}

impl Pass<0> for AddToMoments<'_> {
    #[inline(always)]
    unsafe fn step<L: Lanes>(&mut self, i: usize, count: usize, sums: [L; 0]) -> [L; 0] {
        // SAFETY: the caller answers for `i` and `count`.
        unsafe {
            let (x, old) = (read::<L>(self.vector, i, count), read::<L>(self.mean, i, count));
            let from_old = x - old;
            let mean = L::splat(self.weight).mul_add(from_old, old);
            let squares = from_old.mul_add(x - mean, read(self.squares, i, count));
            write(self.mean, i, count, mean);
            write(self.squares, i, count, squares);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: [usize; 8] = [1, 2, 7, 8, 9, 16, 21, 90];

    fn vectors<const N: usize>(dim: usize) -> [Vec<f64>; N] {
        std::array::from_fn(|n| (0..dim).map(|i| (1.3 * n as f64 + 0.7 * i as f64 + 0.2).sin()).collect())
    }

    fn close(seen: f64, expected: f64) {
        assert!((seen - expected).abs() <= 1e-13 * (1.0 + expected.abs()), "{seen}, expected {expected}");
    }

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    #[test]
    fn a_leapfrog_step_matches_plain_loops() {
        for dim in LENGTHS {
            let [q, p, first_gradient, second_gradient, s] = vectors(dim);
            let (mut position, mut half, mut momentum) = (q.clone(), vec![0.0; dim], p.clone());
            kick_drift(&mut position, &mut half, &p, &first_gradient, &s, 0.3);
            let square = kick_energy(&mut momentum, &half, &second_gradient, &s, 0.3);
            for i in 0..dim {
                let expected = p[i] + 0.15 * s[i] * first_gradient[i];
                close(half[i], expected);
                close(position[i], q[i] + 0.3 * s[i] * expected);
                close(momentum[i], expected + 0.15 * s[i] * second_gradient[i]);
            }
            close(square, dot(&momentum, &momentum));
        }
    }

    #[test]
    fn joins_match_plain_sums() {
        for dim in LENGTHS {
            let [a, b, c, d, e, f] = vectors(dim);
            let mut sum = vec![0.0; dim];
            let dots = pair_dots(&a, &b, &mut sum);
            close(dots[0], dot(&a, &add(&a, &b)));
            close(dots[1], dot(&b, &sum));
            let mut sum = f.clone();
            let dots = u_turn_dots([&a, &b, &c], [&d, &e], &mut sum);
            let whole = add(&c, &f);
            sum.iter().zip(&whole).for_each(|(seen, expected)| close(*seen, *expected));
            let (to_first, from_last) = (add(&c, &d), add(&b, &f));
            let expected = [(&a, &whole), (&e, &whole), (&a, &to_first), (&d, &to_first), (&b, &from_last)];
            expected.iter().zip(dots).for_each(|((x, y), seen)| close(seen, dot(x, y)));
            close(dots[5], dot(&e, &from_last));
        }
    }

    #[test]
    fn moments_match_two_passes() {
        for dim in LENGTHS {
            let rows: [Vec<f64>; 5] = vectors(dim);
            let (mut mean, mut squares) = (vec![0.0; dim], vec![0.0; dim]);
            for (row, count) in rows.iter().zip(1..) {
                add_to_moments(&mut mean, &mut squares, row, 1.0 / f64::from(count));
            }
            for i in 0..dim {
                let expected = rows.iter().map(|row| row[i]).sum::<f64>() / 5.0;
                close(mean[i], expected);
                close(squares[i], rows.iter().map(|row| (row[i] - expected).powi(2)).sum());
            }
        }
    }

    #[test]
    #[should_panic(expected = "vectors of one length")]
    fn vectors_of_different_lengths_are_refused() {
        pair_dots(&[1.0], &[1.0, 2.0], &mut [0.0]);
    }
}
