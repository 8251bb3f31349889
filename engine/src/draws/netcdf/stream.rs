//! Write draws into a NetCDF-4 file as they are made: every block at its own place, nothing kept in memory.
//!
//! ```text
//! superblock | strings | values of all groups, with room for every draw | description 0 | description 1
//! ```
//!
//! How many draws there will be is known, so each value has its place from the start and a block of draws of one chain
//! is one positioned write a variable, in any order of the chains. A description (headers of groups and datasets) says
//! how many draws every chain has finished; the file shows those and no more. There are two descriptions: a new one is
//! written over the one that is not in use, and then the superblock, 48 bytes in one page, turns to it. So the file can
//! be read at every moment, also when the process is killed at that moment, and a run that stops early needs no copy of
//! what it wrote. Places without draws are holes: they take no disk space where the file system has sparse files.
//!
//! # Why not contiguous arrays
//! Their strides follow from their shape, so that an array whose draws become more would have to move. The dataset has
//! chunks instead, one for each chain, under an implicit index, in which the place of a chunk follows from its number
//! and the *largest* shape: there is no index to update. The bytes are those of a contiguous array with room for every
//! draw, and once a dataset is full its header says just that.
//!
//! # References
//! - The HDF Group, HDF5 file format specification version 3.0, IV.A.2.i, "Implicit Index".

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::super::error::DrawsError;
use super::super::inference_data::{Attribute, Group};
use super::hdf5::{CHUNK_MAX, Room, STRINGS, SUPERBLOCK_LEN, Type, superblock, superblock_root};
use super::positioned::{read_exact_at, write_all_at};
use super::structure::{Dataset, Description, Node, describe, place};
use super::write::{Block, Contents, check_lengths, temporary_beside};

/// How often the file shows draws that are new.
const PUBLISH_EVERY: Duration = Duration::from_secs(1);

/// Groups that get their draws together, such as the posterior and the statistics of its draws.
#[derive(Clone, Debug)]
pub struct Growing {
    /// The groups.
    pub templates: Vec<Template>,
    /// Draws of each chain to make room for.
    pub draws: usize,
}

/// A group whose draws are still to come.
#[derive(Clone, Debug)]
pub struct Template {
    /// The group without draws: its dimension `draw` has length 0, and each variable begins with `chain`, `draw`.
    pub group: Group,
    /// Whether real numbers are stored in four bytes instead of eight.
    pub single: bool,
}

/// Values of one variable for a block of draws, in C order.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// Real numbers.
    Float(&'a [f64]),
    /// Integers.
    Int(&'a [i64]),
    /// Truth values.
    Bool(&'a [bool]),
}

/// What must be known of a file to go on writing it; a checkpoint keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamState {
    /// A number that the file carries too, so that it is not taken for another.
    id: u64,
    /// Those of the first phase, of the second, ..., then those that do not grow.
    groups: Vec<Node>,
    /// Where the strings end.
    strings_end: u64,
    /// Where the values end and the descriptions begin.
    values_end: u64,
    /// Bytes kept for each of the two descriptions.
    description_len: u64,
    /// Length of the file.
    len: u64,
    phases: Vec<Phase>,
}

/// Groups that grow together, for a part of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Phase {
    /// Places of its groups.
    groups: Range<usize>,
    /// Draws of each chain that are written.
    written: Vec<u64>,
}

impl Phase {
    /// Draws that every chain has.
    fn common(&self) -> u64 {
        self.written.iter().copied().min().unwrap_or(0)
    }
}

/// A file that takes draws.
#[derive(Debug)]
pub struct NetcdfStream {
    file: File,
    path: PathBuf,
    state: StreamState,
    /// Where the description stands that is in use.
    description: u64,
    published: Instant,
    publish_every: Duration,
    buffer: Vec<u8>,
}

