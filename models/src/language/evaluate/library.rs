//! Functions and classes of known packages that are written in the language itself, in `library/`.
//!
//! ```text
//! rows with Run::Written --> a name of a file of library/ --> called as if the model file had defined it
//! ```
//!
//! A file of the library is read when a name of it is first used. It is parsed behind the last place that a model file
//! can have, and behind the other files: a place says what it is of. What goes wrong inside is told at the call in the
//! model file.

use std::sync::OnceLock;

use ruff_text_size::{TextRange, TextSize};

use super::{Evaluator, Frame};
use crate::language::error::{Outcome, fault};
use crate::language::functions::Module;
use crate::language::item::Item;
use crate::language::limits::SOURCE;
use crate::language::syntax::Syntax;

/// A file of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) enum Library {
    ArgParse,
    Collections,
    Dims,
    HiBayes,
    Itertools,
    Jax,
    Linalg,
    NumPy,
    NumPyFft,
    NumPyPolynomial,
    NumPyro,
    NumPyroDistributions,
    Operator,
    Pandas,
    PathLib,
    PyMcExtras,
    PyTensor,
    SciPyOptimize,
    SciPyQmc,
    SciPySparse,
    SciPyStats,
    Sklearn,
    StateSpace,
    StateSpaceModels,
    StateSpaceStructural,
    Statistics,
    XArray,
}

const FILES: usize = 27;

/// In the order of [`Library`].
const SOURCES: [&str; FILES] = [
    include_str!("../library/argparse.py"),
    include_str!("../library/collections.py"),
    include_str!("../library/dims.py"),
    include_str!("../library/hibayes.py"),
    include_str!("../library/itertools.py"),
    include_str!("../library/jax.py"),
    include_str!("../library/linalg.py"),
    include_str!("../library/numpy.py"),
    include_str!("../library/numpy_fft.py"),
    include_str!("../library/numpy_polynomial.py"),
    include_str!("../library/numpyro.py"),
    include_str!("../library/numpyro_distributions.py"),
    include_str!("../library/operator.py"),
    include_str!("../library/pandas.py"),
    include_str!("../library/pathlib.py"),
    include_str!("../library/pymc_extras.py"),
    include_str!("../library/pytensor.py"),
    include_str!("../library/scipy_optimize.py"),
    include_str!("../library/scipy_qmc.py"),
    include_str!("../library/scipy_sparse.py"),
    include_str!("../library/scipy_stats.py"),
    include_str!("../library/sklearn.py"),
    include_str!("../library/statespace.py"),
    include_str!("../library/statespace_models.py"),
    include_str!("../library/statespace_structural.py"),
    include_str!("../library/statistics.py"),
    include_str!("../library/xarray.py"),
];

static SYNTAX: [OnceLock<Syntax>; FILES] = [const { OnceLock::new() }; FILES];

/// The frames of the files that were read.
pub(super) type Frames = [Option<usize>; FILES];

/// Whether a place is one of the library.
pub(super) fn is_of_library(range: TextRange) -> bool {
    range.start() > TextSize::new(SOURCE as u32)
}

impl Library {
    fn syntax(self) -> &'static Syntax {
        let file = self as usize;
        SYNTAX[file].get_or_init(|| {
            let others: usize = SOURCES[..file].iter().map(|source| source.len()).sum();
            Syntax::parse(&("\n".repeat(SOURCE + 1 + others) + SOURCES[file]))
        })
    }
}

impl Evaluator<'_> {
    /// What a file of the library defines under a name.
    pub(in crate::language) fn written(
        &mut self,
        library: Library,
        name: &str,
        range: TextRange,
    ) -> Outcome<Item> {
        let frame = match self.libraries[library as usize] {
            Some(frame) => frame,
            None => self.read_library(library)?,
        };
        match self.frames.get(frame).and_then(|frame| frame.names.get(name)) {
            Some(item) => Ok(item.clone()),
            None => fault(range, format!("`{name}` is not written yet")),
        }
    }

    /// `module.name`; a name of the library is what its file defines.
    pub(in crate::language) fn member_of_module(
        &mut self,
        module: Module,
        name: &str,
        range: TextRange,
    ) -> Outcome<Item> {
        match module.member(name, range)? {
            Item::Function(function) => function.as_written(self, range),
            item => Ok(item),
        }
    }

    /// Goes through a file of the library, whose names are those of a call that never ends.
    fn read_library(&mut self, library: Library) -> Outcome<usize> {
        let frame = self.frames.len();
        self.frames.push(Frame::default());
        let caller = self.frame.replace(frame);
        let outcome = self.block(&library.syntax().body);
        self.frame = caller;
        outcome?;
        self.libraries[library as usize] = Some(frame);
        Ok(frame)
    }
}
