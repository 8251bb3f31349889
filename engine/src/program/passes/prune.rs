//! Drops the operations that no output needs.

use chainfire_kernels::tape::{Node, Output, Tape, ValueId};

/// The tape without unused operations, in the same order.
pub fn prune(tape: &Tape) -> Tape {
    let mut used = vec![false; tape.nodes.len()];
    for output in &tape.outputs {
        used[output.value.index()] = true;
    }
    for (i, node) in tape.nodes.iter().enumerate().rev() {
        if used[i] {
            for arg in &node.args {
                used[arg.index()] = true;
            }
        }
    }
    let mut renamed = vec![ValueId(0); tape.nodes.len()];
    let mut nodes: Vec<Node> = Vec::new();
    for (i, node) in tape.nodes.iter().enumerate().filter(|(i, _)| used[*i]) {
        renamed[i] = ValueId(nodes.len() as u32);
        let args = node.args.iter().map(|a| renamed[a.index()]).collect();
        nodes.push(Node { op: node.op.clone(), args, rows: node.rows });
    }
    let outputs =
        tape.outputs.iter().map(|o| Output { offset: o.offset, value: renamed[o.value.index()] }).collect();
    Tape { dim: tape.dim, nodes, outputs, output_rows: tape.output_rows }
}
