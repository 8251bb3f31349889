//! Say what one draw did, wherever it was made.

use serde::{Deserialize, Serialize};

/// What one draw did; the fields are those of PyMC's sample statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// Mean of `min(1, exp(-energy error))` over the leaves of the trajectory.
    pub acceptance_rate: f64,
    /// Mean of `2 min(1, ratio) / (1 + ratio)` over the leaves, `ratio = exp(-energy error)`.
    pub symmetric_acceptance_rate: f64,
    /// Whether the trajectory ended in a divergence.
    pub diverging: bool,
    /// Energy of the draw: kinetic energy minus log density.
    pub energy: f64,
    /// Energy of the draw minus that of the trajectory's start.
    pub energy_error: f64,
    /// Leaves from the trajectory's start to the draw, negative backwards in time; 0 when the chain stayed.
    pub index_in_trajectory: i32,
    /// Log density of the draw.
    pub log_density: f64,
    /// The energy error of the trajectory that is largest in size.
    pub max_energy_error: f64,
    /// Gradients of the trajectory; 0 where no draw has been made.
    pub n_steps: u32,
    /// Whether the trajectory stopped because of its depth.
    pub reached_max_treedepth: bool,
    /// Step size of the trajectory.
    pub step_size: f64,
    /// Step size that tuning had settled on so far; after warm-up, for good.
    pub step_size_bar: f64,
    /// Finished doublings of the trajectory.
    pub tree_depth: u32,
}
