//! Products of a shared matrix, stored by rows, with a vector of every chain.
//!
//! An element of `matrix v` is summed over columns from the first on; an element of `matrix^T v` over rows from the
//! first on. Eight rows are taken together so that a vector element, once loaded, is used eight times.

use std::marker::PhantomData;

use super::kernel::{Args, Block, Body, ByChain, ByRow, Kernel, compiled};
use crate::lanes::Lanes;

/// The matrix rows of the tile.
#[inline(always)]
fn tile_rows<'a>(args: &'a Args) -> &'a [f64] {
    let columns = args.details.columns;
    let matrix = args.details.matrix.as_deref().unwrap_or_default();
    &matrix[args.first_row * columns..(args.first_row + args.rows) * columns]
}

/// Operand 0 is the vector, all of it.
struct MatVec<B>(PhantomData<B>);

/// `R` rows of the product from `row` on.
///
/// # Safety
/// `matrix` and `out` have the rows, `v` has `columns`; the instruction set is enabled.
#[inline(always)]
unsafe fn rows_by_chain<L: Lanes, const R: usize>(
    matrix: *const f64,
    columns: usize,
    v: *const f64,
    out: *mut f64,
) {
    // SAFETY: the caller's.
    unsafe {
        let mut sums = [L::splat(0.0); R];
        for j in 0..columns {
            let v = L::load(v.add(j * L::LANES));
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = L::splat(*matrix.add(r * columns + j)).mul_add(v, *sum);
            }
        }
        for (r, sum) in sums.iter().enumerate() {
            sum.store(out.add(r * L::LANES));
        }
    }
}

impl<L: Lanes, F: Lanes> Body for MatVec<ByChain<L, F>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (columns, v, out) = (args.details.columns, args.operands[0], args.out);
        let matrix = tile_rows(args).as_ptr();
        let whole = args.rows / 8 * 8;
        // SAFETY: `tile_rows` has checked the matrix; the result has the rows of the tile, the vector all columns.
        unsafe {
            for row in (0..whole).step_by(8) {
                rows_by_chain::<L, 8>(matrix.add(row * columns), columns, v, out.add(row * L::LANES));
            }
            for row in whole..args.rows {
                rows_by_chain::<L, 1>(matrix.add(row * columns), columns, v, out.add(row * L::LANES));
            }
        }
    }
}

impl<L: Lanes> Body for MatVec<ByRow<L>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (columns, v, out) = (args.details.columns, args.operands[0], args.out);
        let matrix = tile_rows(args).as_ptr();
        let whole = args.rows / 8 * 8;
        // SAFETY: `tile_rows` has checked the matrix; the result has the rows of the tile, the vector all columns.
        unsafe {
            for row in (0..whole).step_by(8) {
                rows_of_one_chain::<L, 8>(matrix.add(row * columns), columns, v, out.add(row));
            }
            for row in whole..args.rows {
                rows_of_one_chain::<L, 1>(matrix.add(row * columns), columns, v, out.add(row));
            }
        }
    }
}

/// `R` rows of the product from `row` on.
///
/// # Safety
/// `matrix` and `out` have the rows, `v` has `columns`; the instruction set is enabled.
#[inline(always)]
unsafe fn rows_of_one_chain<L: Lanes, const R: usize>(
    matrix: *const f64,
    columns: usize,
    v: *const f64,
    out: *mut f64,
) {
    // SAFETY: the caller's.
    unsafe {
        let mut sums = [0.0; R];
        for j in 0..columns {
            let v = *v.add(j);
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = L::mul_add_scalar(*matrix.add(r * columns + j), v, *sum);
            }
        }
        for (r, sum) in sums.iter().enumerate() {
            *out.add(r) = *sum;
        }
    }
}

/// Operand 0 is the vector of the tile; the result starts at its first row whatever the tile.
struct MatTVec<B>(PhantomData<B>);

