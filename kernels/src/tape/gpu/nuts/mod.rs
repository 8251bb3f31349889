//! Sample a program with the No-U-Turn sampler, many chains on one device.
//!
//! Sampler and program run in one kernel, many steps a launch; each chain is a state machine that begins its next draw
//! as soon as one is finished. A program of several kernels runs beside the sampler's kernel, in turns. The host reads
//! finished draws from a ring while the next launch runs.
//!
//! ```text
//! launch k + 1 is queued;  ring of launch k is read and handed on;  launch k + 2 is queued;  ...
//! ```
//!
//! What a chain draws depends on the seed, its number, the shape and the device; not on other chains, on how many
//! steps a launch makes, or on the room in the ring.

mod draws;
mod job;
mod kernel;
mod machine;
mod moments;
mod pace;
pub(super) mod random;
mod tree;

use std::time::Instant;

use cubecl::prelude::*;
use cubecl::server::Handle;

use super::{GpuDevice, GpuError, GpuProgram, Shape, THREADS, bytes};
use crate::Transition;
pub use draws::{DeviceBlock, DeviceDivergence};
use draws::{Drawn, Ring};
use job::{HEAD, Job, PLACE_VECTORS, STATISTICS};
use machine::{ROWS, Row};
pub use moments::DeviceMoments;
pub use pace::LaunchReport;
use pace::{Pace, Request, SLOTS};
use tree::OrdersLaunch;

/// Largest depth of trees: directions of doublings are bits of one word.
const MAX_TREEDEPTH: usize = 20;
/// Memory for the ring of draws.
const RING_BYTES: usize = 64 << 20;

/// Where chains are.
///
/// # Shapes
/// - `position`, `gradient`: `[chains, dim]`
/// - `log_density`: `[chains]`
#[derive(Clone, Debug, PartialEq)]
pub struct DevicePlaces {
    /// Positions.
    pub position: Vec<f64>,
    /// Gradients there.
    pub gradient: Vec<f64>,
    /// Log densities there; minus infinity where the program was not finite at the start.
    pub log_density: Vec<f64>,
}

/// Buffers of the device.
struct Buffers {
    position: Handle,
    output: Handle,
    arena: Handle,
    state: Handle,
    places: Handle,
    machines: Handle,
    tuning: Handle,
    ring: Handle,
}

/// Chains of one program on one device.
pub struct GpuNuts {
    program: GpuProgram,
    shape: Shape,
    job: Job,
    chains: usize,
    seed: u64,
    first_chain: u32,
    max_treedepth: usize,
    /// Tunings there are: one for all chains, or one for each.
    tunings: usize,
    buffers: Buffers,
    arena_length: usize,
    pace: Pace,
    /// Whether draws under way are to be given up.
    restarts: bool,
}

impl GpuNuts {
    /// Makes room for chains `first_chain..first_chain + chains` of a run, with trees of at most `max_treedepth`
    /// doublings. [`GpuNuts::place`] and [`GpuNuts::tune`] come before the first draw.
    ///
    /// # Errors
    /// [`GpuError::Setting`] when the program does not give one derivative for each element of a position or the depth
    /// is not between 1 and 20, [`GpuError::Limit`] when the chains do not fit, [`GpuError::Device`] when the driver
    /// fails.
    pub fn new(
        program: GpuProgram,
        chains: usize,
        seed: u64,
        first_chain: u32,
        max_treedepth: usize,
    ) -> Result<Self, GpuError> {
        setting(
            "the length of the program's output",
            program.output_rows,
            program.dim + 1..=program.dim + 1,
        )?;
        setting("the number of chains", chains, 1..=u32::MAX as usize)?;
        setting("the largest tree depth", max_treedepth, 1..=MAX_TREEDEPTH)?;
        let shape = program.shape(chains);
        let (job, most_ticks) = Job::new(&program, shape, max_treedepth)?;
        let device = program.device.clone();
        let slot = bytes(chains * job.slot_rows());
        let capacity = (RING_BYTES / slot).clamp(*SLOTS.start(), *SLOTS.end());
        let arena_length = program.arena_length(chains, shape);
        let lengths = [
            chains * program.dim,
            program.output_length(chains),
            arena_length,
            chains * job.state_rows(),
            chains * job.place_rows(),
            chains * ROWS,
            chains * (HEAD + capacity * job.slot_rows()),
        ];
        let largest = lengths.into_iter().max().unwrap_or(0);
        device.limit("bytes for the chains", bytes(largest), largest_buffer(&device))?;
        let [position, output, arena, state, places, machines, ring] = lengths.map(bytes);
        let zeros = |bytes: usize| device.client.create_from_slice(&vec![0; bytes]);
        // Programs do not write derivatives that are always zero.
        let buffers = device.guard(|| {
            Ok(Buffers {
                position: device.client.empty(position),
                output: zeros(output),
                arena: device.client.empty(arena),
                state: device.client.empty(state),
                places: device.client.empty(places),
                machines: zeros(machines),
                tuning: device.client.create_from_slice(f32::as_bytes(&vec![1.0f32; job.tuning_rows()])),
                ring: device.client.empty(ring),
            })
        })?;
        Ok(Self {
            shape,
            chains,
            seed,
            first_chain,
            max_treedepth,
            tunings: 1,
            buffers,
            arena_length,
            pace: Pace::new(most_ticks, capacity, job.code.is_some()),
            restarts: false,
            program,
            job,
        })
    }

