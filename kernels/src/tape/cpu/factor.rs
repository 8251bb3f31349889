//! Kernels of the operations on all of a small matrix: see [`Factor`] for what they compute.
//!
//! Elements lie by rows, each for all chains of the block. Four of them are computed together, so that what they share
//! is loaded once and their sums do not wait for each other.

use std::array::from_fn;
use std::marker::PhantomData;

use super::super::factor::{Factor, size};
use super::blocked::{self, SMALL};
use super::kernel::{Args, Block, Body, ByChain, ByRow, Kernel, Kind, compiled};
use crate::lanes::{Lanes, Task, dispatch};

/// One element of a matrix for all chains of a block.
pub(super) trait Element: Copy {
    /// Numbers it holds.
    const COUNT: usize;
    /// The registers that computing with it takes.
    type Reg: Lanes;
    /// A whole register: of one element, or of several.
    type Wide: Element;
    /// The element at `pointer`.
    ///
    /// # Safety
    /// The instruction set is enabled, and `pointer` holds an element.
    unsafe fn load(pointer: *const f64) -> Self;
    /// `x` for all chains.
    ///
    /// # Safety
    /// The instruction set is enabled.
    unsafe fn splat(x: f64) -> Self;
    /// Writes the element.
    ///
    /// # Safety
    /// `pointer` holds an element.
    unsafe fn store(self, pointer: *mut f64);
    /// `self - a b`, rounded once where the processor can.
    fn less(self, a: Self, b: Self) -> Self;
    /// `self / divisor`
    fn over(self, divisor: Self) -> Self;
    /// `2 self`
    fn doubled(self) -> Self;
    /// The root; NaN unless the number is above zero.
    fn root(self) -> Self;
}

/// The chains in the lanes of a register.
#[derive(Clone, Copy)]
pub(super) struct Many<L>(L);

impl<L: Lanes> Element for Many<L> {
    const COUNT: usize = L::LANES;
    type Reg = L;
    type Wide = Self;

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller's.
        Self(unsafe { L::load(pointer) })
    }
    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        // SAFETY: the caller's.
        Self(unsafe { L::splat(x) })
    }
    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller's.
        unsafe { self.0.store(pointer) }
    }
    #[inline(always)]
    fn less(self, a: Self, b: Self) -> Self {
        Self((-a.0).mul_add(b.0, self.0))
    }
    #[inline(always)]
    fn over(self, divisor: Self) -> Self {
        Self(self.0 / divisor.0)
    }
    #[inline(always)]
    fn doubled(self) -> Self {
        Self(self.0 + self.0)
    }
    #[inline(always)]
    fn root(self) -> Self {
        let (x, nan) = (self.0, self.0.like(f64::NAN));
        Self(L::select(x.like(0.0).lt(x), x.sqrt(), nan))
    }
}

/// One chain, rounded as the lanes of `L`.
#[derive(Clone, Copy)]
pub(super) struct One<L>(f64, PhantomData<L>);

impl<L: Lanes> One<L> {
    #[inline(always)]
    fn new(x: f64) -> Self {
        Self(x, PhantomData)
    }
}

impl<L: Lanes> Element for One<L> {
    const COUNT: usize = 1;
    type Reg = L;
    type Wide = Many<L>;

    #[inline(always)]
    unsafe fn load(pointer: *const f64) -> Self {
        // SAFETY: the caller's.
        Self::new(unsafe { *pointer })
    }
    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        Self::new(x)
    }
    #[inline(always)]
    unsafe fn store(self, pointer: *mut f64) {
        // SAFETY: the caller's.
        unsafe { *pointer = self.0 }
    }
    #[inline(always)]
    fn less(self, a: Self, b: Self) -> Self {
        Self::new(L::mul_add_scalar(-a.0, b.0, self.0))
    }
    #[inline(always)]
    fn over(self, divisor: Self) -> Self {
        Self::new(self.0 / divisor.0)
    }
    #[inline(always)]
    fn doubled(self) -> Self {
        Self::new(self.0 + self.0)
    }
    #[inline(always)]
    fn root(self) -> Self {
        Self::new(if self.0 > 0.0 { self.0.sqrt() } else { f64::NAN })
    }
}

/// The elements of an operand.
#[derive(Clone, Copy)]
pub(super) struct Operand<E> {
    pub pointer: *const f64,
    pub is_shared: bool,
    element: PhantomData<E>,
}

impl<E: Element> Operand<E> {
    fn new(args: &Args, k: usize) -> Self {
        let is_shared = args.details.kinds[k] == Kind::Shared;
        Self { pointer: args.operands[k], is_shared, element: PhantomData }
    }

