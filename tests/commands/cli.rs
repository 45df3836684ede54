//! The program as a user runs it: commands, exit codes, streams, formats.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::program::fill;

/// The program with an environment that the machine has no part in.
fn soalint(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100");
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    soalint(directory, arguments).output().expect("soalint runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A directory of this test's own, with the given files.
fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fill(root, files)
}

const BOTH: &str = "main:\n  cmd: run\n  args: [x]\n";
const FINE: &str = "main:\n  cmd: run\n";

#[test]
fn a_clean_tree_is_exit_0_and_one_line() {
    let output = run(&repository(), &["check", "-d", "examples/yelpsoa-configs"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).starts_with("All good: nothing found in "), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn findings_are_exit_1_in_every_format() {
    let root = tree("formats", &[("web/marathon-prod.yaml", BOTH), ("web/service.yaml", "")]);
    for format in ["human", "concise", "json"] {
        let output = run(&root, &["check", "-d", ".", "--only", "cmd-and-args", "--output-format", format]);
        assert_eq!(code(&output), 1, "{format}");
        assert!(stdout(&output).contains("cmd-and-args"), "{format}");
        assert_eq!(stderr(&output), "", "{format}");
        let output = run(
            &root,
            &[
                "check",
                "-d",
                ".",
                "--ignore",
                "cmd-and-args",
                "--only",
                "cmd-and-args",
                "--output-format",
                format,
            ],
        );
        assert_eq!(code(&output), 0, "{format}");
    }
}

#[test]
fn what_cannot_be_done_is_exit_2_on_stderr() {
    let root = tree("usage", &[("web/marathon-prod.yaml", FINE)]);
    let cases: &[&[&str]] = &[
        &["check", "-d", "nowhere"],
        &["check", "-d", ".", "nowhere"],
        &["check", "-d", "web", "../usage"],
        &["check", "-d", ".", "--select", "cmd-and-arg"],
        &["check", "--no-such-flag"],
        &["explain", "cmd-and-arg"],
        &["schema", "maraton"],
    ];
    let mut said = String::new();
    for arguments in cases {
        let output = run(&root, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        writeln!(said, "$ soalint {}\n{}", arguments.join(" "), stderr(&output)).expect("a string");
    }
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("usage-errors", said);
    });
}

#[test]
fn a_path_selects_what_is_reported() {
    let root = tree(
        "paths",
        &[("api/marathon-prod.yaml", BOTH), ("web/marathon-prod.yaml", BOTH), ("README.md", "x")],
    );
    let count = |arguments: &[&str]| {
        let mut all = vec!["check", "--only", "cmd-and-args", "--output-format", "concise", "-q"];
        all.extend(arguments);
        stdout(&run(&root, &all)).lines().count()
    };
    assert_eq!(count(&["-d", "."]), 2);
    assert_eq!(count(&["-d", ".", "api"]), 1);
    assert_eq!(count(&["-d", ".", "api/marathon-prod.yaml"]), 1);
    assert_eq!(count(&["-d", ".", "api", "web/"]), 2);
    assert_eq!(count(&["-d", ".", "."]), 2);
    assert_eq!(count(&["-d", ".", "README.md"]), 0, "a file in the root is no service");
}

#[test]
fn paths_are_shown_as_the_user_reaches_them() {
    let root = tree("shown", &[("configs/web/marathon-prod.yaml", BOTH)]);
    let arguments = ["check", "--only", "cmd-and-args", "--output-format", "concise", "-q"];
    let output = run(&root, &[&arguments[..], &["-d", "configs"]].concat());
    assert!(stdout(&output).starts_with("configs/web/marathon-prod.yaml:3:3: "), "{}", stdout(&output));
    let output = run(&root.join("configs"), &[&arguments[..], &["-d", "."]].concat());
    assert!(stdout(&output).starts_with("web/marathon-prod.yaml:3:3: "), "{}", stdout(&output));
}

#[test]
fn the_json_report_has_its_shape() {
    let root = tree("json", &[("web/marathon-prod.yaml", BOTH)]);
    let output = run(&root, &["check", "-d", ".", "--only", "cmd-and-args", "--output-format", "json"]);
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("json-report", stdout(&output).replace(env!("CARGO_PKG_VERSION"), "[version]"));
    });
}

#[test]
fn the_report_does_not_depend_on_threads() {
    let root = repository().join("examples/mistakes");
    let one = run(&root, &["check", "-d", ".", "-j", "1", "--output-format", "json"]);
    let many = run(&root, &["check", "-d", ".", "-j", "7", "--output-format", "json"]);
    assert_eq!(stdout(&one), stdout(&many));
    assert_eq!(code(&one), 1);
}

