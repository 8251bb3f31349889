//! Four lanes: AVX2 with FMA.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Lanes, Task};

/// A 256-bit register.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256d);

#[target_feature(enable = "avx2,fma")]
unsafe fn enabled<T: Task>(task: T) -> T::Output {
    // SAFETY: this function enables the instruction set; the caller answers for the rest.
    unsafe { task.run::<Avx2>() }
}

#[target_feature(enable = "avx2,fma")]
unsafe fn enabled_in_pairs<T: Task>(task: T) -> T::Output {
    // SAFETY: this function enables the instruction set; the caller answers for the rest.
    unsafe { task.run::<super::Pair<Avx2>>() }
}

impl super::pair::Half for Avx2 {
    #[inline(always)]
    unsafe fn enter_pair<T: Task>(task: T) -> T::Output {
        // SAFETY: the caller has found the instruction set.
        unsafe { enabled_in_pairs(task) }
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $intrinsic:ident;)*) => {$(
        impl $trait for Avx2 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: `self` exists, so AVX2 is enabled.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    )*};
}

operator! {
    Add add _mm256_add_pd;
    Sub sub _mm256_sub_pd;
    Mul mul _mm256_mul_pd;
    Div div _mm256_div_pd;
}

impl Neg for Avx2 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_xor_pd(self.0, _mm256_set1_pd(-0.0)) })
    }
}

#[inline(always)]
unsafe fn first(count: usize) -> __m256i {
    // SAFETY: the caller has enabled AVX2.
    unsafe { _mm256_cmpgt_epi64(_mm256_set1_epi64x(count as i64), _mm256_setr_epi64x(0, 1, 2, 3)) }
}

/// `1.5 * 2^52`: added to a small integer it leaves that integer in the low bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;

impl Lanes for Avx2 {
    type Mask = __m256d;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn enter<T: Task>(task: T) -> T::Output {
        // SAFETY: the caller has found the instruction set.
        unsafe { enabled(task) }
    }

    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        // SAFETY: the caller has enabled the instruction set.
        Self(unsafe { _mm256_set1_pd(x) })
    }

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller has enabled the instruction set and owns four elements.
        Self(unsafe { _mm256_loadu_pd(pointer) })
    }

    #[inline(always)]
    unsafe fn load_partial(pointer: *const f64, count: usize) -> Self {
        // SAFETY: the caller has enabled the instruction set and owns `count` elements; no other is touched.
        Self(unsafe { _mm256_maskload_pd(pointer, first(count)) })
    }

    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller owns four elements.
        unsafe { _mm256_storeu_pd(pointer, self.0) }
    }

    #[inline(always)]
    unsafe fn store_partial(self, pointer: *mut f64, count: usize) {
        // SAFETY: the caller owns `count` elements; no other is touched.
        unsafe { _mm256_maskstore_pd(pointer, first(count), self.0) }
    }

    #[inline(always)]
    fn like(self, x: f64) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_set1_pd(x) })
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_fmadd_pd(self.0, b.0, c.0) })
    }

    #[inline(always)]
    fn mul_add_scalar(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_max_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_min_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn floor(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_floor_pd(self.0) })
    }

    #[inline(always)]
    fn ceil(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_ceil_pd(self.0) })
    }

    #[inline(always)]
    fn round(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_round_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
    }

    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        // SAFETY: `self` exists, so AVX2 is enabled.
        unsafe {
            let bit = _mm256_set1_pd(-0.0);
            Self(_mm256_or_pd(_mm256_andnot_pd(bit, self.0), _mm256_and_pd(bit, sign.0)))
        }
    }

    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX2 is enabled.
        unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX2 is enabled.
        unsafe { _mm256_cmp_pd::<_CMP_LE_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        // SAFETY: `self` exists, so AVX2 is enabled.
        unsafe { _mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
        // SAFETY: `a` exists, so AVX2 is enabled.
        Self(unsafe { _mm256_blendv_pd(b.0, a.0, mask) })
    }

    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        let half = n.mul_add(n.like(0.5), n.like(MAGIC)) - n.like(MAGIC);
        let power = |n: Self| {
            // SAFETY: `n` exists, so AVX2 is enabled.
            Self(unsafe {
                let biased = _mm256_castpd_si256((n + n.like(MAGIC + 1023.0)).0);
                _mm256_castsi256_pd(_mm256_slli_epi64::<52>(biased))
            })
        };
        self * power(half) * power(n - half)
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let denormal = self.lt(self.like(f64::MIN_POSITIVE));
        let normal = Self::select(denormal, self * self.like(18_014_398_509_481_984.0), self);
        let bias = Self::select(denormal, self.like(1023.0 + 54.0), self.like(1023.0));
        // SAFETY: `self` exists, so AVX2 is enabled.
        unsafe {
            let bits = _mm256_castpd_si256(normal.0);
            let one = _mm256_set1_epi64x(0x3ff0_0000_0000_0000);
            let fraction = _mm256_and_si256(bits, _mm256_set1_epi64x(0x000f_ffff_ffff_ffff));
            let mantissa = Self(_mm256_castsi256_pd(_mm256_or_si256(fraction, one)));
            let field =
                _mm256_or_si256(_mm256_srli_epi64::<52>(bits), _mm256_set1_epi64x(0x4330_0000_0000_0000));
            let exponent = Self(_mm256_castsi256_pd(field)) - self.like(4_503_599_627_370_496.0) - bias;
            (mantissa, exponent)
        }
    }
}
