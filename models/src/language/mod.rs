//! Model files: the `with pm.Model() as model:` block of PyMC, read as data.
//!
//! A file is parsed as Python and evaluated by a partial evaluator that knows a fixed list of functions; nothing is
//! ever executed, and no file, network or other code can be reached. Names that the file does not define are those of
//! the data file; `df` and `data` stand for all of it, unless they are names in it. What depends on data alone is
//! computed at once with NumPy's rules; what depends on parameters becomes part of the program.
//!
//! The same text runs in PyMC with the names of the data file as global variables: columns as NumPy arrays, `df` as a
//! data frame.

mod error;
mod evaluate;
mod file;
mod functions;
mod item;
mod limits;
mod random;
mod syntax;

pub(crate) use error::Fault;
pub use error::LanguageError;
pub(crate) use evaluate::{Factored, Predictor, Reading, Solved, argument, new_values};
pub use file::ModelFile;
pub(crate) use functions::{STEPS, misspelt};
