//! The kernels: a plan is unrolled, its loops over rows are not.
//!
//! ```text
//! thread per chain: element (row, chain) of memory is row * chains + chain; a unit does all rows
//! cube per chain:   element (row, chain) is chain * rows + row; unit u does rows u, u + units, ...
//! ```
//!
//! Sums over rows are compensated, in a loop and between units, in an order that depends on the number of units
//! alone. Units whose rows another loop reads wait for each other at the end of a phase.

#![allow(
    clippy::too_many_arguments,
    clippy::collapsible_if,
    clippy::needless_range_loop,
    reason = "kernels have no structures of slices, and conditions and loops are known when they are compiled or not"
)]

use cubecl::prelude::*;

use super::code::{Action, Code, Place, Store, Target};
use super::exact::{Pair, accumulate, add, divide, joined, multiply, negate};
use super::factor::run_factor;
use super::join::join_pairs;
use super::math::{binary, is_finite, ternary, unary};
use super::wide::{exp, lgamma_pair, log_pair, sqrt};
use crate::tape::ops::{Binary, Ternary, Unary};

/// Whose work a unit does.
#[derive(CubeType, Clone, Copy)]
pub(super) struct Seat {
    pub chain: usize,
    pub chains: usize,
    pub unit: usize,
    /// Zero, which only the launch knows.
    pub zero: u32,
}

/// The element of a memory of `rows` rows a chain.
#[cube]
pub(super) fn element(row: usize, seat: &Seat, #[comptime] rows: usize, #[comptime] units: usize) -> usize {
    if comptime!(units == 1) { row * seat.chains + seat.chain } else { seat.chain * rows + row }
}

#[cube]
pub(super) fn arena_element(row: usize, seat: &Seat, #[comptime] code: Code) -> usize {
    if comptime!(code.is_arena_shared) {
        row
    } else {
        element(row, seat, comptime!(code.plan().arena_rows), comptime!(code.team.units))
    }
}

/// The scalars and sums known so far, in two parts.
#[derive(CubeType)]
pub(super) struct Known {
    pub scalars: Sequence<f32>,
    pub scalars_low: Sequence<f32>,
    pub totals: Sequence<f32>,
    pub totals_low: Sequence<f32>,
}

#[cube]
pub(super) fn read_memory(
    i: usize,
    position: &[f32],
    data: &[f32],
    arena: &[f32],
    seat: &Seat,
    #[comptime] place: Place,
    #[comptime] code: Code,
) -> f32 {
    match comptime!(place) {
        Place::Data(start) => data[i + start],
        Place::Position(start) => {
            position[element(i + start, seat, comptime!(code.plan().dim), comptime!(code.team.units))]
        }
        Place::Arena(start) => arena[arena_element(i + start, seat, code)],
        _ => comptime!(unreachable!("{place:?} is not memory")),
    }
}

#[cube]
pub(super) fn read(
    i: usize,
    position: &[f32],
    data: &[f32],
    arena: &[f32],
    known: &Known,
    turn: &Sequence<f32>,
    seat: &Seat,
    #[comptime] place: Place,
    #[comptime] code: Code,
) -> f32 {
    match comptime!(place) {
        Place::Literal(high, _) => f32::new(comptime!(f32::from_bits(high))),
        Place::Scalar(slot) => known.scalars[comptime!(slot)],
        Place::Total(slot) => known.totals[comptime!(slot)],
        Place::Turn(slot) => turn[comptime!(slot)],
        _ => read_memory(i, position, data, arena, seat, place, code),
    }
}

/// A scalar in two parts.
#[cube]
fn read_pair(known: &Known, #[comptime] place: Place) -> Pair {
    match comptime!(place) {
        Place::Literal(high, low) => Pair {
            high: f32::new(comptime!(f32::from_bits(high))),
            low: f32::new(comptime!(f32::from_bits(low))),
        },
        Place::Scalar(slot) => {
            Pair { high: known.scalars[comptime!(slot)], low: known.scalars_low[comptime!(slot)] }
        }
        Place::Total(slot) => {
            Pair { high: known.totals[comptime!(slot)], low: known.totals_low[comptime!(slot)] }
        }
        _ => comptime!(unreachable!("{place:?} is not a scalar")),
    }
}

