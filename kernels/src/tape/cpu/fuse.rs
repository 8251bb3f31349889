//! Joins the steps of a linear predictor into one.
//!
//! ```text
//! [y -] (base + column_1 scale_1 + ... + column_k scale_k)     base: a value, or rows of one by index; k <= 4
//! ```
//!
//! The products are added in the order of the steps they come from, so the bits stay the same; what is saved is
//! writing and reading the partial predictor once for every term.

use super::super::ops::{Binary, Op, Ternary};
use super::plan::{Action, Group, Location, Operand, Plan, Step};

/// Most terms of a joined predictor.
pub(super) const MOST_TERMS: usize = 4;

/// Joins predictors in every group of the plan.
pub(super) fn fuse(plan: &mut Plan) {
    plan.groups.iter_mut().filter(|group| group.rows > 1).for_each(fuse_group);
}

fn fuse_group(group: &mut Group) {
    let mut i = 0;
    while i < group.steps.len() {
        match joined(group, i) {
            Some((before, step)) => {
                group.steps[i] = step;
                group.steps.remove(before);
                // The joined step now stands one place earlier; look at it again.
                i -= 1;
            }
            None => i += 1,
        }
    }
}

/// Step `i` joined with the step before it that makes its base, and where that one is.
fn joined(group: &Group, i: usize) -> Option<(usize, Step)> {
    let step = &group.steps[i];
    let (base, last) = match &step.action {
        Action::Op(Op::Ternary(Ternary::MulAdd)) => (2, Some(term(group, step)?)),
        Action::Op(Op::Binary(Binary::Sub)) if is_shared_column(group, &step.operands[0]) => (1, None),
        Action::Linear { is_residual: false, .. } => (0, None),
        _ => return None,
    };
    let before = only_writer(group, i, step.operands[base].location)?;
    let source = &group.steps[before];
    let (index, mut operands) = match (&step.action, &source.action) {
        (Action::Linear { index: None, .. }, Action::Op(Op::Gather(index))) => {
            let mut operands = step.operands.clone();
            operands[0] = source.operands[0];
            (Some(index.clone()), operands)
        }
        (Action::Linear { .. }, _) => return None,
        (_, Action::Linear { index, is_residual: false })
            if source.operands.len() / 2 < MOST_TERMS || last.is_none() =>
        {
            (index.clone(), source.operands.clone())
        }
        (Action::Op(Op::Ternary(_)), Action::Op(Op::Gather(index))) => {
            (Some(index.clone()), source.operands.clone())
        }
        (_, Action::Op(Op::Ternary(Ternary::MulAdd))) => {
            let first = term(group, source)?;
            (None, vec![source.operands[2], first[0], first[1]])
        }
        _ => return None,
    };
    let is_residual = matches!(step.action, Action::Op(Op::Binary(_)));
    match last {
        Some(last) => operands.extend(last),
        None if is_residual => operands.push(step.operands[0]),
        None => {}
    }
    Some((before, Step { action: Action::Linear { index, is_residual }, operands, ..step.clone() }))
}

fn is_shared_column(group: &Group, operand: &Operand) -> bool {
    matches!(operand.location, Location::Pool(_)) && operand.rows == group.rows
}

/// Column and scale of a multiplication of shared data with one number a chain.
fn term(group: &Group, step: &Step) -> Option<[Operand; 2]> {
    let [a, b, _] = step.operands[..] else { return None };
    let is_term = |column: &Operand, scale: &Operand| is_shared_column(group, column) && scale.rows == 1;
    let is_base = step.operands[2].rows == group.rows && !is_shared_column(group, &step.operands[2]);
    match (is_term(&a, &b), is_term(&b, &a)) {
        _ if !is_base => None,
        (true, _) => Some([a, b]),
        (_, true) => Some([b, a]),
        _ => None,
    }
}

/// The step that writes the slot which step `i` alone reads, if it could as well run in place of `i`.
fn only_writer(group: &Group, i: usize, location: Location) -> Option<usize> {
    let steps = &group.steps;
    let Location::Slot(_) = location else { return None };
    let reads = |step: &Step, place: Location| step.operands.iter().any(|operand| operand.location == place);
    let writer = (0..i).rev().find(|&k| steps[k].out.location == location)?;
    let later = steps[i + 1..].iter().take_while(|_| steps[i].out.location != location);
    let mut is_read_again = steps[writer + 1..i].iter().any(|step| reads(step, location));
    for step in later {
        is_read_again |= reads(step, location);
        if step.out.location == location {
            break;
        }
    }
    let stays = |operand: &Operand| {
        !matches!(operand.location, Location::Slot(_))
            || steps[writer + 1..i].iter().all(|step| step.out.location != operand.location)
    };
    (!is_read_again && steps[writer].operands.iter().all(stays)).then_some(writer)
}
