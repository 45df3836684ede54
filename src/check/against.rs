//! What a change brings: the findings of a tree that the tree before it did not have.
//!
//! A finding depends on the files of its service, and, if a rule of the tree made it, on facts of
//! others. So it is enough to check the services that the change touched, before and after, and to run
//! the rules of the tree on the facts of both sides. Services that the change did not touch have the
//! same facts on both: they are read once. If no fact of a touched service changed either, no finding
//! elsewhere can have; then only the facts are read that a check of these services alone reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::{By, Checked, Outcome, Run, Scope, Suppressed, load_other_facts};
use crate::baseline;
use crate::diagnostic::{Diagnostic, Severity};
use crate::findings::Each;
use crate::repo::{Service, ServiceFacts, ServiceName, TreeSource, Wanted};
use crate::rules::Env;
use crate::suppress::{self, FileIgnores};

/// Checks `after`, and reports what `before` did not have in the services of `scope`. The two differ
/// in the services of `touched` only.
pub fn check_against(
    before: &dyn TreeSource,
    after: &dyn TreeSource,
    touched: &BTreeSet<String>,
    scope: &Scope,
    env: &Env,
) -> Outcome {
    let mut outcome = compare(before, after, touched, touched, env);
    // What is new in a service that nobody touched is to be seen with all that is said of that service:
    // its ignores, and what its own rules say better.
    let elsewhere = outcome.diagnostics.iter().filter_map(|d| d.subject.service.clone());
    let mut wider = touched.clone();
    wider.extend(elsewhere);
    if wider.len() > touched.len() {
        outcome = compare(before, after, &wider, touched, env);
    }
    let is_in_scope = |d: &Diagnostic| d.subject.service.as_deref().is_none_or(|name| scope.includes(name));
    outcome.diagnostics.retain(is_in_scope);
    outcome.suppressed.retain(|suppressed| is_in_scope(&suppressed.diagnostic));
    outcome
}

/// Compares the services of `checked`, those that the change touched among them.
fn compare(
    before: &dyn TreeSource,
    after: &dyn TreeSource,
    checked: &BTreeSet<String>,
    touched: &BTreeSet<String>,
    env: &Env,
) -> Outcome {
    let run = Run::new(env);
    let (old, mut new) = rayon::join(|| Side::of(&run, before, checked), || Side::of(&run, after, checked));
    let untouched = |name: &&ServiceName| !checked.contains(&name.text);
    let others: Vec<&ServiceName> = after.service_names().iter().filter(untouched).collect();
    let names: Vec<&str> = others.iter().map(|name| name.text.as_str()).collect();
    let shared = if old.has_same_facts(&new) {
        let own = new.facts.len();
        if own < after.service_names().len() {
            load_other_facts(after, &run, &mut new.facts);
        }
        new.facts.split_off(own)
    } else {
        let load = |name: &&ServiceName| {
            let service = Service::parse(after.load(name, &Wanted::Everything), &run.reader);
            // All of them can have findings now.
            ServiceFacts::of(&service, true)
        };
        others.par_iter().map(load).collect()
    };
    let (old, shared) = old.conclude(&run, (&names, before.stray_files()), shared);
    let (new, _) = new.conclude(&run, (&names, after.stray_files()), shared);
    subtract(new, &old, touched)
}

/// One of two trees: the services that the change touched, checked.
struct Side {
    outcome: Outcome,
    facts: Vec<ServiceFacts>,
    ignores: Vec<FileIgnores>,
}

impl Side {
    fn of(run: &Run<'_>, source: &dyn TreeSource, touched: &BTreeSet<String>) -> Self {
        let names = source.service_names().iter().filter(|name| touched.contains(&name.text));
        let names: Vec<&ServiceName> = names.collect();
        let checked: Vec<Checked> =
            names.par_iter().map(|name| run.check_service(source, name, false, ())).collect();
        let mut side = Self { outcome: Outcome::default(), facts: Vec::new(), ignores: Vec::new() };
        for mut service in checked {
            side.outcome.files += service.files;
            side.outcome.unknown_files.append(&mut service.unknown_files);
            side.outcome.services += usize::from(service.is_read);
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
        (others, stray_files): (&[&str], &[String]),
        mut shared: Vec<ServiceFacts>,
    ) -> (Outcome, Vec<ServiceFacts>) {
        let Self { mut outcome, mut facts, ignores } = self;
        let own: BTreeSet<String> = facts.iter().map(|service| service.name.clone()).collect();
        let mut names: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
        names.extend(own.iter().cloned());
        names.sort();
        facts.append(&mut shared);
        facts.sort_by(|a, b| a.name.cmp(&b.name));
        run.conclude((&names, stray_files), &facts, &mut outcome, &mut ());
        suppress::apply(run.env, &ignores, &mut outcome);
        // Of services that were not checked no entry of the baseline can be said to be stale.
        baseline::apply(run.env, &Scope::Services(own.clone()), &mut outcome);
        facts.retain(|service| !own.contains(&service.name));
        (outcome, facts)
    }
}

/// `new` without the findings that `old` has as well and calls as grave.
fn subtract(new: Outcome, old: &Outcome, touched: &BTreeSet<String>) -> Outcome {
    // By fingerprint, how many there are of each severity.
    let mut known: HashMap<u64, BTreeMap<Severity, usize>> = HashMap::new();
    for each in old.each() {
        *known.entry(each.fingerprint_bits()).or_default().entry(each.severity()).or_default() += 1;
    }
    let mut is_known = |each: Each<'_>| {
        // What could not be read could not be checked, however long that has been so: the change may hide
        // behind it.
        let is_touched = each.service().is_some_and(|name| touched.contains(name));
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
