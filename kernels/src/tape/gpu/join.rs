//! Add what the units of a cube hold.
//!
//! ```text
//! in a plane:      unit u takes in what the units u ^ 1, u ^ 2, u ^ 4, .. hold; nobody waits
//! between planes:  the first unit of each stores its sum; barrier; those of the lower half take in those of the upper
//!                  half; barrier; ..; every unit reads the first
//! ```
//!
//! A plane (subgroup, warp, wave) is a group of units that can read each other's registers. Only the size of the
//! smallest plane of a device is known when a kernel is generated; how many units a plane has, the kernel asks. On
//! devices without planes every unit is a group of its own. Afterwards all units hold the same bits.

use cubecl::prelude::*;

use super::exact::{Pair, accumulate, two_sum};
use super::kernel::Seat;

/// The units of a cube, and how they are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Team {
    pub units: usize,
    /// Units of the smallest plane of the device; 1 without planes.
    pub plane: usize,
}

impl Team {
    /// A unit that does all by itself.
    pub const ALONE: Self = Self { units: 1, plane: 1 };

    /// The most groups whose sums are in shared memory; 1 when nothing goes through it.
    pub fn groups(&self) -> usize {
        self.units.div_ceil(self.plane)
    }

    /// Barriers of a join.
    pub fn barriers(&self) -> usize {
        if self.groups() == 1 { 0 } else { 1 + self.groups().ilog2() as usize }
    }

    /// The most turns of loops of a join of `count` numbers.
    pub fn turns(&self, count: usize) -> usize {
        let in_plane = if self.plane == 1 { 0 } else { self.units.ilog2() as usize };
        in_plane + self.barriers() * (1 + (self.groups() * count).div_ceil(self.units))
    }
}

/// Units of the plane that are of this cube.
#[cube]
fn plane_units(#[comptime] team: Team) -> u32 {
    let units = comptime!(team.units as u32);
    select(PLANE_DIM < units, PLANE_DIM, units.runtime())
}

/// Sums of `count` numbers over the units of the plane; the numbers themselves without planes.
#[cube]
pub(super) fn over_plane(sums: &mut Array<f32>, #[comptime] count: usize, #[comptime] team: Team) {
    if comptime!(team.plane > 1) {
        let mut distance = 1u32.runtime();
        while distance < plane_units(team) {
            #[unroll]
            for n in 0..count {
                sums[n] += plane_shuffle_xor(sums[n], distance);
            }
            distance *= 2u32;
        }
    }
}

/// Whether the unit stores the sum of its group.
#[cube]
pub(super) fn is_first_of_group(#[comptime] team: Team) -> bool {
    if comptime!(team.plane > 1) { UNIT_POS_PLANE == 0u32 } else { true.runtime() }
}

/// The number of the unit's group.
#[cube]
pub(super) fn group_of_unit(#[comptime] team: Team) -> usize {
    if comptime!(team.plane > 1) { PLANE_POS as usize } else { UNIT_POS as usize }
}

/// The number of groups.
#[cube]
pub(super) fn groups(#[comptime] team: Team) -> usize {
    if comptime!(team.plane > 1) {
        comptime!(team.units).runtime() / plane_units(team) as usize
    } else {
        comptime!(team.units).runtime()
    }
}

/// Adds `totals` compensated sums, high and low parts in turn, of all units.
#[cube]
pub(super) fn join_pairs(
    sums: &mut Array<f32>,
    partial: &mut [f32],
    seat: &Seat,
    #[comptime] totals: usize,
    #[comptime] start: usize,
    #[comptime] team: Team,
) {
    if comptime!(team.plane > 1) {
        let mut distance = 1u32.runtime();
        while distance < plane_units(team) {
            #[unroll]
            for n in 0..totals {
                let high = sums[comptime!(2 * n)];
                let low = sums[comptime!(2 * n + 1)];
                let sum = two_sum(high, plane_shuffle_xor(high, distance), seat.zero);
                sums[comptime!(2 * n)] = sum.high;
                sums[comptime!(2 * n + 1)] = (low + plane_shuffle_xor(low, distance)) + sum.low;
            }
            distance *= 2u32;
        }
        // Rounding may depend on the order of two numbers where devices flush the smallest ones to zero.
        #[unroll]
        for n in 0..comptime!(2 * totals) {
            sums[n] = plane_broadcast(sums[n], 0u32);
        }
    }
    if comptime!(team.groups() > 1) {
        if is_first_of_group(team) {
            #[unroll]
            for n in 0..totals {
                let at = (group_of_unit(team) * totals + n) * 2 + start;
                partial[at] = sums[comptime!(2 * n)];
                partial[at + 1] = sums[comptime!(2 * n + 1)];
            }
        }
        sync_cube();
        let mut width = groups(team) / 2;
        while width > 0 {
            let mut j = seat.unit;
            while j < width * totals {
                let here = j * 2 + start;
                let there = (j + width * totals) * 2 + start;
                let sum = Pair { high: partial[here], low: partial[here + 1] };
                let sum = accumulate(sum, partial[there], seat.zero);
                partial[here] = sum.high;
                partial[here + 1] = sum.low + partial[there + 1];
                j += comptime!(team.units);
            }
            sync_cube();
            width /= 2;
        }
        #[unroll]
        for n in 0..comptime!(2 * totals) {
            sums[n] = partial[comptime!(start + n)];
        }
    }
}

/// Adds `rows` numbers of each of `groups` groups that have been stored group after group.
#[cube]
pub(super) fn join_groups(
    partial: &mut [f32],
    rows: usize,
    groups: usize,
    seat: &Seat,
    #[comptime] team: Team,
) {
    sync_cube();
    let mut width = groups / 2;
    while width > 0 {
        let mut j = seat.unit;
        while j < width * rows {
            partial[j] += partial[j + width * rows];
            j += comptime!(team.units);
        }
        sync_cube();
        width /= 2;
    }
}

/// Totals of the self-test.
pub(super) const TEST_TOTALS: usize = 2;

/// Sums over the units of a cube of two numbers that the caller knows, as every unit sees them: `u + 1`, and `2^24` and
/// its low part `u`.
#[cube(launch)]
pub(super) fn self_test(output: &mut [f32], zero: u32, #[comptime] team: Team) {
    let mut partial = Shared::<[f32]>::new_slice(comptime!(2 * TEST_TOTALS * team.groups()));
    let seat = Seat { chain: zero as usize, chains: zero as usize, unit: UNIT_POS as usize, zero };
    let mut sums = Array::<f32>::new(comptime!(2 * TEST_TOTALS));
    sums[0] = f32::cast_from(UNIT_POS + 1u32);
    sums[1] = 0.0f32;
    sums[2] = 16_777_216.0f32;
    sums[3] = f32::cast_from(UNIT_POS);
    join_pairs(&mut sums, &mut partial, &seat, TEST_TOTALS, 0usize, team);
    #[unroll]
    for n in 0..comptime!(2 * TEST_TOTALS) {
        output[UNIT_POS as usize * comptime!(2 * TEST_TOTALS) + n] = sums[n];
    }
}
