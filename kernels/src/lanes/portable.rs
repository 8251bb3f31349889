//! Four lanes in plain Rust: what the compiler makes of them on the processor the binary was built for.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Lanes, Pair, Task};

/// An array of four.
#[derive(Clone, Copy)]
pub(crate) struct Portable([f64; 4]);

impl super::pair::Half for Portable {
    #[inline(always)]
    unsafe fn enter_pair<T: Task>(task: T) -> T::Output {
        // SAFETY: there is no instruction set to enable; the caller answers for the rest.
        unsafe { task.run::<Pair<Portable>>() }
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $operator:tt;)*) => {$(
        impl $trait for Portable {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self([
                    self.0[0] $operator other.0[0],
                    self.0[1] $operator other.0[1],
                    self.0[2] $operator other.0[2],
                    self.0[3] $operator other.0[3],
                ])
            }
        }
    )*};
}

operator! {
    Add add +;
    Sub sub -;
    Mul mul *;
    Div div /;
}

impl Neg for Portable {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|x| -x))
    }
}

impl Portable {
    #[inline(always)]
    fn zip<T>(self, other: Self, f: impl Fn(f64, f64) -> T) -> [T; 4] {
        from_fn(|i| f(self.0[i], other.0[i]))
    }
}

impl Lanes for Portable {
    type Mask = [bool; 4];
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn enter<T: Task>(task: T) -> T::Output {
        // SAFETY: there is no instruction set to enable; the caller answers for the rest.
        unsafe { task.run::<Self>() }
    }

    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller owns four elements; an array of `f64` is aligned as `f64` is.
        Self(unsafe { pointer.cast::<[f64; 4]>().read() })
    }

    #[inline(always)]
    unsafe fn load_partial(pointer: *const f64, count: usize) -> Self {
        // SAFETY: the caller owns `count` elements; no other is touched.
        Self(from_fn(|i| if i < count { unsafe { *pointer.add(i) } } else { 0.0 }))
    }

    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller owns four elements; an array of `f64` is aligned as `f64` is.
        unsafe { pointer.cast::<[f64; 4]>().write(self.0) }
    }

    #[inline(always)]
    unsafe fn store_partial(self, pointer: *mut f64, count: usize) {
        for (i, &x) in self.0[..count].iter().enumerate() {
            // SAFETY: the caller owns `count` elements.
            unsafe { *pointer.add(i) = x }
        }
    }

    #[inline(always)]
    fn like(self, x: f64) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        self * b + c
    }

    #[inline(always)]
    fn mul_add_scalar(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        Self(self.zip(other, |a, b| if a > b { a } else { b }))
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        Self(self.zip(other, |a, b| if a < b { a } else { b }))
    }

    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.map(f64::floor))
    }

    #[inline(always)]
    fn ceil(self) -> Self {
        Self(self.0.map(f64::ceil))
    }

    #[inline(always)]
    fn round(self) -> Self {
        Self(self.0.map(f64::round_ties_even))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self(self.zip(sign, f64::copysign))
    }

    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        self.zip(other, |a, b| a < b)
    }

    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        self.zip(other, |a, b| a <= b)
    }

    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        self.zip(other, |a, b| a == b)
    }

    #[inline(always)]
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
        Self(from_fn(|i| if mask[i] { a.0[i] } else { b.0[i] }))
    }

    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        Self(self.zip(n, |x, n| {
            let n = if n.is_nan() { 0 } else { n as i64 };
            let power = |n: i64| f64::from_bits(((n + 1023) as u64) << 52);
            x * power(n >> 1) * power(n - (n >> 1))
        }))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let denormal = self.lt(self.like(f64::MIN_POSITIVE));
        let normal = Self::select(denormal, self * self.like(18_014_398_509_481_984.0), self);
        let bias = Self::select(denormal, self.like(1023.0 + 54.0), self.like(1023.0));
        let mantissa =
            normal.0.map(|x| f64::from_bits(x.to_bits() & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000));
        let exponent = normal.0.map(|x| ((x.to_bits() >> 52) & 0x7ff) as f64);
        (Self(mantissa), Self(exponent) - bias)
    }
}
