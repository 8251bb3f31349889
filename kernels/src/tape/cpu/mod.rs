//! Executes a tape for many chains on the processor.
//!
//! Chains are cut into blocks of 16, 8, 4 or 1. A block runs the whole tape with its chains in the lanes of vector
//! registers, loop by loop ([`plan`]), each loop tile by tile so that what passes between operations stays in the
//! first-level cache. A single chain has eight of its rows in the lanes instead. Which blocks a number of chains is
//! cut into is timed when the program is compiled; what a chain gets does not depend, to the bit, on its block.

#[cfg(test)]
mod accuracy;
mod blocked;
mod code;
mod elementwise;
pub(super) mod factor;
mod fuse;
mod index;
mod kernel;
mod linear;
mod matrix;
mod plan;
mod reduce;
mod scan;
#[cfg(test)]
mod tests;
mod transpose;

use std::time::{Duration, Instant};

use code::Code;
use kernel::{ByChain, ByRow, Memories, Memory};
use plan::Plan;

use super::ir::Tape;
use super::verify::verify;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
use crate::lanes::{Isa, Pair, Portable};

/// A tape compiled for this processor.
#[derive(Debug)]
pub struct CpuProgram {
    isa: Isa,
    dim: usize,
    output_rows: usize,
    /// One for each width, widest first.
    codes: Vec<Code>,
    /// For 1, 2, ... chains that are left, the code that takes the next of them.
    choices: Vec<usize>,
    pool: Vec<Line>,
    has_gaps: bool,
}

/// Where the outputs of some chains go: the first rows of each to one place, the others to another.
struct Targets<'a> {
    /// `[chains, head_rows]`
    head: &'a mut [f64],
    head_rows: usize,
    /// `[chains, output_rows - head_rows]`
    rest: &'a mut [f64],
}

/// The memory one thread needs to run a program.
#[derive(Debug)]
pub struct CpuWorkspace {
    /// Arena and scratch of each width; empty until a block has needed it.
    buffers: Vec<Vec<Line>>,
}

/// A cache line of numbers, to align memory.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line(#[allow(dead_code, reason = "read through pointers")] [f64; 8]);

fn lines(elements: usize) -> Vec<Line> {
    vec![Line([0.0; 8]); elements.div_ceil(8)]
}

/// How long blocks are timed.
const PATIENCE: Duration = Duration::from_millis(250);

impl CpuProgram {
    /// Compiles a tape.
    ///
    /// # Panics
    /// When [`verify`] refuses the tape: the kernels read memory as it says.
    pub fn new(tape: &Tape) -> Self {
        Self::with_isa(tape, Isa::best())
    }

    /// Compiles for one of the instruction sets of this processor, to compare them.
    ///
    /// # Panics
    /// When the processor lacks `isa`, and as [`CpuProgram::new`].
    pub fn with_isa(tape: &Tape, isa: Isa) -> Self {
        let mut program = Self::planned(tape, isa);
        program.choices = program.cheapest(&program.measure());
        program
    }

    /// Compiles a tape that differs from this program's in its data: what was timed for this one holds for it, so
    /// this is much quicker than [`CpuProgram::new`].
    ///
    /// # Panics
    /// As [`CpuProgram::new`].
    pub fn like(&self, tape: &Tape) -> Self {
        let mut program = Self::planned(tape, self.isa);
        program.choices.clone_from(&self.choices);
        program
    }

