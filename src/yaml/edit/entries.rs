//! Entries of mappings and items of lists: taken away, added, renamed.

use crate::source::{Edit, SourceText, Span, line_break_length};

use super::super::{Entry, Kind, Style, Tree, Value};
use super::{one, string};

/// Gives an entry another key.
pub fn rename_key(mapping: Value<'_>, entry: Entry<'_>, name: &str) -> Option<Vec<Edit>> {
    let key = entry.key;
    let is_simple = matches!(key.style(), Style::Plain | Style::Single | Style::Double)
        && key.is_scalar()
        && super::is_editable(key)
        && !key.span().is_empty()
        && entry.merged_from().is_none();
    (is_simple && mapping.get(name).is_none()).then(|| one(key.span(), string(name)?)).flatten()
}

/// Takes an entry out of its mapping, with the lines that it alone stands on: comments at their ends
/// go with it, comments above it stay. The last entry cannot be taken, for it leaves null or `{}`.
pub fn remove_entry(mapping: Value<'_>, entry: Entry<'_>) -> Option<Vec<Edit>> {
    if mapping.is_alias()
        || mapping.own_entries().len() < 2
        || entry.merged_from().is_some()
        || entry.key.is_alias()
    {
        return None;
    }
    let end = if entry.value.is_alias() { entry.value.site().end } else { entry.value.span().end };
    let span = Span::new(entry.key.span().start, end.max(entry.key.span().end));
    let tree = mapping.tree();
    match mapping.style() {
        Style::Block => remove_lines(tree, span, entry.key.span().start),
        Style::Flow => remove_between_commas(tree, span),
        _ => None,
    }
}

/// Takes an item out of its list; the last item cannot be taken.
pub fn remove_item(list: Value<'_>, item: Value<'_>) -> Option<Vec<Edit>> {
    if list.is_alias() || list.kind() != Kind::Seq || list.len() < 2 {
        return None;
    }
    let span = if item.is_alias() { item.site() } else { item.span() };
    let tree = list.tree();
    match list.style() {
        Style::Flow => remove_between_commas(tree, span),
        Style::Block => {
            let before = tree.text().get(..span.start as usize)?.trim_end_matches(' ');
            let dash = before.strip_suffix('-')?.len();
            let dash = u32::try_from(dash).ok()?;
            remove_lines(tree, Span::new(dash, span.end), dash)
        }
        _ => None,
    }
}

/// Adds an entry at the end of a mapping; `source` is its value as YAML, on one line.
pub fn insert_entry(mapping: Value<'_>, key: &str, source: &str) -> Option<Vec<Edit>> {
    if mapping.is_alias() || mapping.kind() != Kind::Map || mapping.get(key).is_some() {
        return None;
    }
    let entry = format!("{}: {source}", string(key)?);
    let tree = mapping.tree();
    let inside = mapping.span();
    match mapping.style() {
        Style::Flow => before_bracket(tree, inside, &entry),
        Style::Block => {
            let column = column_of(tree.source(), inside.start)?;
            after_line(tree, inside, &format!("{}{entry}", " ".repeat(column)))
        }
        _ => None,
    }
}

/// Adds a text at the end of a list.
pub fn append(list: Value<'_>, text: &str) -> Option<Vec<Edit>> {
    if list.is_alias() || list.kind() != Kind::Seq {
        return None;
    }
    let item = string(text)?;
    let tree = list.tree();
    match list.style() {
        Style::Flow => before_bracket(tree, list.span(), &item),
        Style::Block => {
            // The span of a list starts at its first dash.
            let column = column_of(tree.source(), list.span().start)?;
            after_line(tree, list.span(), &format!("{}- {item}", " ".repeat(column)))
        }
        _ => None,
    }
}

/// Whether something in `span` has an anchor that an alias names.
fn holds_used_anchor(tree: &Tree, span: Span) -> bool {
    let anchors = tree.anchors();
    let first = anchors.partition_point(|anchor| anchor.name.start < span.start);
    let inside = anchors.iter().skip(first).take_while(|anchor| anchor.name.start < span.end);
    inside.into_iter().any(|anchor| anchor.uses > 0)
}

/// Deletes the lines of what stands at `span` and starts in the column of `start`. Where it shares
/// its first line with the dash of a list, its follower moves there.
fn remove_lines(tree: &Tree, span: Span, start: u32) -> Option<Vec<Edit>> {
    if holds_used_anchor(tree, span) {
        return None;
    }
    let (source, text) = (tree.source(), tree.text());
    let content = span.of(text).trim_end();
    let end = span.start + u32::try_from(content.len()).ok()?;
    let first = source.line_span(source.line_of(span.start));
    let last_line = source.line_of(end);
    let last = source.line_span(last_line);
    // A key without value has its colon after it, unless the value is written `''`.
    let after = Span::new(end, last.end).of(text).trim_start_matches([' ', '\t', ':']);
    if !(after.is_empty() || after.starts_with('#')) {
        return None;
    }
    let next = next_line(source, last_line, last);
    let before = Span::new(first.start, span.start).of(text);
    if before.bytes().all(|byte| byte == b' ') {
        let next = if between_blank_lines(source, first, last_line) {
            next_line(source, last_line + 1, source.line_span(last_line + 1))
        } else {
            next
        };
        return one(Span::new(first.start, next), String::new());
    }
    let follower = source.line_span(source.line_of(next));
    let column = usize::try_from(start - first.start).ok()?;
    let indent = follower.of(text).bytes().take_while(|byte| *byte == b' ').count();
    let is_sibling = next > last.end && indent == column && !follower.of(text).trim_start().starts_with('#');
    let is_dash = before.trim_end().ends_with('-') && before.is_ascii();
    let follower_start = follower.start + u32::try_from(indent).ok()?;
    (is_dash && is_sibling).then(|| one(Span::new(start, follower_start), String::new())).flatten()
}