/// An operand of a loop in two parts; what comes from memory has one.
#[cube]
fn read_row_pair(
    i: usize,
    position: &[f32],
    data: &[f32],
    arena: &[f32],
    known: &Known,
    turn: &Sequence<f32>,
    turn_low: &Sequence<f32>,
    seat: &Seat,
    #[comptime] place: Place,
    #[comptime] code: Code,
) -> Pair {
    match comptime!(place) {
        Place::Turn(slot) => Pair { high: turn[comptime!(slot)], low: turn_low[comptime!(slot)] },
        Place::Data(_) | Place::Position(_) | Place::Arena(_) => {
            Pair { high: read_memory(i, position, data, arena, seat, place, code), low: 0.0f32 }
        }
        _ => read_pair(known, place),
    }
}

/// A result in two parts; actions of fewer operands leave out the last ones.
#[cube]
fn wide_step(a: Pair, b: Pair, c: Pair, seat: &Seat, #[comptime] action: Action) -> Pair {
    match comptime!(action) {
        Action::Unary(Unary::Neg) => negate(a),
        Action::Unary(Unary::Exp) => exp(&a, seat.zero),
        Action::Unary(Unary::Log) => log_pair(a, seat.zero),
        Action::Unary(Unary::Lgamma) => lgamma_pair(a, seat.zero),
        Action::Unary(Unary::Sqrt) => sqrt(a, seat.zero),
        Action::Unary(Unary::Recip) => divide(Pair { high: 1.0f32, low: 0.0f32 }, a, seat.zero),
        Action::Binary(Binary::Add) => add(a, b, seat.zero),
        Action::Binary(Binary::Sub) => add(a, negate(b), seat.zero),
        Action::Binary(Binary::Mul) => multiply(a, b, seat.zero),
        Action::Binary(Binary::Div) => divide(a, b, seat.zero),
        Action::Ternary(Ternary::MulAdd) => add(multiply(a, b, seat.zero), c, seat.zero),
        _ => comptime!(unreachable!("{action:?} has no form in two parts")),
    }
}

/// The operand `k` of a list, or its first.
fn operand(args: &[Place], k: usize) -> Place {
    args.get(k).copied().unwrap_or(args[0])
}

#[cube]
fn step(
    i: usize,
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &[f32],
    known: &Known,
    turn: &Sequence<f32>,
    seat: &Seat,
    #[comptime] action: Action,
    #[comptime] args: Vec<Place>,
    #[comptime] code: Code,
) -> f32 {
    let first = comptime!(args[0]);
    match comptime!(action) {
        Action::Unary(op) => {
            unary(read(i, position, data, arena, known, turn, seat, first, code), seat.zero, op)
        }
        Action::Binary(op) => {
            let a = read(i, position, data, arena, known, turn, seat, first, code.clone());
            let b = read(i, position, data, arena, known, turn, seat, comptime!(args[1]), code);
            binary(a, b, seat.zero, op)
        }
        Action::Ternary(op) => {
            let a = read(i, position, data, arena, known, turn, seat, first, code.clone());
            let b = read(i, position, data, arena, known, turn, seat, comptime!(args[1]), code.clone());
            let c = read(i, position, data, arena, known, turn, seat, comptime!(args[2]), code);
            ternary(a, b, c, seat.zero, op)
        }
        Action::Copy | Action::CopyPair => read(i, position, data, arena, known, turn, seat, first, code),
        Action::Gather { index: start } => {
            let row = index[i + start] as usize;
            read_memory(row, position, data, arena, seat, first, code)
        }
        Action::Segment { offsets, members, .. } => {
            let mut sum = 0.0f32;
            let mut rest = 0.0f32;
            let mut k = index[i + offsets];
            let end = index[i + comptime!(offsets + 1)];
            while k < end {
                let row = index[k as usize + members] as usize;
                let x = read_memory(row, position, data, arena, seat, first, code.clone());
                let next = accumulate(Pair { high: sum, low: rest }, x, seat.zero);
                sum = next.high;
                rest = next.low;
                k += 1u32;
            }
            rounded(sum, rest)
        }
        Action::MatVec { matrix, columns } => {
            let mut sum = 0.0f32;
            let mut j = 0usize.runtime();
            while j < columns + seat.zero as usize {
                let x = read_memory(j, position, data, arena, seat, first, code.clone());
                sum += data[i * columns + j + matrix] * x;
                j += 1;
            }
            sum
        }
        Action::Strips { count, rows } => {
            let mut sum = 0.0f32;
            let mut rest = 0.0f32;
            let mut j = 0usize.runtime();
            while j < count + seat.zero as usize {
                let x = read_memory(i + j * rows, position, data, arena, seat, first, code.clone());
                let next = accumulate(Pair { high: sum, low: rest }, x, seat.zero);
                sum = next.high;
                rest = next.low;
                j += 1;
            }
            rounded(sum, rest)
        }
        Action::TileRow => comptime!(unreachable!("rows of a tile's product are given")),
        Action::MatTVec { matrix, rows, columns } => {
            let mut sum = 0.0f32;
            let mut rest = 0.0f32;
            let mut j = 0usize.runtime();
            while j < rows + seat.zero as usize {
                let x = read_memory(j, position, data, arena, seat, first, code.clone());
                let term = data[j * columns + i + matrix] * x;
                let next = accumulate(Pair { high: sum, low: rest }, term, seat.zero);
                sum = next.high;
                rest = next.low;
                j += 1;
            }
            rounded(sum, rest)
        }
    }
}

