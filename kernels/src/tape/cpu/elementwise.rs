//! Kernels of elementwise operations.
//!
//! The arithmetic that fills most tapes is compiled for every kind of operand; rarer operations look at the kind in
//! the loop, and functions without a vectorised form call the scalar one for every element.

use std::marker::PhantomData;

use super::super::ops::{Binary, Ternary, Unary};
use super::kernel::{Args, Block, Body, Kernel, Kind, compiled};
use crate::lanes::{Lanes, math};

macro_rules! functions {
    ($function:ident: $($name:ident($($x:ident),+) => $body:expr;)*) => {$(
        struct $name;
        impl $function for $name {
            #[inline(always)]
            fn apply<L: Lanes>($($x: L),+) -> L {
                $body
            }
        }
    )*};
}

trait Function1 {
    fn apply<L: Lanes>(x: L) -> L;
}

trait Function2 {
    fn apply<L: Lanes>(x: L, y: L) -> L;
}

trait Function3 {
    fn apply<L: Lanes>(x: L, y: L, z: L) -> L;
}

/// 1 where the mask is set, else 0.
#[inline(always)]
fn truth<L: Lanes>(like: L, mask: L::Mask) -> L {
    L::select(mask, like.like(1.0), like.like(0.0))
}

functions! { Function1:
    Neg(x) => -x;
    Exp(x) => math::exp(x);
    Log(x) => math::log(x);
    Log1p(x) => math::log1p(x);
    Expm1(x) => math::expm1(x);
    Sqrt(x) => x.sqrt();
    Recip(x) => x.like(1.0) / x;
    Abs(x) => x.abs();
    Sign(x) => {
        let zero = x.like(0.0);
        L::select(zero.lt(x), x.like(1.0), L::select(x.lt(zero), x.like(-1.0), x))
    };
    Floor(x) => x.floor();
    Ceil(x) => x.ceil();
    Round(x) => x.round();
    Tanh(x) => math::tanh(x);
    Sigmoid(x) => math::sigmoid(x);
    Softplus(x) => math::softplus(x);
    Not(x) => truth(x, x.eq(x.like(0.0)));
    IsNan(x) => L::select(x.eq(x), x.like(0.0), x.like(1.0));
}

functions! { Function2:
    Add(x, y) => x + y;
    Sub(x, y) => x - y;
    Mul(x, y) => x * y;
    Div(x, y) => x / y;
    Max(x, y) => L::select(x.eq(x), x.larger(y), x);
    Min(x, y) => L::select(x.eq(x), x.smaller(y), x);
    Lower(x, y) => truth(x, x.lt(y));
    LowerEqual(x, y) => truth(x, x.le(y));
    Equal(x, y) => truth(x, x.eq(y));
    NotEqual(x, y) => L::select(x.eq(y), x.like(0.0), x.like(1.0));
    And(x, y) => {
        let zero = x.like(0.0);
        L::select(x.eq(zero), zero, L::select(y.eq(zero), zero, x.like(1.0)))
    };
    Or(x, y) => {
        let (zero, one) = (x.like(0.0), x.like(1.0));
        L::select(x.eq(zero), L::select(y.eq(zero), zero, one), one)
    };
}

functions! { Function3:
    MulAdd(x, y, z) => x.mul_add(y, z);
    Select(x, y, z) => L::select(x.eq(x.like(0.0)), z, y);
}

/// The registers of an operand, turn by turn.
trait Source<B: Block>: Copy {
    unsafe fn new(pointer: *const f64, kind: Kind) -> Self;
    unsafe fn turn(self, turn: usize) -> B::Reg;
}

#[derive(Clone, Copy)]
struct Varying(*const f64);

#[derive(Clone, Copy)]
struct Uniform<R>(R);

#[derive(Clone, Copy)]
struct Shared(*const f64);

#[derive(Clone, Copy)]
struct Any(*const f64, Kind);

impl<B: Block> Source<B> for Varying {
    #[inline(always)]
    unsafe fn new(pointer: *const f64, _: Kind) -> Self {
        Self(pointer)
    }
    #[inline(always)]
    unsafe fn turn(self, turn: usize) -> B::Reg {
        // SAFETY: the column holds all turns of the tile.
        unsafe { B::Reg::load(self.0.add(turn * B::Reg::LANES)) }
    }
}

