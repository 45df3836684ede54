//! Findings as they are collected: in bounded memory, whatever a file holds.
//!
//! Of the findings of one rule in one file at most [`MOST`] are kept in words. If there are more, the last of
//! them stands for the rest: it holds a [`Trace`] of each, which is enough to count it, to settle it with
//! others and to know it again in another run. So nothing but the words is lost: whoever counts, takes away or
//! compares findings asks for [`Diagnostic::each`].

use std::collections::HashMap;
use std::ptr;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Finding, Place, Severity};
use crate::rules::Active;
use crate::source::Span;

mod trace;

pub use trace::{Each, Trace};

/// Findings of one rule in one file that are kept in words. More of them are no list that anybody works through.
pub const MOST: usize = 1_000;

impl Diagnostic {
    /// The finding, or each of those that it stands for.
    pub fn each(&self) -> impl Iterator<Item = Each<'_>> {
        let traces = self.finding.rest.as_deref();
        let own = traces.is_none().then_some(Each { diagnostic: self, trace: None });
        let rest = traces.into_iter().flatten();
        own.into_iter().chain(rest.map(|trace| Each { diagnostic: self, trace: Some(trace) }))
    }

    /// How many findings it stands for.
    pub fn number(&self) -> usize {
        self.finding.rest.as_ref().map_or(1, Vec::len)
    }

    /// Whether it stands for several findings that are not described.
    pub const fn is_rest(&self) -> bool {
        self.finding.rest.is_some()
    }

    /// Takes away those for which `keep` does not hold. Returns whether any is left.
    pub(crate) fn retain_each(&mut self, mut keep: impl FnMut(Each<'_>) -> bool) -> bool {
        let Some(mut rest) = self.finding.rest.take() else {
            return keep(Each { diagnostic: self, trace: None });
        };
        let before = rest.len();
        rest.retain(|trace| keep(Each { diagnostic: self, trace: Some(trace) }));
        let is_same = rest.len() == before;
        self.finding.rest = Some(rest);
        if !is_same {
            self.retell();
        }
        self.number() > 0
    }

    /// What is left without those for which `goes` holds, and these.
    pub(crate) fn divide(self, mut goes: impl FnMut(Each<'_>) -> bool) -> (Option<Self>, Option<Self>) {
        if !self.is_rest() {
            let goes = goes(Each { diagnostic: &self, trace: None });
            return if goes { (None, Some(self)) } else { (Some(self), None) };
        }
        let going: Vec<bool> = self.each().map(goes).collect();
        match (going.contains(&false), going.contains(&true)) {
            (true, false) => (Some(self), None),
            (false, _) => (None, Some(self)),
            (true, true) => {
                let mut left = self;
                let traces = left.finding.rest.take().unwrap_or_default();
                let mut gone = left.clone();
                let (mut old, mut new) = (Vec::new(), Vec::new());
                for (trace, goes) in traces.into_iter().zip(going) {
                    if goes { &mut old } else { &mut new }.push(trace);
                }
                (left.finding.rest, gone.finding.rest) = (Some(new), Some(old));
                left.retell();
                gone.retell();
                (Some(left), Some(gone))
            }
        }
    }

    /// Gives each the severity that `active` has for it; false if nobody wants any.
    pub(crate) fn regrade(&mut self, active: Active) -> bool {
        let Some(rest) = &mut self.finding.rest else {
            let severity = active.severity(&self.finding);
            self.severity = severity.unwrap_or(self.severity);
            return severity.is_some();
        };
        rest.retain_mut(|trace| {
            let severity = active.grade(trace.own, trace.strict);
            trace.severity = severity.unwrap_or(trace.severity);
            severity.is_some()
        });
        self.retell();
        self.number() > 0
    }

    /// One that stands for others like `diagnostic`.
    fn rest_like(diagnostic: &Diagnostic) -> Self {
        let place = Place { span: None, ..diagnostic.place.clone() };
        let mut finding = Finding::new(place, String::new())
            .why("soalint describes at most 1000 findings of one rule in a file and counts the others")
            .help("repair what is described first; then check again")
            .identity("rest");
        finding.subject.service.clone_from(&diagnostic.subject.service);
        finding.subject.cluster =
            diagnostic.subject.cluster.clone().filter(|_| !diagnostic.subject.is_inherited);
        finding.rest = Some(Vec::new());
        Self { rule: diagnostic.rule, severity: diagnostic.severity, finding }
    }

    fn stand_for(&mut self, mut diagnostic: Diagnostic) {
        if self.subject.cluster != diagnostic.subject.cluster {
            self.finding.subject.cluster = None;
        }
        match (&mut self.finding.rest, diagnostic.finding.rest.take()) {
            (Some(rest), Some(more)) if rest.is_empty() => *rest = more,
            (Some(rest), Some(more)) => rest.extend(more),
            (Some(rest), None) => rest.push(Trace::of(&diagnostic)),
            (None, _) => {}
        }
    }

    /// Says how many it stands for, at the first of them.
    fn retell(&mut self) {
        let Some(rest) = &mut self.finding.rest else { return };
        rest.sort_by_key(|trace| trace.span);
        rest.shrink_to_fit();
        self.severity = rest.iter().map(|trace| trace.severity).max().unwrap_or(self.severity);
        self.finding.place.span = rest.first().and_then(Trace::span);
        self.finding.message = format!("and {} more like it in this file", rest.len());
        let label = if rest.len() > 1 { "the first of them" } else { "here" };
        label.clone_into(&mut self.finding.label);
    }
}

/// Findings in the order in which they were found.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Diagnostic>,
    most: usize,
    groups: HashMap<(usize, Arc<str>), Group>,
    /// How many of the list are counted in `groups`: none, until there can be too many.
    grouped: usize,
}

