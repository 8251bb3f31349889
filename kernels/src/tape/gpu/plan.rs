//! Turns a tape into kernels of phases.
//!
//! ```text
//! level(step)  = max over operands: 0 for data and the position,
//!                level(operand)     for scalars, and for rows that the same loop makes,
//!                level(operand) + 1 for sums over rows, and for rows that another loop makes
//! phase        = scalars of one level, then its recurrences, then a loop for every number of rows
//! kernel       = phases up to a budget of steps: the time to compile a kernel grows faster than its length
//! ```
//!
//! Steps over rows whose readers are all in one later loop move there, so that nothing is stored.
//!
//! Products with a large matrix are computed in tiles: their loop is a kernel of its own, which also sums the product
//! of the transposed matrix with a value of the loop, as it sums totals.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::ir::Tape;
use super::super::ops::{Binary, Op, Ternary, Unary};
use super::code::{Plan, Tile};
use super::emit::Emitter;
use super::simplify::{Entry, simplify};

/// Products with fewer columns are not computed in tiles: loading the tiles costs more than it saves.
const FEWEST_TILE_COLUMNS: usize = 8;

/// How a tape is cut into kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planning {
    /// Steps after which a kernel is cut, long functions counted several times: the time that drivers take to
    /// compile a kernel grows faster than its length, to about a second at the default.
    pub kernel_steps: usize,
    /// Elements from which on products with a matrix are computed in tiles. Tiles take two more kernels, some 10
    /// microseconds. They win that with any number of chains: with many, the matrix is read once for 32 chains and
    /// not for each, with few, its rows are spread over the device and not over one cube.
    pub tiled_elements: usize,
}

impl Default for Planning {
    fn default() -> Self {
        Self { kernel_steps: 500, tiled_elements: 1 << 16 }
    }
}

/// Which products are computed in tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiling {
    pub elements: usize,
    /// Bytes that the units of a cube can share.
    pub shared_memory: usize,
}

impl Tiling {
    /// Rows of a tile of a matrix, or nothing when products with it are not computed in tiles.
    pub fn rows(&self, rows: usize, columns: usize) -> Option<usize> {
        let is_large = rows * columns >= self.elements && columns >= FEWEST_TILE_COLUMNS;
        [64, 32, 16].into_iter().find(|&r| self.fits(r, columns)).filter(|_| is_large)
    }

    /// Columns of the blocks into which a matrix is cut because a tile of all its columns does not fit; nothing when
    /// the blocks are no better.
    pub fn block(&self, rows: usize, columns: usize) -> Option<usize> {
        if columns < FEWEST_TILE_COLUMNS || self.fits(16, columns) || !self.fits(32, FEWEST_TILE_COLUMNS) {
            return None;
        }
        let blocks = (2..).find(|&blocks| self.fits(32, columns.div_ceil(blocks)))?;
        self.rows(rows, columns / blocks).map(|_| columns.div_ceil(blocks))
    }

    fn fits(&self, rows: usize, columns: usize) -> bool {
        Tile::shared(rows, columns) * size_of::<f32>() <= self.shared_memory
    }
}

/// Kernels in the order they run, and the memory they read.
#[derive(Debug)]
pub(super) struct Program {
    pub kernels: Vec<Arc<Plan>>,
    /// Shared columns, one after the other.
    pub data: Vec<f32>,
    /// Index vectors, one after the other.
    pub index: Vec<u32>,
    /// First row and rows of every run of the output that is written.
    pub written: Vec<(usize, usize)>,
    /// Whether the row after the outputs holds the low part of output row 0.
    pub has_low: bool,
}

/// Something to emit: an entry, a piece of a concatenation, or an output that is only copied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub entry: usize,
    pub piece: Option<usize>,
    pub output: Option<usize>,
    pub level: usize,
    pub domain: usize,
    part: usize,
}

/// Level, number of rows and part of a loop.
pub(super) type Group = (usize, usize, usize);

impl Draft {
    /// Scalars of a level come before its loops.
    pub fn group(&self) -> Group {
        (self.level, self.domain, self.part)
    }
}