    /// Compiles a tape without timing it.
    fn planned(tape: &Tape, isa: Isa) -> Self {
        assert!(Isa::available().contains(&isa), "this processor has {:?}, not {isa:?}", Isa::available());
        if let Err(error) = verify(tape) {
            panic!("{error}");
        }
        let mut plan = Plan::new(tape);
        fuse::fuse(&mut plan);
        let codes = match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => vec![
                Code::new::<ByChain<Pair<Avx512>>>(&plan, 64),
                Code::new::<ByChain<Avx512>>(&plan, 64),
                Code::new::<ByChain<Avx2, Avx512>>(&plan, 128),
                Code::new::<ByRow<Avx512>>(&plan, 256),
            ],
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => vec![
                Code::new::<ByChain<Pair<Avx2>>>(&plan, 64),
                Code::new::<ByChain<Avx2, Pair<Avx2>>>(&plan, 128),
                Code::new::<ByRow<Pair<Avx2>>>(&plan, 256),
            ],
            _ => vec![
                Code::new::<ByChain<Pair<Portable>>>(&plan, 64),
                Code::new::<ByChain<Portable>>(&plan, 128),
                Code::new::<ByRow<Pair<Portable>>>(&plan, 256),
            ],
        };
        let mut pool = lines(plan.pool.len());
        pool.iter_mut().zip(plan.pool.chunks_exact(8)).for_each(|(line, data)| line.0.copy_from_slice(data));
        let covered: usize = plan.outputs.iter().map(|(_, value)| value.rows).sum();
        Self {
            isa,
            dim: tape.dim,
            output_rows: tape.output_rows,
            codes,
            choices: Vec::new(),
            pool,
            has_gaps: covered < tape.output_rows,
        }
    }

    /// Seconds a block of every width takes, the narrowest first: the best of a few runs, or the first when it takes
    /// long. Once that has taken [`PATIENCE`], wider blocks count as no better for a chain than those before.
    fn measure(&self) -> Vec<f64> {
        let mut workspace = self.workspace();
        let (mut seconds, mut for_chain) = (vec![0.0; self.codes.len()], f64::INFINITY);
        let start = Instant::now();
        for (which, code) in self.codes.iter().enumerate().rev() {
            let width = code.width;
            let (position, mut output) = (vec![0.0; width * self.dim], vec![0.0; width * self.output_rows]);
            seconds[which] = if start.elapsed() < PATIENCE {
                self.quickest(which, &mut workspace, &position, &mut output)
            } else {
                1.01 * width as f64 * for_chain
            };
            for_chain = for_chain.min(seconds[which] / width as f64);
        }
        seconds
    }

    /// Seconds of the best of a few runs of a block, or of the first when it takes long.
    fn quickest(
        &self,
        which: usize,
        workspace: &mut CpuWorkspace,
        position: &[f64],
        output: &mut [f64],
    ) -> f64 {
        workspace.buffers[which] = self.buffer(&self.codes[which]);
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let begun = Instant::now();
            let targets = Targets { head: &mut [], head_rows: 0, rest: output };
            self.run_block(which, workspace, position, targets, self.codes[which].width);
            best = best.min(begun.elapsed().as_secs_f64());
            if best > 1e-3 {
                break;
            }
        }
        best
    }

    /// The code to begin with for every number of chains up to the widest block. The last block may be padded:
    /// which widths are worth it depends on the tape, and never changes what a chain gets.
    fn cheapest(&self, seconds: &[f64]) -> Vec<usize> {
        let widest = self.codes.iter().map(|code| code.width).max().unwrap_or(1);
        let (mut total, mut choices) = (vec![0.0], Vec::new());
        for left in 1..=widest {
            let cost = |which: usize| seconds[which] + total[left - left.min(self.codes[which].width)];
            let best = (0..self.codes.len()).min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(0);
            total.push(cost(best));
            choices.push(best);
        }
        choices
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Length of an output vector.
    pub fn output_rows(&self) -> usize {
        self.output_rows
    }

    /// Memory for one thread, taken when it is first needed.
    pub fn workspace(&self) -> CpuWorkspace {
        CpuWorkspace { buffers: vec![Vec::new(); self.codes.len()] }
    }

    /// Arena and scratch of a code.
    fn buffer(&self, code: &Code) -> Vec<Line> {
        let mut buffer = lines(code.arena.next_multiple_of(8) + code.scratch);
        let arena = buffer.as_mut_ptr().cast::<f64>();
        for &(start, x) in &code.uniforms {
            // SAFETY: the plan has allotted a row of `width` elements of the arena to every uniform.
            unsafe { std::slice::from_raw_parts_mut(arena.add(start), code.width) }.fill(x);
        }
        buffer
    }

    /// Runs the tape for every chain. The workspace must be of this program.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    /// - `output`: `[chains, output_rows]`
    ///
    /// # Panics
    /// When the shapes do not agree.
    pub fn run(&self, workspace: &mut CpuWorkspace, position: &[f64], output: &mut [f64]) {
        let chains = self.chains(position, output);
        let (mut head, head_rows) = ([], 0);
        self.run_blocks(workspace, chains, position, Targets { head: &mut head, head_rows, rest: output });
    }

    /// Runs the tape of a density for every chain: output row 0 is the log density, the others are the gradient. The
    /// workspace must be of this program.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    /// - `log_density`: `[chains]`
    /// - `gradient`: `[chains, dim]`
    ///
    /// # Panics
    /// When the shapes do not agree, or the tape is not one of a density.
    pub fn run_density(
        &self,
        workspace: &mut CpuWorkspace,
        position: &[f64],
        log_density: &mut [f64],
        gradient: &mut [f64],
    ) {
        let chains = log_density.len();
        assert_eq!(self.output_rows, 1 + self.dim, "the tape of a density");
        assert_eq!(position.len(), chains * self.dim, "positions of {} elements", self.dim);
        assert_eq!(gradient.len(), position.len(), "a gradient for every position");
        let targets = Targets { head: log_density, head_rows: 1, rest: gradient };
        self.run_blocks(workspace, chains, position, targets);
    }

    fn run_blocks(
        &self,
        workspace: &mut CpuWorkspace,
        chains: usize,
        position: &[f64],
        targets: Targets<'_>,
    ) {
        assert_eq!(workspace.buffers.len(), self.codes.len(), "the workspace is of another program");
        let Targets { head, head_rows, rest } = targets;
        if self.has_gaps {
            head.fill(0.0);
            rest.fill(0.0);
        }
        let rows = self.output_rows - head_rows;
        let mut first = 0;
        while first < chains {
            let (which, live) = self.next_block(chains - first);
            let end = first + live;
            let block = Targets {
                head: &mut head[first * head_rows..end * head_rows],
                head_rows,
                rest: &mut rest[first * rows..end * rows],
            };
            self.run_block(which, workspace, &position[first * self.dim..end * self.dim], block, live);
            first = end;
        }
    }

    fn chains(&self, position: &[f64], output: &[f64]) -> usize {
        let chains = match (self.dim, self.output_rows) {
            (0, 0) => 0,
            (0, rows) => output.len() / rows,
            (dim, _) => position.len() / dim,
        };
        assert_eq!(position.len(), chains * self.dim, "positions of {} elements", self.dim);
        assert_eq!(output.len(), chains * self.output_rows, "outputs of {} rows", self.output_rows);
        chains
    }

    /// Lanes of the blocks that so many chains are cut into; those without a chain compute for nothing.
    pub fn lanes(&self, chains: usize) -> usize {
        let (mut first, mut lanes) = (0, 0);
        while first < chains {
            let (which, live) = self.next_block(chains - first);
            lanes += self.codes[which].width;
            first += live;
        }
        lanes
    }

    /// The code for the next chains of `left`, and how many it takes.
    fn next_block(&self, left: usize) -> (usize, usize) {
        let which = self.choices[left.min(self.choices.len()) - 1];
        (which, left.min(self.codes[which].width))
    }

    fn run_block(
        &self,
        which: usize,
        workspace: &mut CpuWorkspace,
        position: &[f64],
        targets: Targets<'_>,
        live: usize,
    ) {
        let code = &self.codes[which];
        let Targets { head, head_rows, rest } = targets;
        let buffer = &mut workspace.buffers[which];
        if buffer.is_empty() {
            *buffer = self.buffer(code);
        }
        let (arena_size, pool) = (code.arena.next_multiple_of(8), self.pool.as_ptr().cast::<f64>());
        assert!(buffer.len() * 8 >= arena_size + code.scratch, "the workspace is of another program");
        let arena = buffer.as_mut_ptr().cast::<f64>();
        // SAFETY: the buffer has the elements the code asks for, as checked, and the pool those of its plan; the
        // instruction set was checked when the program was compiled; `run` has checked the slices.
        unsafe {
            let rows = std::slice::from_raw_parts_mut(arena.add(code.input), self.dim * code.width);
            transpose::load(position, self.dim, live, code.width, rows);
            code.run(&Memories { arena, scratch: arena.add(arena_size), pool });
            for &(row, rows, address) in &code.outputs {
                let (output, stride) = if row < head_rows {
                    assert!(row + rows <= head_rows, "the first output row stands alone");
                    (&mut head[row..], head_rows)
                } else {
                    (&mut rest[row - head_rows..], self.output_rows - head_rows)
                };
                if address.memory == Memory::Pool {
                    let data = std::slice::from_raw_parts(pool.add(address.start), rows);
                    for chain in 0..live {
                        output[chain * stride..][..rows].copy_from_slice(data);
                    }
                } else {
                    let data = std::slice::from_raw_parts(arena.add(address.start), rows * code.width);
                    transpose::store(data, code.width, live, output, stride);
                }
            }
        }
    }
}
