//! Data files: the names that a model file may use without defining them.
//!
//! A table of text (CSV) gives one column per name; a JSON file gives scalars, strings, lists, nested lists (arrays) and nested
//! objects; NumPy's files give arrays. Order is kept. Missing numbers are NaN.

mod arrays;
mod csv_file;
mod error;
mod json_file;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chainfire_engine::program::{Kind, Value};

pub(crate) use csv_file::{Column, LABELS, Layout, Separator};
pub use error::{DataError, Location};

/// What stands for a missing text in a column of texts: a character that no text has.
pub(crate) const MISSING_TEXT: &str = "\u{10ffff}";

/// One name of a data file.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A number or an array of numbers.
    Numbers {
        /// The numbers; missing ones are NaN.
        value: Value,
        /// The first missing number.
        missing: Option<Location>,
    },
    /// A list of texts.
    TextColumn {
        /// The texts; a missing one is a single character that no text has.
        values: Arc<[String]>,
        /// The first missing text.
        missing: Option<Location>,
        /// Why it is not a column of numbers: the first text, and where it stands.
        reason: (Location, String),
    },
    /// A single text.
    Text(String),
    /// A nested object: more names.
    Members(Vec<(String, Entry)>),
    /// A list of other things, such as records, or lists of different lengths.
    Items(Vec<Entry>),
}

/// The contents of a data file, by name, in the order of the file; or of several, each under the name of its file.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    name: String,
    entries: Vec<(String, Entry)>,
    index: HashMap<String, usize>,
    /// Number of what was read; that of no data is 0.
    id: u64,
    /// The text of a table, which the model file may want read in another way.
    text: Option<Arc<str>>,
    /// Whether the file is a table in itself.
    is_table: bool,
    /// The files that this is made of, where they are several.
    files: Vec<Dataset>,
}

impl Dataset {
    /// The columns of a table that a model file holds.
    pub(crate) fn columns_of(text: &str, layout: &Layout) -> Result<Vec<(String, Entry)>, DataError> {
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        csv_file::read(Path::new("the text"), &lines.join("\n"), layout)
    }

