//! Repairs: chosen, applied in memory, proved, and only then handed out to be written.
//!
//! ```text
//! report ──choose──▶ units ──apply──▶ texts ──prove──▶ trees that differ only where edited
//!    ▲                                                     │
//!    └───────── check of the tree with the texts ◀─────────┘  judge: findings gone, none new
//! ```
//!
//! The proof of a repair has three parts. The edited text is read again, and every value and comment
//! that no edit touches must be what it was (`prove`). The tree with the edited text is checked
//! again, and the repaired findings must be gone (`judge`). Nothing else may be found that was not
//! found before. What fails is found by halving (`search`), dropped, and counted.
//!
//! Rounds are repeated until there is nothing left to repair, since edits that overlap wait for the
//! next one. Nothing here touches the disk: the result is a list of files with their new bytes.

mod apply;
mod choose;
mod judge;
mod prove;
mod search;
mod suspects;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, FixSafety, Place};
use crate::findings::{self, Each};
use crate::repo::overlay::Overlay;
use crate::repo::{FileId, TreeSource};

/// Rounds of repairs; each but the first is for edits that overlapped. Rounds after which findings wait that had no
/// place in the report are not counted: there are fewer after each.
const ROUNDS: usize = 16;

/// Findings of one rule in one file that a round knows; more would fill the memory.
const MOST_ALIKE: usize = 10 * findings::MOST;

/// The same where those that come first cannot be repaired: no file of a tree has more values.
const UTMOST: usize = 1 << 20;

/// Why a safe repair was not tried.
const TEXT_IS_SHARED: &str = "others use this text, too; --unsafe-fixes changes it for all of them";

/// Why no repair was tried.
const FILE_IS_ANOTHER: &str = "the file is none of the tree, or not as it was read";

/// Checks a tree: all that is asked for, or these services only.
pub type CheckFn<'a> = dyn Fn(&dyn TreeSource, Option<&BTreeSet<String>>) -> Outcome + 'a;

/// The same, with at most so many findings of one rule in one file in words.
pub type CheckPartFn<'a> = dyn Fn(&dyn TreeSource, Option<&BTreeSet<String>>, usize) -> Outcome + 'a;

/// A file that repairs change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file as it is, links followed.
    pub file: FileId,
    /// Its new name in its directory.
    pub rename: Option<String>,
    /// Its bytes.
    pub before: Vec<u8>,
    /// Its bytes after the repairs.
    pub after: Vec<u8>,
    /// Findings that they settle.
    pub findings: usize,
}

/// How many findings repairs settle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that were repaired.
    pub findings: usize,
    /// Files that changed for it.
    pub files: usize,
    /// Findings whose repair was asked for and could not be proved, or not even tried.
    pub refused: usize,
    /// Findings left whose repair was not asked for, or changes what others use, too.
    pub unsafe_left: usize,
}

impl Counts {
    /// Without the repairs of files that could not be written.
    #[must_use]
    pub const fn without(self, failed: Self) -> Self {
        let findings = self.findings.saturating_sub(failed.findings);
        Self { findings, files: self.files.saturating_sub(failed.files), ..self }
    }
}

/// What repairs came to.
#[derive(Debug)]
pub struct Fixed {
    /// What is found after them.
    pub outcome: Outcome,
    /// The files to write, sorted.
    pub changes: Vec<Change>,
    /// How many findings they settle.
    pub counts: Counts,
    /// The repairs that were not made.
    pub refusals: Vec<Refusal>,
}

/// A repair that was asked for and not made.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The finding's place, in the text as it was then.
    pub place: Place,
    /// The finding's rule.
    pub rule: &'static str,
    /// What stands against it.
    pub reason: String,
}

/// Repairs what `check` finds in `source`: with safe repairs, or with all of them.
pub fn fix(source: &dyn TreeSource, unsafe_fixes: bool, check: &CheckFn<'_>) -> Fixed {
    fix_in_parts(source, unsafe_fixes, &|source, only, _| check(source, only))
}

