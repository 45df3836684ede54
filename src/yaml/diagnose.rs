//! From the problem in PyYAML's words to the likely mistake and the place to look at.
//!
//! Only runs when a text is refused, on the lines around the problem.

use super::cause::Cause;
use super::chars::offset;
use super::error::{ErrorKind, Fault};
use crate::source::{Span, line_break_length};

/// The likely cause and the most helpful place, at least one character wide where there is one.
pub(super) fn diagnose(fault: &Fault, text: &str) -> (Cause, Span) {
    let scene = Scene::new(fault, text);
    let (cause, span) = match fault.kind {
        ErrorKind::Reader => reader_cause(fault, text),
        ErrorKind::Budget => (fault.cause.clone().unwrap_or(Cause::Limit), fault.mark),
        ErrorKind::Scanner | ErrorKind::Parser => {
            scene.conflict_marker().or_else(|| scene.template()).unwrap_or_else(|| scene.syntax())
        }
        ErrorKind::Composer | ErrorKind::Constructor => {
            scene.conflict_marker().or_else(|| scene.template_key()).unwrap_or_else(|| scene.composition())
        }
    };
    (cause, scene.widened(span))
}

fn reader_cause(fault: &Fault, text: &str) -> (Cause, Span) {
    let c = fault.mark.of(text).chars().next().unwrap_or('\u{FFFD}');
    if let Some(cause) = &fault.cause {
        (cause.clone(), fault.mark)
    } else if fault.problem.contains("special characters") {
        (Cause::NonPrintable(c), fault.mark)
    } else {
        (Cause::NotUtf8, fault.mark)
    }
}

/// The text around a problem.
struct Scene<'a> {
    fault: &'a Fault,
    text: &'a str,
    at: usize,
    /// Start of the line that has the problem.
    line_start: usize,
    line: &'a str,
}

impl<'a> Scene<'a> {
    fn new(fault: &'a Fault, text: &'a str) -> Self {
        let at = (fault.mark.start as usize).min(text.len());
        let (line_start, line) = line_at(text, at);
        Self { fault, text, at, line_start, line }
    }

