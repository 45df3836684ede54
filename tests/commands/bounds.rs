//! What is bounded: findings in words, the output of `show` and `read`, and work per finding.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::program::{code, run, stderr, stdout, tree};
use serde_json::Value;

const FILE: &str = "web/marathon-prod.yaml";

/// An instance with a list of that many items that must be strings.
fn lists(number: usize) -> String {
    format!("main: {{args: [{}]}}\n", vec!["[]"; number].join(","))
}

/// That many instances with a command and arguments, which is a warning.
fn both(number: usize) -> String {
    (0..number).fold(String::new(), |mut text, n| {
        writeln!(text, "i{n}: {{cmd: a, args: [b]}}").expect("text");
        text
    })
}

fn report(root: &Path, arguments: &[&str]) -> Value {
    let output = run(root, &[&["check", "--output-format", "json"], arguments].concat());
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)))
}

/// The findings of a rule: how many are listed, and how many those stand for.
fn number_of(report: &Value, rule: &str) -> (usize, u64) {
    let rows = report["diagnostics"].as_array().expect("a list").iter();
    let counts: Vec<u64> =
        rows.filter(|row| row["rule"] == rule).map(|row| row["count"].as_u64().unwrap_or(1)).collect();
    (counts.len(), counts.iter().sum())
}

#[test]
fn every_format_says_how_many_more_there_are() {
    let root = tree("bounds-formats", &[(FILE, &lists(3_000))]);
    let check = |format, most| {
        let only = ["check", "--only", "type-mismatch", "--max-findings", most];
        run(&root, &[&only[..], &["--output-format", format]].concat())
    };
    let words = "and 2001 more like it in this file";
    for format in ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "markdown"]
    {
        let output = check(format, "0");
        assert_eq!(code(&output), 1, "{format}");
        let text = stdout(&output);
        assert!(text.contains(words), "{format}");
        assert!(!text.contains("item 1000 of"), "{format}");
        assert!(text.contains("item 999 of"), "{format}");
    }
    let concise = stdout(&check("concise", "0"));
    assert_eq!(concise.matches("[type-mismatch]").count(), 1_000);
    assert!(concise.contains("Found 3000 errors"), "{}", concise.lines().last().unwrap_or(""));
    let last = concise.lines().rfind(|line| line.contains("[type-mismatch]")).expect("a line");
    assert!(last.contains(":1:3012: error") && last.contains(words), "{last}");
    let json = report(&root, &["--only", "type-mismatch"]);
    assert_eq!(number_of(&json, "type-mismatch"), (1_000, 3_000));
    assert_eq!(json["summary"]["errors"], 3_000);
    let sarif = stdout(&check("sarif", "0"));
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(
        results.iter().filter_map(|result| result["occurrenceCount"].as_u64()).collect::<Vec<_>>(),
        [2_001]
    );
    let statistics = stdout(&run(&root, &["check", "--statistics"]));
    assert!(statistics.contains("3000  error    type-mismatch"), "{statistics}");
    let human = stdout(&check("human", "1"));
    assert!(human.contains("... and 2999 more"), "{human}");
}

#[test]
fn a_thousand_are_all_described() {
    let root = tree("bounds-thousand", &[(FILE, &lists(1_000))]);
    let json = report(&root, &[]);
    assert_eq!(number_of(&json, "type-mismatch"), (1_000, 1_000));
    assert!(!json.to_string().contains("more like it"));
}

#[test]
fn all_of_them_are_repaired() {
    for number in [3_000, 12_000] {
        let variables: String = (0..number).fold(String::from("main:\n  env:\n"), |mut text, n| {
            writeln!(text, "    K{n}: {n}").expect("text");
            text
        });
        let root = tree("bounds-fix", &[(FILE, &variables)]);
        let json = report(&root, &[]);
        assert_eq!(number_of(&json, "type-mismatch"), (1_000, number));
        assert!(json["summary"]["fixable"].as_u64() >= Some(number), "{}", json["summary"]);
        let output = run(&root, &["check", "--fix"]);
        assert!(
            stdout(&output).contains(&format!("Fixed {number} findings in 1 file.")),
            "{}",
            stdout(&output)
        );
        let text = fs::read_to_string(root.join(FILE)).expect("a file");
        assert_eq!(text.matches('"').count(), 2 * usize::try_from(number).expect("a number"));
    }
}