/// Adds `R` rows of the matrix, each times its element of `v`, to `out`.
///
/// # Safety
/// `matrix` and `v` have the rows, `out` has `columns`; the instruction set is enabled.
#[inline(always)]
unsafe fn add_rows_by_chain<L: Lanes, const R: usize>(
    matrix: *const f64,
    columns: usize,
    v: *const f64,
    out: *mut f64,
) {
    // SAFETY: the caller's.
    unsafe {
        let v: [L; R] = std::array::from_fn(|r| L::load(v.add(r * L::LANES)));
        for j in 0..columns {
            let mut sum = L::load(out.add(j * L::LANES));
            for (r, v) in v.iter().enumerate() {
                sum = L::splat(*matrix.add(r * columns + j)).mul_add(*v, sum);
            }
            sum.store(out.add(j * L::LANES));
        }
    }
}

impl<L: Lanes, F: Lanes> Body for MatTVec<ByChain<L, F>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (columns, v, out) = (args.details.columns, args.operands[0], args.out);
        let matrix = tile_rows(args).as_ptr();
        let whole = args.rows / 8 * 8;
        // SAFETY: `tile_rows` has checked the matrix; the vector has the rows of the tile, the result all columns.
        unsafe {
            if args.first_row == 0 {
                std::slice::from_raw_parts_mut(out, columns * L::LANES).fill(0.0);
            }
            for row in (0..whole).step_by(8) {
                add_rows_by_chain::<L, 8>(matrix.add(row * columns), columns, v.add(row * L::LANES), out);
            }
            for row in whole..args.rows {
                add_rows_by_chain::<L, 1>(matrix.add(row * columns), columns, v.add(row * L::LANES), out);
            }
        }
    }
}

impl<L: Lanes> MatTVec<ByRow<L>> {
    /// Columns `j .. j + count`, `count <= R * LANES`.
    ///
    /// # Safety
    /// As for the kernel.
    #[inline(always)]
    unsafe fn add_columns<const R: usize>(args: &Args, j: usize, count: usize) {
        let (columns, v) = (args.details.columns, args.operands[0]);
        let matrix = tile_rows(args).as_ptr();
        let lanes = |r: usize| (count - r * L::LANES).min(L::LANES);
        // SAFETY: `tile_rows` has checked the matrix, `j + count <= columns`.
        unsafe {
            let out = args.out.add(j);
            let mut sums: [L; R] = std::array::from_fn(|r| L::load_partial(out.add(r * L::LANES), lanes(r)));
            for row in 0..args.rows {
                let v = L::splat(*v.add(row));
                let matrix = matrix.add(row * columns + j);
                for (r, sum) in sums.iter_mut().enumerate() {
                    *sum = L::load_partial(matrix.add(r * L::LANES), lanes(r)).mul_add(v, *sum);
                }
            }
            for (r, sum) in sums.iter().enumerate() {
                sum.store_partial(out.add(r * L::LANES), lanes(r));
            }
        }
    }
}

impl<L: Lanes> Body for MatTVec<ByRow<L>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let columns = args.details.columns;
        // SAFETY: the result has all columns, the vector the rows of the tile.
        unsafe {
            if args.first_row == 0 {
                std::slice::from_raw_parts_mut(args.out, columns).fill(0.0);
            }
            for j in (0..columns).step_by(4 * L::LANES) {
                let count = (columns - j).min(4 * L::LANES);
                match count.div_ceil(L::LANES) {
                    4 if count == 4 * L::LANES => Self::add_columns::<4>(args, j, 4 * L::LANES),
                    4 => Self::add_columns::<4>(args, j, count),
                    3 => Self::add_columns::<3>(args, j, count),
                    2 => Self::add_columns::<2>(args, j, count),
                    _ => Self::add_columns::<1>(args, j, count),
                }
            }
        }
    }
}

/// A block that has matrix products.
pub(super) trait Multiplying: Block + Sized {
    fn mat_vec() -> Kernel;
    fn mat_t_vec() -> Kernel;
}

macro_rules! multiplying {
    ($($block:ident<$($lanes:ident),+>;)*) => {$(
        impl<$($lanes: Lanes),+> Multiplying for $block<$($lanes),+> {
            fn mat_vec() -> Kernel {
                compiled::<MatVec<Self>>
            }
            fn mat_t_vec() -> Kernel {
                compiled::<MatTVec<Self>>
            }
        }
    )*};
}

multiplying! {
    ByChain<L, F>;
    ByRow<L>;
}
