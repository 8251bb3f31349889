//! Eight lanes: AVX-512.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Lanes, Task};

/// A 512-bit register.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512d);

#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
unsafe fn enabled<T: Task>(task: T) -> T::Output {
    // SAFETY: this function enables the instruction set; the caller answers for the rest.
    unsafe { task.run::<Avx512>() }
}

#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
unsafe fn enabled_in_pairs<T: Task>(task: T) -> T::Output {
    // SAFETY: this function enables the instruction set; the caller answers for the rest.
    unsafe { task.run::<super::Pair<Avx512>>() }
}

impl super::pair::Half for Avx512 {
    #[inline(always)]
    unsafe fn enter_pair<T: Task>(task: T) -> T::Output {
        // SAFETY: the caller has found the instruction set.
        unsafe { enabled_in_pairs(task) }
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $intrinsic:ident;)*) => {$(
        impl $trait for Avx512 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: `self` exists, so AVX-512 is enabled.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    )*};
}

operator! {
    Add add _mm512_add_pd;
    Sub sub _mm512_sub_pd;
    Mul mul _mm512_mul_pd;
    Div div _mm512_div_pd;
}

impl Neg for Avx512 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_xor_pd(self.0, _mm512_set1_pd(-0.0)) })
    }
}

#[inline(always)]
fn first(count: usize) -> __mmask8 {
    ((1u32 << count) - 1) as __mmask8
}

impl Lanes for Avx512 {
    type Mask = __mmask8;
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn enter<T: Task>(task: T) -> T::Output {
        // SAFETY: the caller has found the instruction set.
        unsafe { enabled(task) }
    }

    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        // SAFETY: the caller has enabled the instruction set.
        Self(unsafe { _mm512_set1_pd(x) })
    }

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller has enabled the instruction set and owns eight elements.
        Self(unsafe { _mm512_loadu_pd(pointer) })
    }

    #[inline(always)]
    unsafe fn load_partial(pointer: *const f64, count: usize) -> Self {
        // SAFETY: the caller has enabled the instruction set and owns `count` elements; no other is touched.
        Self(unsafe { _mm512_maskz_loadu_pd(first(count), pointer) })
    }

    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller owns eight elements.
        unsafe { _mm512_storeu_pd(pointer, self.0) }
    }

    #[inline(always)]
    unsafe fn store_partial(self, pointer: *mut f64, count: usize) {
        // SAFETY: the caller owns `count` elements; no other is touched.
        unsafe { _mm512_mask_storeu_pd(pointer, first(count), self.0) }
    }

    #[inline(always)]
    fn like(self, x: f64) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_set1_pd(x) })
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_fmadd_pd(self.0, b.0, c.0) })
    }

    #[inline(always)]
    fn mul_add_scalar(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_max_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_min_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn floor(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC }>(self.0) })
    }

    #[inline(always)]
    fn ceil(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC }>(self.0) })
    }

    #[inline(always)]
    fn round(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_andnot_pd(_mm512_set1_pd(-0.0), self.0) })
    }

    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        unsafe {
            let bit = _mm512_set1_pd(-0.0);
            Self(_mm512_or_pd(_mm512_andnot_pd(bit, self.0), _mm512_and_pd(bit, sign.0)))
        }
    }

    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        unsafe { _mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
        // SAFETY: `a` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_mask_blend_pd(mask, b.0, a.0) })
    }

    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        Self(unsafe { _mm512_scalef_pd(self.0, n.0) })
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        // SAFETY: `self` exists, so AVX-512 is enabled.
        unsafe {
            let mantissa = _mm512_getmant_pd::<_MM_MANT_NORM_1_2, _MM_MANT_SIGN_ZERO>(self.0);
            (Self(mantissa), Self(_mm512_getexp_pd(self.0)))
        }
    }
}
