//! Text and places in it: byte spans, the line index, bounded excerpts.
//!
//! Everything inside works in byte offsets; lines and columns are computed only for
//! what is shown. Lines and columns are 1-based, columns count characters (design.md section 7).

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::secret::Hidden;
use crate::yaml::Tree;

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just after the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty place at `offset`.
    pub const fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// Number of bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly within this span.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The part of `text` that the span covers, clipped to the text and to character boundaries.
    pub fn of(self, text: &str) -> &str {
        let start = floor_boundary(text, self.start as usize);
        let end = floor_boundary(text, self.end as usize).max(start);
        text.get(start..end).unwrap_or("")
    }
}

/// Replaces one stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// Whether a byte of UTF-8 is the first of a character.
const fn starts_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A place as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
}

/// The text of one file with its lines, found on first use.
///
/// Line breaks are those of YAML 1.1 as PyYAML counts them: `\n`, `\r\n`, `\r`,
/// U+0085, U+2028 and U+2029.
#[derive(Debug, Default)]
pub struct SourceText {
    text: String,
    lines: OnceLock<Vec<u32>>,
    /// Number of characters before every `STRIDE`th byte; empty where characters are bytes.
    characters: OnceLock<Vec<u32>>,
    // Few files are asked for it.
    hidden: OnceLock<Box<Hidden>>,
}

/// Distance of the bytes for which the number of characters is remembered.
const STRIDE: usize = 64;

impl Clone for SourceText {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl SourceText {
    /// Takes over `text`; lines are not looked for yet.
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Takes over the text of `.soalint.yaml`, in which `env-secret-suspect: off` gives no secret away.
    pub fn of_configuration(text: String) -> Self {
        let hidden = OnceLock::from(Box::new(Hidden::of_configuration(&text)));
        Self { text, hidden, ..Self::default() }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What must not be shown of it, looked for on first use.
    pub fn hidden(&self) -> &Hidden {
        self.hidden.get_or_init(|| Box::new(Hidden::of(&self.text)))
    }

    /// Takes what must not be shown from its tree, unless that was looked for before.
    pub(crate) fn hide_secrets_of(&self, tree: &Tree) {
        self.hidden.get_or_init(|| Box::new(Hidden::of_tree(tree)));
    }

    /// What stands at `span`, without secrets; the number of characters stays.
    pub fn masked(&self, span: Span) -> String {
        self.hidden().mask(self, span)
    }

    /// Words that may quote the text, without its secrets.
    pub fn scrub<'w>(&self, words: &'w str) -> Cow<'w, str> {
        self.hidden().scrub(self, words)
    }

    /// Byte offset at which each line starts. Never empty.
    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            // What begins a line break; a `\n` may be the end of one, too.
            let breaks = bytes.iter().enumerate().filter(|(_, b)| matches!(**b, b'\n' | b'\r' | 0xC2 | 0xE2));
            let mut next = 0;
            for (at, _) in breaks {
                let length = line_break_length(bytes, at);
                if length > 0 && at >= next {
                    next = at + length;
                    starts.push(u32::try_from(next).unwrap_or(u32::MAX));
                }
            }
            starts
        })
    }

    /// Number of lines; text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// 0-based index of the line that holds `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line (0-based), without its line break.
    pub fn line_span(&self, line: usize) -> Span {
        let starts = self.line_starts();
        let Some(&start) = starts.get(line) else {
            let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            return Span::at(end);
        };
        let end = starts.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        let bytes = self.text.as_bytes();
        let mut stop = end;
        for width in [1, 2, 3] {
            if let Some(at) = end.checked_sub(width)
                && at >= start as usize
                && line_break_length(bytes, at) == width
            {
                stop = at;
            }
        }
        Span::new(start, u32::try_from(stop).unwrap_or(u32::MAX))
    }

    /// Number of characters before a byte offset, in constant time, since one line can hold
    /// everything and have a finding at each of its values.
    fn characters_before(&self, offset: usize) -> usize {
        let counts = self.characters.get_or_init(|| self.count_characters());
        let stride = offset / STRIDE;
        let Some(&count) = counts.get(stride) else { return offset };
        let rest = self.text.as_bytes().get(stride * STRIDE..offset).unwrap_or(&[]);
        count as usize + rest.iter().filter(|byte| starts_character(**byte)).count()
    }

    fn count_characters(&self) -> Vec<u32> {
        if self.text.is_ascii() {
            return Vec::new();
        }
        let mut count = 0;
        let chunks = self.text.as_bytes().chunks(STRIDE);
        let mut counts: Vec<u32> = chunks
            .map(|chunk| {
                let before = count;
                count += chunk.iter().filter(|byte| starts_character(**byte)).count();
                u32::try_from(before).unwrap_or(u32::MAX)
            })
            .collect();
        counts.push(u32::try_from(count).unwrap_or(u32::MAX));
        counts
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.line_starts().get(line).copied().unwrap_or(0);
        let end = floor_boundary(&self.text, offset as usize);
        let column = self.characters_before(end).saturating_sub(self.characters_before(start as usize)) + 1;
        Position { line: line + 1, column }
    }
}

/// How many bytes of a line break start at `at`; 0 if none does.
pub fn line_break_length(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
        Some(0xC2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xE2) if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_follow_yaml() {
        let source = SourceText::new("é: 1\r\nb: 2\u{85}c: 3\n".to_owned());
        assert_eq!(source.line_count(), 4);
        assert_eq!(source.position(4), Position { line: 1, column: 4 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.line_span(0).of(source.text()), "é: 1");
        assert_eq!(source.line_span(1).of(source.text()), "b: 2");
        assert_eq!(source.line_span(2).of(source.text()), "c: 3");
        assert_eq!(source.line_span(3).of(source.text()), "");
        assert_eq!(source.position(999).line, 4);
    }

    #[test]
    fn columns_are_right_far_into_a_line() {
        let text = "aé€😀".repeat(100);
        let source = SourceText::new(text.clone());
        for (column, (offset, _)) in text.char_indices().enumerate() {
            let offset = u32::try_from(offset).unwrap();
            assert_eq!(source.position(offset), Position { line: 1, column: column + 1 });
        }
        assert_eq!(source.position(u32::MAX), Position { line: 1, column: 401 });
    }
}
