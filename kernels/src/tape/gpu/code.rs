//! What a kernel is generated from: a list of phases, known when the kernel is compiled.
//!
//! ```text
//! phase = scalar steps; recurrences; loops over rows (steps, stores, sums); barrier
//! ```
//!
//! Scalars are computed by every unit of a chain's cube, so that nobody waits for them. The values of a loop live
//! within one turn of it; what another loop reads is stored in the arena.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::super::factor::Factor;
use super::super::ops::{Binary, Ternary, Unary};
use super::incomplete::TERMS;
use super::join::Team;

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// A finite number in two parts, as their bits.
    Literal(u32, u32),
    /// A scalar step of this kernel.
    Scalar(usize),
    /// A sum over rows of this kernel.
    Total(usize),
    /// A step of the loop.
    Turn(usize),
    /// Row `i` is this many elements further on in the shared columns.
    Data(usize),
    /// Row `i` is this many elements further on in the chain's position.
    Position(usize),
    /// Row `i` is this many elements further on in the chain's arena.
    Arena(usize),
}

/// What a step computes for row `i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    Unary(Unary),
    Binary(Binary),
    Ternary(Ternary),
    /// The operand.
    Copy,
    /// A scalar of two parts, stored in two rows.
    CopyPair,
    /// Row `index[i]` of the operand.
    Gather {
        index: usize,
    },
    /// Sum of the rows `members[k]` of the operand, `offsets[i] <= k < offsets[i + 1]`.
    Segment {
        offsets: usize,
        members: usize,
        longest: usize,
    },
    /// Product of row `i` of a matrix of shared data and the operand.
    MatVec {
        matrix: usize,
        columns: usize,
    },
    /// Product of column `i` of a matrix of shared data and the operand.
    MatTVec {
        matrix: usize,
        rows: usize,
        columns: usize,
    },
    /// Row of the product that the tile has computed.
    TileRow,
    /// Sum of the rows `i`, `i + rows`, .. of the operand, `count` of them.
    Strips {
        count: usize,
        rows: usize,
    },
}

impl Action {
    /// Turns of the loop within one step.
    fn turns(&self) -> usize {
        match self {
            Action::Segment { longest, .. } => *longest,
            Action::MatVec { columns, .. } => *columns,
            Action::MatTVec { rows, .. } => *rows,
            Action::Strips { count, .. } => *count,
            // Of units that go together some may take the series and others the fraction.
            Action::Binary(Binary::LogGammaP(_) | Binary::LogGammaQ(_)) => 2 * TERMS as usize,
            Action::Ternary(Ternary::LogBetaCdf(_)) => TERMS as usize,
            _ => 0,
        }
    }
}

/// The most turns of loops within steps, the turns in which they end included.
fn turns_within(steps: &[Step]) -> usize {
    let turns = steps.iter().map(|step| step.action.turns());
    turns.filter(|&turns| turns > 0).map(|turns| turns + 1).sum()
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub action: Action,
    pub args: Vec<Place>,
    /// Whether the result is carried in two parts.
    pub is_wide: bool,
}

/// Memory of the chain that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Arena(usize),
    Output(usize),
}

/// A value written to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Store {
    pub value: Place,
    pub target: Target,
    /// Whether the low part of a scalar is written.
    pub is_low: bool,
}

/// A sum over the rows of a loop, of one operand or of products of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Total {
    pub a: Place,
    pub b: Option<Place>,
}

/// Steps that run for every row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RowLoop {
    pub rows: usize,
    pub steps: Vec<Step>,
    pub stores: Vec<Store>,
    pub totals: Vec<Total>,
    /// Sums of the phase before those of this loop.
    pub first_total: usize,
}

impl RowLoop {
    /// The most turns of loops that a unit makes for a chain, inner loops and the turn in which a loop ends included.
    pub fn turns(&self, units: usize) -> usize {
        1 + self.rows.div_ceil(units) * (1 + turns_within(&self.steps))
    }
}

/// An operation on all of a small matrix, by all units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FactorStep {
    pub factor: Factor,
    /// Rows of the matrix.
    pub size: usize,
    /// Right sides of a system.
    pub count: usize,
    /// In memory; the second one repeats the first where there is none.
    pub operands: [Place; 2],
    /// First row of the arena for the result.
    pub out: usize,
}

impl FactorStep {
    /// The most turns of loops that a unit makes for a chain.
    fn turns(&self, units: usize) -> usize {
        let share = self.size.div_ceil(units);
        match self.factor {
            Factor::Cholesky => self.size * self.size * (1 + share) / 2,
            Factor::CholeskyPullback => self.size * self.size * (1 + share) / 2,
            Factor::SolveLower | Factor::SolveTransposed => self.size * (1 + share) * self.count,
        }
    }
}

/// A recurrence: one unit of a chain makes its states, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Recurrence {
    pub turns: usize,
    pub is_backward: bool,
    pub initial: Vec<Place>,
    /// Steps of a turn, numbered after the carries: [`Place::Turn`] of the first numbers is a carry.
    pub steps: Vec<Step>,
    pub next: Vec<Place>,
    /// First row of the arena for the states: those of carry 0, then those of carry 1, ...
    pub row: usize,
}

