//! Move every chain of a thread by one trajectory of the same number of leapfrog steps.
//!
//! ```text
//! p ~ N(0, I);  steps times:  p += e/2 s g;  q += e s p;  g = gradient at q;  p += e/2 s g       s: square root of the metric
//! accept q with probability min(1, exp(H - H')),  H = p . p / 2 - log density
//! ```
//!
//! A trajectory is proposed and settled in two calls, so that the tuner sees both of its ends.
//!
//! # References
//! - Neal (2011), MCMC using Hamiltonian dynamics, "The two steps of the HMC algorithm". arXiv:1206.1901

use std::ops::Range;

use chainfire_kernels::trajectory::{dot, kick_drift, kick_energy};

use crate::density::{Evaluator, LogDensity};
use crate::mcmc::Transition;
use crate::mcmc::key::{DrawKey, Purpose};

/// Largest energy error that is not a divergence.
const MAX_ENERGY_ERROR: f64 = 1000.0;

/// How all chains move.
#[derive(Clone, Copy)]
pub(crate) struct Trajectory {
    pub(crate) step_size: f64,
    pub(crate) steps: usize,
    /// Share of the tuned length that this trajectory has.
    pub(crate) share: f64,
}

/// The chains of one thread.
pub(crate) struct Group<'a> {
    evaluator: Box<dyn Evaluator + 'a>,
    seed: u64,
    chains: Range<usize>,
    dim: usize,
    here: Rows,
    there: Rows,
    /// Whitened momenta where the trajectories are, and half a step before, `[chains, dim]`.
    momentum: Vec<f64>,
    half_momentum: Vec<f64>,
    start_energy: Vec<f64>,
    end_energy: Vec<f64>,
}

/// Positions, gradients and log densities of the chains of a group.
#[derive(Clone)]
struct Rows {
    position: Vec<f64>,
    gradient: Vec<f64>,
    log_density: Vec<f64>,
}

/// Where a chain is.
pub(crate) struct Place<'a> {
    pub(crate) chain: usize,
    pub(crate) position: &'a [f64],
    pub(crate) gradient: &'a [f64],
    pub(crate) log_density: f64,
}

/// A trajectory of a chain that is not settled yet.
pub(crate) struct Proposal<'a> {
    pub(crate) start: &'a [f64],
    pub(crate) end: &'a [f64],
    /// The whitened momentum at the end.
    pub(crate) momentum: &'a [f64],
    pub(crate) acceptance: f64,
}

impl<'a> Group<'a> {
    /// Makes the group of these chains of a run, not placed yet.
    pub(crate) fn new(target: &'a dyn LogDensity, seed: u64, chains: Range<usize>) -> Self {
        let (dim, count) = (target.dim(), chains.len());
        let vectors = vec![0.0; count * dim];
        let rows =
            Rows { position: vectors.clone(), gradient: vectors.clone(), log_density: vec![f64::NAN; count] };
        Self {
            evaluator: target.evaluator(),
            seed,
            chains,
            dim,
            there: rows.clone(),
            here: rows,
            momentum: vectors.clone(),
            half_momentum: vectors,
            start_energy: vec![0.0; count],
            end_energy: vec![0.0; count],
        }
    }

    /// Number of chains.
    pub(crate) fn chains(&self) -> usize {
        self.chains.len()
    }

