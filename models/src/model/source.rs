//! Sources: where the free variables of a scope get their values from.

use std::collections::HashMap;

use burn_tensor::Tensor;
use chainfire_engine::program::{Value, value::shape};

use super::scope::{Scope, checked};
use super::site::Site;
use crate::distributions::{Stream, Support};
use crate::error::ModelError;
use crate::prior::PriorDraw;
use crate::transform::Transform;

/// The draw from the prior that a variable starts at which starts at one.
const START: PriorDraw = PriorDraw { seed: 0, draw: 0 };

/// Where free variables get their values from.
pub(crate) enum Source {
    /// Given numbers under the name of the variable (constrained) or of its value variable (unconstrained); the
    /// starting point for the others.
    Point(HashMap<String, Vec<f64>>),
    /// The unconstrained position, `[dim]`, being captured.
    Capture(Box<Tensor<1>>),
    /// The unconstrained position as numbers, `[dim]`; zeros where the model has more.
    Position(Vec<f64>),
    /// A draw from the prior; log densities are left out.
    Prior(PriorDraw),
    /// A place that a check looks at: a draw from the prior where there is one, with real variables spread around the
    /// starting point by a factor.
    Probe(Stream, f64),
}

impl Scope {
    /// The unconstrained value, of shape `free`, of a free variable of `shape`, from wherever this scope takes values.
    pub(super) fn unconstrained(
        &mut self,
        name: &str,
        site: &Site,
        transform: &Transform,
        shape: &[usize],
        free: &[usize],
    ) -> Result<Value, ModelError> {
        let len = shape::elements(free);
        let run = self.dim..self.dim + len;
        match &mut self.source {
            Source::Probe(stream, spread) => Ok(drawn(site, transform, shape, free, stream, *spread)),
            Source::Capture(_) if len == 0 => Ok(Value::at_point(Vec::new(), free)),
            Source::Capture(position) => {
                Ok(Value::tensor(Tensor::clone(position).narrow(0, self.dim, len), free))
            }
            Source::Position(position) => {
                let numbers = position.get(run).map_or_else(|| vec![0.0; len], <[f64]>::to_vec);
                Ok(Value::at_point(numbers, free))
            }
            Source::Prior(draw) => draw.of(self.records.len(), name, site, transform, shape, free),
            Source::Point(given)
                if site.starts_from_prior
                    && !given.contains_key(name)
                    && !given.contains_key(&transform.value_name(name)) =>
            {
                START.of(self.records.len(), name, site, transform, shape, free)
            }
            Source::Point(given) => {
                let value_name = transform.value_name(name);
                if value_name != name
                    && let Some(values) = given.get(&value_name)
                {
                    return Ok(Value::at_point(values.clone(), free));
                }
                let constrained = match given.get(name) {
                    Some(values) => Value::at_point(values.clone(), shape),
                    None => {
                        let start = site.initial.clone().unwrap_or_else(|| site.distribution.typical(shape));
                        if shape::broadcast(start.shape(), shape).as_deref() != Some(shape) {
                            return Err(ModelError::ShapeMismatch {
                                name: name.into(),
                                seen: shape::display(shape),
                                expected: format!(
                                    "its starting value has shape {}; give `shape=` or `dims=` too",
                                    shape::display(start.shape())
                                ),
                            });
                        }
                        checked(name, start.broadcast_to(shape))?
                    }
                };
                let unconstrained = checked(name, transform.unconstrain(&constrained))?;
                let numbers = unconstrained.as_numbers().map(|n| n.to_vec()).unwrap_or_default();
                if numbers.len() != shape::elements(free) {
                    let given = shape::display(unconstrained.shape());
                    return Err(ModelError::ShapeMismatch {
                        name: name.into(),
                        seen: shape::display(shape),
                        expected: format!(
                            "its transform works on shape {given}; give it that shape with `shape=`"
                        ),
                    });
                }
                if let Some(row) = numbers.iter().position(|x| !x.is_finite()) {
                    let seen = constrained.as_numbers().map_or(f64::NAN, |n| n[row.min(n.len() - 1)]);
                    let distribution = site.distribution.name();
                    let is_ordered = transform.value_name("").contains("ordered");
                    return Err(ModelError::OutsideSupport {
                        name: name.into(),
                        seen,
                        row,
                        distribution,
                        is_ordered,
                    });
                }
                Ok(Value::at_point(numbers, free))
            }
        }
    }
}

/// An unconstrained draw from a site's distribution; the starting value where it has no draws.
fn drawn(
    site: &Site,
    transform: &Transform,
    shape: &[usize],
    free: &[usize],
    stream: &mut Stream,
    spread: f64,
) -> Value {
    let start = site.initial.clone().unwrap_or_else(|| site.distribution.typical(shape)).broadcast_to(shape);
    let centre = start.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default();
    let is_real = matches!(site.distribution.support(), Support::Real);
    let constrained = match site.distribution.draw(shape, stream) {
        Ok(numbers) if is_real && numbers.len() == centre.len() => {
            numbers.iter().zip(&centre).map(|(x, centre)| centre + spread * (x - centre)).collect()
        }
        Ok(numbers) if numbers.len() == shape::elements(shape) => numbers,
        _ => centre,
    };
    if constrained.len() != shape::elements(shape) {
        return Value::at_point(vec![0.0; shape::elements(free)], free);
    }
    let unconstrained = transform.unconstrain(&Value::at_point(constrained, shape));
    let fits =
        |numbers: &[f64]| numbers.len() == shape::elements(free) && numbers.iter().all(|x| x.is_finite());
    match unconstrained.as_numbers() {
        Some(numbers) if fits(numbers) => Value::at_point(numbers.clone(), free),
        _ => Value::at_point(vec![0.0; shape::elements(free)], free),
    }
}
