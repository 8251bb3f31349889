//! Grow the trajectories of draws leaf by leaf, each chain by itself.
//!
//! ```text
//! depart:  (begin a draw | begin a subtree | go on);  half = p + e/2 s g;  q += e s half
//! arrive:  p = half + e/2 s g;  all dot products of the step, joined in one reduction;  decisions;  vectors
//! ```
//!
//! Every unit of a cube takes the same decisions from the same bits; the elements of vectors are shared out among
//! units, and no unit reads an element that another one has written. A step joins a leaf with the spans before it as a
//! carry runs through a binary counter, and needs for each of them six dot products whose vectors are sums of
//! momenta: all are known before the first is compared with zero.
//!
//! # Differences from the CPU sampler
//! Numbers are single precision, but differences of log densities are taken in two parts. Weights are rescaled when
//! an exponent is above 60, not 500.
//!
//! # References
//! - Hoffman, Gelman (2014), The No-U-Turn sampler, algorithm 3. arXiv:1111.4246
//! - Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo, appendix A. arXiv:1701.02434
//! - Phan, Pradhan, Jankowiak (2019), section 3 (iterative trees). arXiv:1912.11554

#![allow(
    clippy::too_many_arguments,
    clippy::manual_swap,
    clippy::neg_cmp_op_on_partial_ord,
    reason = "kernels have no structures of slices, nor exchanges, and NaN is to end a trajectory"
)]

use cubecl::prelude::*;

use super::super::join::{group_of_unit, groups, is_first_of_group, join_groups, over_plane};
use super::super::kernel::{Seat, element};
use super::super::math::{is_finite, is_nan, unary};
use super::job::{
    FIRST, HALF, HEAD, Job, LAST, MOMENTUM, OTHER_GRADIENT, OTHER_POSITION, RUNNING, SLOTS, TOTAL,
};
use super::machine::{BEGIN, GROW, MOVE, Machine};
use super::random::{CHOICE, DrawKey, block, normal, unit};
use crate::tape::ops::Unary;

/// Largest energy error of a leaf that is not a divergence.
const MAX_ENERGY_ERROR: f32 = 1000.0;
/// Exponent above which weights are rescaled.
const MAX_EXPONENT: f32 = 60.0;
/// The step size of a draw differs from the tuned one by at most this part of it.
const STEP_JITTER: f32 = 0.1;

/// What a launch is told.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
pub(super) struct Orders {
    pub chains: u32,
    /// Steps to make.
    pub ticks: u32,
    /// Slots of the ring that may be filled.
    pub slots: u32,
    /// Whether draws are kept in the ring, or only the statistics of the last.
    pub keep: u32,
    /// Whether a launch begins: the ring is empty.
    pub is_first: u32,
    /// When not zero, every chain is to make this many draws from now on.
    pub draws: u32,
    /// Whether draws under way are given up.
    pub restart: u32,
    pub max_depth: u32,
    /// Whether each chain has a tuning of its own.
    pub own: u32,
    pub seed_low: u32,
    pub seed_high: u32,
    /// Number of the first chain.
    pub first_chain: u32,
    /// Zero, which only the launch knows.
    pub zero: u32,
}

/// Takes in the orders of a launch.
#[cube]
pub(super) fn obey(machine: &mut Machine, orders: &Orders) {
    if orders.is_first == 1u32 {
        machine.filled = orders.zero;
        machine.ticks = orders.zero;
        machine.max_depth = orders.max_depth;
    }
    if orders.restart == 1u32 {
        machine.phase = orders.zero + comptime!(BEGIN);
        machine.pending = orders.zero;
    }
    if orders.draws > 0u32 {
        machine.until = machine.draw + orders.draws;
    }
}

/// Whether the chain has a draw to make and room for it: a divergence takes three slots.
#[cube]
pub(super) fn goes_on(machine: &Machine, orders: &Orders) -> bool {
    let has_room = orders.keep == 0u32 || machine.filled + 3u32 <= orders.slots;
    machine.draw < machine.until && has_room
}