impl<B: Block> Source<B> for Uniform<B::Reg> {
    #[inline(always)]
    unsafe fn new(pointer: *const f64, _: Kind) -> Self {
        // SAFETY: a uniform operand holds a row.
        Self(unsafe { B::load_uniform(pointer) })
    }
    #[inline(always)]
    unsafe fn turn(self, _: usize) -> B::Reg {
        self.0
    }
}

impl<B: Block> Source<B> for Shared {
    #[inline(always)]
    unsafe fn new(pointer: *const f64, _: Kind) -> Self {
        Self(pointer)
    }
    #[inline(always)]
    unsafe fn turn(self, turn: usize) -> B::Reg {
        // SAFETY: the column holds all turns of the tile.
        unsafe { B::load_shared(self.0, turn) }
    }
}

impl<B: Block> Source<B> for Any {
    #[inline(always)]
    unsafe fn new(pointer: *const f64, kind: Kind) -> Self {
        Self(pointer, kind)
    }
    #[inline(always)]
    unsafe fn turn(self, turn: usize) -> B::Reg {
        // SAFETY: the column holds all turns of the tile, or one row if it is uniform.
        unsafe {
            match self.1 {
                Kind::Varying => B::Reg::load(self.0.add(turn * B::Reg::LANES)),
                Kind::Uniform => B::load_uniform(self.0),
                Kind::Shared => B::load_shared(self.0, turn),
            }
        }
    }
}

#[inline(always)]
fn turns<B: Block>(rows: usize) -> usize {
    rows.div_ceil(B::ROWS)
}

struct Map1<B, F>(PhantomData<(B, F)>);

impl<B: Block, F: Function1> Body for Map1<B, F> {
    type Reg = B::Flat;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, x) = (args.out, args.operands[0]);
        for at in (0..args.rows * B::WIDTH).step_by(B::Flat::LANES) {
            // SAFETY: the columns hold all elements of the tile, padded where a register holds more than a row.
            unsafe { F::apply(B::Flat::load(x.add(at))).store(out.add(at)) }
        }
    }
}

struct Map2<B, F, X, Y>(PhantomData<(B, F, X, Y)>);

impl<B: Block, F: Function2, X: Source<B>, Y: Source<B>> Body for Map2<B, F, X, Y> {
    type Reg = B::Reg;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, kinds) = (args.out, &args.details.kinds);
        // SAFETY: the columns hold all turns of the tile.
        unsafe {
            let (x, y) = (X::new(args.operands[0], kinds[0]), Y::new(args.operands[1], kinds[1]));
            for turn in 0..turns::<B>(args.rows) {
                F::apply(x.turn(turn), y.turn(turn)).store(out.add(turn * B::Reg::LANES));
            }
        }
    }
}

struct Map3<B, F, X, Y, Z>(PhantomData<(B, F, X, Y, Z)>);

impl<B: Block, F: Function3, X: Source<B>, Y: Source<B>, Z: Source<B>> Body for Map3<B, F, X, Y, Z> {
    type Reg = B::Reg;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, kinds, [x, y, z]) = (args.out, &args.details.kinds, args.operands);
        // SAFETY: the columns hold all turns of the tile.
        unsafe {
            let (x, y, z) = (X::new(x, kinds[0]), Y::new(y, kinds[1]), Z::new(z, kinds[2]));
            for turn in 0..turns::<B>(args.rows) {
                F::apply(x.turn(turn), y.turn(turn), z.turn(turn)).store(out.add(turn * B::Reg::LANES));
            }
        }
    }
}

/// Calls the scalar function of the operation for every element.
struct Scalar<B>(PhantomData<B>);

