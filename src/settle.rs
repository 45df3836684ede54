//! One cause, one finding: which findings of a run are left out because another says it better.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diagnostic::{Diagnostic, Related, Severity};
use crate::dialect::DialectName;
use crate::findings::{self, Each};
use crate::rules::Level;
use crate::source::Span;

/// Sorts the findings, drops those that another rule supersedes, and joins those that say the same
/// of the same characters (a default in service.yaml is wrong for every instance). Says of what is
/// an error in the other dialect only why it is none here.
pub(crate) fn settle(diagnostics: &mut Vec<Diagnostic>, dialect: DialectName) {
    diagnostics.sort_by(Diagnostic::order);
    // Nothing of one file is said better in another.
    for mut file in findings::by_file(std::mem::take(diagnostics)) {
        drop_superseded(&mut file);
        join_misspelt(&mut file);
        join_repeated(&mut file);
        diagnostics.append(&mut file);
    }
    if dialect == DialectName::Documented {
        diagnostics.iter_mut().filter(|diagnostic| is_error_for_paasta(diagnostic)).for_each(explain_level);
    }
}

/// Whether only the dialect makes it less than an error: neither the case itself nor the user does.
fn is_error_for_paasta(diagnostic: &Diagnostic) -> bool {
    let rule = diagnostic.rule;
    rule.level(DialectName::Paasta066) == Level::Error
        && !diagnostic.is_rest()
        && diagnostic.finding.severity.is_none()
        && rule.level(DialectName::Documented).severity() == Some(diagnostic.severity)
        && rule.level(DialectName::Documented) < Level::Error
}

/// The reason speaks of what is refused, or never runs; readers ask why that is a warning.
fn explain_level(diagnostic: &mut Diagnostic) {
    const DIALECT: &str =
        "PaaSTA's documentation does not rule it out, so it is an error with `--dialect paasta-0.66` only";
    let why = &mut diagnostic.finding.why;
    *why = if why.is_empty() { DIALECT.into() } else { format!("{why}; {DIALECT}").into() };
}

/// Drops each finding of a file that another rule says better. What is graver stays, with the other one beside
/// it: no words are so good that an error may go for them.
fn drop_superseded(diagnostics: &mut Vec<Diagnostic>) {
    if diagnostics.iter().all(|diagnostic| diagnostic.rule.supersedes.is_empty()) {
        return;
    }
    let all = findings::in_order(diagnostics);
    let mut dropped = vec![false; all.len()];
    let mut beside: Vec<(usize, Related)> = Vec::new();
    for ((number, found), better) in all.iter().zip(better_ones(&all)) {
        let Some((at_better, better)) = better.and_then(|at| all.get(at)) else { continue };
        let is_graver = found.severity() > better.severity();
        if is_graver && let Some(better) = better.in_words() {
            beside.push((*number, Related { place: better.place.clone(), message: better.message.clone() }));
        }
        if let Some(dropped) = dropped.get_mut(if is_graver { *at_better } else { *number }) {
            *dropped = true;
        }
    }
    drop(all);
    beside.sort_by_key(|(number, _)| *number);
    let mut beside = beside.into_iter().peekable();
    let mut number = 0;
    diagnostics.retain_mut(|diagnostic| {
        let (first, after) = (number, number + diagnostic.number());
        number = after;
        while let Some((_, related)) = beside.next_if(|(at, _)| *at < after) {
            if !diagnostic.is_rest() {
                diagnostic.finding.related.push(related);
            }
        }
        let mut dropped = dropped.iter().skip(first);
        diagnostic.retain_each(|_| dropped.next() != Some(&true))
    });
}

