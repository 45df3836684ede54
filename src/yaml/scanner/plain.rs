//! Scalars without quotes.

use super::super::chars::{class, class_of, offset};
use super::super::error::Faulty;
use super::super::loaders::Disagreement;
use super::{Scanner, Text, Token, TokenKind};

impl Scanner<'_> {
    pub(super) fn fetch_plain(&mut self) -> Faulty<()> {
        self.save_simple_key()?;
        let token = self.scan_plain();
        self.queue.push(token);
        Ok(())
    }

    #[inline]
    pub(super) fn scan_plain(&mut self) -> Token {
        self.simple_key_allowed = false;
        let start = self.cursor.pos;
        let indent = self.indent.saturating_add(1);
        let mut end = self.skip_words(start);
        // Where the side buffer's copy begins, once a line break makes one necessary.
        let mut copy = None;
        while let Some(words) = self.next_words(indent) {
            let words_end = self.skip_words(words);
            if words_end == words {
                break;
            }
            // A word after a line break was seen, so a key cannot start here.
            self.simple_key_allowed = false;
            if copy.is_none() {
                copy = Some(self.side.len());
                self.side.push_str(self.cursor.slice(start, end));
            }
            self.side.push_str(&self.breaks);
            self.side.push_str(self.cursor.slice(words, words_end));
            end = words_end;
        }
        let (start, end) = (offset(start), offset(end));
        let mut token = Token::new(TokenKind::Scalar, start, end);
        token.text = match copy {
            Some(copy) => Text::side(offset(copy), offset(self.side.len())),
            None => Text::source(start, end),
        };
        token
    }

    /// Passes blanks and line breaks; if the scalar may go on in a later line, gives where.
    #[inline]
    fn next_words(&mut self, indent: i32) -> Option<usize> {
        let goes_on = self.skip_plain_gap()
            && self.cursor.peek() != b'#'
            && (self.flow_level != 0 || self.column() >= indent);
        goes_on.then_some(self.cursor.pos)
    }

    /// Passes the words of this line that surely belong to the scalar, and gives the end of the last one.
    #[inline]
    fn skip_words(&mut self, start: usize) -> usize {
        const STOP: u8 = class::SPACE
            | class::TAB
            | class::BREAK
            | class::MAYBE_BREAK
            | class::END
            | class::COLON
            | class::FLOW;
        let in_flow = self.flow_level != 0;
        let mut at = start;
        // Where the last word ends, and where the blanks after it do.
        let (mut end, mut gap_end) = (start, start);
        loop {
            let found = class_of(self.cursor.at(at)) & STOP;
            let goes_on = match found {
                0 => true,
                class::SPACE => {
                    end = at;
                    while self.cursor.at(at + 1) == b' ' {
                        at += 1;
                    }
                    gap_end = at + 1;
                    self.cursor.at(at + 1) != b'#'
                }
                class::FLOW => !in_flow,
                class::COLON => !self.colon_ends_plain(start, at),
                class::MAYBE_BREAK => self.cursor.break_at(at) == 0,
                _ => false,
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        if at > gap_end || gap_end == start {
            end = at;
        }
        self.cursor.pos = end;
        end
    }

    fn colon_ends_plain(&mut self, start: usize, at: usize) -> bool {
        if self.cursor.blank_at(at + 1) {
            return true;
        }
        if self.flow_level == 0 {
            return false;
        }
        let ends = matches!(self.cursor.at(at + 1), b',' | b'[' | b']' | b'{' | b'}');
        let kind = if ends { Disagreement::ColonBeforeBracket } else { Disagreement::ColonInFlow };
        // One note for one scalar is enough.
        let noted = self
            .notes
            .last()
            .is_some_and(|note| note.disagreement == kind && note.span.start as usize >= start);
        if !noted {
            self.note(kind, at, at + 1);
        }
        ends
    }

    /// Passes blanks and line breaks after a word; whether there were breaks and no document marker.
    #[inline]
    fn skip_plain_gap(&mut self) -> bool {
        self.cursor.skip_spaces();
        let Some(first) = self.cursor.take_break() else { return false };
        self.simple_key_allowed = true;
        if self.cursor.at_document_marker() {
            return false;
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
                return false;
            }
        }
        if self.breaks.is_empty() {
            self.breaks.push(' ');
        }
        true
    }
}
