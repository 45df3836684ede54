//! From text to tokens, one at a time and no earlier than the parser asks, since which of several
//! problems of a text is reported depends on how far the scanner has looked.
//!
//! A node that could still turn out to be a mapping key (a "simple key": on one line, at most 1024
//! characters) is remembered until its colon comes or cannot come any more. At most one such
//! candidate exists per flow level, and candidates of outer levels are older, so they form a queue:
//! all bookkeeping is constant time per token however deep the nesting.

mod block_scalar;
mod flow_scalar;
mod line;
mod plain;
mod properties;
mod token;

use super::cause::Cause;
use super::chars::{Cursor, class, class_of, offset, python_char};
use super::error::{ErrorKind, Fault, Faulty};
use super::loaders::{Disagreement, Note};
use crate::source::Span;
pub(super) use line::{ItemLine, Line, Nested};
use token::Before;
pub use token::Style;
pub(super) use token::{Directive, Tag, Text, Token, TokenKind};

/// A key must end within this many characters of its start.
const SIMPLE_KEY_LIMIT: usize = 1024;

#[derive(Clone, Copy, Debug)]
struct SimpleKey {
    flow_level: i32,
    /// Which token, counted from the start of the stream, would be the key.
    number: usize,
    /// Block context at the very indentation: the node has to be a key.
    required: bool,
    start: usize,
    line_start: usize,
    column: i32,
}