/// The findings of one rule in one file.
#[derive(Debug, Default)]
struct Group {
    /// Where they are in the list.
    members: Vec<usize>,
    /// That which stands for others.
    rest: Option<usize>,
    /// The first member at each place with the same words.
    same: Option<HashMap<Same, usize>>,
}

/// What findings have in common that [`crate::settle`] makes one of.
type Same = (Span, u32, Severity, Option<Severity>, Option<Severity>);

fn same(diagnostic: &Diagnostic) -> Same {
    let each = Each { diagnostic, trace: None };
    let finding = &diagnostic.finding;
    (each.span().unwrap_or_default(), each.message(), diagnostic.severity, finding.severity, finding.strict)
}

impl Findings {
    /// None yet; of one rule in one file at most so many in words.
    pub fn new(most: usize) -> Self {
        Self { list: Vec::new(), most: most.max(1), groups: HashMap::new(), grouped: 0 }
    }

    /// Adds a finding. Returns where it is among those that are in words, if it is.
    pub fn add(&mut self, diagnostic: Diagnostic) -> Option<usize> {
        let next = self.list.len();
        if next < self.most && !diagnostic.is_rest() {
            self.list.push(diagnostic);
            return Some(next);
        }
        self.group_all();
        let key = (ptr::from_ref(diagnostic.rule).addr(), Arc::clone(&diagnostic.place.file));
        let group = self.groups.entry(key.clone()).or_default();
        if group.members.len() < self.most && group.rest.is_none() && !diagnostic.is_rest() {
            group.members.push(next);
            self.grouped = next + 1;
            self.list.push(diagnostic);
            return Some(next);
        }
        if group.same.is_none() {
            let mut known = HashMap::new();
            for at in &group.members {
                if let Some(member) = self.list.get(*at) {
                    known.entry(same(member)).or_insert(*at);
                }
            }
            group.same = Some(known);
        }
        let known = group.same.get_or_insert_default();
        // What many instances inherit is one mistake.
        if !diagnostic.is_rest()
            && let Some(at) = known.get(&same(&diagnostic)).copied()
            && let Some(first) = self.list.get_mut(at)
        {
            first.finding.join(diagnostic.finding);
            return Some(at);
        }
        let at = if let Some(at) = group.rest { at } else { self.make_rest(&key, &diagnostic) };
        if let Some(rest) = self.list.get_mut(at) {
            rest.stand_for(diagnostic);
        }
        None
    }

    /// Makes place for one that stands for others like `diagnostic`: that of the last one in words, if there are as
    /// many as there may be.
    fn make_rest(&mut self, key: &(usize, Arc<str>), diagnostic: &Diagnostic) -> usize {
        let mut rest = Diagnostic::rest_like(diagnostic);
        let next = self.list.len();
        let Some(group) = self.groups.get_mut(key) else { return next };
        let last = if group.members.len() < self.most { None } else { group.members.pop() };
        let Some((at, place)) = last.and_then(|at| Some((at, self.list.get_mut(at)?))) else {
            rest.finding.place.span = diagnostic.place.span;
            self.list.push(rest);
            (self.grouped, group.rest) = (next + 1, Some(next));
            return next;
        };
        group.rest = Some(at);
        let last = std::mem::replace(place, rest);
        let known = group.same.get_or_insert_default();
        let first = known.get(&same(&last)).copied();
        if first == Some(at) {
            known.remove(&same(&last));
            place.stand_for(last);
        } else if let Some(first) = first.and_then(|first| self.list.get_mut(first)) {
            first.finding.join(last.finding);
        }
        at
    }

    fn group_all(&mut self) {
        for (at, diagnostic) in self.list.iter().enumerate().skip(self.grouped) {
            let key = (ptr::from_ref(diagnostic.rule).addr(), Arc::clone(&diagnostic.place.file));
            let group = self.groups.entry(key).or_default();
            if diagnostic.is_rest() {
                group.rest = Some(at);
            } else {
                group.members.push(at);
            }
        }
        self.grouped = self.list.len();
    }

