//! Executes a tape for many chains on a graphics processor, in single precision.
//!
//! Experimental: tested on a software rasteriser (Mesa's lavapipe), not yet on hardware.
//!
//! The tape is planned on the host ([`plan`]) and unrolled into one kernel, or several when it is long; loops over
//! rows stay loops. Products with large matrices get kernels of their own, in which 32 chains share a tile of the
//! matrix ([`tile`]). Sums over rows are compensated, and the scalars that lead from them to the log density are
//! carried in two parts, so that differences of log densities between states keep the digits samplers need.

mod adapters;
mod code;
mod device;
mod emit;
mod exact;
mod factor;
mod incomplete;
mod join;
mod kernel;
mod math;
mod nuts;
mod plan;
mod simplify;
mod tile;
mod wide;

use std::sync::Arc;

use cubecl::prelude::*;
use cubecl::server::Handle;

pub use adapters::{Adapter, AdapterKind, DeviceChoice};
use code::{Code, Plan, TILE_CHAINS, TILE_UNITS};
pub use device::{DeviceLimits, GpuDevice, GpuError};
use join::Team;
pub use nuts::{DeviceBlock, DeviceDivergence, DeviceMoments, DevicePlaces, GpuNuts, LaunchReport};
pub use plan::Planning;
use plan::{Program, plan};

use super::ir::Tape;
use super::verify::verify;

/// Units of a cube when a thread does a chain.
const THREADS: u32 = 64;

/// Steps of a row that a barrier costs.
const BARRIER_STEPS: f64 = 40.0;

/// How chains are spread over the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A thread does all rows of a chain.
    ThreadPerChain,
    /// A cube of this many units, a power of two, shares the rows of a chain.
    CubePerChain(usize),
}

impl Shape {
    /// Units that work on a chain.
    fn units(self) -> usize {
        if let Shape::CubePerChain(units) = self { units } else { 1 }
    }
}

/// A tape compiled for a graphics processor.
#[derive(Debug)]
pub struct GpuProgram {
    device: GpuDevice,
    dim: usize,
    output_rows: usize,
    arena_rows: usize,
    kernels: Vec<Arc<Plan>>,
    written: Vec<(usize, usize)>,
    has_low: bool,
    data: (Handle, usize),
    index: (Handle, usize),
    shape: Option<Shape>,
}

/// Bytes of `elements` numbers; buffers have at least one.
fn bytes(elements: usize) -> usize {
    elements.max(1) * size_of::<f32>()
}

impl GpuProgram {
    /// Plans a tape for a device and takes its data there. Kernels are compiled by the first run.
    ///
    /// # Errors
    /// [`GpuError::Tape`] for a malformed tape, [`GpuError::Limit`] when one chain or the data do not fit.
    pub fn new(tape: &Tape, device: &GpuDevice) -> Result<Self, GpuError> {
        Self::with_planning(tape, device, Planning::default())
    }

    /// As [`GpuProgram::new`], cut into kernels in another way.
    ///
    /// # Errors
    /// As [`GpuProgram::new`].
    pub fn with_planning(tape: &Tape, device: &GpuDevice, planning: Planning) -> Result<Self, GpuError> {
        verify(tape)?;
        let limits = device.limits();
        let shared_memory = if limits.units >= TILE_UNITS { limits.shared_memory } else { 0 };
        let Program { kernels, data, index, written, has_low } = plan(tape, planning, shared_memory);
        device.limit("bytes of shared data", bytes(data.len().max(index.len())), limits.buffer)?;
        let arena_rows = kernels.iter().map(|kernel| kernel.arena_rows).max().unwrap_or(0);
        device.limit(
            "bytes for one chain",
            bytes(arena_rows.max(tape.output_rows + 1).max(tape.dim)),
            limits.buffer,
        )?;
        let (data_length, index_length) = (data.len().max(1), index.len().max(1));
        let data = if data.is_empty() { vec![0.0] } else { data };
        let index = if index.is_empty() { vec![0] } else { index };
        let program = Self {
            device: device.clone(),
            dim: tape.dim,
            output_rows: tape.output_rows,
            arena_rows,
            kernels,
            written,
            has_low,
            data: (device.client.create_from_slice(f32::as_bytes(&data)), data_length),
            index: (device.client.create_from_slice(u32::as_bytes(&index)), index_length),
            shape: None,
        };
        let turns = program.widths().map(|units| program.turns(units)).min().unwrap_or(0);
        device.limit("turns of loops in a kernel", turns, limits.turns)?;
        Ok(program)
    }

