//! Model files on a graphics processor, or on the software rasteriser that stands in for one.
//!
//! These tests need a Vulkan device, Mesa's lavapipe (Debian's `mesa-vulkan-drivers`) at least, so that they are run by
//! name: `cargo test --release --test gpu`.

#![cfg(feature = "gpu")]

#[path = "../targets/agreement.rs"]
mod agreement;
mod densities;
mod distributions;
mod moments;
mod posteriors;
#[allow(dead_code, reason = "the tests on the processor use the rest")]
#[path = "../../models/tests/distributions/reference.rs"]
mod reference;

use chainfire::GpuDevice;
use chainfire_kernels::tape::DeviceChoice;

/// The software rasteriser, or the device that `CHAINFIRE_TEST_DEVICE` numbers.
fn device() -> GpuDevice {
    let number = std::env::var("CHAINFIRE_TEST_DEVICE").ok().map(|number| number.parse().expect("a number"));
    GpuDevice::open(number.map_or(DeviceChoice::Software, DeviceChoice::Index))
        .expect("these tests need a Vulkan device, such as Debian's mesa-vulkan-drivers")
}
