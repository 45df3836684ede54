//! The baseline as a user meets it, and fingerprints that survive edits elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::program::{code, run, stderr, stdout, tree};
use proptest::prelude::*;
use soalint::check::{Scope, check};
use soalint::config::Settings;
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

const TWO: &str = "a:\n  cmd: x\n  args: [y]\nb:\n  cmd: x\n  args: [y]\n";
const FILE: &str = ".soalint-baseline.json";

fn tree_with_baseline(name: &str, text: &str) -> std::path::PathBuf {
    let files = [(".soalint.yaml", "baseline: .soalint-baseline.json\n"), ("web/marathon-prod.yaml", text)];
    let root = tree(name, &files);
    let output = run(&root, &["baseline", "write"]);
    assert_ne!(code(&output), 2, "{}", stderr(&output));
    root
}

fn check_rules(root: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let output = run(root, &[&["check", "--output-format", "json"], arguments].concat());
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let rules = report["diagnostics"].as_array().expect("a list").iter();
    let rules = rules.map(|d| d["rule"].as_str().expect("a name").to_owned()).collect();
    (code(&output), rules, report["summary"]["suppressed"].to_string())
}

#[test]
fn what_is_recorded_is_not_reported() {
    let root = tree_with_baseline("baseline", TWO);
    let written = fs::read_to_string(root.join(FILE)).expect("a baseline");
    assert_eq!(code(&run(&root, &["baseline", "write"])), 0);
    assert_eq!(fs::read_to_string(root.join(FILE)).expect("a baseline"), written, "the same for the same");
    let report: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    let entries = report["findings"].as_object().expect("a mapping");
    assert!(entries.values().any(|e| e["rule"] == "cmd-and-args" && e["file"] == "web/marathon-prod.yaml"));
    let (exit, rules, suppressed) = check_rules(&root, &[]);
    assert_eq!((exit, rules, suppressed), (0, Vec::new(), entries.len().to_string()));
    let said = stdout(&run(&root, &["check"]));
    assert!(said.contains(&format!("({} in the baseline)", entries.len())), "{said}");
    // A new mistake of the same kind is reported, and nothing else.
    let new = format!("# moved\n\n{TWO}c:\n  cmd: x\n  args: [y]\n");
    fs::write(root.join("web/marathon-prod.yaml"), new).expect("a file");
    let (exit, rules, _) = check_rules(&root, &["--only", "cmd-and-args"]);
    assert_eq!((exit, rules), (1, vec!["cmd-and-args".to_owned()]));
    // What is compiled does not depend on it.
    assert_eq!(code(&run(&root, &["emit", "marathon", "--cluster", "prod"])), 1);
}

#[test]
fn what_is_gone_is_said_and_pruned() {
    let root = tree_with_baseline("stale", TWO);
    let repaired = TWO.replacen("  args: [y]\n", "", 1);
    fs::write(root.join("web/marathon-prod.yaml"), &repaired).expect("a file");
    let (exit, rules, _) = check_rules(&root, &[]);
    assert_eq!((exit, rules.as_slice()), (0, &["baseline-stale".to_owned()][..]));
    let output = run(&root, &["check", "--output-format", "concise", "-q"]);
    assert!(stdout(&output).starts_with(".soalint-baseline.json:"), "{}", stdout(&output));
    assert!(stdout(&output).contains("a finding of the baseline is gone"), "{}", stdout(&output));
    // Without the rule, and for another service, nobody knows.
    assert_eq!(check_rules(&root, &["--only", "cmd-empty,baseline-stale"]).1, [""; 0]);
    fs::create_dir(root.join("api")).expect("a directory");
    assert!(!check_rules(&root, &["api"]).1.contains(&"baseline-stale".to_owned()));
    fs::remove_dir(root.join("api")).expect("a directory");
    let output = run(&root, &["baseline", "check"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).starts_with("web/marathon-prod.yaml: gone[cmd-and-args]"), "{}", stdout(&output));
    let output = run(&root, &["baseline", "prune"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).starts_with("Removed 1 finding from"), "{}", stdout(&output));
    assert_eq!(check_rules(&root, &[]).1, [""; 0]);
    assert_eq!(code(&run(&root, &["baseline", "check"])), 0);
    // What was left is still recorded.
    fs::write(root.join("web/marathon-prod.yaml"), TWO).expect("a file");
    assert_eq!(check_rules(&root, &["--only", "cmd-and-args"]).1, ["cmd-and-args"]);
}

#[test]
fn equal_findings_are_counted() {
    let one = "main:\n  cmd: x\n  constraints: [[hostname, UNIQE]]\n";
    let two = "main:\n  cmd: x\n  constraints: [[hostname, UNIQE], [hostname, UNIQE]]\n";
    let root = tree_with_baseline("counted", one);
    let own = |rules: Vec<String>| rules.into_iter().filter(|rule| rule == "constraint-operator").count();
    assert_eq!(own(check_rules(&root, &[]).1), 0);
    fs::write(root.join("web/marathon-prod.yaml"), two).expect("a file");
    assert_eq!(own(check_rules(&root, &[]).1), 1);
    assert_eq!(code(&run(&root, &["baseline", "write"])), 0);
    assert_eq!(own(check_rules(&root, &[]).1), 0);
    fs::write(root.join("web/marathon-prod.yaml"), one).expect("a file");
    assert_eq!(check_rules(&root, &[]).1, ["baseline-stale"]);
}

