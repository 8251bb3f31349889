//! Densities whose moments or difficulties are known.

use chainfire_kernels::tape::{Binary, Tape, TapeBuilder, Unary};

/// A normal of four dimensions with means, scales and correlations.
pub struct CorrelatedNormal {
    pub mean: [f64; 4],
    pub covariance: [[f64; 4]; 4],
    precision: [[f64; 4]; 4],
}

impl CorrelatedNormal {
    /// The covariance is that of a walk with steps of given scales, so that the precision is known.
    pub fn new() -> Self {
        let steps = [1.0, 0.5, 1.5, 0.7f64];
        let least = |i: usize, j: usize| steps[..=i.min(j)].iter().map(|step| step * step).sum();
        let covariance = std::array::from_fn(|i| std::array::from_fn(|j| least(i, j)));
        let mut precision = [[0.0; 4]; 4];
        for (i, step) in steps.iter().enumerate() {
            let weight = step.powi(-2);
            precision[i][i] += weight;
            if i > 0 {
                precision[i - 1][i - 1] += weight;
                precision[i][i - 1] -= weight;
                precision[i - 1][i] -= weight;
            }
        }
        Self { mean: [3.0, -1.0, 0.0, 10.0], covariance, precision }
    }

    pub fn tape(&self) -> Tape {
        let mut b = TapeBuilder::new(4);
        let centred = self.mean.iter().enumerate().map(|(i, &mean)| {
            let (x, mean) = (b.input(i, 1), b.constant([mean]));
            b.binary(Binary::Sub, x, mean)
        });
        let centred: Vec<_> = centred.collect();
        let mut log_density = b.constant([0.0]);
        for (i, row) in self.precision.iter().enumerate() {
            let mut gradient = b.constant([0.0]);
            for (&centred, &precision) in centred.iter().zip(row) {
                let precision = b.constant([-precision]);
                let term = b.binary(Binary::Mul, centred, precision);
                gradient = b.binary(Binary::Add, gradient, term);
            }
            b.output(1 + i, gradient);
            let half = b.constant([0.5]);
            let term = b.binary(Binary::Mul, centred[i], gradient);
            let term = b.binary(Binary::Mul, term, half);
            log_density = b.binary(Binary::Add, log_density, term);
        }
        b.output(0, log_density);
        b.finish(5)
    }
}

pub fn standard_normal(dim: usize) -> Tape {
    let mut b = TapeBuilder::new(dim);
    let x = b.input(0, dim);
    let minus_half = b.constant([-0.5]);
    let square = b.dot(x, x);
    let log_density = b.binary(Binary::Mul, square, minus_half);
    let gradient = b.unary(Unary::Neg, x);
    b.output(0, log_density);
    b.output(1, gradient);
    b.finish(dim + 1)
}

/// Neal's funnel: `v ~ N(0, 3)`, `x_i ~ N(0, exp(v / 2))`.
pub fn funnel(dim: usize) -> Tape {
    let count = dim - 1;
    let mut b = TapeBuilder::new(dim);
    let (v, x) = (b.input(0, 1), b.input(1, count));
    let minus = b.unary(Unary::Neg, v);
    let precision = b.unary(Unary::Exp, minus);
    let squares = b.dot(x, x);
    let quadratic = b.binary(Binary::Mul, squares, precision);
    let (minus_half, minus_ninth) = (b.constant([-0.5]), b.constant([-1.0 / 9.0]));
    let scaled = b.binary(Binary::Mul, v, minus_ninth);
    let of_v = b.binary(Binary::Mul, scaled, v);
    let of_count = b.constant([count as f64]);
    let normaliser = b.binary(Binary::Mul, v, of_count);
    let sum = b.binary(Binary::Add, of_v, quadratic);
    let sum = b.binary(Binary::Add, sum, normaliser);
    let log_density = b.binary(Binary::Mul, sum, minus_half);
    b.output(0, log_density);
    // The derivative is -v / 9 - count / 2 + x . x exp(-v) / 2.
    let minus_half_count = b.constant([-0.5 * count as f64]);
    let half = b.constant([0.5]);
    let of_v = b.binary(Binary::Add, scaled, minus_half_count);
    let half_quadratic = b.binary(Binary::Mul, quadratic, half);
    let of_v = b.binary(Binary::Add, of_v, half_quadratic);
    b.output(1, of_v);
    let pull = b.binary(Binary::Mul, x, precision);
    let of_x = b.unary(Unary::Neg, pull);
    b.output(2, of_x);
    b.finish(dim + 1)
}
