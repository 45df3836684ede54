//! Literal (`|`) and folded (`>`) scalars.

use super::super::chars::offset;
use super::super::error::Faulty;
use super::super::loaders::Disagreement;
use super::{Scanner, Style, Text, Token, TokenKind};

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, style: Style) -> Faulty<()> {
        self.simple_key_allowed = true;
        self.remove_simple_key()?;
        let start = self.cursor.pos;
        self.cursor.pos += 1;
        let (chomping, increment) = self.scan_block_header()?;
        self.skip_rest_of_line()?;
        self.breaks.clear();
        let least = usize::try_from(self.indent.saturating_add(1)).unwrap_or(0).max(1);
        let mut end = self.cursor.pos;
        let indent = match increment {
            None => self.detect_block_indent(&mut end).max(least),
            Some(increment) => {
                let indent = least + increment - 1;
                self.skip_block_breaks(indent, &mut end);
                indent
            }
        };
        let copy = self.side.len();
        self.scan_block_lines(style, chomping, indent, &mut end);
        let mut token = Token::new(TokenKind::Scalar, offset(start), offset(end));
        token.text = Text::side(offset(copy), offset(self.side.len()));
        token.style = style;
        self.queue.push(token);
        Ok(())
    }

    fn scan_block_lines(&mut self, style: Style, chomping: Chomping, indent: usize, end: &mut usize) {
        let mut line_break = "";
        while self.spaces_passed() == indent && self.cursor.peek() != 0 {
            self.side.push_str(&self.breaks);
            let text_first = !matches!(self.cursor.peek(), b' ' | b'\t');
            let start = self.cursor.pos;
            self.cursor.skip_line();
            self.side.push_str(self.cursor.slice(start, self.cursor.pos));
            line_break = self.cursor.take_break().unwrap_or("");
            *end = self.cursor.pos;
            self.breaks.clear();
            self.skip_block_breaks(indent, end);
            if self.spaces_passed() != indent || self.cursor.peek() == 0 {
                break;
            }
            let joins = style == Style::Folded
                && line_break == "\n"
                && text_first
                && !matches!(self.cursor.peek(), b' ' | b'\t');
            if !joins {
                self.side.push_str(line_break);
            } else if self.breaks.is_empty() {
                self.side.push(' ');
            }
        }
        if chomping != Chomping::Strip {
            self.side.push_str(line_break);
        }
        if chomping == Chomping::Keep {
            self.side.push_str(&self.breaks);
        }
    }

    /// In the blanks that start a line, the column.
    fn spaces_passed(&self) -> usize {
        self.cursor.pos - self.cursor.line_start
    }

    fn scan_block_header(&mut self) -> Faulty<(Chomping, Option<usize>)> {
        let mut chomping = self.scan_chomping();
        let mut increment = None;
        let byte = self.cursor.peek();
        if byte == b'0' {
            return Err(self.fault("expected indentation indicator in the range 1-9, but found 0"));
        }
        if byte.is_ascii_digit() {
            increment = Some(usize::from(byte - b'0'));
            self.cursor.pos += 1;
            chomping = chomping.or_else(|| self.scan_chomping());
        }
        if !self.cursor.space_or_line_end_at(self.cursor.pos) {
            return Err(self.unexpected("expected chomping or indentation indicators", self.cursor.pos));
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.peek() {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.pos += 1;
        Some(chomping)
    }

    /// Passes blanks, a comment and the line break.
    pub(super) fn skip_rest_of_line(&mut self) -> Faulty<()> {
        self.cursor.skip_spaces();
        if self.cursor.peek() == b'#' {
            self.skip_comment();
        }
        if !self.cursor.line_ends_at(self.cursor.pos) {
            return Err(self.unexpected("expected a comment or a line break", self.cursor.pos));
        }
        self.cursor.take_break();
        Ok(())
    }

    /// Passes blank lines and the first line's indentation; gives the widest indentation seen.
    fn detect_block_indent(&mut self, end: &mut usize) -> usize {
        let mut widest = 0;
        loop {
            self.cursor.skip_spaces();
            widest = widest.max(self.spaces_passed());
            let Some(line_break) = self.cursor.take_break() else { break };
            self.breaks.push_str(line_break);
            *end = self.cursor.pos;
        }
        if self.cursor.peek() == b'\t' {
            self.note(Disagreement::TabInBlockIndent, self.cursor.pos, self.cursor.pos + 1);
        }
        widest
    }

    /// Passes blank lines and up to `indent` spaces of the next line.
    fn skip_block_breaks(&mut self, indent: usize, end: &mut usize) {
        loop {
            while self.spaces_passed() < indent && self.cursor.peek() == b' ' {
                self.cursor.pos += 1;
            }
            if self.spaces_passed() < indent && self.cursor.peek() == b'\t' {
                self.note(Disagreement::TabInBlockIndent, self.cursor.pos, self.cursor.pos + 1);
            }
            let Some(line_break) = self.cursor.take_break() else { return };
            self.breaks.push_str(line_break);
            *end = self.cursor.pos;
        }
    }
}
