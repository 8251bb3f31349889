//! Find a step size to start from: double or halve it until one leapfrog step crosses the wanted acceptance.
//!
//! ```text
//! a(e) = min(1, exp(H(q, p) - H(leapfrog(q, p; e))))
//! e <- 2 e while a(e) > target,   or   e <- e / 2 while a(e) < target;   the first e across the target is the answer
//! ```
//!
//! # Differences from the paper
//! One momentum serves all tries, and the target is the one of dual averaging instead of 1/2.
//!
//! # References
//! - Hoffman, Gelman (2014), The No-U-Turn sampler, algorithm 4. arXiv:1111.4246

use chainfire_kernels::trajectory;

use super::tree::Place;
use crate::adaptation::Whitening;
use crate::mcmc::key::{DrawKey, Purpose};

/// Step size that a search starts from.
const FIRST_STEP_SIZE: f64 = 0.1;

/// The search ends at these step sizes whatever the acceptance.
const LIMITS: [f64; 2] = [1e-10, 1e5];

/// A search under way.
pub(crate) struct StepSearch {
    target_accept: f64,
    step_size: f64,
    /// Known from the second try on.
    grows: Option<bool>,
    start_energy: f64,
    momentum: Vec<f64>,
    half_momentum: Vec<f64>,
    /// Momentum at the end of a try.
    end_momentum: Vec<f64>,
    /// Memory of the whitening.
    work: Vec<f64>,
}

impl StepSearch {
    pub(crate) fn new(dim: usize, target_accept: f64) -> Self {
        Self {
            target_accept,
            step_size: 0.0,
            grows: None,
            start_energy: 0.0,
            momentum: vec![0.0; dim],
            half_momentum: vec![0.0; dim],
            end_momentum: vec![0.0; dim],
            work: vec![0.0; dim],
        }
    }

    /// Starts at `place`; leaves in `position` where the gradient is wanted.
    ///
    /// # Shapes
    /// - `position`: `[dim]`
    pub(crate) fn start(&mut self, key: DrawKey, place: &Place, whitening: &Whitening, position: &mut [f64]) {
        key.of(Purpose::StepSearch).fill_normal(&mut self.momentum);
        self.start_energy = 0.5 * trajectory::dot(&self.momentum, &self.momentum) - place.log_density;
        self.step_size = FIRST_STEP_SIZE;
        self.grows = None;
        self.try_step(place, whitening, position);
    }

    /// Takes in what the target said about `position`; returns the step size, or leaves the next position.
    ///
    /// # Shapes
    /// - `gradient`, `position`: `[dim]`
    pub(crate) fn advance(
        &mut self,
        log_density: f64,
        gradient: &[f64],
        place: &Place,
        whitening: &Whitening,
        position: &mut [f64],
    ) -> Option<f64> {
        let (end, half) = (&mut self.end_momentum, &self.half_momentum);
        let square = whitening.kick_energy(end, half, gradient, self.step_size, &mut self.work);
        let error = 0.5 * square - log_density - self.start_energy;
        let accepts = error.is_finite() && (-error).exp().min(1.0) > self.target_accept;
        let [least, most] = LIMITS;
        let grows = match self.grows {
            None => *self.grows.insert(accepts),
            Some(grows) if accepts != grows || self.step_size < least || self.step_size > most => {
                return Some(self.step_size);
            }
            Some(grows) => grows,
        };
        self.step_size *= if grows { 2.0 } else { 0.5 };
        self.try_step(place, whitening, position);
        None
    }

    fn try_step(&mut self, place: &Place, whitening: &Whitening, position: &mut [f64]) {
        position.copy_from_slice(&place.position);
        let gradient = &place.gradient;
        let (half, momentum) = (&mut self.half_momentum, &self.momentum);
        whitening.kick_drift(position, half, momentum, gradient, self.step_size, &mut self.work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches one deviation from the mode of a normal; returns the step size and the tries.
    fn search(deviation: f64, target_accept: f64, chain: u32) -> (f64, usize) {
        let density = |q: &[f64]| -0.5 * q.iter().map(|q| (q / deviation).powi(2)).sum::<f64>();
        let gradient = |q: &[f64]| q.iter().map(|q| -q / (deviation * deviation)).collect::<Vec<f64>>();
        let mut place = Place::new(5);
        let start = [deviation; 5];
        place.set(&start, &gradient(&start), density(&start));
        let mut search = StepSearch::new(5, target_accept);
        let mut position = [0.0; 5];
        search.start(DrawKey::new(1, chain, 0), &place, &Whitening::unit(5), &mut position);
        for tries in 1..100 {
            let (log_density, gradient) = (density(&position), gradient(&position));
            if let Some(found) =
                search.advance(log_density, &gradient, &place, &Whitening::unit(5), &mut position)
            {
                return (found, tries);
            }
        }
        panic!("no step size in 100 tries");
    }

    #[test]
    fn the_step_size_scales_with_the_target() {
        for chain in 0..20 {
            for deviation in [1e-3, 1.0, 1e3] {
                let (found, _) = search(deviation, 0.8, chain);
                let ratio = found / deviation;
                assert!((0.05..10.0).contains(&ratio), "{found} for deviation {deviation}");
                let doublings = (found / 0.1).log2();
                assert!((doublings - doublings.round()).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_search_ends_where_no_step_is_accepted() {
        let mut place = Place::new(1);
        place.set(&[0.0], &[0.0], 0.0);
        let mut search = StepSearch::new(1, 0.8);
        let mut position = [0.0];
        search.start(DrawKey::new(1, 0, 0), &place, &Whitening::unit(1), &mut position);
        let found = (0..100)
            .find_map(|_| search.advance(f64::NAN, &[f64::NAN], &place, &Whitening::unit(1), &mut position));
        assert!(found.is_some_and(|found| found > 0.0 && found < 1e-9));
    }
}