impl NetcdfStream {
    /// Makes a file with room for all draws of the growing groups, and with the other groups as they are; a file of
    /// that name is replaced.
    ///
    /// # Errors
    /// When the file cannot be made, there is not enough space for all draws, or an attribute is too long.
    ///
    /// # Panics
    /// When a growing group has draws, no chains, no room, or a variable that does not begin with `chain`, `draw`.
    pub fn create(path: &Path, growing: &[Growing], fixed: &[Group]) -> Result<Self, DrawsError> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut contents = Contents::new();
        let (mut groups, mut phases) = (Vec::new(), Vec::new());
        for phase in growing {
            let first = groups.len();
            for template in &phase.templates {
                check_lengths(std::slice::from_ref(&template.group), &path)?;
                contents.add(&template.group);
                groups.push(template.node(phase.draws, &path)?);
            }
            let chains = phase.templates.first().map_or(0, |template| template.group.length("chain"));
            phases.push(Phase { groups: first..groups.len(), written: vec![0; chains] });
        }
        check_lengths(fixed, &path)?;
        for group in fixed {
            contents.add(group);
            groups.push(Node::new(group));
        }
        let Contents { texts, blocks } = contents;
        let strings = texts.encode();
        let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as u64;
        let id = nanoseconds ^ u64::from(std::process::id()).rotate_left(32);
        let state = StreamState::new(id, groups, STRINGS + strings.len() as u64, phases);
        check_space(&path, state.len)?;
        let fill = |out: &mut BufWriter<&File>| {
            out.write_all(&strings)?;
            for (dataset, block) in state.groups.iter().flat_map(Node::datasets).zip(&blocks) {
                out.seek(SeekFrom::Start(dataset.address))?;
                block.write(out)?;
            }
            Ok(())
        };
        state.make(&path, fill).map_err(|source| DrawsError::Write { path: path.clone(), source })?;
        Self::open(&path, state)
    }

    /// Goes on with the file of a checkpoint.
    ///
    /// # Errors
    /// When there is no such file, it is not the one that the state belongs to, or there is not enough space for the
    /// draws to come.
    pub fn resume(path: &Path, state: StreamState) -> Result<Self, DrawsError> {
        let stream = Self::open(path, state)?;
        check_space(path, stream.state.missing_bytes())?;
        Ok(stream)
    }

    /// Makes room for more draws: phase `p` gets room for `draws[p]` of each chain, and keeps those it has.
    ///
    /// The file is copied, and replaced when the copy is complete. When that has been done already, nothing is.
    ///
    /// # Errors
    /// As [`resume`](Self::resume), and when the copy cannot be written.
    pub fn extend(path: &Path, state: StreamState, draws: &[usize]) -> Result<Self, DrawsError> {
        let old = state;
        let mut groups = old.groups.clone();
        for (phase, &draws) in old.phases.iter().zip(draws) {
            let datasets = groups[phase.groups.clone()].iter_mut().flat_map(Node::datasets_mut);
            for dataset in datasets.filter(|dataset| dataset.room.is_some()) {
                give_room(dataset, draws as u64, path)?;
            }
        }
        // Another number, so that a checkpoint of before does not take the longer file for its own.
        let id = old.id.wrapping_add(1);
        let state = StreamState::new(id, groups, old.strings_end, old.phases.clone());
        if let Ok(stream) = Self::open(path, state.clone()) {
            return Ok(stream);
        }
        let from = Self::open(path, old)?;
        check_space(path, state.len)?;
        from.move_to(state)
    }

    /// Copies strings and values to a file of another state, which replaces this one.
    fn move_to(self, state: StreamState) -> Result<Self, DrawsError> {
        let fill = |out: &mut BufWriter<&File>| {
            copy(&self.file, STRINGS, out, STRINGS, state.strings_end - STRINGS)?;
            let pairs = self.state.groups.iter().zip(&state.groups);
            for (old, new) in pairs.flat_map(|(old, new)| old.datasets().zip(new.datasets())) {
                copy_dataset(&self.file, old, new, out)?;
            }
            Ok(())
        };
        state
            .make(&self.path, fill)
            .map_err(|source| DrawsError::Write { path: self.path.clone(), source })?;
        Self::open(&self.path, state)
    }

    fn open(path: &Path, mut state: StreamState) -> Result<Self, DrawsError> {
        let failed = |source| DrawsError::Read { path: path.into(), source };
        let file = File::options().read(true).write(true).open(path).map_err(failed)?;
        let mut head = [0; STRINGS as usize];
        read_exact_at(&file, &mut head, 0).map_err(failed)?;
        let root = superblock_root(&head[..SUPERBLOCK_LEN as usize]);
        let len = file.metadata().map_err(failed)?.len();
        let is_ours = head[SUPERBLOCK_LEN as usize..] == state.id.to_le_bytes() && len >= state.len;
        // The run may have been killed behind the last description and before its last checkpoint.
        state.len = len;
        let description = root.filter(|_| is_ours).and_then(|root| state.description_with(root));
        let Some(description) = description else {
            return Err(DrawsError::OtherFile { path: path.into() });
        };
        let path = path.to_owned();
        Ok(Self {
            file,
            path,
            state,
            description,
            published: Instant::now(),
            publish_every: PUBLISH_EVERY,
            buffer: Vec::new(),
        })
    }

    /// Takes a chain back to the draws it had at its last snapshot; those behind will be written again.
    pub fn rewind(&mut self, phase: usize, chain: usize, draws: usize) {
        let written = &mut self.state.phases[phase].written[chain];
        *written = (*written).min(draws as u64);
    }

    /// Draws of a phase that every chain has.
    pub fn draws(&self, phase: usize) -> usize {
        self.state.phases[phase].common() as usize
    }

    /// Writes draws `first..` of a chain, one column for each variable of the groups of a phase, in order.
    ///
    /// # Shapes
    /// - columns: `[draws, shape of the variable]`
    ///
    /// # Errors
    /// When the disk is full or does not take the draws; what was there stays.
    ///
    /// # Panics
    /// When the columns are not those of the phase, go beyond its room, or leave a gap behind what is written.
    pub fn write(
        &mut self,
        phase: usize,
        chain: usize,
        first: usize,
        columns: &[Column<'_>],
    ) -> Result<(), DrawsError> {
        let Phase { groups, written } = &self.state.phases[phase];
        let variables = self.state.groups[groups.clone()].iter().flat_map(|group| &group.variables);
        let variables: Vec<&Dataset> = variables.collect();
        assert_eq!(columns.len(), variables.len(), "one column for each variable");
        let first = first as u64;
        assert!(first <= written[chain], "draws {}.. are left out", written[chain]);
        let mut end = first;
        for (dataset, column) in variables.into_iter().zip(columns) {
            let (Some(room), row @ 1..) = (dataset.room, dataset.row_bytes(1)) else { continue };
            self.buffer.clear();
            column.encode(dataset.element, &mut self.buffer);
            end = first + self.buffer.len() as u64 / row;
            assert!(end <= room.length, "{end} draws in room for {}", room.length);
            let offset = dataset.address + (chain as u64 * room.stride() + first) * row;
            if let Err(source) = write_all_at(&self.file, &self.buffer, offset) {
                // What is finished can be read even when the run ends here; the first error is the one to tell.
                let _ = self.publish(false);
                return Err(self.failed(source));
            }
        }
        let written = &mut self.state.phases[phase].written[chain];
        *written = end.max(*written);
        if self.published.elapsed() >= self.publish_every { self.publish(false) } else { Ok(()) }
    }

    /// Replaces values of one chain of a variable that does not grow, from element `first` of that chain on.
    ///
    /// # Errors
    /// When the disk does not take them.
    ///
    /// # Panics
    /// When there is no such variable, its first dimension is not `chain`, or the values go beyond the chain.
    pub fn overwrite(
        &mut self,
        group: &str,
        variable: &str,
        chain: usize,
        first: usize,
        values: Column<'_>,
    ) -> Result<(), DrawsError> {
        let (address, row, element) = self.fixed(group, variable);
        self.buffer.clear();
        values.encode(element, &mut self.buffer);
        let begin = first as u64 * element.size();
        assert!(begin + self.buffer.len() as u64 <= row, "values of one chain");
        let offset = address + chain as u64 * row + begin;
        write_all_at(&self.file, &self.buffer, offset).map_err(|source| self.failed(source))
    }

    /// Reads integers of one chain of a variable that does not grow.
    ///
    /// # Errors
    /// When the file cannot be read.
    ///
    /// # Panics
    /// When there is no such variable.
    pub fn integers(&self, group: &str, variable: &str, chain: usize) -> Result<Vec<i64>, DrawsError> {
        let (address, row, _) = self.fixed(group, variable);
        let mut bytes = vec![0; row as usize];
        read_exact_at(&self.file, &mut bytes, address + chain as u64 * row)
            .map_err(|source| DrawsError::Read { path: self.path.clone(), source })?;
        Ok(bytes.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect())
    }

    /// Place, bytes of a chain and type of a variable that does not grow.
    fn fixed(&self, group: &str, variable: &str) -> (u64, u64, Type) {
        let groups = self.state.groups.iter();
        let mut variables = groups.filter(|node| node.name == group).flat_map(|node| &node.variables);
        let dataset = variables.find(|dataset| dataset.name == variable);
        let Some(dataset) = dataset else { panic!("no variable {variable} in group {group}") };
        (dataset.address, dataset.row_bytes(0), dataset.element)
    }

    /// Brings everything to the disk and shows it; the state then belongs into a checkpoint.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn commit(&mut self) -> Result<&StreamState, DrawsError> {
        self.publish(true)?;
        Ok(&self.state)
    }

    /// Ends the run: shows all draws, gives the growing groups those attributes, and brings everything to the disk.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn finish(mut self, attributes: &[(String, Attribute)]) -> Result<StreamState, DrawsError> {
        let growing = self.state.phases.last().map_or(0, |phase| phase.groups.end);
        for group in &mut self.state.groups[..growing] {
            group.attributes.retain(|(name, _)| attributes.iter().all(|(new, _)| new != name));
            group.attributes.extend_from_slice(attributes);
        }
        self.state.show();
        // Attributes may be longer now than there was room for.
        let description = describe(&self.state.groups, self.state.len);
        self.state.len += description.bytes.len() as u64;
        self.turn_to(&description, self.state.len - description.bytes.len() as u64, true)?;
        Ok(self.state)
    }

    /// Shows the draws that every chain has; `durable` when they shall survive a loss of power.
    fn publish(&mut self, durable: bool) -> Result<(), DrawsError> {
        self.published = Instant::now();
        let is_new = self.state.show();
        if durable && !is_new {
            return self.file.sync_data().map_err(|source| self.failed(source));
        }
        if !is_new {
            return Ok(());
        }
        let [first, second] = self.state.descriptions();
        let address = if self.description == first { second } else { first };
        self.turn_to(&describe(&self.state.groups, address), address, durable)
    }

    fn turn_to(&mut self, description: &Description, address: u64, durable: bool) -> Result<(), DrawsError> {
        let sync = || if durable { self.file.sync_data() } else { Ok(()) };
        let turn = || {
            sync()?;
            write_all_at(&self.file, &description.bytes, address)?;
            sync()?;
            write_all_at(&self.file, &superblock(self.state.len, description.root), 0)?;
            sync()
        };
        turn().map_err(|source| self.failed(source))?;
        self.description = address;
        Ok(())
    }

    fn failed(&self, source: io::Error) -> DrawsError {
        let path = self.path.clone();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                let safe = self.state.phases.first().map_or(0, Phase::common) as usize;
                DrawsError::DiskFull { path, safe, missing: self.state.missing_bytes(), source }
            }
            _ => DrawsError::Write { path, source },
        }
    }
}

