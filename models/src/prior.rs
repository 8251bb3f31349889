//! Draw a model's variables from its prior.
//!
//! ```text
//! for each free variable, in order:  x ~ its distribution, given what was drawn before it;  y = transform(x)
//! ```
//!
//! Every variable of every draw has random numbers of its own, so that a draw depends on the seed and its number alone,
//! and a variable not on how many numbers those before it took. A draw that its transform cannot take, such as one that
//! is not in order or that was rounded to the edge of the support, is made again.

use chainfire_engine::program::Value;
use chainfire_kernels::random::Key;

use crate::distributions::Stream;
use crate::error::ModelError;
use crate::model::{Model, Site};
use crate::transform::Transform;

/// What these random numbers are for; the sampler has the purposes from 0 on.
const PURPOSE: u32 = 0x0070_7269;
/// How often a variable is drawn before its transform can take it.
const ATTEMPTS: usize = 1000;

/// Names the random numbers of one draw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PriorDraw {
    /// Seed of all draws.
    pub(crate) seed: u64,
    /// Number of the draw.
    pub(crate) draw: u32,
}

impl PriorDraw {
    /// The random numbers of the variable of number `index`.
    pub(crate) fn stream(self, index: usize) -> Stream {
        Stream::new(Key::new(self.seed, self.draw, index as u32, PURPOSE))
    }

    /// The unconstrained value, of shape `free`, of the variable of number `index`, whose shape is `shape`.
    pub(crate) fn of(
        self,
        index: usize,
        name: &str,
        site: &Site,
        transform: &Transform,
        shape: &[usize],
        free: &[usize],
    ) -> Result<Value, ModelError> {
        let mut stream = self.stream(index);
        for _ in 0..ATTEMPTS {
            let drawn = site.distribution().draw(shape, &mut stream);
            let drawn = drawn
                .map_err(|error| ModelError::NoPriorDraw { name: name.into(), reason: error.to_string() })?;
            let unconstrained = transform.unconstrain(&Value::at_point(drawn, shape));
            if let Some(error) = unconstrained.error() {
                return Err(ModelError::Value { name: name.into(), source: error.clone() });
            }
            if let Some(numbers) = unconstrained.as_numbers()
                && numbers.len() == free.iter().product::<usize>()
                && numbers.iter().all(|number| number.is_finite())
            {
                return Ok(Value::at_point(numbers.to_vec(), free));
            }
        }
        let seen = match transform.name() {
            "" => "finite".to_owned(),
            transform => format!("inside its transform `{transform}`"),
        };
        let reason = format!("none of {ATTEMPTS} draws of {} was {seen}", site.distribution().name());
        Err(ModelError::NoPriorDraw { name: name.into(), reason })
    }
}

impl Model {
    /// Draws of the free variables from the prior, unconstrained; observed variables are left out. Draw `k` depends on
    /// the seed and `k` alone.
    ///
    /// # Shapes
    /// - result: `[draws, dim]`
    ///
    /// # Errors
    /// A potential, or a variable whose distribution cannot be drawn from: its name.
    pub fn prior_positions(&self, draws: usize, seed: u64) -> Result<Vec<f64>, ModelError> {
        let mut positions = Vec::with_capacity(draws * self.dim());
        for draw in 0..draws {
            positions.extend(self.prior_position(PriorDraw { seed, draw: draw as u32 })?);
        }
        Ok(positions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;
    use crate::distributions::{Flat, Gamma, HalfNormal, Normal};

    fn hierarchy(scope: &mut Scope) -> Result<(), ModelError> {
        let mu = scope.sample("mu", Normal::new(1.0, 2.0))?;
        let tau = scope.sample("tau", HalfNormal::new(3.0))?;
        let x = scope.sample("x", Site::from(Normal::new(mu, tau)).shape([2]))?;
        scope.observe("y", Normal::new(x, 1.0), [1.0, 2.5])?;
        Ok(())
    }

    /// Mean and its standard error.
    fn mean(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        (mean, (variance / count).sqrt())
    }

    /// Against moments in closed form, within 4 standard errors.
    #[test]
    fn draws_of_a_hierarchy_have_the_moments_of_its_prior() {
        let positions = Model::new(hierarchy).unwrap().prior_positions(20_000, 3).unwrap();
        let rows = positions.chunks_exact(4);
        let of = |f: fn(&[f64]) -> f64| mean(rows.clone().map(f));
        let half_normal = 3.0 * (2.0 / std::f64::consts::PI).sqrt();
        for (what, (seen, error), expected) in [
            ("mu", of(|q| q[0]), 1.0),
            ("variance of mu", of(|q| (q[0] - 1.0).powi(2)), 4.0),
            ("tau", of(|q| q[1].exp()), half_normal),
            ("x", of(|q| q[2]), 1.0),
            // Of the total variance, 4 belongs to mu and 9 to the mean of tau^2.
            ("variance of x", of(|q| (q[3] - 1.0).powi(2)), 13.0),
            ("covariance of the elements of x", of(|q| (q[2] - 1.0) * (q[3] - 1.0)), 4.0),
        ] {
            assert!(
                (seen - expected).abs() < 4.0 * error,
                "{what}: {seen} instead of {expected}, error {error}"
            );
        }
    }

    #[test]
    fn a_draw_depends_on_the_seed_and_its_number_alone() {
        let model = Model::new(hierarchy).unwrap();
        let many = model.prior_positions(64, 9).unwrap();
        assert_eq!(many[..16], model.prior_positions(4, 9).unwrap());
        assert_ne!(many[..16], model.prior_positions(4, 10).unwrap());
        let mut all: Vec<u64> = many.iter().map(|x| x.to_bits()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 64 * 4, "no number is drawn twice");
    }

    #[test]
    fn draws_are_where_the_transform_has_values() {
        const ORDERED: [f64; 3] = [-1.0, 0.0, 1.0];
        let model = Model::new(|scope| {
            let cuts =
                Site::from(Normal::new(0.0, 1.0)).shape([3]).transform(Transform::ordered()).initial(ORDERED);
            scope.sample("cuts", cuts)?;
            // Half of these numbers are so small that their logarithm is that of the smallest number.
            scope.sample("small", Gamma::new(0.001, 1.0))?;
            Ok(())
        });
        let model = model.unwrap();
        let positions = model.prior_positions(200, 1).unwrap();
        assert!(positions.iter().all(|x| x.is_finite()));
        let draws = model.draw_layout().unwrap().draws(&positions, 200);
        assert!(draws.chunks_exact(4).all(|draw| draw[0] < draw[1] && draw[1] < draw[2]));
    }

    #[test]
    fn variables_without_a_prior_to_draw_from_are_named() {
        let flat = Model::new(|scope| scope.sample("level", Flat).map(drop)).unwrap();
        let potential = Model::new(|scope| {
            let mu = scope.sample("mu", Normal::new(0.0, 1.0))?;
            scope.potential("penalty", -mu.square())
        });
        for (model, name) in [(flat, "`level`"), (potential.unwrap(), "`penalty`")] {
            let error = model.prior_positions(4, 1).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("proper distribution"), "{error}");
        }
    }
}
