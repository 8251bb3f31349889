//! Moves what does not depend on the carries out of recurrences.
//!
//! ```text
//! state[t + 1] = f(state[t], g(x[t]))   ->   y = g(x);  state[t + 1] = f(state[t], y[t])
//! ```
//!
//! What is moved is computed for all turns at once, or once when it is the same in all of them; products and sums of
//! a carried number with several others are first written as one of a carried number with one other. The body is
//! left with what feeds its own next turn.

use std::collections::HashMap;
use std::sync::Arc;

use chainfire_kernels::tape::{Binary, Op, Output, Scan, Tape, ValueId};

use super::{Interner, prune};

/// The tape with smaller recurrences.
pub fn hoist(tape: &Tape) -> Tape {
    let mut out = Interner::new(tape.dim);
    let mut renamed: Vec<ValueId> = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let args: Vec<ValueId> = node.args.iter().map(|a| renamed[a.index()]).collect();
        renamed.push(match &node.op {
            Op::Scan(scan) => smaller(scan, &args, &mut out),
            op => out.copy(op, args, node.rows),
        });
    }
    let outputs =
        tape.outputs.iter().map(|o| Output { offset: o.offset, value: renamed[o.value.index()] }).collect();
    out.finish(outputs, tape.output_rows)
}

/// A number of the body.
#[derive(Clone, Copy)]
enum Number {
    /// It depends on the carries: a value of the new body.
    Carried(ValueId),
    /// It does not: a value of the tape, of one row or a row for every turn.
    Free(ValueId),
}

struct Hoisting<'a> {
    tape: &'a mut Interner,
    body: Interner,
    carries: usize,
    /// Operands of the new body after its carries.
    operands: Vec<ValueId>,
    known: HashMap<ValueId, ValueId>,
}

/// The recurrence with all that is free of its carries outside.
fn smaller(scan: &Arc<Scan>, args: &[ValueId], tape: &mut Interner) -> ValueId {
    let carries = scan.carries();
    let mut uses = vec![0; scan.body.nodes.len()];
    scan.body.nodes.iter().flat_map(|node| &node.args).for_each(|a| uses[a.index()] += 1);
    scan.body.outputs.iter().for_each(|o| uses[o.value.index()] += 1);
    let body = Interner::new(scan.body.dim);
    let mut hoisting = Hoisting { tape, body, carries, operands: vec![], known: HashMap::new() };
    let mut numbers: Vec<Number> = Vec::with_capacity(scan.body.nodes.len());
    for node in &scan.body.nodes {
        let parts: Vec<(Number, bool)> =
            node.args.iter().map(|a| (numbers[a.index()], uses[a.index()] == 1)).collect();
        numbers.push(match &node.op {
            Op::Input { offset } if *offset < carries => {
                Number::Carried(hoisting.body.emit(node.op.clone(), vec![], 1))
            }
            Op::Input { offset } => Number::Free(args[*offset]),
            op => hoisting.number(op, &parts),
        });
    }
    let next: Vec<ValueId> = scan.next().iter().map(|v| hoisting.carried(numbers[v.index()])).collect();
    let Hoisting { tape, body, operands, .. } = hoisting;
    let outputs = next.into_iter().enumerate().map(|(offset, value)| Output { offset, value }).collect();
    let mut body = prune(&body.finish(outputs, carries));
    body.dim = carries + operands.len();
    let scan = Scan { body, ..Scan::clone(scan) };
    let rows = scan.rows();
    tape.emit(Op::Scan(scan.into()), [&args[..carries], &operands].concat(), rows)
}

impl Hoisting<'_> {
    fn number(&mut self, op: &Op, parts: &[(Number, bool)]) -> Number {
        let free: Option<Vec<ValueId>> = parts
            .iter()
            .map(|(part, _)| if let Number::Free(id) = part { Some(*id) } else { None })
            .collect();
        if let Some(args) = free {
            let rows = args.iter().map(|&a| self.tape.rows(a)).max().unwrap_or(1);
            return Number::Free(self.tape.emit(op.clone(), args, rows));
        }
        if let Op::Binary(binary @ (Binary::Add | Binary::Mul)) = op
            && let [(a, is_a_used_once), (b, is_b_used_once)] = parts[..]
        {
            for (x, is_used_once, y) in [(a, is_a_used_once, b), (b, is_b_used_once, a)] {
                if let (Number::Carried(x), true, Number::Free(y)) = (x, is_used_once, y)
                    && let Some((carried, free)) = self.split(x, *binary)
                {
                    let rows = self.tape.rows(free).max(self.tape.rows(y));
                    let joined = self.tape.emit(op.clone(), vec![free, y], rows);
                    let joined = self.carried(Number::Free(joined));
                    return Number::Carried(self.body.binary(*binary, carried, joined));
                }
            }
        }
        let args = parts.iter().map(|(part, _)| self.carried(*part)).collect();
        Number::Carried(self.body.emit(op.clone(), args, 1))
    }

    /// `value = carried op free`, when the value of the body is that.
    fn split(&self, id: ValueId, binary: Binary) -> Option<(ValueId, ValueId)> {
        let node = self.body.node(id);
        if node.op != Op::Binary(binary) {
            return None;
        }
        let free = |id: ValueId| match self.body.node(id).op {
            Op::Input { offset } if offset >= self.carries => Some(self.operands[offset - self.carries]),
            _ => None,
        };
        let (a, b) = (node.args[0], node.args[1]);
        free(b).map(|free| (a, free)).or_else(|| free(a).map(|free| (b, free)))
    }

    /// A number as the body reads it: what is free becomes an operand, or a number when it is known.
    fn carried(&mut self, number: Number) -> ValueId {
        let id = match number {
            Number::Carried(id) => return id,
            Number::Free(id) => id,
        };
        if let Some(x) = self.tape.uniform(id) {
            return self.body.number(x);
        }
        if let Some(&known) = self.known.get(&id) {
            return known;
        }
        self.operands.push(id);
        let offset = self.carries + self.operands.len() - 1;
        let input = self.body.emit(Op::Input { offset }, vec![], 1);
        self.known.insert(id, input);
        input
    }
}
