//! Checks that a tape is well formed; run between passes in tests and debug builds.

use super::ir::{Tape, ValueId};
use super::ops::Op;

/// What is wrong with a tape, and where.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("operation {node} ({op}) of the tape is malformed: {reason}")]
pub struct VerifyError {
    /// Index of the operation, or the number of operations for a fault of the outputs.
    pub node: usize,
    /// The operation as text.
    pub op: String,
    /// The rule broken and the numbers seen.
    pub reason: String,
}

/// Checks operand order, operand counts, rows, index ranges and outputs.
///
/// # Errors
/// The first rule broken, with the operation that breaks it.
pub fn verify(tape: &Tape) -> Result<(), VerifyError> {
    for (i, node) in tape.nodes.iter().enumerate() {
        check_node(tape, i).map_err(|reason| VerifyError { node: i, op: describe(&node.op), reason })?;
    }
    check_outputs(tape).map_err(|reason| VerifyError { node: tape.nodes.len(), op: "outputs".into(), reason })
}

fn describe(op: &Op) -> String {
    match op {
        Op::Constant(data) => format!("Constant of {} rows", data.len()),
        Op::Gather(index) => format!("Gather of {} rows", index.len()),
        Op::SegmentSum(index) => format!("SegmentSum of {} rows", index.len()),
        Op::Scan(scan) => format!("Scan of {} carries over {} turns", scan.carries(), scan.steps),
        other => format!("{other:?}"),
    }
}

fn check_node(tape: &Tape, i: usize) -> Result<(), String> {
    let node = &tape.nodes[i];
    if node.rows == 0 {
        return Err("it has no rows".into());
    }
    if let Some(late) = node.args.iter().find(|a| a.index() >= i) {
        return Err(format!("operand {} does not stand before it", late.0));
    }
    let rows = |k: usize| tape.node(node.args[k]).rows;
    let arity = match node.op {
        Op::Input { .. } | Op::Constant(_) => 0,
        Op::Unary(_) | Op::Sum | Op::Gather(_) | Op::SegmentSum(_) | Op::Slice { .. } => 1,
        Op::Binary(_) | Op::Dot | Op::MatVec { .. } | Op::MatTVec { .. } => 2,
        Op::Ternary(_) => 3,
        Op::Factor(op) => op.arity(),
        Op::Concat | Op::Scan(_) => node.args.len().max(1),
    };
    if node.args.len() != arity {
        return Err(format!("it has {} operands and takes {arity}", node.args.len()));
    }
    let expect = |what: &str, seen: usize, expected: usize| {
        if seen == expected { Ok(()) } else { Err(format!("{what} is {seen}, expected {expected}")) }
    };
    match &node.op {
        Op::Input { offset } if offset + node.rows > tape.dim => {
            Err(format!("it reads up to element {} of a position of {}", offset + node.rows, tape.dim))
        }
        Op::Input { .. } => Ok(()),
        Op::Constant(data) => expect("rows", node.rows, data.len()),
        Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) => {
            let widest = (0..arity).map(rows).max().unwrap_or(1);
            expect("rows", node.rows, widest)?;
            (0..arity)
                .find(|&k| rows(k) != 1 && rows(k) != widest)
                .map_or(Ok(()), |k| Err(format!("operand {k} has {} rows, expected 1 or {widest}", rows(k))))
        }
        Op::Sum => expect("rows", node.rows, 1),
        Op::Dot => expect("rows", node.rows, 1).and_then(|()| expect("rows of operand 1", rows(1), rows(0))),
        Op::Gather(index) => {
            expect("rows", node.rows, index.len())?;
            check_index(index, rows(0), "the operand's rows")
        }
        Op::SegmentSum(index) => {
            expect("rows of the operand", rows(0), index.len())?;
            check_index(index, node.rows, "the groups")
        }
        Op::Slice { start } if start + node.rows > rows(0) => {
            Err(format!("it reads up to row {} of {}", start + node.rows, rows(0)))
        }
        Op::Slice { .. } => Ok(()),
        Op::Concat => expect("rows", node.rows, node.args.iter().map(|&a| tape.node(a).rows).sum()),
        Op::Factor(op) => {
            let operands: Vec<usize> = (0..arity).map(rows).collect();
            expect("rows", node.rows, op.rows(&operands)?)
        }
        Op::MatVec { columns } => {
            check_matrix(tape, node.args[0], *columns, node.rows)?;
            expect("rows of the vector", rows(1), *columns)
        }
        Op::MatTVec { columns } => {
            expect("rows", node.rows, *columns)?;
            check_matrix(tape, node.args[0], *columns, rows(1))
        }
        Op::Scan(scan) => {
            scan.check(&node.args.iter().map(|&a| tape.node(a).rows).collect::<Vec<_>>())?;
            expect("rows", node.rows, scan.rows())
        }
    }
}

fn check_index(index: &[u32], bound: usize, what: &str) -> Result<(), String> {
    match index.iter().find(|&&i| i as usize >= bound) {
        Some(i) => Err(format!("index {i} is outside {what} ({bound})")),
        None => Ok(()),
    }
}

fn check_matrix(tape: &Tape, matrix: ValueId, columns: usize, matrix_rows: usize) -> Result<(), String> {
    match tape.constant(matrix) {
        None => Err("the matrix is not shared data".into()),
        Some(data) if data.len() != columns * matrix_rows => {
            Err(format!("the matrix has {} elements, expected {matrix_rows} x {columns}", data.len()))
        }
        Some(_) => Ok(()),
    }
}

fn check_outputs(tape: &Tape) -> Result<(), String> {
    let mut covered = vec![false; tape.output_rows];
    for output in &tape.outputs {
        if output.value.index() >= tape.nodes.len() {
            return Err(format!("value {} does not exist", output.value.0));
        }
        let run = output.offset..output.offset + tape.node(output.value).rows;
        let Some(run) = covered.get_mut(run) else {
            return Err(format!("value {} is written past output row {}", output.value.0, tape.output_rows));
        };
        if run.iter().any(|&seen| seen) {
            return Err(format!("value {} overlaps another output", output.value.0));
        }
        run.fill(true);
    }
    Ok(())
}
