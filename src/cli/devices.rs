//! `chainfire devices`: where `--device` can compute.

use std::process::ExitCode;

use clap::Args;

use super::output;

/// List the devices that `--device` can name.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Prints a line for each.
pub fn run(_: &Arguments) -> anyhow::Result<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    output::line(format_args!("cpu    {}", output::count(threads, "thread")));
    list_graphics();
    Ok(ExitCode::SUCCESS)
}

#[cfg(feature = "gpu")]
fn list_graphics() {
    let adapters = chainfire::GpuDevice::list();
    for adapter in &adapters {
        output::line(format_args!("gpu:{adapter}"));
    }
    if adapters.is_empty() {
        output::line("no graphics processor was found: its driver must offer Vulkan, Metal or DirectX 12");
    }
}

#[cfg(not(feature = "gpu"))]
fn list_graphics() {
    output::line("this program was built without support of graphics processors (the feature `gpu`)");
}
