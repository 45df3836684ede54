//! Runs the literate tests of the rules, and the examples of their pages.
//!
//! `tests/rules/<rule>.md` is prose with cases. A case is a heading, files, and what the rule says:
//!
//! ````text
//! ## Both in one instance
//!
//! ```yaml marathon-norcal-prod.yaml
//! main: {cmd: x, args: [y]}
//! ```
//!
//! ```findings
//! example/marathon-norcal-prod.yaml:1:15: error `main` sets both `cmd` and `args`
//! ```
//! ````
//!
//! A block `now` holds the time that the check is told, in UTC.
//! A file name without a directory belongs to the service `example`. No `findings` block, or an
//! empty one, means that the rule is silent. `findings paasta-0.66` runs the case in that dialect.
//! A block with indented lines is about all words of its findings: under each come those of its
//! `label`, `why`, `help` and `fix` that it has; a line `  ?` asks for them when they are blessed.
//! A `fixed` block after that holds a file of the case as `--fix --unsafe-fixes` leaves it.
//! `SOALINT_BLESS=1 cargo test --test library` writes what the rules say now; read the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use soalint::check::{Scope, check};
use soalint::config::{self, ConfigFile, Selection, Settings};
use soalint::dialect::DialectName;
use soalint::fix::{Fixed, fix};
use soalint::repo::memory::MemoryTree;
use soalint::rules::{Env, Fixable, RULES, Rule};

/// A fenced block: info string, content, and the lines of the file that hold the content.
struct Block<'a> {
    info: &'a str,
    body: String,
}

/// Files and expectations under one heading.
#[derive(Default)]
struct Case {
    title: String,
    files: Vec<(String, String)>,
    config: Option<String>,
    now: Option<jiff::Timestamp>,
    expected: Vec<(DialectName, String)>,
    fixed: Vec<(String, String)>,
}

fn blocks(text: &str) -> Vec<(Option<&str>, Option<Block<'_>>)> {
    let mut items = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            items.push((Some(title), None));
        } else if let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) {
            let mut body = String::new();
            for line in lines.by_ref().take_while(|line| *line != "```") {
                body.push_str(line);
                body.push('\n');
            }
            items.push((None, Some(Block { info, body })));
        }
    }
    items
}

fn file_name(info: &str) -> String {
    let name = info.split_whitespace().nth(1).unwrap_or("marathon-norcal-prod.yaml");
    if name.contains('/') { name.to_owned() } else { format!("example/{name}") }
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for item in blocks(text) {
        match item {
            (Some(title), _) => cases.push(Case { title: title.to_owned(), ..Case::default() }),
            (_, Some(block)) => {
                let Some(case) = cases.last_mut() else { continue };
                match block.info.split_whitespace().next() {
                    Some("yaml" | "text") => case.files.push((file_name(block.info), block.body)),
                    Some("now") => case.now = format!("{}Z", block.body.trim()).parse().ok(),
                    Some("fixed") => case.fixed.push((file_name(block.info), block.body)),
                    Some("config") => case.config = Some(block.body),
                    Some("findings") => {
                        let dialect = match block.info.split_whitespace().nth(1) {
                            Some(name) => DialectName::parse(name).expect("a dialect"),
                            None => DialectName::Documented,
                        };
                        case.expected.push((dialect, block.body));
                    }
                    other => panic!("{}: a block of kind {other:?}", case.title),
                }
            }
            (None, None) => {}
        }
    }
    cases
}

fn env(rule: &Rule, case: &Case, dialect: DialectName) -> Env {
    let file: ConfigFile = match &case.config {
        Some(text) => config::read(".soalint.yaml", text.as_bytes()).expect("a configuration").file,
        None => ConfigFile::default(),
    };
    // Whether an ignore is of use shows only when the rules that it names run.
    let only = if rule.group.name() == "suppression" { Vec::new() } else { vec![rule.name.to_owned()] };
    let settings = Settings {
        dialect,
        now: case.now,
        selection: Selection { only, ..Selection::default() },
        preview: true,
        today: Some("2030-01-01".parse().expect("a day")),
        ..Settings::from_file(file)
    };
    Env::new(settings)
}

fn memory(case: &Case) -> MemoryTree {
    MemoryTree::new(case.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))
}

/// What `rule` says about the files, one line per finding.
fn findings(rule: &Rule, case: &Case, dialect: DialectName) -> String {
    words(rule, case, dialect, false)
}

