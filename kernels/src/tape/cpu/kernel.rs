//! What a kernel is: one operation over one tile, compiled for one block.
//!
//! A *block* is a number of chains that are computed together, with the way its columns lie in memory. [`ByChain`]
//! holds the chains in the lanes, `[rows][lanes]`; [`ByRow`] holds one chain, eight rows in the lanes. A *turn* is
//! what one register holds: one row of all chains, or eight rows of one. Both compute the same bits for a chain.

use std::marker::PhantomData;
use std::sync::Arc;

use super::super::factor::Factor;
use super::super::ops::{Binary, Ternary, Unary};
use super::scan::Turns;
use crate::lanes::{Lanes, Task};

/// Chains computed together.
pub(super) trait Block {
    /// The register of one turn.
    type Reg: Lanes;
    /// Number of chains.
    const WIDTH: usize;
    /// Rows of one turn.
    const ROWS: usize;
    /// The register for operations that read varying columns alone, where rows and chains are one flat array.
    type Flat: Lanes;
    /// Whether columns start at multiples of eight rows and may be overwritten up to the next.
    const IS_PADDED: bool;

    /// The register of a value of one row.
    ///
    /// # Safety
    /// The instruction set is enabled and `pointer` holds a row.
    unsafe fn load_uniform(pointer: *const f64) -> Self::Reg;

    /// The register of turn `turn` of a column that all chains share.
    ///
    /// # Safety
    /// The instruction set is enabled and `pointer` holds the rows of the turn.
    unsafe fn load_shared(pointer: *const f64, turn: usize) -> Self::Reg;
}

/// As many chains as a register `L` has lanes.
pub(super) struct ByChain<L, F = L>(PhantomData<(L, F)>);

impl<L: Lanes, F: Lanes> Block for ByChain<L, F> {
    type Reg = L;
    type Flat = F;
    const WIDTH: usize = L::LANES;
    const ROWS: usize = 1;
    const IS_PADDED: bool = F::LANES > L::LANES;

    #[inline(always)]
    unsafe fn load_uniform(pointer: *const f64) -> L {
        // SAFETY: a row of a block by chain has `LANES` elements.
        unsafe { L::load(pointer) }
    }

    #[inline(always)]
    unsafe fn load_shared(pointer: *const f64, turn: usize) -> L {
        // SAFETY: a turn is a row.
        unsafe { L::splat(*pointer.add(turn)) }
    }
}

/// One chain, eight rows in a register.
pub(super) struct ByRow<L>(PhantomData<L>);

impl<L: Lanes> Block for ByRow<L> {
    type Reg = L;
    type Flat = L;
    const WIDTH: usize = 1;
    const ROWS: usize = L::LANES;
    const IS_PADDED: bool = true;

    #[inline(always)]
    unsafe fn load_uniform(pointer: *const f64) -> L {
        // SAFETY: a row of a block of one chain is one element.
        unsafe { L::splat(*pointer) }
    }

    #[inline(always)]
    unsafe fn load_shared(pointer: *const f64, turn: usize) -> L {
        // SAFETY: columns are padded to whole turns.
        unsafe { L::load(pointer.add(turn * L::LANES)) }
    }
}

/// How an operand varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// By row and chain.
    Varying,
    /// By chain: one row for all turns.
    Uniform,
    /// By row: one column for all chains.
    Shared,
}

/// Which memory an address counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Arena,
    Scratch,
    Pool,
}

/// A column: its first element is at `start + step * first row of the tile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub memory: Memory,
    pub start: usize,
    pub step: usize,
}

/// The memories that addresses count from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memories {
    pub arena: *mut f64,
    pub scratch: *mut f64,
    pub pool: *const f64,
}

impl Memories {
    /// The column at `address` for the tile that starts at `first_row`.
    ///
    /// # Safety
    /// The memories are those of the plan that made the address.
    #[inline(always)]
    pub(super) unsafe fn at(&self, address: &Address, first_row: usize) -> *mut f64 {
        let base = match address.memory {
            Memory::Arena => self.arena,
            Memory::Scratch => self.scratch,
            Memory::Pool => self.pool.cast_mut(),
        };
        // SAFETY: the plan has allotted the column and the rows of the tile.
        unsafe { base.add(address.start + address.step * first_row) }
    }
}

/// What a kernel knows beside its columns.
#[derive(Debug, Default)]
pub(super) struct Details {
    pub kinds: Vec<Kind>,
    pub index: Option<Arc<[u32]>>,
    pub matrix: Option<Arc<[f64]>>,
    pub columns: usize,
    pub groups: usize,
    /// Columns and scales of a predictor.
    pub terms: Vec<[Address; 2]>,
    pub unary: Option<Unary>,
    pub binary: Option<Binary>,
    pub ternary: Option<Ternary>,
    pub factor: Option<Factor>,
    /// Rows of the operands of a factor.
    pub operand_rows: Vec<usize>,
    /// The body of a recurrence.
    pub turns: Option<Turns>,
}

/// The columns of one call of a kernel, from the first row of the tile on unless a kernel says otherwise.
pub(super) struct Args<'a> {
    pub out: *mut f64,
    pub operands: [*const f64; 3],
    /// Partial sums of a reduction: eight rows.
    pub partial_sums: *mut f64,
    /// Rows of this tile. Where [`Block::IS_PADDED`], columns may be read and written up to the next multiple of
    /// eight rows.
    pub rows: usize,
    /// Rows before this tile; a multiple of eight.
    pub first_row: usize,
    /// No tile comes after this one.
    pub is_last: bool,
    pub details: &'a Details,
    pub memories: &'a Memories,
}

/// A compiled kernel.
///
/// # Safety
/// The instruction set it was compiled for is available, and the columns of its arguments are as [`Args`] says.
pub(super) type Kernel = unsafe fn(&Args);

/// The body of a kernel.
pub(super) trait Body {
    /// The registers it computes with.
    type Reg: Lanes;

    /// Computes a tile. Implementations are `#[inline(always)]`.
    ///
    /// # Safety
    /// As for [`Kernel`], with the instruction set enabled.
    unsafe fn run(args: &Args);
}

struct Entered<'a, K>(&'a Args<'a>, PhantomData<K>);

impl<K: Body> Task for Entered<'_, K> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        // SAFETY: `compiled` enters the instruction set of `K`; the caller answers for the arguments.
        unsafe { K::run(self.0) }
    }
}

/// `K` compiled with its instruction set enabled.
///
/// # Safety
/// As for [`Kernel`].
pub(super) unsafe fn compiled<K: Body>(args: &Args) {
    // SAFETY: the caller has found the instruction set and answers for the arguments.
    unsafe { K::Reg::enter(Entered::<K>(args, PhantomData)) }
}
