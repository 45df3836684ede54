//! What was not read is never called good: one thing of each sort that cannot be read, in each command and mode.

#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use soalint::check::{self, Scope};
use soalint::config::Settings;
use soalint::repo::memory::MemoryTree;
use soalint::repo::{FileId, RawService, ServiceName, TreeSource, Unread, Wanted};
use soalint::rules::Env;

use crate::support::nobody::copy_program;
use crate::support::program::{code, stderr, stdout};

const MAIN: &str = "main:\n  instances: 3\n  cpus: 0.1\n  deploy_group: prod.main\n";
const DEPLOY: &str = "pipeline:\n  - step: itest\n  - step: push-to-registry\n  - step: prod.main\n    trigger_next_step_manually: true\n";

/// Two services without a finding, one of which needs the other.
const FILES: [(&str, &str); 8] = [
    ("web/marathon-prod.yaml", MAIN),
    ("web/smartstack.yaml", "main:\n  proxy_port: 20001\n"),
    ("web/monitoring.yaml", "team: web\n"),
    ("web/deploy.yaml", DEPLOY),
    (
        "api/marathon-prod.yaml",
        "main:\n  instances: 3\n  cpus: 0.1\n  deploy_group: prod.main\n  registrations: [api.main, web.main]\n",
    ),
    ("api/smartstack.yaml", "main:\n  proxy_port: 20002\n"),
    ("api/monitoring.yaml", "team: api\n"),
    ("api/deploy.yaml", DEPLOY),
];

/// The file that is spoilt.
const FILE: &str = "web/marathon-prod.yaml";

/// What can be wrong with a tree so that a part of it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Directory,
    DirectoryWithoutEntry,
    LinkedDirectoryOut,
    LinkedDirectoryDangling,
    File,
    LinkOut,
    Dangling,
    Loop,
    NotYaml,
    Utf16,
    InvalidUtf8,
    Pipe,
    NestedDirectory,
}

const THINGS: [Thing; 13] = [
    Thing::Directory,
    Thing::DirectoryWithoutEntry,
    Thing::LinkedDirectoryOut,
    Thing::LinkedDirectoryDangling,
    Thing::File,
    Thing::LinkOut,
    Thing::Dangling,
    Thing::Loop,
    Thing::NotYaml,
    Thing::Utf16,
    Thing::InvalidUtf8,
    Thing::Pipe,
    Thing::NestedDirectory,
];

impl Thing {
    /// Whether the whole service is unknown.
    const fn is_directory(self) -> bool {
        matches!(
            self,
            Thing::Directory
                | Thing::DirectoryWithoutEntry
                | Thing::LinkedDirectoryOut
                | Thing::LinkedDirectoryDangling
        )
    }

    /// Whether git stores what is wrong. Of permissions it keeps only whether a file can be run; pipes and
    /// empty directories are nothing to it.
    const fn is_in_git(self) -> bool {
        !matches!(
            self,
            Thing::Directory
                | Thing::DirectoryWithoutEntry
                | Thing::File
                | Thing::Pipe
                | Thing::NestedDirectory
        )
    }

