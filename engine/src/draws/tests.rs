//! Groups check themselves; files keep what is put into them, and ArviZ's own files can be read.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use super::*;

fn arviz_file(name: &str) -> PathBuf {
    format!("{}/tests/data/arviz/{name}", env!("CARGO_MANIFEST_DIR")).into()
}

/// An empty folder of its own for a test, which goes when the test ends.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn folder(test: &str) -> Folder {
    let folder = std::env::temp_dir().join(format!("chainfire-{test}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    Folder(folder)
}

fn floats(count: usize) -> Values {
    Values::Float((0..count).map(|at| (at as f64).sin()).collect())
}

fn text(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

fn group(name: &str, coordinates: Vec<(String, Coordinate)>, variables: Vec<Variable>) -> Group {
    Group::new(name, vec![], coordinates, variables).unwrap()
}

fn error(coordinates: Vec<(String, Coordinate)>, variables: Vec<Variable>) -> String {
    Group::new("posterior", vec![], coordinates, variables).unwrap_err().to_string()
}

/// Every kind of value, coordinate and attribute, and the shapes at the edge.
fn sample() -> InferenceData {
    let (chains, draws) = (2, 5);
    let mut attributes = provenance(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    attributes.extend([
        ("empty".into(), Attribute::Text(String::new())),
        ("names".into(), Attribute::TextList(text(&["å", "", "b c"]))),
        ("numbers".into(), Attribute::FloatList(vec![1.5, -2.0])),
        ("sampling_time".into(), Attribute::Float(1.25)),
        ("tuning_steps".into(), Attribute::Int(-3)),
    ]);
    attributes.sort_by(|left, right| left.0.cmp(&right.0));
    let mut theta = Variable::new("theta", &["chain", "draw", "school"], &[chains, draws, 3], floats(30));
    theta.attributes = vec![("unit".into(), Attribute::Text("points".into()))];
    let mut nan = Variable::new("nan", &["chain", "draw"], &[chains, draws], floats(10));
    nan.values = Values::Float([vec![f64::INFINITY, -0.0], vec![5e-324; 8]].concat());
    let posterior = Group::new(
        "posterior",
        attributes,
        vec![
            ("school".into(), Coordinate::Text(text(&["Choate", "", "St. Paul's å"]))),
            ("dose".into(), Coordinate::Float(vec![0.5, 1e-7])),
        ],
        vec![
            theta,
            nan,
            Variable::new("slope", &["chain", "draw", "dose", "k"], &[chains, draws, 2, 1], floats(20)),
        ],
    )
    .unwrap();
    let diverging = Values::Bool((0..10).map(|at| at % 3 == 0).collect());
    let depth = Values::Int(vec![i64::MIN, i64::MAX, 0, 1, 2, 3, 4, 5, 6, 7]);
    let stats = vec![
        Variable::new("diverging", &["chain", "draw"], &[chains, draws], diverging),
        Variable::new("tree_depth", &["chain", "draw"], &[chains, draws], depth),
    ];
    let observed = vec![
        Variable::new("count", &[], &[], Values::Int(vec![7])),
        Variable::new("nothing", &["none"], &[0], floats(0)),
        Variable::new("label", &["row"], &[2], Values::Text(text(&["", "x"]))),
    ];
    let groups =
        vec![posterior, group("sample_stats", vec![], stats), group("observed_data", vec![], observed)];
    InferenceData::new(groups).unwrap()
}

#[test]
fn file_keeps_everything() {
    let folder = folder("keeps");
    let path = folder.join("draws.nc");
    let data = sample();
    write_netcdf(&data, &path).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), data);
}

#[test]
fn file_keeps_more_strings_than_one_heap_collection_holds() {
    let labels: Vec<String> = (0..130_001).map(|row| format!("row {row}")).collect();
    let coordinates = vec![("row".to_owned(), Coordinate::Text(labels))];
    let y = Variable::new("y", &["chain", "draw", "row"], &[1, 1, 130_001], floats(130_001));
    let data = InferenceData::new(vec![group("posterior", coordinates, vec![y])]).unwrap();
    let folder = folder("strings");
    let path = folder.join("draws.nc");
    write_netcdf(&data, &path).unwrap();
    assert!(read_netcdf(&path).unwrap() == data);
}

#[test]
fn file_keeps_hundreds_of_variables() {
    let variables: Vec<Variable> =
        (0..500).map(|at| Variable::new(&format!("v{at}"), &["chain", "draw"], &[2, 3], floats(6))).collect();
    let data = InferenceData::new(vec![group("posterior", vec![], variables)]).unwrap();
    let folder = folder("variables");
    let path = folder.join("draws.nc");
    write_netcdf(&data, &path).unwrap();
    assert!(read_netcdf(&path).unwrap() == data);
}

#[test]
fn arviz_files_are_read_and_survive_being_written_again() {
    for name in ["centered_eight.nc", "non_centered_eight.nc"] {
        let data = read_netcdf(&arviz_file(name)).unwrap();
        let folder = folder("again");
        let path = folder.join(name);
        write_netcdf(&data, &path).unwrap();
        // As text, because NaN is not equal to itself; without the text, which is long, in the message.
        assert!(format!("{:?}", read_netcdf(&path).unwrap()) == format!("{data:?}"), "{name} changed");
    }
}

#[test]
fn arviz_file_has_groups_dimensions_and_values() {
    let data = read_netcdf(&arviz_file("centered_eight.nc")).unwrap();
    let names: Vec<&str> = data.groups().iter().map(Group::name).collect();
    let all = "posterior posterior_predictive log_likelihood sample_stats prior prior_predictive observed_data \
               constant_data";
    assert_eq!(names, all.split(' ').collect::<Vec<_>>());
    let posterior = data.require("posterior").unwrap();
    assert_eq!(
        posterior.variables().iter().map(|v| v.name.as_str()).collect::<Vec<_>>(),
        ["mu", "theta", "tau"]
    );
    let theta = posterior.variable("theta").unwrap();
    assert_eq!(
        (theta.dims.clone(), theta.shape.clone()),
        (text(&["chain", "draw", "school"]), vec![4, 500, 8])
    );
    let Some(Coordinate::Text(schools)) = posterior.coordinate("school") else { panic!("no school names") };
    assert_eq!((schools[0].as_str(), schools[6].as_str()), ("Choate", "St. Paul's"));
    assert_eq!(posterior.coordinate("chain"), Some(&Coordinate::Int(vec![0, 1, 2, 3])));
    assert!(posterior.attributes().contains(&("tuning_steps".into(), Attribute::Int(1000))));
    let stats = data.require("sample_stats").unwrap();
    assert!(matches!(stats.variable("diverging").unwrap().values, Values::Bool(_)));
    let scores = &data.require("constant_data").unwrap().variable("scores").unwrap().values;
    assert_eq!(scores, &Values::Float(vec![28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]));
}

#[test]
fn unreadable_files_are_named_with_the_reason() {
    let folder = folder("unreadable");
    let missing = folder.join("missing.nc");
    let error = read_netcdf(&missing).unwrap_err();
    assert!(matches!(error, DrawsError::Read { .. }) && error.to_string().contains("missing.nc"), "{error}");

    let csv = folder.join("table.csv");
    fs::write(&csv, "a,b\n1,2\n").unwrap();
    let error = read_netcdf(&csv).unwrap_err();
    assert!(
        matches!(error, DrawsError::Format { .. }) && error.to_string().contains("not a NetCDF-4"),
        "{error}"
    );

    let other = folder.join("other.nc");
    let x = Variable::new("x", &["row"], &[2], floats(2));
    write_netcdf(&InferenceData::new(vec![group("prior", vec![], vec![x])]).unwrap(), &other).unwrap();
    let error = read_netcdf(&other).unwrap_err();
    assert!(error.to_string().contains("no group `posterior`; its groups are: prior"), "{error}");

    let cut = folder.join("cut.nc");
    let whole = fs::read(arviz_file("centered_eight.nc")).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(read_netcdf(&cut).unwrap_err(), DrawsError::Format { .. }));
}

