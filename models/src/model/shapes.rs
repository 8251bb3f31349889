//! Shapes of variables: from `shape=`, from dims or from the parameters, and whether these fit together.

use chainfire_engine::program::{ValueError, value::shape};

use super::scope::{Scope, checked};
use super::site::Site;
use crate::error::ModelError;

impl Scope {
    pub(super) fn parameter_shape(&self, name: &str, site: &Site) -> Result<Vec<usize>, ModelError> {
        let mut joint = Vec::new();
        for (parameter, value) in site.distribution.parameters() {
            checked(name, value.clone())?;
            if site.distribution.event_rank() > 0 {
                continue;
            }
            joint = shape::broadcast(&joint, value.shape()).ok_or_else(|| ModelError::ShapeMismatch {
                name: name.into(),
                seen: format!("{} in its parameter {parameter}", shape::display(value.shape())),
                expected: format!("the parameters before it have shape {}", shape::display(&joint)),
            })?;
        }
        site.distribution.shape().map_err(|source| match source {
            ValueError::Broadcast { left, right, .. } if site.distribution.event_rank() > 0 => {
                sizes_differ(name, site, &left, &right)
            }
            source => ModelError::Value { name: name.into(), source },
        })
    }

    pub(super) fn site_shape(
        &mut self,
        name: &str,
        site: &Site,
        parameters: &[usize],
    ) -> Result<Vec<usize>, ModelError> {
        let shape = match (&site.shape, site.dims.is_empty()) {
            (Some(shape), _) => shape.clone(),
            (None, false) => site
                .dims
                .iter()
                .map(|dim| self.dim_length(dim).ok_or_else(|| self.unknown_dim(name, dim)))
                .collect::<Result<_, _>>()?,
            (None, true) => parameters.to_vec(),
        };
        self.fit_dims(name, &shape, &texts(&site.dims))?;
        if shape::broadcast(parameters, &shape).as_deref() != Some(&shape) {
            return Err(misfit(name, site, parameters, &shape, ""));
        }
        if shape::elements(&shape) == 0 {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: shape::display(&shape),
                expected: "a variable must have at least one element".into(),
            });
        }
        Ok(shape)
    }

    pub(super) fn unknown_dim(&self, name: &str, dim: &str) -> ModelError {
        let known: Vec<&str> = self.coordinates.iter().map(|(known, _)| known.as_str()).collect();
        let known = if known.is_empty() { "there are none".to_string() } else { known.join(", ") };
        ModelError::UnknownDim { name: name.into(), dim: dim.into(), known }
    }

    /// Checks a shape against its dims; a dimension first seen here gets the labels 0..n.
    pub(super) fn fit_dims(&mut self, name: &str, shape: &[usize], dims: &[&str]) -> Result<(), ModelError> {
        if dims.is_empty() {
            return Ok(());
        }
        if dims.len() != shape.len() {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: shape::display(shape),
                expected: format!("its dims name {} axes ({})", dims.len(), dims.join(", ")),
            });
        }
        for (&dim, &size) in dims.iter().zip(shape) {
            match self.dim_length(dim) {
                Some(length) if length == size => {}
                Some(length) => {
                    return Err(ModelError::DimLength {
                        name: name.into(),
                        seen: shape::display(shape),
                        dim: dim.into(),
                        labels: length,
                    });
                }
                None => self.coordinate(dim, (0..size as i64).collect::<Vec<_>>())?,
            }
        }
        Ok(())
    }
}

pub(super) fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The error of parameters that do not broadcast to a shape: which of them, and what would make it fit; `whose` shape
/// it is stands behind it.
pub(super) fn misfit(name: &str, site: &Site, joint: &[usize], shape: &[usize], whose: &str) -> ModelError {
    let event = site.distribution.event_rank();
    let (made, wanted) = (last_axes(joint, event), last_axes(shape, event));
    if shape::broadcast(made, wanted).as_deref() != Some(wanted) {
        let (made, wanted) = (sizes(made), sizes(wanted));
        return ModelError::EventShape {
            name: name.into(),
            seen: format!("{wanted} (shape {}){whose}", shape::display(shape)),
            expected: format!("its parameters make {made}: {}", shapes_of_parameters(site)),
            fix: format!("give the parameters the sizes of {wanted}, or `{name}` those of {made}"),
        };
    }
    let fits = |given: &[usize]| shape::broadcast(given, shape).as_deref() == Some(shape);
    let parameters = site.distribution.parameters();
    let (owner, given) = match parameters.iter().find(|(_, value)| !fits(value.shape())) {
        Some((name, value)) if event == 0 => (format!("its parameter `{name}` has"), value.shape()),
        _ => ("its parameters have".to_owned(), joint),
    };
    let cure = match (given, shape) {
        ([groups], [rows]) if groups < rows => {
            "; to take the element of each row's group, index it with a column of group numbers, `mu[group]`"
        }
        _ => "",
    };
    let given = shape::display(given);
    ModelError::ShapeMismatch {
        name: name.into(),
        seen: format!("{}{whose}", shape::display(shape)),
        expected: format!(
            "{owner} shape {given}, which does not broadcast to it: every axis, counted from the last, must be equal or \
             1{cure}"
        ),
    }
}

/// The error of parameters that make vectors or matrices of two sizes.
fn sizes_differ(name: &str, site: &Site, left: &[usize], right: &[usize]) -> ModelError {
    let event = site.distribution.event_rank();
    let [left, right] = [left, right].map(|axes| sizes(last_axes(axes, event)));
    ModelError::EventShape {
        name: name.into(),
        seen: shapes_of_parameters(site),
        expected: format!("these make {left} and {right}: they must be of one size"),
        fix: "give the parameters one size".into(),
    }
}

/// `mu of shape (3,) and cov of shape (2, 2)`, without what is a single number.
fn shapes_of_parameters(site: &Site) -> String {
    let parameters = site.distribution.parameters();
    let with_axes = parameters.iter().filter(|(_, value)| value.rank() > 0);
    let each: Vec<String> = with_axes
        .map(|(name, value)| format!("`{name}` of shape {}", shape::display(value.shape())))
        .collect();
    if each.is_empty() { "its parameters".into() } else { each.join(" and ") }
}

/// The axes of one draw.
fn last_axes(shape: &[usize], count: usize) -> &[usize] {
    &shape[shape.len().saturating_sub(count)..]
}

/// What one draw is.
fn sizes(axes: &[usize]) -> String {
    match axes {
        [] => "single numbers".into(),
        [count] => format!("vectors of {count} elements"),
        axes => format!("matrices of shape {}", shape::display(axes)),
    }
}
