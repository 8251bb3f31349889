//! Keep what a run needs to go on after it was killed: a file that is replaced whole or not at all.
//!
//! ```text
//! "chainfire checkpoint\n" | version u32 | length u64 | CRC-32 of the rest u32 | identity | contents
//! ```
//!
//! The identity says what must be the same for the draws to go on as if the run had never ended: the model, its data,
//! the settings, the version of the program. It is checked first, so that a difference is named even where the contents
//! have another form. Identity and contents are in postcard's format, in which the bits of a number stay as they are.
//!
//! The new file is written beside the old one, brought to the disk and then takes its name: at every moment one of the
//! two is there.
//!
//! # References
//! - Munns, The postcard wire specification. <https://postcard.jamesmunns.com/wire-format>

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::DrawsError;

const MAGIC: &[u8] = b"chainfire checkpoint\n";
/// Changes with the form of the file.
const VERSION: u32 = 2;
const HEAD: usize = MAGIC.len() + 16;

/// What must be the same in a run that goes on: names, such as `seed`, with their values.
pub type Identity = Vec<(String, String)>;

/// The checkpoint that belongs to a file of draws, `posterior.nc.checkpoint` beside `posterior.nc`.
pub fn checkpoint_path(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".checkpoint");
    output.canonicalize().unwrap_or_else(|_| output.to_owned()).with_file_name(name)
}

/// Writes a checkpoint, or leaves the one that was there.
///
/// # Errors
/// When the file cannot be written.
pub fn write_checkpoint(
    path: &Path,
    identity: &Identity,
    contents: &impl Serialize,
) -> Result<(), DrawsError> {
    let failed = |source| DrawsError::Write { path: path.to_owned(), source };
    let encode = |error: postcard::Error| failed(std::io::Error::other(error));
    let body = postcard::to_extend(identity, Vec::new()).map_err(encode)?;
    let body = postcard::to_extend(contents, body).map_err(encode)?;
    let mut head = MAGIC.to_vec();
    head.extend(VERSION.to_le_bytes());
    head.extend((body.len() as u64).to_le_bytes());
    head.extend(crc32fast::hash(&body).to_le_bytes());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let temporary = path.with_file_name(name);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(&head)?;
        file.write_all(&body)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        sync_folder(path)
    };
    write().map_err(|source| {
        // The first error is the one to tell; the temporary file may not even have been made.
        let _ = fs::remove_file(&temporary);
        failed(source)
    })
}

/// Reads the contents of a checkpoint of a run with that identity.
///
/// # Errors
/// When the file cannot be read or is damaged, and when the identity is another: what differs is named.
pub fn read_checkpoint<T: DeserializeOwned>(path: &Path, identity: &Identity) -> Result<T, DrawsError> {
    let (there, contents) = read(path)?;
    let differences = differences(&there, identity);
    if !differences.is_empty() {
        return Err(DrawsError::OtherRun { path: path.to_owned(), differences });
    }
    Ok(contents)
}

/// Reads the contents of a checkpoint of any run.
///
/// # Errors
/// When the file cannot be read or is damaged.
pub fn peek_checkpoint<T: DeserializeOwned>(path: &Path) -> Result<T, DrawsError> {
    Ok(read(path)?.1)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<(Identity, T), DrawsError> {
    let bytes = fs::read(path).map_err(|source| DrawsError::Read { path: path.to_owned(), source })?;
    let broken = |what| DrawsError::BrokenCheckpoint { path: path.to_owned(), what };
    if !bytes.starts_with(MAGIC) || bytes.len() < HEAD {
        return Err(broken("it does not begin as one"));
    }
    let (head, body) = bytes.split_at(HEAD);
    let number = |at: usize| head[MAGIC.len() + at..].first_chunk().copied().map(u32::from_le_bytes);
    if number(0) != Some(VERSION) {
        return Err(broken("another version of chainfire wrote it"));
    }
    if head[MAGIC.len() + 4..][..8] != (body.len() as u64).to_le_bytes() {
        return Err(broken("it is shorter or longer than it says"));
    }
    if number(12) != Some(crc32fast::hash(body)) {
        return Err(broken("its checksum is not the one it says"));
    }
    let (there, contents): (Identity, _) =
        postcard::take_from_bytes(body).map_err(|_| broken("its identity cannot be decoded"))?;
    let contents = postcard::from_bytes(contents).map_err(|_| broken("its contents cannot be decoded"))?;
    Ok((there, contents))
}

/// A name for data of any length: 64 bits, in hexadecimal digits.
///
/// # References
/// - Fowler, Noll, Vo (1991), FNV-1a. <http://www.isthe.com/chongo/tech/comp/fnv/>
pub fn fingerprint(bytes: impl IntoIterator<Item = u8>) -> String {
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    format!("{:016x}", bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, mix))
}