/// A running sum as one number; the rest of an infinite sum is NaN and does not count.
#[cube]
fn rounded(sum: f32, rest: f32) -> f32 {
    select(is_finite(sum), sum + rest, sum)
}

#[cube]
fn write(
    i: usize,
    value: f32,
    arena: &mut [f32],
    output: &mut [f32],
    seat: &Seat,
    #[comptime] target: Target,
    #[comptime] code: Code,
) {
    match comptime!(target) {
        Target::Arena(start) => {
            arena[arena_element(i + start, seat, code)] = value;
        }
        Target::Output(start) => {
            let rows = comptime!(code.plan().output_rows + 1);
            output[element(i + start, seat, rows, comptime!(code.team.units))] = value;
        }
    }
}

#[cube]
fn write_scalars(
    arena: &mut [f32],
    output: &mut [f32],
    known: &Known,
    seat: &Seat,
    #[comptime] stores: Vec<Store>,
    #[comptime] code: Code,
) {
    if comptime!(!stores.is_empty()) {
        if seat.unit == 0 {
            #[unroll]
            for n in 0..comptime!(stores.len()) {
                let pair = read_pair(known, comptime!(stores[n].value));
                let value = if comptime!(stores[n].is_low) { pair.low } else { pair.high };
                write(0usize, value, arena, output, seat, comptime!(stores[n].target), code.clone());
            }
        }
    }
}

/// Turn `i` of loop `l` of phase `p`: its steps, stores and sums. `given` is row `i` of the tile's product.
#[cube]
pub(super) fn row_turn(
    i: usize,
    given: f32,
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    sums: &mut Array<f32>,
    known: &Known,
    seat: &Seat,
    #[comptime] p: usize,
    #[comptime] l: usize,
    #[comptime] code: Code,
) -> Sequence<f32> {
    let mut turn = Sequence::<f32>::new();
    let mut turn_low = Sequence::<f32>::new();
    #[unroll]
    for n in 0..comptime!(code.plan().phases[p].loops[l].steps.len()) {
        let next = comptime!(code.plan().phases[p].loops[l].steps[n].clone());
        let action = comptime!(next.action);
        let args = comptime!(next.args.clone());
        if comptime!(action == Action::TileRow) {
            turn.push(given);
            turn_low.push(f32::new(0.0f32));
        } else if comptime!(next.is_wide) {
            let (x, y, z) = comptime!((operand(&args, 0), operand(&args, 1), operand(&args, 2)));
            let x = read_row_pair(i, position, data, &*arena, known, &turn, &turn_low, seat, x, code.clone());
            let y = read_row_pair(i, position, data, &*arena, known, &turn, &turn_low, seat, y, code.clone());
            let z = read_row_pair(i, position, data, &*arena, known, &turn, &turn_low, seat, z, code.clone());
            let pair = wide_step(x, y, z, seat, action);
            turn.push(pair.high);
            turn_low.push(pair.low);
        } else {
            let value =
                step(i, position, data, index, &*arena, known, &turn, seat, action, args, code.clone());
            turn.push(value);
            turn_low.push(f32::new(0.0f32));
        }
    }
    #[unroll]
    for n in 0..comptime!(code.plan().phases[p].loops[l].stores.len()) {
        let store = comptime!(code.plan().phases[p].loops[l].stores[n]);
        let place = comptime!(store.value);
        let value = read(i, position, data, &*arena, known, &turn, seat, place, code.clone());
        write(i, value, arena, output, seat, comptime!(store.target), code.clone());
    }
    #[unroll]
    for n in 0..comptime!(code.plan().phases[p].loops[l].totals.len()) {
        let total = comptime!(code.plan().phases[p].loops[l].totals[n]);
        let slot = comptime!(2 * (code.plan().phases[p].loops[l].first_total + n));
        let a = read(i, position, data, &*arena, known, &turn, seat, comptime!(total.a), code.clone());
        let term = if comptime!(total.b.is_some()) {
            let place = comptime!(total.b.unwrap_or(total.a));
            a * read(i, position, data, &*arena, known, &turn, seat, place, code.clone())
        } else {
            a
        };
        let sum = Pair { high: sums[slot], low: sums[comptime!(slot + 1)] };
        let next = accumulate(sum, term, seat.zero);
        sums[slot] = next.high;
        sums[comptime!(slot + 1)] = if comptime!(total.b.is_none()) {
            next.low
                + read_row_pair(
                    i,
                    position,
                    data,
                    &*arena,
                    known,
                    &turn,
                    &turn_low,
                    seat,
                    total.a,
                    code.clone(),
                )
                .low
        } else {
            next.low
        };
    }
    turn
}

