//! What a change brings: the findings of a tree that the tree before it did not have.
//!
//! A finding depends on the files of its service, and, if a rule of the tree made it, on facts of
//! others. So it is enough to check the services that the change touched, before and after, and to run
//! the rules of the tree on the facts of both sides. Services that the change did not touch have the
//! same facts on both: they are read once. If no fact of a touched service changed either, no finding
//! elsewhere can have; then only the facts are read that a check of these services alone reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::other_facts::report_unread;
use super::{By, Checked, Outcome, Run, Scope, Suppressed, check, load_other_facts};
use crate::baseline;
use crate::diagnostic::{Diagnostic, Severity};
use crate::findings::{Each, Findings};
use crate::repo::{Change, Service, ServiceFacts, ServiceName, TreeSource, Wanted};
use crate::rules::Env;
use crate::rules::suppression::baseline_stale;
use crate::suppress::{self, FileIgnores};

/// What is reported of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// What is new.
    New,
    /// Everything in the services that it touches, and what is new in others.
    Touched,
}

/// Two trees, and how the later one differs from the other.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The tree before the change.
    pub before: &'a dyn TreeSource,
    /// The tree after it.
    pub after: &'a dyn TreeSource,
    /// What differs.
    pub change: &'a Change,
}

/// Checks the later tree, and reports of it what `report` says, in the services of `scope`.
pub fn check_against(sides: Sides<'_>, report: Report, scope: &Scope, env: &Env) -> Outcome {
    let new = Comparison { sides, report, scope, env }.new_findings();
    match report {
        Report::New => with_unread(sides.after, &sides.change.touched, scope, env, new),
        Report::Touched => with_touched(sides, scope, env, new),
    }
}

/// The same as [`Report::Touched`] for a change of the configuration or the baseline: the earlier tree is judged by
/// `earlier`, what it had of them, and any service can have something new.
pub fn check_reconfigured(sides: Sides<'_>, scope: &Scope, earlier: &Env, env: &Env) -> Outcome {
    let comparison = Comparison { sides, report: Report::Touched, scope, env };
    let old = check(sides.before, &Scope::Everything, earlier);
    let mut new = comparison.subtract(check(sides.after, &Scope::Everything, env), &old);
    comparison.narrow(&mut new);
    with_touched(sides, scope, env, new)
}

/// Everything in the touched services, and what is `new` in others.
fn with_touched(sides: Sides<'_>, scope: &Scope, env: &Env, new: Outcome) -> Outcome {
    let touched = &sides.change.touched;
    let own = touched.iter().filter(|service| scope.includes(service)).cloned().collect();
    // Word for word what is said of these services without a change: a finding that several could have, such as
    // a circle of jobs, is said of one of those that are checked.
    let mut outcome = check(sides.after, &Scope::Services(own), env);
    let is_elsewhere = |diagnostic: &Diagnostic| match &diagnostic.subject.service {
        Some(service) => !touched.contains(service),
        None => diagnostic.rule.name != baseline_stale::RULE.name,
    };
    outcome.diagnostics.extend(new.diagnostics.into_iter().filter(is_elsewhere));
    outcome.diagnostics.sort_by(Diagnostic::order);
    outcome.suppressed.extend(new.suppressed.into_iter().filter(|other| is_elsewhere(&other.diagnostic)));
    outcome.suppressed.sort_by(|a, b| a.diagnostic.order(&b.diagnostic));
    // These services are among those that were looked at for what is new.
    outcome.files = outcome.files.max(new.files);
    if new.unknown_files.len() > outcome.unknown_files.len() {
        outcome.unknown_files = new.unknown_files;
    }
    outcome.services = outcome.services.max(new.services);
    outcome.internal_error |= new.internal_error;
    outcome
}

