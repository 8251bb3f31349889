//! The elements of an array, by the name of their type: `<f8`, `|b1`, `<U12`, `<M8[D]`.

use chainfire_engine::program::Kind;
use serde_json::Value as Json;

/// Largest whole number that is told from its neighbours in double precision.
const WHOLE: f64 = (1_u64 << 53) as f64;

/// What the elements of an array are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Elements {
    /// Numbers of one kind: what they are (`b`, `i`, `u`, `f`), and bytes of each.
    Numbers { what: char, size: usize, is_big_endian: bool },
    /// Texts of a number of characters, or of bytes.
    Texts { length: usize, is_wide: bool, is_big_endian: bool },
    /// Dates: seconds of one unit, which is a part of a second below 1.
    Dates { unit: f64, is_big_endian: bool },
    /// Python's objects.
    Objects,
}

impl Elements {
    /// The elements of a type; or what is wrong with it.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let is_big_endian = name.starts_with('>');
        let plain = name.trim_start_matches(['<', '>', '|', '=']);
        let unknown = || {
            format!("holds elements of the type `{name}`; numbers, truth values, texts and dates are read")
        };
        let what = plain.chars().next().ok_or_else(unknown)?;
        let (size, unit) =
            plain[what.len_utf8()..].split_once('[').unwrap_or((&plain[what.len_utf8()..], ""));
        let size = size.parse::<usize>().ok().filter(|size| *size <= 1 << 20);
        match (what, size) {
            ('O', _) => Ok(Elements::Objects),
            ('b', Some(1)) | ('i' | 'u', Some(1 | 2 | 4 | 8)) | ('f', Some(4 | 8)) => {
                Ok(Elements::Numbers { what, size: size.unwrap_or(8), is_big_endian })
            }
            ('U', Some(length)) => Ok(Elements::Texts { length, is_wide: true, is_big_endian }),
            ('S', Some(length)) => Ok(Elements::Texts { length, is_wide: false, is_big_endian }),
            ('M', Some(8)) => {
                let unit = match unit.trim_end_matches(']') {
                    "W" => 604_800.0,
                    "D" => 86_400.0,
                    "h" => 3_600.0,
                    "m" => 60.0,
                    "s" => 1.0,
                    "ms" => 1e-3,
                    "us" => 1e-6,
                    "ns" => 1e-9,
                    _ => return Err(unknown()),
                };
                Ok(Elements::Dates { unit, is_big_endian })
            }
            _ => Err(unknown()),
        }
    }

    /// Bytes of an element.
    pub(super) fn size(self) -> usize {
        match self {
            Elements::Numbers { size, .. } => size,
            Elements::Texts { length, is_wide, .. } => length * if is_wide { 4 } else { 1 },
            Elements::Dates { .. } => 8,
            Elements::Objects => 0,
        }
    }

    /// The numbers in some bytes; `None` for other elements.
    pub(super) fn numbers(self, bytes: &[u8]) -> Option<(Vec<f64>, Kind)> {
        let Elements::Numbers { what, size, is_big_endian } = self else {
            return None;
        };
        let number = |bytes: &[u8]| {
            let whole = eight(bytes, is_big_endian);
            let beyond = 8 * (8 - bytes.len() as u32);
            match (what, size) {
                ('b', _) => f64::from(whole != 0),
                ('f', 4) => f64::from(f32::from_bits(whole as u32)),
                ('f', _) => f64::from_bits(whole),
                ('u', _) => whole as f64,
                _ => (((whole << beyond) as i64) >> beyond) as f64,
            }
        };
        let numbers: Vec<f64> = bytes.chunks_exact(size).map(number).collect();
        let kind = match what {
            'b' => Kind::Bool,
            'f' => Kind::Float,
            _ if numbers.iter().any(|x| x.abs() > WHOLE) => Kind::Float,
            _ => Kind::Int,
        };
        Some((numbers, kind))
    }

    /// The texts in some bytes; or what is wrong with them.
    pub(super) fn texts(self, bytes: &[u8]) -> Result<Vec<Json>, String> {
        let not_text = || "holds bytes that are no text".to_owned();
        match self {
            Elements::Texts { length: 0, .. } => Err("holds only empty texts".into()),
            Elements::Texts { is_wide: true, is_big_endian, .. } => {
                let text = |bytes: &[u8]| {
                    let codes = bytes.chunks_exact(4).map(|code| eight(code, is_big_endian) as u32);
                    let text: Option<String> =
                        codes.take_while(|code| *code != 0).map(char::from_u32).collect();
                    text.map(Json::String).ok_or_else(not_text)
                };
                bytes.chunks_exact(self.size()).map(text).collect()
            }
            Elements::Texts { .. } => {
                let text = |bytes: &[u8]| {
                    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                    std::str::from_utf8(&bytes[..end]).map(Json::from).map_err(|_| not_text())
                };
                bytes.chunks_exact(self.size()).map(text).collect()
            }
            Elements::Dates { unit, is_big_endian } => {
                let date = |bytes: &[u8]| match eight(bytes, is_big_endian) as i64 {
                    i64::MIN => Json::Null,
                    count => Json::String(crate::dates::written(count as f64 * unit)),
                };
                Ok(bytes.chunks_exact(8).map(date).collect())
            }
            Elements::Numbers { .. } | Elements::Objects => Err(not_text()),
        }
    }
}

/// At most eight bytes as a whole number.
fn eight(bytes: &[u8], is_big_endian: bool) -> u64 {
    let next = |whole: u64, byte: &u8| whole << 8 | u64::from(*byte);
    match is_big_endian {
        true => bytes.iter().fold(0, next),
        false => bytes.iter().rev().fold(0, next),
    }
}
