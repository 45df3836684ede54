//! One round of repairs: all of them at once if that works, else without those whose place is where something
//! else is found then, else by halves, to find those that do not work. What cannot be proved within a bounded number of attempts is left alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Outcome;
use crate::repo::overlay::Overlay;
use crate::repo::{FileId, TreeSource as _};
use crate::source::Edit;
use crate::yaml::{Budget, parse};

use super::CheckFn;
use super::apply::Applied;
use super::choose::{Chosen, Target, Unit};
use super::judge::failures;
use super::prove::keeps_the_rest;
use super::suspects::Blamed;

/// Checks that one round may run.
const MOST_ATTEMPTS: usize = 64;

/// Bytes of text that one round may read again to see whether repairs change only what they should.
const MOST_BYTES: usize = 256 << 20;

/// What a round came to.
pub(super) struct Round<'s> {
    /// The tree with the accepted repairs.
    pub(super) overlay: Overlay<'s>,
    /// What is found in it.
    pub(super) outcome: Outcome,
    /// The accepted ones of the units, by their indexes.
    pub(super) accepted: Vec<usize>,
}

/// Why units were not accepted, by their indexes.
pub(super) type Reasons = BTreeMap<usize, String>;

/// The repairs of one service.
struct Job {
    accepted: Vec<usize>,
    /// Groups to try, the next one last.
    open: Vec<Vec<usize>>,
}

struct Search<'a, 's> {
    overlay: &'a Overlay<'s>,
    outcome: &'a Outcome,
    chosen: &'a Chosen,
    check: &'a CheckFn<'a>,
}

/// Tries the chosen repairs on `overlay`, for which `outcome` was found.
pub(super) fn search<'s>(
    overlay: &Overlay<'s>,
    outcome: &Outcome,
    chosen: &Chosen,
    check: &CheckFn<'_>,
    reasons: &mut Reasons,
) -> Option<Round<'s>> {
    let search = Search { overlay, outcome, chosen, check };
    let mut jobs: BTreeMap<&str, Job> = BTreeMap::new();
    for (index, unit) in chosen.units.iter().enumerate() {
        let new = || Job { accepted: Vec::new(), open: vec![Vec::new()] };
        let job = jobs.entry(&unit.target.service).or_insert_with(new);
        if let Some(group) = job.open.first_mut() {
            group.push(index);
        }
    }
    // Most of the time everything works at once.
    let all: Vec<usize> = (0..chosen.units.len()).collect();
    if let Some(trial) = search.overlay_of(&all) {
        let found = check(&trial, None);
        let blamed = search.blame(&all, &found, None);
        if blamed.is_empty() {
            return Some(Round { overlay: trial, outcome: found, accepted: all });
        }
        for (service, job) in &mut jobs {
            // The repairs of services that are not blamed stay to be tried.
            if let Some(own) = blamed.get(&Blame::Service((*service).to_owned()))
                && let Some(group) = job.open.pop()
            {
                search.part(job, group, own, reasons);
            }
        }
    }
    search.bisect(&mut jobs, reasons);
    let mut accepted: Vec<usize> = jobs.into_values().flat_map(|job| job.accepted).collect();
    accepted.sort_unstable();
    let trial = search.overlay_of(&accepted).filter(|_| !accepted.is_empty())?;
    let found = check(&trial, None);
    let works = search.blame(&accepted, &found, None).is_empty();
    works.then_some(Round { overlay: trial, outcome: found, accepted })
}

/// Whose fault a finding is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Blame {
    Service(String),
    Unknown,
}

