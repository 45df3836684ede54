//! Which repairs are probably to blame for what is found after them.

use std::collections::HashSet;

use crate::check::Outcome;
use crate::diagnostic::Diagnostic;

use super::choose::{Chosen, Unit};

/// What is found after repairs and should not be.
#[derive(Default)]
pub(super) struct Blamed {
    /// One of the findings.
    pub(super) example: String,
    /// File and keys of each.
    paths: HashSet<(String, String)>,
    /// File and instance of each.
    instances: HashSet<(String, String)>,
}

impl Blamed {
    /// Adds such a finding.
    pub(super) fn add(&mut self, diagnostic: &Diagnostic) {
        self.example = format!("{}: {}", diagnostic.rule.name, diagnostic.message);
        self.paths.insert(path(diagnostic));
        self.instances.extend(instance(diagnostic));
    }

    /// Those of a group that are where something is found, and the others. Of one place if it is a place of
    /// repairs, else of its instance.
    pub(super) fn suspects(
        &self,
        group: Vec<usize>,
        chosen: &Chosen,
        outcome: &Outcome,
    ) -> (Vec<usize>, Vec<usize>) {
        let findings = |unit: &Unit| {
            unit.findings.iter().filter_map(|at| outcome.diagnostics.get(*at)).collect::<Vec<_>>()
        };
        let is_there = |index: &usize, by_path: bool| {
            chosen.units.get(*index).is_some_and(|unit| {
                findings(unit).into_iter().any(|diagnostic| {
                    if by_path {
                        self.paths.contains(&path(diagnostic))
                    } else {
                        instance(diagnostic).is_some_and(|instance| self.instances.contains(&instance))
                    }
                })
            })
        };
        let (suspects, others): (Vec<usize>, Vec<usize>) =
            group.into_iter().partition(|at| is_there(at, true));
        if suspects.is_empty() {
            return others.into_iter().partition(|at| is_there(at, false));
        }
        (suspects, others)
    }
}

fn path(diagnostic: &Diagnostic) -> (String, String) {
    use std::fmt::Write as _;
    let mut path = String::new();
    for step in &diagnostic.subject.path {
        // Writing to a string cannot fail.
        let _ = writeln!(path, "{step}");
    }
    (diagnostic.place.file.to_string(), path)
}

fn instance(diagnostic: &Diagnostic) -> Option<(String, String)> {
    let subject = &diagnostic.subject;
    let first = || subject.path.first().map(ToString::to_string);
    Some((diagnostic.place.file.to_string(), subject.instance.clone().or_else(first)?))
}
