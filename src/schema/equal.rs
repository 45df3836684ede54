//! Equality of values as Python has it, for lists whose items must differ.

use std::fmt::Write as _;

use crate::yaml::{Kind, Value};

/// A text that two values share exactly when Python's jsonschema 2.5.1 takes them for equal:
/// 1 equals 1.0, the order of keys does not matter, and inside lists and mappings true equals 1
/// (as direct items of the list they are kept apart).
///
/// Linear in the size of the value, aliases written out; the reader bounds that.
pub(super) fn canonical(value: Value<'_>) -> String {
    let mut text = String::new();
    if value.kind() == Kind::Bool {
        text.push('b');
    }
    write(value, &mut text);
    text
}

fn write(value: Value<'_>, text: &mut String) {
    match value.kind() {
        Kind::Null => text.push('n'),
        Kind::Bool => text.push_str(if value.as_bool() == Some(true) { "#1" } else { "#0" }),
        Kind::Int | Kind::Float => {
            let repr = value.repr();
            let whole = repr.strip_suffix(".0").unwrap_or(&repr);
            let _ = write!(text, "#{}", if whole == "-0" { "0" } else { whole });
        }
        Kind::Seq => {
            text.push('[');
            for item in value.items() {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Map | Kind::Set => {
            let mut entries: Vec<String> = value
                .entries()
                .map(|entry| {
                    let mut pair = String::new();
                    write(entry.key, &mut pair);
                    pair.push(':');
                    write(entry.value, &mut pair);
                    pair
                })
                .collect();
            entries.sort_unstable();
            let _ = write!(text, "{{{}}}", entries.join(","));
        }
        kind @ (Kind::Str | Kind::Date | Kind::DateTime | Kind::Binary) => {
            let repr = value.repr();
            let _ = write!(text, "{}{}\"{repr}\"", kind.name(), repr.len());
        }
    }
}
