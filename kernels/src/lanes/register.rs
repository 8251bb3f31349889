//! The register trait: what an instruction set must offer.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A computation to be compiled for an instruction set.
pub(crate) trait Task {
    /// What it returns.
    type Output;

    /// Does it. Implementations are `#[inline(always)]`.
    ///
    /// # Safety
    /// The instruction set of `L` is available, and what the implementation says about its fields holds.
    unsafe fn run<L: Lanes>(self) -> Self::Output;
}

/// A register of `f64` lanes, or several that are used as one.
pub(crate) trait Lanes:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// Result of a comparison, lane by lane.
    type Mask: Copy;

    /// Number of lanes.
    const LANES: usize;

    /// Calls `task` in a function that has the instruction set enabled.
    ///
    /// # Safety
    /// The processor has the instruction set, and what `task` asks for holds.
    unsafe fn enter<T: Task>(task: T) -> T::Output;

    /// `x` in every lane.
    ///
    /// # Safety
    /// The instruction set is enabled.
    unsafe fn splat(x: f64) -> Self;

    /// The lanes at `pointer`, which need not be aligned.
    ///
    /// # Safety
    /// The instruction set is enabled and `LANES` elements are readable.
    unsafe fn load(pointer: *const f64) -> Self;

    /// The first `count` lanes from `pointer`, zeros after them.
    ///
    /// # Safety
    /// The instruction set is enabled, `count <= LANES`, and `count` elements are readable.
    unsafe fn load_partial(pointer: *const f64, count: usize) -> Self;

    /// Writes the lanes.
    ///
    /// # Safety
    /// `LANES` elements are writable.
    unsafe fn store(self, pointer: *mut f64);

    /// Writes the first `count` lanes.
    ///
    /// # Safety
    /// `count <= LANES`, and `count` elements are writable.
    unsafe fn store_partial(self, pointer: *mut f64, count: usize);

    /// `x` in every lane; safe because `self` shows that the instruction set is enabled.
    fn like(self, x: f64) -> Self;

    /// `self * b + c`, fused where the processor can.
    fn mul_add(self, b: Self, c: Self) -> Self;

    /// `a * b + c` of single numbers, rounded as [`Lanes::mul_add`] does.
    fn mul_add_scalar(a: f64, b: f64, c: f64) -> f64;

    /// Square root.
    fn sqrt(self) -> Self;

    /// `self > other ? self : other`: `other` where either is NaN.
    fn larger(self, other: Self) -> Self;

    /// `self < other ? self : other`: `other` where either is NaN.
    fn smaller(self, other: Self) -> Self;

    /// Largest integers not above.
    fn floor(self) -> Self;

    /// Smallest integers not below.
    fn ceil(self) -> Self;

    /// Nearest integers, ties to even.
    fn round(self) -> Self;

    /// Absolute values.
    fn abs(self) -> Self;

    /// The magnitude of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;

    /// `self < other`; false for NaN.
    fn lt(self, other: Self) -> Self::Mask;

    /// `self <= other`; false for NaN.
    fn le(self, other: Self) -> Self::Mask;

    /// `self == other`; false for NaN.
    fn eq(self, other: Self) -> Self::Mask;

    /// `a` where the mask is set, else `b`.
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self;

    /// `self * 2^n` for integers `n` between -2044 and 2046 and `self` of moderate size, rounded once.
    fn scale(self, n: Self) -> Self;

    /// Mantissa in `[1, 2)` and exponent of positive finite numbers, denormal ones included.
    fn split(self) -> (Self, Self);
}