    fn spoil(self, root: &Path) {
        let directory = root.join("web");
        let file = root.join(FILE);
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        let outside = root.with_extension("outside");
        let move_away = || {
            let _ = fs::remove_dir_all(&outside);
            fs::rename(&directory, &outside).expect("moved");
        };
        let replace = |bytes: &[u8]| fs::write(&file, bytes).expect("a file");
        let link = |target: &Path| {
            fs::remove_file(&file).expect("removed");
            symlink(target, &file).expect("a link");
        };
        match self {
            Thing::Directory => mode(&directory, 0),
            Thing::DirectoryWithoutEntry => mode(&directory, 0o444),
            Thing::LinkedDirectoryOut => {
                move_away();
                symlink(&outside, &directory).expect("a link");
            }
            Thing::LinkedDirectoryDangling => {
                move_away();
                symlink("nowhere", &directory).expect("a link");
            }
            Thing::File => mode(&file, 0),
            Thing::LinkOut => {
                fs::write(&outside, MAIN).expect("a file");
                link(&outside);
            }
            Thing::Dangling => link(Path::new("nowhere.yaml")),
            Thing::Loop => link(Path::new("marathon-prod.yaml")),
            Thing::NotYaml => replace(b"main: [\n"),
            Thing::Utf16 => {
                let units = MAIN.encode_utf16().flat_map(u16::to_le_bytes);
                replace(&[0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>());
            }
            Thing::InvalidUtf8 => replace(b"main: {cmd: \"\xff\"}\n"),
            Thing::Pipe => {
                fs::remove_file(&file).expect("removed");
                assert!(Command::new("mkfifo").arg(&file).status().expect("mkfifo runs").success());
            }
            Thing::NestedDirectory => {
                fs::remove_file(&file).expect("removed");
                fs::create_dir(&file).expect("a directory");
            }
        }
    }
}

/// A directory that another user can reach, unlike that of the build perhaps.
fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let directory = std::env::temp_dir().join(format!("soalint-unread-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("permissions");
        // Permissions of the copy let others run it.
        copy_program(&directory.join("soalint"));
        directory
    })
}

/// Runs a program as somebody whom permissions hold back: the system asks nobody less than root.
fn as_other(program: &Path, directory: &Path, arguments: &[&str]) -> Output {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", self::directory()).output().expect("setpriv (of util-linux) and soalint run")
}

fn soalint(root: &Path, arguments: &[&str]) -> Output {
    as_other(&directory().join("soalint"), root, arguments)
}

