//! Joins multiplications with the additions and sums that use them.
//!
//! ```text
//! a + b * c           -> mul_add(b, c, a)     the product used once
//! a + -1 * b          -> a - b
//! sum(b * c)          -> dot(b, c)            the product used once
//! sum(b * b)          -> dot(b, b)
//! ```

use chainfire_kernels::tape::{Binary, Op, Output, Scan, Tape, Ternary, Unary, ValueId};

use super::{Interner, prune};

/// The tape with fused multiplications.
pub fn contract(tape: &Tape) -> Tape {
    let mut uses = vec![0usize; tape.nodes.len()];
    for arg in tape.nodes.iter().flat_map(|n| &n.args).chain(tape.outputs.iter().map(|o| &o.value)) {
        uses[arg.index()] += 1;
    }
    let mut out = Interner::new(tape.dim);
    let mut renamed: Vec<ValueId> = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let product = |k: usize| {
            let arg = node.args[k];
            match &tape.node(arg).op {
                Op::Binary(Binary::Mul) => {
                    Some((tape.node(arg).args[0], tape.node(arg).args[1], uses[arg.index()]))
                }
                _ => None,
            }
        };
        let minus_one = |id: ValueId| tape.constant(id).is_some_and(|d| d.len() == 1 && d[0] == -1.0);
        let args: Vec<ValueId> = node.args.iter().map(|a| renamed[a.index()]).collect();
        let new = match &node.op {
            Op::Binary(Binary::Mul) if minus_one(node.args[0]) => out.unary(Unary::Neg, args[1]),
            Op::Binary(Binary::Mul) if minus_one(node.args[1]) => out.unary(Unary::Neg, args[0]),
            Op::Binary(Binary::Add) => {
                let fused = (0..2).find_map(|k| product(k).filter(|p| p.2 == 1).map(|p| (k, p.0, p.1)));
                match fused {
                    Some((k, b, c)) if minus_one(b) || minus_one(c) => {
                        let negated = if minus_one(b) { c } else { b };
                        out.binary(Binary::Sub, args[1 - k], renamed[negated.index()])
                    }
                    // A fused product of one row inside a sum of many would be computed for every row.
                    Some((k, b, c)) if tape.node(node.args[k]).rows == node.rows => {
                        out.ternary(Ternary::MulAdd, renamed[b.index()], renamed[c.index()], args[1 - k])
                    }
                    _ => out.copy(&node.op, args, node.rows),
                }
            }
            Op::Sum => match product(0) {
                Some((b, c, used)) if (used == 1 || b == c) && tape.node(b).rows == tape.node(c).rows => {
                    out.emit(Op::Dot, vec![renamed[b.index()], renamed[c.index()]], 1)
                }
                _ => out.copy(&node.op, args, node.rows),
            },
            Op::Scan(scan) => {
                let body = prune(&contract(&scan.body));
                let op = Op::Scan(Scan { body, ..Scan::clone(scan) }.into());
                out.emit(op, args, node.rows)
            }
            _ => out.copy(&node.op, args, node.rows),
        };
        renamed.push(new);
    }
    let outputs =
        tape.outputs.iter().map(|o| Output { offset: o.offset, value: renamed[o.value.index()] }).collect();
    out.finish(outputs, tape.output_rows)
}