#[test]
fn colour_is_a_matter_of_flag_environment_and_terminal() {
    let root = tree("colour", &[("web/marathon-prod.yaml", BOTH)]);
    let colored = |flag: &str, variable: Option<(&str, &str)>| {
        let mut command = soalint(&root, &["check", "-d", ".", "--color", flag]);
        command.envs(variable);
        stdout(&command.output().expect("soalint runs")).contains('\x1b')
    };
    assert!(!colored("auto", None), "a pipe is no terminal");
    assert!(colored("always", None));
    assert!(colored("auto", Some(("FORCE_COLOR", "1"))));
    assert!(colored("auto", Some(("CLICOLOR_FORCE", "1"))));
    assert!(!colored("auto", Some(("NO_COLOR", "1"))));
    assert!(colored("always", Some(("NO_COLOR", "1"))));
    assert!(!colored("never", Some(("FORCE_COLOR", "1"))));
}

#[test]
fn a_closed_pipe_keeps_the_exit_code() {
    let root = repository().join("examples/mistakes");
    let mut child =
        soalint(&root, &["check", "-d", "."]).stdout(Stdio::piped()).spawn().expect("soalint runs");
    let mut first = [0; 1];
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_exact(&mut first).expect("a byte");
    drop(pipe);
    assert_eq!(child.wait().expect("an end").code(), Some(1));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in
        [&["rules"][..], &["explain", "cmd-and-args"], &["schema"], &["rules", "--format", "json"]]
    {
        let mut child =
            soalint(&repository(), arguments).stdout(Stdio::piped()).spawn().expect("soalint runs");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("an end").code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn statistics_count_by_rule() {
    let root = tree("statistics", &[("web/marathon-prod.yaml", BOTH), ("job/marathon-prod.yaml", BOTH)]);
    let output = run(&root, &["check", "-d", ".", "--statistics"]);
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"2  error    cmd-and-args"), "{text}");
    assert!(text.ends_with("in 2 files of 2 services.\n"), "{text}");
    assert_eq!(code(&run(&root, &["check", "-d", ".", "--statistics", "--output-format", "json"])), 2);
}

#[test]
fn timings_name_every_rule_that_ran() {
    let root = tree("timings", &[("web/marathon-prod.yaml", FINE), ("web/monitoring.yaml", "team: a\n")]);
    let output = run(&root, &["check", "-d", ".", "--timings"]);
    let report = stderr(&output);
    let names: Vec<&str> = report.lines().filter_map(|line| line.split("%  ").nth(1)).collect();
    for name in ["(parsing of YAML)", "(shape by the schemas)", "missing-deploy-yaml", "parent-cycle"] {
        assert!(names.contains(&name), "{name}: {report}");
    }
    assert!(!names.contains(&"alert-after-hides-page"), "a rule that is off: {report}");
    let share: f64 = report
        .lines()
        .filter(|line| !line.contains("all, with"))
        .filter_map(|line| line.split_whitespace().nth(2)?.strip_suffix('%')?.parse::<f64>().ok())
        .sum();
    assert!((90.0..110.0).contains(&share), "{report}");
}

#[test]
fn every_rule_is_listed_and_explained() {
    let list = stdout(&run(&repository(), &["rules"]));
    for rule in soalint::rules::RULES {
        assert!(list.contains(rule.name), "{}", rule.name);
        let output = run(&repository(), &["explain", rule.name]);
        assert_eq!(code(&output), 0, "{}", rule.name);
        assert!(stdout(&output).contains("Why it matters"), "{}", rule.name);
    }
}

#[test]
fn a_rule_says_what_cannot_be_done_to_it() {
    let level = |rule: &str| {
        let text = stdout(&run(&repository(), &["explain", rule]));
        text.lines().nth(1).expect("a level").to_owned()
    };
    assert!(
        level("yaml-unknown-tag").contains("; cannot be turned off or ignored;"),
        "{}",
        level("yaml-unknown-tag")
    );
    assert!(
        level("suppress-unused").contains("; cannot be ignored by a comment;"),
        "{}",
        level("suppress-unused")
    );
    assert!(!level("cmd-and-args").contains("cannot"), "{}", level("cmd-and-args"));
}

#[test]
fn a_group_is_explained_by_its_rules() {
    let output = run(&repository(), &["explain", "command"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 0);
    let rules: Vec<&str> = soalint::rules::RULES
        .iter()
        .filter(|rule| rule.group.name() == "command")
        .map(|rule| rule.name)
        .collect();
    assert!(text.starts_with(&format!("command (a group of {} rules)\n", rules.len())), "{text}");
    let listed: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert_eq!(listed, rules);
    let near = stderr(&run(&repository(), &["explain", "comand"]));
    assert!(near.contains("did you mean `command`?"), "{near}");
}

#[test]
fn the_help_says_what_there_is() {
    let help = stdout(&run(&repository(), &["--help"]));
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("help", help);
    });
    let check = stdout(&run(&repository(), &["check", "--help"]));
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("help-check", check);
    });
}

