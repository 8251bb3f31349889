//! Raw densities: tapes where they can be, burn's own operations where they cannot.

use chainfire::{Density, Device, Place, Settings};

#[test]
fn a_density_with_an_operation_outside_the_tape_is_replayed_and_says_so() {
    // A random walk by its cumulated steps: E x = 0, and the sum of the first k steps has variance 1.
    let walk = Density::new(3, |steps| {
        let places = steps.sort(0).cumsum(0);
        (places.clone() * places).sum() * -0.5
    })
    .expect("burn can replay it");
    assert!(walk.fallback().is_some_and(|reason| reason.to_string().contains("Sort")));
    let settings = Settings { chains: 2, draws: 50, tune: 50, seed: 1, ..Settings::default() };
    let draws = walk.sample(&[0.0; 3], &settings).expect("it is sampled");
    assert_eq!(draws.positions.len(), 2 * 50 * 3);
    assert!(draws.positions.iter().all(|x| x.is_finite()));
}

#[test]
fn a_density_of_operations_on_the_tape_has_no_fallback() {
    let normal = Density::new(2, |x| (x.clone() * x).sum() * -0.5).expect("it is captured");
    assert!(normal.fallback().is_none());
}

#[test]
fn a_density_says_where_it_is_sampled_and_refuses_a_device_that_it_cannot_have() {
    let normal = Density::new(2, |x| (x.clone() * x).sum() * -0.5).expect("it is captured");
    let sorted = Density::new(2, |x| (x.clone() * x.sort(0)).sum() * -0.5).expect("burn can replay it");
    let settings = Settings { chains: 4, ..Settings::default() };
    for (density, why) in [(&normal, "few"), (&sorted, "single operations")] {
        let run = density.prepare(&[0.0; 2], &settings).expect("the CPU is always there");
        assert!(matches!(run.choice().place, Place::Cpu));
        assert!(run.choice().reason.contains(why), "{}", run.choice().reason);
    }
    let nowhere = Settings { device: Device::Gpu(Some(99)), ..settings };
    for density in [&normal, &sorted] {
        let error = density.prepare(&[0.0; 2], &nowhere).map(|_| ()).expect_err("there is no such device");
        assert!(error.to_string().contains("CPU") || error.to_string().contains("cpu"), "{error}");
    }
    assert!(normal.prepare(&[0.0; 3], &nowhere).is_err_and(|error| error.to_string().contains("3 elements")));
}
