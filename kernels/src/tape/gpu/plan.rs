//! Turns a tape into kernels of phases.
//!
//! ```text
//! level(step)  = max over operands: 0 for data and the position,
//!                level(operand)     for scalars, and for rows that the same loop makes,
//!                level(operand) + 1 for sums over rows, and for rows that another loop makes
//! phase        = scalars of one level, then a loop for every number of rows
//! kernel       = phases up to a budget of steps: the time to compile a kernel grows faster than its length
//! ```
//!
//! Steps over rows whose readers are all in one later loop move there, so that nothing is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::ir::Tape;
use super::super::ops::{Binary, Op, Ternary, Unary};
use super::code::{Action, Phase, Place, Plan, RowLoop, Step, Store, Target, Total};
use super::simplify::{Entry, simplify};

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
struct Draft {
    entry: usize,
    piece: Option<usize>,
    output: Option<usize>,
    level: usize,
    domain: usize,
    part: usize,
}

impl Draft {
    /// Scalars of a level come before its loops.
    fn group(&self) -> (usize, usize, usize) {
        (self.level, self.domain, self.part)
    }
}

/// Plans a verified tape, cutting kernels after steps of weight `budget`.
pub(super) fn plan(tape: &Tape, budget: usize) -> Program {
    let (entries, outputs) = simplify(tape);
    let mut planner =
        Planner { level: vec![0; entries.len()], live: vec![false; entries.len()], outputs: vec![], entries };
    outputs.iter().for_each(|&(offset, i)| planner.add_output(offset, i));
    planner.mark_live();
    let mut drafts = planner.draft();
    planner.sink(&mut drafts);
    planner.draft_outputs(&mut drafts);
    drafts.sort_by_key(|d| (d.level, d.domain, d.entry, d.piece, d.output));
    planner.cut_long_loops(&mut drafts, budget);
    Emitter::new(&planner, tape, &drafts).emit(&drafts, budget)
}

/// About how many elementary operations an operation becomes, in tens.
fn weight(op: &Op) -> usize {
    match op {
        Op::Unary(Unary::Lgamma | Unary::Digamma | Unary::Trigamma) => 12,
        Op::Unary(Unary::Sin | Unary::Cos | Unary::Tan | Unary::Erf) | Op::Binary(Binary::Pow) => 5,
        Op::Unary(Unary::Log | Unary::Log1p | Unary::Softplus | Unary::Exp | Unary::Expm1) => 3,
        Op::Unary(Unary::Atan | Unary::Sinh | Unary::Cosh | Unary::Tanh) => 3,
        _ => 1,
    }
}

struct Planner {
    entries: Vec<Entry>,
    level: Vec<usize>,
    live: Vec<bool>,
    /// Output rows and the entries, never concatenations, written there.
    outputs: Vec<(usize, usize)>,
}

fn is_leaf(op: &Op) -> bool {
    matches!(op, Op::Input { .. } | Op::Constant(_))
}

fn is_total(op: &Op) -> bool {
    matches!(op, Op::Sum | Op::Dot)
}

/// Whether row `i` of the result is made in turn `i` of a loop.
fn makes_rows(entry: &Entry) -> bool {
    entry.rows > 1 && !is_leaf(&entry.op) && !matches!(entry.op, Op::Slice { .. } | Op::Concat)
}

