//! Output: one file per format. Nothing here decides anything; it shows an [`Outcome`].

mod concise;
pub mod diff;
pub(crate) mod escape;
mod excerpt;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod preview;
pub mod read;
mod sarif;
mod scrub;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use crate::check::{By, Outcome};
use crate::diagnostic::{Diagnostic, FixSafety, Place, Severity};
use crate::dialect::DialectName;
use crate::fix::Counts;

use crate::text::printable;

pub use json::{line_schema, report_schema};

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For reading: source excerpts, reasons, repairs.
    Human,
    /// One line per finding.
    Concise,
    /// One JSON object (docs/design.md section 8).
    Json,
    /// One JSON object per line: the findings, then a summary.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// A table, for comments and summaries.
    Markdown,
}

impl Format {
    /// Whether a person reads it as it comes, so that it ends with what matters.
    pub const fn is_for_people(self) -> bool {
        matches!(self, Format::Human)
    }

    /// Whether it consists of lines that stand for themselves, so that another may follow it on the
    /// same stream.
    pub const fn is_log(self) -> bool {
        matches!(self, Format::Human | Format::Concise | Format::Github)
    }
}

/// What every format needs to know beside the findings.
#[derive(Clone, Debug)]
pub struct Style {
    /// Whether to colour; decided once, in [`crate::cli`].
    pub color: bool,
    /// Columns to fill with prose.
    pub width: usize,
    /// Columns of the terminal, at which lines of files are cut; `None` if it is no terminal.
    pub columns: Option<usize>,
    /// The root of the tree as the user named it.
    pub root: String,
    /// How the tree is reached from where the user stands; empty or ending in `/`.
    pub prefix: String,
    /// Where in the tree the user stands, if that is below its root; empty or ending in `/`.
    pub current: String,
    /// The same from the root of the git repository, for services that show a repository.
    pub repository: String,
    /// Dialect of the run.
    pub dialect: DialectName,
    /// At most this many findings are shown; 0 for all.
    pub max_findings: usize,
    /// From which severity on findings make the run fail.
    pub fail_on: Option<Severity>,
    /// No summary line.
    pub quiet: bool,
}

impl Style {
    /// A file of the tree as the user reaches it: what lies below the current directory by its path
    /// from there.
    pub(crate) fn path(&self, file: &str) -> String {
        match file.strip_prefix(self.current.as_str()).filter(|rest| !rest.is_empty()) {
            Some(rest) if !self.current.is_empty() => rest.to_owned(),
            _ => format!("{}{file}", self.prefix),
        }
    }

    /// The findings to show, of all in their order.
    fn shown<'a>(&self, outcome: &'a Outcome) -> &'a [Diagnostic] {
        let all = outcome.diagnostics.as_slice();
        if self.max_findings == 0 { all } else { all.get(..self.max_findings).unwrap_or(all) }
    }

    /// How many findings beyond those are not shown.
    fn hidden(&self, outcome: &Outcome) -> usize {
        let hidden = outcome.diagnostics.iter().skip(self.shown(outcome).len());
        hidden.map(Diagnostic::number).sum()
    }
}

/// Writes the report of a run.
pub fn write(format: Format, outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let outcome = &*scrub::scrubbed(outcome, style);
    match format {
        Format::Human => human::write(outcome, style, out),
        Format::Concise => concise::write(outcome, style, out),
        Format::Json => json::write(outcome, style, out),
        Format::JsonLines => json::write_lines(outcome, style, out),
        Format::Sarif => sarif::write(outcome, style, out),
        Format::Github => github::write(outcome, style, out),
        Format::Gitlab => gitlab::write(outcome, style, out),
        Format::Junit => junit::write(outcome, style, out),
        Format::Markdown => markdown::write(outcome, style, out),
    }
}

/// The Markdown report, cut off after whole findings so that it has at most `limit` bytes.
pub fn write_markdown_within(
    limit: usize,
    outcome: &Outcome,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    markdown::write_within(limit, outcome, style, out)
}

/// `1 error`, `3 warnings`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The closing line: what was found in how much.
pub fn summary(outcome: &Outcome) -> String {
    let (errors, warnings, infos) =
        (outcome.count(Severity::Error), outcome.count(Severity::Warning), outcome.count(Severity::Info));
    let scope = format!("{} of {}", counted(outcome.files, "file"), counted(outcome.services, "service"));
    let suppressed = suppressed(outcome);
    if outcome.diagnostics.is_empty() {
        if let Some(nothing) = outcome.nothing {
            return format!("{nothing}.");
        }
        if outcome.files == 0 && !outcome.unknown_files.is_empty() {
            return format!("Nothing to check: no file of a kind that soalint knows{suppressed}.");
        }
        if outcome.files == 0 {
            return format!("Nothing to check: no file was read{suppressed}.");
        }
        return format!("All good: nothing found in {scope}{suppressed}.");
    }
    let mut parts = Vec::new();
    for (number, noun) in [(errors, "error"), (warnings, "warning"), (infos, "note")] {
        if number > 0 {
            parts.push(counted(number, noun));
        }
    }
    format!("Found {} in {scope}{suppressed}{}{}.", parts.join(", "), unread(outcome), fixable(outcome))
}

