//! Lists and mappings shown by indentation.

use super::super::error::{Fault, Faulty};
use super::super::scanner::{Line, Style, Text, Token};
use super::{Event, EventKind, Parser, Place, State, T, empty_scalar, scalar};
use crate::source::Span;

impl Parser<'_> {
    pub(super) fn close(&mut self, kind: EventKind) -> Faulty<Event> {
        let token = self.take()?;
        self.marks.pop();
        self.return_to_caller();
        Ok(Event::new(kind, token.start, token.end))
    }

    pub(super) fn context(&self, fault: Box<Fault>, words: &'static str) -> Box<Fault> {
        fault.context(words, Span::at(self.marks.last().copied().unwrap_or(0)))
    }

    pub(super) fn block_end_fault(&self, found: Token, words: &'static str) -> Box<Fault> {
        let problem = format!("expected <block end>, but found '{}'", found.kind.id());
        self.context(Self::fault(problem, found), words)
    }

    pub(super) fn block_sequence_entry(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        match token.kind {
            T::BlockEntry => {
                self.scanner.advance();
                if matches!(self.scanner.peek()?.kind, T::BlockEntry | T::BlockEnd) {
                    self.state = State::BlockSequenceEntry;
                    return Ok(empty_scalar(token.end));
                }
                self.node_then(State::BlockSequenceEntry, Place::Block)
            }
            T::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => Err(self.block_end_fault(token, "while parsing a block collection")),
        }
    }

    pub(super) fn indentless_entry(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if token.kind != T::BlockEntry {
            self.return_to_caller();
            return Ok(Event::new(EventKind::SequenceEnd, token.start, token.start));
        }
        self.scanner.advance();
        if matches!(self.scanner.peek()?.kind, T::BlockEntry | T::Key | T::Value | T::BlockEnd) {
            self.state = State::IndentlessEntry;
            return Ok(empty_scalar(token.end));
        }
        self.node_then(State::IndentlessEntry, Place::Block)
    }

    #[inline]
    pub(super) fn block_mapping_key(&mut self) -> Faulty<Event> {
        match self.scanner.mapping_line() {
            Line::Key(span) => {
                self.state = State::BlockMappingLineValue;
                let mut event = Event::new(EventKind::Scalar, span.start, span.end);
                event.text = Text::source(span.start, span.end);
                return Ok(event);
            }
            Line::End(at) => {
                self.marks.pop();
                self.return_to_caller();
                return Ok(Event::new(EventKind::MappingEnd, at, at));
            }
            Line::Unclear => {}
        }
        let token = self.scanner.peek()?;
        match token.kind {
            T::Key => {
                self.scanner.advance();
                if matches!(self.scanner.peek()?.kind, T::Key | T::Value | T::BlockEnd) {
                    self.state = State::BlockMappingValue;
                    return Ok(empty_scalar(token.end));
                }
                self.node_then(State::BlockMappingValue, Place::BlockOrIndentless)
            }
            T::BlockEnd => self.close(EventKind::MappingEnd),
            _ => Err(self.block_end_fault(token, "while parsing a block mapping")),
        }
    }

    #[inline]
    pub(super) fn block_mapping_line_value(&mut self) -> Faulty<Event> {
        self.state = State::BlockMappingKey;
        if let Some(token) = self.scanner.mapping_value()? {
            return Ok(scalar(token));
        }
        if let Some(start) = self.scanner.nested_mapping() {
            // The nested mapping's keys come next, then this mapping's.
            self.states.push(State::BlockMappingKey);
            self.marks.push(start);
            let mut event = Event::new(EventKind::MappingStart, start, start);
            event.style = Style::Block;
            return Ok(event);
        }
        self.block_mapping_value()
    }

    #[inline]
    pub(super) fn block_mapping_value(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if token.kind != T::Value {
            self.state = State::BlockMappingKey;
            return Ok(empty_scalar(token.start));
        }
        self.scanner.advance();
        if matches!(self.scanner.peek()?.kind, T::Key | T::Value | T::BlockEnd) {
            self.state = State::BlockMappingKey;
            return Ok(empty_scalar(token.end));
        }
        self.node_then(State::BlockMappingKey, Place::BlockOrIndentless)
    }
}