/// The same, with the words around each message.
fn words(rule: &Rule, case: &Case, dialect: DialectName, all: bool) -> String {
    let outcome = check(&memory(case), &Scope::Everything, &env(rule, case, dialect));
    let mut lines = String::new();
    for d in
        outcome.diagnostics.iter().filter(|d| d.rule.name == rule.name || d.rule.name == "internal-error")
    {
        let position = match (&d.place.source, d.place.span) {
            (Some(source), Some(span)) => {
                let at = source.position(span.start);
                format!(":{}:{}", at.line, at.column)
            }
            _ => String::new(),
        };
        writeln!(lines, "{}{position}: {} {}", d.place.file, d.severity, d.message).expect("a string");
        let fix = d.fix.as_ref().map(|fix| format!("{} ({})", fix.title, fix.safety.name()));
        let parts =
            [("label", &*d.label), ("why", &d.why), ("help", &d.help), ("fix", fix.as_deref().unwrap_or(""))];
        for (name, words) in parts.into_iter().filter(|(_, words)| all && !words.is_empty()) {
            writeln!(lines, "  {name}: {words}").expect("a string");
        }
    }
    lines
}

/// Rules about soalint itself, and about what only a disk can bring about: tests/commands/security.rs and
/// tests/commands/baseline.rs have those.
fn is_internal(rule: &Rule) -> bool {
    let elsewhere = ["unreadable-file", "symlink-target-lowercase", "baseline-stale"];
    rule.group.name() == "internal" || elsewhere.contains(&rule.name)
}

fn test_file(rule: &Rule) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(format!("{}.md", rule.name))
}

#[test]
fn the_rules_say_what_their_tests_say() {
    let bless = std::env::var_os("SOALINT_BLESS").is_some();
    let mut failures = String::new();
    let mut count = 0;
    for rule in RULES.iter().filter(|rule| !is_internal(rule)) {
        let path = test_file(rule);
        let Ok(text) = fs::read_to_string(&path) else {
            writeln!(failures, "{}: no tests/rules/{}.md", rule.name, rule.name).expect("a string");
            continue;
        };
        let mut blessed = text.clone();
        let mut fires = 0;
        for case in cases(&text) {
            let mut expected = case.expected.clone();
            if expected.is_empty() {
                expected.push((DialectName::Documented, String::new()));
            }
            for (dialect, expected) in expected {
                count += 1;
                let actual = words(rule, &case, dialect, expected.lines().any(|line| line.starts_with("  ")));
                fires += usize::from(!actual.is_empty());
                if actual != expected {
                    write!(
                        failures,
                        "{}: {} ({dialect})\n--- expected\n{expected}--- says\n{actual}\n",
                        rule.name, case.title
                    )
                    .expect("a string");
                    blessed = bless_case(&blessed, &case.title, dialect, &actual);
                }
            }
        }
        if fires == 0 {
            writeln!(failures, "{}: no case in which it says anything", rule.name).expect("a string");
        }
        if bless && blessed != text {
            fs::write(&path, blessed).expect("the test file can be written");
        }
    }
    assert!(bless || failures.is_empty(), "{failures}");
    assert!(count > 0);
}

/// What repairs leave of the files of a case, with only this rule on.
fn repaired(rule: &Rule, case: &Case, dialect: DialectName) -> Fixed {
    let env = env(rule, case, dialect);
    fix(&memory(case), true, &|source, _| check(source, &Scope::Everything, &env))
}