/// Which files were not checked because soalint does not know their kind, by the first word of their names; `None`
/// where there are none.
pub(crate) fn unknown_files(outcome: &Outcome) -> Option<String> {
    /// Kinds that are named at most.
    const MOST_KINDS: usize = 5;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for file in &outcome.unknown_files {
        let name = file.rsplit('/').next().unwrap_or("");
        let kind = match name.split_once('-') {
            Some((kind, _)) => format!("{kind}-*.yaml"),
            None => name.to_owned(),
        };
        *kinds.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = kinds.len().saturating_sub(MOST_KINDS);
    let named = kinds.iter().take(MOST_KINDS).map(|(kind, count)| match count {
        1 => format!("`{}`", printable(kind)),
        count => format!("`{}` ({count})", printable(kind)),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    match outcome.unknown_files.len() {
        0 => None,
        1 => {
            Some(format!("1 file is of a kind that soalint does not know, and at most read as YAML: {named}"))
        }
        number => Some(format!(
            "{number} files are of kinds that soalint does not know, and at most read as YAML: {named}{more}"
        )),
    }
}

/// `; 2 files or directories could not be read`, or nothing.
fn unread(outcome: &Outcome) -> String {
    match outcome.unread().count() {
        0 => String::new(),
        1 => "; 1 file or directory could not be read".to_owned(),
        number => format!("; {number} files or directories could not be read"),
    }
}

/// How many findings the options of `check` would repair.
fn fixable(outcome: &Outcome) -> String {
    let count = |safety| outcome.each().filter(|each| each.fix() == Some(safety)).count();
    // After a run with --fix, what could be repaired is.
    let safe = if outcome.fixed.is_some() { 0 } else { count(FixSafety::Safe) };
    let rest = match outcome.fixed {
        Some(counts) => counts.unsafe_left,
        None => count(FixSafety::Unsafe),
    };
    match (safe, rest) {
        (0, 0) => String::new(),
        (0, rest) => format!("; {rest} fixable with --fix --unsafe-fixes"),
        (safe, 0) => format!("; {safe} fixable with --fix"),
        (safe, rest) => format!("; {safe} fixable with --fix, {rest} more with --unsafe-fixes"),
    }
}

/// What repairs did: `Fixed 3 findings in 2 files; 1 more with --unsafe-fixes.`
pub fn fixed(counts: Counts) -> String {
    repaired("Fixed", counts)
}

/// What repairs would do.
pub fn would_fix(counts: Counts) -> String {
    repaired("Would fix", counts)
}

fn repaired(verb: &str, counts: Counts) -> String {
    let mut parts = vec![match (counts.findings, verb) {
        (0, "Fixed") => "Nothing fixed".to_owned(),
        (0, _) => "Nothing to fix".to_owned(),
        (findings, _) => {
            format!("{verb} {} in {}", counted(findings, "finding"), counted(counts.files, "file"))
        }
    }];
    match counts.refused {
        0 => {}
        1 => parts.push("1 fix could not be applied (-v says why)".to_owned()),
        more => parts.push(format!("{more} fixes could not be applied (-v says why)")),
    }
    if counts.unsafe_left > 0 {
        parts.push(format!("{} more with --unsafe-fixes", counts.unsafe_left));
    }
    format!("{}.", parts.join("; "))
}

/// ` (2 ignored, 200 in the baseline, 5 older)`, or nothing.
fn suppressed(outcome: &Outcome) -> String {
    let reasons = [(By::Comment, "ignored"), (By::Baseline, "in the baseline"), (By::Base, "older")];
    let counted = reasons.map(|(by, words)| (outcome.count_suppressed(by), words));
    let shown: Vec<String> =
        counted.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) }
}

/// `file:line:column` with the path as `path` has it; without line and column for a whole file.
fn location(path: String, place: &Place) -> String {
    match (&place.source, place.span) {
        (Some(source), Some(span)) => {
            let at = source.position(span.start);
            format!("{path}:{}:{}", at.line, at.column)
        }
        _ => path,
    }
}

/// A finding in one text without line breaks: what is wrong, and the words at the place.
fn sentence(diagnostic: &Diagnostic) -> String {
    let label = if diagnostic.label.is_empty() { String::new() } else { format!(" ({})", diagnostic.label) };
    printable(&format!("{}{label}", diagnostic.message))
}

/// What the finding says beside the message, by name: only what it has.
fn remarks(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, &str)> {
    let remarks = [("why", &*diagnostic.why), ("help", &*diagnostic.help)];
    remarks.into_iter().filter(|(_, words)| !words.is_empty())
}

/// Fingerprints made unique: of several findings with the same one, later ones get a number.
#[derive(Default)]
struct Fingerprints {
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    fn of(&mut self, diagnostic: &Diagnostic) -> String {
        let fingerprint = diagnostic.fingerprint();
        let count = self.seen.entry(fingerprint.clone()).or_default();
        *count += 1;
        if *count == 1 { fingerprint } else { format!("{fingerprint}:{count}") }
    }
}
