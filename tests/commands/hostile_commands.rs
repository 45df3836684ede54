//! The commands beside `check` on hostile input: bounded, quiet towards the terminal, and never a crash.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::program::{self, code, stderr, stdout};

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
        assert!(ran.stderr.contains("it is not a regular file"), "{option}: {}", ran.stderr);
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

/// Everything that prints words of a tree for people, or as JSON of ours, prints them so that neither a terminal nor
/// the log of a CI system takes part of them for its own.
#[test]
fn no_command_passes_on_what_terminals_and_logs_obey() {
    let unseen = "\u{9b}31m\u{202e}\u{200b}\u{180e}\u{34f}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{180b}\u{fe0f}\u{e0100}\u{e000}";
    let escapes: Vec<String> = unseen.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    let escapes = escapes.concat();
    // Where a line may begin with it, where it stands behind something, and where it is a key.
    let text = format!(
        "\"::stop-commands::x\":\n  cmd: \"##vso[task.complete]{escapes}\"\n  \"##[error]k\": 1\n  env:\n    \
         \"::add-mask::{escapes}\": \"::error::x\"\n    \"##[group]\": \"##teamcity[x]\"\n  \
         instances: '2'\n  # ::set-env name=x::y ##vso[task.x] {}\n  args:\n  - \"::error::y\"\n  - {}\n",
        // YAML refuses control characters.
        unseen.trim_start_matches('\u{9b}'),
        "\"##[error]z\"",
    );
    let name = "::warning::n";
    let path = format!("{name}/marathon-prod.yaml");
    let root = tree("obeyed", &[(&path, &text), (".soalint.yaml", "rules: {\"##[error]q\": off}\n")]);
    let odd = root.join(format!("{name}/##vso[x]{unseen}.yaml"));
    fs::write(odd, "a: 1\n").expect("a file");
    let file = root.join(&path);
    let with: [&[&str]; 12] = [
        &["check", "-d", shown(&root), "--isolated", "--color", "never"],
        &["check", "-d", shown(&root)],
        &["check", "-d", shown(&root), "--isolated", "--list-files"],
        &["check", "-d", shown(&root), "--isolated", "--show-config"],
        &["check", "-d", shown(&root), "--isolated", "--diff", "--unsafe-fixes", "--color", "never"],
        &["check", "-d", shown(&root), "--isolated", "--statistics", "-v"],
        &["show", "-d", shown(&root), "--isolated"],
        &["show", "-d", shown(&root), "--isolated", "--format", "json"],
        &["read", shown(&file)],
        &["read", shown(&file), "--format", "json"],
        &["baseline", "write", "-d", shown(&root), "--isolated"],
        &["check", "--::error::x\n::error::y", "##vso[task.x]", "--\u{1b}[31m\u{202e}"],
    ];
    let hidden = regex::Regex::new(r"[\p{Cc}\p{Cf}\p{Co}\p{DI}--[\n\t]]").expect("a pattern");
    for arguments in with {
        let ran = soalint(arguments);
        let all = format!("{}\n{}", ran.stdout, ran.stderr);
        assert!(all.len() > 40, "{arguments:?} says something: {all}");
        let obeyed = all.lines().find(|line| {
            let bracket = line.match_indices("##").any(|(at, _)| {
                line[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with('[')
            });
            bracket || line.trim_start().starts_with("::")
        });
        assert_eq!(obeyed, None, "{arguments:?}");
        assert_eq!(
            hidden.find(&all).map(|found| found.as_str().escape_unicode().to_string()),
            None,
            "{arguments:?}"
        );
    }
    let said = soalint(&["read", shown(&file), "--format", "json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let read = value["entries"][0]["value"]["entries"][0]["value"]["value"].as_str().expect("a text");
    assert_eq!(read, format!("##vso[task.complete]{unseen}"), "JSON keeps the value");
}

/// Payloads are what was asked for, to the last character; how JSON and YAML write them is free.
#[test]
fn payloads_are_written_so_that_no_log_obeys_them() {
    let cmd = "##vso[task.complete]\u{202e}\u{9b}\n::error::x\nrun";
    let written = "main:\n  instances: 1\n  cpus: 1\n  mem: 100\n  \
                   cmd: \"##vso[task.complete]\\u202e\\x9b\\n::error::x\\nrun\"\n  env: {\"A##[error]\": \"\\u200b\"}\n";
    let root = tree("payloads", &[("web/marathon-prod.yaml", written)]);
    for format in ["json", "yaml"] {
        let ran = soalint(&["emit", "marathon", "web", "-d", shown(&root), "--isolated", "--format", format]);
        let is_obeyed = |line: &str| line.trim_start().starts_with("::") || line.contains("##");
        assert!(!ran.stdout.lines().any(is_obeyed), "{}", ran.stdout);
        assert!(!ran.stdout.contains(['\u{202e}', '\u{9b}', '\u{200b}']), "{}", ran.stdout);
        let payload: serde_json::Value = serde_yaml::from_str(&ran.stdout).expect("YAML or JSON");
        let (_, app) = payload.as_object().and_then(|apps| apps.iter().next()).expect("an app");
        assert_eq!(app["cmd"], cmd, "{}", ran.stdout);
        assert_eq!(app["env"]["A##[error]"], "\u{200b}", "{}", ran.stdout);
    }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "UTF-32LE" => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        _ => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
    }
}

/// PaaSTA opens every file as UTF-8.
#[test]
fn files_in_another_encoding_are_named_as_such() {
    let yaml = "main:\n  # a comment: é\n  instances: 1\n";
    for encoding in ["UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"] {
        for mark in ["", "\u{feff}"] {
            let name = &encoding[..6];
            let root = tree(&format!("{encoding}-{}", mark.len()), &[("web/deploy.yaml", "pipeline: []\n")]);
            let bytes = encoded(&format!("{mark}{yaml}"), encoding);
            let file = root.join("web/marathon-prod.yaml");
            fs::write(&file, bytes).expect("a file");
            let ran = soalint(&["check", "-d", shown(&root), "--output-format", "concise"]);
            assert_eq!(ran.code, 1, "{}", ran.stdout);
            let place = "/web/marathon-prod.yaml:1:1: error[yaml-non-utf8] ";
            let line = ran
                .stdout
                .lines()
                .find(|line| line.contains(place))
                .expect("a finding at the first character");
            assert!(line.contains(&format!("this file is {name}, not UTF-8")), "{line}");
            let ran = soalint(&["read", shown(&file)]);
            assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
            assert!(ran.stderr.contains("main:"), "the excerpt shows the text: {}", ran.stderr);
            // Files beside those of services.
            let odd = root.join("odd");
            fs::write(&file, "main: {instances: 1}\n").expect("a file");
            fs::write(&odd, encoded(&format!("{mark}{{\"a\":   1}}\n"), encoding)).expect("a file");
            let odd = shown(&odd);
            let says = format!("{name}; save it as UTF-8");
            for option in ["--system-config", "--instance-counts"] {
                let ran =
                    soalint(&["emit", "marathon", "--cluster", "prod", "-d", shown(&root), option, odd]);
                assert_eq!(ran.code, 2, "{option}");
                assert!(ran.stderr.contains(&says), "{option}: {}", ran.stderr);
            }
            let ran = soalint(&["check", "-d", shown(&root), "--config", odd]);
            assert_eq!(ran.code, 2, "{}", ran.stderr);
            assert!(ran.stderr.contains(&format!("this file is {name}, not UTF-8")), "{}", ran.stderr);
            let ran = soalint(&["check", "-d", shown(&root), "--baseline", odd]);
            assert_eq!(ran.code, 2, "{}", ran.stderr);
            assert!(ran.stderr.contains(&says), "{}", ran.stderr);
            fs::copy(odd, root.join("web/deployments.json")).expect("a copy");
            let ran = soalint(&[
                "emit",
                "marathon",
                "--cluster",
                "prod",
                "-d",
                shown(&root),
                "--require-deployments",
            ]);
            assert_eq!(ran.code, 1, "{}", ran.stdout);
            // The report breaks lines.
            let words = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&says), "{words}");
        }
    }
    // A mark in front of UTF-8 is passed over, as PyYAML does.
    let root = tree("utf-8-mark", &[("web/marathon-prod.yaml", "\u{feff}main: {instances: 1}\n")]);
    let ran = soalint(&["read", shown(&root.join("web/marathon-prod.yaml"))]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "main:\n  instances: 1\n"), "{}", ran.stderr);
}
