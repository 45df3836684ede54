//! `path:line:column: severity[rule] message (label)`, one line per finding; `[*]` before the message is a safe
//! repair that `--fix` would make, as users of other linters know it.

use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, FixSafety};

use super::escape::inert;
use super::{Style, location, printable, sentence, summary};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(outcome);
    for diagnostic in shown {
        writeln!(out, "{}", inert(&line(diagnostic, style)))?;
    }
    let more = style.hidden(outcome);
    if more > 0 {
        writeln!(out, "... and {more} more (--max-findings)")?;
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
    let place = location(style.path(&diagnostic.place.file), &diagnostic.place);
    let is_fixable = diagnostic.fix.as_ref().is_some_and(|fix| fix.safety == FixSafety::Safe);
    let mark = if is_fixable { "[*] " } else { "" };
    let words = sentence(diagnostic);
    printable(&format!("{place}: {}[{}] {mark}{words}", diagnostic.severity, diagnostic.rule.name))
}
