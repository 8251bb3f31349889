//! Draws as the host sees them.

use super::job::{HEAD, Job};
use crate::Transition;

/// A draw that diverged: where its last step began and ended.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDivergence {
    /// Number of the draw among those of its block.
    pub draw: usize,
    /// Where the step began, `[dim]`.
    pub start: Vec<f64>,
    /// Where it ended, `[dim]`.
    pub end: Vec<f64>,
}

/// Draws that a chain has made one after the other.
#[derive(Clone, Copy, Debug)]
pub struct DeviceBlock<'a> {
    /// Number of the chain among those of the device.
    pub chain: usize,
    /// Number of the block's first draw among those of the run.
    pub first_draw: usize,
    /// Positions, `[draws, dim]`.
    pub positions: &'a [f64],
    /// What the draws did, `[draws]`.
    pub transitions: &'a [Transition],
    /// Draws of the block that diverged.
    pub divergences: &'a [DeviceDivergence],
}

/// The ring as it has been read: the heads of the chains, and slots.
pub(super) struct Ring<'a> {
    pub job: &'a Job,
    pub chains: usize,
    pub numbers: &'a [f32],
}

/// The draws of one chain in a ring.
#[derive(Default)]
pub(super) struct Drawn {
    pub positions: Vec<f64>,
    pub transitions: Vec<Transition>,
    pub divergences: Vec<DeviceDivergence>,
}

impl Ring<'_> {
    /// Slots filled, draws still to make, and steps of a chain in the launch.
    pub fn head(&self, chain: usize) -> [usize; HEAD] {
        std::array::from_fn(|i| self.numbers[HEAD * chain + i] as usize)
    }

    fn number(&self, chain: usize, slot: usize, row: usize) -> f32 {
        let rows = self.job.slot_rows();
        let at = if self.job.team.units == 1 {
            (slot * rows + row) * self.chains + chain
        } else {
            (slot * self.chains + chain) * rows + row
        };
        self.numbers[HEAD * self.chains + at]
    }

    fn vector(&self, chain: usize, slot: usize) -> impl Iterator<Item = f64> {
        (0..self.job.dim).map(move |d| f64::from(self.number(chain, slot, d)))
    }

    pub fn transition(&self, chain: usize, slot: usize) -> Transition {
        let of = |i: usize| f64::from(self.number(chain, slot, self.job.dim + i));
        let (log_density, step_size, depth) = (of(6) + of(7), of(10), of(11));
        Transition {
            acceptance_rate: of(0),
            symmetric_acceptance_rate: of(1),
            diverging: of(2) == 1.0,
            energy: of(3) - log_density,
            energy_error: of(4),
            index_in_trajectory: of(5) as i32,
            log_density,
            max_energy_error: of(8),
            n_steps: of(9) as u32,
            step_size,
            step_size_bar: step_size,
            tree_depth: depth.abs() as u32,
            reached_max_treedepth: depth < 0.0,
        }
    }

    /// Replaces `drawn` with the draws of a chain.
    pub fn read(&self, chain: usize, drawn: &mut Drawn) {
        let [filled, ..] = self.head(chain);
        drawn.positions.clear();
        drawn.transitions.clear();
        drawn.divergences.clear();
        let mut slot = 0;
        while slot < filled {
            let transition = self.transition(chain, slot);
            drawn.positions.extend(self.vector(chain, slot));
            if transition.diverging {
                drawn.divergences.push(DeviceDivergence {
                    draw: drawn.transitions.len(),
                    start: self.vector(chain, slot + 1).collect(),
                    end: self.vector(chain, slot + 2).collect(),
                });
                slot += 2;
            }
            drawn.transitions.push(transition);
            slot += 1;
        }
    }
}