/// Plans a verified tape for a device whose cubes share `shared_memory` bytes.
pub(super) fn plan(tape: &Tape, planning: Planning, shared_memory: usize) -> Program {
    let tiling = Tiling { elements: planning.tiled_elements, shared_memory };
    let budget = planning.kernel_steps.max(1);
    let (entries, outputs) = simplify(tape, &tiling);
    let mut planner = Planner {
        level: vec![0; entries.len()],
        live: vec![false; entries.len()],
        tile_rows: vec![None; entries.len()],
        outputs: vec![],
        entries,
    };
    outputs.iter().for_each(|&(offset, i)| planner.add_output(offset, i));
    planner.mark_live();
    planner.choose_tiles(&tiling);
    let mut drafts = planner.draft();
    planner.sink(&mut drafts);
    planner.draft_outputs(&mut drafts);
    drafts.sort_by_key(|d| (d.level, d.domain, d.entry, d.piece, d.output));
    planner.cut_loops(&mut drafts, budget);
    let of_tiles = drafts.iter().filter(|d| planner.tile_rows[d.entry].is_some() && d.output.is_none());
    let of_tiles: BTreeSet<Group> = of_tiles.map(Draft::group).collect();
    Emitter::new(&planner, tape, &drafts).emit(&drafts, &of_tiles, budget)
}

/// About how many elementary operations an operation becomes, in tens.
pub(super) fn weight(op: &Op) -> usize {
    match op {
        Op::Binary(Binary::LogGammaP(_) | Binary::LogGammaQ(_)) | Op::Ternary(Ternary::LogBetaCdf(_)) => 30,
        Op::Factor(_) => 20,
        Op::Scan(scan) => scan.body.nodes.iter().map(|node| weight(&node.op)).sum(),
        Op::Unary(Unary::Lgamma | Unary::Digamma | Unary::Trigamma) => 12,
        Op::Unary(Unary::Erfc | Unary::Erfinv | Unary::NormalQuantile) => 6,
        Op::Unary(Unary::Sin | Unary::Cos | Unary::Tan | Unary::Erf) | Op::Binary(Binary::Pow) => 5,
        Op::Unary(Unary::Log | Unary::Log1p | Unary::Softplus | Unary::Exp | Unary::Expm1) => 3,
        Op::Unary(Unary::Atan | Unary::Sinh | Unary::Cosh | Unary::Tanh) => 3,
        _ => 1,
    }
}

pub(super) struct Planner {
    pub entries: Vec<Entry>,
    level: Vec<usize>,
    pub live: Vec<bool>,
    /// For products that are computed in tiles, the rows of those.
    pub tile_rows: Vec<Option<usize>>,
    /// Output rows and the entries, never concatenations, written there.
    pub outputs: Vec<(usize, usize)>,
}

fn is_leaf(op: &Op) -> bool {
    matches!(op, Op::Input { .. } | Op::Constant(_))
}

pub(super) fn is_total(op: &Op) -> bool {
    matches!(op, Op::Sum | Op::Dot)
}

impl Planner {
    fn add_output(&mut self, offset: usize, i: usize) {
        if !matches!(self.entries[i].op, Op::Concat) {
            self.outputs.push((offset, i));
            return;
        }
        let mut offset = offset;
        for piece in self.entries[i].args.clone() {
            self.add_output(offset, piece);
            offset += self.entries[piece].rows;
        }
    }

    fn mark_live(&mut self) {
        self.outputs.iter().for_each(|&(_, i)| self.live[i] = true);
        for i in (0..self.entries.len()).rev() {
            if self.live[i] {
                self.entries[i].args.iter().for_each(|&a| self.live[a] = true);
            }
        }
    }

    fn choose_tiles(&mut self, tiling: &Tiling) {
        for i in (0..self.entries.len()).filter(|&i| self.live[i]) {
            let entry = &self.entries[i];
            self.tile_rows[i] = match entry.op {
                Op::MatVec { columns } => tiling.rows(entry.rows, columns),
                Op::MatTVec { columns } => tiling.rows(self.entries[entry.args[1]].rows, columns),
                _ => None,
            };
        }
    }

    /// Whether entry `i` is the product with a transposed matrix that a kernel of tiles sums.
    pub fn is_tile_sum(&self, i: usize) -> bool {
        self.tile_rows[i].is_some() && matches!(self.entries[i].op, Op::MatTVec { .. })
    }

    /// Whether row `k` of entry `i` is made in turn `k` of a loop.
    pub fn makes_rows(&self, i: usize) -> bool {
        let entry = &self.entries[i];
        let is_no_step = matches!(entry.op, Op::Slice { .. } | Op::Concat | Op::Factor(_) | Op::Scan(_));
        entry.rows > 1 && !is_leaf(&entry.op) && !is_no_step && !self.is_tile_sum(i)
    }