impl<'s> Search<'_, 's> {
    /// Tries the open groups of all services, one group each, until none is left.
    fn bisect(&self, jobs: &mut BTreeMap<&str, Job>, reasons: &mut Reasons) {
        let mut one_by_one = false;
        let mut left = MOST_BYTES;
        for _ in 0..MOST_ATTEMPTS {
            let mut tried: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            let mut units: Vec<usize> = Vec::new();
            for (service, job) in jobs.iter_mut() {
                units.extend(&job.accepted);
                if (one_by_one && !tried.is_empty()) || job.open.is_empty() {
                    continue;
                }
                // What the text alone shows costs no check.
                while let Some(group) = job.open.pop() {
                    let mut with = job.accepted.clone();
                    with.extend(&group);
                    if self.overlay_of(&with).is_some() {
                        units.extend(&group);
                        tried.insert(service, group);
                        break;
                    }
                    split(job, group, "the text around it would be read in another way", reasons);
                    left = left.saturating_sub(self.length(&with));
                    if left == 0 {
                        break;
                    }
                }
            }
            if tried.is_empty() {
                if jobs.values().all(|job| job.open.is_empty()) {
                    return;
                }
                continue;
            }
            let Some(trial) = self.overlay_of(&units) else { return };
            let scope = (!one_by_one).then(|| self.services(&units));
            let found = (self.check)(&trial, scope.as_ref());
            let blamed = self.blame(&units, &found, scope.as_ref());
            let is_unclear = blamed.contains_key(&Blame::Unknown);
            for (service, group) in tried {
                let Some(job) = jobs.get_mut(service) else { continue };
                let own = blamed.get(&Blame::Service(service.to_owned()));
                if is_unclear && !one_by_one {
                    job.open.push(group);
                } else if let Some(found) = own.or_else(|| blamed.get(&Blame::Unknown)) {
                    self.part(job, group, found, reasons);
                } else {
                    job.accepted.extend(group);
                }
            }
            one_by_one |= is_unclear;
        }
    }

    /// The bytes of the files that units are in.
    fn length(&self, units: &[usize]) -> usize {
        let units = units.iter().filter_map(|index| self.chosen.units.get(*index));
        let files: BTreeSet<&FileId> = units.map(|unit| &unit.target).collect();
        let lengths = files.iter().filter_map(|id| Some(self.chosen.targets.get(*id)?.text.len()));
        lengths.sum::<usize>().max(1)
    }

    /// Puts aside those of a group that does not work whose place is where something else is found then;
    /// where that tells nothing, halves it.
    fn part(&self, job: &mut Job, group: Vec<usize>, blamed: &Blamed, reasons: &mut Reasons) {
        let (suspects, others) = blamed.suspects(group, self.chosen, self.outcome);
        if suspects.is_empty() || others.is_empty() {
            let group = if others.is_empty() { suspects } else { others };
            split(job, group, &format!("then this is found: {}", blamed.example), reasons);
        } else {
            job.open.push(suspects);
            job.open.push(others);
        }
    }

    /// The services that units are in, and those that their findings are in.
    fn services(&self, units: &[usize]) -> BTreeSet<String> {
        let mut services = BTreeSet::new();
        for unit in units.iter().filter_map(|index| self.chosen.units.get(*index)) {
            services.insert(unit.target.service.clone());
            let findings = unit.findings.iter().filter_map(|index| self.outcome.diagnostics.get(*index));
            services.extend(findings.filter_map(|d| Some(d.place.file.split_once('/')?.0.to_owned())));
        }
        services
    }

    /// The tree after the units; `None` if a file would not be as it should.
    fn overlay_of(&self, units: &[usize]) -> Option<Overlay<'s>> {
        let mut overlay = self.overlay.clone();
        let mut by_file: BTreeMap<&FileId, Vec<&Unit>> = BTreeMap::new();
        for unit in units.iter().filter_map(|index| self.chosen.units.get(*index)) {
            by_file.entry(&unit.target).or_default().push(unit);
        }
        for (id, units) in by_file {
            let target = self.chosen.targets.get(id)?;
            if let Some(name) = units.iter().find_map(|unit| unit.rename.clone()) {
                let new = FileId { service: id.service.clone(), file: name };
                let is_name = !new.file.is_empty() && !new.file.contains(['/', '\\', '\0']);
                let service = overlay.service(&id.service)?;
                if !is_name
                    || overlay
                        .load(service, &crate::repo::Wanted::Smartstack)
                        .entries
                        .iter()
                        .any(|e| e.name == new.file)
                {
                    return None;
                }
                let bytes = overlay.bytes(id)?;
                overlay.remove(id.clone());
                overlay.set(new, bytes);
            } else {
                overlay.set(id.clone(), edited(target, &units)?.into_bytes());
            }
        }
        Some(overlay)
    }

    /// Who is to blame for what is found after the units and should not be, with an example.
    fn blame(
        &self,
        units: &[usize],
        found: &Outcome,
        scope: Option<&BTreeSet<String>>,
    ) -> BTreeMap<Blame, Blamed> {
        let units: Vec<&Unit> = units.iter().filter_map(|index| self.chosen.units.get(*index)).collect();
        let repaired: BTreeSet<usize> = units.iter().flat_map(|unit| unit.findings.iter().copied()).collect();
        let is_in_scope = |service: Option<&str>| match (scope, service) {
            (Some(scope), Some(service)) => scope.contains(service),
            _ => true,
        };
        let before: Vec<_> = self
            .outcome
            .diagnostics
            .iter()
            .enumerate()
            .filter(|(_, d)| is_in_scope(d.place.file.split('/').next()))
            .map(|(index, d)| (d, repaired.contains(&index)))
            .collect();
        let revealed = units.iter().filter_map(|unit| match &unit.rename {
            Some(name) => Some(format!("{}/{name}", unit.target.service)),
            None => self.chosen.targets.get(&unit.target)?.tree.is_none().then(|| path(&unit.target)),
        });
        let edited: BTreeSet<&str> = units.iter().map(|unit| unit.target.service.as_str()).collect();
        let failures = failures(&before, &found.diagnostics, &revealed.collect());
        let mut blamed: BTreeMap<Blame, Blamed> = BTreeMap::new();
        for diagnostic in failures.into_iter().filter_map(|index| found.diagnostics.get(index)) {
            let (service, file) =
                diagnostic.place.file.split_once('/').unwrap_or((&diagnostic.place.file, ""));
            let real = self.overlay.service(service).and_then(|name| self.overlay.real_file(name, file));
            let owner = real.map(|id| id.service).filter(|owner| edited.contains(owner.as_str()));
            let own = || edited.contains(service).then(|| service.to_owned());
            let blame = owner.or_else(own).map_or(Blame::Unknown, Blame::Service);
            blamed.entry(blame).or_default().add(diagnostic);
        }
        blamed
    }
}

/// Two halves of a group that does not work; a single unit is dropped.
fn split(job: &mut Job, mut group: Vec<usize>, reason: &str, reasons: &mut Reasons) {
    if let [unit] = group.as_slice() {
        reasons.insert(*unit, reason.to_owned());
    } else {
        let right = group.split_off(group.len() / 2);
        job.open.push(right);
        job.open.push(group);
    }
}

fn path(id: &FileId) -> String {
    format!("{}/{}", id.service, id.file)
}

/// The text of a file after units, if nothing else has changed in it.
fn edited(target: &Target, units: &[&Unit]) -> Option<String> {
    let edits: Vec<Edit> = units.iter().flat_map(|unit| unit.edits.iter().cloned()).collect();
    let applied = Applied::new(&target.text, edits)?;
    let after = parse(applied.text.as_bytes(), &Budget::default()).ok()?;
    let keeps = target.tree.as_ref().is_none_or(|before| keeps_the_rest(before, &after, &applied));
    keeps.then_some(applied.text)
}
