//! Turns a tape into groups of steps that share a loop over rows.
//!
//! ```text
//! domain(step) = rows its loop runs over: of the result for elementwise operations, of the operand for sums
//! stage(step)  = max over operands: 0 for data and the position,
//!                stage(operand)     when it is made row by row in the same domain,
//!                stage(operand) + 1 when all of it must be there first
//! group        = steps of one stage and one domain, in tape order
//! ```
//!
//! A value that only its own group reads lives in a scratch slot of one tile; the others get rows of the arena. A
//! step whose readers are all in one later group moves there, so its result stays in a slot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::ir::Tape;
use super::super::ops::Op;
use super::super::reference::fold;
use super::scan::Turn;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Location {
    /// From this row of the arena on; the first number counts rows packed tightly, the second in runs of eight.
    Arena(usize, usize),
    /// In this slot of the group's scratch memory, one tile at a time.
    Slot(usize),
    /// From this element of the pool of shared columns on.
    Pool(usize),
}

/// An operand of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub location: Location,
    pub rows: usize,
}

/// What a step does.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// An operation of the tape.
    Op(Op),
    /// A piece of a concatenation.
    Copy,
    /// A predictor: base, then column and scale of every term, then what it is subtracted from.
    Linear { index: Option<Arc<[u32]>>, is_residual: bool },
    /// A recurrence.
    Scan(Turn),
}

/// One operation of the plan.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub action: Action,
    /// Operands that are columns; the matrix of a product is not among them.
    pub operands: Vec<Operand>,
    pub matrix: Option<Arc<[f64]>>,
    pub out: Operand,
    /// Eight rows of the arena for the partial sums of a reduction.
    pub partial_sums: Option<Location>,
}

/// Steps that run together, tile by tile, over the same rows.
#[derive(Debug)]
pub(super) struct Group {
    pub rows: usize,
    pub steps: Vec<Step>,
}

/// A tape made ready to run at any width.
#[derive(Debug)]
pub(super) struct Plan {
    pub groups: Vec<Group>,
    /// Rows of the arena, packed tightly and in runs of eight.
    pub arena_rows: (usize, usize),
    /// Number of scratch slots.
    pub slots: usize,
    /// Shared numbers that stand in the arena.
    pub uniforms: Vec<(Location, f64)>,
    /// Shared columns one after the other, each in a run of a multiple of eight.
    pub pool: Vec<f64>,
    /// Rows of the position.
    pub input: Location,
    /// Output rows with their values: arena rows or pool elements.
    pub outputs: Vec<(usize, Operand)>,
}

/// A node of the tape after folding: constants are computed, views look at a value that is neither constant nor view.
struct Entry {
    op: Op,
    args: Vec<usize>,
    rows: usize,
}