/// Every repair in the cases of a rule can be applied and proved, does what its `fixed` block says,
/// and the rule announces that it has some.
#[test]
fn fixes_do_what_they_promise() {
    let mut failures = String::new();
    for rule in RULES.iter().filter(|rule| !is_internal(rule)) {
        let text = fs::read_to_string(test_file(rule)).expect("the tests of the rule");
        let mut all = cases(&text);
        all.extend(cases(&rule.page()).into_iter().filter(|case| case.title == "Example"));
        let (mut with, mut without) = (0, 0);
        for case in &all {
            for dialect in DialectName::ALL {
                let before = check(&memory(case), &Scope::Everything, &env(rule, case, dialect));
                let own = || before.diagnostics.iter().filter(|d| d.rule.name == rule.name);
                with += own().filter(|d| d.fix.is_some()).count();
                without += own().filter(|d| d.fix.is_none()).count();
                let fixed = repaired(rule, case, dialect);
                for d in fixed.refusals.iter().filter(|refusal| refusal.rule == rule.name) {
                    eprintln!("REFUSED {}: {} ({dialect}): not fixed: {}", rule.name, case.title, d.reason);
                }
                for (path, expected) in case.fixed.iter().filter(|_| dialect == DialectName::Documented) {
                    let actual = fixed.changes.iter().find(|change| {
                        let name = change.rename.as_ref().unwrap_or(&change.file.file);
                        format!("{}/{name}", change.file.service) == *path
                    });
                    let actual = actual.map(|change| String::from_utf8_lossy(&change.after).into_owned());
                    if actual.as_ref() != Some(expected) {
                        let actual = actual.unwrap_or_else(|| "(not changed)\n".to_owned());
                        write!(
                            failures,
                            "{}: {}\n--- expected\n{expected}--- fixed\n{actual}",
                            rule.name, case.title
                        )
                        .expect("a string");
                    }
                }
            }
        }
        let wrong = match rule.fix {
            Fixable::Never => (with > 0).then_some("has fixes and does not say so"),
            Fixable::Sometimes => (with == 0).then_some("has no case with a fix"),
            Fixable::Always => (without > 0 || with == 0).then_some("has findings without a fix"),
        };
        if let Some(wrong) = wrong {
            writeln!(failures, "{}: {wrong}", rule.name).expect("a string");
        }
        if (rule.fix != Fixable::Never) != rule.page().contains("## Fix safety\n") {
            writeln!(failures, "{}: a section `Fix safety` is for rules with fixes", rule.name)
                .expect("a string");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Writes `actual` into the findings block of a case.
fn bless_case(text: &str, title: &str, dialect: DialectName, actual: &str) -> String {
    let fence = match dialect {
        DialectName::Documented => "```findings\n".to_owned(),
        DialectName::Paasta066 => format!("```findings {dialect}\n"),
    };
    let heading = format!("## {title}\n");
    let Some(start) = text.find(&heading) else { return text.to_owned() };
    let end = text[start + 3..].find("\n## ").map_or(text.len(), |at| start + 3 + at + 1);
    let section = &text[start..end];
    let new = match section.find(&fence) {
        Some(at) => {
            let body = at + fence.len();
            let close = section[body..].find("```").map_or(section.len(), |close| body + close);
            format!("{}{actual}{}", &section[..body], &section[close..])
        }
        None => format!(
            "{}\n\n{fence}{actual}```\n{}",
            section.trim_end(),
            if end < text.len() { "\n" } else { "" }
        ),
    };
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// Every page has its parts, and its examples do what they say: the first fires, the second does not.
#[test]
fn the_pages_are_complete_and_their_examples_are_true() {
    let mut failures = String::new();
    for rule in RULES {
        let doc = rule.page();
        let mut wanted = vec!["## Why it matters"];
        if !is_internal(rule) {
            wanted.extend(["## Example", "## Use instead", "## Source"]);
        }
        for heading in wanted {
            if !doc.contains(&format!("{heading}\n")) {
                writeln!(failures, "{}: no section {heading}", rule.name).expect("a string");
            }
        }
        if rule.summary().is_empty() {
            writeln!(failures, "{}: no summary", rule.name).expect("a string");
        }
        if is_internal(rule) {
            continue;
        }
        for case in cases(&doc) {
            let fires = match case.title.as_str() {
                "Example" => true,
                "Use instead" => false,
                _ => continue,
            };
            if case.files.is_empty() {
                continue;
            }
            // A rule may be of one dialect only.
            let says = DialectName::ALL.map(|dialect| findings(rule, &case, dialect));
            if says.iter().any(|text| !text.is_empty()) != fires {
                writeln!(failures, "{}: {} says {says:?}", rule.name, case.title).expect("a string");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The levels that the header of a page names are those that the cases of its rule show.
#[test]
fn levels_of_single_cases_are_announced() {
    let mut failures = String::new();
    for rule in RULES.iter().filter(|rule| !is_internal(rule)) {
        let text = fs::read_to_string(test_file(rule)).expect("the tests of the rule");
        let all = cases(&text);
        let mut seen: Vec<&str> = Vec::new();
        for case in &all {
            for (dialect, expected) in &case.expected {
                let lines = expected.lines().filter(|line| !line.starts_with(' '));
                let levels = lines.filter_map(|line| line.split_once(": ")?.1.split(' ').next());
                seen.extend(levels.filter(|level| {
                    let is_level = ["error", "warning", "info"].contains(level);
                    is_level && *level != rule.level(*dialect).name()
                }));
            }
        }
        seen.sort_unstable();
        seen.dedup();
        let mut named: Vec<&str> = rule.also.iter().map(|level| level.name()).collect();
        named.sort_unstable();
        if seen != named {
            writeln!(failures, "{}: cases show {seen:?}, the rule names {named:?}", rule.name)
                .expect("a string");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn names_are_unique_and_well_formed() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two rules share a name");
    for name in &names {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
    }
    for rule in RULES {
        for superseded in rule.supersedes {
            assert!(soalint::rules::find(superseded).is_some(), "{}: {superseded}", rule.name);
        }
        let own = rule.level(DialectName::Documented).max(rule.level(DialectName::Paasta066));
        assert!(rule.strict.is_none_or(|strict| strict > own), "{}: `strict` asks for no more", rule.name);
    }
    let known: Vec<String> = names.iter().map(|name| format!("{name}.md")).collect();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")).expect("tests/rules")
    {
        let name = file.expect("an entry").file_name().into_string().expect("a name");
        assert!(known.contains(&name), "tests/rules/{name} belongs to no rule");
    }
}
