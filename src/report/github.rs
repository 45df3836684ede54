//! Workflow commands, which GitHub shows as annotations beside the changed lines.
//!
//! GitHub keeps the first ten of each level of a step (its "Workflow commands" page and the limits of
//! check runs), so the gravest come first; all of them stay readable in the log.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::text::printable;

use super::escape::{command_data, command_property, inert};
use super::{Style, location, remarks, sentence, summary};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut diagnostics: Vec<&Diagnostic> = outcome.diagnostics.iter().collect();
    // Stable: within a level the order of every report stays.
    diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    let shown = if style.max_findings == 0 { diagnostics.len() } else { style.max_findings };
    for diagnostic in diagnostics.iter().take(shown) {
        writeln!(out, "{}", command(diagnostic, style))?;
    }
    let more: usize = diagnostics.iter().skip(shown).map(|diagnostic| diagnostic.number()).sum();
    if more > 0 {
        writeln!(out, "... and {more} more (--max-findings)")?;
    }
    if !style.quiet {
        writeln!(out, "{}", inert(&summary(outcome)))?;
    }
    Ok(())
}

fn command(diagnostic: &Diagnostic, style: &Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = &diagnostic.place;
    let file = command_property(&printable(&format!("{}{}", style.repository, place.file)));
    let title = command_property(&format!("soalint ({})", diagnostic.rule.name));
    // The log shows neither file nor title.
    let mut text = format!(
        "{}: {} [{}]",
        location(format!("{}{}", style.repository, place.file), place),
        sentence(diagnostic),
        diagnostic.rule.name
    );
    for (name, words) in remarks(diagnostic) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{name}: {words}");
    }
    let text = text.split('\n').map(printable).collect::<Vec<_>>().join("\n");
    format!("::{level} file={file}{},title={title}::{}", range(place), command_data(&text))
}

/// Line and column properties. The runner ignores columns of a place with several lines.
fn range(place: &Place) -> String {
    let (Some(source), Some(span)) = (&place.source, place.span) else { return String::new() };
    let (start, end) = (source.position(span.start), source.position(span.end));
    if start.line == end.line {
        format!(",line={},endLine={},col={},endColumn={}", start.line, end.line, start.column, end.column)
    } else {
        format!(",line={},endLine={}", start.line, end.line)
    }
}