/// Where the line after `line` starts; the end of the text if there is none.
fn next_line(source: &SourceText, line: usize, span: Span) -> u32 {
    if line + 1 < source.line_count() { source.line_span(line + 1).start } else { span.end }
}

/// Whether the lines from the one at `first` to `last_line` have blank lines (or nothing) on both
/// sides, of which one is enough.
fn between_blank_lines(source: &SourceText, first: Span, last_line: usize) -> bool {
    let is_blank = |line: usize| source.line_span(line).of(source.text()).trim().is_empty();
    let line = source.line_of(first.start);
    let above = line.checked_sub(1).is_none_or(is_blank);
    above && last_line + 2 < source.line_count() && is_blank(last_line + 1)
}

/// Deletes what stands at `span` in brackets, with the comma that belongs to it.
fn remove_between_commas(tree: &Tree, span: Span) -> Option<Vec<Edit>> {
    let text = tree.text();
    let span = without_value(text, with_anchor(text, span)?)?;
    if holds_used_anchor(tree, span) {
        return None;
    }
    let blank = [' ', '\t', '\n', '\r'];
    let before = text.get(..span.start as usize)?;
    let after = text.get(span.end as usize..)?.trim_start_matches(blank);
    if let Some(after) = after.strip_prefix(',') {
        let after = after.trim_start_matches([' ', '\t']);
        if after.starts_with('#') {
            return None;
        }
        let end = u32::try_from(text.len() - after.len()).ok()?;
        return one(Span::new(span.start, end), String::new());
    }
    // The last one: the comma before it goes. A comment may stand before the bracket.
    let comma = before.trim_end_matches(blank).strip_suffix(',')?.len();
    let is_last = after.starts_with([']', '}', '#']);
    is_last.then(|| one(Span::new(u32::try_from(comma).ok()?, span.end), String::new())).flatten()
}

/// The span of a key, with its colon where nothing else follows.
fn without_value(text: &str, span: Span) -> Option<Span> {
    let after = text.get(span.end as usize..)?;
    let end = after.trim_start_matches(' ').strip_prefix(':').map(|rest| text.len() - rest.len());
    Some(Span::new(span.start, end.map_or(Some(span.end), |end| u32::try_from(end).ok())?))
}

/// The span with an anchor in front of it, which goes with its item.
fn with_anchor(text: &str, span: Span) -> Option<Span> {
    let before = text.get(..span.start as usize)?;
    let trimmed = before.trim_end_matches(' ');
    let word = trimmed.len() - trimmed.rfind([' ', '\n', ',', '[', '{']).map_or(0, |at| at + 1);
    let start = trimmed.len() - word;
    if word > 0 && trimmed.get(start..)?.starts_with('&') {
        return Some(Span::new(u32::try_from(start).ok()?, span.end));
    }
    Some(span)
}

/// Adds `item` before the closing bracket of `span`.
pub(super) fn before_bracket(tree: &Tree, span: Span, item: &str) -> Option<Vec<Edit>> {
    let text = span.of(tree.text());
    let inside = text.get(1..text.len().checked_sub(1)?)?;
    let content = inside.trim_end_matches([' ', '\t', '\n', '\r']);
    let end = span.start + 1 + u32::try_from(content.len()).ok()?;
    let last_line = content.rsplit(['\n', '\r']).next().unwrap_or(content);
    // The text up to the bracket may end in a comment, which would swallow the item.
    if last_line.contains('#') {
        return None;
    }
    let separator = match content.bytes().last() {
        None => "",
        Some(b',') => " ",
        Some(_) => ", ",
    };
    one(Span::at(end), format!("{separator}{item}"))
}

/// Adds a line after the last one that has content of `span`.
pub(super) fn after_line(tree: &Tree, span: Span, line: &str) -> Option<Vec<Edit>> {
    let (source, text) = (tree.source(), tree.text());
    let content = span.of(text).trim_end().len();
    let end = span.start + u32::try_from(content).ok()?;
    let at = source.line_span(source.line_of(end)).end;
    one(Span::at(at), format!("{}{line}", line_break(source)))
}

/// The line break of the file.
pub(super) fn line_break(source: &SourceText) -> &str {
    let end = source.line_span(0).end as usize;
    let length = line_break_length(source.text().as_bytes(), end);
    source.text().get(end..end + length).filter(|found| !found.is_empty()).unwrap_or("\n")
}

/// Number of blanks that a line needs to start in the column of `offset`; `None` after characters
/// that do not count the same for every reader.
pub(super) fn column_of(source: &SourceText, offset: u32) -> Option<usize> {
    let line = source.line_span(source.line_of(offset));
    let before = Span::new(line.start, offset).of(source.text());
    before.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
}
