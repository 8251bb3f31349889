//! The kernels of the sampler: many steps of every chain in a launch.
//!
//! ```text
//! program in the same kernel:  while ticks are left { depart; program; arrive }
//! program in other kernels:    arrive; depart, and again after the next run of the program
//! ```

#![allow(clippy::too_many_arguments, reason = "kernels have no structures of slices")]

use cubecl::prelude::*;

use super::super::kernel::{Seat, element, run_chain};
use super::super::math::is_finite;
use super::job::Job;
use super::machine::{BEGIN, ROWS, Row, load, save};
use super::tree::{Orders, arrive, depart, goes_on, obey};

#[cube]
fn seat_of(chains: usize, zero: u32, #[comptime] units: usize) -> Seat {
    if comptime!(units == 1) {
        Seat { chain: ABSOLUTE_POS, chains, unit: 0usize.runtime(), zero }
    } else {
        Seat { chain: CUBE_POS, chains, unit: UNIT_POS as usize, zero }
    }
}

/// Advances every chain.
#[cube(launch)]
pub(super) fn advance(
    position: &mut [f32],
    output: &mut [f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    state: &mut [f32],
    places: &mut [f32],
    machines: &mut [u32],
    tuning: &[f32],
    ring: &mut [f32],
    orders: Orders,
    #[comptime] job: Job,
) {
    let mut dots = Shared::<[f32]>::new_slice(comptime!(job.shared_dots()));
    let seat = seat_of(orders.chains as usize, orders.zero, comptime!(job.team.units));
    if seat.chain < seat.chains {
        let mut machine = load(&*machines, &seat, comptime!(job.team.units));
        obey(&mut machine, &orders);
        match comptime!(job.code.clone()) {
            Some(code) => {
                let mut partial = Shared::<[f32]>::new_slice(comptime!(job.partial_sums()));
                let mut shared = Shared::<[f32]>::new_slice(comptime!(job.shared_arena().unwrap_or(1)));
                let mut tick = orders.zero;
                while tick < orders.ticks && goes_on(&machine, &orders) {
                    depart(
                        &mut machine,
                        position,
                        &*output,
                        state,
                        &*places,
                        tuning,
                        &orders,
                        &seat,
                        job.clone(),
                    );
                    if comptime!(job.team.units > 1) {
                        sync_storage();
                    }
                    if comptime!(job.shared_arena().is_some()) {
                        run_chain(
                            &*position,
                            data,
                            index,
                            &mut shared,
                            output,
                            &mut partial,
                            &seat,
                            code.clone(),
                        );
                    } else {
                        run_chain(&*position, data, index, arena, output, &mut partial, &seat, code.clone());
                    }
                    if comptime!(job.team.units > 1) {
                        sync_storage();
                    }
                    arrive(
                        &mut machine,
                        &*position,
                        &*output,
                        state,
                        places,
                        tuning,
                        ring,
                        &mut dots,
                        &orders,
                        &seat,
                        job.clone(),
                    );
                    tick += 1u32;
                }
            }
            None => {
                // A loop of at most one turn: barriers may stand in loops, not under conditions.
                let mut arrives = machine.pending;
                while arrives == 1u32 {
                    arrive(
                        &mut machine,
                        &*position,
                        &*output,
                        state,
                        places,
                        tuning,
                        ring,
                        &mut dots,
                        &orders,
                        &seat,
                        job.clone(),
                    );
                    arrives = orders.zero;
                }
                if goes_on(&machine, &orders) {
                    depart(
                        &mut machine,
                        position,
                        &*output,
                        state,
                        &*places,
                        tuning,
                        &orders,
                        &seat,
                        job.clone(),
                    );
                }
            }
        }
        if comptime!(job.team.units > 1) {
            sync_storage();
        }
        if seat.unit == 0 {
            save(&machine, machines, &seat, comptime!(job.team.units));
            let head = 3usize * seat.chain;
            ring[head] = f32::cast_from(machine.filled);
            ring[head + 1] = f32::cast_from(machine.until - machine.draw);
            ring[head + 2] = f32::cast_from(machine.ticks);
        }
    }
}

/// Makes the place where the program has been evaluated the chosen one; one that is not finite has no density.
#[cube(launch)]
pub(super) fn settle(
    position: &[f32],
    output: &[f32],
    places: &mut [f32],
    machines: &mut [u32],
    chains: u32,
    draw: u32,
    zero: u32,
    #[comptime] job: Job,
) {
    let seat = Seat { chain: ABSOLUTE_POS, chains: chains as usize, unit: 0usize.runtime(), zero };
    if seat.chain < seat.chains {
        let units = comptime!(job.team.units);
        let mut is_valid = true;
        let mut d = zero as usize;
        while d < comptime!(job.dim) + zero as usize {
            let q = position[element(d, &seat, comptime!(job.dim), units)];
            let g = output[element(d + 1, &seat, comptime!(job.output_rows()), units)];
            is_valid = is_valid && is_finite(q) && is_finite(g);
            places[element(d, &seat, comptime!(job.place_rows()), units)] = q;
            places[element(d + comptime!(job.dim), &seat, comptime!(job.place_rows()), units)] = g;
            d += 1;
        }
        let density = output[element(0usize, &seat, comptime!(job.output_rows()), units)];
        let low_row = comptime!(job.dim + 1).runtime();
        let low = output[element(low_row, &seat, comptime!(job.output_rows()), units)];
        is_valid = is_valid && is_finite(density);
        // Bits of minus infinity.
        let high_bits = select(is_valid, u32::reinterpret(density), 0xff80_0000u32);
        let low_bits = select(is_valid, u32::reinterpret(low), 0u32);
        machines[element(comptime!(Row::chosen_density as usize), &seat, ROWS, units)] = high_bits;
        machines[element(comptime!(Row::chosen_density_low as usize), &seat, ROWS, units)] = low_bits;
        machines[element(comptime!(Row::draw as usize), &seat, ROWS, units)] = draw;
        machines[element(comptime!(Row::until as usize), &seat, ROWS, units)] = draw;
        machines[element(comptime!(Row::chosen as usize), &seat, ROWS, units)] = zero;
        machines[element(comptime!(Row::pending as usize), &seat, ROWS, units)] = zero;
        machines[element(comptime!(Row::phase as usize), &seat, ROWS, units)] = comptime!(BEGIN) + zero;
    }
}
