//! Two registers used as one of twice the lanes.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Lanes, Task};

/// The lower and the upper half of the lanes.
#[derive(Clone, Copy)]
pub(crate) struct Pair<L>(L, L);

/// A register whose pairs can be entered.
pub(crate) trait Half: Lanes {
    /// As [`Lanes::enter`], for [`Pair<Self>`].
    ///
    /// # Safety
    /// As [`Lanes::enter`].
    unsafe fn enter_pair<T: Task>(task: T) -> T::Output;
}

macro_rules! operator {
    ($($trait:ident $method:ident;)*) => {$(
        impl<L: Lanes> $trait for Pair<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($trait::$method(self.0, other.0), $trait::$method(self.1, other.1))
            }
        }
    )*};
}

operator! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
}

impl<L: Lanes> Neg for Pair<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

macro_rules! lane_by_lane {
    ($($method:ident($($other:ident),*);)*) => {$(
        #[inline(always)]
        fn $method(self $(, $other: Self)*) -> Self {
            Self(self.0.$method($($other.0),*), self.1.$method($($other.1),*))
        }
    )*};
}

macro_rules! comparison {
    ($($method:ident;)*) => {$(
        #[inline(always)]
        fn $method(self, other: Self) -> Self::Mask {
            (self.0.$method(other.0), self.1.$method(other.1))
        }
    )*};
}

impl<L: Half> Lanes for Pair<L> {
    type Mask = (L::Mask, L::Mask);
    const LANES: usize = 2 * L::LANES;

    #[inline(always)]
    unsafe fn enter<T: Task>(task: T) -> T::Output {
        // SAFETY: the caller has found the instruction set.
        unsafe { L::enter_pair(task) }
    }

    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        // SAFETY: the caller has enabled the instruction set.
        unsafe { Self(L::splat(x), L::splat(x)) }
    }

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller has enabled the instruction set and owns the elements of both halves.
        unsafe { Self(L::load(pointer), L::load(pointer.add(L::LANES))) }
    }

    #[inline(always)]
    unsafe fn load_partial(pointer: *const f64, count: usize) -> Self {
        let lower = count.min(L::LANES);
        // SAFETY: the caller has enabled the instruction set and owns `count` elements, `lower` of them below.
        unsafe { Self(L::load_partial(pointer, lower), L::load_partial(pointer.add(lower), count - lower)) }
    }

    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller owns the elements of both halves.
        unsafe {
            self.0.store(pointer);
            self.1.store(pointer.add(L::LANES));
        }
    }

    #[inline(always)]
    unsafe fn store_partial(self, pointer: *mut f64, count: usize) {
        let lower = count.min(L::LANES);
        // SAFETY: the caller owns `count` elements, `lower` of them below.
        unsafe {
            self.0.store_partial(pointer, lower);
            self.1.store_partial(pointer.add(lower), count - lower);
        }
    }

    #[inline(always)]
    fn like(self, x: f64) -> Self {
        Self(self.0.like(x), self.1.like(x))
    }

    #[inline(always)]
    fn mul_add_scalar(a: f64, b: f64, c: f64) -> f64 {
        L::mul_add_scalar(a, b, c)
    }

    lane_by_lane! {
        mul_add(b, c);
        sqrt();
        larger(other);
        smaller(other);
        floor();
        ceil();
        round();
        abs();
        copysign(sign);
        scale(n);
    }

    comparison! {
        lt;
        le;
        eq;
    }

    #[inline(always)]
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
        Self(L::select(mask.0, a.0, b.0), L::select(mask.1, a.1, b.1))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let (lower, upper) = (self.0.split(), self.1.split());
        (Self(lower.0, upper.0), Self(lower.1, upper.1))
    }
}