    /// Whether turn `k` of the loop of entry `i` reads row `k` of operands.
    fn reads_rows(&self, i: usize) -> bool {
        match self.entries[i].op {
            Op::Gather(_) | Op::SegmentSum(_) | Op::MatVec { .. } | Op::Slice { .. } => false,
            Op::Factor(_) | Op::Scan(_) => false,
            Op::MatTVec { .. } => self.is_tile_sum(i),
            _ => true,
        }
    }

    /// Rows that the loop of entry `i` runs over; one for a scalar step.
    fn domain(&self, i: usize) -> usize {
        let entry = &self.entries[i];
        match entry.op {
            _ if self.is_tile_sum(i) => self.entries[entry.args[1]].rows,
            Op::Sum | Op::Dot => self.entries[entry.args[0]].rows,
            // The loops are inside of the step.
            Op::Factor(_) | Op::Scan(_) => 1,
            _ => entry.rows,
        }
    }

    fn is_made_in_step(&self, a: usize, domain: usize) -> bool {
        self.makes_rows(a) && self.entries[a].rows == domain
    }

    /// The first level at which a loop over `domain` can read `a`.
    fn ready(&self, a: usize, domain: usize, by_row: bool) -> usize {
        let entry = &self.entries[a];
        match &entry.op {
            op if is_leaf(op) => 0,
            op if is_total(op) => self.level[a] + 1,
            _ if entry.rows == 1 => self.level[a],
            Op::Slice { .. } => self.ready(entry.args[0], domain, false),
            _ if by_row && self.is_made_in_step(a, domain) => self.level[a],
            _ => self.level[a] + 1,
        }
    }

    fn draft(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for i in (0..self.entries.len()).filter(|&i| self.live[i]) {
            let entry = &self.entries[i];
            let new = |piece, level, domain| Draft { entry: i, piece, output: None, level, domain, part: 0 };
            match &entry.op {
                op if is_leaf(op) => {}
                Op::Slice { .. } if entry.rows > 1 => {}
                Op::Concat => {
                    let first = drafts.len();
                    for (k, &a) in entry.args.iter().enumerate() {
                        let domain = self.entries[a].rows;
                        drafts.push(new(Some(k), self.ready(a, domain, true), domain));
                    }
                    self.level[i] = drafts[first..].iter().map(|d| d.level).max().unwrap_or(0);
                }
                _ => {
                    let domain = self.domain(i);
                    let levels = entry.args.iter().map(|&a| self.ready(a, domain, self.reads_rows(i)));
                    self.level[i] = levels.max().unwrap_or(0);
                    drafts.push(new(None, self.level[i], domain));
                }
            }
        }
        drafts
    }

    /// Entries that a draft reads, each with whether it reads the rows as its loop makes them.
    pub fn reads<'a>(&'a self, d: &'a Draft) -> impl Iterator<Item = (usize, bool)> + 'a {
        let entry = &self.entries[d.entry];
        let args = match (d.output, d.piece) {
            (Some(_), _) => std::slice::from_ref(&d.entry),
            (None, Some(k)) => &entry.args[k..k + 1],
            (None, None) => &entry.args[..],
        };
        let by_row = d.output.is_some() || self.reads_rows(d.entry);
        args.iter().map(move |&a| (a, by_row && self.is_made_in_step(a, d.domain)))
    }

    /// Moves steps over rows to the first loop that reads them when every reader does so row by row.
    fn sink(&mut self, drafts: &mut [Draft]) {
        let mut first_read: Vec<Option<usize>> = vec![None; self.entries.len()];
        let mut fixed = vec![false; self.entries.len()];
        self.outputs.iter().for_each(|&(_, i)| fixed[i] = true);
        for (i, entry) in self.entries.iter().enumerate() {
            if self.live[i] && matches!(entry.op, Op::Slice { .. }) {
                fixed[entry.args[0]] = true;
            }
        }
        for d in drafts.iter_mut().rev() {
            let i = d.entry;
            if let (true, false, Some(level)) = (self.makes_rows(i), fixed[i], first_read[i]) {
                (d.level, self.level[i]) = (level, level);
            }
            let reads: Vec<(usize, bool)> = self.reads(d).collect();
            for (a, in_step) in reads {
                fixed[a] |= !in_step;
                first_read[a] = Some(first_read[a].map_or(d.level, |level| level.min(d.level)));
            }
        }
    }

