//! A table in GitHub's Markdown, for comments and the summary of a job.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Severity};

use super::escape::{code, markdown_with_code};
use super::{Style, location, remarks, sentence, summary};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_within(usize::MAX, outcome, style, out)
}

/// At most `limit` bytes: findings that would be too many are only counted.
pub(super) fn write_within(
    limit: usize,
    outcome: &Outcome,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    /// The last line, however large the number in it.
    const REST: usize = 100;
    let head = format!("### soalint\n\n{}\n", summary(outcome));
    out.write_all(head.as_bytes())?;
    if outcome.diagnostics.is_empty() {
        return Ok(());
    }
    let titles = "\n| | Where | What | Rule |\n|---|---|---|---|\n";
    out.write_all(titles.as_bytes())?;
    let mut left = limit.saturating_sub(head.len() + titles.len() + REST);
    let mut diagnostics: Vec<&Diagnostic> = outcome.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    let most = if style.max_findings == 0 { diagnostics.len() } else { style.max_findings };
    let mut shown = 0;
    for diagnostic in diagnostics.iter().take(most) {
        let row = row(diagnostic, style);
        let Some(rest) = left.checked_sub(row.len()) else { break };
        left = rest;
        out.write_all(row.as_bytes())?;
        shown += 1;
    }
    let more: usize = diagnostics.iter().skip(shown).map(|diagnostic| diagnostic.number()).sum();
    if more > 0 {
        writeln!(out, "\n... and {more} more.")?;
    }
    Ok(())
}

fn row(diagnostic: &Diagnostic, style: &Style) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut what = markdown_with_code(&sentence(diagnostic));
    for (name, words) in remarks(diagnostic) {
        // Writing to a string cannot fail.
        let _ = write!(what, "<br>{name}: {}", markdown_with_code(words));
    }
    let place = code(&location(format!("{}{}", style.repository, diagnostic.place.file), &diagnostic.place));
    format!("| {severity} | {place} | {what} | {} |\n", code(diagnostic.rule.name))
}