/// The same, in as many rounds as it takes: one does not know all findings of a file with very many.
pub fn fix_in_parts(source: &dyn TreeSource, unsafe_fixes: bool, check: &CheckPartFn<'_>) -> Fixed {
    let mut overlay = Overlay::new(source);
    let mut most_alike = MOST_ALIKE;
    let mut outcome = check(source, None, most_alike);
    let mut counts = Counts::default();
    let mut files = Files::default();
    let mut refused: HashSet<(String, String)> = HashSet::new();
    let mut refusals = Vec::new();
    let is_wanted = |safety: FixSafety| unsafe_fixes || safety == FixSafety::Safe;
    let mut rounds = 0;
    while rounds < ROUNDS && !outcome.internal_error {
        let chosen = choose::choose(&outcome, &overlay, unsafe_fixes, &refused);
        let waits = |each: Each<'_>| each.in_words().is_none() && each.fix().is_some_and(is_wanted);
        let has_waiting = outcome.each().any(waits);
        if chosen.units.is_empty() {
            if !has_waiting || most_alike > UTMOST {
                break;
            }
            // Those that wait come after some that cannot be repaired.
            most_alike = most_alike.saturating_mul(4);
            outcome = check(&overlay, None, most_alike);
            continue;
        }
        rounds += usize::from(!has_waiting);
        let mut reasons = search::Reasons::new();
        let check =
            |source: &dyn TreeSource, only: Option<&BTreeSet<String>>| check(source, only, most_alike);
        let round = search::search(&overlay, &outcome, &chosen, &check, &mut reasons);
        let accepted: &[usize] = round.as_ref().map_or(&[], |round| &round.accepted);
        for (index, unit) in chosen.units.iter().enumerate() {
            if accepted.binary_search(&index).is_ok() {
                counts.findings += unit.findings.len();
                files.changed(&unit.target, unit.rename.as_ref(), unit.findings.len());
            } else {
                let reason = reasons.remove(&index).unwrap_or_else(|| "it took too many attempts".to_owned());
                let findings = unit.findings.iter().filter_map(|at| outcome.diagnostics.get(*at));
                for finding in findings {
                    refused.insert(choose::identity(finding));
                    refusals.push(Refusal {
                        place: finding.place.clone(),
                        rule: finding.rule.name,
                        reason: reason.clone(),
                    });
                }
            }
        }
        if let Some(round) = round {
            overlay = round.overlay;
            outcome = round.outcome;
        }
    }
    let changes = files.changes(source, &overlay);
    counts.files = changes.len();
    let left = |d: &&Diagnostic| d.fix.as_ref().is_some_and(|fix| is_wanted(fix.safety));
    let is_untried = |d: &&Diagnostic| !refused.contains(&choose::identity(d));
    let untried: Vec<&Diagnostic> = outcome.diagnostics.iter().filter(left).filter(is_untried).collect();
    let reason = if unsafe_fixes { FILE_IS_ANOTHER } else { TEXT_IS_SHARED };
    refusals.extend(untried.iter().map(|d| Refusal {
        place: d.place.clone(),
        rule: d.rule.name,
        reason: reason.to_owned(),
    }));
    counts.refused = outcome.diagnostics.iter().filter(left).count();
    if !unsafe_fixes {
        counts.refused -= untried.len();
    }
    counts.unsafe_left = outcome.each().filter(|each| each.fix().is_some()).count() - counts.refused;
    outcome.cap(findings::MOST);
    Fixed { outcome, changes, counts, refusals }
}

/// The files that changed, by what they are called now, with what they were called first and how many
/// findings are settled in them.
#[derive(Default)]
struct Files {
    first_names: BTreeMap<FileId, (FileId, usize)>,
}

impl Files {
    fn changed(&mut self, id: &FileId, rename: Option<&String>, findings: usize) {
        let (first, before) = self.first_names.remove(id).unwrap_or_else(|| (id.clone(), 0));
        let file = rename.unwrap_or(&id.file).clone();
        self.first_names.insert(FileId { service: id.service.clone(), file }, (first, before + findings));
    }

    fn changes(self, source: &dyn TreeSource, overlay: &Overlay<'_>) -> Vec<Change> {
        let original = Overlay::new(source);
        let change = |(now, (first, findings)): (FileId, (FileId, usize))| {
            let before = original.bytes(&first)?;
            let after = overlay.bytes(&now)?;
            let rename = (now.file != first.file).then_some(now.file);
            let is_changed = rename.is_some() || before != after;
            is_changed.then_some(Change { file: first, rename, before, after, findings })
        };
        let mut changes: Vec<Change> = self.first_names.into_iter().filter_map(change).collect();
        changes.sort_by(|a, b| a.file.cmp(&b.file));
        changes
    }
}