#[cube]
fn state_element(vector: usize, d: usize, seat: &Seat, #[comptime] job: Job) -> usize {
    element(vector * comptime!(job.dim) + d, seat, comptime!(job.state_rows()), comptime!(job.team.units))
}

#[cube]
fn place_element(vector: usize, d: usize, seat: &Seat, #[comptime] job: Job) -> usize {
    element(vector * comptime!(job.dim) + d, seat, comptime!(job.place_rows()), comptime!(job.team.units))
}

#[cube]
fn ring_element(slot: usize, row: usize, seat: &Seat, #[comptime] job: Job) -> usize {
    let rows = comptime!(job.slot_rows());
    let start = seat.chains * HEAD;
    if comptime!(job.team.units == 1) {
        (slot * rows + row) * seat.chains + seat.chain + start
    } else {
        (slot * seat.chains + seat.chain) * rows + row + start
    }
}

/// The element of a chain's tuning: the square root of the diagonal metric, then the step size.
#[cube]
fn tuning_element(d: usize, orders: &Orders, seat: &Seat, #[comptime] job: Job) -> usize {
    orders.own as usize * seat.chain * comptime!(job.tuning_rows()) + d
}

/// The unit's first element of a vector; units beyond the lanes have none.
#[cube]
fn first_element(seat: &Seat, #[comptime] job: Job) -> usize {
    if comptime!(job.lanes == job.team.units) {
        seat.unit
    } else {
        select(seat.unit < job.lanes, seat.unit, job.dim)
    }
}

/// Moves a chain to its next leaf.
#[cube]
pub(super) fn depart(
    machine: &mut Machine,
    position: &mut [f32],
    output: &[f32],
    state: &mut [f32],
    places: &[f32],
    tuning: &[f32],
    orders: &Orders,
    seat: &Seat,
    #[comptime] job: Job,
) {
    let key = DrawKey {
        seed_low: orders.seed_low,
        seed_high: orders.seed_high,
        chain: orders.first_chain + seat.chain as u32,
        draw: machine.draw,
    };
    let begins = machine.phase == comptime!(BEGIN);
    let grows = machine.phase == comptime!(GROW);
    if begins {
        let words = block(&key, comptime!(CHOICE), 0u32, seat.zero);
        machine.directions = ((words.b >> 11u32) + 1u32) >> 1u32;
        let jitter = 2.0f32 * unit(words.c, words.d) - 1.0f32;
        let step_size = tuning[tuning_element(comptime!(job.dim).runtime(), orders, seat, job.clone())];
        machine.step = step_size * (1.0f32 + comptime!(STEP_JITTER) * jitter);
        machine.uniforms_used = 2u32 + seat.zero;
        machine.depth = seat.zero;
        machine.steps = seat.zero;
        machine.before = seat.zero;
        machine.after = seat.zero;
        machine.start_density = machine.chosen_density;
        machine.start_density_low = machine.chosen_density_low;
        machine.max_energy_error = 0.0f32;
        machine.acceptance = 0.0f32;
        machine.symmetric_acceptance = 0.0f32;
        machine.offset = 0.0f32;
        machine.tree_weight = 1.0f32;
    }
    let forward = ((machine.directions >> machine.depth) & 1u32) == 1u32;
    let wanted = select(forward, 1.0f32, -1.0f32);
    let swaps = grows && wanted != machine.direction;
    if begins || grows {
        machine.direction = wanted;
        machine.leaf = seat.zero;
        machine.subtree_weight = 0.0f32;
    }
    machine.phase = comptime!(MOVE) + seat.zero;
    machine.pending = 1u32 + seat.zero;
    let step = machine.direction * machine.step;
    let chosen = 2usize * machine.chosen as usize;
    let end = comptime!(job.dim) + seat.zero as usize;
    let mut d = first_element(seat, job.clone());
    while d < end {
        let here = element(d, seat, comptime!(job.dim), comptime!(job.team.units));
        let other_position = state_element(OTHER_POSITION, d, seat, job.clone());
        let other_gradient = state_element(OTHER_GRADIENT, d, seat, job.clone());
        let first = state_element(FIRST, d, seat, job.clone());
        let last = state_element(LAST, d, seat, job.clone());
        let mut q = position[here];
        let mut g = output[element(d + 1, seat, comptime!(job.output_rows()), comptime!(job.team.units))];
        let mut p = state[state_element(MOMENTUM, d, seat, job.clone())];
        if begins {
            q = places[place_element(chosen, d, seat, job.clone())];
            g = places[place_element(chosen + 1, d, seat, job.clone())];
            p = normal(&key, d as u32, seat.zero);
            state[other_position] = q;
            state[other_gradient] = g;
            state[first] = p;
            state[last] = p;
            state[state_element(TOTAL, d, seat, job.clone())] = p;
        }
        if swaps {
            let q_here = q;
            q = state[other_position];
            state[other_position] = q_here;
            let g_here = g;
            g = state[other_gradient];
            state[other_gradient] = g_here;
            let p_here = p;
            p = state[first];
            state[first] = p_here;
        }
        if grows {
            state[last] = p;
        }
        let stride = step * tuning[tuning_element(d, orders, seat, job.clone())];
        let half = p + 0.5f32 * stride * g;
        state[state_element(HALF, d, seat, job.clone())] = half;
        position[here] = q + stride * half;
        d += comptime!(job.lanes);
    }
}

