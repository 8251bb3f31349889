//! Grow the trajectory of one draw leaf by leaf, and choose the draw from it.
//!
//! ```text
//! leaf:     p += e/2 L^T g;  q += e L p;  (log density, g) = target(q);  p += e/2 L^T g    p whitened, e signed
//! error:    H(leaf) - H(start),   H = p . p / 2 - log density;   weight of a leaf: exp(-error)
//! subtree:  takes its newest leaf with probability weight / (weight of the subtree with it)
//! doubling: takes the subtree's choice with probability min(1, weight of subtree / weight of tree)
//! stop:     a U-turn, a divergence (error not finite or above 1000), or the largest depth
//! ```
//!
//! The tree never calls the target. [`Tree::start`] and [`Tree::advance`] leave in the position row the place where
//! the next gradient is wanted, so that the scheduler can evaluate the rows of many chains at once.
//!
//! # Differences from the paper
//! Weights are kept as numbers relative to `exp(offset)`, not as logarithms: one exponential a leaf, used for the
//! weight and for the acceptance statistic. The offset starts at 0 and moves only when a leaf is better than the start
//! by more than 500, as happens in the first draws.
//!
//! # References
//! - Hoffman, Gelman (2014), The No-U-Turn sampler, algorithm 3. arXiv:1111.4246
//! - Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo, appendix A.3 (multinomial and biased
//!   progressive sampling). arXiv:1701.02434

use chainfire_kernels::trajectory;

use super::u_turn::{Span, Spans};
use crate::adaptation::Whitening;
use crate::mcmc::Transition;
use crate::mcmc::key::{DrawKey, Purpose};

/// Largest energy error of a leaf that is not a divergence.
pub(super) const MAX_ENERGY_ERROR: f64 = 1000.0;
/// Exponent above which weights are rescaled.
const MAX_EXPONENT: f64 = 500.0;
/// The step size of a draw differs from the tuned one by at most this part of it.
const STEP_JITTER: f64 = 0.1;
/// So many uniform numbers are made together; enough for most trajectories of 15 leaves.
const AHEAD: usize = 16;
const TWO_TO_52: f64 = 4_503_599_627_370_496.0;

/// A position with what is known about it, so that a trajectory can start there without a gradient.
///
/// # Shapes
/// - `position`, `gradient`: `[dim]`
pub(crate) struct Place {
    pub(crate) position: Vec<f64>,
    pub(crate) gradient: Vec<f64>,
    pub(crate) log_density: f64,
    energy: f64,
    index: i32,
}

impl Place {
    pub(crate) fn new(dim: usize) -> Self {
        Self {
            position: vec![0.0; dim],
            gradient: vec![0.0; dim],
            log_density: f64::NAN,
            energy: f64::NAN,
            index: 0,
        }
    }

    pub(crate) fn set(&mut self, position: &[f64], gradient: &[f64], log_density: f64) {
        self.position.copy_from_slice(position);
        self.gradient.copy_from_slice(gradient);
        self.log_density = log_density;
    }
}

/// The trajectory of one draw; its memory is used again for the next.
///
/// The moving end lives in the rows of the batch that [`Tree::start`] and [`Tree::advance`] are given.
pub(crate) struct Tree {
    key: DrawKey,
    max_depth: usize,
    /// Step size of this draw, and the tuned one that it is near.
    step_size: f64,
    tuned_step_size: f64,
    direction: f64,
    depth: usize,
    leaf: u32,
    steps: u32,
    /// Leaves that finished subtrees added before and after the start.
    extent: [i32; 2],
    start_energy: f64,
    max_energy_error: f64,
    acceptance: f64,
    symmetric_acceptance: f64,
    offset: f64,
    tree_weight: f64,
    subtree_weight: f64,
    /// Momentum of the moving end, and half a step after it.
    momentum: Vec<f64>,
    half_momentum: Vec<f64>,
    /// Where the end that does not move is.
    other_position: Vec<f64>,
    other_gradient: Vec<f64>,
    /// Memory of the whitening.
    work: Vec<f64>,
    /// Momenta of the tree: `first` at the end that does not move, `last` where the subtree grows from.
    span: Span,
    spans: Spans,
    /// What the tree has chosen; between draws, where the chain is.
    pub(crate) chosen: Place,
    candidate: Place,
    /// Bit `d` tells where doubling `d` goes.
    directions: u64,
    uniforms: [f64; AHEAD],
    uniforms_used: u32,
}

