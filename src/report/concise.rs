//! `path:line:column: severity[rule] message`, one line per finding.

use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::Diagnostic;

use super::escape::inert;
use super::{Style, location, printable, summary};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(outcome);
    for diagnostic in shown {
        writeln!(out, "{}", inert(&line(diagnostic, style)))?;
    }
    if outcome.diagnostics.len() > shown.len() {
        writeln!(out, "... and {} more (--max-findings)", outcome.diagnostics.len() - shown.len())?;
    }
    if !style.quiet {
        if let Some(counts) = outcome.fixed {
            writeln!(out, "{}", super::fixed(counts))?;
        }
        writeln!(out, "{}", summary(outcome))?;
    }
    Ok(())
}

fn line(diagnostic: &Diagnostic, style: &Style) -> String {
    let place = location(&style.prefix, &diagnostic.place);
    let text = format!("{place}: {}[{}] {}", diagnostic.severity, diagnostic.rule.name, diagnostic.message);
    printable(&text)
}
