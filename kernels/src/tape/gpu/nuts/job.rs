//! What a sampling kernel is generated from, and where its vectors are.

use super::super::code::Code;
use super::super::join::Team;
use super::super::{GpuError, GpuProgram, Shape, bytes};
use super::pace::TICKS;
use super::random::ROUNDS;

/// Vectors of a chain's state, in units of `dim` rows.
pub(super) const MOMENTUM: usize = 0;
/// The momentum half a step after the moving end.
pub(super) const HALF: usize = 1;
pub(super) const OTHER_POSITION: usize = 2;
pub(super) const OTHER_GRADIENT: usize = 3;
/// The momentum of the end that does not move.
pub(super) const FIRST: usize = 4;
/// The momentum where the subtree grows from.
pub(super) const LAST: usize = 5;
/// The sum of the momenta of the tree.
pub(super) const TOTAL: usize = 6;
/// The sum of the momenta of the span that the newest leaf ends.
pub(super) const RUNNING: usize = 7;
/// First, last and sum of the span in slot 0, 1, ...
pub(super) const SLOTS: usize = 8;

/// Positions and gradients of the two places.
pub(super) const PLACE_VECTORS: usize = 4;

/// Rows of a draw in the ring after its position.
pub(super) const STATISTICS: usize = 12;
/// Numbers of a chain at the head of the ring: slots filled, draws still to make, steps of the launch.
pub(super) const HEAD: usize = 3;

/// All that a sampling kernel depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Job {
    /// The program, when it runs in the same kernel.
    pub code: Option<Code>,
    pub team: Team,
    /// Units that work on vectors, a power of two.
    pub lanes: usize,
    pub dim: usize,
    pub max_depth: usize,
}

impl Job {
    /// One kernel with the program in it, where the device has room for both, else the sampler alone; and the most
    /// steps of a launch.
    pub fn new(program: &GpuProgram, shape: Shape, max_depth: usize) -> Result<(Self, u32), GpuError> {
        let team = program.team(shape.units());
        let alone = Self { code: None, team, lanes: 1, dim: program.dim, max_depth };
        if let [plan] = &program.kernels[..]
            && plan.tile.is_none()
        {
            let code = Code::new(plan.clone(), team, program.is_arena_shared(team.units));
            if let Ok(both) = (Self { code: Some(code), ..alone.clone() }).fit(program) {
                return Ok(both);
            }
        }
        alone.fit(program)
    }

    fn fit(mut self, program: &GpuProgram) -> Result<(Self, u32), GpuError> {
        let limits = program.device.limits();
        let of_program = bytes(self.partial_sums()) + bytes(self.shared_arena().unwrap_or(1));
        let room = limits.shared_memory.saturating_sub(of_program).min(limits.shared_memory / 2);
        program.device.limit("bytes for the dot products of a step", bytes(self.shared_dots()), room)?;
        while self.lanes < self.team.units.min(self.dim.next_power_of_two()) {
            let wider = Self { lanes: 2 * self.lanes, ..self.clone() };
            if bytes(wider.shared_dots()) > room {
                break;
            }
            self = wider;
        }
        let has_program = self.code.is_some();
        let turns = self.turns() + if has_program { program.turns(self.team.units) } else { 0 };
        program.device.limit("turns of loops in a step", turns, limits.turns)?;
        let ticks = if has_program { limits.turns / turns } else { usize::MAX };
        Ok((self, u32::try_from(ticks).unwrap_or(u32::MAX).min(*TICKS.end())))
    }

    /// Rows of a chain's state.
    pub fn state_rows(&self) -> usize {
        (SLOTS + 3 * self.max_depth) * self.dim
    }

    /// Rows of a chain's two places.
    pub fn place_rows(&self) -> usize {
        PLACE_VECTORS * self.dim
    }

    /// Rows of a tuning: the square root of the diagonal metric, and the step size.
    pub fn tuning_rows(&self) -> usize {
        self.dim + 1
    }

    /// Rows of what the program puts out: the log density, the gradient, the low part of the log density.
    pub fn output_rows(&self) -> usize {
        self.dim + 2
    }

    /// Rows of a slot of the ring.
    pub fn slot_rows(&self) -> usize {
        self.dim + STATISTICS
    }

    /// The most turns of loops that a unit makes in a step, without those of the program.
    pub fn turns(&self) -> usize {
        let vectors = self.dim.div_ceil(self.lanes) * (ROUNDS + 4 + self.max_depth);
        let joins = if self.team.units == 1 { 0 } else { (1 + self.max_depth) * self.team.turns(10) };
        1 + 2 * ROUNDS + self.max_depth + vectors + joins
    }

    /// Floats of shared memory for the dot products of a step.
    pub fn shared_dots(&self) -> usize {
        match self.team {
            team if team.groups() == 1 => 1,
            Team { plane: 1, .. } => dots(self.max_depth) * self.lanes,
            team => dots(self.max_depth) * team.groups(),
        }
    }

    /// Floats of shared memory for the partial sums of the program.
    pub fn partial_sums(&self) -> usize {
        self.code.as_ref().map_or(1, Code::partial_sums).max(1)
    }

    /// Floats of shared memory for the program's arena.
    pub fn shared_arena(&self) -> Option<usize> {
        self.code.as_ref().filter(|code| code.is_arena_shared).map(|code| code.plan().arena_rows)
    }
}

/// The most dot products of a step: two energies, a pair of leaves, six for every other span and for the tree.
pub(super) fn dots(max_depth: usize) -> usize {
    4 + 6 * max_depth
}
