//! Runs the program in a folder of its own and looks at what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use chainfire::InferenceData;
use serde_json::Value;

/// A small model that samples well: a mean and a scale of the column `y`.
pub const MODEL: &str = r#"
mu = pm.Normal("mu", 0, 10)
sigma = pm.HalfNormal("sigma", 2)
pm.Normal("y", mu, sigma, observed=y)
"#;

/// Data for [`MODEL`].
pub const DATA: &str = "x,y\n1,1.5\n2,0.2\n3,-0.4\n4,2.2\n5,0.7\n";

/// The text of a model file with these statements in its `with` block.
pub fn model(statements: &str) -> String {
    let mut text = "import pymc as pm\n\nwith pm.Model() as model:\n".to_string();
    for line in statements.trim().lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// A folder with files; gone when it is dropped.
///
/// The crate `tempfile` would do this, but its features change those of burn's dependencies: `cargo test` would build
/// burn a second time.
pub struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("chainfire-front-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    /// A folder with the small model and its data.
    pub fn with_model() -> Self {
        Self::new(&[("model.py", &model(MODEL)), ("data.csv", DATA)])
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Names of the files in it, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program in this folder, with arguments that are parted by blanks; its streams are pipes.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chainfire"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &str) -> Outcome {
        self.command(arguments).output().unwrap().into()
    }

    pub fn posterior(&self, name: &str) -> InferenceData {
        chainfire::read_netcdf(&self.path(name)).unwrap()
    }
}

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Outcome {
    /// Exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Outcome {
    /// Checks that the program went to its end, and gives what it printed.
    pub fn printed(&self) -> &str {
        assert_eq!(self.status, Some(0), "{self:?}");
        &self.stdout
    }

    /// Checks that standard output is one JSON value, and gives it.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks that the program failed with one paragraph on standard error that has all these parts.
    pub fn complains(&self, parts: &[&str]) {
        assert!(matches!(self.status, Some(1 | 2)), "must fail with an error: {self:?}");
        assert!(
            !self.stderr.contains("panicked") && !self.stderr.contains("internal error"),
            "{}",
            self.stderr
        );
        let is_error = |line: &&str| line.starts_with("error: ") || line.contains("error[M");
        let errors = self.stderr.lines().filter(is_error).count();
        assert_eq!(errors, 1, "one error: {}", self.stderr);
        // Wrong arguments are complained of by the argument parser, in paragraphs.
        if self.status == Some(1) {
            assert!(!self.stderr.trim_end().contains("\n\n"), "one paragraph: {}", self.stderr);
        }
        for part in parts {
            assert!(self.stderr.contains(part), "`{part}` is missing: {}", self.stderr);
        }
    }
}

/// Samples a model with data and checks that it is refused with these parts in the message, by `check` as well.
pub fn refused(statements: &str, data: &str, parts: &[&str]) {
    let folder = Folder::new(&[("model.py", &model(statements)), ("data.csv", data)]);
    for command in ["sample model.py --data data.csv --quiet", "check model.py --data data.csv"] {
        folder.run(command).complains(parts);
    }
}

/// A file of the examples.
pub fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).display().to_string()
}
