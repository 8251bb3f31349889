//! Draws as the host sees them.

use super::job::{HEAD, Job, STATISTICS};

/// What one draw did; the fields are those of PyMC's sample statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeviceTransition {
    /// Mean of the acceptance probabilities of the leaves.
    pub acceptance_rate: f64,
    /// The same of the symmetric acceptance statistic.
    pub symmetric_acceptance_rate: f64,
    /// Whether the trajectory ended in a divergence.
    pub diverging: bool,
    /// Energy of the draw.
    pub energy: f64,
    /// Energy of the draw less that of the start.
    pub energy_error: f64,
    /// Number of the leaf chosen, counted from the start.
    pub index_in_trajectory: i32,
    /// Log density of the draw.
    pub log_density: f64,
    /// The energy error of largest size.
    pub max_energy_error: f64,
    /// Leaves of the trajectory; 0 stands for a chain that has made no draw.
    pub n_steps: u32,
    /// Whether the tree could have grown further.
    pub reached_max_treedepth: bool,
    /// Step size of the draw.
    pub step_size: f64,
    /// Doublings of the trajectory.
    pub tree_depth: u32,
}

impl DeviceTransition {
    pub(super) const NONE: Self = Self {
        acceptance_rate: f64::NAN,
        symmetric_acceptance_rate: f64::NAN,
        diverging: false,
        energy: f64::NAN,
        energy_error: f64::NAN,
        index_in_trajectory: 0,
        log_density: f64::NAN,
        max_energy_error: f64::NAN,
        n_steps: 0,
        reached_max_treedepth: false,
        step_size: f64::NAN,
        tree_depth: 0,
    };

    fn new(row: [f32; STATISTICS]) -> Self {
        let wide = row.map(f64::from);
        let log_density = wide[6] + wide[7];
        Self {
            acceptance_rate: wide[0],
            symmetric_acceptance_rate: wide[1],
            diverging: row[2] == 1.0,
            energy: wide[3] - log_density,
            energy_error: wide[4],
            index_in_trajectory: row[5] as i32,
            log_density,
            max_energy_error: wide[8],
            n_steps: row[9] as u32,
            step_size: wide[10],
            tree_depth: row[11].abs() as u32,
            reached_max_treedepth: row[11] < 0.0,
        }
    }
}

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
    pub transitions: &'a [DeviceTransition],
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
    pub transitions: Vec<DeviceTransition>,
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

    pub fn transition(&self, chain: usize, slot: usize) -> DeviceTransition {
        DeviceTransition::new(std::array::from_fn(|i| self.number(chain, slot, self.job.dim + i)))
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
