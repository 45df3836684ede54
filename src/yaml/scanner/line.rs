//! The usual line, `key: value` in a block mapping, without the detour over queued tokens.
//!
//! Each function either does exactly what fetching and handing out tokens would do, or nothing.

use super::super::chars::{class, class_of, offset};
use super::super::error::Faulty;
use super::{SIMPLE_KEY_LIMIT, Scanner, Style, Token, TokenKind};
use crate::source::Span;

/// What the next line is to an open block mapping.
pub(in crate::yaml) enum Line {
    /// One of its keys, passed with its colon.
    Key(Span),
    /// Something outside: the mapping ends here.
    End(u32),
    /// Something to look at more closely.
    Unclear,
}

impl Scanner<'_> {
    /// Whether no token waits, no key is undecided, and a key may start here in block context.
    #[inline]
    fn is_between_lines(&self) -> bool {
        self.queue.is_empty() && self.keys.is_empty() && self.simple_key_allowed && self.flow_level == 0
    }

    /// The next line as seen from a block mapping that expects a key.
    #[inline]
    pub(in crate::yaml) fn mapping_line(&mut self) -> Line {
        if !self.is_between_lines() || self.done {
            return Line::Unclear;
        }
        self.skip_to_next_token();
        let column = self.column();
        let start = self.cursor.pos;
        if column < self.indent && self.cursor.peek().is_ascii_alphanumeric() {
            self.indent = self.indents.pop().unwrap_or(-1);
            return Line::End(offset(start));
        }
        if column != self.indent {
            return Line::Unclear;
        }
        let Some(end) = self.simple_key_end() else { return Line::Unclear };
        self.cursor.pos = end + 1;
        self.simple_key_allowed = false;
        Line::Key(Span::new(offset(start), offset(end)))
    }

    /// Where a key ends that starts here, is one ASCII word or more without blanks, and has its colon.
    #[inline]
    fn simple_key_end(&self) -> Option<usize> {
        const STOP: u8 =
            class::SPACE | class::TAB | class::BREAK | class::MAYBE_BREAK | class::END | class::COLON;
        let start = self.cursor.pos;
        if !self.cursor.at(start).is_ascii_alphanumeric() {
            return None;
        }
        let mut at = start + 1;
        while class_of(self.cursor.at(at)) & STOP == 0 {
            at += 1;
        }
        let is_key = self.cursor.at(at) == b':'
            && matches!(self.cursor.at(at + 1), b' ' | b'\n')
            && at - start <= SIMPLE_KEY_LIMIT;
        is_key.then_some(at)
    }

    /// The value after a key that `mapping_line` passed, if it is a scalar on the same line. Otherwise
    /// the colon is queued as a token.
    #[inline]
    pub(in crate::yaml) fn mapping_value(&mut self) -> Faulty<Option<Token>> {
        let after_colon = offset(self.cursor.pos);
        self.cursor.skip_spaces();
        match self.cursor.peek() {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'/' | b'.' | b'_' | b'~' => {
                Ok(Some(self.scan_plain()))
            }
            b'"' => self.scan_flow_scalar(Style::Double).map(Some),
            b'\'' => self.scan_flow_scalar(Style::Single).map(Some),
            _ => {
                self.queue.push(Token::new(TokenKind::Value, after_colon - 1, after_colon));
                Ok(None)
            }
        }
    }

    /// Whether the value after a key is a block mapping on the lines below; if so, its start.
    #[inline]
    pub(in crate::yaml) fn nested_mapping(&mut self) -> Option<u32> {
        if self.cursor.break_at(self.cursor.pos) == 0 {
            return None;
        }
        self.skip_to_next_token();
        let column = self.column();
        if column <= self.indent || self.simple_key_end().is_none() {
            return None;
        }
        self.queue.clear();
        self.add_indent(column);
        Some(offset(self.cursor.pos))
    }
}
