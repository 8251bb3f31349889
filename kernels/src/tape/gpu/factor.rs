//! Operations on all of a small matrix, by the units of a chain together: see [`Factor`] for what they compute.
//!
//! ```text
//! Cholesky:  a column a turn; unit u takes rows u, u + units, ... below the diagonal
//! pullback:  a column a turn, from the last; first its rows, then the columns before it
//! solve:     a row a turn; what it makes known is taken off the rows that follow
//! ```
//!
//! Units wait for each other once or twice a turn. Pivots are computed by all of them, so that nobody waits for one.

#![allow(clippy::too_many_arguments, reason = "kernels have no structures of slices")]

use cubecl::prelude::*;

use super::super::factor::Factor;
use super::code::{Code, FactorStep};
use super::kernel::{Seat, arena_element, read_memory};
use super::math::nan;

/// Lets all units see what all have written.
#[cube]
fn wait(#[comptime] code: Code) {
    if comptime!(code.team.units > 1) {
        if comptime!(code.is_arena_shared) {
            sync_cube();
        } else {
            sync_storage();
        }
    }
}

/// Element `i` of the result.
#[cube]
fn made(i: usize, arena: &[f32], seat: &Seat, #[comptime] step: FactorStep, #[comptime] code: Code) -> f32 {
    arena[arena_element(i + comptime!(step.out), seat, code)]
}

#[cube]
fn make(
    i: usize,
    value: f32,
    arena: &mut [f32],
    seat: &Seat,
    #[comptime] step: FactorStep,
    #[comptime] code: Code,
) {
    arena[arena_element(i + comptime!(step.out), seat, code)] = value;
}

/// Computes one operation.
#[cube]
pub(super) fn run_factor(
    position: &[f32],
    data: &[f32],
    arena: &mut [f32],
    seat: &Seat,
    #[comptime] step: FactorStep,
    #[comptime] code: Code,
) {
    match comptime!(step.factor) {
        Factor::Cholesky => cholesky(position, data, arena, seat, step, code),
        Factor::CholeskyPullback => pullback(position, data, arena, seat, step, code),
        Factor::SolveLower | Factor::SolveTransposed => solve(position, data, arena, seat, step, code),
    }
}

#[cube]
fn cholesky(
    position: &[f32],
    data: &[f32],
    arena: &mut [f32],
    seat: &Seat,
    #[comptime] step: FactorStep,
    #[comptime] code: Code,
) {
    let end = comptime!(step.size) + seat.zero as usize;
    let units = comptime!(code.team.units);
    let mut j = 0usize.runtime();
    while j < end {
        let row = j * end;
        let mut rest =
            read_memory(row + j, position, data, &*arena, seat, comptime!(step.operands[0]), code.clone());
        let mut k = 0usize.runtime();
        while k < j {
            let x = made(row + k, &*arena, seat, step, code.clone());
            rest -= x * x;
            k += 1;
        }
        let pivot = select(rest > 0.0f32, rest.sqrt(), nan(seat.zero));
        let mut i = j + 1 + seat.unit;
        while i < end {
            let other = i * end;
            let mut rest = read_memory(
                other + j,
                position,
                data,
                &*arena,
                seat,
                comptime!(step.operands[0]),
                code.clone(),
            );
            let mut k = 0usize.runtime();
            while k < j {
                let x = made(other + k, &*arena, seat, step, code.clone());
                rest -= x * made(row + k, &*arena, seat, step, code.clone());
                k += 1;
            }
            make(other + j, rest / pivot, arena, seat, step, code.clone());
            make(row + i, 0.0f32, arena, seat, step, code.clone());
            i += units;
        }
        if seat.unit == 0 {
            make(row + j, pivot, arena, seat, step, code.clone());
        }
        wait(code.clone());
        j += 1;
    }
}