/// Whether turn `i` of the loop reads row `i` of operands.
fn reads_rows(op: &Op) -> bool {
    !matches!(
        op,
        Op::Gather(_) | Op::SegmentSum(_) | Op::MatVec { .. } | Op::MatTVec { .. } | Op::Slice { .. }
    )
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

    /// Rows that the loop of entry `i` runs over; one for a scalar step.
    fn domain(&self, i: usize) -> usize {
        let entry = &self.entries[i];
        if is_total(&entry.op) { self.entries[entry.args[0]].rows } else { entry.rows }
    }

    fn is_made_in_step(&self, a: usize, domain: usize) -> bool {
        makes_rows(&self.entries[a]) && self.entries[a].rows == domain
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
                op => {
                    let domain = self.domain(i);
                    let levels = entry.args.iter().map(|&a| self.ready(a, domain, reads_rows(op)));
                    self.level[i] = levels.max().unwrap_or(0);
                    drafts.push(new(None, self.level[i], domain));
                }
            }
        }
        drafts
    }

    /// Entries that a draft reads, each with whether it reads the rows as its loop makes them.
    fn reads<'a>(&'a self, d: &'a Draft) -> impl Iterator<Item = (usize, bool)> + 'a {
        let entry = &self.entries[d.entry];
        let args = match (d.output, d.piece) {
            (Some(_), _) => std::slice::from_ref(&d.entry),
            (None, Some(k)) => &entry.args[k..k + 1],
            (None, None) => &entry.args[..],
        };
        let by_row = d.output.is_some() || reads_rows(&entry.op);
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
            if let (true, false, Some(level)) = (makes_rows(&self.entries[i]), fixed[i], first_read[i]) {
                (d.level, self.level[i]) = (level, level);
            }
            let reads: Vec<(usize, bool)> = self.reads(d).collect();
            for (a, in_step) in reads {
                fixed[a] |= !in_step;
                first_read[a] = Some(first_read[a].map_or(d.level, |level| level.min(d.level)));
            }
        }
    }

    fn cut_long_loops(&self, drafts: &mut [Draft], budget: usize) {
        let mut steps: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for draft in drafts.iter_mut().filter(|d| d.domain > 1) {
            let count = steps.entry((draft.level, draft.domain)).or_default();
            draft.part = *count / budget;
            *count += weight(&self.entries[draft.entry].op);
        }
    }

    /// Outputs that no step makes are copied.
    fn draft_outputs(&self, drafts: &mut Vec<Draft>) {
        for &(offset, i) in &self.outputs {
            let (entry, domain) = (&self.entries[i], self.entries[i].rows);
            if domain > 1 && !makes_rows(entry) {
                let level = self.ready(i, domain, false);
                drafts.push(Draft { entry: i, piece: None, output: Some(offset), level, domain, part: 0 });
            }
        }
    }

    /// Scalars that reach the log density through scalars alone: they are carried in two parts.
    fn wide(&self) -> Vec<bool> {
        let mut wide = vec![false; self.entries.len()];
        for &(offset, i) in &self.outputs {
            wide[i] |= offset == 0 && self.entries[i].rows == 1;
        }
        for i in (0..self.entries.len()).rev() {
            let entry = &self.entries[i];
            wide[i] &= is_wide_op(&entry.op) && entry.rows == 1;
            if wide[i] && !is_total(&entry.op) {
                entry.args.iter().for_each(|&a| wide[a] = true);
            }
        }
        wide
    }
}

fn is_wide_op(op: &Op) -> bool {
    let has_wide_form = match op {
        Op::Unary(op) => matches!(op, Unary::Neg | Unary::Exp | Unary::Log | Unary::Sqrt | Unary::Recip),
        Op::Binary(op) => matches!(op, Binary::Add | Binary::Sub | Binary::Mul | Binary::Div),
        Op::Ternary(op) => matches!(op, Ternary::MulAdd),
        _ => false,
    };
    has_wide_form || is_total(op)
}

/// Where an entry has been put.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Home {
    Memory(Place),
    /// Scalar or sum of a kernel.
    Scalar {
        kernel: usize,
        place: Place,
    },
    /// Step of a loop, and a place in the arena when others read it.
    Turn {
        group: (usize, usize, usize),
        slot: usize,
        arena: Option<Place>,
    },
}

struct Emitter<'a> {
    planner: &'a Planner,
    wide: Vec<bool>,
    /// Whether a loop other than the one that makes a value reads it.
    escapes: Vec<bool>,
    homes: Vec<Option<Home>>,
    /// Rows of the arena that hold a scalar for later kernels.
    spilled: BTreeMap<usize, usize>,
    /// Scalars that the last kernel has read from memory.
    loaded: BTreeMap<usize, Place>,
    kernels: Vec<Plan>,
    /// Scalars and sums of the last kernel so far.
    scalars: usize,
    totals: usize,
    steps: usize,
    arena_rows: usize,
    data: Vec<f32>,
    columns: BTreeMap<usize, usize>,
    index: Vec<u32>,
    dim: usize,
    output_rows: usize,
    group: Option<(usize, usize, usize)>,
}

impl<'a> Emitter<'a> {
    fn new(planner: &'a Planner, tape: &Tape, drafts: &[Draft]) -> Self {
        let count = planner.entries.len();
        let mut made_in = vec![None; count];
        for d in drafts.iter().filter(|d| d.output.is_none() && makes_rows(&planner.entries[d.entry])) {
            made_in[d.entry] = Some(d.group());
        }
        let mut escapes = vec![false; count];
        for d in drafts {
            for (a, in_step) in planner.reads(d) {
                escapes[a] |= !in_step || made_in[a] != Some(d.group());
            }
        }
        for (i, entry) in planner.entries.iter().enumerate() {
            if planner.live[i] && matches!(entry.op, Op::Slice { .. }) {
                escapes[entry.args[0]] = true;
            }
        }
        Self {
            planner,
            wide: planner.wide(),
            escapes,
            homes: vec![None; count],
            spilled: BTreeMap::new(),
            loaded: BTreeMap::new(),
            kernels: Vec::new(),
            scalars: 0,
            totals: 0,
            steps: 0,
            arena_rows: 0,
            data: Vec::new(),
            columns: BTreeMap::new(),
            index: Vec::new(),
            dim: tape.dim,
            output_rows: tape.output_rows,
            group: None,
        }
    }

