//! What a fix would make of a line, for reports.

use crate::diagnostic::{Diagnostic, FixSafety};
use crate::secret::Hidden;
use crate::source::{Edit, SourceText};

use super::printable;

/// Longest line that is shown, in characters.
const LONGEST: usize = 60;

/// The fix of a finding in words: its title, the line that it makes if that is short, and whether a
/// person should look at it.
pub(super) fn fix_words(diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let mut words = fix.title.clone();
    if let Some(line) = changed_line(diagnostic, &fix.edits) {
        // The title may say all there is to say.
        if !words.contains(&format!("`{line}`")) {
            words = format!("{words}: `{line}`");
        }
    }
    if fix.safety == FixSafety::Unsafe {
        words.push_str(" (unsafe)");
    }
    Some(words)
}

/// The one line that the edits change, as they leave it.
fn changed_line(diagnostic: &Diagnostic, edits: &[Edit]) -> Option<String> {
    let source = diagnostic.place.source.as_ref()?;
    let number = source.line_of(edits.first()?.span.start);
    let span = source.line_span(number);
    if source.hidden().meets(span) {
        return None;
    }
    let mut line = span.of(source.text()).to_owned();
    if line.len() > 4 * LONGEST {
        return None;
    }
    for edit in edits.iter().rev() {
        if !span.contains(edit.span) || edit.text.contains(['\n', '\r']) {
            return None;
        }
        let (start, end) = ((edit.span.start - span.start) as usize, (edit.span.end - span.start) as usize);
        let is_fit = start <= end && line.is_char_boundary(start) && line.is_char_boundary(end);
        is_fit.then(|| line.replace_range(start..end, &edit.text))?;
    }
    let line = line.trim();
    let is_shown = !line.is_empty()
        && line.chars().count() <= LONGEST
        && !line.contains('`')
        && !shows_secret(source, line);
    is_shown.then(|| printable(line))
}

/// Whether the edits of a fix, or the lines that they are made in, hold a secret: then they are not repeated.
pub(super) fn holds_secret(diagnostic: &Diagnostic, edits: &[Edit]) -> bool {
    let Some(source) = diagnostic.place.source.as_ref() else { return false };
    edits.iter().any(|edit| {
        let lines = source
            .line_span(source.line_of(edit.span.start))
            .to(source.line_span(source.line_of(edit.span.end)));
        source.hidden().meets(lines) || shows_secret(source, &edit.text)
    })
}

/// Whether a text made of parts of `source` holds one of its secrets, or one of its own.
fn shows_secret(source: &SourceText, text: &str) -> bool {
    source.scrub(text) != text || !Hidden::of(text).is_empty()
}
