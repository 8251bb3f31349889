//! The operations on matrices of more than [`SMALL`] rows, by blocks of rows.
//!
//! Nearly all of the work is in products of blocks, which read each number from the memory once for many uses.
//! Registers lie along the rows: they hold an element for several chains, or several elements of one chain. So the
//! factor is computed as `u = l^T` above the diagonal, and turned at the end. For the rows `J` of a block, with `<`
//! the rows before it and `>` those after it:
//!
//! ```text
//! Cholesky:   u[J, J>] = a[J, J>] - u[<, J]^T u[<, J>];  then row by row  u[j, j>] = (.. - u[J, j]^T u[J, j>]) / u[j, j]
//! pullback:   v[J, >] = u[J, J]^-1 v[J, >];  v[J, J] -= u[J, >] v[J, >]^T;  v[J, J] by the unblocked sweep
//!             v[<, J] -= u[<, J] (v[J, J] + v[J, J]^T) + u[<, >] v[J, >]^T;  v[<, >] -= u[<, J] v[J, >]
//! solve:      z[J] = b[J] - l[J, <] z[<];  then row by row
//! ```
//!
//! # References
//! - Murray (2016), Differentiation of the Cholesky decomposition, section 4.2 (blocked sweeps), arXiv:1602.07527

use std::array::from_fn;
use std::marker::PhantomData;
use std::ops::Range;

use super::factor::{Element, Operand, in_fours, swept_back};
use crate::lanes::{Lanes, Task};

/// Most rows of a matrix that stays in the cache as a whole, for all chains of a block.
pub(super) const SMALL: usize = 128;

/// Rows of a block.
const BLOCK: usize = 32;

/// Terms of a product that are added before the next tile: their numbers stay in the cache for all tiles.
const DEPTH: usize = 128;

/// Part of a matrix.
struct View<E> {
    /// Its first element.
    pointer: *mut f64,
    /// Numbers of an element: one for a matrix that all chains share.
    unit: usize,
    is_shared: bool,
    /// Elements from a row to the next.
    row: usize,
    /// Elements from a column to the next.
    column: usize,
    element: PhantomData<E>,
}

impl<E> Clone for View<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for View<E> {}

impl<E: Element> View<E> {
    /// An operand that is not written, with rows of `row` elements.
    fn of(operand: Operand<E>, row: usize) -> Self {
        let is_shared = operand.is_shared && E::COUNT > 1;
        let unit = if is_shared { 1 } else { E::COUNT };
        Self { pointer: operand.pointer.cast_mut(), unit, is_shared, row, column: 1, element: PhantomData }
    }

    /// A result with rows of `row` elements.
    fn result(pointer: *mut f64, row: usize) -> Self {
        Self { pointer, unit: E::COUNT, is_shared: false, row, column: 1, element: PhantomData }
    }

    fn transposed(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }

    /// The part from row `i` and column `j` on.
    fn from(self, i: usize, j: usize) -> Self {
        Self { pointer: self.at(i, j), ..self }
    }

    fn at(self, i: usize, j: usize) -> *mut f64 {
        self.pointer.wrapping_add((i * self.row + j * self.column) * self.unit)
    }

    /// The elements of row `i` of a result in a register that starts at column `j`.
    ///
    /// # Safety
    /// The instruction set is enabled, and the view has the elements; columns follow each other.
    #[inline(always)]
    unsafe fn load<T: Element>(self, i: usize, j: usize) -> T {
        // SAFETY: the caller's.
        unsafe { T::load(self.at(i, j)) }
    }

    /// Element `[i, j]` for all that a register holds.
    ///
    /// # Safety
    /// The instruction set is enabled, and the view has the element.
    #[inline(always)]
    unsafe fn spread<T: Element>(self, i: usize, j: usize) -> T {
        // SAFETY: the caller's.
        unsafe { if self.is_alike() { T::splat(*self.at(i, j)) } else { T::load(self.at(i, j)) } }
    }

    /// Whether an element is one number for all that a register holds.
    #[inline(always)]
    fn is_alike(self) -> bool {
        self.is_shared || E::COUNT == 1
    }
}

/// `c -= a b`
///
/// # Shapes
/// - `a`: `[rows, depth]`
/// - `b`: `[depth, columns]`
/// - `c`: `[rows, columns]`
struct Product<E> {
    c: View<E>,
    a: View<E>,
    b: View<E>,
    /// `[rows, columns, depth]`
    size: [usize; 3],
}

impl<E: Element> Product<E> {
    /// # Safety
    /// The instruction set of `E` is found, and the views have the elements.
    unsafe fn subtract(self) {
        if self.size.iter().all(|&count| count > 0) {
            // SAFETY: the caller's.
            unsafe { E::Reg::enter(self) }
        }
    }

