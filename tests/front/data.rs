//! Data that cannot be used is refused with the place and the cure.

use super::program::{Folder, MODEL, model, refused};

fn read(name: &str, data: &str, parts: &[&str]) {
    let folder = Folder::new(&[("model.py", &model(MODEL)), (name, data)]);
    let outcome = folder.run(&format!("sample model.py --data {name}"));
    outcome.complains(parts);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_missing_data_file_is_named() {
    Folder::with_model().run("sample model.py --data nothere.csv").complains(&[
        "data file nothere.csv",
        "No such file",
        "check the path",
    ]);
}

#[test]
fn a_folder_is_not_a_data_file() {
    Folder::with_model().run("sample model.py --data .").complains(&["data file .", "directory"]);
}

#[test]
fn a_data_file_must_be_csv_or_json() {
    read("data.xlsx", "x", &["data.xlsx", ".csv, .tsv, .txt, .dat, .data, .json, .npz or .npy"]);
}

#[test]
fn an_empty_csv_file_is_told_what_it_needs() {
    read("data.csv", "", &["data.csv is empty", "header"]);
    read("data.csv", "x,y\n", &["data.csv has no rows", "header"]);
}

#[test]
fn a_ragged_csv_file_is_told_its_line() {
    read("data.csv", "x,y\n1,2\n3\n", &["data.csv, line 3", "1 cells", "2"]);
}

#[test]
fn json_that_ends_too_soon_is_told_its_place() {
    read("data.json", "{\"y\": [1, 2", &["data.json", "line 1 column 11"]);
}

#[test]
fn a_missing_column_is_named_with_those_there_are() {
    read("data.csv", "x,z\n1,2\n", &["model.py:6:", "`y`", "data.csv", "x, z", "^"]);
}

#[test]
fn a_column_without_a_data_file_is_named() {
    Folder::with_model().run("sample model.py").complains(&["model.py:6:", "`y`", "no data file"]);
}

#[test]
fn text_in_a_numeric_column_is_told_its_line() {
    read("data.csv", "x,y\n1,1.5\n2,oops\n", &["column `y`", "\"oops\"", "line 3", "numbers"]);
}

#[test]
fn missing_values_of_a_predictor_are_told_their_row() {
    let script = "b = pm.Normal('b', 0, 1)\npm.Normal('y', b * x, 1, observed=[1.0, 2.0])";
    for (name, data, row) in [
        ("data.csv", "x,z\n1,1.5\n,2\n", "row 1, line 3 of the file"),
        ("data.csv", "x,z\n1,1.5\nNaN,2\n", "row 1, line 3 of the file"),
        ("data.csv", "x,z\n1,1.5\nNA,2\n", "row 1, line 3 of the file"),
        ("data.json", "{\"x\": [1.0, null]}", "row 1"),
    ] {
        let folder = Folder::new(&[("model.py", &model(script)), (name, data)]);
        folder.run(&format!("sample model.py --data {name}")).complains(&["missing values in `x`", row]);
    }
}

#[test]
fn an_infinite_value_is_told_its_row() {
    read("data.csv", "x,y\n1,1.5\n2,inf\n", &["`y`", "inf", "row 1", "finite"]);
}

#[test]
fn data_outside_the_support_is_told_its_row_and_the_support() {
    let rate = "rate = pm.HalfNormal('rate', 1)\n";
    refused(
        &format!("{rate}pm.Exponential('y', rate, observed=y)"),
        "y\n1\n-2\n",
        &["model.py:5:", "`y`", "value -2", "row 1", "from 0"],
    );
    refused(
        &format!("{rate}pm.Poisson('y', rate, observed=y)"),
        "y\n1\n2.5\n",
        &["`y`", "value 2.5", "row 1", "counts"],
    );
    refused(
        &format!("{rate}pm.Uniform('y', 0, 1 + rate, observed=y)"),
        "y\n1\n-1\n",
        &["`y`", "value -1", "row 1", "from 0 to a bound that depends on parameters"],
    );
}

#[test]
fn an_index_that_counts_from_one_is_out_of_range() {
    refused(
        "b = pm.Normal('b', 0, 1, shape=2)\npm.Normal('y', b[group], 1, observed=y)",
        "group,y\n1,0\n2,1\n",
        &["model.py:5:", "index 2", "2 elements"],
    );
}
