//! What a chain remembers between steps, beside its vectors.

use cubecl::prelude::*;

use super::super::kernel::{Seat, element};

/// A new draw begins with the next step.
pub(super) const BEGIN: u32 = 0;
/// The next step begins the subtree of a doubling.
pub(super) const GROW: u32 = 1;
/// The next step goes on from the last leaf.
pub(super) const MOVE: u32 = 2;

/// Declares the fields of a machine once: as a structure, as rows of memory, and how one becomes the other.
macro_rules! machine {
    (
        words { $($(#[$word_doc:meta])* $word:ident,)* }
        numbers { $($(#[$number_doc:meta])* $number:ident,)* }
    ) => {
        /// The state machine of one chain.
        #[derive(CubeType)]
        pub(super) struct Machine {
            $($(#[$word_doc])* pub $word: u32,)*
            $($(#[$number_doc])* pub $number: f32,)*
        }

        #[allow(non_camel_case_types, reason = "rows are named as the fields")]
        #[derive(Clone, Copy)]
        pub(super) enum Row { $($word,)* $($number,)* end }

        #[cube]
        pub(super) fn load(memory: &[u32], seat: &Seat, #[comptime] units: usize) -> Machine {
            Machine {
                $($word: memory[element(comptime!(Row::$word as usize), seat, ROWS, units)],)*
                $($number: f32::reinterpret(memory[element(comptime!(Row::$number as usize), seat, ROWS, units)]),)*
            }
        }

        #[cube]
        pub(super) fn save(machine: &Machine, memory: &mut [u32], seat: &Seat, #[comptime] units: usize) {
            $(memory[element(comptime!(Row::$word as usize), seat, ROWS, units)] = machine.$word;)*
            $(memory[element(comptime!(Row::$number as usize), seat, ROWS, units)] = u32::reinterpret(machine.$number);)*
        }
    };
}

machine! {
    words {
        /// Draws made, those of warm-up included.
        draw,
        /// The draw before which the chain waits.
        until,
        phase,
        /// Whether a leaf waits for its gradient.
        pending,
        /// Which of the two places is the chosen one.
        chosen,
        max_depth,
        depth,
        leaf,
        steps,
        /// Bit `d` tells where doubling `d` goes.
        directions,
        uniforms_used,
        /// The words of an odd lane, computed with the lane before it.
        spare_high,
        spare_low,
        /// Leaves of finished subtrees before and after the start.
        before,
        after,
        /// Slots of the ring that this launch has filled.
        filled,
        /// Steps of this launch.
        ticks,
    }
    numbers {
        /// 1 or -1.
        direction,
        /// Step size of the draw.
        step,
        start_density,
        start_density_low,
        start_kinetic,
        max_energy_error,
        acceptance,
        symmetric_acceptance,
        /// Weights are relative to its exponential.
        offset,
        tree_weight,
        subtree_weight,
        chosen_density,
        chosen_density_low,
        chosen_kinetic,
        chosen_error,
        chosen_index,
        candidate_density,
        candidate_density_low,
        candidate_kinetic,
        candidate_error,
        candidate_index,
    }
}

/// Rows of a machine's memory.
pub(super) const ROWS: usize = Row::end as usize;