    /// Cuts loops after steps of weight `budget`, and so that a part has tiles of one matrix, one product with it
    /// and one with its transpose.
    fn cut_loops(&self, drafts: &mut [Draft], budget: usize) {
        #[derive(Default)]
        struct Part {
            number: usize,
            steps: usize,
            /// Matrices, and whether it is their transposes that are multiplied.
            tiled: Vec<(usize, bool)>,
        }
        let mut parts: BTreeMap<(usize, usize), Part> = BTreeMap::new();
        for draft in drafts.iter_mut().filter(|d| d.domain > 1) {
            let part = parts.entry((draft.level, draft.domain)).or_default();
            let tiled = self.tile_rows[draft.entry].filter(|_| draft.output.is_none());
            let tiled = tiled.map(|_| (self.entries[draft.entry].args[0], self.is_tile_sum(draft.entry)));
            let is_full = |&(matrix, is_sum): &(usize, bool)| {
                tiled.is_some_and(|new| new.0 != matrix || new.1 == is_sum)
            };
            if part.steps >= budget || part.tiled.iter().any(is_full) {
                *part = Part { number: part.number + 1, ..Part::default() };
            }
            part.steps += weight(&self.entries[draft.entry].op);
            part.tiled.extend(tiled);
            draft.part = part.number;
        }
    }

    /// Outputs that no step makes are copied.
    fn draft_outputs(&self, drafts: &mut Vec<Draft>) {
        for &(offset, i) in &self.outputs {
            let domain = self.entries[i].rows;
            if domain > 1 && !self.makes_rows(i) {
                let level = self.ready(i, domain, false);
                drafts.push(Draft { entry: i, piece: None, output: Some(offset), level, domain, part: 0 });
            }
        }
    }

    /// What is carried in two parts: scalars that reach the log density through scalars alone, and rows with
    /// `lgamma` that are summed into one of those. Counts repeat, and so do the roundings of their `lgamma`; its sums
    /// are large, and cancel.
    pub fn wide(&self) -> Vec<bool> {
        let has_lgamma = self.rows_with_lgamma();
        let mut wide = vec![false; self.entries.len()];
        let mut is_in_lgamma = vec![false; self.entries.len()];
        for &(offset, i) in &self.outputs {
            wide[i] |= offset == 0 && self.entries[i].rows == 1;
        }
        for i in (0..self.entries.len()).rev() {
            let entry = &self.entries[i];
            wide[i] &= if entry.rows == 1 {
                is_wide_op(&entry.op)
            } else {
                is_wide_row_op(&entry.op) && (has_lgamma[i] || is_in_lgamma[i])
            };
            if wide[i] && !matches!(entry.op, Op::Dot) {
                entry.args.iter().for_each(|&a| wide[a] = true);
                let is_lgamma = entry.op == Op::Unary(Unary::Lgamma);
                entry.args.iter().for_each(|&a| is_in_lgamma[a] |= is_lgamma || is_in_lgamma[i]);
            }
        }
        wide
    }

    /// Rows that are `lgamma`, or sums with it.
    fn rows_with_lgamma(&self) -> Vec<bool> {
        let mut has_lgamma = vec![false; self.entries.len()];
        for (i, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.rows > 1) {
            let is_lgamma = entry.op == Op::Unary(Unary::Lgamma);
            has_lgamma[i] =
                is_lgamma || (is_wide_row_op(&entry.op) && entry.args.iter().any(|&a| has_lgamma[a]));
        }
        has_lgamma
    }
}

fn is_wide_row_op(op: &Op) -> bool {
    matches!(op, Op::Unary(Unary::Neg | Unary::Lgamma) | Op::Binary(Binary::Add | Binary::Sub))
}

fn is_wide_op(op: &Op) -> bool {
    let has_wide_form = match op {
        Op::Unary(op) => {
            matches!(op, Unary::Neg | Unary::Exp | Unary::Log | Unary::Sqrt | Unary::Recip | Unary::Lgamma)
        }
        Op::Binary(op) => matches!(op, Binary::Add | Binary::Sub | Binary::Mul | Binary::Div),
        Op::Ternary(op) => matches!(op, Ternary::MulAdd),
        _ => false,
    };
    has_wide_form || is_total(op)
}