    /// Adds all of `others`.
    pub fn append(&mut self, others: Findings) {
        if self.list.is_empty() {
            *self = others;
            return;
        }
        self.extend(others.list);
    }

    /// The findings so far, as [`Diagnostic::each`] takes them apart.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }

    /// One that was added.
    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut Diagnostic> {
        self.list.get_mut(at)
    }

    /// All of them; those that stand for others say so.
    pub fn into_list(mut self) -> Vec<Diagnostic> {
        self.list.iter_mut().for_each(Diagnostic::retell);
        self.list
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, others: I) {
        for diagnostic in others {
            self.add(diagnostic);
        }
    }
}

/// Every finding of `diagnostics` with its number, in the order of file and position.
pub(crate) fn in_order(diagnostics: &[Diagnostic]) -> Vec<(usize, Each<'_>)> {
    let mut all: Vec<(usize, Each<'_>)> = diagnostics.iter().flat_map(Diagnostic::each).enumerate().collect();
    if diagnostics.iter().any(Diagnostic::is_rest) {
        all.sort_by_key(|(_, each)| (&**each.file(), each.span().unwrap_or_default()));
    }
    all
}

/// Sorted findings, file by file.
pub(crate) fn by_file(sorted: Vec<Diagnostic>) -> Vec<Vec<Diagnostic>> {
    let mut files: Vec<Vec<Diagnostic>> = Vec::new();
    for diagnostic in sorted {
        match files.last_mut() {
            Some(file) if file.first().is_some_and(|first| first.place.file == diagnostic.place.file) => {
                file.push(diagnostic);
            }
            _ => files.push(vec![diagnostic]),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;
    use crate::source::SourceText;

    static RULE: Rule = Rule { name: "plain", ..Rule::DEFAULT };

    fn at(file: &str, start: u32, message: &str) -> Diagnostic {
        let source = Arc::new(SourceText::new(" ".repeat(100)));
        let place = Place::span(&Arc::from(file), &source, Span::new(start, start + 1));
        Diagnostic { rule: &RULE, severity: Severity::Error, finding: Finding::new(place, message) }
    }

    /// There can be millions of them in two trees, which is to stay below 500 MB.
    #[test]
    fn a_trace_is_small() {
        assert!(size_of::<Trace>() <= 48);
    }

    fn shown(list: &[Diagnostic]) -> Vec<(String, usize)> {
        list.iter().map(|diagnostic| (diagnostic.message.clone(), diagnostic.number())).collect()
    }

    #[test]
    fn the_last_one_stands_for_the_rest_of_its_file() {
        let mut findings = Findings::new(2);
        findings.extend([at("a", 1, "x"), at("b", 1, "x"), at("a", 2, "y")]);
        assert!(findings.as_slice().iter().all(|diagnostic| !diagnostic.is_rest()));
        findings.extend([at("a", 4, "z"), at("a", 3, "w"), at("b", 2, "x")]);
        let list = findings.into_list();
        let rest = "and 3 more like it in this file".to_owned();
        let x = || "x".to_owned();
        assert_eq!(shown(&list), [(x(), 1), (x(), 1), (rest, 3), (x(), 1)]);
        let starts = in_order(&list)
            .into_iter()
            .map(|(_, each)| (&**each.file(), each.span().unwrap_or_default().start));
        assert_eq!(starts.collect::<Vec<_>>(), [("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 1), ("b", 2)]);
    }

    #[test]
    fn what_was_said_is_said_of_others_too() {
        let mut findings = Findings::new(1);
        let of = |instance: &str| {
            let mut diagnostic = at("a", 1, "x");
            diagnostic.finding = diagnostic.finding.instance(instance);
            diagnostic
        };
        findings.extend([of("i"), of("j"), of("k")]);
        let list = findings.into_list();
        let also: Vec<&str> =
            list.iter().flat_map(|d| &d.also).map(|other| other.instance.as_str()).collect();
        assert_eq!((shown(&list), also), (vec![("x".to_owned(), 1)], vec!["j", "k"]));
    }

    #[test]
    fn parts_of_it_can_be_taken_away() {
        let mut findings = Findings::new(1);
        findings.extend((0..5).map(|start| at("a", start, &format!("m{start}"))));
        let mut list = findings.into_list();
        let rest = list.pop().filter(Diagnostic::is_rest);
        let odd = |each: Each<'_>| each.span().is_some_and(|span| span.start % 2 == 1);
        let (left, gone) = rest.map_or((None, None), |rest| rest.divide(odd));
        let start = |part: &Option<Diagnostic>| {
            part.as_ref().map(|d| (d.number(), d.place.span.map(|span| span.start)))
        };
        assert_eq!((start(&left), start(&gone)), (Some((3, Some(0))), Some((2, Some(1)))));
        let fingerprints: Vec<String> =
            gone.iter().flat_map(Diagnostic::each).map(Each::fingerprint).collect();
        assert_eq!(fingerprints, [1, 3].map(|start| at("a", start, "").fingerprint()));
    }
}
