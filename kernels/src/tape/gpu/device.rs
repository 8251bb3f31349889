//! Devices that can run tapes, and what can go wrong with them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use cubecl::client::Client;
use cubecl::prelude::*;
use cubecl::server::ServerError;
use cubecl::wgpu::{AutoGraphicsApi, RuntimeOptions, WgpuInitError, try_init_setup};

use super::adapters::{Adapter, AdapterKind, DeviceChoice, adapters, alone, chosen};
use super::exact::self_test;
use super::join::{TEST_TOTALS, Team, self_test as test_of_planes};
use super::nuts::random::self_test as self_test_of_random;
use crate::tape::VerifyError;

/// Why a tape does not run on a graphics processor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    /// No device of the kind asked for.
    #[error(
        "no device for {wanted} was found ({reason}); found: {found}. Install its driver, or run on the CPU"
    )]
    NoDevice {
        /// What was asked for.
        wanted: String,
        /// What the driver says.
        reason: String,
        /// The devices there are.
        found: String,
    },
    /// The device does not compute as the kernels need.
    #[error(
        "{device} gives {seen} for {what}, expected {expected}: its compiler changes sums, and results would be \
         wrong; run on the CPU"
    )]
    Inexact {
        /// Name of the device.
        device: String,
        /// The computation.
        what: &'static str,
        /// What came back.
        seen: f32,
        /// What is right.
        expected: f32,
    },
    /// One chain needs more than the device gives.
    #[error("{needed} {what} are needed and {device} gives {limit}; run on the CPU")]
    Limit {
        /// Name of the device.
        device: String,
        /// What is too large.
        what: &'static str,
        /// Bytes needed.
        needed: usize,
        /// Bytes there are.
        limit: usize,
    },
    /// The tape is malformed.
    #[error(transparent)]
    Tape(#[from] VerifyError),
    /// The positions do not have the tape's shape.
    #[error("{seen} elements of positions are not chains of {dim}")]
    Shape {
        /// Elements given.
        seen: usize,
        /// Length of a position.
        dim: usize,
    },
    /// Something the sampler is given does not fit.
    #[error("{what} is {seen}; the sampler needs {least} to {most}")]
    Setting {
        /// What was given.
        what: &'static str,
        /// Its size.
        seen: usize,
        /// The smallest that fits.
        least: usize,
        /// The largest that fits.
        most: usize,
    },
    /// The driver refuses or has failed: a kernel does not compile, memory is used up, the device is lost.
    #[error("{device} has failed: {reason}; run on the CPU, or with fewer chains")]
    Device {
        /// Name of the device.
        device: String,
        /// What the driver says.
        reason: String,
    },
}

/// Units that keep a card busy: a middle value of today's.
const CARD_LANES: usize = 16_384;
/// The same of a few cores with wide registers.
const SOFTWARE_LANES: usize = 32;

/// What one kernel may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLimits {
    /// Bytes of the largest buffer.
    pub buffer: usize,
    /// Bytes of memory that the units of a cube share.
    pub shared_memory: usize,
    /// Units of a cube.
    pub units: usize,
    /// Turns of all loops that a unit may make in one launch. llvmpipe, below Mesa's lavapipe, leaves every loop
    /// after 65,535; other devices have no such limit.
    pub turns: usize,
    /// Units that keep the device busy, about.
    pub lanes: usize,
    /// Units of the smallest plane (subgroup, warp) of a cube; 1 when cubes are not split into planes.
    pub plane: usize,
}

/// A device whose arithmetic has been tested.
#[derive(Clone)]
pub struct GpuDevice {
    adapter: &'static Adapter,
    pub(super) client: Client,
    /// Units of the smallest plane, or 1.
    plane: usize,
}

impl GpuDevice {
    /// The devices of this machine, best kind first; empty when there is no driver.
    pub fn list() -> Vec<Adapter> {
        adapters().to_vec()
    }

    /// Opens a device and tests it.
    ///
    /// # Errors
    /// [`GpuError::NoDevice`] when there is none, [`GpuError::Inexact`] when compensated sums do not work on it.
    pub fn open(choice: DeviceChoice) -> Result<Self, GpuError> {
        let none = |reason: String| {
            let found: Vec<String> = adapters().iter().map(Adapter::to_string).collect();
            let found = if found.is_empty() { "none".into() } else { found.join("; ") };
            GpuError::NoDevice { wanted: choice.to_string(), reason, found }
        };
        let Some(adapter) = chosen(choice) else { return Err(none("none is listed".into())) };
        let client = alone(|| open(&adapter.selector)).map_err(none)?;
        let mut device = Self { adapter, client, plane: 1 };
        device.guard(|| device.test())?;
        device.guard(|| self_test_of_random(&device))?;
        if adapter.has_planes && device.guard(|| device.test_planes()).unwrap_or(false) {
            device.plane = device.smallest_plane();
        }
        Ok(device)
    }

    /// The same device, whose units exchange numbers through shared memory alone.
    #[must_use]
    pub fn without_planes(mut self) -> Self {
        self.plane = 1;
        self
    }

