//! `np.random` and its generators: seeds, distributions, choices.

mod choices;
mod draws;
mod multivariate;
mod seeds;
mod simulate;

use super::Row;
use crate::language::error::Outcome;
use crate::language::evaluate::{Call, Evaluator, Stream};
use crate::language::item::Item;

pub(in crate::language) use choices::shuffled;
pub(super) use draws::{Each, Parameter, Range, sized};
pub(super) use multivariate::normal as multivariate_normal;
pub(super) use seeds::stream_of;

/// How a function of generators draws.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) enum Draw {
    /// A number for each element of the parameters or of `size`.
    Each(Each),
    /// Anything else.
    Call(fn(&mut Evaluator<'_>, &Call, Stream) -> Outcome<Item>),
}

impl Draw {
    /// Draws from a generator.
    pub(super) fn run(&self, e: &mut Evaluator<'_>, call: &Call, stream: Stream) -> Outcome<Item> {
        match self {
            Draw::Each(each) => each.run(e, call, stream),
            Draw::Call(run) => run(e, call, stream),
        }
    }
}

/// Functions of `np.random`, `RandomState` and `Generator`.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    seeds::ROWS.iter().chain(draws::ROWS).chain(choices::ROWS).chain(multivariate::ROWS).chain(simulate::ROWS)
}
