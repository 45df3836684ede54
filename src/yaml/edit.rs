//! Edits of a text by the places of its values: what fixes are made of.
//!
//! Every function says which stretches of the file to replace, so that everything else, comments and
//! layout included, stays as it is. `None` means that the change cannot be written as such an edit:
//! the value stands elsewhere (an alias, a merge key), is a block scalar or spread over lines, or
//! taking it away would take an anchor that is used. What is written inside an anchored value is
//! edited like everything else; whether all users of the anchor want that is for
//! [`crate::fix`] to judge, which proves every fix before it is written.

mod entries;
mod merge;
#[cfg(test)]
mod tests;

pub use merge::merge_into;

pub use entries::{append, insert_entry, remove_entry, remove_item, rename_key};

use crate::source::{Edit, Span};

use super::{Kind, Scalar, Style, Value, resolve_plain};

/// Puts an unquoted scalar in quotes, so that YAML reads it as the text that is written.
pub fn quote(value: Value<'_>) -> Option<Vec<Edit>> {
    let is_plain = value.style() == Style::Plain && value.is_scalar() && !value.span().is_empty();
    (is_plain && is_editable(value)).then(|| one(value.span(), quoted(value.text())?)).flatten()
}

/// Puts what is written in quotes, whatever YAML makes of it: of `a: b`, the text with the colon.
pub fn quote_source(value: Value<'_>) -> Option<Vec<Edit>> {
    let is_bare = !matches!(value.style(), Style::Single | Style::Double) && !value.span().is_empty();
    (is_bare && is_editable(value)).then(|| one(value.span(), quoted(value.raw())?)).flatten()
}

/// Takes the quotes off a scalar whose text is a number or a word that YAML reads as something else
/// than text; the blanks inside the quotes go, too.
pub fn unquote(value: Value<'_>) -> Option<Vec<Edit>> {
    let is_quoted = matches!(value.style(), Style::Single | Style::Double);
    let text = value.text().trim();
    let is_plain = !matches!(resolve_plain(text), Scalar::Str | Scalar::Null) && !text.contains([',', ' ']);
    (is_quoted && is_plain && is_editable(value)).then(|| one(value.span(), text.to_owned())).flatten()
}

/// Replaces a scalar by a text, in the quotes that are there.
pub fn replace(value: Value<'_>, text: &str) -> Option<Vec<Edit>> {
    if !value.is_scalar() || value.span().is_empty() || !is_editable(value) {
        return None;
    }
    let source = match value.style() {
        Style::Plain => string(text)?,
        Style::Single if !text.contains('\'') => single_quoted(text)?,
        Style::Single | Style::Double => quoted(text)?,
        _ => return None,
    };
    one(value.span(), source)
}

/// Replaces the scalar that is written as `written` at `span` by a text, if it says `old` and needs
/// no reader for that: for places of which the value is no longer known.
pub fn replace_written(written: &str, span: Span, old: &str, text: &str) -> Option<Vec<Edit>> {
    let inside = |quote| written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let source = match (inside('\''), inside('"')) {
        (Some(inside), _) if inside == old && !text.contains('\'') => single_quoted(text)?,
        (_, Some(inside)) | (Some(inside), _) if inside == old => quoted(text)?,
        _ if written == old => string(text)?,
        _ => return None,
    };
    one(span, source)
}

/// Replaces a scalar, or a list or mapping in brackets, by `source`, which is YAML: a number, a
/// word, something in brackets. The source must be readable in brackets, too: no bare `,`.
pub fn write(value: Value<'_>, source: &str) -> Option<Vec<Edit>> {
    let is_block = matches!(value.style(), Style::Block | Style::Literal | Style::Folded);
    (!is_block && !value.span().is_empty() && is_editable(value))
        .then(|| one(value.span(), source.to_owned()))
        .flatten()
}

/// Puts brackets around a value: `x` becomes `["x"]`, `[a, b]` becomes `[[a, b]]`.
pub fn wrap(value: Value<'_>) -> Option<Vec<Edit>> {
    let span = value.span();
    if span.is_empty() || !is_editable(value) {
        return None;
    }
    match value.style() {
        // Plain text may have a comma, which ends an item.
        Style::Plain if value.kind() == Kind::Str => one(span, format!("[{}]", quoted(value.text())?)),
        Style::Plain | Style::Single | Style::Double | Style::Flow => {
            let insert = |at, text: &str| Edit { span: Span::at(at), text: text.to_owned() };
            Some(vec![insert(span.start, "["), insert(span.end, "]")])
        }
        _ => None,
    }
}

/// How a text is written so that YAML reads that text in every position: bare if it is a word, else
/// in quotes. `None` for a text with control characters or line breaks.
pub fn string(text: &str) -> Option<String> {
    if is_word(text) { Some(text.to_owned()) } else { quoted(text) }
}

/// A text in double quotes, or in single ones where it has characters that double ones escape.
pub fn quoted(text: &str) -> Option<String> {
    if text.contains(['"', '\\']) {
        single_quoted(text)
    } else {
        fits_a_line(text).then(|| format!("\"{text}\""))
    }
}

/// A text in single quotes.
fn single_quoted(text: &str) -> Option<String> {
    fits_a_line(text).then(|| format!("'{}'", text.replace('\'', "''")))
}

/// Whether every reader takes the characters as they are, on one line.
fn fits_a_line(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~') || (c.is_alphanumeric() && c <= '\u{FFFF}'))
}

/// Whether YAML reads the bare text as this string, in every position.
fn is_word(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        && resolve_plain(text) == Scalar::Str
}

/// Whether the value stands where it is used, on one line, and means what its characters say.
fn is_editable(value: Value<'_>) -> bool {
    !value.is_alias() && value.tag().is_none() && !value.raw().contains(['\n', '\r'])
}

#[expect(clippy::unnecessary_wraps, reason = "every edit of this module may be impossible")]
fn one(span: Span, text: String) -> Option<Vec<Edit>> {
    Some(vec![Edit { span, text }])
}
