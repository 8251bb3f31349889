//! A distribution whose density is given at points, with straight lines between them.
//!
//! ```text
//! p(x) = (q[0] + sum over j of c[j] max(x - x[j], 0)) / Z      c[j] = slope[j] - slope[j-1]
//! ```
//!
//! # References
//! - PyMC 5.28, `Interpolated`.

use chainfire_engine::program::{Value, ValueError};

use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Density values at increasing points, both known from the data.
#[derive(Clone, Debug)]
pub struct Interpolated {
    points: Vec<f64>,
    density: Vec<f64>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Interpolated",
    aliases: &[],
    positional: &["x_points", "pdf_points"],
    keyword_only: &[],
    signature: "x_points, pdf_points",
    summary: "Density through given points",
    support: "between the first and the last point",
    parameters: &[("x_points", "places, in order"), ("pdf_points", "density at the places, up to a factor")],
    example: r#"pm.Interpolated("x", x_points=[0.0, 1.0, 3.0], pdf_points=[0.1, 0.8, 0.2])"#,
    build: |arguments: &Arguments| {
        let known = |name: &str| match arguments.require(name)?.as_data() {
            Some(numbers) => Ok(numbers.to_vec()),
            None => Err(arguments.error(format!("`{name}` must be known from the data"))),
        };
        let (points, density) = (known("x_points")?, known("pdf_points")?);
        let increases = points.windows(2).all(|pair| pair[0] < pair[1]);
        if points.len() < 2 || points.len() != density.len() || !increases || density.iter().any(|q| *q < 0.0)
        {
            return Err(arguments.error(
                "`x_points` must increase, and `pdf_points` must have a number from 0 on for each of them",
            ));
        }
        Ok(Box::new(Interpolated::new(points, density)))
    },
};

impl Interpolated {
    /// Density values, not negative and up to a constant, at increasing points.
    pub fn new(points: Vec<f64>, mut density: Vec<f64>) -> Self {
        let total: f64 = pieces(&points, &density).map(|piece| piece.mass()).sum();
        density.iter_mut().for_each(|q| *q /= total);
        Self { points, density }
    }
}

/// A line between two points.
struct Piece {
    ends: [f64; 2],
    density: [f64; 2],
}

impl Piece {
    fn mass(&self) -> f64 {
        (self.ends[1] - self.ends[0]) * (self.density[0] + self.density[1]) / 2.0
    }

    fn slope(&self) -> f64 {
        (self.density[1] - self.density[0]) / (self.ends[1] - self.ends[0])
    }
}

fn pieces<'a>(points: &'a [f64], density: &'a [f64]) -> impl Iterator<Item = Piece> + 'a {
    points
        .windows(2)
        .zip(density.windows(2))
        .map(|(x, q)| Piece { ends: [x[0], x[1]], density: [q[0], q[1]] })
}

impl Distribution for Interpolated {
    fn name(&self) -> &'static str {
        "Interpolated"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        Vec::new()
    }

    fn log_density(&self, x: &Value) -> Value {
        if let Some(numbers) = x.as_data() {
            let at = |x: f64| {
                let found =
                    pieces(&self.points, &self.density).find(|p| (p.ends[0]..=p.ends[1]).contains(&x));
                found.map_or(0.0, |p| p.density[0] + p.slope() * (x - p.ends[0])).ln()
            };
            return Value::data(numbers.iter().map(|&x| at(x)).collect::<Vec<_>>(), x.shape(), x.kind());
        }
        let slopes: Vec<f64> = pieces(&self.points, &self.density).map(|piece| piece.slope()).collect();
        let bends = slopes.iter().enumerate().map(|(j, s)| s - if j > 0 { slopes[j - 1] } else { 0.0 });
        let wide = x.reshape(&[x.shape(), &[1]].concat());
        let starts = Value::from(&self.points[..slopes.len()]);
        let ramps = (wide - starts).maximum(&Value::from(0.0)) * Value::from(bends.collect::<Vec<_>>());
        (ramps.sum_axis(x.rank()) + self.density[0]).log()
    }

    fn support(&self) -> Support {
        let end = |x: Option<&f64>| Value::from(x.copied().unwrap_or(f64::NAN));
        Support::Interval { lower: end(self.points.first()), upper: end(self.points.last()) }
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }

    fn support_point(&self) -> Value {
        let moments = pieces(&self.points, &self.density)
            .map(|p| (p.ends[1] - p.ends[0]) * (p.ends[0] * p.density[0] + p.ends[1] * p.density[1]) / 2.0);
        Value::from(moments.sum::<f64>())
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(Vec::new())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let all: Vec<Piece> = pieces(&self.points, &self.density).collect();
        let masses: Vec<f64> = all.iter().map(Piece::mass).collect();
        let count = shape.iter().product();
        let draw = |_: usize| {
            let piece = &all[stream.index(&masses)];
            // The root of q0 s + (q1 - q0) s^2 / 2 = u (q0 + q1) / 2 in [0, 1].
            let ([low, high], [first, last]) = (piece.ends, piece.density);
            let area = stream.uniform() * (first + last) / 2.0;
            let root = (first * first + 2.0 * (last - first) * area).max(0.0).sqrt();
            low + (high - low) * (2.0 * area / (first + root)).clamp(0.0, 1.0)
        };
        Ok((0..count).map(draw).collect())
    }
}
