//! Differential equations: how many steps solve them, and how exact these are at draws from the prior.
//!
//! The steps are chosen at the starting point and stay the same everywhere. Where parameters are such that the states
//! change faster, the same steps are less exact; halving them tells by how much.

use chainfire_kernels::random::Key;

use super::Notes;
use crate::Scope;
use crate::data::Dataset;
use crate::distributions::Stream;
use crate::finding::{Rule, Severity};
use crate::language::{Fault, ModelFile, Solved};
use crate::model::Source;

/// Most draws from the prior.
const DRAWS: usize = 16;
/// How much halving the steps may change a state, relative to the largest that it is.
const EXACT: f64 = 1e-6;

/// Tells the steps of every equation, and solves it at draws from the prior.
pub(super) fn check(
    notes: &mut Notes<'_>,
    file: &ModelFile,
    data: &Dataset,
    equations: &[Solved],
    runs: usize,
) {
    if equations.is_empty() {
        return;
    }
    let mut changes: Vec<Vec<f64>> = vec![Vec::new(); equations.len()];
    for draw in 0..runs.min(DRAWS) as u32 {
        let mut at = Scope::new(Source::Probe(Stream::new(Key::new(1, 0, draw, 3)), 1.0));
        if file.run(data, &mut at).is_ok() {
            let known = changes.iter_mut().zip(at.changes_by_halving);
            known.for_each(|(changes, change)| changes.extend(change));
        }
    }
    for (k, Solved { range, steps, longest }) in equations.iter().enumerate() {
        // A call in a loop is told once.
        if equations[..k].iter().any(|before| before.range == *range) {
            continue;
        }
        let here = equations.iter().zip(&changes).filter(|(other, _)| other.range == *range);
        let changes: Vec<f64> = here.flat_map(|(_, changes)| changes.iter().copied()).collect();
        let most = changes.iter().copied().fold(0.0, f64::max);
        let inexact = changes.iter().filter(|change| **change > EXACT).count();
        let at_draws = match (inexact, changes.len()) {
            (_, 0) => "chosen at the starting point".to_owned(),
            (0, draws) => format!(
                "and at {draws} draws from the prior halving them changes no state by more than {most:.0e} of the \
                 largest that it is"
            ),
            (_, draws) => format!(
                "which are too few at {inexact} of {draws} draws from the prior: halving them changes a state by up to \
                 {most:.0e} of the largest that it is"
            ),
        };
        let message = format!(
            "this equation is solved by {steps} steps, up to {longest} between two times, {at_draws}"
        );
        let severity = if inexact > 0 { Severity::Warning } else { Severity::Suggestion };
        let fault = Fault::new(*range, message).rule(Rule::EquationSteps).severity(severity);
        let fault = fault.seen(format!("{steps} steps"), Rule::EquationSteps.expected());
        notes.at(if inexact > 0 { fault } else { fault.fix("leave it as it is") });
    }
}
