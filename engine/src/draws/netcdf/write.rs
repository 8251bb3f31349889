//! Write a NetCDF-4 file in one pass: headers and heap first, then the values, streamed.
//!
//! The headers hold addresses of each other and of the values. Their lengths do not depend on those addresses, so
//! they are made twice: once with zeros, to learn the lengths, and once with the addresses that follow from them.
//! The bytes go to a temporary file beside the target, which takes its name only when complete.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::error::DrawsError;
use super::super::inference_data::{Attribute, Coordinate, Group, InferenceData, Values, Variable};
use super::hdf5::{Header, Heap, MESSAGE_MAX, SUPERBLOCK_LEN, Type, superblock};

/// Writes all groups to a file, or leaves what was at that path as it was. A link is followed; what is not a regular
/// file (a device, a pipe) is written to, not replaced.
///
/// # Errors
/// When the file cannot be written (no such folder, no permission, no space), or an attribute is too long for it.
pub fn write_netcdf(data: &InferenceData, path: &Path) -> Result<(), DrawsError> {
    check_lengths(data, path)?;
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
fn temporary_beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()))
}

/// Everything that goes into one message of an object header must fit into it.
fn check_lengths(data: &InferenceData, path: &Path) -> Result<(), DrawsError> {
    let too_long =
        |object: &str, what: String| DrawsError::TooLong { path: path.into(), object: object.into(), what };
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
    for group in data.groups() {
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
    let mut layout = Layout::default();
    let first = build(data, &layout);
    layout.place(&first);
    let Image { heap, headers, blocks, root } = build(data, &layout);

    let mut out = BufWriter::with_capacity(1 << 18, fs::File::create(path)?);
    out.write_all(&superblock(layout.end, layout.headers[root]))?;
    out.write_all(&heap)?;
    let mut position = SUPERBLOCK_LEN + heap.len() as u64;
    for header in &headers {
        position += pad(&mut out, position)?;
        out.write_all(header)?;
        position += header.len() as u64;
    }
    for block in &blocks {
        position += pad(&mut out, position)?;
        block.write(&mut out)?;
        position += block.len();
    }
    pad(&mut out, position)?;
    out.into_inner()?;
    Ok(())
}

/// Fills up to the next multiple of 8 bytes and returns how many it took.
fn pad(out: &mut impl Write, position: u64) -> io::Result<u64> {
    let gap = position.next_multiple_of(8) - position;
    out.write_all(&[0; 8][..gap as usize])?;
    Ok(gap)
}

/// Where object headers and blocks of values stand; all zero before they are placed.
#[derive(Default)]
struct Layout {
    headers: Vec<u64>,
    blocks: Vec<u64>,
    end: u64,
}

impl Layout {
    fn place(&mut self, image: &Image) {
        let mut position = SUPERBLOCK_LEN + image.heap.len() as u64;
        let mut next = |length: u64| {
            let start = position.next_multiple_of(8);
            position = start + length;
            start
        };
        self.headers = image.headers.iter().map(|header| next(header.len() as u64)).collect();
        self.blocks = image.blocks.iter().map(|block| next(block.len())).collect();
        self.end = position.next_multiple_of(8);
    }

    fn header(&self, index: usize) -> u64 {
        self.headers.get(index).copied().unwrap_or(0)
    }

    fn block(&self, index: usize) -> u64 {
        self.blocks.get(index).copied().unwrap_or(0)
    }
}

/// Values as they stand in the file.
enum Block<'a> {
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

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
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

/// The parts of a file that uses the addresses of one layout.
struct Image<'a> {
    heap: Vec<u8>,
    headers: Vec<Vec<u8>>,
    blocks: Vec<Block<'a>>,
    /// Index of the root group's header.
    root: usize,
}

fn build<'a>(data: &'a InferenceData, layout: &Layout) -> Image<'a> {
    let mut builder =
        Builder { layout, heap: Heap::default(), headers: Vec::new(), blocks: Vec::new(), dims: 0 };
    let mut root = Header::group(data.groups().len() as u64);
    for (order, group) in data.groups().iter().enumerate() {
        let index = builder.group(group);
        root.link(order as u64, group.name(), layout.header(index));
    }
    builder.headers.push(root.encode());
    let root = builder.headers.len() - 1;
    Image { heap: builder.heap.encode(), headers: builder.headers, blocks: builder.blocks, root }
}

struct Builder<'a, 'l> {
    layout: &'l Layout,
    heap: Heap,
    headers: Vec<Vec<u8>>,
    blocks: Vec<Block<'a>>,
    /// Dimensions so far; netCDF numbers them through the whole file.
    dims: i32,
}

