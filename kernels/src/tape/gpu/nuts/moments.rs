//! Means and spreads over chains, one cube a dimension.
//!
//! ```text
//! mean = pivot + sum(x - pivot) / n,   squares = sum((x - mean)^2)        pivot: the first chain's
//! ```

use cubecl::prelude::*;

use super::super::kernel::{Seat, element};
use super::super::math::is_finite;
use super::job::Job;
use super::machine::{ROWS, Row};

/// Units of the cube of a dimension.
pub(super) const UNITS: usize = 64;
/// Numbers of a dimension: chains, and mean and squares of positions and gradients.
pub(super) const NUMBERS: usize = 5;

/// Moments over chains of where they are.
///
/// # Shapes
/// - vectors: `[dim]`
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceMoments {
    /// Chains that count.
    pub chains: usize,
    /// Means of the positions.
    pub position_mean: Vec<f64>,
    /// Sums of squares of the positions less their means.
    pub position_squares: Vec<f64>,
    /// Means of the gradients.
    pub gradient_mean: Vec<f64>,
    /// Sums of squares of the gradients less their means.
    pub gradient_squares: Vec<f64>,
}

impl DeviceMoments {
    pub(super) fn new(numbers: &[f32]) -> Self {
        let row = |i: usize| numbers.iter().skip(i).step_by(NUMBERS).map(|&x| f64::from(x)).collect();
        Self {
            chains: numbers.first().map_or(0, |&count| count as usize),
            position_mean: row(1),
            position_squares: row(2),
            gradient_mean: row(3),
            gradient_squares: row(4),
        }
    }
}

/// Sums of three numbers over the units of a cube.
#[derive(CubeType, Clone, Copy)]
struct Sums {
    a: f32,
    b: f32,
    c: f32,
}

#[cube]
fn over_units(a: f32, b: f32, c: f32, shared: &mut [f32]) -> Sums {
    let unit = UNIT_POS as usize;
    shared[unit] = a;
    shared[unit + UNITS] = b;
    shared[unit + 2 * UNITS] = c;
    sync_cube();
    let mut width = comptime!(UNITS / 2).runtime();
    while width > 0 {
        if unit < width {
            shared[unit] += shared[unit + width];
            shared[unit + UNITS] += shared[unit + width + UNITS];
            shared[unit + 2 * UNITS] += shared[unit + width + 2 * UNITS];
        }
        sync_cube();
        width /= 2;
    }
    let sums = Sums { a: shared[0], b: shared[UNITS], c: shared[2 * UNITS] };
    sync_cube();
    sums
}

/// Whether a chain counts, and which place is its.
#[cube]
fn counts(machines: &[u32], seat: &Seat, least: f32, #[comptime] units: usize) -> bool {
    let row = comptime!(Row::chosen_density as usize);
    let density = f32::reinterpret(machines[element(row, seat, ROWS, units)]);
    is_finite(density) && density >= least
}

#[cube]
fn chosen_vector(machines: &[u32], seat: &Seat, #[comptime] units: usize) -> usize {
    2usize * machines[element(comptime!(Row::chosen as usize), seat, ROWS, units)] as usize
}

#[cube(launch)]
pub(super) fn moments(
    places: &[f32],
    machines: &[u32],
    moments: &mut [f32],
    chains: u32,
    least: f32,
    zero: u32,
    #[comptime] job: Job,
) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(3 * UNITS));
    let dim = comptime!(job.dim);
    let units = comptime!(job.team.units);
    let rows = comptime!(job.place_rows());
    let d = CUBE_POS;
    let chains = chains as usize;
    if d < dim + zero as usize {
        let first = Seat { chain: zero as usize, chains, unit: zero as usize, zero };
        let vector = chosen_vector(machines, &first, units);
        let q = places[element(vector * dim + d, &first, rows, units)];
        let g = places[element((vector + 1) * dim + d, &first, rows, units)];
        let q_pivot = select(is_finite(q), q, 0.0f32);
        let g_pivot = select(is_finite(g), g, 0.0f32);
        let mut count = 0.0f32;
        let mut q_sum = 0.0f32;
        let mut g_sum = 0.0f32;
        let mut chain = UNIT_POS as usize;
        while chain < chains {
            let seat = Seat { chain, chains, unit: zero as usize, zero };
            if counts(machines, &seat, least, units) {
                let vector = chosen_vector(machines, &seat, units);
                count += 1.0f32;
                q_sum += places[element(vector * dim + d, &seat, rows, units)] - q_pivot;
                g_sum += places[element((vector + 1) * dim + d, &seat, rows, units)] - g_pivot;
            }
            chain += UNITS;
        }
        let sums = over_units(count, q_sum, g_sum, &mut shared);
        let q_mean = q_pivot + sums.b / sums.a;
        let g_mean = g_pivot + sums.c / sums.a;
        let mut q_squares = 0.0f32;
        let mut g_squares = 0.0f32;
        let mut chain = UNIT_POS as usize;
        while chain < chains {
            let seat = Seat { chain, chains, unit: zero as usize, zero };
            if counts(machines, &seat, least, units) {
                let vector = chosen_vector(machines, &seat, units);
                let q = places[element(vector * dim + d, &seat, rows, units)] - q_mean;
                let g = places[element((vector + 1) * dim + d, &seat, rows, units)] - g_mean;
                q_squares += q * q;
                g_squares += g * g;
            }
            chain += UNITS;
        }
        let squares = over_units(0.0f32, q_squares, g_squares, &mut shared);
        if UNIT_POS == 0 {
            moments[d * NUMBERS] = sums.a;
            moments[d * NUMBERS + 1] = q_mean;
            moments[d * NUMBERS + 2] = squares.b;
            moments[d * NUMBERS + 3] = g_mean;
            moments[d * NUMBERS + 4] = squares.c;
        }
    }
}
