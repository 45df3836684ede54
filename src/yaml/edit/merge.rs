//! One mapping for two.

use std::collections::HashMap;

use crate::source::{Edit, Span};

use super::super::{Entry, Kind, Style, Value};
use super::entries::{after_line, before_bracket, column_of, line_break};

/// Adds to `last` the entries of `first` that it has not; mappings that both have are merged, too, and of
/// other values those of `last` stay. `None` where the text of `first` cannot stand in `last`.
pub fn merge_into(last: Value<'_>, first: Value<'_>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    merge(last, first, &mut edits)?;
    Some(edits)
}

fn merge(last: Value<'_>, first: Value<'_>, edits: &mut Vec<Edit>) -> Option<()> {
    let is_plain = |value: Value<'_>| value.kind() == Kind::Map && !value.is_alias();
    if !is_plain(last) || !is_plain(first) {
        return None;
    }
    // What `<<` brings has a place of its own among the entries.
    let mut entries = last.own_entries().chain(first.own_entries());
    if !entries.all(|entry| entry.key.kind() == Kind::Str && !entry.key.is_alias() && !entry.is_merge_key()) {
        return None;
    }
    let own: HashMap<&str, Value<'_>> =
        last.own_entries().map(|entry| (entry.key.text(), entry.value)).collect();
    let mut missing: Vec<Entry<'_>> = Vec::new();
    for entry in first.own_entries() {
        match own.get(entry.key.text()) {
            None => missing.push(entry),
            Some(own) if is_plain(*own) && is_plain(entry.value) => merge(*own, entry.value, edits)?,
            Some(_) => {}
        }
    }
    if missing.is_empty() {
        return Some(());
    }
    let added = match (last.style(), first.style()) {
        (Style::Flow, Style::Flow) => {
            let texts: Option<Vec<&str>> = missing.iter().map(on_one_line).collect();
            before_bracket(last.tree(), last.span(), &texts?.join(", "))?
        }
        (Style::Flow, Style::Block) => {
            let texts: Option<Vec<&str>> = missing.iter().map(in_brackets).collect();
            before_bracket(last.tree(), last.span(), &texts?.join(", "))?
        }
        (Style::Block, Style::Flow) => {
            let indent = " ".repeat(column_of(last.tree().source(), last.span().start)?);
            let lines: Option<Vec<String>> =
                missing.iter().map(|entry| Some(format!("{indent}{}", on_one_line(entry)?))).collect();
            after_line(last.tree(), last.span(), &lines?.join(line_break(last.tree().source())))?
        }
        (Style::Block, Style::Block) => {
            let lines: Option<Vec<String>> = missing.iter().map(|entry| lines_of(*entry, last)).collect();
            after_line(last.tree(), last.span(), &lines?.join(line_break(last.tree().source())))?
        }
        _ => return None,
    };
    edits.extend(added);
    Some(())
}

/// The text of an entry in brackets.
fn on_one_line<'t>(entry: &Entry<'t>) -> Option<&'t str> {
    let text = written(*entry).of(entry.key.tree().text());
    (!text.contains(['\n', '\r', '#'])).then_some(text)
}

/// The text of an entry of lines, if it is read the same in brackets.
fn in_brackets<'t>(entry: &Entry<'t>) -> Option<&'t str> {
    let fits = |value: Value<'_>| match value.style() {
        Style::Plain => !value.is_alias() && !value.raw().contains([',', '[', ']', '{', '}', ':', '?']),
        Style::Single | Style::Double | Style::Flow => true,
        _ => false,
    };
    (fits(entry.key) && fits(entry.value) && !entry.value.span().is_empty())
        .then(|| on_one_line(entry))
        .flatten()
}

fn written(entry: Entry<'_>) -> Span {
    let value = if entry.value.is_alias() { entry.value.site() } else { entry.value.span() };
    entry.key.span().to(value)
}

/// The lines of an entry, moved to the column of the entries of `last`.
fn lines_of(entry: Entry<'_>, last: Value<'_>) -> Option<String> {
    let tree = last.tree();
    let (source, text) = (tree.source(), tree.text());
    let (from, to) = (column_of(source, entry.key.span().start)?, column_of(source, last.span().start)?);
    let span = written(entry);
    let end = span.start + u32::try_from(span.of(text).trim_end().len()).ok()?;
    let mut lines = Vec::new();
    for number in source.line_of(span.start)..=source.line_of(end) {
        let line = source.line_span(number).of(text);
        // The first entry of an item stands behind its dash.
        let content = if lines.is_empty() { line.get(from..)? } else { line.trim_start_matches(' ') };
        let indent = if lines.is_empty() { from } else { line.len() - content.len() };
        if content.is_empty() {
            lines.push(String::new());
        } else {
            let moved = (indent + to).checked_sub(from)?;
            lines.push(format!("{}{content}", " ".repeat(moved)));
        }
    }
    Some(lines.join(line_break(source)))
}
