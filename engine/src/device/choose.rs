//! Decide between the processor and a graphics processor.
//!
//! ```text
//! CPU, a tick of all chains:  chains * seconds of a gradient / threads        measured
//! GPU, a tick of all chains:  tens of microseconds, nearly whatever the model
//! ```
//!
//! A graphics processor samples chains that share their tuning, which needs some dozens of chains.

use super::Device;
#[cfg(feature = "gpu")]
use chainfire_kernels::tape::{DeviceChoice, GpuDevice, GpuError};

/// Chains below which a graphics processor is not chosen unless named.
const FEWEST_CHAINS: usize = 32;
/// Seconds of a tick on the CPU below which a graphics processor gains nothing.
const WORTHWHILE: f64 = 100e-6;

/// Where a run computes, and why.
#[derive(Debug)]
pub struct Choice {
    /// The place.
    pub place: Place,
    /// Why it is this one, as a sentence without its end.
    pub reason: String,
}

/// A place to compute.
#[derive(Debug)]
pub enum Place {
    /// The processor.
    Cpu,
    /// A graphics processor that has been opened and tested.
    #[cfg(feature = "gpu")]
    Gpu(GpuDevice),
}

/// Why the device asked for cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// This program was built without what the device needs.
    #[error("--device {wanted}: this program was built without {missing}; use --device cpu")]
    NotBuilt {
        /// What was asked for.
        wanted: Device,
        /// What is missing.
        missing: &'static str,
    },
    /// No such device, or one that does not work.
    #[cfg(feature = "gpu")]
    #[error(transparent)]
    Gpu(#[from] GpuError),
}

/// The work of a run, as far as the choice depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// Number of chains.
    pub chains: usize,
    /// Threads that the CPU would use.
    pub threads: usize,
    /// Seconds that the gradient of one chain takes one thread.
    pub gradient_seconds: f64,
}

/// Chooses the place for a run.
///
/// # Errors
/// When a graphics processor is asked for and there is none. `Auto` has no errors: it falls back to the CPU.
pub(super) fn choose(wanted: Device, work: Work) -> Result<Choice, DeviceError> {
    let cpu = |reason: String| Ok(Choice { place: Place::Cpu, reason });
    let tick = work.gradient_seconds * work.chains as f64 / work.threads.min(work.chains).max(1) as f64;
    let micros = tick * 1e6;
    match wanted {
        Device::Cpu => cpu("asked for".into()),
        Device::Gpu(number) => named(wanted, number),
        Device::Auto if work.chains < FEWEST_CHAINS => {
            cpu(format!("{} chains are few for a graphics processor", work.chains))
        }
        Device::Auto if tick < WORTHWHILE => cpu(format!(
            "a gradient of every chain takes it {micros:.0} microseconds, which a graphics processor would not beat"
        )),
        Device::Auto => best(micros),
    }
}

/// Chooses the place where burn replays operations that have no place on a tape, one by one.
///
/// # Errors
/// When a graphics processor is asked for, and there is none or burn is not built for it.
pub fn choose_replay(wanted: Device) -> Result<Choice, DeviceError> {
    let why = match wanted {
        Device::Auto => {
            "launches of single operations gain nothing on a graphics processor unless tensors are large"
        }
        Device::Cpu => "asked for",
        Device::Gpu(number) if cfg!(feature = "burn-wgpu") => return named(wanted, number),
        Device::Gpu(_) => {
            let missing = "burn's operations on graphics processors (the feature `burn-wgpu`)";
            return Err(DeviceError::NotBuilt { wanted, missing });
        }
    };
    Ok(Choice { place: Place::Cpu, reason: why.into() })
}

#[cfg(feature = "gpu")]
fn named(_: Device, number: Option<usize>) -> Result<Choice, DeviceError> {
    let choice = number.map_or(DeviceChoice::Auto, DeviceChoice::Index);
    Ok(Choice { place: Place::Gpu(GpuDevice::open(choice)?), reason: "asked for".into() })
}

#[cfg(not(feature = "gpu"))]
fn named(wanted: Device, _: Option<usize>) -> Result<Choice, DeviceError> {
    let missing = "support of graphics processors (the feature `gpu`)";
    Err(DeviceError::NotBuilt { wanted, missing })
}

#[cfg(feature = "gpu")]
fn best(micros: f64) -> Result<Choice, DeviceError> {
    Ok(match GpuDevice::open(DeviceChoice::Auto) {
        Ok(device) => Choice {
            place: Place::Gpu(device),
            reason: format!("a gradient of every chain would take the CPU {micros:.0} microseconds"),
        },
        Err(_) if GpuDevice::list().is_empty() => {
            Choice { place: Place::Cpu, reason: "no graphics processor was found".into() }
        }
        Err(error) => Choice { place: Place::Cpu, reason: error.to_string() },
    })
}

#[cfg(not(feature = "gpu"))]
fn best(_: f64) -> Result<Choice, DeviceError> {
    Ok(Choice { place: Place::Cpu, reason: "this program was built without graphics processors".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(chains: usize, gradient_seconds: f64) -> Work {
        Work { chains, threads: 2, gradient_seconds }
    }

    #[test]
    fn little_work_stays_on_the_cpu_and_says_why() {
        for (work, word) in [(work(4, 1.0), "few"), (work(1024, 1e-9), "beat")] {
            let choice = choose(Device::Auto, work).expect("the CPU is always there");
            assert!(matches!(choice.place, Place::Cpu), "{choice:?}");
            assert!(choice.reason.contains(word), "{}", choice.reason);
        }
    }

    #[test]
    fn the_cpu_is_taken_when_asked_for() {
        let choice = choose(Device::Cpu, work(100_000, 1.0)).expect("the CPU is always there");
        assert!(matches!(choice.place, Place::Cpu));
    }
}
