//! Posteriors of model files agree with the reference posteriors of posteriordb.

use chainfire::{Device, Settings};

use super::agreement::{NAMES, agrees};

fn settings(chains: usize, draws: usize) -> Settings {
    Settings { chains, draws, seed: 20, device: Device::Cpu, ..Settings::default() }
}

/// Many short chains, tuned together.
fn together() -> Settings {
    settings(256, 100)
}

#[test]
fn chains_that_are_tuned_together_agree() {
    for name in NAMES {
        agrees(name, &together());
    }
}

/// Most chains first settle in cycles out of step with the data, whose log density is lower by 40.
#[test]
fn lotka_volterra_agrees_with_chains_tuned_together() {
    agrees("hudson_lynx_hare-lotka_volterra", &settings(64, 100));
}

#[test]
fn eight_schools_agrees() {
    agrees("eight_schools-eight_schools_noncentered", &settings(4, 4000));
}

#[test]
fn kidscore_momiq_agrees() {
    agrees("kidiq-kidscore_momiq", &settings(4, 4000));
}

#[test]
fn kidscore_interaction_agrees() {
    agrees("kidiq-kidscore_interaction", &settings(4, 4000));
}

#[test]
fn blr_agrees() {
    agrees("sblrc-blr", &settings(4, 4000));
}

#[test]
fn logmesquite_agrees() {
    agrees("mesquite-logmesquite", &settings(4, 4000));
}

#[test]
fn nes1980_agrees() {
    agrees("nes1980-nes", &settings(4, 4000));
}

#[test]
fn earnings_interaction_agrees() {
    agrees("earnings-logearn_interaction", &settings(4, 2000));
}

#[test]
fn kilpisjarvi_agrees() {
    agrees("kilpisjarvi_mod-kilpisjarvi", &settings(4, 4000));
}

#[test]
fn gaussian_mixture_agrees() {
    agrees("low_dim_gauss_mix-low_dim_gauss_mix", &settings(4, 2000));
}

#[test]
fn gaussian_process_agrees() {
    agrees("gp_pois_regr-gp_regr", &settings(4, 4000));
}

#[test]
fn ar_k_agrees() {
    agrees("arK-arK", &settings(4, 4000));
}

#[test]
fn garch_agrees() {
    agrees("garch-garch11", &settings(4, 4000));
}

#[test]
fn lotka_volterra_agrees() {
    agrees("hudson_lynx_hare-lotka_volterra", &settings(4, 1000));
}