#[test]
fn what_is_not_described_is_not_written_down() {
    let text = lists(1_001);
    let root = tree("bounds-refused", &[(FILE, &text), ("api/marathon-prod.yaml", &both(2))]);
    for (arguments, done) in
        [(&["baseline", "write"][..], "recorded"), (&["check", "--add-ignore=later"], "ignored")]
    {
        let output = run(&root, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        let words = stderr(&output);
        assert!(words.contains("`web/marathon-prod.yaml` has 1001 findings of `type-mismatch`"), "{words}");
        assert!(words.contains(done), "{words}");
        assert!(!root.join(".soalint-baseline.json").exists());
        assert_eq!(fs::read_to_string(root.join(FILE)).expect("a file"), text);
        assert_eq!(fs::read_to_string(root.join("api/marathon-prod.yaml")).expect("a file"), both(2));
    }
}

#[test]
fn ignores_and_levels_reach_what_is_not_described() {
    let rule = "cmd-and-args";
    let root = tree("bounds-ignores", &[(FILE, &both(1_500))]);
    let plain = report(&root, &[]);
    assert_eq!(number_of(&plain, rule), (1_000, 1_500));
    // One beyond those that are described.
    let one = both(1_500).replace(
        "i1400: {cmd: a, args: [b]}",
        "i1400: {cmd: a, args: [b]} # soalint: ignore[cmd-and-args] x",
    );
    fs::write(root.join(FILE), one).expect("a file");
    let json = report(&root, &[]);
    assert_eq!(number_of(&json, rule), (1_000, 1_499));
    assert_eq!(json["summary"]["suppressed"], 1);
    assert_eq!(number_of(&json, "suppress-unused").0, 0);
    fs::write(root.join(FILE), format!("# soalint: ignore-file[{rule}] x\n{}", both(1_500))).expect("a file");
    let json = report(&root, &[]);
    assert_eq!((number_of(&json, rule), &json["summary"]["suppressed"]), ((0, 0), &Value::from(1_500)));
    let levels = "per-path: {'web/marathon-*.yaml': {rules: {cmd-and-args: warning}}}\n";
    fs::write(root.join(FILE), both(1_500)).expect("a file");
    fs::write(root.join(".soalint.yaml"), levels).expect("a file");
    let json = report(&root, &["--only", rule]);
    assert_eq!((&json["summary"]["errors"], &json["summary"]["warnings"]), (&0.into(), &1_500.into()));
    fs::write(root.join(".soalint.yaml"), levels.replace("warning", "off")).expect("a file");
    assert_eq!(number_of(&report(&root, &[]), rule), (0, 0));
}

#[test]
fn what_all_instances_inherit_is_one_mistake_of_each() {
    let instances: String = (0..2_500).fold(String::new(), |mut text, n| {
        writeln!(text, "i{n}: {{mem: 512}}").expect("text");
        text
    });
    let files = [(FILE, instances.as_str()), ("web/service.yaml", "cpus: many\n")];
    let root = tree("bounds-inherited", &files);
    let json = report(&root, &["--only", "type-mismatch"]);
    assert_eq!(number_of(&json, "type-mismatch"), (1, 1));
    let output = run(&root, &["emit", "marathon", "--cluster", "prod"]);
    assert_eq!(code(&output), 1);
    assert_eq!(stdout(&output).trim(), "{}");
    assert!(stderr(&output).contains("web.i2499"), "{}", stderr(&output));
}

#[test]
fn nothing_is_emitted_of_a_file_whose_errors_are_not_all_described() {
    let text = format!("{}good: {{cmd: a, instances: 1, cpus: 1, mem: 512}}\n", lists(2_000));
    let root = tree("bounds-withheld", &[(FILE, &text)]);
    let output = run(&root, &["emit", "marathon", "web.good", "--cluster", "prod"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).trim() == "{}" && stderr(&output).contains("web.good"), "{}", stderr(&output));
    // With few errors beside it, it is.
    fs::write(root.join(FILE), text.replace(&vec!["[]"; 2_000].join(","), "[],[]")).expect("a file");
    let output = run(&root, &["emit", "marathon", "web.good", "--cluster", "prod"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    command.args(arguments).current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_new_is_told_from_what_is_not_described() {
    let root = tree("bounds-against", &[(FILE, &both(1_500))]);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "-A"]);
    git(&root, &["commit", "-qm", "a"]);
    let changed = |text: String| {
        fs::write(root.join(FILE), text).expect("a file");
        let json = report(&root, &["--against", "HEAD"]);
        let (rows, number) = number_of(&json, "cmd-and-args");
        assert_eq!(u64::try_from(rows).ok(), Some(number), "each is said");
        let found = json["diagnostics"].as_array().expect("a list").iter();
        found.map(|d| d["start"]["line"].clone()).collect::<Vec<_>>()
    };
    assert!(changed(format!("# words\n{}", both(1_500))).is_empty());
    assert!(changed(both(1_400)).is_empty());
    let new = changed(both(1_501));
    assert!(!new.is_empty() && new.iter().all(|line| *line == 1_501), "{new:?}");
}

#[test]
fn ignores_of_no_use_are_bounded_too() {
    let text = both(1_500).replace('\n', " # soalint: ignore[cap-unknown] x\n");
    let root = tree("bounds-unused", &[(FILE, &text)]);
    assert_eq!(number_of(&report(&root, &[]), "suppress-unused"), (1_000, 1_500));
}

#[test]
fn show_and_read_stop_at_64_megabytes() {
    let variables: Vec<String> = (0..500).map(|n| format!("K{n}: v{n}")).collect();
    let mut text = format!("main: {{env: &e {{{}}}}}\n", variables.join(", "));
    for n in 0..1_000 {
        writeln!(text, "i{n}: {{env: *e}}").expect("text");
    }
    let bomb = (1..6).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |mut text, level| {
        let list = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{list}]").expect("text");
        text
    });
    let root = tree("bounds-stream", &[(FILE, &text), ("bomb.yaml", &bomb)]);
    for arguments in [&["show", "web", "--format", "json"][..], &["read", "bomb.yaml", "--format", "json"]] {
        let output = run(&root, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(output.stdout.len(), 64 << 20, "{arguments:?}");
        assert!(
            stderr(&output).contains("the output is cut off: it is more than 64 MB"),
            "{}",
            stderr(&output)
        );
    }
    let output = run(&root, &["show", "web.i1", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let shown: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(shown["instances"].as_array().map(Vec::len), Some(1));
}

/// How long a check takes.
fn time(name: &str, file: &str, text: &str) -> Duration {
    let root = tree(name, &[(file, text)]);
    let start = Instant::now();
    let output = run(&root, &["check", "--select", "all", "--output-format", "json"]);
    assert!(code(&output) < 2, "{}", stderr(&output));
    start.elapsed()
}

#[test]
fn four_times_as_many_findings_take_four_times_as_long() {
    let cases: [(&str, &str, &str, &str); 5] = [
        ("list", "web/dependencies.yaml", "main:\n", "- s: b\n"),
        ("pipeline", "web/deploy.yaml", "pipeline:\n", "- x: 1\n"),
        ("volumes", FILE, "main:\n  extra_volumes:\n", "  - x: 1\n"),
        ("constraints", FILE, "main:\n  constraints:\n", "  - [pool, LIKE]\n"),
        ("namespaces", "web/smartstack.yaml", "main:\n  extra_healthcheck_headers:\n", "    'a b': x\n"),
    ];
    for (name, file, head, item) in cases {
        let of =
            |number: usize| time(&format!("bounds-{name}"), file, &format!("{head}{}", item.repeat(number)));
        let (few, many) = (of(5_000), of(20_000));
        // Other tests run beside this one.
        assert!(many < 8 * few + Duration::from_secs(1), "{name}: {few:?}, then {many:?}");
    }
}

/// Good repairs are made however many bad ones stand between them.
#[test]
fn good_repairs_are_made_among_bad_ones() {
    let number = 600;
    let instance = |at: usize| format!("i{at}:\n  cpu: {}\n", if at.is_multiple_of(2) { "1" } else { "-1" });
    let text: String = (0..number).map(instance).collect::<Vec<_>>().concat();
    let root = tree("bounds-alternating", &[("web/marathon-prod.yaml", &text)]);
    let output = run(&root, &["check", "-d", ".", "--fix", "--unsafe-fixes", "--only", "unknown-key", "-q"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let fixed = std::fs::read_to_string(root.join("web/marathon-prod.yaml")).expect("a file");
    assert_eq!(fixed.matches("  cpus: 1\n").count(), number / 2);
    // `cpus: -1` would be another error.
    assert_eq!(fixed.matches("  cpu: -1\n").count(), number / 2);
}
