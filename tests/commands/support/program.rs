//! Running the program as a user does, on trees of a test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs the program in an environment that the machine has no part in.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory, arguments).output().expect("soalint runs")
}

/// The same before it runs.
pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100");
    command
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// A directory of the test's own, with the given files.
pub(crate) fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("config-{name}"));
    fill(root, files)
}

/// Puts these files, and nothing else, into a directory.
pub(crate) fn fill(root: PathBuf, files: &[(impl AsRef<Path>, &str)]) -> PathBuf {
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a directory");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    root
}
