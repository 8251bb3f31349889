//! A plan compiled for one block: kernels chosen, places turned into addresses.

use super::super::ops::{Binary, Op, Ternary};
use super::elementwise;
use super::factor::Factoring;
use super::index::Indexing;
use super::kernel::{Address, Args, Details, Kernel, Kind, Memories, Memory};
use super::linear::{self, Predicting};
use super::matrix::Multiplying;
use super::plan::{Action, Location, Operand, Plan, Step};
use super::reduce::Reducing;
use super::scan::{self, Load, Turn, Turns};

const NOWHERE: Address = Address { memory: Memory::Arena, start: 0, step: 0 };

/// One kernel with the addresses of its columns.
#[derive(Debug)]
pub(super) struct Call {
    kernel: Kernel,
    out: Address,
    operands: [Address; 3],
    partial_sums: Address,
    details: Details,
}

impl Call {
    /// The kernel with its columns, for one row.
    ///
    /// # Safety
    /// As for [`Code::run`].
    pub(super) unsafe fn for_one_row<'a>(&'a self, memories: &'a Memories) -> (Kernel, Args<'a>) {
        // SAFETY: the plan has allotted every address.
        let at = |address| unsafe { memories.at(address, 0) };
        let [x, y, z] = &self.operands;
        let args = Args {
            out: at(&self.out),
            operands: [at(x), at(y), at(z)],
            partial_sums: at(&self.partial_sums),
            rows: 1,
            first_row: 0,
            is_last: true,
            details: &self.details,
            memories,
        };
        (self.kernel, args)
    }
}

/// Calls that share a loop over tiles.
#[derive(Debug)]
struct Loop {
    rows: usize,
    calls: Vec<Call>,
}

/// A compiled plan.
#[derive(Debug)]
pub(super) struct Code {
    pub width: usize,
    /// Elements of the arena and of the scratch slots.
    pub arena: usize,
    pub scratch: usize,
    pub input: usize,
    /// Shared numbers to be written to the arena once.
    pub uniforms: Vec<(usize, f64)>,
    /// Output row, rows, first element.
    pub outputs: Vec<(usize, usize, Address)>,
    tile: usize,
    loops: Vec<Loop>,
}

/// Everything a block must have.
pub(super) trait Executable: Reducing + Indexing + Multiplying + Predicting + Factoring {}

impl<B: Reducing + Indexing + Multiplying + Predicting + Factoring> Executable for B {}

impl Code {
    /// Compiles for block `B` with tiles of `tile` rows, a multiple of eight.
    pub(super) fn new<B: Executable>(plan: &Plan, tile: usize) -> Self {
        let arena_rows = if B::IS_PADDED { plan.arena_rows.1 } else { plan.arena_rows.0 };
        let compiler = Compiler { is_padded: B::IS_PADDED, width: B::WIDTH, tile };
        let loops = plan.groups.iter().map(|group| Loop {
            rows: group.rows,
            calls: group.steps.iter().map(|step| compiler.call::<B>(step, group.rows)).collect(),
        });
        Self {
            width: B::WIDTH,
            arena: arena_rows * B::WIDTH,
            scratch: plan.slots * tile * B::WIDTH,
            input: compiler.start(plan.input),
            uniforms: plan.uniforms.iter().map(|&(place, x)| (compiler.start(place), x)).collect(),
            outputs: plan
                .outputs
                .iter()
                .map(|(row, value)| (*row, value.rows, compiler.address(value.location, B::WIDTH)))
                .collect(),
            tile,
            loops: loops.collect(),
        }
    }

    /// Runs all loops.
    ///
    /// # Safety
    /// The memories have the sizes that this code and its plan ask for, the uniforms and the
    /// position stand in the arena, and the instruction set of the block is available.
    pub(super) unsafe fn run(&self, memories: &Memories) {
        for l in &self.loops {
            let mut first_row = 0;
            while first_row < l.rows {
                let rows = self.tile.min(l.rows - first_row);
                let is_last = first_row + rows == l.rows;
                // SAFETY: the plan has allotted every address; the tile lies within the rows of the loop.
                unsafe {
                    let at = |address| memories.at(address, first_row);
                    for call in &l.calls {
                        let [x, y, z] = &call.operands;
                        (call.kernel)(&Args {
                            out: at(&call.out),
                            operands: [at(x), at(y), at(z)],
                            partial_sums: at(&call.partial_sums),
                            rows,
                            first_row,
                            is_last,
                            details: &call.details,
                            memories,
                        });
                    }
                }
                first_row += rows;
            }
        }
    }
}

struct Compiler {
    is_padded: bool,
    width: usize,
    tile: usize,
}

impl Compiler {
    /// First element of a place in its memory.
    fn start(&self, location: Location) -> usize {
        match location {
            Location::Arena(_, row) if self.is_padded => row * self.width,
            Location::Arena(row, _) => row * self.width,
            Location::Slot(slot) => slot * self.tile * self.width,
            Location::Pool(start) => start,
        }
    }

    /// The address of a column that moves on by `step` elements a row.
    fn address(&self, location: Location, step: usize) -> Address {
        let start = self.start(location);
        match location {
            Location::Arena(..) => Address { memory: Memory::Arena, start, step },
            Location::Slot(_) => Address { memory: Memory::Scratch, start, step: 0 },
            Location::Pool(_) => Address { memory: Memory::Pool, start, step: step.min(1) },
        }
    }

    /// How an operand varies in a loop over `domain` rows.
    fn kind(&self, operand: &Operand, domain: usize) -> Kind {
        match operand.location {
            Location::Pool(_) if self.width > 1 => Kind::Shared,
            _ if operand.rows == 1 && domain > 1 => Kind::Uniform,
            _ => Kind::Varying,
        }
    }