    fn emit(mut self, drafts: &[Draft], budget: usize) -> Program {
        self.begin_kernel();
        for d in drafts {
            let is_new_group = self.group != Some(d.group());
            let is_new_level = self.group.is_none_or(|(level, ..)| level != d.level);
            if self.steps >= budget && (is_new_group || d.domain == 1) {
                self.begin_kernel();
            } else if is_new_level && self.group.is_some() {
                self.kernel().phases.push(Phase::default());
            }
            if d.domain > 1 && self.group != Some(d.group()) {
                let phase = self.phase();
                let first_total = phase.totals;
                phase.loops.push(RowLoop {
                    rows: d.domain,
                    steps: vec![],
                    stores: vec![],
                    totals: vec![],
                    first_total,
                });
            }
            self.group = Some(d.group());
            self.steps += weight(&self.planner.entries[d.entry].op);
            if d.domain == 1 { self.emit_scalar(d) } else { self.emit_rows(d) }
        }
        let outputs = self.planner.outputs.clone();
        for &(offset, i) in outputs.iter().filter(|&&(_, i)| self.planner.entries[i].rows == 1) {
            self.store_scalar_output(offset, i);
        }
        self.finish(&outputs)
    }

    fn finish(mut self, outputs: &[(usize, usize)]) -> Program {
        let mut parity = 0;
        for kernel in &mut self.kernels {
            kernel.arena_rows = self.arena_rows;
            for phase in &mut kernel.phases {
                phase.parity = parity;
                parity = if phase.totals > 0 { 1 - parity } else { parity };
            }
        }
        let rows = |i: usize| self.planner.entries[i].rows;
        Program {
            written: outputs.iter().map(|&(offset, i)| (offset, rows(i))).collect(),
            has_low: outputs.iter().any(|&(offset, i)| offset == 0 && rows(i) == 1),
            kernels: self.kernels.into_iter().map(Arc::new).collect(),
            data: self.data,
            index: self.index,
        }
    }

    fn begin_kernel(&mut self) {
        let (dim, output_rows) = (self.dim, self.output_rows);
        self.kernels.push(Plan { phases: vec![Phase::default()], dim, output_rows, ..Plan::default() });
        (self.scalars, self.totals, self.steps, self.group) = (0, 0, 0, None);
        self.loaded.clear();
    }

    fn kernel(&mut self) -> &mut Plan {
        let last = self.kernels.len() - 1;
        &mut self.kernels[last]
    }

    fn phase(&mut self) -> &mut Phase {
        let kernel = self.kernel();
        let last = kernel.phases.len() - 1;
        &mut kernel.phases[last]
    }

    fn row_loop(&mut self) -> &mut RowLoop {
        let phase = self.phase();
        let last = phase.loops.len() - 1;
        &mut phase.loops[last]
    }

    fn allocate(&mut self, rows: usize) -> usize {
        self.arena_rows += rows;
        self.arena_rows - rows
    }

    fn push_scalar(&mut self, action: Action, args: Vec<Place>, is_wide: bool) -> Place {
        self.phase().scalars.push(Step { action, args, is_wide });
        self.scalars += 1;
        Place::Scalar(self.scalars - 1)
    }

    fn set_scalar(&mut self, i: usize, place: Place) {
        self.homes[i] = Some(Home::Scalar { kernel: self.kernels.len() - 1, place });
    }

    /// Where this kernel finds the scalar `i`.
    fn scalar(&mut self, i: usize) -> Place {
        if let Some(&place) = self.loaded.get(&i) {
            return place;
        }
        let current = self.kernels.len() - 1;
        let is_wide = self.wide[i];
        let place = match (&self.planner.entries[i].op, self.homes[i]) {
            (_, Some(Home::Scalar { kernel, place })) if kernel == current => return place,
            (_, Some(Home::Scalar { kernel, place })) => {
                let row = self.spill(i, kernel, place);
                let action = if is_wide { Action::CopyPair } else { Action::Copy };
                self.push_scalar(action, vec![Place::Arena(row)], is_wide)
            }
            (Op::Constant(data), _) => {
                let x = data[0];
                let high = x as f32;
                if high.is_finite() {
                    let low = (x - f64::from(high)) as f32;
                    return Place::Literal(normal_bits(high), normal_bits(low));
                }
                let column = self.column(i);
                self.push_scalar(Action::Copy, vec![column], false)
            }
            (Op::Input { offset }, _) => {
                let place = Place::Position(*offset);
                self.push_scalar(Action::Copy, vec![place], false)
            }
            (op, home) => unreachable!("{op:?} of one row is read before it is made ({home:?})"),
        };
        self.loaded.insert(i, place);
        place
    }

