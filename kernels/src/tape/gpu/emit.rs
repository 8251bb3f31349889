//! Writes planned steps down as kernels, and the data and index vectors they read as two buffers.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::super::factor::size;
use super::super::ir::Tape;
use super::super::ops::{Binary, Op};
use super::super::scan::Scan;
use super::code::{
    Action, FactorStep, Phase, Place, Plan, Recurrence, RowLoop, Step, Store, Target, Tile, Total,
};
use super::plan::{Draft, Group, Planner, Program, is_total, weight};

/// Tiles of rows that a cube takes, at least.
const TILES_OF_STRIP: usize = 4;

/// Strips into which the rows of a matrix are cut, at most: with the cubes of some more chains they fill a card.
const STRIPS: usize = 128;

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
        group: Group,
        slot: usize,
        arena: Option<Place>,
    },
}

pub(super) struct Emitter<'a> {
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
    /// Where index vectors are.
    known_index: HashMap<Vec<u32>, usize>,
    dim: usize,
    output_rows: usize,
    /// Sums over the rows of the kernel of tiles that is being emitted.
    tile_totals: Vec<usize>,
    /// Its product with the transposed matrix.
    tile_sum: Option<usize>,
    group: Option<Group>,
}

impl<'a> Emitter<'a> {
    pub fn new(planner: &'a Planner, tape: &Tape, drafts: &[Draft]) -> Self {
        let count = planner.entries.len();
        let mut made_in = vec![None; count];
        for d in drafts.iter().filter(|d| d.output.is_none() && planner.makes_rows(d.entry)) {
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
            known_index: HashMap::new(),
            dim: tape.dim,
            output_rows: tape.output_rows,
            tile_totals: Vec::new(),
            tile_sum: None,
            group: None,
        }
    }

