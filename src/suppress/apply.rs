//! Taking away the findings that ignores name.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{By, Outcome, Suppressed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::DialectName;
use crate::findings::{self, Each, Findings};
use crate::rules::{Env, Group};

use super::cover::Cover;
use super::report::{Fate, report};
use super::{FileIgnores, Ignore};

/// Takes away what `files` ask to ignore, and adds what is to be said of the ignores themselves.
pub(crate) fn apply(env: &Env, files: &[FileIgnores], outcome: &mut Outcome) {
    if files.is_empty() {
        return;
    }
    let today = env.settings.today;
    let by_name: BTreeMap<&str, usize> = files.iter().enumerate().map(|(at, f)| (&*f.file, at)).collect();
    let mut matchers: Vec<Matcher<'_>> = files.iter().map(|file| Matcher::new(file, today)).collect();
    let found = std::mem::take(&mut outcome.diagnostics);
    // Matchers need the findings of a file in the order of the text.
    for file in findings::by_file(found) {
        let name = file.first().map_or("", |first| &*first.place.file);
        let Some(matcher) = by_name.get(name).and_then(|at| matchers.get_mut(*at)) else {
            outcome.diagnostics.extend(file);
            continue;
        };
        let mut taken = vec![false; file.iter().map(Diagnostic::number).sum()];
        for (nth, each) in findings::in_order(&file) {
            if let Some(taken) = taken.get_mut(nth) {
                *taken = matcher.takes(each, env.settings.dialect);
            }
        }
        let mut taken = taken.into_iter();
        for diagnostic in file {
            let (left, gone) = diagnostic.divide(|_| taken.next() == Some(true));
            outcome.diagnostics.extend(left);
            outcome.suppressed.extend(gone.map(|diagnostic| Suppressed { diagnostic, by: By::Comment }));
        }
    }
    let mut fates: Vec<Vec<Vec<Fate>>> = matchers.into_iter().map(|matcher| matcher.fates).collect();
    share_between_links(files, &mut fates);
    let mut said = Findings::new(env.most_alike);
    for (file, fates) in files.iter().zip(fates) {
        report(env, file, &fates, outcome.internal_error, &mut said);
    }
    outcome.diagnostics.extend(said.into_list());
    outcome.diagnostics.sort_by(Diagnostic::order);
}

/// What one of several links to a file has use for is of use to all: there is one comment only.
fn share_between_links(files: &[FileIgnores], fates: &mut [Vec<Vec<Fate>>]) {
    let mut by_text: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let service = file.file.split('/').next().unwrap_or_default();
        by_text.entry((service, file.source.text())).or_default().push(at);
    }
    for group in by_text.into_values() {
        if group.len() < 2 || !group.iter().any(|at| files.get(*at).is_some_and(|file| file.is_link)) {
            continue;
        }
        let mut used: BTreeSet<Named> = BTreeSet::new();
        for named in group.iter().filter_map(|at| fates.get(*at)) {
            for (ignore, names) in named.iter().enumerate() {
                let of_use = names.iter().enumerate().filter(|(_, fate)| **fate == Fate::Used);
                used.extend(of_use.map(|(name, _)| (ignore, name)));
            }
        }
        for at in group {
            for (ignore, name) in &used {
                let fate = fates.get_mut(at).and_then(|fates| fates.get_mut(*ignore)?.get_mut(*name));
                if let Some(fate) = fate {
                    *fate = Fate::Used;
                }
            }
        }
    }
}

/// Whether an ignore may take the finding away. What the reader and the shape check call an error stays:
/// what else is said of such a file is of no value (docs/design.md section 10).
pub(crate) fn can_be_ignored(each: Each<'_>, dialect: DialectName) -> bool {
    let is_about_us = matches!(each.rule().group, Group::Suppression | Group::Internal);
    let is_fixed = each.rule().is_fixed(dialect) && each.severity() == Severity::Error;
    !is_about_us && !is_fixed
}

/// A rule that an ignore names: which ignore, which of its names.
type Named = (usize, usize);

/// Finds the ignore of a finding, for findings in the order of the text.
struct Matcher<'a> {
    /// Every name of every ignore that is about a part of the file, by where the part starts; from the
    /// last to the first, so that the next one is at the end.
    parts: Vec<(u32, u32, &'a str, Named)>,
    /// By rule, those that began so far: end of the part, the innermost last.
    open: BTreeMap<&'a str, Vec<(u32, Named)>>,
    /// By rule, the first that is about the whole file.
    whole: BTreeMap<&'a str, Named>,
    /// What became of each name of each ignore.
    fates: Vec<Vec<Fate>>,
}

impl<'a> Matcher<'a> {
    fn new(file: &'a FileIgnores, today: Option<jiff::civil::Date>) -> Self {
        let fates = |ignore: &Ignore| vec![ignore.first_fate(today); ignore.directive.names.len()];
        let mut matcher = Self {
            parts: Vec::new(),
            open: BTreeMap::new(),
            whole: BTreeMap::new(),
            fates: file.ignores.iter().map(fates).collect(),
        };
        for (at, ignore) in file.ignores.iter().enumerate() {
            if ignore.first_fate(today) == Fate::Expired {
                continue;
            }
            for (index, name) in ignore.directive.names.iter().enumerate() {
                match ignore.cover {
                    Cover::File => {
                        matcher.whole.entry(&name.text).or_insert((at, index));
                    }
                    Cover::Part(span) => matcher.parts.push((span.start, span.end, &name.text, (at, index))),
                    Cover::Nothing => {}
                }
            }
        }
        // Of parts with the same start the longer one is the outer one.
        matcher
            .parts
            .sort_by_key(|(start, end, _, named)| std::cmp::Reverse((*start, u32::MAX - end, *named)));
        matcher
    }

    /// Whether an ignore takes the finding away; remembers what the ignore was good for.
    fn takes(&mut self, each: Each<'_>, dialect: DialectName) -> bool {
        let rule = each.rule().name;
        let inner = each.span().and_then(|span| self.innermost(rule, span.start));
        let Some((ignore, name)) = inner.or_else(|| self.whole.get(rule).copied()) else { return false };
        let can_be = can_be_ignored(each, dialect);
        if let Some(fate) = self.fates.get_mut(ignore).and_then(|fates| fates.get_mut(name)) {
            if can_be {
                *fate = Fate::Used;
            } else if *fate != Fate::Used {
                *fate = Fate::Refused;
            }
        }
        can_be
    }

    /// The ignore of `rule` whose part is the innermost around `offset`.
    fn innermost(&mut self, rule: &str, offset: u32) -> Option<Named> {
        while let Some((_, end, name, named)) = self.parts.pop_if(|(start, ..)| *start <= offset) {
            self.open.entry(name).or_default().push((end, named));
        }
        let open = self.open.get_mut(rule)?;
        while open.pop_if(|(end, _)| *end <= offset).is_some() {}
        open.last().map(|(_, named)| *named)
    }
}

impl Ignore {
    /// What is known of the names before any finding was looked at.
    fn first_fate(&self, today: Option<jiff::civil::Date>) -> Fate {
        let is_over = self.directive.until.zip(today).is_some_and(|((until, _), today)| until < today);
        if is_over { Fate::Expired } else { Fate::Unused }
    }
}