    /// A data set without names, for models that define all they use.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads a table of text (`.csv`, `.tsv`, `.txt`, `.dat`, `.data`), a `.json`, `.npz` or `.npy` file.
    ///
    /// # Errors
    /// When the file cannot be read or is not what its name says, with the place and the cure.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let bytes =
            std::fs::read(path).map_err(|source| DataError::Unreadable { path: path.into(), source })?;
        Self::from_bytes(path, bytes)
    }

    /// Reads data files as [`Dataset::read`] does: none, one, or several, each of which is then a table (or, of `.npy`, an
    /// array) under the name of its file without its ending.
    ///
    /// # Errors
    /// As [`Dataset::read`], and when two of several have one name.
    pub fn read_all(paths: &[PathBuf]) -> Result<Self, DataError> {
        match paths {
            [] => Ok(Self::empty()),
            [path] => Self::read(path),
            paths => {
                for (i, path) in paths.iter().enumerate() {
                    if let Some(first) = paths[..i].iter().find(|first| first.file_stem() == path.file_stem())
                    {
                        return Err(DataError::SameName { first: first.clone(), second: path.clone() });
                    }
                }
                Ok(Self::of_files(paths.iter().map(|path| Self::read(path)).collect::<Result<_, _>>()?))
            }
        }
    }

    /// Reads data files as [`Dataset::read_all`] does; a table that is none as it looks is kept as a text, for a model file
    /// that says how it is laid out, and why it is none is told.
    ///
    /// # Errors
    /// As [`Dataset::read_all`], for other files.
    pub fn read_all_or_texts(paths: &[PathBuf]) -> Result<(Self, Option<DataError>), DataError> {
        let (mut files, mut first) = (Vec::new(), None);
        for path in paths {
            match Self::read(path) {
                Ok(file) => files.push(file),
                Err(
                    error @ (DataError::Ragged { .. }
                    | DataError::DuplicateColumn { .. }
                    | DataError::Quote { .. }),
                ) => {
                    let bytes = std::fs::read(path)
                        .map_err(|source| DataError::Unreadable { path: path.into(), source })?;
                    let text = Some(error::decode(path, bytes)?.into());
                    files.push(Self { text, is_table: true, ..Self::new(path, Vec::new()) });
                    first = first.or(Some(error));
                }
                Err(error) => return Err(error),
            }
        }
        if first.is_none() {
            return Ok((Self::read_all(paths)?, None));
        }
        let all = match files.len() {
            1 => files.remove(0),
            _ => Self::of_files(files),
        };
        Ok((all, first))
    }

    /// Several files as one.
    fn of_files(files: Vec<Dataset>) -> Self {
        let names: Vec<&str> = files.iter().map(Self::name).collect();
        let stem =
            |name: &str| Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let of_file = |file: &Dataset| match file.entries.as_slice() {
            [array] if file.name.ends_with(".npy") => array.clone(),
            entries => (stem(&file.name), Entry::Members(entries.to_vec())),
        };
        let is_read = |file: &&Dataset| !file.is_only_text();
        let entries = files.iter().filter(is_read).map(of_file).collect();
        Self { files: files.clone(), ..Self::new(Path::new(&names.join(", ")), entries) }
    }

    /// The files that were read.
    pub(crate) fn files(&self) -> &[Dataset] {
        match (self.files.as_slice(), self.entries.as_slice()) {
            ([], []) if !self.is_only_text() => &[],
            ([], _) => std::slice::from_ref(self),
            (several, _) => several,
        }
    }

    /// The names in all files, and what they stand for.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &(String, Entry)> {
        self.files().iter().flat_map(Self::entries)
    }

    /// What a name stands for in the first file that has it.
    pub(crate) fn column(&self, name: &str) -> Option<&Entry> {
        self.files().iter().find_map(|file| file.get(name))
    }

    /// Reads the contents of a data file, whose kind `path` says.
    ///
    /// # Errors
    /// As [`Dataset::read`].
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Self, DataError> {
        match path.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
            Some("csv" | "tsv" | "tab" | "txt" | "dat" | "data") => {
                Self::from_csv(path, &error::decode(path, bytes)?)
            }
            Some("json") => Self::from_json(path, &error::decode(path, bytes)?),
            Some("npz") => Ok(Self::new(path, arrays::read_archive(path, &bytes)?)),
            Some("npy") => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let entry = arrays::read(path, &name, &bytes)?;
                Ok(Self::new(path, vec![(name, entry)]))
            }
            _ => Err(DataError::Extension { path: path.into() }),
        }
    }

    /// Reads the text of a table, by commas unless its first row looks otherwise; `path` is for messages.
    ///
    /// # Errors
    /// When the text is not a table.
    pub fn from_csv(path: &Path, text: &str) -> Result<Self, DataError> {
        let entries = csv_file::read(path, text, &Layout::default())?;
        Ok(Self { text: Some(text.into()), is_table: true, ..Self::new(path, entries) })
    }

    /// The columns of a table of text that is laid out otherwise than it looks; `None` where the file is none.
    pub(crate) fn laid_out(&self, layout: &Layout) -> Option<Result<Vec<(String, Entry)>, DataError>> {
        self.text.as_ref().map(|text| csv_file::read(Path::new(&self.name), text, layout))
    }

    /// The text of a table.
    pub(crate) fn table_text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Reads the text of a JSON file; `path` is for messages.
    ///
    /// # Errors
    /// When the text is not an object of numbers, texts and rectangular lists.
    pub fn from_json(path: &Path, text: &str) -> Result<Self, DataError> {
        Ok(Self::new(path, json_file::read(path, text)?))
    }

    fn new(path: &Path, entries: Vec<(String, Entry)>) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let index = entries.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect();
        static READ: AtomicU64 = AtomicU64::new(0);
        let id = 1 + READ.fetch_add(1, Ordering::Relaxed);
        Self { name, entries, index, id, text: None, is_table: false, files: Vec::new() }
    }

    /// The data with another entry under a name, in every file that has it.
    pub(crate) fn with(&self, name: &str, entry: Entry) -> Self {
        if !self.files.is_empty() {
            return Self::of_files(self.files.iter().map(|file| file.with(name, entry.clone())).collect());
        }
        let mut entries = self.entries.clone();
        entries.iter_mut().filter(|(known, _)| known == name).for_each(|(_, old)| *old = entry.clone());
        Self { is_table: self.is_table, ..Self::new(Path::new(&self.name), entries) }
    }

    /// A number that copies of one data set share, and no others.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Name of the file, or of the files with commas between, for messages; empty when there is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is the text of a table that is none as it looks.
    pub(crate) fn is_only_text(&self) -> bool {
        self.is_table && self.entries.is_empty()
    }

    /// Whether the file is a table in itself, whose columns are those of a data frame, rather than arrays by name.
    pub(crate) fn is_table_file(&self) -> bool {
        self.is_table
    }

    /// The names, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.index.get(name).map(|&i| &self.entries[i].1)
    }

    /// The numbers of a name.
    pub fn numbers(&self, name: &str) -> Option<&Value> {
        match self.get(name)? {
            Entry::Numbers { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Names and what they stand for, in the order of the file.
    pub fn entries(&self) -> &[(String, Entry)] {
        &self.entries
    }
}

impl Entry {
    /// An array of numbers.
    fn of_numbers(numbers: Vec<f64>, shape: Vec<usize>, kind: Kind) -> Self {
        let missing = numbers.iter().position(|x| x.is_nan()).map(|row| Location { row, line: None });
        Entry::Numbers { value: Value::data(numbers, shape, kind), missing }
    }

    /// Number of elements, those of members included.
    pub fn elements(&self) -> usize {
        match self {
            Entry::Numbers { value, .. } => value.len(),
            Entry::TextColumn { values, .. } => values.len(),
            Entry::Text(_) => 1,
            Entry::Items(items) => items.iter().map(Entry::elements).sum(),
            Entry::Members(members) => members.iter().map(|(_, entry)| entry.elements()).sum(),
        }
    }

    /// Length of a one-dimensional list.
    pub fn list_length(&self) -> Option<usize> {
        match self {
            Entry::Numbers { value, .. } if value.rank() == 1 => Some(value.len()),
            Entry::TextColumn { values, .. } => Some(values.len()),
            _ => None,
        }
    }
}

/// Whether entries make a table: lists of one length, as the columns of a data frame.
pub fn is_table(entries: &[(String, Entry)]) -> bool {
    let first = entries.first().and_then(|(_, entry)| entry.list_length());
    first.is_some() && entries.iter().all(|(_, entry)| entry.list_length() == first)
}
