//! Trees on which soalint once said something else than the real programs (tests/data/truth), run through
//! the program: which errors a check has, and what is emitted.
//!
//! The recorded results of the same trees are compared by the tests of the conformance set.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::support::program;

const DOCUMENTED: &str = "documented";
const PAASTA: &str = "paasta-0.66";

struct Tree {
    root: PathBuf,
    dialect: &'static str,
}

impl Tree {
    fn new(name: &str, dialect: &'static str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/truth").join(name);
        assert!(root.join("expected.json").is_file(), "there is no tree {name}");
        Self { root, dialect }
    }

    /// The recorded time, as `--now` takes it.
    fn now(&self) -> String {
        let text = std::fs::read_to_string(self.root.join("expected.json")).expect("the results");
        let expected: Json = serde_json::from_str(&text).expect("JSON");
        expected["oracle"]["inputs"]["now"].as_str().expect("a time").to_owned()
    }

    /// The rules that find an error, with the file.
    fn errors(&self) -> BTreeSet<String> {
        let output = program::run(
            &self.root,
            &["check", "-d", "soa", "--isolated", "--dialect", self.dialect, "--format", "json"],
        );
        let report: Json = serde_json::from_str(&program::stdout(&output)).expect("JSON");
        let all = report["diagnostics"].as_array().expect("a list").iter();
        let errors = all.filter(|finding| finding["severity"] == "error");
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        errors.map(|finding| format!("{} {}", text(&finding["file"]), text(&finding["rule"]))).collect()
    }

    /// The exit status, what is emitted by name, and what stderr says.
    fn emit(&self, kind: &str, more: &[&str]) -> (i32, BTreeMap<String, Json>, String) {
        let now = self.now();
        let mut arguments = vec!["emit", kind, "-d", "soa", "--isolated", "--dialect", self.dialect, "--now"];
        arguments.extend([now.as_str(), "--format", "json", "--system-config", "system.json"]);
        arguments.extend(["--cluster", "c"]);
        arguments.extend(more);
        let output = program::run(&self.root, &arguments);
        let emitted = serde_json::from_str(&program::stdout(&output)).unwrap_or_default();
        (program::code(&output), emitted, program::stderr(&output))
    }

    fn emitted(&self, kind: &str, more: &[&str]) -> Vec<String> {
        let (status, emitted, stderr) = self.emit(kind, more);
        assert_eq!(status, 0, "{kind}: {stderr}");
        emitted.into_keys().collect()
    }

    /// Nothing of this kind is emitted, and stderr says of whom.
    fn is_withheld(&self, kind: &str, names: &[&str]) {
        let (status, emitted, stderr) = self.emit(kind, &[]);
        let shown = format!("{} {kind}: {stderr}", self.root.display());
        assert_eq!((status, emitted.len()), (1, 0), "{shown}{emitted:?}");
        for name in names {
            assert!(stderr.contains(name), "{shown}");
        }
    }
}

fn set<const N: usize>(items: [&str; N]) -> BTreeSet<String> {
    items.into_iter().map(str::to_owned).collect()
}

#[test]
fn what_libyaml_refuses_takes_the_whole_file() {
    for name in [
        "flow-colon-takes-the-whole-file",
        "json-escape-takes-the-whole-file",
        "timestamp-in-flow-is-no-error",
    ] {
        let tree = Tree::new(name, PAASTA);
        assert_eq!(tree.errors(), set(["svc/marathon-c.yaml yaml-loaders-disagree"]), "{name}");
        for kind in ["marathon", "sensu"] {
            assert_eq!(tree.emit(kind, &[]).1.len(), 0, "{name}");
        }
        // What the documentation promises is another thing: YAML as today's readers take it.
        let tree = Tree::new(name, DOCUMENTED);
        assert_eq!(tree.errors(), set([]), "{name}");
        assert!(!tree.emitted("marathon", &[]).is_empty(), "{name}");
    }
}

#[test]
fn a_local_run_reads_the_files_of_the_other_frameworks_first() {
    for dialect in [DOCUMENTED, PAASTA] {
        let tree = Tree::new("adhoc-beside-a-broken-marathon-file", dialect);
        assert_eq!(tree.errors(), set(["svc/marathon-c.yaml yaml-syntax"]));
        tree.is_withheld("adhoc", &["svc.shell", "marathon-c.yaml"]);
    }
}

#[test]
fn values_that_the_tools_take_are_not_errors() {
    for dialect in [DOCUMENTED, PAASTA] {
        for (name, namespaces) in [("smartstack-null-is-absent", 8), ("smartstack-accepted-types", 6)] {
            let tree = Tree::new(name, dialect);
            assert_eq!(tree.errors(), set([]), "{name}");
            let names: BTreeSet<String> = ["a", "b", "c", "d", "e", "f", "g", "h"]
                .into_iter()
                .take(namespaces)
                .map(|namespace| format!("svc.{namespace}"))
                .collect();
            let (status, emitted, stderr) = tree.emit("synapse", &["--form", "paasta"]);
            assert_eq!(status, 0, "{name}: {stderr}");
            assert_eq!(emitted.into_keys().collect::<BTreeSet<String>>(), names, "{name}");
        }
        for name in ["drain-delay-quoted", "realert-every-quoted"] {
            let tree = Tree::new(name, dialect);
            assert_eq!(tree.errors(), set([]), "{name}");
            for kind in ["marathon", "sensu"] {
                assert_eq!(tree.emitted(kind, &[]), ["svc.main"], "{name}");
            }
        }
    }
}

#[test]
fn schedules_that_croniter_fails_on_have_no_alert() {
    for name in ["cron-list-with-star", "cron-29-february"] {
        Tree::new(name, PAASTA).is_withheld("sensu", &["svc.job", "schedule"]);
        // Chronos runs them all the same.
        assert_eq!(Tree::new(name, PAASTA).emitted("chronos", &[]), ["svc.job"]);
        assert_eq!(Tree::new(name, DOCUMENTED).emitted("sensu", &[]), ["svc.job"]);
    }
    let (status, emitted, stderr) = Tree::new("cron-interval-across-dst", PAASTA).emit("sensu", &[]);
    assert_eq!(status, 0, "{stderr}");
    assert!(emitted["svc.job"].to_string().contains("\"realert_every\":60"), "{emitted:?}");
}

#[test]
fn defaults_of_service_yaml_count_for_what_they_say() {
    let tree = Tree::new("service-yaml-parents", PAASTA);
    assert_eq!(tree.errors(), set(["svc/service.yaml parent-cycle"]));
    tree.is_withheld("chronos", &["svc.job"]);
    for dialect in [DOCUMENTED, PAASTA] {
        let tree = Tree::new("service-yaml-monitoring-null", dialect);
        assert_eq!(tree.errors(), set(["svc/service.yaml monitoring-shape"]));
        tree.is_withheld("sensu", &["svc.main", "svc.other"]);
        assert_eq!(tree.emitted("marathon", &[]), ["svc.main", "svc.other"]);
    }
}
