//! The modelling layer of chainfire: distributions, transforms, the builder, model files.
//!
//! A model is a function over a [`Scope`]; it is run once at a point to learn its variables, and captured once to
//! become a program.

pub mod check;
pub mod data;
mod dates;
pub mod distributions;
mod error;
pub mod finding;
mod fit;
pub mod language;
mod model;
mod moments;
mod posterior;
mod prior;
mod run;
mod storage;
mod stream;
mod transform;

pub use chainfire_engine::draws::Coordinate;
pub use chainfire_engine::program::value::Subscript;
pub use chainfire_engine::program::{Kind, Scanned, Turn, Value};
pub use distributions::Distribution;
pub use error::ModelError;
pub use fit::Approximation;
pub use model::{DrawLayout, Evaluation, Minibatch, Model, Role, Scope, Site, Term, Variable};
pub use posterior::Posterior;
pub use run::{Run, Sampled};
pub use storage::{Begun, Keep, Selection, Storage, Stored};
pub use transform::{CustomTransform, Transform};
