//! The configuration of soalint as a user meets it: paths, ignores, what is listed.

use crate::support::program::{code, run, stderr, stdout, tree};

const BOTH: &str = "main:\n  cmd: run\n  args: [x]\n";

/// The concise report of `check` without its summary: rule, file and line of each finding.
fn found(root: &std::path::Path, arguments: &[&str]) -> Vec<String> {
    let arguments =
        [&["check", "-q", "--output-format", "concise", "--fail-on", "never"], arguments].concat();
    let output = run(root, &arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let shown = text.lines().map(|line| {
        let (place, rest) = line.split_once(": ").expect("a place");
        let (head, _) = rest.split_once("] ").expect("a rule");
        let place: Vec<&str> = place.split(':').take(2).collect();
        format!("{} {}", place.join(":"), head.replace('[', " "))
    });
    shown.collect()
}

#[test]
fn levels_depend_on_paths() {
    let config = "rules: {cmd-and-args: off}\nper-path:\n  legacy-*: {rules: {cmd-and-args: warning}}\n  \
                  legacy-b/**: {rules: {cmd-and-args: info}}\n  none: {rules: {cmd-and-args: error}}\n";
    let root = tree(
        "per-path",
        &[
            (".soalint.yaml", config),
            ("web/marathon-prod.yaml", BOTH),
            ("legacy-a/marathon-prod.yaml", BOTH),
            ("legacy-b/marathon-prod.yaml", BOTH),
        ],
    );
    let only = found(&root, &["--only", "cmd-and-args"]);
    assert_eq!(
        only,
        [
            "legacy-a/marathon-prod.yaml:3 warning cmd-and-args",
            "legacy-b/marathon-prod.yaml:3 info cmd-and-args"
        ]
    );
    assert_eq!(found(&root, &["--only", "cmd-and-args", "--ignore", "cmd-and-args"]), [""; 0]);
    // What is compiled does not depend on it.
    let output = run(&root, &["emit", "marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
}

#[test]
fn ignores_are_counted_and_never_reach_emit() {
    let text = "main:\n  cmd: run\n  args: [x]  # soalint: ignore[cmd-and-args] until=2027-01-31\n";
    let root = tree("ignores", &[("web/marathon-prod.yaml", text)]);
    let check = |arguments: &[&str]| {
        run(&root, &[&["check", "-d", ".", "--only", "cmd-and-args,suppress-expired"], arguments].concat())
    };
    let output = check(&["--now", "2027-01-31T23:59:59"]);
    assert_eq!(
        (code(&output), stdout(&output).as_str()),
        (0, "All good: nothing found in 1 file of 1 service (1 ignored).\n")
    );
    let output = check(&["--now", "2027-02-01T00:00:00", "--output-format", "concise"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("warning[suppress-expired]"), "{}", stdout(&output));
    assert!(stdout(&output).contains("error[cmd-and-args]"), "{}", stdout(&output));
    let output = check(&["--now", "2027-01-31T00:00:00", "--no-ignores"]);
    assert_eq!(code(&output), 1);
    assert!(!stdout(&output).contains("ignored)"));
    let json = check(&["--now", "2027-01-31T00:00:00", "--output-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    assert_eq!(report["summary"]["suppressed"], 1);
    let output = run(&root, &["emit", "-d", ".", "marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 1, "what a comment ignores is withheld all the same");
}

#[test]
fn findings_need_not_fail_a_run() {
    let root = tree("exit-zero", &[("web/marathon-prod.yaml", BOTH)]);
    assert_eq!(code(&run(&root, &["check", "-d", "."])), 1);
    let output = run(&root, &["check", "-d", ".", "--exit-zero"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("cmd-and-args"));
    assert_eq!(code(&run(&root, &["check", "-d", ".", "--exit-zero", "missing"])), 2);
}

#[test]
fn the_files_are_listed_as_the_user_reaches_them() {
    let root = tree(
        "list-files",
        &[
            ("web/marathon-prod.yaml", BOTH),
            ("web/service.yaml", ""),
            ("web/notes.txt", ""),
            ("api/odd.yaml", "["),
            ("readme.yaml", ""),
        ],
    );
    let list = |directory: &std::path::Path, arguments: &[&str]| {
        let output = run(directory, &[&["check", "--list-files"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(list(&root, &["-d", "."]), "api/odd.yaml\nweb/marathon-prod.yaml\nweb/service.yaml\n");
    assert_eq!(list(&root, &["-d", ".", "web/service.yaml"]), "web/marathon-prod.yaml\nweb/service.yaml\n");
    let parent = root.parent().expect("a parent");
    assert_eq!(
        list(parent, &["-d", "config-list-files", "config-list-files/api"]),
        "config-list-files/api/odd.yaml\n"
    );
}

#[test]
fn every_setting_is_shown_with_its_origin() {
    let config = "profile: strict\nrules:\n  cmd-empty: off\n  volume-dangerous:\n    options: {allow: [/run]}\n\
                  per-path:\n  legacy-*: {rules: {cmd-empty: error}}\nsite:\n  pools: [default]\n";
    let root = tree("show-config", &[(".soalint.yaml", config), ("web/marathon-prod.yaml", BOTH)]);
    let output =
        run(&root, &["check", "--show-config", "--dialect", "paasta-0.66", "--ignore", "cmd-and-args"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    for expected in [
        ("dialect: paasta-0.66", "--dialect"),
        ("profile: strict", ".soalint.yaml:1"),
        ("preview: false", "default"),
        ("baseline: null", "default"),
        ("rules.cmd-empty: off", ".soalint.yaml:3"),
        ("rules.cmd-and-args: off", "--ignore"),
        ("rules.yaml-syntax: error", "cannot be changed"),
        ("rules.volume-dangerous.options.allow: [\"/run\"]", ".soalint.yaml:5"),
        ("rules.env-secret-suspect.options.allow: []", "default"),
        ("per-path.legacy-*.rules.cmd-empty: error", ".soalint.yaml:7"),
        ("ports.range: [20000, 21000]", "default"),
        ("site.pools: [default]", ".soalint.yaml:9"),
        ("site.teams: null", "default"),
    ] {
        let is_there = text.lines().any(|line| {
            line.split_once("  # ").is_some_and(|(setting, origin)| (setting.trim_end(), origin) == expected)
        });
        assert!(is_there, "{expected:?} in\n{text}");
    }
    let rules = soalint::rules::RULES.len();
    let shown = text.lines().filter(|line| line.starts_with("rules.") && !line.contains(".options."));
    assert_eq!(shown.count(), rules, "every rule");
}

#[test]
fn ignores_are_written_and_hold() {
    let text = "main:\n  cmd: |\n    run\n  args: [x]  # both\nodd:\n  cpus: many\n";
    let files = [
        ("web/marathon-prod.yaml", text),
        ("web/deploy.yaml", "pipeline: []\n"),
        ("web/monitoring.yaml", "team: a\n"),
    ];
    let root = tree("add-ignore", &files);
    let output = run(&root, &["check", "-d", ".", "--add-ignore=OPS-1 both", "--only", "cmd-and-args"]);
    let written = std::fs::read_to_string(root.join("web/marathon-prod.yaml")).expect("a file");
    assert_eq!(
        written,
        "main:\n  cmd: |\n    run\n  args: [x]  # both  # soalint: ignore[cmd-and-args] OPS-1 both\nodd:\n  cpus: many\n",
        "{}",
        stderr(&output)
    );
    // What cannot be ignored is still reported, and so is the exit status.
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("type-mismatch"), "{}", stdout(&output));
    assert!(stderr(&output).starts_with("Ignored 1 finding in 1 file; "), "{}", stderr(&output));
    assert_eq!(found(&root, &["-d", ".", "--only", "cmd-and-args,suppress-unused"]).len(), 1);
    for reason in ["a # b", "until=2027-01-01", "a\nb"] {
        let output = run(&root, &["check", "-d", ".", &format!("--add-ignore={reason}")]);
        assert_eq!(code(&output), 2, "{reason}");
    }
    let config = (".soalint.yaml", "ignores: {ticket-pattern: OPS}\n");
    let root = tree("add-ignore-ticket", &[config, files[0]]);
    for reason in ["--add-ignore", "--add-ignore=because"] {
        assert_eq!(code(&run(&root, &["check", reason])), 2, "{reason}");
    }
    assert_eq!(std::fs::read_to_string(root.join("web/marathon-prod.yaml")).expect("a file"), text);
}

/// A name of a rule that speaks of a secret makes none of what stands beside it.
#[test]
fn mistakes_in_the_configuration_are_shown_as_they_are() {
    let cases = [
        ("rules: {env-secret-suspect: eror}\n", &["unknown value `eror`", "did you mean `error`?"][..]),
        (
            "rules:\n  env-secret-suspect:\n    levle: error\n",
            &["unknown key `levle`", "did you mean `level`?"],
        ),
        (
            "rules:\n  env-secret-suspekt: warning\n",
            &["`env-secret-suspekt`", "did you mean `env-secret-suspect`?"],
        ),
        ("rules:\n  cmd-secret: {options: {allow: [x]}}\n", &["the rule `cmd-secret` has no options"]),
        ("per-path:\n  legacy: {rules: {cmd-secret: warnign}}\n", &["`warnign`", "did you mean `warning`?"]),
        ("rules:\n  env-secret-suspect: @off\n", &["'@off'", "env-secret-suspect: @off"]),
        ("rules:\n  cmd-secret: off\n  cmd-secret: wrong\n", &["cmd-secret: wrong"]),
    ];
    for (number, (config, expected)) in cases.iter().enumerate() {
        let root = tree(
            &format!("as-it-is-{number}"),
            &[(".soalint.yaml", config), ("web/marathon-prod.yaml", "main: {instances: 1}\n")],
        );
        let output = run(&root, &["check", "-d", "."]);
        assert_eq!(code(&output), 2);
        let said = stderr(&output);
        assert!(!said.contains("**"), "{said}");
        for words in *expected {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
    // A value that is a secret whatever it is called stays hidden.
    let config = "baseline: https://u:hunter2secretval@example.com/x\nrules: 1\n";
    let root = tree("as-it-is-url", &[(".soalint.yaml", config), ("web/a.yaml", "")]);
    let output = run(&root, &["check", "-d", "."]);
    assert_eq!(code(&output), 2);
    assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
}
