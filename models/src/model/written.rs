//! Transforms whose functions are known at one place alone, as those of a model file: they are evaluated where the
//! variable is, before it is declared.
//!
//! ```text
//! where y is known, the scope's source goes from y to the variable, and asks each transform on its way for a backward
//! value; where the variable is, it goes from that to y, and asks for forward values
//! ```
//!
//! A transform that was not evaluated notes what it is asked first, and the file's functions answer that; then the
//! source goes the same way again, up to the next one that was not.

use std::sync::{Arc, Mutex, PoisonError};

use chainfire_engine::program::Value;

use crate::transform::CustomTransform;

/// What a transform of a file is asked for.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// The shape that a shape becomes.
    Shape(Vec<usize>),
    /// What a constrained value becomes.
    Forward(Value),
    /// What an unconstrained value comes from.
    Backward(Value),
}

/// A question, and the number of the transform that has it.
pub(crate) type Question = (usize, Asked);

/// The first question that the transforms of a variable had.
#[derive(Clone, Debug, Default)]
pub(crate) struct Questions(Arc<Mutex<Option<Question>>>);

impl Questions {
    fn ask(&self, number: usize, asked: Asked) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((number, asked));
    }

    /// Takes the question.
    pub(crate) fn take(&self) -> Option<Question> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

/// A transform at the place where its variable is.
#[derive(Clone, Debug)]
pub(crate) struct Evaluated {
    /// The unconstrained value.
    pub(crate) unconstrained: Value,
    /// What that is transformed to.
    pub(crate) constrained: Value,
    /// Log of the absolute determinant of the derivative there.
    pub(crate) log_jacobian: Value,
}

/// What is known of a transform of a file.
#[derive(Debug, Default)]
struct Answers {
    shapes: Option<[Vec<usize>; 2]>,
    values: Option<Evaluated>,
}

/// A transform of a file, by number among those of its variable.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    name: Arc<str>,
    number: usize,
    questions: Questions,
    answers: Arc<Mutex<Answers>>,
}

impl Written {
    /// A transform that nothing is known of but its name.
    pub(crate) fn new(name: Arc<str>, number: usize, questions: Questions) -> Self {
        Self { name, number, questions, answers: Arc::default() }
    }

    /// Keeps the shape that a constrained value of a shape becomes.
    pub(crate) fn answer_shape(&self, constrained: Vec<usize>, unconstrained: Vec<usize>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).shapes =
            Some([constrained, unconstrained]);
    }

    /// Keeps the values where the variable is.
    pub(crate) fn answer(&self, values: Evaluated) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).values = Some(values);
    }

    fn values(&self) -> Option<Evaluated> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).values.clone()
    }
}

impl CustomTransform for Written {
    fn name(&self) -> &str {
        &self.name
    }

    fn constrain(&self, y: &Value) -> Value {
        self.values().map_or_else(
            || {
                self.questions.ask(self.number, Asked::Backward(y.clone()));
                y.clone()
            },
            |known| known.constrained,
        )
    }

    fn unconstrain(&self, x: &Value) -> Value {
        self.values().map_or_else(
            || {
                self.questions.ask(self.number, Asked::Forward(x.clone()));
                x.clone()
            },
            |known| known.unconstrained,
        )
    }

    fn log_jacobian(&self, _: &Value) -> Option<Value> {
        self.values().map(|known| known.log_jacobian)
    }

    fn unconstrained_shape(&self, shape: &[usize]) -> Vec<usize> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match &answers.shapes {
            Some([constrained, unconstrained]) if constrained == shape => unconstrained.clone(),
            _ => {
                self.questions.ask(self.number, Asked::Shape(shape.to_vec()));
                shape.to_vec()
            }
        }
    }
}