/// The scanner's state.
pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    queue: Vec<Token>,
    head: usize,
    /// Number of tokens handed out, without those that keys brought along.
    taken: usize,
    done: bool,
    /// Below zero after a stray closing bracket.
    flow_level: i32,
    indent: i32,
    indents: Vec<i32>,
    simple_key_allowed: bool,
    keys: Vec<SimpleKey>,
    keys_head: usize,
    /// Text that differs from its source: unescaped, folded, joined.
    pub(super) side: String,
    pub(super) directives: Vec<Directive>,
    /// Every comment, from `#` to the end of its line.
    pub(super) comments: Vec<Span>,
    /// Places that other YAML readers take differently.
    pub(super) notes: Vec<Note>,
    /// Line breaks not yet known to be part of a scalar; kept to reuse its memory.
    breaks: String,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, ascii: bool) -> Self {
        Self {
            cursor: Cursor::new(text, ascii),
            queue: Vec::with_capacity(16),
            head: 0,
            taken: 0,
            done: false,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            keys: Vec::new(),
            keys_head: 0,
            side: String::new(),
            directives: Vec::new(),
            comments: Vec::new(),
            notes: Vec::new(),
            breaks: String::new(),
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.cursor.text()
    }

    /// The next token, left in place. After the stream's end, the end again.
    #[inline]
    pub(super) fn peek(&mut self) -> Faulty<Token> {
        self.fill()?;
        let Some(token) = self.queue.get(self.head) else {
            let end = offset(self.cursor.pos);
            return Ok(Token::new(TokenKind::StreamEnd, end, end));
        };
        Ok(match token.before {
            Before::Nothing => *token,
            Before::Key => Token::new(TokenKind::Key, token.start, token.start),
            Before::MappingAndKey => Token::new(TokenKind::BlockMappingStart, token.start, token.start),
        })
    }

    /// Passes the token that was peeked.
    #[inline]
    pub(super) fn advance(&mut self) {
        let Some(token) = self.queue.get_mut(self.head) else { return };
        match token.before {
            Before::MappingAndKey => token.before = Before::Key,
            Before::Key => token.before = Before::Nothing,
            Before::Nothing => {
                self.taken += 1;
                self.head += 1;
                if self.head == self.queue.len() {
                    self.queue.clear();
                    self.head = 0;
                }
            }
        }
    }

    /// Scans until the next token cannot become a key any more.
    #[inline]
    fn fill(&mut self) -> Faulty<()> {
        while !self.done {
            if self.head < self.queue.len() {
                if self.keys_head == self.keys.len() {
                    return Ok(());
                }
                self.drop_stale_keys()?;
                if self.keys.get(self.keys_head).is_none_or(|key| key.number != self.taken) {
                    return Ok(());
                }
            }
            self.fetch()?;
        }
        Ok(())
    }

    fn fetch(&mut self) -> Faulty<()> {
        self.skip_to_next_token();
        self.drop_stale_keys()?;
        if self.flow_level == 0 {
            let column = self.column();
            self.unwind_indent(column);
        }
        let byte = self.cursor.peek();
        // Letters are by far the most frequent start of a token.
        if byte.is_ascii_alphanumeric() {
            return self.fetch_plain();
        }
        let pos = self.cursor.pos;
        if pos == self.cursor.line_start || self.column_is_zero() {
            match byte {
                b'%' => return self.fetch_directive(),
                b'-' if self.cursor.at_document_marker() => {
                    return self.fetch_document_marker(TokenKind::DocumentStart);
                }
                b'.' if self.cursor.at_document_marker() => {
                    return self.fetch_document_marker(TokenKind::DocumentEnd);
                }
                _ => {}
            }
        }
        let in_flow = self.flow_level != 0;
        match byte {
            0 => self.fetch_stream_end(),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.cursor.blank_at(pos + 1) => self.fetch_block_entry(),
            b'?' if in_flow || self.cursor.blank_at(pos + 1) => self.fetch_key(),
            b':' if in_flow || self.cursor.blank_at(pos + 1) => self.fetch_value(),
            b'*' => self.fetch_name(TokenKind::Alias),
            b'&' => self.fetch_name(TokenKind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if !in_flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !in_flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_flow_scalar(Style::Single),
            b'"' => self.fetch_flow_scalar(Style::Double),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => Err(self.no_token()),
            _ => {
                if byte == 0xEF && pos == self.cursor.line_start && self.cursor.bom_at(pos) {
                    self.note(Disagreement::LineStartsWithMark, pos, pos + 3);
                }
                self.fetch_plain()
            }
        }
    }

    fn no_token(&self) -> Box<Fault> {
        let c = self.cursor.char_at(self.cursor.pos);
        let problem = format!("found character {} that cannot start any token", python_char(c));
        let cause = if c == '\t' { Cause::TabIndent } else { Cause::ReservedCharacter(c) };
        self.fault(problem).context("while scanning for the next token", self.mark()).cause(cause)
    }

    /// A scanner fault at the current place.
    fn fault(&self, problem: impl Into<String>) -> Box<Fault> {
        Fault::new(ErrorKind::Scanner, problem, self.mark())
    }

    /// A scanner fault that names the character at `at`, which may lie ahead of the current place.
    fn unexpected(&self, expected: &str, at: usize) -> Box<Fault> {
        self.fault(format!("{expected}, but found {}", python_char(self.cursor.char_at(at))))
    }

    fn mark(&self) -> Span {
        Span::at(offset(self.cursor.pos))
    }

    pub(super) fn note(&mut self, disagreement: Disagreement, start: usize, end: usize) {
        self.notes.push(Note { disagreement, span: Span::new(offset(start), offset(end)) });
    }

    #[inline]
    fn column(&mut self) -> i32 {
        i32::try_from(self.cursor.column()).unwrap_or(i32::MAX)
    }

    /// A byte order mark takes no column, so the first column may be further right.
    fn column_is_zero(&mut self) -> bool {
        self.cursor.bom_at(self.cursor.line_start) && self.cursor.column() == 0
    }

    // Blanks and comments.

    #[inline]
    fn skip_to_next_token(&mut self) {
        if self.cursor.pos == 0 && self.cursor.bom_at(0) {
            self.cursor.pos = 3;
        }
        loop {
            self.cursor.skip_spaces();
            if self.cursor.peek() == b'#' {
                self.skip_comment();
            }
            if class_of(self.cursor.peek()) & (class::BREAK | class::MAYBE_BREAK) == 0
                || self.cursor.take_break().is_none()
            {
                return;
            }
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn skip_comment(&mut self) {
        let start = offset(self.cursor.pos);
        self.cursor.skip_line();
        self.comments.push(Span::new(start, offset(self.cursor.pos)));
    }

    // Simple keys.

    #[inline]
    fn drop_stale_keys(&mut self) -> Faulty<()> {
        while let Some(key) = self.keys.get(self.keys_head) {
            if key.line_start == self.cursor.line_start
                && !self.cursor.further_than(SIMPLE_KEY_LIMIT, key.start)
            {
                return Ok(());
            }
            if key.required {
                return Err(self.missing_colon(*key));
            }
            self.keys_head += 1;
        }
        self.keys.clear();
        self.keys_head = 0;
        Ok(())
    }

    fn missing_colon(&self, key: SimpleKey) -> Box<Fault> {
        self.fault("could not find expected ':'")
            .context("while scanning a simple key", Span::at(offset(key.start)))
    }

    /// Remembers that the token about to be scanned may be a key.
    #[inline]
    fn save_simple_key(&mut self) -> Faulty<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.remove_simple_key()?;
        let column = if self.flow_level == 0 { self.column() } else { 0 };
        self.keys.push(SimpleKey {
            flow_level: self.flow_level,
            number: self.taken + self.queue.len() - self.head,
            required: self.flow_level == 0 && self.indent == column,
            start: self.cursor.pos,
            line_start: self.cursor.line_start,
            column,
        });
        Ok(())
    }

    /// Takes the candidate of this flow level, if any, off the queue.
    fn pop_simple_key(&mut self) -> Option<SimpleKey> {
        let key = *self.keys.get(self.keys_head..)?.last()?;
        if key.flow_level != self.flow_level {
            return None;
        }
        self.keys.pop();
        Some(key)
    }

    #[inline]
    fn remove_simple_key(&mut self) -> Faulty<()> {
        match self.pop_simple_key() {
            Some(key) if key.required => Err(self.missing_colon(key)),
            _ => Ok(()),
        }
    }

    // Indentation.

    #[inline]
    fn unwind_indent(&mut self, column: i32) {
        while self.indent > column {
            self.indent = self.indents.pop().unwrap_or(-1);
            self.push_here(TokenKind::BlockEnd);
        }
    }

    fn add_indent(&mut self, column: i32) -> bool {
        let deeper = self.indent < column;
        if deeper {
            self.indents.push(self.indent);
            self.indent = column;
        }
        deeper
    }

    fn end_all_blocks(&mut self) -> Faulty<()> {
        if self.flow_level == 0 {
            self.unwind_indent(-1);
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    // Tokens of structure.

    fn push_here(&mut self, kind: TokenKind) {
        let here = offset(self.cursor.pos);
        self.queue.push(Token::new(kind, here, here));
    }

    fn push_indicator(&mut self, kind: TokenKind, length: usize) {
        let start = offset(self.cursor.pos);
        self.cursor.pos += length;
        self.queue.push(Token::new(kind, start, offset(self.cursor.pos)));
    }

    fn fetch_stream_end(&mut self) -> Faulty<()> {
        self.end_all_blocks()?;
        self.keys.clear();
        self.keys_head = 0;
        self.push_here(TokenKind::StreamEnd);
        self.done = true;
        Ok(())
    }

    fn fetch_document_marker(&mut self, kind: TokenKind) -> Faulty<()> {
        self.end_all_blocks()?;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Faulty<()> {
        self.save_simple_key()?;
        self.flow_level = self.flow_level.saturating_add(1);
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Faulty<()> {
        self.remove_simple_key()?;
        self.flow_level = self.flow_level.saturating_sub(1);
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Faulty<()> {
        self.simple_key_allowed = true;
        self.remove_simple_key()?;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Faulty<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.fault("sequence entries are not allowed here"));
            }
            let column = self.column();
            if self.add_indent(column) {
                self.push_here(TokenKind::BlockSequenceStart);
            }
        }
        self.simple_key_allowed = true;
        self.remove_simple_key()?;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Faulty<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.fault("mapping keys are not allowed here"));
            }
            let column = self.column();
            if self.add_indent(column) {
                self.push_here(TokenKind::BlockMappingStart);
            }
        }
        self.simple_key_allowed = self.flow_level == 0;
        self.remove_simple_key()?;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Faulty<()> {
        if let Some(key) = self.pop_simple_key() {
            let starts_mapping = self.flow_level == 0 && self.add_indent(key.column);
            if let Some(token) = self.queue.get_mut(self.head + (key.number - self.taken)) {
                token.before = if starts_mapping { Before::MappingAndKey } else { Before::Key };
            }
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.fault("mapping values are not allowed here"));
                }
                let column = self.column();
                if self.add_indent(column) {
                    self.push_here(TokenKind::BlockMappingStart);
                }
            }
            self.simple_key_allowed = self.flow_level == 0;
            self.remove_simple_key()?;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }
}
