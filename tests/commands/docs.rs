//! The pages that people read first are true: their commands run and print what stands there, and
//! each mistake that `examples/mistakes` promises is found where it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const DIALECTS: [&str; 2] = ["documented", "paasta-0.66"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect("the page")
}

/// What a terminal of 100 columns shows: the notes on stderr come before the result on stdout.
fn shown(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::null())
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .expect("soalint runs");
    let both = [output.stderr, output.stdout].concat();
    String::from_utf8(both).expect("the output is UTF-8")
}

/// The arguments of a command line that calls soalint; `#` starts a comment.
fn arguments(line: &str) -> Option<Vec<&str>> {
    let line = line.strip_prefix("$ ")?;
    let line = line.split(" #").next().unwrap_or(line);
    let rest = ["cargo run -q -- ", "soalint "].iter().find_map(|program| line.strip_prefix(program))?;
    Some(rest.split_whitespace().collect())
}

/// Commands of the page's `console` blocks with the output that the page shows below them.
fn sessions(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sessions: Vec<(&str, Vec<&str>)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap_or_default();
        let first = sessions.len();
        for line in block.lines() {
            if line.starts_with("$ ") {
                sessions.push((line, Vec::new()));
            } else if sessions.len() > first
                && let Some((_, output)) = sessions.last_mut()
            {
                output.push(line);
            }
        }
    }
    sessions.retain(|(command, output)| arguments(command).is_some() && !output.is_empty());
    sessions
}

/// Whether `actual` is `expected`, where a line of only `...` stands for any lines.
fn is_excerpt(expected: &[&str], actual: &[&str]) -> bool {
    let mut rest = actual;
    for (number, part) in expected.split(|line| *line == "...").enumerate() {
        let start = if number == 0 {
            rest.starts_with(part).then_some(0)
        } else {
            (0..=rest.len()).find(|start| rest.get(*start..).is_some_and(|lines| lines.starts_with(part)))
        };
        let Some(start) = start else { return false };
        rest = rest.get(start + part.len()..).unwrap_or_default();
    }
    rest.is_empty() || expected.last() == Some(&"...")
}

#[test]
fn the_commands_print_what_the_pages_show() {
    let mut count = 0;
    for name in ["README.md", "docs/emit.md", "docs/haproxy.md"] {
        let page = page(name);
        for (command, expected) in sessions(&page) {
            let actual = shown(&arguments(command).unwrap_or_default());
            let lines: Vec<&str> = actual.trim_end().lines().collect();
            assert!(is_excerpt(&expected, &lines), "{name}: {command}\nprints\n{actual}");
            count += 1;
        }
    }
    assert!(count >= 4, "only {count} commands with output are left");
}

#[test]
fn an_excerpt_keeps_to_the_order_and_the_ends() {
    let actual = ["a", "b", "c", "d"];
    assert!(is_excerpt(&["a", "...", "d"], &actual));
    assert!(is_excerpt(&["...", "c", "..."], &actual));
    assert!(!is_excerpt(&["b", "...", "d"], &actual));
    assert!(!is_excerpt(&["a", "...", "c"], &actual));
    assert!(!is_excerpt(&["a", "...", "c", "...", "b", "..."], &actual));
    assert!(!is_excerpt(&["a", "...", "c", "x", "..."], &actual));
}

/// The rows of four cells in a page's tables, without head and backticks.
fn rows(page: &str) -> Vec<[String; 4]> {
    let row = |line: &str| {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<String> = line.split(" | ").map(|cell| cell.replace('`', "")).collect();
        cells.try_into().ok()
    };
    let lines = page.lines().collect::<Vec<_>>();
    let is_head = |number: usize| lines.get(number + 1).is_some_and(|next| next.starts_with("|---"));
    lines
        .iter()
        .enumerate()
        .filter(|(number, _)| !is_head(*number))
        .filter_map(|(_, line)| row(line))
        .collect()
}

/// `file:line`, or `file` for what is about a whole file or directory.
fn place(of: &Value) -> String {
    let file = of["file"].as_str().unwrap_or_default();
    match of["start"]["line"].as_u64() {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}

/// What is found in the tree of mistakes; `rules` run even where they are off.
fn mistakes(dialect: &str, rules: &BTreeSet<&str>) -> Vec<Value> {
    let rules: Vec<&str> = rules.iter().copied().collect();
    let rules = rules.join(",");
    let tree = "examples/mistakes";
    let report =
        shown(&["check", "-d", tree, "--output-format", "json", "--dialect", dialect, "--select", &rules]);
    let report: Value = serde_json::from_str(&report).expect("a report");
    report["diagnostics"].as_array().expect("findings").clone()
}

#[test]
fn every_promised_mistake_is_found_and_nothing_else() {
    let page = page("examples/mistakes/README.md");
    let (table, _) = page.split_once("## The dialects").expect("two tables");
    let rows = rows(table);
    let promised: BTreeSet<(String, &str)> = rows
        .iter()
        .map(|[service, place, _, rule]| match place.as_str() {
            "(directory)" => (service.clone(), rule.as_str()),
            _ => (format!("{service}/{place}"), rule.as_str()),
        })
        .collect();
    assert!(promised.len() > 100, "only {} rows", promised.len());
    for dialect in DIALECTS {
        let mut found = BTreeSet::new();
        for finding in mistakes(dialect, &promised.iter().map(|(_, rule)| *rule).collect()) {
            let rule = finding["rule"].as_str().unwrap_or_default();
            let primary = place(&finding);
            assert!(
                promised.contains(&(primary.clone(), rule)),
                "{dialect}: {rule} at {primary} is not in the table"
            );
            // The other owner of a port, the other jobs of a cycle: one finding names them all.
            let related = finding["related"].as_array().into_iter().flatten().map(place);
            found.extend(related.chain([primary]).map(|place| (place, rule.to_owned())));
        }
        let is_missing =
            |(place, rule): &&(String, &str)| !found.contains(&(place.clone(), (*rule).to_owned()));
        let missing: Vec<_> = promised.iter().filter(is_missing).collect();
        assert!(missing.is_empty(), "{dialect}: nobody reports {missing:?}");
    }
}

#[test]
fn the_severities_that_depend_on_the_dialect_are_as_promised() {
    let page = page("examples/mistakes/README.md");
    let (_, table) = page.split_once("## The dialects").expect("two tables");
    let promised: BTreeSet<[String; 4]> = rows(table).into_iter().collect();
    let rules: BTreeSet<&str> = promised.iter().map(|[rule, ..]| rule.as_str()).collect();
    let [documented, paasta] = DIALECTS.map(|dialect| {
        let key = |finding: &Value| (finding["rule"].to_string().replace('"', ""), place(finding));
        let severity = |finding: &Value| finding["severity"].as_str().unwrap_or_default().to_owned();
        let findings = mistakes(dialect, &rules);
        findings.iter().map(|finding| (key(finding), severity(finding))).collect::<BTreeMap<_, _>>()
    });
    let actual: BTreeSet<[String; 4]> = documented
        .iter()
        .filter_map(|((rule, place), severity)| {
            let other = paasta.get(&(rule.clone(), place.clone()))?;
            (severity != other).then(|| [rule.clone(), place.clone(), severity.clone(), other.clone()])
        })
        .collect();
    assert_eq!(promised, actual);
}
