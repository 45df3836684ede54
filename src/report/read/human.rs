//! The tree like YAML, for reading.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::explain::{origin, surprise};
use super::{Entry, Kind, Secrets, Tree, Value};
use crate::text::is_hidden;
use crate::yaml::{Scalar, resolve_plain};

/// Writes the document, one line per scalar.
pub(super) fn write(secrets: Secrets, tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    let root = tree.root();
    if is_block(root) {
        return block(secrets, root, 0, out);
    }
    writeln!(out, "{}{}", inline(secrets, root), comment(&notes(secrets, root, None)))
}

/// Whether a value takes lines of its own.
fn is_block(value: Value<'_>) -> bool {
    matches!(value.kind(), Kind::Seq | Kind::Map | Kind::Set) && !value.is_empty()
}

fn block(secrets: Secrets, value: Value<'_>, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    if value.kind() == Kind::Map {
        return value.entries().try_for_each(|entry| map_entry(secrets, entry, indent, out));
    }
    for item in value.items() {
        let notes = comment(&notes(secrets, item, None));
        if is_block(item) {
            writeln!(out, "{:indent$}-{notes}", "")?;
            block(secrets, item, indent + 2, out)?;
        } else {
            writeln!(out, "{:indent$}- {}{notes}", "", inline(secrets, item))?;
        }
    }
    Ok(())
}

fn map_entry(secrets: Secrets, entry: Entry<'_>, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    let notes = comment(&notes(secrets, entry.value, Some(entry)));
    let key = inline(secrets, entry.key);
    if is_block(entry.value) {
        writeln!(out, "{:indent$}{key}:{notes}", "")?;
        return block(secrets, entry.value, indent + 2, out);
    }
    writeln!(out, "{:indent$}{key}: {}{notes}", "", inline(secrets, entry.value))
}

/// Everything worth a comment beside a value.
fn notes(secrets: Secrets, value: Value<'_>, entry: Option<Entry<'_>>) -> Vec<String> {
    // How a secret is written says something of it.
    let surprise = |value| if secrets.is_masked(value) { None } else { surprise(value) };
    let key = entry.and_then(|entry| surprise(entry.key)).map(|words| format!("key: {words}"));
    let origin = origin(value, entry).map(|words| secrets.words(value, words));
    key.into_iter().chain(surprise(value)).chain(origin).collect()
}

fn comment(notes: &[String]) -> String {
    if notes.is_empty() { String::new() } else { format!("  # {}", notes.join("; ")) }
}

/// A scalar, or an empty collection, on one line.
fn inline(secrets: Secrets, value: Value<'_>) -> String {
    match value.kind() {
        Kind::Seq => "[]".to_owned(),
        Kind::Set | Kind::Map => "{}".to_owned(),
        Kind::Str => string(&secrets.text_of(value)),
        _ if secrets.is_masked(value) => string(&secrets.text_of(value)),
        _ => value.repr().into_owned(),
    }
}

/// A string without quotes where it would be read back the same, else as JSON has it.
fn string(text: &str) -> String {
    let special = |c: char| {
        matches!(c, '#' | ':' | ',' | '[' | ']' | '{' | '}' | '"' | '\'' | '\\') || is_hidden(c) || c == '\t'
    };
    let starts_plain =
        text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '$' | '('));
    let bare =
        starts_plain && !text.ends_with(' ') && resolve_plain(text) == Scalar::Str && !text.contains(special);
    if bare {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // What a terminal would obey or hide is shown as its number.
            c if is_hidden(c) => {
                // Writing to a string cannot fail.
                let _ = match u32::from(c) {
                    code @ 0..=0xffff => write!(quoted, "\\u{code:04x}"),
                    code => write!(quoted, "\\U{code:08x}"),
                };
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
