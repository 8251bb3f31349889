//! Bad command lines of every command but `sample`: what is misspelt is offered the nearest, what is out of range is
//! told its range, and a file in the wrong place is told where it belongs.

use super::program::Folder;

/// Commands, with what their error must say; the folder has a model and its data.
fn all_complain(cases: &[(&str, &[&str])]) {
    let folder = Folder::with_model();
    for (command, parts) in cases {
        let outcome = folder.run(command);
        outcome.complains(parts);
        assert_eq!(outcome.stdout, "", "{command}");
    }
}

#[test]
fn misspelt_options_are_offered_the_nearest() {
    all_complain(&[
        ("fit model.py --dta data.csv", &["'--dta'", "'--data'"]),
        ("fit model.py --methd advi", &["'--methd'", "'--method'"]),
        ("fit model.py --drawz 10", &["'--drawz'", "'--draws'"]),
        ("fit model.py --bach 10", &["'--bach'", "'--batch'"]),
        ("fit model.py --start 10", &["'--start'", "'--starts'"]),
        ("fit model.py --iteration 10", &["'--iteration'", "'--iterations'"]),
        ("fit model.py --sead 1", &["'--sead'", "'--seed'"]),
        ("summary out.nc --jsno", &["'--jsno'", "'--json'"]),
        ("extend out.nc --drawz 10", &["'--drawz'", "'--draws'"]),
        ("check model.py --dat data.csv", &["'--dat'", "'--data'"]),
        ("check model.py --pont p.json", &["'--pont'", "'--point'"]),
        ("check --shema", &["'--shema'", "'--schema'"]),
        ("distributions --jsno", &["'--jsno'", "'--json'"]),
        ("devices --json", &["'--json'", "Usage: chainfire devices"]),
    ]);
}

#[test]
fn misspelt_commands_are_offered_the_nearest() {
    all_complain(&[
        ("fits model.py", &["'fits'", "'fit'"]),
        ("sumary out.nc", &["'sumary'", "'summary'"]),
        ("extnd out.nc", &["'extnd'", "'extend'"]),
        ("chek model.py", &["'chek'", "'check'"]),
        ("distribution Normal", &["'distribution'", "'distributions'"]),
        ("device", &["'device'", "'devices'"]),
    ]);
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    all_complain(&[
        ("fit", &["<MODEL>", "Usage: chainfire fit"]),
        ("summary", &["<FILE>", "Usage: chainfire summary"]),
        ("summary a.nc b.nc", &["'b.nc'", "Usage: chainfire summary"]),
        ("extend out.nc", &["--draws <N>", "Usage: chainfire extend"]),
        ("extend --draws 5", &["<FILE>", "Usage: chainfire extend"]),
        ("check", &["<MODEL>", "Usage: chainfire check"]),
        ("distributions Normal Gamma", &["'Gamma'", "Usage: chainfire distributions"]),
        ("devices gpu", &["'gpu'", "Usage: chainfire devices"]),
    ]);
}

#[test]
fn values_of_fit_that_cannot_be_used_are_told_what_can() {
    all_complain(&[
        ("fit model.py --data data.csv --method adv", &["'adv'", "'advi'", "pathfinder, laplace, map"]),
        ("fit model.py --data data.csv --draws 0", &["`draws` is 0", "from 1 to"]),
        ("fit model.py --data data.csv --draws -1", &["'-1'", "--draws", "whole number"]),
        ("fit model.py --data data.csv --draws 1e3", &["'1e3'", "--draws", "whole number"]),
        ("fit model.py --data data.csv --iterations 0", &["`iterations` is 0", "from 1 to"]),
        ("fit model.py --data data.csv --starts 0", &["`starts` is 0", "from 1 to"]),
        ("fit model.py --data data.csv --batch 3", &["`batch` is 3", "even number"]),
        ("fit model.py --data data.csv --threads 0", &["`threads` is 0", "1 to"]),
        ("fit model.py --data data.csv --seed x", &["'x'", "--seed", "whole number"]),
        (
            "fit model.py --data data.csv -o nofolder/fit.nc",
            &["nofolder/fit.nc", "--output", "folder that exists"],
        ),
    ]);
}

#[test]
fn extend_says_what_it_can_go_on_with() {
    all_complain(&[
        ("extend nothere.nc --draws 10", &["no checkpoint beside nothere.nc", "chainfire sample"]),
        ("extend data.csv --draws 10", &["no checkpoint beside data.csv", "chainfire sample"]),
        ("extend out.nc --draws ten", &["'ten'", "--draws", "whole number"]),
    ]);
}

#[test]
fn files_in_the_wrong_place_are_told_where_they_belong() {
    all_complain(&[
        ("check data.csv", &["data.csv is no model file", "`--data`"]),
        (
            "check model.py --data model.py",
            &["model.py is not a data file", ".csv, .tsv, .txt, .dat, .data, .json, .npz or .npy"],
        ),
        ("fit data.csv --data model.py", &["data.csv is no model file", "`--data`"]),
        ("check model.py --data nothere.csv", &["nothere.csv", "No such file", "check the path"]),
        ("check nothere.py", &["nothere.py", "No such file", "check the path"]),
        ("check .", &["cannot read the model file .", "check the path"]),
    ]);
}

#[test]
fn points_that_do_not_fit_the_model_are_told_what_does() {
    let folder = Folder::with_model();
    for (text, parts) in [
        ("{\"mu\": \"a\"}", &["`mu` in point.json", "\"a\" is not a number"][..]),
        ("{\"nu\": 1}", &["`nu`, which is not a free variable", "mu"]),
        ("{\"mu\": [1, 2]}", &["2 numbers for `mu`", "takes 1"]),
        ("[1]", &["JSON object of values by variable name"]),
        ("{\"mu\": 1", &["point.json is not valid JSON", "line 1"]),
    ] {
        std::fs::write(folder.path("point.json"), text).unwrap();
        folder.run("check model.py --data data.csv --point point.json").complains(parts);
    }
    folder.run("check model.py --data data.csv --point nothere.json").complains(&[
        "nothere.json",
        "No such file",
        "check the path",
    ]);
}