#[test]
fn read_shows_how_paasta_reads_a_file() {
    let text = "main: &m\n  cpus: 010\n  cmd: no\n  mem: 1:30\n  env: {A: 1e3, B: 2015-01-01}\n  mem: 512\ncanary:\n  <<: *m\n  cpus: .5\n";
    let root = tree("read", &[("fine.yaml", text), ("broken.yaml", "main:\n\tcpus: 1\n")]);
    let output = run(&root, &["read", "fine.yaml"]);
    assert_eq!(code(&output), 0, "what is merely worth a finding does not fail");
    let broken = run(&root, &["read", "broken.yaml", "--format", "json"]);
    assert_eq!((code(&broken), stdout(&broken).as_str()), (1, ""));
    assert_eq!(code(&run(&root, &["read", "missing.yaml"])), 2);
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("read-stdout", stdout(&output));
        insta::assert_snapshot!("read-stderr", stderr(&output));
        insta::assert_snapshot!("read-broken", stderr(&broken));
    });
    let json = run(&root, &["read", "fine.yaml", "--format", "json"]);
    let tree: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    let cpus = &tree["entries"][0]["value"]["entries"][0];
    assert_eq!((&cpus["key"]["value"], &cpus["value"]["value"]), (&"cpus".into(), &"8".into()));
    assert_eq!(cpus["value"]["start"], serde_json::json!({"line": 2, "column": 9, "offset": 17}));
}

#[test]
fn a_mistake_in_the_configuration_is_shown_like_any_other() {
    let mistakes = [
        ("dialect: documentd\n", "an unknown value"),
        ("rulez: {}\n", "an unknown key"),
        ("rules: {cmd-and-args: on}\n", "a boolean that is no level"),
        ("rules: {cmd-and-args: warn}\n", "an unknown level"),
        ("rules:\n  cmd-and-arg: 'off'\n", "an unknown rule"),
        ("ports: {range: [20000, ten]}\n", "a wrong type"),
        ("ports: [\n", "no YAML"),
        ("profile: strickt\n", "an unknown profile"),
        ("rules:\n  yaml: off\n  yaml-syntax: info\n  yaml-syntax: off\n", "all mistakes at once"),
        ("rules: {cmd-and-args: {level: off, options: {}}}\n", "options of a rule that has none"),
        ("rules: {volume-dangerous: {options: {alow: []}}}\n", "an unknown option"),
        ("site:\n  location-types: [region]\n  location-mapping: {a_regoin: {}}\n", "an unknown type"),
        ("site:\n  location-mapping: {norcal: {}}\n", "a location without a type"),
        ("site:\n  system-volumes: [{hostPath: /x, containerPath: /x, mode: rw}]\n", "a mode"),
        ("dialect: 0.66\n", "a number for a word"),
        ("ports:\n\trange: [20000, 21000]\n", "a tab"),
        ("ports: {range: [21000, 20000]}\n", "a range that holds nothing"),
        ("ports: {range: [20000]}\n", "a range with one end"),
        ("ports: {range: [20000, 20500, 21000]}\n", "a range with three ends"),
        (
            "dialekt: x\nprofile: 3\nprevew: on\nrules: {cmd-and-args: on, args-percent: warn}\nports: 5\n",
            "more at once",
        ),
    ];
    let mut said = String::new();
    for (text, what) in mistakes {
        let root = tree("configuration", &[(".soalint.yaml", text), ("web/marathon-prod.yaml", FINE)]);
        let output = run(&root, &["check"]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{what}");
        writeln!(said, "# {what}\n{}", stderr(&output)).expect("a string");
        assert_ne!(code(&run(&root, &["check", "--isolated"])), 2, "{what}");
    }
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("configuration-errors", said);
    });
}

#[test]
fn the_configuration_sets_levels_dialect_and_ports() {
    let config = "dialect: paasta-0.66\nrules:\n  cmd-and-args: warning\nports:\n  range: [31000, 31010]\n";
    let root = tree("configured", &[(".soalint.yaml", config), ("web/marathon-prod.yaml", BOTH)]);
    let arguments = ["check", "--only", "cmd-and-args", "--output-format", "concise"];
    let output = run(&root, &arguments);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("warning[cmd-and-args]"), "{}", stdout(&output));
    let off =
        tree("off", &[(".soalint.yaml", "rules: {cmd-and-args: off}\n"), ("web/marathon-prod.yaml", BOTH)]);
    assert!(!stdout(&run(&off, &arguments)).contains("cmd-and-args]"), "off without quotes is clear");
    let json = run(&root, &["check", "--output-format", "json"]);
    assert!(stdout(&json).contains("\"dialect\": \"paasta-0.66\""));
    let json = run(&root, &["check", "--output-format", "json", "--dialect", "documented"]);
    assert!(stdout(&json).contains("\"dialect\": \"documented\""), "the command line wins");
}

