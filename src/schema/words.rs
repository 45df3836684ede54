//! How a value is spoken of: what YAML made of it, and why.

use super::check::is_octal;
use crate::model::table::Shape;
use crate::secret;
use crate::yaml::{Kind, Style, Value};

/// Longest excerpt of a value in a message, in characters.
const EXCERPT: usize = 40;

/// A short piece of text for a message: one line, no control characters, bounded.
pub(crate) fn excerpt(text: &str) -> String {
    secret::quotable(text, EXCERPT)
}

/// The value in backticks, as written; its kind instead where it is long, nested or secret.
pub(crate) fn shown(value: Value<'_>, name: Option<Value<'_>>) -> String {
    if is_secret(value, name) {
        return "this value".to_owned();
    }
    match value.kind() {
        Kind::Seq | Kind::Map | Kind::Set => noun(value).to_owned(),
        Kind::Null if value.span().is_empty() => "an empty value".to_owned(),
        Kind::Str => format!("`{}`", excerpt(value.text())),
        _ => format!("`{}`", excerpt(value.raw())),
    }
}

/// Whether the value must not be repeated in a message.
pub(crate) fn is_secret(value: Value<'_>, name: Option<Value<'_>>) -> bool {
    (value.is_scalar() && value.tree().source().hidden().meets(value.span()))
        || name.and_then(Value::as_str).is_some_and(secret::sounds_secret)
}

/// The kind of value with its article.
pub(crate) fn noun(value: Value<'_>) -> &'static str {
    match value.kind() {
        Kind::Null if value.span().is_empty() => "nothing",
        Kind::Null => "null",
        Kind::Bool if value.as_bool() == Some(true) => "the boolean true",
        Kind::Bool => "the boolean false",
        Kind::Int | Kind::Float => "a number",
        Kind::Str => "a string",
        Kind::Date => "a date",
        Kind::DateTime => "a point in time",
        Kind::Binary => "binary data",
        Kind::Seq => "a list",
        Kind::Map => "a mapping",
        Kind::Set => "a set",
    }
}

/// Why YAML 1.1 made of the text what it did, where that surprises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surprise {
    /// `no`, `on`: a boolean.
    Boolean,
    /// `010`: base 8.
    Octal,
    /// `1:30`: base 60.
    Sexagesimal,
    /// `2017-01-01`: a date.
    Date,
    /// `3.10`: the number 3.1.
    Float,
    /// Nothing after the colon, or `null`, `~`.
    Null,
}

impl Surprise {
    /// The surprise in a plain scalar, if there is one where a string is expected.
    pub(crate) fn of(value: Value<'_>) -> Option<Surprise> {
        let text = value.text();
        match value.kind() {
            Kind::Null => Some(Surprise::Null),
            Kind::Bool => Some(Surprise::Boolean),
            Kind::Date | Kind::DateTime => Some(Surprise::Date),
            Kind::Int | Kind::Float if text.contains(':') => Some(Surprise::Sexagesimal),
            Kind::Int if is_octal(text) => Some(Surprise::Octal),
            Kind::Float if value.repr() != text => Some(Surprise::Float),
            _ => None,
        }
    }

    /// What YAML reads, as a clause: "YAML 1.1 reads `no` as the boolean false".
    pub(crate) fn clause(self, value: Value<'_>) -> String {
        let raw = excerpt(value.raw());
        match self {
            Surprise::Null if value.span().is_empty() => {
                "nothing stands after the colon, which is null".to_owned()
            }
            Surprise::Null => format!("YAML reads `{raw}` as null"),
            Surprise::Boolean | Surprise::Date => format!("YAML 1.1 reads `{raw}` as {}", noun(value)),
            Surprise::Octal => {
                format!("YAML 1.1 reads `{raw}` as {}: a leading 0 means base 8", value.repr())
            }
            Surprise::Sexagesimal => {
                format!("YAML 1.1 reads `{raw}` as {}: colons between digits mean base 60", value.repr())
            }
            Surprise::Float => format!("YAML reads `{raw}` as the number {}", value.repr()),
        }
    }
}

/// Why a string is a string though it looks like a number.
pub(crate) fn why_no_number(value: Value<'_>) -> Option<String> {
    let text = value.as_str()?.trim();
    let raw = excerpt(text);
    if text.is_empty() {
        return None;
    }
    if value.style() != Style::Plain {
        return is_plain_number(text).then(|| "the quotes make it a string".to_owned());
    }
    let lower = text.to_ascii_lowercase();
    if lower.trim_start_matches(['+', '-']).starts_with('.') {
        return Some(format!(
            "YAML 1.1 takes `{raw}` for text: a number with a sign needs a digit before the dot"
        ));
    }
    if lower.starts_with('0') && lower.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!(
            "YAML 1.1 takes `{raw}` for text: a leading 0 means base 8, which has no 8 and 9"
        ));
    }
    if lower.contains('e')
        && lower.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'e' | b'.' | b'+' | b'-'))
    {
        return Some(format!(
            "YAML 1.1 takes `{raw}` for text: an exponent needs a dot and a sign, as in 1.0e+3"
        ));
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ' || c == '%');
    if digits.len() < text.len() && is_plain_number(digits) {
        return Some(format!("`{raw}` has a unit, which makes it a string"));
    }
    if text.contains(',') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')) {
        return Some(format!("`{raw}` has a comma, which makes it a string"));
    }
    None
}

/// Whether YAML would read the text as a decimal number without surprise.
pub(crate) fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut parts = unsigned.splitn(2, '.');
    let whole = parts.next().unwrap_or_default();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && !(whole.len() > 1 && whole.starts_with('0')) && parts.next().is_none_or(digits)
}

/// How a list or mapping of that shape is written.
pub(crate) fn form_of(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::List(list) => Some(list.form),
        Shape::Tuple(tuple) => Some(tuple.form),
        Shape::Map(map) => Some(map.form),
        Shape::Whitelist => Some("[region, [uswest1-prod, uswest2-prod]]"),
        Shape::NullOr(inner) => form_of(inner),
        Shape::Lax(lax) => form_of(&lax.shape),
        Shape::Either(shapes) => shapes.iter().find_map(form_of),
        _ => None,
    }
}
