//! A target made of a tape, evaluated by the CPU executor.

use chainfire_kernels::tape::{CpuProgram, CpuWorkspace, Tape};

use crate::density::{Evaluator, LogDensity};

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

struct TapeEvaluator<'a> {
    program: &'a CpuProgram,
    workspace: CpuWorkspace,
}

impl Evaluator for TapeEvaluator<'_> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        self.program.run_density(&mut self.workspace, position, log_density, gradient);
    }
}
