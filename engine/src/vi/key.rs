//! Name the random numbers of a fit: one stream for each purpose, iteration and row of a batch.

use chainfire_kernels::random::Key;

/// What random numbers are for. Samplers have the numbers below 64.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Noise of the objective.
    Noise = 64,
    /// Noise of the draws that are returned.
    Draws,
    /// Where a path or a particle starts; the iteration is the number of the attempt.
    Start,
    /// Which draws are chosen.
    Choice,
    /// Rows of data of a batch.
    Rows,
}

/// Names the stream of one row of one iteration.
pub(super) fn key(seed: u64, purpose: Purpose, iteration: usize, row: usize) -> Key {
    Key::new(seed, row as u32, iteration as u32, purpose as u32)
}

/// Standard normal numbers, `[count, dim]`.
pub(super) fn noise(seed: u64, purpose: Purpose, iteration: usize, count: usize, dim: usize) -> Vec<f64> {
    let mut numbers = vec![0.0; count * dim];
    for (row, numbers) in numbers.chunks_exact_mut(dim).enumerate() {
        key(seed, purpose, iteration, row).fill_normal(numbers);
    }
    numbers
}

/// Standard normal numbers in pairs of opposite signs, `[count, dim]`: odd moments are exactly zero.
pub(super) fn antithetic_noise(
    seed: u64,
    purpose: Purpose,
    iteration: usize,
    count: usize,
    dim: usize,
) -> Vec<f64> {
    let mut numbers = noise(seed, purpose, iteration, count / 2, dim);
    numbers.extend_from_within(..);
    numbers[count / 2 * dim..].iter_mut().for_each(|number| *number = -*number);
    numbers
}