impl<'a> Builder<'a, '_> {
    /// Adds a group with its datasets and returns the index of its header.
    fn group(&mut self, group: &'a Group) -> usize {
        let (first_scale, first_dim) = (self.headers.len(), self.dims);
        let links = group.coordinates().len() + group.variables().len();
        let mut header = Header::group(links as u64);
        let mut order = 0;
        let mut link = |name: &str, address: u64| {
            header.link(order, name, address);
            order += 1;
        };
        for (dim, coordinate) in group.coordinates() {
            link(dim, self.layout.header(self.headers.len()));
            self.scale(dim, coordinate);
        }
        for variable in group.variables() {
            link(&variable.name, self.layout.header(self.headers.len()));
            let axes = variable
                .dims
                .iter()
                .filter_map(|dim| group.coordinates().iter().position(|(name, _)| name == dim));
            self.variable(variable, &axes.collect::<Vec<_>>(), first_scale, first_dim);
        }
        for (name, value) in group.attributes() {
            self.attribute(&mut header, name, value);
        }
        self.headers.push(header.encode());
        self.headers.len() - 1
    }

    /// Adds the coordinate of a dimension, which is also its dimension scale.
    fn scale(&mut self, dim: &str, coordinate: &'a Coordinate) {
        let shape = [coordinate.len() as u64];
        let (element, block) = match coordinate {
            Coordinate::Int(labels) => (Type::I64, Block::Int(labels)),
            Coordinate::Float(labels) => (Type::F64, Block::Float(labels)),
            Coordinate::Text(labels) => (Type::Text, self.texts(labels)),
        };
        let mut header = Header::dataset(element, &shape, self.layout.block(self.blocks.len()));
        header.text_attribute("CLASS", "DIMENSION_SCALE");
        header.text_attribute("NAME", dim);
        header.attribute("_Netcdf4Dimid", Type::I32, &[], &self.dims.to_le_bytes());
        header.attribute("_Netcdf4Coordinates", Type::I32, &[1], &self.dims.to_le_bytes());
        self.headers.push(header.encode());
        self.blocks.push(block);
        self.dims += 1;
    }

    /// Adds a variable whose axes are the dimensions with those places in its group.
    fn variable(&mut self, variable: &'a Variable, axes: &[usize], first_scale: usize, first_dim: i32) {
        let shape: Vec<u64> = variable.shape.iter().map(|&length| length as u64).collect();
        let (element, block) = match &variable.values {
            Values::Float(values) => (Type::F64, Block::Float(values)),
            Values::Int(values) => (Type::I64, Block::Int(values)),
            Values::Bool(values) => (Type::I8, Block::Bool(values)),
            Values::Text(values) => (Type::Text, self.texts(values)),
        };
        let mut header = Header::dataset(element, &shape, self.layout.block(self.blocks.len()));
        if !axes.is_empty() {
            let rank = [axes.len() as u64];
            let scales = axes.iter().flat_map(|&axis| {
                let address = self.layout.header(first_scale + axis);
                self.heap.store(&address.to_le_bytes(), 1)
            });
            header.attribute("DIMENSION_LIST", Type::References, &rank, &scales.collect::<Vec<_>>());
            let dims = axes.iter().flat_map(|&axis| (first_dim + axis as i32).to_le_bytes());
            header.attribute("_Netcdf4Coordinates", Type::I32, &rank, &dims.collect::<Vec<_>>());
        }
        if matches!(variable.values, Values::Bool(_)) {
            header.text_attribute("dtype", "bool");
        }
        for (name, value) in &variable.attributes {
            self.attribute(&mut header, name, value);
        }
        self.headers.push(header.encode());
        self.blocks.push(block);
    }

    fn attribute(&mut self, header: &mut Header, name: &str, value: &Attribute) {
        match value {
            Attribute::Text(text) => header.text_attribute(name, text),
            Attribute::Int(number) => header.attribute(name, Type::I64, &[], &number.to_le_bytes()),
            Attribute::Float(number) => header.attribute(name, Type::F64, &[], &number.to_le_bytes()),
            Attribute::TextList(texts) => {
                let references: Vec<u8> = texts.iter().flat_map(|text| self.text(text)).collect();
                header.attribute(name, Type::Text, &[texts.len() as u64], &references);
            }
            Attribute::FloatList(numbers) => {
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                header.attribute(name, Type::F64, &[numbers.len() as u64], &bytes);
            }
        }
    }

    fn texts(&mut self, texts: &[String]) -> Block<'a> {
        Block::Bytes(texts.iter().flat_map(|text| self.text(text)).collect())
    }

    fn text(&mut self, text: &str) -> [u8; 16] {
        self.heap.store(text.as_bytes(), text.len())
    }
}
