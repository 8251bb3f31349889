//! Output that cannot be written is refused before the run where that can be known, and does not lose the summary.

use std::process::Command;

use super::program::{Folder, Outcome};

fn refused(folder: &Folder, output: &str, parts: &[&str]) {
    let before = folder.names();
    let outcome = folder.run(&format!("sample model.py --data data.csv -o {output}"));
    outcome.complains(parts);
    assert!(!outcome.stderr.contains("NUTS"), "nothing runs: {}", outcome.stderr);
    assert_eq!(folder.names(), before);
}

#[test]
fn a_missing_folder_is_refused_before_the_run() {
    let parts = ["cannot write nothere/out.nc", "folder that exists", "No such file"];
    refused(&Folder::with_model(), "nothere/out.nc", &parts);
}

#[test]
fn a_folder_is_refused_as_output() {
    refused(&Folder::with_model(), ".", &["cannot write .", "is a folder", "name of a file"]);
}

#[test]
fn the_data_file_is_refused_as_output() {
    let folder = Folder::with_model();
    refused(&folder, "./data.csv", &["cannot write ./data.csv", "read from it", "another name"]);
    refused(&folder, "model.py", &["cannot write model.py", "read from it"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_as_output_and_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::with_model();
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    refused(&folder, "pipe", &["cannot write pipe", "a device or a pipe", "name of a file"]);
    assert!(folder.path("pipe").metadata().unwrap().file_type().is_fifo());
}

/// A file may grow to 8 blocks only, which is what a disk with that much space left is to a program.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_that_says_so() {
    let folder = Folder::with_model();
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let program = env!("CARGO_BIN_EXE_chainfire");
    let arguments = "sample model.py --data data.csv -o out.nc --seed 1".split_whitespace();
    let mut command = Command::new("sh");
    command.args(["-c", limited, program]).args(arguments).current_dir(folder.path(""));
    let outcome = Outcome::from(command.output().unwrap());
    outcome.complains(&["cannot write ", "out.nc", "space left"]);
}
