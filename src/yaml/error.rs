//! What can be wrong with a text, in PyYAML's words and in ours.

use super::cause::Cause;
use std::sync::Arc;

use crate::source::{SourceText, Span};

/// Which layer of reading refused the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The bytes are no acceptable text.
    Reader,
    /// The text cannot be cut into tokens.
    Scanner,
    /// The tokens do not fit together.
    Parser,
    /// Anchors, aliases or the number of documents are wrong.
    Composer,
    /// A value cannot be made from its text or its tag.
    Constructor,
    /// One of our own limits; PyYAML might go on (or exhaust the machine).
    Budget,
}

/// Why a text could not be read, with the text.
#[derive(Clone, Debug)]
pub struct Error {
    /// Which layer refused it.
    pub kind: ErrorKind,
    /// Name of the Python exception that PyYAML raises, such as `ScannerError` or `ValueError`.
    pub exception: &'static str,
    /// The problem in PyYAML's words; in ours if `kind` is `Budget`.
    pub problem: String,
    /// Where PyYAML sees the problem (an empty span), or the node that it does not name.
    pub mark: Span,
    /// The most helpful place, at least one character wide where there is one.
    pub span: Span,
    /// What PyYAML was doing, and where that began.
    pub context: Option<(String, Span)>,
    /// What probably happened.
    pub cause: Cause,
    /// The text that the spans refer to; where the bytes were no text, with replacement characters.
    pub source: Arc<SourceText>,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Error {}

/// An error before it is given its text and its likely cause.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    pub(super) exception: &'static str,
    pub(super) problem: String,
    pub(super) mark: Span,
    pub(super) context: Option<(&'static str, Span)>,
    /// Set where the place that found the fault knows more than its words say.
    pub(super) cause: Option<Cause>,
}

/// Faults are rare, so results carry a pointer.
pub(super) type Faulty<T> = Result<T, Box<Fault>>;

impl Fault {
    pub(super) fn new(kind: ErrorKind, problem: impl Into<String>, mark: Span) -> Box<Self> {
        let exception = match kind {
            ErrorKind::Reader => "ReaderError",
            ErrorKind::Scanner => "ScannerError",
            ErrorKind::Parser => "ParserError",
            ErrorKind::Composer => "ComposerError",
            ErrorKind::Constructor => "ConstructorError",
            ErrorKind::Budget => "RecursionError",
        };
        Box::new(Self { kind, exception, problem: problem.into(), mark, context: None, cause: None })
    }

    pub(super) fn context(mut self: Box<Self>, words: &'static str, span: Span) -> Box<Self> {
        self.context = Some((words, span));
        self
    }

    pub(super) fn cause(mut self: Box<Self>, cause: Cause) -> Box<Self> {
        self.cause = Some(cause);
        self
    }

    /// An exception of Python's own, which escapes from PyYAML without a place.
    pub(super) fn python(
        kind: ErrorKind,
        exception: &'static str,
        problem: impl Into<String>,
        mark: Span,
    ) -> Box<Self> {
        let mut fault = Self::new(kind, problem, mark);
        fault.exception = exception;
        fault
    }
}
