//! Running the program as somebody whom permissions hold back.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::program::{command, stderr, stdout};

/// Runs as a user who is not root, to whom modes of files mean something.
pub(crate) fn as_nobody(root: &Path, arguments: &[&str]) -> Output {
    let who = Command::new("id").arg("-u").output().expect("id runs");
    if stdout(&who).trim() != "0" {
        return command(root, arguments).output().expect("soalint runs");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_soalint")]);
    command.args(arguments).current_dir(root).env_clear().env("COLUMNS", "100").env("PATH", "/usr/bin:/bin");
    let output = command.output().expect("setpriv runs: CI is root, to whom everything is readable");
    assert!(!stderr(&output).starts_with("setpriv:"), "{}", stderr(&output));
    output
}

/// Copies the program to where anybody may run it. Another program makes the copy: what this one had open for
/// writing would be open for a moment in every program that another test starts, and so could not be run.
pub(crate) fn copy_program(to: &Path) {
    let copied = Command::new("cp").arg("-p").arg(env!("CARGO_BIN_EXE_soalint")).arg(to).status();
    assert!(copied.expect("cp runs").success(), "no copy at {}", to.display());
}