    /// The same with launches of so many steps, after which a ring of so many slots is read, whatever the clock and
    /// the memory say.
    #[must_use]
    pub fn with_launches(mut self, ticks: u32, slots: usize) -> Self {
        self.pace.fix(ticks, slots);
        self
    }

    /// Bytes of device memory that a chain needs at least.
    pub fn bytes_per_chain(program: &GpuProgram, max_treedepth: usize) -> usize {
        let vectors = job::SLOTS + 3 * max_treedepth + PLACE_VECTORS + 1;
        let ring = HEAD + SLOTS.start() * (program.dim + STATISTICS);
        bytes(vectors * program.dim + program.output_rows + 1 + program.arena_rows + ROWS + ring)
    }

    /// Chains whose vectors fit into the largest buffer of the program's device.
    pub fn chains_that_fit(program: &GpuProgram, max_treedepth: usize) -> usize {
        let vectors = (job::SLOTS + 3 * max_treedepth) * program.dim;
        let ring = HEAD + SLOTS.start() * (program.dim + STATISTICS);
        let rows = vectors.max(ring).max(program.arena_rows).max(ROWS);
        (largest_buffer(&program.device) / bytes(rows)).min(u32::MAX as usize)
    }

    /// Puts the chains at positions, with `draw` draws behind them, and evaluates the program there: log densities and
    /// gradients.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    /// - result: `[chains]`, `[chains, dim]`
    ///
    /// # Errors
    /// [`GpuError::Setting`] for positions of another shape, [`GpuError::Device`] when the driver fails.
    pub fn place(&mut self, position: &[f64], draw: u32) -> Result<(Vec<f64>, Vec<f64>), GpuError> {
        let elements = self.chains * self.program.dim;
        setting("the number of elements of all positions", position.len(), elements..=elements)?;
        let narrow = self.program.narrow(position, self.shape);
        let device = self.program.device.clone();
        let client = &device.client;
        self.buffers.position = device.guard(|| Ok(client.create_from_slice(f32::as_bytes(&narrow))))?;
        let output = device.guard(|| {
            self.enqueue_program();
            // SAFETY: the buffers have these lengths, which are those the job says.
            let (position, output, places, machines) = unsafe {
                (
                    BufferArg::from_raw_parts(self.buffers.position.clone(), elements),
                    BufferArg::from_raw_parts(
                        self.buffers.output.clone(),
                        self.program.output_length(self.chains),
                    ),
                    BufferArg::from_raw_parts(
                        self.buffers.places.clone(),
                        self.chains * self.job.place_rows(),
                    ),
                    BufferArg::from_raw_parts(self.buffers.machines.clone(), self.chains * ROWS),
                )
            };
            kernel::settle::launch(
                client,
                CubeCount::Static((self.chains as u32).div_ceil(THREADS), 1, 1),
                CubeDim::new_1d(THREADS),
                position,
                output,
                places,
                machines,
                self.chains as u32,
                draw,
                0,
                self.job_without_program(),
            );
            self.read(self.buffers.output.clone())
        })?;
        let wide = self.program.widen(&output, self.chains, self.job.team.units > 1);
        let rows = wide.chunks_exact(self.program.output_rows);
        let log_density = rows.clone().map(|row| row[0]).collect();
        let gradient = rows.flat_map(|row| &row[1..]).copied().collect();
        self.restarts = false;
        Ok((log_density, gradient))
    }