/// What runs between two barriers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Phase {
    pub scalars: Vec<Step>,
    /// Scalars written to memory.
    pub stores: Vec<Store>,
    pub factors: Vec<FactorStep>,
    pub recurrences: Vec<Recurrence>,
    pub loops: Vec<RowLoop>,
    /// Sums over rows, of all loops; known, in this order, when the phase ends.
    pub totals: usize,
    /// Whether rows of the arena are written, which later phases read.
    pub writes_arena: bool,
    /// Sums of earlier phases decide which half of the memory for partial sums is free.
    pub parity: usize,
}

/// What a kernel computes tile by tile: rows of a matrix times the vectors of [`TILE_CHAINS`] chains before its only
/// loop, and the transposed matrix times a value of that loop after it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tile {
    /// First element of the matrix in the shared columns.
    pub matrix: usize,
    pub columns: usize,
    /// Rows that a cube takes at a time.
    pub rows: usize,
    /// Cubes that take the rows in turn.
    pub strips: usize,
    /// The vector, for [`Action::TileRow`].
    pub vector: Option<Place>,
    /// What the transposed matrix is multiplied with.
    pub residual: Option<Place>,
    /// First row of the arena for the sums over rows: of each, the high parts of all strips, then the low parts.
    pub totals_row: usize,
    /// First row of the arena for the transposed products, one strip after the other.
    pub products_row: usize,
}

/// Chains of a tile.
pub(super) const TILE_CHAINS: usize = 32;

/// Units that work on a tile.
pub(super) const TILE_UNITS: usize = 128;

impl Tile {
    /// Floats of shared memory: the tile of the matrix, the vectors, the products.
    pub fn shared(rows: usize, columns: usize) -> usize {
        rows * (columns + 1) + (rows + columns) * TILE_CHAINS
    }
}

/// One kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Plan {
    pub phases: Vec<Phase>,
    /// Scalars written when all phases are done.
    pub stores: Vec<Store>,
    /// A kernel of another kind: one phase of one loop, around products with a matrix.
    pub tile: Option<Tile>,
    pub dim: usize,
    pub arena_rows: usize,
    pub output_rows: usize,
}

impl Plan {
    /// Whether the kernel does nothing.
    pub fn is_empty(&self) -> bool {
        let does_nothing = |phase: &Phase| {
            phase.loops.is_empty()
                && phase.stores.is_empty()
                && phase.factors.is_empty()
                && phase.recurrences.is_empty()
        };
        self.stores.is_empty() && self.phases.iter().all(does_nothing)
    }

    /// The most sums of one phase.
    pub fn totals(&self) -> usize {
        self.phases.iter().map(|phase| phase.totals).max().unwrap_or(0)
    }

    /// The most turns of loops that a unit makes for a chain.
    pub fn turns(&self, team: Team) -> usize {
        if let Some(tile) = &self.tile {
            let row_loop = &self.phases[0].loops[0];
            let share = TILE_UNITS / TILE_CHAINS;
            let rows = tile.rows / share * (row_loop.turns(1) / row_loop.rows);
            let copies = tile.columns * tile.rows.div_ceil(TILE_UNITS);
            let turns = 1 + rows + copies + tile.columns + tile.rows;
            return row_loop.rows.div_ceil(tile.rows * tile.strips) * turns + tile.columns;
        }
        let of_phase = |phase: &Phase| {
            let joins = if team.units > 1 && phase.totals > 0 { team.turns(phase.totals) } else { 0 };
            let factors = phase.factors.iter().map(|step| step.turns(team.units));
            let recurrences = phase.recurrences.iter().map(|r| 1 + r.turns * (1 + turns_within(&r.steps)));
            let loops = phase.loops.iter().map(|l| l.turns(team.units));
            turns_within(&phase.scalars) + joins + loops.chain(factors).chain(recurrences).sum::<usize>()
        };
        self.phases.iter().map(of_phase).sum()
    }

    /// Floats for partial sums: two halves, high and low parts, for every group of units.
    pub fn partial_sums(&self, team: Team) -> usize {
        if team.groups() == 1 { 1 } else { (4 * self.totals() * team.groups()).max(1) }
    }
}

/// A plan, the units that work on a chain, and whether its arena is in the memory they share: all that a
/// kernel depends on. Cheap to clone and compare.
#[derive(Clone)]
pub(super) struct Code {
    plan: Arc<Plan>,
    pub team: Team,
    pub is_arena_shared: bool,
    hash: u64,
}

impl Code {
    pub fn new(plan: Arc<Plan>, team: Team, is_arena_shared: bool) -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        (&plan, team, is_arena_shared).hash(&mut hasher);
        Self { plan, team, is_arena_shared, hash: hasher.finish() }
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// # Panics
    /// When the kernel is an ordinary one.
    pub fn tile(&self) -> &Tile {
        self.plan.tile.as_ref().expect("a kernel of tiles has a tile")
    }

    /// Floats of shared memory for partial sums.
    pub fn partial_sums(&self) -> usize {
        self.plan.partial_sums(self.team)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        let is_same_plan = || Arc::ptr_eq(&self.plan, &other.plan) || self.plan == other.plan;
        self.hash == other.hash
            && (self.team, self.is_arena_shared) == (other.team, other.is_arena_shared)
            && is_same_plan()
    }
}

impl Eq for Code {}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:016x})", self.hash)
    }
}
