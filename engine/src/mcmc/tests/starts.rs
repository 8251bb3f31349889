//! Where chains start.

use super::targets::normal;
use crate::by_hand::Target;
use crate::mcmc::{Init, Progress, SampleError};
use crate::run::{Adaptation, Settings, sample};

/// Where chains are evaluated first: a density that remembers it.
fn first_places(init: Init, adaptation: Adaptation) -> Result<Vec<f64>, SampleError> {
    let seen = std::sync::Mutex::new(Vec::new());
    let target = Target {
        dim: 1,
        log_density: |q: &[f64], g: &mut [f64]| {
            seen.lock().unwrap().push(q[0]);
            g[0] = -q[0];
            if q[0] > 2.0 { f64::NEG_INFINITY } else { -0.5 * q[0] * q[0] }
        },
    };
    let settings =
        Settings { chains: 4, draws: 1, tune: 0, threads: 1, init, adaptation, ..Settings::default() };
    sample(&target, &[0.5], &settings, &Progress::new(4))?;
    Ok(seen.into_inner().unwrap()[..4].to_vec())
}

#[test]
fn chains_start_where_they_are_told_to() {
    for adaptation in [Adaptation::PerChain, Adaptation::Pooled] {
        let of = |init| first_places(init, adaptation).unwrap();
        assert_eq!(of(Init::AdaptDiag), [0.5; 4]);
        let jittered = of(Init::JitterAdaptDiag);
        assert!(jittered.iter().all(|q| (q - 0.5).abs() <= 1.0 && *q != 0.5));
        let positions = vec![-1.0, 0.0, 1.0, 2.0];
        assert_eq!(of(Init::Given(positions.clone())), positions[..]);
        assert_eq!(of(Init::Prior(vec![-1.0, 0.0, 1.0, 2.5])), [-1.0, 0.0, 1.0, 2.5]);
    }
}

#[test]
fn a_given_start_without_density_is_refused_at_once() {
    for adaptation in [Adaptation::PerChain, Adaptation::Pooled] {
        let error = first_places(Init::Given(vec![0.0, 0.0, 3.0, 0.0]), adaptation).unwrap_err();
        assert!(matches!(error, SampleError::Start { chain: 2, attempts: 1, .. }), "{error}");
    }
}

#[test]
fn starts_of_another_length_are_refused() {
    let settings = Settings { init: Init::Given(vec![0.0; 7]), ..Settings::default() };
    let error = sample(&normal(vec![1.0; 2]), &[0.0; 2], &settings, &Progress::new(4)).unwrap_err();
    assert!(matches!(error, SampleError::StartsLength { seen: 7, chains: 4, dim: 2 }));
    assert!(error.to_string().contains("need 8"), "{error}");
}

#[test]
fn ways_to_start_are_known_by_the_names_of_pymc() {
    assert_eq!("jitter+adapt_diag".parse::<Init>().unwrap(), Init::JitterAdaptDiag);
    assert_eq!("adapt_diag".parse::<Init>().unwrap(), Init::AdaptDiag);
    let error = "advi".parse::<Init>().unwrap_err().to_string();
    assert!(error.contains("`advi`") && error.contains("adapt_diag"), "{error}");
}
