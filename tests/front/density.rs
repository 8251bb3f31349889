//! Raw densities: tapes where they can be, burn's own operations where they cannot.

use chainfire::{Density, Settings};

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
