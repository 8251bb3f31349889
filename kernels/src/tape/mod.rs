//! Tapes: small programs in single-assignment form, written for one chain and executed for many.

mod builder;
mod cpu;
mod factor;
#[cfg(feature = "gpu")]
mod gpu;
mod ir;
mod ops;
pub mod reference;
mod scan;
mod verify;

pub use builder::TapeBuilder;
pub use cpu::{CpuProgram, CpuWorkspace};
pub use factor::Factor;
#[cfg(feature = "gpu")]
pub use gpu::{
    Adapter, AdapterKind, DeviceBlock, DeviceChoice, DeviceDivergence, DeviceLimits, DeviceMoments,
    DevicePlaces, GpuDevice, GpuError, GpuNuts, GpuProgram, LaunchReport, Planning, Shape,
};
pub use ir::{Node, Output, Tape, ValueId};
pub use ops::{Binary, Op, Part, Ternary, Unary};
pub use scan::Scan;
pub use verify::{VerifyError, verify};
