//! One mistake at a time in valid services: the right rule finds it, at the right characters, and
//! nothing else is said. The mistakes stand in tests/recorded/faults.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use rayon::prelude::*;
use regex::Regex;
use soalint::check::{Scope, check};
use soalint::config::Settings;
use soalint::diagnostic::Diagnostic;
use soalint::repo::memory::MemoryTree;
use soalint::rules::Env;

use crate::data;

/// Services of the generated tree to look at; those without findings get the faults.
const SERVICES: usize = 130;
/// Places that each fault is tried at.
const PLACES: usize = 2;

type Files = BTreeMap<String, String>;

/// A row of the table.
#[derive(Debug)]
struct Fault {
    rule: String,
    /// Kind of file, or its whole name.
    file: String,
    /// Keys that the entry must have.
    with: Vec<String>,
    /// Keys that it must not have.
    without: Vec<String>,
    changes: Vec<Change>,
    /// The characters that the finding points at; none for a whole file.
    marked: Option<String>,
}

#[derive(Debug)]
enum Change {
    /// Writes an entry of the mapping, in place of an old one.
    Set(String),
    /// Removes an entry of the mapping.
    Drop(String),
    /// Gives an entry of the mapping another key.
    RenameKey(String, String),
    /// Replaces the first such text of the file.
    Replace(String, String),
    /// Adds lines to the end of the file.
    Append(String),
    /// Adds a file to the service.
    AddFile(String, String),
    /// Gives the file another name.
    RenameFile(String),
}

fn faults() -> Vec<Fault> {
    let rows = include_str!("faults.md").lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [rule, place, change, marked] = cells[..] else { panic!("four cells: {row}") };
        let mut fault = Fault {
            rule: rule.trim_matches('`').to_owned(),
            file: String::new(),
            with: Vec::new(),
            without: Vec::new(),
            changes: changes(change),
            marked: spans(marked).into_iter().next(),
        };
        let mut list = None;
        for word in place.split([' ', ',']).filter(|word| !word.is_empty()) {
            match (word, &mut list) {
                ("with", _) => list = Some(&mut fault.with),
                ("without", _) => list = Some(&mut fault.without),
                (key, Some(list)) => list.push(key.to_owned()),
                (file, None) => fault.file = file.to_owned(),
            }
        }
        fault
    })
    .collect()
}

/// The texts in backticks.
fn spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(|text| text.replace("\\n", "\n").replace("\\t", "\t")).collect()
}

fn changes(cell: &str) -> Vec<Change> {
    let mut words = cell.split('`').step_by(2).map(str::trim);
    let texts = spans(cell);
    let mut texts = texts.into_iter();
    let mut changes = Vec::new();
    while let Some(text) = texts.next() {
        let word = words.next().unwrap().trim_start_matches([',', ';']).trim();
        let mut second = || {
            words.next();
            texts.next().expect("a second text")
        };
        changes.push(match word {
            "set" => Change::Set(text),
            "drop" => Change::Drop(text),
            "rename" => Change::RenameKey(text, second()),
            "replace" => Change::Replace(text, second()),
            "append" => Change::Append(text),
            "file" => Change::AddFile(text, second()),
            "as" => Change::RenameFile(text),
            other => panic!("no change `{other}` in {cell}"),
        });
    }
    changes
}

/// A mapping in block style: the lines of one instance, namespace or whole file.
#[derive(Clone, Debug)]
struct Block {
    /// First and past-the-end line of the body.
    lines: (usize, usize),
    indent: String,
}