impl Tree {
    pub(crate) fn new(dim: usize, max_depth: usize) -> Self {
        let zeros = || vec![0.0; dim];
        Self {
            key: DrawKey::new(0, 0, 0),
            max_depth,
            step_size: 0.0,
            tuned_step_size: 0.0,
            direction: 1.0,
            depth: 0,
            leaf: 0,
            steps: 0,
            extent: [0; 2],
            start_energy: 0.0,
            max_energy_error: 0.0,
            acceptance: 0.0,
            symmetric_acceptance: 0.0,
            offset: 0.0,
            tree_weight: 1.0,
            subtree_weight: 0.0,
            momentum: zeros(),
            half_momentum: zeros(),
            other_position: zeros(),
            other_gradient: zeros(),
            work: zeros(),
            span: Span::new(dim),
            spans: Spans::new(dim, max_depth),
            chosen: Place::new(dim),
            candidate: Place::new(dim),
            directions: 0,
            uniforms: [0.0; AHEAD],
            uniforms_used: 0,
        }
    }

    /// Lets trajectories double at most so often, no more than [`Tree::new`] made room for.
    pub(crate) fn limit_depth(&mut self, max_depth: usize) {
        self.max_depth = max_depth.min(self.spans.max_depth());
    }

    /// Starts a draw at `chosen` with a new momentum and a step size near `step_size`; leaves the first leaf's position
    /// in `position`.
    ///
    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(crate) fn start(
        &mut self,
        key: DrawKey,
        step_size: f64,
        whitening: &Whitening,
        position: &mut [f64],
        gradient: &mut [f64],
    ) {
        self.key = key;
        key.of(Purpose::Momentum).fill_normal(&mut self.momentum);
        self.start_energy = 0.5 * trajectory::dot(&self.momentum, &self.momentum) - self.chosen.log_density;
        self.chosen.energy = self.start_energy;
        self.chosen.index = 0;
        self.uniforms_used = 0;
        self.tuned_step_size = step_size;
        self.directions = (self.uniform() * TWO_TO_52) as u64;
        self.step_size = step_size * (1.0 + STEP_JITTER * (2.0 * self.uniform() - 1.0));
        self.direction = 1.0;
        self.depth = 0;
        self.steps = 0;
        self.extent = [0; 2];
        self.max_energy_error = 0.0;
        self.acceptance = 0.0;
        self.symmetric_acceptance = 0.0;
        self.offset = 0.0;
        self.tree_weight = 1.0;
        for (row, other, chosen) in [
            (&mut *position, &mut self.other_position, &self.chosen.position),
            (&mut *gradient, &mut self.other_gradient, &self.chosen.gradient),
        ] {
            row.copy_from_slice(chosen);
            other.copy_from_slice(chosen);
        }
        self.span.first.copy_from_slice(&self.momentum);
        self.span.sum.copy_from_slice(&self.momentum);
        self.grow(whitening, position, gradient);
    }

    /// Takes in what the target said about `position`; returns the finished draw, or leaves the next position.
    ///
    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    #[inline(always)]
    pub(crate) fn advance(
        &mut self,
        log_density: f64,
        whitening: &Whitening,
        position: &mut [f64],
        gradient: &mut [f64],
    ) -> Option<Transition> {
        let step = self.direction * self.step_size;
        let (momentum, half) = (&mut self.momentum, &self.half_momentum);
        let square = whitening.kick_energy(momentum, half, gradient, step, &mut self.work);
        let energy = 0.5 * square - log_density;
        let error = energy - self.start_energy;
        self.steps += 1;
        if error.is_nan() || error.abs() > self.max_energy_error.abs() {
            self.max_energy_error = error;
        }
        if !(error.is_finite() && error <= MAX_ENERGY_ERROR) {
            return Some(self.finish(true, false));
        }
        self.weigh_leaf(error, energy, log_density, position, gradient);
        if self.spans.push(self.leaf, &self.momentum) {
            return Some(self.finish(false, false));
        }
        self.leaf += 1;
        if self.leaf < 1 << self.depth {
            self.drift(whitening, position, gradient);
            return None;
        }
        let turns = self.join_subtree();
        if turns || self.depth == self.max_depth {
            return Some(self.finish(false, !turns));
        }
        self.grow(whitening, position, gradient);
        None
    }