#[cfg(test)]
impl NetcdfStream {
    /// Gives every growing dataset chunks of that many draws, before there are any.
    pub(super) fn use_chunks_of(&mut self, draws: u64) {
        let mut groups = self.state.groups.clone();
        for dataset in groups.iter_mut().flat_map(Node::datasets_mut) {
            dataset.room = dataset.room.map(|room| Room { chunk: draws, ..room });
        }
        let StreamState { id, strings_end, phases, .. } = self.state.clone();
        let copy = Self::open(&self.path, self.state.clone()).unwrap();
        *self = copy.move_to(StreamState::new(id, groups, strings_end, phases)).unwrap();
    }

    /// Shows draws after each block.
    pub(super) fn publish_at_once(&mut self) {
        self.publish_every = Duration::ZERO;
    }

    /// Sends what is written from now on to another file.
    pub(super) fn write_to(&mut self, file: File) {
        self.file = file;
    }
}

impl Template {
    fn node(&self, draws: usize, path: &Path) -> Result<Node, DrawsError> {
        let mut node = Node::new(&self.group);
        assert!(self.group.length("chain") > 0 && draws > 0, "chains and room for draws");
        assert_eq!(self.group.length("draw"), 0, "a template has no draws");
        for variable in self.group.variables() {
            assert!(variable.dims.starts_with(&["chain".into(), "draw".into()]), "{}", variable.name);
        }
        for variable in &mut node.variables {
            if self.single && variable.element == Type::F64 {
                variable.element = Type::F32;
            }
            variable.room = Some(Room::new(1, 0, 0));
        }
        for scale in node.scales.iter_mut().filter(|scale| scale.name == "draw") {
            scale.room = Some(Room::new(0, 0, 0));
        }
        for dataset in node.datasets_mut().filter(|dataset| dataset.room.is_some()) {
            give_room(dataset, draws as u64, path)?;
        }
        Ok(node)
    }
}

