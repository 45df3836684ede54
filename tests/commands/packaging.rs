//! What comes with the program: completions, manual, version, the action.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn soalint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soalint")).args(arguments).env_clear().output().expect("soalint runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_shell_gets_every_command() {
    let help = stdout(&soalint(&["--help"]));
    let commands =
        help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let commands: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"check") && commands.contains(&"man"), "{commands:?}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = soalint(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = stdout(&output);
        for word in commands.iter().copied().chain(["against"]) {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
        // The others complete no values.
        for value in ["json-lines", "proxy-port-duplicate", "smartstack"] {
            assert!(
                script.contains(value) || matches!(shell, "elvish" | "powershell"),
                "{shell} lacks {value}"
            );
        }
    }
    assert_eq!(soalint(&["completions", "cmd.exe"]).status.code(), Some(2));
}

#[test]
fn bash_can_read_its_completions() {
    let Ok(mut shell) = Command::new("bash").arg("-n").stdin(std::process::Stdio::piped()).spawn() else {
        return;
    };
    let mut input = shell.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, &soalint(&["completions", "bash"]).stdout).expect("written");
    drop(input);
    assert!(shell.wait().expect("an end").success());
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("man");
    let _ = fs::remove_dir_all(&directory);
    let output = soalint(&["man", "--dir", &directory.display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<String> = fs::read_dir(&directory)
        .expect("a directory")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(
        names.contains(&"soalint.1".to_owned()) && names.contains(&"soalint-check.1".to_owned()),
        "{names:?}"
    );
    for name in &names {
        let page = fs::read_to_string(directory.join(name)).expect("a page");
        let title = name.trim_end_matches(".1").to_uppercase();
        assert!(page.contains(&format!(".TH {title} 1")), "{name}: {page}");
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
    }
    let one = stdout(&soalint(&["man", "check"]));
    assert_eq!(one, fs::read_to_string(directory.join("soalint-check.1")).expect("a page"));
    assert!(one.contains("against"), "{one}");
    let wrong = soalint(&["man", "chekc"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `check`?"));
}

#[test]
fn the_version_is_short_or_long() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(stdout(&soalint(&["-V"])), format!("soalint {version}\n"));
    let long = stdout(&soalint(&["--version"]));
    let lines: Vec<&str> = long.lines().collect();
    let [first, commit, dialects] = lines.as_slice() else { panic!("{long}") };
    assert_eq!(*first, format!("soalint {version}"));
    let commit = commit.strip_prefix("commit: ").expect("a commit");
    assert!(commit == "unknown" || commit.len() >= 40, "{commit}");
    assert_eq!(*dialects, "dialects: documented, paasta-0.66");
}

#[test]
fn the_action_hands_its_inputs_over_as_data() {
    let text = fs::read_to_string(repository().join("action.yml")).expect("the action");
    let tree = soalint::yaml::parse(text.as_bytes(), &soalint::yaml::Budget::default()).expect("YAML");
    let root = tree.root();
    let steps = root.get("runs").and_then(|runs| runs.get("steps")).expect("steps");
    let mut used = Vec::new();
    for step in steps.items() {
        let script = step.get("run").and_then(soalint::yaml::Value::as_str).expect("a script");
        assert!(!script.contains("${{"), "an input in a script is a command: {script}");
        let environment = step.get("env").expect("an environment");
        used.extend(environment.entries().filter_map(|entry| entry.value.as_str()).map(str::to_owned));
        for entry in environment.entries() {
            let name = entry.key.as_str().expect("a name");
            assert!(
                script.contains(&format!("\"${name}")) || script.contains(&format!("=\"${name}\"")),
                "{name}"
            );
        }
    }
    for input in root.get("inputs").expect("inputs").entries() {
        let name = input.key.as_str().expect("a name");
        assert!(used.iter().any(|value| *value == format!("${{{{ inputs.{name} }}}}")), "{name} is used");
    }
}
