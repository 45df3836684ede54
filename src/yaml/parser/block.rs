//! Lists and mappings shown by indentation.

use super::super::error::{Fault, Faulty};
use super::super::scanner::{ItemLine, Line, Nested, Style, Text, Token};
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

    /// The next item of a list as the usual line; `then` goes on with the list.
    #[inline]
    fn item_line(&mut self, then: State) -> Option<Event> {
        let is_indentless = matches!(then, State::IndentlessEntry);
        match self.scanner.item_line(is_indentless) {
            ItemLine::Scalar(token) => {
                self.state = then;
                Some(scalar(token))
            }
            ItemLine::Mapping(start) => {
                self.states.push(then);
                Some(self.start_block(EventKind::MappingStart, State::BlockMappingKey, start, start))
            }
            ItemLine::End(at) => {
                if !is_indentless {
                    self.marks.pop();
                }
                self.return_to_caller();
                Some(Event::new(EventKind::SequenceEnd, at, at))
            }
            ItemLine::Unclear => None,
        }
    }

    /// A block collection that starts here; the indentless list has no mark.
    fn start_block(&mut self, kind: EventKind, state: State, start: u32, end: u32) -> Event {
        if !matches!(state, State::IndentlessEntry) {
            self.marks.push(start);
        }
        self.state = state;
        let mut event = Event::new(kind, start, end);
        event.style = Style::Block;
        event
    }

    pub(super) fn block_sequence_entry(&mut self) -> Faulty<Event> {
        if let Some(event) = self.item_line(State::BlockSequenceEntry) {
            return Ok(event);
        }
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
        if let Some(event) = self.item_line(State::IndentlessEntry) {
            return Ok(event);
        }
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
        let (kind, state, start, end) = match self.scanner.nested() {
            Nested::Mapping(start) => (EventKind::MappingStart, State::BlockMappingKey, start, start),
            Nested::List(start) => (EventKind::SequenceStart, State::BlockSequenceEntry, start, start),
            Nested::IndentlessList(start) => {
                (EventKind::SequenceStart, State::IndentlessEntry, start, start + 1)
            }
            Nested::Unclear => return self.block_mapping_value(),
        };
        // What is nested comes next, then this mapping's keys.
        self.states.push(State::BlockMappingKey);
        Ok(self.start_block(kind, state, start, end))
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
