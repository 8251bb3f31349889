//! What is known of a model's variables: names, shapes, dims, roles, and where they lie in a position.

use chainfire_engine::program::{Kind, value::shape};

use crate::transform::Transform;

/// What a variable is to the model.
#[derive(Clone, Debug)]
pub enum Role {
    /// Sampled; a run of the position from `offset` on.
    Free {
        /// Map to the unconstrained space.
        transform: Transform,
        /// First element in the position.
        offset: usize,
    },
    /// Has data.
    Observed,
    /// Stored per draw.
    Deterministic,
    /// Added to the log density.
    Potential,
    /// A data container.
    Data,
}

/// Data that the model observes in batches of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minibatch {
    /// Number of all rows.
    pub rows: usize,
    /// Rows of one batch.
    pub size: usize,
}

/// A variable of a model.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// What it is to the model.
    pub role: Role,
    /// Shape, chains and draws left out.
    pub shape: Vec<usize>,
    /// Names of the axes; empty when they have none.
    pub dims: Vec<String>,
    /// Its distribution.
    pub distribution: Option<&'static str>,
    /// Kind of numbers.
    pub kind: Kind,
}

impl Variable {
    /// Number of elements.
    pub fn len(&self) -> usize {
        shape::elements(&self.shape)
    }

    /// Shape of what the position holds of the variable; it differs where a constraint takes elements together.
    pub fn unconstrained_shape(&self) -> Vec<usize> {
        match &self.role {
            Role::Free { transform, .. } => transform.unconstrained_shape(&self.shape),
            _ => self.shape.clone(),
        }
    }

    /// Number of elements of [`Variable::unconstrained_shape`].
    pub fn unconstrained_len(&self) -> usize {
        shape::elements(&self.unconstrained_shape())
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name of the unconstrained value, such as `tau_log__`; the name itself where there is no transform.
    pub fn value_name(&self) -> String {
        match &self.role {
            Role::Free { transform, .. } => transform.value_name(&self.name),
            _ => self.name.clone(),
        }
    }

    /// Name of an element, such as `beta[2]`, for messages.
    pub fn element(&self, flat: usize) -> String {
        if self.shape.is_empty() {
            return self.name.clone();
        }
        let mut rest = flat;
        let position: Vec<String> = shape::strides(&self.shape)
            .into_iter()
            .map(|stride| {
                let k = rest / stride;
                rest %= stride;
                k.to_string()
            })
            .collect();
        format!("{}[{}]", self.name, position.join(", "))
    }
}
