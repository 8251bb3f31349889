//! Lay out the bytes of an HDF5 file: superblock, object headers, global heap.
//!
//! Only what a NetCDF-4 file of whole or growing arrays needs: version 2 superblock and object headers, compact links
//! and attributes in creation order, contiguous data, and chunks whose place follows from their number. (The reader's
//! library cannot write the variable-length lists of object references that dimension scales need.) Everything is
//! little-endian; lengths and addresses take 8 bytes.
//!
//! # References
//! - The HDF Group, HDF5 file format specification version 3.0, sections II.A, III.E, IV.A; "Implicit Index" of the
//!   data layout message, version 4.
//!   <https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html>
//! - Jenkins (2006), lookup3.c, `hashlittle`. <https://burtleburtle.net/bob/c/lookup3.c>

use serde::{Deserialize, Serialize};

/// An address that points nowhere.
const UNDEFINED: u64 = u64::MAX;

/// Bytes of the superblock, which stands at the beginning of the file.
pub(super) const SUPERBLOCK_LEN: u64 = 48;

/// Where the strings stand: behind the superblock and 8 bytes for a number that tells files apart.
pub(super) const STRINGS: u64 = SUPERBLOCK_LEN + 8;

/// Longest body of a message of an object header.
pub(super) const MESSAGE_MAX: usize = 65_000;

/// Most objects in one collection of the global heap.
const COLLECTION_MAX: usize = 60_000;

/// The kind of message that holds an attribute.
const ATTRIBUTE: u8 = 0x0C;

/// Where the first message of an object header, behind its own 6 bytes and 2 of flags, counts the attributes.
const ATTRIBUTE_COUNT: std::ops::Range<usize> = 8..10;

/// Most places of a chunk: the lengths of longer ones take three bytes, which not every reader knows.
const LONGEST_CHUNK: u64 = 65_535;
/// Most bytes of a chunk.
pub(super) const CHUNK_MAX: u64 = u32::MAX as u64;

/// An element type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Type {
    F64,
    F32,
    I64,
    I32,
    I8,
    /// Null-terminated string of that many bytes with its terminator.
    FixedText(u32),
    /// String in the global heap.
    Text,
    /// List of object references in the global heap.
    References,
}

impl Type {
    /// Bytes of an element.
    pub(super) fn size(self) -> u64 {
        match self {
            Type::F64 | Type::I64 => 8,
            Type::F32 | Type::I32 => 4,
            Type::I8 => 1,
            Type::FixedText(size) => u64::from(size),
            Type::Text | Type::References => 16,
        }
    }

    /// The datatype message.
    fn encode(self) -> Vec<u8> {
        // Class and version, three bytes of bit fields, size, properties.
        let head = |class: u8, bits: [u8; 3], size: u32| {
            let mut bytes = vec![0x10 | class];
            bytes.extend(bits);
            bytes.extend(size.to_le_bytes());
            bytes
        };
        let integer = |size: u32, signed: bool| {
            let mut bytes = head(0, [if signed { 8 } else { 0 }, 0, 0], size);
            bytes.extend([0, 0]);
            bytes.extend((size as u16 * 8).to_le_bytes());
            bytes
        };
        match self {
            Type::F64 => {
                let mut bytes = head(1, [0x20, 63, 0], 8);
                bytes.extend([0, 0, 64, 0, 52, 11, 0, 52]);
                bytes.extend(1023_u32.to_le_bytes());
                bytes
            }
            Type::F32 => {
                let mut bytes = head(1, [0x20, 31, 0], 4);
                bytes.extend([0, 0, 32, 0, 23, 8, 0, 23]);
                bytes.extend(127_u32.to_le_bytes());
                bytes
            }
            Type::I64 => integer(8, true),
            Type::I32 => integer(4, true),
            Type::I8 => integer(1, true),
            Type::FixedText(size) => head(3, [0x10, 0, 0], size),
            Type::Text => [head(9, [1, 1, 0], 16), integer(1, false)].concat(),
            Type::References => [head(9, [0, 0, 0], 16), head(7, [0, 0, 0], 8)].concat(),
        }
    }
}

/// Room along one axis of a dataset, most of it not in use yet.
///
/// The values lie as if the axis had the length of its room, so that a longer axis changes the header alone: a chunk
/// is `chunk` places along the axis, one place along those before it and all of those behind it, and chunks of an
/// implicit index stand in C order of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Room {
    /// The axis.
    pub(super) axis: usize,
    /// The length it may grow to.
    pub(super) length: u64,
    /// Places along it in one chunk.
    pub(super) chunk: u64,
}

impl Room {
    /// Room for `length` places of `bytes` bytes each: one chunk, where the format allows chunks of that size.
    pub(super) fn new(axis: usize, length: u64, bytes: u64) -> Self {
        let most = (CHUNK_MAX / bytes.max(1)).clamp(1, LONGEST_CHUNK);
        // Chunks of one length: a room that is a multiple of it has no places to spare.
        Self { axis, length, chunk: length.div_ceil(length.div_ceil(most).max(1)).max(1) }
    }

