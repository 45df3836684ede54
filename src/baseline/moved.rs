//! Which entry of a baseline a finding is: its own, or that of a file which is gone, and whose place the
//! finding's file has taken.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, can_be_recorded};
use crate::findings::Each;
use crate::repo::{TreeSource, Wanted};

/// Findings and files that are held against each other at most: about half a second. What would take longer
/// is not carried over, and so reported.
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

impl<'e> Moved<'e, '_> {
    /// Gives entries of files that are gone to the findings of these indexes.
    fn carry(&mut self, new: &[usize], source: &dyn TreeSource) {
        let rule = |index: &usize| self.findings.get(*index).map(|finding| finding.rule().name);
        let rules: BTreeSet<&str> = new.iter().filter_map(rule).collect();
        let mut presence = Presence { source, services: BTreeMap::new() };
        let mut gone: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for fingerprint in self.left.keys() {
            let Some(entry) = self.entries.get(*fingerprint) else { continue };
            if rules.contains(entry.rule.as_str()) && !presence.of(&entry.file) {
                *gone.entry((&entry.rule, &entry.file)).or_default() += 1;
            }
        }
        // A directory that was renamed first, in which the names of files are the same: else two of its files
        // with equal findings could not be told apart.
        for is_same_name in [true, false] {
            let candidates = self.candidates(new, &gone, is_same_name);
            for (fingerprint, indexes) in candidates {
                let file = |index: &usize| self.findings.get(*index).map(|finding| &**finding.file());
                // If several files could be the one, none is.
                if indexes.iter().map(file).collect::<BTreeSet<_>>().len() != 1 {
                    continue;
                }
                for index in indexes {
                    if let Some(found) = self.found.get_mut(index)
                        && take(&mut self.left, fingerprint)
                    {
                        *found = Some(fingerprint);
                    }
                }
            }
        }
    }

    /// The findings that an entry could stand for if its file were called as theirs.
    fn candidates(
        &self,
        new: &[usize],
        gone: &BTreeMap<(&str, &str), usize>,
        is_same_name: bool,
    ) -> BTreeMap<&'e str, Vec<usize>> {
        let mut candidates: BTreeMap<&'e str, Vec<usize>> = BTreeMap::new();
        let mut pairs = 0;
        for index in new {
            let (Some(finding), Some(None)) = (self.findings.get(*index), self.found.get(*index)) else {
                continue;
            };
            let rule = finding.rule().name;
            let of_rule = gone.range((rule, "")..).take_while(|((other, _), _)| *other == rule);
            for ((_, file), _) in of_rule {
                if is_same_name && name_of(file) != name_of(finding.file()) {
                    continue;
                }
                pairs += 1;
                if pairs > MOST_PAIRS {
                    return BTreeMap::new();
                }
                // Of those that are counted only, nobody knows what they would be called elsewhere.
                let Some(fingerprint) = finding.in_words().map(|finding| finding.fingerprint_in(file)) else {
                    continue;
                };
                if let Some((known, _)) = self.left.get_key_value(fingerprint.as_str()) {
                    candidates.entry(known).or_default().push(*index);
                }
            }
        }
        candidates
    }
}

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
