//! Public configuration files (tests/data/README.md): nothing may fail inside, and a change of
//! what is said about them must show.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use soalint::check::{Scope, check};
use soalint::config::Settings;
use soalint::dialect::DialectName;
use soalint::model::kind::FileKind;
use soalint::repo::disk::DiskTree;
use soalint::rules::Env;
use soalint::yaml::{Budget, parse};

use crate::data;

/// All regular files below `directory`, sorted.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            let kind = path.symlink_metadata().expect("an entry").file_type();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Directories whose subdirectories hold files that PaaSTA would read.
fn roots(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    let is_ours = |path: &&PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| FileKind::from_file_name(name).is_some())
    };
    files.iter().filter(is_ours).filter_map(|path| Some(path.parent()?.parent()?.to_owned())).collect()
}

#[test]
fn every_file_can_be_read_or_refused() {
    let files = files(&data::unpacked("real-corpora"));
    let mut read = 0;
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        read += usize::from(parse(&bytes, &Budget::default()).is_ok());
    }
    println!("{read} of {} files are YAML", files.len());
    assert!(read > 200, "{read}");
}

/// A row of tests/recorded/corpora-verdicts.md.
struct Verdict {
    rule: &'static str,
    message: &'static str,
    reason: &'static str,
    is_used: bool,
}

fn verdicts() -> Vec<Verdict> {
    let rows = include_str!("corpora-verdicts.md").lines().skip_while(|line| !line.starts_with("|---"));
    rows.skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            let [rule, message, reason] = cells[..] else { panic!("three cells: {row}") };
            Verdict { rule, message, reason, is_used: false }
        })
        .collect()
}

#[test]
fn findings_in_public_trees() {
    let base = data::unpacked("real-corpora").join("real-corpora");
    let mut said = String::new();
    let mut verdicts = verdicts();
    for root in roots(&files(&base)) {
        let tree = DiskTree::open(&root).expect("a tree");
        let settings = Settings { dialect: DialectName::Paasta066, ..Settings::default() };
        let outcome = check(&tree, &Scope::Everything, &Env::new(settings));
        assert!(!outcome.internal_error, "{}", root.display());
        let name = root.strip_prefix(&base).expect("a root in the archive");
        writeln!(said, "{}: {} files", name.display(), outcome.files).unwrap();
        for d in &outcome.diagnostics {
            let at = match (&d.place.source, d.place.span) {
                (Some(source), Some(span)) => {
                    let at = source.position(span.start);
                    format!(":{}:{}", at.line, at.column)
                }
                _ => String::new(),
            };
            let why = verdicts.iter_mut().find(|v| v.rule == d.rule.name && d.message.contains(v.message));
            let why = why.unwrap_or_else(|| panic!("no verdict on [{}] {}", d.rule.name, d.message));
            why.is_used = true;
            let place = format!("{}{at}", d.place.file);
            writeln!(said, "  {place}: {} [{}] {}", d.severity, d.rule.name, d.message).unwrap();
            writeln!(said, "      right, because: {}", why.reason).unwrap();
        }
    }
    for verdict in &verdicts {
        assert!(verdict.is_used, "nothing is said of {}: {}", verdict.rule, verdict.message);
    }
    assert!(said.lines().count() < 2000, "{} lines", said.lines().count());
    insta::with_settings!({snapshot_path => "../../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("public-trees", said);
    });
}