    /// # Safety
    /// The instruction set is enabled, and the operand has the element.
    #[inline(always)]
    pub(super) unsafe fn at(self, i: usize) -> E {
        // SAFETY: the caller's.
        unsafe {
            if self.is_shared {
                E::splat(*self.pointer.add(i))
            } else {
                E::load(self.pointer.add(i * E::COUNT))
            }
        }
    }
}

/// Calls `$body` with `$count` elements from `$i` on, four by four and then one by one.
macro_rules! in_fours {
    ($i:ident in $range:expr, $count:ident => $body:block) => {
        let (mut $i, end) = ($range.start, $range.end);
        while $i + 4 <= end {
            const $count: usize = 4;
            $body
            $i += 4;
        }
        while $i < end {
            const $count: usize = 1;
            $body
            $i += 1;
        }
    };
}

pub(super) use in_fours;

/// # Safety
/// The instruction set is enabled; `a` and `l` hold `n n` elements.
#[inline(always)]
unsafe fn cholesky<E: Element>(a: Operand<E>, l: *mut f64, n: usize) {
    // SAFETY: all indices are below `n n`.
    unsafe {
        let at = |i: usize, j: usize| l.add((i * n + j) * E::COUNT);
        for j in 0..n {
            let mut rest = a.at(j * n + j);
            for k in 0..j {
                let x = E::load(at(j, k));
                rest = rest.less(x, x);
            }
            let pivot = rest.root();
            pivot.store(at(j, j));
            for right in j + 1..n {
                E::splat(0.0).store(at(j, right));
            }
            in_fours!(i in j + 1..n, COUNT => {
                let mut rest: [E; COUNT] = from_fn(|r| a.at((i + r) * n + j));
                for k in 0..j {
                    let x = E::load(at(j, k));
                    for (r, rest) in rest.iter_mut().enumerate() {
                        *rest = rest.less(E::load(at(i + r, k)), x);
                    }
                }
                for (r, rest) in rest.iter().enumerate() {
                    rest.over(pivot).store(at(i + r, j));
                }
            });
        }
    }
}

/// # Safety
/// The instruction set is enabled; `l`, `slopes` and `g` hold `n n` elements.
#[inline(always)]
unsafe fn pullback<E: Element>(l: Operand<E>, slopes: Operand<E>, g: *mut f64, n: usize) {
    // SAFETY: all indices are below `n n`.
    unsafe {
        let at = |i: usize, j: usize| g.add((i * n + j) * E::COUNT);
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            if j <= i { slopes.at(i * n + j) } else { E::splat(0.0) }.store(at(i, j));
        }
        swept_back(|i, j| l.at(i * n + j), at, n);
    }
}

/// The reverse sweep of [`cholesky`] over derivatives that lie at `at(i, j)`, `j <= i`.
///
/// # Safety
/// The instruction set is enabled; `factor` and `at` are defined for `j <= i < n`.
#[inline(always)]
pub(super) unsafe fn swept_back<E: Element>(
    factor: impl Fn(usize, usize) -> E,
    at: impl Fn(usize, usize) -> *mut f64,
    n: usize,
) {
    // SAFETY: all indices are below `n`.
    unsafe {
        for j in (0..n).rev() {
            let pivot = factor(j, j);
            let mut of_pivot = E::load(at(j, j));
            for i in j + 1..n {
                let slope = E::load(at(i, j)).over(pivot);
                slope.store(at(i, j));
                of_pivot = of_pivot.less(slope, factor(i, j));
            }
            let of_pivot = of_pivot.over(pivot.doubled());
            of_pivot.store(at(j, j));
            in_fours!(k in 0..j, COUNT => {
                let of_row: [E; COUNT] = from_fn(|r| factor(j, k + r));
                let mut sums: [E; COUNT] = from_fn(|r| E::load(at(j, k + r)));
                for i in j + 1..n {
                    let slope = E::load(at(i, j));
                    for (r, sum) in sums.iter_mut().enumerate() {
                        E::load(at(i, k + r)).less(slope, of_row[r]).store(at(i, k + r));
                        *sum = sum.less(slope, factor(i, k + r));
                    }
                }
                for (r, sum) in sums.iter().enumerate() {
                    sum.less(of_pivot.doubled(), of_row[r]).store(at(j, k + r));
                }
            });
        }
    }
}

