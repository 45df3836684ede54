//! Scalars in quotes.

use super::super::cause::Cause;
use super::super::chars::{offset, python_char};
use super::super::error::{ErrorKind, Fault, Faulty};
use super::super::loaders::Disagreement;
use super::{Scanner, Style, Text, Token, TokenKind};
use crate::source::Span;

impl Scanner<'_> {
    pub(super) fn fetch_flow_scalar(&mut self, style: Style) -> Faulty<()> {
        self.save_simple_key()?;
        let token = self.scan_flow_scalar(style)?;
        self.queue.push(token);
        Ok(())
    }

    pub(super) fn scan_flow_scalar(&mut self, style: Style) -> Faulty<Token> {
        self.simple_key_allowed = false;
        let start = self.cursor.pos;
        self.cursor.pos += 1;
        let text = self.scan_quoted(style, start)?;
        let mut token = Token::new(TokenKind::Scalar, offset(start), offset(self.cursor.pos));
        token.text = text;
        token.style = style;
        Ok(token)
    }

    fn scan_quoted(&mut self, style: Style, start: usize) -> Faulty<Text> {
        let double = style == Style::Double;
        let quote = if double { b'"' } else { b'\'' };
        let copy = self.side.len();
        let mut copied = false;
        // Start of the text that is not yet copied.
        let mut run = self.cursor.pos;
        loop {
            let at = self.cursor.pos;
            let byte = self.cursor.peek();
            if byte == quote {
                self.cursor.pos += 1;
                if double || self.cursor.peek() != quote {
                    if !copied {
                        return Ok(Text::source(offset(run), offset(at)));
                    }
                    self.side.push_str(self.cursor.slice(run, at));
                    return Ok(Text::side(offset(copy), offset(self.side.len())));
                }
                // Two single quotes are one, the second one starts what follows.
                self.side.push_str(self.cursor.slice(run, at));
                run = self.cursor.pos;
                self.cursor.pos += 1;
            } else if byte == b'\\' && double {
                self.side.push_str(self.cursor.slice(run, at));
                self.cursor.pos += 1;
                self.scan_escape(start)?;
                run = self.cursor.pos;
            } else if byte == 0 {
                return Err(self.quoted_fault("found unexpected end of stream", start, quote));
            } else if self.cursor.break_at(at) > 0 {
                let line = self.cursor.slice(run, at).trim_end_matches([' ', '\t']);
                self.side.push_str(line);
                self.fold_quoted(start, quote)?;
                run = self.cursor.pos;
            } else {
                self.cursor.pos += 1;
                continue;
            }
            copied = true;
        }
    }

    fn quoted_fault(&self, problem: &str, start: usize, quote: u8) -> Box<Fault> {
        let opened = Span::new(offset(start), offset(start + 1));
        self.fault(problem)
            .context("while scanning a quoted scalar", Span::at(opened.start))
            .cause(Cause::UnclosedQuote { quote: char::from(quote), opened })
    }

    /// A line break within quotes: one becomes a space, more become one less.
    fn fold_quoted(&mut self, start: usize, quote: u8) -> Faulty<()> {
        let first = self.cursor.take_break().unwrap_or("\n");
        let before = self.side.len();
        if first != "\n" {
            self.side.push_str(first);
        }
        self.push_quoted_breaks(start, quote)?;
        if self.side.len() == before {
            self.side.push(' ');
        }
        Ok(())
    }

    /// Passes the blanks of further lines and keeps their breaks.
    fn push_quoted_breaks(&mut self, start: usize, quote: u8) -> Faulty<()> {
        loop {
            if self.cursor.at_document_marker() {
                return Err(self.quoted_fault("found unexpected document separator", start, quote));
            }
            while matches!(self.cursor.peek(), b' ' | b'\t') {
                self.cursor.pos += 1;
            }
            let Some(next) = self.cursor.take_break() else { return Ok(()) };
            self.side.push_str(next);
        }
    }

    /// What follows a backslash in double quotes.
    fn scan_escape(&mut self, start: usize) -> Faulty<()> {
        let at = self.cursor.pos;
        let replacement = match self.cursor.peek() {
            b'0' => "\0",
            b'a' => "\x07",
            b'b' => "\x08",
            b't' | b'\t' => "\t",
            b'n' => "\n",
            b'v' => "\x0b",
            b'f' => "\x0c",
            b'r' => "\r",
            b'e' => "\x1b",
            b' ' => " ",
            b'"' => "\"",
            b'\\' => "\\",
            b'/' => {
                self.note(Disagreement::EscapedSlash, at - 1, at + 1);
                "/"
            }
            b'N' => "\u{85}",
            b'_' => "\u{A0}",
            b'L' => "\u{2028}",
            b'P' => "\u{2029}",
            b'x' => return self.scan_hex_escape(2, start),
            b'u' => return self.scan_hex_escape(4, start),
            b'U' => return self.scan_hex_escape(8, start),
            _ if self.cursor.take_break().is_some() => return self.push_quoted_breaks(start, b'"'),
            _ => return Err(self.unknown_escape(start)),
        };
        self.cursor.pos += 1;
        self.side.push_str(replacement);
        Ok(())
    }

    fn unknown_escape(&self, start: usize) -> Box<Fault> {
        let at = self.cursor.pos;
        let c = self.cursor.char_at(at);
        let problem = format!("found unknown escape character {}", python_char(c));
        let end = (at + c.len_utf8()).min(self.cursor.text().len());
        let escape = Span::new(offset(at - 1), offset(end));
        self.fault(problem)
            .context("while scanning a double-quoted scalar", Span::at(offset(start)))
            .cause(Cause::BadEscape(escape))
    }

    fn scan_hex_escape(&mut self, digits: usize, start: usize) -> Faulty<()> {
        let escape = self.cursor.pos - 1;
        self.cursor.pos += 1;
        let code = self.hex_digits(digits).map_err(|at| {
            let expected = format!("expected escape sequence of {digits} hexadecimal numbers");
            self.unexpected(&expected, at)
                .context("while scanning a double-quoted scalar", Span::at(offset(start)))
                .cause(Cause::BadEscape(Span::new(offset(escape), offset(at))))
        })?;
        self.cursor.pos += digits;
        match code {
            0xD800..=0xDBFF => self.push_surrogate(code, escape),
            0xDC00..=0xDFFF => {
                self.note(Disagreement::SurrogateEscape, escape, self.cursor.pos);
                self.side.push('\u{FFFD}');
            }
            _ => match char::from_u32(code) {
                Some(c) => self.side.push(c),
                None => return Err(self.escape_out_of_range(code, escape)),
            },
        }
        Ok(())
    }

    /// A high surrogate: with a low one after it, one character, as JSON has it; a lone one is no
    /// character and only Python would keep it.
    fn push_surrogate(&mut self, high: u32, escape: usize) {
        let pos = self.cursor.pos;
        let mut c = '\u{FFFD}';
        if self.cursor.peek() == b'\\' {
            let digits = match self.cursor.at(pos + 1) {
                b'u' => 4,
                b'U' => 8,
                _ => 0,
            };
            self.cursor.pos = pos + 2;
            match self.hex_digits(digits) {
                Ok(low @ 0xDC00..=0xDFFF) => {
                    self.cursor.pos += digits;
                    let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    c = char::from_u32(code).unwrap_or(c);
                }
                _ => self.cursor.pos = pos,
            }
        }
        self.note(Disagreement::SurrogateEscape, escape, self.cursor.pos);
        self.side.push(c);
    }

    fn escape_out_of_range(&self, code: u32, escape: usize) -> Box<Fault> {
        let span = Span::new(offset(escape), offset(self.cursor.pos));
        let (exception, problem) = if i32::try_from(code).is_ok() {
            ("ValueError", "chr() arg not in range(0x110000)")
        } else {
            ("OverflowError", "Python int too large to convert to C int")
        };
        Fault::python(ErrorKind::Scanner, exception, problem, span).cause(Cause::BadEscape(span))
    }

    /// The number that `count` hexadecimal digits give, or the offset of what is none.
    fn hex_digits(&self, count: usize) -> Result<u32, usize> {
        (self.cursor.pos..self.cursor.pos + count).try_fold(0u32, |code, at| {
            char::from(self.cursor.at(at)).to_digit(16).map(|digit| code << 4 | digit).ok_or(at)
        })
    }
}
