//! A recurrence: the operation whose rows depend on the rows made before them.
//!
//! ```text
//! forward:   state[0]     = initial;   state[t + 1] = body(state[t],     operands[t]),   t = 0, 1, .. steps - 1
//! backward:  state[steps] = initial;   state[t]     = body(state[t + 1], operands[t]),   t = steps - 1, .. 0
//! ```
//!
//! The body is a tape of elementwise operations on single numbers. What of a loop does not feed its own next turn
//! does not belong here: it is an elementwise operation over the states.

use super::ir::{Tape, ValueId};
use super::ops::Op;

/// A loop with carried numbers, its body and its length.
///
/// Operands of [`Op::Scan`]: the initial carries (one row each), then whatever the body reads besides (a row for
/// every turn, or one row for all turns). Result: the `steps + 1` states of carry 0, then those of carry 1, ...
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The next carries from a position that holds the carries and the other operands of one turn.
    pub body: Tape,
    /// Turns of the loop.
    pub steps: usize,
    /// Whether the loop runs from the last row to the first.
    pub is_backward: bool,
}

impl Scan {
    /// Number of carried numbers.
    pub fn carries(&self) -> usize {
        self.body.output_rows
    }

    /// Rows of the states of one carry.
    pub fn states(&self) -> usize {
        self.steps + 1
    }

    /// Rows of the result.
    pub fn rows(&self) -> usize {
        self.carries() * self.states()
    }

    /// The values of the body that become the next carries, in order.
    pub fn next(&self) -> Vec<ValueId> {
        let mut outputs = self.body.outputs.clone();
        outputs.sort_unstable_by_key(|output| output.offset);
        outputs.iter().map(|output| output.value).collect()
    }

    /// The operand row of every turn, in the order of turns.
    pub fn turns(&self) -> impl Iterator<Item = usize> + use<> {
        let (steps, is_backward) = (self.steps, self.is_backward);
        (0..steps).map(move |turn| if is_backward { steps - 1 - turn } else { turn })
    }

    /// The rows, within the states of a carry, that the turn at operand row `row` reads and makes.
    pub fn state_rows(&self, row: usize) -> (usize, usize) {
        if self.is_backward { (row + 1, row) } else { (row, row + 1) }
    }

    /// All states.
    pub(super) fn fold(&self, args: &[&[f64]]) -> Vec<f64> {
        let (next, states) = (self.next(), self.states());
        let mut out = vec![0.0; self.rows()];
        let first = if self.is_backward { self.steps } else { 0 };
        (0..self.carries()).for_each(|i| out[i * states + first] = args[i][0]);
        let mut values = vec![0.0; self.body.nodes.len()];
        for row in self.turns() {
            let (from, to) = self.state_rows(row);
            for (i, node) in self.body.nodes.iter().enumerate() {
                let arg = |k: usize| values[node.args[k].index()];
                values[i] = match &node.op {
                    Op::Input { offset } if *offset < self.carries() => out[offset * states + from],
                    Op::Input { offset } => args[*offset][if args[*offset].len() == 1 { 0 } else { row }],
                    Op::Constant(data) => data[0],
                    Op::Unary(op) => op.eval(arg(0)),
                    Op::Binary(op) => op.eval(arg(0), arg(1)),
                    Op::Ternary(op) => op.eval(arg(0), arg(1), arg(2)),
                    op => unreachable!("{op:?} is not an operation on single numbers"),
                };
            }
            next.iter().enumerate().for_each(|(i, v)| out[i * states + to] = values[v.index()]);
        }
        out
    }

    /// What is wrong with the body, or with operands of these rows.
    pub(super) fn check(&self, operands: &[usize]) -> Result<(), String> {
        super::verify::verify(&self.body).map_err(|error| format!("in its body, {error}"))?;
        let is_single = |op: &Op| op.is_elementwise() || matches!(op, Op::Input { .. } | Op::Constant(_));
        if let Some(node) = self.body.nodes.iter().find(|node| node.rows != 1 || !is_single(&node.op)) {
            return Err(format!("its body holds {:?} of {} rows", node.op, node.rows));
        }
        if self.body.outputs.len() != self.carries() || self.carries() == 0 || self.steps == 0 {
            return Err(format!(
                "its body makes {} of {} carries, in {} turns",
                self.body.outputs.len(),
                self.carries(),
                self.steps
            ));
        }
        if operands.len() != self.body.dim || operands.len() < self.carries() {
            return Err(format!("it has {} operands and its body takes {}", operands.len(), self.body.dim));
        }
        let allowed = |k: usize, rows: usize| rows == 1 || (k >= self.carries() && rows == self.steps);
        match operands.iter().enumerate().find(|&(k, &rows)| !allowed(k, rows)) {
            Some((k, rows)) => Err(format!("operand {k} has {rows} rows in a loop of {} turns", self.steps)),
            None => Ok(()),
        }
    }
}
