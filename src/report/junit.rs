//! JUnit's XML, as CI systems read it: a suite per file, a case per finding. Findings that fail the
//! run are failures; the others are cases that passed and say something.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::check::Outcome;
use crate::diagnostic::Diagnostic;

use super::escape::xml;
use super::{Style, location, remarks, sentence};

pub(super) fn write(outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(outcome);
    let failures = count_failures(shown, style);
    let errors = outcome.failures.len();
    let is_silent = shown.is_empty() && errors == 0;
    let cases = shown.len() + errors + usize::from(is_silent);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"soalint\" tests=\"{cases}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    if is_silent || errors > 0 {
        write_run(outcome, out)?;
    }
    // Findings are sorted by file.
    for file in shown.chunk_by(|a, b| a.place.file == b.place.file) {
        let Some(first) = file.first() else { continue };
        let name = xml(&style.path(&first.place.file));
        let failures = count_failures(file, style);
        writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">",
            file.len()
        )?;
        for diagnostic in file {
            write_case(diagnostic, &name, style, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The suite of the run itself: what could not be done, else that nothing was found. A report without a case is a
/// mistake for several readers.
fn write_run(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let errors = outcome.failures.len();
    let skipped = usize::from(errors == 0 && outcome.files == 0);
    writeln!(
        out,
        "  <testsuite name=\"soalint\" tests=\"{}\" failures=\"0\" errors=\"{errors}\" skipped=\"{skipped}\">",
        errors.max(1)
    )?;
    let case = "<testcase name=\"check\" classname=\"soalint\"";
    for failure in &outcome.failures {
        writeln!(out, "    {case}><error type=\"failure\" message=\"{}\"/></testcase>", xml(failure))?;
    }
    if skipped > 0 {
        let reason = xml(&super::summary(outcome));
        writeln!(out, "    {case}><skipped message=\"{reason}\"/></testcase>")?;
    } else if errors == 0 {
        writeln!(out, "    {case}/>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn count_failures(diagnostics: &[Diagnostic], style: &Style) -> usize {
    diagnostics.iter().filter(|diagnostic| fails(diagnostic, style)).count()
}

fn fails(diagnostic: &Diagnostic, style: &Style) -> bool {
    style.fail_on.is_some_and(|severity| diagnostic.severity >= severity)
}

fn write_case(diagnostic: &Diagnostic, class: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rule = diagnostic.rule.name;
    let path = style.path(&diagnostic.place.file);
    let length = path.len();
    let place = location(path, &diagnostic.place);
    let position = place.get(length..).unwrap_or_default();
    let mut text = format!("{place}: {}[{rule}] {}", diagnostic.severity, sentence(diagnostic));
    for (name, words) in remarks(diagnostic) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{name}: {words}");
    }
    let text = xml(&text);
    writeln!(out, "    <testcase name=\"{}\" classname=\"{class}\">", xml(&format!("{rule}{position}")))?;
    if fails(diagnostic, style) {
        let message = xml(&sentence(diagnostic));
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{message}\">{text}</failure>",
            diagnostic.severity
        )?;
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}
