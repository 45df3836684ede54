//! Tells the program which commit it is built from, where that is known.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SOALINT_COMMIT");
    // While the program is being worked on, a commit would only make everything build again.
    if env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    let Ok(root) = env::var("CARGO_MANIFEST_DIR") else { return };
    if let Some(commit) = given().or_else(|| published(Path::new(&root))).or_else(|| checked_out(&root)) {
        println!("cargo::rustc-env=SOALINT_COMMIT={commit}");
    }
}

/// What a packager says.
fn given() -> Option<String> {
    commit(env::var("SOALINT_COMMIT").ok()?.as_str())
}

/// What `cargo package` notes in what it publishes: `{"git": {"sha1": "..."}}`.
fn published(root: &Path) -> Option<String> {
    let note = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = note.split_once("\"sha1\"")?;
    commit(rest.split('"').nth(1)?)
}

/// The commit of the source's own repository, not of one that the source was copied into.
fn checked_out(root: &str) -> Option<String> {
    if !Path::new(root).join(".git").exists() {
        return None;
    }
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    commit(&git(&["rev-parse", "HEAD"])?)
}

/// The name of a commit, and nothing else.
fn commit(name: &str) -> Option<String> {
    (name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| name.to_owned())
}
