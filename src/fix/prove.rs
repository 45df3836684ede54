//! Whether edits changed what they were meant to change and nothing else: the values of the text
//! before and after are compared, and the comments.

use crate::source::Span;
use crate::yaml::{Comment, Entry, Kind, Style, Tree, Value};

use super::apply::Applied;

/// Whether everything that no edit touches is read as before.
///
/// Values are compared as they are written, aliases as aliases: what is the same in the text is the
/// same wherever it is used.
pub(super) fn keeps_the_rest(before: &Tree, after: &Tree, applied: &Applied) -> bool {
    same(before.root(), after.root(), applied) && same_comments(before, after, applied)
}

/// Comments that no edit touches stay comments, and no others come into being but those that an
/// edit writes.
fn same_comments(before: &Tree, after: &Tree, applied: &Applied) -> bool {
    let kept = before.comments().iter().filter(|comment| !applied.touches(shrunk(**comment)));
    let kept =
        kept.map(|comment| Span::new(applied.moved(comment.span.start), applied.moved(comment.span.end)));
    let found = after.comments().iter().filter(|comment| !applied.wrote(shrunk(**comment)));
    kept.eq(found.map(|comment| comment.span))
}

/// A comment without its first and last byte: an insertion before or after it does not change it.
fn shrunk(comment: Comment) -> Span {
    let Span { start, end } = comment.span;
    if comment.span.len() > 2 { Span::new(start + 1, end - 1) } else { comment.span }
}

/// Where a value is written, or the alias that stands for it.
fn written(value: Value<'_>) -> Span {
    value.site()
}

fn same(before: Value<'_>, after: Value<'_>, applied: &Applied) -> bool {
    if before.is_alias() || after.is_alias() {
        let name = |value: Value<'_>| written(value).of(value.tree().text()).to_owned();
        // The anchor that is meant must be the same, too, not only its name.
        let goal =
            || applied.moved(before.span().start) == after.span().start || applied.touches(before.span());
        let is_same = before.is_alias() && after.is_alias() && name(before) == name(after) && goal();
        return is_same || applied.touches(written(before));
    }
    let is_same_type = before.kind() == after.kind() && before.tag() == after.tag();
    match before.kind() {
        // In brackets, the form may change by what is done to the bracket.
        Kind::Map | Kind::Set if is_same_type => {
            same_entries(before, after, applied)
                || (before.style() == Style::Flow && is_begun(before, applied))
        }
        Kind::Seq if is_same_type => {
            same_items(before, after, applied) || (before.style() == Style::Flow && is_begun(before, applied))
        }
        Kind::Map | Kind::Set | Kind::Seq => is_begun(before, applied),
        _ => (is_same_type && before.text() == after.text()) || applied.touches(before.span()),
    }
}

/// Whether an edit is made where a collection begins, so that the collection itself changes.
fn is_begun(value: Value<'_>, applied: &Applied) -> bool {
    let start = value.span().start;
    applied.touches(Span::at(start)) || applied.touches(Span::new(start, start.saturating_add(1)))
}

/// From the key to the end of the value, as written, without blank lines after it: a text of several lines has them,
/// and they may stay where it goes.
fn entry_span(entry: &Entry<'_>) -> Span {
    without_end(entry.key, written(entry.key).to(written(entry.value)))
}

/// An item as written, in the same way.
fn item_span(item: Value<'_>) -> Span {
    without_end(item, written(item))
}

fn without_end(value: Value<'_>, span: Span) -> Span {
    let content = span.of(value.tree().text()).trim_end().len();
    Span::new(span.start, span.start + u32::try_from(content).unwrap_or_default())
}

fn same_entries(before: Value<'_>, after: Value<'_>, applied: &Applied) -> bool {
    let mut old = before.own_entries().peekable();
    let mut new = after.own_entries().peekable();
    loop {
        let (a, b) = (old.peek().copied(), new.peek().copied());
        let is_new = b.is_some_and(|entry| applied.wrote(entry_span(&entry)));
        match (a, b) {
            (None, None) => return true,
            // Taken away.
            (Some(a), _)
                if applied.deletes(entry_span(&a)) || (applied.replaces(entry_span(&a)) && !is_new) =>
            {
                old.next();
            }
            (Some(a), Some(b)) if same_key(a.key, b.key, applied) && same(a.value, b.value, applied) => {
                old.next();
                new.next();
            }
            _ if is_new => {
                new.next();
            }
            (Some(a), _) if applied.touches(entry_span(&a)) && applied.replaces(written(a.key)) => {
                old.next();
            }
            _ => return false,
        }
    }
}

/// Whether a key is as before, or another one that was written in its place.
fn same_key(before: Value<'_>, after: Value<'_>, applied: &Applied) -> bool {
    if before.kind() == after.kind() && before.text() == after.text() {
        return same(before, after, applied);
    }
    applied.touches(written(before)) && applied.wrote(written(after))
}

fn same_items(before: Value<'_>, after: Value<'_>, applied: &Applied) -> bool {
    let mut old = before.items().peekable();
    let mut new = after.items().peekable();
    loop {
        let (a, b) = (old.peek().copied(), new.peek().copied());
        let is_new = b.is_some_and(|item| applied.wrote(written(item)));
        match (a, b) {
            (None, None) => return true,
            // Taken away.
            (Some(a), _) if applied.deletes(item_span(a)) || (applied.replaces(item_span(a)) && !is_new) => {
                old.next();
            }
            (Some(a), Some(b)) if same(a, b, applied) => {
                old.next();
                new.next();
            }
            _ if is_new => {
                new.next();
            }
            _ => return false,
        }
    }
}
