//! Findings that were there when somebody began to use soalint: a file of fingerprints.
//!
//! A recorded finding is not reported; a new one of the same kind is. Fingerprints hold no line
//! numbers, so that edits elsewhere in a file change nothing (docs/design.md section 10).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::check::{By, Outcome, Scope, Suppressed};
use crate::diagnostic::{Diagnostic, Finding, Place};
use crate::findings::{Each, Findings};
use crate::repo::TreeSource;
use crate::rules::suppression::baseline_stale;
use crate::rules::{self, Check, Env, Group, Sink};
use crate::source::{SourceText, Span};
use crate::text::printable;

mod moved;

/// Name of the file unless the configuration or the command line names another.
pub const FILE_NAME: &str = ".soalint-baseline.json";

/// Largest file that is read, in bytes: about 250,000 findings.
pub const MOST_BYTES: u64 = 64 << 20;

/// The form of the file. A later form gets another number.
const VERSION: u32 = 1;

/// Places of stale entries that one finding lists.
const MOST_RELATED: usize = 5;

/// The findings that a file records.
#[derive(Debug)]
pub struct Baseline {
    /// Where the file is, for messages.
    name: Arc<str>,
    source: Arc<SourceText>,
    findings: BTreeMap<String, Entry>,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    /// By fingerprint.
    findings: BTreeMap<String, Entry>,
}

/// A recorded finding. Rule, file and message are for people who read the file, and say with `moved` what becomes of
/// the entry if the file is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The file or directory, relative to the root of the tree.
    pub file: String,
    /// What was said.
    pub message: String,
    /// Stands for rule, path and value ([`Diagnostic::elsewhere`]); absent in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
    /// How many equal findings there are.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: usize,
}

const fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_one(count: &usize) -> bool {
    *count == 1
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It has another form.
    #[error("it is not a baseline: {0}")]
    Form(String),
    /// It was written by a later version.
    #[error("it has version {0}, and this soalint reads version {VERSION}")]
    Version(u32),
}

impl Baseline {
    /// Reads a file called `name`.
    ///
    /// # Errors
    /// It is no baseline of this version.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, BaselineError> {
        let file: File = crate::encoding::json(&bytes).map_err(BaselineError::Form)?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        // JSON that was read is UTF-8.
        let source = SourceText::new(String::from_utf8(bytes).unwrap_or_default());
        Ok(Self { name: Arc::from(name), source: Arc::new(source), findings: file.findings })
    }

    /// Records what was found in words, and what was recorded before.
    pub fn of(outcome: &Outcome) -> Self {
        let recorded = outcome.suppressed.iter().filter(|suppressed| suppressed.by == By::Baseline);
        let recorded = recorded.flat_map(|suppressed| suppressed.diagnostic.each());
        let mut findings: BTreeMap<String, Entry> = BTreeMap::new();
        let found = outcome.each().filter(|each| can_be_recorded(*each)).chain(recorded);
        for diagnostic in found.filter_map(Each::in_words) {
            let entry = findings.entry(diagnostic.fingerprint()).or_insert_with(|| Entry {
                rule: diagnostic.rule.name.to_owned(),
                file: diagnostic.place.file.to_string(),
                message: message_of(diagnostic),
                moved: Some(diagnostic.elsewhere()),
                count: 0,
            });
            entry.count += 1;
        }
        Self { name: Arc::from(FILE_NAME), source: Arc::default(), findings }
    }

    /// Without what `stale` lists.
    #[must_use]
    pub fn without(self, stale: &[Stale]) -> Self {
        let mut findings = self.findings;
        for stale in stale {
            if let Some(entry) = findings.get_mut(&stale.fingerprint) {
                entry.count = entry.count.saturating_sub(stale.count);
            }
        }
        findings.retain(|_, entry| entry.count > 0);
        Self { findings, ..self }
    }

    /// The text of the file: the same for the same findings.
    ///
    /// # Errors
    /// None that a baseline can have.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let file = File { version: VERSION, findings: self.findings.clone() };
        Ok(serde_json::to_string_pretty(&file)? + "\n")
    }

    /// Whether both record the same.
    pub fn records_what(&self, other: &Self) -> bool {
        self.findings == other.findings
    }

    /// Number of recorded findings, equal ones counted one by one.
    pub fn len(&self) -> usize {
        self.findings.values().map(|entry| entry.count).sum()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Number of files with recorded findings.
    pub fn files(&self) -> usize {
        self.findings.values().map(|entry| entry.file.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// The recorded findings that a run of `source` did not find, as far as it looked for them.
    pub fn stale(&self, env: &Env, scope: &Scope, source: &dyn TreeSource, outcome: &Outcome) -> Vec<Stale> {
        if outcome.internal_error {
            return Vec::new();
        }
        let recorded = outcome.suppressed.iter().filter(|suppressed| suppressed.by == By::Baseline);
        let recorded: Vec<Each<'_>> = recorded.flat_map(|suppressed| suppressed.diagnostic.each()).collect();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for fingerprint in moved::entries_of(&self.findings, &recorded, source).into_iter().flatten() {
            *found.entry(fingerprint).or_default() += 1;
        }
        let unread = Unread::of(outcome);
        let mut stale = Vec::new();
        for (fingerprint, entry) in &self.findings {
            let found = found.get(fingerprint.as_str()).copied().unwrap_or_default();
            if found < entry.count && was_looked_for(env, scope, entry) && !unread.may_hide(entry) {
                let (fingerprint, entry) = (fingerprint.clone(), entry.clone());
                stale.push(Stale { count: entry.count - found, fingerprint, entry });
            }
        }
        stale
    }

    /// Where an entry stands in the file.
    fn place(&self, fingerprint: &str) -> Place {
        let quoted = format!("\"{fingerprint}\"");
        let Some(at) = self.source.text().find(&quoted) else { return Place::whole(Arc::clone(&self.name)) };
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Place::span(&self.name, &self.source, Span::new(offset(at), offset(at + quoted.len())))
    }
}

/// The message as it is recorded.
fn message_of(diagnostic: &Diagnostic) -> String {
    printable(&diagnostic.scrub(&diagnostic.message))
}

/// A recorded finding that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Names it.
    pub fingerprint: String,
    /// What it was.
    pub entry: Entry,
    /// How many of the equal ones are gone.
    pub count: usize,
}

