//! What can be wrong with a data file, with the place and the cure.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a cell stands: row from 0 and, in a CSV file, the line of the file from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Row (flat index in an array), counted from 0.
    pub row: usize,
    /// Line of the file, counted from 1.
    pub line: Option<u64>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "row {}, line {line} of the file", self.row),
            None => write!(f, "row {}", self.row),
        }
    }
}

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file cannot be opened or read.
    #[error("cannot read the data file {}: {source}; check the path and the permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A kind of file that is not read.
    #[error("{} is not a data file: its name must end in .csv, .tsv, .txt, .dat, .data, .json, .npz or .npy", path.display())]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// Two of several data files have one name.
    #[error("{} and {} would both be `{}`: of several data files each is named as its file; rename one", first.display(), second.display(), first.file_stem().unwrap_or_default().display())]
    SameName {
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Bytes that are not UTF-8.
    #[error("{}, line {line}: the text is not UTF-8; save the file as \"CSV UTF-8\" or convert it with iconv", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// First line that is not UTF-8.
        line: usize,
    },
    /// No header, or no rows.
    #[error("{} {seen}; a table needs a header line with the names of the columns, and rows below it", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What it has.
        seen: &'static str,
    },
    /// Two columns of one name.
    #[error("{}, line 1: columns {first} and {second} are both called `{name}`; rename one", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// First column of the name, from 1.
        first: usize,
        /// Second column of the name, from 1.
        second: usize,
    },
    /// A row with too many or too few cells.
    #[error(
        "{}, line {line}: {seen} cells where the header has {expected}; \
         put text that holds commas or line breaks in double quotes", path.display()
    )]
    Ragged {
        /// The file.
        path: PathBuf,
        /// Line of the row.
        line: u64,
        /// Cells in the row.
        seen: u64,
        /// Cells in the header.
        expected: u64,
    },
    /// A quote that nothing closes.
    #[error("{}, line {line}: a double quote is opened and never closed; close it, or double it if it is part of the text", path.display())]
    Quote {
        /// The file.
        path: PathBuf,
        /// Line of the row.
        line: u64,
    },
    /// Another fault of a CSV file.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: csv::Error,
    },
    /// An archive of arrays that is none, or broken.
    #[error("{} is not a whole archive of arrays as `np.savez` writes it; write it again", path.display())]
    Archive {
        /// The file.
        path: PathBuf,
    },
    /// Text that is not JSON.
    #[error("{}: {source}{hint}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the reader said, with line and column.
        source: serde_json::Error,
        /// The cure of a common mistake, or empty.
        hint: &'static str,
    },
    /// JSON that does not give names.
    #[error("{} must hold an object, {{\"name\": ..., \"name\": ...}}, but it holds {seen}; a table is an object with a list per column", path.display())]
    NotAnObject {
        /// The file.
        path: PathBuf,
        /// What it holds.
        seen: &'static str,
    },
    /// A list that is not an array.
    #[error("{}: `{place}` {reason}", path.display())]
    Irregular {
        /// The file.
        path: PathBuf,
        /// Place in the object, such as `X[3]`.
        place: String,
        /// What is wrong, and the cure.
        reason: String,
    },
}

/// The text of a file, without a byte order mark.
pub(super) fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, DataError> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|b| **b == b'\n').count();
        DataError::Encoding { path: path.into(), line }
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}
