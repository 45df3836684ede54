//! Strangers' trees are input: nothing in them may crash us, hang us, make us read what is not
//! theirs, or reach a terminal as more than text (docs/design.md section 13).

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn check(root: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .args(["check", "-d"])
        .arg(root)
        .args(arguments)
        .stdin(Stdio::null())
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .expect("soalint runs");
    Ran {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

fn tree(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("security").join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a directory");
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
    root
}

/// Every format, so that none is forgotten.
const FORMATS: [&str; 9] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "markdown"];

#[test]
fn links_out_of_the_tree_are_reported_and_not_read() {
    let outside = tree("outside", &[("secret.yaml", b"main: {cmd: top-secret-text, args: [x]}\n")]);
    let root = tree("links", &[("web/service.yaml", b"description: x\n")]);
    symlink(outside.join("secret.yaml"), root.join("web/marathon-prod.yaml")).expect("a link");
    symlink("nowhere", root.join("web/marathon-stage.yaml")).expect("a link");
    symlink("marathon-loop.yaml", root.join("web/marathon-loop.yaml")).expect("a link");
    symlink(&outside, root.join("elsewhere")).expect("a link");
    let ran = check(&root, &["--output-format", "concise"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!ran.stdout.contains("top-secret-text"), "{}", ran.stdout);
    for file in ["marathon-prod", "marathon-stage", "marathon-loop"] {
        assert!(ran.stdout.contains(&format!("web/{file}.yaml: error[unreadable-file]")), "{}", ran.stdout);
    }
    let elsewhere =
        "elsewhere: error[unreadable-file] this directory cannot be read: it is a link that leaves the tree";
    assert!(ran.stdout.contains(elsewhere), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("; 4 files or directories could not be read.\n"), "{}", ran.stdout);
}

#[test]
fn links_within_the_tree_are_followed() {
    let root = tree("inside", &[("web/marathon-SHARED.yaml", b"main: {cmd: run, args: [x]}\n")]);
    symlink("marathon-SHARED.yaml", root.join("web/marathon-prod.yaml")).expect("a link");
    let ran = check(&root, &["--output-format", "concise", "--only", "cmd-and-args"]);
    assert!(ran.stdout.contains("web/marathon-prod.yaml:1:"), "{}", ran.stdout);
}

#[test]
fn a_shared_file_is_told_from_that_of_a_cluster_by_its_links() {
    let files: &[(&str, &[u8])] = &[
        ("api/marathon-shared.yaml", b"main: {mem: 100}\n"),
        ("web/marathon-shared.yaml", b"main: {mem: 200}\n"),
        ("web/marathon-norcal-prod.yaml", b"main: {mem: 300}\n"),
    ];
    let root = tree("shared", files);
    symlink("marathon-shared.yaml", root.join("api/marathon-norcal-prod.yaml")).expect("a link");
    let ran = check(&root, &["--output-format", "concise", "--select", "symlink-target-lowercase"]);
    let found: Vec<&str> =
        ran.stdout.lines().filter(|line| line.contains("[symlink-target-lowercase]")).collect();
    assert_eq!(found.len(), 1, "{}", ran.stdout);
    assert!(found.iter().all(|line| line.contains("api/marathon-shared.yaml")), "{}", ran.stdout);
}

#[test]
fn pipes_directories_and_locked_files_do_not_stop_the_rest() {
    let root = tree(
        "odd",
        &[("api/marathon-prod.yaml", b"main: {cmd: run, args: [x]}\n"), ("web/service.yaml", b"")],
    );
    fs::create_dir(root.join("web/marathon-prod.yaml")).expect("a directory");
    let made =
        Command::new("mkfifo").arg(root.join("web/marathon-stage.yaml")).status().expect("mkfifo runs");
    assert!(made.success());
    let ran = check(&root, &["--output-format", "concise"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("api/marathon-prod.yaml:1:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("web/marathon-prod.yaml: error[unreadable-file]"), "{}", ran.stdout);
    assert!(ran.stdout.contains("web/marathon-stage.yaml: error[unreadable-file]"), "{}", ran.stdout);
}

#[test]
fn nothing_of_a_tree_reaches_the_terminal_as_a_command() {
    let evil = "\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}\u{9b}31m";
    let text = format!("main:\n  \"cmd{evil}\": run # {evil}\n  cmd: \"{evil}\"\n  args: [x]\n");
    // The same in double quotes with escapes, which YAML accepts.
    let escaped =
        "main:\n  \"cmd\\e[2J\\a\": run\n  cmd: \"\\e]0;x\\a\"\n  args: [x]\n  bounce_method: \"\\e[31m\"\n";
    let root = tree(
        "escapes",
        &[("web/marathon-prod.yaml", text.as_bytes()), ("web/marathon-stage.yaml", escaped.as_bytes())],
    );
    let bad = root.join(OsStr::from_bytes(b"web/marathon-\x1b[31m\xff.yaml"));
    fs::write(bad, "main: {cmd: run, args: [x]}\n").expect("a file with a bad name");
    fs::create_dir_all(root.join(OsStr::from_bytes(b"ser\nvice\x1b[2J"))).expect("a service with a bad name");
    for format in FORMATS {
        let ran = check(&root, &["--output-format", format, "--color", "never"]);
        assert_ne!(ran.code, 2, "{}", ran.stderr);
        let worst = ran.stdout.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t');
        assert_eq!(worst, None, "{format}: {}", ran.stdout.escape_debug());
        assert!(!ran.stdout.contains('\u{202e}'), "{format}");
    }
}

#[test]
fn secrets_are_not_repeated() {
    let root = tree(
        "secrets",
        &[(
            "web/marathon-prod.yaml",
            b"main:\n  cmd: run\n  args: [x]\n  env: {DB_PASSWORD: hunter2hunter2, cpu: 'AKIAABCDEFGHIJKLMNOP', API_TOKEN: 12}\n",
        )],
    );
    for format in FORMATS {
        let ran = check(&root, &["--output-format", format]);
        assert_eq!(ran.code, 1);
        assert!(!ran.stdout.contains("hunter2"), "{format}: {}", ran.stdout);
        assert!(!ran.stdout.contains("AKIAABCDEFGHIJKLMNOP"), "{format}: {}", ran.stdout);
    }
}

/// However a secret is written, and whatever is wrong beside it.
#[test]
fn secrets_are_hidden_in_every_form() {
    let forms: [&str; 14] = [
        "  env:\n    DB_PASSWORD: hunter2\n",
        "  env:\n    DB_PASSWORD:\n      hunter2\n",
        "  env:\n    DB_PASSWORD: >-\n      tangerine\n      hunter2\n",
        "  env:\n    DB_PASSWORD: |\n      hunter2\n\n        hunter2\n",
        "  env:\n    DB_PASSWORD: 'tangerine\n      hunter2'\n",
        "  env:\n    DB_PASSWORD: a,hunter2]'hunter2\n",
        "  env:\n    \"DB_PASSWORD\" : \"a\\\"hunter2\"\n",
        "  env:\n    ? DB_PASSWORD\n    : hunter2\n",
        "  env:\n    DB_PASSWORD: &pw hunter2\n    OTHER_PASSWORD: *pw\n",
        "  env:\n    DB_PASSWORD: !!str hunter2\n",
        "  env: {DB_PASSWORD:\n    hunter2}\n",
        "  env:\n    CERT: |\n      -----BEGIN RSA PRIVATE KEY-----\n      hunter2\n",
        "  cmd: server --db-password hunter2\n",
        "  args:\n    - --token\n    - hunter2\n",
    ];
    for form in forms {
        let text = format!("main:\n{form}  cpus: -1\n  bounce_metod: x\n");
        let root = tree("forms", &[("web/marathon-prod.yaml", text.as_bytes())]);
        for format in ["human", "json", "markdown"] {
            let ran = check(&root, &["--output-format", format]);
            assert_eq!(ran.code, 1, "{form}");
            assert!(!ran.stdout.contains("hunter2"), "{format} {form}: {}", ran.stdout);
            if format == "human" {
                let rule = if form.contains("env:") { "env-secret-suspect" } else { "cmd-secret" };
                assert!(ran.stdout.contains(rule), "{form}: {}", ran.stdout);
            }
        }
    }
}

#[test]
fn hostile_files_are_findings() {
    // Each line names the one before it nine times.
    let tower = |first: &str, floor: fn(&str, &str) -> String| {
        let names: Vec<String> = ('a'..='z').map(String::from).collect();
        let floors =
            names.windows(2).map(|pair| floor(&pair[1], &vec![format!("*{}", pair[0]); 9].join(",")));
        std::iter::once(first.to_owned()).chain(floors).collect::<Vec<_>>().concat()
    };
    let bomb = tower("a: &a [x,x,x,x,x,x,x,x,x]\n", |name, below| format!("{name}: &{name} [{below}]\n"));
    let merge_bomb = tower("a: &a {k: v}\n", |name, below| format!("{name}: &{name} {{<<: [{below}]}}\n"));
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a/marathon-bomb.yaml", bomb.into_bytes()),
        ("a/marathon-merge.yaml", merge_bomb.into_bytes()),
        ("a/marathon-deep.yaml", [b"a: ".to_vec(), vec![b'['; 200_000]].concat()),
        ("a/marathon-dashes.yaml", b"- ".repeat(200_000)),
        (
            "a/marathon-large.yaml",
            [b"main: {cmd: ".to_vec(), vec![b'x'; 3_000_000], b"}\n".to_vec()].concat(),
        ),
        ("a/marathon-binary.yaml", (0..=255).cycle().take(10_000).collect()),
        (
            "a/marathon-line.yaml",
            [b"main: {cmd: 1, args: [".to_vec(), b"x, ".repeat(100_000), b"]}\n".to_vec()].concat(),
        ),
        (
            "a/marathon-many.yaml",
            (0..20_000).flat_map(|n| format!("i{n}: {{cmd: a, args: [b]}}\n").into_bytes()).collect(),
        ),
        (
            "a/marathon-anchors.yaml",
            (0..20_000).flat_map(|n| format!("i{n}: &a{n} {{<<: {{cpus: 1}}}}\n").into_bytes()).collect(),
        ),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    let root = tree("hostile", &files);
    // Reading the tree takes most of the time: one run writes all reports.
    let reports = tree("hostile-reports", &[]);
    let file = |format: &str| reports.join(format).display().to_string();
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("{format}={}", file(format))).collect();
    let arguments: Vec<&str> =
        outputs.iter().flat_map(|output| ["--output-format", output.as_str()]).collect();
    let ran = check(&root, &arguments);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for format in FORMATS {
        let report = fs::read_to_string(file(format)).expect("a report in UTF-8");
        assert!(report.contains("yaml-limit") && !report.contains("internal-error"), "{format}");
        if format == "human" {
            assert!(report.len() < 1_000_000, "output is bounded: {}", report.len());
        }
    }
}