    /// The length that the values take, whole chunks.
    pub(super) fn stride(&self) -> u64 {
        self.length.next_multiple_of(self.chunk)
    }
}

/// The dataspace message; no lengths mean a scalar.
fn dataspace(shape: &[u64], longest: Option<&[u64]>) -> Vec<u8> {
    let mut bytes = vec![2, shape.len() as u8, u8::from(longest.is_some()), u8::from(!shape.is_empty())];
    bytes.extend(shape.iter().chain(longest.unwrap_or_default()).flat_map(|length| length.to_le_bytes()));
    bytes
}

/// An object header being put together, message by message. The first message counts the attributes.
pub(super) struct Header {
    messages: Vec<u8>,
    attributes: u16,
}

impl Header {
    /// A group with that many links.
    pub(super) fn group(links: u64) -> Self {
        let mut header = Self::with_attributes_in_order();
        let mut link_info = vec![0, 1];
        link_info.extend(links.to_le_bytes());
        link_info.extend([UNDEFINED.to_le_bytes(), UNDEFINED.to_le_bytes()].concat());
        header.push(0x02, &link_info);
        header.push(0x0A, &[0, 0]);
        header
    }

    /// A dataset whose values stand at `address`.
    pub(super) fn dataset(element: Type, shape: &[u64], address: u64) -> Self {
        let mut header = Self::with_attributes_in_order();
        header.push(0x01, &dataspace(shape, None));
        header.push(0x03, &element.encode());
        header.push(0x05, &[3, 0x0A]); // no fill value: space is taken late, nothing is filled in
        let size = shape.iter().product::<u64>() * element.size();
        let address = if size == 0 { UNDEFINED } else { address };
        header.push(0x08, &[&[3, 1][..], &address.to_le_bytes(), &size.to_le_bytes()].concat());
        header
    }

    /// A dataset whose values stand at `address` and may become more.
    pub(super) fn growing(element: Type, shape: &[u64], room: Room, address: u64) -> Self {
        let mut header = Self::with_attributes_in_order();
        let mut longest = shape.to_vec();
        longest[room.axis] = room.length;
        header.push(0x01, &dataspace(shape, Some(&longest)));
        header.push(0x03, &element.encode());
        header.push(0x05, &[3, 0x09]); // no fill value: space is taken early, nothing is filled in
        let mut chunk = shape.to_vec();
        chunk[..room.axis].fill(1);
        chunk[room.axis] = room.chunk;
        chunk.push(element.size());
        // The lengths take as many bytes as the largest needs; the HDF5 library insists on that.
        let width = chunk.iter().map(|length| 8 - length.leading_zeros() as usize / 8).max().unwrap_or(1);
        let mut layout = vec![4, 2, 0, chunk.len() as u8, width as u8];
        layout.extend(chunk.iter().flat_map(|length| length.to_le_bytes().into_iter().take(width)));
        layout.push(2); // implicit index
        layout.extend(address.to_le_bytes());
        header.push(0x08, &layout);
        header
    }

    fn with_attributes_in_order() -> Self {
        let mut header = Self { messages: Vec::new(), attributes: 0 };
        let mut attribute_info = vec![0, 1, 0, 0];
        attribute_info.extend([UNDEFINED.to_le_bytes(), UNDEFINED.to_le_bytes()].concat());
        header.push(0x15, &attribute_info);
        header
    }

    fn push(&mut self, kind: u8, body: &[u8]) {
        self.messages.push(kind);
        self.messages.extend((body.len() as u16).to_le_bytes());
        self.messages.push(0);
        let order = if kind == ATTRIBUTE { self.attributes } else { 0 };
        self.messages.extend(order.to_le_bytes());
        self.messages.extend(body);
    }

    /// Adds an attribute; the bytes are its values.
    pub(super) fn attribute(&mut self, name: &str, element: Type, shape: &[u64], values: &[u8]) {
        let (datatype, space) = (element.encode(), dataspace(shape, None));
        let mut body = vec![3, 0];
        for length in [name.len() + 1, datatype.len(), space.len()] {
            body.extend((length as u16).to_le_bytes());
        }
        body.push(1); // the name is UTF-8
        body.extend(name.as_bytes());
        body.push(0);
        body.extend([&datatype, &space, values].concat());
        self.push(ATTRIBUTE, &body);
        self.attributes += 1;
        self.messages[ATTRIBUTE_COUNT].copy_from_slice(&self.attributes.to_le_bytes());
    }

    /// Adds an attribute with one string.
    pub(super) fn text_attribute(&mut self, name: &str, text: &str) {
        self.attribute(name, Type::FixedText(text.len() as u32 + 1), &[], &[text.as_bytes(), &[0]].concat());
    }

    /// Adds the link number `order` of a group, to the object header at `address`.
    pub(super) fn link(&mut self, order: u64, name: &str, address: u64) {
        let mut body = vec![1, 0x15]; // creation order, character set, two bytes for the length of the name
        body.extend(order.to_le_bytes());
        body.push(1);
        body.extend((name.len() as u16).to_le_bytes());
        body.extend(name.as_bytes());
        body.extend(address.to_le_bytes());
        self.push(0x06, &body);
    }