    /// `R` rows and `S` registers of the result; `ALIKE` when the elements of `a` are one number each.
    ///
    /// # Safety
    /// As for [`Product::subtract`], with the instruction set enabled.
    #[inline(always)]
    unsafe fn tile<T: Element, const R: usize, const S: usize, const ALIKE: bool>(
        &self,
        row: usize,
        column: usize,
        depth: Range<usize>,
    ) {
        let place = |s: usize| column + s * (T::COUNT / E::COUNT);
        // SAFETY: the caller's.
        unsafe {
            let mut sums: [[T; S]; R] = from_fn(|r| from_fn(|s| T::load(self.c.at(row + r, place(s)))));
            for k in depth {
                let b: [T; S] = from_fn(|s| self.b.load(k, place(s)));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let a = self.a.at(row + r, k);
                    let a = if ALIKE { T::splat(*a) } else { T::load(a) };
                    for (sum, b) in sums.iter_mut().zip(b) {
                        *sum = sum.less(a, b);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (s, sum) in sums.iter().enumerate() {
                    sum.store(self.c.at(row + r, place(s)));
                }
            }
        }
    }

    /// All rows of as many columns as fill `S` registers; returns where those that do not begin.
    ///
    /// # Safety
    /// As for [`Product::tile`].
    #[inline(always)]
    unsafe fn columns<T: Element, const S: usize>(&self, mut column: usize, depth: Range<usize>) -> usize {
        let width = S * (T::COUNT / E::COUNT);
        while column + width <= self.size[1] {
            // SAFETY: the caller's.
            unsafe {
                if self.a.is_alike() {
                    in_fours!(row in 0..self.size[0], ROWS => {
                        self.tile::<T, ROWS, S, true>(row, column, depth.clone());
                    });
                } else {
                    in_fours!(row in 0..self.size[0], ROWS => {
                        self.tile::<T, ROWS, S, false>(row, column, depth.clone());
                    });
                }
            }
            column += width;
        }
        column
    }
}

impl<E: Element> Task for Product<E> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        for from in (0..self.size[2]).step_by(DEPTH) {
            let depth = from..self.size[2].min(from + DEPTH);
            // SAFETY: the caller's; `L` are the registers of `E`.
            unsafe {
                let column = if self.size[0] == 1 { self.columns::<E::Wide, 4>(0, depth.clone()) } else { 0 };
                let column = self.columns::<E::Wide, 2>(column, depth.clone());
                let column = self.columns::<E::Wide, 1>(column, depth.clone());
                self.columns::<E, 1>(column, depth);
            }
        }
    }
}

/// `row /= divisor`, for the first `columns` elements of a view.
///
/// # Safety
/// The instruction set is enabled, and the view has the elements.
#[inline(always)]
unsafe fn divide<E: Element>(row: View<E>, columns: usize, divisor: View<E>) {
    let (mut column, width) = (0, E::Wide::COUNT / E::COUNT);
    // SAFETY: the caller's.
    unsafe {
        while column + width <= columns {
            let quotient = row.load::<E::Wide>(0, column).over(divisor.spread(0, 0));
            quotient.store(row.at(0, column));
            column += width;
        }
        while column < columns {
            row.load::<E>(0, column).over(divisor.spread(0, 0)).store(row.at(0, column));
            column += 1;
        }
    }
}

/// `to[j, i] = from[i, j]` for the rows and columns of `from`, square by square.
///
/// # Safety
/// The instruction set is enabled, and the views have the elements.
#[inline(always)]
unsafe fn turn<E: Element>(from: View<E>, rows: Range<usize>, columns: Range<usize>, to: View<E>) {
    for (i, j) in squares(rows.clone(), columns.clone()) {
        for i in i..rows.end.min(i + BLOCK) {
            for j in j..columns.end.min(j + BLOCK) {
                // SAFETY: the caller's.
                unsafe { from.spread::<E>(i, j).store(to.at(j, i)) }
            }
        }
    }
}

/// Turns what is above the diagonal to below it, and leaves zeros above.
///
/// # Safety
/// The instruction set is enabled, and the view has `n n` elements.
#[inline(always)]
unsafe fn lower<E: Element>(view: View<E>, n: usize) {
    for (i, j) in squares(0..n, 0..n) {
        for i in i..n.min(i + BLOCK) {
            for j in j.max(i + 1)..n.min(j + BLOCK) {
                // SAFETY: the caller's.
                unsafe {
                    view.load::<E>(i, j).store(view.at(j, i));
                    E::splat(0.0).store(view.at(i, j));
                }
            }
        }
    }
}

/// The first rows and columns of the squares of a matrix.
fn squares(rows: Range<usize>, columns: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    rows.step_by(BLOCK).flat_map(move |i| columns.clone().step_by(BLOCK).map(move |j| (i, j)))
}

