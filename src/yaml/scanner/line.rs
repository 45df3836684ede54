//! The usual lines, `key: value` in a block mapping and `- value` in a block list, without the detour over queued
//! tokens.
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

/// What the next line is to an open block list.
pub(in crate::yaml) enum ItemLine {
    /// An item, its dash passed, that is a scalar.
    Scalar(Token),
    /// An item, its dash passed, that is a mapping whose first key starts here.
    Mapping(u32),
    /// Something outside: the list ends here.
    End(u32),
    /// Something to look at more closely.
    Unclear,
}

/// What the value after a key is, on the lines below.
pub(in crate::yaml) enum Nested {
    /// A block mapping that starts here.
    Mapping(u32),
    /// A block list that starts here, further right than the key.
    List(u32),
    /// A block list that starts here, right below the key.
    IndentlessList(u32),
    /// Something to look at more closely.
    Unclear,
}

impl Scanner<'_> {
    /// Whether a key or an item may start at the next token, and no token waits and no key is undecided before it.
    #[inline]
    fn next_line(&mut self) -> bool {
        if !self.queue.is_empty() || !self.keys.is_empty() || self.flow_level != 0 || self.done {
            return false;
        }
        self.skip_to_next_token();
        self.simple_key_allowed
    }

    /// The next line as seen from a block mapping that expects a key.
    #[inline]
    pub(in crate::yaml) fn mapping_line(&mut self) -> Line {
        if !self.next_line() {
            return Line::Unclear;
        }
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

    /// What the value after a key is, if it stands on the lines below.
    #[inline]
    pub(in crate::yaml) fn nested(&mut self) -> Nested {
        if self.cursor.break_at(self.cursor.pos) == 0 {
            return Nested::Unclear;
        }
        self.skip_to_next_token();
        let column = self.column();
        let start = offset(self.cursor.pos);
        let nested = if self.is_item() && column > self.indent {
            Nested::List(start)
        } else if self.is_item() && column == self.indent {
            Nested::IndentlessList(start)
        } else if column > self.indent && self.simple_key_end().is_some() {
            Nested::Mapping(start)
        } else {
            return Nested::Unclear;
        };
        self.queue.clear();
        self.add_indent(column);
        nested
    }

    /// Whether a dash that announces an item is here. What looks like a document marker is looked at more closely.
    #[inline]
    fn is_item(&self) -> bool {
        self.cursor.peek() == b'-' && self.cursor.at(self.cursor.pos + 1) == b' '
    }

    /// The next line as seen from a block list; `is_indentless` if its dashes stand right below the key.
    #[inline]
    pub(in crate::yaml) fn item_line(&mut self, is_indentless: bool) -> ItemLine {
        if !self.next_line() {
            return ItemLine::Unclear;
        }
        let column = self.column();
        let start = self.cursor.pos;
        if self.cursor.peek().is_ascii_alphanumeric() {
            if is_indentless && column <= self.indent {
                return ItemLine::End(offset(start));
            }
            if !is_indentless && column < self.indent {
                self.indent = self.indents.pop().unwrap_or(-1);
                return ItemLine::End(offset(start));
            }
        }
        if column != self.indent || !self.is_item() {
            return ItemLine::Unclear;
        }
        let before = self.cursor;
        self.cursor.pos += 1;
        self.cursor.skip_spaces();
        if self.simple_key_end().is_some() {
            let column = self.column();
            self.add_indent(column);
            return ItemLine::Mapping(offset(self.cursor.pos));
        }
        if self.cursor.peek().is_ascii_alphanumeric() {
            let (side, notes) = (self.side.len(), self.notes.len());
            let token = self.scan_plain();
            self.cursor.skip_spaces();
            if self.cursor.peek() != b':' {
                return ItemLine::Scalar(token);
            }
            // Perhaps a key after all.
            self.side.truncate(side);
            self.notes.truncate(notes);
        }
        self.cursor = before;
        self.simple_key_allowed = true;
        ItemLine::Unclear
    }
}
