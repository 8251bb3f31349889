//! Rows by index: gather, and its adjoint the segment sum.

use std::marker::PhantomData;

use super::kernel::{Args, Block, Body, ByChain, ByRow, Kernel, compiled};
use crate::lanes::Lanes;

/// The index entries of the tile.
#[inline(always)]
pub(super) fn tile_index<'a>(args: &'a Args) -> &'a [u32] {
    let index = args.details.index.as_deref().unwrap_or_default();
    &index[args.first_row..args.first_row + args.rows]
}

/// Operand 0 starts at its first row whatever the tile.
struct Gather<B>(PhantomData<B>);

impl<L: Lanes, F: Lanes> Body for Gather<ByChain<L, F>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, x) = (args.out, args.operands[0]);
        for (row, &i) in tile_index(args).iter().enumerate() {
            // SAFETY: a verified index names rows of the operand.
            unsafe { L::load(x.add(i as usize * L::LANES)).store(out.add(row * L::LANES)) }
        }
    }
}

impl<L: Lanes> Body for Gather<ByRow<L>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, x) = (args.out, args.operands[0]);
        for (row, &i) in tile_index(args).iter().enumerate() {
            // SAFETY: a verified index names rows of the operand.
            unsafe { *out.add(row) = *x.add(i as usize) }
        }
    }
}

/// The result starts at its first row whatever the tile; rows are added in order, the running sum in a register
/// while the index repeats.
struct SegmentSum<B>(PhantomData<B>);

impl<L: Lanes, F: Lanes> Body for SegmentSum<ByChain<L, F>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, x, index) = (args.out, args.operands[0], tile_index(args));
        // SAFETY: a verified index names rows of the result; the operand has the rows of the tile.
        unsafe {
            if args.first_row == 0 {
                std::slice::from_raw_parts_mut(out, args.details.groups * L::LANES).fill(0.0);
            }
            let mut group = out.add(index[0] as usize * L::LANES);
            let mut sum = L::load(group);
            for (row, &i) in index.iter().enumerate() {
                let next = out.add(i as usize * L::LANES);
                if next != group {
                    sum.store(group);
                    group = next;
                    sum = L::load(group);
                }
                sum = sum + L::load(x.add(row * L::LANES));
            }
            sum.store(group);
        }
    }
}

impl<L: Lanes> Body for SegmentSum<ByRow<L>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, x, index) = (args.out, args.operands[0], tile_index(args));
        // SAFETY: a verified index names rows of the result; the operand has the rows of the tile.
        unsafe {
            if args.first_row == 0 {
                std::slice::from_raw_parts_mut(out, args.details.groups).fill(0.0);
            }
            let mut group = out.add(index[0] as usize);
            let mut sum = *group;
            for (row, &i) in index.iter().enumerate() {
                let next = out.add(i as usize);
                if next != group {
                    *group = sum;
                    group = next;
                    sum = *group;
                }
                sum += *x.add(row);
            }
            *group = sum;
        }
    }
}

/// A block that has index operations.
pub(super) trait Indexing: Block + Sized {
    fn gather() -> Kernel;
    fn segment_sum() -> Kernel;
}

macro_rules! indexing {
    ($($block:ident<$($lanes:ident),+>;)*) => {$(
        impl<$($lanes: Lanes),+> Indexing for $block<$($lanes),+> {
            fn gather() -> Kernel {
                compiled::<Gather<Self>>
            }
            fn segment_sum() -> Kernel {
                compiled::<SegmentSum<Self>>
            }
        }
    )*};
}

indexing! {
    ByChain<L, F>;
    ByRow<L>;
}
