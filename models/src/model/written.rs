//! Transforms whose functions are known at one place alone, as those of a model file: they are evaluated where the
//! variable is, before it is declared.
//!
//! ```text
//! y, or z where y = forward(z), from the scope's source;   then backward(y) and its log Jacobian
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chainfire_engine::program::Value;

use crate::transform::CustomTransform;

/// Where a free variable is that such a transform is the last of.
pub(crate) enum Whereabouts {
    /// Its unconstrained value.
    Unconstrained(Value),
    /// The value that the transform makes the unconstrained one of.
    Before(Value),
}

/// Stands for a transform that is not evaluated yet, and notes whether it would have been.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    name: Arc<str>,
    asked: Arc<AtomicBool>,
}

impl Marker {
    /// Stands for the transform of a name.
    pub(crate) fn new(name: Arc<str>) -> Self {
        Self { name, asked: Arc::default() }
    }

    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl CustomTransform for Marker {
    fn name(&self) -> &str {
        &self.name
    }

    fn constrain(&self, y: &Value) -> Value {
        y.clone()
    }

    fn unconstrain(&self, x: &Value) -> Value {
        self.asked.store(true, Ordering::Relaxed);
        x.clone()
    }

    fn log_jacobian(&self, _: &Value) -> Option<Value> {
        None
    }
}

/// A transform at the place where its variable is.
#[derive(Debug)]
pub(crate) struct Evaluated {
    /// What is put behind the variable's name.
    pub(crate) name: Arc<str>,
    /// The unconstrained value.
    pub(crate) unconstrained: Value,
    /// What that is transformed to.
    pub(crate) constrained: Value,
    /// Log of the absolute determinant of the derivative there.
    pub(crate) log_jacobian: Value,
}

impl CustomTransform for Evaluated {
    fn name(&self) -> &str {
        &self.name
    }

    fn constrain(&self, _: &Value) -> Value {
        self.constrained.clone()
    }

    fn unconstrain(&self, _: &Value) -> Value {
        self.unconstrained.clone()
    }

    fn log_jacobian(&self, _: &Value) -> Option<Value> {
        Some(self.log_jacobian.clone())
    }
}