    /// Emits drafts in order; those of the groups `of_tiles` in kernels of tiles.
    pub fn emit(mut self, drafts: &[Draft], of_tiles: &BTreeSet<Group>, budget: usize) -> Program {
        self.begin_kernel();
        for d in drafts {
            let is_new_group = self.group != Some(d.group());
            let is_new_level = self.group.is_none_or(|(level, ..)| level != d.level);
            if is_new_group && self.kernel().tile.is_some() {
                self.join_strips();
            }
            let is_tile = of_tiles.contains(&d.group());
            if is_new_group && is_tile {
                self.begin_tile(d.domain);
            } else if self.steps >= budget && (is_new_group || d.domain == 1) {
                self.begin_kernel();
            } else if is_new_level && self.group.is_some() {
                self.kernel().phases.push(Phase::default());
            }
            if d.domain > 1 && is_new_group {
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
        if self.kernel().tile.is_some() {
            self.join_strips();
        }
        let outputs = self.planner.outputs.clone();
        for &(offset, i) in outputs.iter().filter(|&&(_, i)| self.planner.entries[i].rows == 1) {
            self.store_scalar_output(offset, i);
        }
        self.finish(&outputs)
    }

    fn finish(mut self, outputs: &[(usize, usize)]) -> Program {
        if self.kernels.len() > 1 {
            self.kernels.retain(|kernel| !kernel.is_empty());
        }
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

    /// Begins a kernel of tiles over `rows` rows.
    fn begin_tile(&mut self, rows: usize) {
        if self.group.is_some() || self.kernel().phases.len() > 1 {
            self.begin_kernel();
        }
        self.kernel().tile = Some(Tile {
            matrix: 0,
            columns: 0,
            rows,
            strips: 1,
            vector: None,
            residual: None,
            totals_row: 0,
            products_row: 0,
        });
    }

    /// Sets the matrix of the kernel of tiles that is being emitted.
    fn tile_of(&mut self, i: usize) -> Option<&mut Tile> {
        let rows = self.planner.tile_rows[i]?;
        let entry = &self.planner.entries[i];
        let matrix = self.matrix(entry.args[0]);
        let all_rows = self.row_loop().rows;
        let tile = self.kernel().tile.as_mut()?;
        if let Op::MatVec { columns } | Op::MatTVec { columns } = entry.op {
            let strips = (all_rows.div_ceil(rows) / TILES_OF_STRIP).clamp(1, STRIPS);
            (tile.matrix, tile.columns, tile.rows, tile.strips) = (matrix, columns, rows, strips);
        }
        Some(tile)
    }

    /// Ends a kernel of tiles and begins one that adds what its strips have summed.
    fn join_strips(&mut self) {
        let (totals, sum) = (std::mem::take(&mut self.tile_totals), self.tile_sum.take());
        let Some((strips, columns)) = self.kernel().tile.as_ref().map(|tile| (tile.strips, tile.columns))
        else {
            return;
        };
        let totals_row = self.allocate(2 * strips * totals.len());
        let products_row = self.allocate(if sum.is_some() { strips * columns } else { 0 });
        if let Some(tile) = &mut self.kernel().tile {
            (tile.totals_row, tile.products_row) = (totals_row, products_row);
        }
        self.begin_kernel();
        if totals.is_empty() && sum.is_none() {
            return;
        }
        let part = |n: usize| Total { a: Place::Arena(totals_row + n * strips), b: None };
        let parts: Vec<Total> = (0..2 * totals.len()).map(part).collect();
        let phase = self.phase();
        phase.totals = parts.len();
        if !parts.is_empty() {
            phase.loops.push(RowLoop {
                rows: strips,
                steps: vec![],
                stores: vec![],
                totals: parts,
                first_total: 0,
            });
        }
        self.totals = 2 * totals.len();
        if let Some(i) = sum {
            let row = self.allocate(columns);
            let action = Action::Strips { count: strips, rows: columns };
            let step = Step { action, args: vec![Place::Arena(products_row)], is_wide: false };
            let store = Store { value: Place::Turn(0), target: Target::Arena(row), is_low: false };
            let (steps, stores, first_total) = (vec![step], vec![store], self.totals);
            let phase = self.phase();
            phase.loops.push(RowLoop { rows: columns, steps, stores, totals: vec![], first_total });
            phase.writes_arena = true;
            self.homes[i] = Some(Home::Memory(Place::Arena(row)));
        }
        self.kernel().phases.push(Phase::default());
        for (n, &i) in totals.iter().enumerate() {
            let parts = vec![Place::Total(2 * n), Place::Total(2 * n + 1)];
            let place = self.push_scalar(Action::Binary(Binary::Add), parts, self.wide[i]);
            self.set_scalar(i, place);
        }
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
            (Op::Constant(data), _) => self.number(data[0]),
            (Op::Input { offset }, _) => {
                let place = Place::Position(*offset);
                self.push_scalar(Action::Copy, vec![place], false)
            }
            (op, home) => unreachable!("{op:?} of one row is read before it is made ({home:?})"),
        };
        self.loaded.insert(i, place);
        place
    }

    /// A shared number; shading languages have no literals that are not finite.
    fn number(&mut self, x: f64) -> Place {
        let high = x as f32;
        if high.is_finite() {
            let low = (x - f64::from(high)) as f32;
            return Place::Literal(normal_bits(high), normal_bits(low));
        }
        let start = self.data.len();
        self.data.push(high);
        self.push_scalar(Action::Copy, vec![Place::Data(start)], false)
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
        if let Op::Factor(factor) = entry.op {
            let places: Vec<Place> = entry.args.iter().map(|&a| self.memory(a)).collect();
            let out = self.allocate(entry.rows);
            let size = size(self.planner.entries[entry.args[0]].rows);
            let operands = [places[0], places[places.len() - 1]];
            let step = FactorStep { factor, size, count: entry.rows / size, operands, out };
            let phase = self.phase();
            phase.factors.push(step);
            phase.writes_arena = true;
            self.homes[d.entry] = Some(Home::Memory(Place::Arena(out)));
            return;
        }
        if let Op::Scan(scan) = &entry.op {
            return self.emit_recurrence(d.entry, scan);
        }
        let (action, args) = match &entry.op {
            Op::Slice { .. } => (Action::Copy, vec![self.memory(d.entry)]),
            op => (elementwise(op), entry.args.iter().map(|&a| self.scalar(a)).collect()),
        };
        let place = self.push_scalar(action, args, self.wide[d.entry]);
        self.set_scalar(d.entry, place);
    }

    fn emit_recurrence(&mut self, i: usize, scan: &Scan) {
        let args = &self.planner.entries[i].args;
        let operands: Vec<Place> = args
            .iter()
            .map(|&a| if self.planner.entries[a].rows == 1 { self.scalar(a) } else { self.memory(a) })
            .collect();
        let carries = scan.carries();
        let mut steps = Vec::new();
        let mut places: Vec<Place> = Vec::with_capacity(scan.body.nodes.len());
        for node in &scan.body.nodes {
            let place = match &node.op {
                Op::Input { offset } if *offset < carries => Place::Turn(*offset),
                Op::Input { offset } => operands[*offset],
                Op::Constant(data) => self.number(data[0]),
                op => {
                    let args = node.args.iter().map(|a| places[a.index()]).collect();
                    steps.push(Step { action: elementwise(op), args, is_wide: false });
                    Place::Turn(carries + steps.len() - 1)
                }
            };
            places.push(place);
        }
        let next = scan.next().iter().map(|v| places[v.index()]).collect();
        let row = self.allocate(scan.rows());
        let initial = operands[..carries].to_vec();
        let (turns, is_backward) = (scan.steps, scan.is_backward);
        let phase = self.phase();
        phase.recurrences.push(Recurrence { turns, is_backward, initial, steps, next, row });
        phase.writes_arena = true;
        self.homes[i] = Some(Home::Memory(Place::Arena(row)));
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
            if self.kernel().tile.is_some() {
                self.tile_totals.push(d.entry);
            } else {
                self.set_scalar(d.entry, Place::Total(self.totals - 1));
            }
            return;
        }
        if self.planner.is_tile_sum(d.entry) {
            let residual = self.operand(entry.args[1]);
            if let Some(tile) = self.tile_of(d.entry) {
                tile.residual = Some(residual);
            }
            self.tile_sum = Some(d.entry);
            return;
        }
        let (action, args) = self.row_step(d.entry);
        let is_wide = self.wide[d.entry];
        let row_loop = self.row_loop();
        row_loop.steps.push(Step { action, args, is_wide });
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

    fn row_step(&mut self, i: usize) -> (Action, Vec<Place>) {
        let entry = &self.planner.entries[i];
        let rows = |k: usize| self.planner.entries[entry.args[k]].rows;
        match &entry.op {
            Op::Gather(_) if rows(0) == 1 => (Action::Copy, vec![self.scalar(entry.args[0])]),
            Op::Gather(index) => {
                let start = self.push_index(index.to_vec());
                (Action::Gather { index: start }, vec![self.memory(entry.args[0])])
            }
            Op::SegmentSum(index) => {
                let (offsets, members) = by_group(index, entry.rows);
                let longest = offsets.windows(2).map(|pair| (pair[1] - pair[0]) as usize).max().unwrap_or(0);
                let (offsets, members) = (self.push_index(offsets), self.push_index(members));
                (Action::Segment { offsets, members, longest }, vec![self.memory(entry.args[0])])
            }
            Op::MatVec { .. } if self.planner.tile_rows[i].is_some() => {
                let vector = self.memory(entry.args[1]);
                if let Some(tile) = self.tile_of(i) {
                    tile.vector = Some(vector);
                }
                (Action::TileRow, vec![])
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

    /// Where an index vector is; one that is there already is not stored again.
    fn push_index(&mut self, index: Vec<u32>) -> usize {
        let start = self.index.len();
        match self.known_index.entry(index) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.index.extend(new.key());
                *new.insert(start)
            }
        }
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
