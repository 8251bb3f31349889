//! Find the quantities that tell divergent draws from the others.
//!
//! ```text
//! P = P(divergent < other) + P(divergent = other) / 2        over all pairs, as Mann and Whitney count them
//! z = (P - 1/2) / sqrt((D + O + 1) / (12 D O)),  D divergent draws, O others;  reported where |z| > 4
//! ```
//!
//! Ranks are used because the region where the integrator fails is often a tail, such as the neck of a funnel, and
//! because a name for it must not depend on the scale of a quantity. The divergent draws alone are sorted; every other
//! one is searched for among them. Draws of a chain are not independent, hence the high limit for z.
//!
//! # References
//! - Mann, Whitney (1947), On a test of whether one of two random variables is stochastically larger than the other.
//!   doi:10.1214/aoms/1177730491
//! - Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo, section 6.2 (divergences show where).
//!   arXiv:1701.02434

use super::scalars::Scalars;
use crate::draws::{DrawsError, Group};

/// Size of z above which a difference is reported.
const SMALLEST_Z: f64 = 4.0;

/// Most quantities that are reported.
const MOST: usize = 3;

/// A quantity whose divergent draws lie lower or higher than the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    /// Name of the quantity.
    pub name: String,
    /// Probability that a divergent draw is below one that is not.
    pub is_below: f64,
    /// Median of the divergent draws.
    pub divergent_median: f64,
    /// Median of the other draws.
    pub other_median: f64,
}

/// The quantities among `names` that differ most between divergent draws and others, at most three, the clearest first.
///
/// Quantities with a NaN are passed over. There are none when fewer than six draws or all of them are divergent.
///
/// # Shapes
/// - `diverging`: `[chains, draws]` of the group
///
/// # Errors
/// When a variable is text or does not begin with the dimensions `chain` and `draw`.
///
/// # Panics
/// When there are not as many flags as draws.
pub fn divergence_concentrations(
    group: &Group,
    names: &[&str],
    diverging: &[bool],
) -> Result<Vec<Concentration>, DrawsError> {
    let draws = group.length("chain") * group.length("draw");
    assert_eq!(diverging.len(), draws, "a flag for each draw");
    let mut found = Vec::new();
    for scalars in Scalars::of(group)? {
        if !scalars.names.iter().any(|name| names.contains(&name.as_str())) {
            continue;
        }
        for (values, name) in scalars.gather().into_iter().zip(&scalars.names) {
            if names.contains(&name.as_str()) {
                found.extend(concentration(name, &values, diverging));
            }
        }
    }
    found.sort_by(|a, b| (b.is_below - 0.5).abs().total_cmp(&(a.is_below - 0.5).abs()));
    found.truncate(MOST);
    Ok(found)
}

fn concentration(name: &str, values: &[f64], diverging: &[bool]) -> Option<Concentration> {
    let of = |flag: bool| {
        let draws = values.iter().zip(diverging).filter(move |(_, diverging)| **diverging == flag);
        draws.map(|(value, _)| *value).collect::<Vec<f64>>()
    };
    let (mut divergent, mut others) = (of(true), of(false));
    if divergent.is_empty() || others.is_empty() || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    divergent.sort_unstable_by(f64::total_cmp);
    let below = |other: &f64| {
        let first = divergent.partition_point(|value| value < other);
        let ties = divergent[first..].partition_point(|value| value == other);
        first as f64 + ties as f64 / 2.0
    };
    let (few, many) = (divergent.len() as f64, others.len() as f64);
    let is_below = others.iter().map(below).sum::<f64>() / (few * many);
    let z = (is_below - 0.5) / ((few + many + 1.0) / (12.0 * few * many)).sqrt();
    (z.abs() > SMALLEST_Z).then(|| {
        let middle = others.len() / 2;
        let (_, other_median, _) = others.select_nth_unstable_by(middle, f64::total_cmp);
        Concentration {
            name: name.to_owned(),
            is_below,
            divergent_median: divergent[divergent.len() / 2],
            other_median: *other_median,
        }
    })
}
