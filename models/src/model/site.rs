//! A distribution with the shape it is used in.

use std::rc::Rc;

use chainfire_engine::program::Value;

use crate::distributions::Distribution;
use crate::transform::Transform;

/// A distribution and how a variable uses it: its dims or shape, and where it starts.
#[derive(Debug)]
pub struct Site {
    pub(super) distribution: Rc<dyn Distribution>,
    pub(super) dims: Vec<String>,
    pub(super) shape: Option<Vec<usize>>,
    pub(super) initial: Option<Value>,
    pub(super) starts_from_prior: bool,
    pub(super) transform: Option<Transform>,
    pub(super) default_transform: Option<Transform>,
    pub(super) total_sizes: Vec<Option<usize>>,
}

impl Site {
    /// A variable with the shape of the distribution's parameters.
    pub fn new(distribution: impl Into<Rc<dyn Distribution>>) -> Self {
        Self {
            distribution: distribution.into(),
            dims: Vec::new(),
            shape: None,
            initial: None,
            starts_from_prior: false,
            transform: None,
            default_transform: None,
            total_sizes: Vec::new(),
        }
    }

    /// The transform of a free variable, or `None` where it is discrete.
    pub(super) fn whole_transform(&self) -> Option<Transform> {
        let default = Transform::of(&self.distribution.support())?;
        let default = self.default_transform.clone().unwrap_or(default);
        Some(match self.transform.clone() {
            Some(transform) => default.then(transform),
            None => default,
        })
    }

    pub(crate) fn distribution(&self) -> &dyn Distribution {
        &*self.distribution
    }

    /// Names the axes; their lengths are those of the coordinates.
    pub fn dims<S: Into<String>>(mut self, dims: impl IntoIterator<Item = S>) -> Self {
        self.dims = dims.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the shape.
    pub fn shape(mut self, shape: impl Into<Vec<usize>>) -> Self {
        self.shape = Some(shape.into());
        self
    }

    /// Sets the starting value (constrained).
    pub fn initial(mut self, value: impl Into<Value>) -> Self {
        self.initial = Some(value.into());
        self
    }

    /// Starts at a draw from the prior, the same in every run.
    pub fn initial_from_prior(mut self) -> Self {
        self.starts_from_prior = true;
        self
    }

    /// Says how many rows the observed data stand for: the log density is multiplied by that over the rows they have.
    pub fn total_size(self, rows: usize) -> Self {
        self.total_sizes([Some(rows)])
    }

    /// The same for each of the first axes of the data; `None` where the axis is whole.
    pub fn total_sizes(mut self, sizes: impl Into<Vec<Option<usize>>>) -> Self {
        self.total_sizes = sizes.into();
        self
    }

    /// Sets the whole transform of a free variable.
    pub(super) fn only_transform(mut self, transform: Transform) -> Self {
        (self.default_transform, self.transform) = (Some(transform), None);
        self
    }

    /// Sets the transform of a free variable, in place of the one of its support.
    pub fn default_transform(mut self, transform: Transform) -> Self {
        self.default_transform = Some(transform);
        self
    }

    /// Sets a transform of a free variable that comes after the one of its support.
    pub fn transform(mut self, transform: Transform) -> Self {
        self.transform = Some(transform);
        self
    }
}

impl<D: Distribution + 'static> From<D> for Site {
    fn from(distribution: D) -> Self {
        Site::new(Rc::new(distribution) as Rc<dyn Distribution>)
    }
}