#[test]
fn a_misspelt_key_is_one_finding() {
    let deploy = "pipeline:\n  - step: west.group\n";
    let file = |name: &'static str| match name {
        "deploy" => "a/deploy.yaml",
        "monitoring" => "a/monitoring.yaml",
        "smartstack" => "a/smartstack.yaml",
        "chronos" => "a/chronos-west.yaml",
        _ => "a/marathon-west.yaml",
    };
    let marathon = "main: {deploy_group: west.group}\n";
    let cases = [
        ("unknown-key", "marathon", "main: {deploy_gruop: west.group}\n"),
        ("unknown-key", "marathon", "main: {deploy_group: west.group, min_instances: 1, max_intsances: 2}\n"),
        ("unknown-key", "chronos", "job: {deploy_group: west.group, shcedule: 0 0 * * *, cmd: x}\n"),
        ("unknown-key", "smartstack", "main: {prox_port: 20001}\n"),
        ("unknown-key", "smartstack", "main: {proxy_port: 20001, advertize: [habitat], discover: habitat}\n"),
        ("team-missing", "monitoring", "taem: a\n"),
        ("pipeline-shape", "deploy", "pipline:\n  - step: west.group\n"),
    ];
    for (index, (rule, name, text)) in cases.into_iter().enumerate() {
        let mut files = vec![
            ("a/monitoring.yaml", "team: a\n"),
            ("a/deploy.yaml", deploy),
            ("a/marathon-west.yaml", marathon),
        ];
        files.retain(|(path, _)| *path != file(name));
        files.push((file(name), text));
        let root = tree(&format!("misspelt-{index}"), &files);
        let output =
            run(&root, &["check", "-d", ".", "--output-format", "json", "--ignore", "deploy-step-unused"]);
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let rules: Vec<&str> = report["diagnostics"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|d| d["rule"].as_str())
            .collect();
        assert_eq!(rules, [rule], "{text}");
        assert_eq!(code(&output), 1, "{text}");
    }
}

/// A key `smartstack` in another service's service.yaml replaces its smartstack.yaml also where only
/// one service is checked.
#[test]
fn one_service_alone_sees_the_namespaces_of_others() {
    let files = [
        ("web/marathon-prod.yaml", "main:\n  registrations: [api.main, api.other]\n"),
        ("api/service.yaml", "smartstack: {main: {proxy_port: 20002}}\n"),
        ("api/smartstack.yaml", "other: {proxy_port: 20003}\n"),
    ];
    let root = tree("namespaces-of-others", &files);
    let web = root.join("web");
    let web = web.to_string_lossy();
    let only = ["check", "-d", ".", "--only", "registration-target-missing", "--output-format", "concise"];
    for paths in [vec![], vec![web.as_ref()]] {
        let output = run(&root, &[&only[..], &paths].concat());
        let report = stdout(&output);
        let found: Vec<&str> = report.lines().filter(|line| line.contains("error[")).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|line| line.contains("`other`")), "{found:?}");
    }
}

#[test]
fn what_paasta_refuses_cannot_be_ignored_on_the_command_line() {
    let root = tree("ignore-fixed", &[("web/marathon-prod.yaml", "main: [\n")]);
    for name in ["yaml-syntax", "unreadable-file", "unknown-key"] {
        let output = run(&root, &["check", "-d", ".", "--ignore", name]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{name}");
        assert!(stderr(&output).contains(&format!("`{name}`")), "{}", stderr(&output));
    }
}

#[test]
fn only_one_rule_means_only_its_repairs() {
    let text = "main:\n  instances: 1\n  env: {A: no}\n  extra_volumes: [{containerPath: /a, hostPath: /b, mode: ro}]\n";
    for arguments in [&["--fix"][..], &["--fix", "--unsafe-fixes"]] {
        let root = tree("only-fix", &[("web/marathon-prod.yaml", text)]);
        let only = [&["check", "-d", ".", "--only", "volume-mode"][..], arguments].concat();
        run(&root, &only);
        let fixed = std::fs::read_to_string(root.join("web/marathon-prod.yaml")).expect("a file");
        assert_eq!(fixed, text.replace("mode: ro", "mode: RO"));
    }
    let root = tree("only-diff", &[("web/marathon-prod.yaml", text)]);
    let output = run(&root, &["check", "-d", ".", "--only", "volume-mode", "--diff"]);
    assert!(
        stdout(&output).contains("mode: RO") && !stdout(&output).contains("+  env"),
        "{}",
        stdout(&output)
    );
}