    /// Sets the step size, the square root of the diagonal metric and the largest depth of trees for the draws to
    /// come: one for all chains, or one for each. Draws that an early end of [`GpuNuts::run`] has left under way are
    /// given up.
    ///
    /// # Shapes
    /// - `step_sizes`: `[1]` or `[chains]`
    /// - `scales`: `[1, dim]` or `[chains, dim]`
    ///
    /// # Errors
    /// [`GpuError::Setting`] for another number of step sizes or elements of scales, or a depth above that of
    /// [`GpuNuts::new`].
    pub fn tune(&mut self, step_sizes: &[f64], scales: &[f64], max_treedepth: usize) -> Result<(), GpuError> {
        let tunings = if step_sizes.len() == 1 { 1 } else { self.chains };
        let elements = tunings * self.program.dim;
        setting("the number of step sizes", step_sizes.len(), tunings..=tunings)?;
        setting("the number of elements of all scales", scales.len(), elements..=elements)?;
        setting("the largest tree depth", max_treedepth, 1..=self.job.max_depth)?;
        let of_chains = scales.chunks_exact(self.program.dim).zip(step_sizes);
        let narrow: Vec<f32> = of_chains
            .flat_map(|(scale, step_size)| scale.iter().chain([step_size]).map(|&number| number as f32))
            .collect();
        let device = &self.program.device;
        self.buffers.tuning = device.guard(|| Ok(device.client.create_from_slice(f32::as_bytes(&narrow))))?;
        self.tunings = tunings;
        self.max_treedepth = max_treedepth;
        self.restarts = true;
        Ok(())
    }