impl Block {
    /// The mappings of a file that stand alone: without anchors, aliases and merges.
    fn all(text: &str, is_flat: bool) -> Vec<Block> {
        let lines: Vec<&str> = text.lines().collect();
        if is_flat {
            let start = lines.iter().position(|line| *line == "---").map_or(0, |at| at + 1);
            return vec![Block { lines: (start, lines.len()), indent: String::new() }];
        }
        let header = Regex::new(r"^[a-z0-9_-]+:$").unwrap();
        let mut blocks = Vec::new();
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| header.is_match(line)) {
            let inside = |line: &&&str| line.starts_with(' ') || line.is_empty() || line.starts_with('#');
            let count = lines[at + 1..].iter().take_while(inside).count();
            let body = &lines[at + 1..=at + count];
            let Some(first) = body.iter().find(|line| line.starts_with(' ') && !line.trim().starts_with('#'))
            else {
                continue;
            };
            let indent: String = first.chars().take_while(|c| *c == ' ').collect();
            if body.iter().all(|line| !line.contains(['&', '*'])) {
                blocks.push(Block { lines: (at + 1, at + 1 + count), indent });
            }
        }
        blocks
    }

    /// Lines of the entry of that key.
    fn entry(&self, lines: &[String], key: &str) -> Option<(usize, usize)> {
        let key = Regex::new(&format!(r#"^{}["']?{}["']?:(\s|$)"#, self.indent, regex::escape(key))).unwrap();
        let start = (self.lines.0..self.lines.1.min(lines.len())).find(|at| key.is_match(&lines[*at]))?;
        let deeper = format!("{} ", self.indent);
        let item = format!("{}- ", self.indent);
        let more = lines[start + 1..self.lines.1.min(lines.len())]
            .iter()
            .take_while(|line| line.starts_with(&deeper) || line.starts_with(&item))
            .count();
        Some((start, start + 1 + more))
    }
}

/// A place for a fault: file of a service, and mapping in it.
#[derive(Clone, Debug)]
struct Site {
    path: String,
    /// Instance or namespace.
    name: String,
    block: Block,
}

fn sites(fault: &Fault, files: &Files) -> Vec<Site> {
    let mut found = Vec::new();
    let mut services = BTreeSet::new();
    for (path, text) in files {
        let (service, name) = path.split_once('/').unwrap();
        let is_kind = name == format!("{}.yaml", fault.file) || name.starts_with(&format!("{}-", fault.file));
        if !is_kind || services.contains(service) {
            continue;
        }
        let is_flat = matches!(fault.file.as_str(), "monitoring" | "service" | "deploy");
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let suits = |block: &Block| {
            let has = |key: &String| match key.strip_prefix("TEXT:") {
                Some(wanted) => lines[block.lines.0..block.lines.1].iter().any(|line| line.contains(wanted)),
                None => block.entry(&lines, key).is_some(),
            };
            fault.with.iter().all(has) && !fault.without.iter().any(has)
        };
        if let Some(block) = Block::all(text, is_flat).into_iter().find(suits) {
            services.insert(service);
            let header = block.lines.0.checked_sub(1).map_or("", |at| lines[at].trim_end_matches(':'));
            found.push(Site { path: path.clone(), name: header.to_owned(), block });
        }
        if found.len() == PLACES {
            break;
        }
    }
    found
}

/// What stands for `{service}`, `{other}`, `{port}`, `{group}` in a change or a marked text.
fn filled(text: &str, site: &Site, files: &Files) -> String {
    let service = site.path.split('/').next().unwrap();
    let others = || files.iter().filter(|(path, _)| path.split('/').next() != Some(service));
    let port = Regex::new(r"proxy_port: (\d+)").unwrap();
    let taken =
        || others().find_map(|(_, text)| Some(port.captures(text)?[1].to_owned())).unwrap_or_default();
    let other = || others().next().unwrap().0.split('/').next().unwrap().to_owned();
    let file = site.path.split('/').nth(1).unwrap();
    let cluster = file.split_once('-').map_or("", |(_, rest)| rest.trim_end_matches(".yaml"));
    let text = text.replace("{cluster}", cluster).replace("{instance}", &site.name);
    text.replace("{service}", service).replace("{port}", &taken()).replace("{other}", &other())
}

/// The files with the fault, and the path of the file that has it.
fn broken(fault: &Fault, site: &Site, files: &Files) -> (Files, String) {
    let mut files = files.clone();
    let mut path = site.path.clone();
    let mut block = site.block.clone();
    for change in &fault.changes {
        let mut lines: Vec<String> = files[&path].lines().map(str::to_owned).collect();
        let fill = |text: &str| filled(text, site, &files);
        match change {
            Change::Set(entry) => {
                let entry = fill(entry);
                let key = entry.split(':').next().unwrap();
                let (start, end) = block.entry(&lines, key).unwrap_or((block.lines.0, block.lines.0));
                let new: Vec<String> = entry.lines().map(|line| format!("{}{line}", block.indent)).collect();
                block.lines.1 = block.lines.1 + new.len() - (end - start);
                lines.splice(start..end, new);
            }
            Change::Drop(key) => {
                let (start, end) = block.entry(&lines, key).expect("the key");
                block.lines.1 -= end - start;
                lines.drain(start..end);
            }
            Change::RenameKey(key, other) => {
                let (start, _) = block.entry(&lines, key).expect("the key");
                lines[start] = lines[start].replacen(key.as_str(), other, 1);
            }
            Change::Replace(old, new) => {
                let text = lines.join("\n");
                assert!(text.contains(old.as_str()), "no `{old}` in {path}");
                lines = text.replacen(old.as_str(), &fill(new), 1).lines().map(str::to_owned).collect();
            }
            Change::Append(text) => lines.extend(fill(text).lines().map(str::to_owned)),
            Change::AddFile(name, text) => {
                let (name, text) = (fill(name), fill(text));
                files.insert(format!("{}/{name}", path.split('/').next().unwrap()), format!("{text}\n"));
            }
            Change::RenameFile(name) => {
                let text = files.remove(&path).unwrap();
                let cluster = path.rsplit('-').next().unwrap_or("").trim_end_matches(".yaml").to_owned();
                let name = name.replace("{cluster}", &cluster);
                path = format!("{}/{name}", path.split('/').next().unwrap());
                files.insert(path.clone(), text);
                continue;
            }
        }
        files.insert(path.clone(), lines.join("\n") + "\n");
    }
    (files, path)
}

fn findings(files: &Files, service: Option<&str>) -> Vec<Diagnostic> {
    let tree = MemoryTree::new(files.iter().map(|(path, text)| (path, text.as_bytes())));
    let scope = match service {
        Some(service) => Scope::Services(BTreeSet::from([service.to_owned()])),
        None => Scope::Everything,
    };
    check(&tree, &scope, &Env::new(Settings::default())).diagnostics
}

/// Services of the generated tree in which nothing is found.
fn valid_services() -> Files {
    let tree = data::unpacked("generated-tree");
    let mut files = Files::new();
    let mut services = BTreeSet::new();
    let mut directories: Vec<_> = fs::read_dir(tree).unwrap().map(|entry| entry.unwrap().path()).collect();
    directories.sort();
    for directory in directories.into_iter().filter(|path| path.is_dir()).take(SERVICES) {
        let service = directory.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(&directory).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().to_string_lossy().into_owned();
            files.insert(format!("{service}/{name}"), fs::read_to_string(file.path()).unwrap());
        }
        services.insert(service);
    }
    loop {
        let bad: BTreeSet<String> = findings(&files, None)
            .into_iter()
            .map(|d| d.place.file.split('/').next().unwrap().to_owned())
            .collect();
        if bad.is_empty() {
            break;
        }
        files.retain(|path, _| !bad.contains(path.split('/').next().unwrap()));
    }
    let kept: BTreeSet<String> =
        files.keys().map(|path| path.split('/').next().unwrap().to_owned()).collect();
    assert!(kept.len() >= SERVICES / 5, "only {} services are without findings", kept.len());
    files
}

