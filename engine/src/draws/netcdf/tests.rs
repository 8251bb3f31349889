//! Draws written block by block are those written whole; a file can be read at every moment, and gone on with.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::super::tests::folder;
use super::super::{Attribute, Coordinate, DrawsError, Group, InferenceData, Values, Variable};
use super::super::{checkpoint_path, read_checkpoint, write_checkpoint};
use super::*;

const CHAINS: usize = 3;
const DRAWS: usize = 40;

/// Element `at` of a draw: any number that depends on everything.
fn number(chain: usize, draw: usize, at: usize) -> f64 {
    ((chain * 1_000_003 + draw * 1009 + at) as f64).sin()
}

/// Values of draws `first..end` of a chain: a scalar, a vector of two, an empty variable.
fn columns(chain: usize, first: usize, end: usize) -> [Vec<f64>; 3] {
    let mu = (first..end).map(|draw| number(chain, draw, 0)).collect();
    let theta = (first..end).flat_map(|draw| [1, 2].map(|at| number(chain, draw, at))).collect();
    [mu, theta, Vec::new()]
}

fn depths(chain: usize, first: usize, end: usize) -> Vec<i64> {
    (first..end).map(|draw| ((chain + draw) % 7) as i64).collect()
}

fn diverging(chain: usize, first: usize, end: usize) -> Vec<bool> {
    (first..end).map(|draw| (chain + draw).is_multiple_of(5)).collect()
}

fn posterior(draws: usize) -> Group {
    let all: Vec<_> = (0..CHAINS).map(|chain| columns(chain, 0, draws)).collect();
    let values = |at: usize| Values::Float(all.iter().flat_map(|columns| columns[at].clone()).collect());
    let school = Coordinate::Text(vec!["Choate".into(), "St. Paul's å".into()]);
    let variables = vec![
        Variable::new("mu", &["chain", "draw"], &[CHAINS, draws], values(0)),
        Variable::new("theta", &["chain", "draw", "school"], &[CHAINS, draws, 2], values(1)),
        Variable::new("nothing", &["chain", "draw", "none"], &[CHAINS, draws, 0], values(2)),
    ];
    let attributes = vec![("inference_library".into(), Attribute::Text("chainfire".into()))];
    Group::new("posterior", attributes, vec![("school".into(), school)], variables).unwrap()
}

fn sample_stats(draws: usize) -> Group {
    let depth = (0..CHAINS).flat_map(|chain| depths(chain, 0, draws)).collect();
    let diverging = (0..CHAINS).flat_map(|chain| diverging(chain, 0, draws)).collect();
    let grid = |name, values| Variable::new(name, &["chain", "draw"], &[CHAINS, draws], values);
    let variables = vec![grid("tree_depth", Values::Int(depth)), grid("diverging", Values::Bool(diverging))];
    Group::new("sample_stats", vec![], vec![], variables).unwrap()
}

fn observed() -> Group {
    let y = Variable::new("y", &["row"], &[3], Values::Float(vec![1.0, -2.5, 1e-7]));
    Group::new("observed_data", vec![], vec![], vec![y]).unwrap()
}

fn create(path: &Path, draws: usize, single: bool) -> NetcdfStream {
    let templates =
        [posterior(0), sample_stats(0)].map(|group| Template { group, single }).into_iter().collect();
    NetcdfStream::create(path, &[Growing { templates, draws }], &[observed()]).unwrap()
}

fn write(stream: &mut NetcdfStream, chain: usize, first: usize, end: usize) -> Result<(), DrawsError> {
    let posterior = columns(chain, first, end);
    let (depths, diverging) = (depths(chain, first, end), diverging(chain, first, end));
    let [mu, theta, nothing] = posterior.each_ref().map(|values| Column::Float(values));
    stream.write(0, chain, first, &[mu, theta, nothing, Column::Int(&depths), Column::Bool(&diverging)])
}

fn whole(draws: usize) -> InferenceData {
    InferenceData::new(vec![posterior(draws), sample_stats(draws), observed()]).unwrap()
}

#[test]
fn blocks_in_any_order_make_the_file_of_the_whole() {
    let folder = folder("stream-order");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, false);
    for (chain, first, end) in [(2, 0, 40), (0, 0, 7), (1, 0, 1), (0, 7, 40), (1, 1, 30), (1, 30, 40)] {
        write(&mut stream, chain, first, end).unwrap();
    }
    stream.finish(&[]).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), whole(DRAWS));
}

