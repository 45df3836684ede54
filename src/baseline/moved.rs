//! Which entry of a baseline a finding is: its own, or that of a file which is gone, and whose place the
//! finding's file has taken.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, can_be_recorded, message_of};
use crate::findings::Each;
use crate::repo::{TreeSource, Wanted};

/// Findings and entries of earlier versions that are held against each other at most: about half a second. What
/// would take longer is not carried over, and so reported.
const MOST_PAIRS: usize = 1_000_000;

/// The fingerprint of its entry for each finding that is recorded.
pub(super) fn entries_of<'e>(
    entries: &'e BTreeMap<String, Entry>,
    findings: &[Each<'_>],
    source: &dyn TreeSource,
) -> Vec<Option<&'e str>> {
    let mut left: BTreeMap<&str, usize> =
        entries.iter().map(|(fingerprint, entry)| (fingerprint.as_str(), entry.count)).collect();
    let mut found = Vec::with_capacity(findings.len());
    for finding in findings {
        let own = (!left.is_empty() && can_be_recorded(*finding)).then(|| finding.fingerprint());
        let own = own.and_then(|fingerprint| Some(entries.get_key_value(&fingerprint)?.0.as_str()));
        let own = own.filter(|fingerprint| take(&mut left, fingerprint));
        found.push(own);
    }
    let new: Vec<usize> = found
        .iter()
        .zip(findings)
        .enumerate()
        .filter(|(_, (own, finding))| own.is_none() && can_be_recorded(**finding))
        .map(|(index, _)| index)
        .collect();
    if !new.is_empty() {
        left.retain(|_, count| *count > 0);
        Moved { entries, findings, left, found: &mut found }.carry(&new, source);
    }
    found
}

/// Takes one of the equal findings that an entry records, if there is one left.
fn take(left: &mut BTreeMap<&str, usize>, fingerprint: &str) -> bool {
    match left.get_mut(fingerprint) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

struct Moved<'e, 'f> {
    entries: &'e BTreeMap<String, Entry>,
    findings: &'f [Each<'f>],
    /// How many findings each entry still stands for.
    left: BTreeMap<&'e str, usize>,
    found: &'f mut Vec<Option<&'e str>>,
}

impl<'e, 'f> Moved<'e, 'f> {
    /// Gives entries of files that are gone to the findings of these indexes.
    fn carry(&mut self, new: &[usize], source: &dyn TreeSource) {
        let rule = |index: &usize| self.findings.get(*index).map(|finding| finding.rule().name);
        let rules: BTreeSet<&str> = new.iter().filter_map(rule).collect();
        let mut presence = Presence { source, services: BTreeMap::new() };
        let gone: Vec<(&'e str, &'e Entry)> = self
            .left
            .keys()
            .filter_map(|fingerprint| Some((*fingerprint, self.entries.get(*fingerprint)?)))
            .filter(|(_, entry)| rules.contains(entry.rule.as_str()) && !presence.of(&entry.file))
            .collect();
        for (entries, indexes) in self.equal(new, &gone) {
            let left: usize = entries.iter().filter_map(|(fingerprint, _)| self.left.get(*fingerprint)).sum();
            // Which of more findings than were recorded is new, nobody knows.
            if left < indexes.len() {
                continue;
            }
            // A directory that was renamed first, in which the names of files are the same: else two of its files
            // with equal findings could not be told apart.
            let mut by_name: BTreeMap<_, (Vec<&str>, Vec<usize>)> = BTreeMap::new();
            for (fingerprint, file) in &entries {
                by_name.entry(name_of(file)).or_default().0.push(*fingerprint);
            }
            for index in &indexes {
                by_name.entry(self.file(*index).and_then(name_of)).or_default().1.push(*index);
            }
            for (fingerprints, indexes) in by_name.values() {
                self.give(fingerprints, indexes);
            }
            let fingerprints: Vec<&str> = entries.iter().map(|(fingerprint, _)| *fingerprint).collect();
            let is_new = |index: &usize| self.found.get(*index) == Some(&None);
            let indexes: Vec<usize> = indexes.into_iter().filter(is_new).collect();
            self.give(&fingerprints, &indexes);
        }
    }

