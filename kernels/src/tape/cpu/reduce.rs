//! Sums over rows.
//!
//! Row `i` goes to partial sum `i mod 8`; after the last tile the eight partial sums are added, neighbours first. The
//! order does not depend on the block, so neither do the bits.

use std::marker::PhantomData;

use super::kernel::{Args, Block, Body, ByChain, ByRow, Kernel, Kind, compiled};
use crate::lanes::{Lanes, sum_lanes};

/// Adds the term of one turn to a partial sum.
trait Term {
    unsafe fn add<B: Block>(operands: [*const f64; 3], turn: usize, sum: B::Reg) -> B::Reg;
    unsafe fn add_partial<L: Lanes>(operands: [*const f64; 3], at: usize, count: usize, sum: L) -> L;
}

struct Plain;
struct Square;
struct Product;
struct SharedProduct;

impl Term for Plain {
    #[inline(always)]
    unsafe fn add<B: Block>([x, ..]: [*const f64; 3], turn: usize, sum: B::Reg) -> B::Reg {
        // SAFETY: the caller owns the turn.
        unsafe { sum + B::Reg::load(x.add(turn * B::Reg::LANES)) }
    }
    #[inline(always)]
    unsafe fn add_partial<L: Lanes>([x, ..]: [*const f64; 3], at: usize, count: usize, sum: L) -> L {
        // SAFETY: the caller owns `count` rows.
        unsafe { sum + L::load_partial(x.add(at), count) }
    }
}

impl Term for Square {
    #[inline(always)]
    unsafe fn add<B: Block>([x, ..]: [*const f64; 3], turn: usize, sum: B::Reg) -> B::Reg {
        // SAFETY: the caller owns the turn.
        let x = unsafe { B::Reg::load(x.add(turn * B::Reg::LANES)) };
        x.mul_add(x, sum)
    }
    #[inline(always)]
    unsafe fn add_partial<L: Lanes>([x, ..]: [*const f64; 3], at: usize, count: usize, sum: L) -> L {
        // SAFETY: the caller owns `count` rows.
        let x = unsafe { L::load_partial(x.add(at), count) };
        x.mul_add(x, sum)
    }
}

impl Term for Product {
    #[inline(always)]
    unsafe fn add<B: Block>([x, y, _]: [*const f64; 3], turn: usize, sum: B::Reg) -> B::Reg {
        let at = turn * B::Reg::LANES;
        // SAFETY: the caller owns the turn.
        unsafe { B::Reg::load(x.add(at)).mul_add(B::Reg::load(y.add(at)), sum) }
    }
    #[inline(always)]
    unsafe fn add_partial<L: Lanes>([x, y, _]: [*const f64; 3], at: usize, count: usize, sum: L) -> L {
        // SAFETY: the caller owns `count` rows.
        unsafe { L::load_partial(x.add(at), count).mul_add(L::load_partial(y.add(at), count), sum) }
    }
}

impl Term for SharedProduct {
    #[inline(always)]
    unsafe fn add<B: Block>([x, y, _]: [*const f64; 3], turn: usize, sum: B::Reg) -> B::Reg {
        // SAFETY: the caller owns the turn.
        unsafe { B::Reg::load(x.add(turn * B::Reg::LANES)).mul_add(B::load_shared(y, turn), sum) }
    }
    #[inline(always)]
    unsafe fn add_partial<L: Lanes>(operands: [*const f64; 3], at: usize, count: usize, sum: L) -> L {
        // SAFETY: the caller owns `count` rows; one chain reads a shared column like any other.
        unsafe { Product::add_partial(operands, at, count, sum) }
    }
}

struct Reduce<B, T>(PhantomData<(B, T)>);

impl<L: Lanes, F: Lanes, T: Term> Body for Reduce<ByChain<L, F>, T> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (operands, rows, partial) = (args.operands, args.rows, args.partial_sums);
        // SAFETY: the columns have `rows` rows and `partial_sums` eight.
        unsafe {
            let mut sums = [L::splat(0.0); 8];
            if args.first_row > 0 {
                for (j, sum) in sums.iter_mut().enumerate() {
                    *sum = L::load(partial.add(j * L::LANES));
                }
            }
            let whole = rows / 8 * 8;
            for row in (0..whole).step_by(8) {
                for (j, sum) in sums.iter_mut().enumerate() {
                    *sum = T::add::<ByChain<L>>(operands, row + j, *sum);
                }
            }
            for (j, sum) in sums.iter_mut().enumerate() {
                if whole + j < rows {
                    *sum = T::add::<ByChain<L>>(operands, whole + j, *sum);
                }
            }
            if args.is_last {
                let [a, b, c, d, e, f, g, h] = sums;
                (((a + b) + (c + d)) + ((e + f) + (g + h))).store(args.out);
            } else {
                for (j, sum) in sums.iter().enumerate() {
                    sum.store(partial.add(j * L::LANES));
                }
            }
        }
    }
}

impl<L: Lanes, T: Term> Body for Reduce<ByRow<L>, T> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (operands, rows, partial) = (args.operands, args.rows, args.partial_sums);
        // SAFETY: the columns have `rows` rows and `partial_sums` eight.
        unsafe {
            let mut sum = if args.first_row > 0 { L::load(partial) } else { L::splat(0.0) };
            let whole = rows / L::LANES;
            for turn in 0..whole {
                sum = T::add::<ByRow<L>>(operands, turn, sum);
            }
            if rows % L::LANES > 0 {
                sum = T::add_partial(operands, whole * L::LANES, rows % L::LANES, sum);
            }
            if args.is_last {
                *args.out = sum_lanes(sum);
            } else {
                sum.store(partial);
            }
        }
    }
}

/// A block that has reductions.
pub(super) trait Reducing: Block + Sized {
    fn sum() -> Kernel;
    /// `is_square`: both operands are the same column.
    fn dot(kinds: [Kind; 2], is_square: bool) -> Kernel;
}

macro_rules! reducing {
    ($($block:ident<$($lanes:ident),+>;)*) => {$(
        impl<$($lanes: Lanes),+> Reducing for $block<$($lanes),+> {
            fn sum() -> Kernel {
                compiled::<Reduce<Self, Plain>>
            }
            fn dot(kinds: [Kind; 2], is_square: bool) -> Kernel {
                if is_square {
                    compiled::<Reduce<Self, Square>>
                } else if kinds[1] == Kind::Shared {
                    compiled::<Reduce<Self, SharedProduct>>
                } else {
                    compiled::<Reduce<Self, Product>>
                }
            }
        }
    )*};
}

reducing! {
    ByChain<L, F>;
    ByRow<L>;
}
