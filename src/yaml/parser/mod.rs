//! From tokens to events: a state for every place in the grammar, a stack of states to return to.

mod block;
mod document;
mod flow;

use super::cause::Cause;
use super::chars::python_str;
use super::error::{ErrorKind, Fault, Faulty};
use super::scanner::{Scanner, Style, Tag, Text, Token, TokenKind};
use crate::source::Span;
use TokenKind as T;
use std::collections::HashMap;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventKind {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias,
    Scalar,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
}

/// One event. What does not apply to a kind is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    pub(super) style: Style,
    /// The whole event with its properties, as PyYAML's marks have it.
    pub(super) span: Span,
    /// Where the content starts, after anchor and tag.
    pub(super) content: u32,
    /// Value of a scalar; name of an alias.
    pub(super) text: Text,
    /// Whether the parser's `properties` are this event's.
    pub(super) has_properties: bool,
}

/// What may precede the content of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Properties {
    /// The anchor's name; empty for none.
    pub(super) anchor: Span,
    /// The tag, its handle resolved.
    pub(super) tag: Option<Tag>,
}

impl Event {
    fn new(kind: EventKind, start: u32, end: u32) -> Self {
        Self {
            kind,
            style: Style::Plain,
            span: Span::new(start, end),
            content: start,
            text: Text::default(),
            has_properties: false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    /// After a key that was read with its colon.
    BlockMappingLineValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// Where a node may stand, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Flow,
    Block,
    /// Value of a block mapping: a sequence need not be indented.
    BlockOrIndentless,
}

/// The parser's state.
pub(super) struct Parser<'a> {
    pub(super) scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Where each open collection starts.
    marks: Vec<u32>,
    /// Tag handles that the current document declares, with their prefixes.
    handles: HashMap<&'a str, Text>,
    /// Properties of the last event that has any.
    properties: Properties,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, ascii: bool) -> Self {
        Self {
            scanner: Scanner::new(text, ascii),
            state: State::StreamStart,
            states: Vec::with_capacity(16),
            marks: Vec::with_capacity(16),
            handles: HashMap::new(),
            properties: Properties::default(),
        }
    }

    /// Anchor and tag of the event that was just parsed.
    pub(super) fn properties_of(&self, event: &Event) -> Properties {
        if event.has_properties { self.properties } else { Properties::default() }
    }

