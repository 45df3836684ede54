//! Every report is what its readers define, on clean, on broken and on hostile trees.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::program::fill;

/// Every format, so that none is forgotten.
const FORMATS: [&str; 9] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "markdown"];

fn soalint(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soalint"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("soalint runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A directory of this test's own, with the given files.
fn tree(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("formats").join(name);
    fill(root, files)
}

/// A tree with one error and one warning.
fn small(name: &str) -> PathBuf {
    let both = "main:\n  cmd: run\n  args: [x]\n  deploy_group: a\n";
    let deploy = "pipeline:\n  - step: a\n  - step: b\n";
    tree(
        name,
        &[
            (".git/HEAD", ""),
            ("configs/web/marathon-prod.yaml", both),
            ("configs/web/deploy.yaml", deploy),
            ("configs/web/monitoring.yaml", "team: a\n"),
        ],
    )
}

/// What everything in the hostile tree is called and says.
const HOSTILE: [&str; 14] = [
    "::error file=x::boo",
    "##[error]boo",
    "##vso[task.setvariable variable=x]y",
    "a\n::error::boo",
    "]]><failure>",
    "|a|b|",
    "`x` ``` y",
    "<script>alert(1)</script>",
    "\u{1b}[31m\u{7}\u{9b}2J",
    "%0A::error::boo%25",
    "[text](http://example.com) {0}",
    "&amp;\"'<!--",
    "\u{202e}\u{feff}\u{fffe}\u{ffff}",
    "@everyone #1 www.example.com *b* ~s~",
];

fn hostile(test: &str) -> PathBuf {
    let root = tree(&format!("hostile-{test}"), &[]);
    for text in HOSTILE {
        let name = text.replace('/', "\u{2044}");
        let service = root.join(&name);
        fs::create_dir_all(&service).expect("a directory");
        let quoted = serde_json::to_string(text).expect("a text");
        let yaml = format!(
            "main:\n  cmd: run\n  args: [{quoted}]\n  deploy_group: {quoted}\n  bounce_method: {quoted}\n  {quoted}: 1\n{quoted}:\n  cmd: x\n  args: [x]\n"
        );
        fs::write(service.join("marathon-prod.yaml"), &yaml).expect("a file");
        let odd = [b"marathon-", name.as_bytes(), b"\xff.yaml"].concat();
        fs::write(service.join(OsStr::from_bytes(&odd)), &yaml).expect("a file");
    }
    root
}

fn schema(path: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(repository().join(path)).expect("a schema");
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    // A pattern of SARIF's schema has a bracket too many, which ECMAScript lets pass and Rust does not.
    for definition in ["run", "toolComponent"] {
        if let Some(language) = schema.pointer_mut(&format!("/definitions/{definition}/properties/language"))
        {
            language.as_object_mut().expect("a schema").remove("pattern");
        }
    }
    jsonschema::validator_for(&schema).expect("a valid schema")
}

fn assert_valid(schema: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(3)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Trees, and whether they have findings; the name is that of the test.
fn trees(test: &str) -> Vec<(PathBuf, bool)> {
    vec![
        (repository().join("examples/mistakes"), true),
        (repository().join("examples/yelpsoa-configs"), false),
        (hostile(test), true),
    ]
}

fn report(root: &Path, format: &str) -> String {
    let output = run(&mut soalint(root, &["check", "-d", ".", "--output-format", format]));
    assert_ne!(output.status.code(), Some(2), "{format}: {}", stderr(&output));
    stdout(&output)
}

/// All reports of one run.
fn reports(root: &Path) -> Vec<(&'static str, String)> {
    let directory = directory_for(root);
    let file = |format: &str| directory.join(format);
    let mut command = soalint(root, &["check", "-d", "."]);
    for format in FORMATS {
        command.arg("--output-format").arg(format!("{format}={}", file(format).display()));
    }
    let output = run(&mut command);
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    FORMATS.map(|format| (format, fs::read_to_string(file(format)).expect("a report"))).to_vec()
}

/// A directory for the reports about `root`.
fn directory_for(root: &Path) -> PathBuf {
    let name = root.file_name().expect("a name").to_string_lossy().into_owned();
    tree(&format!("reports-of-{name}"), &[])
}

#[test]
fn sarif_follows_its_schema() {
    let schema = schema("tests/data/reports/sarif-schema-2.1.0.json");
    for (root, has_findings) in trees("sarif") {
        let log: Value = serde_json::from_str(&report(&root, "sarif")).expect("JSON");
        assert_valid(&schema, &log);
        let run = &log["runs"][0];
        let results = run["results"].as_array().expect("results");
        assert_eq!(!results.is_empty(), has_findings, "{}", root.display());
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        let mut fingerprints = BTreeSet::new();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let physical = &result["locations"][0]["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
            assert!(uri.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`{}|\\^:".contains(&b)), "{uri}");
            let fingerprint = result["partialFingerprints"]["soalint/v1"].as_str().expect("a text");
            assert!(fingerprints.insert(fingerprint.to_owned()), "{fingerprint} twice");
            let text = result["message"]["text"].as_str().expect("a text");
            assert!(!text.replace("\\](", "").contains("]("), "a link: {text}");
        }
    }
}

#[test]
fn sarif_places_are_those_of_the_repository() {
    let root = small("sarif");
    let output = run(&mut soalint(&root.join("configs"), &["check", "-d", ".", "--output-format", "sarif"]));
    let log: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("sarif-report", stdout(&output).replace(env!("CARGO_PKG_VERSION"), "[version]"));
    });
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "configs/web/deploy.yaml");
}

#[test]
fn gitlab_follows_its_schema() {
    let schema = schema("tests/data/reports/gitlab-code-quality.schema.json");
    for (root, has_findings) in trees("gitlab") {
        let issues: Value = serde_json::from_str(&report(&root, "gitlab")).expect("JSON");
        assert_valid(&schema, &issues);
        let issues = issues.as_array().expect("a list");
        assert_eq!(!issues.is_empty(), has_findings);
        let unique: BTreeSet<&str> =
            issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!(unique.len(), issues.len(), "each issue has a fingerprint of its own");
    }
}

#[test]
fn json_follows_its_published_schema() {
    let (whole, line) = (schema("schemas/report.schema.json"), schema("schemas/report-line.schema.json"));
    for (root, _) in trees("json") {
        let document: Value = serde_json::from_str(&report(&root, "json")).expect("JSON");
        assert_valid(&whole, &document);
        let lines: Vec<Value> = report(&root, "json-lines")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON on each line"))
            .collect();
        for value in &lines {
            assert_valid(&line, value);
        }
        let (last, findings) = lines.split_last().expect("a summary");
        assert_eq!(last["type"], "summary");
        assert_eq!(last["summary"], document["summary"]);
        let listed = document["diagnostics"].as_array().expect("a list");
        assert_eq!(findings.len(), listed.len());
        for (finding, mut row) in findings.iter().zip(listed.clone()) {
            row["type"] = "finding".into();
            assert_eq!(finding, &row);
        }
    }
    // The schemas are no rubber stamps.
    assert!(!whole.is_valid(&serde_json::json!({"version": 1})));
    assert!(!line.is_valid(&serde_json::json!({"type": "finding"})));
}

#[test]
fn junit_is_xml_with_the_right_counts() {
    for (root, has_findings) in trees("junit") {
        let text = report(&root, "junit");
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let suites = document.root_element();
        assert_eq!(suites.tag_name().name(), "testsuites");
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        let said = |node: roxmltree::Node<'_, '_>, name: &str| {
            node.attribute(name).and_then(|number| number.parse::<usize>().ok()).expect("a number")
        };
        assert_eq!(said(suites, "tests"), count("testcase"));
        assert_eq!(said(suites, "failures"), count("failure"));
        assert_eq!(count("failure") > 0, has_findings);
        for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
            assert_eq!(said(suite, "tests"), suite.children().filter(roxmltree::Node::is_element).count());
        }
    }
}

/// A run that ends with exit status 2 is not called a success by any of its reports.
#[test]
fn reports_say_what_could_not_be_done() {
    let root =
        tree("failures", &[("web/marathon-prod.yaml", "main: {cmd: x}\n"), ("web/README.md", "text\n")]);
    let words = "nothing of `web/README.md` is checked: soalint checks the YAML files of a service";
    let said = |format: &str, arguments: &[&str]| {
        let mut command =
            soalint(&root, &["check", "-d", ".", "--only", "cmd-and-args", "--output-format", format]);
        let output = run(command.args(arguments));
        let failed = !arguments.is_empty();
        assert_eq!(output.status.code(), Some(if failed { 2 } else { 0 }), "{}", stderr(&output));
        stdout(&output)
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    for (arguments, expected) in [(&["web/README.md"][..], &[words][..]), (&[], &[])] {
        let report = json(&said("json", arguments));
        assert_eq!(report["summary"]["failures"], serde_json::json!(expected));
        assert_valid(&schema("schemas/report.schema.json"), &report);
        let invocation = json(&said("sarif", arguments))["runs"][0]["invocations"][0].clone();
        assert_eq!(invocation["executionSuccessful"], expected.is_empty());
        let notified = invocation["toolExecutionNotifications"].as_array().expect("a list").clone();
        let notified: Vec<_> = notified.iter().filter_map(|one| one["message"]["text"].as_str()).collect();
        assert_eq!(notified, expected);
        let text = said("junit", arguments);
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
        assert_eq!(
            errors.iter().filter_map(|error| error.attribute("message")).collect::<Vec<_>>(),
            expected
        );
        assert_eq!(document.root_element().attribute("errors"), Some(expected.len().to_string().as_str()));
        assert_eq!(document.root_element().attribute("tests"), Some("1"));
    }
    // Where there is no file, nothing passed.
    let empty = tree("failures-empty", &[("web/notes.txt", "text\n")]);
    let output =
        run(&mut soalint(&empty, &["check", "-d", ".", "--ignore", "names", "--output-format", "junit"]));
    assert!(stdout(&output).contains("<skipped message=\"Nothing to check: "), "{}", stdout(&output));
}

#[test]
fn markdown_rows_are_rows() {
    for (root, has_findings) in trees("markdown") {
        let text = report(&root, "markdown");
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(!rows.is_empty(), has_findings);
        for row in &rows {
            assert_eq!(row.matches('|').count(), 5, "{row}");
        }
        let after_rows = text.lines().filter(|line| !line.starts_with('|')).collect::<Vec<_>>().join("\n");
        let heading = format!("### soalint\n\n{}", if has_findings { "Found " } else { "All good" });
        assert!(after_rows.starts_with(&heading), "{after_rows}");
        for tag in text.split('<').skip(1) {
            let known = ["code>", "/code>", "br>"].iter().any(|known| tag.starts_with(known));
            assert!(known, "<{tag}");
        }
        for markup in ["](", "www.", "](http", "**b", "*b*", "```", "@everyone", "#1 "] {
            assert!(!text.contains(markup), "{markup}");
        }
    }
}

#[test]
fn github_sees_the_commands_that_soalint_gives_and_no_others() {
    for (root, has_findings) in trees("github") {
        for (format, text) in reports(&root) {
            let commands: Vec<&str> =
                text.lines().map(str::trim_start).filter(|line| line.starts_with("::")).collect();
            assert_eq!(!commands.is_empty(), has_findings && format == "github", "{format}");
            for command in commands {
                let (head, data) =
                    command.get(2..).and_then(|rest| rest.split_once("::")).expect("a command");
                let (level, properties) = head.split_once(' ').expect("properties");
                assert!(["error", "warning", "notice"].contains(&level), "{command}");
                let names: Vec<&str> =
                    properties.split(',').filter_map(|p| p.split_once('=')).map(|(name, _)| name).collect();
                let expected: &[&[&str]] = &[
                    &["file", "title"],
                    &["file", "line", "endLine", "title"],
                    &["file", "line", "endLine", "col", "endColumn", "title"],
                ];
                assert!(expected.contains(&names.as_slice()), "{command}");
                assert!(!data.is_empty(), "{command}");
            }
            let of_others = ["##[", "##vso[", "##teamcity["];
            let others = text.lines().filter(|line| !line.starts_with("::"));
            for line in others {
                assert!(!of_others.iter().any(|command| line.contains(command)), "{format}: {line}");
            }
        }
    }
}

#[test]
fn github_annotates_the_gravest_first_and_fills_the_summary() {
    let root = small("github");
    let summary = root.join("summary.md");
    fs::write(&summary, "before\n").expect("a file");
    let arguments = ["check", "-d", "configs", "--output-format", "github"];
    let output = run(soalint(&root, &arguments).env("GITHUB_STEP_SUMMARY", &summary));
    assert_eq!(output.status.code(), Some(1));
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("github-report", stdout(&output));
        insta::assert_snapshot!("github-summary", fs::read_to_string(&summary).expect("a summary"));
    });
}

#[test]
fn the_summary_of_a_step_is_bounded() {
    // Of one rule in one file a thousand are listed.
    let many = (0..1_000).map(|n| format!("i{n}: {{cmd: a, args: [b]}}\n")).collect::<Vec<_>>().concat();
    let names: Vec<String> = (0..9).map(|n| format!("web/marathon-prod{n}.yaml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), many.as_str())).collect();
    let root = tree("bounded", &files);
    let summary = root.join("summary.md");
    for before in [0, 1_048_000, 2_000_000] {
        fs::write(&summary, "x".repeat(before)).expect("a file");
        let output = run(soalint(&root, &["check", "-d", ".", "--output-format", "github"])
            .env("GITHUB_STEP_SUMMARY", &summary));
        assert_eq!(output.status.code(), Some(1));
        let length = fs::metadata(&summary).expect("a summary").len();
        assert!(length <= 1024 * 1024 || length == 2_000_000, "{length}");
        let text = fs::read_to_string(&summary).expect("a summary");
        match before {
            0 => assert!(length > 900_000 && text.trim_end().ends_with("more."), "{length}"),
            1_048_000 => assert!(length > 1_048_000),
            _ => assert!(stderr(&output).contains("could not be written: it is full"), "{}", stderr(&output)),
        }
    }
}

#[test]
fn several_reports_come_from_one_run() {
    let root = small("several");
    let mut arguments = vec!["check".to_owned(), "-d".to_owned(), "configs".to_owned()];
    for format in FORMATS {
        arguments.extend(["--output-format".to_owned(), format!("{format}=out.{format}")]);
    }
    arguments.extend(["--output-format".to_owned(), "concise".to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = run(&mut soalint(&root, &arguments));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("configs/web/"), "{}", stdout(&output));
    for format in FORMATS {
        let alone = run(&mut soalint(&root, &["check", "-d", "configs", "--output-format", format]));
        assert_eq!(alone.status.code(), Some(1), "the exit status does not depend on the format");
        let written = fs::read_to_string(root.join(format!("out.{format}"))).expect("a report");
        assert_eq!(written, stdout(&alone), "{format}");
    }
    let left = fs::read_dir(&root).expect("a directory").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn auto_knows_github() {
    let root = small("auto");
    let plain = run(&mut soalint(&root, &["check", "-d", "configs"]));
    assert!(!stdout(&plain).contains("::error"));
    let on_github = run(soalint(&root, &["check", "-d", "configs"]).env("GITHUB_ACTIONS", "true"));
    let text = stdout(&on_github);
    assert!(text.contains("╭─[configs/web/marathon-prod.yaml:3:3]"), "{text}");
    assert!(text.contains("\n::error file=configs/web/marathon-prod.yaml,line=3,"), "{text}");
    assert_eq!(text.matches("Found ").count(), 1, "{text}");
    let chosen = ["check", "-d", "configs", "--output-format", "human"];
    let human = run(soalint(&root, &chosen).env("GITHUB_ACTIONS", "true"));
    assert_eq!(stdout(&human), stdout(&plain));
}

#[test]
fn reports_that_cannot_be_written_are_exit_2() {
    let root = small("unwritable");
    let cases: &[(&[&str], &str)] = &[
        (
            &["--output-format", "json", "--output-format", "human"],
            "two reports cannot share standard output",
        ),
        (
            &["--output-format", "sarif=a", "--output-format", "json=a"],
            "two reports cannot share the file `a`",
        ),
        (&["--output-format", "auto=a"], "`auto` chooses a format for standard output"),
        (&["--output-format", "sarif="], "no file after `sarif=`"),
        (&["--output-format", "sarf"], "sarif"),
        (&["--output-format", "sarf=x"], "sarif"),
        (&["--output-format", "sarif=nowhere/out.sarif"], "cannot write `nowhere/out.sarif`"),
        (&["--output-format", "sarif=configs"], "cannot write `configs`"),
    ];
    for (arguments, words) in cases {
        let output = run(&mut soalint(&root, &[&["check", "-d", "configs"], *arguments].concat()));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_file_is_replaced_through_its_link_and_a_device_is_not_replaced() {
    let root = small("links");
    fs::write(root.join("real.json"), "old").expect("a file");
    std::os::unix::fs::symlink("real.json", root.join("link.json")).expect("a link");
    let arguments =
        ["check", "-d", "configs", "--output-format", "json=link.json", "--output-format", "sarif=/dev/null"];
    assert_eq!(run(&mut soalint(&root, &arguments)).status.code(), Some(1));
    assert!(root.join("link.json").is_symlink());
    assert!(fs::read_to_string(root.join("real.json")).expect("a report").starts_with('{'));
    assert!(!fs::metadata("/dev/null").expect("a device").is_file());
}

#[test]
fn junit_calls_a_failure_what_fails_the_run() {
    let root = small("junit");
    for (level, failures) in [("never", 0), ("error", 1), ("warning", 2)] {
        let arguments = ["check", "-d", "configs", "--output-format", "junit", "--fail-on", level];
        let text = stdout(&run(&mut soalint(&root, &arguments)));
        assert_eq!(text.matches("<failure ").count(), failures, "{level}: {text}");
        assert_eq!(text.matches("<testcase ").count(), 2, "{text}");
    }
}
