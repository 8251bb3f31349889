//! Programs: functions of one chain's position, captured through burn, lowered to a tape, ready for any executor.

pub mod capture;
mod custom_ops;
mod eager;
mod lower;
#[cfg(feature = "burn-wgpu")]
mod narrow;
pub mod passes;
mod recurrence;
mod replay;
mod rows;
mod tape_density;
mod tensor_ops;
pub mod value;

pub use eager::EagerDensity;
pub use replay::ReplayDensity;
pub use rows::RowProgram;
pub use tape_density::{RowTapeDensity, TapeDensity};
pub use tensor_ops::constant;
pub use value::{Function, Kind, Scanned, Turn, Value, ValueError};

use burn_tensor::Tensor;
use chainfire_kernels::tape::{Tape, verify};

/// Why a function could not become a program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// Burn could not record the function.
    #[error("the model could not be captured: {reason}")]
    Capture {
        /// What burn said.
        reason: String,
    },
    /// An operation that has no place on the tape.
    #[error(
        "the operation `{operation}` cannot be lowered to a tape yet: {reason}; write it with other operations"
    )]
    Unsupported {
        /// Burn's name of the operation.
        operation: String,
        /// What about it cannot be lowered.
        reason: String,
    },
    /// A density that is not a sum over rows of data.
    #[error(
        "the log density cannot be estimated from some of its {rows} rows of data: {reason}; fit it with a method that \
         takes all rows at once, such as dadvi"
    )]
    Rows {
        /// Rows of data.
        rows: usize,
        /// Why not.
        reason: &'static str,
    },
    /// A pass made a tape that breaks the rules: a bug of chainfire.
    #[error("internal error after the pass `{pass}`: {source}; please report this model")]
    Verify {
        /// The pass.
        pass: &'static str,
        /// The rule broken.
        source: chainfire_kernels::tape::VerifyError,
    },
}

/// Captures a log density of one position `[dim]` with its gradient and lowers both to a tape.
///
/// The tape's output has `1 + dim` rows: log density, then gradient.
///
/// # Errors
/// What `log_density` returns, and [`ProgramError`] when it cannot be captured or lowered.
pub fn density_tape<E: From<ProgramError>>(
    dim: usize,
    log_density: impl FnOnce(Tensor<1>) -> Result<Tensor<1>, E>,
) -> Result<Tape, E> {
    let captured = capture::with_gradient(dim, log_density)?;
    Ok(lower_density(&captured, dim)?)
}

/// As [`density_tape`], ready to be cut down to some of `rows` rows of data.
///
/// # Errors
/// What `log_density` returns, and [`ProgramError`] when it cannot be captured or lowered, or is not a sum over rows.
pub fn density_of_rows<E: From<ProgramError>>(
    dim: usize,
    rows: usize,
    log_density: impl FnOnce(Tensor<1>) -> Result<Tensor<1>, E>,
) -> Result<RowProgram, E> {
    let captured = capture::with_gradient(dim, log_density)?;
    let mut tape = lower::lower(&captured, dim)?;
    tape.output_rows = 1 + dim;
    Ok(RowProgram::new(tape, rows)?)
}

/// As [`density_tape`], but when an operation has no place on a tape, the captured program itself, with the reason.
///
/// # Errors
/// What `log_density` returns, and [`ProgramError`] when it cannot be captured, or not even replayed.
pub fn density<E: From<ProgramError>>(
    dim: usize,
    log_density: impl FnOnce(Tensor<1>) -> Result<Tensor<1>, E>,
) -> Result<Program, E> {
    let captured = capture::with_gradient(dim, log_density)?;
    Ok(match lower_density(&captured, dim) {
        Ok(tape) => Program::Tape(tape),
        Err(reason @ ProgramError::Unsupported { .. }) => {
            Program::Replay { density: ReplayDensity::new(captured, dim)?, reason }
        }
        Err(error) => return Err(error.into()),
    })
}

/// What a captured log density became.
pub enum Program {
    /// A tape, for the fused executors.
    Tape(Tape),
    /// Burn's own operations, replayed one by one.
    Replay {
        /// The target.
        density: ReplayDensity,
        /// Why it is no tape.
        reason: ProgramError,
    },
}

fn lower_density(captured: &capture::Captured, dim: usize) -> Result<Tape, ProgramError> {
    let mut tape = lower::lower(captured, dim)?;
    // A density that does not depend on the position has no gradient: its rows are zero.
    tape.output_rows = 1 + dim;
    finish(tape)
}

/// Captures a function of one position `[dim]` whose results, one after the other, are the tape's output.
///
/// # Errors
/// What `function` returns, and [`ProgramError`] when it cannot be captured or lowered.
pub fn function_tape<E: From<ProgramError>>(
    dim: usize,
    function: impl FnOnce(Tensor<1>) -> Result<Vec<Tensor<1>>, E>,
) -> Result<Tape, E> {
    let captured = capture::plain(dim, function)?;
    Ok(finish(lower::lower(&captured, dim)?)?)
}

fn finish(tape: Tape) -> Result<Tape, ProgramError> {
    let tape = passes::run_all(tape)?;
    verify(&tape).map_err(|source| ProgramError::Verify { pass: "lowering", source })?;
    Ok(tape)
}
