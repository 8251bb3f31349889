//! The No-U-Turn sampler as a state machine: every chain names the next place where it wants the gradient.
//!
//! - `chain`: one chain that tunes itself, from its start through warm-up to its last draw.
//! - `member`: one chain of an ensemble, tuned from outside.
//! - `step_search`: the first step size.
//! - `tree`: the trajectory of one draw.
//! - `u_turn`: when a trajectory stops.

mod chain;
mod member;
mod step_search;
mod tree;
mod tuner;
mod u_turn;

pub(crate) use chain::{Chain, ChainState, Plan};
pub(crate) use member::{Member, Orders};
pub(crate) use step_search::StepSearch;
pub(crate) use tree::Place;
pub(crate) use tuner::Tuner;