/// Whether a finding may be recorded: not that a file cannot be read, and nothing about soalint itself.
pub fn can_be_recorded(each: Each<'_>) -> bool {
    !hides_the_rest(each) && !matches!(each.rule().group, Group::Suppression | Group::Internal)
}

/// Whether a finding says that a file or a directory cannot be read, behind which everything else that is
/// wrong with it would hide.
pub fn is_unreadable(diagnostic: &Diagnostic) -> bool {
    diagnostic.each().any(hides_the_rest)
}

pub(crate) fn hides_the_rest(each: Each<'_>) -> bool {
    each.rule().hides_the_file() && each.severity() == crate::diagnostic::Severity::Error
}

/// Whether a run would have found what an entry records: it checked the service, with the rule.
fn was_looked_for(env: &Env, scope: &Scope, entry: &Entry) -> bool {
    let is_on = rules::find(&entry.rule)
        .is_none_or(|rule| env.settings.chosen_at(rule, &entry.file).level.severity().is_some());
    is_on && scope.includes(service_of(&entry.file))
}

/// The services of which something could not be read.
struct Unread<'o>(BTreeSet<&'o str>);

impl<'o> Unread<'o> {
    fn of(outcome: &'o Outcome) -> Self {
        let unreadable = outcome.diagnostics.iter().filter(|diagnostic| is_unreadable(diagnostic));
        Self(unreadable.map(|diagnostic| service_of(&diagnostic.place.file)).collect())
    }

    /// Whether what an entry records may be there all the same: other files of its service decide on it,
    /// and for a rule of the tree those of any service.
    fn may_hide(&self, entry: &Entry) -> bool {
        let is_of_tree = rules::find(&entry.rule).is_some_and(|rule| matches!(rule.check, Check::Tree(..)));
        self.0.contains(service_of(&entry.file)) || (is_of_tree && !self.0.is_empty())
    }
}

fn service_of(file: &str) -> &str {
    file.split('/').next().unwrap_or_default()
}

/// Takes away what the baseline of the run records, and says what of it is gone.
pub(crate) fn apply(env: &Env, scope: &Scope, source: &dyn TreeSource, outcome: &mut Outcome) {
    let Some(baseline) = &env.settings.baseline else { return };
    let found = std::mem::take(&mut outcome.diagnostics);
    let each: Vec<Each<'_>> = found.iter().flat_map(Diagnostic::each).collect();
    let mut entries = moved::entries_of(&baseline.findings, &each, source).into_iter();
    for diagnostic in found {
        let (new, known) = diagnostic.divide(|_| entries.next().flatten().is_some());
        outcome.diagnostics.extend(new);
        outcome.suppressed.extend(known.map(|diagnostic| Suppressed { diagnostic, by: By::Baseline }));
    }
    let stale = baseline.stale(env, scope, source, outcome);
    if let Some(finding) = say_stale(baseline, &stale) {
        let mut said = Findings::new(env.most_alike);
        Sink::new(env, &baseline_stale::RULE, &mut said).report(finding);
        outcome.diagnostics.extend(said.into_list());
        outcome.diagnostics.sort_by(Diagnostic::order);
    }
}

/// One finding for all entries that are gone: who repairs much does not want to read much.
fn say_stale(baseline: &Baseline, stale: &[Stale]) -> Option<Finding> {
    let (first, rest) = stale.split_first()?;
    let number: usize = stale.iter().map(|stale| stale.count).sum();
    let message = match number {
        1 => "a finding of the baseline is gone".to_owned(),
        number => format!("{number} findings of the baseline are gone"),
    };
    let words = |stale: &Stale| printable(&format!("{} in {}", stale.entry.rule, stale.entry.file));
    let finding = Finding::new(baseline.place(&first.fingerprint), message)
        .label(words(first))
        .why("the entry would hide the next mistake of that kind")
        .help("`soalint baseline prune` removes it")
        .identity("stale");
    let related = rest.iter().take(MOST_RELATED);
    Some(
        related.fold(finding, |finding, stale| {
            finding.related(baseline.place(&stale.fingerprint), words(stale))
        }),
    )
}
