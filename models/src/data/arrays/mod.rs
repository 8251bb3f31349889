//! NumPy's files: an array (`.npy`), or a zip archive of arrays with a name each (`.npz`).
//!
//! ```text
//! "\x93NUMPY"  version  length of the header  {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}  elements
//! ```
//!
//! # References
//! - NumPy Enhancement Proposal 1, A Simple File Format for NumPy Arrays

mod archive;
mod elements;
mod header;
mod pickle;

use std::path::Path;

use super::{DataError, Entry, json_file};
use elements::Elements;

/// Most bytes that the arrays of a file may take; zip archives say little about what they hold.
const BYTES: u64 = 1 << 31;

/// The arrays of an `.npz` file, by name.
pub(super) fn read_archive(path: &Path, bytes: &[u8]) -> Result<Vec<(String, Entry)>, DataError> {
    let broken = || DataError::Archive { path: path.into() };
    let members = archive::members(bytes).ok_or_else(broken)?;
    let mut left = BYTES;
    let array = |member: archive::Member<'_>| {
        let name = member.name.strip_suffix(".npy").unwrap_or(member.name);
        left = left.checked_sub(member.size()).ok_or_else(|| {
            array_error(
                path,
                name,
                "takes more than 2 GiB, with those before it: leave out what the model does not use",
            )
        })?;
        let contents = member.contents().ok_or_else(broken)?;
        Ok((name.to_owned(), read(path, name, &contents)?))
    };
    members.into_iter().map(array).collect()
}

/// The array of an `.npy` file.
pub(super) fn read(path: &Path, name: &str, bytes: &[u8]) -> Result<Entry, DataError> {
    let wrong = |reason: String| array_error(path, name, &reason);
    let (header, bytes) = header::read(bytes).map_err(wrong)?;
    let count = header.shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    let Some(count) = count.filter(|&count| count <= bytes.len().max(1)) else {
        let shape = &header.shape;
        return Err(wrong(format!(
            "says that it has the shape {shape:?}, which its {} bytes cannot fill",
            bytes.len()
        )));
    };
    let items = match header.elements {
        Elements::Objects => pickle::items(bytes).map_err(wrong)?,
        elements => {
            let Some(bytes) = count.checked_mul(elements.size()).and_then(|size| bytes.get(..size)) else {
                return Err(wrong(format!(
                    "ends before its {count} elements do: write it again with `np.savez`"
                )));
            };
            match elements.numbers(bytes) {
                Some((numbers, kind)) => {
                    let numbers = if header.is_by_column { by_row(&numbers, &header.shape) } else { numbers };
                    return Ok(Entry::of_numbers(numbers, header.shape, kind));
                }
                None => elements.texts(bytes).map_err(wrong)?,
            }
        }
    };
    if items.len() != count {
        return Err(wrong(format!("has {} elements for the shape {:?}", items.len(), header.shape)));
    }
    Ok(json_file::entry(nested(items, &header.shape)))
}

fn array_error(path: &Path, name: &str, reason: &str) -> DataError {
    DataError::Irregular { path: path.into(), place: name.to_owned(), reason: reason.to_owned() }
}

/// Elements of an array that stand column by column, row by row.
fn by_row(numbers: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for size in shape {
        strides.push(stride);
        stride *= size;
    }
    let place = |mut k: usize| {
        let mut place = 0;
        for (size, stride) in shape.iter().zip(&strides).rev() {
            place += k % size * stride;
            k /= size;
        }
        place
    };
    (0..numbers.len()).map(|k| numbers[place(k)]).collect()
}

/// Items in lists of lists, as a shape says.
fn nested(items: Vec<serde_json::Value>, shape: &[usize]) -> serde_json::Value {
    let mut items = items;
    for &size in shape.iter().skip(1).rev() {
        let mut rows = Vec::new();
        let mut rest = items.into_iter();
        loop {
            let row: Vec<_> = rest.by_ref().take(size).collect();
            if row.is_empty() {
                break;
            }
            rows.push(serde_json::Value::Array(row));
        }
        items = rows;
    }
    match shape {
        [] => items.pop().unwrap_or_default(),
        _ => serde_json::Value::Array(items),
    }
}
