//! GitLab's code quality report: a list of issues (its documentation, "Code Quality report format").

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::printable;

use super::escape::json_pretty;
use super::{Fingerprints, Style, sentence};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    /// GitLab shows one issue of each fingerprint only.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

/// 1-based; both are required of an issue about a whole file, too.
#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = RefCell::default();
    json_pretty(&Issues { diagnostics: style.shown(outcome), fingerprints, style }, out)
}

/// The list, each finding made an issue when it is written.
struct Issues<'a> {
    diagnostics: &'a [Diagnostic],
    fingerprints: RefCell<Fingerprints>,
    style: &'a Style,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.diagnostics.iter().map(|diagnostic| {
            let fingerprint = self.fingerprints.borrow_mut().of(diagnostic);
            issue(diagnostic, fingerprint, self.style)
        }))
    }
}

fn issue(diagnostic: &Diagnostic, fingerprint: String, style: &Style) -> Issue {
    let place = &diagnostic.place;
    let lines = match (&place.source, place.span) {
        (Some(source), Some(span)) => {
            Lines { begin: source.position(span.start).line, end: source.position(span.end).line }
        }
        _ => Lines { begin: 1, end: 1 },
    };
    let help = if diagnostic.help.is_empty() { String::new() } else { format!("; {}", diagnostic.help) };
    Issue {
        description: printable(&format!("{}{help}", sentence(diagnostic))),
        check_name: diagnostic.rule.name,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location { path: printable(&format!("{}{}", style.repository, place.file)), lines },
    }
}
