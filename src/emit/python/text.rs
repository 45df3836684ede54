//! `str()` and `repr()`.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::value::{Data, Opaque, Value};
use crate::yaml;

/// `str(value)`.
pub fn str<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    match &value.data {
        Data::Str(text) => Cow::Borrowed(text),
        Data::Opaque(object) => Cow::Borrowed(&object.text),
        data => Cow::Owned(repr(data)),
    }
}

/// `repr(value)`.
pub fn repr(data: &Data<'_>) -> String {
    let mut out = String::new();
    write_repr(data, &mut out);
    out
}

fn write_repr(data: &Data<'_>, out: &mut String) {
    match data {
        Data::None => out.push_str("None"),
        Data::Bool(true) => out.push_str("True"),
        Data::Bool(false) => out.push_str("False"),
        Data::Int(number) => out.push_str(&number.to_string()),
        Data::Big(number) => out.push_str(&number.to_string()),
        Data::Float(number) => out.push_str(&float(*number)),
        Data::Str(text) => out.push_str(&yaml::python_str(text)),
        Data::Opaque(object) => out.push_str(&object.repr),
        Data::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(&item.data, out);
            }
            out.push(']');
        }
        Data::Dict(dict) => {
            out.push('{');
            for (index, entry) in dict.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(&entry.key, out);
                out.push_str(": ");
                write_repr(&entry.value.data, out);
            }
            out.push('}');
        }
    }
}

/// `repr` of a float.
pub(super) fn float(number: f64) -> String {
    yaml::float_repr(number)
}

impl Opaque {
    /// The object that a date, a time, bytes or a set is in Python.
    pub(super) fn of(value: yaml::Value<'_>) -> Self {
        match value.kind() {
            yaml::Kind::Binary => {
                let repr = bytes(&value.as_bytes().unwrap_or_default());
                let plain = value.text().split_ascii_whitespace().collect();
                Self { kind: "bytes", text: repr.clone(), repr, plain }
            }
            yaml::Kind::Set => {
                let items: Vec<String> =
                    value.items().map(|item| repr(&Value::of_yaml(item, 0).data)).collect();
                let repr =
                    if items.is_empty() { "set()".to_owned() } else { format!("{{{}}}", items.join(", ")) };
                Self { kind: "set", text: repr.clone(), plain: repr.clone(), repr }
            }
            yaml::Kind::Date => {
                let text = value.repr().into_owned();
                let repr = format!("datetime.date({})", arguments(&text));
                Self { kind: "date", plain: text.clone(), text, repr }
            }
            _ => {
                // PyYAML of that time moved times with a zone to UTC and dropped the zone.
                let iso = naive_utc(&value.repr());
                let repr = format!("datetime.datetime({})", arguments(&iso));
                Self { kind: "datetime", text: iso.replacen('T', " ", 1), repr, plain: iso }
            }
        }
    }
}

/// A time in UTC without its zone.
fn naive_utc(iso: &str) -> String {
    let Ok(stamp) = iso.parse::<jiff::Timestamp>() else { return iso.to_owned() };
    let time = jiff::tz::Offset::UTC.to_datetime(stamp);
    let mut text = time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let micros = time.subsec_nanosecond() / 1000;
    if micros > 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ".{micros:06}");
    }
    text
}

/// The numbers of a date or time, as the arguments of its constructor: seconds are left out when
/// they and the microseconds are zero.
fn arguments(iso: &str) -> String {
    let mut numbers: Vec<&str> = iso.split(['-', 'T', ':', '.']).collect();
    if numbers.len() == 6 && numbers.last() == Some(&"00") {
        numbers.pop();
    }
    let trimmed = numbers.iter().map(|number| match number.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    });
    trimmed.collect::<Vec<_>>().join(", ")
}

/// `repr` of bytes.
fn bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' if char::from(byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}