    /// The bytes of the object header.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = b"OHDR\x02\x06".to_vec(); // attributes tracked in order, four bytes for the length
        bytes.extend((self.messages.len() as u32).to_le_bytes());
        bytes.extend(&self.messages);
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }
}

/// A global heap at an address: collections of strings and lists of references.
pub(super) struct Heap {
    address: u64,
    finished: Vec<u8>,
    objects: Vec<u8>,
    count: usize,
}

impl Heap {
    /// A heap that begins at `address`.
    pub(super) fn new(address: u64) -> Self {
        Self { address, finished: Vec::new(), objects: Vec::new(), count: 0 }
    }

    /// Stores bytes that are `length` elements long and returns the 16 bytes that refer to them.
    pub(super) fn store(&mut self, bytes: &[u8], length: usize) -> [u8; 16] {
        let mut reference = [0; 16];
        if bytes.is_empty() {
            return reference;
        }
        if self.count == COLLECTION_MAX {
            self.finish_collection();
        }
        self.count += 1;
        let collection = self.address + self.finished.len() as u64;
        reference[..4].copy_from_slice(&(length as u32).to_le_bytes());
        reference[4..12].copy_from_slice(&collection.to_le_bytes());
        reference[12..].copy_from_slice(&(self.count as u32).to_le_bytes());
        self.objects.extend((self.count as u16).to_le_bytes());
        self.objects.extend([1, 0, 0, 0, 0, 0]); // reference count, reserved
        self.objects.extend((bytes.len() as u64).to_le_bytes());
        self.objects.extend(bytes);
        self.objects.resize(self.objects.len().next_multiple_of(8), 0);
        reference
    }

    /// Closes a collection; what is left of its 4096-byte pages is its free space, object 0.
    fn finish_collection(&mut self) {
        let used = 16 + self.objects.len();
        let size = (used + 16).next_multiple_of(4096);
        self.finished.extend(b"GCOL\x01\0\0\0");
        self.finished.extend((size as u64).to_le_bytes());
        self.finished.append(&mut self.objects);
        self.finished.extend([0; 8]);
        self.finished.extend(((size - used) as u64).to_le_bytes());
        self.finished.resize(self.finished.len() + size - used - 16, 0);
        self.count = 0;
    }

    /// The bytes of all collections.
    pub(super) fn encode(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.finish_collection();
        }
        self.finished
    }
}

/// The superblock of a file of that length whose root group's header stands at `root`.
pub(super) fn superblock(end: u64, root: u64) -> Vec<u8> {
    let mut bytes = b"\x89HDF\r\n\x1a\n\x02\x08\x08\x00".to_vec();
    for address in [0, UNDEFINED, end, root] {
        bytes.extend(address.to_le_bytes());
    }
    let sum = checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// The address of the root group's header, when the bytes are a superblock as written here.
pub(super) fn superblock_root(bytes: &[u8]) -> Option<u64> {
    let word = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes);
    let (end, root) = (word(28)?, word(36)?);
    (superblock(end, root) == bytes).then_some(root)
}

/// Jenkins' lookup3 hash of the bytes with initial value 0.
fn checksum(bytes: &[u8]) -> u32 {
    let word = |chunk: &[u8], at: usize| {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24
    };
    let start = 0xDEAD_BEEF_u32.wrapping_add(bytes.len() as u32);
    let (mut a, mut b, mut c) = (start, start, start);
    // All blocks of 12 bytes but the last, which may be short, are mixed.
    let whole = bytes.len().saturating_sub(1) / 12 * 12;
    for chunk in bytes[..whole].chunks_exact(12) {
        a = a.wrapping_add(word(chunk, 0));
        b = b.wrapping_add(word(chunk, 4));
        c = c.wrapping_add(word(chunk, 8));
        a = a.wrapping_sub(c) ^ c.rotate_left(4);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(6);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(8);
        b = b.wrapping_add(a);
        a = a.wrapping_sub(c) ^ c.rotate_left(16);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(19);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(4);
        b = b.wrapping_add(a);
    }
    let rest = &bytes[whole..];
    if rest.is_empty() {
        return c;
    }
    a = a.wrapping_add(word(rest, 0));
    b = b.wrapping_add(word(rest, 4));
    c = c.wrapping_add(word(rest, 8));
    for (shift_c, shift_a, shift_b) in [(14, 11, 25), (16, 4, 14)] {
        c = (c ^ b).wrapping_sub(b.rotate_left(shift_c));
        a = (a ^ c).wrapping_sub(c.rotate_left(shift_a));
        b = (b ^ a).wrapping_sub(a.rotate_left(shift_b));
    }
    (c ^ b).wrapping_sub(b.rotate_left(24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_matches_the_published_values() {
        // Values printed by driver5 of lookup3.c for initial value 0.
        assert_eq!(checksum(b""), 0xDEAD_BEEF);
        assert_eq!(checksum(b"Four score and seven years ago"), 0x1777_0551);
    }
}