impl<B: Block> Body for Scalar<B> {
    type Reg = B::Reg;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (details, [x, y, z]) = (args.details, args.operands);
        // Steps between rows and between lanes.
        let strides = |kind: Option<&Kind>| match kind {
            Some(Kind::Uniform) => (0, 1),
            Some(Kind::Shared) => (1, 0),
            _ => (B::WIDTH, 1),
        };
        let (x_row, x_lane) = strides(details.kinds.first());
        let (y_row, y_lane) = strides(details.kinds.get(1));
        let (z_row, z_lane) = strides(details.kinds.get(2));
        for row in 0..args.rows {
            for lane in 0..B::WIDTH {
                // SAFETY: the columns hold `rows` rows.
                unsafe {
                    let a = *x.add(row * x_row + lane * x_lane);
                    let second = || *y.add(row * y_row + lane * y_lane);
                    let third = || *z.add(row * z_row + lane * z_lane);
                    let value = match (details.unary, details.binary, details.ternary) {
                        (Some(op), ..) => op.eval(a),
                        (_, Some(op), _) => op.eval(a, second()),
                        (.., Some(op)) => op.eval(a, second(), third()),
                        (None, None, None) => a,
                    };
                    *args.out.add(row * B::WIDTH + lane) = value;
                }
            }
        }
    }
}

/// A copy that writes no row past the last.
pub(super) fn copy<B: Block>() -> Kernel {
    compiled::<Scalar<B>>
}

/// The kernel of `op`.
pub(super) fn unary<B: Block>(op: Unary) -> Kernel {
    macro_rules! select {
        ($($name:ident)*) => {
            match op {
                $(Unary::$name => compiled::<Map1<B, $name>>,)*
                _ => compiled::<Scalar<B>>,
            }
        };
    }
    select!(Neg Exp Log Log1p Expm1 Sqrt Recip Abs Sign Floor Ceil Round Tanh Sigmoid Softplus Not IsNan)
}

fn by_kind<B: Block, F: Function2>(kinds: [Kind; 2]) -> Kernel {
    use Kind::{Shared as S, Uniform as U, Varying as V};
    match kinds {
        [V, V] => compiled::<Map2<B, F, Varying, Varying>>,
        [V, U] => compiled::<Map2<B, F, Varying, Uniform<B::Reg>>>,
        [U, V] => compiled::<Map2<B, F, Uniform<B::Reg>, Varying>>,
        [V, S] => compiled::<Map2<B, F, Varying, Shared>>,
        [S, V] => compiled::<Map2<B, F, Shared, Varying>>,
        [U, S] => compiled::<Map2<B, F, Uniform<B::Reg>, Shared>>,
        [S, U] => compiled::<Map2<B, F, Shared, Uniform<B::Reg>>>,
        _ => compiled::<Map2<B, F, Any, Any>>,
    }
}

/// The kernel of `op` for these kinds of operands; the operands must have been put in order by [`in_order`].
pub(super) fn binary<B: Block>(op: Binary, kinds: [Kind; 2]) -> Kernel {
    macro_rules! select {
        ($($name:ident)*) => {
            match op {
                Binary::Add => by_kind::<B, Add>(kinds),
                Binary::Sub => by_kind::<B, Sub>(kinds),
                Binary::Mul => by_kind::<B, Mul>(kinds),
                $(Binary::$name => compiled::<Map2<B, $name, Any, Any>>,)*
                Binary::Pow | Binary::Greater | Binary::GreaterEqual => compiled::<Scalar<B>>,
                Binary::LogGammaP(_) | Binary::LogGammaQ(_) => compiled::<Scalar<B>>,
            }
        };
    }
    select!(Div Max Min Lower LowerEqual Equal NotEqual And Or)
}

/// The kernel of `op` for these kinds of operands; the operands must have been put in order by [`in_order`].
pub(super) fn ternary<B: Block>(op: Ternary, kinds: [Kind; 3]) -> Kernel {
    use Kind::{Shared as S, Uniform as U, Varying as V};
    macro_rules! select {
        ($($x:ident $y:ident $z:ident),*) => {
            match (op, kinds) {
                $((Ternary::MulAdd, [$x, $y, $z]) => {
                    compiled::<Map3<B, MulAdd, select!(@ $x), select!(@ $y), select!(@ $z)>>
                })*
                (Ternary::MulAdd, _) => compiled::<Map3<B, MulAdd, Any, Any, Any>>,
                (Ternary::Select, _) => compiled::<Map3<B, Select, Any, Any, Any>>,
                (Ternary::LogBetaCdf(_), _) => compiled::<Scalar<B>>,
            }
        };
        (@ V) => { Varying };
        (@ U) => { Uniform<B::Reg> };
        (@ S) => { Shared };
    }
    select!(V V V, V V U, V V S, V U V, V U U, V U S, V S V, V S U, V S S, U S V, U S U, U S S, U U V)
}
