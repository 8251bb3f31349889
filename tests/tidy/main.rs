//! The rules of the house that no lint checks.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            sources(&path, into);
        } else if name.ends_with(".rs") {
            into.push(path);
        }
    }
}

fn every_source() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")), &mut paths);
    assert!(paths.len() > 100, "only {} sources found", paths.len());
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("readable file");
            (path, text)
        })
        .collect()
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for (path, text) in every_source() {
        assert!(text.starts_with("//! "), "{} does not open with `//! `", path.display());
    }
}

#[test]
fn files_stay_small() {
    for (path, text) in every_source() {
        let lines = text.lines().count();
        assert!(lines <= 800, "{} has {lines} lines; split it at an idea", path.display());
    }
}

#[test]
fn names_say_what_is_inside() {
    for (path, _) in every_source() {
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let vague = ["base", "utils", "util", "common", "helpers", "misc"].contains(&stem.as_str());
        assert!(!vague, "{} has a name that says nothing", path.display());
    }
}

#[test]
fn unsafe_code_stays_in_kernels() {
    let block = concat!("unsafe", " {");
    for (path, text) in every_source() {
        let inside = path.components().any(|c| c.as_os_str() == "kernels");
        assert!(inside || !text.contains(block), "{} has unsafe code", path.display());
    }
}