    /// Puts every chain at a position, and evaluates there.
    pub(crate) fn place<'p>(&mut self, position_of: impl Fn(usize) -> &'p [f64]) {
        let Rows { position, gradient, log_density } = &mut self.here;
        for (position, chain) in position.chunks_exact_mut(self.dim).zip(self.chains.clone()) {
            position.copy_from_slice(position_of(chain));
        }
        self.evaluator.evaluate(position, log_density, gradient);
    }

    /// Where the chains are.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let Rows { position, gradient, log_density } = &self.here;
        let rows = position.chunks_exact(self.dim).zip(gradient.chunks_exact(self.dim)).zip(log_density);
        rows.zip(self.chains.clone()).map(|(((position, gradient), log_density), chain)| Place {
            chain,
            position,
            gradient,
            log_density: *log_density,
        })
    }

    /// Runs the trajectories of a draw from where the chains are.
    ///
    /// # Shapes
    /// - `scale` (square root of the metric): `[dim]`
    pub(crate) fn propose(&mut self, draw: usize, purpose: Purpose, trajectory: Trajectory, scale: &[f64]) {
        let (dim, step_size) = (self.dim, trajectory.step_size);
        let kinetic =
            self.momentum.chunks_exact_mut(dim).zip(self.chains.clone()).map(|(momentum, chain)| {
                DrawKey::new(self.seed, chain as u32, draw as u32).of(purpose).fill_normal(momentum);
                0.5 * dot(momentum, momentum)
            });
        for ((energy, kinetic), log_density) in
            self.start_energy.iter_mut().zip(kinetic).zip(&self.here.log_density)
        {
            *energy = kinetic - log_density;
        }
        self.there.clone_from(&self.here);
        let Rows { position, gradient, log_density } = &mut self.there;
        for _ in 0..trajectory.steps {
            let rows = position.chunks_exact_mut(dim).zip(gradient.chunks_exact(dim));
            let momenta = self.momentum.chunks_exact(dim).zip(self.half_momentum.chunks_exact_mut(dim));
            for ((position, gradient), (momentum, half)) in rows.zip(momenta) {
                kick_drift(position, half, momentum, gradient, scale, step_size);
            }
            self.evaluator.evaluate(position, log_density, gradient);
            let rows = self.momentum.chunks_exact_mut(dim).zip(self.half_momentum.chunks_exact(dim));
            let ends = gradient.chunks_exact(dim).zip(&mut self.end_energy).zip(&*log_density);
            for ((momentum, half), ((gradient, energy), log_density)) in rows.zip(ends) {
                *energy = 0.5 * kick_energy(momentum, half, gradient, scale, step_size) - log_density;
            }
        }
    }

    /// The trajectories that are not settled yet.
    pub(crate) fn proposals(&self) -> impl Iterator<Item = Proposal<'_>> {
        let ends = self.here.position.chunks_exact(self.dim).zip(self.there.position.chunks_exact(self.dim));
        ends.zip(self.momentum.chunks_exact(self.dim)).enumerate().map(|(row, ((start, end), momentum))| {
            Proposal { start, end, momentum, acceptance: self.acceptance(row) }
        })
    }

    /// Start and end of those trajectories that diverged and are not settled yet, for each chain.
    pub(crate) fn divergent_ends(&self) -> Vec<Option<[Vec<f64>; 2]>> {
        let ends = |(row, proposal): (usize, Proposal<'_>)| {
            self.diverges(row).then(|| [proposal.start, proposal.end].map(<[f64]>::to_vec))
        };
        self.proposals().enumerate().map(ends).collect()
    }

    /// Moves the chains whose trajectories are accepted.
    pub(crate) fn settle(&mut self, draw: usize, trajectory: Trajectory) -> Vec<Transition> {
        let (dim, chains) = (self.dim, self.chains.clone());
        let settle = |(row, chain): (usize, usize)| {
            let (acceptance, error) = (self.acceptance(row), self.energy_error(row));
            let key = DrawKey::new(self.seed, chain as u32, draw as u32).of(Purpose::Choice);
            // Uniform numbers are above 0.
            let accepts = key.uniform(0) <= acceptance;
            if accepts {
                let place = row * dim..(row + 1) * dim;
                self.here.position[place.clone()].copy_from_slice(&self.there.position[place.clone()]);
                self.here.gradient[place.clone()].copy_from_slice(&self.there.gradient[place]);
                self.here.log_density[row] = self.there.log_density[row];
            }
            let ratio = (-error).exp();
            Transition {
                acceptance_rate: acceptance,
                symmetric_acceptance_rate: if acceptance > 0.0 {
                    2.0 * acceptance / (1.0 + ratio)
                } else {
                    0.0
                },
                diverging: self.diverges(row),
                energy: if accepts { self.end_energy[row] } else { self.start_energy[row] },
                energy_error: if accepts { error } else { 0.0 },
                index_in_trajectory: if accepts { trajectory.steps as i32 } else { 0 },
                log_density: self.here.log_density[row],
                max_energy_error: error,
                n_steps: trajectory.steps as u32,
                reached_max_treedepth: false,
                step_size: trajectory.step_size,
                step_size_bar: trajectory.step_size,
                tree_depth: 0,
            }
        };
        chains.enumerate().map(settle).collect()
    }

    fn energy_error(&self, row: usize) -> f64 {
        self.end_energy[row] - self.start_energy[row]
    }

    fn diverges(&self, row: usize) -> bool {
        let error = self.energy_error(row);
        !error.is_finite() || error > MAX_ENERGY_ERROR
    }

    fn acceptance(&self, row: usize) -> f64 {
        let error = self.energy_error(row);
        if error.is_finite() { (-error).exp().min(1.0) } else { 0.0 }
    }
}
