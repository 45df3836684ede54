//! Repairs of what the YAML reader itself finds.

use crate::diagnostic::FixSafety;
use crate::schedule::cron::{self, Trouble};
use crate::source::{Edit, Span};
use crate::yaml::{Cause, Error, Tree, edit};

/// Title, safety and edits of a repair.
pub(super) type Repair = (&'static str, FixSafety, Vec<Edit>);

/// Tabs that one repair replaces; more of them are no configuration.
const MOST_TABS: usize = 10_000;

/// Columns of indentation for a tab.
const INDENT: &str = "  ";

/// The repair of a text that PaaSTA cannot read, where there is one.
pub(super) fn refused(error: &Error) -> Option<Repair> {
    let text = error.source.text();
    match &error.cause {
        Cause::TabIndent => tabs(error),
        Cause::ReservedCharacter(_) => {
            let edits = quote_rest(text, error.span.start)?;
            Some(("put the value in quotes", FixSafety::Unsafe, edits))
        }
        Cause::ColonInPlainValue => {
            let line = error.source.line_span(error.source.line_of(error.span.start));
            let (key, _) = line.of(text).split_once(": ")?;
            let start = line.start + u32::try_from(key.len() + 2).ok()?;
            let edits = quote_rest(text, start)?;
            // A command is one text; elsewhere two entries may have come onto one line.
            let safety = if key.trim() == "cmd" { FixSafety::Safe } else { FixSafety::Unsafe };
            Some(("put the value in quotes", safety, edits))
        }
        _ => None,
    }
}

/// A `schedule: @daily`, which in quotes would be the next mistake.
pub(super) struct Nickname {
    /// The five fields that mean the same, if there are some.
    pub(super) fields: Option<&'static str>,
    span: Span,
}

impl Nickname {
    /// Writes `fields` for it.
    pub(super) fn replaced_by(&self, fields: &str) -> Vec<Edit> {
        vec![Edit { span: self.span, text: fields.to_owned() }]
    }
}

/// The nickname of cron for which the text is refused, if it is for that.
pub(super) fn nickname(error: &Error) -> Option<Nickname> {
    let (text, start) = (error.source.text(), error.span.start);
    let (before, rest) = text.split_at_checked(start as usize)?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let key = line.rsplit([',', '{']).next()?.trim();
    let value = rest.split(['\n', '\r', ',', '}', '#']).next()?.trim_end();
    if key != "schedule:" || !value.starts_with('@') {
        return None;
    }
    let fields = cron::parse(value).err()?.iter().find_map(|problem| match problem.kind {
        Trouble::Nickname(fields) => fields,
        _ => None,
    });
    let end = start + u32::try_from(value.len()).ok()?;
    Some(Nickname { fields, span: Span::new(start, end) })
}

/// Blanks for tabs, where that leaves one meaning: between a key and its value, or in a text that is
/// indented by tabs alone.
fn tabs(error: &Error) -> Option<Repair> {
    let (source, text) = (&error.source, error.source.text());
    let line = source.line_span(source.line_of(error.span.start));
    let before = Span::new(line.start, error.span.start).of(text);
    if !before.trim().is_empty() {
        let tail = text.get(error.span.start as usize..)?;
        let run = u32::try_from(tail.len() - tail.trim_start_matches(['\t', ' ']).len()).ok()?;
        let span = Span::new(error.span.start, error.span.start + run);
        let edit = Edit { span, text: " ".to_owned() };
        return (run > 0).then(|| ("write a blank", FixSafety::Safe, vec![edit]));
    }
    let mut edits = Vec::new();
    for number in 0..source.line_count() {
        let line = source.line_span(number);
        let content = line.of(text);
        let indent = content.len() - content.trim_start_matches(['\t', ' ']).len();
        if indent == 0 || indent == content.len() {
            continue;
        }
        if content.bytes().take(indent).any(|byte| byte == b' ') || edits.len() == MOST_TABS {
            return None;
        }
        let span = Span::new(line.start, line.start + u32::try_from(indent).ok()?);
        edits.push(Edit { span, text: INDENT.repeat(indent) });
    }
    (!edits.is_empty()).then_some(("indent with blanks", FixSafety::Safe, edits))
}

/// Puts what stands from `start` to the end of the line, without a comment, in quotes.
fn quote_rest(text: &str, start: u32) -> Option<Vec<Edit>> {
    let (before, rest) = text.split_at_checked(start as usize)?;
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    let rest = rest.split(['\n', '\r']).next().unwrap_or(rest);
    let value = rest.split(" #").next().unwrap_or(rest).trim_end();
    let has_form = value.starts_with(['"', '\'', '|', '>', '&', '!', '[', '{']);
    if line.contains(['[', '{', '"', '\'']) || has_form || value.is_empty() {
        return None;
    }
    let end = start + u32::try_from(value.len()).ok()?;
    Some(vec![Edit { span: Span::new(start, end), text: edit::quoted(value)? }])
}

/// One merge key for two of one mapping: the later one of the text wins, as it did.
pub(super) fn repeated_merge(tree: &Tree, first: Span, second: Span) -> Option<Vec<Edit>> {
    let (source, text) = (tree.source(), tree.text());
    let alias = |key: Span| {
        let after = text.get(key.end as usize..)?;
        let name = after.trim_start_matches([' ', ':']);
        let start = key.end + u32::try_from(after.len() - name.len()).ok()?;
        let inside = name.strip_prefix('*')?;
        let length =
            1 + inside.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(inside.len());
        Some(Span::new(start, start + u32::try_from(length).ok()?))
    };
    let (one, two) = (alias(first)?, alias(second)?);
    let number = source.line_of(first.start);
    let line = source.line_span(number);
    let is_alone = Span::new(line.start, first.start).of(text).trim().is_empty()
        && Span::new(one.end, line.end).of(text).trim().is_empty();
    let next = source.line_span(number + 1).start;
    let both = format!("[{}, {}]", two.of(text), one.of(text));
    (is_alone && next > line.end && next <= second.start).then(|| {
        let line = Edit { span: Span::new(line.start, next), text: String::new() };
        vec![line, Edit { span: two, text: both }]
    })
}