    /// The next event; after the end of the stream, its end again.
    #[inline]
    pub(super) fn next(&mut self) -> Faulty<Event> {
        match self.state {
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::BlockMappingLineValue => self.block_mapping_line_value(),
            State::BlockNode => self.node(Place::Block),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockSequenceFirstEntry => {
                self.open()?;
                self.block_sequence_entry()
            }
            State::BlockMappingFirstKey => {
                self.open()?;
                self.block_mapping_key()
            }
            State::FlowSequenceFirstEntry => {
                self.open()?;
                self.flow_sequence_entry(true)
            }
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowMappingFirstKey => {
                self.open()?;
                self.flow_mapping_key(true)
            }
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let start = self.scanner.peek()?.start;
                self.state = State::FlowMappingKey;
                Ok(empty_scalar(start))
            }
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => {
                self.state = State::FlowSequenceEntry;
                let start = self.scanner.peek()?.start;
                Ok(Event::new(EventKind::MappingEnd, start, start))
            }
            State::StreamStart => {
                self.state = State::ImplicitDocumentStart;
                Ok(Event::new(EventKind::StreamStart, 0, 0))
            }
            State::ImplicitDocumentStart => self.implicit_document_start(),
            State::DocumentStart => self.document_start(),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::End => {
                let token = self.scanner.peek()?;
                Ok(Event::new(EventKind::StreamEnd, token.start, token.end))
            }
        }
    }

    /// Passes the token that starts a collection and remembers its place.
    fn open(&mut self) -> Faulty<()> {
        let token = self.take()?;
        self.marks.push(token.start);
        Ok(())
    }

    fn take(&mut self) -> Faulty<Token> {
        let token = self.scanner.peek()?;
        self.scanner.advance();
        Ok(token)
    }

    fn return_to_caller(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// Parses a node and then goes on with `then`.
    #[inline]
    fn node_then(&mut self, then: State, place: Place) -> Faulty<Event> {
        self.states.push(then);
        self.node(place)
    }

    fn fault(problem: String, at: Token) -> Box<Fault> {
        Fault::new(ErrorKind::Parser, problem, Span::at(at.start))
    }

    // Nodes.

    #[inline]
    fn node(&mut self, place: Place) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if token.kind == T::Scalar {
            // The usual node, without properties.
            self.scanner.advance();
            self.return_to_caller();
            return Ok(scalar(token));
        }
        if token.kind == T::Alias {
            self.scanner.advance();
            self.return_to_caller();
            let mut event = Event::new(EventKind::Alias, token.start, token.end);
            event.text = token.text;
            return Ok(event);
        }
        let mut event = Event::new(EventKind::Scalar, token.start, token.start);
        self.scan_properties(&mut event)?;
        self.content(event, place)
    }

    /// An anchor, a tag, or both in either order.
    fn scan_properties(&mut self, event: &mut Event) -> Faulty<()> {
        let mut tag = None;
        let mut anchor = None;
        for _ in 0..2 {
            let token = self.scanner.peek()?;
            match token.kind {
                T::Anchor if anchor.is_none() => anchor = Some(Span::new(token.start + 1, token.end)),
                T::Tag if tag.is_none() => tag = Some(token),
                _ => break,
            }
            event.span.end = token.end;
            event.content = token.end;
            self.scanner.advance();
        }
        if anchor.is_some() || tag.is_some() {
            event.has_properties = true;
            let tag = tag.map(|token| self.resolve_tag(token)).transpose()?;
            self.properties = Properties { anchor: anchor.unwrap_or_default(), tag };
        }
        Ok(())
    }

    fn resolve_tag(&self, token: Token) -> Faulty<Tag> {
        let suffix = token.text;
        if token.extra == 0 {
            return Ok(Tag { prefix: Text::default(), suffix });
        }
        let end = token.start + token.extra;
        let handle = Span::new(token.start, end).of(self.scanner.text());
        let prefix = match (self.handles.get(handle), handle) {
            (Some(prefix), _) => *prefix,
            (None, "!") => Text::source(token.start, end),
            (None, "!!") => Text::CORE_PREFIX,
            _ => {
                let problem = format!("found undefined tag handle {}", python_str(handle));
                return Err(Self::fault(problem, token).cause(Cause::UnknownTag(handle.to_owned())));
            }
        };
        Ok(Tag { prefix, suffix })
    }

    fn content(&mut self, mut event: Event, place: Place) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        let (kind, style, state, end) = match token.kind {
            T::BlockEntry if place == Place::BlockOrIndentless => {
                (EventKind::SequenceStart, Style::Block, State::IndentlessEntry, token.end)
            }
            T::Scalar => {
                self.scanner.advance();
                self.return_to_caller();
                event.text = token.text;
                (EventKind::Scalar, token.style, self.state, token.end)
            }
            T::FlowSequenceStart => {
                (EventKind::SequenceStart, Style::Flow, State::FlowSequenceFirstEntry, token.end)
            }
            T::FlowMappingStart => {
                (EventKind::MappingStart, Style::Flow, State::FlowMappingFirstKey, token.end)
            }
            T::BlockSequenceStart if place != Place::Flow => {
                (EventKind::SequenceStart, Style::Block, State::BlockSequenceFirstEntry, token.start)
            }
            T::BlockMappingStart if place != Place::Flow => {
                (EventKind::MappingStart, Style::Block, State::BlockMappingFirstKey, token.start)
            }
            _ if event.has_properties => {
                self.return_to_caller();
                return Ok(event);
            }
            _ => {
                let problem = format!("expected the node content, but found '{}'", token.kind.id());
                let words = if place == Place::Flow {
                    "while parsing a flow node"
                } else {
                    "while parsing a block node"
                };
                return Err(Self::fault(problem, token).context(words, event.span));
            }
        };
        event.kind = kind;
        event.style = style;
        event.span.end = end;
        event.content = token.start;
        self.state = state;
        Ok(event)
    }
}

#[inline]
fn scalar(token: Token) -> Event {
    let mut event = Event::new(EventKind::Scalar, token.start, token.end);
    event.text = token.text;
    event.style = token.style;
    event
}

fn empty_scalar(at: u32) -> Event {
    Event::new(EventKind::Scalar, at, at)
}