fn differences(there: &Identity, here: &Identity) -> Vec<String> {
    let value = |identity: &Identity, name: &str| {
        let found = identity.iter().find(|(other, _)| other == name);
        found.map_or_else(|| "absent".to_owned(), |(_, value)| value.clone())
    };
    let added = here.iter().filter(|(name, _)| there.iter().all(|(other, _)| other != name));
    there
        .iter()
        .chain(added)
        .map(|(name, _)| (name, value(there, name), value(here, name)))
        .filter(|(_, before, now)| before != now)
        .map(|(name, before, now)| format!("`{name}` was {before} and is {now}"))
        .collect()
}

/// Brings the name of a file to the disk, where folders can be opened for that.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    fn identity(seed: &str) -> Identity {
        vec![("model".into(), fingerprint(*b"mu ~ Normal")), ("seed".into(), seed.into())]
    }

    #[test]
    fn fingerprint_matches_the_published_values() {
        assert_eq!(fingerprint(*b""), "cbf29ce484222325");
        assert_eq!(fingerprint(*b"foobar"), "85944171f73967e8");
    }

    #[test]
    fn checkpoint_keeps_every_bit() {
        let folder = folder("checkpoint-bits");
        let path = checkpoint_path(&folder.join("posterior.nc"));
        assert!(path.ends_with("posterior.nc.checkpoint"));
        let numbers: Vec<f64> = vec![f64::NAN, -0.0, f64::NEG_INFINITY, 5e-324, 0.1 + 0.2];
        write_checkpoint(&path, &identity("1"), &vec![(7_u64, Some(numbers.clone())), (8, None)]).unwrap();
        let read: Vec<(u64, Option<Vec<f64>>)> = read_checkpoint(&path, &identity("1")).unwrap();
        let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(read[0].1.as_deref().unwrap()), bits(&numbers));
        assert_eq!((read[0].0, read[1].0, read[1].1.is_none()), (7, 8, true));
    }

    #[test]
    fn checkpoint_of_another_run_is_refused_with_the_difference() {
        let folder = folder("checkpoint-other");
        let path = folder.join("a.checkpoint");
        write_checkpoint(&path, &identity("1"), &3_u64).unwrap();
        let mut other = identity("2");
        other.push(("thin".into(), "5".into()));
        let error = read_checkpoint::<u64>(&path, &other).unwrap_err().to_string();
        assert!(error.contains("`seed` was 1 and is 2; `thin` was absent and is 5"), "{error}");
        assert!(!error.contains("model"), "{error}");
    }

    #[test]
    fn damaged_checkpoint_is_refused_and_a_failed_write_keeps_the_old_one() {
        let folder = folder("checkpoint-damaged");
        let path = folder.join("a.checkpoint");
        write_checkpoint(&path, &identity("1"), &[3_u64; 9]).unwrap();
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(&path, &bytes).unwrap();
            assert!(read_checkpoint::<[u64; 9]>(&path, &identity("1")).is_err(), "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert!(read_checkpoint::<[u64; 9]>(&path, &identity("1")).is_err(), "cut at {at}");
        }
        fs::write(&path, &whole).unwrap();
        // The name of the new file is taken by a folder.
        fs::create_dir(folder.join("a.checkpoint.part")).unwrap();
        assert!(write_checkpoint(&path, &identity("1"), &[4_u64; 9]).is_err());
        assert_eq!(read_checkpoint::<[u64; 9]>(&path, &identity("1")).unwrap(), [3; 9]);
    }
}
