//! Describe the datasets of a file and encode them: object headers, and the heap that those refer to.
//!
//! The headers hold addresses of each other and of the values. Their lengths do not depend on those addresses, so they
//! are made twice: once with zeros, to learn the lengths, and once with the addresses that follow from them.

use serde::{Deserialize, Serialize};

use super::super::inference_data::{Attribute, Coordinate, Group, Values};
use super::hdf5::{Header, Heap, Room, Type};

/// A dataset: the coordinate of a dimension, or a variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dataset {
    pub(super) name: String,
    pub(super) element: Type,
    /// Truth values, which are stored as int8.
    pub(super) is_bool: bool,
    pub(super) shape: Vec<u64>,
    pub(super) room: Option<Room>,
    /// Where the values stand.
    pub(super) address: u64,
    /// For each axis of a variable, the dimension's place in its group.
    pub(super) axes: Vec<usize>,
    pub(super) attributes: Vec<(String, Attribute)>,
}

impl Dataset {
    /// Bytes that the values take in the file, with the room for those to come.
    pub(super) fn bytes(&self) -> u64 {
        let lengths = self.shape.iter().enumerate().map(|(axis, &length)| match self.room {
            Some(room) if room.axis == axis => room.stride(),
            _ => length,
        });
        lengths.product::<u64>() * self.element.size()
    }

    /// Bytes of one place along an axis: those of all axes behind it.
    pub(super) fn row_bytes(&self, axis: usize) -> u64 {
        self.shape[axis + 1..].iter().product::<u64>() * self.element.size()
    }

    fn header(&self) -> Header {
        match self.room {
            Some(room) if self.shape[room.axis] < room.stride() && self.bytes() > 0 => {
                Header::growing(self.element, &self.shape, room, self.address)
            }
            _ => Header::dataset(self.element, &self.shape, self.address),
        }
    }
}

/// A group of datasets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, Attribute)>,
    /// Coordinates, which are also the dimension scales.
    pub(super) scales: Vec<Dataset>,
    pub(super) variables: Vec<Dataset>,
}

impl Node {
    /// Describes a group; its values have no place yet.
    pub(super) fn new(group: &Group) -> Self {
        let dataset = |name: &str, element, shape: &[usize]| Dataset {
            name: name.to_owned(),
            element,
            is_bool: false,
            shape: shape.iter().map(|&length| length as u64).collect(),
            room: None,
            address: 0,
            axes: Vec::new(),
            attributes: Vec::new(),
        };
        let scales = group.coordinates().iter().map(|(dim, labels)| {
            let element = match labels {
                Coordinate::Int(_) => Type::I64,
                Coordinate::Float(_) => Type::F64,
                Coordinate::Text(_) => Type::Text,
            };
            dataset(dim, element, &[labels.len()])
        });
        let variables = group.variables().iter().map(|variable| {
            let element = match variable.values {
                Values::Float(_) => Type::F64,
                Values::Int(_) => Type::I64,
                Values::Bool(_) => Type::I8,
                Values::Text(_) => Type::Text,
            };
            let place = |dim: &String| group.coordinates().iter().position(|(name, _)| name == dim);
            Dataset {
                is_bool: matches!(variable.values, Values::Bool(_)),
                axes: variable.dims.iter().filter_map(place).collect(),
                attributes: variable.attributes.clone(),
                ..dataset(&variable.name, element, &variable.shape)
            }
        });
        Self {
            name: group.name().to_owned(),
            attributes: group.attributes().to_vec(),
            scales: scales.collect(),
            variables: variables.collect(),
        }
    }

    /// The datasets in the order in which their values stand in the file.
    pub(super) fn datasets(&self) -> impl Iterator<Item = &Dataset> {
        self.scales.iter().chain(&self.variables)
    }

    /// The same, to be changed.
    pub(super) fn datasets_mut(&mut self) -> impl Iterator<Item = &mut Dataset> {
        self.scales.iter_mut().chain(&mut self.variables)
    }
}

/// Gives every dataset its place, the first at `start` or behind, each at a multiple of 8; returns the end.
pub(super) fn place(groups: &mut [Node], start: u64) -> u64 {
    let mut end = start.next_multiple_of(8);
    for dataset in groups.iter_mut().flat_map(Node::datasets_mut) {
        dataset.address = end;
        end = (end + dataset.bytes()).next_multiple_of(8);
    }
    end
}

/// The encoded description of a file.
pub(super) struct Description {
    pub(super) bytes: Vec<u8>,
    /// Address of the root group's header.
    pub(super) root: u64,
}

