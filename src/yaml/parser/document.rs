//! The stream, its documents and their directives.

use super::super::chars::python_str;
use super::super::error::Faulty;
use super::super::scanner::Directive;
use super::{Event, EventKind, Parser, Place, State, T, empty_scalar};

impl Parser<'_> {
    pub(super) fn implicit_document_start(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, T::Directive | T::DocumentStart | T::StreamEnd) {
            return self.document_start();
        }
        self.handles.clear();
        self.states.push(State::DocumentEnd);
        self.state = State::BlockNode;
        Ok(Event::new(EventKind::DocumentStart, token.start, token.start))
    }

    pub(super) fn document_start(&mut self) -> Faulty<Event> {
        while self.scanner.peek()?.kind == T::DocumentEnd {
            self.scanner.advance();
        }
        let first = self.scanner.peek()?;
        if first.kind == T::StreamEnd {
            self.state = State::End;
            return Ok(Event::new(EventKind::StreamEnd, first.start, first.end));
        }
        self.process_directives()?;
        let token = self.scanner.peek()?;
        if token.kind != T::DocumentStart {
            let problem = format!("expected '<document start>', but found '{}'", token.kind.id());
            return Err(Self::fault(problem, token));
        }
        self.scanner.advance();
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Event::new(EventKind::DocumentStart, first.start, token.end))
    }

    pub(super) fn document_end(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        let mut event = Event::new(EventKind::DocumentEnd, token.start, token.start);
        if token.kind == T::DocumentEnd {
            self.scanner.advance();
            event.span.end = token.end;
        }
        self.state = State::DocumentStart;
        Ok(event)
    }

    pub(super) fn document_content(&mut self) -> Faulty<Event> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, T::Directive | T::DocumentStart | T::DocumentEnd | T::StreamEnd) {
            self.return_to_caller();
            return Ok(empty_scalar(token.start));
        }
        self.node(Place::Block)
    }

    pub(super) fn process_directives(&mut self) -> Faulty<()> {
        self.handles.clear();
        let mut version_seen = false;
        loop {
            let token = self.scanner.peek()?;
            if token.kind != T::Directive {
                return Ok(());
            }
            match self.scanner.directives.get(token.extra as usize) {
                Some(Directive::Yaml { major, .. }) => {
                    if version_seen {
                        return Err(Self::fault("found duplicate YAML directive".to_owned(), token));
                    }
                    version_seen = true;
                    if *major != 1 {
                        let problem = "found incompatible YAML document (version 1.* is required)";
                        return Err(Self::fault(problem.to_owned(), token));
                    }
                }
                Some(&Directive::Tag { handle, prefix }) => {
                    let name = handle.of(self.scanner.text(), "");
                    if self.handles.insert(name, prefix).is_some() {
                        return Err(Self::fault(format!("duplicate tag handle {}", python_str(name)), token));
                    }
                }
                Some(Directive::Other) | None => {}
            }
            self.scanner.advance();
        }
    }
}
