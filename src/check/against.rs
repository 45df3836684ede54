//! What a change brings: the findings of a tree that the tree before it did not have.
//!
//! A finding depends on the files of its service, and, if a rule of the tree made it, on facts of
//! others. So it is enough to check the services that the change touched, before and after, and to run
//! the rules of the tree on the facts of both sides. Services that the change did not touch have the
//! same facts on both: they are read once. If no fact of a touched service changed either, no finding
//! elsewhere can have; then only the facts are read that a check of these services alone reads.

use std::collections::BTreeSet;

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
        Report::New => new,
        Report::Touched => with_touched(sides, scope, env, new),
    }
}

/// The same as [`Report::Touched`] for a change of the configuration or the baseline: the earlier tree is judged by
/// `earlier`, what it had of them, and any service can have something new.
pub fn check_reconfigured(sides: Sides<'_>, scope: &Scope, earlier: &Env, env: &Env) -> Outcome {
    let comparison = Comparison { sides, report: Report::Touched, scope, env };
    let old = comparison.known(check(sides.before, &Scope::Everything, earlier));
    let mut new = comparison.subtract(check(sides.after, &Scope::Everything, env), old);
    comparison.narrow(&mut new);
    with_touched(sides, scope, env, new)
}

/// Everything in the touched services, and what is `new` in others.
fn with_touched(sides: Sides<'_>, scope: &Scope, env: &Env, mut new: Outcome) -> Outcome {
    let touched = &sides.change.touched;
    let is_elsewhere = |diagnostic: &Diagnostic| match &diagnostic.subject.service {
        Some(service) => !touched.contains(service),
        None => diagnostic.rule.name != baseline_stale::RULE.name,
    };
    new.diagnostics.retain(is_elsewhere);
    new.suppressed.retain(|other| is_elsewhere(&other.diagnostic));
    let own = touched.iter().filter(|service| scope.includes(service)).cloned().collect();
    // Word for word what is said of these services without a change: a finding that several could have, such as
    // a circle of jobs, is said of one of those that are checked.
    let mut outcome = check(sides.after, &Scope::Services(own), env);
    outcome.diagnostics.append(&mut new.diagnostics);
    outcome.diagnostics.sort_by(Diagnostic::order);
    outcome.suppressed.append(&mut new.suppressed);
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

/// What a comparison gives.
struct Compared {
    /// What is new.
    outcome: Outcome,
    /// The facts of the services that were not compared, if all of them were read.
    shared: Option<Vec<ServiceFacts>>,
    /// Findings about what cannot be read of services that the touched ones refer to.
    unread: Vec<Diagnostic>,
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
        if self.report == Report::Touched && self.is_nothing_new_elsewhere() {
            return Outcome::default();
        }
        let Compared { mut outcome, shared, mut unread } = self.of(touched, None);
        // What is new in a service that nobody touched is to be seen with all that is said of that service:
        // its ignores, and what its own rules say better.
        let elsewhere = outcome.diagnostics.iter().filter_map(|d| d.subject.service.clone());
        let mut wider = touched.clone();
        wider.extend(elsewhere);
        if wider.len() > touched.len() {
            Compared { outcome, unread, .. } = self.of(&wider, shared);
        }
        self.narrow(&mut outcome);
        outcome.diagnostics.append(&mut unread);
        outcome.diagnostics.sort_by(Diagnostic::order);
        outcome.diagnostics.dedup_by(|a, b| a.order(b).is_eq());
        outcome
    }

    /// Whether the rules of the tree cannot tell the touched services from what they were: then no finding of
    /// another service can be new.
    fn is_nothing_new_elsewhere(&self) -> bool {
        let Sides { before, after, change } = self.sides;
        let reader = self.env.reader();
        let facts = |source: &dyn TreeSource| -> Vec<ServiceFacts> {
            let names = source.service_names();
            let mut touched: Vec<&ServiceName> =
                names.iter().filter(|name| change.touched.contains(&name.text)).collect();
            touched.sort();
            let load = |name: &&ServiceName| {
                ServiceFacts::of(&Service::parse(source.load(name, &Wanted::Everything), &reader), false)
            };
            touched.par_iter().map(load).collect()
        };
        before.stray_files() == after.stray_files() && mean_the_same(&facts(before), &facts(after))
    }

    /// Takes away what is of services outside of the scope.
    fn narrow(&self, outcome: &mut Outcome) {
        let is_in_scope =
            |d: &Diagnostic| d.subject.service.as_deref().is_none_or(|name| self.scope.includes(name));
        outcome.diagnostics.retain(is_in_scope);
        outcome.suppressed.retain(|suppressed| is_in_scope(&suppressed.diagnostic));
    }

    /// Checks the services of `names` on both sides; `known` are the facts of others, if they were read before.
    fn of(&self, names: &BTreeSet<String>, known: Option<Vec<ServiceFacts>>) -> Compared {
        let Sides { before, after, .. } = self.sides;
        let run = Run::new(self.env);
        let side = |source| Side::of(&run, source, names, self.scope);
        let (old, mut new) = rayon::join(|| side(before), || side(after));
        let untouched = |name: &&ServiceName| !names.contains(&name.text);
        let others: Vec<&ServiceName> = after.service_names().iter().filter(untouched).collect();
        let is_narrow = mean_the_same(&old.facts, &new.facts);
        let unread = self.unread(&run, &new.facts);
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
        let old = self.known(old);
        let (new, shared) = new.conclude(&run, after, &others, &stale, shared);
        Compared { outcome: self.subtract(new, old), shared: (!is_narrow).then_some(shared), unread }
    }

    /// What cannot be read of the services that the touched ones, with these facts, refer to.
    fn unread(&self, run: &Run<'_>, facts: &[ServiceFacts]) -> Vec<Diagnostic> {
        let mut unread = Findings::new(self.env.most_alike);
        if self.report == Report::New {
            // What is said of the others is not reported.
            let is_reported =
                |name: &String| self.sides.change.touched.contains(name) && self.scope.includes(name);
            let facts: Vec<&ServiceFacts> =
                facts.iter().filter(|service| is_reported(&service.name)).collect();
            let reported = facts.iter().map(|service| service.name.clone()).collect();
            report_unread(self.sides.after, run, &facts, &reported, &mut unread);
        }
        unread.into_list()
    }

    /// What `old`, the findings of the earlier tree, are called in the later one.
    fn known(&self, old: Outcome) -> Known {
        let Sides { after, change, .. } = self.sides;
        let services: BTreeSet<&str> = after.service_names().iter().map(|name| name.text.as_str()).collect();
        let mut found: Vec<(u64, Severity)> = Vec::with_capacity(old.each().count());
        for diagnostic in old.diagnostics {
            let renamed = change.renamed(&diagnostic.place.file, |name| services.contains(name));
            found.extend(diagnostic.each().map(|each| match (&renamed, each.in_words()) {
                (Some(file), Some(diagnostic)) => (diagnostic.fingerprint_bits_in(file), each.severity()),
                _ => (each.fingerprint_bits(), each.severity()),
            }));
        }
        found.sort_unstable();
        let mut known = Known { left: Vec::new(), internal_error: old.internal_error };
        for equal in found.chunk_by(|a, b| a == b) {
            known
                .left
                .extend(equal.first().map(|(fingerprint, severity)| (*fingerprint, *severity, equal.len())));
        }
        known
    }

    /// `new` without the findings that the earlier tree has as well and calls as grave.
    fn subtract(&self, new: Outcome, mut old: Known) -> Outcome {
        let change = self.sides.change;
        let mut is_known = |each: Each<'_>| {
            // What could not be read could not be checked, however long that has been so: the change may hide
            // behind it.
            let is_touched = each.service().is_some_and(|service| change.touched.contains(service));
            !(is_touched && baseline::hides_the_rest(each)) && old.take(each)
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

/// How often the earlier tree has findings of each fingerprint and severity. There can be millions.
struct Known {
    /// In their order.
    left: Vec<(u64, Severity, usize)>,
    /// Whether findings are missing.
    internal_error: bool,
}

impl Known {
    /// Takes one that is as grave as `each`, the mildest of them: a graver one may be needed for another.
    fn take(&mut self, each: Each<'_>) -> bool {
        let (fingerprint, severity) = (each.fingerprint_bits(), each.severity());
        let first = self.left.partition_point(|(other, grave, _)| (*other, *grave) < (fingerprint, severity));
        let rest = self.left.get_mut(first..).unwrap_or_default();
        let mut equal = rest.iter_mut().take_while(|(other, ..)| *other == fingerprint);
        equal.find(|(.., number)| *number > 0).map(|(.., number)| *number -= 1).is_some()
    }
}

/// Whether no rule of the tree can tell these services, in the order of their names, apart.
fn mean_the_same(before: &[ServiceFacts], after: &[ServiceFacts]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(own, other)| own.means_the_same_as(other))
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
