//! `json.dumps(value, sort_keys=True)`.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::value::{Data, Dict, Entry, Value};
use super::{Exception, text};

/// The text that Python's `json.dumps(value, sort_keys=True)` gives.
///
/// # Errors
/// Objects that JSON has no word for, keys of types that do not sort.
pub fn dumps(value: &Value<'_>) -> Result<String, Exception> {
    let mut out = String::with_capacity(1024);
    Writer { out: &mut out, lines: false }.value(value, 0)?;
    Ok(out)
}

/// Appends the same, with every entry and item on a line of its own, two blanks per level.
///
/// # Errors
/// As [`dumps`].
pub fn write_json(value: &Value<'_>, level: usize, out: &mut String) -> Result<(), Exception> {
    Writer { out, lines: true }.value(value, level)
}

/// The text of [`dumps`] for a mapping without some of its keys.
///
/// # Errors
/// As [`dumps`].
pub fn dumps_without(dict: &Dict<'_>, left_out: &[&str]) -> Result<String, Exception> {
    let mut out = String::with_capacity(2048);
    let is_kept = |entry: &&Entry<'_>| !entry.key.as_str().is_some_and(|key| left_out.contains(&key));
    Writer { out: &mut out, lines: false }.entries(dict.iter().filter(is_kept).collect(), 0)?;
    Ok(out)
}

struct Writer<'o> {
    out: &'o mut String,
    /// Whether each entry has a line of its own.
    lines: bool,
}

/// Blanks to indent with, enough for most levels at once.
const BLANKS: &str = "                                ";
/// Blanks per level.
const STEP: usize = 2;

impl Writer<'_> {
    fn value(&mut self, value: &Value<'_>, level: usize) -> Result<(), Exception> {
        match &value.data {
            Data::None => self.out.push_str("null"),
            Data::Bool(true) => self.out.push_str("true"),
            Data::Bool(false) => self.out.push_str("false"),
            Data::Int(number) => {
                // Writing to a string cannot fail.
                let _ = write!(self.out, "{number}");
            }
            Data::Big(number) => self.out.push_str(&number.to_string()),
            Data::Float(number) => self.out.push_str(&float(*number)),
            Data::Str(text) => quoted(text, self.out),
            Data::Opaque(object) => {
                return Err(Exception::type_error(format!("a {} has no form in JSON", object.kind)));
            }
            Data::List(items) => self.list(items, level)?,
            Data::Dict(dict) => self.entries(dict.iter().collect(), level)?,
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value<'_>], level: usize) -> Result<(), Exception> {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            self.separate(index, level + 1);
            self.value(item, level + 1)?;
        }
        self.close(items.is_empty(), level, ']');
        Ok(())
    }

    fn entries(&mut self, mut entries: Vec<&Entry<'_>>, level: usize) -> Result<(), Exception> {
        if entries.iter().all(|entry| entry.key.as_str().is_some()) {
            entries.sort_by(|a, b| a.key.as_str().cmp(&b.key.as_str()));
        } else {
            sort_numbers(&mut entries)?;
        }
        self.out.push('{');
        for (index, entry) in entries.iter().enumerate() {
            self.separate(index, level + 1);
            quoted(&key(&entry.key)?, self.out);
            self.out.push_str(": ");
            self.value(&entry.value, level + 1)?;
        }
        self.close(entries.is_empty(), level, '}');
        Ok(())
    }

    fn separate(&mut self, index: usize, level: usize) {
        if self.lines {
            self.out.push_str(if index > 0 { ",\n" } else { "\n" });
            self.indent(level);
        } else if index > 0 {
            self.out.push_str(", ");
        }
    }

    fn indent(&mut self, level: usize) {
        let mut blanks = level.saturating_mul(STEP);
        while let Some(rest) = blanks.checked_sub(BLANKS.len()) {
            self.out.push_str(BLANKS);
            blanks = rest;
        }
        self.out.push_str(BLANKS.get(..blanks).unwrap_or(BLANKS));
    }

    fn close(&mut self, is_empty: bool, level: usize, bracket: char) {
        if self.lines && !is_empty {
            self.out.push('\n');
            self.indent(level);
        }
        self.out.push(bracket);
    }
}

/// Keys that are all numbers sort by value; a single key of any type needs no order.
fn sort_numbers(entries: &mut [&Entry<'_>]) -> Result<(), Exception> {
    if entries.len() < 2 {
        return Ok(());
    }
    let number = |entry: &&Entry<'_>| super::number::as_f64(&entry.key);
    if entries.iter().any(|entry| number(entry).is_none()) {
        return Err(Exception::type_error("keys of different types cannot be sorted"));
    }
    entries.sort_by(|a, b| number(a).unwrap_or_default().total_cmp(&number(b).unwrap_or_default()));
    Ok(())
}

/// A key as text: JSON knows no other.
fn key<'a>(key: &'a Data<'_>) -> Result<Cow<'a, str>, Exception> {
    Ok(match key {
        Data::Str(text) => Cow::Borrowed(text),
        Data::None => Cow::Borrowed("null"),
        Data::Bool(true) => Cow::Borrowed("true"),
        Data::Bool(false) => Cow::Borrowed("false"),
        Data::Int(number) => Cow::Owned(number.to_string()),
        Data::Big(number) => Cow::Owned(number.to_string()),
        Data::Float(number) => Cow::Owned(float(*number)),
        Data::Opaque(_) | Data::List(_) | Data::Dict(_) => {
            return Err(Exception::type_error("a key must be text, a number, a bool or null"));
        }
    })
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        text::float(number)
    }
}

/// Whether no character needs an escape. Counts them all: a loop without an early end takes many
/// bytes at a time.
fn is_plain(text: &str) -> bool {
    let escaped = |byte: &u8| !(b' '..=b'~').contains(byte) || matches!(byte, b'"' | b'\\');
    text.bytes().filter(escaped).count() == 0
}

/// A string in quotes; everything outside printable ASCII escaped, as `ensure_ascii` has it.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    if is_plain(text) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut plain_from = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, ' '..='~') && c != '"' && c != '\\' {
            continue;
        }
        out.push_str(text.get(plain_from..at).unwrap_or(""));
        plain_from = at + c.len_utf8();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push_str(text.get(plain_from..).unwrap_or(""));
    out.push('"');
}
