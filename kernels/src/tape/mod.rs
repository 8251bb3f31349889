//! Tapes: small programs in single-assignment form, written for one chain and executed for many.

mod builder;
mod cpu;
mod ir;
mod ops;
pub mod reference;
mod verify;

pub use builder::TapeBuilder;
pub use cpu::{CpuProgram, CpuWorkspace};
pub use ir::{Node, Output, Tape, ValueId};
pub use ops::{Binary, Op, Ternary, Unary};
pub use verify::{VerifyError, verify};