/// Gives a growing dataset room for that many draws.
fn give_room(dataset: &mut Dataset, draws: u64, path: &Path) -> Result<(), DrawsError> {
    let Some(room) = dataset.room else { return Ok(()) };
    let row = dataset.row_bytes(room.axis);
    if row > CHUNK_MAX {
        let (path, object) = (path.to_owned(), dataset.name.clone());
        return Err(DrawsError::TooLong { path, object, what: "one draw".into(), limit: CHUNK_MAX });
    }
    dataset.room = Some(Room::new(room.axis, draws, row));
    Ok(())
}

impl Column<'_> {
    fn encode(self, element: Type, bytes: &mut Vec<u8>) {
        match (self, element) {
            (Column::Float(values), Type::F64) => {
                bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
            (Column::Float(values), Type::F32) => {
                bytes.extend(values.iter().flat_map(|&value| (value as f32).to_le_bytes()));
            }
            (Column::Int(values), Type::I64) => {
                bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
            (Column::Bool(values), Type::I8) => bytes.extend(values.iter().map(|&value| u8::from(value))),
            (column, element) => panic!("{column:?} for a variable of type {element:?}"),
        }
    }
}

impl StreamState {
    /// Places all values behind the strings.
    fn new(id: u64, mut groups: Vec<Node>, strings_end: u64, phases: Vec<Phase>) -> Self {
        let values_end = place(&mut groups, strings_end);
        // A description is longest while its datasets are not full.
        let mut state = Self { id, groups, strings_end, values_end, description_len: 0, len: 0, phases };
        let mut longest = state.groups.clone();
        for dataset in longest.iter_mut().flat_map(Node::datasets_mut) {
            if let Some(room) = dataset.room {
                dataset.shape[room.axis] = 0;
            }
        }
        state.description_len = describe(&longest, values_end).bytes.len() as u64;
        state.len = values_end + 2 * state.description_len;
        state
    }

    fn descriptions(&self) -> [u64; 2] {
        [self.values_end, self.values_end + self.description_len]
    }

    /// Where the description begins that has its root group's header at that address.
    fn description_with(&self, root: u64) -> Option<u64> {
        let [first, second] = self.descriptions();
        let third = second + self.description_len;
        [third, second, first].into_iter().find(|&begin| begin <= root && root < self.len)
    }

    /// Gives the datasets the length that the chains have; says whether that is new.
    fn show(&mut self) -> bool {
        let mut is_new = false;
        for phase in &self.phases {
            let draws = phase.common();
            for dataset in self.groups[phase.groups.clone()].iter_mut().flat_map(Node::datasets_mut) {
                if let Some(room) = dataset.room {
                    is_new |= dataset.shape[room.axis] != draws;
                    dataset.shape[room.axis] = draws;
                }
            }
        }
        is_new
    }

    /// Bytes of the draws that are still to come.
    fn missing_bytes(&self) -> u64 {
        let of_phase = |phase: &Phase| {
            let of_dataset = |dataset: &Dataset| {
                let room = dataset.room.map_or(0, |room| room.length);
                let draws: u64 = phase.written.iter().map(|written| room.saturating_sub(*written)).sum();
                draws * dataset.row_bytes(1)
            };
            let groups = self.groups[phase.groups.clone()].iter();
            groups.flat_map(|group| &group.variables).map(of_dataset).sum::<u64>()
        };
        self.phases.iter().map(of_phase).sum()
    }

    /// Makes the file beside `path`, which takes its name when complete; `fill` writes strings and values.
    fn make(&self, path: &Path, fill: impl Fn(&mut BufWriter<&File>) -> io::Result<()>) -> io::Result<()> {
        let temporary = temporary_beside(path);
        let write = || {
            let file = File::options().read(true).write(true).create_new(true).open(&temporary)?;
            file.set_len(self.len)?;
            let mut out = BufWriter::with_capacity(1 << 18, &file);
            out.seek(SeekFrom::Start(SUPERBLOCK_LEN))?;
            out.write_all(&self.id.to_le_bytes())?;
            fill(&mut out)?;
            for scale in self.groups.iter().flat_map(|group| &group.scales) {
                if let Some(room) = scale.room {
                    let labels: Vec<i64> = (0..room.length as i64).collect();
                    out.seek(SeekFrom::Start(scale.address))?;
                    Block::Int(&labels).write(&mut out)?;
                }
            }
            out.into_inner()?;
            // Both are written, so that showing more draws needs no space that may be gone by then.
            for address in self.descriptions().into_iter().rev() {
                let description = describe(&self.groups, address);
                write_all_at(&file, &description.bytes, address)?;
                write_all_at(&file, &superblock(self.len, description.root), 0)?;
            }
            file.sync_all()?;
            fs::rename(&temporary, path)
        };
        write().inspect_err(|_| {
            // The first error is the one to tell; the temporary file may not even have been made.
            let _ = fs::remove_file(&temporary);
        })
    }
}

fn check_space(path: &Path, needed: u64) -> Result<(), DrawsError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs4::available_space(folder) {
        Ok(free) if free < needed => Err(DrawsError::NoSpace { path: path.into(), needed, free }),
        // Where the system does not say how much is free, every run passes.
        _ => Ok(()),
    }
}

/// Copies the values of a dataset, whose room may be another.
fn copy_dataset(file: &File, old: &Dataset, new: &Dataset, out: &mut BufWriter<&File>) -> io::Result<()> {
    let (Some(old_room), Some(new_room)) = (old.room, new.room) else {
        return copy(file, old.address, out, new.address, old.bytes());
    };
    let row = old.row_bytes(old_room.axis);
    let chains: u64 = old.shape[..old_room.axis].iter().product();
    let draws = old_room.length.min(new_room.length);
    for chain in 0..chains {
        let from = old.address + chain * old_room.stride() * row;
        copy(file, from, out, new.address + chain * new_room.stride() * row, draws * row)?;
    }
    Ok(())
}

fn copy(file: &File, from: u64, out: &mut BufWriter<&File>, to: u64, length: u64) -> io::Result<()> {
    out.seek(SeekFrom::Start(to))?;
    let mut buffer = vec![0; length.min(1 << 20) as usize];
    let mut done = 0;
    while done < length {
        let part = &mut buffer[..(length - done).min(1 << 20) as usize];
        read_exact_at(file, part, from + done)?;
        out.write_all(part)?;
        done += part.len() as u64;
    }
    Ok(())
}
