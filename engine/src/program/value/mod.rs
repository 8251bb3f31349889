//! The value of a model's expression: an array for one chain, known already or to be computed on the tape.
//!
//! A value is either *data* (numbers, computed at once with NumPy's rules) or a *tensor* (a burn tensor of the
//! program that is being captured). Both are held flat in C order beside their shape, so burn's const ranks never
//! show, and every rearrangement (broadcasting, indexing, transposing) is one gather by an index vector that is known
//! when the model is read.
//!
//! An operation that cannot be done (shapes that do not broadcast, an index out of range) makes an *invalid* value
//! that carries the reason through all that is computed from it; [`Value::error`] tells it.

mod along;
mod arithmetic;
mod choose;
mod factor;
mod function;
mod rearrange;
mod reduce;
mod scan;
pub mod shape;

pub use function::Function;
pub use rearrange::Subscript;
pub use scan::{Scanned, Turn};

use std::sync::Arc;

use burn_tensor::Tensor;

/// Why a value could not be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Operands of an elementwise operation do not broadcast.
    #[error(
        "shapes {} and {} do not broadcast in `{operation}`: every axis, counted from the last, must agree or be 1",
        shape::display(left),
        shape::display(right)
    )]
    Broadcast {
        /// What was to be computed.
        operation: String,
        /// Shape of the left operand.
        left: Vec<usize>,
        /// Shape of the right operand.
        right: Vec<usize>,
    },
    /// An index outside its axis.
    #[error(
        "index {index} is out of range for axis {axis} with {size} elements (shape {})",
        shape::display(shape)
    )]
    Index {
        /// The index as given.
        index: i64,
        /// The axis indexed.
        axis: usize,
        /// Its length.
        size: usize,
        /// Shape of the array.
        shape: Vec<usize>,
    },
    /// A shape that an operation cannot take.
    #[error("`{operation}` cannot take shape {}: {expected}", shape::display(shape))]
    Shape {
        /// What was to be computed.
        operation: String,
        /// The shape seen.
        shape: Vec<usize>,
        /// What it takes.
        expected: String,
    },
    /// The body of a loop is not what a recurrence can hold.
    #[error("`{operation}` cannot be computed in a loop over turns: {reason}")]
    Scan {
        /// What was to be computed.
        operation: String,
        /// What about it cannot be done.
        reason: String,
    },
    /// A value that has to be data depends on parameters.
    #[error("{what} must be known from the data, but it depends on the model's parameters")]
    NotData {
        /// What has to be data.
        what: String,
    },
}

/// NumPy's kinds of numbers; they decide what division and indexing mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Truth values, held as 0 and 1.
    Bool,
    /// Whole numbers.
    Int,
    /// Floating point numbers.
    Float,
}

#[derive(Clone, Debug)]
enum Repr {
    Data { values: Arc<[f64]>, fixed: bool },
    Tensor(Arc<Tensor<1>>),
    Invalid(Arc<ValueError>),
}

impl Repr {
    fn tensor(tensor: Tensor<1>) -> Self {
        Repr::Tensor(Arc::new(tensor))
    }
}

/// An array of a model, of any rank; see the module's description.
#[derive(Clone, Debug)]
pub struct Value {
    shape: Vec<usize>,
    kind: Kind,
    repr: Repr,
}

impl Value {
    /// Data of a shape, in C order.
    ///
    /// # Panics
    /// When the number of values is not the product of the shape.
    pub fn data(values: impl Into<Arc<[f64]>>, shape: impl Into<Vec<usize>>, kind: Kind) -> Self {
        let (values, shape) = (values.into(), shape.into());
        assert_eq!(values.len(), shape::elements(&shape), "data must fill its shape {shape:?}");
        Self { shape, kind, repr: Repr::Data { values, fixed: true } }
    }

    /// Numbers of a parameter at a known point: they compute like data but do not count as known from the data.
    pub fn at_point(values: impl Into<Arc<[f64]>>, shape: impl Into<Vec<usize>>) -> Self {
        let mut value = Self::data(values, shape, Kind::Float);
        if let Repr::Data { fixed, .. } = &mut value.repr {
            *fixed = false;
        }
        value
    }

    /// A tensor of the program being captured, seen with a shape.
    pub fn tensor(tensor: Tensor<1>, shape: impl Into<Vec<usize>>) -> Self {
        Self { shape: shape.into(), kind: Kind::Float, repr: Repr::tensor(tensor) }
    }

