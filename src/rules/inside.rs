//! Places inside a value: from an offset in a scalar's text to the characters of the file.

use std::ops::Range;

use crate::diagnostic::{Edit, Finding};
use crate::source::Span;
use crate::yaml::{Style, Value};

use super::{InstanceCx, Located};

/// A part of a scalar in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    /// The part's characters, or the whole scalar where those cannot be told.
    pub(crate) span: Span,
    /// Whether these are the part's characters, so that they can be replaced.
    pub(crate) exact: bool,
}

impl Inside {
    /// The characters of `range`, which counts bytes of the text of `value`.
    ///
    /// Plain and quoted scalars without escapes, on one line or several, and block scalars have
    /// the characters of their text in the same order, with blanks, line breaks and doubled
    /// quotes between. Where that does not hold (escapes), the whole scalar is the answer.
    pub(crate) fn of(value: Value<'_>, range: &Range<usize>) -> Self {
        let whole = Self { span: value.span(), exact: false };
        let text = value.text();
        let Some(part) = text.get(range.clone()) else { return whole };
        let raw = value.raw();
        let skip = match value.style() {
            Style::Single | Style::Double => 1,
            // The indicator has a line of its own.
            Style::Literal | Style::Folded => raw.find('\n').map_or(raw.len(), |end| end + 1),
            _ => 0,
        };
        let Some(written) = raw.get(skip..) else { return whole };
        let offsets = if written.as_bytes().starts_with(text.as_bytes()) {
            Some(range.clone())
        } else {
            walk(written, text, range, value.style() == Style::Single)
        };
        let Some(found) = offsets else { return whole };
        let start = value.span().start as usize + skip;
        let (Ok(from), Ok(to)) = (u32::try_from(start + found.start), u32::try_from(start + found.end))
        else {
            return whole;
        };
        let span = Span::new(from, to);
        Self { span, exact: span.of(value.tree().text()) == part }
    }
}

/// Finds the characters of `range` by walking through both texts side by side.
fn walk(written: &str, text: &str, range: &Range<usize>, single: bool) -> Option<Range<usize>> {
    let mut source = written.char_indices().peekable();
    let mut from = None;
    let mut end = 0;
    for (at, wanted) in text.char_indices() {
        if at >= range.end {
            break;
        }
        // Blanks and line breaks are what folding changes.
        if wanted.is_whitespace() {
            continue;
        }
        while source.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        let (offset, c) = source.next()?;
        if c != wanted {
            return None;
        }
        if single && c == '\'' {
            source.next_if(|(_, c)| *c == '\'')?;
        }
        if at >= range.start {
            from.get_or_insert(offset);
            end = offset + c.len_utf8();
        }
    }
    Some(from?..end)
}

impl<'a> InstanceCx<'a> {
    /// Something is wrong with a part of the text of an entry; with the part's place.
    pub(crate) fn at_range(
        &self,
        located: &Located<'a>,
        range: &Range<usize>,
        message: impl Into<String>,
    ) -> (Finding, Inside) {
        let inside = Inside::of(located.value, range);
        // Nothing to underline: the value, or the key of an empty one.
        let finding = if inside.span.is_empty() {
            self.at_value(located, message)
        } else {
            self.at_span(located, inside.span, message)
        };
        (finding, inside)
    }
}

/// Replaces a part of a scalar, if it is known where that is written.
///
/// `text` must be fit for the scalar's style: without quotes, `#` and `:`.
pub(crate) fn replace(inside: Inside, text: impl Into<String>) -> Option<Vec<Edit>> {
    inside.exact.then(|| vec![Edit { span: inside.span, text: text.into() }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Budget, parse};

    fn found(yaml: &str, part: &str) -> (String, bool) {
        let tree = parse(yaml.as_bytes(), &Budget::default()).expect(yaml);
        let value = tree.root().get("a").expect("a value");
        let start = value.text().find(part).expect(part);
        let inside = Inside::of(value, &(start..start + part.len()));
        (inside.span.of(yaml).to_owned(), inside.exact)
    }

    #[test]
    fn parts_are_found_in_every_style() {
        let exact = |part: &str| (part.to_owned(), true);
        assert_eq!(found("a: one two\n", "two"), exact("two"));
        assert_eq!(found("a: 'it''s two'\n", "two"), exact("two"));
        assert_eq!(found("a: \"one two\"\n", "two"), exact("two"));
        assert_eq!(found("a: one\n  two\n  three\n", "three"), exact("three"));
        assert_eq!(found("a: |\n  one\n    two\n", "two"), exact("two"));
        assert_eq!(found("a: >-\n  one\n  two\n\n  three\n", "three"), exact("three"));
        assert_eq!(found("a: é two\n", "two"), exact("two"));
        // Folded between them: found, but not as it stands in the text.
        assert_eq!(found("a: >-\n  one\n  two\n", "one two"), ("one\n  two".to_owned(), false));
        // An escape: the whole value.
        assert_eq!(found("a: \"\\x6fne two\"\n", "two"), ("\"\\x6fne two\"".to_owned(), false));
    }
}
