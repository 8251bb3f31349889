//! The No-U-Turn sampler as a state machine: every chain names the next place where it wants the gradient.
//!
//! - `chain`: one chain from its start through warm-up to its last draw.
//! - `step_search`: the first step size.
//! - `tree`: the trajectory of one draw.
//! - `u_turn`: when a trajectory stops.

mod chain;
mod step_search;
mod tree;
mod u_turn;

pub(crate) use chain::{ATTEMPTS, Chain, Plan, Rows, Status};
pub(crate) use tree::Transition;
