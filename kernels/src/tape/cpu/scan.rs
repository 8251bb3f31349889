//! Recurrences: the body's operations, each a kernel over one row, called turn after turn.
//!
//! What a turn reads is copied to *registers*, rows of the arena that stay in the first-level cache; the states go to
//! the rows of the result. One chain computes its numbers in every lane of a register.

use std::marker::PhantomData;
use std::sync::Arc;

use super::super::ops::Op;
use super::super::scan::Scan;
use super::code::Call;
use super::kernel::{Address, Args, Block, Body, Kernel, Memory, compiled};
use super::plan::{self, Action, Location, Operand, Step};
use crate::lanes::Lanes;

/// The body of a recurrence with a register for every number.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub scan: Arc<Scan>,
    /// Registers of the operands of a turn, carries first; nothing for what the body does not read.
    pub inputs: Vec<Option<Location>>,
    pub steps: Vec<Step>,
    /// Registers of the next carries.
    pub next: Vec<Location>,
}

impl Turn {
    /// Gives every number of the body a register; those that are read no more are used again.
    pub(super) fn new(scan: &Arc<Scan>, memory: &mut plan::Memory) -> Self {
        let body = &scan.body;
        let mut last_read = vec![0; body.nodes.len()];
        for (i, node) in body.nodes.iter().enumerate() {
            node.args.iter().for_each(|a| last_read[a.index()] = i);
        }
        let next = scan.next();
        next.iter().for_each(|v| last_read[v.index()] = usize::MAX);
        let (mut inputs, mut steps, mut free) = (vec![None; body.dim], Vec::new(), Vec::new());
        let mut locations: Vec<Location> = Vec::with_capacity(body.nodes.len());
        for (i, node) in body.nodes.iter().enumerate() {
            let location = match &node.op {
                Op::Input { offset } => *inputs[*offset].get_or_insert_with(|| memory.register()),
                Op::Constant(data) => memory.uniform(data[0]),
                op => {
                    let place = |location| Operand { location, rows: 1 };
                    let operands = node.args.iter().map(|a| place(locations[a.index()])).collect();
                    let mut read: Vec<usize> = node.args.iter().map(|a| a.index()).collect();
                    // A number that is read twice is done with once: `a * b + a` frees one register for it.
                    read.sort_unstable();
                    read.dedup();
                    let is_done = |&a: &usize| last_read[a] == i && body.nodes[a].op.is_elementwise();
                    free.extend(read.into_iter().filter(is_done).map(|a| locations[a]));
                    let out = free.pop().unwrap_or_else(|| memory.register());
                    steps.push(Step {
                        action: Action::Op(op.clone()),
                        operands,
                        matrix: None,
                        out: place(out),
                        partial_sums: None,
                    });
                    out
                }
            };
            locations.push(location);
        }
        let mut made = Vec::with_capacity(next.len());
        for v in next {
            let mut location = locations[v.index()];
            if let Op::Input { .. } = body.node(v).op {
                // A carry that moves to another must be read before it is made anew.
                let operands = vec![Operand { location, rows: 1 }];
                location = memory.register();
                let out = Operand { location, rows: 1 };
                steps.push(Step { action: Action::Copy, operands, matrix: None, out, partial_sums: None });
            }
            made.push(location);
        }
        Self { scan: scan.clone(), inputs, steps, next: made }
    }
}

/// An operand and the register that the body reads it from.
#[derive(Debug)]
pub(super) struct Load {
    pub from: Address,
    /// Whether every turn reads a row of its own.
    pub is_column: bool,
    pub register: Address,
}

/// A compiled [`Turn`].
#[derive(Debug)]
pub(super) struct Turns {
    pub scan: Arc<Scan>,
    /// Initial carries, with their registers where the body reads them.
    pub initial: Vec<(Address, Option<Address>)>,
    pub loads: Vec<Load>,
    pub calls: Vec<Call>,
    pub next: Vec<Address>,
}

struct Run<B>(PhantomData<B>);

/// Row `row` of an operand in a register.
#[inline(always)]
unsafe fn row<B: Block>(address: &Address, pointer: *const f64, row: usize) -> B::Reg {
    // SAFETY: the operand has the row, of `WIDTH` elements, or of one where all chains share it.
    unsafe {
        if address.memory == Memory::Pool {
            B::Reg::splat(*pointer.add(row))
        } else {
            B::load_uniform(pointer.add(row * B::WIDTH))
        }
    }
}

impl<B: Block> Body for Run<B> {
    type Reg = B::Reg;

    #[inline(always)]
    unsafe fn run(args: &Args) {
        let (out, memories) = (args.out, args.memories);
        let Some(turns) = &args.details.turns else { return };
        let scan = &turns.scan;
        // SAFETY: the plan has allotted the registers and `scan.rows()` rows of the result, and a verified
        // recurrence has operands of one row or of one a turn.
        unsafe {
            let at = |address: &Address| memories.at(address, 0);
            let calls: Vec<(Kernel, Args)> =
                turns.calls.iter().map(|call| call.for_one_row(memories)).collect();
            let mut columns = Vec::with_capacity(turns.loads.len());
            for load in &turns.loads {
                let (from, register) = (at(&load.from), at(&load.register));
                if load.is_column {
                    columns.push((&load.from, from, register));
                } else {
                    row::<B>(&load.from, from, 0).store(register);
                }
            }
            // Of every carry: its states, the register it is made in, the register it is read from.
            let state = |i: usize, row: usize| out.add((i * scan.states() + row) * B::WIDTH);
            let first = if scan.is_backward { scan.steps } else { 0 };
            let mut carries = Vec::with_capacity(turns.next.len());
            for (i, (initial, register)) in turns.initial.iter().enumerate() {
                let x = row::<B>(initial, at(initial), 0);
                store_row::<B>(x, state(i, first));
                let register = register.as_ref().map(at);
                if let Some(register) = register {
                    x.store(register);
                }
                carries.push((at(&turns.next[i]), register));
            }
            for turn in scan.turns() {
                for &(address, from, register) in &columns {
                    row::<B>(address, from, turn).store(register);
                }
                for (kernel, args) in &calls {
                    kernel(args);
                }
                let (_, made) = scan.state_rows(turn);
                for (i, &(next, register)) in carries.iter().enumerate() {
                    let x = B::load_uniform(next);
                    store_row::<B>(x, state(i, made));
                    if let Some(register) = register {
                        x.store(register);
                    }
                }
            }
        }
    }
}

/// Writes one row, and nothing of the row after it.
#[inline(always)]
unsafe fn store_row<B: Block>(x: B::Reg, pointer: *mut f64) {
    // SAFETY: a row has `WIDTH` elements, which are the lanes of a register unless there is one chain.
    unsafe {
        if B::ROWS == 1 {
            x.store(pointer);
        } else {
            x.store_partial(pointer, B::WIDTH);
        }
    }
}

/// The kernel of recurrences.
pub(super) fn scan<B: Block>() -> Kernel {
    compiled::<Run<B>>
}