/// Computes shared operations and resolves views of views.
fn simplify(tape: &Tape) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(tape.nodes.len());
    // A slice of a whole value is that value.
    let mut same: Vec<usize> = Vec::with_capacity(tape.nodes.len());
    for (i, node) in tape.nodes.iter().enumerate() {
        let args: Vec<usize> = node.args.iter().map(|a| same[a.index()]).collect();
        let mut entry = Entry { op: node.op.clone(), args, rows: node.rows };
        let mut target = i;
        let data: Option<Vec<&[f64]>> = entry
            .args
            .iter()
            .map(|&a| if let Op::Constant(data) = &entries[a].op { Some(&data[..]) } else { None })
            .collect();
        match (&node.op, data) {
            (Op::Input { .. } | Op::Constant(_), _) => {}
            (op, Some(data)) => {
                entry = Entry {
                    op: Op::Constant(fold(op, &data, node.rows).into()),
                    args: vec![],
                    rows: node.rows,
                }
            }
            (Op::Slice { start }, None) => {
                let base = entry.args[0];
                match &entries[base].op {
                    _ if entries[base].rows == node.rows => target = base,
                    Op::Input { offset } => {
                        entry =
                            Entry { op: Op::Input { offset: offset + start }, args: vec![], rows: node.rows }
                    }
                    Op::Slice { start: outer } => {
                        entry.op = Op::Slice { start: outer + start };
                        entry.args = entries[base].args.clone();
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        entries.push(entry);
        same.push(target);
    }
    // Outputs name nodes of the tape: a slice of a whole value must stand for that value there too.
    for i in 0..entries.len() {
        if same[i] != i {
            entries[i].args = vec![same[i]];
        }
    }
    entries
}

/// A step before it has a place: an entry, or one piece of a concatenation.
struct Draft {
    entry: usize,
    piece: Option<usize>,
    stage: usize,
    domain: usize,
}

struct Planner {
    entries: Vec<Entry>,
    /// Stage at which an entry is complete.
    stage: Vec<usize>,
    live: Vec<bool>,
    outputs: Vec<(usize, usize)>,
}

impl Plan {
    /// Plans a verified tape.
    pub(super) fn new(tape: &Tape) -> Self {
        let entries = simplify(tape);
        let mut planner = Planner {
            stage: vec![0; entries.len()],
            live: vec![false; entries.len()],
            outputs: vec![],
            entries,
        };
        for output in &tape.outputs {
            planner.add_output(output.offset, output.value.index());
        }
        planner.mark_live();
        let mut drafts = planner.draft();
        planner.sink(&mut drafts);
        drafts.sort_by_key(|d| (d.stage, d.domain, d.entry, d.piece));
        planner.place(&drafts, tape.dim)
    }
}

/// Whether row `i` of the result is made in turn `i` of the loop.
fn makes_rows(op: &Op) -> bool {
    op.is_elementwise() || matches!(op, Op::Gather(_) | Op::MatVec { .. })
}

/// Whether turn `i` of the loop reads row `i` of operand `k`, and no other.
fn reads_rows(op: &Op, k: usize) -> bool {
    match op {
        Op::Gather(_) | Op::MatVec { .. } | Op::Slice { .. } | Op::Factor(_) | Op::Scan(_) => false,
        Op::MatTVec { .. } => k == 1,
        _ => true,
    }
}

impl Planner {
    /// Resolves concatenations and whole slices down to values with rows of their own.
    fn add_output(&mut self, offset: usize, i: usize) {
        let entry = &self.entries[i];
        match entry.op {
            Op::Concat => {
                let mut offset = offset;
                for piece in entry.args.clone() {
                    self.add_output(offset, piece);
                    offset += self.entries[piece].rows;
                }
            }
            Op::Slice { .. } if self.entries[entry.args[0]].rows == entry.rows => {
                self.add_output(offset, entry.args[0])
            }
            _ => self.outputs.push((offset, i)),
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

    /// Rows that the loop of entry `i` runs over.
    fn domain(&self, i: usize) -> usize {
        let entry = &self.entries[i];
        match entry.op {
            Op::Sum | Op::Dot | Op::SegmentSum(_) => self.entries[entry.args[0]].rows,
            Op::MatTVec { .. } => self.entries[entry.args[1]].rows,
            // The loops are inside of the step.
            Op::Factor(_) | Op::Scan(_) => 1,
            _ => entry.rows,
        }
    }

    /// Whether a loop over `domain` can read the rows of `a` as they are made.
    fn is_made_in_step(&self, a: usize, domain: usize) -> bool {
        makes_rows(&self.entries[a].op) && self.entries[a].rows == domain
    }

    fn ready(&self, a: usize, domain: usize, by_row: bool) -> usize {
        match self.entries[a].op {
            Op::Input { .. } | Op::Constant(_) => 0,
            Op::Slice { .. } => self.stage[self.entries[a].args[0]] + 1,
            _ if by_row && self.is_made_in_step(a, domain) => self.stage[a],
            _ => self.stage[a] + 1,
        }
    }

    fn draft(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for i in (0..self.entries.len()).filter(|&i| self.live[i]) {
            let entry = &self.entries[i];
            match entry.op {
                Op::Input { .. } | Op::Constant(_) | Op::Slice { .. } => continue,
                Op::Concat => {
                    let pieces = entry.args.iter().enumerate().map(|(k, &a)| {
                        let domain = self.entries[a].rows;
                        Draft { entry: i, piece: Some(k), stage: self.ready(a, domain, true), domain }
                    });
                    let pieces: Vec<Draft> = pieces.collect();
                    self.stage[i] = pieces.iter().map(|d| d.stage).max().unwrap_or(0);
                    drafts.extend(pieces);
                }
                _ => {
                    let domain = self.domain(i);
                    let stages = entry
                        .args
                        .iter()
                        .enumerate()
                        .map(|(k, &a)| self.ready(a, domain, reads_rows(&entry.op, k)));
                    let stage = stages.max().unwrap_or(0);
                    self.stage[i] = stage;
                    drafts.push(Draft { entry: i, piece: None, stage, domain });
                }
            }
        }
        drafts
    }

    /// Entries whose rows step `d` reads, each with whether it reads them in step.
    fn reads<'a>(&'a self, d: &'a Draft) -> impl Iterator<Item = (usize, bool)> + 'a {
        let entry = &self.entries[d.entry];
        let pieces = d.piece.map_or(0..entry.args.len(), |k| k..k + 1);
        pieces.map(move |k| {
            let a = entry.args[k];
            (a, reads_rows(&entry.op, k) && self.is_made_in_step(a, d.domain))
        })
    }

    /// Moves steps to the first group that reads them when every reader does so row by row.
    fn sink(&mut self, drafts: &mut [Draft]) {
        let mut latest: Vec<Option<usize>> = vec![None; self.entries.len()];
        let mut fixed = vec![false; self.entries.len()];
        self.outputs.iter().for_each(|&(_, i)| fixed[i] = true);
        for i in 0..self.entries.len() {
            if let (Op::Slice { .. }, true) = (&self.entries[i].op, self.live[i]) {
                fixed[self.entries[i].args[0]] = true;
            }
        }
        for at in (0..drafts.len()).rev() {
            let i = drafts[at].entry;
            if let (true, false, Some(stage)) =
                (makes_rows(&self.entries[i].op) && drafts[at].domain > 1, fixed[i], latest[i])
            {
                drafts[at].stage = stage;
                self.stage[i] = stage;
            }
            let stage = drafts[at].stage;
            let reads: Vec<(usize, bool)> = self.reads(&drafts[at]).collect();
            for (a, in_step) in reads {
                fixed[a] |= !in_step;
                latest[a] = Some(latest[a].map_or(stage, |s| s.min(stage)));
            }
        }
    }

    /// Gives every value its place and writes the steps down.
    fn place(self, drafts: &[Draft], dim: usize) -> Plan {
        let group_of = |d: &Draft| (d.stage, d.domain);
        // The group that makes a value row by row, and whether another group or the end of the program reads it.
        let mut made_in: Vec<Option<(usize, usize)>> = vec![None; self.entries.len()];
        let mut escapes = vec![false; self.entries.len()];
        for d in drafts.iter().filter(|d| makes_rows(&self.entries[d.entry].op)) {
            made_in[d.entry] = Some(group_of(d));
        }
        self.outputs.iter().for_each(|&(_, i)| escapes[i] = true);
        for (i, entry) in self.entries.iter().enumerate() {
            if let (Op::Slice { .. }, true) = (&entry.op, self.live[i]) {
                escapes[entry.args[0]] = true;
            }
        }
        let mut last_read = vec![0; self.entries.len()];
        for (at, d) in drafts.iter().enumerate() {
            for (a, in_step) in self.reads(d) {
                last_read[a] = at;
                escapes[a] |= !in_step || made_in[a] != Some(group_of(d));
            }
        }

        let mut memory = Memory::default();
        let input = memory.arena(dim);
        let mut locations: Vec<Option<Location>> = vec![None; self.entries.len()];
        let mut groups: Vec<((usize, usize), Group)> = Vec::new();
        for (at, d) in drafts.iter().enumerate() {
            let entry = &self.entries[d.entry];
            if groups.last().is_none_or(|(key, _)| *key != group_of(d)) {
                memory.free_slots_of_group();
                groups.push((group_of(d), Group { rows: d.domain, steps: Vec::new() }));
            }
            let args: Vec<usize> = match d.piece {
                Some(k) => vec![entry.args[k]],
                None => entry.args.clone(),
            };
            let matrix = match (&entry.op, args.first().map(|&a| &self.entries[a].op)) {
                (Op::MatVec { .. } | Op::MatTVec { .. }, Some(Op::Constant(data))) => Some(data.clone()),
                _ => None,
            };
            let columns = &args[usize::from(matrix.is_some())..];
            let operands: Vec<Operand> =
                columns.iter().map(|&a| self.operand(a, input, &mut memory, &mut locations)).collect();
            for &a in columns {
                if let (Some(Location::Slot(slot)), true) = (locations[a], last_read[a] == at) {
                    memory.free(slot);
                }
            }
            let out = match (d.piece, locations[d.entry]) {
                (Some(k), place) => {
                    let whole = place.unwrap_or_else(|| memory.arena(entry.rows));
                    locations[d.entry] = Some(whole);
                    let start = entry.args[..k].iter().map(|&a| self.entries[a].rows).sum();
                    Operand { location: advance(whole, start), rows: d.domain }
                }
                (None, _) => {
                    let in_slot = makes_rows(&entry.op) && !escapes[d.entry];
                    let location = if in_slot { memory.slot() } else { memory.arena(entry.rows) };
                    locations[d.entry] = Some(location);
                    Operand { location, rows: entry.rows }
                }
            };
            let partial_sums = matches!(entry.op, Op::Sum | Op::Dot).then(|| memory.arena(8));
            let action = match &entry.op {
                _ if d.piece.is_some() => Action::Copy,
                Op::Scan(scan) => Action::Scan(Turn::new(scan, &mut memory)),
                op => Action::Op(op.clone()),
            };
            if let Some((_, group)) = groups.last_mut() {
                group.steps.push(Step { action, operands, matrix, out, partial_sums });
            }
        }
        let outputs: Vec<(usize, Operand)> = self
            .outputs
            .iter()
            .map(|&(offset, i)| (offset, self.operand(i, input, &mut memory, &mut locations)))
            .collect();
        Plan {
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            arena_rows: (memory.tight, memory.padded + 8),
            slots: memory.slots,
            uniforms: memory.uniforms,
            pool: memory.pool,
            input,
            outputs,
        }
    }

    fn operand(
        &self,
        a: usize,
        input: Location,
        memory: &mut Memory,
        locations: &mut [Option<Location>],
    ) -> Operand {
        let entry = &self.entries[a];
        let location = match (&entry.op, locations[a]) {
            (_, Some(location)) => location,
            (Op::Input { offset }, None) => advance(input, *offset),
            (Op::Slice { start }, None) => {
                advance(self.operand(entry.args[0], input, memory, locations).location, *start)
            }
            (Op::Constant(data), None) if data.len() == 1 => memory.uniform(data[0]),
            (Op::Constant(data), None) => memory.column(data),
            (op, None) => unreachable!("{op:?} is read before it is made"),
        };
        locations[a] = Some(location);
        Operand { location, rows: entry.rows }
    }
}

fn advance(location: Location, rows: usize) -> Location {
    match location {
        Location::Arena(tight, padded) => Location::Arena(tight + rows, padded + rows),
        Location::Pool(start) => Location::Pool(start + rows),
        Location::Slot(slot) => unreachable!("slot {slot} has no view"),
    }
}

/// Hands out places.
#[derive(Default)]
pub(super) struct Memory {
    tight: usize,
    padded: usize,
    slots: usize,
    free: Vec<usize>,
    uniforms: Vec<(Location, f64)>,
    seen: BTreeMap<u64, Location>,
    pool: Vec<f64>,
}

impl Memory {
    fn arena(&mut self, rows: usize) -> Location {
        let location = Location::Arena(self.tight, self.padded);
        self.tight += rows;
        self.padded += rows.next_multiple_of(8);
        location
    }

    /// A row that a loop within a step writes and reads.
    pub(super) fn register(&mut self) -> Location {
        self.arena(1)
    }

    /// A shared number.
    pub(super) fn uniform(&mut self, x: f64) -> Location {
        if let Some(&location) = self.seen.get(&x.to_bits()) {
            return location;
        }
        let location = self.arena(1);
        self.seen.insert(x.to_bits(), location);
        self.uniforms.push((location, x));
        location
    }

    fn column(&mut self, data: &[f64]) -> Location {
        let location = Location::Pool(self.pool.len());
        self.pool.extend_from_slice(data);
        self.pool.resize(self.pool.len().next_multiple_of(8), 0.0);
        location
    }

    fn slot(&mut self) -> Location {
        Location::Slot(self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        }))
    }

    fn free(&mut self, slot: usize) {
        if !self.free.contains(&slot) {
            self.free.push(slot);
        }
    }

    fn free_slots_of_group(&mut self) {
        self.free = (0..self.slots).rev().collect();
    }
}