    fn operand(&self, operand: &Operand, kind: Kind) -> Address {
        self.address(operand.location, if kind == Kind::Uniform { 0 } else { self.width })
    }

    fn call<B: Executable>(&self, step: &Step, domain: usize) -> Call {
        let mut operands: Vec<(Kind, Address)> = step
            .operands
            .iter()
            .map(|operand| {
                let kind = self.kind(operand, domain);
                (kind, self.operand(operand, kind))
            })
            .collect();
        let mut details = Details::default();
        let mut out = self.address(step.out.location, self.width);
        let op = match &step.action {
            Action::Op(op) => op,
            Action::Scan(turn) => {
                let addresses: Vec<Address> = operands.iter().map(|o| o.1).collect();
                details.turns = Some(self.turns::<B>(turn, &step.operands, &addresses));
                return self.finish(scan::scan::<B>(), out, &[], step, details);
            }
            Action::Copy => {
                details.kinds = operands.iter().map(|o| o.0).collect();
                return self.finish(elementwise::copy::<B>(), out, &operands, step, details);
            }
            Action::Linear { index, is_residual } => {
                details.index = index.clone();
                if index.is_some() {
                    operands[0].1.step = 0;
                }
                let response = if *is_residual { operands.pop() } else { None };
                details.terms = operands[1..].chunks_exact(2).map(|pair| [pair[0].1, pair[1].1]).collect();
                operands.truncate(1);
                operands.extend(response);
                let kernel = linear::predictor::<B>(details.terms.len(), index.is_some(), *is_residual);
                return self.finish(kernel, out, &operands, step, details);
            }
        };
        let kernel = match op {
            Op::Unary(op) => {
                details.unary = Some(*op);
                elementwise::unary::<B>(*op)
            }
            Op::Binary(op) => {
                let op = in_order(*op, &mut operands);
                details.binary = Some(op);
                elementwise::binary::<B>(op, [operands[0].0, operands[1].0])
            }
            Op::Ternary(op) => {
                if *op == Ternary::MulAdd && operands[1].0 < operands[0].0 {
                    operands.swap(0, 1);
                }
                details.ternary = Some(*op);
                elementwise::ternary::<B>(*op, [operands[0].0, operands[1].0, operands[2].0])
            }
            Op::Sum | Op::Dot => {
                operands.sort_by_key(|o| o.0);
                out.step = 0;
                match operands[..] {
                    [(x, at_x), (y, at_y)] => B::dot([x, y], at_x == at_y),
                    _ => B::sum(),
                }
            }
            Op::Gather(index) => {
                details.index = Some(index.clone());
                operands[0].1.step = 0;
                B::gather()
            }
            Op::SegmentSum(index) => {
                details.index = Some(index.clone());
                details.groups = step.out.rows;
                out.step = 0;
                B::segment_sum()
            }
            Op::MatVec { columns } => {
                details.columns = *columns;
                operands[0].1.step = 0;
                B::mat_vec()
            }
            Op::MatTVec { columns } => {
                details.columns = *columns;
                out.step = 0;
                B::mat_t_vec()
            }
            Op::Factor(op) => {
                details.factor = Some(*op);
                details.operand_rows = step.operands.iter().map(|operand| operand.rows).collect();
                B::factor()
            }
            Op::Input { .. } | Op::Constant(_) | Op::Slice { .. } | Op::Concat | Op::Scan(_) => {
                unreachable!("{op:?} is not an operation of a step")
            }
        };
        details.kinds = operands.iter().map(|o| o.0).collect();
        details.matrix = step.matrix.clone();
        self.finish(kernel, out, &operands, step, details)
    }

    /// The body of a recurrence over operands at `addresses`.
    fn turns<B: Executable>(&self, turn: &Turn, operands: &[Operand], addresses: &[Address]) -> Turns {
        let register = |location: &Location| self.address(*location, 0);
        let carries = turn.scan.carries();
        let inputs = || turn.inputs.iter().map(|location| location.as_ref().map(register));
        let columns = inputs().zip(operands).zip(addresses).skip(carries);
        Turns {
            scan: turn.scan.clone(),
            initial: addresses.iter().copied().zip(inputs()).take(carries).collect(),
            loads: columns
                .filter_map(|((register, operand), &from)| {
                    Some(Load { from, is_column: operand.rows > 1, register: register? })
                })
                .collect(),
            calls: turn.steps.iter().map(|step| self.call::<B>(step, 1)).collect(),
            next: turn.next.iter().map(register).collect(),
        }
    }

    fn finish(
        &self,
        kernel: Kernel,
        out: Address,
        operands: &[(Kind, Address)],
        step: &Step,
        details: Details,
    ) -> Call {
        let mut addresses = [NOWHERE; 3];
        addresses.iter_mut().zip(operands).for_each(|(address, operand)| *address = operand.1);
        let partial_sums = step.partial_sums.map_or(NOWHERE, |place| self.address(place, 0));
        Call { kernel, out, operands: addresses, partial_sums, details }
    }
}

/// Turns `>` into `<`, and puts the operands of operations that commute in order of their kinds.
fn in_order(op: Binary, operands: &mut [(Kind, Address)]) -> Binary {
    if op.commutes() && operands[1].0 < operands[0].0 {
        operands.swap(0, 1);
    }
    let turned = match op {
        Binary::Greater => Binary::Lower,
        Binary::GreaterEqual => Binary::LowerEqual,
        _ => return op,
    };
    operands.swap(0, 1);
    turned
}