    /// Rows of the arena where the kernel that makes a scalar leaves it for later ones.
    fn spill(&mut self, i: usize, kernel: usize, place: Place) -> usize {
        if let Some(&row) = self.spilled.get(&i) {
            return row;
        }
        let row = self.allocate(if self.wide[i] { 2 } else { 1 });
        let stores = &mut self.kernels[kernel].stores;
        stores.push(Store { value: place, target: Target::Arena(row), is_low: false });
        if self.wide[i] {
            stores.push(Store { value: place, target: Target::Arena(row + 1), is_low: true });
        }
        self.spilled.insert(i, row);
        row
    }

    /// The shared column `i`.
    fn column(&mut self, i: usize) -> Place {
        let start = match (self.columns.get(&i), &self.planner.entries[i].op) {
            (Some(&start), _) => start,
            (None, Op::Constant(data)) => {
                let start = self.data.len();
                self.data.extend(data.iter().map(|&x| x as f32));
                start
            }
            (None, op) => unreachable!("{op:?} is not shared data"),
        };
        self.columns.insert(i, start);
        Place::Data(start)
    }

    /// Where the rows of `i` are in memory.
    fn memory(&mut self, i: usize) -> Place {
        let entry = &self.planner.entries[i];
        match (&entry.op, self.homes[i]) {
            (Op::Input { offset }, _) => Place::Position(*offset),
            (Op::Constant(_), _) => self.column(i),
            (Op::Slice { start }, _) => match self.memory(entry.args[0]) {
                Place::Arena(row) => Place::Arena(row + start),
                Place::Data(row) => Place::Data(row + start),
                Place::Position(row) => Place::Position(row + start),
                other => unreachable!("{other:?} is not in memory"),
            },
            (_, Some(Home::Memory(place) | Home::Turn { arena: Some(place), .. })) => place,
            (op, home) => unreachable!("{op:?} is read before it is stored ({home:?})"),
        }
    }

    /// Where the loop that is being emitted finds row `i` of a value.
    fn operand(&mut self, i: usize) -> Place {
        match self.homes[i] {
            _ if self.planner.entries[i].rows == 1 => self.scalar(i),
            Some(Home::Turn { group, slot, .. }) if Some(group) == self.group => Place::Turn(slot),
            _ => self.memory(i),
        }
    }

    /// The concatenation `i` in the arena, from piece `k` on.
    fn concat_row(&mut self, i: usize, k: usize) -> usize {
        let entry = &self.planner.entries[i];
        let base = match self.homes[i] {
            Some(Home::Memory(Place::Arena(base))) => base,
            _ => self.allocate(entry.rows),
        };
        self.homes[i] = Some(Home::Memory(Place::Arena(base)));
        base + entry.args[..k].iter().map(|&a| self.planner.entries[a].rows).sum::<usize>()
    }

    fn emit_scalar(&mut self, d: &Draft) {
        let entry = &self.planner.entries[d.entry];
        if let Some(k) = d.piece {
            let value = self.scalar(entry.args[k]);
            let target = Target::Arena(self.concat_row(d.entry, k));
            let phase = self.phase();
            phase.stores.push(Store { value, target, is_low: false });
            phase.writes_arena = true;
            return;
        }
        let (action, args) = match &entry.op {
            Op::Slice { .. } => (Action::Copy, vec![self.memory(d.entry)]),
            op => (elementwise(op), entry.args.iter().map(|&a| self.scalar(a)).collect()),
        };
        let place = self.push_scalar(action, args, self.wide[d.entry]);
        self.set_scalar(d.entry, place);
    }

