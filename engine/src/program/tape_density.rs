//! Targets made of tapes, evaluated by the CPU executor.

use chainfire_kernels::tape::{CpuProgram, CpuWorkspace, Tape};

use super::RowProgram;
use crate::density::{Evaluator, LogDensity, RowDensity};

/// A log density on a tape of `1 + dim` output rows.
pub struct TapeDensity {
    program: CpuProgram,
}

impl TapeDensity {
    /// Plans the execution of a tape made by [`super::density_tape`].
    ///
    /// # Panics
    /// When the tape's output is not a log density with its gradient.
    pub fn new(tape: &Tape) -> Self {
        assert_eq!(tape.output_rows, 1 + tape.dim, "not the tape of a density");
        Self { program: CpuProgram::new(tape) }
    }
}

impl LogDensity for TapeDensity {
    fn dim(&self) -> usize {
        self.program.dim()
    }

    fn evaluator(&self) -> Box<dyn Evaluator + '_> {
        Box::new(TapeEvaluator { program: &self.program, workspace: self.program.workspace() })
    }
}

/// A log density on a tape that can be cut down to some rows of its data.
pub struct RowTapeDensity {
    rows: RowProgram,
    /// Compiled from rows as many as a batch has: the others are compiled like it.
    typical: CpuProgram,
}

impl RowTapeDensity {
    /// Prepares batches of about `size` rows.
    pub fn new(rows: RowProgram, size: usize) -> Self {
        let first: Vec<u32> = (0..size.clamp(1, rows.rows()) as u32).collect();
        let typical = CpuProgram::new(&rows.of(&first));
        Self { rows, typical }
    }
}

impl RowDensity for RowTapeDensity {
    fn dim(&self) -> usize {
        self.rows.dim()
    }

    fn rows(&self) -> usize {
        self.rows.rows()
    }

    fn estimate(&self, rows: &[u32]) -> Box<dyn LogDensity> {
        Box::new(TapeDensity { program: self.typical.like(&self.rows.of(rows)) })
    }
}

struct TapeEvaluator<'a> {
    program: &'a CpuProgram,
    workspace: CpuWorkspace,
}

impl Evaluator for TapeEvaluator<'_> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        self.program.run_density(&mut self.workspace, position, log_density, gradient);
    }

    fn lanes(&self, chains: usize) -> usize {
        self.program.lanes(chains)
    }
}