/// Encodes groups for a description that begins at `address`, a multiple of 8.
pub(super) fn describe(groups: &[Node], address: u64) -> Description {
    let Parts { heap, headers } = Encoder::encode(groups, address, &[]);
    let mut end = address + heap.len() as u64;
    let mut addresses = Vec::with_capacity(headers.len());
    for header in &headers {
        addresses.push(end);
        end = (end + header.len() as u64).next_multiple_of(8);
    }
    let Parts { heap: mut bytes, headers } = Encoder::encode(groups, address, &addresses);
    for header in headers {
        bytes.extend(header);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
    }
    Description { bytes, root: addresses.last().copied().unwrap_or(address) }
}

struct Parts {
    heap: Vec<u8>,
    headers: Vec<Vec<u8>>,
}

struct Encoder<'a> {
    /// Where the headers stand; none before that is known.
    addresses: &'a [u64],
    heap: Heap,
    headers: Vec<Vec<u8>>,
    /// Dimensions so far; netCDF numbers them through the whole file.
    dims: i32,
}

impl<'a> Encoder<'a> {
    /// Makes the headers, that of the root group last.
    fn encode(groups: &[Node], address: u64, addresses: &'a [u64]) -> Parts {
        let mut encoder = Self { addresses, heap: Heap::new(address), headers: Vec::new(), dims: 0 };
        let mut root = Header::group(groups.len() as u64);
        for (order, group) in groups.iter().enumerate() {
            let index = encoder.group(group);
            root.link(order as u64, &group.name, encoder.address(index));
        }
        encoder.headers.push(root.encode());
        Parts { heap: encoder.heap.encode(), headers: encoder.headers }
    }

    fn address(&self, index: usize) -> u64 {
        self.addresses.get(index).copied().unwrap_or(0)
    }

    /// Adds a group with its datasets and returns the index of its header.
    fn group(&mut self, group: &Node) -> usize {
        let (first_scale, first_dim) = (self.headers.len(), self.dims);
        let mut header = Header::group(group.datasets().count() as u64);
        for (order, dataset) in group.datasets().enumerate() {
            header.link(order as u64, &dataset.name, self.address(first_scale + order));
        }
        for scale in &group.scales {
            self.scale(scale);
        }
        for variable in &group.variables {
            self.variable(variable, first_scale, first_dim);
        }
        for (name, value) in &group.attributes {
            self.attribute(&mut header, name, value);
        }
        self.headers.push(header.encode());
        self.headers.len() - 1
    }

    /// Adds the coordinate of a dimension, which is also its dimension scale.
    fn scale(&mut self, scale: &Dataset) {
        let mut header = scale.header();
        header.text_attribute("CLASS", "DIMENSION_SCALE");
        header.text_attribute("NAME", &scale.name);
        header.attribute("_Netcdf4Dimid", Type::I32, &[], &self.dims.to_le_bytes());
        header.attribute("_Netcdf4Coordinates", Type::I32, &[1], &self.dims.to_le_bytes());
        self.headers.push(header.encode());
        self.dims += 1;
    }

    fn variable(&mut self, variable: &Dataset, first_scale: usize, first_dim: i32) {
        let mut header = variable.header();
        let axes = &variable.axes;
        if !axes.is_empty() {
            let rank = [axes.len() as u64];
            let scales = axes.iter().flat_map(|&axis| {
                let address = self.address(first_scale + axis);
                self.heap.store(&address.to_le_bytes(), 1)
            });
            let scales: Vec<u8> = scales.collect();
            header.attribute("DIMENSION_LIST", Type::References, &rank, &scales);
            let dims = axes.iter().flat_map(|&axis| (first_dim + axis as i32).to_le_bytes());
            header.attribute("_Netcdf4Coordinates", Type::I32, &rank, &dims.collect::<Vec<_>>());
        }
        if variable.is_bool {
            header.text_attribute("dtype", "bool");
        }
        for (name, value) in &variable.attributes {
            self.attribute(&mut header, name, value);
        }
        self.headers.push(header.encode());
    }

    fn attribute(&mut self, header: &mut Header, name: &str, value: &Attribute) {
        match value {
            Attribute::Text(text) => header.text_attribute(name, text),
            Attribute::Int(number) => header.attribute(name, Type::I64, &[], &number.to_le_bytes()),
            Attribute::Float(number) => header.attribute(name, Type::F64, &[], &number.to_le_bytes()),
            Attribute::TextList(texts) => {
                let store = |text: &String| self.heap.store(text.as_bytes(), text.len());
                let references: Vec<u8> = texts.iter().flat_map(store).collect();
                header.attribute(name, Type::Text, &[texts.len() as u64], &references);
            }
            Attribute::FloatList(numbers) => {
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                header.attribute(name, Type::F64, &[numbers.len() as u64], &bytes);
            }
        }
    }
}
