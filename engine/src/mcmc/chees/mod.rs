//! ChEES-HMC: trajectories of one length for many chains, a length that is learned from all of them.
//!
//! ```text
//! draw n:  steps = ceil(h T / e), h = n-th number of the Halton sequence in base 2     the same for every chain
//!          p ~ N(0, I);  (q', p') = leapfrog^steps(q, p; e);  accept with min(1, exp(H - H'))
//! tuned:   T by gradient ascent on ChEES, e by dual averaging, metric by moments over chains and rounds
//! ```
//!
//! All chains take the same number of steps, so a batch never waits for one chain: a leapfrog step is one gradient of
//! the whole batch, and there is no tree whose ends must be compared. It takes a target that is about equally hard
//! everywhere; where chains need trajectories of different lengths, NUTS is the better sampler.
//!
//! - `step`: one draw of each chain.
//! - `adaptation`: length, step size and metric.
//!
//! # Differences from the paper
//! Positions are whitened by a diagonal Fisher metric that is pooled over chains, which the paper leaves out. The
//! Halton number has no jitter of its own. What chain `c` draws depends on the seed, `c` and the other chains, never
//! on threads.
//!
//! # References
//! - Hoffman, Radul, Sountsov (2021), An adaptive-MCMC scheme for setting trajectory lengths in Hamiltonian Monte
//!   Carlo. AISTATS, PMLR 130
//! - Neal (2011), MCMC using Hamiltonian dynamics, section 5.3 (why the number of steps varies). arXiv:1206.1901

mod adaptation;
mod step;

pub(crate) use adaptation::LengthAdaptation;
pub(crate) use step::{Group, Trajectory};