#[test]
fn what_cannot_be_read_is_not_recorded() {
    let root = tree_with_baseline("unreadable", "main: [\n");
    let output = run(&root, &["baseline", "write"]);
    assert!(stderr(&output).contains("1 finding cannot be recorded"), "{}", stderr(&output));
    let named = "`web/marathon-prod.yaml` cannot be read: `soalint check` says why";
    assert!(stderr(&output).contains(named), "{}", stderr(&output));
    assert_eq!(code(&output), 1, "what was not read is not part of it");
    let (exit, rules, _) = check_rules(&root, &[]);
    assert_eq!((exit, rules), (1, vec!["yaml-syntax".to_owned()]));
}

#[test]
fn a_baseline_that_cannot_be_used_is_exit_2() {
    let marathon = ("web/marathon-prod.yaml", TWO);
    let cases = [
        ("missing", "baseline: none.json\n", None),
        ("form", "baseline: b.json\n", Some("{\"version\": 1}")),
        ("version", "baseline: b.json\n", Some("{\"version\": 2, \"findings\": {}}")),
        ("outside", "baseline: ../b.json\n", None),
        ("absolute", "baseline: /etc/passwd\n", None),
        ("directory", "baseline: web\n", None),
    ];
    for (name, config, baseline) in cases {
        let mut files = vec![(".soalint.yaml", config), marathon];
        files.extend(baseline.map(|text| ("b.json", text)));
        let root = tree(&format!("bad-{name}"), &files);
        let output = run(&root, &["check"]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{name}");
        assert_ne!(code(&run(&root, &["check", "--isolated"])), 2, "{name}");
        // Only `check` needs it.
        let emitted = code(&run(&root, &["emit", "marathon", "--cluster", "prod"]));
        assert_eq!(emitted == 2, matches!(name, "outside" | "absolute"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_tree() {
    let outside = tree("link-target", &[("b.json", "{\"version\": 1, \"findings\": {}}")]);
    let config = (".soalint.yaml", "baseline: b.json\n");
    let root = tree("link", &[config, ("web/marathon-prod.yaml", TWO)]);
    std::os::unix::fs::symlink(outside.join("b.json"), root.join("b.json")).expect("a link");
    for arguments in [&["check"][..], &["baseline", "write"], &["baseline", "prune"]] {
        let output = run(&root, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains("link that leaves the tree"), "{}", stderr(&output));
    }
    let named = outside.join("b.json");
    let named = named.to_str().expect("a path");
    assert_eq!(code(&run(&root, &["check", "--exit-zero", "--baseline", named])), 0, "but one may name it");
}

/// What is reported of a tree with a baseline, once its files are replaced by others.
fn after_moving(name: &str, before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let config = (".soalint.yaml", "baseline: .soalint-baseline.json\n");
    let root = tree(&format!("moved-{name}"), &[&[config], before].concat());
    assert_ne!(code(&run(&root, &["baseline", "write"])), 2);
    let written = fs::read_to_string(root.join(FILE)).expect("a baseline");
    let mut entries: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    for entry in entries["findings"].as_object_mut().expect("a mapping").values_mut() {
        let moved = entry.as_object_mut().expect("a mapping").remove("moved").expect("a number");
        assert_eq!(moved.as_str().map(str::len), Some(16));
    }
    let found = |baseline: &str| {
        let root = tree(&format!("moved-{name}-after"), &[&[config, (FILE, baseline)], after].concat());
        let output = run(&root, &["check", "--output-format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let rows = report["diagnostics"].as_array().expect("a list").iter();
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        rows.filter(|row| row["rule"] != "baseline-stale")
            .map(|row| text(&row["file"]) + " " + &text(&row["rule"]))
            .collect::<Vec<_>>()
    };
    let new = found(&written);
    // A baseline of an earlier version.
    assert_eq!(found(&entries.to_string()), new, "{name}");
    new
}

#[test]
fn an_entry_of_a_file_that_is_gone_counts_for_the_only_finding_of_equal_value() {
    let many = "main:\n  cpus: many\n";
    let lots = "main:\n  cpus: lots\n";
    let two = "main:\n  constraints: [[hostname, UNIQE], [hostname, UNIQE]]\n";
    let one = "main:\n  constraints: [[hostname, UNIQE]]\n";
    let old = |text| [("web/marathon-prod.yaml", text)];
    let of = |name: &str, before: &[(&str, &str)], after: &[(&str, &str)]| {
        let mut found = after_moving(name, before, after);
        found.retain(|line| ["type-mismatch", "constraint-operator"].iter().any(|rule| line.ends_with(rule)));
        found
    };
    assert_eq!(of("file", &old(many), &[("web/marathon-test.yaml", many)]), [""; 0]);
    assert_eq!(of("directory", &old(many), &[("shop/marathon-prod.yaml", many)]), [""; 0]);
    assert_eq!(of("counted", &old(two), &[("web/marathon-test.yaml", two)]), [""; 0]);
    let other = of("value", &old(many), &[("web/marathon-test.yaml", lots)]);
    assert_eq!(other, ["web/marathon-test.yaml type-mismatch"]);
    let another_path = "next:\n  cpus: many\n";
    let other = of("path", &old(many), &[("web/marathon-test.yaml", another_path)]);
    assert_eq!(other, ["web/marathon-test.yaml type-mismatch"]);
    // One of them has the name of the old file.
    let both = [("shop/marathon-prod.yaml", many), ("shop/marathon-test.yaml", many)];
    let expected = ["shop/marathon-prod.yaml type-mismatch", "shop/marathon-test.yaml type-mismatch"];
    assert_eq!(of("two", &old(many), &both), expected);
    let twice = of("twice", &old(one), &[("web/marathon-test.yaml", two)]);
    assert_eq!(twice, ["web/marathon-test.yaml constraint-operator"; 2]);
    // Names are told apart by the others of their directory.
    let from = [("web/marathon-prod.yaml", many), ("web/marathon-test.yaml", many)];
    assert_eq!(of("names", &from, &both), [""; 0]);
}

/// Of a finding about the name of a file no characters of the file are the value.
#[test]
fn an_entry_about_a_name_does_not_count_for_another_name() {
    let fine = "main:\n  cmd: run\n  instances: 1\n  mem: 100\n";
    let of = |name, before: &str, after: &str| {
        let mut found = after_moving(name, &[(before, fine)], &[(after, fine)]);
        found.retain(|line| {
            !line.ends_with("missing-service-yaml") && !line.ends_with("missing-monitoring-yaml")
        });
        found
    };
    let service = of("service", "Web/marathon-prod.yaml", "Shop/marathon-prod.yaml");
    assert_eq!(service, ["Shop service-name-chars"]);
    let cluster = of("cluster", "web/marathon-pr od.yaml", "web/marathon-te st.yaml");
    assert_eq!(cluster, ["web/marathon-te st.yaml cluster-name-chars"]);
    let directory = of("same", "web/marathon-pr od.yaml", "shop/marathon-pr od.yaml");
    assert_eq!(directory, [""; 0]);
}

/// Rule and fingerprint of every finding, with how often they occur.
fn fingerprints(text: &str, defaults: &str) -> BTreeMap<(String, String), usize> {
    let files = [("web/marathon-prod.yaml", text), ("web/service.yaml", defaults)];
    let tree = MemoryTree::new(files.map(|(path, text)| (path, text.as_bytes())));
    let outcome = check(&tree, &Scope::Everything, &Env::new(Settings::default()));
    let mut found = BTreeMap::new();
    for diagnostic in &outcome.diagnostics {
        *found.entry((diagnostic.rule.name.to_owned(), diagnostic.fingerprint())).or_default() += 1;
    }
    found
}

/// Instances with one mistake each, in lines, and lines that change nothing.
const INSTANCES: [&[&str]; 5] = [
    &["b:", "  cmd: x", "  args: [y]"],
    &["c:", "  cpus: many", "  cmd: z"],
    &["d:", "  constraints:", "    - [hostname, UNIQE]", "  unknwn: 1"],
    &["e: &e", "  extra_volumes:", "    - {containerPath: a, hostPath: /b, mode: RO}"],
    &["f:", "  <<: *e", "  mem: -1"],
];
const NOISE: [&str; 4] = ["", "# words", "    # soalint is no comment to it", "      "];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines that mean nothing, further instances, and another layout elsewhere are no new findings.
    #[test]
    fn fingerprints_survive_edits_elsewhere(
        noise in prop::collection::vec((0..20_usize, 0..NOISE.len()), 0..12),
        more in prop::collection::vec("[a-z]{3,8}", 0..4),
        crlf in any::<bool>(),
    ) {
        let lines: Vec<&str> = INSTANCES.iter().flat_map(|lines| lines.iter().copied()).collect();
        let before = fingerprints(&(lines.join("\n") + "\n"), "disk: lots\n");
        let mut edited: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for (at, what) in noise {
            edited.insert(at.min(edited.len()), NOISE[what].to_owned());
        }
        for name in more {
            // They inherit the mistake of service.yaml, come first in every order, and add none.
            edited.insert(0, format!("a{name}: {{cpus:   1}}"));
        }
        let after = fingerprints(&(edited.join(if crlf { "\r\n" } else { "\n" }) + "\n"), "\n\ndisk:   lots # so much\n");
        prop_assert!(before.len() >= 6);
        prop_assert_eq!(before, after);
    }
}