/// What is wrong with the findings on one fault at one place; nothing if they are right.
fn verdict(fault: &Fault, site: &Site, files: &Files) -> Option<String> {
    let (with_fault, path) = broken(fault, site, files);
    let service = path.split('/').next().unwrap();
    let found = findings(&with_fault, None);
    let shown = |all: &[Diagnostic]| {
        all.iter().fold(String::new(), |mut text, d| {
            let _ = write!(
                text,
                "\n    {} {}: {}: `{}`: {}",
                d.severity,
                d.place.file,
                d.rule.name,
                d.place.text(),
                d.message
            );
            text
        })
    };
    let marked = fault.marked.as_ref().map(|text| filled(text, site, files));
    let is_right = |d: &Diagnostic| {
        d.rule.name == fault.rule
            && marked.as_ref().map_or(d.place.span.is_none(), |text| d.place.text() == text)
    };
    // What several services share is said in each of them.
    let is_elsewhere = |d: &Diagnostic| d.rule.name == fault.rule && !d.place.file.starts_with(service);
    let here: Vec<&Diagnostic> = found.iter().filter(|d| !is_elsewhere(d)).collect();
    if !matches!(&here[..], [only] if is_right(only)) {
        return Some(format!("{} by {:?} in {path}:{}", fault.rule, fault.changes, shown(&found)));
    }
    let alone = findings(&with_fault, Some(service));
    if alone.len() != here.len() {
        return Some(format!("{} by {:?}: {service} alone has{}", fault.rule, fault.changes, shown(&alone)));
    }
    None
}

#[test]
fn every_fault_is_found_by_its_rule_and_no_other() {
    let files = valid_services();
    let faults = faults();
    let problems: Vec<String> = faults
        .par_iter()
        .flat_map_iter(|fault| {
            let sites = sites(fault, &files);
            let nowhere = sites.is_empty().then(|| format!("no place for {fault:?}"));
            let wrong: Vec<String> = sites.iter().filter_map(|site| verdict(fault, site, &files)).collect();
            nowhere.into_iter().chain(wrong)
        })
        .collect();
    println!("{} faults", faults.len());
    assert!(problems.is_empty(), "{} of {} faults:\n{}", problems.len(), faults.len(), problems.join("\n"));
}