#[test]
fn file_shows_the_draws_that_every_chain_has_at_every_moment() {
    let folder = folder("stream-shows");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, false);
    assert_eq!(read_netcdf(&path).unwrap(), whole(0));
    for draws in [3, 10, 11, 40] {
        let before = stream.draws(0);
        for chain in 0..CHAINS {
            // The last chain is ahead of the others.
            let ahead = |draws: usize| if chain == 2 { (draws + 9).min(DRAWS) } else { draws };
            let first = if before == 0 { 0 } else { ahead(before) };
            write(&mut stream, chain, first, ahead(draws)).unwrap();
        }
        stream.commit().unwrap();
        assert_eq!(stream.draws(0), draws);
        assert_eq!(read_netcdf(&path).unwrap(), whole(draws));
    }
}

#[test]
fn stop_keeps_the_draws_that_every_chain_has_and_says_why() {
    let folder = folder("stream-stop");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, false);
    for (chain, end) in [(0, 12), (1, 15), (2, 12)] {
        write(&mut stream, chain, 0, end).unwrap();
    }
    let note = ("stopped_early".to_owned(), Attribute::Text("at 12 of 40. ".repeat(900)));
    stream.finish(std::slice::from_ref(&note)).unwrap();
    let data = read_netcdf(&path).unwrap();
    assert_eq!(data.group("posterior").unwrap().variables(), posterior(12).variables());
    assert!(data.group("sample_stats").unwrap().attributes().contains(&note));
}

#[test]
fn single_precision_rounds_real_numbers_alone() {
    let folder = folder("stream-single");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, true);
    (0..CHAINS).for_each(|chain| write(&mut stream, chain, 0, DRAWS).unwrap());
    stream.finish(&[]).unwrap();
    let data = read_netcdf(&path).unwrap();
    assert_eq!(data.group("sample_stats").unwrap(), &sample_stats(DRAWS));
    let Values::Float(seen) = &data.group("posterior").unwrap().variable("theta").unwrap().values else {
        panic!("not real numbers")
    };
    let exact = (0..CHAINS).flat_map(|chain| columns(chain, 0, DRAWS)[1].clone());
    assert!(seen.iter().zip(exact).all(|(&seen, exact)| seen == f64::from(exact as f32)));
}

#[test]
fn chains_longer_than_a_chunk_may_be_are_found_again() {
    // Rooms of one chunk and of several give each draw the place that the format computes.
    let folder = folder("stream-chunks");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, false);
    stream.use_chunks_of(7);
    for chain in 0..CHAINS {
        write(&mut stream, chain, 0, 33).unwrap();
    }
    stream.commit().unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), whole(33));
    for chain in 0..CHAINS {
        write(&mut stream, chain, 33, DRAWS).unwrap();
    }
    stream.finish(&[]).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), whole(DRAWS));
}

#[test]
fn extended_file_keeps_its_draws_and_takes_more() {
    let folder = folder("stream-extend");
    let path = folder.join("draws.nc");
    let mut stream = create(&path, DRAWS, false);
    (0..CHAINS).for_each(|chain| write(&mut stream, chain, 0, DRAWS).unwrap());
    let state = stream.finish(&[]).unwrap();
    // Doing it twice is doing it once, as after a crash between the copy and the next checkpoint.
    NetcdfStream::extend(&path, state.clone(), &[DRAWS + 10]).unwrap();
    let mut stream = NetcdfStream::extend(&path, state, &[DRAWS + 10]).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), whole(DRAWS));
    (0..CHAINS).for_each(|chain| write(&mut stream, chain, DRAWS, DRAWS + 10).unwrap());
    stream.finish(&[]).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), whole(DRAWS + 10));
}

#[test]
fn another_file_is_not_taken_for_that_of_the_checkpoint() {
    let folder = folder("stream-other");
    let path = folder.join("draws.nc");
    let state = create(&path, DRAWS, false).commit().unwrap().clone();
    create(&path, DRAWS, false);
    let error = NetcdfStream::resume(&path, state.clone()).unwrap_err();
    assert!(matches!(error, DrawsError::OtherFile { .. }), "{error}");
    fs::write(&path, "short").unwrap();
    assert!(matches!(NetcdfStream::resume(&path, state).unwrap_err(), DrawsError::Read { .. }));
}