    fn file(&self, index: usize) -> Option<&'f str> {
        self.findings.get(index).map(|finding| &**finding.file())
    }

    /// Gives equal findings to the first of the entries that stands for as many; if several files could be the one
    /// that moved, none is.
    fn give(&mut self, entries: &[&'e str], indexes: &[usize]) {
        if indexes.iter().map(|index| self.file(*index)).collect::<BTreeSet<_>>().len() != 1 {
            return;
        }
        let stands_for = |entry: &&&str| self.left.get(**entry).is_some_and(|left| *left >= indexes.len());
        let Some(entry) = entries.iter().find(stands_for) else { return };
        for index in indexes {
            if let Some(found) = self.found.get_mut(*index)
                && take(&mut self.left, entry)
            {
                *found = Some(entry);
            }
        }
    }

    /// Entries that differ in nothing but their file, with the findings of equal rule, path and value.
    fn equal(&self, new: &[usize], gone: &[(&'e str, &'e Entry)]) -> Vec<Equal<'e>> {
        let mut equal: BTreeMap<&str, Equal<'e>> = BTreeMap::new();
        // Entries of earlier versions are told apart by what they say.
        let mut alike: BTreeMap<(&str, &str), Vec<(&'e str, &'e str)>> = BTreeMap::new();
        for (fingerprint, entry) in gone {
            let own = (*fingerprint, entry.file.as_str());
            match &entry.moved {
                Some(moved) => equal.entry(moved).or_default().0.push(own),
                None => alike.entry((&entry.rule, &entry.message)).or_default().push(own),
            }
        }
        let mut of_entry: BTreeMap<(&'e str, &'e str), Vec<usize>> = BTreeMap::new();
        let mut pairs = 0;
        for index in new {
            // Of those that are counted only, nobody knows what they would be called elsewhere.
            let Some(diagnostic) = self.findings.get(*index).and_then(|finding| finding.in_words()) else {
                continue;
            };
            if let Some((_, indexes)) = equal.get_mut(diagnostic.elsewhere().as_str()) {
                indexes.push(*index);
            }
            if alike.is_empty() {
                continue;
            }
            let message = message_of(diagnostic);
            for own in alike.get(&(diagnostic.rule.name, message.as_str())).into_iter().flatten() {
                pairs += 1;
                if pairs > MOST_PAIRS {
                    return Vec::new();
                }
                if diagnostic.fingerprint_in(own.1) == own.0 {
                    of_entry.entry(*own).or_default().push(*index);
                }
            }
        }
        let mut old: BTreeMap<Vec<usize>, Vec<(&'e str, &'e str)>> = BTreeMap::new();
        for (entry, indexes) in of_entry {
            old.entry(indexes).or_default().push(entry);
        }
        let old = old.into_iter().map(|(indexes, entries)| (entries, indexes));
        equal.into_values().filter(|(_, indexes)| !indexes.is_empty()).chain(old).collect()
    }
}

/// Fingerprints and files of entries, and the indexes of findings.
type Equal<'e> = (Vec<(&'e str, &'e str)>, Vec<usize>);

/// Name of a file in its service; a directory of a service has the same name as any other.
fn name_of(path: &str) -> Option<&str> {
    path.split_once('/').map(|(_, name)| name)
}

/// Whether files are there, each directory listed once.
struct Presence<'s> {
    source: &'s dyn TreeSource,
    services: BTreeMap<String, Option<BTreeSet<String>>>,
}

impl Presence<'_> {
    fn of(&mut self, path: &str) -> bool {
        let (service, inside) = path.split_once('/').unwrap_or((path, ""));
        let source = self.source;
        let entries = self.services.entry(service.to_owned()).or_insert_with(|| {
            let names = source.service_names();
            let name = names.iter().find(|name| name.text == service)?;
            let listed = source.load(name, &Wanted::Nothing);
            // What nobody could list may well be there.
            let is_unknown = listed.error.is_some();
            let names = listed.entries.into_iter().map(|entry| entry.name);
            Some(if is_unknown { BTreeSet::from([String::new()]) } else { names.collect() })
        });
        match (entries, inside.split('/').next()) {
            (None, _) => inside.is_empty() && source.stray_files().iter().any(|file| file == service),
            (Some(_), None | Some("")) => true,
            (Some(entries), Some(name)) => entries.contains(name) || entries.contains(""),
        }
    }
}