#[cube]
fn pullback(
    position: &[f32],
    data: &[f32],
    arena: &mut [f32],
    seat: &Seat,
    #[comptime] step: FactorStep,
    #[comptime] code: Code,
) {
    let end = comptime!(step.size) + seat.zero as usize;
    let units = comptime!(code.team.units);
    let factor = comptime!(step.operands[0]);
    let mut e = seat.unit;
    while e < end * end {
        let slope = read_memory(e, position, data, &*arena, seat, comptime!(step.operands[1]), code.clone());
        make(e, select(e % end <= e / end, slope, 0.0f32), arena, seat, step, code.clone());
        e += units;
    }
    wait(code.clone());
    let mut turn = 0usize.runtime();
    while turn < end {
        let j = end - 1 - turn;
        let row = j * end;
        let pivot = read_memory(row + j, position, data, &*arena, seat, factor, code.clone());
        let mut i = j + 1 + seat.unit;
        while i < end {
            let slope = made(i * end + j, &*arena, seat, step, code.clone()) / pivot;
            make(i * end + j, slope, arena, seat, step, code.clone());
            i += units;
        }
        wait(code.clone());
        let mut of_pivot = made(row + j, &*arena, seat, step, code.clone());
        let mut i = j + 1;
        while i < end {
            let slope = made(i * end + j, &*arena, seat, step, code.clone());
            of_pivot -= slope * read_memory(i * end + j, position, data, &*arena, seat, factor, code.clone());
            i += 1;
        }
        of_pivot /= 2.0f32 * pivot;
        let mut k = seat.unit;
        while k < j {
            let of_row = read_memory(row + k, position, data, &*arena, seat, factor, code.clone());
            let mut sum = made(row + k, &*arena, seat, step, code.clone());
            let mut i = j + 1;
            while i < end {
                let slope = made(i * end + j, &*arena, seat, step, code.clone());
                let moved = made(i * end + k, &*arena, seat, step, code.clone()) - slope * of_row;
                make(i * end + k, moved, arena, seat, step, code.clone());
                sum -= slope * read_memory(i * end + k, position, data, &*arena, seat, factor, code.clone());
                i += 1;
            }
            make(row + k, sum - 2.0f32 * of_pivot * of_row, arena, seat, step, code.clone());
            k += units;
        }
        wait(code.clone());
        if seat.unit == 0 {
            make(row + j, of_pivot, arena, seat, step, code.clone());
        }
        turn += 1;
    }
}

/// The solution is kept undivided by the pivots until the end, so that no unit reads what another overwrites.
#[cube]
fn solve(
    position: &[f32],
    data: &[f32],
    arena: &mut [f32],
    seat: &Seat,
    #[comptime] step: FactorStep,
    #[comptime] code: Code,
) {
    let end = comptime!(step.size) + seat.zero as usize;
    let count = comptime!(step.count);
    let units = comptime!(code.team.units);
    let factor = comptime!(step.operands[0]);
    let is_transposed = comptime!(step.factor == Factor::SolveTransposed);
    let mut e = seat.unit;
    while e < end * count {
        let value = read_memory(e, position, data, &*arena, seat, comptime!(step.operands[1]), code.clone());
        make(e, value, arena, seat, step, code.clone());
        e += units;
    }
    wait(code.clone());
    let mut turn = 0usize.runtime();
    while turn + 1 < end {
        let i = if is_transposed { end - 1 - turn } else { turn };
        let pivot = read_memory(i * end + i, position, data, &*arena, seat, factor, code.clone());
        let mut e = seat.unit;
        while e < (end - 1 - turn) * count {
            let side = e % count;
            let k = if is_transposed { e / count } else { turn + 1 + e / count };
            let of_factor = if is_transposed { i * end + k } else { k * end + i };
            let known = made(i * count + side, &*arena, seat, step, code.clone()) / pivot;
            let x = read_memory(of_factor, position, data, &*arena, seat, factor, code.clone());
            let rest = made(k * count + side, &*arena, seat, step, code.clone()) - x * known;
            make(k * count + side, rest, arena, seat, step, code.clone());
            e += units;
        }
        wait(code.clone());
        turn += 1;
    }
    let mut e = seat.unit;
    while e < end * count {
        let i = e / count;
        let pivot = read_memory(i * end + i, position, data, &*arena, seat, factor, code.clone());
        let value = made(e, &*arena, seat, step, code.clone()) / pivot;
        make(e, value, arena, seat, step, code.clone());
        e += units;
    }
}