    /// What the device is.
    pub fn adapter(&self) -> &Adapter {
        self.adapter
    }

    /// The device as cubecl names it, for other programs on it.
    pub fn cubecl_device(&self) -> cubecl::Device {
        self.adapter.selector.clone()
    }

    /// What one kernel may use.
    pub fn limits(&self) -> DeviceLimits {
        let properties = self.client.properties();
        let is_software = self.adapter.kind == AdapterKind::Software;
        DeviceLimits {
            buffer: usize::try_from(properties.memory.max_page_size).unwrap_or(usize::MAX),
            shared_memory: properties.hardware.max_shared_memory_size,
            units: properties.hardware.max_units_per_cube as usize,
            turns: if is_software { 65_535 } else { usize::MAX },
            lanes: if is_software { SOFTWARE_LANES } else { CARD_LANES },
            plane: self.plane,
        }
    }

    /// The adapter's name.
    pub fn name(&self) -> &str {
        &self.adapter.name
    }

    /// Runs work on the device; a driver that panics, as when the device is lost, has failed.
    pub(super) fn guard<T>(&self, work: impl FnOnce() -> Result<T, GpuError>) -> Result<T, GpuError> {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
            Err(GpuError::Device {
                device: self.name().to_string(),
                reason: "its driver has panicked".into(),
            })
        })
    }

    pub(super) fn error(&self, error: &ServerError) -> GpuError {
        let text = error.to_string();
        let reason = text.split("\nBacktrace").next().unwrap_or_default().to_string();
        GpuError::Device { device: self.name().to_string(), reason }
    }

    pub(super) fn limit(&self, what: &'static str, needed: usize, limit: usize) -> Result<(), GpuError> {
        if needed <= limit {
            return Ok(());
        }
        Err(GpuError::Limit { device: self.name().to_string(), what, needed, limit })
    }

    fn smallest_plane(&self) -> usize {
        self.client.properties().hardware.plane_size_min as usize
    }

    /// Whether sums through planes are right in the smallest and the largest cubes.
    fn test_planes(&self) -> Result<bool, GpuError> {
        let plane = self.smallest_plane();
        let most = self.limits().units.min(1024);
        for units in [32, most] {
            let numbers = units * 2 * TEST_TOTALS;
            let output = self.client.empty(numbers * size_of::<f32>());
            // SAFETY: the buffer has the elements that the units of the one cube write.
            let written = unsafe { BufferArg::from_raw_parts(output.clone(), numbers) };
            let (count, cube) = (CubeCount::Static(1, 1, 1), CubeDim::new_1d(units as u32));
            test_of_planes::launch(&self.client, count, cube, written, 0, Team { units, plane });
            let bytes = self.client.read_one(output).map_err(|error| self.error(&error))?;
            let counted = (units * (units + 1) / 2) as f32;
            let expected = [counted, 0.0, 16_777_216.0 * units as f32, counted - units as f32];
            if f32::from_bytes(&bytes).chunks(expected.len()).any(|seen| seen != expected) {
                return Ok(false);
            }
        }
        Ok(plane > 1)
    }

    fn test(&self) -> Result<(), GpuError> {
        let near_one = 1.0f32 + 1.0 / 4096.0;
        let input = self.client.create_from_slice(f32::as_bytes(&[1e8, 1.0, near_one]));
        let output = self.client.empty(3 * size_of::<f32>());
        // SAFETY: the buffers have the three elements that the kernel reads and writes.
        let (read, written) =
            unsafe { (BufferArg::from_raw_parts(input, 3), BufferArg::from_raw_parts(output.clone(), 3)) };
        self_test::launch(&self.client, CubeCount::Static(1, 1, 1), CubeDim::new_1d(1), read, written, 0);
        let bytes = self.client.read_one(output).map_err(|error| self.error(&error))?;
        let seen = f32::from_bytes(&bytes);
        let expected = [
            ("the low part of 1e8 + 1", 1.0),
            ("the low part of (1 + 2^-12) squared", 1.0 / 16_777_216.0),
            ("1e8 and a thousand ones, less 1e8", 1000.0),
        ];
        for (&seen, (what, expected)) in seen.iter().zip(expected) {
            if seen != expected {
                return Err(GpuError::Inexact { device: self.name().to_string(), what, seen, expected });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for GpuDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GpuDevice({})", self.adapter)
    }
}

/// Opens a device without its lazy initialisation, which panics on failure. To be called by one thread at a time.
fn open(selector: &cubecl::Device) -> Result<Client, String> {
    // A device is set up once in a process.
    static OPENED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = format!("{selector:?}");
    if !opened.contains(&key) {
        // Those of CUDA have been set up when they were listed.
        if let cubecl::Device::Wgpu(selector) = selector {
            let options = RuntimeOptions::try_default().map_err(|error| error.to_string())?;
            match try_init_setup::<AutoGraphicsApi>(selector, options) {
                // Someone else has set the device up: it is there.
                Ok(_) | Err(WgpuInitError::Registration { .. }) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        opened.insert(key);
    }
    Ok(selector.client())
}
