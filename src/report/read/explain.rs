//! Why a value reads differently than it looks, in a few words.

use super::{Entry, Kind, Style, Value};
use crate::text::printable;

/// What a reader of the file might not expect of a scalar.
pub(super) fn surprise(value: Value<'_>) -> Option<String> {
    if let Some(tag) = value.tag() {
        return Some(format!("{} by its tag {}", value.kind().name(), printable(&tag)));
    }
    let raw = value.raw();
    match value.kind() {
        Kind::Null if raw.is_empty() => Some("null: nothing is written here".to_owned()),
        Kind::Null if raw != "null" => Some(format!("null: YAML reads an unquoted `{}` so", printable(raw))),
        Kind::Bool if !matches!(raw, "true" | "false") => {
            Some(format!("bool: YAML 1.1 reads an unquoted `{}` so", printable(raw)))
        }
        Kind::Int | Kind::Float => number(value).map(|words| format!("`{}`: {words}", printable(raw))),
        Kind::Date => Some("date: quote it to keep a text".to_owned()),
        Kind::DateTime => {
            Some(format!("date and time, written `{}`: quote it to keep a text", printable(raw)))
        }
        Kind::Binary => Some("bytes".to_owned()),
        Kind::Str if value.style() == Style::Plain => text(raw).map(|words| format!("text: {words}")),
        Kind::Set => Some("a set".to_owned()),
        _ => None,
    }
}

/// Number notations that few people have in mind.
fn number(value: Value<'_>) -> Option<&'static str> {
    let digits = value.raw().trim_start_matches(['-', '+']);
    let is_int = value.kind() == Kind::Int;
    if digits.contains(':') {
        return Some("base 60, as for hours, minutes and seconds");
    }
    match digits.as_bytes() {
        [b'0', b'x', ..] if is_int => Some("hexadecimal"),
        [b'0', b'b', ..] if is_int => Some("binary"),
        [b'0', _, ..] if is_int => Some("octal, for its leading zero"),
        _ if digits.contains('_') => Some("underscores do not count"),
        [b'.', b'i' | b'I', ..] => Some("infinity"),
        [b'.', b'n' | b'N', ..] => Some("not a number"),
        _ => None,
    }
}

/// Texts that other readers of YAML, or people, take for something else.
fn text(raw: &str) -> Option<&'static str> {
    let digits = raw.trim_start_matches(['-', '+']);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match raw.to_ascii_lowercase().as_str() {
        "y" | "n" => return Some("a single letter is no boolean for PyYAML"),
        "yes" | "no" | "on" | "off" | "true" | "false" | "null" => {
            return Some("only lower case, Capitalised and UPPER CASE words are special");
        }
        _ => {}
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if digits.strip_prefix("0o").is_some_and(all_digits) {
        return Some("YAML 1.1 writes octal numbers with a mere leading zero");
    }
    if all_digits(digits) {
        return Some("the leading zero makes it octal, and it has a digit that octal has not");
    }
    if digits.split(':').count() > 1 && digits.split(':').all(all_digits) {
        return Some("not base 60, since a part is out of range or the first is zero");
    }
    if digits.parse::<f64>().is_ok() {
        return Some("a float needs a dot, and a sign in its exponent");
    }
    let mut parts = digits.split('-');
    let is_date = parts.clone().count() == 3 && parts.all(all_digits);
    (is_date && digits.len() < 10).then_some("a date needs two digits for month and day")
}

/// Where a value comes from, if not from this very place.
pub(super) fn origin(value: Value<'_>, entry: Option<Entry<'_>>) -> Option<String> {
    let line = |offset| value.tree().source().position(offset).line;
    let merged = entry.and_then(|entry| entry.merged_from());
    if let Some(merge) = merged {
        return Some(format!("merged by << on line {}", line(merge.start)));
    }
    let direct = value.is_alias() && value.site() != value.span();
    let name = value.anchor().filter(|_| direct)?;
    Some(format!("*{}, from line {}", printable(name), line(value.span().start)))
}