    fn emit_rows(&mut self, d: &Draft) {
        let entry = &self.planner.entries[d.entry];
        if let Some(offset) = d.output {
            let value = self.operand(d.entry);
            self.row_loop().stores.push(Store { value, target: Target::Output(offset), is_low: false });
            return;
        }
        if let Some(k) = d.piece {
            let value = self.operand(entry.args[k]);
            let target = Target::Arena(self.concat_row(d.entry, k));
            self.row_loop().stores.push(Store { value, target, is_low: false });
            self.phase().writes_arena = true;
            return;
        }
        if is_total(&entry.op) {
            let a = self.operand(entry.args[0]);
            let b = entry.args.get(1).map(|&b| self.operand(b));
            self.row_loop().totals.push(Total { a, b });
            self.phase().totals += 1;
            self.totals += 1;
            self.set_scalar(d.entry, Place::Total(self.totals - 1));
            return;
        }
        let (action, args) = self.row_step(entry);
        let row_loop = self.row_loop();
        row_loop.steps.push(Step { action, args, is_wide: false });
        let value = Place::Turn(row_loop.steps.len() - 1);
        let arena = self.escapes[d.entry].then(|| self.allocate(entry.rows));
        self.homes[d.entry] = Some(Home::Turn {
            group: d.group(),
            slot: self.row_loop().steps.len() - 1,
            arena: arena.map(Place::Arena),
        });
        self.phase().writes_arena |= arena.is_some();
        let outputs = self.planner.outputs.iter().filter(|&&(_, i)| i == d.entry);
        let targets = outputs.map(|&(offset, _)| Target::Output(offset)).chain(arena.map(Target::Arena));
        for target in targets {
            self.row_loop().stores.push(Store { value, target, is_low: false });
        }
    }

    fn row_step(&mut self, entry: &Entry) -> (Action, Vec<Place>) {
        let rows = |k: usize| self.planner.entries[entry.args[k]].rows;
        match &entry.op {
            Op::Gather(_) if rows(0) == 1 => (Action::Copy, vec![self.scalar(entry.args[0])]),
            Op::Gather(index) => {
                let start = self.push_index(index.iter().copied());
                (Action::Gather { index: start }, vec![self.memory(entry.args[0])])
            }
            Op::SegmentSum(index) => {
                let (offsets, members) = by_group(index, entry.rows);
                let (offsets, members) = (self.push_index(offsets), self.push_index(members));
                (Action::Segment { offsets, members }, vec![self.memory(entry.args[0])])
            }
            Op::MatVec { columns } => {
                let matrix = self.matrix(entry.args[0]);
                (Action::MatVec { matrix, columns: *columns }, vec![self.memory(entry.args[1])])
            }
            Op::MatTVec { columns } => {
                let (matrix, rows) = (self.matrix(entry.args[0]), rows(1));
                (Action::MatTVec { matrix, rows, columns: *columns }, vec![self.memory(entry.args[1])])
            }
            op => (elementwise(op), entry.args.iter().map(|&a| self.operand(a)).collect()),
        }
    }

    fn push_index(&mut self, index: impl IntoIterator<Item = u32>) -> usize {
        let start = self.index.len();
        self.index.extend(index);
        start
    }

    fn matrix(&mut self, i: usize) -> usize {
        match self.column(i) {
            Place::Data(start) => start,
            place => unreachable!("{place:?} is not shared data"),
        }
    }

    fn store_scalar_output(&mut self, offset: usize, i: usize) {
        let current = self.kernels.len() - 1;
        let (kernel, value) = match self.homes[i] {
            Some(Home::Scalar { kernel, place }) => (kernel, place),
            _ => (current, self.scalar(i)),
        };
        let low = self.output_rows;
        let stores = &mut self.kernels[kernel].stores;
        stores.push(Store { value, target: Target::Output(offset), is_low: false });
        if offset == 0 {
            stores.push(Store { value, target: Target::Output(low), is_low: true });
        }
    }
}

fn elementwise(op: &Op) -> Action {
    match op {
        Op::Unary(op) => Action::Unary(*op),
        Op::Binary(op) => Action::Binary(*op),
        Op::Ternary(op) => Action::Ternary(*op),
        op => unreachable!("{op:?} is not elementwise"),
    }
}

/// The bits of `x`, or of zero where a shading language need not hold `x`.
fn normal_bits(x: f32) -> u32 {
    if x.is_normal() { x.to_bits() } else { 0 }
}

/// Rows in the order of their groups, and where every group begins.
fn by_group(index: &[u32], groups: usize) -> (Vec<u32>, Vec<u32>) {
    let mut members: Vec<u32> = (0..).take(index.len()).collect();
    members.sort_by_key(|&i| index[i as usize]);
    let mut offsets = vec![0; groups + 1];
    index.iter().for_each(|&group| offsets[group as usize + 1] += 1);
    for group in 0..groups {
        offsets[group + 1] += offsets[group];
    }
    (offsets, members)
}