    /// Lets every chain make `draws` draws; returns the last transition of each.
    ///
    /// Finished draws go to `sink`, by launch and then by chain; with `keep` false none do. `stop` is asked between
    /// launches: an early end leaves some chains with fewer draws than others.
    ///
    /// # Errors
    /// [`GpuError::Device`] when the driver fails; what `sink` has been given stays good.
    pub fn run(
        &mut self,
        draws: u32,
        keep: bool,
        stop: &dyn Fn() -> bool,
        sink: &mut dyn FnMut(DeviceBlock<'_>),
    ) -> Result<Vec<Transition>, GpuError> {
        let device = self.program.device.clone();
        let mut last = vec![Transition::default(); self.chains];
        let mut made = vec![0; self.chains];
        let mut drawn = Drawn::default();
        let mut request = Request { ticks: self.pace.ticks, slots: self.pace.slots, keeps: keep, draws };
        let mut queued: Option<(_, Request)> = None;
        let mut is_done = draws == 0;
        let mut before = 0;
        // Steps that the slowest chain needs, about.
        let mut left = f64::from(draws) * self.pace.steps_per_draw();
        let mut clock = Instant::now();
        loop {
            let under_way = queued.as_ref().map(|(_, request)| f64::from(request.ticks));
            let next = if is_done || stop() || under_way.is_some_and(|under_way| left <= under_way) {
                None
            } else {
                let missing = left - under_way.unwrap_or(0.0);
                (request.ticks, request.slots) = (self.pace.ticks_for(missing), self.pace.slots);
                let reading = device.guard(|| {
                    self.enqueue_launch(request);
                    Ok(device.client.read_async(vec![self.ring_part(if keep { request.slots } else { 0 })]))
                })?;
                self.restarts = false;
                request.draws = 0;
                Some((reading, request))
            };
            let is_last = next.is_none();
            if let Some((reading, request)) = std::mem::replace(&mut queued, next) {
                let read = device.guard(|| {
                    cubecl::future::reader::read_sync(reading).map_err(|error| device.error(&error))
                })?;
                let numbers = f32::from_bytes(read.first().map_or(&[][..], |bytes| bytes));
                let ring = Ring { job: &self.job, chains: self.chains, numbers };
                let heads: Vec<[usize; HEAD]> = (0..self.chains).map(|chain| ring.head(chain)).collect();
                if keep {
                    for (chain, [filled, ..]) in heads.iter().enumerate().filter(|(_, head)| head[0] > 0) {
                        debug_assert!(*filled <= request.slots);
                        ring.read(chain, &mut drawn);
                        sink(DeviceBlock {
                            chain,
                            first_draw: made[chain],
                            positions: &drawn.positions,
                            transitions: &drawn.transitions,
                            divergences: &drawn.divergences,
                        });
                        made[chain] += drawn.transitions.len();
                        last[chain] = drawn.transitions[drawn.transitions.len() - 1];
                    }
                } else {
                    made.iter_mut().zip(&heads).for_each(|(made, head)| *made = draws as usize - head[1]);
                }
                let most_left = heads.iter().map(|head| head[1]).max().unwrap_or(0);
                is_done = most_left == 0;
                let drawn: usize = heads.iter().map(|head| draws as usize - head[1]).sum();
                self.pace.account(&heads, request, drawn - before, clock.elapsed());
                before = drawn;
                left = most_left as f64 * self.pace.steps_per_draw();
                clock = Instant::now();
            } else if is_last {
                break;
            }
        }
        if !keep && made.iter().any(|&made| made > 0) {
            let numbers = device.guard(|| self.read(self.ring_part(1)))?;
            let ring = Ring { job: &self.job, chains: self.chains, numbers: &numbers };
            for (chain, last) in last.iter_mut().enumerate().filter(|(chain, _)| made[*chain] > 0) {
                *last = ring.transition(chain, 0);
            }
        }
        Ok(last)
    }

    /// Means and spreads over the chains whose log density is at least `least_log_density` (and finite), of where they
    /// are and of the gradients there; reduced on the device.
    ///
    /// # Errors
    /// [`GpuError::Device`] when the driver fails.
    pub fn moments(&mut self, least_log_density: f64) -> Result<DeviceMoments, GpuError> {
        let device = &self.program.device;
        let numbers = device.guard(|| {
            let length = self.program.dim * moments::NUMBERS;
            let result = device.client.empty(bytes(length));
            // SAFETY: the buffers have these lengths, which are those the job says.
            let (places, machines, written) = unsafe {
                (
                    BufferArg::from_raw_parts(
                        self.buffers.places.clone(),
                        self.chains * self.job.place_rows(),
                    ),
                    BufferArg::from_raw_parts(self.buffers.machines.clone(), self.chains * ROWS),
                    BufferArg::from_raw_parts(result.clone(), length),
                )
            };
            moments::moments::launch(
                &device.client,
                cubes(self.program.dim),
                CubeDim::new_1d(moments::UNITS as u32),
                places,
                machines,
                written,
                self.chains as u32,
                (least_log_density as f32).max(f32::MIN),
                0,
                self.job_without_program(),
            );
            self.read(result)
        })?;
        Ok(DeviceMoments::new(&numbers))
    }

    /// Where the chains are now.
    ///
    /// # Errors
    /// [`GpuError::Device`] when the driver fails.
    pub fn places(&mut self) -> Result<DevicePlaces, GpuError> {
        let (places, machines) = self.program.device.guard(|| {
            Ok((self.read(self.buffers.places.clone())?, self.read(self.buffers.machines.clone())?))
        })?;
        let at = |chain: usize, row: usize, rows: usize| match self.job.team.units {
            1 => row * self.chains + chain,
            _ => chain * rows + row,
        };
        let machine = |chain: usize, row: Row| machines[at(chain, row as usize, ROWS)];
        let dim = self.program.dim;
        let vector = |second: usize| {
            let of_chain = |chain: usize| {
                let first = (2 * machine(chain, Row::chosen).to_bits() as usize + second) * dim;
                (first..first + dim).map(move |row| (chain, row))
            };
            let rows = (0..self.chains).flat_map(of_chain);
            rows.map(|(chain, row)| f64::from(places[at(chain, row, self.job.place_rows())])).collect()
        };
        let log_density = |chain: usize| {
            f64::from(machine(chain, Row::chosen_density))
                + f64::from(machine(chain, Row::chosen_density_low))
        };
        Ok(DevicePlaces {
            position: vector(0),
            gradient: vector(1),
            log_density: (0..self.chains).map(log_density).collect(),
        })
    }

    /// What the launches have done so far.
    pub fn report(&self) -> LaunchReport {
        self.pace.report
    }

    /// The shape in which the chains run.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    fn job_without_program(&self) -> Job {
        Job { code: None, ..self.job.clone() }
    }

