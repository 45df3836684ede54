//! Trees that are valid by the documentation: no errors, and no warnings but those of
//! docs/warnings-on-valid-trees.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use soalint::check::{Outcome, Scope, check};
use soalint::config::Settings;
use soalint::diagnostic::Severity;
use soalint::repo::disk::DiskTree;
use soalint::rules::Env;

use crate::data;

fn checked(root: &Path) -> Outcome {
    let tree = DiskTree::open(root).expect("the tree opens");
    check(&tree, &Scope::Everything, &Env::new(Settings::default()))
}

/// Services in which each rule warns. Fails on errors.
fn warnings(outcome: &Outcome) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut rules: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for d in &outcome.diagnostics {
        assert_ne!(d.severity, Severity::Error, "{}: {}: {}", d.place.file, d.rule.name, d.message);
        rules.entry(d.rule.name).or_default().extend(d.subject.service.clone());
    }
    rules
}

/// Rule and share of each row of the list.
fn listed() -> BTreeMap<String, String> {
    let list = include_str!("../../docs/warnings-on-valid-trees.md");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let mut cells = row.split(" | ");
        let rule = cells.next().expect("a rule").trim_end_matches('`').to_owned();
        let share = cells.next().expect("a share").to_owned();
        assert!(cells.next().is_some_and(|why| why.len() > 20), "{rule}: why?");
        (rule, share)
    })
    .collect()
}

#[test]
fn the_vendored_tree_has_the_listed_warnings() {
    let outcome = checked(&data::unpacked("generated-tree"));
    assert_eq!(outcome.services, 1000);
    let shares: BTreeMap<String, String> = warnings(&outcome)
        .iter()
        .map(|(rule, services)| ((*rule).to_owned(), format!("{} %", (services.len() + 5) / 10)))
        .collect();
    assert_eq!(shares, listed());
}

#[test]
fn other_generated_trees_have_no_other_findings() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("no python3: other trees were not generated");
        return;
    }
    let listed = listed();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for seed in ["2", "3", "4"] {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{seed}"));
        let made = Command::new("python3")
            .arg(repository.join("benches/gen_corpus.py"))
            .args(["--services", "300", "--seed", seed, "--out"])
            .arg(&root)
            .output()
            .expect("the generator runs");
        assert!(made.status.success(), "{made:?}");
        for rule in warnings(&checked(&root)).keys() {
            assert!(listed.contains_key(*rule), "{rule} warns on seed {seed} and is not listed");
        }
    }
}