/// One turn after the other of loop `l` of phase `p`.
#[cube]
fn row_loop(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    sums: &mut Array<f32>,
    known: &Known,
    seat: &Seat,
    #[comptime] p: usize,
    #[comptime] l: usize,
    #[comptime] code: Code,
) {
    let rows = comptime!(code.plan().phases[p].loops[l].rows);
    let units = comptime!(code.team.units);
    let end = rows + seat.zero as usize;
    let mut i = seat.unit;
    while i < end {
        row_turn(i, 0.0f32, position, data, index, arena, output, sums, known, seat, p, l, code.clone());
        i += units;
    }
}

#[cube]
pub(super) fn run_scalars(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &[f32],
    known: &mut Known,
    seat: &Seat,
    #[comptime] p: usize,
    #[comptime] code: Code,
) {
    let none = Sequence::<f32>::new();
    #[unroll]
    for n in 0..comptime!(code.plan().phases[p].scalars.len()) {
        let next = comptime!(code.plan().phases[p].scalars[n].clone());
        let args = comptime!(next.args.clone());
        if comptime!(next.action == Action::CopyPair) {
            let high = read_memory(0usize, position, data, arena, seat, comptime!(args[0]), code.clone());
            let low = read_memory(1usize, position, data, arena, seat, comptime!(args[0]), code.clone());
            known.scalars.push(high);
            known.scalars_low.push(low);
        } else if comptime!(next.is_wide && next.action != Action::Copy) {
            let a = read_pair(&*known, comptime!(operand(&args, 0)));
            let b = read_pair(&*known, comptime!(operand(&args, 1)));
            let c = read_pair(&*known, comptime!(operand(&args, 2)));
            let pair = wide_step(a, b, c, seat, comptime!(next.action));
            known.scalars.push(pair.high);
            known.scalars_low.push(pair.low);
        } else {
            let action = comptime!(next.action);
            let value =
                step(0usize, position, data, index, arena, &*known, &none, seat, action, args, code.clone());
            known.scalars.push(value);
            known.scalars_low.push(f32::new(0.0f32));
        }
    }
}

/// Recurrence `n` of phase `p`, turn after turn.
#[cube]
fn run_recurrence(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    known: &Known,
    seat: &Seat,
    #[comptime] p: usize,
    #[comptime] n: usize,
    #[comptime] code: Code,
) {
    let carries = comptime!(code.plan().phases[p].recurrences[n].next.len());
    let turns = comptime!(code.plan().phases[p].recurrences[n].turns);
    let is_backward = comptime!(code.plan().phases[p].recurrences[n].is_backward);
    let first_row = comptime!(code.plan().phases[p].recurrences[n].row);
    let none = Sequence::<f32>::new();
    let mut state = Array::<f32>::new(carries);
    #[unroll]
    for c in 0..carries {
        let place = comptime!(code.plan().phases[p].recurrences[n].initial[c]);
        let x = read(0usize, position, data, &*arena, known, &none, seat, place, code.clone());
        state[c] = x;
        let first = comptime!(first_row + c * (turns + 1) + if is_backward { turns } else { 0 });
        write(0usize, x, arena, output, seat, comptime!(Target::Arena(first)), code.clone());
    }
    let mut count = 0usize.runtime();
    while count < turns + seat.zero as usize {
        let row = if comptime!(is_backward) { comptime!(turns - 1) - count } else { count };
        let mut turn = Sequence::<f32>::new();
        #[unroll]
        for c in 0..carries {
            let x = state[c];
            turn.push(x);
        }
        #[unroll]
        for k in 0..comptime!(code.plan().phases[p].recurrences[n].steps.len()) {
            let next = comptime!(code.plan().phases[p].recurrences[n].steps[k].clone());
            let action = comptime!(next.action);
            let args = comptime!(next.args.clone());
            let value =
                step(row, position, data, index, &*arena, known, &turn, seat, action, args, code.clone());
            turn.push(value);
        }
        let made = if comptime!(is_backward) { row } else { row + 1 };
        #[unroll]
        for c in 0..carries {
            let place = comptime!(code.plan().phases[p].recurrences[n].next[c]);
            let x = read(row, position, data, &*arena, known, &turn, seat, place, code.clone());
            state[c] = x;
            let target = comptime!(Target::Arena(first_row + c * (turns + 1)));
            write(made, x, arena, output, seat, target, code.clone());
        }
        count += 1;
    }
}

