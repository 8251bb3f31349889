//! Choose where to compute.
//!
//! `auto` takes a graphics processor when there is one and the work is enough for it: a tick of all chains costs it
//! some tens of microseconds whatever the model, so chains that the processor moves in less stay there.

mod choose;
#[cfg(feature = "gpu")]
mod ensemble;
mod placed_tape;

use std::str::FromStr;

use crate::spelling::hint;

pub use choose::{Choice, DeviceError, Place, choose_replay};
#[cfg(feature = "gpu")]
pub use ensemble::GpuEnsemble;
pub use placed_tape::PlacedTape;

/// Where to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// A graphics processor when there is one and it is worth it, else the CPU.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// A graphics processor: the best, or the one with this number in the list of devices.
    Gpu(Option<usize>),
}

/// A device that does not exist in this spelling.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{seen}` is not a device; use auto, cpu, gpu or gpu:N, where N is a number of `chainfire devices`{}",
    hint(seen, ["auto", "cpu", "gpu"])
)]
pub struct UnknownDevice {
    seen: String,
}

impl FromStr for Device {
    type Err = UnknownDevice;

    fn from_str(text: &str) -> Result<Self, UnknownDevice> {
        match text {
            "auto" => Ok(Device::Auto),
            "cpu" => Ok(Device::Cpu),
            "gpu" => Ok(Device::Gpu(None)),
            other => {
                let number = other.strip_prefix("gpu:").and_then(|number| number.parse().ok());
                number.map(|n| Device::Gpu(Some(n))).ok_or_else(|| UnknownDevice { seen: other.into() })
            }
        }
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Device::Auto => f.write_str("auto"),
            Device::Cpu => f.write_str("cpu"),
            Device::Gpu(None) => f.write_str("gpu"),
            Device::Gpu(Some(n)) => write!(f, "gpu:{n}"),
        }
    }
}

/// What the launches of a run have done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DeviceReport {
    /// Launches of kernels.
    pub launches: usize,
    /// Leapfrog steps for which chains had a place in launches after warm-up.
    pub issued: u64,
    /// Leapfrog steps that chains made after warm-up.
    pub useful: u64,
    /// Seconds in launches.
    pub seconds: f64,
    /// Deviation of the error of log densities after warm-up.
    pub energy_noise: Option<f64>,
}

impl DeviceReport {
    /// The share of steps after warm-up that were useful.
    pub fn lane_efficiency(&self) -> f64 {
        self.useful as f64 / (self.issued as f64).max(1.0)
    }
}