    fn character_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn widened(&self, span: Span) -> Span {
        if !span.is_empty() {
            return span;
        }
        let at = span.start as usize;
        // At the end of a line, the character before is the better one to mark.
        match self.character_at(at) {
            Some(c) if !matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') => {
                Span::new(span.start, offset(at + c.len_utf8()))
            }
            _ => match self.text.get(..at).and_then(|before| before.chars().next_back()) {
                Some(c) => Span::new(offset(at - c.len_utf8()), span.start),
                None => span,
            },
        }
    }

    fn span(from: usize, length: usize) -> Span {
        Span::new(offset(from), offset(from + length))
    }

    /// The line's text without blanks around it.
    fn line_words(&self) -> Span {
        let indent = self.line.len() - self.line.trim_start().len();
        Self::span(self.line_start + indent, self.line.trim().len())
    }

    /// A file that a version control system could not merge has its markers at the start of lines.
    fn conflict_marker(&self) -> Option<(Cause, Span)> {
        let mut at = 0;
        let mut first = None;
        for line in self.text.split_inclusive(['\n', '\r']) {
            let is_marker =
                ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker));
            if is_marker {
                first = first.or(Some((at, line.trim_end().len())));
            }
            at += line.len();
        }
        first.map(|(at, length)| (Cause::ConflictMarker, Self::span(at, length)))
    }

    fn template(&self) -> Option<(Cause, Span)> {
        let opening = ["{{", "{%", "<%"].iter().filter_map(|opening| self.line.find(opening)).min()?;
        Some((Cause::Template, Self::span(self.line_start + opening, 2)))
    }

    /// `{{ name }}` without quotes is a mapping within a mapping's key.
    fn template_key(&self) -> Option<(Cause, Span)> {
        let opens = self.text.get(..=self.at)?.ends_with("{{");
        let template = opens && self.fault.cause == Some(Cause::NonHashableKey);
        template.then(|| (Cause::Template, Self::span(self.at - 1, 2)))
    }

    fn syntax(&self) -> (Cause, Span) {
        let here = Span::at(offset(self.at));
        match &self.fault.cause {
            Some(Cause::UnclosedQuote { opened, .. } | Cause::UnclosedBracket { opened, .. }) => {
                return (self.fault.cause.clone().unwrap_or(Cause::Other), *opened);
            }
            Some(Cause::BadEscape(span)) => return (Cause::BadEscape(*span), *span),
            Some(cause) => return (cause.clone(), here),
            None => {}
        }
        if let Some(found) = self.quote_that_swallows_lines() {
            return found;
        }
        let words = self.fault.context.map_or("", |context| context.0);
        match self.fault.problem.as_str() {
            "mapping values are not allowed here" => self.second_colon(),
            "could not find expected ':'" => self.no_colon(),
            "sequence entries are not allowed here" => (Cause::DashInValue, here),
            problem if problem.starts_with("expected <block end>") => self.wrong_block(),
            _ if words.contains("an alias") || words.contains("an anchor") => {
                let start = self.fault.context.map_or(self.at, |context| context.1.start as usize);
                let c = self.character_at(start).unwrap_or('*');
                (Cause::ReservedCharacter(c), Self::span(start, 1))
            }
            _ if self.indentation().contains('\t') => self.tab(),
            _ => (Cause::Other, here),
        }
    }

    fn indentation(&self) -> &'a str {
        let length = self.line.len() - self.line.trim_start_matches([' ', '\t']).len();
        self.line.get(..length).unwrap_or("")
    }

    /// A quote that was never closed ends at the next one, some lines below, and what follows there
    /// makes no sense. That keys stand in between gives it away.
    fn quote_that_swallows_lines(&self) -> Option<(Cause, Span)> {
        let before = self.text.get(self.line_start..self.at)?;
        ['"', '\''].into_iter().find_map(|quote| {
            if before.matches(quote).count().is_multiple_of(2) {
                return None;
            }
            let opened = self.text.get(..self.line_start)?.rfind(quote)?;
            let swallowed = self.text.get(opened..self.line_start)?.lines().skip(1).chain([before]);
            let has_key = |line: &str| {
                let word = line.trim_start().trim_start_matches("- ");
                let end = word.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')));
                end.is_some_and(|end| {
                    end > 0 && word.get(end..).is_some_and(|rest| rest.starts_with(": ") || rest == ":")
                })
            };
            let cause = Cause::UnclosedQuote { quote, opened: Self::span(opened, 1) };
            swallowed.into_iter().any(has_key).then_some((cause, Self::span(opened, 1)))
        })
    }

    fn tab(&self) -> (Cause, Span) {
        let at = self.indentation().find('\t').unwrap_or(0);
        (Cause::TabIndent, Self::span(self.line_start + at, 1))
    }

    /// A colon where no key can be: a second one in the line, or a key under a value.
    fn second_colon(&self) -> (Cause, Span) {
        let before = self.text.get(self.line_start..self.at).unwrap_or("");
        let earlier = before
            .match_indices(':')
            .any(|(at, _)| before.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')));
        if earlier {
            return (Cause::ColonInPlainValue, Self::span(self.at, 1));
        }
        if self.indentation().contains('\t') {
            return self.tab();
        }
        if let Some(found) = self.line_before() {
            return found;
        }
        let key = before.trim_start();
        let start = self.line_start + (before.len() - key.len());
        (Cause::BadIndent, Self::span(start, key.len().max(1)))
    }

    /// The line before this one, if it swallowed this one for want of a colon with a blank.
    fn line_before(&self) -> Option<(Cause, Span)> {
        let before = self.text.get(..self.line_start)?.trim_end();
        let (start, line) = line_at(self.text, before.len());
        let words = line.trim();
        let start = start + (line.len() - line.trim_start().len());
        if words.is_empty()
            || words.contains(": ")
            || words.ends_with(':')
            || words.starts_with(['-', '#', '"', '\''])
        {
            return None;
        }
        Some(match words.find(':') {
            Some(at) => (Cause::MissingBlankAfterColon, Self::span(start + at, 1)),
            None => (Cause::MissingColon, Self::span(start, words.len())),
        })
    }

    /// A line that ought to be `key: value` and has no colon with a blank after it.
    fn no_colon(&self) -> (Cause, Span) {
        let start = self.fault.context.map_or(self.at, |context| context.1.start as usize);
        let (line_start, line) = line_at(self.text, start);
        let line = line.get(start.saturating_sub(line_start)..).unwrap_or("");
        if line.starts_with('-') && !line.starts_with("--") {
            return (Cause::MissingBlankAfterDash, Self::span(start, 1));
        }
        let key = line.trim_start_matches(['"', '\'']);
        let colon = line.find(':').filter(|_| key.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if let Some(at) = colon.filter(|at| line.get(at + 1..).is_some_and(|rest| !rest.starts_with("//"))) {
            return (Cause::MissingBlankAfterColon, Self::span(start + at, 1));
        }
        (Cause::MissingColon, Self::span(start, line.trim_end().len().max(1)))
    }

    /// Something that belongs to no open list or mapping.
    fn wrong_block(&self) -> (Cause, Span) {
        let before = self.text.get(self.line_start..self.at).unwrap_or("");
        if before.trim_start_matches(' ').is_empty() {
            return (Cause::BadIndent, self.line_words());
        }
        let quoted = before.trim_end();
        if let Some(quote) = quoted.chars().next_back().filter(|c| matches!(c, '"' | '\'')) {
            let start = self.line_start + quoted.len() - 1;
            let width = self.character_at(self.at).map_or(0, char::len_utf8);
            return (Cause::TextAfterQuote(quote), Span::new(offset(start), offset(self.at + width)));
        }
        (Cause::Other, Span::at(offset(self.at)))
    }

    fn composition(&self) -> (Cause, Span) {
        let cause = self.fault.cause.clone().unwrap_or(Cause::Other);
        let rest = self.text.get(self.at..).unwrap_or("");
        let word =
            rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(rest.len());
        let span = match cause {
            Cause::UndefinedAlias(_)
            | Cause::DuplicateAnchor(_)
            | Cause::UnknownTag(_)
            | Cause::SeveralDocuments => Self::span(self.at, word),
            _ => self.fault.mark,
        };
        (cause, span)
    }
}

/// The line around an offset, without its break.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    let bytes = text.as_bytes();
    let before = text.get(..at).unwrap_or("");
    let start = before
        .rfind(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map_or(0, |found| found + line_break_length(bytes, found).clamp(1, at - found));
    let rest = text.get(start..).unwrap_or("");
    let end = rest.find(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).unwrap_or(rest.len());
    (start, rest.get(..end).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use crate::yaml::{Budget, Cause, parse};

    /// The cause of the problem in a text, and the characters that are to blame.
    fn diagnosed(text: &str) -> (Cause, &str) {
        let error = parse(text.as_bytes(), &Budget::default()).expect_err("the text is refused");
        (error.cause.clone(), error.span.of(text))
    }

    #[test]
    fn an_unclosed_quote_is_found_where_it_opens() {
        for (text, place) in [
            ("main:\n  cmd: \"run\n  env:\n    A: \"1\"\n", 13),
            ("main:\n  cmd: 'it\n  args: ['a', 'b']\n", 13),
            ("main:\n  - \"run\n  - name: \"1\"\n", 10),
        ] {
            let error = parse(text.as_bytes(), &Budget::default()).expect_err("the text is refused");
            assert!(matches!(error.cause, Cause::UnclosedQuote { .. }), "{text}: {:?}", error.cause);
            assert_eq!(error.span.start, place, "{text}");
        }
        // A text of several lines may be closed, and what follows is the mistake.
        let (cause, marked) = diagnosed("main:\n  cmd: \"run\n    fast\" now\n");
        assert_eq!((cause, marked), (Cause::TextAfterQuote('"'), "\" n"));
    }
}
