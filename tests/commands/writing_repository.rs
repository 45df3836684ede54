//! In a git repository, no link is followed out of it, with or without a tree in it; those that stay in it are
//! the user's own, unless they lead out of a tree.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::program::{code, run, stderr, tree};

/// A repository `repo` with a tree `repo/soa`, beside a directory `victim` that it has links to: `out`, and
/// `out` in its directories. `kept` are links to its own directory `generated`.
fn repository(name: &str) -> PathBuf {
    let root = tree(
        &format!("writing-repository-{name}"),
        &[
            ("repo/soa/web/marathon-prod.yaml", "main: {cpus: 1}\n"),
            ("repo/soa/web/monitoring.yaml", "team: web\n"),
            ("repo/docs/page.md", "text\n"),
            ("repo/generated/file", "ours\n"),
            ("home/soa/api/marathon-prod.yaml", "main: {cpus: 1}\n"),
            ("victim/file", "precious\n"),
        ],
    );
    let root = fs::canonicalize(root).expect("a path");
    let done = Command::new("git").args(["init", "-q", "."]).current_dir(root.join("repo")).status();
    assert!(done.expect("git runs").success());
    for link in ["repo/out", "repo/docs/out", "repo/soa/web/out"] {
        symlink(root.join("victim"), root.join(link)).expect("a link");
    }
    for link in ["repo/kept", "repo/soa/web/kept", "home/own"] {
        symlink(root.join("repo/generated"), root.join(link)).expect("a link");
    }
    root
}

/// Every command that writes what it is told, in `directory`, to `place`.
fn writers(directory: &Path, place: &str) -> Vec<(String, std::process::Output)> {
    let report = format!("json={place}/report.json");
    let baseline = format!("{place}/baseline.json");
    let soa = if directory.ends_with("repo") { "soa" } else { "." };
    [
        &["schema", "--write", place][..],
        &["baseline", "write", "-d", soa, "-o", &baseline],
        &["emit", "marathon", "-d", soa, "--all-clusters", "-o", place],
        &["check", "-d", soa, "--exit-zero", "--output-format", &report],
    ]
    .into_iter()
    .map(|arguments| (format!("{arguments:?}"), run(directory, arguments)))
    .collect()
}

fn names(directory: &Path) -> Vec<String> {
    let listed = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        listed.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn no_link_of_a_repository_is_followed_out_of_it() {
    let root = repository("out");
    let soa = root.join("repo/soa");
    for (directory, place) in [
        (root.join("repo"), "out"),
        (root.join("repo"), "docs/out"),
        (root.join("repo"), "docs/../out/deeper"),
        (root.join("repo"), "soa/web/out"),
        (soa.clone(), "web/out"),
        (soa.clone(), "../out"),
        (soa.clone(), "../docs/out/deeper"),
        (root.join("home/soa"), "../../repo/out"),
        (root.join("home/soa"), "../../repo/docs/out"),
        (root.join("home/soa"), "../own/../out"),
    ] {
        for (what, output) in writers(&directory, place) {
            let said = stderr(&output);
            assert_eq!(code(&output), 2, "{place} {what}: {said}");
            assert!(said.contains("a link there leaves the tree, which is not followed"), "{what}: {said}");
            assert_eq!(names(&root.join("victim")), ["file"], "{place} {what}");
        }
    }
}

#[test]
fn links_within_a_repository_are_followed_unless_they_leave_a_tree() {
    let root = repository("within");
    for (directory, place) in [
        (root.join("repo"), "kept"),
        (root.join("repo/soa"), "../kept"),
        (root.join("home/soa"), "../own"),
        (root.join("home/soa"), "../../repo/kept"),
    ] {
        for (what, output) in writers(&directory, place) {
            assert_eq!(code(&output), 0, "{place} {what}: {}", stderr(&output));
        }
        let written = names(&root.join("repo/generated"));
        for file in ["baseline.json", "catalog.json", "file", "report.json"] {
            assert!(written.iter().any(|name| name == file), "{place}: {written:?}");
        }
        fs::remove_dir_all(root.join("repo/generated")).expect("removed");
        fs::create_dir(root.join("repo/generated")).expect("a directory");
        fs::write(root.join("repo/generated/file"), "ours\n").expect("a file");
    }
    for (directory, place) in [(root.join("repo/soa"), "web/kept"), (root.join("repo"), "soa/web/kept")] {
        for (what, output) in writers(&directory, place) {
            assert_eq!(code(&output), 2, "{place} {what}: {}", stderr(&output));
        }
        assert_eq!(names(&root.join("repo/generated")), ["file"], "{place}");
    }
}