/// Takes in what the program said about a chain's leaf.
#[cube]
pub(super) fn arrive(
    machine: &mut Machine,
    position: &[f32],
    output: &[f32],
    state: &mut [f32],
    places: &mut [f32],
    tuning: &[f32],
    ring: &mut [f32],
    dots: &mut [f32],
    orders: &Orders,
    seat: &Seat,
    #[comptime] job: Job,
) {
    let team = comptime!(job.team);
    machine.pending = seat.zero;
    machine.ticks += 1u32;
    let step = machine.direction * machine.step;
    let joins = (machine.leaf ^ 0xffff_ffffu32).trailing_zeros();
    let ends_subtree = machine.leaf + 1u32 == (1u32 + seat.zero) << machine.depth;
    let mut rounds = select(joins > 0u32, joins, 1u32) - 1u32;
    if ends_subtree {
        rounds += 1u32;
    }
    let rows = (4u32 + 6u32 * rounds) as usize;
    let mine = group_of_unit(team) * rows;
    let stores = is_first_of_group(team) && (comptime!(team.plane > 1) || seat.unit < job.lanes);
    let end = comptime!(job.dim) + seat.zero as usize;
    let begin = first_element(seat, job.clone());

    // The leaf's momentum, its energy, and the pair that it ends.
    let mut square = 0.0f32;
    let mut start_square = 0.0f32;
    let mut first_dot = 0.0f32;
    let mut last_dot = 0.0f32;
    let mut d = begin;
    while d < end {
        let g = output[element(d + 1, seat, comptime!(job.output_rows()), comptime!(job.team.units))];
        let stride = step * tuning[tuning_element(d, orders, seat, job.clone())];
        let p = state[state_element(HALF, d, seat, job.clone())] + 0.5f32 * stride * g;
        state[state_element(MOMENTUM, d, seat, job.clone())] = p;
        square += p * p;
        if machine.steps == 0u32 {
            let start = state[state_element(FIRST, d, seat, job.clone())];
            start_square += start * start;
        }
        let mut sum = p;
        if joins > 0u32 {
            let first = state[state_element(SLOTS, d, seat, job.clone())];
            sum = first + p;
            first_dot += first * sum;
            last_dot += p * sum;
        }
        state[state_element(RUNNING, d, seat, job.clone())] = sum;
        d += comptime!(job.lanes);
    }
    let mut subtree_turns = false;
    let mut tree_turns = false;
    let mut sums = Array::<f32>::new(4usize);
    sums[0] = square;
    sums[1] = start_square;
    sums[2] = first_dot;
    sums[3] = last_dot;
    over_plane(&mut sums, 4usize, team);
    if comptime!(team.groups() == 1) {
        square = sums[0];
        start_square = sums[1];
        subtree_turns = joins > 0u32 && !(sums[2] > 0.0f32 && sums[3] > 0.0f32);
    } else if stores {
        #[unroll]
        for n in 0..4usize {
            dots[mine + n] = sums[n];
        }
    }

    // The larger spans that it ends, and the tree. `a` and then `b`: first, last, sum.
    let mut round = seat.zero;
    while round < rounds {
        let is_tree = ends_subtree && round + 1u32 == rounds;
        let slot = 3usize * round as usize + comptime!(SLOTS);
        let of_subtree = select(machine.depth == 0u32, comptime!(MOMENTUM), slot);
        let a_first = select(is_tree, comptime!(MOMENTUM), slot + 3);
        let a_last = select(is_tree, of_subtree, slot + 4);
        let a_sum = select(is_tree, comptime!(RUNNING), slot + 5);
        let b_first = select(is_tree, comptime!(LAST), slot);
        let b_last = select(is_tree, comptime!(FIRST), comptime!(MOMENTUM));
        let b_sum = select(is_tree, comptime!(TOTAL), comptime!(RUNNING));
        let mut a_whole = 0.0f32;
        let mut b_whole = 0.0f32;
        let mut a_near = 0.0f32;
        let mut b_near = 0.0f32;
        let mut a_far = 0.0f32;
        let mut b_far = 0.0f32;
        let mut d = begin;
        while d < end {
            let a_first = state[state_element(a_first, d, seat, job.clone())];
            let a_last = state[state_element(a_last, d, seat, job.clone())];
            let a_sum = state[state_element(a_sum, d, seat, job.clone())];
            let b_first = state[state_element(b_first, d, seat, job.clone())];
            let b_last = state[state_element(b_last, d, seat, job.clone())];
            let b_sum_at = state_element(b_sum, d, seat, job.clone());
            let b_sum = state[b_sum_at];
            let sum = a_sum + b_sum;
            a_whole += a_first * sum;
            b_whole += b_last * sum;
            let sum_near = a_sum + b_first;
            a_near += a_first * sum_near;
            b_near += b_first * sum_near;
            let sum_far = a_last + b_sum;
            a_far += a_last * sum_far;
            b_far += b_last * sum_far;
            state[b_sum_at] = sum;
            d += comptime!(job.lanes);
        }
        let mut sums = Array::<f32>::new(6usize);
        sums[0] = a_whole;
        sums[1] = b_whole;
        sums[2] = a_near;
        sums[3] = b_near;
        sums[4] = a_far;
        sums[5] = b_far;
        over_plane(&mut sums, 6usize, team);
        if comptime!(team.groups() == 1) {
            let whole = sums[0] > 0.0f32 && sums[1] > 0.0f32;
            let near = sums[2] > 0.0f32 && sums[3] > 0.0f32;
            let far = sums[4] > 0.0f32 && sums[5] > 0.0f32;
            let turns = !(whole && near && far);
            subtree_turns = subtree_turns || (turns && !is_tree);
            tree_turns = tree_turns || (turns && is_tree);
        } else if stores {
            let at = mine + 6usize * round as usize + 4;
            #[unroll]
            for n in 0..6usize {
                dots[at + n] = sums[n];
            }
        }
        round += 1u32;
    }
    if comptime!(team.groups() > 1) {
        let groups = if comptime!(team.plane > 1) { groups(team) } else { comptime!(job.lanes).runtime() };
        join_groups(dots, rows, groups, seat, team);
        square = dots[0];
        start_square = dots[1];
        let tree_row = select(ends_subtree, rows - 6, rows);
        let mut row = 2usize + seat.zero as usize;
        while row < rows {
            if !(dots[row] > 0.0f32) {
                let counts = row > 3 || joins > 0u32;
                subtree_turns = subtree_turns || (counts && row < tree_row);
                tree_turns = tree_turns || row >= tree_row;
            }
            row += 1;
        }
    }

    // Energy.
    let kinetic = 0.5f32 * square;
    if machine.steps == 0u32 {
        machine.start_kinetic = 0.5f32 * start_square;
        machine.chosen_kinetic = machine.start_kinetic;
        machine.chosen_error = 0.0f32;
        machine.chosen_index = 0.0f32;
    }
    let density = output[element(0usize, seat, comptime!(job.output_rows()), comptime!(job.team.units))];
    let low_row = comptime!(job.dim + 1).runtime();
    let density_low = output[element(low_row, seat, comptime!(job.output_rows()), comptime!(job.team.units))];
    let of_density = (machine.start_density - density) + (machine.start_density_low - density_low);
    let error = of_density + (kinetic - machine.start_kinetic);
    machine.steps += 1u32;
    if is_nan(error) || error.abs() > machine.max_energy_error.abs() {
        machine.max_energy_error = error;
    }
    let diverges = !is_finite(error) || error > comptime!(MAX_ENERGY_ERROR);

    // Weights and choices. Two uniforms are ready: the spare of an odd lane, and those of one block.
    let key = DrawKey {
        seed_low: orders.seed_low,
        seed_high: orders.seed_high,
        chain: orders.first_chain + seat.chain as u32,
        draw: machine.draw,
    };
    let words = block(&key, comptime!(CHOICE), (machine.uniforms_used + 1u32) >> 1u32, seat.zero);
    let is_odd = (machine.uniforms_used & 1u32) == 1u32;
    let even = unit(words.a, words.b);
    let odd = unit(words.c, words.d);
    let first_uniform = select(is_odd, unit(machine.spare_high, machine.spare_low), even);
    let second_uniform = select(is_odd, even, odd);
    let weighs = machine.leaf > 0u32 && !diverges;
    let mut takes = false;
    if !diverges {
        let ratio = unary(select(error < -80.0f32, 80.0f32, -error), seat.zero, Unary::Exp);
        let bounded = select(ratio < 1.0f32, ratio, 1.0f32);
        machine.acceptance += bounded;
        machine.symmetric_acceptance += 2.0f32 * bounded / (1.0f32 + ratio);
        if -error - machine.offset > comptime!(MAX_EXPONENT) {
            let shrink = unary(machine.offset + error, seat.zero, Unary::Exp);
            machine.tree_weight *= shrink;
            machine.subtree_weight *= shrink;
            machine.offset = -error;
        }
        let weight = if machine.offset == 0.0f32 {
            ratio
        } else {
            unary(-error - machine.offset, seat.zero, Unary::Exp)
        };
        machine.subtree_weight += weight;
        takes = machine.leaf == 0u32;
        if weighs {
            takes = first_uniform * machine.subtree_weight <= weight;
            machine.uniforms_used += 1u32;
        }
        if takes {
            machine.candidate_density = density;
            machine.candidate_density_low = density_low;
            machine.candidate_kinetic = kinetic;
            machine.candidate_error = error;
            let forward = machine.direction > 0.0f32;
            let distance = select(forward, machine.after, machine.before) + machine.leaf + 1u32;
            machine.candidate_index = machine.direction * f32::cast_from(distance);
        }
    }
    let candidate = 2usize - 2usize * machine.chosen as usize;
    let mut is_finished = diverges || subtree_turns;
    let mut reaches_max_depth = false;
    machine.leaf += 1u32;
    let joins_tree = ends_subtree && !is_finished;
    if joins_tree {
        let uniform = select(weighs, second_uniform, first_uniform);
        machine.uniforms_used += 1u32;
        if uniform * machine.tree_weight <= machine.subtree_weight {
            machine.chosen = 1u32 - machine.chosen;
            machine.chosen_density = machine.candidate_density;
            machine.chosen_density_low = machine.candidate_density_low;
            machine.chosen_kinetic = machine.candidate_kinetic;
            machine.chosen_error = machine.candidate_error;
            machine.chosen_index = machine.candidate_index;
        }
        machine.tree_weight += machine.subtree_weight;
        if machine.direction > 0.0f32 {
            machine.after += machine.leaf;
        } else {
            machine.before += machine.leaf;
        }
        machine.depth += 1u32;
        machine.phase = comptime!(GROW) + seat.zero;
        reaches_max_depth = !tree_turns && machine.depth >= machine.max_depth;
        is_finished = tree_turns || reaches_max_depth;
    }
    if (weighs || joins_tree) && (machine.uniforms_used & 1u32) == 1u32 {
        machine.spare_high = words.c;
        machine.spare_low = words.d;
    }

    // Vectors.
    let keeps = is_finished && orders.keep == 1u32;
    let chosen = 2usize * machine.chosen as usize;
    let slot = 3usize * joins as usize + comptime!(SLOTS);
    let ring_slot = machine.filled as usize;
    let mut d = begin;
    while d < end {
        let q = position[element(d, seat, comptime!(job.dim), comptime!(job.team.units))];
        if takes {
            let g = output[element(d + 1, seat, comptime!(job.output_rows()), comptime!(job.team.units))];
            places[place_element(candidate, d, seat, job.clone())] = q;
            places[place_element(candidate + 1, d, seat, job.clone())] = g;
        }
        if !ends_subtree {
            let p = state[state_element(MOMENTUM, d, seat, job.clone())];
            if joins == 0u32 {
                state[state_element(SLOTS, d, seat, job.clone())] = p;
            } else {
                let first = state[state_element(slot - 3, d, seat, job.clone())];
                state[state_element(slot, d, seat, job.clone())] = first;
                state[state_element(slot + 1, d, seat, job.clone())] = p;
                let sum = state[state_element(RUNNING, d, seat, job.clone())];
                state[state_element(slot + 2, d, seat, job.clone())] = sum;
            }
        }
        if keeps {
            let of_draw = places[place_element(chosen, d, seat, job.clone())];
            ring[ring_element(ring_slot, d, seat, job.clone())] = of_draw;
            if diverges {
                let half = state[state_element(HALF, d, seat, job.clone())];
                let stride = step * tuning[tuning_element(d, orders, seat, job.clone())];
                ring[ring_element(ring_slot + 1, d, seat, job.clone())] = q - stride * half;
                ring[ring_element(ring_slot + 2, d, seat, job.clone())] = q;
            }
        }
        d += comptime!(job.lanes);
    }
    if is_finished {
        if seat.unit == 0 {
            let at = comptime!(job.dim).runtime();
            let count = f32::cast_from(machine.steps);
            ring[ring_element(ring_slot, at, seat, job.clone())] = machine.acceptance / count;
            ring[ring_element(ring_slot, at + 1, seat, job.clone())] = machine.symmetric_acceptance / count;
            ring[ring_element(ring_slot, at + 2, seat, job.clone())] = select(diverges, 1.0f32, 0.0f32);
            ring[ring_element(ring_slot, at + 3, seat, job.clone())] = machine.chosen_kinetic;
            ring[ring_element(ring_slot, at + 4, seat, job.clone())] = machine.chosen_error;
            ring[ring_element(ring_slot, at + 5, seat, job.clone())] = machine.chosen_index;
            ring[ring_element(ring_slot, at + 6, seat, job.clone())] = machine.chosen_density;
            ring[ring_element(ring_slot, at + 7, seat, job.clone())] = machine.chosen_density_low;
            ring[ring_element(ring_slot, at + 8, seat, job.clone())] = machine.max_energy_error;
            ring[ring_element(ring_slot, at + 9, seat, job.clone())] = count;
            ring[ring_element(ring_slot, at + 10, seat, job.clone())] = machine.step;
            let depth = f32::cast_from(machine.depth);
            ring[ring_element(ring_slot, at + 11, seat, job.clone())] =
                select(reaches_max_depth, -depth, depth);
        }
        machine.phase = comptime!(BEGIN) + seat.zero;
        machine.draw += 1u32;
        if keeps {
            machine.filled += select(diverges, 3u32, 1u32);
        }
    }
}
