//! The commands beside `check` on hostile input: bounded, quiet towards the terminal, and never a crash.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod program;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use program::{code, stderr, stdout};

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn command(arguments: &[&str]) -> Command {
    program::command(Path::new("."), arguments)
}

fn soalint(arguments: &[&str]) -> Ran {
    let output = program::run(Path::new("."), arguments);
    Ran { code: code(&output), stdout: stdout(&output), stderr: stderr(&output) }
}

fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    program::tree(&format!("hostile-{name}"), files)
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_mistake_that_thousands_inherit_is_said_once() {
    let mut text = "main: &a {cpus: -1}\n".to_owned();
    for number in 0..8000 {
        writeln!(text, "i{number}: *a").expect("written");
    }
    let root = tree("inherited", &[("web/marathon-prod.yaml", &text)]);
    let ran = soalint(&["emit", "marathon", "--cluster", "prod", "-d", shown(&root)]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "{}\n"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("error[value-out-of-range]").count(), 1);
    assert!(ran.stderr.contains("Withheld 8001 of 8001 instances."));
}

#[test]
fn what_holds_instances_back_is_listed_up_to_a_limit() {
    let text: String = (0..500).fold(String::new(), |mut text, number| {
        writeln!(text, "i{number}: {{cpus: -1}}").expect("written");
        text
    });
    let root = tree("many", &[("web/marathon-prod.yaml", &text)]);
    let ran = soalint(&["emit", "marathon", "--cluster", "prod", "-d", shown(&root)]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr.matches("error[value-out-of-range]").count(), 100);
    assert!(ran.stderr.contains("... and 400 more\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("withheld: web.i499 "));
}

#[test]
fn nobody_has_to_read_what_is_said() {
    let text = "main: {cpus: -1}\nother: {env: {A: 1}, deploy_group: prod.other}\n";
    let root = tree("unread", &[("web/marathon-prod.yaml", text)]);
    let root = shown(&root);
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    for (arguments, code) in [
        (&["emit", "marathon", "--cluster", "prod"][..], 1),
        (&["check", "-v"], 1),
        (&["check", "--diff"], 1),
        (&["check", "--fix", "-v"], 1),
        (&["baseline", "write"], 0),
        (&["schema", "--editor", "vscode"], 0),
        (&["show", "web.none", "--cluster", "prod"], 2),
    ] {
        let mut to_full = command(arguments);
        let status = to_full.args(["-d", root]).stdout(Stdio::null()).stderr(full()).status();
        assert_eq!(status.expect("soalint runs").code(), Some(code), "{arguments:?} to a full device");
        let mut gone = command(arguments);
        gone.args(["-d", root]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = gone.spawn().expect("soalint runs");
        drop(child.stderr.take());
        let status = child.wait().expect("soalint ends");
        assert_eq!(status.code(), Some(code), "{arguments:?} to a reader that has gone");
    }
}

#[test]
fn threads_are_bounded() {
    for jobs in ["0", "257", "99999", "-1", "many"] {
        let ran = soalint(&["check", "-j", jobs]);
        assert_eq!(ran.code, 2, "{jobs}: {}", ran.stderr);
    }
}

#[test]
fn only_regular_files_are_opened() {
    let root = tree("fifo", &[("web/marathon-prod.yaml", "main: {instances: 1}\n")]);
    let pipe = root.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    for option in ["--instance-counts", "--system-config"] {
        let arguments = ["emit", "marathon", "--cluster", "prod", "-d", shown(&root), option, shown(&pipe)];
        let ran = soalint(&arguments);
        assert_eq!(ran.code, 2, "{option}");
        assert!(ran.stderr.contains("it is no regular file"), "{option}: {}", ran.stderr);
    }
    let big = root.join("big.json");
    fs::File::create(&big).and_then(|file| file.set_len(65 << 20)).expect("a large file");
    let arguments =
        ["emit", "marathon", "--cluster", "prod", "-d", shown(&root), "--instance-counts", shown(&big)];
    let ran = soalint(&arguments);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("it is larger than 64 MB"), "{}", ran.stderr);
}

#[test]
fn a_baseline_replaces_nothing_but_a_baseline() {
    for file in ["web/marathon-prod.yaml", ".soalint.yaml", ".git/config"] {
        let settings = format!("baseline: {file}\n");
        let files = [
            ("web/marathon-prod.yaml", "main: {instances: 1}\n"),
            (".git/config", "[core]\n"),
            (".soalint.yaml", settings.as_str()),
        ];
        let root = tree("baseline", &files);
        let before = fs::read(root.join(file)).expect("a file");
        let ran = soalint(&["baseline", "write", "-d", shown(&root)]);
        assert_eq!(ran.code, 2, "{file}: {}", ran.stdout);
        assert!(ran.stderr.contains("is no baseline, and is not overwritten"), "{}", ran.stderr);
        assert_eq!(fs::read(root.join(file)).expect("a file"), before, "{file}");
    }
}

#[test]
fn names_reach_the_terminal_as_text() {
    let root = tree("names", &[("web/marathon-prod.yaml", "main: {instances: 1}\n")]);
    let name = OsStr::from_bytes(b"n\n::error::x\x1b[31mb");
    fs::create_dir_all(root.join(name)).expect("a directory");
    fs::write(root.join(name).join("marathon-prod.yaml"), "main: {instances: 1}\n").expect("a file");
    for asked in [&b"n\n::error::x\x1b[31m"[..], b"n\n::error::x\x1b[31mb.none", b"##vso[task.complete]x"] {
        for arguments in [&["show"][..], &["emit", "marathon"]] {
            let mut command = command(arguments);
            command.arg(OsStr::from_bytes(asked)).args(["--cluster", "prod", "-d", shown(&root)]);
            let output = command.output().expect("soalint runs");
            let text = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{text}");
            assert!(!text.contains('\u{1b}') && !text.contains("\n::"), "{text:?}");
            assert!(!text.contains("##vso["), "{text:?}");
        }
    }
}
