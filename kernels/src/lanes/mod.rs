//! Registers of `f64` lanes and run-time dispatch to what the processor offers.
//!
//! Numerics are written once, generic over [`Lanes`], with every function `#[inline(always)]`. [`Lanes::enter`]
//! compiles a [`Task`] with the instruction set of its registers enabled, so a binary built for the oldest
//! processor of its family still runs at full width. All instruction sets with a fused multiply-add compute the
//! same bits; the portable one rounds a product before it is added.
//!
//! A register value exists only where its instruction set is enabled: making one from nothing is `unsafe`
//! ([`Lanes::splat`], [`Lanes::load`]), computing with one is not.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod isa;
pub(crate) mod math;
mod pair;
mod portable;
mod register;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub use isa::Isa;
pub(crate) use isa::dispatch;
pub(crate) use pair::Pair;
pub(crate) use portable::Portable;
pub(crate) use register::{Lanes, Task};

/// The sum of eight lanes, neighbours first.
#[inline(always)]
pub(crate) fn sum_lanes<L: Lanes>(x: L) -> f64 {
    debug_assert_eq!(L::LANES, 8);
    let mut y = [0.0; 8];
    // SAFETY: `y` has eight elements and `L` eight lanes.
    unsafe { x.store(y.as_mut_ptr()) };
    ((y[0] + y[1]) + (y[2] + y[3])) + ((y[4] + y[5]) + (y[6] + y[7]))
}
