//! Posteriors of many short chains on a device, and of a few that tune themselves, are the reference posteriors.

use chainfire::{Device, Settings};

use super::agreement::{NAMES, agrees};

/// Posteriors with many rows or long trajectories, which take a software device minutes each.
const SLOW: [&str; 3] = ["nes", "earnings", "kilpisjarvi"];

#[test]
fn chains_on_a_device_agree() {
    let device = Device::Gpu(Some(super::device().adapter().index));
    let settings = Settings { chains: 256, draws: 100, seed: 20, device, ..Settings::default() };
    for name in NAMES.into_iter().filter(|name| !SLOW.iter().any(|slow| name.contains(slow))) {
        agrees(name, &settings);
    }
}

#[test]
fn chains_that_tune_themselves_on_a_device_agree() {
    let device = Device::Gpu(Some(super::device().adapter().index));
    let settings = Settings { chains: 4, draws: 2000, seed: 20, device, ..Settings::default() };
    for name in ["eight_schools-eight_schools_noncentered", "kidiq-kidscore_momiq"] {
        agrees(name, &settings);
    }
}
