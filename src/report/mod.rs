//! Output: one file per format. Nothing here decides anything; it shows an [`Outcome`].

mod concise;
mod excerpt;
mod human;
mod json;
pub mod read;

use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::Severity;
use crate::dialect::DialectName;

use crate::text::printable;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For reading: source excerpts, reasons, repairs.
    Human,
    /// One line per finding.
    Concise,
    /// One JSON object (docs/design.md section 8).
    Json,
}

/// What every format needs to know beside the findings.
#[derive(Clone, Debug)]
pub struct Style {
    /// Whether to colour; decided once, in [`crate::cli`].
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
    /// The root of the tree as the user named it.
    pub root: String,
    /// What the paths of findings are shown relative to: how the tree is reached from where the
    /// user stands; empty or ending in `/`.
    pub prefix: String,
    /// Dialect of the run.
    pub dialect: DialectName,
    /// At most this many findings are shown; 0 for all.
    pub max_findings: usize,
    /// No summary line.
    pub quiet: bool,
}

/// Writes the report of a run.
pub fn write(format: Format, outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(outcome, style, out),
        Format::Concise => concise::write(outcome, style, out),
        Format::Json => json::write(outcome, style, out),
    }
}

/// `1 error`, `3 warnings`.
fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The closing line: what was found in how much.
fn summary(outcome: &Outcome) -> String {
    let (errors, warnings, infos) =
        (outcome.count(Severity::Error), outcome.count(Severity::Warning), outcome.count(Severity::Info));
    let scope = format!("{} of {}", counted(outcome.files, "file"), counted(outcome.services, "service"));
    if outcome.diagnostics.is_empty() {
        return format!("All good: nothing found in {scope}.");
    }
    let mut parts = Vec::new();
    for (number, noun) in [(errors, "error"), (warnings, "warning"), (infos, "note")] {
        if number > 0 {
            parts.push(counted(number, noun));
        }
    }
    format!("Found {} in {scope}.", parts.join(", "))
}
