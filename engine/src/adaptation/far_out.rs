//! Tell chains that hang far out from those that have arrived, by their log density.
//!
//! ```text
//! far:       5 + dim
//! far out:   log density < median - max(10 MAD, far)           median and MAD over chains
//! ```
//!
//! In equilibrium the log density of a normal has deviation `sqrt(dim / 2)`, so that next to no chain is. Ours.

/// Log density below which a chain is too far out to count.
///
/// # Shapes
/// - `log_densities`: `[chains]`
///
/// # Panics
/// When there are no chains.
pub(crate) fn least_log_density(mut log_densities: Vec<f64>, dim: usize) -> f64 {
    let middle = median(&mut log_densities);
    log_densities.iter_mut().for_each(|log_density| *log_density = (*log_density - middle).abs());
    middle - (10.0 * median(&mut log_densities)).max(far(dim))
}

/// By how much log densities do not differ by chance.
pub(crate) fn far(dim: usize) -> f64 {
    5.0 + dim as f64
}

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_far_below_the_others_do_not_count() {
        let mut log_densities = vec![-10.0, -11.0, -12.0, -9.0, -8.0, -1e6];
        let least = least_log_density(log_densities.clone(), 2);
        assert!((-30.0..-12.0).contains(&least), "{least}");
        log_densities.fill(-3.0);
        assert_eq!(least_log_density(log_densities, 2), -10.0);
    }
}