/// # Safety
/// The instruction set is enabled; `a` and `l` hold `n n` elements.
#[inline(always)]
pub(super) unsafe fn cholesky<E: Element>(a: Operand<E>, l: *mut f64, n: usize) {
    let (a, u) = (View::of(a, n), View::<E>::result(l, n));
    // SAFETY: all indices are below `n`.
    unsafe {
        for first in (0..n).step_by(BLOCK) {
            let end = n.min(first + BLOCK);
            turn(a, first..n, first..end, u);
            let before = u.from(0, first);
            let size = [end - first, n - first, first];
            Product { c: u.from(first, first), a: before.transposed(), b: before, size }.subtract();
            for j in first..end {
                let before = u.from(first, j);
                let size = [1, n - j, j - first];
                Product { c: u.from(j, j), a: before.transposed(), b: before, size }.subtract();
                u.load::<E>(j, j).root().store(u.at(j, j));
                divide(u.from(j, j + 1), n - j - 1, u.from(j, j));
            }
        }
        lower(u, n);
    }
}

/// # Safety
/// The instruction set is enabled; `l`, `slopes` and `g` hold `n n` elements.
#[inline(always)]
pub(super) unsafe fn pullback<E: Element>(l: Operand<E>, slopes: Operand<E>, g: *mut f64, n: usize) {
    let (u, v) = (View::of(l, n).transposed(), View::<E>::result(g, n));
    // SAFETY: all indices are below `n`.
    unsafe {
        turn(View::of(slopes, n), 0..n, 0..n, v);
        for first in (0..n).step_by(BLOCK).rev() {
            let end = n.min(first + BLOCK);
            let (rows, after) = (end - first, n - end);
            for j in (first..end).rev() {
                let size = [1, after, end - j - 1];
                Product { c: v.from(j, end), a: u.from(j, j + 1), b: v.from(j + 1, end), size }.subtract();
                divide(v.from(j, end), after, u.from(j, j));
            }
            turn(v, first..end, end..n, v);
            let size = [rows, rows, after];
            Product { c: v.from(first, first), a: u.from(first, end), b: v.from(end, first), size }
                .subtract();
            let (corner, factor) = (v.from(first, first).transposed(), u.from(first, first));
            swept_back(|i, j| factor.spread::<E>(j, i), |i, j| corner.at(i, j), rows);
            for i in 0..rows {
                corner.load::<E>(i, i).doubled().store(corner.at(i, i));
                for j in 0..i {
                    corner.load::<E>(i, j).store(corner.at(j, i));
                }
            }
            let size = [first, rows, rows];
            Product { c: v.from(0, first), a: u.from(0, first), b: v.from(first, first), size }.subtract();
            let size = [first, rows, after];
            Product { c: v.from(0, first), a: u.from(0, end), b: v.from(end, first), size }.subtract();
            let size = [first, after, rows];
            Product { c: v.from(0, end), a: u.from(0, first), b: v.from(first, end), size }.subtract();
            for i in 0..rows {
                corner.load::<E>(i, i).over(E::splat(2.0)).store(corner.at(i, i));
            }
        }
        lower(v, n);
    }
}

/// # Safety
/// The instruction set is enabled; `l` holds `n n` elements, `b` and `z` hold `n count`.
#[inline(always)]
pub(super) unsafe fn solve<E: Element>(
    l: Operand<E>,
    b: Operand<E>,
    z: *mut f64,
    n: usize,
    count: usize,
    is_transposed: bool,
) {
    let (l, z) = (View::of(l, n), View::<E>::result(z, count));
    // SAFETY: all indices are below those of the operands.
    unsafe {
        for i in 0..n * count {
            b.at(i).store(z.at(0, i));
        }
        let firsts = (0..n).step_by(BLOCK);
        if is_transposed {
            let u = l.transposed();
            for first in firsts.rev() {
                let end = n.min(first + BLOCK);
                let size = [end - first, count, n - end];
                Product { c: z.from(first, 0), a: u.from(first, end), b: z.from(end, 0), size }.subtract();
                for i in (first..end).rev() {
                    let size = [1, count, end - i - 1];
                    Product { c: z.from(i, 0), a: u.from(i, i + 1), b: z.from(i + 1, 0), size }.subtract();
                    divide(z.from(i, 0), count, l.from(i, i));
                }
            }
        } else {
            for first in firsts {
                let end = n.min(first + BLOCK);
                let size = [end - first, count, first];
                Product { c: z.from(first, 0), a: l.from(first, 0), b: z, size }.subtract();
                for i in first..end {
                    let size = [1, count, i - first];
                    Product { c: z.from(i, 0), a: l.from(i, first), b: z.from(first, 0), size }.subtract();
                    divide(z.from(i, 0), count, l.from(i, i));
                }
            }
        }
    }
}