/// Adds what cannot be read of the services that the touched ones refer to.
fn with_unread(
    source: &dyn TreeSource,
    touched: &BTreeSet<String>,
    scope: &Scope,
    env: &Env,
    mut outcome: Outcome,
) -> Outcome {
    let run = Run::new(env);
    // What is said of the others is not reported.
    let reported: BTreeSet<String> = touched.iter().filter(|name| scope.includes(name)).cloned().collect();
    let own = |name: &&ServiceName| reported.contains(&name.text);
    let load = |name: &ServiceName| {
        ServiceFacts::of(&Service::parse(source.load(name, &Wanted::Everything), &run.reader), false)
    };
    let facts: Vec<ServiceFacts> = source.service_names().iter().filter(own).map(load).collect();
    let mut unread = Findings::new(env.most_alike);
    report_unread(source, &run, &facts, &reported, &mut unread);
    outcome.diagnostics.extend(unread.into_list());
    outcome.diagnostics.sort_by(Diagnostic::order);
    outcome.diagnostics.dedup_by(|a, b| a.order(b).is_eq());
    outcome
}

struct Comparison<'a> {
    sides: Sides<'a>,
    report: Report,
    scope: &'a Scope,
    env: &'a Env,
}

impl Comparison<'_> {
    /// What the later tree has and the other has not.
    fn new_findings(&self) -> Outcome {
        let touched = &self.sides.change.touched;
        let (mut outcome, shared) = self.of(touched, None);
        // What is new in a service that nobody touched is to be seen with all that is said of that service:
        // its ignores, and what its own rules say better.
        let elsewhere = outcome.diagnostics.iter().filter_map(|d| d.subject.service.clone());
        let mut wider = touched.clone();
        wider.extend(elsewhere);
        if wider.len() > touched.len() {
            (outcome, _) = self.of(&wider, shared);
        }
        self.narrow(&mut outcome);
        outcome
    }

    /// Takes away what is of services outside of the scope.
    fn narrow(&self, outcome: &mut Outcome) {
        let is_in_scope =
            |d: &Diagnostic| d.subject.service.as_deref().is_none_or(|name| self.scope.includes(name));
        outcome.diagnostics.retain(is_in_scope);
        outcome.suppressed.retain(|suppressed| is_in_scope(&suppressed.diagnostic));
    }

    /// Checks the services of `names` on both sides. Gives back the facts of the others, if all of them were
    /// read; `known` are such facts.
    fn of(
        &self,
        names: &BTreeSet<String>,
        known: Option<Vec<ServiceFacts>>,
    ) -> (Outcome, Option<Vec<ServiceFacts>>) {
        let Sides { before, after, .. } = self.sides;
        let run = Run::new(self.env);
        let side = |source| Side::of(&run, source, names, self.scope);
        let (old, mut new) = rayon::join(|| side(before), || side(after));
        let untouched = |name: &&ServiceName| !names.contains(&name.text);
        let others: Vec<&ServiceName> = after.service_names().iter().filter(untouched).collect();
        let is_narrow = old.has_same_facts(&new);
        if is_narrow && self.report == Report::Touched && before.stray_files() == after.stray_files() {
            // Nothing can be new elsewhere.
            return (Outcome::default(), None);
        }
        let shared = if is_narrow {
            let own = new.facts.len();
            if own < after.service_names().len() {
                load_other_facts(after, &run, &mut new.facts);
            }
            new.facts.split_off(own)
        } else if let Some(known) = known {
            known.into_iter().filter(|service| !names.contains(&service.name)).collect()
        } else {
            let load = |name: &&ServiceName| {
                let service = Service::parse(after.load(name, &Wanted::Everything), &run.reader);
                // All of them can have findings now.
                ServiceFacts::of(&service, true)
            };
            others.par_iter().map(load).collect()
        };
        let others: Vec<&str> = others.iter().map(|name| name.text.as_str()).collect();
        let stale = Scope::Services(self.sides.change.touched.clone());
        let (old, shared) = old.conclude(&run, before, &others, &stale, shared);
        let (new, shared) = new.conclude(&run, after, &others, &stale, shared);
        (self.subtract(new, &old), (!is_narrow).then_some(shared))
    }

    /// `new` without the findings that `old` has as well and calls as grave.
    fn subtract(&self, new: Outcome, old: &Outcome) -> Outcome {
        let Sides { after, change, .. } = self.sides;
        let services: BTreeSet<&str> = after.service_names().iter().map(|name| name.text.as_str()).collect();
        // By fingerprint, how many there are of each severity.
        let mut known: HashMap<u64, BTreeMap<Severity, usize>> = HashMap::new();
        for each in old.each() {
            let renamed = change.renamed(each.file(), |name| services.contains(name));
            let fingerprint = match (renamed, each.in_words()) {
                (Some(file), Some(diagnostic)) => diagnostic.fingerprint_bits_in(&file),
                _ => each.fingerprint_bits(),
            };
            *known.entry(fingerprint).or_default().entry(each.severity()).or_default() += 1;
        }
        let mut is_known = |each: Each<'_>| {
            // What could not be read could not be checked, however long that has been so: the change may hide
            // behind it.
            let is_touched = each.service().is_some_and(|service| change.touched.contains(service));
            if is_touched && baseline::hides_the_rest(each) {
                return false;
            }
            let Some(severities) = known.get_mut(&each.fingerprint_bits()) else { return false };
            // The mildest that is as grave: a graver one may be needed for another.
            let mut as_grave = severities.range_mut(each.severity()..).filter(|(_, number)| **number > 0);
            as_grave.next().map(|(_, number)| *number -= 1).is_some()
        };
        let mut outcome = new;
        for diagnostic in std::mem::take(&mut outcome.diagnostics) {
            let (new, old) = diagnostic.divide(&mut is_known);
            outcome.diagnostics.extend(new);
            outcome.suppressed.extend(old.map(|diagnostic| Suppressed { diagnostic, by: By::Base }));
        }
        outcome.suppressed.sort_by(|a, b| a.diagnostic.order(&b.diagnostic));
        // What one side failed to find would seem new, or old.
        outcome.internal_error |= old.internal_error;
        outcome
    }
}