/// Runs a plan for one chain.
#[cube]
pub(super) fn run_chain(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    partial: &mut [f32],
    seat: &Seat,
    #[comptime] code: Code,
) {
    let mut known = Known {
        scalars: Sequence::new(),
        scalars_low: Sequence::new(),
        totals: Sequence::new(),
        totals_low: Sequence::new(),
    };
    #[unroll]
    for p in 0..comptime!(code.plan().phases.len()) {
        let totals = comptime!(code.plan().phases[p].totals);
        run_scalars(position, data, index, &*arena, &mut known, seat, p, code.clone());
        let stores = comptime!(code.plan().phases[p].stores.clone());
        write_scalars(arena, output, &known, seat, stores, code.clone());
        #[unroll]
        for n in 0..comptime!(code.plan().phases[p].factors.len()) {
            let next = comptime!(code.plan().phases[p].factors[n]);
            run_factor(position, data, arena, seat, next, code.clone());
        }
        if comptime!(!code.plan().phases[p].recurrences.is_empty()) {
            if seat.unit == 0 {
                #[unroll]
                for n in 0..comptime!(code.plan().phases[p].recurrences.len()) {
                    run_recurrence(position, data, index, arena, output, &known, seat, p, n, code.clone());
                }
            }
        }
        let mut sums = Array::<f32>::new(comptime!((2 * totals).max(1)));
        #[unroll]
        for n in 0..comptime!(2 * totals) {
            sums[n] = 0.0f32;
        }
        #[unroll]
        for l in 0..comptime!(code.plan().phases[p].loops.len()) {
            row_loop(position, data, index, arena, output, &mut sums, &known, seat, p, l, code.clone());
        }
        if comptime!(code.team.units > 1) {
            let has_barrier = comptime!(totals > 0 && code.team.groups() > 1);
            if comptime!(code.plan().phases[p].writes_arena && !code.is_arena_shared) {
                sync_storage();
            } else if comptime!(code.plan().phases[p].writes_arena && !has_barrier) {
                sync_cube();
            }
            if comptime!(totals > 0) {
                let start = comptime!(code.plan().phases[p].parity * (code.partial_sums() / 2));
                join_pairs(&mut sums, partial, seat, totals, start, comptime!(code.team));
            }
        }
        #[unroll]
        for n in 0..totals {
            let high = sums[comptime!(2 * n)];
            let low = sums[comptime!(2 * n + 1)];
            let sum = joined(high, low, seat.zero);
            known.totals.push(sum.high);
            known.totals_low.push(sum.low);
        }
    }
    let stores = comptime!(code.plan().stores.clone());
    write_scalars(arena, output, &known, seat, stores, code);
}

#[cube(launch)]
pub(super) fn thread_per_chain(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    chains: u32,
    zero: u32,
    #[comptime] code: Code,
) {
    let mut partial = Shared::<[f32]>::new_slice(1usize);
    let chain = ABSOLUTE_POS;
    if chain < chains as usize {
        let seat = Seat { chain, chains: chains as usize, unit: 0usize, zero };
        run_chain(position, data, index, arena, output, &mut partial, &seat, code);
    }
}

#[cube(launch)]
pub(super) fn cube_per_chain(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    chains: u32,
    zero: u32,
    #[comptime] code: Code,
) {
    let mut partial = Shared::<[f32]>::new_slice(comptime!(code.partial_sums()));
    let chain = CUBE_POS;
    if chain < chains as usize {
        let seat = Seat { chain, chains: chains as usize, unit: UNIT_POS as usize, zero };
        if comptime!(code.is_arena_shared) {
            let mut shared = Shared::<[f32]>::new_slice(comptime!(code.plan().arena_rows));
            run_chain(position, data, index, &mut shared, output, &mut partial, &seat, code);
        } else {
            run_chain(position, data, index, arena, output, &mut partial, &seat, code);
        }
    }
}
