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
        assert!(tape.output_rows == 1 + tape.dim || tape.output_rows == 1, "not the tape of a density");
        Self { program: CpuProgram::new(tape) }
    }
}

impl LogDensity for TapeDensity {
    fn dim(&self) -> usize {
        self.program.dim()
    }

    fn evaluator(&self) -> Box<dyn Evaluator + '_> {
        Box::new(TapeEvaluator {
            program: &self.program,
            workspace: self.program.workspace(),
            output: Vec::new(),
        })
    }
}

struct TapeEvaluator<'a> {
    program: &'a CpuProgram,
    workspace: CpuWorkspace,
    output: Vec<f64>,
}

impl Evaluator for TapeEvaluator<'_> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        let (dim, rows) = (self.program.dim(), self.program.output_rows());
        self.output.resize(log_density.len() * rows, 0.0);
        self.program.run(&mut self.workspace, position, &mut self.output);
        for (chain, output) in self.output.chunks_exact(rows).enumerate() {
            log_density[chain] = output[0];
            let row = &mut gradient[chain * dim..(chain + 1) * dim];
            if rows > 1 { row.copy_from_slice(&output[1..]) } else { row.fill(0.0) }
        }
    }
}
