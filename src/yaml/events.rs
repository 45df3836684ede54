//! The parser's events, for tests and tools that compare them with PyYAML's.

use super::compose::finish_error;
use super::error::Error;
use super::parser::{self, EventKind, Parser};
use super::reader::decode;
use super::scanner::Style;
use crate::source::Span;

/// One event with everything PyYAML records about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// PyYAML's name without `Event`: `StreamStart`, `Scalar`, ...
    pub name: &'static str,
    /// Bytes from the event's start mark to its end mark.
    pub span: Span,
    /// Name of the anchor or alias.
    pub anchor: Option<String>,
    /// The tag, with its handle resolved.
    pub tag: Option<String>,
    /// Value of a scalar.
    pub value: Option<String>,
    /// How a scalar or collection is written.
    pub style: Option<Style>,
}

/// All events of a text with the decoded text that their spans refer to, up to the first problem.
pub fn events(bytes: &[u8]) -> Result<(String, Vec<Event>), Box<Error>> {
    let decoded = match decode(bytes.to_vec()) {
        Ok(decoded) => decoded,
        Err(refused) => return Err(finish_error(*refused.fault, refused.text)),
    };
    match collect(&decoded.text, decoded.ascii) {
        Ok(events) => Ok((decoded.text, events)),
        Err(fault) => Err(finish_error(*fault, decoded.text)),
    }
}

fn collect(text: &str, ascii: bool) -> super::error::Faulty<Vec<Event>> {
    let mut parser = Parser::new(text, ascii);
    let mut events = Vec::new();
    loop {
        let event = parser.next()?;
        events.push(convert(&event, parser.properties_of(&event), text, &parser.scanner.side));
        if event.kind == EventKind::StreamEnd {
            return Ok(events);
        }
    }
}

fn convert(event: &parser::Event, properties: parser::Properties, text: &str, side: &str) -> Event {
    let name = match event.kind {
        EventKind::StreamStart => "StreamStart",
        EventKind::StreamEnd => "StreamEnd",
        EventKind::DocumentStart => "DocumentStart",
        EventKind::DocumentEnd => "DocumentEnd",
        EventKind::Alias => "Alias",
        EventKind::Scalar => "Scalar",
        EventKind::SequenceStart => "SequenceStart",
        EventKind::SequenceEnd => "SequenceEnd",
        EventKind::MappingStart => "MappingStart",
        EventKind::MappingEnd => "MappingEnd",
    };
    let anchor = match event.kind {
        EventKind::Alias => Some(event.text.of(text, side).to_owned()),
        _ if !properties.anchor.is_empty() => Some(properties.anchor.of(text).to_owned()),
        _ => None,
    };
    let styled = matches!(event.kind, EventKind::Scalar | EventKind::SequenceStart | EventKind::MappingStart);
    Event {
        name,
        span: event.span,
        anchor,
        tag: properties.tag.map(|tag| tag.of(text, side).into_owned()),
        value: (event.kind == EventKind::Scalar).then(|| event.text.of(text, side).to_owned()),
        style: styled.then_some(event.style),
    }
}
