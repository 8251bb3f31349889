//! Write a NetCDF-4 file in one pass: strings first, then the values, streamed, then the headers.
//!
//! The bytes go to a temporary file beside the target, which takes its name only when complete.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::error::DrawsError;
use super::super::inference_data::{Attribute, Coordinate, Group, InferenceData, Values};
use super::hdf5::{Heap, MESSAGE_MAX, STRINGS, superblock};
use super::structure::{Node, describe, place};

/// Writes all groups to a file, or leaves what was at that path as it was. A link is followed; what is not a regular
/// file (a device, a pipe) is written to, not replaced.
///
/// # Errors
/// When the file cannot be written (no such folder, no permission, no space), or an attribute is too long for it.
pub fn write_netcdf(data: &InferenceData, path: &Path) -> Result<(), DrawsError> {
    check_lengths(data.groups(), path)?;
    let failed = |source| DrawsError::Write { path: path.to_owned(), source };
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|there| !there.is_file()) {
        return stream(data, &target).map_err(failed);
    }
    let temporary = temporary_beside(&target);
    let written = stream(data, &temporary).and_then(|()| fs::rename(&temporary, &target));
    written.map_err(|source| {
        // The first error is the one to tell; the temporary file may not even have been made.
        let _ = fs::remove_file(&temporary);
        failed(source)
    })
}

/// A name beside `path` that no other write of this or another process uses.
pub(super) fn temporary_beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()))
}

/// Everything that goes into one message of an object header must fit into it.
pub(super) fn check_lengths(groups: &[Group], path: &Path) -> Result<(), DrawsError> {
    let too_long = |object: &str, what: String| {
        let limit = MESSAGE_MAX as u64;
        DrawsError::TooLong { path: path.into(), object: object.into(), what, limit }
    };
    let check = |object: &str, attributes: &[(String, Attribute)]| {
        for (name, value) in attributes {
            let bytes = match value {
                Attribute::Text(text) => text.len(),
                Attribute::Int(_) | Attribute::Float(_) => 8,
                Attribute::TextList(texts) => 16 * texts.len(),
                Attribute::FloatList(numbers) => 8 * numbers.len(),
            };
            if name.len() + bytes + 64 > MESSAGE_MAX {
                return Err(too_long(object, format!("attribute `{name}`")));
            }
        }
        Ok(())
    };
    for group in groups {
        check(group.name(), group.attributes())?;
        for variable in group.variables() {
            check(&variable.name, &variable.attributes)?;
        }
        let dims = group.coordinates().iter().map(|(dim, _)| dim);
        let names = group.variables().iter().map(|variable| &variable.name).chain(dims);
        if let Some(name) = names.into_iter().find(|name| name.len() + 64 > MESSAGE_MAX) {
            return Err(too_long(
                group.name(),
                format!("the name `{}...`", name.chars().take(20).collect::<String>()),
            ));
        }
    }
    Ok(())
}

fn stream(data: &InferenceData, path: &Path) -> io::Result<()> {
    let mut contents = Contents::new();
    let mut groups: Vec<Node> = Vec::new();
    for group in data.groups() {
        contents.add(group);
        groups.push(Node::new(group));
    }
    let Contents { texts, blocks } = contents;
    let texts = texts.encode();
    let end = place(&mut groups, STRINGS + texts.len() as u64);
    let description = describe(&groups, end);

    let mut out = BufWriter::with_capacity(1 << 18, fs::File::create(path)?);
    out.write_all(&superblock(end + description.bytes.len() as u64, description.root))?;
    out.write_all(&[0; 8])?;
    out.write_all(&texts)?;
    let mut position = STRINGS + texts.len() as u64;
    for block in &blocks {
        block.write(&mut out)?;
        position += block.len();
        let gap = position.next_multiple_of(8) - position;
        out.write_all(&[0; 8][..gap as usize])?;
        position += gap;
    }
    out.write_all(&description.bytes)?;
    out.into_inner()?;
    Ok(())
}

/// Values as they stand in the file.
pub(super) enum Block<'a> {
    Float(&'a [f64]),
    Int(&'a [i64]),
    Bool(&'a [bool]),
    Bytes(Vec<u8>),
}

impl Block<'_> {
    fn len(&self) -> u64 {
        match self {
            Block::Float(values) => 8 * values.len() as u64,
            Block::Int(values) => 8 * values.len() as u64,
            Block::Bool(values) => values.len() as u64,
            Block::Bytes(bytes) => bytes.len() as u64,
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(1 << 16);
        let mut send = |bytes: &mut Vec<u8>| {
            let sent = out.write_all(bytes);
            bytes.clear();
            sent
        };
        match self {
            Block::Float(values) => values.chunks(1 << 13).try_for_each(|chunk| {
                buffer.extend(chunk.iter().flat_map(|value| value.to_le_bytes()));
                send(&mut buffer)
            }),
            Block::Int(values) => values.chunks(1 << 13).try_for_each(|chunk| {
                buffer.extend(chunk.iter().flat_map(|value| value.to_le_bytes()));
                send(&mut buffer)
            }),
            Block::Bool(values) => values.chunks(1 << 16).try_for_each(|chunk| {
                buffer.extend(chunk.iter().map(|&value| u8::from(value)));
                send(&mut buffer)
            }),
            Block::Bytes(bytes) => out.write_all(bytes),
        }
    }
}

/// The values of groups, in the order of their datasets, and the strings that they refer to.
pub(super) struct Contents<'a> {
    pub(super) texts: Heap,
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Contents<'a> {
    /// No values yet; strings stand behind the superblock.
    pub(super) fn new() -> Self {
        Self { texts: Heap::new(STRINGS), blocks: Vec::new() }
    }

    /// Adds the coordinates and variables of a group.
    pub(super) fn add(&mut self, group: &'a Group) {
        for (_, labels) in group.coordinates() {
            let block = match labels {
                Coordinate::Int(labels) => Block::Int(labels),
                Coordinate::Float(labels) => Block::Float(labels),
                Coordinate::Text(labels) => self.texts(labels),
            };
            self.blocks.push(block);
        }
        for variable in group.variables() {
            let block = match &variable.values {
                Values::Float(values) => Block::Float(values),
                Values::Int(values) => Block::Int(values),
                Values::Bool(values) => Block::Bool(values),
                Values::Text(values) => self.texts(values),
            };
            self.blocks.push(block);
        }
    }

    fn texts(&mut self, texts: &[String]) -> Block<'a> {
        let store = |text: &String| self.texts.store(text.as_bytes(), text.len());
        Block::Bytes(texts.iter().flat_map(store).collect())
    }
}