/// For each finding of a file, in the order of the text, the one of another rule that says it better.
fn better_ones(all: &[(usize, Each<'_>)]) -> Vec<Option<usize>> {
    let mut exact: HashMap<(Span, &str), usize> = HashMap::new();
    let mut covering: Vec<(Span, &[&str], usize)> = Vec::new();
    for (at, (_, each)) in all.iter().enumerate() {
        let names = each.rule().supersedes;
        let span = each.span().unwrap_or_default();
        exact.extend(names.iter().map(|name| ((span, *name), at)));
        if let Some(span) = each.covers().filter(|_| !names.is_empty()) {
            covering.push((span, names, at));
        }
    }
    covering.sort_unstable();
    let mut covering = covering.into_iter().peekable();
    // For each superseded rule, how far the covers that began so far reach, and whose that is.
    let mut reach: BTreeMap<&str, (u32, usize)> = BTreeMap::new();
    let better = all.iter().map(|(_, each)| {
        let span = each.span().unwrap_or_default();
        while let Some((cover, names, at)) = covering.next_if(|(cover, ..)| cover.start <= span.start) {
            for name in names {
                let farthest = reach.entry(name).or_default();
                *farthest = (cover.end, at).max(*farthest);
            }
        }
        let name = each.rule().name;
        let covers = reach.get(name).filter(|(end, _)| span.end <= *end).map(|(_, at)| *at);
        exact.get(&(span, name)).copied().or(covers)
    });
    better.collect()
}

/// A key is missing because it is misspelt: keeps the graver of the two findings, or the one at the
/// misspelt key.
fn join_misspelt(diagnostics: &mut Vec<Diagnostic>) {
    let misspelt = diagnostics.iter().enumerate().filter_map(|(at, diagnostic)| {
        let instance = diagnostic.each().next()?.instance();
        Some(((instance, diagnostic.meant?), at))
    });
    let misspelt: HashMap<(u32, &str), usize> = misspelt.collect();
    if misspelt.is_empty() {
        return;
    }
    let causes: Vec<Option<usize>> = diagnostics
        .iter()
        .flat_map(Diagnostic::each)
        .map(|each| each.absent().iter().find_map(|name| misspelt.get(&(each.instance(), *name))).copied())
        .collect();
    let mut needless: BTreeSet<usize> = BTreeSet::new();
    let mut added: Vec<(usize, usize)> = Vec::new();
    let severities: Vec<Severity> = diagnostics.iter().map(|diagnostic| diagnostic.severity).collect();
    let mut causes = causes.into_iter();
    for (at, diagnostic) in diagnostics.iter_mut().enumerate() {
        let is_left = diagnostic.retain_each(|each| {
            let Some(cause) = causes.next().flatten() else { return true };
            if severities.get(cause).is_some_and(|severity| *severity >= each.severity()) {
                return false;
            }
            needless.insert(cause);
            added.push((at, cause));
            true
        });
        if !is_left {
            needless.insert(at);
        }
    }
    for (at, cause) in added {
        let Some(found) = diagnostics.get(cause) else { continue };
        let related = Related { place: found.place.clone(), message: found.label.clone() };
        if let Some(diagnostic) = diagnostics.get_mut(at).filter(|diagnostic| !diagnostic.is_rest()) {
            diagnostic.finding.related.push(related);
        }
    }
    remove(diagnostics, &needless);
}

/// Keeps the first of findings of one rule with the same words at the same characters, which is the gravest; the
/// places that belong to the others are added to it.
fn join_repeated(diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(&str, Span, String), usize> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut start = 0;
    for diagnostic in std::mem::take(diagnostics) {
        let span = diagnostic.place.span.unwrap_or_default();
        if start != span.start {
            first.clear();
            start = span.start;
        }
        if diagnostic.is_rest() {
            kept.push(diagnostic);
            continue;
        }
        let key = (diagnostic.rule.name, span, diagnostic.message.clone());
        if let Some(first) = first.get(&key).copied().and_then(|at| kept.get_mut(at)) {
            first.finding.join(diagnostic.finding);
        } else {
            first.insert(key, kept.len());
            kept.push(diagnostic);
        }
    }
    *diagnostics = kept;
    join_traces(diagnostics);
}

/// The same for findings that are not kept in words.
fn join_traces(diagnostics: &mut Vec<Diagnostic>) {
    type Same = (&'static str, Span, u32, Severity);
    let same = |each: Each<'_>| -> Same {
        (each.rule().name, each.span().unwrap_or_default(), each.message(), each.severity())
    };
    let many: BTreeSet<&str> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_rest())
        .map(|diagnostic| diagnostic.rule.name)
        .collect();
    if many.is_empty() {
        return;
    }
    let mut known: HashMap<Same, Option<usize>> = HashMap::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if many.contains(diagnostic.rule.name) && !diagnostic.is_rest() {
            known.extend(diagnostic.each().map(|each| (same(each), Some(at))));
        }
    }
    let (mut joined, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for (at, diagnostic) in diagnostics.iter_mut().enumerate().filter(|(_, diagnostic)| diagnostic.is_rest())
    {
        let is_left = diagnostic.retain_each(|each| match known.entry(same(each)) {
            Entry::Vacant(place) => {
                place.insert(None);
                true
            }
            Entry::Occupied(place) => {
                joined.extend(*place.get());
                false
            }
        });
        if !is_left {
            gone.insert(at);
        }
    }
    // Whom a trace was about is not known any more.
    for at in joined {
        if let Some(diagnostic) = diagnostics.get_mut(at) {
            diagnostic.finding.concern_all();
        }
    }
    remove(diagnostics, &gone);
}

fn remove(diagnostics: &mut Vec<Diagnostic>, indexes: &BTreeSet<usize>) {
    let mut index = 0;
    diagnostics.retain(|_| {
        index += 1;
        !indexes.contains(&(index - 1))
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Finding, Place};
    use crate::rules::{Check, Rule};
    use crate::source::SourceText;

    static PLAIN: Rule = Rule { name: "plain", check: Check::Reader, ..Rule::DEFAULT };
    static BETTER: Rule = Rule { name: "better", supersedes: &["plain"], ..Rule::DEFAULT };

    fn at(rule: &'static Rule, file: &str, start: u32, end: u32, message: &str) -> Diagnostic {
        let source = Arc::new(SourceText::new(" ".repeat(100)));
        let place = Place::span(&Arc::from(file), &source, Span::new(start, end));
        Diagnostic { rule, severity: Severity::Error, finding: Finding::new(place, message) }
    }

    fn covering(mut diagnostic: Diagnostic, start: u32, end: u32) -> Diagnostic {
        diagnostic.finding = diagnostic.finding.covers(Span::new(start, end));
        diagnostic
    }

    fn settled(mut diagnostics: Vec<Diagnostic>) -> Vec<(String, &'static str, u32)> {
        settle(&mut diagnostics, DialectName::Documented);
        let shown =
            |d: &Diagnostic| (d.place.file.to_string(), d.rule.name, d.place.span.unwrap_or_default().start);
        diagnostics.iter().map(shown).collect()
    }

    #[test]
    fn the_same_characters_are_superseded() {
        let found = settled(vec![
            at(&PLAIN, "a", 5, 9, "x"),
            at(&BETTER, "a", 5, 9, "y"),
            at(&PLAIN, "a", 5, 8, "x"),
            at(&PLAIN, "b", 5, 9, "x"),
        ]);
        assert_eq!(found, [("a".into(), "plain", 5), ("a".into(), "better", 5), ("b".into(), "plain", 5)]);
    }

    #[test]
    fn what_is_graver_is_not_superseded() {
        let mild = |mut diagnostic: Diagnostic| {
            diagnostic.severity = Severity::Warning;
            diagnostic
        };
        let mut found = vec![
            at(&PLAIN, "a", 5, 9, "no such name"),
            mild(at(&BETTER, "a", 5, 9, "ends with a blank")),
            mild(covering(at(&BETTER, "b", 1, 2, "y"), 1, 9)),
            at(&PLAIN, "b", 3, 4, "x"),
            mild(at(&PLAIN, "b", 5, 6, "x")),
        ];
        settle(&mut found, DialectName::Documented);
        let shown: Vec<_> = found.iter().map(|d| (&*d.place.file, d.rule.name, d.severity)).collect();
        assert_eq!(shown, [("a", "plain", Severity::Error), ("b", "plain", Severity::Error)]);
        let beside: Vec<&str> = found.iter().flat_map(|d| &d.related).map(|r| r.message.as_str()).collect();
        assert_eq!(beside, ["ends with a blank", "y"]);
    }

    #[test]
    fn of_the_same_words_the_gravest_finding_stays() {
        let mut warning = at(&PLAIN, "a", 5, 9, "x");
        warning.severity = Severity::Warning;
        warning.finding = warning.finding.instance("a");
        let error = at(&PLAIN, "a", 5, 9, "x");
        let mut found = vec![warning, Diagnostic { finding: error.finding.instance("j"), ..error }];
        settle(&mut found, DialectName::Documented);
        let shown: Vec<_> = found.iter().map(|d| (d.severity, d.subject.instance.as_deref())).collect();
        assert_eq!(shown, [(Severity::Error, Some("j"))]);
        assert_eq!(
            found.iter().flat_map(|d| &d.also).map(|a| a.instance.as_str()).collect::<Vec<_>>(),
            ["a"]
        );
    }

    #[test]
    fn a_cover_reaches_to_its_end_and_no_further() {
        let found = settled(vec![
            covering(at(&BETTER, "a", 20, 24, "y"), 10, 30),
            covering(at(&BETTER, "a", 12, 13, "y"), 12, 14),
            at(&PLAIN, "a", 9, 12, "before"),
            at(&PLAIN, "a", 10, 12, "in"),
            at(&PLAIN, "a", 25, 30, "in"),
            at(&PLAIN, "a", 25, 31, "across"),
            at(&PLAIN, "b", 12, 13, "elsewhere"),
            covering(at(&BETTER, "c", 50, 60, "y"), 50, 60),
            at(&PLAIN, "d", 55, 56, "elsewhere"),
        ]);
        let plain: Vec<_> = found.iter().filter(|(_, rule, _)| *rule == "plain").collect();
        assert_eq!(
            plain,
            [
                &("a".to_owned(), "plain", 9),
                &("a".to_owned(), "plain", 25),
                &("b".to_owned(), "plain", 12),
                &("d".to_owned(), "plain", 55)
            ]
        );
    }

    #[test]
    fn a_misspelt_key_and_its_absence_are_one_finding() {
        let about = |rule, start, severity, instance: &str| {
            let mut diagnostic = at(rule, "a", start, start + 1, "x");
            diagnostic.finding = diagnostic.finding.instance(instance);
            diagnostic.severity = severity;
            diagnostic
        };
        let misspelt = |start, severity, instance: &str| {
            let mut diagnostic = about(&PLAIN, start, severity, instance);
            diagnostic.finding = diagnostic.finding.meant("key").label("did you mean `key`?");
            diagnostic
        };
        let absent = |start, severity, instance: &str, keys: &[&'static str]| {
            let mut diagnostic = about(&BETTER, start, severity, instance);
            diagnostic.finding = diagnostic.finding.absent(keys);
            diagnostic
        };
        let (error, warning) = (Severity::Error, Severity::Warning);
        let mut diagnostics = vec![
            misspelt(10, error, "i"),
            absent(20, error, "i", &["other", "key"]),
            absent(21, error, "i", &["other"]),
            absent(22, error, "k", &["key"]),
            misspelt(30, warning, "j"),
            absent(40, error, "j", &["key"]),
        ];
        settle(&mut diagnostics, DialectName::Documented);
        let shown: Vec<_> =
            diagnostics.iter().map(|d| (d.place.span.unwrap_or_default().start, d.related.len())).collect();
        assert_eq!(shown, [(10, 0), (21, 0), (22, 0), (40, 1)]);
        let related = diagnostics.last().and_then(|d| d.related.first());
        assert_eq!(related.map(|r| r.message.as_str()), Some("did you mean `key`?"));
    }

    #[test]
    fn what_is_said_twice_is_said_once_with_both_places() {
        let with = |file: &str| {
            let mut diagnostic = at(&PLAIN, "a", 1, 2, "same");
            diagnostic.finding = diagnostic.finding.related(Place::whole(file), "used here");
            diagnostic
        };
        let mut diagnostics = vec![with("x"), at(&PLAIN, "a", 1, 2, "other"), with("y"), with("x")];
        settle(&mut diagnostics, DialectName::Documented);
        let shown: Vec<_> = diagnostics.iter().map(|d| (d.message.as_str(), d.related.len())).collect();
        assert_eq!(shown, [("other", 0), ("same", 2)]);
    }

    #[test]
    fn a_warning_says_that_the_other_dialect_has_an_error() {
        static COMPAT: Rule = Rule {
            name: "compat",
            level: Level::Warning,
            except: &[(DialectName::Paasta066, Level::Error)],
            check: Check::Reader,
            ..Rule::DEFAULT
        };
        let whys = |severity, own: Option<Severity>, dialect| {
            let mut diagnostic = at(&COMPAT, "a", 1, 2, "x");
            diagnostic.finding = diagnostic.finding.why("it is refused");
            diagnostic.finding.severity = own;
            diagnostic.severity = severity;
            let mut diagnostics = vec![diagnostic];
            settle(&mut diagnostics, dialect);
            diagnostics.first().map(|d| d.why.to_string()).unwrap_or_default()
        };
        let (documented, paasta) = (DialectName::Documented, DialectName::Paasta066);
        assert!(
            whys(Severity::Warning, None, documented).starts_with("it is refused; PaaSTA's documentation ")
        );
        // In the other dialect, made an error by the user, a warning in either.
        assert_eq!(whys(Severity::Error, None, paasta), "it is refused");
        assert_eq!(whys(Severity::Error, None, documented), "it is refused");
        assert_eq!(whys(Severity::Warning, Some(Severity::Warning), documented), "it is refused");
    }
}