    fn enqueue_program(&self) {
        let Buffers { position, output, arena, .. } = &self.buffers;
        self.program.enqueue(position, output, arena, self.chains, self.shape);
    }

    /// Queues a launch: one kernel, or kernels in turns.
    fn enqueue_launch(&self, request: Request) {
        if self.job.code.is_some() {
            return self.enqueue_advance(request, true);
        }
        for tick in 0..request.ticks {
            self.enqueue_program();
            self.enqueue_advance(request, tick == 0);
        }
    }

    fn enqueue_advance(&self, request: Request, is_first: bool) {
        let Buffers { position, output, arena, state, places, machines, tuning, ring } = &self.buffers;
        let (count, cube) = match self.shape {
            Shape::ThreadPerChain => {
                (CubeCount::Static((self.chains as u32).div_ceil(THREADS), 1, 1), CubeDim::new_1d(THREADS))
            }
            Shape::CubePerChain(units) => (cubes(self.chains), CubeDim::new_1d(units as u32)),
        };
        // SAFETY: the buffers have these lengths, which are those the job and the program's plan say.
        let argument =
            |handle: &Handle, length: usize| unsafe { BufferArg::from_raw_parts(handle.clone(), length) };
        let (data, index) = (&self.program.data, &self.program.index);
        kernel::advance::launch(
            &self.program.device.client,
            count,
            cube,
            argument(position, self.chains * self.program.dim),
            argument(output, self.program.output_length(self.chains)),
            argument(&data.0, data.1),
            argument(&index.0, index.1),
            argument(arena, self.arena_length),
            argument(state, self.chains * self.job.state_rows()),
            argument(places, self.chains * self.job.place_rows()),
            argument(machines, self.chains * ROWS),
            argument(tuning, self.tunings * self.job.tuning_rows()),
            argument(ring, self.chains * (HEAD + self.pace.capacity * self.job.slot_rows())),
            OrdersLaunch::new(
                self.chains as u32,
                request.ticks,
                request.slots as u32,
                u32::from(request.keeps),
                u32::from(is_first),
                if is_first { request.draws } else { 0 },
                u32::from(is_first && self.restarts),
                self.max_treedepth as u32,
                u32::from(self.tunings > 1),
                self.seed as u32,
                (self.seed >> 32) as u32,
                self.first_chain,
                0,
            ),
            self.job.clone(),
        );
    }

    /// The heads and the first slots of the ring.
    fn ring_part(&self, slots: usize) -> Handle {
        let left = self.chains * (self.pace.capacity - slots) * self.job.slot_rows();
        self.buffers.ring.clone().offset_end((left * size_of::<f32>()) as u64)
    }

    fn read(&self, handle: Handle) -> Result<Vec<f32>, GpuError> {
        let device = &self.program.device;
        let read = device.client.read_one(handle).map_err(|error| device.error(&error))?;
        Ok(f32::from_bytes(&read).to_vec())
    }
}

fn setting(
    what: &'static str,
    seen: usize,
    expected: std::ops::RangeInclusive<usize>,
) -> Result<(), GpuError> {
    if expected.contains(&seen) {
        return Ok(());
    }
    let (least, most) = (*expected.start(), *expected.end());
    Err(GpuError::Setting { what, seen, least, most })
}

/// Bytes of the largest buffer whose elements the device can number.
fn largest_buffer(device: &GpuDevice) -> usize {
    device.limits().buffer.min(bytes(u32::MAX as usize))
}

/// So many cubes, in the two dimensions that devices need for many.
fn cubes(count: usize) -> CubeCount {
    let width = count.clamp(1, 32_768);
    CubeCount::Static(width as u32, count.div_ceil(width) as u32, 1)
}
