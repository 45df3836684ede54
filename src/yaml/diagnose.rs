//! From PyYAML's words to the likely mistake and the place to look at.

use super::cause::Cause;
use super::error::Fault;
use crate::source::Span;

/// The likely cause and the most helpful place.
pub(super) fn diagnose(fault: &Fault, text: &str) -> (Cause, Span) {
    (fault.cause.clone().unwrap_or(Cause::Other), at_least_one_character(fault.mark, text))
}

fn at_least_one_character(span: Span, text: &str) -> Span {
    if !span.is_empty() {
        return span;
    }
    let rest = text.get(span.start as usize..).unwrap_or("");
    let width = rest.chars().next().map_or(0, char::len_utf8);
    Span::new(span.start, span.start + super::chars::offset(width))
}
