//! Device numerics of chainfire: tapes and their executors, special functions, random bits.
//!
//! The only crate of the workspace that may hold `unsafe` code. Nothing here knows what a posterior is.

// The tests' generator of tapes names this crate as tests outside of it do.
#[cfg(test)]
extern crate self as chainfire_kernels;

mod lanes;
pub mod random;
pub mod special;
pub mod tape;
pub mod trajectory;
mod transition;

pub use lanes::Isa;
pub use transition::Transition;
