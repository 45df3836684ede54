//! `path:line:column: severity[rule] message`, one line per finding.

use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::Diagnostic;

use super::{Style, printable, summary};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = if style.max_findings == 0 { usize::MAX } else { style.max_findings };
    for diagnostic in outcome.diagnostics.iter().take(shown) {
        writeln!(out, "{}", line(diagnostic, style))?;
    }
    if outcome.diagnostics.len() > shown {
        writeln!(out, "... and {} more (--max-findings)", outcome.diagnostics.len() - shown)?;
    }
    if !style.quiet {
        writeln!(out, "{}", summary(outcome))?;
    }
    Ok(())
}

fn line(diagnostic: &Diagnostic, style: &Style) -> String {
    let place = &diagnostic.place;
    let position = match (&place.source, place.span) {
        (Some(source), Some(span)) => {
            let at = source.position(span.start);
            format!(":{}:{}", at.line, at.column)
        }
        _ => String::new(),
    };
    let text = format!(
        "{}{}{position}: {}[{}] {}",
        style.prefix, place.file, diagnostic.severity, diagnostic.rule.name, diagnostic.message
    );
    printable(&text)
}