    /// Where the step that diverged began, and where it ended.
    ///
    /// # Shapes
    /// - `position` (where it ended), returned: `[dim]`
    pub(crate) fn ends_of_step(&self, whitening: &Whitening, position: &[f64]) -> [Vec<f64>; 2] {
        let step = self.direction * self.step_size;
        let mut start = vec![0.0; position.len()];
        whitening.velocity(&self.half_momentum, &mut start);
        start.iter_mut().zip(position).for_each(|(start, end)| *start = end - step * *start);
        [start, position.to_vec()]
    }

    /// Begins the subtree of the next doubling.
    fn grow(&mut self, whitening: &Whitening, position: &mut [f64], gradient: &mut [f64]) {
        let direction = if self.directions >> self.depth & 1 == 1 { 1.0 } else { -1.0 };
        if direction != self.direction {
            self.direction = direction;
            position.swap_with_slice(&mut self.other_position);
            gradient.swap_with_slice(&mut self.other_gradient);
            std::mem::swap(&mut self.momentum, &mut self.span.first);
        }
        self.span.last.copy_from_slice(&self.momentum);
        self.leaf = 0;
        self.subtree_weight = 0.0;
        self.drift(whitening, position, gradient);
    }

    /// Moves the moving end to the place of its next leaf.
    #[inline(always)]
    fn drift(&mut self, whitening: &Whitening, position: &mut [f64], gradient: &[f64]) {
        let step = self.direction * self.step_size;
        let (half, momentum) = (&mut self.half_momentum, &self.momentum);
        whitening.kick_drift(position, half, momentum, gradient, step, &mut self.work);
    }

    /// Adds the newest leaf to the subtree's weight, and makes it the subtree's choice or not.
    #[inline(always)]
    fn weigh_leaf(&mut self, error: f64, energy: f64, log_density: f64, position: &[f64], gradient: &[f64]) {
        let ratio = (-error).exp();
        self.acceptance += ratio.min(1.0);
        self.symmetric_acceptance += 2.0 * ratio.min(1.0) / (1.0 + ratio);
        if -error - self.offset > MAX_EXPONENT {
            let shrink = (self.offset + error).exp();
            self.tree_weight *= shrink;
            self.subtree_weight *= shrink;
            self.offset = -error;
        }
        let weight = if self.offset == 0.0 { ratio } else { (-error - self.offset).exp() };
        self.subtree_weight += weight;
        if self.leaf == 0 || self.uniform() * self.subtree_weight <= weight {
            self.candidate.set(position, gradient, log_density);
            self.candidate.energy = energy;
            let distance = self.extent[usize::from(self.direction > 0.0)] + self.leaf as i32 + 1;
            self.candidate.index = self.direction as i32 * distance;
        }
    }

    /// Joins the finished subtree onto the tree; tells whether the tree turns.
    fn join_subtree(&mut self) -> bool {
        if self.uniform() * self.tree_weight <= self.subtree_weight {
            std::mem::swap(&mut self.chosen, &mut self.candidate);
        }
        self.tree_weight += self.subtree_weight;
        self.extent[usize::from(self.direction > 0.0)] += self.leaf as i32;
        let turns = self.spans.join_onto(&mut self.span, self.depth, &self.momentum);
        self.depth += 1;
        turns
    }

    /// The next number in (0, 1] of this draw.
    fn uniform(&mut self) -> f64 {
        let lane = self.uniforms_used as usize % AHEAD;
        if lane == 0 {
            self.key.of(Purpose::Choice).fill_uniform(self.uniforms_used, &mut self.uniforms);
        }
        self.uniforms_used += 1;
        self.uniforms[lane]
    }

    fn finish(&self, diverging: bool, reached_max_treedepth: bool) -> Transition {
        let steps = f64::from(self.steps);
        Transition {
            acceptance_rate: self.acceptance / steps,
            symmetric_acceptance_rate: self.symmetric_acceptance / steps,
            diverging,
            energy: self.chosen.energy,
            energy_error: self.chosen.energy - self.start_energy,
            index_in_trajectory: self.chosen.index,
            log_density: self.chosen.log_density,
            max_energy_error: self.max_energy_error,
            n_steps: self.steps,
            reached_max_treedepth,
            step_size: self.step_size,
            step_size_bar: self.tuned_step_size,
            tree_depth: self.depth as u32,
        }
    }
}
