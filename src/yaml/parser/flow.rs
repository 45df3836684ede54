//! Lists and mappings in brackets and braces.

use super::super::cause::Cause;
use super::super::error::Faulty;
use super::super::loaders::Disagreement;
use super::super::scanner::{Style, Token};
use super::{Event, EventKind, Parser, Place, State, T, empty_scalar};
use crate::source::Span;

impl Parser<'_> {
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Faulty<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind != T::FlowSequenceEnd {
            if !first {
                token = self.flow_separator(token, ']')?;
            }
            if token.kind == T::Key {
                self.state = State::FlowPairKey;
                let mut event = Event::new(EventKind::MappingStart, token.start, token.end);
                event.style = Style::Flow;
                return Ok(event);
            }
            if token.kind != T::FlowSequenceEnd {
                return self.node_then(State::FlowSequenceEntry, Place::Flow);
            }
        }
        self.close(EventKind::SequenceEnd)
    }

    /// Passes the comma between two entries and gives the token after it.
    pub(super) fn flow_separator(&mut self, token: Token, closing: char) -> Faulty<Token> {
        if token.kind == T::FlowEntry {
            self.scanner.advance();
            return self.scanner.peek();
        }
        let problem = format!("expected ',' or '{closing}', but got '{}'", token.kind.id());
        let words =
            if closing == ']' { "while parsing a flow sequence" } else { "while parsing a flow mapping" };
        let opened = self.marks.last().copied().unwrap_or(0);
        let fault = self.context(Self::fault(problem, token), words);
        Err(fault.cause(Cause::UnclosedBracket {
            bracket: if closing == ']' { '[' } else { '{' },
            opened: Span::new(opened, opened + 1),
        }))
    }

    pub(super) fn flow_pair_key(&mut self) -> Faulty<Event> {
        let key = self.take()?;
        if matches!(self.scanner.peek()?.kind, T::Value | T::FlowEntry | T::FlowSequenceEnd) {
            self.state = State::FlowPairValue;
            self.scanner.note(Disagreement::EmptyPairKey, key.start as usize, key.end as usize);
            return Ok(empty_scalar(key.end));
        }
        self.node_then(State::FlowPairValue, Place::Flow)
    }

    pub(super) fn flow_pair_value(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if token.kind != T::Value {
            self.state = State::FlowPairEnd;
            return Ok(empty_scalar(token.start));
        }
        self.scanner.advance();
        if matches!(self.scanner.peek()?.kind, T::FlowEntry | T::FlowSequenceEnd) {
            self.state = State::FlowPairEnd;
            return Ok(empty_scalar(token.end));
        }
        self.node_then(State::FlowPairEnd, Place::Flow)
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Faulty<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind != T::FlowMappingEnd {
            if !first {
                token = self.flow_separator(token, '}')?;
            }
            if token.kind == T::Key {
                self.scanner.advance();
                if matches!(self.scanner.peek()?.kind, T::Value | T::FlowEntry | T::FlowMappingEnd) {
                    self.state = State::FlowMappingValue;
                    return Ok(empty_scalar(token.end));
                }
                return self.node_then(State::FlowMappingValue, Place::Flow);
            }
            if token.kind != T::FlowMappingEnd {
                return self.node_then(State::FlowMappingEmptyValue, Place::Flow);
            }
        }
        self.close(EventKind::MappingEnd)
    }

    pub(super) fn flow_mapping_value(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if token.kind != T::Value {
            self.state = State::FlowMappingKey;
            return Ok(empty_scalar(token.start));
        }
        self.scanner.advance();
        if matches!(self.scanner.peek()?.kind, T::FlowEntry | T::FlowMappingEnd) {
            self.state = State::FlowMappingKey;
            return Ok(empty_scalar(token.end));
        }
        self.node_then(State::FlowMappingKey, Place::Flow)
    }
}
