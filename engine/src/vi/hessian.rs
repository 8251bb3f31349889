//! Take Hessians from central differences of gradients.
//!
//! ```text
//! H[:, i] = (g(x + h_i e_i) - g(x - h_i e_i)) / (2 h_i),   then (H + H')/2
//! ```
//!
//! With steps of a thousandth of a standard deviation the error is 2e-7 of the fourth derivative in those units.
//!
//! # References
//! - Nocedal, Wright (2006), Numerical optimization, section 8.1. doi:10.1007/978-0-387-40065-5

use faer::Mat;

/// A step, in standard deviations.
pub(super) const STEP: f64 = 1e-3;

/// The Hessian of the function whose gradients `gradients` writes for `[2 dim, dim]` positions.
///
/// # Shapes
/// - `point`, `steps`: `[dim]`
pub(super) fn hessian(
    point: &[f64],
    steps: &[f64],
    gradients: impl FnOnce(Vec<f64>) -> Vec<f64>,
) -> Mat<f64> {
    let dim = point.len();
    let ends = gradients(both_sides(point, steps));
    let slope = |i: usize, j: usize| {
        let (up, down) = (ends[2 * i * dim + j], ends[(2 * i + 1) * dim + j]);
        (up - down) / (2.0 * steps[i])
    };
    Mat::from_fn(dim, dim, |i, j| 0.5 * (slope(i, j) + slope(j, i)))
}

/// The point moved by each step forwards and backwards, `[2 dim, dim]`.
pub(super) fn both_sides(point: &[f64], steps: &[f64]) -> Vec<f64> {
    let mut positions = Vec::with_capacity(2 * point.len() * point.len());
    for (i, step) in steps.iter().enumerate() {
        for step in [*step, -step] {
            let begin = positions.len();
            positions.extend_from_slice(point);
            positions[begin + i] += step;
        }
    }
    positions
}
