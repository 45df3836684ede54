//! Character classes of YAML 1.1, by byte, and Python's way of writing a character.

use crate::source::line_break_length;

/// What a byte can mean to the scanner, as a set of bits.
pub(super) mod class {
    /// The space character.
    pub(in crate::yaml) const SPACE: u8 = 1;
    /// The tab character.
    pub(in crate::yaml) const TAB: u8 = 2;
    /// `\n` and `\r`.
    pub(in crate::yaml) const BREAK: u8 = 4;
    /// First byte of U+0085, U+2028 or U+2029, and of many other characters.
    pub(in crate::yaml) const MAYBE_BREAK: u8 = 8;
    /// The zero that stands for the end of the text (which cannot hold one).
    pub(in crate::yaml) const END: u8 = 16;
    /// The colon.
    pub(in crate::yaml) const COLON: u8 = 32;
    /// `,` `?` `[` `]` `{` `}`.
    pub(in crate::yaml) const FLOW: u8 = 64;
    /// Letters, digits, `-` and `_` of ASCII: what names are made of.
    pub(in crate::yaml) const NAME: u8 = 128;
}

/// The classes of every byte.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop stays below 256")]
        let b = byte as u8;
        table[byte] = match b {
            b' ' => class::SPACE,
            b'\t' => class::TAB,
            b'\n' | b'\r' => class::BREAK,
            0xC2 | 0xE2 => class::MAYBE_BREAK,
            0 => class::END,
            b':' => class::COLON,
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => class::FLOW,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' => class::NAME,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// The classes of `byte`.
#[inline]
pub(super) fn class_of(byte: u8) -> u8 {
    CLASS[usize::from(byte)]
}

/// Offsets fit 32 bits because the size budget is far below that.
#[inline]
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether PyYAML lets this character occur in a stream at all.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A place in the text that is being scanned.
///
/// Columns count characters since the last line break, without byte order marks, as PyYAML does.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Offset of the next byte.
    pub(super) pos: usize,
    /// Offset of the first byte of the current line.
    pub(super) line_start: usize,
    ascii: bool,
    counted_to: usize,
    counted: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, ascii: bool) -> Self {
        Self { text, bytes: text.as_bytes(), pos: 0, line_start: 0, ascii, counted_to: 0, counted: 0 }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The byte at an offset, zero past the end.
    #[inline]
    pub(super) fn at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The next byte, zero at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.at(self.pos)
    }

    /// The character at an offset, NUL past the end.
    pub(super) fn char_at(&self, at: usize) -> char {
        self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0')
    }

    /// The text between two offsets.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// Length of the line break at an offset, 0 if there is none.
    #[inline]
    pub(super) fn break_at(&self, at: usize) -> usize {
        match self.at(at) {
            b'\n' => 1,
            b'\r' | 0xC2 | 0xE2 => line_break_length(self.bytes, at),
            _ => 0,
        }
    }

    /// Whether a line break or the end is at the offset.
    #[inline]
    pub(super) fn line_ends_at(&self, at: usize) -> bool {
        let class = class_of(self.at(at));
        class & (class::BREAK | class::END) != 0 || (class & class::MAYBE_BREAK != 0 && self.break_at(at) > 0)
    }

    /// Whether a space, a line break or the end is at the offset.
    #[inline]
    pub(super) fn space_or_line_end_at(&self, at: usize) -> bool {
        self.at(at) == b' ' || self.line_ends_at(at)
    }

    /// Whether a space, a tab, a line break or the end is at the offset.
    #[inline]
    pub(super) fn blank_at(&self, at: usize) -> bool {
        let class = class_of(self.at(at));
        class & (class::SPACE | class::TAB | class::BREAK | class::END) != 0
            || (class & class::MAYBE_BREAK != 0 && self.break_at(at) > 0)
    }

    /// Whether a byte order mark is at the offset.
    pub(super) fn bom_at(&self, at: usize) -> bool {
        self.bytes.get(at..at + 3) == Some(&[0xEF, 0xBB, 0xBF])
    }

    /// Passes spaces.
    #[inline]
    pub(super) fn skip_spaces(&mut self) {
        while self.peek() == b' ' {
            self.pos += 1;
        }
    }

    /// Passes everything up to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.pos = self.line_end();
    }

    /// Where the current line ends, before its line break.
    pub(super) fn line_end(&self) -> usize {
        let mut at = self.pos;
        while !self.line_ends_at(at) {
            at += 1;
        }
        at
    }

    /// Passes the line break here, if any, and says what YAML makes of it.
    #[inline]
    pub(super) fn take_break(&mut self) -> Option<&'a str> {
        let length = self.break_at(self.pos);
        if length == 0 {
            return None;
        }
        let start = self.pos;
        self.pos += length;
        self.line_start = self.pos;
        // U+2028 and U+2029 stay what they are, every other line break is a line feed.
        Some(if length == 3 { self.slice(start, self.pos) } else { "\n" })
    }

    /// Column of the next character, 0-based.
    #[inline]
    pub(super) fn column(&mut self) -> usize {
        if self.ascii {
            return self.pos - self.line_start;
        }
        if self.counted_to < self.line_start || self.counted_to > self.pos {
            self.counted_to = self.line_start;
            self.counted = 0;
        }
        let passed = self.slice(self.counted_to, self.pos);
        self.counted += if passed.is_ascii() {
            passed.len()
        } else {
            passed.chars().filter(|c| *c != '\u{FEFF}').count()
        };
        self.counted_to = self.pos;
        self.counted
    }

    /// Whether more than `limit` characters lie between an earlier offset and here.
    pub(super) fn further_than(&self, limit: usize, from: usize) -> bool {
        let distance = self.pos - from;
        distance > limit
            && (self.ascii || distance > 4 * limit || self.slice(from, self.pos).chars().count() > limit)
    }

    /// Whether `---` or `...` and a blank are here; the caller knows that a line starts.
    #[inline]
    pub(super) fn at_document_marker(&self) -> bool {
        let byte = self.peek();
        (byte == b'-' || byte == b'.')
            && self.at(self.pos + 1) == byte
            && self.at(self.pos + 2) == byte
            && self.blank_at(self.pos + 3)
    }
}

/// A character as Python's `repr` writes it, with quotes.
pub(super) fn python_char(c: char) -> String {
    python_str(c.encode_utf8(&mut [0; 4]))
}

/// A string as Python's `repr` writes it, with quotes.
pub(crate) fn python_str(text: &str) -> String {
    use std::fmt::Write as _;
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c if is_shown(c) => out.push(c),
            // Writing to a string cannot fail.
            c if u32::from(c) < 0x100 => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if u32::from(c) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push(quote);
    out
}

/// Whether Python shows the character instead of an escape. Rust's debug format follows the same
/// Unicode categories; the letter in front keeps it from escaping combining characters.
fn is_shown(c: char) -> bool {
    ['a', c].iter().collect::<String>().escape_debug().nth(1) == Some(c)
}

/// A character beyond ASCII as Python's encoders name it in their messages.
pub(super) fn python_escape(c: char) -> String {
    match u32::from(c) {
        code @ 0..0x100 => format!("\\x{code:02x}"),
        code @ 0x100..0x1_0000 => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}
