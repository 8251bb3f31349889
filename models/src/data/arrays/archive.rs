//! Zip archives: files by name, stored as they are or deflated.
//!
//! # References
//! - PKWARE, .ZIP File Format Specification, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end)

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// Bytes of the end of the directory without its comment, and most bytes of that.
const END: usize = 22;
const COMMENT: usize = 1 << 16;

/// A file of an archive.
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    bytes: &'a [u8],
    is_deflated: bool,
    size: u64,
    check: u32,
}

/// The files of an archive, in the order of its directory; `None` where that is broken.
pub(super) fn members(bytes: &[u8]) -> Option<Vec<Member<'_>>> {
    let earliest = bytes.len().saturating_sub(END + COMMENT);
    let end = (earliest..=bytes.len().checked_sub(END)?)
        .rev()
        .find(|&at| bytes[at..].starts_with(b"PK\x05\x06"))?;
    let (count, mut at) = (whole(bytes, end + 10, 2)?, whole(bytes, end + 16, 4)?);
    let mut members = Vec::new();
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let lengths = [28, 30, 32].map(|field| whole(bytes, at + field, 2));
        let [name, extra, comment] = [lengths[0]?, lengths[1]?, lengths[2]?];
        let local = whole(bytes, at + 42, 4)?;
        let start = local + 30 + whole(bytes, local + 26, 2)? + whole(bytes, local + 28, 2)?;
        members.push(Member {
            name: std::str::from_utf8(bytes.get(at + 46..at + 46 + name)?).ok()?,
            bytes: bytes.get(start..start.checked_add(whole(bytes, at + 20, 4)?)?)?,
            is_deflated: match whole(bytes, at + 10, 2)? {
                0 => false,
                8 => true,
                _ => return None,
            },
            size: whole(bytes, at + 24, 4)? as u64,
            check: whole(bytes, at + 16, 4)? as u32,
        });
        at += 46 + name + extra + comment;
    }
    Some(members)
}

impl Member<'_> {
    /// Bytes of the file, as the directory says.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// What is in the file; `None` where that is not what the directory says.
    pub(super) fn contents(&self) -> Option<Vec<u8>> {
        let mut contents = Vec::new();
        if self.is_deflated {
            DeflateDecoder::new(self.bytes).take(self.size + 1).read_to_end(&mut contents).ok()?;
        } else {
            contents.extend_from_slice(self.bytes);
        }
        let mut check = Crc::new();
        check.update(&contents);
        (contents.len() as u64 == self.size && check.sum() == self.check).then_some(contents)
    }
}

/// A whole number of some bytes, the low ones first.
fn whole(bytes: &[u8], at: usize, count: usize) -> Option<usize> {
    Some(
        bytes
            .get(at..at.checked_add(count)?)?
            .iter()
            .rev()
            .fold(0, |whole, byte| whole << 8 | usize::from(*byte)),
    )
}