#[test]
fn run_larger_than_the_disk_is_refused_before_it_begins() {
    let folder = folder("stream-space");
    let path = folder.join("draws.nc");
    let templates = vec![Template { group: posterior(0), single: false }];
    let growing = Growing { templates, draws: 1 << 40 };
    let error = NetcdfStream::create(&path, &[growing], &[]).unwrap_err();
    assert!(matches!(error, DrawsError::NoSpace { .. }), "{error}");
    assert!(!path.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_says_how_many_draws_are_safe() {
    let folder = folder("stream-full");
    let mut stream = create(&folder.join("draws.nc"), DRAWS, false);
    (0..CHAINS).for_each(|chain| write(&mut stream, chain, 0, 5).unwrap());
    stream.write_to(fs::File::options().write(true).open("/dev/full").unwrap());
    let error = write(&mut stream, 0, 5, 9).unwrap_err();
    assert!(matches!(error, DrawsError::DiskFull { safe: 5, missing: 3465, .. }), "{error:?}");
    assert!(error.to_string().contains("5 draws of every chain are safe"), "{error}");
}

/// Runs of the child: it writes its draws from the last checkpoint on, one checkpoint for every few draws.
fn write_until_killed(path: &Path) {
    let (identity, checkpoint) = (Vec::new(), checkpoint_path(path));
    let mut at = [0; CHAINS];
    let mut stream = match read_checkpoint::<(StreamState, [usize; CHAINS])>(&checkpoint, &identity) {
        Ok((state, draws)) => {
            let mut stream = NetcdfStream::resume(path, state).unwrap();
            at = draws;
            (0..CHAINS).for_each(|chain| stream.rewind(0, chain, at[chain]));
            stream
        }
        Err(_) => create(path, KILLED_DRAWS, false),
    };
    stream.publish_at_once();
    for step in 0.. {
        let chain = step % CHAINS;
        let end = (at[chain] + 1 + (step * 7 + chain) % 5).min(KILLED_DRAWS);
        write(&mut stream, chain, at[chain], end).unwrap();
        at[chain] = end;
        if step % 41 == 0 {
            let state = stream.commit().unwrap();
            write_checkpoint(&checkpoint, &identity, &(state, at)).unwrap();
            // So that a busy machine kills it more than once.
            std::thread::sleep(Duration::from_millis(10));
        }
        if at == [KILLED_DRAWS; CHAINS] {
            break;
        }
    }
    stream.finish(&[]).unwrap();
}

const KILLED_DRAWS: usize = 400;

#[test]
fn run_killed_at_any_moment_keeps_its_draws_and_ends_with_the_same_file() {
    const CHILD: &str = "CHAINFIRE_TEST_STREAM";
    if let Some(path) = std::env::var_os(CHILD) {
        return write_until_killed(Path::new(&path));
    }
    let folder = folder("stream-killed");
    let path = folder.join("draws.nc");
    let name = std::thread::current().name().unwrap().to_owned();
    let (mut kills, mut shown) = (0, 0);
    for wait in (0..).map(|attempt: u64| Duration::from_millis(3 * attempt + attempt * 7919 % 41)) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let child = child.args(["--exact", &name, "--quiet"]).env(CHILD, &path);
        let mut child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(wait);
        child.kill().unwrap();
        let is_done = child.wait().unwrap().success();
        if path.exists() {
            let data = read_netcdf(&path).unwrap();
            let draws = data.group("posterior").unwrap().length("draw");
            assert!(data == whole(draws), "{draws} draws after {kills} kills are not those of the run");
            shown += usize::from(draws > 0 && draws < KILLED_DRAWS);
        }
        if is_done {
            break;
        }
        kills += 1;
        assert!(kills < 1000, "no end");
    }
    assert!(kills >= 3 && shown >= 1, "{kills} kills, {shown} within the run");
    let other = folder.join("never_killed.nc");
    write_until_killed(&other);
    // The number that tells the files apart differs, and the place of the last description may.
    assert!(read_netcdf(&path).unwrap() == read_netcdf(&other).unwrap());
}