/// # Safety
/// The instruction set is enabled; `l` holds `n n` elements, `b` and `z` hold `n count`.
#[inline(always)]
unsafe fn solve<E: Element>(
    l: Operand<E>,
    b: Operand<E>,
    z: *mut f64,
    n: usize,
    count: usize,
    is_transposed: bool,
) {
    // SAFETY: all indices are below those of the operands.
    unsafe {
        let place = |turn: usize| if is_transposed { n - 1 - turn } else { turn };
        for turn in 0..n {
            let i = place(turn);
            let pivot = l.at(i * n + i);
            in_fours!(side in 0..count, COUNT => {
                let mut rest: [E; COUNT] = from_fn(|r| b.at(i * count + side + r));
                for k in (0..turn).map(place) {
                    let factor = if is_transposed { l.at(k * n + i) } else { l.at(i * n + k) };
                    for (r, rest) in rest.iter_mut().enumerate() {
                        *rest = rest.less(factor, E::load(z.add((k * count + side + r) * E::COUNT)));
                    }
                }
                for (r, rest) in rest.iter().enumerate() {
                    rest.over(pivot).store(z.add((i * count + side + r) * E::COUNT));
                }
            });
        }
    }
}

/// # Safety
/// The instruction set is enabled; the operands have `rows` elements, and `out` those of the result.
#[inline(always)]
unsafe fn run<E: Element>(factor: Factor, operands: [Operand<E>; 2], rows: &[usize], out: *mut f64) {
    let ([first, second], n) = (operands, size(rows[0]));
    let is_transposed = factor == Factor::SolveTransposed;
    // SAFETY: the caller's.
    unsafe {
        match factor {
            Factor::Cholesky if n > SMALL => blocked::cholesky(first, out, n),
            Factor::Cholesky => cholesky(first, out, n),
            Factor::CholeskyPullback if n > SMALL => blocked::pullback(first, second, out, n),
            Factor::CholeskyPullback => pullback(first, second, out, n),
            _ if n > SMALL => blocked::solve(first, second, out, n, rows[1] / n, is_transposed),
            _ => solve(first, second, out, n, rows[1] / n, is_transposed),
        }
    }
}

/// # Safety
/// As for a kernel.
#[inline(always)]
unsafe fn run_kernel<E: Element>(args: &Args) {
    let Some(factor) = args.details.factor else { return };
    let operands = [0, factor.arity() - 1].map(|k| Operand::new(args, k));
    // SAFETY: a verified operation has operands and a result of these rows.
    unsafe { run::<E>(factor, operands, &args.details.operand_rows, args.out) }
}

/// An operation for one chain; see [`Factor::compute`].
struct Single<'a> {
    factor: Factor,
    operands: &'a [&'a [f64]],
    out: &'a mut [f64],
}

impl Task for Single<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<L: Lanes>(self) {
        let operand = |k: usize| Operand {
            pointer: self.operands[k].as_ptr(),
            is_shared: false,
            element: PhantomData::<One<L>>,
        };
        let rows: Vec<usize> = self.operands.iter().map(|operand| operand.len()).collect();
        let operands = [0, self.factor.arity() - 1].map(operand);
        // SAFETY: `single` has asked for the rows of the result.
        unsafe { run(self.factor, operands, &rows, self.out.as_mut_ptr()) }
    }
}

/// The result for one chain, with the bits of the kernels.
///
/// # Errors
/// Those of [`Factor::rows`].
pub(in crate::tape) fn single(factor: Factor, operands: &[&[f64]]) -> Result<Vec<f64>, String> {
    let rows: Vec<usize> = operands.iter().map(|operand| operand.len()).collect();
    let mut out = vec![0.0; factor.rows(&rows)?];
    // SAFETY: the operands have rows that the operation takes, and the result those it makes.
    unsafe { dispatch(Single { factor, operands, out: &mut out }) };
    Ok(out)
}

struct Factored<B>(PhantomData<B>);

impl<L: Lanes, F: Lanes> Body for Factored<ByChain<L, F>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        // SAFETY: the caller's.
        unsafe { run_kernel::<Many<L>>(args) }
    }
}

impl<L: Lanes> Body for Factored<ByRow<L>> {
    type Reg = L;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        // SAFETY: the caller's.
        unsafe { run_kernel::<One<L>>(args) }
    }
}

/// A block that has operations on matrices.
pub(super) trait Factoring: Block + Sized {
    fn factor() -> Kernel;
}

macro_rules! factoring {
    ($($block:ident<$($lanes:ident),+>;)*) => {$(
        impl<$($lanes: Lanes),+> Factoring for $block<$($lanes),+> {
            fn factor() -> Kernel {
                compiled::<Factored<Self>>
            }
        }
    )*};
}

factoring! {
    ByChain<L, F>;
    ByRow<L>;
}
