//! Passes: functions from tape to tape. Each leaves the tape's meaning alone (up to rounding) and makes it cheaper.

mod algebra;
mod contract;
mod group;
mod hoist;
mod intern;
mod prune;
mod rotate;
mod scalars;

pub use intern::Interner;
use prune::prune;
pub(super) use scalars::add_scalars;

use chainfire_kernels::tape::{Tape, verify};

use super::ProgramError;

/// A pass under its name.
type Pass = (&'static str, fn(&Tape) -> Tape);

/// The passes in their order, up to the decomposition of data.
const FIRST: &[Pass] = &[
    ("prune", prune),
    ("hoist", hoist::hoist),
    ("prune", prune),
    ("algebra", algebra::simplify),
    ("prune", prune),
    ("algebra", algebra::simplify),
    ("prune", prune),
    ("group", group::by_group),
    ("prune", prune),
    ("algebra", algebra::simplify),
    ("prune", prune),
];
/// Decomposes data, which pays when a tape is run many times.
const DECOMPOSE: &[Pass] = &[("rotate", rotate::rotate), ("prune", prune)];
/// The passes after it.
const LAST: &[Pass] = &[("contract", contract::contract), ("prune", prune)];

/// Runs every pass; debug builds check the tape after each.
///
/// # Errors
/// [`ProgramError::Verify`] names the pass that broke the tape.
pub fn run_all(tape: Tape) -> Result<Tape, ProgramError> {
    run(tape, [FIRST, DECOMPOSE, LAST].concat())
}

/// Runs the passes that pay even for a tape that computes a few values only.
///
/// # Errors
/// [`ProgramError::Verify`] names the pass that broke the tape.
pub fn run_quick(tape: Tape) -> Result<Tape, ProgramError> {
    run(tape, [FIRST, LAST].concat())
}

fn run(mut tape: Tape, passes: Vec<Pass>) -> Result<Tape, ProgramError> {
    for (name, pass) in passes {
        tape = pass(&tape);
        if cfg!(debug_assertions) {
            verify(&tape).map_err(|source| ProgramError::Verify { pass: name, source })?;
        }
    }
    Ok(tape)
}

/// A tape over single numbers, which holds no operations but elementwise ones, made cheaper; products and sums stay
/// apart.
pub(super) fn simplify_scalars(tape: &Tape) -> Tape {
    let once = |tape: &Tape| prune(&algebra::simplify(&prune(tape)));
    once(&once(tape))
}
