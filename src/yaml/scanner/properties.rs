//! Anchors, aliases, tags and directives.

use super::super::chars::{class, class_of, offset};
use super::super::error::{ErrorKind, Fault, Faulty};
use super::super::loaders::Disagreement;
use super::super::reader::utf8_error;
use super::{Directive, Scanner, Text, Token, TokenKind};
use crate::source::Span;

const NAME: &str = "expected alphabetic or numeric character";

impl Scanner<'_> {
    /// The end of the run of letters, digits, `-` and `_` that starts at `at`.
    fn name_end(&self, mut at: usize) -> usize {
        while class_of(self.cursor.at(at)) & class::NAME != 0 {
            at += 1;
        }
        at
    }

    /// An alias or an anchor.
    pub(super) fn fetch_name(&mut self, kind: TokenKind) -> Faulty<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.pos;
        self.cursor.pos += 1;
        let words =
            if kind == TokenKind::Alias { "while scanning an alias" } else { "while scanning an anchor" };
        let end = self.name_end(start + 1);
        if end == start + 1 {
            return Err(self.unexpected(NAME, end).context(words, Span::at(offset(start))));
        }
        self.cursor.pos = end;
        let follows = self.cursor.peek();
        if !self.cursor.blank_at(end) && !b"?:,]}%@`".contains(&follows) {
            return Err(self.unexpected(NAME, end).context(words, Span::at(offset(start))));
        }
        let mut token = Token::new(kind, offset(start), offset(end));
        token.text = Text::source(offset(start + 1), offset(end));
        self.queue.push(token);
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Faulty<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.pos;
        let mut handle_length = 0;
        let suffix = if self.cursor.at(start + 1) == b'<' {
            self.cursor.pos += 2;
            let suffix = self.scan_uri()?;
            if self.cursor.peek() != b'>' {
                return Err(self.unexpected("expected '>'", self.cursor.pos));
            }
            self.cursor.pos += 1;
            suffix
        } else if self.cursor.blank_at(start + 1) {
            self.cursor.pos += 1;
            Text::source(offset(start), offset(start + 1))
        } else {
            if self.tag_has_handle(start + 1) {
                self.scan_tag_handle()?;
            } else {
                self.cursor.pos += 1;
            }
            handle_length = self.cursor.pos - start;
            self.scan_uri()?
        };
        if !self.cursor.space_or_line_end_at(self.cursor.pos) {
            let fault = self.unexpected("expected ' '", self.cursor.pos);
            return Err(fault.context("while scanning a tag", Span::at(offset(start))));
        }
        let mut token = Token::new(TokenKind::Tag, offset(start), offset(self.cursor.pos));
        token.text = suffix;
        token.extra = offset(handle_length);
        self.queue.push(token);
        Ok(())
    }

    /// Whether another `!` follows before a space or the end of the line.
    fn tag_has_handle(&self, mut at: usize) -> bool {
        while !self.cursor.space_or_line_end_at(at) {
            if self.cursor.at(at) == b'!' {
                return true;
            }
            at += 1;
        }
        false
    }

    fn scan_tag_handle(&mut self) -> Faulty<()> {
        let start = self.cursor.pos;
        if self.cursor.peek() != b'!' {
            return Err(self.unexpected("expected '!'", start));
        }
        self.cursor.pos += 1;
        if self.cursor.peek() != b' ' {
            self.cursor.pos = self.name_end(self.cursor.pos);
            if self.cursor.peek() != b'!' {
                return Err(self.unexpected("expected '!'", self.cursor.pos));
            }
            self.cursor.pos += 1;
        }
        Ok(())
    }

    fn scan_uri(&mut self) -> Faulty<Text> {
        let start = self.cursor.pos;
        let mut run = start;
        let mut copy = None;
        loop {
            let byte = self.cursor.peek();
            if byte == b'%' {
                copy = copy.or(Some(self.side.len()));
                self.side.push_str(self.cursor.slice(run, self.cursor.pos));
                self.scan_uri_escapes()?;
                run = self.cursor.pos;
            } else if class_of(byte) & class::NAME != 0 || b";/?:@&=+$,.!~*'()[]".contains(&byte) {
                self.cursor.pos += 1;
            } else {
                break;
            }
        }
        let end = self.cursor.pos;
        if end == start {
            return Err(self.unexpected("expected URI", end));
        }
        let Some(copy) = copy else { return Ok(Text::source(offset(start), offset(end))) };
        self.side.push_str(self.cursor.slice(run, end));
        Ok(Text::side(offset(copy), offset(self.side.len())))
    }

    fn scan_uri_escapes(&mut self) -> Faulty<()> {
        let mark = self.mark();
        let mut bytes = Vec::new();
        while self.cursor.peek() == b'%' {
            self.cursor.pos += 1;
            let digit = |at: usize| char::from(self.cursor.at(at)).to_digit(16).ok_or(at);
            let at = self.cursor.pos;
            let code = digit(at)
                .and_then(|high| Ok(high << 4 | digit(at + 1)?))
                .map_err(|at| self.unexpected("expected URI escape sequence of 2 hexadecimal numbers", at))?;
            bytes.push(u8::try_from(code).unwrap_or(0));
            self.cursor.pos += 2;
        }
        match String::from_utf8(bytes) {
            Ok(text) => self.side.push_str(&text),
            Err(error) => return Err(bad_uri_bytes(error.as_bytes(), mark)),
        }
        Ok(())
    }

    pub(super) fn fetch_directive(&mut self) -> Faulty<()> {
        self.end_all_blocks()?;
        let start = self.cursor.pos;
        let name_end = self.name_end(start + 1);
        self.cursor.pos = start + 1;
        if name_end == start + 1 || !self.cursor.space_or_line_end_at(name_end) {
            if name_end > start + 1 {
                self.cursor.pos = name_end;
            }
            return Err(self.unexpected(NAME, self.cursor.pos));
        }
        self.cursor.pos = name_end;
        let directive = match self.cursor.slice(start + 1, name_end) {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_directive()?,
            _ => {
                self.note(Disagreement::UnknownDirective, start, name_end);
                self.cursor.skip_line();
                Directive::Other
            }
        };
        let end = self.cursor.pos;
        if let Directive::Yaml { major: 1, minor } = directive
            && minor != 1
        {
            let kind = if minor == 2 { Disagreement::Version12 } else { Disagreement::VersionUnknown };
            self.note(kind, start, end);
        }
        self.skip_rest_of_line()?;
        let mut token = Token::new(TokenKind::Directive, offset(start), offset(end));
        token.extra = offset(self.directives.len());
        self.directives.push(directive);
        self.queue.push(token);
        Ok(())
    }

    fn scan_version(&mut self) -> Faulty<Directive> {
        self.cursor.skip_spaces();
        let major = self.scan_number()?;
        if self.cursor.peek() != b'.' {
            return Err(self.unexpected("expected a digit or '.'", self.cursor.pos));
        }
        self.cursor.pos += 1;
        let minor = self.scan_number()?;
        if !self.cursor.space_or_line_end_at(self.cursor.pos) {
            return Err(self.unexpected("expected a digit or ' '", self.cursor.pos));
        }
        Ok(Directive::Yaml { major, minor })
    }

    fn scan_number(&mut self) -> Faulty<u64> {
        let start = self.cursor.pos;
        let mut number = 0u64;
        while self.cursor.peek().is_ascii_digit() {
            number = number.saturating_mul(10).saturating_add(u64::from(self.cursor.peek() - b'0'));
            self.cursor.pos += 1;
        }
        if self.cursor.pos == start {
            return Err(self.unexpected("expected a digit", start));
        }
        Ok(number)
    }

    fn scan_tag_directive(&mut self) -> Faulty<Directive> {
        self.cursor.skip_spaces();
        let start = self.cursor.pos;
        self.scan_tag_handle()?;
        let handle = Text::source(offset(start), offset(self.cursor.pos));
        if self.cursor.peek() != b' ' {
            return Err(self.unexpected("expected ' '", self.cursor.pos));
        }
        self.cursor.skip_spaces();
        let prefix = self.scan_uri()?;
        if !self.cursor.space_or_line_end_at(self.cursor.pos) {
            return Err(self.unexpected("expected ' '", self.cursor.pos));
        }
        Ok(Directive::Tag { handle, prefix })
    }
}

fn bad_uri_bytes(bytes: &[u8], mark: Span) -> Box<Fault> {
    let (start, end, reason) = utf8_error(bytes).unwrap_or((0, 1, "invalid start byte"));
    let place = if end - start > 1 {
        format!("bytes in position {start}-{}", end - 1)
    } else {
        format!("byte 0x{:02x} in position {start}", bytes.get(start).copied().unwrap_or(0))
    };
    Fault::new(ErrorKind::Scanner, format!("'utf-8' codec can't decode {place}: {reason}"), mark)
}