#[test]
fn failed_write_says_why_and_leaves_nothing_behind() {
    let folder = folder("failed");
    let path = folder.join("absent").join("draws.nc");
    let error = write_netcdf(&sample(), &path).unwrap_err();
    assert!(
        matches!(error, DrawsError::Write { .. }) && error.to_string().contains("absent/draws.nc"),
        "{error}"
    );

    // The name is taken by a folder, so the finished file cannot be moved there.
    let taken = folder.join("taken");
    fs::create_dir_all(taken.join("inside")).unwrap();
    assert!(matches!(write_netcdf(&sample(), &taken).unwrap_err(), DrawsError::Write { .. }));
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["taken"]);
}

#[cfg(unix)]
#[test]
fn write_follows_links() {
    let folder = folder("links");
    let (real, link) = (folder.join("real.nc"), folder.join("link.nc"));
    fs::write(&real, "before").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    write_netcdf(&sample(), &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read_netcdf(&real).unwrap(), sample());
}

#[cfg(target_os = "linux")]
#[test]
fn write_replaces_a_file_only_when_complete() {
    let folder = folder("replaces");
    let path = folder.join("draws.nc");
    fs::write(&path, "before").unwrap();
    let long = vec![("history".to_owned(), Attribute::Text("x".repeat(70_000)))];
    let bad = InferenceData::new(vec![Group::new("posterior", long, vec![], vec![]).unwrap()]).unwrap();
    let error = write_netcdf(&bad, &path).unwrap_err();
    assert!(error.to_string().contains("attribute `history` of `posterior`"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    write_netcdf(&sample(), &path).unwrap();
    assert_eq!(read_netcdf(&path).unwrap(), sample());
}

#[test]
fn group_gives_unnamed_coordinates_the_integers() {
    let x = Variable::new("x", &["chain", "draw", "x_dim_0"], &[1, 2, 3], floats(6));
    let group = group("posterior", vec![], vec![x]);
    assert_eq!(group.coordinate("x_dim_0"), Some(&Coordinate::Int(vec![0, 1, 2])));
    assert_eq!(group.length("draw"), 2);
}

#[test]
fn group_refuses_what_does_not_fit() {
    let x = |dims: &[&str], shape: &[usize], count| Variable::new("x", dims, shape, floats(count));
    let school = || vec![("school".to_owned(), Coordinate::Text(text(&["a", "b", "c"])))];
    assert!(
        error(vec![], vec![x(&["chain"], &[1, 2], 2)])
            .contains("has shape [1, 2] but dimensions [\"chain\"]")
    );
    assert!(error(vec![], vec![x(&["row", "row"], &[2, 2], 4)]).contains("name each axis once"));
    assert!(
        error(vec![], vec![x(&["chain", "draw"], &[2, 2], 3)])
            .contains("has 3 values, its shape [2, 2] asks for 4")
    );
    assert!(
        error(school(), vec![x(&["school"], &[2], 2)])
            .contains("has length 2 along `school`, which has length 3")
    );
    let (first, second) = (x(&["row"], &[2], 2), Variable::new("y", &["row"], &[3], floats(3)));
    assert!(error(vec![], vec![first.clone(), second]).contains("variable `y`"));
    assert!(error(vec![], vec![first.clone(), first.clone()]).contains("`x` is used for two variables"));
    assert!(error(vec![], vec![x(&["x"], &[2], 2)]).contains("a variable and a dimension"));
    assert!(error(vec![], vec![Variable::new("a/b", &["row"], &[2], floats(2))]).contains("`a/b`"));
    assert!(error(vec![], vec![x(&[""], &[2], 2)]).contains("names are not empty"));
}

#[test]
fn data_refuses_two_groups_of_one_name_and_names_what_it_has() {
    let groups = || vec![group("prior", vec![], vec![]), group("posterior", vec![], vec![])];
    let mut data = InferenceData::new(groups()).unwrap();
    assert!(
        data.push(group("prior", vec![], vec![])).unwrap_err().to_string().contains("`prior` is there twice")
    );
    let error = data.require("sample_stats").unwrap_err().to_string();
    assert!(error.contains("no group `sample_stats`; the groups are: prior, posterior"), "{error}");
}
