//! `chainfire summary` reads what `chainfire sample` wrote, and refuses what is not a posterior.

use chainfire::{InferenceData, write_netcdf};

use super::program::Folder;

#[test]
fn summary_prints_the_table_that_sample_printed() {
    let folder = Folder::with_model();
    let sampled = folder.run("sample model.py --data data.csv -o out.nc --seed 3");
    assert_eq!(folder.run("summary out.nc").printed(), sampled.printed());
}

#[test]
fn summary_as_json_has_a_row_for_each_parameter() {
    let folder = Folder::with_model();
    folder.run("sample model.py --data data.csv -o out.nc --seed 3 --draws 50 --chains 1").printed();
    let json = folder.run("summary out.nc --json").json();
    let names: Vec<_> = json["summary"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["mu", "sigma"]);
    assert!(json["warnings"].to_string().contains("number of samples is too small"), "{json}");
}

#[test]
fn a_missing_file_is_named() {
    Folder::new(&[]).run("summary nothere.nc").complains(&["nothere.nc", "No such file", "check the path"]);
}

#[test]
fn a_file_that_is_not_netcdf_is_refused() {
    let folder = Folder::new(&[("data.csv", "x\n1\n"), ("empty.nc", "")]);
    folder.run("summary data.csv").complains(&["`data.csv`", "not a NetCDF-4 file", "to_netcdf"]);
    folder.run("summary empty.nc").complains(&["`empty.nc`", "not a NetCDF-4 file"]);
    folder.run("summary .").complains(&["`.`", "directory"]);
}

#[test]
fn a_damaged_file_is_refused() {
    let folder = Folder::with_model();
    folder.run("sample model.py --data data.csv -o out.nc --seed 3").printed();
    let bytes = std::fs::read(folder.path("out.nc")).unwrap();
    for length in [100, bytes.len() / 3, bytes.len() / 2] {
        std::fs::write(folder.path("cut.nc"), &bytes[..length]).unwrap();
        folder.run("summary cut.nc").complains(&["`cut.nc`", "damaged"]);
    }
}

#[test]
fn a_file_without_a_posterior_is_told_its_groups() {
    let folder = Folder::with_model();
    folder.run("sample model.py --data data.csv -o out.nc --seed 3 --draws 5").printed();
    let groups = folder.posterior("out.nc").groups().to_vec();
    let others = groups.into_iter().filter(|group| group.name() != "posterior").collect();
    write_netcdf(&InferenceData::new(others).unwrap(), &folder.path("others.nc")).unwrap();
    let parts = ["`others.nc` has no group `posterior`", "sample_stats", "observed_data"];
    folder.run("summary others.nc").complains(&parts);
}