fn git(root: &Path, arguments: &[&str]) {
    let identity =
        ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let output = as_other(Path::new("git"), root, &[&identity, arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
}

/// A repository with the tree, committed, and then spoilt. It belongs to the user of the runs.
fn repository(name: &str, thing: Option<Thing>) -> PathBuf {
    let root = directory().join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in FILES {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    let own = |path: &Path| {
        let _ = Command::new("chown").args(["-Rh", "65534:65534"]).arg(path).status();
    };
    own(&root);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-q", "-m", "first"]);
    if let Some(thing) = thing {
        thing.spoil(&root);
        own(&root);
        if thing.is_in_git() {
            git(&root, &["add", "-A"]);
        }
    }
    root
}

fn remove(root: &Path) {
    let _ = fs::set_permissions(root.join("web"), fs::Permissions::from_mode(0o755));
    let _ = fs::remove_dir_all(root);
    let _ = fs::remove_file(root.with_extension("outside"));
    let _ = fs::remove_dir_all(root.with_extension("outside"));
}

/// A command, and of which things it depends what it says.
struct Cell {
    arguments: &'static [&'static str],
    /// Whether it needs the file of the instances, and not only the service.
    file: bool,
    /// Whether it reads the index.
    staged: bool,
}

const fn cell(arguments: &'static [&'static str]) -> Cell {
    Cell { arguments, file: true, staged: false }
}

const CELLS: [Cell; 33] = [
    cell(&["check"]),
    cell(&["check", "--only", "cmd-and-args"]),
    cell(&["check", "--ignore", "all"]),
    cell(&["check", "--format", "json"]),
    cell(&["check", "--format", "sarif"]),
    cell(&["check", "--format", "github"]),
    cell(&["check", "--format", "concise"]),
    cell(&["check", "--statistics"]),
    cell(&["check", "web"]),
    cell(&["check", "web.main"]),
    cell(&["check", FILE]),
    cell(&["check", "web/smartstack.yaml"]),
    cell(&["check", "--diff"]),
    cell(&["check", "--fix"]),
    cell(&["check", "--against", "HEAD"]),
    cell(&["check", "--against", "HEAD", "web"]),
    Cell { arguments: &["check", "--staged"], file: true, staged: true },
    Cell { arguments: &["check", "--staged", "web"], file: true, staged: true },
    Cell { arguments: &["check", "--staged", "--against", "HEAD"], file: true, staged: true },
    cell(&["baseline", "write", "-o", ".b.json"]),
    cell(&["emit", "marathon", "--cluster", "prod"]),
    cell(&["emit", "marathon", "--all-clusters"]),
    cell(&["emit", "marathon", "web", "--cluster", "prod"]),
    cell(&["emit", "marathon", "web.main", "--cluster", "prod"]),
    cell(&["emit", "marathon", FILE, "--cluster", "prod"]),
    cell(&["emit", "sensu", "--cluster", "prod"]),
    cell(&["emit", "nerve", "--cluster", "prod"]),
    Cell { arguments: &["emit", "synapse"], file: false, staged: false },
    Cell { arguments: &["emit", "synapse", "--form", "fact"], file: false, staged: false },
    Cell { arguments: &["emit", "haproxy"], file: false, staged: false },
    cell(&["emit", "jenkins"]),
    cell(&["show", "web"]),
    cell(&["show", "web.main", "--cluster", "prod"]),
];

#[test]
fn nothing_is_called_good_that_was_not_read() {
    let clean = repository("clean", None);
    for cell in &CELLS {
        let output = soalint(&clean, cell.arguments);
        assert_eq!(code(&output), 0, "{:?}: {}{}", cell.arguments, stdout(&output), stderr(&output));
    }
    remove(&clean);
    let mut wrong = String::new();
    for thing in THINGS {
        let root = repository(&format!("{thing:?}"), Some(thing));
        for cell in &CELLS {
            let output = soalint(&root, cell.arguments);
            let said = format!("{}{}", stdout(&output), stderr(&output));
            let reads = (cell.file || thing.is_directory()) && (!cell.staged || thing.is_in_git());
            // Statistics name rules only.
            let is_named = cell.arguments.contains(&"--statistics")
                || said.contains(if thing.is_directory() { "web" } else { "marathon-prod.yaml" });
            let is_silent = code(&output) == 0 || said.contains("All good") || !is_named;
            if reads && is_silent {
                writeln!(wrong, "{thing:?} {:?}: exit {}: {said}", cell.arguments, code(&output))
                    .expect("a string");
            }
            if !reads && code(&output) != 0 {
                writeln!(wrong, "{thing:?} {:?} does not read it: {said}", cell.arguments).expect("a string");
            }
        }
        remove(&root);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is unknown is not absent: nobody is told of a namespace, a port or a job that is not there.
#[test]
fn nothing_else_is_said_because_of_it() {
    for thing in THINGS {
        let root = repository(&format!("only-{thing:?}"), Some(thing));
        for mode in [&["check", "--select", "all"][..], &["check", "--against", "HEAD", "--select", "all"]] {
            let output = soalint(&root, &[mode, &["--format", "json"]].concat());
            let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
            let findings = report["diagnostics"].as_array().expect("findings");
            let place = if thing.is_directory() { "web" } else { FILE };
            let elsewhere =
                |finding: &&serde_json::Value| finding["file"] != place && finding["severity"] != "info";
            let elsewhere: Vec<_> = findings.iter().filter(elsewhere).collect();
            assert!(elsewhere.is_empty(), "{thing:?}: {elsewhere:?}");
            let errors = findings.iter().filter(|finding| finding["severity"] == "error").count();
            assert_eq!(errors, 1, "{thing:?} {mode:?}: {report} {}", stderr(&output));
            let unread = report["summary"]["unread"].as_u64().expect("a number");
            let is_read = matches!(thing, Thing::NotYaml | Thing::Utf16 | Thing::InvalidUtf8);
            assert_eq!(unread, u64::from(!is_read), "{thing:?}");
        }
        remove(&root);
    }
}

/// Counts are of what was read.
#[test]
fn what_was_not_read_is_not_counted() {
    let root = repository("counts", Some(Thing::Directory));
    let output = soalint(&root, &["check", "--format", "json"]);
    let summary = &serde_json::from_str::<serde_json::Value>(&stdout(&output)).expect("JSON")["summary"];
    assert_eq!((summary["files"].as_u64(), summary["services"].as_u64()), (Some(4), Some(1)), "{summary}");
    let output = soalint(&root, &["check"]);
    let last = "Found 1 error in 4 files of 1 service; 1 file or directory could not be read.";
    assert!(stdout(&output).contains(last), "{}", stdout(&output));
    let output = soalint(&root, &["check", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notifications.as_array().map(Vec::len), Some(1), "{notifications}");
    assert_eq!(notifications[0]["level"], "error");
    remove(&root);
}

/// An entry of the baseline is not gone because nobody could look.
#[test]
fn a_baseline_keeps_what_nobody_could_look_for() {
    let root = repository("baseline", None);
    fs::write(root.join(FILE), format!("{MAIN}  cmd: a\n  args: [b]\n")).expect("a file");
    let output = soalint(&root, &["baseline", "write"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let baseline = fs::read(root.join(".soalint-baseline.json")).expect("a file");
    Thing::Directory.spoil(&root);
    let output = soalint(&root, &["baseline", "prune"]);
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    assert_eq!(fs::read(root.join(".soalint-baseline.json")).expect("a file"), baseline);
    let output = soalint(&root, &["check", "--baseline", ".soalint-baseline.json"]);
    assert!(!stdout(&output).contains("baseline-stale"), "{}", stdout(&output));
    remove(&root);
}

/// Too few handles of files are waited for; where not even one service can be read, that is no finding.
#[test]
fn handles_of_files_run_out_loudly() {
    let root = repository("handles", None);
    for number in 0..40 {
        let directory = root.join(format!("service-{number}"));
        fs::create_dir(&directory).expect("a directory");
        fs::write(directory.join("service.yaml"), "description: x\n").expect("a file");
    }
    let run = |handles: usize, threads: usize, arguments: &str| {
        let soalint = directory().join("soalint");
        let line = format!("ulimit -n {handles}; exec {} {arguments} -j {threads}", soalint.display());
        as_other(Path::new("sh"), &root, &["-c", &line])
    };
    let whole = run(1000, 4, "check --format concise");
    for (handles, threads) in [(7, 2), (9, 64), (8, 8), (7, 1)] {
        let output = run(handles, threads, "check --format concise");
        assert_eq!(stdout(&output), stdout(&whole), "{handles} handles: {}", stderr(&output));
        assert_eq!(code(&output), code(&whole));
    }
    for arguments in ["check", "emit marathon --cluster prod", "show web", "baseline write -o .b.json"] {
        let output = run(5, 2, arguments);
        assert_eq!(code(&output), 2, "{arguments}: {}{}", stdout(&output), stderr(&output));
        assert!(!stdout(&output).contains("All good"), "{}", stdout(&output));
        assert!(stderr(&output).contains("no more files can be opened"), "{arguments}: {}", stderr(&output));
    }
    remove(&root);
}

/// A tree of which something goes away between listing and reading.
struct Vanishing {
    tree: MemoryTree,
    file: Option<&'static str>,
}

impl TreeSource for Vanishing {
    fn service_names(&self) -> &[ServiceName] {
        self.tree.service_names()
    }

    fn load(&self, name: &ServiceName, wanted: &Wanted) -> RawService {
        let mut service = self.tree.load(name, wanted);
        if name.text != "web" {
            return service;
        }
        let gone = || Unread::System("no such file or directory".to_owned());
        match self.file {
            Some(file) => {
                for entry in service.entries.iter_mut().filter(|entry| entry.name == file) {
                    entry.content = entry.content.as_ref().map(|_| Err(gone()));
                }
            }
            None => {
                service = RawService { name: name.text.clone(), entries: Vec::new(), error: Some(gone()) };
            }
        }
        service
    }

    fn read(&self, name: &ServiceName, file: &str) -> Option<Result<Vec<u8>, Unread>> {
        self.tree.read(name, file)
    }

    fn real_file(&self, name: &ServiceName, file: &str) -> Option<FileId> {
        self.tree.real_file(name, file)
    }
}

#[test]
fn what_vanishes_while_it_is_read_is_unknown() {
    let env = Env::new(Settings::default());
    for file in [None, Some("marathon-prod.yaml"), Some("smartstack.yaml"), Some("monitoring.yaml")] {
        let tree = Vanishing { tree: MemoryTree::new(FILES), file };
        let outcome = check::check(&tree, &Scope::Everything, &env);
        let found: Vec<(&str, &str)> =
            outcome.diagnostics.iter().map(|d| (d.rule.name, &*d.place.file)).collect();
        let place = file.map_or("web".to_owned(), |file| format!("web/{file}"));
        assert_eq!(found, [("unreadable-file", place.as_str())]);
        assert_eq!((outcome.files, outcome.services), if file.is_some() { (7, 2) } else { (4, 1) });
    }
}

/// The same with the program, as often as chance has it: whatever a run sees, it is not half of a tree that
/// is called good.
#[test]
fn a_tree_that_changes_meanwhile_is_not_called_good_by_half() {
    let root = repository("churn", None);
    let (stop, moves) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (there, away) = (root.join(FILE), root.join("web/.away"));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                fs::rename(&there, &away).expect("moved away");
                fs::rename(&away, &there).expect("moved back");
                moves.fetch_add(1, Ordering::Relaxed);
            }
        });
        for _ in 0..40 {
            let output = soalint(&root, &["check", "--format", "json", "--ignore", "deploy,smartstack"]);
            let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
            let summary = &report["summary"];
            let (files, unread) = (summary["files"].as_u64(), summary["unread"].as_u64());
            match code(&output) {
                // As it is with the file, or without it.
                0 => assert!(matches!((files, unread), (Some(7 | 8), Some(0))), "{summary}"),
                code => assert_eq!((code, files, unread), (1, Some(7), Some(1)), "{summary}"),
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(moves.load(Ordering::Relaxed) > 0);
    remove(&root);
}

/// What a service refers to and nobody could read is not taken for good.
#[test]
fn what_others_hold_is_not_taken_for_good() {
    for thing in [Thing::Directory, Thing::LinkedDirectoryOut] {
        let root = repository(&format!("referred-{thing:?}"), None);
        thing.spoil(&root);
        if thing.is_in_git() {
            git(&root, &["add", "-A"]);
            git(&root, &["commit", "-q", "-m", "second"]);
        }
        let file = root.join("api/marathon-prod.yaml");
        let text = fs::read_to_string(&file).expect("a file").replace("web.main", "web.nothere");
        fs::write(&file, text).expect("a file");
        for arguments in
            [&["check", "api"][..], &["check", "--against", "HEAD"], &["check", "--against", "HEAD", "api"]]
        {
            let output = soalint(&root, arguments);
            let said = stdout(&output);
            assert_eq!(code(&output), 1, "{thing:?} {arguments:?}: {said}{}", stderr(&output));
            assert!(said.contains("[unreadable-file]") && said.contains("[web]"), "{said}");
        }
        remove(&root);
    }
    let root = repository("referred-file", None);
    fs::set_permissions(root.join("web/smartstack.yaml"), fs::Permissions::from_mode(0o000))
        .expect("permissions");
    let output = soalint(&root, &["check", "api"]);
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("[web/smartstack.yaml]"), "{}", stdout(&output));
    // Nothing of `web` refers to another service.
    let output = soalint(&root, &["check", "web"]);
    assert_eq!(stdout(&output).matches("[unreadable-file]").count(), 1, "{}", stdout(&output));
    remove(&root);
}

/// deployments.json is read by what deploys, and by `emit`.
#[test]
fn deployments_that_are_no_file_are_found() {
    for target in ["nowhere", "deployments.json", "/etc/hostname"] {
        let root = repository("deployments", None);
        symlink(target, root.join("web/deployments.json")).expect("a link");
        let output = soalint(&root, &["check"]);
        assert_eq!(code(&output), 1, "{target}: {}", stdout(&output));
        assert!(stdout(&output).contains("[web/deployments.json]"), "{}", stdout(&output));
        remove(&root);
    }
}
