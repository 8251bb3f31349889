//! Writes a tape over short columns as one over single numbers: the body of a recurrence.
//!
//! ```text
//! elementwise(v, w) -> one operation a row          sum, dot, segment_sum, products with matrices -> chains of additions
//! gather, slice, concat -> names of numbers
//! ```

use chainfire_kernels::tape::{Binary, Op, Tape, ValueId};

use super::Interner;
use crate::program::ProgramError;

/// The most operations on single numbers that a tape may become.
pub const MOST_OPERATIONS: usize = 20_000;

/// Adds a tape whose position is `inputs` to `out`; gives every row of its output vector.
///
/// # Errors
/// [`ProgramError::Unsupported`] for an operation that is no arithmetic on numbers, and for too many of them.
pub fn add_scalars(
    tape: &Tape,
    inputs: &[ValueId],
    out: &mut Interner,
) -> Result<Vec<ValueId>, ProgramError> {
    let mut rows: Vec<Vec<ValueId>> = Vec::with_capacity(tape.nodes.len());
    let mut operations = 0;
    for node in &tape.nodes {
        let arg = |k: usize, i: usize| {
            let column = &rows[node.args[k].index()];
            if column.len() == 1 { column[0] } else { column[i] }
        };
        let length = |k: usize| rows[node.args[k].index()].len();
        let operands: usize = (0..node.args.len()).map(length).sum();
        operations += match &node.op {
            Op::MatVec { .. } | Op::MatTVec { .. } => length(0),
            Op::Input { .. } | Op::Constant(_) | Op::Gather(_) | Op::Slice { .. } | Op::Concat => 0,
            _ => operands.max(node.rows),
        };
        if operations > MOST_OPERATIONS {
            return Err(ProgramError::Unsupported {
                operation: "scan".into(),
                reason: format!("its body becomes more than {MOST_OPERATIONS} operations on single numbers"),
            });
        }
        let column: Vec<ValueId> = match &node.op {
            Op::Input { offset } => inputs[*offset..offset + node.rows].to_vec(),
            Op::Constant(data) => data.iter().map(|&x| out.number(x)).collect(),
            op if op.is_elementwise() => (0..node.rows)
                .map(|i| {
                    let args = (0..node.args.len()).map(|k| arg(k, i)).collect();
                    out.emit(op.clone(), args, 1)
                })
                .collect(),
            Op::Sum => vec![sum((0..length(0)).map(|i| arg(0, i)).collect(), out)],
            Op::Dot => {
                let terms = (0..length(0)).map(|i| out.binary(Binary::Mul, arg(0, i), arg(1, i))).collect();
                vec![sum(terms, out)]
            }
            Op::Gather(index) => index.iter().map(|&i| arg(0, i as usize)).collect(),
            Op::SegmentSum(index) => {
                let mut groups: Vec<Vec<ValueId>> = vec![Vec::new(); node.rows];
                index.iter().enumerate().for_each(|(i, &group)| groups[group as usize].push(arg(0, i)));
                groups.into_iter().map(|terms| sum(terms, out)).collect()
            }
            Op::Slice { start } => (*start..start + node.rows).map(|i| arg(0, i)).collect(),
            Op::Concat => node.args.iter().flat_map(|a| rows[a.index()].clone()).collect(),
            Op::MatVec { columns } => (0..node.rows)
                .map(|i| {
                    let term = |j: usize| (arg(0, i * columns + j), arg(1, j));
                    products((0..*columns).map(term).collect(), out)
                })
                .collect(),
            Op::MatTVec { columns } => (0..*columns)
                .map(|j| {
                    let term = |i: usize| (arg(0, i * columns + j), arg(1, i));
                    products((0..length(1)).map(term).collect(), out)
                })
                .collect(),
            op => {
                let operation = format!("{op:?}").split(['(', ' ']).next().unwrap_or_default().to_owned();
                let reason = "the body of a scan is arithmetic on single numbers".into();
                return Err(ProgramError::Unsupported { operation, reason });
            }
        };
        rows.push(column);
    }
    let zero = out.number(0.0);
    let mut outputs = vec![zero; tape.output_rows];
    for output in &tape.outputs {
        let column = &rows[output.value.index()];
        outputs[output.offset..output.offset + column.len()].copy_from_slice(column);
    }
    Ok(outputs)
}

fn sum(terms: Vec<ValueId>, out: &mut Interner) -> ValueId {
    let total = terms.into_iter().reduce(|a, b| out.binary(Binary::Add, a, b));
    total.unwrap_or_else(|| out.number(0.0))
}

fn products(pairs: Vec<(ValueId, ValueId)>, out: &mut Interner) -> ValueId {
    let terms = pairs.into_iter().map(|(a, b)| out.binary(Binary::Mul, a, b)).collect();
    sum(terms, out)
}