/// One of two trees: the services that the change touched, checked.
struct Side {
    outcome: Outcome,
    facts: Vec<ServiceFacts>,
    ignores: Vec<FileIgnores>,
}

impl Side {
    fn of(run: &Run<'_>, source: &dyn TreeSource, names: &BTreeSet<String>, scope: &Scope) -> Self {
        let names = source.service_names().iter().filter(|name| names.contains(&name.text));
        let names: Vec<&ServiceName> = names.collect();
        let checked: Vec<Checked> =
            names.par_iter().map(|name| run.check_service(source, name, false, ())).collect();
        let mut side = Self { outcome: Outcome::default(), facts: Vec::new(), ignores: Vec::new() };
        for mut service in checked {
            if scope.includes(&service.facts.name) {
                side.outcome.files += service.files;
                side.outcome.unknown_files.append(&mut service.unknown_files);
                side.outcome.services += usize::from(service.is_read);
            }
            side.outcome.diagnostics.append(&mut service.diagnostics);
            side.facts.push(service.facts);
            side.ignores.append(&mut service.ignores);
        }
        side.facts.sort_by(|a, b| a.name.cmp(&b.name));
        side
    }

    /// Whether no rule of the tree can tell the touched services of the two sides apart.
    fn has_same_facts(&self, other: &Side) -> bool {
        self.facts.len() == other.facts.len()
            && self.facts.iter().zip(&other.facts).all(|(own, other)| own.means_the_same_as(other))
    }

    /// Runs the rules of the tree with the facts of all other services, which it gives back.
    fn conclude(
        self,
        run: &Run<'_>,
        source: &dyn TreeSource,
        others: &[&str],
        stale: &Scope,
        mut shared: Vec<ServiceFacts>,
    ) -> (Outcome, Vec<ServiceFacts>) {
        let Self { mut outcome, mut facts, ignores } = self;
        let own: BTreeSet<String> = facts.iter().map(|service| service.name.clone()).collect();
        let mut names: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
        names.extend(own.iter().cloned());
        names.sort();
        facts.append(&mut shared);
        facts.sort_by(|a, b| a.name.cmp(&b.name));
        run.conclude((&names, source.stray_files()), &facts, &mut outcome, &mut ());
        suppress::apply(run.env, &ignores, &mut outcome);
        // Of services that were not checked no entry of the baseline can be said to be stale.
        baseline::apply(run.env, stale, source, &mut outcome);
        facts.retain(|service| !own.contains(&service.name));
        (outcome, facts)
    }
}