    /// A value that stands for an error.
    pub fn invalid(error: ValueError) -> Self {
        Self { shape: Vec::new(), kind: Kind::Float, repr: Repr::Invalid(Arc::new(error)) }
    }

    /// Why the value could not be computed.
    pub fn error(&self) -> Option<&ValueError> {
        match &self.repr {
            Repr::Invalid(error) => Some(error),
            _ => None,
        }
    }

    /// Shape; empty for a scalar.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Number of axes.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        shape::elements(&self.shape)
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Kind of numbers.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The same numbers under another kind; turning floats to integers truncates.
    pub fn with_kind(&self, kind: Kind) -> Self {
        let mut out = match (self.kind, kind) {
            (Kind::Float, Kind::Int) => self
                .map_data(|x| x.trunc())
                .unwrap_or_else(|| Self::invalid(ValueError::NotData { what: "an integer".into() })),
            (Kind::Float | Kind::Int, Kind::Bool) => self.compare_not_equal(&Value::from(0.0)),
            _ => self.clone(),
        };
        out.kind = kind;
        out
    }

    /// Numbers that are whole already, as such.
    pub fn as_whole(&self) -> Self {
        Self { kind: Kind::Int, ..self.clone() }
    }

    /// The numbers, when they are known from the data alone.
    pub fn as_data(&self) -> Option<&Arc<[f64]>> {
        match &self.repr {
            Repr::Data { values, fixed: true } => Some(values),
            _ => None,
        }
    }

    /// The numbers, when they are known: data, or parameters at a point.
    pub fn as_numbers(&self) -> Option<&Arc<[f64]>> {
        match &self.repr {
            Repr::Data { values, .. } => Some(values),
            _ => None,
        }
    }

    /// Whether the value depends on parameters.
    pub fn is_random(&self) -> bool {
        matches!(self.repr, Repr::Tensor(_) | Repr::Data { fixed: false, .. })
    }

    /// Whether both are the very same array, and not only equal.
    pub fn is_same(&self, other: &Value) -> bool {
        let same = match (&self.repr, &other.repr) {
            (Repr::Data { values, .. }, Repr::Data { values: others, .. }) => Arc::ptr_eq(values, others),
            (Repr::Tensor(tensor), Repr::Tensor(other)) => Arc::ptr_eq(tensor, other),
            _ => false,
        };
        same && self.shape == other.shape
    }

    /// A number that is equal for arrays that are [the same one](Self::is_same), for as long as one of them lives.
    pub fn address(&self) -> usize {
        match &self.repr {
            Repr::Data { values, .. } => Arc::as_ptr(values).addr(),
            Repr::Tensor(tensor) => Arc::as_ptr(tensor).addr(),
            Repr::Invalid(_) => 0,
        }
    }

    /// The flat tensor of the program, `[len]`; data becomes a constant of the program that `like` belongs to.
    pub fn as_tensor(&self, like: &Tensor<1>) -> Tensor<1> {
        match &self.repr {
            Repr::Tensor(tensor) => (**tensor).clone(),
            Repr::Data { values, .. } => super::constant(values, like),
            Repr::Invalid(_) => like.clone(),
        }
    }

    fn map_data(&self, f: impl Fn(f64) -> f64) -> Option<Self> {
        match &self.repr {
            Repr::Data { values, fixed } => {
                let values = values.iter().map(|&x| f(x)).collect();
                Some(Self {
                    shape: self.shape.clone(),
                    kind: self.kind,
                    repr: Repr::Data { values, fixed: *fixed },
                })
            }
            _ => None,
        }
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::data(vec![x], vec![], Kind::Float)
    }
}

impl From<i64> for Value {
    fn from(x: i64) -> Self {
        Self::data(vec![x as f64], vec![], Kind::Int)
    }
}

impl From<Vec<f64>> for Value {
    fn from(values: Vec<f64>) -> Self {
        let shape = vec![values.len()];
        Self::data(values, shape, Kind::Float)
    }
}

impl<const N: usize> From<[f64; N]> for Value {
    fn from(values: [f64; N]) -> Self {
        Self::from(values.to_vec())
    }
}

impl From<&[f64]> for Value {
    fn from(values: &[f64]) -> Self {
        Self::from(values.to_vec())
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}