    /// The same program in one shape, whatever the cost model says.
    ///
    /// # Errors
    /// [`GpuError::Limit`] when the device has no cubes of that many units, or too little shared memory for them.
    ///
    /// # Panics
    /// When the number of units is not a power of two above one.
    pub fn with_shape(mut self, shape: Shape) -> Result<Self, GpuError> {
        let limits = self.device.limits();
        let units = shape.units();
        if shape != Shape::ThreadPerChain {
            assert!(units > 1 && units.is_power_of_two(), "cubes of {units} units: expected a power of two");
            self.device.limit("units of a cube", units, limits.units)?;
            self.device.limit("bytes of partial sums", self.partial_sums(units), limits.shared_memory)?;
        }
        self.device.limit("turns of loops in a kernel", self.turns(units), limits.turns)?;
        self.shape = Some(shape);
        Ok(self)
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Length of an output vector.
    pub fn output_rows(&self) -> usize {
        self.output_rows
    }

    /// Whether products with a matrix are computed in tiles.
    pub fn has_tiles(&self) -> bool {
        self.kernels.iter().any(|kernel| kernel.tile.is_some())
    }

    /// Number of kernels a run launches for each chunk of chains.
    pub fn kernels(&self) -> usize {
        self.kernels.len()
    }

    /// The shape in which `chains` chains are run.
    pub fn shape(&self, chains: usize) -> Shape {
        self.shape.unwrap_or_else(|| self.cheapest(chains))
    }

    /// The most turns of loops that a unit makes in one kernel.
    fn turns(&self, units: usize) -> usize {
        self.kernels.iter().map(|kernel| kernel.turns(self.team(units))).max().unwrap_or(0)
    }

    /// So many units on this device.
    fn team(&self, units: usize) -> Team {
        if units == 1 { Team::ALONE } else { Team { units, plane: self.device.limits().plane } }
    }

    /// Units of a chain for which the device has the cubes and the shared memory.
    fn widths(&self) -> impl Iterator<Item = usize> {
        let limits = self.device.limits();
        [1, 32, 64, 128, 256, 512, 1024].into_iter().filter(move |&units| {
            units == 1 || (units <= limits.units && self.partial_sums(units) <= limits.shared_memory)
        })
    }

    fn partial_sums(&self, units: usize) -> usize {
        let ordinary = self.kernels.iter().filter(|kernel| kernel.tile.is_none());
        bytes(ordinary.map(|kernel| kernel.partial_sums(self.team(units))).max().unwrap_or(1))
    }

    /// Whether the arenas of cubes of `units` units are put into shared memory: when several cubes fit side by
    /// side, and no other kernel reads what this one leaves there.
    fn is_arena_shared(&self, units: usize) -> bool {
        let shared = self.device.limits().shared_memory;
        let needed = self.partial_sums(units) + bytes(self.arena_rows);
        units > 1 && self.kernels.len() == 1 && self.arena_rows > 0 && needed <= shared / 2
    }

    /// Counts the steps that the longest lane does, times the rounds that the lanes need.
    fn cheapest(&self, chains: usize) -> Shape {
        let ordinary = || self.kernels.iter().filter(|kernel| kernel.tile.is_none());
        let phases = || ordinary().flat_map(|kernel| &kernel.phases);
        let loops = || phases().flat_map(|phase| &phase.loops);
        let scalars: usize = phases().map(|phase| phase.scalars.len()).sum();
        let recurrences = phases().flat_map(|phase| &phase.recurrences);
        let recurrent: usize = recurrences.map(|r| r.turns * (1 + r.steps.len() + r.next.len())).sum();
        let busy = self.device.limits().lanes as f64;
        let rounds = |lanes: usize| (lanes as f64 / busy).max(1.0);
        let cost = |units: usize| {
            let rows = loops().map(|l| {
                l.rows.div_ceil(units) * (l.steps.len() + l.stores.len() + 7 * l.totals.len())
                    + l.turns(units)
            });
            let joins = phases().filter(|p| units > 1 && (p.totals > 0 || p.writes_arena));
            let team = self.team(units);
            let barriers: usize = joins
                .map(|p| if p.totals > 0 { team.barriers().max(usize::from(p.writes_arena)) } else { 1 })
                .sum();
            let steps = (scalars + recurrent + rows.sum::<usize>()) as f64 + barriers as f64 * BARRIER_STEPS;
            steps * rounds(chains * units)
        };
        let limit = self.device.limits().turns;
        let widths = self.widths().filter(|&units| self.turns(units) <= limit);
        match widths.min_by(|&a, &b| cost(a).total_cmp(&cost(b))) {
            Some(units) if units > 1 => Shape::CubePerChain(units),
            _ => Shape::ThreadPerChain,
        }
    }

    /// Log densities and gradients: runs a tape whose output row 0 is the log density and whose further rows are
    /// its derivatives. Positions and gradients are single precision; the log density is the sum of two such
    /// numbers.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    /// - result: `[chains]` and `[chains, output_rows - 1]`
    ///
    /// # Errors
    /// [`GpuError::Shape`], and [`GpuError::Device`] when the driver fails.
    pub fn run(&mut self, position: &[f64]) -> Result<(Vec<f64>, Vec<f64>), GpuError> {
        if self.dim == 0 || !position.len().is_multiple_of(self.dim) {
            return Err(GpuError::Shape { seen: position.len(), dim: self.dim });
        }
        let chains = position.len() / self.dim;
        let mut log_density = Vec::with_capacity(chains);
        let mut gradient = Vec::with_capacity(chains * self.output_rows.saturating_sub(1));
        for position in position.chunks((self.chains_at_once() * self.dim).max(1)) {
            let output = self.device.guard(|| self.run_chunk(position))?;
            for output in output.chunks_exact(self.output_rows) {
                log_density.extend(output.first());
                gradient.extend(output.iter().skip(1));
            }
        }
        Ok((log_density, gradient))
    }

    /// The most chains whose memories fit into buffers of this device.
    fn chains_at_once(&self) -> usize {
        let rows = self.arena_rows.max(self.output_rows + 1).max(self.dim);
        let indexable = u32::MAX as usize / rows.max(1);
        (self.device.limits().buffer / bytes(rows)).min(indexable).max(1)
    }

    fn run_chunk(&self, position: &[f64]) -> Result<Vec<f64>, GpuError> {
        let client = &self.device.client;
        let chains = position.len() / self.dim;
        let shape = self.shape(chains);
        let narrow = self.narrow(position, shape);
        let position = client.create_from_slice(f32::as_bytes(&narrow));
        let arena = client.empty(bytes(self.arena_length(chains, shape)));
        let output = client.empty(bytes(self.output_length(chains)));
        self.enqueue(&position, &output, &arena, chains, shape);
        let read = client.read_one(output).map_err(|error| self.device.error(&error))?;
        Ok(self.widen(f32::from_bytes(&read), chains, shape != Shape::ThreadPerChain))
    }

    /// Positions `[chains, dim]` as the kernels of a shape read them.
    fn narrow(&self, position: &[f64], shape: Shape) -> Vec<f32> {
        match shape {
            Shape::CubePerChain(_) => position.iter().map(|&x| x as f32).collect(),
            Shape::ThreadPerChain => (0..self.dim)
                .flat_map(|d| position.iter().skip(d).step_by(self.dim).map(|&x| x as f32))
                .collect(),
        }
    }

    /// Elements of the buffer that receives the outputs: a row beyond them holds the low part of output row 0.
    fn output_length(&self, chains: usize) -> usize {
        chains * (self.output_rows + 1)
    }

    /// Elements of the buffer for what kernels leave to later loops and kernels.
    fn arena_length(&self, chains: usize, shape: Shape) -> usize {
        if self.is_arena_shared(shape.units()) { 1 } else { (chains * self.arena_rows).max(1) }
    }

    /// Queues the kernels of a run on buffers of the device; nothing is read or waited for.
    ///
    /// # Shapes
    /// Rows are outermost for [`Shape::ThreadPerChain`], chains for [`Shape::CubePerChain`].
    /// - `position`: `chains * dim`
    /// - `output`: [`GpuProgram::output_length`]
    /// - `arena`: [`GpuProgram::arena_length`]
    fn enqueue(&self, position: &Handle, output: &Handle, arena: &Handle, chains: usize, shape: Shape) {
        let client = &self.device.client;
        let team = self.team(shape.units());
        for kernel in &self.kernels {
            // SAFETY: the caller's buffers have these lengths, which are those the plan says.
            let (position, data, index, arena, output) = unsafe {
                (
                    BufferArg::from_raw_parts(position.clone(), chains * self.dim),
                    BufferArg::from_raw_parts(self.data.0.clone(), self.data.1),
                    BufferArg::from_raw_parts(self.index.0.clone(), self.index.1),
                    BufferArg::from_raw_parts(arena.clone(), self.arena_length(chains, shape)),
                    BufferArg::from_raw_parts(output.clone(), self.output_length(chains)),
                )
            };
            if kernel.tile.is_some() {
                let strips = kernel.tile.as_ref().map_or(1, |tile| tile.strips);
                tile::rows_by_chains::launch(
                    client,
                    CubeCount::Static(strips as u32, chains.div_ceil(TILE_CHAINS) as u32, 1),
                    CubeDim::new_1d(TILE_UNITS as u32),
                    position,
                    data,
                    index,
                    arena,
                    output,
                    chains as u32,
                    0,
                    Code::new(kernel.clone(), team, false),
                );
                continue;
            }
            match shape {
                Shape::ThreadPerChain => kernel::thread_per_chain::launch(
                    client,
                    CubeCount::Static((chains as u32).div_ceil(THREADS), 1, 1),
                    CubeDim::new_1d(THREADS),
                    position,
                    data,
                    index,
                    arena,
                    output,
                    chains as u32,
                    0,
                    Code::new(kernel.clone(), team, false),
                ),
                Shape::CubePerChain(units) => {
                    let width = chains.min(32_768);
                    kernel::cube_per_chain::launch(
                        client,
                        CubeCount::Static(width as u32, chains.div_ceil(width) as u32, 1),
                        CubeDim::new_1d(units as u32),
                        position,
                        data,
                        index,
                        arena,
                        output,
                        chains as u32,
                        0,
                        Code::new(kernel.clone(), team, self.is_arena_shared(units)),
                    )
                }
            }
        }
    }

    /// The output as `[chains, output_rows]`, the two parts of the log density added.
    fn widen(&self, narrow: &[f32], chains: usize, rows_inner: bool) -> Vec<f64> {
        let at = |chain: usize, row: usize| {
            let i = if rows_inner { chain * (self.output_rows + 1) + row } else { row * chains + chain };
            f64::from(narrow[i])
        };
        let mut output = vec![0.0; chains * self.output_rows];
        for (chain, output) in output.chunks_exact_mut(self.output_rows.max(1)).enumerate() {
            for &(first, rows) in &self.written {
                (first..first + rows).for_each(|row| output[row] = at(chain, row));
            }
            if self.has_low {
                output[0] += at(chain, self.output_rows);
            }
        }
        output
    }
}
