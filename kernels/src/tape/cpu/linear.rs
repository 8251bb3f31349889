//! The kernel of a linear predictor: see `fuse`.

use std::marker::PhantomData;

use super::fuse::MOST_TERMS;
use super::index::tile_index;
use super::kernel::{Args, Block, Body, ByChain, ByRow, Kernel, compiled};
use crate::lanes::Lanes;

/// How a block reads rows of a base by index, turn by turn.
pub(super) trait Predicting: Block {
    /// What is read as column instead of `base`: `base` itself, or a copy of the rows in `args.out`.
    ///
    /// # Safety
    /// As for the kernel.
    unsafe fn prepare(args: &Args) -> *const f64;

    /// The register of turn `turn` of what [`Predicting::prepare`] has returned.
    ///
    /// # Safety
    /// As for the kernel.
    unsafe fn load_indexed(prepared: *const f64, index: &[u32], turn: usize) -> Self::Reg;
}

impl<L: Lanes, F: Lanes> Predicting for ByChain<L, F> {
    #[inline(always)]
    unsafe fn prepare(args: &Args) -> *const f64 {
        args.operands[0]
    }

    #[inline(always)]
    unsafe fn load_indexed(prepared: *const f64, index: &[u32], turn: usize) -> L {
        // SAFETY: there is an index entry for every turn; a verified index names rows of the base.
        unsafe { L::load(prepared.add(*index.get_unchecked(turn) as usize * L::LANES)) }
    }
}

impl<L: Lanes> Predicting for ByRow<L> {
    #[inline(always)]
    unsafe fn prepare(args: &Args) -> *const f64 {
        for (row, &i) in tile_index(args).iter().enumerate() {
            // SAFETY: a verified index names rows of the base; the result has the rows of the tile.
            unsafe { *args.out.add(row) = *args.operands[0].add(i as usize) }
        }
        args.out
    }

    #[inline(always)]
    unsafe fn load_indexed(prepared: *const f64, _: &[u32], turn: usize) -> L {
        // SAFETY: the copy has all turns of the tile.
        unsafe { L::load(prepared.add(turn * L::LANES)) }
    }
}

/// `K` terms; operand 0 is the base, operand 1 what the predictor is subtracted from.
struct Linear<B, const K: usize, const INDEXED: bool, const RESIDUAL: bool>(PhantomData<B>);

impl<B: Predicting, const K: usize, const INDEXED: bool, const RESIDUAL: bool> Body
    for Linear<B, K, INDEXED, RESIDUAL>
{
    type Reg = B::Reg;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, response) = (args.out, args.operands[1]);
        // SAFETY: the plan has allotted all columns; they hold the turns of the tile, and the scales a row.
        unsafe {
            let (base, index) =
                if INDEXED { (B::prepare(args), tile_index(args)) } else { (args.operands[0], &[][..]) };
            let mut columns = [std::ptr::null::<f64>(); K];
            let mut scales = [B::Reg::splat(0.0); K];
            for (k, [column, scale]) in args.details.terms.iter().enumerate().take(K) {
                columns[k] = args.memories.at(column, args.first_row);
                scales[k] = B::load_uniform(args.memories.at(scale, args.first_row));
            }
            for turn in 0..args.rows.div_ceil(B::ROWS) {
                let at = turn * B::Reg::LANES;
                let mut sum =
                    if INDEXED { B::load_indexed(base, index, turn) } else { B::Reg::load(base.add(at)) };
                for k in 0..K {
                    sum = scales[k].mul_add(B::load_shared(columns[k], turn), sum);
                }
                if RESIDUAL {
                    sum = B::load_shared(response, turn) - sum;
                }
                sum.store(out.add(at));
            }
        }
    }
}

/// The kernel of a predictor of `terms` terms.
pub(super) fn predictor<B: Predicting>(terms: usize, is_indexed: bool, is_residual: bool) -> Kernel {
    fn with<B: Predicting, const K: usize>(is_indexed: bool, is_residual: bool) -> Kernel {
        match (is_indexed, is_residual) {
            (false, false) => compiled::<Linear<B, K, false, false>>,
            (false, true) => compiled::<Linear<B, K, false, true>>,
            (true, false) => compiled::<Linear<B, K, true, false>>,
            (true, true) => compiled::<Linear<B, K, true, true>>,
        }
    }
    let choose = match terms {
        1 => with::<B, 1>,
        2 => with::<B, 2>,
        3 => with::<B, 3>,
        MOST_TERMS => with::<B, MOST_TERMS>,
        _ => unreachable!("a predictor of {terms} terms"),
    };
    choose(is_indexed, is_residual)
}
