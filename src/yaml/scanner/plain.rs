//! Scalars without quotes.

use super::super::chars::{class, class_of, offset};
use super::super::error::Faulty;
use super::super::loaders::Disagreement;
use super::{Scanner, Text, Token, TokenKind};

/// What follows a run of words.
enum Gap {
    /// Nothing that could belong to the scalar.
    End,
    /// Blanks in the line.
    Blanks,
    /// Line breaks, collected in the scanner's `breaks`, folded.
    Folded,
}

impl Scanner<'_> {
    pub(super) fn fetch_plain(&mut self) -> Faulty<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.pos;
        let indent = self.indent.saturating_add(1);
        let mut end = self.skip_words(start);
        // Where the side buffer's copy begins, once a line break makes one necessary.
        let mut copy = None;
        loop {
            let gap = self.skip_plain_gap();
            let over = match gap {
                Gap::End => true,
                _ if self.cursor.peek() == b'#' => true,
                _ => self.flow_level == 0 && self.column() < indent,
            };
            if over {
                break;
            }
            let words = self.cursor.pos;
            let words_end = self.skip_words(words);
            if words_end == words {
                break;
            }
            // A word after a line break was seen, so a key cannot start here.
            self.simple_key_allowed = false;
            match (gap, copy) {
                (Gap::Folded, None) => {
                    copy = Some(self.side.len());
                    self.side.push_str(self.cursor.slice(start, end));
                    self.push_breaks_and(words, words_end);
                }
                (Gap::Folded, Some(_)) => self.push_breaks_and(words, words_end),
                (_, Some(_)) => self.side.push_str(self.cursor.slice(end, words_end)),
                (_, None) => {}
            }
            end = words_end;
        }
        let (start, end) = (offset(start), offset(end));
        let mut token = Token::new(TokenKind::Scalar, start, end);
        token.text = match copy {
            Some(copy) => Text::side(offset(copy), offset(self.side.len())),
            None => Text::source(start, end),
        };
        self.queue.push(token);
        Ok(())
    }

    fn push_breaks_and(&mut self, start: usize, end: usize) {
        self.side.push_str(&self.breaks);
        self.side.push_str(self.cursor.slice(start, end));
    }

    /// Passes words separated by single-line blanks as far as the scalar surely goes on, and gives
    /// the end of the last word. The place is left there, at a blank, a break or an end.
    #[inline]
    fn skip_words(&mut self, start: usize) -> usize {
        const STOP: u8 = class::SPACE
            | class::TAB
            | class::BREAK
            | class::MAYBE_BREAK
            | class::END
            | class::COLON
            | class::FLOW;
        if self.cursor.peek() == b'#' {
            return start;
        }
        let in_flow = self.flow_level != 0;
        let mut at = start;
        loop {
            let byte = self.cursor.at(at);
            let found = class_of(byte) & STOP;
            if found == 0 {
                at += 1;
                continue;
            }
            let goes_on = match found {
                class::FLOW => !in_flow,
                class::COLON => !self.colon_ends_plain(at),
                class::MAYBE_BREAK => self.cursor.break_at(at) == 0,
                _ => false,
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        self.cursor.pos = at;
        at
    }

    fn colon_ends_plain(&mut self, at: usize) -> bool {
        if self.cursor.blank_at(at + 1) {
            return true;
        }
        if self.flow_level == 0 {
            return false;
        }
        let ends = matches!(self.cursor.at(at + 1), b',' | b'[' | b']' | b'{' | b'}');
        let kind = if ends { Disagreement::ColonBeforeBracket } else { Disagreement::ColonInFlow };
        self.note(kind, at, at + 1);
        ends
    }

    /// Passes blanks and line breaks after a word.
    #[inline]
    fn skip_plain_gap(&mut self) -> Gap {
        let before = self.cursor.pos;
        self.cursor.skip_spaces();
        let Some(first) = self.cursor.take_break() else {
            return if self.cursor.pos > before { Gap::Blanks } else { Gap::End };
        };
        self.simple_key_allowed = true;
        if self.cursor.at_document_marker() {
            return Gap::End;
        }
        self.breaks.clear();
        if first != "\n" {
            self.breaks.push_str(first);
        }
        loop {
            self.cursor.skip_spaces();
            let Some(next) = self.cursor.take_break() else { break };
            self.breaks.push_str(next);
            if self.cursor.at_document_marker() {
                return Gap::End;
            }
        }
        if self.breaks.is_empty() {
            self.breaks.push(' ');
        }
        Gap::Folded
    }
}
