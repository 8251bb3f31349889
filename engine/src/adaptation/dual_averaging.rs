//! Tune the step size towards a wanted acceptance by dual averaging.
//!
//! ```text
//! h   <- (1 - 1/(t + 10)) h + (target - a) / (t + 10)        a: mean acceptance of the draw's leaves
//! log e  = log(10 e0) - h sqrt(t) / 0.05
//! log e_bar <- (1 - t^-0.75) log e_bar + t^-0.75 log e       e while tuning, e_bar afterwards
//! ```
//!
//! # Differences from the paper
//! The step size stays below pi: in whitened coordinates, half the period of the fastest oscillation
//! of a perfectly scaled normal target.
//!
//! # References
//! - Hoffman, Gelman (2014), The No-U-Turn sampler, section 3.2, equations 6 and 7. arXiv:1111.4246
//! - Nesterov (2009), Primal-dual subgradient methods for convex problems. doi:10.1007/s10107-007-0149-x

use serde::{Deserialize, Serialize};

/// Largest step size.
const MAX_STEP_SIZE: f64 = std::f64::consts::PI;
const SHRINKAGE: f64 = 0.05;
const STABILISATION: f64 = 10.0;
const DECAY: f64 = 0.75;

/// The state of dual averaging.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DualAveraging {
    target_accept: f64,
    log_centre: f64,
    log_step: f64,
    log_average: f64,
    mean_shortfall: f64,
    updates: f64,
}

impl DualAveraging {
    /// Starts at `step_size`, as found by trying.
    pub(crate) fn new(target_accept: f64, step_size: f64) -> Self {
        Self {
            target_accept,
            log_centre: (10.0 * step_size).ln(),
            log_step: step_size.ln(),
            log_average: step_size.ln(),
            mean_shortfall: 0.0,
            updates: 0.0,
        }
    }

    /// Starts at a step size that is near already: later ones stay around it, where [`DualAveraging::new`] tries larger
    /// ones first.
    pub(crate) fn around(target_accept: f64, step_size: f64) -> Self {
        Self { log_centre: step_size.ln(), ..Self::new(target_accept, step_size) }
    }

    /// Takes in the acceptance of one draw.
    pub(crate) fn update(&mut self, acceptance: f64) {
        self.updates += 1.0;
        let weight = 1.0 / (self.updates + STABILISATION);
        self.mean_shortfall += weight * (self.target_accept - acceptance - self.mean_shortfall);
        let log_step = self.log_centre - self.mean_shortfall * self.updates.sqrt() / SHRINKAGE;
        self.log_step = log_step.min(MAX_STEP_SIZE.ln());
        self.log_average += self.updates.powf(-DECAY) * (self.log_step - self.log_average);
    }

    /// The step size to try next while tuning.
    pub(crate) fn step_size(&self) -> f64 {
        self.log_step.exp()
    }

    /// The step size to keep after tuning.
    pub(crate) fn average_step_size(&self) -> f64 {
        self.log_average.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_updates_follow_the_equations_of_the_paper() {
        let mut tuned = DualAveraging::new(0.8, 0.05);
        let (mut shortfall, mut log_average) = (0.0, 0.05f64.ln());
        for (t, acceptance) in [(1.0f64, 0.9), (2.0, 0.2), (3.0, 0.7)] {
            tuned.update(acceptance);
            let eta = 1.0 / (t + 10.0);
            shortfall = (1.0 - eta) * shortfall + eta * (0.8 - acceptance);
            let log_step = 0.5f64.ln() - t.sqrt() / 0.05 * shortfall;
            let weight = t.powf(-0.75);
            log_average = weight * log_step + (1.0 - weight) * log_average;
            assert!((tuned.step_size().ln() - log_step).abs() < 1e-12);
            assert!((tuned.average_step_size().ln() - log_average).abs() < 1e-12);
        }
    }

    #[test]
    fn the_average_settles_where_acceptance_meets_the_target() {
        let mut tuned = DualAveraging::new(0.8, 1.0);
        for _ in 0..2000 {
            tuned.update((-tuned.step_size()).exp());
        }
        assert!((tuned.average_step_size() + 0.8f64.ln()).abs() < 0.01);
    }
}
